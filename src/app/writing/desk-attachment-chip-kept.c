/* SPDX-License-Identifier: GPL-3.0-or-later
 * What can be done with a kept file: fetching it from the server, looking at it, saving it, opening
 * it. */
#include "desk-attachment-chip-private.h"

#include <glib/gi18n.h>

#include "desk-attachment-open.h"
#include "desk-picture.h"
#include "desk-unsent.h"
#include "desk-wording.h"

/* So large a picture comes by itself when it is seen. */
#define FETCH_UNASKED_BYTES (2 * 1024 * 1024)

/* --- from the server --- */

static void save_to (DeskAttachmentChip *self, GFile *file);
static void open_file (DeskAttachmentChip *self);

void
desk_attachment_chip_show_end_button (DeskAttachmentChip *self)
{
  g_autofree char *name = NULL;

  if (self->fetching != NULL)
    /* Translators: %s is a file's name. */
    name = g_strdup_printf (_ ("Cancel fetching %s"), self->name);
  else if (self->syncer != NULL)
    /* Translators: %s is a file's name, which is on the server only. */
    name = g_strdup_printf (_ ("Fetch %s"), self->name);
  else
    /* Translators: %s is a file's name. */
    name = g_strdup_printf (_ ("Save %s"), self->name);
  if (self->fetching != NULL)
    desk_attachment_chip_set_end_button (self, "window-close-symbolic", name);
  else
    desk_attachment_chip_set_end_button (
        self, self->syncer != NULL ? "desk-download-symbolic" : "document-save-symbolic", name);
}

static void
fetch_progress_cb (goffset done, goffset total, gpointer user_data)
{
  DeskAttachmentChip *self = user_data;
  double share = total > 0 ? MIN ((double) done / (double) total, 1.0) : 0;
  g_autofree char *words = NULL;

  if (self->fetching == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
  gtk_progress_bar_set_fraction (self->progress, share);
  /* Translators: how much of a file has come, in percent. */
  words = g_strdup_printf (_ ("Fetching, %d %%"), (int) (share * 100));
  desk_attachment_chip_set_about (self, words);
}

static void
use_fetched (DeskAttachmentChip *self)
{
  g_autoptr (GFile) file = g_steal_pointer (&self->save_to);
  gboolean opens = self->open_then;

  g_clear_object (&self->syncer);
  self->open_then = FALSE;
  self->previewed = FALSE;
  desk_attachment_chip_show_size (self, self->attachment);
  desk_attachment_chip_show_end_button (self);
  desk_attachment_chip_load_preview (self);
  if (file != NULL)
    save_to (self, file);
  else if (opens)
    open_file (self);
}

static void
show_fetch_failure (DeskAttachmentChip *self, const GError *error)
{
  g_autofree char *reason = desk_wording_error (error);
  gboolean asked = !self->unasked;

  g_clear_object (&self->save_to);
  self->open_then = FALSE;
  desk_attachment_chip_show_end_button (self);
  if (asked && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* Translators: %s is a file's name. */
      g_autofree char *again = g_strdup_printf (_ ("Try again to fetch %s"), self->name);

      desk_attachment_chip_set_problem (self, reason);
      desk_attachment_chip_set_end_button (self, "view-refresh-symbolic", again);
    }
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskAttachmentChip) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = desk_syncer_fetch_finish (DESK_SYNCER (source), result, &error);

  g_clear_object (&self->fetching);
  if (self->cancellable == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  desk_attachment_chip_show_size (self, self->attachment);
  if (done)
    use_fetched (self);
  else
    show_fetch_failure (self, error);
}

void
desk_attachment_chip_fetch (DeskAttachmentChip *self, gboolean unasked)
{
  self->unasked = unasked && (self->fetching == NULL || self->unasked);
  if (self->fetching != NULL)
    return;
  desk_attachment_chip_clear_problem (self);
  self->fetching = g_cancellable_new ();
  desk_attachment_chip_show_end_button (self);
  desk_attachment_chip_set_about (self, _ ("Fetching…"));
  desk_syncer_fetch_async (self->syncer, self->ticket, self->attachment, fetch_progress_cb, self,
                           self->fetching, fetched_cb, g_object_ref (self));
}

static gboolean
comes_unasked (DeskAttachmentChip *self)
{
  return desk_picture_is_type (self->attachment->type) &&
         self->attachment->size_bytes <= FETCH_UNASKED_BYTES &&
         !desk_unsent_is_offline (self->syncer);
}

/* --- the preview --- */

static void
preview_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskAttachmentChip) self = user_data;
  g_autoptr (GBytes) bytes = NULL;

  bytes = desk_store_read_attachment_finish (DESK_STORE (source), result, NULL);
  if (bytes != NULL)
    desk_attachment_chip_preview_bytes (self, bytes);
}

