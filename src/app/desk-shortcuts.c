/* SPDX-License-Identifier: GPL-3.0-or-later
 * The window that shows all keys. It is made when somebody asks: the toolkit would make one with
 * every window. */
#include "desk-shortcuts.h"

void
desk_shortcuts_present (GtkWindow *parent)
{
  g_autoptr (GtkBuilder)
      builder = gtk_builder_new_from_resource ("/org/deskbell/Deskbell/desk-shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, parent);
  gtk_window_set_modal (window, parent != NULL);
  gtk_window_present (window);
}
