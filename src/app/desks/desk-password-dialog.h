/* SPDX-License-Identifier: GPL-3.0-or-later
 * Changing the password on a server: a small window, which closes when it is done. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-place.h"

G_BEGIN_DECLS

#define DESK_TYPE_PASSWORD_DIALOG (desk_password_dialog_get_type ())
G_DECLARE_FINAL_TYPE (DeskPasswordDialog, desk_password_dialog, DESK, PASSWORD_DIALOG, AdwWindow)

/* Of who has the account of @place. @parent says so when it is done. */
void desk_password_dialog_present (GtkWindow *parent, DeskPlace *place);

G_END_DECLS
