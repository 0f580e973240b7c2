/* SPDX-License-Identifier: GPL-3.0-or-later
 * The program: options, actions, and which desk they are for. */
#include "desk-application.h"

#include <glib/gi18n.h>

#include "config.h"
#include "desk-about.h"
#include "desk-open-desk-dialog.h"
#include "desk-places.h"
#include "desk-preferences.h"
#include "desk-session.h"
#include "desk-shortcuts.h"
#include "desk-sign-out.h"
#include "desk-spoken.h"
#include "desk-wording.h"

#define EXIT_USAGE 2
/* Where the dialog that signs out keeps the session. */
#define LEAVING_KEY "desk-leaving"

struct _DeskApplication
{
  AdwApplication parent_instance;

  GPtrArray *sessions; /* of DeskSession, the one used last at the end */
  DeskPlaces *places;
  GtkWindow *dialog; /* that signs in, while it is open; not owned */
};

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

/* --- sessions --- */

static DeskSession *
find_session (DeskApplication *self, const DeskPlace *place)
{
  for (guint i = 0; i < self->sessions->len; i++)
    if (desk_place_equal (desk_session_get_place (self->sessions->pdata[i]), place))
      return self->sessions->pdata[i];
  return NULL;
}

static void show_place (DeskApplication *self, DeskPlace *place, DeskShow show, const char *what);

static void
choose_cb (DeskSession *session, GFile *file, gpointer data)
{
  const DeskPlace *present = desk_session_get_place (session);
  g_autoptr (DeskPlace) place = NULL;

  if (g_file_peek_path (file) == NULL)
    return;
  place = desk_place_new_file (g_file_peek_path (file),
                               present->account == NULL ? present->login : NULL);
  show_place (DESK_APPLICATION (data), place, DESK_SHOW_DESK, NULL);
}

static void
opened_cb (DeskSession *session, gpointer data)
{
  desk_places_note_opened (DESK_APPLICATION (data)->places, desk_session_get_place (session));
}

static void asked_cb (DeskSession *session, const char *action, const char *target, gpointer data);

/* The last one used is at the end, for actions that come without a window. */
static DeskSession *
ensure_session (DeskApplication *self, DeskPlace *place)
{
  DeskSession *session = find_session (self, place);

  if (session != NULL)
    {
      g_object_ref (session);
      g_ptr_array_remove (self->sessions, session);
    }
  else
    {
      session = desk_session_new (GTK_APPLICATION (self), place);
      g_signal_connect_object (session, "choose", G_CALLBACK (choose_cb), self, 0);
      g_signal_connect_object (session, "opened", G_CALLBACK (opened_cb), self, 0);
      g_signal_connect_object (session, "asked", G_CALLBACK (asked_cb), self, 0);
    }
  g_ptr_array_add (self->sessions, session);
  return session;
}

static void
show_place (DeskApplication *self, DeskPlace *place, DeskShow show, const char *what)
{
  desk_session_show (ensure_session (self, place), show, what);
}

/* --- signing in --- */

static void
signed_in_cb (DeskApplication *self, DeskPlace *place, gboolean in_file)
{
  DeskSession *session = ensure_session (self, place);

  desk_session_go_on (session);
  if (in_file)
    desk_session_tell (session, _ ("There is no keyring here. The sign-in is kept in a file that "
                                   "only you can read."));
  desk_session_show (session, DESK_SHOW_DESK, NULL);
}

static void
file_chosen_cb (DeskApplication *self, GFile *file)
{
  g_autoptr (DeskPlace) place = NULL;

  if (g_file_peek_path (file) == NULL)
    return;
  place = desk_place_new_file (g_file_peek_path (file), NULL);
  show_place (self, place, DESK_SHOW_DESK, NULL);
}

