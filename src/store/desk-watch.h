/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hears when something was committed to a desk, by any process: its stamp file is touched.
 *
 * The file itself is watched, not its folder, as GFileMonitor would: there the log of each write is
 * something new too, and GIO answers too much of what nobody asked for by looking away for 100 ms.
 * Belongs to the thread that made it, in whose main context the function is called. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DeskWatch DeskWatch;

DeskWatch *desk_watch_new (const char *desk_path, void (*func) (gpointer), gpointer user_data);
/* The stamp file comes with the first commit: looks whether it is there by now. */
void desk_watch_check (DeskWatch *self);
void desk_watch_free (DeskWatch *self);

G_END_DECLS
