/* SPDX-License-Identifier: GPL-3.0-or-later
 * An op on its way into the desk: once, numbered, in order, for the right eyes. */
#include "fixture.h"

#include <string.h>

static char *
ask_of (Fixture *f, const char *sql, const char *ticket)
{
  g_autofree char *hex = g_strdup (ticket);
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = g_strsplit (hex, "-", -1);
  g_autofree char *joined = g_strjoinv ("", parts);

  text = g_strdup_printf ("%s (SELECT id FROM ticket WHERE uid = x'%s')", sql, joined);
  return fixture_ask (f->db, text);
}

static const char *
get_number (Fixture *f, const char *ticket)
{
  g_autoptr (DeskCase) found = fixture_load (f, "boss", ticket);
  const char *number = g_intern_string (found->ticket->number);

  return number;
}

static DeskStatus
get_status (Fixture *f, const char *ticket)
{
  g_autoptr (DeskCase) found = fixture_load (f, "boss", ticket);

  return found->ticket->status;
}

/* --- the life of a ticket --- */

static void
test_lifecycle (void)
{
  FIXTURE (f);
  const char *t =
      fixture_file (&f, "karen", "Mobile banking is down", DESK_FIELD_TOPIC, "online-banking", -1);
  g_autoptr (DeskCase) found = NULL;

  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "jane", t, NULL, DESK_FIELD_ASSIGNEE,
                           fixture_uid (&f, "jane"), -1),
               FINE);
  assert_code (fixture_do (&f, DESK_KIND_REPLY, "jane", t, "What does it say?", DESK_FIELD_STATUS,
                           "waiting", -1),
               FINE);
  g_assert_cmpint (get_status (&f, t), ==, DESK_STATUS_WAITING);
  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "karen", t, "Service unavailable", -1), FINE);
  g_assert_cmpint (get_status (&f, t), ==, DESK_STATUS_OPEN);
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "jane", t, "The whole system needs a fix", -1),
               FINE);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "jane", t, NULL, DESK_FIELD_STATUS, "resolved",
                           DESK_FIELD_RESOLUTION, "Restarted", DESK_FIELD_STEPS, "Gateway", -1),
               FINE);
  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "karen", t, "Not yet", -1), FINE);
  g_assert_cmpint (get_status (&f, t), ==, DESK_STATUS_OPEN);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "jane", t, NULL, DESK_FIELD_STATUS, "resolved",
                           DESK_FIELD_RESOLUTION, "Restarted twice", -1),
               FINE);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "karen", t, NULL, DESK_FIELD_STATUS, "closed", -1),
               FINE);
  found = fixture_load (&f, "boss", t);
  g_assert_cmpint (found->ticket->status, ==, DESK_STATUS_CLOSED);
  g_assert_cmpstr (found->ticket->resolution, ==, "Restarted twice");
  g_assert_cmpstr (found->ticket->steps, ==, NULL);
  fixture_check (f.db);
}

static void
test_refusal_changes_nothing (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  g_autofree char *before = fixture_ask (f.db, "SELECT tx FROM desk");
  g_autofree char *after = NULL;

  assert_code (fixture_do (&f, DESK_KIND_REPLY, "karen", t, "I am an agent", -1),
               DESK_ERROR_NOT_ALLOWED);
  assert_code (fixture_do (&f, DESK_KIND_REPLY, "jane", t, "Not my department", -1),
               DESK_ERROR_NO_SUCH);
  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "stranger", t, "Not my ticket", -1),
               DESK_ERROR_NO_SUCH);
  after = fixture_ask (f.db, "SELECT tx FROM desk");
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM event"), ==, 1);
  fixture_check (f.db);
}

/* --- once --- */

static void
test_replay (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  g_autoptr (DeskOp) op = fixture_op (&f, DESK_KIND_REPLY, "john", t);
  g_autoptr (DeskReceipt) first = NULL;
  g_autoptr (DeskReceipt) second = NULL;
  GError *error = NULL;

  desk_op_set_text (op, "Which one?");
  desk_op_change (op, DESK_FIELD_STATUS, "waiting");
  desk_op_change (op, DESK_FIELD_TEAM, "night");
  first = fixture_receive (&f, "john", op, &error);
  g_assert_no_error (error);
  g_assert_false (first->replayed);
  g_assert_cmpuint (first->events->len, ==, 2);
  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "karen", t, "The old one", -1), FINE);

  second = fixture_receive (&f, "john", op, &error);
  g_assert_no_error (error);
  g_assert_true (second->replayed);
  g_assert_cmpuint (second->events->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const DeskEvent *a = first->events->pdata[i];
      const DeskEvent *b = second->events->pdata[i];

      g_assert_cmpstr (a->uid, ==, b->uid);
      g_assert_cmpint (a->no, ==, b->no);
      g_assert_cmpstr (b->cause, ==, op->uid);
    }
  g_assert_cmpint (second->ticket->no, ==, 4);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM event"), ==, 4);
  fixture_check (f.db);
}

