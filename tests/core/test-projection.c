/* SPDX-License-Identifier: GPL-3.0-or-later
 * What requesters receive: by field, by setting, and never a trace of what is internal. */
#include "fixture.h"

#include <string.h>

static void
assert_field (const DeskTicket *ticket, DeskField field, const char *value)
{
  g_autofree char *got = desk_ticket_dup_field (ticket, field);

  g_assert_cmpstr (got, ==, value);
}

static void
test_audience (void)
{
  static const struct
  {
    DeskField field;
    const char *from, *to;
    gboolean internal;
  } cases[] = {
    { DESK_FIELD_SUMMARY, "a", "b", FALSE },
    { DESK_FIELD_STATUS, "open", "closed", FALSE },
    { DESK_FIELD_RESOLUTION, NULL, "b", FALSE },
    { DESK_FIELD_TEAM, NULL, "night", TRUE },
    { DESK_FIELD_DEPARTMENT, "staff-it", "online-banking", FALSE },
    { DESK_FIELD_DEPARTMENT, NULL, "staff-it", FALSE },
    { DESK_FIELD_DEPARTMENT, "staff-it", "fraud", TRUE },
    { DESK_FIELD_DEPARTMENT, "fraud", "staff-it", TRUE },
    { DESK_FIELD_DEPARTMENT, NULL, "fraud", TRUE },
    { DESK_FIELD_DEPARTMENT, "staff-it", "unheard-of", TRUE },
    { DESK_FIELD_DEPARTMENT, "attic", "staff-it", FALSE },
    { DESK_FIELD_PRIORITY, "low", "high", FALSE },
    { DESK_FIELD_ASSIGNEE, NULL, "jane", FALSE },
    { DESK_FIELD_DUE_AT, NULL, "1", FALSE },
  };
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%u", i);
      g_assert_cmpint (
          desk_field_get_audience (cases[i].field, cases[i].from, cases[i].to, catalogue), ==,
          cases[i].internal ? DESK_AUDIENCE_INTERNAL : DESK_AUDIENCE_PUBLIC);
    }
}

/* Each setting hides its fields from the ticket, from new events and from old ones. */
static const struct
{
  const char *name;
  DeskProperty setting;
  DeskField hidden[6]; /* ended by NUMBER, which is never hidden */
} settings[] = {
  { "priority", DESK_PROPERTY_SHOW_PRIORITY, { DESK_FIELD_PRIORITY } },
  { "assignee", DESK_PROPERTY_SHOW_ASSIGNEE, { DESK_FIELD_ASSIGNEE } },
  { "due",
    DESK_PROPERTY_SHOW_DUE,
    { DESK_FIELD_SLA, DESK_FIELD_DUE_AT, DESK_FIELD_TARGET_SECS, DESK_FIELD_SPENT_SECS,
      DESK_FIELD_RUNNING_SINCE } },
};

static void
test_setting (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (DeskCatalogue) hiding = fixture_catalogue_with (settings[i].setting, "no");
  g_auto (Play) shown = { 0 };
  g_auto (Play) hidden = { 0 };
  g_autoptr (DeskTicket) before = NULL;
  g_autoptr (DeskTicket) after = NULL;
  g_autoptr (DeskEvent) old_event = NULL;

  play_start (&shown, fixture_catalogue ());
  shown.ticket->spent_secs = 7; /* so that every field has a value */
  play_start (&hidden, desk_catalogue_ref (hiding));
  before = desk_ticket_project (shown.ticket, shown.catalogue);
  after = desk_ticket_project (shown.ticket, hiding);
  old_event = desk_event_project (g_ptr_array_index (shown.events, 0), hiding);

  for (const DeskField *field = settings[i].hidden; *field != DESK_FIELD_NUMBER; field++)
    {
      g_autofree char *value = desk_ticket_dup_field (shown.ticket, *field);

      assert_field (before, *field, value);
      assert_field (after, *field, *field == DESK_FIELD_PRIORITY ? "normal" : NULL);
      g_assert_null (desk_changes_find (old_event->changes, *field));
      g_assert_null (desk_changes_find (play_last (&hidden, 0)->changes, *field));
    }
  assert_field (after, DESK_FIELD_SUMMARY, "Mobile banking is down");
  assert_field (after, DESK_FIELD_STATUS, "open");
}

