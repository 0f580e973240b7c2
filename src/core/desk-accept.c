/* SPDX-License-Identifier: GPL-3.0-or-later
 * How an op becomes events, step by step.
 *
 * What is asked for is cleaned, held against the ticket, the permission table and what others did
 * meanwhile, and carried out on a copy of the ticket. The events are the difference between the
 * ticket and that copy, parted by audience: so consequences (the clock, a dropped assignee) need no
 * bookkeeping of their own. */
#include "desk-accept-private.h"

#include "desk-projection.h"
#include "desk-sla.h"

#define SECS_PER_HOUR 3600

const DeskFieldRule desk_field_rules[DESK_N_FIELDS] = {
  [DESK_FIELD_NUMBER] = { DESK_N_ ("number") },
  [DESK_FIELD_SUMMARY] = { DESK_N_ ("summary"), TRUE, DESK_INTAKE_ANYBODY, DESK_ACTION_SET,
                           DESK_FORM_LINE, .missing = DESK_N_ ("Give the ticket a summary") },
  [DESK_FIELD_REQUESTER] = { DESK_N_ ("requester"), TRUE, DESK_INTAKE_AGENTS, DESK_ACTION_SEE,
                             DESK_FORM_PERSON },
  [DESK_FIELD_TOPIC] = { DESK_N_ ("help topic"), TRUE, DESK_INTAKE_ANYBODY, DESK_ACTION_SET,
                         DESK_FORM_ENTRY, DESK_ENTRY_TOPIC },
  [DESK_FIELD_STATUS] = { DESK_N_ ("status"), TRUE, DESK_INTAKE_NOBODY, DESK_ACTION_SEE,
                          DESK_FORM_WORD,
                          .missing = DESK_N_ ("A ticket always has a status: choose one") },
  [DESK_FIELD_DEPARTMENT] = { DESK_N_ ("department"), TRUE, DESK_INTAKE_AGENTS,
                              DESK_ACTION_TRANSFER, DESK_FORM_ENTRY, DESK_ENTRY_DEPARTMENT,
                              DESK_N_ ("A ticket always has a department: choose one") },
  [DESK_FIELD_TEAM] = { DESK_N_ ("team"), TRUE, DESK_INTAKE_AGENTS, DESK_ACTION_ASSIGN,
                        DESK_FORM_ENTRY, DESK_ENTRY_TEAM },
  [DESK_FIELD_ASSIGNEE] = { DESK_N_ ("assignee"), TRUE, DESK_INTAKE_AGENTS, DESK_ACTION_ASSIGN,
                            DESK_FORM_AGENT },
  [DESK_FIELD_PRIORITY] = { DESK_N_ ("priority"), TRUE, DESK_INTAKE_IF_DESK_LETS, DESK_ACTION_SET,
                            DESK_FORM_WORD,
                            .missing = DESK_N_ ("A ticket always has a priority: choose one") },
  [DESK_FIELD_SLA] = { DESK_N_ ("SLA plan"), TRUE, DESK_INTAKE_AGENTS, DESK_ACTION_SET,
                       DESK_FORM_ENTRY, DESK_ENTRY_SLA },
  [DESK_FIELD_DUE_AT] = { DESK_N_ ("due time") },
  [DESK_FIELD_TARGET_SECS] = { DESK_N_ ("target") },
  [DESK_FIELD_SPENT_SECS] = { DESK_N_ ("time spent") },
  [DESK_FIELD_RUNNING_SINCE] = { DESK_N_ ("clock") },
  [DESK_FIELD_RESOLUTION] = { DESK_N_ ("resolution"), TRUE, DESK_INTAKE_NOBODY, DESK_ACTION_RESOLVE,
                              DESK_FORM_BODY },
  [DESK_FIELD_STEPS] = { DESK_N_ ("steps taken"), TRUE, DESK_INTAKE_NOBODY, DESK_ACTION_RESOLVE,
                         DESK_FORM_BODY },
  [DESK_FIELD_RECOMMENDATIONS] = { DESK_N_ ("recommendations"), TRUE, DESK_INTAKE_NOBODY,
                                   DESK_ACTION_RESOLVE, DESK_FORM_BODY },
  [DESK_FIELD_RESOLVED_AT] = { DESK_N_ ("time of resolving") },
  [DESK_FIELD_CLOSED_AT] = { DESK_N_ ("time of closing") },
};

