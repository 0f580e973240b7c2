/* SPDX-License-Identifier: GPL-3.0-or-later
 * The front of the store: asynchronous calls over threads, notices of change, endings. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "desk-backup.h"
#include "desk-device.h"
#include "desk-store.h"

/* Nothing here takes that long; but what never comes must not be waited for for ever. */
#define PATIENCE_MS 20000

/* --- waiting --- */

static gboolean
give_up_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until @is_done or patience ends. */
static gboolean
wait_for (gboolean (*is_done) (gpointer), gpointer data, guint ms)
{
  gboolean given_up = FALSE;
  guint source = g_timeout_add (ms, give_up_cb, &given_up);

  while (!is_done (data) && !given_up)
    g_main_context_iteration (NULL, TRUE);
  if (!given_up)
    g_source_remove (source);
  return is_done (data);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static gboolean
is_counted (gpointer data)
{
  guint *count = data; /* how many, and how many of them have come */

  return count[1] >= count[0];
}

static void
take_result_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_result (GAsyncResult **result)
{
  if (!wait_for (is_set, result, PATIENCE_MS))
    g_error ("the answer does not come");
  return *result;
}

/* Lets what is on its way arrive. */
static void
settle (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, give_up_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* --- calls --- */

static DeskStore *
open_store (const char *path, gboolean create, const char *login, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  desk_store_open_async (path, create, login, NULL, NULL, take_result_cb, &result);
  return desk_store_open_finish (wait_result (&result), error);
}

static DeskStore *
open_as (Fixture *f, const char *login)
{
  GError *error = NULL;
  DeskStore *store = open_store (f->path, FALSE, login, &error);

  g_assert_no_error (error);
  return store;
}

static DeskOp *
new_filing (DeskStore *store, const char *summary)
{
  DeskOp *op = desk_store_new_op (store, NULL, DESK_KIND_CREATED);

  desk_op_change (op, DESK_FIELD_SUMMARY, summary);
  return op;
}

static DeskReceipt *
submit (DeskStore *store, DeskOp *op, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  desk_store_submit_async (store, op, NULL, take_result_cb, &result);
  desk_op_unref (op);
  return desk_store_submit_finish (store, wait_result (&result), error);
}

static char *
file (DeskStore *store, const char *summary)
{
  GError *error = NULL;
  g_autoptr (DeskReceipt) receipt = submit (store, new_filing (store, summary), &error);

  g_assert_no_error (error);
  return g_strdup (receipt->ticket->uid);
}

/* Ends a store that a test is done with, and what it left in the main loop. */
static void
end (DeskStore *store)
{
  desk_store_close (store);
  g_object_unref (store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* --- opening --- */

static void
test_create (void)
{
  FIXTURE (f);
  const char *path = fixture_path (&f, "new.desk");
  GError *error = NULL;
  DeskStore *first = open_store (path, TRUE, "karen", &error);
  DeskStore *second;
  g_autofree char *uid = NULL;

  g_assert_no_error (error);
  uid = g_strdup (desk_store_get_uid (first));
  g_assert_cmpint (desk_store_get_me (first)->role, ==, DESK_ROLE_ADMINISTRATOR);
  end (first);
  /* The second is no maker of it. */
  second = open_store (path, TRUE, "stranger", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (desk_store_get_uid (second), ==, uid);
  g_assert_cmpint (desk_store_get_me (second)->role, ==, DESK_ROLE_REQUESTER);
  end (second);
}

static void
test_cannot_open (void)
{
  FIXTURE (f);
  GError *error = NULL;

  g_assert_null (open_store (fixture_path (&f, "missing.desk"), FALSE, "karen", &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (open_store (f.folder, FALSE, "karen", &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_NOT_A_DESK);
  g_clear_error (&error);
}

/* Who was killed between making the file and entering themselves finds it again. */
static void
test_finish_creation (void)
{
  FIXTURE (f);
  const char *path = fixture_path (&f, "half.desk");
  GError *error = NULL;
  DeskDb *half = desk_db_open (path, DESK_DB_CREATE, &error);
  DeskStore *store;

  g_assert_no_error (error);
  desk_db_close (half);
  store = open_store (path, TRUE, "karen", &error);
  g_assert_no_error (error);
  g_assert_cmpint (desk_store_get_me (store)->role, ==, DESK_ROLE_ADMINISTRATOR);
  end (store);
}

/* --- submitting --- */

/* What calls from all over the program come to. */
typedef struct
{
  guint count[2]; /* expected, come */
  guint fine;
  guint refused;
  guint cancelled;
  guint closed;
  gint64 last_tx;
  gboolean in_order;
  DeskStore *store;
} Answers;

static void
count_answer (Answers *answers, const GError *error)
{
  answers->count[1]++;
  if (error == NULL)
    answers->fine++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    answers->cancelled++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    answers->closed++;
  else if (error->domain == DESK_ERROR)
    answers->refused++;
  else
    g_assert_no_error (error);
}

static void
submitted_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReceipt) receipt = desk_store_submit_finish (DESK_STORE (object), result, &error);
  Answers *answers = data;

  count_answer (answers, error);
  if (receipt == NULL)
    return;
  answers->in_order &= g_ascii_strtoll (receipt->ticket->number, NULL, 10) == answers->last_tx + 1;
  answers->last_tx = g_ascii_strtoll (receipt->ticket->number, NULL, 10);
}

static void
test_order (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "karen");
  Answers answers = { .count = { 300 }, .in_order = TRUE };

  for (guint i = 0; i < 300; i++)
    {
      g_autoptr (DeskOp) op = new_filing (store, i % 50 == 49 ? "" : "One of many");
      desk_store_submit_async (store, op, NULL, submitted_cb, &answers);
    }
  g_assert_true (wait_for (is_counted, answers.count, PATIENCE_MS));
  g_assert_true (answers.in_order);
  g_assert_cmpuint (answers.fine, ==, 294);
  g_assert_cmpuint (answers.refused, ==, 6);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), ==, 294);
  end (store);
  fixture_check (f.db);
}

static void
test_cancel_before_start (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "karen");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answers answers = { .count = { 20 } };

  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (DeskOp) op = new_filing (store, "Not to be");
      desk_store_submit_async (store, op, cancellable, submitted_cb, &answers);
    }
  g_assert_true (wait_for (is_counted, answers.count, PATIENCE_MS));
  g_assert_cmpuint (answers.cancelled, ==, 20);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), ==, 0);
  end (store);
}

