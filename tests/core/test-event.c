/* SPDX-License-Identifier: GPL-3.0-or-later
 * The stored form of changes, the values, and the fold. */
#include "fixture.h"

#include <string.h>

static const char *const nasty[] = {
  NULL,  "",       "\\e",    "e",      "plain",      "\\",         "\\N",     "\\\\N",
  "\t",  "\n",     "a\tb\n", "\r\n",   "\\t\\n\\r",  "ends in \\", "\\n\n\\", "\"quotes\" 'n' %s",
  "ä €", "a\001b", " ",      "line\n", "\tindented",
};

static GPtrArray *
new_changes (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) desk_change_free);
}

static void
test_roundtrip (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (nasty); i++)
    for (guint j = 0; j < G_N_ELEMENTS (nasty); j++)
      {
        g_autoptr (GPtrArray) changes = new_changes ();
        g_autoptr (GPtrArray) parsed = NULL;
        g_autoptr (GError) error = NULL;
        g_autofree char *text = NULL;
        DeskField field = (DeskField) ((7 * i + j) % DESK_N_FIELDS);
        const DeskChange *change;

        g_ptr_array_add (changes, desk_change_new (field, nasty[i], nasty[j]));
        g_ptr_array_add (changes, desk_change_new (DESK_FIELD_CLOSED_AT, nasty[j], NULL));
        text = desk_changes_format (changes);
        parsed = desk_changes_parse (text, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (parsed->len, ==, 2);
        change = g_ptr_array_index (parsed, 0);
        g_assert_cmpint (change->field, ==, field);
        g_assert_cmpstr (change->from, ==, nasty[i]);
        g_assert_cmpstr (change->to, ==, nasty[j]);
        change = g_ptr_array_index (parsed, 1);
        g_assert_cmpint (change->field, ==, DESK_FIELD_CLOSED_AT);
        g_assert_cmpstr (change->from, ==, nasty[j]);
        g_assert_cmpstr (change->to, ==, NULL);
      }
}

/* What is stored today is read tomorrow. */
static void
test_form (void)
{
  g_autoptr (GPtrArray) changes = new_changes ();
  g_autofree char *text = NULL;

  g_assert_null (desk_changes_format (changes));
  g_assert_null (desk_changes_format (NULL));
  g_ptr_array_add (changes, desk_change_new (DESK_FIELD_STATUS, "open", "resolved"));
  g_ptr_array_add (changes, desk_change_new (DESK_FIELD_RESOLUTION, NULL, "a\tb\\\r\nc"));
  g_ptr_array_add (changes, desk_change_new (DESK_FIELD_STEPS, "", NULL));
  text = desk_changes_format (changes);
  g_assert_cmpstr (text, ==, "Sopen\tresolved\nR\ta\\tb\\\\\\r\\nc\nT\\e\t\n");
}

static void
test_parse_nothing (void)
{
  g_autoptr (GPtrArray) from_null = desk_changes_parse (NULL, NULL);
  g_autoptr (GPtrArray) from_empty = desk_changes_parse ("", NULL);

  g_assert_cmpuint (from_null->len, ==, 0);
  g_assert_cmpuint (from_empty->len, ==, 0);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "\n",
    "S",
    "S\n",
    "Sopen\n",
    "Sopen\tclosed",
    "Sopen\tclosed\r\n",
    "Sopen\tclosed\textra\n",
    "Zred\tblue\n",
    "\topen\tclosed\n",
    "Sopen\tclo\\xsed\n",
    "Sopen\tclosed\\\n",
    "Sopen\t\\ex\n",
    "Sopen\tclosed\nrubbish",
    " Sopen\tclosed\n",
    "status\topen\tclosed\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%u", i);
      g_assert_null (desk_changes_parse (texts[i], &error));
      g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
    }
}

/* Whatever bytes come, it answers. */
static void
test_garbage (void)
{
  static const char signs[] = "\t\n\r\\etnrSSRopen \xff";

  for (guint i = 0; i < 20000; i++)
    {
      char text[24] = "S";
      g_autoptr (GPtrArray) parsed = NULL;

      for (guint j = 1; j < sizeof text - 1; j++)
        text[j] = signs[g_test_rand_int_range (0, sizeof signs)];
      parsed = desk_changes_parse (text, NULL);
      if (parsed != NULL)
        {
          g_autofree char *again = desk_changes_format (parsed);

          g_assert_cmpstr (again, ==, *text != '\0' ? text : NULL);
        }
    }
}

static void
test_op (void)
{
  g_autoptr (DeskOp) op = desk_op_new ("op", "ticket", DESK_KIND_REPLY, "jane");

  desk_op_set_text (op, "a");
  desk_op_set_text (op, op->text);
  g_assert_cmpstr (op->text, ==, "a");
  desk_op_change (op, DESK_FIELD_PRIORITY, "low");
  desk_op_change (op, DESK_FIELD_STATUS, "waiting");
  desk_op_change (op, DESK_FIELD_PRIORITY, "high");
  g_assert_cmpuint (op->changes->len, ==, 2);
  g_assert_cmpstr (desk_changes_find (op->changes, DESK_FIELD_PRIORITY)->to, ==, "high");
  g_assert_null (desk_changes_find (op->changes, DESK_FIELD_SLA));
}

