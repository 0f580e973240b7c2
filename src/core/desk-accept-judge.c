/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether an op may be carried out: who may, which moves are legal, what somebody else did
 * meanwhile, what has to be said. */
#include "desk-accept-private.h"

#include <string.h>

#include "desk-text.h"

gboolean
desk_decision_is_agent (const DeskDecision *self)
{
  return (self->standing & (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR)) != 0;
}

gboolean
desk_decision_parse_status (const DeskDecision *self, DeskStatus *status)
{
  int value;

  if (!desk_enum_parse (DESK_TYPE_STATUS, self->wanted[DESK_FIELD_STATUS], &value))
    return FALSE;
  *status = (DeskStatus) value;
  return TRUE;
}

gboolean
desk_field_is_of_resolution (DeskField field)
{
  return field == DESK_FIELD_RESOLUTION || field == DESK_FIELD_STEPS ||
         field == DESK_FIELD_RECOMMENDATIONS;
}

/* --- filing a ticket --- */

static gboolean
may_fill_in (const DeskDecision *self, DeskField field)
{
  gboolean agent = self->author->role >= DESK_ROLE_AGENT;

  switch (desk_field_rules[field].intake)
    {
    case DESK_INTAKE_NOBODY:
      return FALSE;
    case DESK_INTAKE_ANYBODY:
      return TRUE;
    case DESK_INTAKE_AGENTS:
      return agent || (field == DESK_FIELD_REQUESTER &&
                       strcmp (self->wanted[field], self->author->uid) == 0);
    case DESK_INTAKE_IF_DESK_LETS:
      return agent || desk_entry_get_bool (desk_catalogue_get_desk (self->catalogue),
                                           DESK_PROPERTY_REQUESTER_PRIORITY);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
check_intake (const DeskDecision *self, GError **error)
{
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      if (!self->asked[field] || self->wanted[field] == NULL || may_fill_in (self, field))
        continue;
      if (desk_field_rules[field].intake == DESK_INTAKE_NOBODY)
        return desk_refuse (error, DESK_ERROR_INVALID, "A new ticket has no %s yet",
                            desk_field_rules[field].word);
      return desk_refuse (error, DESK_ERROR_NOT_ALLOWED,
                          "Only agents choose the %s of a new ticket: leave it out",
                          desk_field_rules[field].word);
    }
  if (self->wanted[DESK_FIELD_SUMMARY] == NULL)
    return desk_refuse (error, DESK_ERROR_MISSING, "%s",
                        desk_field_rules[DESK_FIELD_SUMMARY].missing);
  return TRUE;
}

gboolean
desk_decision_judge_filing (const DeskDecision *self, GError **error)
{
  return check_intake (self, error);
}

/* --- conflicts --- */

/* Somebody's own text, which is said as it is. (transfer full) */
static char *
quote (const char *text)
{
  return g_strdup_printf ("“%s”", text);
}

/* A value as a sentence says it. */
static char *
word_value (const DeskDecision *self, DeskField field, const char *value)
{
  const DeskEntry *entry;
  const DeskPerson *person;
  g_autofree char *excerpt = NULL;

  if (value == NULL)
    return g_strdup (DESK_N_ ("none"));
  switch (desk_field_rules[field].form)
    {
    case DESK_FORM_ENTRY:
      entry = desk_catalogue_find (self->catalogue, desk_field_rules[field].kind, value);
      return quote (entry != NULL ? entry->label : value);
    case DESK_FORM_AGENT:
    case DESK_FORM_PERSON:
      person = desk_catalogue_find_agent (self->catalogue, value);
      return person != NULL && person->name != NULL ? quote (person->name)
                                                    : g_strdup (DESK_N_ ("somebody else"));
    case DESK_FORM_LINE:
    case DESK_FORM_BODY:
      excerpt = desk_text_excerpt (value, 60);
      return quote (excerpt);
    case DESK_FORM_WORD:
      return g_strdup (value);
    }
  g_return_val_if_reached (NULL);
}

static gboolean
is_own (const DeskDecision *self, const DeskEvent *event)
{
  return g_strcmp0 (event->author, self->op->author) == 0 &&
         g_strcmp0 (event->device, self->op->device) == 0;
}

static gboolean
refuse_conflict (const DeskDecision *self, DeskField field, GError **error)
{
  g_autofree char *value = desk_ticket_dup_field (self->ticket, field);
  g_autofree char *theirs = word_value (self, field, value);
  g_autofree char *ours = word_value (self, field, self->wanted[field]);

  return desk_refuse (error, DESK_ERROR_CONFLICT,
                      "The %s was changed to %s meanwhile: look at it before you make it %s",
                      desk_field_rules[field].word, theirs, ours);
}

static gboolean
check_conflict_with (const DeskDecision *self, const DeskEvent *event, GError **error)
{
  if (is_own (self, event) ||
      (event->audience == DESK_AUDIENCE_INTERNAL && !desk_decision_is_agent (self)))
    return TRUE;
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      const DeskChange *change = self->moves[field] ? desk_changes_find (event->changes, field)
                                                    : NULL;

      if (change != NULL && g_strcmp0 (change->to, self->wanted[field]) != 0)
        return refuse_conflict (self, field, error);
    }
  return TRUE;
}