/* Cancelled while they are under way, each is there or it is not, and its answer says which. */
static void
test_cancel_under_way (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "karen");

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      gint64 before = fixture_count (f.db, "SELECT count (*) FROM ticket");
      Answers answers = { .count = { 10 } };

      for (guint i = 0; i < 10; i++)
        {
          g_autoptr (DeskOp) op = new_filing (store, "Perhaps");
          desk_store_submit_async (store, op, cancellable, submitted_cb, &answers);
        }
      g_usleep (g_test_rand_int_range (0, 1500));
      g_cancellable_cancel (cancellable);
      g_assert_true (wait_for (is_counted, answers.count, PATIENCE_MS));
      g_assert_cmpuint (answers.fine + answers.cancelled, ==, 10);
      /* GTask says "cancelled" even of what came through before it was told. */
      g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), >=,
                       before + answers.fine);
    }
  end (store);
  fixture_check (f.db);
}

/* --- reading --- */

static void
fill_with_tickets (Fixture *f, guint n)
{
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO ticket SELECT value + 10, randomblob (16), 'N' || value, 'Filler', 1, NULL, 0, "
      "2,"
      " NULL, NULL, value %% 4, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 1, 1, 0, 0, "
      "0,"
      " value + 10, value + 10, NULL, NULL, 0, 1, 0 FROM generate (%u)",
      n);
  g_autofree char *generate = g_strdup_printf (
      "(WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < %u) "
      "SELECT value FROM n)",
      n);
  g_auto (GStrv) parts = g_strsplit (sql, "generate", 2);
  g_autofree char *whole = g_strconcat (parts[0], generate, NULL);
  g_autofree char *nothing = fixture_ask (f->db, whole);
}

