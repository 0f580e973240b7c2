/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pane of queues: views with live counts, departments, and who is signed in.
 *
 * It counts by itself whenever the desk changed. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

#define DESK_TYPE_QUEUES (desk_queues_get_type ())
G_DECLARE_FINAL_TYPE (DeskQueues, desk_queues, DESK, QUEUES, GtkWidget)

/* Signals: "chosen" (gpointer to a DeskView): another queue is selected; "activated": somebody
 * clicked a queue or pressed Enter on it, after "chosen"; "counted": the counts are new. */
GtkWidget *desk_queues_new (void);
/* Once. Kept by reference. @syncer: of a copy of a served desk, or NULL. */
void desk_queues_set_store (DeskQueues *self, DeskStore *store, DeskSyncer *syncer);
/* Marks the queue that is shown. */
void desk_queues_select (DeskQueues *self, const DeskView *view);
/* The view of the queue at @index from the top; FALSE when there is none. */
gboolean desk_queues_get_view (DeskQueues *self, guint index, DeskView *view);
/* The number of tickets in @view, -1 as long as it is not known. */
gint64 desk_queues_get_count (DeskQueues *self, const DeskView *view);
void desk_queues_focus (DeskQueues *self);

/* The part of the main menu that is about desks; nullable. */
void desk_queues_set_desks (DeskQueues *self, GMenuModel *desks);

G_END_DECLS
