/* SPDX-License-Identifier: GPL-3.0-or-later
 * A sound desk has no problems, and each thing that can be wrong with one is told. */
#include "sample.h"

#include <string.h>

#include "desk-check.h"

static void
test_sound (void)
{
  FIXTURE (self);
  sample_assert_sound (self.db);
  sample_fill (&self);
  sample_assert_sound (self.db);
  sample_reopen (&self);
  sample_assert_sound (self.db);
}

static void
test_read_only (void)
{
  FIXTURE (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskDb) reader = NULL;

  sample_fill (&self);
  reader = desk_db_open (self.path, DESK_DB_READ, &error);
  g_assert_no_error (error);
  sample_assert_sound (reader);
}

/* What is done to a desk, and what must be told then. */
static const struct
{
  const char *name;
  const char *sql;
  const char *problem;
} faults[] = {
  { "field", "UPDATE ticket SET priority = 0 WHERE number = 'MB-001'",
    "Ticket MB-001: its row does not say what its events say (priority)" },
  { "counter", "UPDATE ticket SET no = no + 1 WHERE number = 'MB-001'",
    "Ticket MB-001: its row does not say what its events say (no)" },
  { "last-event", "UPDATE ticket SET last_event = last_event - 1 WHERE number = 'MB-001'",
    "Ticket MB-001: its row does not say what its events say (last_event)" },
  { "public-last-event", "UPDATE ticket SET public_last_event = NULL WHERE number = 'MB-001'",
    "Ticket MB-001: its row does not say what its events say (public_last_event)" },
  { "attachments", "UPDATE ticket SET attachments = 0 WHERE number = 'MB-001'",
    "Ticket MB-001: its row does not say what its events say (attachments)" },
  { "gap", "UPDATE event SET no = no + 1 WHERE id = (SELECT max (id) FROM event WHERE ticket = 1)",
    "Ticket MB-001: event 8 is missing" },
  { "public-gap", "UPDATE event SET public_no = 9 WHERE no = 2 AND ticket = 1",
    "Ticket MB-001: the public number of event 2 is wrong" },
  { "no-first", "UPDATE event SET kind = 1 WHERE no = 1 AND ticket = 1",
    "Ticket MB-001: its first event is not the one that filed it" },
  { "changes", "UPDATE event SET changes = 'rubbish' WHERE no = 1 AND ticket = 1",
    "Ticket MB-001 cannot be read: " },
  { "reference", "UPDATE event SET author = 999 WHERE id = 1",
    "Row 1 of the table event refers to a person that is not there" },
  { "tally", "UPDATE tally SET n = n + 3 WHERE status = 3",
    "A counter of the department support says 4 tickets closed, and there are 1" },
  { "tally-lost", "DELETE FROM tally WHERE status = 3",
    "A counter of the department support says 0 tickets closed, and there are 1" },
  { "order", "UPDATE ticket SET tx = 5000 WHERE number = 'MB-001'",
    "Ticket MB-001 has no proper place in the order of lists" },
  { "moved",
    "INSERT INTO moved (tx, ticket, department, requester, at) VALUES (7, 1, 9999, 1, 0)",
    "The move of transaction 7 is of nothing that is there" },
  { "moved-later",
    "INSERT INTO moved (tx, ticket, department, requester, at)"
    " SELECT t.tx + 1, t.id, t.department, t.requester, 0 FROM ticket AS t WHERE t.id = 1",
    "The move of transaction" },
  { "erased", "UPDATE person SET name = 'Guest' WHERE login IS NULL", "was erased and has a name" },
  { "text", "UPDATE event SET text = 'Something else' WHERE no = 1 AND ticket = 1",
    "Ticket MB-001: the search index has other words than a text (event in row 1)" },
  { "text-lost", "INSERT INTO text_public (text_public) VALUES ('delete-all')",
    "Ticket MB-001: the search index lacks a text (event in row 1)" },
  { "text-too-many", "INSERT INTO text_internal (rowid, words) VALUES (1, 'public')",
    "Ticket MB-001: the search index has a text that it should not have (event in row 1)" },
  { "text-of-nobody", "INSERT INTO text_public (rowid, words) VALUES (9999, 'a')",
    "No ticket: the search index has a text that it should not have (event in row 9999)" },
  { "owner", "UPDATE ticket SET requester = 2 WHERE number = 'MB-001'",
    "Ticket MB-001: the search index has other words than a text (event in row 1)" },
  { "index", "UPDATE text_public_data SET block = zeroblob (length (block)) WHERE id > 10",
    "The search index is damaged; export the desk and import it into a new one" },
  { "chunk", "UPDATE chunk SET data = zeroblob (length (data)) WHERE rowid = 1",
    "Ticket MB-001: the file \"log (1).txt\" is damaged (its content is not what it was)" },
  { "chunk-lost", "DELETE FROM chunk WHERE rowid = 1",
    "Ticket MB-001: the file \"log (1).txt\" is damaged (its size is wrong)" },
  { "blob-lost", "DELETE FROM blob WHERE id = 1",
    "Ticket MB-001: the file \"log (1).txt\" of event 6 is not there" },
  { "blob-elsewhere", "UPDATE attachment SET ticket = 2 WHERE ticket = 1",
    "Ticket MB-001: the file \"log (1).txt\" of event 6 is not there" },
};

