/* SPDX-License-Identifier: GPL-3.0-or-later
 * Signs somebody in to a desk on a server, with a password or with the code of an invitation.
 *
 * What goes wrong is said beside the field that it is about, with what to do next. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-place.h"

G_BEGIN_DECLS

#define DESK_TYPE_OPEN_DESK_DIALOG (desk_open_desk_dialog_get_type ())
G_DECLARE_FINAL_TYPE (DeskOpenDeskDialog, desk_open_desk_dialog, DESK, OPEN_DESK_DIALOG, AdwWindow)

/* @address and @login, what is known of them: nullable. Signals: "signed-in" (DeskPlace *place,
 * gboolean in_file: the token is kept in a file); "choose" (GFile *): somebody wants a desk file
 * instead. It closes itself then. */
GtkWidget *desk_open_desk_dialog_new (const char *address, const char *login);

G_END_DECLS
