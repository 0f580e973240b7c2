/* SPDX-License-Identifier: GPL-3.0-or-later
 * One queue in the pane of queues: a sign, its name, how many tickets it holds. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-view.h"

G_BEGIN_DECLS

#define DESK_TYPE_QUEUE_ROW (desk_queue_row_get_type ())
G_DECLARE_FINAL_TYPE (DeskQueueRow, desk_queue_row, DESK, QUEUE_ROW, GtkListBoxRow)

/* With an icon, or without one and with the dot of the department number @dot. */
GtkWidget *
desk_queue_row_new (const DeskView *view, const char *label, const char *icon, guint dot);
const DeskView *desk_queue_row_get_view (DeskQueueRow *self);
/* -1: not known, and nothing is shown, as for 0. @is_alarm: a number that should be 0. */
void desk_queue_row_set_count (DeskQueueRow *self, gint64 count, gboolean is_alarm);

G_END_DECLS
