/* SPDX-License-Identifier: GPL-3.0-or-later
 * The conversation of a ticket in its scroller: which rows are there, and what is looked at.
 *
 * The newest rows are made at once, the others while nothing else is to do, a long ticket's oldest
 * only when asked for. Opens at the first unread entry, else at the end. A widget of the main
 * thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-outbox.h"
#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

/* So many events are shown when a ticket is opened, and so many more each time. */
#define DESK_HISTORY_FIRST 50
#define DESK_HISTORY_MORE  100

#define DESK_TYPE_HISTORY (desk_history_get_type ())
G_DECLARE_FINAL_TYPE (DeskHistory, desk_history, DESK, HISTORY, GtkWidget)

GtkWidget *desk_history_new (void);
/* @syncer: nullable. */
void desk_history_set_store (DeskHistory *self, DeskStore *store, DeskSyncer *syncer);
/* @in is kept by reference; NULL: nothing. */
void desk_history_show (DeskHistory *self, DeskCase *in);
/* The case that is shown has got events from @position on; those behind it before had no no. */
void desk_history_append (DeskHistory *self, guint position);
/* What the desk refused of the ticket that is shown, until another one is: at the end. NULL: none.
 * (element-type DeskOutboxItem) */
void desk_history_set_refused (DeskHistory *self, GPtrArray *items);
/* Makes all rows anew from @in, the same ticket loaded again, because what was shown has changed;
 * the place looked at is kept. */
void desk_history_refresh (DeskHistory *self, DeskCase *in);
/* Shows the event @no near the upper edge. */
void desk_history_scroll_to_event (DeskHistory *self, gint64 no);
/* Files of what waits go up; see desk_conversation_entry_set_upload(). */
void desk_history_set_upload (DeskHistory *self, const char *op, double share);
void desk_history_scroll_to_end (DeskHistory *self);
/* So much space below the last row, for what lies over it. */
void desk_history_set_room_at_end (DeskHistory *self, int room);
void desk_history_set_compact (DeskHistory *self, gboolean compact);
/* Words all times anew. */
void desk_history_set_now (DeskHistory *self, gint64 now);

/* For tests: how many events have their rows, and whether more are on their way. */
guint desk_history_count_shown (DeskHistory *self);
gboolean desk_history_is_filling (DeskHistory *self);

G_END_DECLS
