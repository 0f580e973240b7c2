/* SPDX-License-Identifier: GPL-3.0-or-later
 * Replicas of different people: filled, followed, filled again; what went is gone, what is late
 * does no harm. */
#include "copy.h"
#include "fixture.h"

#include <string.h>

#include "desk-feed.h"
#include "served.h"

static void
start_server (Fixture *f)
{
  g_autoptr (GBytes) key = g_bytes_new_static ("k", 1);
  GError *error = NULL;
  g_autoptr (GBytes) kept = desk_feed_start (f->db, key, f->now, &error);

  g_assert_no_error (error);
}

#define COPY(name, login)                                                                          \
  g_auto (Copy) name = { 0 };                                                                      \
  copy_create (&name, fixture_path (&f, login "-" #name ".desk"), f.db, fixture_uid (&f, login))

static void
assert_same (Copy *copy, Fixture *f)
{
  g_autofree char *difference = copy_compare (copy, f->db, f->now);

  if (difference != NULL)
    g_error ("%s: %s", copy->path, difference);
}

static void
assert_follows (Copy *copy, Fixture *f)
{
  copy_sync (copy, f->db, f->now);
  assert_same (copy, f);
}

/* The comparing itself is worth something. */
static void
assert_differs (Copy *copy, Fixture *f)
{
  g_autofree char *difference = copy_compare (copy, f->db, f->now);

  g_assert_nonnull (difference);
  g_test_message ("%s", difference);
}

static gint64
count (Copy *copy, const char *sql)
{
  return fixture_count (copy->db, sql);
}

/* A few tickets with something of everything. */
static const char *
furnish (Fixture *f)
{
  const char *printer = fixture_file (f, "karen", "The printer is on fire", -1);
  const char *bank = fixture_file (f, "karen", "Online banking is down", DESK_FIELD_TOPIC,
                                   "online-banking", -1);
  DeskOp *op;

  fixture_do (f, DESK_KIND_NOTE, "john", printer, "canary: she did it again", -1);
  fixture_do (f, DESK_KIND_REPLY, "john", printer, "Is there any paper left?", DESK_FIELD_STATUS,
              "waiting", -1);
  fixture_do (f, DESK_KIND_MESSAGE, "karen", printer, "No paper, no printer", -1);
  op = fixture_op (f, DESK_KIND_REPLY, "jane", bank);
  desk_op_set_text (op, "See the file");
  desk_op_take_attachment (op, fixture_attachment (f, "plan.txt", "a plan", -1));
  assert_code (fixture_submit (f, "jane", op), FINE);
  fixture_do (f, DESK_KIND_CHANGE, "jane", bank, NULL, DESK_FIELD_STATUS, "resolved",
              DESK_FIELD_RESOLUTION, "solved by itself", -1);
  return printer;
}

static void
test_fill (void)
{
  FIXTURE (f);
  COPY (karen, "karen");
  COPY (stranger, "stranger");
  COPY (john, "john");
  COPY (jane, "jane");
  COPY (night, "night");
  COPY (boss, "boss");

  start_server (&f);
  furnish (&f);
  assert_follows (&karen, &f);
  assert_follows (&stranger, &f);
  assert_follows (&john, &f);
  assert_follows (&jane, &f);
  assert_follows (&night, &f);
  assert_follows (&boss, &f);
  g_assert_cmpint (count (&karen, "SELECT count (*) FROM ticket"), ==, 2);
  g_assert_cmpint (count (&stranger, "SELECT count (*) FROM ticket"), ==, 0);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM ticket"), ==, 1);
  g_assert_cmpint (count (&boss, "SELECT count (*) FROM ticket"), ==, 2);
  g_assert_cmpint (count (&karen, "SELECT count (*) FROM event WHERE text LIKE '%canary%'"), ==, 0);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM event WHERE text LIKE '%canary%'"), ==, 1);
}

static void
test_small_pages (void)
{
  FIXTURE (f);
  COPY (karen, "karen");
  COPY (boss, "boss");
  const char *printer;

  start_server (&f);
  served_set_page (1, 2);
  printer = furnish (&f);
  for (guint i = 0; i < 10; i++)
    fixture_do (&f, DESK_KIND_MESSAGE, "karen", printer, "one more message", -1);
  copy_pull (&boss, f.db, f.now);
  g_assert_cmpint (count (&boss, "SELECT count (*) FROM gap"), >, 0);
  assert_follows (&karen, &f);
  assert_follows (&boss, &f);
  g_assert_cmpint (count (&boss, "SELECT count (*) FROM gap"), ==, 0);
  served_set_page (0, 0);
}

static void
test_order (void)
{
  FIXTURE (f);
  COPY (boss, "boss");
  DeskView view = { .kind = DESK_VIEW_OPEN };
  GString *uids[2] = { g_string_new (NULL), g_string_new (NULL) };
  GError *error = NULL;

  start_server (&f);
  served_set_page (2, 0);
  for (guint i = 0; i < 9; i++)
    fixture_file (&f, "karen", "Something", -1);
  copy_sync (&boss, f.db, f.now);
  fixture_file (&f, "karen", "Something else", -1);
  copy_sync (&boss, f.db, f.now);
  served_set_page (0, 0);
  for (guint i = 0; i < 2; i++)
    for (DeskSort sort = DESK_SORT_RECENT; sort <= DESK_SORT_PRIORITY; sort++)
      {
        DeskDb *db = i == 0 ? f.db : boss.db;
        g_autoptr (DeskPerson) me = desk_people_find_login (db, "boss", &error);
        g_autoptr (GArray) keys = desk_rows_keys (db, me, &view, sort, 0, f.now, &error);

        g_assert_no_error (error);
        for (guint k = 0; k < keys->len && sort != DESK_SORT_DUE; k++)
          {
            gint64 id = g_array_index (keys, DeskKey, k).id;
            g_autoptr (GPtrArray) rows = desk_rows_load (db, me, &id, 1, &error);

            g_string_append_printf (uids[i], "%s ", ((DeskRow *) rows->pdata[0])->number);
          }
      }
  g_assert_cmpstr (uids[0]->str, ==, uids[1]->str);
  for (guint i = 0; i < 2; i++)
    g_string_free (uids[i], TRUE);
}

static void
test_follow (void)
{
  FIXTURE (f);
  COPY (karen, "karen");
  COPY (john, "john");
  COPY (jane, "jane");
  const char *printer;

  start_server (&f);
  printer = furnish (&f);
  assert_follows (&karen, &f);
  assert_follows (&john, &f);
  assert_follows (&jane, &f);
  fixture_do (&f, DESK_KIND_CHANGE, "john", printer, NULL, DESK_FIELD_SUMMARY,
              "The other thing is on fire", DESK_FIELD_PRIORITY, "urgent", -1);
  fixture_do (&f, DESK_KIND_NOTE, "john", printer, "another canary", -1);
  assert_differs (&karen, &f);
  assert_differs (&john, &f);
  assert_follows (&karen, &f);
  assert_follows (&john, &f);
  /* To another department: gone here, whole there. */
  fixture_do (&f, DESK_KIND_CHANGE, "john", printer, NULL, DESK_FIELD_DEPARTMENT, "online-banking",
              -1);
  assert_follows (&karen, &f);
  assert_follows (&john, &f);
  assert_follows (&jane, &f);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM ticket"), ==, 0);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM event"), ==, 0);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM words_internal"), ==, 0);
  g_assert_cmpint (count (&jane, "SELECT count (*) FROM ticket"), ==, 2);
}

