/* SPDX-License-Identifier: GPL-3.0-or-later
 * What waits to be sent: shown as it will be, sent once, back to its author when it is refused. */
#include "acts.h"

#include "desk-feed.h"
#include "desk-json.h"
#include "desk-store.h"
#include "served.h"

static const DeskEvent *
last_event (DeskCase *found)
{
  return g_ptr_array_index (found->events, found->events->len - 1);
}

static void
test_file (void)
{
  FIXTURE (f);
  start_server (&f);
  {
    COPY (karen, "karen");
    COPY (boss, "boss");
    g_autofree char *uid = file (&karen, &f, "The printer is on fire");
    g_autoptr (DeskCase) found = load (&karen, uid);
    g_autoptr (DeskCase) sent = NULL;

    g_assert_null (found->ticket->number);
    g_assert_cmpint (found->ticket->no, ==, 0);
    g_assert_true (found->pending);
    g_assert_cmpuint (found->events->len, ==, 1);
    g_assert_cmpint (last_event (found)->no, ==, 0);
    g_assert_cmpstr (last_event (found)->text, ==, "I have words");
    assert_code (say (&karen, &f, DESK_KIND_MESSAGE, uid, "Now the paper burns too"), FINE);
    g_assert_cmpint (fixture_count (karen.db, "SELECT n FROM tally"), ==, 1);
    g_assert_cmpuint (count_items (&karen, DESK_OUTBOX_WAITING), ==, 2);
    copy_sync (&karen, f.db, f.now);
    sent = load (&karen, uid);
    g_assert_nonnull (sent->ticket->number);
    g_assert_false (sent->pending);
    g_assert_cmpint (sent->ticket->no, ==, 2);
    g_assert_cmpuint (count_items (&karen, DESK_OUTBOX_SENT), ==, 2);
    assert_same (&karen, &f);
    copy_sync (&boss, f.db, f.now);
    assert_same (&boss, &f);
  }
}

static void
test_expect (void)
{
  FIXTURE (f);
  const char *ticket;

  start_server (&f);
  ticket = fixture_file (&f, "karen", "The printer is on fire", -1);
  {
    COPY (john, "john");
    g_autoptr (DeskCase) found = NULL;
    g_autoptr (DeskCase) again = NULL;
    g_autoptr (DeskOp) reply = NULL;

    assert_code (change (&john, &f, ticket, DESK_FIELD_PRIORITY, "urgent"), FINE);
    reply = new_op (&john, &f, DESK_KIND_REPLY, ticket, "Is there paper?");
    desk_op_change (reply, DESK_FIELD_STATUS, "waiting");
    assert_code (submit (&john, &f, reply), FINE);
    /* What cannot be is refused at once, and nothing is kept of it. */
    assert_code (change (&john, &f, ticket, DESK_FIELD_STATUS, "resolved"), DESK_ERROR_MISSING);
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_WAITING), ==, 2);
    found = load (&john, ticket);
    g_assert_cmpint (found->ticket->status, ==, DESK_STATUS_WAITING);
    g_assert_cmpint (found->ticket->priority, ==, DESK_PRIORITY_URGENT);
    g_assert_cmpint (found->ticket->no, ==, 1);
    g_assert_cmpstr (last_event (found)->text, ==, "Is there paper?");
    /* What others do meanwhile shows below what waits. */
    fixture_do (&f, DESK_KIND_NOTE, "boss", ticket, "I look at it", -1);
    fixture_do (&f, DESK_KIND_CHANGE, "boss", ticket, NULL, DESK_FIELD_SUMMARY, "Fire!", -1);
    copy_pull (&john, f.db, f.now);
    again = load (&john, ticket);
    g_assert_cmpstr (again->ticket->summary, ==, "Fire!");
    g_assert_cmpint (again->ticket->status, ==, DESK_STATUS_WAITING);
    g_assert_cmpint (again->ticket->no, ==, 3);
    g_assert_cmpstr (last_event (again)->text, ==, "Is there paper?");
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
    g_assert_cmpint (fixture_count (f.db, "SELECT status FROM ticket"), ==, DESK_STATUS_WAITING);
  }
}