static void
test_copy (void)
{
  g_autoptr (DeskEvent) event = desk_event_new ();
  g_autoptr (DeskEvent) copy = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  event->uid = g_strdup ("e");
  event->ticket = g_strdup ("t");
  event->text = g_strdup ("text");
  event->target = g_strdup ("x");
  event->author = g_strdup ("jane");
  event->device = g_strdup ("d");
  event->cause = g_strdup ("e");
  event->redacted = TRUE;
  desk_event_change (event, DESK_FIELD_STATUS, "open", "closed");
  g_ptr_array_add (event->attachments, desk_attachment_new ("a", "b", 3, "c"));
  copy = desk_event_copy (event);
  first = fixture_describe_event (event);
  g_clear_pointer (&event, desk_event_unref);
  second = fixture_describe_event (copy);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (((DeskAttachment *) g_ptr_array_index (copy->attachments, 0))->size_bytes, ==,
                   3);
}

/* --- the fold --- */

static DeskEvent *
new_event (DeskKind kind, DeskAudience audience, gint64 no, gint64 public_no, gint64 accepted_at)
{
  DeskEvent *event = desk_event_new ();

  event->kind = kind;
  event->audience = audience;
  event->no = no;
  event->public_no = public_no;
  event->accepted_at = accepted_at;
  return event;
}

static void
test_counters (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");
  g_autoptr (DeskEvent) created = new_event (DESK_KIND_CREATED, DESK_AUDIENCE_PUBLIC, 1, 1, 100);
  g_autoptr (DeskEvent) note = new_event (DESK_KIND_NOTE, DESK_AUDIENCE_INTERNAL, 2, 0, 200);
  g_autoptr (DeskEvent) reply = new_event (DESK_KIND_REPLY, DESK_AUDIENCE_PUBLIC, 3, 2, 150);

  desk_apply (ticket, created);
  desk_apply (ticket, note);
  g_assert_cmpint (ticket->no, ==, 2);
  g_assert_cmpint (ticket->public_no, ==, 1);
  g_assert_cmpint (ticket->updated_at, ==, 200);
  g_assert_cmpint (ticket->public_at, ==, 100);
  /* A clock that was set back is told as it is. */
  desk_apply (ticket, reply);
  g_assert_cmpint (ticket->no, ==, 3);
  g_assert_cmpint (ticket->public_no, ==, 2);
  g_assert_cmpint (ticket->created_at, ==, 100);
  g_assert_cmpint (ticket->updated_at, ==, 150);
  g_assert_cmpint (ticket->public_at, ==, 150);
}

/* A prediction shows what will be, and counts nothing. */
static void
test_unstamped (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");
  g_autoptr (DeskEvent) event = new_event (DESK_KIND_CHANGE, DESK_AUDIENCE_PUBLIC, 0, 0, 100);

  ticket->no = 5;
  desk_event_change (event, DESK_FIELD_STATUS, "open", "closed");
  desk_apply (ticket, event);
  g_assert_cmpint (ticket->status, ==, DESK_STATUS_CLOSED);
  g_assert_cmpint (ticket->no, ==, 5);
  g_assert_cmpint (ticket->updated_at, ==, 0);
}

static void
test_redact_only_counts (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");
  g_autoptr (DeskEvent) event = new_event (DESK_KIND_REDACT, DESK_AUDIENCE_PUBLIC, 2, 2, 100);

  desk_event_change (event, DESK_FIELD_STATUS, "open", "closed");
  desk_apply (ticket, event);
  g_assert_cmpint (ticket->status, ==, DESK_STATUS_OPEN);
  g_assert_cmpint (ticket->no, ==, 2);
}

/* A newer version's kind is folded by its changes, and what does not fit is left out. */
static void
test_unknown_kind (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");
  g_autoptr (DeskEvent) event = new_event ((DeskKind) 42, DESK_AUDIENCE_PUBLIC, 2, 2, 100);

  desk_event_change (event, DESK_FIELD_PRIORITY, "normal", "high");
  desk_event_change (event, DESK_FIELD_STATUS, "open", "frozen");
  desk_apply (ticket, event);
  g_assert_cmpint (ticket->priority, ==, DESK_PRIORITY_HIGH);
  g_assert_cmpint (ticket->status, ==, DESK_STATUS_OPEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/changes/roundtrip", test_roundtrip);
  g_test_add_func ("/event/changes/form", test_form);
  g_test_add_func ("/event/changes/nothing", test_parse_nothing);
  g_test_add_func ("/event/changes/refused", test_refused);
  g_test_add_func ("/event/changes/garbage", test_garbage);
  g_test_add_func ("/event/op", test_op);
  g_test_add_func ("/event/copy", test_copy);
  g_test_add_func ("/event/apply/counters", test_counters);
  g_test_add_func ("/event/apply/unstamped", test_unstamped);
  g_test_add_func ("/event/apply/redact-only-counts", test_redact_only_counts);
  g_test_add_func ("/event/apply/unknown-kind", test_unknown_kind);
  return g_test_run ();
}