static void
test_cancel_inside_a_read (void)
{
  FIXTURE (f);
  DeskStore *store;
  DeskView view = desk_view_of (DESK_VIEW_ALL);

  fill_with_tickets (&f, 200000);
  store = open_as (&f, "boss");
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      GError *error = NULL;

      desk_store_keys_async (store, &view, DESK_SORT_PRIORITY, 0, cancellable, take_result_cb,
                             &result);
      g_usleep (20000);
      g_cancellable_cancel (cancellable);
      g_assert_null (desk_store_keys_finish (store, wait_result (&result), NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  /* The connection is none the worse. */
  {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GArray) keys = NULL;
    GError *error = NULL;
    gint64 tx;

    desk_store_keys_async (store, &view, DESK_SORT_RECENT, 0, NULL, take_result_cb, &result);
    keys = desk_store_keys_finish (store, wait_result (&result), &tx, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (keys->len, ==, 200000);
  }
  end (store);
}

static void
test_reading (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "boss");
  g_autofree char *ticket = file (store, "Printer jams");
  DeskView view = desk_view_of (DESK_VIEW_OPEN);
  GAsyncResult *results[5] = { NULL };
  g_autoptr (GArray) keys = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GPtrArray) people = NULL;
  g_autoptr (DeskCounts) counts = NULL;
  g_autoptr (DeskCase) found = NULL;
  g_autoptr (GAsyncResult) rows_result = NULL;
  GError *error = NULL;

  desk_store_keys_async (store, &view, DESK_SORT_RECENT, 0, NULL, take_result_cb, &results[0]);
  desk_store_count_async (store, NULL, take_result_cb, &results[1]);
  desk_store_search_async (store, "printer", 10, NULL, take_result_cb, &results[2]);
  desk_store_people_async (store, "kar", 10, NULL, take_result_cb, &results[3]);
  desk_store_load_async (store, ticket, 0, NULL, take_result_cb, &results[4]);
  keys = desk_store_keys_finish (store, wait_result (&results[0]), NULL, &error);
  g_assert_no_error (error);
  counts = desk_store_count_finish (store, wait_result (&results[1]), &error);
  g_assert_no_error (error);
  hits = desk_store_search_finish (store, wait_result (&results[2]), &error);
  g_assert_no_error (error);
  people = desk_store_people_finish (store, wait_result (&results[3]), &error);
  g_assert_no_error (error);
  found = desk_store_load_finish (store, wait_result (&results[4]), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_object_unref (results[i]);
  g_assert_cmpuint (keys->len, ==, 1);
  g_assert_cmpint (counts->views[DESK_VIEW_OPEN], ==, 1);
  g_assert_cmpuint (hits->len, ==, 1);
  g_assert_cmpuint (people->len, ==, 1);
  g_assert_cmpstr (found->ticket->summary, ==, "Printer jams");

  desk_store_rows_async (store, &g_array_index (keys, DeskKey, 0).id, 1, NULL, take_result_cb,
                         &rows_result);
  rows = desk_store_rows_finish (store, wait_result (&rows_result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((DeskRow *) rows->pdata[0])->uid, ==, ticket);
  end (store);
}

/* --- notices --- */

static void
count_signal_cb (DeskStore *store, guint *count)
{
  count[1]++;
}

/* How long @count takes to be told, in milliseconds; for the message, not for the verdict. */
static void
assert_told (guint *count, const char *what)
{
  gint64 started = g_get_monotonic_time ();

  if (!wait_for (is_counted, count, PATIENCE_MS))
    g_error ("%s: nobody tells", what);
  g_test_message ("%s: after %d ms", what, (int) ((g_get_monotonic_time () - started) / 1000));
}

static void
test_notice_between_stores (void)
{
  FIXTURE (f);
  DeskStore *here = open_as (&f, "boss");
  DeskStore *there = open_as (&f, "karen");
  guint heard_here[2] = { 1 };
  guint heard_there[2] = { 1 };
  g_autofree char *ticket = NULL;

  g_signal_connect (here, "changed", G_CALLBACK (count_signal_cb), heard_here);
  g_signal_connect (there, "changed", G_CALLBACK (count_signal_cb), heard_there);
  ticket = file (there, "Printer jams");
  assert_told (heard_there, "own change");
  assert_told (heard_here, "another store's change");
  end (here);
  end (there);
}

/* A burst of commits is a few signals. */
static void
test_notice_of_many (void)
{
  FIXTURE (f);
  DeskStore *here = open_as (&f, "boss");
  guint heard[2] = { 1 };
  Answers answers = { .count = { 400 } };
  gint64 started = g_get_monotonic_time ();

  g_signal_connect (here, "changed", G_CALLBACK (count_signal_cb), heard);
  for (guint i = 0; i < 400; i++)
    {
      g_autoptr (DeskOp) op = new_filing (here, "One of many");
      desk_store_submit_async (here, op, NULL, submitted_cb, &answers);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_true (wait_for (is_counted, answers.count, PATIENCE_MS));
  settle (200);
  g_assert_cmpuint (heard[1], >=, 1);
  g_assert_cmpint (heard[1], <=, 2 + (g_get_monotonic_time () - started) / 50000);
  end (here);
}

static int
submit_once (const char *path)
{
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, NULL);
  g_autoptr (DeskPerson) person = desk_people_identify (db, "karen", NULL, NULL);
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *ticket = desk_uid_new ();
  g_autoptr (DeskOp) op = desk_op_new (uid, ticket, DESK_KIND_CREATED, person->uid);
  g_autoptr (DeskReceipt) receipt = NULL;

  desk_op_change (op, DESK_FIELD_SUMMARY, "From outside");
  receipt = desk_submit (db, op, person, NOW, NULL);
  return receipt != NULL ? 0 : 1;
}

/* As if killed between the commit and the stamp. */
static int
submit_without_stamp (const char *path)
{
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, NULL);
  g_autoptr (DeskPerson) person = desk_people_identify (db, "karen", NULL, NULL);
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *ticket = desk_uid_new ();
  g_autoptr (DeskOp) op = desk_op_new (uid, ticket, DESK_KIND_CREATED, person->uid);
  g_autoptr (DeskReceipt) receipt = NULL;

  desk_op_change (op, DESK_FIELD_SUMMARY, "From outside");
  if (!desk_db_begin (db, NULL))
    return 1;
  receipt = desk_submit_in (db, op, person, NOW, NULL);
  sqlite3_wal_hook (desk_db_get_handle (db), NULL, NULL);
  if (receipt == NULL ||
      sqlite3_exec (desk_db_get_handle (db), "UPDATE desk SET tx = tx + 1; COMMIT", NULL, NULL,
                    NULL) != SQLITE_OK)
    return 2;
  _exit (0);
}

static void
test_notice_from_outside (void)
{
  static const char *const children[] = { "submit-once", "submit-without-stamp", "submit-once" };
  FIXTURE (f);
  DeskStore *here = open_as (&f, "boss");

  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      guint heard[2] = { 1 };
      gulong handler = g_signal_connect (here, "changed", G_CALLBACK (count_signal_cb), heard);

      fixture_run_child (children[i], f.path);
      assert_told (heard, children[i]);
      settle (600);
      g_assert_cmpuint (heard[1], ==, 1);
      g_signal_handler_disconnect (here, handler);
    }
  end (here);
}