static void
test_twice (void)
{
  FIXTURE (f);
  start_server (&f);
  {
    COPY (karen, "karen");
    g_autofree char *uid = file (&karen, &f, "The printer is on fire");
    GError *error = NULL;
    g_autoptr (CopyAsk) ask = copy_ask (&karen, COPY_PUSH, &error);
    g_autofree char *first = served_answer (f.db, karen.reader, ask->request, f.now, &error);
    g_autofree char *second = served_answer (f.db, karen.reader, ask->request, f.now, &error);

    g_assert_nonnull (uid);
    g_assert_no_error (error);
    g_assert_nonnull (strstr (second, "replayed"));
    copy_take (&karen, ask, second, f.now, &error);
    copy_take (&karen, ask, first, f.now, &error);
    copy_take (&karen, ask, second, f.now, &error);
    g_assert_no_error (error);
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM event"), ==, 1);
    copy_sync (&karen, f.db, f.now);
    assert_same (&karen, &f);
  }
}

/* The answer is lost, and the feed brings what came of the op. */
static void
test_once (void)
{
  FIXTURE (f);
  start_server (&f);
  {
    COPY (john, "john");
    g_autoptr (DeskOp) op = new_op (&john, &f, DESK_KIND_CREATED, NULL, "I have words");
    GError *error = NULL;
    g_autoptr (CopyAsk) ask = NULL;
    g_autofree char *lost = NULL;
    g_autoptr (DeskCase) found = NULL;

    desk_op_change (op, DESK_FIELD_SUMMARY, "The printer is on fire");
    desk_op_change (op, DESK_FIELD_REQUESTER, fixture_uid (&f, "karen"));
    assert_code (submit (&john, &f, op), FINE);
    ask = copy_ask (&john, COPY_PUSH, &error);
    lost = served_answer (f.db, john.reader, ask->request, f.now, &error);
    g_assert_no_error (error);
    copy_pull (&john, f.db, f.now);
    found = load (&john, op->ticket);
    g_assert_cmpuint (found->events->len, ==, 1);
    g_assert_cmpstr (found->ticket->requester, ==, fixture_uid (&f, "karen"));
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
  }
}

static void
test_conflict (void)
{
  FIXTURE (f);
  const char *ticket;

  start_server (&f);
  ticket = fixture_file (&f, "karen", "The printer is on fire", -1);
  {
    COPY (john, "john");
    g_autoptr (GPtrArray) refused = NULL;
    const DeskOutboxItem *item;
    const DeskClash *clash;
    GError *error = NULL;
    g_autoptr (DeskCase) found = NULL;

    assert_code (change (&john, &f, ticket, DESK_FIELD_PRIORITY, "urgent"), FINE);
    fixture_do (&f, DESK_KIND_CHANGE, "boss", ticket, NULL, DESK_FIELD_PRIORITY, "low", -1);
    copy_sync (&john, f.db, f.now);
    refused = desk_outbox_list (john.db, DESK_OUTBOX_REFUSED, &error);
    g_assert_cmpuint (refused->len, ==, 1);
    item = g_ptr_array_index (refused, 0);
    g_assert_cmpstr (item->problem->code, ==, "conflict");
    clash = g_ptr_array_index (item->problem->clashes, 0);
    g_assert_cmpstr (clash->now, ==, "low");
    found = load (&john, ticket);
    g_assert_cmpint (found->ticket->priority, ==, DESK_PRIORITY_LOW);
    g_assert_false (found->pending);
    assert_same (&john, &f);
    desk_outbox_drop (john.db, item->op->uid, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_REFUSED), ==, 0);
  }
}

/* A ticket that is not filed brings back what was said on it. */
static void
test_dependents (void)
{
  FIXTURE (f);
  start_server (&f);
  {
    COPY (karen, "karen");
    g_autoptr (DeskOp) op = new_op (&karen, &f, DESK_KIND_CREATED, NULL, "words");
    g_autoptr (DeskOp) other = new_op (&karen, &f, DESK_KIND_MESSAGE, op->ticket, "More words");
    DeskOp *thief;

    desk_op_change (op, DESK_FIELD_SUMMARY, "The printer is on fire");
    assert_code (submit (&karen, &f, op), FINE);
    assert_code (submit (&karen, &f, other), FINE);
    /* Somebody else has the uid. */
    thief = fixture_op (&f, DESK_KIND_CREATED, "stranger", NULL);
    g_free (thief->uid);
    thief->uid = g_strdup (op->uid);
    desk_op_change (thief, DESK_FIELD_SUMMARY, "Mine");
    assert_code (fixture_submit (&f, "stranger", thief), FINE);
    copy_sync (&karen, f.db, f.now);
    g_assert_cmpuint (count_items (&karen, DESK_OUTBOX_WAITING), ==, 0);
    g_assert_cmpuint (count_items (&karen, DESK_OUTBOX_REFUSED), ==, 2);
    g_assert_null (load (&karen, op->ticket));
    g_assert_cmpint (fixture_count (karen.db, "SELECT count (*) FROM tally WHERE n <> 0"), ==, 0);
    assert_same (&karen, &f);
  }
}