const DeskKindRule desk_kind_rules[DESK_N_KINDS] = {
  [DESK_KIND_CREATED] = { DESK_ACTION_SEE },
  [DESK_KIND_MESSAGE] = { DESK_ACTION_MESSAGE, DESK_N_ ("Write a message, or attach a file") },
  [DESK_KIND_REPLY] = { DESK_ACTION_REPLY, DESK_N_ ("Write a reply, or attach a file") },
  [DESK_KIND_NOTE] = { DESK_ACTION_NOTE, DESK_N_ ("Write a note, or attach a file"), TRUE },
  [DESK_KIND_CHANGE] = { DESK_ACTION_SEE },
  [DESK_KIND_REDACT] = { DESK_ACTION_REDACT },
};

static void
clear_decision (DeskDecision *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_clear_pointer (&self->after, desk_ticket_unref);
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    g_clear_pointer (&self->wanted[field], g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DeskDecision, clear_decision)

/* --- outcome --- */

static void
set_due (DeskDecision *self)
{
  DeskTicket *after = self->after;
  DeskClock clock = { after->target_secs, after->spent_secs, after->running_since };

  after->due_at = desk_clock_due_at (clock);
}

static void
set_clock (DeskDecision *self, DeskClock clock)
{
  self->after->target_secs = clock.target_secs;
  self->after->spent_secs = clock.spent_secs;
  self->after->running_since = clock.running_since;
}

/* Copies the plan's target, so that editing the plan later changes no ticket. */
static void
set_sla (DeskDecision *self, const char *slug)
{
  const DeskEntry *plan = desk_catalogue_find (self->catalogue, DESK_ENTRY_SLA, slug);

  desk_ticket_set_field (self->after, DESK_FIELD_SLA, slug);
  self->after->target_secs = plan != NULL
                                 ? desk_entry_get_int (plan, DESK_PROPERTY_HOURS) * SECS_PER_HOUR
                                 : 0;
}

/* The clock runs in open only; a ticket that comes back from closed begins anew. */
static void
move_clock (DeskDecision *self, DeskStatus from, DeskStatus to)
{
  DeskTicket *after = self->after;
  DeskClock clock = { after->target_secs, after->spent_secs, after->running_since };

  if (from == DESK_STATUS_CLOSED)
    clock = desk_clock_reset (clock);
  clock = to == DESK_STATUS_OPEN ? desk_clock_start (clock, self->now)
                                 : desk_clock_pause (clock, self->now);
  set_clock (self, clock);
}

static void
move_status (DeskDecision *self, DeskStatus to)
{
  DeskTicket *after = self->after;
  DeskStatus from = after->status;

  if (from == to)
    return;
  move_clock (self, from, to);
  after->status = to;
  switch (to)
    {
    case DESK_STATUS_OPEN:
      after->resolved_at = 0;
      after->closed_at = 0;
      break;
    case DESK_STATUS_WAITING:
      break;
    case DESK_STATUS_RESOLVED:
      after->resolved_at = self->now;
      break;
    case DESK_STATUS_CLOSED:
      after->closed_at = self->now;
      break;
    }
}

static DeskEvent *
new_event (const DeskDecision *self, DeskKind kind, DeskAudience audience)
{
  const DeskOp *op = self->op;
  DeskEvent *event = desk_event_new ();

  event->ticket = g_strdup (op->ticket);
  event->kind = kind;
  event->audience = audience;
  event->author = g_strdup (op->author);
  event->device = g_strdup (op->device);
  event->via = op->via;
  event->cause = g_strdup (op->uid);
  event->at = op->at > 0 ? MIN (op->at, self->now) : self->now;
  event->accepted_at = self->now;
  return event;
}

/* Tells @event of each field that is other than it was and belongs to its audience. A ticket that
 * is filed comes from nothing, and its first event says what it is even where that is the usual. */
static void
add_differences (const DeskDecision *self, DeskEvent *event)
{
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      g_autofree char *to = NULL;
      g_autofree char *from = NULL;

      to = desk_ticket_dup_field (self->after, field);
      if (self->ticket == NULL ? to == NULL : desk_ticket_field_equals (self->ticket, field, to))
        continue;
      if (self->ticket != NULL)
        from = desk_ticket_dup_field (self->ticket, field);
      if (desk_field_get_audience (field, from, to, self->catalogue) == event->audience)
        desk_event_change (event, field, from, to);
    }
}

