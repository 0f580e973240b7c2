/* SPDX-License-Identifier: GPL-3.0-or-later
 * A private, read-only copy, and the program for it; see the header. */
#include "desk-attachment-open.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "desk-text.h"

#define KEEP_COPIES_SECS (24 * 60 * 60)

/* Kinds that act when they are opened, beside all that the system counts among executables. */
static const char *const acting_types[] = {
  "application/x-executable",
  "application/x-desktop",
  "application/x-shellscript",
  "application/vnd.microsoft.portable-executable",
  "application/x-ms-dos-executable",
  "application/x-msdownload",
  "application/x-msi",
  "application/x-bat",
  "application/x-mswinurl",
  "application/java-archive",
  "application/x-java-archive",
  "application/x-java-jnlp-file",
  "application/vnd.appimage",
  "application/vnd.flatpak",
  "application/vnd.flatpak.ref",
  "application/vnd.flatpak.repo",
  "application/vnd.snap",
  "application/vnd.debian.binary-package",
  "application/x-deb",
  "application/x-rpm",
};

typedef struct
{
  DeskStore *store;
  char *ticket;
  DeskAttachment *attachment;
  GWeakRef parent;
  GFile *copy; /* NULL until there is a folder for it */
} Opening;

static void
free_opening (Opening *self)
{
  g_clear_object (&self->store);
  g_free (self->ticket);
  desk_attachment_free (self->attachment);
  g_weak_ref_clear (&self->parent);
  g_clear_object (&self->copy);
  g_free (self);
}

static gboolean
is_acting_type (const char *type)
{
  for (gsize i = 0; type != NULL && i < G_N_ELEMENTS (acting_types); i++)
    if (g_content_type_is_a (type, acting_types[i]))
      return TRUE;
  return FALSE;
}

gboolean
desk_attachment_can_open (const DeskAttachment *attachment)
{
  g_autofree char *by_name = NULL;
  g_autofree char *claimed = NULL;

  g_return_val_if_fail (attachment != NULL, FALSE);

  by_name = g_content_type_guess (attachment->name, NULL, 0, NULL);
  claimed = attachment->type != NULL ? g_content_type_from_mime_type (attachment->type) : NULL;
  return !is_acting_type (by_name) && !is_acting_type (claimed);
}

/* Each copy is alone in a folder. Write permission is not needed to delete a file. */
static void
remove_copy (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
remove_old_copies (const char *root)
{
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, name, NULL);
      GStatBuf about;

      if (g_lstat (folder, &about) == 0 && S_ISDIR (about.st_mode)
          && now - about.st_mtime > KEEP_COPIES_SECS)
        remove_copy (folder);
    }
}

/* A new folder that only this person can enter. (transfer full) */
static char *
make_folder (GError **error)
{
  g_autofree char *root
      = g_build_filename (g_get_user_cache_dir (), "deskbell", "opened", NULL);
  g_autofree char *folder = g_build_filename (root, "XXXXXX", NULL);

  if (g_mkdir_with_parents (root, 0700) == 0)
    {
      remove_old_copies (root);
      if (g_mkdtemp (folder) != NULL)
        return g_steal_pointer (&folder);
    }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", root,
               g_strerror (errno));
  return NULL;
}

static void
make_folder_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Opening *opening = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = make_folder (&error);
  g_autofree char *name = desk_file_name_clean (opening->attachment->name);

  if (folder == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_build_filename (folder, name, NULL), g_free);
}

/* Makes the copy read-only; FALSE when its content turns out to be of an acting kind. */
static gboolean
check_copy (GFile *copy, GError **error)
{
  g_autoptr (GFileInfo) info = NULL;

  if (g_chmod (g_file_peek_path (copy), 0400) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }
  info = g_file_query_info (copy, G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE, G_FILE_QUERY_INFO_NONE,
                            NULL, error);
  if (info == NULL)
    return FALSE;
  if (is_acting_type (g_file_info_get_content_type (info)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("This is a program or a script. It can be saved, not opened."));
      return FALSE;
    }
  return TRUE;
}

static void
check_copy_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GFile *copy = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) folder = g_file_get_parent (copy);

  if (check_copy (copy, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  remove_copy (g_file_peek_path (folder));
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s",
                             _ ("No program on this computer opens it. It can be saved."));
}

static void
launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (g_app_info_launch_default_for_uri_finish (result, NULL))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s",
                             _ ("No program on this computer opens it. It can be saved."));
}

/* The copy is ready: hands it to its program. Takes @task. */
static void
copy_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GtkWindow) parent = g_weak_ref_get (&opening->parent);
  g_autofree char *uri = g_file_get_uri (opening->copy);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (g_task_return_error_if_cancelled (task))
    return;
  else if (parent != NULL)
    gtk_show_uri_full (parent, uri, GDK_CURRENT_TIME, cancellable, shown_cb,
                       g_steal_pointer (&task));
  else
    g_app_info_launch_default_for_uri_async (uri, NULL, cancellable, launched_cb,
                                             g_steal_pointer (&task));
}

static void
copy_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GTask) check = NULL;
  g_autoptr (GError) error = NULL;

  if (!desk_store_save_attachment_finish (DESK_STORE (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  check = g_task_new (NULL, NULL, copy_checked_cb, g_steal_pointer (&task));
  g_task_set_task_data (check, g_object_ref (opening->copy), g_object_unref);
  g_task_run_in_thread (check, check_copy_in_thread);
}

static void
folder_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);

  if (path == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  opening->copy = g_file_new_for_path (path);
  desk_store_save_attachment_async (opening->store, opening->ticket, opening->attachment,
                                    opening->copy, g_task_get_cancellable (task), copy_saved_cb,
                                    g_object_ref (task));
}

void
desk_attachment_open_async (DeskStore *store, const char *ticket, const DeskAttachment *attachment,
                            GtkWindow *parent, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) preparation = NULL;
  Opening *opening;

  g_return_if_fail (DESK_IS_STORE (store));
  g_return_if_fail (ticket != NULL && attachment != NULL);

  opening = g_new0 (Opening, 1);
  opening->store = g_object_ref (store);
  opening->ticket = g_strdup (ticket);
  opening->attachment = desk_attachment_new (attachment->name, attachment->type,
                                             attachment->size_bytes, attachment->sha256);
  g_weak_ref_init (&opening->parent, parent);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, desk_attachment_open_async);
  g_task_set_task_data (task, opening, (GDestroyNotify) free_opening);
  preparation = g_task_new (NULL, cancellable, folder_made_cb, g_object_ref (task));
  g_task_set_task_data (preparation, opening, NULL);
  g_task_run_in_thread (preparation, make_folder_in_thread);
}

gboolean
desk_attachment_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, desk_attachment_open_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