/* The answer to an op, read before the ticket went, must not bring it back. */
static void
test_late_answer (void)
{
  FIXTURE (f);
  const char *ticket;

  start_server (&f);
  ticket = fixture_file (&f, "karen", "The printer is on fire", -1);
  {
    COPY (john, "john");
    GError *error = NULL;
    g_autoptr (CopyAsk) ask = NULL;
    g_autofree char *answer = NULL;

    assert_code (say (&john, &f, DESK_KIND_NOTE, ticket, "a note"), FINE);
    ask = copy_ask (&john, COPY_PUSH, &error);
    answer = served_answer (f.db, john.reader, ask->request, f.now, &error);
    fixture_do (&f, DESK_KIND_CHANGE, "boss", ticket, NULL, DESK_FIELD_DEPARTMENT, "online-banking",
                -1);
    copy_pull (&john, f.db, f.now);
    g_assert_null (load (&john, ticket));
    copy_take (&john, ask, answer, f.now, &error);
    g_assert_no_error (error);
    g_assert_null (load (&john, ticket));
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_WAITING), ==, 1);
    /* Asked again, the server says the same. */
    copy_sync (&john, f.db, f.now);
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_SENT), ==, 1);
    assert_same (&john, &f);
  }
}

/* What the server had accepted before it was restored from an older copy comes back. */
static void
test_restored (void)
{
  FIXTURE (f);
  const char *ticket, *backup = fixture_path (&f, "backup");

  start_server (&f);
  ticket = fixture_file (&f, "karen", "The printer is on fire", -1);
  {
    COPY (john, "john");
    COPY (karen, "karen");
    g_autofree char *lost = NULL;
    g_autofree char *waiting = NULL;

    reopen (&f, NULL);
    desk_db_settle (f.db);
    copy_file (f.path, backup);
    assert_code (say (&john, &f, DESK_KIND_REPLY, ticket, "a reply"), FINE);
    assert_code (say (&john, &f, DESK_KIND_NOTE, ticket, "a note"), FINE);
    lost = file (&karen, &f, "Another one");
    copy_sync (&john, f.db, f.now);
    copy_sync (&karen, f.db, f.now);
    assert_code (say (&karen, &f, DESK_KIND_MESSAGE, lost, "on a ticket that will be lost"), FINE);
    waiting = file (&karen, &f, "A third one");
    reopen (&f, backup);
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM event"), ==, 1);
    copy_pull (&karen, f.db, f.now);
    copy_pull (&john, f.db, f.now);
    copy_sync (&karen, f.db, f.now);
    copy_sync (&john, f.db, f.now);
    copy_sync (&karen, f.db, f.now);
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM event"), ==, 6);
    g_assert_cmpuint (count_items (&karen, DESK_OUTBOX_REFUSED), ==, 0);
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_REFUSED), ==, 0);
    assert_same (&john, &f);
    assert_same (&karen, &f);
  }
}

/* A requester need not know the department that their ticket goes to. */
static void
test_hidden_department (void)
{
  FIXTURE (f);
  start_server (&f);
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_DEPARTMENT, "fraud");
  {
    COPY (karen, "karen");
    g_autofree char *uid = file (&karen, &f, "Somebody has my card");
    g_autoptr (DeskCase) found = load (&karen, uid);

    g_assert_null (found->ticket->department);
    copy_sync (&karen, f.db, f.now);
    assert_same (&karen, &f);
  }
}

/* --- through the front that windows use --- */

static void
finish_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
count_cb (guint *n)
{
  ++*n;
}