static void
test_redact (void)
{
  FIXTURE (f);
  COPY (karen, "karen");
  COPY (jane, "jane");
  const char *ticket;
  g_autofree char *target = NULL;
  DeskOp *op;

  start_server (&f);
  ticket = fixture_file (&f, "karen", "printer secret summary", DESK_FIELD_TOPIC, "online-banking",
                         -1);
  op = fixture_op (&f, DESK_KIND_REPLY, "jane", ticket);
  desk_op_set_text (op, "my secret paper");
  desk_op_take_attachment (op, fixture_attachment (&f, "secret.txt", "secret", -1));
  target = g_strdup (op->uid);
  assert_code (fixture_submit (&f, "jane", op), FINE);
  fixture_do (&f, DESK_KIND_CHANGE, "jane", ticket, NULL, DESK_FIELD_SUMMARY, "fine", -1);
  assert_follows (&karen, &f);
  assert_follows (&jane, &f);
  op = fixture_op (&f, DESK_KIND_REDACT, "boss", ticket);
  op->target = g_strdup (target);
  assert_code (fixture_submit (&f, "boss", op), FINE);
  op = fixture_op (&f, DESK_KIND_REDACT, "boss", ticket);
  op->target = fixture_ask (
      f.db, "SELECT lower (substr (hex (uid), 1, 8) || '-' || substr (hex (uid), 9, 4)"
            " || '-' || substr (hex (uid), 13, 4) || '-' || substr (hex (uid), 17, 4)"
            " || '-' || substr (hex (uid), 21)) FROM event WHERE no = 1");
  assert_code (fixture_submit (&f, "boss", op), FINE);
  assert_follows (&karen, &f);
  assert_follows (&jane, &f);
  g_assert_cmpint (count (&jane, "SELECT count (*) FROM blob"), ==, 0);
  g_assert_cmpint (count (&jane, "SELECT count (*) FROM event WHERE text LIKE '%secret%'"
                                 " OR changes LIKE '%secret%'"),
                   ==, 0);
}

