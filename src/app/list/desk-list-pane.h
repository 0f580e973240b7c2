/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pane of tickets: header bar, search, the list, and what stands for it while there is none.
 *
 * What is selected stays selected by ticket, wherever it moves and also while it is not in the
 * list. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-list-model.h"
#include "desk-row-words.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

#define DESK_TYPE_LIST_PANE (desk_list_pane_get_type ())
G_DECLARE_FINAL_TYPE (DeskListPane, desk_list_pane, DESK, LIST_PANE, GtkWidget)

/* Properties: "for-requester" (boolean, construct only: the requester's rows, a menu, New ticket
 * below), "show-queues-button", "show-window-buttons" (booleans), "natural-width" (int), "sort"
 * (DeskSort).
 * Signals: "selected" (DeskListItem *): somebody selected a ticket; "opened" (gboolean
 * by_keyboard): they clicked the selected one, or pressed Enter; "command" (const char *action): a
 * letter that stands for an action on the selected ticket; "menu" (double x, double y): the
 * context menu of the selected ticket, in the pane's coordinates; "way-on": the button of an empty
 * queue. */
/* Once. Kept by reference. @syncer: of a copy of a served desk, or NULL. */
void desk_list_pane_set_store (DeskListPane *self, DeskStore *store, DeskSyncer *syncer);
/* The part of the main menu that is about desks; nullable. */
void desk_list_pane_set_desks (DeskListPane *self, GMenuModel *desks);
/* Shows a queue. @title is what it is called. */
void desk_list_pane_show (DeskListPane *self, const DeskView *view, const char *title);
const DeskView *desk_list_pane_get_view (DeskListPane *self);
/* The button of an empty queue; NULL for none. */
void desk_list_pane_set_way_on (DeskListPane *self, const char *label);
void desk_list_pane_set_letters (DeskListPane *self, gboolean enabled);

void desk_list_pane_focus (DeskListPane *self);
void desk_list_pane_search (DeskListPane *self);
/* Ends a search; FALSE when there is none. */
gboolean desk_list_pane_stop_search (DeskListPane *self);

/* The selected ticket's row, as far as it is there; lent. */
const DeskRow *desk_list_pane_get_row (DeskListPane *self);
/* Selects the ticket @by places further; FALSE at the end. */
gboolean desk_list_pane_move (DeskListPane *self, int by);
/* Selects the ticket @uid (nullable) without "selected": now, or when its row comes. */
void desk_list_pane_mark (DeskListPane *self, const char *uid);
/* Selects what follows the ticket @uid, which is leaving the list or has left it. FALSE when there
 * is none. */
gboolean desk_list_pane_select_after (DeskListPane *self, const char *uid);

G_END_DECLS
