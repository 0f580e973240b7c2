/* SPDX-License-Identifier: GPL-3.0-or-later
 * What becomes of ops: intake, the lifecycle, the clock, conflicts, audiences, bad input. */
#include "fixture.h"

#include <string.h>

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
assert_field (const DeskTicket *ticket, DeskField field, const char *value)
{
  g_autofree char *got = desk_ticket_dup_field (ticket, field);

  g_assert_cmpstr (got, ==, value);
}

static void
assert_change (const DeskEvent *event, DeskField field, const char *from, const char *to)
{
  const DeskChange *change = desk_changes_find (event->changes, field);

  g_assert_nonnull (change);
  g_assert_cmpstr (change->from, ==, from);
  g_assert_cmpstr (change->to, ==, to);
}

static void
assert_no_change (const DeskEvent *event, DeskField field)
{
  g_assert_null (desk_changes_find (event->changes, field));
}

/* --- intake --- */

static const struct
{
  const char *name;
  const char *author;
  const char *topic;
  const char *asked_department, *asked_sla, *asked_assignee, *asked_team, *asked_priority;
  const char *department, *sla, *assignee, *team, *priority; /* expected */
} intakes[] = {
  { "nothing", "karen", .department = "staff-it", .priority = "normal" },
  { "plain-topic", "karen", "plain", .department = "staff-it", .priority = "normal" },
  { "topic", "karen", "mobile", .department = "online-banking", .sla = "rush", .assignee = "jane",
    .team = "night", .priority = "high" },
  { "stale-topic", "karen", "stale", .department = "staff-it", .priority = "normal" },
  { "op", "john", "mobile", "staff-it", "day", "john", NULL, "urgent", "staff-it", "day", "john",
    "night", "urgent" },
  { "department-brings-plan", "john", "plain", "online-banking", .department = "online-banking",
    .sla = "day", .priority = "normal" },
};

static void
test_cascade (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_auto (Play) play = { 0 };
  DeskOp *op;

  play_start_empty (&play, fixture_catalogue ());
  op = play_new_op (&play, DESK_KIND_CREATED, intakes[i].author);
  desk_op_change (op, DESK_FIELD_SUMMARY, "  It \n broke ");
  desk_op_change (op, DESK_FIELD_TOPIC, intakes[i].topic);
  desk_op_change (op, DESK_FIELD_DEPARTMENT, intakes[i].asked_department);
  desk_op_change (op, DESK_FIELD_SLA, intakes[i].asked_sla);
  desk_op_change (op, DESK_FIELD_ASSIGNEE, intakes[i].asked_assignee);
  desk_op_change (op, DESK_FIELD_TEAM, intakes[i].asked_team);
  desk_op_change (op, DESK_FIELD_PRIORITY, intakes[i].asked_priority);
  assert_code (play_op (&play, op), FINE);

  assert_field (play.ticket, DESK_FIELD_SUMMARY, "It broke");
  assert_field (play.ticket, DESK_FIELD_REQUESTER, intakes[i].author);
  assert_field (play.ticket, DESK_FIELD_STATUS, "open");
  assert_field (play.ticket, DESK_FIELD_DEPARTMENT, intakes[i].department);
  assert_field (play.ticket, DESK_FIELD_SLA, intakes[i].sla);
  assert_field (play.ticket, DESK_FIELD_ASSIGNEE, intakes[i].assignee);
  assert_field (play.ticket, DESK_FIELD_TEAM, intakes[i].team);
  assert_field (play.ticket, DESK_FIELD_PRIORITY, intakes[i].priority);
  g_assert_cmpint (play.ticket->running_since, ==, NOW);
  g_assert_cmpint (play.ticket->created_at, ==, NOW);
  g_assert_null (play.ticket->number);
}

static void
test_intake_events (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  g_assert_cmpuint (play_count_last (&play), ==, 2);

  g_assert_cmpint (play_last (&play, 0)->kind, ==, DESK_KIND_CREATED);
  g_assert_cmpstr (play_last (&play, 0)->text, ==, "It says “Service unavailable”.");
  assert_change (play_last (&play, 0), DESK_FIELD_STATUS, NULL, "open");
  assert_change (play_last (&play, 0), DESK_FIELD_PRIORITY, NULL, "high");
  assert_change (play_last (&play, 0), DESK_FIELD_SLA, NULL, "rush");
  assert_change (play_last (&play, 0), DESK_FIELD_TARGET_SECS, NULL, "14400");
  assert_change (play_last (&play, 0), DESK_FIELD_DUE_AT, NULL, "1790014400");
  assert_no_change (play_last (&play, 0), DESK_FIELD_TEAM);

  g_assert_cmpint (play_last (&play, 1)->kind, ==, DESK_KIND_CHANGE);
  g_assert_cmpuint (play_last (&play, 1)->changes->len, ==, 1);
  g_assert_null (play_last (&play, 1)->text);
  assert_change (play_last (&play, 1), DESK_FIELD_TEAM, NULL, "night");
}

