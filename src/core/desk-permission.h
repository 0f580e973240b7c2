/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may do what: one table of action × standing, and one of status moves × standing.
 *
 * A person's standing with a ticket is a set: requester (the ticket is theirs), agent (they work in
 * its department, are its assignee or in its team), administrator. Windows and commands ask
 * desk_can() to offer an action; desk_accept() asks it again. Fails with DESK_ERROR. Pure; any
 * thread. */
#pragma once

#include "desk-catalogue.h"
#include "desk-error.h"
#include "desk-ticket.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_ACTION_SEE,
  DESK_ACTION_SEE_INTERNAL, /* notes, team, everything that is not public */
  DESK_ACTION_MESSAGE,
  DESK_ACTION_REPLY,
  DESK_ACTION_NOTE,
  DESK_ACTION_CLAIM,  /* take a ticket that has no assignee */
  DESK_ACTION_ASSIGN, /* to an agent or a team, or to nobody */
  DESK_ACTION_TRANSFER,
  DESK_ACTION_SET, /* summary, topic, priority, SLA plan */
  DESK_ACTION_WAIT,
  DESK_ACTION_RESOLVE,
  DESK_ACTION_CONFIRM,  /* requester: this solved it */
  DESK_ACTION_REOPEN,   /* requester: not yet; agent: open again */
  DESK_ACTION_WITHDRAW, /* requester: close an open ticket */
  DESK_ACTION_CLOSE,    /* agent: close with a reason */
  DESK_ACTION_REDACT,
  DESK_ACTION_KEEP_CATALOGUE, /* no ticket */
} DeskAction;
#define DESK_N_ACTIONS (DESK_ACTION_KEEP_CATALOGUE + 1)

typedef enum
{
  DESK_STANDING_NONE = 0,
  DESK_STANDING_REQUESTER = 1 << 0,
  DESK_STANDING_AGENT = 1 << 1,
  DESK_STANDING_ADMINISTRATOR = 1 << 2,
} DeskStanding;

/* @ticket NULL: with the desk as a whole. */
DeskStanding desk_standing_of (const DeskPerson *person, const DeskTicket *ticket);

/* Whether @person may do @action to @ticket (NULL for KEEP_CATALOGUE) as it is now. A ticket that
 * may not be seen answers DESK_ERROR_NO_SUCH, as an unknown one does. */
gboolean desk_can (DeskAction action,
                   const DeskPerson *person,
                   const DeskTicket *ticket,
                   const DeskCatalogue *catalogue,
                   gint64 now,
                   GError **error);

/* The lifecycle: whether somebody of @standing may move @from → @to. */
gboolean desk_status_can_move (DeskStatus from, DeskStatus to, DeskStanding standing);

G_END_DECLS