/* An agent's own ticket elsewhere, which then becomes theirs to work on, and is taken away again.
 */
static void
test_both_sides (void)
{
  FIXTURE (f);
  COPY (john, "john");
  const char *ticket;

  start_server (&f);
  ticket = fixture_file (&f, "john", "My own printer", DESK_FIELD_TOPIC, "online-banking", -1);
  fixture_do (&f, DESK_KIND_NOTE, "jane", ticket, "canary about john", -1);
  assert_follows (&john, &f);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM event"), ==, 1);
  fixture_do (&f, DESK_KIND_CHANGE, "jane", ticket, NULL, DESK_FIELD_ASSIGNEE,
              fixture_uid (&f, "john"), -1);
  assert_follows (&john, &f);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM event"), >, 2);
  fixture_do (&f, DESK_KIND_CHANGE, "jane", ticket, NULL, DESK_FIELD_ASSIGNEE,
              fixture_uid (&f, "jane"), -1);
  assert_follows (&john, &f);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM event WHERE text LIKE '%canary%'"), ==, 0);
  /* The desk's own department would make him its agent. */
  fixture_do (&f, DESK_KIND_CHANGE, "jane", ticket, NULL, DESK_FIELD_DEPARTMENT, "fraud", -1);
  assert_follows (&john, &f);
}

static void
test_refill (void)
{
  FIXTURE (f);
  COPY (john, "john");
  COPY (jane, "jane");
  GError *error = NULL;
  gint64 before;

  start_server (&f);
  furnish (&f);
  assert_follows (&john, &f);
  assert_follows (&jane, &f);
  /* Other rights: filled again, and what is not theirs any more is gone. */
  fixture_change_person (&f, "jane", DESK_ROLE_AGENT, "support", "", FALSE);
  fixture_change_person (&f, "john", DESK_ROLE_REQUESTER, "", "", FALSE);
  assert_follows (&john, &f);
  assert_follows (&jane, &f);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM ticket"), ==, 0);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM person WHERE login IS NOT NULL"), ==, 1);
  /* What is the same stays as it is. */
  before = count (&jane, "SELECT max (id) FROM event");
  desk_replica_begin_fill (jane.db, &error);
  g_assert_no_error (error);
  assert_follows (&jane, &f);
  g_assert_cmpint (count (&jane, "SELECT max (id) FROM event"), ==, before);
}

