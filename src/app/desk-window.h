/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desk, as an agent sees it: queues, tickets, conversation. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

#define DESK_TYPE_WINDOW (desk_window_get_type ())
G_DECLARE_FINAL_TYPE (DeskWindow, desk_window, DESK, WINDOW, AdwApplicationWindow)

/* @syncer: of a copy of a served desk, or NULL. Shows the queue that was shown last. */
GtkWidget *desk_window_new (GtkApplication *application, DeskStore *store, DeskSyncer *syncer);
void desk_window_show_view (DeskWindow *self, const DeskView *view);
/* By uid or number. */
void desk_window_open_ticket (DeskWindow *self, const char *ref);

G_END_DECLS
