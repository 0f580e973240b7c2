/* SPDX-License-Identifier: GPL-3.0-or-later
 * "These may help": tickets that look like the one being written.
 *
 * Shows at most three that are not closed and that the person may see; invisible while there are
 * none, and for good after its close button. A row opens its ticket (app.ticket). A widget of the
 * main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-store.h"

G_BEGIN_DECLS

#define DESK_TYPE_SIMILAR_TICKETS (desk_similar_tickets_get_type ())
G_DECLARE_FINAL_TYPE (DeskSimilarTickets, desk_similar_tickets, DESK, SIMILAR_TICKETS, GtkWidget)

void desk_similar_tickets_set_store (DeskSimilarTickets *self, DeskStore *store);
/* Looks for the words of @summary, a moment after the last call. */
void desk_similar_tickets_look_for (DeskSimilarTickets *self, const char *summary);

G_END_DECLS
