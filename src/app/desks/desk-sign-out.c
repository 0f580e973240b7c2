/* SPDX-License-Identifier: GPL-3.0-or-later
 * Signing out. */
#include "desk-sign-out.h"

#include <glib/gi18n.h>

#include "desk-turn.h"

#define UNSENT_KEY "desk-unsent"
/* A server is given so long to hear of it. */
#define PATIENCE_MS 5000
/* Longer than a keyring may take to answer. */
#define TURN_SECS     30
#define TURN_EVERY_US (50 * 1000)

/* --- asking --- */

static char *
say_consequence (gulong n, gboolean deletes)
{
  if (n == 0)
    return g_strdup (deletes ? _ ("The copy is deleted. It comes back when you sign in again.")
                             : _ ("The copy stays on this computer and can still be read."));
  if (deletes)
    return g_strdup_printf (ngettext ("%'lu change that the desk does not have yet will be lost.",
                                      "%'lu changes that the desk does not have yet will be lost.",
                                      n),
                            n);
  return g_strdup_printf (
      ngettext ("%'lu change has not been sent yet. It is kept until you sign in again.",
                "%'lu changes have not been sent yet. They are kept until you sign in again.", n),
      n);
}

static void
deletes_cb (AdwMessageDialog *dialog)
{
  gboolean deletes = desk_sign_out_dialog_deletes (dialog);
  gulong n = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (dialog), UNSENT_KEY));
  g_autofree char *body = say_consequence (n, deletes);

  adw_message_dialog_set_body (dialog, body);
  adw_message_dialog_set_response_appearance (
      dialog, DESK_SIGN_OUT, deletes ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
}

GtkWidget *
desk_sign_out_dialog_new (GtkWindow *parent, const DeskPlace *place, gint64 n_unsent)
{
  g_autofree char *desk = desk_place_dup_desk_name (place);
  g_autofree char *heading = g_strdup_printf (_ ("Sign out of %s?"), desk);
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, NULL);
  GtkWidget *deletes = gtk_check_button_new_with_mnemonic (_ ("_Delete the copy on this computer"));

  g_object_set_data (G_OBJECT (dialog), UNSENT_KEY, GSIZE_TO_POINTER ((gsize) n_unsent));
  gtk_widget_set_halign (deletes, GTK_ALIGN_CENTER);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), deletes);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    DESK_SIGN_OUT, _ ("_Sign out"), NULL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (deletes, "toggled", G_CALLBACK (deletes_cb), dialog, G_CONNECT_SWAPPED);
  deletes_cb (ADW_MESSAGE_DIALOG (dialog));
  return dialog;
}

gboolean
desk_sign_out_dialog_deletes (AdwMessageDialog *dialog)
{
  return gtk_check_button_get_active (
      GTK_CHECK_BUTTON (adw_message_dialog_get_extra_child (dialog)));
}

/* --- doing it --- */

typedef struct
{
  DeskPlace *place;
  gboolean deletes;
  GCancellable *cancellable;
  guint source;
} Leave;

static void
free_leave (gpointer data)
{
  Leave *self = data;

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->cancellable);
  desk_place_unref (self->place);
  g_free (self);
}

/* Who has the turn has the copy open, and closing it deletes by name: perhaps what is of the next
 * copy. The windows' own is just ending. */
static DeskTurn *
wait_for_turn (const char *path)
{
  gint64 until_us = g_get_monotonic_time () + TURN_SECS * G_USEC_PER_SEC;
  DeskTurn *turn;

  while ((turn = desk_turn_take (path)) == NULL && g_file_test (path, G_FILE_TEST_EXISTS) &&
         g_get_monotonic_time () < until_us)
    g_usleep (TURN_EVERY_US);
  return turn;
}

static gboolean
forget (DeskAccount *account, GError **error)
{
  g_autoptr (DeskTurn) turn = wait_for_turn (account->path);

  return desk_account_forget (account, error);
}

static void
leave_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Leave *leave = data;
  GError *error = NULL;

  desk_account_sign_out (leave->place->account, leave->cancellable);
  if (!leave->deletes || forget (leave->place->account, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
out_of_patience_cb (gpointer data)
{
  Leave *leave = data;

  leave->source = 0;
  g_cancellable_cancel (leave->cancellable);
  return G_SOURCE_REMOVE;
}

void
desk_sign_out_async (const DeskPlace *place,
                     gboolean deletes,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Leave *leave = g_new0 (Leave, 1);

  leave->place = desk_place_ref ((DeskPlace *) place);
  leave->deletes = deletes;
  leave->cancellable = g_cancellable_new ();
  leave->source = g_timeout_add (PATIENCE_MS, out_of_patience_cb, leave);
  g_task_set_source_tag (task, desk_sign_out_async);
  g_task_set_task_data (task, leave, free_leave);
  g_task_run_in_thread (task, leave_in_thread);
}

DeskPlace *
desk_sign_out_finish (GAsyncResult *result, GError **error)
{
  Leave *leave = g_task_get_task_data (G_TASK (result));

  g_clear_handle_id (&leave->source, g_source_remove);
  g_task_propagate_boolean (G_TASK (result), error);
  return desk_place_ref (leave->place);
}
