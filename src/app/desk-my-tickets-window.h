/* SPDX-License-Identifier: GPL-3.0-or-later
 * What somebody filed, and the answers: the desk as a requester sees it. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

#define DESK_TYPE_MY_TICKETS_WINDOW (desk_my_tickets_window_get_type ())
G_DECLARE_FINAL_TYPE (
    DeskMyTicketsWindow, desk_my_tickets_window, DESK, MY_TICKETS_WINDOW, AdwApplicationWindow)

/* @syncer: of a copy of a served desk, or NULL. */
GtkWidget *
desk_my_tickets_window_new (GtkApplication *application, DeskStore *store, DeskSyncer *syncer);
/* By uid or number. */
void desk_my_tickets_window_open_ticket (DeskMyTicketsWindow *self, const char *ref);

G_END_DECLS