/* Whom the text is for. The reason of a change tells requesters about a move that they see; about
 * anything else agents talk among themselves. */
static DeskAudience
get_text_audience (const DeskDecision *self)
{
  gboolean internal = desk_kind_rules[self->op->kind].text_internal;

  if (self->op->kind == DESK_KIND_CHANGE)
    internal = !self->moves[DESK_FIELD_STATUS];
  return internal ? DESK_AUDIENCE_INTERNAL : DESK_AUDIENCE_PUBLIC;
}

/* Where only the changes of an op are for this audience, its event is a plain change. */
static void
add_event (DeskDecision *self, GPtrArray *events, DeskAudience audience)
{
  gboolean has_text = get_text_audience (self) == audience &&
                      (self->text != NULL || self->attachments->len > 0);
  DeskKind kind = get_text_audience (self) == audience ? self->op->kind : DESK_KIND_CHANGE;
  g_autoptr (DeskEvent) event = new_event (self, kind, audience);

  add_differences (self, event);
  if (!has_text && event->changes->len == 0)
    return;
  if (has_text)
    {
      GPtrArray *none = event->attachments;

      event->text = g_steal_pointer (&self->text);
      event->attachments = self->attachments;
      self->attachments = none;
    }
  if (events->len == 0)
    event->uid = g_strdup (self->op->uid);
  g_ptr_array_add (events, g_steal_pointer (&event));
}

static GPtrArray *
make_events (DeskDecision *self)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);

  set_due (self);
  add_event (self, events, DESK_AUDIENCE_PUBLIC);
  add_event (self, events, DESK_AUDIENCE_INTERNAL);
  return events;
}

/* --- filing a ticket --- */

/* Whether a default may be used: what was removed since is passed over. */
static gboolean
is_usable (const DeskDecision *self, DeskField field, const char *value)
{
  return value != NULL &&
         desk_decision_check_reference (self, &desk_field_rules[field], value, NULL);
}

/* The value asked for, or the first usable one of @property along topic, department and desk. */
static const char *
cascade (const DeskDecision *self, DeskField field, DeskProperty property)
{
  const DeskEntry *sources[] = {
    desk_catalogue_find (self->catalogue, DESK_ENTRY_TOPIC, self->wanted[DESK_FIELD_TOPIC]),
    desk_catalogue_find (self->catalogue, DESK_ENTRY_DEPARTMENT, self->after->department),
    desk_catalogue_get_desk (self->catalogue),
  };

  if (self->wanted[field] != NULL)
    return self->wanted[field];
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      const DeskEntry *source = sources[i];

      if (source == NULL || (desk_property_get_info (property)->kinds & (1u << source->kind)) == 0)
        continue;
      if (is_usable (self, field, desk_entry_get (source, property)))
        return desk_entry_get (source, property);
    }
  return NULL;
}

static const struct
{
  DeskField field;
  DeskProperty property;
} cascades[] = {
  { DESK_FIELD_DEPARTMENT, DESK_PROPERTY_DEPARTMENT }, /* first: the others look at it */
  { DESK_FIELD_PRIORITY, DESK_PROPERTY_PRIORITY },     { DESK_FIELD_SLA, DESK_PROPERTY_SLA },
  { DESK_FIELD_ASSIGNEE, DESK_PROPERTY_ASSIGNEE },     { DESK_FIELD_TEAM, DESK_PROPERTY_TEAM },
};

static void
fill_in (DeskDecision *self)
{
  DeskTicket *after = self->after;
  const char *requester = self->wanted[DESK_FIELD_REQUESTER];

  desk_ticket_set_field (after, DESK_FIELD_SUMMARY, self->wanted[DESK_FIELD_SUMMARY]);
  desk_ticket_set_field (after, DESK_FIELD_TOPIC, self->wanted[DESK_FIELD_TOPIC]);
  desk_ticket_set_field (after, DESK_FIELD_REQUESTER,
                         requester != NULL ? requester : self->author->uid);
  for (guint i = 0; i < G_N_ELEMENTS (cascades); i++)
    {
      const char *value = cascade (self, cascades[i].field, cascades[i].property);

      if (value != NULL)
        desk_ticket_set_field (after, cascades[i].field, value);
    }
  set_sla (self, after->sla);
  after->running_since = self->now;
}

