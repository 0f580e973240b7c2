/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desk and the play of core tests. */
#include "fixture.h"

#include <string.h>

static DeskPerson *
new_person (const char *uid, DeskRole role, const char *department, const char *team)
{
  DeskPerson *person = desk_person_new (uid, uid, uid, role);

  if (department != NULL)
    {
      g_strfreev (person->departments);
      person->departments = g_strsplit (department, ",", -1);
    }
  if (team != NULL)
    {
      g_strfreev (person->teams);
      person->teams = g_strsplit (team, ",", -1);
    }
  return person;
}

static GPtrArray *
new_people (void)
{
  GPtrArray *people = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  DeskPerson *gone = new_person ("gone", DESK_ROLE_AGENT, "staff-it", NULL);

  gone->removed = TRUE;
  g_ptr_array_add (people, new_person ("john", DESK_ROLE_AGENT, "staff-it", NULL));
  g_ptr_array_add (people, new_person ("jane", DESK_ROLE_AGENT, "online-banking,fraud", "night"));
  g_ptr_array_add (people, new_person ("administrator", DESK_ROLE_ADMINISTRATOR, NULL, NULL));
  g_ptr_array_add (people, gone);
  return people;
}

const DeskPerson *
fixture_person (const char *uid)
{
  static GHashTable *people;

  if (people == NULL)
    {
      g_autoptr (GPtrArray) agents = new_people ();

      people = g_hash_table_new (g_str_hash, g_str_equal);
      g_ptr_array_add (agents, new_person ("karen", DESK_ROLE_REQUESTER, NULL, NULL));
      g_ptr_array_add (agents, new_person ("stranger", DESK_ROLE_REQUESTER, NULL, NULL));
      for (guint i = 0; i < agents->len; i++)
        {
          DeskPerson *person = g_ptr_array_index (agents, i);

          g_hash_table_insert (people, person->uid, desk_person_ref (person));
        }
    }
  g_assert_true (g_hash_table_contains (people, uid));
  return g_hash_table_lookup (people, uid);
}

static DeskEntry *
add_entry (GPtrArray *entries, DeskEntryKind kind, const char *slug, gboolean removed)
{
  DeskEntry *entry = desk_entry_new (kind, slug, slug);

  entry->removed = removed;
  g_ptr_array_add (entries, entry);
  return entry;
}

static void
add_topics (GPtrArray *entries)
{
  DeskEntry *mobile = add_entry (entries, DESK_ENTRY_TOPIC, "mobile", FALSE);
  DeskEntry *stale = add_entry (entries, DESK_ENTRY_TOPIC, "stale", FALSE);

  desk_entry_set (mobile, DESK_PROPERTY_DEPARTMENT, "online-banking");
  desk_entry_set (mobile, DESK_PROPERTY_PRIORITY, "high");
  desk_entry_set (mobile, DESK_PROPERTY_SLA, "rush");
  desk_entry_set (mobile, DESK_PROPERTY_ASSIGNEE, "jane");
  desk_entry_set (mobile, DESK_PROPERTY_TEAM, "night");
  desk_entry_set (stale, DESK_PROPERTY_DEPARTMENT, "attic");
  desk_entry_set (stale, DESK_PROPERTY_SLA, "never");
  desk_entry_set (stale, DESK_PROPERTY_ASSIGNEE, "gone");
  desk_entry_set (stale, DESK_PROPERTY_TEAM, "ghosts");
  add_entry (entries, DESK_ENTRY_TOPIC, "plain", FALSE);
  add_entry (entries, DESK_ENTRY_TOPIC, "lost", TRUE);
}