static void
test_front (void)
{
  FIXTURE (f);
  start_server (&f);
  {
    COPY (karen, "karen");
    g_autoptr (GAsyncResult) opened = NULL;
    g_autoptr (GAsyncResult) sent = NULL;
    g_autoptr (DeskStore) store = NULL;
    g_autoptr (DeskReceipt) receipt = NULL;
    g_autoptr (DeskOp) op = NULL;
    GError *error = NULL;
    gint64 waiting, refused;
    guint n = 0;

    desk_store_open_async (karen.path, FALSE, "whoever", NULL, NULL, finish_cb, &opened);
    store = desk_store_open_finish (wait_for (&opened), &error);
    g_assert_no_error (error);
    g_assert_cmpstr (desk_store_get_me (store)->login, ==, "karen");
    g_assert_cmpstr (desk_store_get_address (store), ==, "https://desk.example.org");
    g_signal_connect_swapped (store, "outbox-changed", G_CALLBACK (count_cb), &n);
    op = desk_store_new_op (store, NULL, DESK_KIND_CREATED);
    desk_op_change (op, DESK_FIELD_SUMMARY, "The printer is on fire");
    desk_store_submit_async (store, op, NULL, finish_cb, &sent);
    receipt = desk_store_submit_finish (store, wait_for (&sent), &error);
    g_assert_no_error (error);
    g_assert_null (receipt->ticket->number);
    while (n == 0)
      g_main_context_iteration (NULL, TRUE);
    desk_store_get_outbox (store, &waiting, &refused);
    g_assert_cmpint (waiting, ==, 1);
    copy_sync (&karen, f.db, f.now);
    while (n == 1)
      g_main_context_iteration (NULL, TRUE);
    desk_store_get_outbox (store, &waiting, &refused);
    g_assert_cmpint (waiting, ==, 0);
    desk_store_close (store);
  }
}

/* In a transaction of its own. FINE, or why not. */
static int
withdraw (Copy *copy, const char *op, guint n_expected)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) ops = NULL;
  int code = FINE;

  g_assert_true (desk_db_begin (copy->db, &error));
  ops = desk_outbox_withdraw (copy->db, op, &error);
  g_assert_true ((ops == NULL) == (error != NULL));
  if (ops != NULL)
    g_assert_cmpuint (ops->len, ==, n_expected);
  else
    code = error->code;
  g_clear_error (&error);
  g_assert_true (desk_db_commit (copy->db, &error));
  return code;
}

static DeskBatch *
leave (Copy *copy)
{
  GError *error = NULL;
  DeskBatch *batch = desk_outbox_take (copy->db, 100, G_MAXSIZE, &error);
  gboolean all;

  g_assert_no_error (error);
  g_assert_true (desk_outbox_note_leaving (copy->db, batch, &all, &error));
  g_assert_true (all);
  return batch;
}

/* What has never left goes without a trace, and a ticket with all that was said on it. */
static void
test_withdraw (void)
{
  FIXTURE (f);
  const char *ticket;

  start_server (&f);
  ticket = fixture_file (&f, "karen", "The printer is on fire", -1);
  {
    COPY (john, "john");
    g_autoptr (DeskOp) reply = new_op (&john, &f, DESK_KIND_REPLY, ticket, "Is there paper?");
    g_autoptr (DeskOp) op = new_op (&john, &f, DESK_KIND_CREATED, NULL, "words");
    g_autoptr (DeskCase) found = NULL;

    desk_op_change (reply, DESK_FIELD_STATUS, "waiting");
    assert_code (submit (&john, &f, reply), FINE);
    assert_code (change (&john, &f, ticket, DESK_FIELD_PRIORITY, "urgent"), FINE);
    assert_code (withdraw (&john, reply->uid, 1), FINE);
    found = load (&john, ticket);
    g_assert_cmpuint (found->pending, ==, 1);
    g_assert_cmpint (found->ticket->status, ==, DESK_STATUS_OPEN);
    g_assert_cmpint (found->ticket->priority, ==, DESK_PRIORITY_URGENT);
    assert_code (withdraw (&john, reply->uid, 0), DESK_ERROR_WRONG_STATUS);
    /* It may be asked for again, in other words. */
    desk_op_set_text (reply, "Is there any paper?");
    assert_code (submit (&john, &f, reply), FINE);

    desk_op_change (op, DESK_FIELD_SUMMARY, "Another fire");
    assert_code (submit (&john, &f, op), FINE);
    assert_code (say (&john, &f, DESK_KIND_NOTE, op->ticket, "It is warm"), FINE);
    assert_code (withdraw (&john, op->uid, 2), FINE);
    g_assert_null (load (&john, op->ticket));
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_WAITING), ==, 2);
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), ==, 1);
  }
}