static GPtrArray *
accept_created (DeskDecision *self, GError **error)
{
  if (!desk_decision_judge_filing (self, error))
    return NULL;
  fill_in (self);
  if (self->after->department == NULL)
    {
      desk_refuse (error, DESK_ERROR_MISSING,
                   "This desk has no department for new tickets: an administrator chooses one");
      return NULL;
    }
  return make_events (self);
}

/* --- carrying out --- */

/* Moving to a department drops an assignee who does not work there and brings its plan when the
 * ticket has none; what the op asks for itself goes first. */
static void
transfer (DeskDecision *self)
{
  DeskTicket *after = self->after;
  const DeskPerson *assignee = desk_catalogue_find_agent (self->catalogue, after->assignee);
  const DeskEntry *department;
  const char *sla;

  desk_ticket_set_field (after, DESK_FIELD_DEPARTMENT, self->wanted[DESK_FIELD_DEPARTMENT]);
  if (!self->asked[DESK_FIELD_ASSIGNEE] && after->assignee != NULL &&
      (assignee == NULL || !desk_person_works_in (assignee, after->department)))
    desk_ticket_set_field (after, DESK_FIELD_ASSIGNEE, NULL);

  department = desk_catalogue_find (self->catalogue, DESK_ENTRY_DEPARTMENT, after->department);
  sla = desk_entry_get (department, DESK_PROPERTY_SLA);
  if (!self->asked[DESK_FIELD_SLA] && after->sla == NULL && is_usable (self, DESK_FIELD_SLA, sla))
    set_sla (self, sla);
}

/* A resolution is whole: what the new one does not say is not left over from the one before. */
static void
write_resolution (DeskDecision *self)
{
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (desk_field_is_of_resolution (field))
      desk_ticket_set_field (self->after, field, self->wanted[field]);
}

static void
carry_out_field (DeskDecision *self, DeskField field)
{
  if (field == DESK_FIELD_DEPARTMENT)
    transfer (self);
  else if (field == DESK_FIELD_SLA)
    set_sla (self, self->wanted[field]);
  else if (field != DESK_FIELD_STATUS && !desk_field_is_of_resolution (field))
    desk_ticket_set_field (self->after, field, self->wanted[field]);
}

static void
carry_out (DeskDecision *self)
{
  DeskStatus to;

  if (self->moves[DESK_FIELD_STATUS] && desk_decision_parse_status (self, &to))
    {
      move_status (self, to);
      if (to == DESK_STATUS_RESOLVED)
        write_resolution (self);
    }
  else if (self->op->kind == DESK_KIND_MESSAGE && !self->asked[DESK_FIELD_STATUS])
    move_status (self, DESK_STATUS_OPEN);

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (self->moves[field])
      carry_out_field (self, field);
}

static GPtrArray *
accept_change (DeskDecision *self, GError **error)
{
  if (!desk_decision_judge_change (self, error))
    return NULL;
  carry_out (self);
  return make_events (self);
}

/* One public event without text; the store empties the target, and makes the event internal when
 * its target is. */
static GPtrArray *
accept_redact (DeskDecision *self, GError **error)
{
  g_autoptr (GPtrArray) events = NULL;
  DeskEvent *event;

  if (!desk_decision_judge_redact (self, error))
    return NULL;
  events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  event = new_event (self, DESK_KIND_REDACT, DESK_AUDIENCE_PUBLIC);
  event->uid = g_strdup (self->op->uid);
  event->target = g_strdup (self->op->target);
  g_ptr_array_add (events, event);
  return g_steal_pointer (&events);
}

GPtrArray *
desk_accept (const DeskTicket *ticket,
             GPtrArray *since,
             const DeskOp *op,
             const DeskPerson *author,
             const DeskCatalogue *catalogue,
             gint64 now,
             GError **error)
{
  g_auto (DeskDecision) self = {
    .ticket = ticket,
    .since = since,
    .op = op,
    .author = author,
    .catalogue = catalogue,
    .now = now,
  };

  g_return_val_if_fail (op != NULL && author != NULL && catalogue != NULL, NULL);

  if (!desk_decision_read (&self, error))
    return NULL;

  switch (op->kind)
    {
    case DESK_KIND_CREATED:
      return accept_created (&self, error);
    case DESK_KIND_MESSAGE:
    case DESK_KIND_REPLY:
    case DESK_KIND_NOTE:
    case DESK_KIND_CHANGE:
      return accept_change (&self, error);
    case DESK_KIND_REDACT:
      return accept_redact (&self, error);
    }
  g_return_val_if_reached (NULL);
}
