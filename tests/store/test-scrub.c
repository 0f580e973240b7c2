/* SPDX-License-Identifier: GPL-3.0-or-later
 * What was taken out of a desk is not in its file any more: no word, no name, no content. */
#define _GNU_SOURCE

#include "fixture.h"

#include <string.h>

#include "desk-scrub.h"

/* Enough for an index that takes several pieces to merge. */
#define N_TICKETS        200
#define WORDS_PER_TICKET 400

/* The index keeps of a word what the one before it does not begin with: the start of these is their
 * own, and what follows it is looked for. */
#define SECRET "zanzibarium"
#define WORD   "qx" SECRET

/* --- the file --- */

static gboolean
holds (const char *path, const char *text)
{
  g_autofree char *content = NULL;
  gsize size;

  return g_file_get_contents (path, &content, &size, NULL) &&
         memmem (content, size, text, strlen (text)) != NULL;
}

static gboolean
is_in_file (Fixture *f, const char *text)
{
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);

  return holds (f->path, text) || holds (wal, text);
}

/* --- the desk --- */

static char *
make_words (GRand *rand)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < WORDS_PER_TICKET; i++)
    g_string_append_printf (words, "w%06x ", g_rand_int_range (rand, 0, 1 << 20));
  return g_string_free (words, FALSE);
}

static void
fill (Fixture *f, guint n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *words = make_words (rand);
      DeskOp *op = fixture_op (f, DESK_KIND_CREATED, "karen", NULL);

      desk_op_change (op, DESK_FIELD_SUMMARY, "One of many");
      desk_op_set_text (op, words);
      assert_code (fixture_submit (f, "karen", op), FINE);
    }
}

static void
redact (Fixture *f, const char *ticket, guint i)
{
  g_autoptr (DeskCase) found = fixture_load (f, "boss", ticket);
  DeskOp *op = fixture_op (f, DESK_KIND_REDACT, "boss", ticket);

  op->target = g_strdup (((DeskEvent *) found->events->pdata[i])->uid);
  assert_code (fixture_submit (f, "boss", op), FINE);
}

static void
write_message (Fixture *f, const char *ticket, const char *text)
{
  assert_code (fixture_do (f, DESK_KIND_MESSAGE, "karen", ticket, text, -1), FINE);
}

static gboolean
scrub (DeskDb *db)
{
  GError *error = NULL;
  gboolean done;

  g_assert_true (desk_scrub (db, &done, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  return done;
}

static void
assert_gone (Fixture *f, const char *text)
{
  g_assert_false (is_in_file (f, text));
  fixture_check (f->db);
}

/* --- what was said --- */

static void
test_words (void)
{
  FIXTURE (f);
  const char *t;
  DeskOp *op;

  fill (&f, N_TICKETS);
  t = fixture_file (&f, "karen", "About " WORD, -1);
  op = fixture_op (&f, DESK_KIND_MESSAGE, "karen", t);
  desk_op_set_text (op, "The password is " WORD);
  desk_op_take_attachment (op, fixture_attachment (&f, WORD ".txt", "It is " WORD, -1));
  assert_code (fixture_submit (&f, "karen", op), FINE);
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, WORD " indeed", -1), FINE);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_STATUS, "resolved",
                           DESK_FIELD_RESOLUTION, "Changed " WORD, -1),
               FINE);
  fill (&f, N_TICKETS);
  for (guint i = 0; i < 4; i++)
    redact (&f, t, i);
  g_assert_true (is_in_file (&f, SECRET));
  g_assert_true (scrub (f.db));
  assert_gone (&f, SECRET);
  g_assert_true (scrub (f.db));
}

/* What one sector of a large content says. */
static void
test_content (void)
{
  FIXTURE (f);
  g_autofree char *content = g_strnfill (3 * 1024 * 1024, 'x');
  const char *t = fixture_file (&f, "karen", "A large file", -1);
  DeskOp *op = fixture_op (&f, DESK_KIND_MESSAGE, "karen", t);

  memcpy (content + 2 * 1024 * 1024, SECRET, strlen (SECRET));
  desk_op_take_attachment (op, fixture_attachment (&f, "large.txt", content, 3 * 1024 * 1024));
  assert_code (fixture_submit (&f, "karen", op), FINE);
  redact (&f, t, 1);
  g_assert_true (scrub (f.db));
  assert_gone (&f, SECRET);
}

/* Texts of all lengths, in pages that were split, moved and filled again meanwhile. */
static void
test_many (void)
{
  FIXTURE (f);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  const char *tickets[40];

  for (guint i = 0; i < G_N_ELEMENTS (tickets); i++)
    {
      tickets[i] = fixture_file (&f, "karen", "One of many", -1);
      fill (&f, 3);
    }
  for (guint round = 0; round < 6; round++)
    for (guint i = 0; i < G_N_ELEMENTS (tickets); i++)
      {
        g_autoptr (GString) text = g_string_new (WORD);

        for (gint n = g_rand_int_range (rand, 0, 300); n > 0; n--)
          g_string_append (text, " " WORD);
        write_message (&f, tickets[i], text->str);
        assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", tickets[i], NULL, DESK_FIELD_SUMMARY,
                                 round % 2 == 0 ? WORD : "Other", -1),
                     FINE);
      }
  for (guint i = 0; i < G_N_ELEMENTS (tickets); i++)
    for (guint event = 1; event <= 12; event++)
      redact (&f, tickets[i], event);
  g_assert_true (scrub (f.db));
  assert_gone (&f, SECRET);
}