/* What has left may be on the server, whatever was heard of it. */
static void
test_tried (void)
{
  FIXTURE (f);
  const char *ticket;

  start_server (&f);
  ticket = fixture_file (&f, "karen", "The printer is on fire", -1);
  {
    COPY (john, "john");
    g_autoptr (DeskOp) first = new_op (&john, &f, DESK_KIND_REPLY, ticket, "Is there paper?");
    g_autoptr (DeskOp) second = new_op (&john, &f, DESK_KIND_REPLY, ticket, "Or water?");
    g_autoptr (DeskBatch) lost = NULL;
    g_autoptr (DeskBatch) kept = NULL;
    g_autoptr (DeskBatch) late = NULL;
    g_autoptr (DeskCase) found = NULL;
    GError *error = NULL;
    gboolean all;

    assert_code (submit (&john, &f, first), FINE);
    lost = leave (&john);
    assert_code (submit (&john, &f, second), FINE);
    /* The second time nobody answered at all: that says nothing of the first time. */
    kept = leave (&john);
    g_assert_true (desk_outbox_note_kept (john.db, kept, &error));
    found = load (&john, ticket);
    g_assert_true (g_hash_table_contains (found->tried, first->uid));
    g_assert_false (g_hash_table_contains (found->tried, second->uid));
    assert_code (withdraw (&john, first->uid, 0), DESK_ERROR_WRONG_STATUS);
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_WAITING), ==, 2);
    /* Taken back between being taken and leaving: what was taken does not leave. */
    late = desk_outbox_take (john.db, 100, G_MAXSIZE, &error);
    assert_code (withdraw (&john, second->uid, 1), FINE);
    g_assert_true (desk_outbox_note_leaving (john.db, late, &all, &error));
    g_assert_false (all);
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM event WHERE kind = 2"), ==, 1);
  }
}

/* Somebody thought it over: the new op and the refused one change places. */
static void
test_instead (void)
{
  FIXTURE (f);
  const char *ticket;

  start_server (&f);
  ticket = fixture_file (&f, "karen", "The printer is on fire", -1);
  {
    COPY (john, "john");
    g_autoptr (DeskPerson) me = NULL;
    g_autoptr (DeskReceipt) receipt = NULL;
    g_autoptr (DeskOp) op = new_op (&john, &f, DESK_KIND_CHANGE, ticket, NULL);
    g_autoptr (DeskOp) again = NULL;
    GError *error = NULL;

    desk_op_change (op, DESK_FIELD_PRIORITY, "urgent");
    assert_code (submit (&john, &f, op), FINE);
    fixture_do (&f, DESK_KIND_CHANGE, "boss", ticket, NULL, DESK_FIELD_PRIORITY, "low", -1);
    copy_sync (&john, f.db, f.now);
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_REFUSED), ==, 1);
    again = new_op (&john, &f, DESK_KIND_CHANGE, ticket, NULL);
    desk_op_change (again, DESK_FIELD_PRIORITY, "urgent");
    me = desk_people_find_uid (john.db, john.reader, &error);
    g_assert_true (desk_db_begin (john.db, &error));
    receipt = desk_outbox_add_instead (john.db, again, op->uid, me, f.now, &error);
    g_assert_no_error (error);
    g_assert_true (desk_db_commit (john.db, &error));
    g_assert_cmpuint (count_items (&john, DESK_OUTBOX_REFUSED), ==, 0);
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
    g_assert_cmpint (fixture_count (f.db, "SELECT priority FROM ticket"), ==, DESK_PRIORITY_URGENT);
  }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/outbox/files-a-ticket", test_file);
  g_test_add_func ("/outbox/shows-what-is-expected", test_expect);
  g_test_add_func ("/outbox/sends-twice-and-is-heard-once", test_twice);
  g_test_add_func ("/outbox/shows-once-what-is-there", test_once);
  g_test_add_func ("/outbox/gives-back-a-conflict", test_conflict);
  g_test_add_func ("/outbox/gives-back-what-depends", test_dependents);
  g_test_add_func ("/outbox/takes-back-what-never-left", test_withdraw);
  g_test_add_func ("/outbox/leaves-what-may-have-arrived", test_tried);
  g_test_add_func ("/outbox/puts-another-in-its-place", test_instead);
  g_test_add_func ("/outbox/passes-over-late-answers", test_late_answer);
  g_test_add_func ("/outbox/brings-back-what-a-restore-lost", test_restored);
  g_test_add_func ("/outbox/files-into-an-unknown-department", test_hidden_department);
  g_test_add_func ("/outbox/is-behind-the-front", test_front);
  return g_test_run ();
}