/* Nobody looks at the windows: the desk is not asked again and again, but it still tells. */
static void
test_notice_unattended (void)
{
  FIXTURE (f);
  DeskStore *here = open_as (&f, "boss");
  guint heard[2] = { 1 };

  g_signal_connect (here, "changed", G_CALLBACK (count_signal_cb), heard);
  desk_store_set_attended (here, FALSE);
  fixture_run_child ("submit-without-stamp", f.path);
  settle (900);
  g_assert_cmpuint (heard[1], ==, 0);
  desk_store_set_attended (here, TRUE);
  assert_told (heard, "somebody looks again");

  desk_store_set_attended (here, FALSE);
  heard[1] = 0;
  fixture_run_child ("submit-once", f.path);
  assert_told (heard, "the desk tells");
  end (here);
}

static void
test_catalogue_changed (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "john");
  guint heard[2] = { 1 };
  guint changed[2] = { 1 };
  const DeskEntry *topic;

  g_signal_connect (store, "catalogue-changed", G_CALLBACK (count_signal_cb), heard);
  g_signal_connect (store, "changed", G_CALLBACK (count_signal_cb), changed);
  fixture_add_entry (&f, DESK_ENTRY_TOPIC, "payroll", NULL);
  assert_told (heard, "a new topic");
  topic = desk_catalogue_find (desk_store_get_catalogue (store), DESK_ENTRY_TOPIC, "payroll");
  g_assert_nonnull (topic);

  heard[0] = 2;
  fixture_change_person (&f, "john", DESK_ROLE_ADMINISTRATOR, "support", "", FALSE);
  assert_told (heard, "other rights");
  g_assert_cmpint (desk_store_get_me (store)->role, ==, DESK_ROLE_ADMINISTRATOR);
  g_assert_cmpuint (changed[1], ==, 0);
  end (store);
}