static void
collect_cb (const char *problem, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (problem));
}

static gboolean
is_told (GPtrArray *problems, const char *words)
{
  for (guint i = 0; i < problems->len; i++)
    if (strstr (g_ptr_array_index (problems, i), words) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_fault (gconstpointer data)
{
  FIXTURE (self);
  guint fault = GPOINTER_TO_UINT (data);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gint64 n_problems;

  sample_fill (&self);
  sample_break (self.db, faults[fault].sql);
  sample_reopen (&self);
  n_problems = desk_check (self.db, collect_cb, problems, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < problems->len; i++)
    g_test_message ("%s", (char *)g_ptr_array_index (problems, i));
  g_assert_cmpint (n_problems, ==, problems->len);
  g_assert_true (is_told (problems, faults[fault].problem));
}

/* Pages in the middle of the file, which a big attachment has, are overwritten. */
static void
test_torn_page (void)
{
  FIXTURE (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize size;
  gint64 n_problems;

  sample_fill (&self);
  g_clear_pointer (&self.db, desk_db_close);
  g_file_get_contents (self.path, &content, &size, &error);
  g_assert_no_error (error);
  for (gsize at = size / 2; at < size / 2 + 3 * 4096; at++)
    content[at] = 'x';
  g_file_set_contents (self.path, content, size, &error);
  g_assert_no_error (error);
  sample_reopen (&self);
  n_problems = desk_check (self.db, NULL, NULL, NULL, NULL, &error);
  g_assert_true (n_problems > 0 ||
                 g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED));
}

static void
watch_cb (gint64 done, gint64 total, gpointer user_data)
{
  gint64 *last = user_data;

  g_assert_cmpint (done, >=, *last);
  g_assert_cmpint (done, <=, total);
  *last = done;
}

static void
test_progress (void)
{
  FIXTURE (self);
  g_autoptr (GError) error = NULL;
  gint64 last = 0;

  sample_fill (&self);
  g_assert_cmpint (desk_check (self.db, NULL, &last, watch_cb, NULL, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpint (last, ==, 1000);
}

static void
test_cancelled (void)
{
  FIXTURE (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  sample_fill (&self);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (desk_check (self.db, NULL, NULL, NULL, cancellable, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  sample_assert_sound (self.db);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/store/check/sound", test_sound);
  g_test_add_func ("/store/check/read-only", test_read_only);
  g_test_add_func ("/store/check/torn-page", test_torn_page);
  g_test_add_func ("/store/check/progress", test_progress);
  g_test_add_func ("/store/check/cancelled", test_cancelled);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/store/check/fault/", faults[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_fault);
    }
  return g_test_run ();
}