static const struct
{
  const char *name;
  const char *author;
  DeskField field;
  const char *value;
  int code;
} intake_refusals[] = {
  { "no-summary", "karen", DESK_FIELD_SUMMARY, NULL, DESK_ERROR_MISSING },
  { "blank-summary", "karen", DESK_FIELD_SUMMARY, " \t\n\u200b ", DESK_ERROR_MISSING },
  { "binary-summary", "karen", DESK_FIELD_SUMMARY, "a\xff", DESK_ERROR_NOT_TEXT },
  { "unknown-topic", "karen", DESK_FIELD_TOPIC, "nonsense", DESK_ERROR_NO_SUCH },
  { "removed-topic", "karen", DESK_FIELD_TOPIC, "lost", DESK_ERROR_NO_SUCH },
  { "binary-topic", "karen", DESK_FIELD_TOPIC, "\xff\xfe", DESK_ERROR_NOT_TEXT },
  { "requester-chooses-department", "karen", DESK_FIELD_DEPARTMENT, "fraud",
    DESK_ERROR_NOT_ALLOWED },
  { "requester-chooses-team", "karen", DESK_FIELD_TEAM, "night", DESK_ERROR_NOT_ALLOWED },
  { "requester-chooses-assignee", "karen", DESK_FIELD_ASSIGNEE, "john", DESK_ERROR_NOT_ALLOWED },
  { "requester-chooses-sla", "karen", DESK_FIELD_SLA, "rush", DESK_ERROR_NOT_ALLOWED },
  { "requester-chooses-priority", "karen", DESK_FIELD_PRIORITY, "urgent", DESK_ERROR_NOT_ALLOWED },
  { "requester-files-for-another", "karen", DESK_FIELD_REQUESTER, "stranger",
    DESK_ERROR_NOT_ALLOWED },
  { "requester-files-for-herself", "karen", DESK_FIELD_REQUESTER, "karen", FINE },
  { "agent-files-for-another", "john", DESK_FIELD_REQUESTER, "stranger", FINE },
  { "agent-chooses-private", "john", DESK_FIELD_DEPARTMENT, "fraud", FINE },
  { "removed-department", "john", DESK_FIELD_DEPARTMENT, "attic", DESK_ERROR_NO_SUCH },
  { "removed-sla", "john", DESK_FIELD_SLA, "never", DESK_ERROR_NO_SUCH },
  { "removed-team", "john", DESK_FIELD_TEAM, "ghosts", DESK_ERROR_NO_SUCH },
  { "removed-assignee", "john", DESK_FIELD_ASSIGNEE, "gone", DESK_ERROR_INVALID },
  { "requester-as-assignee", "john", DESK_FIELD_ASSIGNEE, "karen", DESK_ERROR_INVALID },
  { "unknown-priority", "john", DESK_FIELD_PRIORITY, "blocker", DESK_ERROR_INVALID },
  { "number", "administrator", DESK_FIELD_NUMBER, "1", DESK_ERROR_INVALID },
  { "status", "administrator", DESK_FIELD_STATUS, "closed", DESK_ERROR_INVALID },
  { "resolution", "administrator", DESK_FIELD_RESOLUTION, "x", DESK_ERROR_INVALID },
  { "due-at", "administrator", DESK_FIELD_DUE_AT, "1", DESK_ERROR_INVALID },
  { "removed-author", "gone", DESK_FIELD_TOPIC, NULL, DESK_ERROR_NOT_ALLOWED },
};

static void
test_intake_refusal (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_auto (Play) play = { 0 };
  DeskOp *op;

  play_start_empty (&play, fixture_catalogue ());
  op = play_new_op (&play, DESK_KIND_CREATED, intake_refusals[i].author);
  desk_op_change (op, DESK_FIELD_SUMMARY, "It broke");
  desk_op_change (op, intake_refusals[i].field, intake_refusals[i].value);
  assert_code (play_op (&play, op), intake_refusals[i].code);
}

static void
test_requester_priority (void)
{
  g_auto (Play) play = { 0 };

  play_start_empty (&play, fixture_catalogue_with (DESK_PROPERTY_REQUESTER_PRIORITY, "yes"));
  assert_code (submit (&play, DESK_KIND_CREATED, "karen", NULL, DESK_FIELD_SUMMARY, "It broke",
                       DESK_FIELD_PRIORITY, "urgent", -1),
               FINE);
  assert_field (play.ticket, DESK_FIELD_PRIORITY, "urgent");
}

static void
test_desk_without_department (void)
{
  g_auto (Play) play = { 0 };

  play_start_empty (&play, fixture_catalogue_with (DESK_PROPERTY_DEPARTMENT, "attic"));
  assert_code (submit (&play, DESK_KIND_CREATED, "karen", NULL, DESK_FIELD_SUMMARY, "It broke", -1),
               DESK_ERROR_MISSING);
}

/* --- lifecycle --- */

#define OK   FINE
#define WS   DESK_ERROR_WRONG_STATUS
#define NA   DESK_ERROR_NOT_ALLOWED
#define LATE DESK_ERROR_CLOSED

static const struct
{
  const char *name;
  const char *author;
  gint64 later;                                /* how long after the ticket came into its status */
  int codes[DESK_N_STATUSES][DESK_N_STATUSES]; /* from, to */
} lifecycles[] = {
  { "agent",
    "jane",
    HOUR,
    { { OK, OK, OK, OK }, { OK, OK, OK, OK }, { OK, WS, OK, OK }, { OK, WS, WS, OK } } },
  { "administrator",
    "administrator",
    HOUR,
    { { OK, OK, OK, OK }, { OK, OK, OK, OK }, { OK, WS, OK, OK }, { OK, WS, WS, OK } } },
  { "requester",
    "karen",
    HOUR,
    { { OK, NA, NA, OK }, { WS, OK, NA, WS }, { OK, NA, OK, OK }, { OK, NA, NA, OK } } },
  { "requester-on-the-last-day",
    "karen",
    14 * DAY,
    { { OK, NA, NA, OK }, { WS, OK, NA, WS }, { OK, NA, OK, OK }, { OK, NA, NA, OK } } },
  { "requester-too-late",
    "karen",
    14 * DAY + 1,
    { { OK, NA, NA, OK }, { WS, OK, NA, WS }, { OK, NA, OK, OK }, { LATE, NA, NA, OK } } },
  { "agent-much-later",
    "jane",
    1000 * DAY,
    { { OK, OK, OK, OK }, { OK, OK, OK, OK }, { OK, WS, OK, OK }, { OK, WS, WS, OK } } },
};

/* An op with all that the move could need. */
static DeskOp *
new_move (Play *play, const char *author, DeskStatus to)
{
  DeskOp *op = play_new_op (play, DESK_KIND_CHANGE, author);

  desk_op_change (op, DESK_FIELD_STATUS, desk_enum_get_nick (DESK_TYPE_STATUS, (int) to));
  if (to != play->ticket->status)
    desk_op_set_text (op, "Because");
  if (to == DESK_STATUS_RESOLVED && play->ticket->status != to)
    desk_op_change (op, DESK_FIELD_RESOLUTION, "Plugged it in");
  return op;
}

static void
test_lifecycle (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  for (DeskStatus from = 0; from < DESK_N_STATUSES; from++)
    for (DeskStatus to = 0; to < DESK_N_STATUSES; to++)
      {
        g_auto (Play) play = { 0 };
        gint64 no;

        play_start (&play, fixture_catalogue ());
        play_to_status (&play, from);
        play.now += lifecycles[i].later;
        no = play.ticket->no;
        g_test_message ("%u to %u", from, to);
        assert_code (play_op (&play, new_move (&play, lifecycles[i].author, to)),
                     lifecycles[i].codes[from][to]);
        if (lifecycles[i].codes[from][to] == FINE)
          g_assert_cmpint (play.ticket->status, ==, to);
        if (lifecycles[i].codes[from][to] != FINE || from == to)
          g_assert_cmpint (play.ticket->no, ==, no);
      }
}

