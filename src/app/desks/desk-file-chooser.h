/* SPDX-License-Identifier: GPL-3.0-or-later
 * The system's dialog, for choosing a desk file. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*DeskFileChosenFunc) (GtkWindow *parent, GFile *file);

/* Opens it over @parent, unless it is there already. @chosen is not called when nothing is chosen,
 * or when @parent is gone by then. */
void desk_file_chooser_open (GtkWindow *parent, DeskFileChosenFunc chosen);

G_END_DECLS
