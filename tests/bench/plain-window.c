/* SPDX-License-Identifier: GPL-3.0-or-later
 * plain-window [ROWS]: a window that a program cannot be better than: empty, or with a list of so
 * many strings in the simplest of rows. */
#include <adwaita.h>
#include <stdlib.h>

static guint n_rows;

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  /* As high as a row of tickets. */
  gtk_widget_set_size_request (label, -1, 72);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkStringObject *string = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (string));
}

static GtkWidget *
make_list (void)
{
  GtkStringList *strings = gtk_string_list_new (NULL);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  for (guint i = 0; i < n_rows; i++)
    {
      char *text = g_strdup_printf ("Row %u of a list in which nothing happens", i);

      gtk_string_list_take (strings, text);
    }
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_scrolled_window_set_child (
      GTK_SCROLLED_WINDOW (scrolled),
      gtk_list_view_new (GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (strings))),
                         factory));
  return scrolled;
}

static void
activate_cb (GApplication *application, gpointer user_data)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));

  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 760);
  if (n_rows > 0)
    adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), make_list ());
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication)
      application = adw_application_new ("org.deskbell.Plain", G_APPLICATION_NON_UNIQUE);

  n_rows = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 0;
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