static void
test_message_reopens (void)
{
  for (DeskStatus from = 0; from < DESK_N_STATUSES; from++)
    {
      g_auto (Play) play = { 0 };

      play_start (&play, fixture_catalogue ());
      play_to_status (&play, from);
      play.now += DAY;
      assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "Still broken", -1), FINE);
      g_assert_cmpint (play.ticket->status, ==, DESK_STATUS_OPEN);
      g_assert_cmpuint (play_count_last (&play), ==, 1);
      g_assert_cmpint (play_last (&play, 0)->kind, ==, DESK_KIND_MESSAGE);
      g_assert_cmpint (desk_changes_find (play_last (&play, 0)->changes, DESK_FIELD_STATUS) != NULL,
                       ==, from != DESK_STATUS_OPEN);
    }
}

static void
test_message_after_the_window (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  play_to_status (&play, DESK_STATUS_CLOSED);
  play.now += 14 * DAY + 1;
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "Again", -1), DESK_ERROR_CLOSED);
  assert_code (submit (&play, DESK_KIND_REPLY, "jane", "How are you?", -1), FINE);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "open", -1), FINE);
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "Again", -1), FINE);
}

static void
test_message_that_confirms (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  play_to_status (&play, DESK_STATUS_RESOLVED);
  assert_code (
      submit (&play, DESK_KIND_MESSAGE, "karen", "Thanks", DESK_FIELD_STATUS, "closed", -1), FINE);
  g_assert_cmpint (play.ticket->status, ==, DESK_STATUS_CLOSED);
  g_assert_cmpstr (play_last (&play, 0)->text, ==, "Thanks");

  /* Said again, it does not open what it wanted closed. */
  assert_code (
      submit (&play, DESK_KIND_MESSAGE, "karen", "Thanks", DESK_FIELD_STATUS, "closed", -1), FINE);
  g_assert_cmpint (play.ticket->status, ==, DESK_STATUS_CLOSED);
}

/* To ask for what a message does anyway changes nothing about it. */
static void
test_message_that_asks_to_open (void)
{
  g_auto (Play) play = { 0 };
  DeskOp *late;

  play_start (&play, fixture_catalogue ());
  play_to_status (&play, DESK_STATUS_WAITING);
  assert_code (
      submit (&play, DESK_KIND_MESSAGE, "karen", "Error 500", DESK_FIELD_STATUS, "open", -1), FINE);
  g_assert_cmpint (play.ticket->status, ==, DESK_STATUS_OPEN);

  late = play_new_op (&play, DESK_KIND_MESSAGE, "karen");
  desk_op_set_text (late, "Not yet");
  desk_op_change (late, DESK_FIELD_STATUS, "open");
  play_to_status (&play, DESK_STATUS_RESOLVED);
  assert_code (play_op (&play, late), FINE);
  g_assert_cmpint (play.ticket->status, ==, DESK_STATUS_OPEN);
}

static void
test_messages_bring_little (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (
      submit (&play, DESK_KIND_MESSAGE, "karen", "Hurry", DESK_FIELD_PRIORITY, "urgent", -1),
      DESK_ERROR_NOT_ALLOWED);
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "Wait", DESK_FIELD_STATUS, "waiting", -1),
               DESK_ERROR_NOT_ALLOWED);
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", " ", -1), DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_MESSAGE, "jane", "Hello", -1), DESK_ERROR_NOT_ALLOWED);
  assert_code (submit (&play, DESK_KIND_REPLY, "karen", "Hello", -1), DESK_ERROR_NOT_ALLOWED);
  assert_code (submit (&play, DESK_KIND_NOTE, "karen", "Hello", -1), DESK_ERROR_NOT_ALLOWED);
  assert_code (submit (&play, DESK_KIND_CHANGE, "karen", NULL, DESK_FIELD_PRIORITY, "low", -1),
               DESK_ERROR_NOT_ALLOWED);
  assert_code (submit (&play, DESK_KIND_MESSAGE, "stranger", "Hello", -1), DESK_ERROR_NO_SUCH);
  assert_code (submit (&play, DESK_KIND_NOTE, "john", "Hello", -1), DESK_ERROR_NO_SUCH);
}

/* A requester must not get text in among the agents by way of a change that changes nothing. */
static void
test_change_without_effect (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_CHANGE, "karen", "Psst", -1), DESK_ERROR_WRONG_STATUS);
  assert_code (submit (&play, DESK_KIND_CHANGE, "karen", "Psst", DESK_FIELD_PRIORITY, "high", -1),
               DESK_ERROR_WRONG_STATUS);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_PRIORITY, "high", -1),
               FINE);
  g_assert_cmpuint (play_count_last (&play), ==, 0);
  play_to_status (&play, DESK_STATUS_CLOSED);
  assert_code (
      submit (&play, DESK_KIND_CHANGE, "administrator", "Spam", DESK_FIELD_STATUS, "closed", -1),
      DESK_ERROR_WRONG_STATUS);
}

static void
test_moves_need_words (void)
{
  g_auto (Play) play = { 0 };
  DeskOp *op;

  play_start (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "waiting", -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_NOTE, "jane", "Ask her", DESK_FIELD_STATUS, "waiting", -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "closed", -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_NOTE, "jane", "Spam", DESK_FIELD_STATUS, "closed", -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_REPLY, "jane", "Done", DESK_FIELD_STATUS, "resolved", -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_REPLY, "jane", "Done", DESK_FIELD_STATUS, "resolved",
                       DESK_FIELD_RESOLUTION, " \n ", -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_RESOLUTION, "Done", -1),
               DESK_ERROR_INVALID);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", "x", DESK_FIELD_STATUS, "closed",
                       DESK_FIELD_STEPS, "Done", -1),
               DESK_ERROR_INVALID);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_SUMMARY, "", -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_DEPARTMENT, NULL, -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_REQUESTER, "john", -1),
               DESK_ERROR_INVALID);

  /* A file is not a question. */
  op = play_new_op (&play, DESK_KIND_REPLY, "jane");
  desk_op_take_attachment (op, desk_attachment_new ("a", "text/plain", 1, SHA));
  desk_op_change (op, DESK_FIELD_STATUS, "waiting");
  assert_code (play_op (&play, op), DESK_ERROR_MISSING);
}