static GPtrArray *
new_entries (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
  DeskEntry *desk = add_entry (entries, DESK_ENTRY_DESK, "desk", FALSE);

  desk_entry_set (desk, DESK_PROPERTY_DEPARTMENT, "staff-it");
  add_entry (entries, DESK_ENTRY_DEPARTMENT, "staff-it", FALSE);
  desk_entry_set (add_entry (entries, DESK_ENTRY_DEPARTMENT, "online-banking", FALSE),
                  DESK_PROPERTY_SLA, "day");
  desk_entry_set (add_entry (entries, DESK_ENTRY_DEPARTMENT, "fraud", FALSE), DESK_PROPERTY_PUBLIC,
                  "no");
  add_entry (entries, DESK_ENTRY_DEPARTMENT, "attic", TRUE);
  desk_entry_set (add_entry (entries, DESK_ENTRY_SLA, "day", FALSE), DESK_PROPERTY_HOURS, "24");
  desk_entry_set (add_entry (entries, DESK_ENTRY_SLA, "rush", FALSE), DESK_PROPERTY_HOURS, "4");
  desk_entry_set (add_entry (entries, DESK_ENTRY_SLA, "never", TRUE), DESK_PROPERTY_HOURS, "8760");
  add_entry (entries, DESK_ENTRY_TEAM, "night", FALSE);
  add_entry (entries, DESK_ENTRY_TEAM, "ghosts", TRUE);
  add_topics (entries);
  return entries;
}

DeskCatalogue *
fixture_catalogue (void)
{
  return desk_catalogue_new (1, new_entries (), new_people ());
}

DeskCatalogue *
fixture_catalogue_with (DeskProperty property, const char *value)
{
  GPtrArray *entries = new_entries ();

  desk_entry_set (g_ptr_array_index (entries, 0), property, value);
  return desk_catalogue_new (2, entries, new_people ());
}

void
play_start_empty (Play *play, DeskCatalogue *catalogue)
{
  *play = (Play){
    .catalogue = catalogue,
    .events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref),
    .now = NOW,
  };
}

void
play_start (Play *self, DeskCatalogue *catalogue)
{
  play_start_empty (self, catalogue);
  assert_code (submit (self, DESK_KIND_CREATED, "karen", "It says “Service unavailable”.",
                       DESK_FIELD_SUMMARY, "Mobile banking is down", DESK_FIELD_TOPIC, "mobile",
                       -1),
               FINE);
}

void
play_clear (Play *play)
{
  g_clear_pointer (&play->catalogue, desk_catalogue_unref);
  g_clear_pointer (&play->ticket, desk_ticket_unref);
  g_clear_pointer (&play->events, g_ptr_array_unref);
  g_clear_error (&play->error);
}

static gboolean
sees_everything (Play *play, const char *author)
{
  return (desk_standing_of (fixture_person (author), play->ticket) & ~DESK_STANDING_REQUESTER) != 0;
}

DeskOp *
play_new_op (Play *play, DeskKind kind, const char *author)
{
  g_autofree char *uid = g_strdup_printf ("op-%u", ++play->n_ops);
  DeskOp *op = desk_op_new (uid, "ticket", kind, author);

  op->device = g_strconcat (author, "-device", NULL);
  op->at = play->now;
  if (play->ticket != NULL)
    op->base = sees_everything (play, author) ? play->ticket->no : play->ticket->public_no;
  return op;
}

/* The ticket's events after the op's base, in the counting of its author. */
static GPtrArray *
find_since (Play *play, const DeskOp *op)
{
  GPtrArray *since = g_ptr_array_new ();
  gint64 base_no = 0;

  for (guint i = 0; i < play->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (play->events, i);
      gint64 count = sees_everything (play, op->author) ? event->no : event->public_no;

      if (count != 0 && count <= op->base)
        base_no = event->no;
    }
  for (guint i = 0; i < play->events->len; i++)
    {
      DeskEvent *event = g_ptr_array_index (play->events, i);

      if (event->no > base_no)
        g_ptr_array_add (since, event);
    }
  return since;
}

