/* SPDX-License-Identifier: GPL-3.0-or-later
 * A quiet bar about a copy of a served desk: offline, signed out, being filled, what came back.
 *
 * Not there as long as there is nothing to say. Signing in and showing what came back are actions
 * of the window ("win.sign-in", "win.show-refused"). Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-syncer.h"

G_BEGIN_DECLS

#define DESK_TYPE_SYNC_BAR (desk_sync_bar_get_type ())
G_DECLARE_FINAL_TYPE (DeskSyncBar, desk_sync_bar, DESK, SYNC_BAR, GtkWidget)

GtkWidget *desk_sync_bar_new (void);
/* Once; NULL: there is never anything to say. Kept by reference. */
void desk_sync_bar_set_syncer (DeskSyncBar *self, DeskSyncer *syncer);

G_END_DECLS
