/* SPDX-License-Identifier: GPL-3.0-or-later
 * The system's dialog, for choosing a desk file. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Modal to @parent, not shown yet; whoever shows it keeps it until "response". (transfer full) */
GtkFileChooserNative *desk_file_chooser_new (GtkWindow *parent);

G_END_DECLS