static void
stamp (Play *play, DeskEvent *event)
{
  event->no = play->ticket->no + 1;
  if (event->audience == DESK_AUDIENCE_PUBLIC)
    event->public_no = play->ticket->public_no + 1;
  if (event->uid == NULL)
    event->uid = g_strconcat (event->cause, "-second", NULL);
}

/* Each change says truly where it came from. */
static void
check_changes (const DeskTicket *before, const DeskEvent *event)
{
  for (guint i = 0; i < event->changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (event->changes, i);

      g_assert_cmpstr (change->from, !=, change->to);
      if (event->kind != DESK_KIND_CREATED && before->no > 0)
        g_assert_true (desk_ticket_field_equals (before, change->field, change->from));
    }
}

static void
check_events (Play *play, GPtrArray *events, const DeskOp *op)
{
  g_assert_cmpuint (events->len, <=, 2);
  for (guint i = 0; i < events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (events, i);

      g_assert_cmpstr (event->uid, ==, i == 0 ? op->uid : NULL);
      g_assert_cmpstr (event->cause, ==, op->uid);
      g_assert_cmpstr (event->author, ==, op->author);
      g_assert_cmpstr (event->device, ==, op->device);
      g_assert_cmpint (event->accepted_at, ==, play->now);
      g_assert_cmpint (event->at, <=, play->now);
      g_assert_cmpint (event->at, >, 0);
      g_assert_cmpint (event->no, ==, 0);
      check_changes (play->ticket, event);
    }
  if (events->len == 2)
    {
      const DeskEvent *first = g_ptr_array_index (events, 0);
      const DeskEvent *second = g_ptr_array_index (events, 1);

      g_assert_cmpint (first->audience, ==, DESK_AUDIENCE_PUBLIC);
      g_assert_cmpint (second->audience, ==, DESK_AUDIENCE_INTERNAL);
    }
}

/* What holds for every ticket, whatever happened to it. */
static void
check_ticket (const DeskTicket *ticket)
{
  gboolean open = ticket->status == DESK_STATUS_OPEN;

  g_assert_nonnull (ticket->summary);
  g_assert_nonnull (ticket->requester);
  g_assert_nonnull (ticket->department);
  g_assert_cmpint (ticket->running_since != 0, ==, open);
  g_assert_cmpint (ticket->due_at != 0, ==, open && ticket->sla != NULL);
  g_assert_cmpint (ticket->target_secs != 0, ==, ticket->sla != NULL);
  g_assert_cmpint (ticket->spent_secs, >=, 0);
  g_assert_cmpint (ticket->closed_at != 0, ==, ticket->status == DESK_STATUS_CLOSED);
  if (ticket->status == DESK_STATUS_RESOLVED)
    {
      g_assert_nonnull (ticket->resolution);
      g_assert_cmpint (ticket->resolved_at, !=, 0);
    }
  if (open || ticket->status == DESK_STATUS_WAITING)
    g_assert_cmpint (ticket->resolved_at, ==, 0);
}

static void
check_fold (Play *play)
{
  g_autoptr (DeskTicket) fold = desk_ticket_new ("ticket");

  for (guint i = 0; i < play->events->len; i++)
    desk_apply (fold, g_ptr_array_index (play->events, i));
  g_assert_cmpstr (desk_ticket_compare (fold, play->ticket), ==, NULL);
}

static void
keep (Play *play, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      DeskEvent *event = g_ptr_array_index (events, i);

      stamp (play, event);
      desk_apply (play->ticket, event);
      g_ptr_array_add (play->events, desk_event_ref (event));
    }
}

/* The outcome, or NULL with the play's error set. */
static GPtrArray *
decide (Play *play, DeskOp *op)
{
  g_autoptr (GPtrArray) since = find_since (play, op);
  GPtrArray *events;

  g_clear_error (&play->error);
  events = desk_accept (play->ticket, since, op, fixture_person (op->author), play->catalogue,
                        play->now, &play->error);
  g_assert_true ((events != NULL) == (play->error == NULL));
  if (play->error != NULL)
    {
      g_assert_true (play->error->domain == DESK_ERROR);
      g_assert_true (g_utf8_validate (play->error->message, -1, NULL));
    }
  return events;
}