static void
test_replay_of_filing (void)
{
  FIXTURE (f);
  g_autoptr (DeskOp) op = fixture_op (&f, DESK_KIND_CREATED, "karen", NULL);
  g_autoptr (DeskReceipt) first = NULL;
  g_autoptr (DeskReceipt) second = NULL;
  GError *error = NULL;

  desk_op_change (op, DESK_FIELD_SUMMARY, "Printer jams");
  first = fixture_receive (&f, "karen", op, &error);
  second = fixture_receive (&f, "karen", op, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->ticket->number, ==, second->ticket->number);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), ==, 1);
}

static void
test_uid_reused (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  DeskOp *op = fixture_op (&f, DESK_KIND_NOTE, "john", t);
  DeskOp *other = fixture_op (&f, DESK_KIND_NOTE, "john", t);
  DeskOp *theirs = fixture_op (&f, DESK_KIND_NOTE, "boss", t);
  DeskOp *same_ticket = fixture_op (&f, DESK_KIND_CREATED, "stranger", NULL);

  desk_op_set_text (op, "One");
  desk_op_set_text (other, "Two");
  desk_op_set_text (theirs, "One");
  g_free (other->uid);
  g_free (theirs->uid);
  g_free (same_ticket->ticket);
  other->uid = g_strdup (op->uid);
  theirs->uid = g_strdup (op->uid);
  same_ticket->ticket = g_strdup (t);
  desk_op_change (same_ticket, DESK_FIELD_SUMMARY, "Mine now");
  assert_code (fixture_submit (&f, "john", op), FINE);
  assert_code (fixture_submit (&f, "john", other), DESK_ERROR_UID_REUSED);
  assert_code (fixture_submit (&f, "boss", theirs), DESK_ERROR_UID_REUSED);
  assert_code (fixture_submit (&f, "stranger", same_ticket), DESK_ERROR_UID_REUSED);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM event"), ==, 2);
}

/* What was refused once stays refused, even when it would be accepted now: its author was told, and
 * sends anew. */
static void
test_refusal_remembered (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  g_autoptr (DeskOp) op = fixture_op (&f, DESK_KIND_CHANGE, "john", t);
  DeskOp *changed = desk_op_new (op->uid, t, DESK_KIND_NOTE, op->author);
  GError *error = NULL;

  desk_op_change (op, DESK_FIELD_STATUS, "open");
  desk_op_set_text (op, "It is open");
  assert_code (fixture_submit (&f, "john", desk_op_ref (op)), DESK_ERROR_WRONG_STATUS);
  assert_code (
      fixture_do (&f, DESK_KIND_REPLY, "john", t, "Which?", DESK_FIELD_STATUS, "waiting", -1),
      FINE);
  assert_code (fixture_submit (&f, "john", desk_op_ref (op)), DESK_ERROR_WRONG_STATUS);
  desk_op_set_text (changed, "Another content");
  assert_code (fixture_submit (&f, "john", changed), DESK_ERROR_UID_REUSED);
  g_assert_cmpint (get_status (&f, t), ==, DESK_STATUS_WAITING);

  desk_db_begin (f.db, &error);
  g_assert_true (desk_submit_sweep (f.db, f.now + 31 * DAY, &error));
  desk_db_commit (f.db, &error);
  g_assert_no_error (error);
  assert_code (fixture_submit (&f, "john", desk_op_ref (op)), FINE);
}

static void
test_nothing_to_change (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  g_autoptr (DeskOp) op = fixture_op (&f, DESK_KIND_CHANGE, "john", t);
  GError *error = NULL;

  desk_op_change (op, DESK_FIELD_PRIORITY, "normal");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (DeskReceipt) receipt = fixture_receive (&f, "john", op, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (receipt->events->len, ==, 0);
      g_assert_cmpint (receipt->replayed, ==, i);
      g_assert_cmpint (receipt->ticket->no, ==, 1);
    }
  /* The answer holds even when the op would change something now. */
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_PRIORITY, "low", -1),
               FINE);
  assert_code (fixture_submit (&f, "john", desk_op_ref (op)), FINE);
  g_assert_cmpint (fixture_count (f.db, "SELECT priority FROM ticket"), ==, DESK_PRIORITY_LOW);
}

/* Ids are UUIDs here, whatever core lets pass; a wrong one is not mistaken for another wrong
 * one. */
static void
test_wrong_ids (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  const char *number = get_number (&f, t);

  for (guint i = 0; i < 4; i++)
    {
      DeskOp *op =
          fixture_op (&f, i == 1 ? DESK_KIND_CREATED : DESK_KIND_REDACT, "boss", i == 1 ? NULL : t);

      if (i == 0 || i == 3)
        {
          g_free (op->uid);
          op->uid = g_strdup (i == 0 ? "one" : "two");
          op->target = g_strdup (t);
        }
      if (i == 1 || i == 2)
        {
          g_free (op->ticket);
          op->ticket = g_strdup (i == 1 ? "nonsense" : number);
          op->target = i == 2 ? g_strdup (t) : NULL;
        }
      if (i == 1)
        desk_op_change (op, DESK_FIELD_SUMMARY, "Nonsense");
      assert_code (fixture_submit (&f, "boss", op), DESK_ERROR_INVALID);
    }
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM receipt WHERE length (op) <> 16"),
                   ==, 0);
  fixture_check (f.db);
}

