/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is there while a desk is being opened, or cannot be. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define DESK_TYPE_START_WINDOW (desk_start_window_get_type ())
G_DECLARE_FINAL_TYPE (DeskStartWindow, desk_start_window, DESK, START_WINDOW, AdwApplicationWindow)

/* Signals: "retry", "create" (somebody wants the desk made here), "choose" (GFile *: they want
 * another desk). Shows grey bars at first. @path is the desk's, a file name. */
GtkWidget *desk_start_window_new (GtkApplication *application, const char *path);
void desk_start_window_show_loading (DeskStartWindow *self);
void desk_start_window_show_error (DeskStartWindow *self, const GError *error);

G_END_DECLS
