/* SPDX-License-Identifier: GPL-3.0-or-later
 * The list and the conversation side by side, or one of them where there is little room.
 *
 * What is selected in the list is open in the conversation; what my own action took out of the
 * queue makes room for the next. It also gives the ticket actions their keys. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-conversation.h"
#include "desk-list-pane.h"

G_BEGIN_DECLS

#define DESK_TYPE_TICKET_PANES (desk_ticket_panes_get_type ())
G_DECLARE_FINAL_TYPE (DeskTicketPanes, desk_ticket_panes, DESK, TICKET_PANES, GtkWidget)

/* Properties: "for-requester" (boolean, construct only). @syncer: of a copy of a served desk, or
 * NULL. */
void desk_ticket_panes_set_store (DeskTicketPanes *self, DeskStore *store, DeskSyncer *syncer);
DeskListPane *desk_ticket_panes_get_list (DeskTicketPanes *self);
void desk_ticket_panes_show (DeskTicketPanes *self, const DeskView *view, const char *title);
/* Opens a ticket by uid or number, whatever the list shows. */
void desk_ticket_panes_open (DeskTicketPanes *self, const char *ref);
/* Puts the focus into the next pane, @by 1 or -1, or into the first or last when it is in neither.
 * FALSE when there is none further. */
gboolean desk_ticket_panes_step (DeskTicketPanes *self, int by);
/* Out of a search, or from the conversation to the list. FALSE when there is nothing to leave. */
gboolean desk_ticket_panes_back (DeskTicketPanes *self);

G_END_DECLS