static void
test_closed_is_left_alone (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  play_to_status (&play, DESK_STATUS_CLOSED);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_PRIORITY, "low", -1),
               DESK_ERROR_WRONG_STATUS);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_ASSIGNEE, "john", -1),
               DESK_ERROR_WRONG_STATUS);
  assert_code (
      submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_DEPARTMENT, "staff-it", -1),
      DESK_ERROR_WRONG_STATUS);
  assert_code (submit (&play, DESK_KIND_NOTE, "jane", "For later", -1), FINE);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "open",
                       DESK_FIELD_PRIORITY, "low", -1),
               FINE);
}

static void
test_resolution_is_whole (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "resolved",
                       DESK_FIELD_RESOLUTION, "First", DESK_FIELD_STEPS, "Looked\r\nagain", -1),
               FINE);
  assert_field (play.ticket, DESK_FIELD_STEPS, "Looked\nagain");
  assert_code (submit (&play, DESK_KIND_CHANGE, "karen", NULL, DESK_FIELD_STATUS, "open", -1),
               FINE);
  assert_field (play.ticket, DESK_FIELD_RESOLUTION, "First");
  assert_field (play.ticket, DESK_FIELD_RESOLVED_AT, NULL);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "resolved",
                       DESK_FIELD_RESOLUTION, "Second", -1),
               FINE);
  assert_field (play.ticket, DESK_FIELD_STEPS, NULL);

  /* Resolved is resolved: the same again is nothing, other words need it open. */
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "resolved",
                       DESK_FIELD_RESOLUTION, "Second", -1),
               FINE);
  g_assert_cmpuint (play_count_last (&play), ==, 0);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "resolved",
                       DESK_FIELD_RESOLUTION, "Third", -1),
               DESK_ERROR_WRONG_STATUS);
}

/* An agent who filed the ticket confirms and withdraws as its requester, without a reason. */
static void
test_requester_and_agent_in_one (void)
{
  g_auto (Play) play = { 0 };

  play_start_empty (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_CREATED, "john", NULL, DESK_FIELD_SUMMARY, "My chair", -1),
               FINE);
  assert_code (submit (&play, DESK_KIND_MESSAGE, "john", "It squeaks", -1), FINE);
  assert_code (submit (&play, DESK_KIND_NOTE, "john", "Quietly", -1), FINE);
  assert_code (
      submit (&play, DESK_KIND_REPLY, "john", "Which chair?", DESK_FIELD_STATUS, "waiting", -1),
      FINE);
  assert_code (submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_STATUS, "closed", -1),
               DESK_ERROR_MISSING);
  assert_code (submit (&play, DESK_KIND_MESSAGE, "john", "Mine", -1), FINE);
  g_assert_cmpint (play.ticket->status, ==, DESK_STATUS_OPEN);
  assert_code (submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_STATUS, "closed", -1),
               FINE);
}

/* --- consequences --- */

static void
test_clock (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ()); /* rush: 4 hours */
  g_assert_cmpint (play.ticket->due_at, ==, NOW + 4 * HOUR);

  play.now = NOW + HOUR;
  play_to_status (&play, DESK_STATUS_WAITING);
  g_assert_cmpint (play.ticket->spent_secs, ==, HOUR);
  g_assert_cmpint (play.ticket->due_at, ==, 0);

  play.now = NOW + 10 * HOUR;
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "This one", -1), FINE);
  g_assert_cmpint (play.ticket->spent_secs, ==, HOUR);
  g_assert_cmpint (play.ticket->due_at, ==, NOW + 13 * HOUR);

  play.now = NOW + 12 * HOUR;
  play_to_status (&play, DESK_STATUS_RESOLVED);
  g_assert_cmpint (play.ticket->spent_secs, ==, 3 * HOUR);
  g_assert_cmpint (play.ticket->resolved_at, ==, play.now);

  play.now = NOW + 20 * HOUR;
  assert_code (submit (&play, DESK_KIND_CHANGE, "karen", NULL, DESK_FIELD_STATUS, "open", -1),
               FINE);
  g_assert_cmpint (play.ticket->due_at, ==, NOW + 21 * HOUR);

  play.now = NOW + 22 * HOUR;
  play_to_status (&play, DESK_STATUS_CLOSED);
  g_assert_cmpint (play.ticket->spent_secs, ==, 5 * HOUR);

  /* From closed it begins anew. */
  play.now = NOW + 30 * HOUR;
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "Again", -1), FINE);
  g_assert_cmpint (play.ticket->spent_secs, ==, 0);
  g_assert_cmpint (play.ticket->due_at, ==, NOW + 34 * HOUR);
  g_assert_cmpint (play.ticket->closed_at, ==, 0);
}

static void
test_clock_set_back (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  play.now = NOW - HOUR;
  play_to_status (&play, DESK_STATUS_WAITING);
  g_assert_cmpint (play.ticket->spent_secs, ==, 0);
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "This one", -1), FINE);
  g_assert_cmpint (play.ticket->due_at, ==, NOW + 3 * HOUR);
}

static void
test_plan_changes (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  play.now = NOW + HOUR;
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_SLA, "day", -1), FINE);
  g_assert_cmpint (play.ticket->target_secs, ==, DAY);
  g_assert_cmpint (play.ticket->due_at, ==, NOW + DAY);

  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_SLA, NULL, -1), FINE);
  g_assert_cmpint (play.ticket->target_secs, ==, 0);
  g_assert_cmpint (play.ticket->due_at, ==, 0);
  play.now = NOW + 2 * HOUR;
  play_to_status (&play, DESK_STATUS_WAITING);
  g_assert_cmpint (play.ticket->spent_secs, ==, 2 * HOUR);

  /* Paused: the plan is noted, nothing is due. */
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_SLA, "rush", -1), FINE);
  g_assert_cmpint (play.ticket->target_secs, ==, 4 * HOUR);
  g_assert_cmpint (play.ticket->due_at, ==, 0);
}