/* --- numbers --- */

static void
test_numbers_in_order (void)
{
  FIXTURE (f);

  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_FORMAT, "BK-###");
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_ORDER, "sequential");
  g_assert_cmpstr (get_number (&f, fixture_file (&f, "karen", "a", -1)), ==, "BK-001");
  g_assert_cmpstr (get_number (&f, fixture_file (&f, "karen", "b", -1)), ==, "BK-002");
  /* A refused one takes no number. */
  assert_code (fixture_submit (&f, "karen", fixture_op (&f, DESK_KIND_CREATED, "karen", NULL)),
               DESK_ERROR_MISSING);
  g_assert_cmpstr (get_number (&f, fixture_file (&f, "karen", "c", -1)), ==, "BK-003");
}

static void
test_numbers_of_topics (void)
{
  FIXTURE (f);

  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_FORMAT, "###");
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_ORDER, "sequential");
  fixture_set (&f, DESK_ENTRY_TOPIC, "online-banking", DESK_PROPERTY_NUMBER_FORMAT, "OB##");
  fixture_set (&f, DESK_ENTRY_TOPIC, "printing", DESK_PROPERTY_NUMBER_FORMAT, "###");
  g_assert_cmpstr (
      get_number (&f, fixture_file (&f, "karen", "a", DESK_FIELD_TOPIC, "online-banking", -1)), ==,
      "OB01");
  g_assert_cmpstr (get_number (&f, fixture_file (&f, "karen", "b", -1)), ==, "001");
  g_assert_cmpstr (get_number (&f, fixture_file (&f, "karen", "c", -1)), ==, "002");
  /* The topic counts for itself, and passes over what the desk gave away. */
  g_assert_cmpstr (
      get_number (&f, fixture_file (&f, "karen", "d", DESK_FIELD_TOPIC, "printing", -1)), ==,
      "003");
  g_assert_cmpstr (get_number (&f, fixture_file (&f, "karen", "e", -1)), ==, "004");
  g_assert_cmpstr (
      get_number (&f, fixture_file (&f, "karen", "f", DESK_FIELD_TOPIC, "online-banking", -1)), ==,
      "OB02");
}

static void
test_numbers_at_random (void)
{
  FIXTURE (f);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint in_order = 0;
  gint64 last = 0;

  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_FORMAT, "######");
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_ORDER, "random");
  for (guint i = 0; i < 50; i++)
    {
      const char *number = get_number (&f, fixture_file (&f, "karen", "a", -1));
      gint64 value = g_ascii_strtoll (number, NULL, 10);

      g_assert_cmpuint (strlen (number), ==, 6);
      g_assert_true (g_hash_table_add (seen, (gpointer) number));
      in_order += value == last + 1;
      last = value;
    }
  g_assert_cmpuint (in_order, <, 5);
}

static void
test_full_format_grows (void)
{
  FIXTURE (f);
  guint longer = 0;

  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_FORMAT, "#");
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_ORDER, "random");
  for (guint i = 0; i < 60; i++)
    longer += strlen (get_number (&f, fixture_file (&f, "karen", "a", -1))) > 1;
  g_assert_cmpuint (longer, >=, 50);
  g_assert_cmpint (fixture_count (f.db, "SELECT max (length (number)) FROM ticket"), <=, 3);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (DISTINCT number) FROM ticket"), ==, 60);
}

/* --- people --- */

static DeskPerson *
identify (Fixture *f, const char *login)
{
  GError *error = NULL;
  DeskPerson *person = desk_people_identify (f->db, login, NULL, &error);

  g_assert_no_error (error);
  return person;
}

static DeskOp *
new_filing (const DeskPerson *author, const char *summary)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *ticket = desk_uid_new ();
  DeskOp *op = desk_op_new (uid, ticket, DESK_KIND_CREATED, author->uid);

  desk_op_change (op, DESK_FIELD_SUMMARY, summary);
  op->at = NOW;
  return op;
}