int
play_ask (Play *play, DeskOp *op)
{
  g_autoptr (GPtrArray) events = decide (play, op);

  return events != NULL ? FINE : play->error->code;
}

int
play_op (Play *play, DeskOp *op)
{
  g_autoptr (DeskOp) taken = op;
  g_autoptr (GPtrArray) events = decide (play, taken);

  if (events == NULL)
    return play->error->code;
  if (play->ticket == NULL)
    play->ticket = desk_ticket_new (op->ticket);
  check_events (play, events, op);
  keep (play, events);
  check_ticket (play->ticket);
  check_fold (play);
  return FINE;
}

int
submit (Play *self, DeskKind kind, const char *author, const char *text, ...)
{
  DeskOp *op = play_new_op (self, kind, author);
  va_list changes;

  desk_op_set_text (op, text);
  va_start (changes, text);
  for (int field = va_arg (changes, int); field >= 0; field = va_arg (changes, int))
    desk_op_change (op, (DeskField) field, va_arg (changes, const char *));
  va_end (changes);
  return play_op (self, op);
}

guint
play_count_last (Play *play)
{
  g_autofree char *cause = g_strdup_printf ("op-%u", play->n_ops);
  guint n = 0;

  for (guint i = 0; i < play->events->len; i++)
    n += g_str_equal (((DeskEvent *) g_ptr_array_index (play->events, i))->cause, cause);
  return n;
}

const DeskEvent *
play_last (Play *play, guint i)
{
  guint n = play_count_last (play);

  g_assert_cmpuint (i, <, n);
  return g_ptr_array_index (play->events, play->events->len - n + i);
}

void
play_to_status (Play *self, DeskStatus status)
{
  if (self->ticket->status == status)
    return;
  switch (status)
    {
    case DESK_STATUS_OPEN:
      assert_code (submit (self, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "open", -1),
                   FINE);
      break;
    case DESK_STATUS_WAITING:
      assert_code (
          submit (self, DESK_KIND_REPLY, "jane", "Which error?", DESK_FIELD_STATUS, "waiting", -1),
          FINE);
      break;
    case DESK_STATUS_RESOLVED:
      assert_code (submit (self, DESK_KIND_CHANGE, "jane", NULL, DESK_FIELD_STATUS, "resolved",
                           DESK_FIELD_RESOLUTION, "Restarted the gateway", -1),
                   FINE);
      break;
    case DESK_STATUS_CLOSED:
      assert_code (submit (self, DESK_KIND_CHANGE, "jane", "Spam", DESK_FIELD_STATUS, "closed", -1),
                   FINE);
      break;
    }
}

char *
fixture_describe_event (const DeskEvent *event)
{
  g_autofree char *changes = desk_changes_format (event->changes);

  return g_strdup_printf ("%s %s %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
                          " %s %s by %s on %s (%d) for %s, %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
                          " target %s files %u redacted %d\n%s\n%s",
                          event->uid, event->ticket, event->no, event->public_no,
                          desk_enum_get_nick (DESK_TYPE_KIND, (int) event->kind),
                          desk_enum_get_nick (DESK_TYPE_AUDIENCE, (int) event->audience),
                          event->author, event->device != NULL ? event->device : "-",
                          (int) event->via, event->cause != NULL ? event->cause : "-", event->at,
                          event->accepted_at, event->target != NULL ? event->target : "-",
                          event->attachments->len, event->redacted,
                          event->text != NULL ? event->text : "-", changes != NULL ? changes : "-");
}

const char *
fixture_word_code (int code)
{
  return code == FINE ? "-" : desk_enum_get_nick (DESK_TYPE_ERROR, code);
}
