/* SPDX-License-Identifier: GPL-3.0-or-later
 * The store's calls for attachments: taking files in, saving them, reading them for previews. */
#include <sys/stat.h>

#include "desk-blobs.h"
#include "desk-error.h"
#include "desk-store-private.h"

/* --- taking in --- */

/* How far a copy has come, on its way to the caller's thread. */
typedef struct
{
  GFileProgressCallback callback;
  gpointer user_data;
  gint64 done;
  gint64 total;
  GTask *task;
} Step;

static gboolean
tell_step_cb (gpointer data)
{
  Step *step = data;

  if (!g_task_get_completed (step->task))
    step->callback (step->done, step->total, step->user_data);
  return G_SOURCE_REMOVE;
}

static void
free_step (gpointer data)
{
  Step *step = data;

  g_object_unref (step->task);
  g_free (step);
}

static void
tell_step (gint64 done, gint64 total, gpointer data)
{
  GTask *task = data;
  DeskCall *call = g_task_get_task_data (task);
  g_autoptr (GSource) source = NULL;
  Step *step;

  if (call->progress == NULL)
    return;
  step = g_new0 (Step, 1);
  *step = (Step){ call->progress, call->progress_data, done, total, g_object_ref (task) };
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_step_cb, step, free_step);
  g_source_attach (source, g_task_get_context (task));
}

static gpointer
attach_file_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  g_autofree char *path = g_file_get_path (call->file);

  if (path == NULL)
    {
      desk_refuse (error, DESK_ERROR_INVALID,
                   "The file is not on this computer; copy it here first");
      return NULL;
    }
  return desk_blobs_add_file (db, path, NULL, tell_step, call->task, cancellable, error);
}

static gpointer
attach_bytes_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;

  return desk_blobs_add_bytes (db, call->bytes, call->name, call->text, error);
}

void
desk_store_attach_file_async (DeskStore *self,
                              GFile *file,
                              GFileProgressCallback progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->file = g_object_ref (file);
  call->progress = progress;
  call->progress_data = progress_data;
  desk_store_push (self, DESK_CREW_BULK, call, desk_store_attach_finish, attach_file_job,
                   (GDestroyNotify) desk_attachment_free, cancellable, callback, user_data);
}

void
desk_store_attach_bytes_async (DeskStore *self,
                               GBytes *bytes,
                               const char *name,
                               const char *type,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->bytes = g_bytes_ref (bytes);
  call->name = g_strdup (name);
  call->text = g_strdup (type);
  desk_store_push (self, DESK_CREW_BULK, call, desk_store_attach_finish, attach_bytes_job,
                   (GDestroyNotify) desk_attachment_free, cancellable, callback, user_data);
}

DeskAttachment *
desk_store_attach_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error);
}

/* --- giving out --- */

static DeskAttachment *
copy_attachment (const DeskAttachment *attachment)
{
  return desk_attachment_new (attachment->name, attachment->type, attachment->size_bytes,
                              attachment->sha256);
}

static gboolean
write_attachment (DeskDb *db,
                  const DeskCall *call,
                  GOutputStream *output,
                  GCancellable *cancellable,
                  GError **error)
{
  return desk_blobs_write (db, call->me, call->text, call->attachment->sha256, output, NULL, NULL,
                           cancellable, error);
}

/* Closing with a cancelled cancellable leaves the file that was there alone. */
static void
give_up (GOutputStream *output)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  g_cancellable_cancel (cancelled);
  g_output_stream_close (output, cancelled, NULL);
}

static gboolean
is_same_file (const char *a, const char *b)
{
  struct stat first, second;

  return stat (a, &first) == 0 && lstat (b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/* Somebody who saves a file over the desk loses more than they think. */
static gboolean
check_is_not_desk (DeskDb *db, GFile *file, GError **error)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  g_autofree char *path = g_file_get_path (file);

  for (guint i = 0; path != NULL && i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *own = g_strconcat (desk_db_get_path (db), endings[i], NULL);

      if (!is_same_file (own, path))
        continue;
      return desk_refuse (error, DESK_ERROR_INVALID,
                          "This is the desk itself; choose another name");
    }
  return TRUE;
}

static gpointer
save_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  g_autoptr (GFileOutputStream) file = NULL;

  if (!check_is_not_desk (db, call->file, error))
    return NULL;
  file = g_file_replace (call->file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, cancellable,
                         error);
  if (file == NULL)
    return NULL;
  if (!write_attachment (db, call, G_OUTPUT_STREAM (file), cancellable, error))
    {
      give_up (G_OUTPUT_STREAM (file));
      return NULL;
    }
  return GINT_TO_POINTER (g_output_stream_close (G_OUTPUT_STREAM (file), cancellable, error));
}

void
desk_store_save_attachment_async (DeskStore *self,
                                  const char *ticket_uid,
                                  const DeskAttachment *attachment,
                                  GFile *file,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->text = g_strdup (ticket_uid);
  call->attachment = copy_attachment (attachment);
  call->file = g_object_ref (file);
  desk_store_push (self, DESK_CREW_BULK, call, desk_store_save_attachment_async, save_job, NULL,
                   cancellable, callback, user_data);
}

gboolean
desk_store_save_attachment_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error) != NULL;
}

static gpointer
read_attachment_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  g_autoptr (GOutputStream) memory = NULL;

  if ((guint64) call->attachment->size_bytes > call->max_bytes)
    {
      desk_refuse (error, DESK_ERROR_TOO_BIG, "The file is too large to be shown; save it instead");
      return NULL;
    }
  memory = g_memory_output_stream_new_resizable ();
  if (!write_attachment (db, call, memory, cancellable, error) ||
      !g_output_stream_close (memory, NULL, error))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

void
desk_store_read_attachment_async (DeskStore *self,
                                  const char *ticket_uid,
                                  const DeskAttachment *attachment,
                                  gsize max_bytes,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->text = g_strdup (ticket_uid);
  call->attachment = copy_attachment (attachment);
  call->max_bytes = max_bytes;
  desk_store_push (self, DESK_CREW_READING, call, desk_store_read_attachment_async,
                   read_attachment_job, (GDestroyNotify) g_bytes_unref, cancellable, callback,
                   user_data);
}

GBytes *
desk_store_read_attachment_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error);
}
