/* SPDX-License-Identifier: GPL-3.0-or-later
 * A column of rows inside a scrolled window, that stays where the reader looks.
 *
 * Rows may come at both ends and change their height: what is in sight keeps its place, and a
 * reader at the end stays at the end. It is one stop of the Tab key; arrows go from row to row.
 * It knows nothing of tickets. A widget of the main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The widest column that reads well. */
#define DESK_THREAD_COLUMN 760

#define DESK_TYPE_THREAD (desk_thread_get_type ())
G_DECLARE_FINAL_TYPE (DeskThread, desk_thread, DESK, THREAD, GtkWidget)

GtkWidget *desk_thread_new (void);
void desk_thread_append (DeskThread *self, GtkWidget *row);
/* Puts @row before all others. */
void desk_thread_prepend (DeskThread *self, GtkWidget *row);
void desk_thread_remove (DeskThread *self, GtkWidget *row);
/* Takes all rows away; what comes next is shown from its end. */
void desk_thread_clear (DeskThread *self);
/* Space at both sides of the column. */
void desk_thread_set_margin (DeskThread *self, int margin);
/* So much more space below the last row, for what lies over it. */
void desk_thread_set_room_at_end (DeskThread *self, int room);

void desk_thread_scroll_to_end (DeskThread *self);
/* Shows @row at @offset below the upper edge, as far as what follows it allows. */
void desk_thread_scroll_to_row (DeskThread *self, GtkWidget *row, int offset);
gboolean desk_thread_is_at_end (DeskThread *self);
/* The first row in sight and how far its upper edge is below that of the thread, NULL at the end.
 * Lent. */
GtkWidget *desk_thread_get_anchor (DeskThread *self, int *offset);

G_END_DECLS