/* Two windows of somebody whom the desk does not know yet. */
static void
test_newcomer_twice (void)
{
  FIXTURE (f);
  DeskStore *here = open_as (&f, "newcomer");
  DeskStore *there = open_as (&f, "newcomer");
  guint heard[2] = { 1 };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_cmpstr (desk_store_get_me (here)->uid, !=, desk_store_get_me (there)->uid);
  g_signal_connect (there, "catalogue-changed", G_CALLBACK (count_signal_cb), heard);
  first = file (here, "From here");
  assert_told (heard, "who I am");
  g_assert_cmpstr (desk_store_get_me (here)->uid, ==, desk_store_get_me (there)->uid);
  second = file (there, "From there");
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket AS t JOIN person AS p ON "
                                        "p.id = t.requester WHERE p.login = 'newcomer'"),
                   ==, 2);
  end (here);
  end (there);
}

/* --- lost --- */

static void
take_error_cb (DeskStore *store, GError *error, GError **lost)
{
  g_assert_null (*lost);
  *lost = g_error_copy (error);
}

static void
test_lost (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "karen");
  g_autofree char *ticket = file (store, "Before");
  const char *backup = fixture_path (&f, "backup.desk");
  g_autofree char *kept = NULL;
  g_autoptr (GError) lost = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  g_signal_connect (store, "lost", G_CALLBACK (take_error_cb), &lost);
  g_assert_true (desk_backup_copy (f.db, backup, &error));
  g_assert_no_error (error);
  g_assert_true (desk_backup_restore (f.db, backup, f.now, &kept, &error));
  g_assert_no_error (error);
  if (!wait_for (is_set, &lost, PATIENCE_MS))
    g_error ("nobody says that the desk was replaced");
  g_assert_error (lost, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_assert_null (submit (store, new_filing (store, "After"), &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
  desk_store_load_async (store, ticket, 0, NULL, take_result_cb, &result);
  g_assert_null (desk_store_load_finish (store, wait_result (&result), &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
  end (store);
}

/* --- endings --- */

static void
drop_store_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Answers *answers = data;

  submitted_cb (object, result, data);
  if (answers->count[1] == 2)
    g_clear_object (&answers->store);
}

static guint
count_threads (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  guint n = 0;

  while (tasks != NULL && g_dir_read_name (tasks) != NULL)
    n++;
  return n;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static gboolean
are_threads_few (gpointer data)
{
  return count_threads () <= *(guint *) data;
}

/* The last reference goes in the middle of an answer, with jobs waiting behind it. */
static void
test_last_reference (void)
{
  FIXTURE (f);
  guint threads;

  end (open_as (&f, "karen"));
  threads = count_threads () + 4;
  for (guint round = 0; round < 100; round++)
    {
      Answers answers = { .count = { 6 }, .store = open_as (&f, "karen") };
      gpointer watched = answers.store;

      g_object_add_weak_pointer (G_OBJECT (answers.store), &watched);
      for (guint i = 0; i < 6; i++)
        {
          g_autoptr (DeskOp) op = new_filing (answers.store, "Before the end");
          desk_store_submit_async (answers.store, op, NULL, drop_store_cb, &answers);
        }
      desk_store_mark_seen (answers.store, "01890000-0000-7000-8000-000000000000", 1);
      g_assert_true (wait_for (is_counted, answers.count, PATIENCE_MS));
      g_assert_cmpuint (answers.fine, ==, 6);
      if (!wait_for (is_gone, &watched, PATIENCE_MS))
        g_error ("the store does not go");
    }
  if (!wait_for (are_threads_few, &threads, PATIENCE_MS))
    g_error ("%u threads are left", count_threads ());
  fixture_check (f.db);
}

/* Dropped without a word, at any time. */
static void
test_dropped_at_once (void)
{
  FIXTURE (f);

  for (guint round = 0; round < 100; round++)
    {
      DeskStore *store = open_as (&f, "boss");
      gpointer watched = store;
      DeskView view = desk_view_of (DESK_VIEW_ALL);
      Answers answers = { .count = { 1 } };
      g_autoptr (DeskOp) op = new_filing (store, "Before the end");
      g_autoptr (GAsyncResult) result = NULL;

      g_object_add_weak_pointer (G_OBJECT (store), &watched);
      desk_store_submit_async (store, op, NULL, submitted_cb, &answers);
      desk_store_keys_async (store, &view, DESK_SORT_RECENT, 0, NULL, take_result_cb, &result);
      g_object_unref (store);
      if (round % 2 == 0)
        g_usleep (g_test_rand_int_range (0, 3000));
      g_assert_true (wait_for (is_counted, answers.count, PATIENCE_MS));
      wait_result (&result);
      g_clear_object (&result);
      if (!wait_for (is_gone, &watched, PATIENCE_MS))
        g_error ("the store does not go");
    }
}

static void
test_close_while_jobs_wait (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "karen");
  Answers answers = { .count = { 200 } };
  g_autoptr (DeskOp) late = new_filing (store, "Too late");
  Answers too_late = { .count = { 1 } };

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (DeskOp) op = new_filing (store, "Before the end");
      desk_store_submit_async (store, op, NULL, submitted_cb, &answers);
    }
  desk_store_close (store);
  /* It waited: all of them are there although nobody was told yet. */
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), ==, 200);
  desk_store_submit_async (store, late, NULL, submitted_cb, &too_late);
  g_assert_true (wait_for (is_counted, answers.count, PATIENCE_MS));
  g_assert_cmpuint (answers.fine, ==, 200);
  g_assert_true (wait_for (is_counted, too_late.count, PATIENCE_MS));
  g_assert_cmpuint (too_late.closed, ==, 1);
  desk_store_close (store);
  desk_store_mark_seen (store, late->ticket, 1);
  end (store);
}

