/* SPDX-License-Identifier: GPL-3.0-or-later
 * The system's dialog, for choosing a desk file. */
#include "desk-file-chooser.h"

#include <glib/gi18n.h>

static GtkFileFilter *
make_filter (const char *name, const char *pattern)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  return filter;
}

GtkFileChooserNative *
desk_file_chooser_new (GtkWindow *parent)
{
  g_autoptr (GtkFileFilter) desks = make_filter (_ ("Desks"), "*.desk");
  g_autoptr (GtkFileFilter) all = make_filter (_ ("All files"), "*");
  GtkFileChooserNative *self = gtk_file_chooser_native_new (
      _ ("Choose a desk"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));

  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self), desks);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self), all);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self), TRUE);
  return self;
}