/* A refusal that says what was changed meanwhile is kept for 30 days. */
static void
test_refusal (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "A ticket", -1);
  DeskOp *late = fixture_op (&f, DESK_KIND_CHANGE, "boss", t);
  g_autoptr (DeskOp) again = desk_op_ref (late);
  g_autofree char *message = NULL;

  desk_op_change (late, DESK_FIELD_SUMMARY, "Something else");
  assert_code (
      fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_SUMMARY, "It is " SECRET, -1),
      FINE);
  assert_code (fixture_submit (&f, "boss", late), DESK_ERROR_CONFLICT);
  message = fixture_ask (f.db, "SELECT message FROM receipt");
  g_assert_nonnull (strstr (message, SECRET));
  redact (&f, t, 1);
  g_assert_true (scrub (f.db));
  assert_gone (&f, SECRET);
  /* The answer is the same. */
  assert_code (fixture_submit (&f, "boss", g_steal_pointer (&again)), DESK_ERROR_CONFLICT);
}

/* --- who it was --- */

static void
erase (Fixture *f, const char *uid)
{
  GError *error = NULL;

  desk_db_begin (f->db, &error);
  g_assert_no_error (error);
  desk_people_erase (f->db, uid, fixture_person (f, "boss"), f->now, &error);
  g_assert_no_error (error);
  desk_db_commit (f->db, &error);
  g_assert_no_error (error);
}

static void
test_person (void)
{
  FIXTURE (f);
  g_autofree char *uid = NULL;
  const char *t;
  DeskOp *late;

  fixture_add_person (&f, SECRET, DESK_ROLE_AGENT, "support", "");
  uid = g_strdup (fixture_uid (&f, SECRET));
  t = fixture_file (&f, "karen", "A ticket", -1);
  late = fixture_op (&f, DESK_KIND_CHANGE, "boss", t);
  desk_op_change (late, DESK_FIELD_ASSIGNEE, fixture_uid (&f, "john"));
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, SECRET, t, NULL, DESK_FIELD_ASSIGNEE, uid, -1),
               FINE);
  assert_code (fixture_submit (&f, "boss", late), DESK_ERROR_CONFLICT);
  g_assert_true (is_in_file (&f, SECRET));
  erase (&f, uid);
  g_assert_true (scrub (f.db));
  assert_gone (&f, SECRET);
}

/* --- in pieces --- */

typedef struct
{
  GCancellable *cancellable;
  guint pieces_left;
} Patience;

static void
lose_patience_cb (gint64 done, gint64 total, gpointer data)
{
  Patience *patience = data;

  g_assert_cmpint (done, <=, total);
  if (--patience->pieces_left == 0)
    g_cancellable_cancel (patience->cancellable);
}

/* Ends after @n pieces, as a program does that is closed. */
static void
scrub_pieces (DeskDb *db, guint n)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Patience patience = { cancellable, n };
  GError *error = NULL;
  gboolean done;

  g_assert_false (desk_scrub (db, &done, lose_patience_cb, &patience, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (done);
  g_clear_error (&error);
}

static void
reopen (Fixture *f)
{
  GError *error = NULL;

  desk_db_close (f->db);
  f->db = desk_db_open (f->path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
}

static void
test_goes_on (void)
{
  FIXTURE (f);
  const char *t;
  g_autofree char *found = NULL;

  fill (&f, N_TICKETS);
  t = fixture_file (&f, "karen", "A ticket", -1);
  write_message (&f, t, WORD);
  write_message (&f, t, "qxmozambique stays");
  redact (&f, t, 1);
  for (guint i = 0; i < 2; i++)
    {
      scrub_pieces (f.db, 1);
      reopen (&f);
      fill (&f, 3);
    }
  g_assert_true (scrub (f.db));
  assert_gone (&f, SECRET);
  found = fixture_search (&f, "karen", "qxmozambique");
  g_assert_cmpstr (found, ==, "A ticket");
}

/* What is redacted while the index is being merged is in a part that this merge does not have. */
static void
test_starts_again (void)
{
  FIXTURE (f);
  const char *t;

  fill (&f, N_TICKETS);
  t = fixture_file (&f, "karen", "A ticket", -1);
  write_message (&f, t, WORD);
  write_message (&f, t, "qxmozambique");
  redact (&f, t, 1);
  scrub_pieces (f.db, 1);
  redact (&f, t, 2);
  g_assert_true (scrub (f.db));
  assert_gone (&f, SECRET);
  assert_gone (&f, "mozambique");
}

static void
test_reader (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "A ticket", -1);
  GError *error = NULL;
  g_autoptr (DeskDb) reader = desk_db_open (f.path, DESK_DB_READ, &error);

  g_assert_no_error (error);
  write_message (&f, t, WORD);
  desk_db_begin_read (reader, &error);
  g_assert_no_error (error);
  redact (&f, t, 1);
  g_assert_false (scrub (f.db));
  g_assert_true (is_in_file (&f, SECRET));
  desk_db_end_read (reader);
  g_assert_true (scrub (f.db));
  assert_gone (&f, SECRET);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/scrub/words", test_words);
  g_test_add_func ("/scrub/content", test_content);
  g_test_add_func ("/scrub/many", test_many);
  g_test_add_func ("/scrub/refusal", test_refusal);
  g_test_add_func ("/scrub/person", test_person);
  g_test_add_func ("/scrub/goes-on", test_goes_on);
  g_test_add_func ("/scrub/starts-again", test_starts_again);
  g_test_add_func ("/scrub/waits-for-readers", test_reader);
  return g_test_run ();
}
