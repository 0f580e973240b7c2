/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names of composed buttons for assistive technology. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What a menu button is called, and what it says now. Its inner button takes both over. */
void desk_spoken_menu_button (GtkMenuButton *button, const char *name, const char *value);
/* What the arrow of a split button is called. */
void desk_spoken_dropdown (AdwSplitButton *button, const char *name);
/* Names the entries of every menu that opens, once for the program: GTK 4.18 has them named by
 * labels that it keeps from assistive technology, and so by nothing. */
void desk_spoken_watch_menus (void);
/* @text without the isolates that are for the eye. (transfer full) */
char *desk_spoken_text (const char *text);

G_END_DECLS
