/* SPDX-License-Identifier: GPL-3.0-or-later
 * The width of a window decides how many panes it shows: a bin around the flap of queues.
 *
 * From 880 pixels, more with larger text, the queues stand beside the list, below that they are a
 * drawer over it. Neither AdwFlap nor AdwLeaflet folds the outer pane first by itself, so this does
 * it while it allocates.
 * Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define DESK_TYPE_PANE_BIN (desk_pane_bin_get_type ())
G_DECLARE_FINAL_TYPE (DeskPaneBin, desk_pane_bin, DESK, PANE_BIN, GtkWidget)

/* Properties: "flap" (AdwFlap, the child), "narrow" (boolean, readable: the queues are a drawer).
 */
GtkWidget *desk_pane_bin_new (void);
gboolean desk_pane_bin_is_narrow (DeskPaneBin *self);

G_END_DECLS