/* @parent, @address and @login: nullable. */
static void
present_dialog (DeskApplication *self, GtkWindow *parent, const char *address, const char *login)
{
  GtkWindow *dialog;

  if (self->dialog != NULL)
    gtk_window_destroy (self->dialog);
  dialog = GTK_WINDOW (desk_open_desk_dialog_new (address, login));
  g_set_weak_pointer (&self->dialog, dialog);
  gtk_window_set_transient_for (dialog, parent);
  gtk_application_add_window (GTK_APPLICATION (self), dialog);
  g_signal_connect_object (dialog, "signed-in", G_CALLBACK (signed_in_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "choose", G_CALLBACK (file_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

/* --- signing out --- */

static void
signed_out_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskApplication) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskPlace) place = desk_sign_out_finish (result, &error);

  if (error != NULL)
    g_warning ("%s", error->message);
  desk_places_forget (self->places, place);
  if (gtk_application_get_windows (GTK_APPLICATION (self)) == NULL)
    present_dialog (self, NULL, place->account->address, place->login);
  g_application_release (G_APPLICATION (self));
}

static void
sign_out (DeskApplication *self, DeskSession *session, gboolean deletes)
{
  DeskPlace *place = desk_place_ref ((DeskPlace *) desk_session_get_place (session));

  g_application_hold (G_APPLICATION (self));
  desk_session_leave (session);
  desk_sign_out_async (place, deletes, signed_out_cb, g_object_ref (self));
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  DeskSession *session = g_object_get_data (G_OBJECT (dialog), LEAVING_KEY);

  if (!g_str_equal (response, DESK_SIGN_OUT))
    return;
  /* It looks back at the window that goes now. */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  sign_out (DESK_APPLICATION (data), session, desk_sign_out_dialog_deletes (dialog));
}

static void
ask_sign_out (DeskApplication *self, DeskSession *session, GtkWindow *parent)
{
  GtkWidget *dialog = desk_sign_out_dialog_new (parent, desk_session_get_place (session),
                                                desk_session_count_unsent (session));

  gtk_application_add_window (GTK_APPLICATION (self), GTK_WINDOW (dialog));
  g_object_set_data_full (G_OBJECT (dialog), LEAVING_KEY, g_object_ref (session), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- what a session leaves to others --- */

static void
asked_cb (DeskSession *session, const char *action, const char *target, gpointer data)
{
  DeskApplication *self = DESK_APPLICATION (data);
  const DeskPlace *present = desk_session_get_place (session);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  g_autoptr (DeskPlace) place = NULL;

  if (desk_session_of_window (window) != session)
    window = NULL;
  if (g_str_equal (action, "sign-in"))
    present_dialog (self, window, present->account->address, present->login);
  else if (g_str_equal (action, "sign-out"))
    ask_sign_out (self, session, window);
  else if ((place = desk_places_find (self->places, target)) != NULL)
    show_place (self, place, DESK_SHOW_DESK, NULL);
}

/* --- the desk that is asked for --- */

/* Until it is known what the answer is. */
typedef struct
{
  DeskApplication *self;
  GApplicationCommandLine *command_line; /* or NULL */
  gboolean is_last;                      /* nobody asked, it was the last one */
  char *address;
  char *login; /* or NULL */
  DeskShow show;
  char *what;
} Asked;

static void
free_asked (Asked *asked)
{
  g_application_release (G_APPLICATION (asked->self));
  g_object_unref (asked->self);
  g_clear_object (&asked->command_line);
  g_free (asked->address);
  g_free (asked->login);
  g_free (asked->what);
  g_free (asked);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, free_asked)

static void
show_file (
    DeskApplication *self, const char *path, const char *login, DeskShow show, const char *what)
{
  g_autoptr (DeskPlace) place = desk_place_new_file (path, login);

  show_place (self, place, show, what);
}

/* Nobody has signed in there, or what was asked for makes no sense. */
static void
find_way_on (const Asked *asked, const GError *error)
{
  g_autofree char *text = NULL;

  if (asked->is_last)
    show_file (asked->self, NULL, NULL, asked->show, asked->what);
  else if (asked->command_line == NULL ||
           g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_SIGNED_OUT))
    present_dialog (asked->self, NULL, asked->address, asked->login);
  else
    {
      text = desk_wording_error (error);
      g_application_command_line_printerr (asked->command_line, "deskbell: %s\n", text);
      g_application_command_line_set_exit_status (asked->command_line, EXIT_USAGE);
    }
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Asked) asked = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskPlace) place = desk_place_find_finish (result, &error);

  if (place != NULL)
    show_place (asked->self, place, asked->show, asked->what);
  else
    find_way_on (asked, error);
}

