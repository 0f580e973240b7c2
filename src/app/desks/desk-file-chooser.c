/* SPDX-License-Identifier: GPL-3.0-or-later
 * The system's dialog, for choosing a desk file. */
#include "desk-file-chooser.h"

#include <glib/gi18n.h>

#define KEPT_AS "desk-file-chooser"

static GtkFileFilter *
make_filter (const char *name, const char *pattern)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  return filter;
}

static GtkFileChooserNative *
make_chooser (GtkWindow *parent)
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

/* The window keeps its dialog as long as it is open. */
static void
keep (GtkWindow *parent, GtkFileChooserNative *chooser)
{
  g_object_set_data_full (G_OBJECT (parent), KEPT_AS, chooser, g_object_unref);
}

static void
response_cb (GtkFileChooserNative *chooser, int response, gpointer chosen)
{
  GtkWindow *parent = gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (chooser));
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  keep (parent, NULL);
  if (file != NULL)
    ((DeskFileChosenFunc) chosen) (parent, file);
}

static void
parent_gone_cb (GtkWindow *parent, GtkFileChooserNative *chooser)
{
  keep (parent, NULL);
}

void
desk_file_chooser_open (GtkWindow *parent, DeskFileChosenFunc chosen)
{
  GtkFileChooserNative *chooser;

  if (g_object_get_data (G_OBJECT (parent), KEPT_AS) != NULL)
    return;
  chooser = make_chooser (parent);
  keep (parent, chooser);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), chosen);
  g_signal_connect_object (parent, "destroy", G_CALLBACK (parent_gone_cb), chooser, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