/* Reads the picture only when somebody looks. */
void
desk_attachment_chip_load_preview (DeskAttachmentChip *self)
{
  if (self->previewed || self->attachment == NULL || self->ticket == NULL)
    return;
  if (self->syncer != NULL)
    {
      if (comes_unasked (self))
        desk_attachment_chip_fetch (self, TRUE);
      return;
    }
  self->previewed = TRUE;
  if (desk_picture_is_type (self->attachment->type) &&
      self->attachment->size_bytes <= DESK_PICTURE_MAX_BYTES)
    desk_store_read_attachment_async (self->store, self->ticket, self->attachment,
                                      DESK_PICTURE_MAX_BYTES, self->cancellable, preview_read_cb,
                                      g_object_ref (self));
}

/* --- saving and opening --- */

static void
finish_action (DeskAttachmentChip *self, const char *done_words, const GError *error)
{
  g_autofree char *words = NULL;

  if (self->cancellable == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    {
      words = desk_wording_error (error);
      desk_attachment_chip_set_problem (self, words);
    }
  else if (done_words != NULL)
    desk_attachment_chip_set_about (self, done_words);
  else
    desk_attachment_chip_show_size (self, self->attachment);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskAttachmentChip) self = user_data;
  g_autoptr (GError) error = NULL;

  desk_store_save_attachment_finish (DESK_STORE (source), result, &error);
  finish_action (self, _ ("Saved"), error);
}

static void
save_to (DeskAttachmentChip *self, GFile *file)
{
  if (self->syncer != NULL)
    {
      g_set_object (&self->save_to, file);
      desk_attachment_chip_fetch (self, FALSE);
      return;
    }
  desk_attachment_chip_clear_problem (self);
  desk_attachment_chip_set_about (self, _ ("Saving…"));
  desk_store_save_attachment_async (self->store, self->ticket, self->attachment, file,
                                    self->cancellable, saved_cb, g_object_ref (self));
}

static void
place_chosen_cb (GtkNativeDialog *dialog, int response, DeskAttachmentChip *self)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    save_to (self, file);
  g_clear_object (&self->chooser);
}

static GtkWindow *
get_window (DeskAttachmentChip *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
save_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  DeskAttachmentChip *self = DESK_ATTACHMENT_CHIP (widget);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_ ("Save attachment"), get_window (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"),
                                               _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), self->name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (place_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskAttachmentChip) self = user_data;
  g_autoptr (GError) error = NULL;

  desk_attachment_open_finish (result, &error);
  finish_action (self, NULL, error);
}

static void
open_file (DeskAttachmentChip *self)
{
  if (self->syncer != NULL)
    {
      self->open_then = TRUE;
      desk_attachment_chip_fetch (self, FALSE);
      return;
    }
  desk_attachment_chip_clear_problem (self);
  desk_attachment_chip_set_about (self, _ ("Opening…"));
  desk_attachment_open_async (self->store, self->ticket, self->attachment, get_window (self),
                              self->cancellable, opened_cb, g_object_ref (self));
}

static void
open_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  open_file (DESK_ATTACHMENT_CHIP (widget));
}

void
desk_attachment_chip_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "attachment.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "attachment.save", NULL, save_action);
}
