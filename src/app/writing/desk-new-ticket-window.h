/* SPDX-License-Identifier: GPL-3.0-or-later
 * The small window that files a ticket.
 *
 * A window of the main thread. Its draft survives a crash and comes back the next time it opens. */
#pragma once

#include <adwaita.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

/* Where what is filled in is kept among the drafts. */
#define DESK_NEW_TICKET_DRAFT "new-ticket"

#define DESK_TYPE_NEW_TICKET_WINDOW (desk_new_ticket_window_get_type ())
G_DECLARE_FINAL_TYPE (
    DeskNewTicketWindow, desk_new_ticket_window, DESK, NEW_TICKET_WINDOW, AdwWindow)

/* Signal: "filed" (self, const char *number, const char *uid), after the ticket was saved. The
 * window then shows the number with "Open ticket" (which activates app.ticket(uid)) and "Done". */
GtkWidget *desk_new_ticket_window_new (DeskStore *store, DeskSyncer *syncer);

G_END_DECLS
