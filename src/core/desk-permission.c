/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of actions and the table of moves. */
#include "desk-permission.h"

#define SECS_PER_DAY (24 * 60 * 60)

/* Why an action does not go in a status; NULL where it does. */
typedef const char *Refusals[DESK_N_STATUSES];

typedef struct
{
  guint standings;   /* one of these is needed */
  const char *only;  /* the refusal of everybody else */
  Refusals as_agent; /* for agents and administrators */
  Refusals as_requester;
} ActionInfo;

#define AGENTS         (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR)
#define ADMINISTRATORS DESK_STANDING_ADMINISTRATOR
#define REQUESTERS     DESK_STANDING_REQUESTER
#define ANYBODY        (REQUESTERS | AGENTS)

#define IN_EVERY_STATUS                                                                            \
  {                                                                                                \
    NULL                                                                                           \
  }
#define UNLESS_CLOSED                                                                              \
  {                                                                                                \
    [DESK_STATUS_CLOSED] = DESK_N_ ("The ticket is closed: reopen it first")                       \
  }

static const ActionInfo actions[DESK_N_ACTIONS] = {
  [DESK_ACTION_SEE] = { ANYBODY, DESK_N_ ("This ticket is somebody else's"), IN_EVERY_STATUS, IN_EVERY_STATUS },
  [DESK_ACTION_SEE_INTERNAL] = { AGENTS, DESK_N_ ("Only agents see notes"), IN_EVERY_STATUS },
  [DESK_ACTION_MESSAGE] = { REQUESTERS, DESK_N_ ("Only the requester sends messages: write a reply or a note"),
                            .as_requester = IN_EVERY_STATUS },
  [DESK_ACTION_REPLY] = { AGENTS, DESK_N_ ("Only agents reply: send a message"), IN_EVERY_STATUS },
  [DESK_ACTION_NOTE] = { AGENTS, DESK_N_ ("Only agents write notes: send a message"), IN_EVERY_STATUS },
  [DESK_ACTION_CLAIM] = { AGENTS, DESK_N_ ("Only agents take tickets"), UNLESS_CLOSED },
  [DESK_ACTION_ASSIGN] = { AGENTS, DESK_N_ ("Only agents assign tickets"), UNLESS_CLOSED },
  [DESK_ACTION_TRANSFER] = { AGENTS, DESK_N_ ("Only agents move tickets to another department"), UNLESS_CLOSED },
  [DESK_ACTION_SET] = { AGENTS, DESK_N_ ("Only agents change this: ask for it in a message"), UNLESS_CLOSED },
  [DESK_ACTION_WAIT] = {
    AGENTS,
    DESK_N_ ("Only agents ask and wait: send a message"),
    {
      [DESK_STATUS_WAITING] = DESK_N_ ("The ticket is waiting already"),
      [DESK_STATUS_RESOLVED] = DESK_N_ ("The ticket is resolved: reopen it first"),
      [DESK_STATUS_CLOSED] = DESK_N_ ("The ticket is closed: reopen it first"),
    },
  },
  [DESK_ACTION_RESOLVE] = {
    AGENTS,
    DESK_N_ ("Only agents resolve tickets: say in a message that it is solved"),
    {
      [DESK_STATUS_RESOLVED] = DESK_N_ ("The ticket is resolved already: reopen it to write another resolution"),
      [DESK_STATUS_CLOSED] = DESK_N_ ("The ticket is closed: reopen it first"),
    },
  },
  [DESK_ACTION_CONFIRM] = {
    REQUESTERS,
    DESK_N_ ("Only the requester confirms that it is solved: close the ticket with a reason"),
    .as_requester = {
      [DESK_STATUS_OPEN] = DESK_N_ ("The ticket is not resolved yet: withdraw it if it needs no answer any more"),
      [DESK_STATUS_WAITING] = DESK_N_ ("The ticket waits for your answer: send a message"),
      [DESK_STATUS_CLOSED] = DESK_N_ ("The ticket is closed already"),
    },
  },
  [DESK_ACTION_REOPEN] = {
    ANYBODY,
    DESK_N_ ("This ticket is somebody else's"),
    {
      [DESK_STATUS_OPEN] = DESK_N_ ("The ticket is open already"),
    },
    {
      [DESK_STATUS_OPEN] = DESK_N_ ("The ticket is open already"),
      [DESK_STATUS_WAITING] = DESK_N_ ("The ticket waits for your answer: send a message"),
    },
  },
  [DESK_ACTION_WITHDRAW] = {
    REQUESTERS,
    DESK_N_ ("Only the requester withdraws a ticket: close it with a reason"),
    .as_requester = {
      [DESK_STATUS_WAITING] = DESK_N_ ("The ticket waits for your answer: send a message"),
      [DESK_STATUS_RESOLVED] = DESK_N_ ("The ticket is resolved: confirm that it is solved"),
      [DESK_STATUS_CLOSED] = DESK_N_ ("The ticket is closed already"),
    },
  },
  [DESK_ACTION_CLOSE] = {
    AGENTS,
    DESK_N_ ("Only agents close tickets with a reason: withdraw it, or confirm that it is solved"),
    {
      [DESK_STATUS_CLOSED] = DESK_N_ ("The ticket is closed already"),
    },
  },
  [DESK_ACTION_REDACT] = { ADMINISTRATORS, DESK_N_ ("Only administrators take out what was written"),
                           IN_EVERY_STATUS },
  [DESK_ACTION_KEEP_CATALOGUE] = { ADMINISTRATORS, DESK_N_ ("Only administrators change this: ask one"),
                                   IN_EVERY_STATUS },
};