static void
test_newcomer (void)
{
  FIXTURE (f);
  g_autoptr (DeskPerson) newcomer = identify (&f, "newcomer");
  g_autoptr (DeskOp) empty = new_filing (newcomer, "");
  g_autoptr (DeskOp) op = new_filing (newcomer, "Hello");
  g_autoptr (DeskReceipt) receipt = NULL;
  g_autoptr (DeskPerson) kept = NULL;
  GError *error = NULL;

  g_assert_cmpint (newcomer->role, ==, DESK_ROLE_REQUESTER);
  receipt = desk_submit (f.db, empty, newcomer, f.now, &error);
  g_assert_error (error, DESK_ERROR, DESK_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (desk_people_find_login (f.db, "newcomer", NULL));
  receipt = desk_submit (f.db, op, newcomer, f.now, &error);
  g_assert_no_error (error);
  kept = desk_people_find_login (f.db, "newcomer", NULL);
  g_assert_cmpstr (kept->uid, ==, newcomer->uid);
  g_assert_cmpstr (receipt->ticket->requester, ==, newcomer->uid);
  g_assert_cmpint (kept->revision, ==, 1);
}

/* Two programs meet the same newcomer before either knows of the other: one person in the end. */
static void
test_newcomer_twice (void)
{
  FIXTURE (f);
  g_autoptr (DeskPerson) here = identify (&f, "newcomer");
  g_autoptr (DeskPerson) there = identify (&f, "newcomer");
  g_autoptr (DeskOp) first = new_filing (here, "From here");
  g_autoptr (DeskOp) second = new_filing (there, "From there");
  GError *error = NULL;

  g_assert_cmpstr (here->uid, !=, there->uid);
  desk_op_set_text (second, "With a picture");
  desk_op_take_attachment (second, fixture_attachment (&f, "a.png", "picture", -1));
  for (guint i = 0; i < 3; i++)
    {
      const DeskPerson *author = i == 0 ? here : there;
      g_autoptr (DeskReceipt) receipt =
          desk_submit (f.db, i == 0 ? first : second, author, f.now, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (receipt->ticket->requester, ==, here->uid);
      g_assert_cmpstr (((DeskEvent *) receipt->events->pdata[0])->author, ==, here->uid);
      g_assert_cmpint (receipt->replayed, ==, i == 2);
    }
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM person WHERE login = 'newcomer'"),
                   ==, 1);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), ==, 2);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM attachment"), ==, 1);
  fixture_check (f.db);
}

static void
test_unknown_ticket (void)
{
  FIXTURE (f);
  g_autofree char *nowhere = desk_uid_new ();
  g_autofree char *uid = desk_uid_new ();
  DeskOp *op = desk_op_new (uid, nowhere, DESK_KIND_NOTE, fixture_uid (&f, "boss"));

  desk_op_set_text (op, "About nothing");
  assert_code (fixture_submit (&f, "boss", op), DESK_ERROR_NO_SUCH);
}

