/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which desks the program shows: those that are open, signing in and out, and the one that is asked
 * for. */
#include "desk-application-private.h"

#include <glib/gi18n.h>

#include "desk-open-desk-dialog.h"
#include "desk-sign-out.h"
#include "desk-wording.h"

/* Where the dialog that signs out keeps the session. */
#define LEAVING_KEY "desk-leaving"

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
  desk_session_set_named (session, desk_places_has_several (self->places));
  g_ptr_array_add (self->sessions, session);
  return session;
}

void
desk_application_name_desks (DeskApplication *self)
{
  for (guint i = 0; i < self->sessions->len; i++)
    desk_session_set_named (self->sessions->pdata[i], desk_places_has_several (self->places));
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
void
desk_application_open_desk (DeskApplication *self,
                            GtkWindow *parent,
                            const char *address,
                            const char *login)
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
    desk_application_open_desk (self, NULL, place->account->address, place->login);
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
    desk_application_open_desk (self, window, present->account->address, present->login);
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
    desk_application_open_desk (asked->self, NULL, asked->address, asked->login);
  else
    {
      text = desk_wording_error (error);
      g_application_command_line_printerr (asked->command_line, "deskbell: %s\n", text);
      g_application_command_line_set_exit_status (asked->command_line, DESK_EXIT_USAGE);
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
void
desk_application_show_asked (DeskApplication *self,
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
void
desk_application_show_in_use (DeskApplication *self, DeskShow show, const char *what)
{
  DeskSession *session = desk_session_of_window (
      gtk_application_get_active_window (GTK_APPLICATION (self)));

  if (session == NULL && self->sessions->len > 0)
    session = self->sessions->pdata[self->sessions->len - 1];
  if (session != NULL)
    desk_session_show (session, show, what);
  else
    desk_application_show_asked (self, g_getenv ("DESKBELL_DESK"), NULL, NULL, show, what);
}
