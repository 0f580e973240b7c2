/* SPDX-License-Identifier: GPL-3.0-or-later
 * The program: options, actions, and which desk they are for. */
#include "desk-application-private.h"

#include <glib/gi18n.h>

#include "config.h"
#include "desk-about.h"
#include "desk-preferences.h"
#include "desk-shortcuts.h"
#include "desk-spoken.h"
#include "desk-wording.h"

G_DEFINE_FINAL_TYPE (DeskApplication, desk_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "desk", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Open this desk instead of your own"),
    N_ ("FILE or ADDRESS") },
  { "as", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Be this person instead of who is logged in"),
    N_ ("LOGIN") },
  { "new-ticket", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("File a ticket"), NULL },
  { "my-tickets", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the tickets you filed"), NULL },
  { "ticket", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Open this ticket"), N_ ("NUMBER") },
  { "view", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_ ("Show this queue: mine, unassigned, open, overdue, waiting, resolved, closed, all or "
        "department:NAME"),
    N_ ("VIEW") },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
  { NULL }
};

/* --- command line --- */

static const struct
{
  const char *option;
  DeskShow show;
  gboolean has_value;
} shows[] = {
  { "new-ticket", DESK_SHOW_NEW_TICKET, FALSE },
  { "my-tickets", DESK_SHOW_MY_TICKETS, FALSE },
  { "ticket", DESK_SHOW_TICKET, TRUE },
  { "view", DESK_SHOW_VIEW, TRUE },
};

/* NULL when @options say something that can be done. */
static char *
find_fault (GVariantDict *dict)
{
  g_autoptr (GError) error = NULL;
  const char *word = NULL;
  DeskView view;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (shows); i++)
    n += g_variant_dict_contains (dict, shows[i].option);
  if (n > 1)
    return g_strdup (
        _ ("Only one of --new-ticket, --my-tickets, --ticket and --view can be shown first."));
  if (g_variant_dict_lookup (dict, "view", "&s", &word) && !desk_view_parse (word, &view, &error))
    return desk_wording_error (error);
  return NULL;
}

static int
desk_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  g_autofree char *fault = NULL;

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("deskbell %s\n", DESKBELL_VERSION);
      return 0;
    }
  fault = find_fault (dict);
  if (fault == NULL)
    return -1;
  g_printerr ("deskbell: %s\n", fault);
  return DESK_EXIT_USAGE;
}

static int
refuse_argument (GApplicationCommandLine *command_line, const char *argument)
{
  g_application_command_line_printerr (
      command_line, _ ("deskbell: %s is not understood; --help shows what is\n"), argument);
  return DESK_EXIT_USAGE;
}

static int
desk_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);
  const char *desk = NULL;
  const char *login = NULL;
  const char *what = NULL;
  DeskShow show = DESK_SHOW_DESK;

  if (arguments[0] != NULL && arguments[1] != NULL)
    return refuse_argument (command_line, arguments[1]);
  g_variant_dict_lookup (dict, "desk", "^&ay", &desk);
  g_variant_dict_lookup (dict, "as", "&s", &login);
  for (guint i = 0; i < G_N_ELEMENTS (shows); i++)
    if (g_variant_dict_contains (dict, shows[i].option))
      {
        show = shows[i].show;
        if (shows[i].has_value)
          g_variant_dict_lookup (dict, shows[i].option, "&s", &what);
      }
  if (desk == NULL)
    desk = g_application_command_line_getenv (command_line, "DESKBELL_DESK");
  desk_application_show_asked (DESK_APPLICATION (application), desk, login, command_line, show, what);
  return 0;
}

static void
desk_application_activate (GApplication *application)
{
  desk_application_show_in_use (DESK_APPLICATION (application), DESK_SHOW_DESK, NULL);
}

/* --- actions --- */

static void
new_ticket_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  desk_application_show_in_use (data, DESK_SHOW_NEW_TICKET, NULL);
}

static void
my_tickets_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  desk_application_show_in_use (data, DESK_SHOW_MY_TICKETS, NULL);
}

static void
ticket_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  desk_application_show_in_use (data, DESK_SHOW_TICKET, g_variant_get_string (parameter, NULL));
}

static void
open_desk_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  desk_application_open_desk (data, gtk_application_get_active_window (data), NULL, NULL);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  desk_preferences_present (gtk_application_get_active_window (data));
}