static void
test_transfer (void)
{
  g_auto (Play) play = { 0 };

  play_start_empty (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_CREATED, "john", NULL, DESK_FIELD_SUMMARY, "Login fails",
                       DESK_FIELD_REQUESTER, "karen", DESK_FIELD_TEAM, "night", DESK_FIELD_ASSIGNEE,
                       "john", -1),
               FINE);

  /* john does not work there; the department's plan comes along; the team stays. */
  assert_code (
      submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_DEPARTMENT, "online-banking", -1),
      FINE);
  assert_field (play.ticket, DESK_FIELD_ASSIGNEE, NULL);
  assert_field (play.ticket, DESK_FIELD_TEAM, "night");
  assert_field (play.ticket, DESK_FIELD_SLA, "day");
  g_assert_cmpint (play.ticket->target_secs, ==, DAY);

  /* jane works in both, so she keeps it; a plan is not replaced. */
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_ASSIGNEE, "jane",
                       DESK_FIELD_SLA, "rush", -1),
               FINE);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_DEPARTMENT, "fraud", -1),
               FINE);
  assert_field (play.ticket, DESK_FIELD_ASSIGNEE, "jane");
  assert_field (play.ticket, DESK_FIELD_SLA, "rush");

  /* Who is asked for in the same op gets it, member or not. */
  assert_code (submit (&play, DESK_KIND_CHANGE, "administrator", NULL, DESK_FIELD_DEPARTMENT,
                       "online-banking", DESK_FIELD_ASSIGNEE, "john", -1),
               FINE);
  assert_field (play.ticket, DESK_FIELD_ASSIGNEE, "john");
  /* Being assigned gives john access. */
  assert_code (submit (&play, DESK_KIND_NOTE, "john", "Thanks", -1), FINE);
  assert_code (submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_DEPARTMENT, "attic", -1),
               DESK_ERROR_NO_SUCH);
}

/* What the op asks for itself goes before what a transfer would do, also where it is so already. */
static void
test_transfer_asked (void)
{
  g_auto (Play) play = { 0 };

  play_start_empty (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_CREATED, "john", NULL, DESK_FIELD_SUMMARY, "Login fails",
                       DESK_FIELD_ASSIGNEE, "john", -1),
               FINE);
  assert_code (submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_DEPARTMENT,
                       "online-banking", DESK_FIELD_ASSIGNEE, "john", DESK_FIELD_SLA, NULL, -1),
               FINE);
  assert_field (play.ticket, DESK_FIELD_ASSIGNEE, "john");
  assert_field (play.ticket, DESK_FIELD_SLA, NULL);

  /* A plan that the ticket has is not replaced. */
  assert_code (submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_DEPARTMENT, "staff-it",
                       DESK_FIELD_SLA, "rush", -1),
               FINE);
  assert_code (
      submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_DEPARTMENT, "online-banking", -1),
      FINE);
  assert_field (play.ticket, DESK_FIELD_SLA, "rush");
}

static void
test_administrator_keeps_ticket (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_CHANGE, "administrator", NULL, DESK_FIELD_ASSIGNEE,
                       "administrator", -1),
               FINE);
  assert_code (submit (&play, DESK_KIND_CHANGE, "administrator", NULL, DESK_FIELD_DEPARTMENT,
                       "staff-it", -1),
               FINE);
  assert_field (play.ticket, DESK_FIELD_ASSIGNEE, "administrator");
}

static void
test_topic_alone (void)
{
  g_auto (Play) play = { 0 };

  play_start_empty (&play, fixture_catalogue ());
  assert_code (
      submit (&play, DESK_KIND_CREATED, "karen", NULL, DESK_FIELD_SUMMARY, "Login fails", -1),
      FINE);
  assert_code (submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_TOPIC, "mobile", -1),
               FINE);
  g_assert_cmpuint (play_last (&play, 0)->changes->len, ==, 1);
  assert_change (play_last (&play, 0), DESK_FIELD_TOPIC, NULL, "mobile");
}

/* A ticket of something removed stays as it is, and what is asked for again is no change. */
static void
test_removed_value_stays (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  desk_ticket_set_field (play.ticket, DESK_FIELD_TOPIC, "lost");
  g_ptr_array_set_size (play.events, 0);
  play.ticket->no = play.ticket->public_no = 0;
  {
    g_autoptr (DeskOp) op = play_new_op (&play, DESK_KIND_CHANGE, "jane");
    g_autoptr (GPtrArray) events = NULL;

    desk_op_change (op, DESK_FIELD_TOPIC, "lost");
    events = desk_accept (play.ticket, NULL, op, fixture_person ("jane"), play.catalogue, NOW,
                          NULL);
    g_assert_nonnull (events);
    g_assert_cmpuint (events->len, ==, 0);
  }
}

/* --- audiences --- */

static void
test_reply_with_internal_change (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_REPLY, "jane", "We look into it", DESK_FIELD_TEAM, NULL,
                       DESK_FIELD_PRIORITY, "urgent", -1),
               FINE);
  g_assert_cmpuint (play_count_last (&play), ==, 2);
  g_assert_cmpint (play_last (&play, 0)->kind, ==, DESK_KIND_REPLY);
  g_assert_cmpstr (play_last (&play, 0)->text, ==, "We look into it");
  g_assert_cmpuint (play_last (&play, 0)->changes->len, ==, 1);
  g_assert_cmpint (play_last (&play, 1)->kind, ==, DESK_KIND_CHANGE);
  g_assert_null (play_last (&play, 1)->text);
  assert_change (play_last (&play, 1), DESK_FIELD_TEAM, "night", NULL);
}

static void
test_note_with_public_change (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (
      submit (&play, DESK_KIND_NOTE, "jane", "She is a VIP", DESK_FIELD_PRIORITY, "urgent", -1),
      FINE);
  g_assert_cmpuint (play_count_last (&play), ==, 2);
  g_assert_cmpint (play_last (&play, 0)->kind, ==, DESK_KIND_CHANGE);
  g_assert_null (play_last (&play, 0)->text);
  assert_change (play_last (&play, 0), DESK_FIELD_PRIORITY, "high", "urgent");
  g_assert_cmpint (play_last (&play, 1)->kind, ==, DESK_KIND_NOTE);
  g_assert_cmpstr (play_last (&play, 1)->text, ==, "She is a VIP");
  g_assert_cmpuint (play_last (&play, 1)->changes->len, ==, 0);
}

static void
test_note_alone (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_NOTE, "jane", "Hm", -1), FINE);
  g_assert_cmpuint (play_count_last (&play), ==, 1);
  g_assert_cmpint (play_last (&play, 0)->audience, ==, DESK_AUDIENCE_INTERNAL);
  g_assert_cmpint (play_last (&play, 0)->public_no, ==, 0);
}

static void
test_private_department (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (
      submit (&play, DESK_KIND_CHANGE, "jane", "Looks stolen", DESK_FIELD_DEPARTMENT, "fraud", -1),
      FINE);
  g_assert_cmpuint (play_count_last (&play), ==, 1);
  g_assert_cmpint (play_last (&play, 0)->audience, ==, DESK_AUDIENCE_INTERNAL);
  g_assert_cmpstr (play_last (&play, 0)->text, ==, "Looks stolen");
}