#define TO(status) (1u << DESK_STATUS_##status)

static const struct
{
  guint agent;
  guint requester;
} moves[DESK_N_STATUSES] = {
  [DESK_STATUS_OPEN] = { TO (WAITING) | TO (RESOLVED) | TO (CLOSED), TO (CLOSED) },
  [DESK_STATUS_WAITING] = { TO (OPEN) | TO (RESOLVED) | TO (CLOSED), TO (OPEN) },
  [DESK_STATUS_RESOLVED] = { TO (OPEN) | TO (CLOSED), TO (OPEN) | TO (CLOSED) },
  [DESK_STATUS_CLOSED] = { TO (OPEN), TO (OPEN) },
};

static gboolean
works_on (const DeskPerson *person, const DeskTicket *ticket)
{
  return desk_person_works_in (person, ticket->department) ||
         g_strcmp0 (ticket->assignee, person->uid) == 0 ||
         desk_person_is_in_team (person, ticket->team);
}

DeskStanding
desk_standing_of (const DeskPerson *person, const DeskTicket *ticket)
{
  guint standing = DESK_STANDING_NONE;

  if (person->removed)
    return DESK_STANDING_NONE;
  if (ticket != NULL && g_strcmp0 (ticket->requester, person->uid) == 0)
    standing |= DESK_STANDING_REQUESTER;
  if (person->role >= DESK_ROLE_AGENT && (ticket == NULL || works_on (person, ticket)))
    standing |= DESK_STANDING_AGENT;
  if (person->role == DESK_ROLE_ADMINISTRATOR)
    standing |= DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR;
  return (DeskStanding) standing;
}

/* A requester's message or "not yet" comes in time, or finds the ticket not closed. */
static gboolean
is_within_reopen_window (const DeskTicket *ticket, const DeskCatalogue *catalogue, gint64 now)
{
  gint64 days = desk_entry_get_int (desk_catalogue_get_desk (catalogue), DESK_PROPERTY_REOPEN_DAYS);

  return ticket->status != DESK_STATUS_CLOSED || now <= ticket->closed_at + days * SECS_PER_DAY;
}

/* What a requester does to a ticket that is closed for long. */
static gboolean
check_window (DeskAction action,
              const DeskTicket *ticket,
              const DeskCatalogue *catalogue,
              gint64 now,
              GError **error)
{
  if (action != DESK_ACTION_MESSAGE && action != DESK_ACTION_REOPEN)
    return TRUE;
  if (is_within_reopen_window (ticket, catalogue, now))
    return TRUE;
  return desk_refuse (error, DESK_ERROR_CLOSED,
                      "The ticket has been closed for too long: file a new ticket about it");
}

/* Agent and requester may be one person: then what either may do goes. */
static gboolean
check_status (DeskAction action,
              guint standing,
              const DeskTicket *ticket,
              const DeskCatalogue *catalogue,
              gint64 now,
              GError **error)
{
  const ActionInfo *info = &actions[action];
  guint usable = standing & info->standings;

  if ((usable & AGENTS) != 0 && info->as_agent[ticket->status] == NULL)
    return TRUE;
  if ((usable & REQUESTERS) != 0 && info->as_requester[ticket->status] == NULL)
    return check_window (action, ticket, catalogue, now, error);
  return desk_refuse (error, DESK_ERROR_WRONG_STATUS, "%s",
                      (usable & AGENTS) != 0 ? info->as_agent[ticket->status]
                                             : info->as_requester[ticket->status]);
}

static gboolean
check_claim (DeskAction action, const DeskTicket *ticket, GError **error)
{
  if (action != DESK_ACTION_CLAIM || ticket->assignee == NULL)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_WRONG_STATUS,
                      "Somebody has this ticket already: assign it instead");
}

gboolean
desk_can (DeskAction action,
          const DeskPerson *person,
          const DeskTicket *ticket,
          const DeskCatalogue *catalogue,
          gint64 now,
          GError **error)
{
  guint standing;

  g_return_val_if_fail ((guint) action < DESK_N_ACTIONS, FALSE);

  standing = desk_standing_of (person, ticket);
  if (ticket != NULL && standing == DESK_STANDING_NONE)
    return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such ticket");
  if ((standing & actions[action].standings) == 0)
    return desk_refuse (error, DESK_ERROR_NOT_ALLOWED, "%s", actions[action].only);
  if (ticket == NULL)
    return TRUE;
  return check_status (action, standing, ticket, catalogue, now, error) &&
         check_claim (action, ticket, error);
}

gboolean
desk_status_can_move (DeskStatus from, DeskStatus to, DeskStanding standing)
{
  guint reachable = 0;

  g_return_val_if_fail ((guint) from < DESK_N_STATUSES && (guint) to < DESK_N_STATUSES, FALSE);

  if ((standing & AGENTS) != 0)
    reachable |= moves[from].agent;
  if ((standing & REQUESTERS) != 0)
    reachable |= moves[from].requester;
  return (reachable & (1u << to)) != 0;
}
