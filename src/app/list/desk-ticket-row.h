/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket in a list: one widget that draws three lines by itself.
 *
 * Hundreds of these exist while a dozen are seen, so layouts are made when a row is drawn and kept
 * until its text, width, font or direction changes. Without an item, or until its row came, it
 * draws grey bars. Colours are those of style.css. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-list-model.h"
#include "desk-row-words.h"

G_BEGIN_DECLS

#define DESK_TYPE_TICKET_ROW (desk_ticket_row_get_type ())
G_DECLARE_FINAL_TYPE (DeskTicketRow, desk_ticket_row, DESK, TICKET_ROW, GtkWidget)

/* @store (nullable) says who looks and what departments are called. */
GtkWidget *desk_ticket_row_new (DeskStore *store, DeskRowVariant variant);
/* Follows @item (nullable). */
void desk_ticket_row_set_item (DeskTicketRow *self, DeskListItem *item);
DeskListItem *desk_ticket_row_get_item (DeskTicketRow *self);
/* Times and what follows from them are worded again. */
void desk_ticket_row_refresh (DeskTicketRow *self);

G_END_DECLS