/* The reason of a change tells requesters only about a move that they see. */
static void
test_reason (void)
{
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", "Her boss called", DESK_FIELD_PRIORITY,
                       "urgent", -1),
               FINE);
  g_assert_null (play_last (&play, 0)->text);
  g_assert_cmpstr (play_last (&play, 1)->text, ==, "Her boss called");
  g_assert_cmpint (play_last (&play, 1)->audience, ==, DESK_AUDIENCE_INTERNAL);

  assert_code (
      submit (&play, DESK_KIND_CHANGE, "jane", "Not a bug", DESK_FIELD_STATUS, "closed", -1), FINE);
  g_assert_cmpuint (play_count_last (&play), ==, 1);
  g_assert_cmpstr (play_last (&play, 0)->text, ==, "Not a bug");
  g_assert_cmpint (play_last (&play, 0)->audience, ==, DESK_AUDIENCE_PUBLIC);
}

static void
test_redact (void)
{
  g_auto (Play) play = { 0 };
  DeskOp *op;

  play_start (&play, fixture_catalogue ());
  for (guint i = 0; i < 3; i++)
    {
      static const char *const authors[] = { "karen", "jane", "administrator" };

      op = play_new_op (&play, DESK_KIND_REDACT, authors[i]);
      op->target = g_strdup ("op-1");
      assert_code (play_op (&play, op), i < 2 ? DESK_ERROR_NOT_ALLOWED : FINE);
    }
  g_assert_cmpstr (play_last (&play, 0)->target, ==, "op-1");
  g_assert_cmpint (play_last (&play, 0)->kind, ==, DESK_KIND_REDACT);
  g_assert_cmpuint (play_last (&play, 0)->changes->len, ==, 0);

  assert_code (submit (&play, DESK_KIND_REDACT, "administrator", NULL, -1), DESK_ERROR_INVALID);
  op = play_new_op (&play, DESK_KIND_REDACT, "administrator");
  op->target = g_strdup ("op-1");
  desk_op_set_text (op, "It was rude");
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);
  op = play_new_op (&play, DESK_KIND_NOTE, "administrator");
  op->target = g_strdup ("op-1");
  desk_op_set_text (op, "It was rude");
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);
}

/* --- conflicts --- */

typedef struct
{
  const char *name;
  const char *author; /* of the change meanwhile */
  gboolean same_device;
  DeskField field;
  const char *meanwhile;
  DeskField asked_field;
  const char *asked; /* by jane, who has not seen it */
  int code;
} ConflictCase;

static const ConflictCase conflict_cases[] = {
  { "other-value", "administrator", FALSE, DESK_FIELD_PRIORITY, "low", DESK_FIELD_PRIORITY,
    "urgent", DESK_ERROR_CONFLICT },
  { "same-value", "administrator", FALSE, DESK_FIELD_PRIORITY, "urgent", DESK_FIELD_PRIORITY,
    "urgent", FINE },
  { "other-field", "administrator", FALSE, DESK_FIELD_SLA, "day", DESK_FIELD_PRIORITY, "urgent",
    FINE },
  { "taken-away", "administrator", FALSE, DESK_FIELD_SLA, NULL, DESK_FIELD_SLA, "day",
    DESK_ERROR_CONFLICT },
  { "own-device", "jane", TRUE, DESK_FIELD_PRIORITY, "low", DESK_FIELD_PRIORITY, "urgent", FINE },
  { "own-other-device", "jane", FALSE, DESK_FIELD_PRIORITY, "low", DESK_FIELD_PRIORITY, "urgent",
    DESK_ERROR_CONFLICT },
  { "same-device-other-person", "administrator", TRUE, DESK_FIELD_PRIORITY, "low",
    DESK_FIELD_PRIORITY, "urgent", DESK_ERROR_CONFLICT },
  { "internal-field", "administrator", FALSE, DESK_FIELD_TEAM, NULL, DESK_FIELD_ASSIGNEE,
    "administrator", FINE },
  { "text", "administrator", FALSE, DESK_FIELD_SUMMARY, "Theirs", DESK_FIELD_SUMMARY, "Ours",
    DESK_ERROR_CONFLICT },
};

static void
test_conflict (gconstpointer data)
{
  const ConflictCase *test = data;
  g_auto (Play) play = { 0 };
  g_autofree char *value = NULL;
  DeskOp *late, *meanwhile;

  play_start (&play, fixture_catalogue ());
  late = play_new_op (&play, DESK_KIND_CHANGE, "jane");
  desk_op_change (late, test->asked_field, test->asked);

  meanwhile = play_new_op (&play, DESK_KIND_CHANGE, test->author);
  g_free (meanwhile->device);
  meanwhile->device = g_strdup (test->same_device ? "jane-device" : "another-device");
  desk_op_change (meanwhile, test->field, test->meanwhile);
  assert_code (play_op (&play, meanwhile), FINE);

  assert_code (play_op (&play, late), test->code);
  value = desk_ticket_dup_field (play.ticket, test->asked_field);
  if (test->code == FINE)
    g_assert_cmpstr (value, ==, test->asked);
}

static void
test_conflict_words (void)
{
  g_auto (Play) play = { 0 };
  DeskOp *late;

  play_start (&play, fixture_catalogue ());
  late = play_new_op (&play, DESK_KIND_CHANGE, "jane");
  desk_op_change (late, DESK_FIELD_PRIORITY, "urgent");
  submit (&play, DESK_KIND_CHANGE, "administrator", NULL, DESK_FIELD_PRIORITY, "low", -1);
  assert_code (play_op (&play, late), DESK_ERROR_CONFLICT);
  g_assert_nonnull (strstr (play.error->message, "priority was changed to low meanwhile"));
  g_assert_nonnull (strstr (play.error->message, "urgent"));
}

/* What somebody wrote never gets in the way of what somebody else writes. */
static void
test_text_never_conflicts (void)
{
  g_auto (Play) play = { 0 };
  DeskOp *late;

  play_start (&play, fixture_catalogue ());
  play_to_status (&play, DESK_STATUS_WAITING);
  late = play_new_op (&play, DESK_KIND_MESSAGE, "karen");
  desk_op_set_text (late, "Error 500");
  play_to_status (&play, DESK_STATUS_RESOLVED);
  assert_code (play_op (&play, late), FINE);
  g_assert_cmpint (play.ticket->status, ==, DESK_STATUS_OPEN);

  late = play_new_op (&play, DESK_KIND_REPLY, "jane");
  desk_op_set_text (late, "We look");
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "Hello?", -1), FINE);
  assert_code (play_op (&play, late), FINE);
}