static void
test_login_taken (void)
{
  FIXTURE (f);
  g_autofree char *uid = desk_uid_new ();
  g_autoptr (DeskPerson) other = desk_person_new (uid, "karen", "Another", DESK_ROLE_REQUESTER);
  GError *error = NULL;

  g_assert_true (desk_db_begin (f.db, &error));
  g_assert_false (desk_people_save (f.db, other, 0, fixture_person (&f, "boss"), f.now, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_EXISTS);
  g_clear_error (&error);
  desk_db_rollback (f.db);
}

/* What somebody may do is what the desk says now, not what their window remembers. */
static void
test_rights_of_now (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  g_autoptr (DeskPerson) remembered = desk_person_copy (fixture_person (&f, "john"));
  g_autoptr (DeskOp) op = fixture_op (&f, DESK_KIND_NOTE, "john", t);
  g_autoptr (DeskOp) filing = fixture_op (&f, DESK_KIND_CREATED, "john", NULL);
  GError *error = NULL;

  desk_op_set_text (op, "I was just removed");
  desk_op_change (filing, DESK_FIELD_SUMMARY, "And file");
  fixture_change_person (&f, "john", DESK_ROLE_AGENT, "support", "", TRUE);
  g_assert_null (desk_submit (f.db, op, remembered, f.now, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_clear_error (&error);
  g_assert_null (desk_submit (f.db, filing, remembered, f.now, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NOT_ALLOWED);
  g_clear_error (&error);
}

static void
test_unknown_people_and_files (void)
{
  FIXTURE (f);
  g_autofree char *nobody = desk_uid_new ();
  DeskOp *op = fixture_op (&f, DESK_KIND_CREATED, "john", NULL);
  DeskOp *with_file = fixture_op (&f, DESK_KIND_CREATED, "john", NULL);
  DeskOp *wrong_size = fixture_op (&f, DESK_KIND_CREATED, "john", NULL);
  DeskAttachment *real = fixture_attachment (&f, "a.txt", "hello", -1);

  desk_op_change (op, DESK_FIELD_SUMMARY, "For nobody");
  desk_op_change (op, DESK_FIELD_REQUESTER, nobody);
  assert_code (fixture_submit (&f, "john", op), DESK_ERROR_NO_SUCH);

  desk_op_change (with_file, DESK_FIELD_SUMMARY, "With a file");
  desk_op_take_attachment (
      with_file,
      desk_attachment_new ("b.txt", "text/plain", 5,
                           "0000000000000000000000000000000000000000000000000000000000000000"));
  assert_code (fixture_submit (&f, "john", with_file), DESK_ERROR_NO_SUCH);

  desk_op_change (wrong_size, DESK_FIELD_SUMMARY, "With a file");
  real->size_bytes++;
  desk_op_take_attachment (wrong_size, real);
  assert_code (fixture_submit (&f, "john", wrong_size), DESK_ERROR_NO_SUCH);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), ==, 0);
}

/* An agent files for somebody else, who then owns it. */
static void
test_for_somebody_else (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "john", "Printer jams", DESK_FIELD_REQUESTER,
                                fixture_uid (&f, "karen"), -1);
  g_autoptr (DeskCase) karens = fixture_load (&f, "karen", t);
  g_autofree char *found = fixture_search (&f, "karen", "printer");

  g_assert_nonnull (karens);
  g_assert_cmpstr (found, ==, "Printer jams");
  g_assert_null (fixture_load (&f, "stranger", t));
}

/* --- conflicts --- */

static void
test_conflicts (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  DeskOp *johns = fixture_op (&f, DESK_KIND_CHANGE, "john", t);
  DeskOp *boss = fixture_op (&f, DESK_KIND_CHANGE, "boss", t);
  DeskOp *other_field = fixture_op (&f, DESK_KIND_CHANGE, "boss", t);
  DeskOp *same_value = fixture_op (&f, DESK_KIND_CHANGE, "boss", t);
  DeskOp *note = fixture_op (&f, DESK_KIND_NOTE, "boss", t);
  DeskOp *looked = NULL;

  desk_op_change (johns, DESK_FIELD_PRIORITY, "urgent");
  desk_op_change (boss, DESK_FIELD_PRIORITY, "low");
  desk_op_change (other_field, DESK_FIELD_SLA, "day");
  desk_op_change (same_value, DESK_FIELD_PRIORITY, "urgent");
  desk_op_set_text (note, "Hm");
  assert_code (fixture_submit (&f, "john", johns), FINE);
  assert_code (fixture_submit (&f, "boss", boss), DESK_ERROR_CONFLICT);
  assert_code (fixture_submit (&f, "boss", other_field), FINE);
  assert_code (fixture_submit (&f, "boss", same_value), FINE);
  assert_code (fixture_submit (&f, "boss", note), FINE);
  looked = fixture_op (&f, DESK_KIND_CHANGE, "boss", t);
  desk_op_change (looked, DESK_FIELD_PRIORITY, "low");
  assert_code (fixture_submit (&f, "boss", looked), FINE);
  fixture_check (f.db);
}

/* A requester's base counts public events; notes are no reason for a conflict. */
static void
test_conflicts_of_requesters (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  DeskOp *early = NULL;
  DeskOp *late = NULL;

  for (guint i = 0; i < 3; i++)
    assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "Among us", -1), FINE);
  early = fixture_op (&f, DESK_KIND_CHANGE, "karen", t);
  g_assert_cmpint (early->base, ==, 1);
  desk_op_change (early, DESK_FIELD_STATUS, "closed");
  assert_code (
      fixture_do (&f, DESK_KIND_REPLY, "john", t, "Which?", DESK_FIELD_STATUS, "waiting", -1),
      FINE);
  assert_code (fixture_submit (&f, "karen", early), DESK_ERROR_CONFLICT);
  late = fixture_op (&f, DESK_KIND_MESSAGE, "karen", t);
  late->base = 5;
  desk_op_set_text (late, "I cannot have seen that");
  assert_code (fixture_submit (&f, "karen", late), DESK_ERROR_INVALID);
}

/* --- order --- */

static void
test_clock_set_back (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "First", -1);
  const char *second = NULL;
  DeskView all = desk_view_of (DESK_VIEW_ALL);
  g_autoptr (DeskCase) found = NULL;
  g_autoptr (GArray) keys = NULL;
  g_autofree char *newest = NULL;
  GError *error = NULL;

  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "Before", -1), FINE);
  f.now -= HOUR;
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "After", -1), FINE);
  second = fixture_file (&f, "karen", "Second", -1);
  found = fixture_load (&f, "john", t);
  g_assert_cmpuint (found->events->len, ==, 3);
  g_assert_cmpstr (((DeskEvent *) found->events->pdata[1])->text, ==, "Before");
  g_assert_cmpstr (((DeskEvent *) found->events->pdata[2])->text, ==, "After");
  g_assert_cmpint (((DeskEvent *) found->events->pdata[2])->accepted_at, <,
                   ((DeskEvent *) found->events->pdata[1])->accepted_at);
  g_assert_cmpint (found->ticket->no, ==, 3);

  keys =
      desk_rows_keys (f.db, fixture_person (&f, "john"), &all, DESK_SORT_RECENT, 0, f.now, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 2);
  newest = ask_of (
      &f, "SELECT summary FROM ticket WHERE tx = (SELECT max (tx) FROM ticket) AND id =", second);
  g_assert_cmpstr (newest, ==, "Second");
  g_assert_cmpint (g_array_index (keys, DeskKey, 0).id, ==, 2);
  fixture_check (f.db);
}

/* --- taking out --- */

static void
redact (Fixture *f, const char *ticket, guint i)
{
  g_autoptr (DeskCase) found = fixture_load (f, "boss", ticket);
  DeskOp *op = fixture_op (f, DESK_KIND_REDACT, "boss", ticket);

  op->target = g_strdup (((DeskEvent *) found->events->pdata[i])->uid);
  assert_code (fixture_submit (f, "boss", op), FINE);
}