static gboolean
check_conflicts (const DeskDecision *self, GError **error)
{
  for (guint i = 0; self->since != NULL && i < self->since->len; i++)
    if (!check_conflict_with (self, g_ptr_array_index (self->since, i), error))
      return FALSE;
  return TRUE;
}

/* --- permission and legal moves --- */

static gboolean
can (const DeskDecision *self, DeskAction action, const DeskTicket *ticket, GError **error)
{
  return desk_can (action, self->author, ticket, self->catalogue, self->now, error);
}

/* Whether the move is made as the requester. Who is both requester and agent confirms, withdraws
 * and says "not yet" as the requester, and does the rest as an agent. */
static gboolean
moves_as_requester (const DeskDecision *self, DeskStatus to)
{
  switch (self->op->kind)
    {
    case DESK_KIND_MESSAGE:
      return TRUE;
    case DESK_KIND_CHANGE:
      return !desk_decision_is_agent (self) ||
             desk_status_can_move (self->ticket->status, to,
                                   self->standing & DESK_STANDING_REQUESTER);
    case DESK_KIND_CREATED:
    case DESK_KIND_REPLY:
    case DESK_KIND_NOTE:
    case DESK_KIND_REDACT:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

static DeskAction
find_action_of_move (const DeskDecision *self, DeskStatus to)
{
  switch (to)
    {
    case DESK_STATUS_OPEN:
      return DESK_ACTION_REOPEN;
    case DESK_STATUS_WAITING:
      return DESK_ACTION_WAIT;
    case DESK_STATUS_RESOLVED:
      return DESK_ACTION_RESOLVE;
    case DESK_STATUS_CLOSED:
      if (!moves_as_requester (self, to))
        return DESK_ACTION_CLOSE;
      return self->ticket->status == DESK_STATUS_RESOLVED ? DESK_ACTION_CONFIRM
                                                          : DESK_ACTION_WITHDRAW;
    }
  g_return_val_if_reached (DESK_ACTION_SEE);
}

/* The rights of a kind, before its changes are looked at. */
static gboolean
check_kind (const DeskDecision *self, GError **error)
{
  const DeskKindRule *rule = &desk_kind_rules[self->op->kind];

  if (!can (self, rule->action, self->ticket, error))
    return FALSE;
  if (rule->empty != NULL && self->text == NULL && self->attachments->len == 0)
    return desk_refuse (error, DESK_ERROR_MISSING, "%s", rule->empty);
  return TRUE;
}

/* A message speaks for the requester: it can bring a status with it, nothing else. To open again is
 * what it does anyway. */
static gboolean
fit_message (DeskDecision *self, GError **error)
{
  DeskStatus to;

  if (self->op->kind != DESK_KIND_MESSAGE)
    return TRUE;
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (self->asked[field] && field != DESK_FIELD_STATUS)
      return desk_refuse (error, DESK_ERROR_NOT_ALLOWED,
                          "A message cannot change the %s: ask for it in words",
                          desk_field_rules[field].word);
  if (!desk_decision_parse_status (self, &to))
    return TRUE;
  if (to == DESK_STATUS_WAITING || to == DESK_STATUS_RESOLVED)
    return desk_refuse (error, DESK_ERROR_NOT_ALLOWED,
                        "A message only opens a ticket again or closes it");
  if (to == DESK_STATUS_OPEN)
    self->asked[DESK_FIELD_STATUS] = self->moves[DESK_FIELD_STATUS] = FALSE;
  return TRUE;
}

static DeskAction
find_action (const DeskDecision *self, DeskField field)
{
  if (field == DESK_FIELD_ASSIGNEE && self->ticket->assignee == NULL &&
      g_strcmp0 (self->wanted[field], self->author->uid) == 0)
    return DESK_ACTION_CLAIM;
  return desk_field_rules[field].action;
}

static gboolean
check_move (const DeskDecision *self, GError **error)
{
  DeskStatus to;

  if (!self->moves[DESK_FIELD_STATUS] || !desk_decision_parse_status (self, &to))
    return TRUE;
  if (!can (self, find_action_of_move (self, to), self->ticket, error))
    return FALSE;
  if (desk_status_can_move (self->ticket->status, to, self->standing))
    return TRUE;
  return desk_refuse (error, DESK_ERROR_WRONG_STATUS, "A ticket that is %s cannot become %s",
                      desk_enum_get_nick (DESK_TYPE_STATUS, (int) self->ticket->status),
                      self->wanted[DESK_FIELD_STATUS]);
}

static gboolean
check_field (const DeskDecision *self, DeskField field, const DeskTicket *reopened, GError **error)
{
  if (field == DESK_FIELD_REQUESTER)
    return desk_refuse (error, DESK_ERROR_INVALID, "The requester of a ticket stays the same");
  if (desk_field_is_of_resolution (field) &&
      g_strcmp0 (self->wanted[DESK_FIELD_STATUS],
                 desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_RESOLVED)) != 0)
    return desk_refuse (error, DESK_ERROR_INVALID, "The %s is written when the ticket is resolved",
                        desk_field_rules[field].word);
  return can (self, find_action (self, field), reopened, error);
}

/* An op that reopens a closed ticket may change it at once. */
static gboolean
check_fields (DeskDecision *self, GError **error)
{
  const DeskTicket *judged = self->ticket;
  g_autoptr (DeskTicket) reopened = NULL;
  DeskStatus to;

  if (self->ticket->status == DESK_STATUS_CLOSED && desk_decision_parse_status (self, &to) &&
      to == DESK_STATUS_OPEN)
    {
      reopened = desk_ticket_copy (self->ticket);
      reopened->status = DESK_STATUS_OPEN;
      judged = reopened;
    }
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (self->moves[field] && field != DESK_FIELD_STATUS &&
        !check_field (self, field, judged, error))
      return FALSE;
  return TRUE;
}

/* What a move needs to be told to the requester. */
static gboolean
check_needs (const DeskDecision *self, GError **error)
{
  gboolean told = self->text != NULL && !desk_kind_rules[self->op->kind].text_internal;
  DeskStatus to;

  if (!self->moves[DESK_FIELD_STATUS] || !desk_decision_parse_status (self, &to))
    return TRUE;
  switch (to)
    {
    case DESK_STATUS_OPEN:
      return TRUE;
    case DESK_STATUS_WAITING:
      return told || desk_refuse (error, DESK_ERROR_MISSING, "Say what you need to know");
    case DESK_STATUS_RESOLVED:
      return self->wanted[DESK_FIELD_RESOLUTION] != NULL ||
             desk_refuse (error, DESK_ERROR_MISSING, "Say how it was resolved");
    case DESK_STATUS_CLOSED:
      return told || moves_as_requester (self, to) ||
             desk_refuse (error, DESK_ERROR_MISSING,
                          "Give the reason for closing; the requester sees it");
    }
  g_return_val_if_reached (FALSE);
}

/* The reason of a change that was made already is neither lost silently nor kept without one. */
static gboolean
check_reason (const DeskDecision *self, GError **error)
{
  if (self->op->kind != DESK_KIND_CHANGE || (self->text == NULL && self->attachments->len == 0))
    return TRUE;
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (self->moves[field])
      return TRUE;
  return desk_refuse (error, DESK_ERROR_WRONG_STATUS,
                      "All of this is so already: send the text as a message, a reply or a note");
}

gboolean
desk_decision_judge_change (DeskDecision *self, GError **error)
{
  return check_kind (self, error) && fit_message (self, error) && check_conflicts (self, error) &&
         check_move (self, error) && check_fields (self, error) && check_needs (self, error) &&
         check_reason (self, error);
}

gboolean
desk_decision_judge_redact (const DeskDecision *self, GError **error)
{
  if (!check_kind (self, error))
    return FALSE;
  if (self->text == NULL && self->attachments->len == 0 && self->op->changes->len == 0)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_INVALID, "A redact has a target and nothing else");
}