static void
test_ticket (void)
{
  g_auto (Play) play = { 0 };
  g_autoptr (DeskTicket) projected = NULL;

  play_start (&play, fixture_catalogue ());
  play.now += HOUR;
  submit (&play, DESK_KIND_NOTE, "jane", "Hm", -1);
  projected = desk_ticket_project (play.ticket, play.catalogue);
  assert_field (projected, DESK_FIELD_TEAM, NULL);
  assert_field (projected, DESK_FIELD_DEPARTMENT, "online-banking");
  g_assert_cmpint (projected->no, ==, 1);
  g_assert_cmpint (projected->public_no, ==, 1);
  g_assert_cmpint (projected->updated_at, ==, NOW);
  /* The ticket itself is as it was. */
  assert_field (play.ticket, DESK_FIELD_TEAM, "night");
  g_assert_cmpint (play.ticket->no, ==, 3);
}

static void
test_private_department (void)
{
  g_auto (Play) play = { 0 };
  g_autoptr (DeskCatalogue)
      private_desk = fixture_catalogue_with (DESK_PROPERTY_DEPARTMENT, "fraud");
  g_autoptr (DeskTicket) projected = NULL;
  g_autoptr (DeskTicket) hidden = NULL;

  play_start (&play, fixture_catalogue ());
  submit (&play, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_DEPARTMENT, "fraud", -1);
  projected = desk_ticket_project (play.ticket, play.catalogue);
  assert_field (projected, DESK_FIELD_DEPARTMENT, "staff-it");
  hidden = desk_ticket_project (play.ticket, private_desk);
  assert_field (hidden, DESK_FIELD_DEPARTMENT, NULL);
}

static void
test_event (void)
{
  g_auto (Play) play = { 0 };
  g_autoptr (DeskEvent) first = NULL;
  g_autoptr (DeskEvent) second = NULL;
  g_autoptr (DeskEvent) reply = NULL;

  play_start (&play, fixture_catalogue ());
  submit (&play, DESK_KIND_REPLY, "jane", "Hello", -1);
  first = desk_event_project (g_ptr_array_index (play.events, 0), play.catalogue);
  second = desk_event_project (g_ptr_array_index (play.events, 1), play.catalogue);
  reply = desk_event_project (g_ptr_array_index (play.events, 2), play.catalogue);
  g_assert_nonnull (first);
  g_assert_null (second);
  g_assert_cmpint (reply->no, ==, 2);
  g_assert_cmpstr (reply->text, ==, "Hello");
  g_assert_cmpstr (reply->author, ==, "jane");
  g_assert_null (reply->device);
  g_assert_null (reply->cause);
  g_assert_cmpint (reply->via, ==, DESK_VIA_APP);
}

/* --- the property: two histories that differ only in what is internal look the same --- */

static const char *
pick (const char *const *words, guint n_words)
{
  return words[g_test_rand_int_range (0, (gint32) n_words)];
}

#define PICK(words) pick (words, G_N_ELEMENTS (words))

static const char *const agents[] = { "jane", "administrator" };
static const char *const people[] = { "karen", "jane", "administrator", "john" };
static const char *const priorities[] = { "low", "normal", "high", "urgent" };
static const char *const statuses[] = { "open", "waiting", "resolved", "closed" };
static const char *const plans[] = { "day", "rush", NULL };
static const char *const teams[] = { "night", NULL };
static const char *const assignees[] = { "jane", "administrator", NULL };
static const char *const departments[] = { "staff-it", "online-banking" };

/* An op, wise or not, that requesters would see something of. */
static DeskOp *
new_public_op (Play *play)
{
  static const DeskKind kinds[] = { DESK_KIND_MESSAGE, DESK_KIND_REPLY, DESK_KIND_CHANGE };
  DeskOp *op = play_new_op (play, kinds[g_test_rand_int_range (0, 3)], PICK (people));

  if (op->kind != DESK_KIND_CHANGE)
    desk_op_set_text (op, "Some words");
  if (g_test_rand_int_range (0, 2) == 0)
    {
      desk_op_change (op, DESK_FIELD_STATUS, PICK (statuses));
      desk_op_change (op, DESK_FIELD_RESOLUTION, "Like this");
    }
  else if (op->kind != DESK_KIND_MESSAGE)
    desk_op_change (op, DESK_FIELD_PRIORITY, PICK (priorities));
  if (g_test_rand_int_range (0, 6) == 0)
    desk_op_change (op, DESK_FIELD_SLA, PICK (plans));
  if (g_test_rand_int_range (0, 6) == 0)
    desk_op_change (op, DESK_FIELD_ASSIGNEE, PICK (assignees));
  if (g_test_rand_int_range (0, 6) == 0)
    desk_op_change (op, DESK_FIELD_DEPARTMENT, PICK (departments));
  return op;
}