static void
assert_gone (Fixture *f, const char *word)
{
  static const char *const questions[] = {
    "SELECT count (*) FROM event WHERE text LIKE '%%%s%%' OR changes LIKE '%%%s%%'",
    "SELECT count (*) FROM ticket WHERE summary LIKE '%%%s%%' OR resolution LIKE '%%%s%%'",
    "SELECT count (*) FROM ticket WHERE steps LIKE '%%%s%%' OR recommendations LIKE '%%%s%%'",
    "SELECT count (*) FROM attachment WHERE name LIKE '%%%s%%' OR type LIKE '%%%s%%'",
    "SELECT count (*) FROM audit WHERE content LIKE '%%%s%%' OR subject LIKE '%%%s%%'",
    "SELECT count (*) FROM receipt WHERE message LIKE '%%%s%%' OR message LIKE '%%%s%%'",
    "SELECT count (*) FROM person WHERE name LIKE '%%%s%%' OR login LIKE '%%%s%%'",
    "SELECT count (*) FROM person WHERE email LIKE '%%%s%%'",
  };

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_auto (GStrv) parts = g_strsplit (questions[i], "%%%s%%", -1);
      g_autofree char *like = g_strdup_printf ("%%%s%%", word);
      g_autofree char *sql = g_strjoinv (like, parts);

      if (fixture_count (f->db, sql) != 0)
        g_error ("still there: %s", sql);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *found = fixture_search (f, i == 0 ? "boss" : "karen", word);
      g_assert_cmpstr (found, ==, "");
    }
}

static void
test_redact_text (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  DeskOp *op = fixture_op (&f, DESK_KIND_MESSAGE, "karen", t);
  g_autoptr (DeskCase) found = NULL;
  const DeskEvent *event;

  desk_op_set_text (op, "My password is zanzibar");
  desk_op_take_attachment (op, fixture_attachment (&f, "zanzibar.txt", "zanzibar", -1));
  assert_code (fixture_submit (&f, "karen", op), FINE);
  redact (&f, t, 1);
  assert_gone (&f, "zanzibar");
  found = fixture_load (&f, "karen", t);
  g_assert_cmpuint (found->events->len, ==, 3);
  event = found->events->pdata[1];
  g_assert_true (event->redacted);
  g_assert_null (event->text);
  g_assert_cmpuint (event->attachments->len, ==, 0);
  fixture_check (f.db);
}

/* Nobody refers to the content any more: it does not wait for the sweep. */
static void
test_redact_file (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  const char *other = fixture_file (&f, "stranger", "Same picture", -1);

  for (guint i = 0; i < 3; i++)
    {
      DeskOp *op =
          fixture_op (&f, DESK_KIND_MESSAGE, i < 2 ? "karen" : "stranger", i < 2 ? t : other);

      desk_op_take_attachment (op,
                               fixture_attachment (&f, "a.txt", i == 0 ? "alone" : "shared", -1));
      assert_code (fixture_submit (&f, i < 2 ? "karen" : "stranger", op), FINE);
    }
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 2);
  redact (&f, t, 1);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 1);
  redact (&f, t, 2);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 1);
  g_assert_cmpint (
      fixture_count (f.db, "SELECT count (*) FROM chunk WHERE data = CAST ('shared' AS BLOB)"), ==,
      1);
  fixture_check (f.db);
}

static void
test_redact_fields (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Card 4711 zanzibar is lost", -1);

  assert_code (
      fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_SUMMARY, "A card is lost", -1),
      FINE);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_STATUS, "resolved",
                           DESK_FIELD_RESOLUTION, "Called zanzibar", DESK_FIELD_STEPS,
                           "Dialled zanzibar", DESK_FIELD_RECOMMENDATIONS, "zanzibar", -1),
               FINE);
  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "karen", t, "Not yet", -1), FINE);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_STATUS, "resolved",
                           DESK_FIELD_RESOLUTION, "Sent another", -1),
               FINE);
  redact (&f, t, 0);
  redact (&f, t, 2);
  assert_gone (&f, "zanzibar");
  fixture_check (f.db);
}

/* The summary as it is now, of the event that gave it. */
static void
test_redact_newest_summary (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "zanzibar", -1);
  g_autofree char *found = NULL;

  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "A note about it", -1), FINE);
  redact (&f, t, 0);
  assert_gone (&f, "zanzibar");
  found = fixture_search (&f, "john", "note");
  g_assert_cmpstr (found, ==, "");
  fixture_check (f.db);
}

/* That there is a note is the agents' business, and so is that it was emptied. */
static void
test_redact_note (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  g_autofree char *before = ask_of (
      &f, "SELECT public_tx || ' ' || public_no || ' ' || public_at FROM ticket WHERE id =", t);
  g_autofree char *after = NULL;
  g_autoptr (DeskCase) karens = NULL;

  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "The zanzibar of it", -1), FINE);
  redact (&f, t, 1);
  assert_gone (&f, "zanzibar");
  after = ask_of (
      &f, "SELECT public_tx || ' ' || public_no || ' ' || public_at FROM ticket WHERE id =", t);
  g_assert_cmpstr (before, ==, after);
  karens = fixture_load (&f, "karen", t);
  g_assert_cmpuint (karens->events->len, ==, 1);
  fixture_check (f.db);
}

