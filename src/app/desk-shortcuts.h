/* SPDX-License-Identifier: GPL-3.0-or-later
 * The window that shows all keys. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @parent nullable. */
void desk_shortcuts_present (GtkWindow *parent);

G_END_DECLS