/* After the last program, the file alone is the desk: people copy it. */
static void
test_file_is_whole (void)
{
  FIXTURE (f);
  DeskStore *store;
  const char *copy = fixture_path (&f, "copy.desk");
  g_autofree char *content = NULL;
  g_autoptr (DeskDb) db = NULL;
  GError *error = NULL;
  gsize size;

  g_clear_pointer (&f.db, desk_db_close);
  store = open_as (&f, "karen");
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *ticket = file (store, "Printer jams");
    }
  end (store);
  g_file_get_contents (f.path, &content, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (copy, content, size, &error);
  g_assert_no_error (error);
  db = desk_db_open (copy, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fixture_count (db, "SELECT count (*) FROM ticket"), ==, 20);
  fixture_check (db);
}

/* --- attachments --- */

typedef struct
{
  GThread *thread;
  guint steps;
  goffset last;
} Progress;

static void
progress_cb (goffset done, goffset total, gpointer data)
{
  Progress *progress = data;

  g_assert_true (g_thread_self () == progress->thread);
  g_assert_cmpint (done, >, progress->last);
  g_assert_cmpint (done, <=, total);
  progress->last = done;
  progress->steps++;
}

static DeskAttachment *
attach (DeskStore *store, const char *path, Progress *progress, GError **error)
{
  g_autoptr (GFile) from = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;

  desk_store_attach_file_async (store, from, progress != NULL ? progress_cb : NULL, progress, NULL,
                                take_result_cb, &result);
  return desk_store_attach_finish (store, wait_result (&result), error);
}

static gboolean
save (DeskStore *store,
      const char *ticket,
      const DeskAttachment *attachment,
      const char *path,
      GError **error)
{
  g_autoptr (GFile) to = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;

  desk_store_save_attachment_async (store, ticket, attachment, to, NULL, take_result_cb, &result);
  return desk_store_save_attachment_finish (store, wait_result (&result), error);
}

static GBytes *
read_whole (DeskStore *store,
            const char *ticket,
            const DeskAttachment *attachment,
            gsize max_bytes,
            GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  desk_store_read_attachment_async (store, ticket, attachment, max_bytes, NULL, take_result_cb,
                                    &result);
  return desk_store_read_attachment_finish (store, wait_result (&result), error);
}

static char *
file_with (DeskStore *store, const DeskAttachment *attachment)
{
  DeskOp *op = new_filing (store, "With a file");
  char *ticket = g_strdup (op->ticket);
  GError *error = NULL;
  g_autoptr (DeskReceipt) receipt = NULL;

  desk_op_take_attachment (op, desk_attachment_new (attachment->name, attachment->type,
                                                    attachment->size_bytes, attachment->sha256));
  receipt = submit (store, op, &error);
  g_assert_no_error (error);
  return ticket;
}