static void
test_redact_elsewhere (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  const char *other = fixture_file (&f, "karen", "Another", -1);
  g_autoptr (DeskCase) found = fixture_load (&f, "boss", other);
  DeskOp *op = fixture_op (&f, DESK_KIND_REDACT, "boss", t);
  DeskOp *johns = fixture_op (&f, DESK_KIND_REDACT, "john", other);

  op->target = g_strdup (((DeskEvent *) found->events->pdata[0])->uid);
  johns->target = g_strdup (op->target);
  assert_code (fixture_submit (&f, "boss", op), DESK_ERROR_NO_SUCH);
  assert_code (fixture_submit (&f, "john", johns), DESK_ERROR_NOT_ALLOWED);
}

static void
erase (Fixture *f, const char *uid)
{
  GError *error = NULL;

  desk_db_begin (f->db, &error);
  g_assert_true (desk_people_erase (f->db, uid, fixture_person (f, "boss"), f->now, &error));
  desk_db_commit (f->db, &error);
  g_assert_no_error (error);
}

static void
test_erase_person (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  g_autofree char *uid = g_strdup (fixture_uid (&f, "karen"));
  g_autoptr (DeskCase) found = NULL;
  g_autoptr (DeskPerson) again = NULL;
  g_autoptr (DeskPerson) back = NULL;
  const DeskPerson *karen;
  GError *error = NULL;

  fixture_change_person (&f, "karen", DESK_ROLE_REQUESTER, "", "", FALSE);
  erase (&f, uid);
  g_assert_cmpint (
      fixture_count (f.db, "SELECT count (*) FROM person WHERE login = 'karen' OR name = 'karen'"),
      ==, 0);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM audit WHERE content LIKE '%karen%'"),
                   ==, 0);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM erased"), ==, 1);
  found = fixture_load (&f, "john", t);
  karen = desk_case_find_person (found, found->ticket->requester);
  g_assert_nonnull (karen);
  g_assert_null (karen->name);
  g_assert_true (karen->removed);

  /* The same login later is somebody else. */
  again = identify (&f, "karen");
  g_assert_cmpstr (again->uid, !=, uid);
  /* And nobody brings the first one back. */
  back = desk_person_copy (karen);
  back->login = g_strdup ("karen");
  back->removed = FALSE;
  desk_db_begin (f.db, &error);
  g_assert_false (
      desk_people_save (f.db, back, back->revision, fixture_person (&f, "boss"), f.now, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_clear_error (&error);
  desk_db_rollback (f.db);
  fixture_check (f.db);
}

static void
test_last_administrator (void)
{
  FIXTURE (f);
  GError *error = NULL;

  desk_db_begin (f.db, &error);
  g_assert_false (desk_people_erase (f.db, fixture_uid (&f, "boss"), fixture_person (&f, "boss"),
                                     f.now, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
  g_clear_error (&error);
  desk_db_rollback (f.db);
}

/* --- read and unread --- */

static gboolean
is_unread (Fixture *f, const char *login, gint64 id)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = desk_rows_load (f->db, fixture_person (f, login), &id, 1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rows->pdata[0]);
  return ((DeskRow *) rows->pdata[0])->unread;
}

static void
mark_seen (Fixture *f, const char *login, const char *ticket, gint64 no)
{
  GError *error = NULL;

  desk_db_begin (f->db, &error);
  g_assert_true (desk_tickets_mark_seen (f->db, fixture_person (f, login), ticket, no, &error));
  desk_db_commit (f->db, &error);
  g_assert_no_error (error);
}

static void
test_unread (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  g_autoptr (DeskCase) karens = NULL;
  DeskOp *blind = NULL;

  g_assert_true (is_unread (&f, "john", 1));
  g_assert_false (is_unread (&f, "karen", 1));
  mark_seen (&f, "john", t, 1);
  g_assert_false (is_unread (&f, "john", 1));
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "Mine", -1), FINE);
  g_assert_false (is_unread (&f, "john", 1));
  g_assert_false (is_unread (&f, "karen", 1));
  /* Nobody reads what they have not seen by writing something themselves. */
  blind = fixture_op (&f, DESK_KIND_NOTE, "boss", t);
  assert_code (fixture_do (&f, DESK_KIND_REPLY, "john", t, "A reply", -1), FINE);
  desk_op_set_text (blind, "Written meanwhile");
  assert_code (fixture_submit (&f, "boss", blind), FINE);
  g_assert_true (is_unread (&f, "boss", 1));
  g_assert_true (is_unread (&f, "karen", 1));
  /* A requester's counting has no holes that tell of notes, whatever they claim to have read. */
  mark_seen (&f, "karen", t, 1000);
  karens = fixture_load (&f, "karen", t);
  g_assert_cmpint (karens->seen_no, ==, 2);
  g_assert_false (is_unread (&f, "karen", 1));
  /* It never goes back. */
  mark_seen (&f, "karen", t, 1);
  g_assert_false (is_unread (&f, "karen", 1));
}