/* But a reply that resolves does not go over the head of a message that opened the ticket. */
static void
test_resolving_over_a_message (void)
{
  g_auto (Play) play = { 0 };
  DeskOp *late;

  play_start (&play, fixture_catalogue ());
  play_to_status (&play, DESK_STATUS_WAITING);
  late = play_new_op (&play, DESK_KIND_CHANGE, "jane");
  desk_op_change (late, DESK_FIELD_STATUS, "resolved");
  desk_op_change (late, DESK_FIELD_RESOLUTION, "Must have gone away");
  assert_code (submit (&play, DESK_KIND_MESSAGE, "karen", "It is still there", -1), FINE);
  assert_code (play_op (&play, late), DESK_ERROR_CONFLICT);
}

static void
test_two_claims (void)
{
  g_auto (Play) play = { 0 };
  DeskOp *late;

  play_start_empty (&play, fixture_catalogue ());
  assert_code (
      submit (&play, DESK_KIND_CREATED, "karen", NULL, DESK_FIELD_SUMMARY, "Login fails", -1),
      FINE);
  late = play_new_op (&play, DESK_KIND_CHANGE, "administrator");
  desk_op_change (late, DESK_FIELD_ASSIGNEE, "administrator");
  assert_code (submit (&play, DESK_KIND_CHANGE, "john", NULL, DESK_FIELD_ASSIGNEE, "john", -1),
               FINE);
  assert_code (play_op (&play, late), DESK_ERROR_CONFLICT);
}

/* --- bad input --- */

static void
test_wrong_ops (void)
{
  g_auto (Play) play = { 0 };
  DeskOp *op;

  play_start (&play, fixture_catalogue ());

  op = play_new_op (&play, DESK_KIND_CREATED, "karen");
  desk_op_change (op, DESK_FIELD_SUMMARY, "Twice");
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, DESK_KIND_NOTE, "jane");
  desk_op_set_text (op, "x");
  op->base = play.ticket->no + 1;
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, DESK_KIND_MESSAGE, "karen");
  desk_op_set_text (op, "x");
  op->base = play.ticket->public_no + 1; /* which is a number of the ticket all the same */
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, DESK_KIND_NOTE, "jane");
  desk_op_set_text (op, "x");
  op->base = -1;
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, (DeskKind) 77, "jane");
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, DESK_KIND_NOTE, "jane");
  desk_op_set_text (op, "x");
  g_free (op->device);
  op->device = g_strdup ("not\nan id");
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, DESK_KIND_NOTE, "jane");
  desk_op_set_text (op, "x");
  g_free (op->uid);
  op->uid = g_strnfill (65, 'x');
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, DESK_KIND_NOTE, "jane");
  desk_op_set_text (op, "x");
  g_free (op->ticket);
  op->ticket = g_strdup ("another-ticket");
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, DESK_KIND_CHANGE, "jane");
  g_ptr_array_add (op->changes, desk_change_new (DESK_FIELD_PRIORITY, NULL, "low"));
  g_ptr_array_add (op->changes, desk_change_new (DESK_FIELD_PRIORITY, NULL, "urgent"));
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  op = play_new_op (&play, DESK_KIND_CHANGE, "jane");
  g_ptr_array_add (op->changes, desk_change_new ((DeskField) 77, NULL, "low"));
  assert_code (play_op (&play, op), DESK_ERROR_INVALID);

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (desk_field_get_field_type (field) == DESK_FIELD_TYPE_INT || field == DESK_FIELD_NUMBER)
      assert_code (submit (&play, DESK_KIND_CHANGE, "administrator", NULL, field, "7", -1),
                   DESK_ERROR_INVALID);
}

static void
test_op_of_another (void)
{
  g_auto (Play) play = { 0 };
  g_autoptr (DeskOp) op = NULL;
  g_autoptr (GError) error = NULL;

  play_start (&play, fixture_catalogue ());
  op = play_new_op (&play, DESK_KIND_NOTE, "jane");
  desk_op_set_text (op, "x");
  g_assert_null (
      desk_accept (play.ticket, NULL, op, fixture_person ("john"), play.catalogue, NOW, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (
      desk_accept (NULL, NULL, op, fixture_person ("jane"), play.catalogue, NOW, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
}

static void
test_texts (void)
{
  g_auto (Play) play = { 0 };
  g_autofree char *long_summary = g_strnfill (5000, 'x');
  g_autofree char *long_body = g_strnfill (10 * 1000 * 1000, 'x');

  play_start (&play, fixture_catalogue ());
  assert_code (submit (&play, DESK_KIND_NOTE, "jane", "\xff\xfe", -1), DESK_ERROR_NOT_TEXT);
  assert_code (submit (&play, DESK_KIND_NOTE, "jane", long_body, -1), DESK_ERROR_TOO_LONG);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_SUMMARY, long_summary, -1),
               DESK_ERROR_TOO_LONG);
  assert_code (submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "resolved",
                       DESK_FIELD_RESOLUTION, long_body, -1),
               DESK_ERROR_TOO_LONG);
  assert_code (
      submit (&play, DESK_KIND_NOTE, "jane", "\n\n<b>&amp;\r\n[x](javascript:alert(1))\a \n\n", -1),
      FINE);
  g_assert_cmpstr (play_last (&play, 0)->text, ==, "<b>&amp;\n[x](javascript:alert(1))");
}

static void
test_times (void)
{
  static const struct
  {
    gint64 at, expected;
  } cases[] = { { 0, NOW }, { -5, NOW }, { NOW - 7, NOW - 7 }, { NOW + 7, NOW } };
  g_auto (Play) play = { 0 };

  play_start (&play, fixture_catalogue ());
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DeskOp *op = play_new_op (&play, DESK_KIND_NOTE, "jane");

      desk_op_set_text (op, "x");
      op->at = cases[i].at;
      assert_code (play_op (&play, op), FINE);
      g_assert_cmpint (play_last (&play, 0)->at, ==, cases[i].expected);
    }
}

/* --- attachments --- */

