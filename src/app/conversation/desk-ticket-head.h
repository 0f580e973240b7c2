/* SPDX-License-Identifier: GPL-3.0-or-later
 * The head of a ticket: summary and number, pills, and a line of what else matters at a glance.
 *
 * A widget of the main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-pill.h"
#include "desk-store.h"

G_BEGIN_DECLS

#define DESK_TYPE_TICKET_HEAD (desk_ticket_head_get_type ())
G_DECLARE_FINAL_TYPE (DeskTicketHead, desk_ticket_head, DESK, TICKET_HEAD, GtkWidget)

GtkWidget *desk_ticket_head_new (void);
/* @agent: with priority, and for an agent's eyes. */
void desk_ticket_head_show (DeskTicketHead *self,
                            const DeskCase *in,
                            const DeskCatalogue *catalogue,
                            gboolean agent,
                            gint64 now);
/* The number goes into the header bar, the line of words below the pills. */
void desk_ticket_head_set_compact (DeskTicketHead *self, gboolean compact);
DeskPill *desk_ticket_head_get_priority (DeskTicketHead *self);
DeskPill *desk_ticket_head_get_due (DeskTicketHead *self);

G_END_DECLS