static DeskOp *
copy_op (Play *play, const DeskOp *op)
{
  DeskOp *copy = play_new_op (play, op->kind, op->author);

  g_free (copy->uid);
  copy->uid = g_strdup (op->uid);
  desk_op_set_text (copy, op->text);
  for (guint i = 0; i < op->changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (op->changes, i);

      desk_op_change (copy, change->field, change->to);
    }
  return copy;
}

/* What agents do among themselves. */
static void
play_internal_op (Play *play)
{
  DeskOp *op = play_new_op (play, DESK_KIND_NOTE, PICK (agents));

  g_free (op->uid);
  op->uid = g_strdup_printf ("internal-%u", play->n_ops);
  desk_op_set_text (op, "She must not see this");
  if (g_test_rand_int_range (0, 2) == 0)
    desk_op_change (op, DESK_FIELD_TEAM, PICK (teams));
  play_op (play, op);
}

/* Puts something internal into an op that stays what it is for requesters. */
static void
stain (DeskOp *op)
{
  if (op->kind == DESK_KIND_MESSAGE ||
      !g_strv_contains ((const char *const[]){ "jane", "administrator", NULL }, op->author))
    return;
  if (desk_changes_find (op->changes, DESK_FIELD_STATUS) == NULL)
    desk_op_change (op, DESK_FIELD_TEAM, PICK (teams));
  if (op->kind == DESK_KIND_CHANGE && desk_changes_find (op->changes, DESK_FIELD_STATUS) == NULL)
    {
      op->kind = DESK_KIND_NOTE;
      desk_op_set_text (op, "She must not see this");
    }
}

static char *
describe_for_requester (Play *play)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_project (play->ticket, play->catalogue);
  GString *text = g_string_new (NULL);

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      g_autofree char *value = desk_ticket_dup_field (ticket, field);

      g_string_append_printf (text, "%s=%s\n", desk_field_get_name (field),
                              value != NULL ? value : "-");
    }
  g_string_append_printf (text,
                          "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                          ticket->no, ticket->public_no, ticket->created_at, ticket->updated_at,
                          ticket->public_at);
  for (guint i = 0; i < play->events->len; i++)
    {
      g_autoptr (DeskEvent)
          event = desk_event_project (g_ptr_array_index (play->events, i), play->catalogue);
      g_autofree char *line = event != NULL ? fixture_describe_event (event) : NULL;

      if (line != NULL)
        g_string_append_printf (text, "%s\n", line);
    }
  return g_string_free (text, FALSE);
}

/* A requester may be behind, in both histories by the same. */
static void
lag (Play *a, DeskOp *op_a, DeskOp *op_b)
{
  if (g_str_equal (op_a->author, "karen"))
    op_a->base = op_b->base = g_test_rand_int_range (0, (gint32) a->ticket->public_no + 1);
}

/* What is internal decides what agents may do (a team gives access), but nothing for requesters. */
static void
play_both (Play *clean, Play *stained)
{
  g_autoptr (DeskOp) op = new_public_op (clean);
  g_autoptr (DeskOp) other = copy_op (stained, op);
  gboolean by_requester = g_str_equal (op->author, "karen");
  int code, other_code;

  stained->n_ops = clean->n_ops;
  lag (clean, op, other);
  stain (other);
  code = play_ask (clean, op);
  other_code = play_ask (stained, other);
  if (code != other_code && !by_requester)
    return;
  assert_code (other_code, code);
  if (code != FINE && by_requester)
    g_assert_cmpstr (clean->error->message, ==, stained->error->message);
  play_op (clean, desk_op_ref (op));
  play_op (stained, desk_op_ref (other));
}

static void
test_no_trace (void)
{
  guint n_events = 0, n_internal = 0;

  for (guint run = 0; run < 300; run++)
    {
      g_auto (Play) clean = { 0 };
      g_auto (Play) stained = { 0 };

      play_start (&clean, fixture_catalogue ());
      play_start (&stained, fixture_catalogue ());
      for (guint step = 0; step < 25; step++)
        {
          g_autofree char *seen = NULL;
          g_autofree char *seen_of_stained = NULL;

          clean.now += g_test_rand_int_range (0, 2 * DAY);
          stained.now = clean.now;
          if (g_test_rand_int_range (0, 3) == 0)
            play_internal_op (&stained);
          play_both (&clean, &stained);
          seen = describe_for_requester (&clean);
          seen_of_stained = describe_for_requester (&stained);
          g_assert_cmpstr (seen, ==, seen_of_stained);
          g_assert_null (strstr (seen_of_stained, "must not"));
        }
      n_events += clean.events->len;
      n_internal += stained.events->len - clean.events->len;
    }
  /* It was no idle play. */
  g_assert_cmpuint (n_events, >, 1000);
  g_assert_cmpuint (n_internal, >, 1000);
}