static void
test_attachments (void)
{
  static const char *const raw[] = { "../../etc/passwd", "a.png", "C:\\a.png", "a.png",
                                     "line\nbreak",      "\xff" };
  static const char *const clean[] = { "passwd",    "a.png",      "a (2).png",
                                       "a (3).png", "line break", "\uFFFD" };
  g_auto (Play) play = { 0 };
  DeskOp *op;

  play_start (&play, fixture_catalogue ());
  op = play_new_op (&play, DESK_KIND_MESSAGE, "karen");
  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    desk_op_take_attachment (op,
                             desk_attachment_new (raw[i], i == 0 ? "<b>" : "image/png", i, SHA));
  assert_code (play_op (&play, op), FINE);
  g_assert_null (play_last (&play, 0)->text);
  g_assert_cmpuint (play_last (&play, 0)->attachments->len, ==, G_N_ELEMENTS (raw));
  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    {
      const DeskAttachment *attachment = g_ptr_array_index (play_last (&play, 0)->attachments, i);

      g_assert_cmpstr (attachment->name, ==, clean[i]);
      g_assert_cmpstr (attachment->type, ==, i == 0 ? "application/octet-stream" : "image/png");
      g_assert_cmpint (attachment->size_bytes, ==, i);
    }
}

static const struct
{
  const char *name;
  gint64 size_bytes;
  const char *sha256;
  guint n;
  int code;
} attachment_cases[] = {
  { "empty", 0, SHA, 1, FINE },
  { "largest", 26214400, SHA, 1, FINE },
  { "too-big", 26214401, SHA, 1, DESK_ERROR_TOO_BIG },
  { "two-gigabytes", G_GINT64_CONSTANT (1) << 31, SHA, 1, DESK_ERROR_TOO_BIG },
  { "negative", -1, SHA, 1, DESK_ERROR_INVALID },
  { "no-digest", 1, NULL, 1, DESK_ERROR_INVALID },
  { "short-digest", 1, "0123", 1, DESK_ERROR_INVALID },
  { "capital-digest", 1, "ABCDEF6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 1,
    DESK_ERROR_INVALID },
  { "long-digest", 1, SHA "0", 1, DESK_ERROR_INVALID },
  { "hundred", 1, SHA, 100, FINE },
  { "hundred-and-one", 1, SHA, 101, DESK_ERROR_INVALID },
};

static void
test_attachment_limits (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_auto (Play) play = { 0 };
  DeskOp *op;

  play_start (&play, fixture_catalogue ());
  op = play_new_op (&play, DESK_KIND_MESSAGE, "karen");
  for (guint n = 0; n < attachment_cases[i].n; n++)
    desk_op_take_attachment (op,
                             desk_attachment_new ("a", "text/plain", attachment_cases[i].size_bytes,
                                                  attachment_cases[i].sha256));
  assert_code (play_op (&play, op), attachment_cases[i].code);
}

static void
add_case (const char *path, const char *name, guint i, GTestDataFunc test)
{
  g_autofree char *full = g_strconcat (path, name, NULL);

  g_test_add_data_func (full, GUINT_TO_POINTER (i), test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (intakes); i++)
    add_case ("/accept/cascade/", intakes[i].name, i, test_cascade);
  for (guint i = 0; i < G_N_ELEMENTS (intake_refusals); i++)
    add_case ("/accept/intake/", intake_refusals[i].name, i, test_intake_refusal);
  for (guint i = 0; i < G_N_ELEMENTS (lifecycles); i++)
    add_case ("/accept/lifecycle/", lifecycles[i].name, i, test_lifecycle);
  for (guint i = 0; i < G_N_ELEMENTS (conflict_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/accept/conflict/", conflict_cases[i].name, NULL);

      g_test_add_data_func (path, &conflict_cases[i], test_conflict);
    }
  for (guint i = 0; i < G_N_ELEMENTS (attachment_cases); i++)
    add_case ("/accept/attachment/", attachment_cases[i].name, i, test_attachment_limits);

  g_test_add_func ("/accept/intake/makes-public-and-internal-event", test_intake_events);
  g_test_add_func ("/accept/intake/desk-lets-requesters-choose-priority", test_requester_priority);
  g_test_add_func ("/accept/intake/desk-without-department", test_desk_without_department);
  g_test_add_func ("/accept/message/opens-again", test_message_reopens);
  g_test_add_func ("/accept/message/after-the-window", test_message_after_the_window);
  g_test_add_func ("/accept/message/that-confirms", test_message_that_confirms);
  g_test_add_func ("/accept/message/that-asks-to-open", test_message_that_asks_to_open);
  g_test_add_func ("/accept/message/brings-little", test_messages_bring_little);
  g_test_add_func ("/accept/change/without-effect", test_change_without_effect);
  g_test_add_func ("/accept/change/needs-words", test_moves_need_words);
  g_test_add_func ("/accept/change/closed-is-left-alone", test_closed_is_left_alone);
  g_test_add_func ("/accept/change/resolution-is-whole", test_resolution_is_whole);
  g_test_add_func ("/accept/change/requester-and-agent-in-one", test_requester_and_agent_in_one);
  g_test_add_func ("/accept/clock/pauses-and-resumes", test_clock);
  g_test_add_func ("/accept/clock/set-back", test_clock_set_back);
  g_test_add_func ("/accept/clock/plan-changes", test_plan_changes);
  g_test_add_func ("/accept/transfer/consequences", test_transfer);
  g_test_add_func ("/accept/transfer/asked-for", test_transfer_asked);
  g_test_add_func ("/accept/transfer/administrator-keeps-ticket", test_administrator_keeps_ticket);
  g_test_add_func ("/accept/topic/changes-alone", test_topic_alone);
  g_test_add_func ("/accept/topic/removed-one-stays", test_removed_value_stays);
  g_test_add_func ("/accept/audience/reply-with-internal-change", test_reply_with_internal_change);
  g_test_add_func ("/accept/audience/note-with-public-change", test_note_with_public_change);
  g_test_add_func ("/accept/audience/note-alone", test_note_alone);
  g_test_add_func ("/accept/audience/private-department", test_private_department);
  g_test_add_func ("/accept/audience/reason", test_reason);
  g_test_add_func ("/accept/redact", test_redact);
  g_test_add_func ("/accept/conflict/words", test_conflict_words);
  g_test_add_func ("/accept/conflict/text-never", test_text_never_conflicts);
  g_test_add_func ("/accept/conflict/resolving-over-a-message", test_resolving_over_a_message);
  g_test_add_func ("/accept/conflict/two-claims", test_two_claims);
  g_test_add_func ("/accept/bad-input/ops", test_wrong_ops);
  g_test_add_func ("/accept/bad-input/op-of-another", test_op_of_another);
  g_test_add_func ("/accept/bad-input/texts", test_texts);
  g_test_add_func ("/accept/bad-input/times", test_times);
  g_test_add_func ("/accept/attachment/names", test_attachments);
  return g_test_run ();
}
