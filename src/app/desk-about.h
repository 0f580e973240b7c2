/* SPDX-License-Identifier: GPL-3.0-or-later
 * What this program is, and what a report about it should say. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* @parent and @desk (the path of the desk in use) nullable. */
void desk_about_present (GtkWindow *parent, const char *desk);

G_END_DECLS