static void
test_attachments (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "karen");
  const char *path = fixture_path (&f, "large.txt");
  const char *copy = fixture_path (&f, "copy.txt");
  g_autofree char *content = g_strnfill (10 * 1024 * 1024, 'x');
  g_autofree char *back = NULL;
  g_autofree char *ticket = NULL;
  g_autoptr (GBytes) whole = NULL;
  Progress progress = { g_thread_self () };
  DeskAttachment *attachment;
  GError *error = NULL;

  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
  attachment = attach (store, path, &progress, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (progress.steps, >, 0);
  ticket = file_with (store, attachment);
  g_assert_true (save (store, ticket, attachment, copy, &error));
  g_assert_no_error (error);
  g_file_get_contents (copy, &back, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back, ==, content);
  whole = read_whole (store, ticket, attachment, 20 * 1024 * 1024, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (whole), ==, attachment->size_bytes);
  g_assert_null (read_whole (store, ticket, attachment, 1024, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_TOO_BIG);
  g_clear_error (&error);
  desk_attachment_free (attachment);
  end (store);
}

/* A file is replaced whole or not at all, and the desk not even then. */
static void
test_save_refused (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "karen");
  DeskStore *stranger = open_as (&f, "stranger");
  const char *copy = fixture_path (&f, "mine.txt");
  const char *link = fixture_path (&f, "link.txt");
  g_autofree char *wal = g_strconcat (f.path, "-wal", NULL);
  g_autofree char *content = NULL;
  g_autofree char *ticket = NULL;
  DeskAttachment *attachment = fixture_attachment (&f, "a.txt", "hello", -1);
  GError *error = NULL;

  ticket = file_with (store, attachment);
  g_file_set_contents (copy, "what was there", -1, &error);
  g_assert_no_error (error);
  g_assert_false (save (stranger, ticket, attachment, copy, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_clear_error (&error);
  g_file_get_contents (copy, &content, NULL, &error);
  g_assert_cmpstr (content, ==, "what was there");
  g_assert_false (save (store, ticket, attachment, f.path, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (save (store, ticket, attachment, wal, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (save (store, ticket, attachment, "/nowhere/at/all.txt", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  /* A link to it is only a link. */
  g_assert_cmpint (symlink (f.path, link), ==, 0);
  g_assert_true (save (store, ticket, attachment, link, &error));
  g_assert_no_error (error);
  desk_attachment_free (attachment);
  end (store);
  end (stranger);
  fixture_check (f.db);
}

/* --- what is kept of a person --- */

static void
test_mark_seen (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "Printer jams", -1);
  DeskStore *store;

  for (guint i = 0; i < 5; i++)
    assert_code (fixture_do (&f, DESK_KIND_REPLY, "john", ticket, "Again", -1), FINE);
  store = open_as (&f, "karen");
  for (gint64 no = 1; no <= 4; no++)
    desk_store_mark_seen (store, ticket, no);
  settle (400);
  g_assert_cmpint (
      fixture_count (
          f.db, "SELECT no FROM seen WHERE person = (SELECT id FROM person WHERE login = 'karen')"),
      ==, 4);
  desk_store_mark_seen (store, ticket, 6);
  end (store);
  g_assert_cmpint (
      fixture_count (
          f.db, "SELECT no FROM seen WHERE person = (SELECT id FROM person WHERE login = 'karen')"),
      ==, 6);
}

/* One way for all programs. */
static void
test_device (void)
{
  FIXTURE (f);
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "deskbell", "device", NULL);
  g_autofree char *first = desk_device_dup ();
  g_autofree char *again = desk_device_dup ();
  g_autofree char *other = NULL;
  DeskStore *store = open_as (&f, "karen");
  GStatBuf about;

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpint (g_stat (path, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);
  g_assert_cmpstr (desk_store_get_device (store), ==, first);
  end (store);
  g_assert_true (g_file_set_contents (path, "sixteen of signs", -1, NULL));
  other = desk_device_dup ();
  g_assert_cmpuint (strlen (other), ==, 16);
  g_assert_cmpstr (other, !=, first);
}

static gboolean
is_scrubbed (gpointer db)
{
  return fixture_count (db, "SELECT scrub FROM desk") == 0;
}

/* Nobody has to ask for it. */
static void
test_scrub (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "boss");
  g_autofree char *ticket = file (store, "A secret");
  g_autoptr (DeskCase) found = fixture_load (&f, "boss", ticket);
  DeskOp *op = desk_store_new_op (store, found->ticket, DESK_KIND_REDACT);
  GError *error = NULL;

  op->target = g_strdup (((DeskEvent *) found->events->pdata[0])->uid);
  desk_receipt_free (submit (store, op, &error));
  g_assert_no_error (error);
  g_assert_true (wait_for (is_scrubbed, f.db, PATIENCE_MS));
  end (store);
}

static void
test_drafts (void)
{
  FIXTURE (f);
  DeskStore *store = open_as (&f, "karen");
  const char *key = "01890000-0000-7000-8000-000000000000/reply";
  DeskOp *op = desk_store_new_op (store, NULL, DESK_KIND_MESSAGE);
  const DeskOp *kept;

  desk_op_set_text (op, "Half a sen");
  desk_drafts_set (desk_store_get_drafts (store), key, op);
  desk_op_set_text (op, "Half a sentence");
  desk_drafts_set (desk_store_get_drafts (store), key, op);
  desk_op_unref (op);
  end (store);
  store = open_as (&f, "stranger");
  g_assert_null (desk_drafts_get (desk_store_get_drafts (store), key));
  end (store);
  store = open_as (&f, "karen");
  kept = desk_drafts_get (desk_store_get_drafts (store), key);
  g_assert_nonnull (kept);
  g_assert_cmpstr (kept->text, ==, "Half a sentence");
  desk_drafts_set (desk_store_get_drafts (store), key, NULL);
  end (store);
  store = open_as (&f, "karen");
  g_assert_null (desk_drafts_get (desk_store_get_drafts (store), key));
  end (store);
}

/* Logins that look alike keep their drafts apart, and in their folder. */
static void
test_draft_folders (void)
{
  static const char *const logins[] = { "a.b", "a_b", "..", "a/b", "%2E" };
  static const char uid[] = "01890000-0000-7000-8000-000000000000";
  DeskDrafts *drafts[G_N_ELEMENTS (logins)];

  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      g_autoptr (DeskOp) op = desk_op_new (uid, uid, DESK_KIND_MESSAGE, uid);

      drafts[i] = desk_drafts_open (uid, logins[i]);
      g_assert_null (desk_drafts_get (drafts[i], "new-ticket"));
      desk_op_set_text (op, logins[i]);
      desk_drafts_set (drafts[i], "new-ticket", op);
      desk_drafts_flush (drafts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      g_clear_object (&drafts[i]);
      drafts[i] = desk_drafts_open (uid, logins[i]);
      g_assert_cmpstr (desk_drafts_get (drafts[i], "new-ticket")->text, ==, logins[i]);
      g_object_unref (drafts[i]);
    }
}

static const FixtureChild children[] = {
  { "submit-once", submit_once },
  { "submit-without-stamp", submit_without_stamp },
  { NULL },
};

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/store/create", test_create);
  g_test_add_func ("/store/cannot-open", test_cannot_open);
  g_test_add_func ("/store/finish-creation", test_finish_creation);
  g_test_add_func ("/store/order", test_order);
  g_test_add_func ("/store/cancel-before-start", test_cancel_before_start);
  g_test_add_func ("/store/cancel-under-way", test_cancel_under_way);
  g_test_add_func ("/store/cancel-inside-a-read", test_cancel_inside_a_read);
  g_test_add_func ("/store/reading", test_reading);
  g_test_add_func ("/store/notice-between-stores", test_notice_between_stores);
  g_test_add_func ("/store/notice-of-many", test_notice_of_many);
  g_test_add_func ("/store/notice-from-outside", test_notice_from_outside);
  g_test_add_func ("/store/notice-unattended", test_notice_unattended);
  g_test_add_func ("/store/catalogue-changed", test_catalogue_changed);
  g_test_add_func ("/store/newcomer-twice", test_newcomer_twice);
  g_test_add_func ("/store/lost", test_lost);
  g_test_add_func ("/store/last-reference", test_last_reference);
  g_test_add_func ("/store/dropped-at-once", test_dropped_at_once);
  g_test_add_func ("/store/close-while-jobs-wait", test_close_while_jobs_wait);
  g_test_add_func ("/store/file-is-whole", test_file_is_whole);
  g_test_add_func ("/store/attachments", test_attachments);
  g_test_add_func ("/store/save-refused", test_save_refused);
  g_test_add_func ("/store/mark-seen", test_mark_seen);
  g_test_add_func ("/store/device", test_device);
  g_test_add_func ("/store/scrub", test_scrub);
  g_test_add_func ("/store/drafts", test_drafts);
  g_test_add_func ("/store/draft-folders", test_draft_folders);
  return g_test_run ();
}