/* --- bad input --- */

static void
test_bad_text (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Tab\there, line\nbreak, \x1b[31m, <b>&amp;", -1);
  g_autofree char *huge = g_strnfill (10 * 1024 * 1024, 'x');
  g_autofree char *wide = g_strnfill (5000, 'w');
  g_autoptr (DeskCase) found = fixture_load (&f, "karen", t);

  g_assert_cmpstr (found->ticket->summary, ==, "Tab here, line break, [31m, <b>&amp;");
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "\xff\xfe", -1), DESK_ERROR_NOT_TEXT);
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, huge, -1), DESK_ERROR_TOO_LONG);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_SUMMARY, wide, -1),
               DESK_ERROR_TOO_LONG);
  assert_code (
      fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_SUMMARY, "\xc3\x28", -1),
      DESK_ERROR_NOT_TEXT);
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "'; DROP TABLE ticket; -- \\ \t\\N", -1),
               FINE);
  fixture_check (f.db);
}

/* --- saving the catalogue --- */

static void
test_catalogue_base (void)
{
  FIXTURE (f);
  const DeskEntry *topic =
      desk_catalogue_find (desk_db_get_catalogue (f.db, NULL), DESK_ENTRY_TOPIC, "printing");
  g_autoptr (DeskEntry) mine = desk_entry_copy (topic);
  g_autoptr (DeskEntry) theirs = desk_entry_copy (topic);
  GError *error = NULL;

  desk_db_begin (f.db, &error);
  g_assert_true (desk_entries_save (f.db, mine, 1, fixture_person (&f, "boss"), f.now, &error));
  g_assert_false (desk_entries_save (f.db, theirs, 1, fixture_person (&f, "boss"), f.now, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (desk_entries_save (f.db, theirs, 2, fixture_person (&f, "john"), f.now, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NOT_ALLOWED);
  g_clear_error (&error);
  desk_db_rollback (f.db);
  /* What was rolled back is not in the catalogue that was read inside. */
  topic = desk_catalogue_find (desk_db_get_catalogue (f.db, NULL), DESK_ENTRY_TOPIC, "printing");
  g_assert_cmpint (topic->revision, ==, 1);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/submit/whole-life", test_lifecycle);
  g_test_add_func ("/submit/refusal-changes-nothing", test_refusal_changes_nothing);
  g_test_add_func ("/submit/same-op-again", test_replay);
  g_test_add_func ("/submit/same-filing-again", test_replay_of_filing);
  g_test_add_func ("/submit/uid-reused", test_uid_reused);
  g_test_add_func ("/submit/refusal-remembered", test_refusal_remembered);
  g_test_add_func ("/submit/nothing-to-change", test_nothing_to_change);
  g_test_add_func ("/submit/wrong-ids", test_wrong_ids);
  g_test_add_func ("/submit/numbers-in-order", test_numbers_in_order);
  g_test_add_func ("/submit/numbers-of-topics", test_numbers_of_topics);
  g_test_add_func ("/submit/numbers-at-random", test_numbers_at_random);
  g_test_add_func ("/submit/full-format-grows", test_full_format_grows);
  g_test_add_func ("/submit/newcomer", test_newcomer);
  g_test_add_func ("/submit/newcomer-twice", test_newcomer_twice);
  g_test_add_func ("/submit/unknown-ticket", test_unknown_ticket);
  g_test_add_func ("/submit/login-taken", test_login_taken);
  g_test_add_func ("/submit/rights-of-now", test_rights_of_now);
  g_test_add_func ("/submit/unknown-people-and-files", test_unknown_people_and_files);
  g_test_add_func ("/submit/for-somebody-else", test_for_somebody_else);
  g_test_add_func ("/submit/conflicts", test_conflicts);
  g_test_add_func ("/submit/conflicts-of-requesters", test_conflicts_of_requesters);
  g_test_add_func ("/submit/clock-set-back", test_clock_set_back);
  g_test_add_func ("/submit/redact-text", test_redact_text);
  g_test_add_func ("/submit/redact-file", test_redact_file);
  g_test_add_func ("/submit/redact-fields", test_redact_fields);
  g_test_add_func ("/submit/redact-newest-summary", test_redact_newest_summary);
  g_test_add_func ("/submit/redact-note", test_redact_note);
  g_test_add_func ("/submit/redact-elsewhere", test_redact_elsewhere);
  g_test_add_func ("/submit/erase-person", test_erase_person);
  g_test_add_func ("/submit/last-administrator", test_last_administrator);
  g_test_add_func ("/submit/unread", test_unread);
  g_test_add_func ("/submit/bad-text", test_bad_text);
  g_test_add_func ("/submit/catalogue-base", test_catalogue_base);
  return g_test_run ();
}