/* Eats @asked, and what is in it. */
static void
find_asked (Asked asked)
{
  Asked *kept = g_memdup2 (&asked, sizeof asked);

  g_object_ref (kept->self);
  g_application_hold (G_APPLICATION (kept->self));
  desk_place_find_async (kept->address, kept->login, found_cb, kept);
}

/* What was open last; at first, one's own. */
static void
show_last_desk (DeskApplication *self, DeskShow show, const char *what)
{
  g_autofree char *desk = NULL;
  g_autofree char *login = NULL;

  if (!desk_places_get_last (self->places, &desk, &login) || !desk_place_is_address (desk))
    show_file (self, desk, login, show, what);
  else
    find_asked ((Asked){ .self = self,
                         .is_last = TRUE,
                         .address = g_steal_pointer (&desk),
                         .login = g_steal_pointer (&login),
                         .show = show,
                         .what = g_strdup (what) });
}

/* @desk: a file or an address, and @login, @command_line and @what: nullable. */
static void
show_asked_desk (DeskApplication *self,
                 const char *desk,
                 const char *login,
                 GApplicationCommandLine *command_line,
                 DeskShow show,
                 const char *what)
{
  const char *cwd = command_line != NULL ? g_application_command_line_get_cwd (command_line) : NULL;
  g_autofree char *path = NULL;

  if (desk == NULL && login == NULL)
    {
      show_last_desk (self, show, what);
      return;
    }
  if (desk != NULL && desk_place_is_address (desk))
    {
      find_asked (
          (Asked){ .self = self,
                   .command_line = command_line != NULL ? g_object_ref (command_line) : NULL,
                   .address = g_strdup (desk),
                   .login = g_strdup (login),
                   .show = show,
                   .what = g_strdup (what) });
      return;
    }
  path = desk != NULL ? g_canonicalize_filename (desk, cwd) : NULL;
  show_file (self, path, login, show, what);
}

/* The desk of the window in use, of the last one used, or the one that would be opened first. */
static void
show_in_use (DeskApplication *self, DeskShow show, const char *what)
{
  DeskSession *session = desk_session_of_window (
      gtk_application_get_active_window (GTK_APPLICATION (self)));

  if (session == NULL && self->sessions->len > 0)
    session = self->sessions->pdata[self->sessions->len - 1];
  if (session != NULL)
    desk_session_show (session, show, what);
  else
    show_asked_desk (self, g_getenv ("DESKBELL_DESK"), NULL, NULL, show, what);
}

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
  return EXIT_USAGE;
}

static int
refuse_argument (GApplicationCommandLine *command_line, const char *argument)
{
  g_application_command_line_printerr (
      command_line, _ ("deskbell: %s is not understood; --help shows what is\n"), argument);
  return EXIT_USAGE;
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
  show_asked_desk (DESK_APPLICATION (application), desk, login, command_line, show, what);
  return 0;
}

static void
desk_application_activate (GApplication *application)
{
  show_in_use (DESK_APPLICATION (application), DESK_SHOW_DESK, NULL);
}

/* --- actions --- */

static void
new_ticket_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_in_use (data, DESK_SHOW_NEW_TICKET, NULL);
}

static void
my_tickets_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_in_use (data, DESK_SHOW_MY_TICKETS, NULL);
}

static void
ticket_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_in_use (data, DESK_SHOW_TICKET, g_variant_get_string (parameter, NULL));
}

static void
open_desk_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  present_dialog (data, gtk_application_get_active_window (data), NULL, NULL);
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
    desk_session_close (self->sessions->pdata[i]);
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