/* What requesters have of each entry of the desk: "-" for nothing, else its properties. */
static char *
describe_entry (DeskEntryKind kind, const char *slug, const DeskCatalogue *catalogue)
{
  g_autoptr (DeskEntry)
      entry = desk_entry_project (desk_catalogue_find (catalogue, kind, slug), catalogue);
  GString *words = g_string_new (NULL);

  if (entry == NULL)
    return g_string_free (g_string_append (words, "-"), FALSE);
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    if (entry->values[property] != NULL)
      g_string_append_printf (words, "%s=%s ", desk_property_get_info (property)->name,
                              entry->values[property]);
  return g_string_free (words, FALSE);
}

static void
assert_entry (DeskEntryKind kind,
              const char *slug,
              const DeskCatalogue *catalogue,
              const char *expected)
{
  g_autofree char *words = describe_entry (kind, slug, catalogue);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_entries (void)
{
  g_autoptr (DeskCatalogue) open = fixture_catalogue ();
  g_autoptr (DeskCatalogue) no_due = fixture_catalogue_with (DESK_PROPERTY_SHOW_DUE, "no");
  g_autoptr (DeskCatalogue) no_priority = fixture_catalogue_with (DESK_PROPERTY_SHOW_PRIORITY, "no");
  g_autoptr (DeskCatalogue) no_assignee = fixture_catalogue_with (DESK_PROPERTY_SHOW_ASSIGNEE, "no");

  assert_entry (DESK_ENTRY_DEPARTMENT, "fraud", open, "-");
  assert_entry (DESK_ENTRY_TEAM, "night", open, "-");
  assert_entry (DESK_ENTRY_SLA, "rush", open, "hours=4 ");
  assert_entry (DESK_ENTRY_SLA, "rush", no_due, "-");
  /* Everything of the topic but its team. */
  assert_entry (DESK_ENTRY_TOPIC, "mobile", open,
                "department=online-banking priority=high sla=rush assignee=jane ");
  assert_entry (DESK_ENTRY_TOPIC, "mobile", no_due,
                "department=online-banking priority=high assignee=jane ");
  assert_entry (DESK_ENTRY_TOPIC, "mobile", no_priority,
                "department=online-banking sla=rush assignee=jane ");
  assert_entry (DESK_ENTRY_TOPIC, "mobile", no_assignee,
                "department=online-banking priority=high sla=rush ");
}

static void
test_topic_of_private_department (void)
{
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();
  g_autoptr (DeskEntry) topic = desk_entry_new (DESK_ENTRY_TOPIC, "theft", "Theft");
  g_autoptr (DeskEntry) projected = NULL;

  desk_entry_set (topic, DESK_PROPERTY_DEPARTMENT, "fraud");
  desk_entry_set (topic, DESK_PROPERTY_NUMBER_FORMAT, "F-####");
  projected = desk_entry_project (topic, catalogue);
  g_assert_cmpstr (projected->label, ==, "Theft");
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    g_assert_null (projected->values[property]);
}

static void
test_person (void)
{
  g_autoptr (DeskPerson) jane = desk_person_copy (fixture_person ("jane"));
  g_autoptr (DeskPerson) shown = NULL;

  g_free (jane->email);
  jane->email = g_strdup ("jane@example.org");
  shown = desk_person_project (jane);
  g_assert_cmpstr (shown->uid, ==, jane->uid);
  g_assert_cmpstr (shown->name, ==, jane->name);
  g_assert_null (shown->login);
  g_assert_null (shown->email);
  g_assert_cmpuint (g_strv_length (shown->departments), ==, 0);
  g_assert_cmpuint (g_strv_length (shown->teams), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/projection/audience", test_audience);
  g_test_add_func ("/projection/ticket", test_ticket);
  g_test_add_func ("/projection/private-department", test_private_department);
  g_test_add_func ("/projection/event", test_event);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *path = g_strconcat ("/projection/setting/", settings[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_setting);
    }
  g_test_add_func ("/projection/no-trace", test_no_trace);
  g_test_add_func ("/projection/entries", test_entries);
  g_test_add_func ("/projection/topic-of-private-department", test_topic_of_private_department);
  g_test_add_func ("/projection/person", test_person);
  return g_test_run ();
}