/* A page goes onto the cursor that it was asked with, once. */
static void
test_late_pages (void)
{
  FIXTURE (f);
  COPY (boss, "boss");
  g_autoptr (CopyAsk) ask = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GPtrArray) uids = NULL;
  const char *printer;
  GError *error = NULL;

  start_server (&f);
  printer = furnish (&f);
  copy_sync (&boss, f.db, f.now);
  fixture_do (&f, DESK_KIND_NOTE, "john", printer, "one", -1);
  ask = copy_ask (&boss, COPY_PULL, &error);
  answer = served_answer (f.db, boss.reader, ask->request, f.now, &error);
  fixture_do (&f, DESK_KIND_NOTE, "john", printer, "two", -1);
  copy_sync (&boss, f.db, f.now);
  assert_same (&boss, &f);
  uids = copy_list_tickets (boss.db);
  before = copy_describe (boss.db, boss.reader, uids, f.now);
  copy_take (&boss, ask, answer, f.now, &error);
  g_assert_no_error (error);
  after = copy_describe (boss.db, boss.reader, uids, f.now);
  g_assert_cmpstr (before, ==, after);
}

/* What was asked before a ticket went must not bring it back. */
static void
test_late_single (void)
{
  FIXTURE (f);
  COPY (john, "john");
  g_autoptr (CopyAsk) ask = NULL;
  g_autofree char *answer = NULL;
  const char *printer;
  GError *error = NULL;

  start_server (&f);
  served_set_page (1, 2);
  printer = furnish (&f);
  copy_pull (&john, f.db, f.now);
  ask = copy_ask (&john, COPY_FETCH, &error);
  g_assert_nonnull (ask);
  answer = served_answer (f.db, john.reader, ask->request, f.now, &error);
  fixture_do (&f, DESK_KIND_CHANGE, "john", printer, NULL, DESK_FIELD_DEPARTMENT, "online-banking",
              -1);
  copy_pull (&john, f.db, f.now);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM ticket"), ==, 0);
  copy_take (&john, ask, answer, f.now, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (&john, "SELECT count (*) FROM ticket"), ==, 0);
  served_set_page (0, 0);
  assert_follows (&john, &f);
}

/* Contents stay on the server until somebody wants them. */
static void
test_contents (void)
{
  FIXTURE (f);
  COPY (jane, "jane");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a plan", 6);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (DeskAttachment) file = NULL;
  g_autofree char *uid = NULL;
  g_autoptr (GPtrArray) uids = NULL;
  g_autoptr (DeskPerson) me = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  GError *error = NULL;

  start_server (&f);
  furnish (&f);
  assert_follows (&jane, &f);
  uids = copy_list_tickets (jane.db);
  me = desk_people_find_login (jane.db, "jane", &error);
  g_assert_false (
      desk_blobs_write (jane.db, me, uids->pdata[0], sha256, output, NULL, NULL, NULL, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_clear_error (&error);
  file = desk_blobs_add_bytes (jane.db, bytes, "plan.txt", NULL, &error);
  g_assert_no_error (error);
  desk_blobs_write (jane.db, me, uids->pdata[0], sha256, output, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (&jane, "SELECT count (*) FROM blob"), ==, 1);
  assert_follows (&jane, &f);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/replica/is-filled", test_fill);
  g_test_add_func ("/replica/is-filled-by-small-pages", test_small_pages);
  g_test_add_func ("/replica/keeps-the-order-of-lists", test_order);
  g_test_add_func ("/replica/follows", test_follow);
  g_test_add_func ("/replica/forgets-what-was-taken-out", test_redact);
  g_test_add_func ("/replica/sees-a-ticket-from-both-sides", test_both_sides);
  g_test_add_func ("/replica/is-filled-again", test_refill);
  g_test_add_func ("/replica/passes-over-late-pages", test_late_pages);
  g_test_add_func ("/replica/passes-over-late-tickets", test_late_single);
  g_test_add_func ("/replica/has-the-contents-asked-for", test_contents);
  return g_test_run ();
}