static void
shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  desk_shortcuts_present (gtk_application_get_active_window (data));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window (data);
  DeskSession *session = desk_session_of_window (window);

  desk_about_present (window, session != NULL ? desk_session_get_place (session)->path : NULL);
}

/* Windows remember their size when they are closed. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (data));

  for (GList *l = windows; l != NULL; l = l->next)
    if (g_list_find (gtk_application_get_windows (data), l->data) != NULL)
      gtk_window_close (l->data);
}

static const GActionEntry actions[] = {
  { "new-ticket", new_ticket_cb },
  { "my-tickets", my_tickets_cb },
  { "ticket", ticket_cb, "s" },
  { "open-desk", open_desk_cb },
  { "preferences", preferences_cb },
  { "shortcuts", shortcuts_cb },
  { "about", about_cb },
  { "quit", quit_cb },
};

static const struct
{
  const char *action;
  const char *keys[3];
} accels[] = {
  { "app.new-ticket", { "<Control>n" } },
  { "app.open-desk", { "<Control>o" } },
  { "app.preferences", { "<Control>comma" } },
  { "app.shortcuts", { "<Control>question" } },
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
};

/* --- application --- */

static void
desk_application_window_removed (GtkApplication *application, GtkWindow *window)
{
  DeskApplication *self = DESK_APPLICATION (application);
  DeskSession *session = desk_session_of_window (window);

  GTK_APPLICATION_CLASS (desk_application_parent_class)->window_removed (application, window);
  if (session == NULL || !desk_session_drop_window (session, window))
    return;
  desk_session_close (session);
  g_ptr_array_remove (self->sessions, session);
}

/* What libadwaita is found at run time counts, not which one the program was built with. */
static void
use_colours_of_panes (void)
{
  g_autoptr (GtkCssProvider) provider = NULL;

  if (adw_get_major_version () == 1 && adw_get_minor_version () < 4)
    return;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/org/deskbell/Deskbell/style-panes.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
}

static void
desk_application_startup (GApplication *application)
{
  DeskApplication *self = DESK_APPLICATION (application);

  G_APPLICATION_CLASS (desk_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (DESKBELL_APP_ID);
  use_colours_of_panes ();
  self->places = desk_places_new (
      gtk_application_get_menu_by_id (GTK_APPLICATION (application), "known-desks"));
  g_signal_connect_object (self->places, "changed", G_CALLBACK (desk_application_name_desks), self,
                           G_CONNECT_SWAPPED);
  desk_spoken_watch_menus ();
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accels[i].action,
                                           accels[i].keys);
}

/* What is under way is saved before the program ends. */
static void
desk_application_shutdown (GApplication *application)
{
  DeskApplication *self = DESK_APPLICATION (application);

  for (guint i = 0; i < self->sessions->len; i++)
    desk_session_end (self->sessions->pdata[i]);
  g_ptr_array_set_size (self->sessions, 0);
  G_APPLICATION_CLASS (desk_application_parent_class)->shutdown (application);
}

static void
desk_application_finalize (GObject *object)
{
  DeskApplication *self = DESK_APPLICATION (object);

  g_clear_weak_pointer (&self->dialog);
  g_clear_object (&self->places);
  g_ptr_array_unref (self->sessions);
  G_OBJECT_CLASS (desk_application_parent_class)->finalize (object);
}

static void
desk_application_class_init (DeskApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = desk_application_finalize;
  GTK_APPLICATION_CLASS (klass)->window_removed = desk_application_window_removed;
  application_class->handle_local_options = desk_application_handle_local_options;
  application_class->command_line = desk_application_command_line;
  application_class->activate = desk_application_activate;
  application_class->startup = desk_application_startup;
  application_class->shutdown = desk_application_shutdown;
}

static void
desk_application_init (DeskApplication *self)
{
  self->sessions = g_ptr_array_new_with_free_func (g_object_unref);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (
      G_APPLICATION (self), _ ("A help desk: file tickets, follow them and answer them."));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

DeskApplication *
desk_application_new (void)
{
  return g_object_new (DESK_TYPE_APPLICATION, "application-id", DESKBELL_APP_ID,
                       "resource-base-path", "/org/deskbell/Deskbell", "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_SEND_ENVIRONMENT, NULL);
}
