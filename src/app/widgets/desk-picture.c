/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decoding pictures from outside within limits; see the header. */
#include "desk-picture.h"

#define CHUNK_BYTES (64 * 1024)

/* Formats are told by their first bytes, because names and types are claims. '?' is any byte. */
static const struct
{
  const char *type;
  const char *magic;
  gsize length;
} formats[] = {
  { "image/png", "\x89PNG\r\n\x1a\n", 8 },
  { "image/jpeg", "\xff\xd8\xff", 3 },
  { "image/gif", "GIF8", 4 },
  { "image/webp", "RIFF????WEBP", 12 },
};

#define MAGIC_BYTES 12

/* What a decoding task works on. */
typedef struct
{
  GFile *file;   /* either this */
  GBytes *bytes; /* or this */
  int width;
  int height;
} Job;

/* How the size that a picture declares was judged. */
typedef struct
{
  int width;
  int height;
  gboolean too_large;
} Target;

static void
free_job (Job *self)
{
  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

gboolean
desk_picture_is_type (const char *type)
{
  for (gsize i = 0; type != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_ascii_strcasecmp (type, formats[i].type) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
matches_magic (const guint8 *head, gsize n_bytes, const char *magic, gsize length)
{
  if (n_bytes < length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (magic[i] != '?' && head[i] != (guint8) magic[i])
      return FALSE;
  return TRUE;
}

/* A loader for what starts with @head; only of the formats above, however many the system has. */
static GdkPixbufLoader *
new_loader (const guint8 *head, gsize n_bytes, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (matches_magic (head, n_bytes, formats[i].magic, formats[i].length))
      return gdk_pixbuf_loader_new_with_mime_type (formats[i].type, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Not a picture to preview");
  return NULL;
}

/* Before a pixel is allocated: asks for a small decode (which JPEG does for real), or for none. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, Target *target)
{
  double longer = MAX (target->width, target->height);
  double scale;

  if (width <= 0 || height <= 0 || (gint64) width * height > DESK_PICTURE_MAX_PIXELS)
    {
      target->too_large = TRUE;
      gdk_pixbuf_loader_set_size (loader, 0, 0);
      return;
    }
  /* The picture may yet be turned by a quarter. */
  scale = MIN (1.0, longer / MIN (width, height));
  gdk_pixbuf_loader_set_size (loader, MAX (1, (int) (width * scale + 0.5)),
                              MAX (1, (int) (height * scale + 0.5)));
}

/* Feeds all of @stream to the loader that fits its first bytes. (transfer full) */
static GdkPixbufLoader *
feed_loader (GInputStream *stream, Target *target, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  g_autoptr (GdkPixbufLoader) loader = NULL;
  gsize total = 0;
  gsize n_read = 0;
  gboolean good = TRUE;

  do
    {
      good = g_input_stream_read_all (stream, chunk, CHUNK_BYTES, &n_read, cancellable, error);
      total += n_read;
      if (good && total > DESK_PICTURE_MAX_BYTES)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Too many bytes");
          good = FALSE;
        }
      if (good && loader == NULL)
        {
          loader = new_loader (chunk, n_read, error);
          good = loader != NULL;
          if (good)
            g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), target);
        }
      if (good && n_read > 0)
        good = gdk_pixbuf_loader_write (loader, chunk, n_read, error) && !target->too_large;
    }
  while (good && n_read == CHUNK_BYTES);
  if (loader != NULL)
    good = gdk_pixbuf_loader_close (loader, good ? error : NULL) && good;
  return good ? g_steal_pointer (&loader) : NULL;
}

/* The middle part of @pixbuf in the shape of @target. (transfer full) */
static GdkPixbuf *
cover (GdkPixbuf *pixbuf, const Target *target)
{
  int width = gdk_pixbuf_get_width (pixbuf);
  int height = gdk_pixbuf_get_height (pixbuf);
  double scale = MIN (1.0, MAX ((double) target->width / width, (double) target->height / height));
  int scaled_width = MAX (1, (int) (width * scale + 0.5));
  int scaled_height = MAX (1, (int) (height * scale + 0.5));
  int cut_width = MIN (scaled_width, target->width);
  int cut_height = MIN (scaled_height, target->height);
  g_autoptr (GdkPixbuf) scaled = NULL;
  g_autoptr (GdkPixbuf) part = NULL;

  scaled = gdk_pixbuf_scale_simple (pixbuf, scaled_width, scaled_height, GDK_INTERP_BILINEAR);
  if (scaled == NULL)
    return NULL;
  part = gdk_pixbuf_new_subpixbuf (scaled, (scaled_width - cut_width) / 2,
                                   (scaled_height - cut_height) / 2, cut_width, cut_height);
  return gdk_pixbuf_copy (part);
}

static GdkTexture *
decode (GInputStream *stream, Target *target, GCancellable *cancellable, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = feed_loader (stream, target, cancellable, error);
  g_autoptr (GdkPixbuf) upright = NULL;
  g_autoptr (GdkPixbuf) small = NULL;

  if (loader == NULL)
    {
      if (target->too_large)
        {
          g_clear_error (error);
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Too many pixels");
        }
      return NULL;
    }
  if (gdk_pixbuf_loader_get_pixbuf (loader) != NULL)
    upright = gdk_pixbuf_apply_embedded_orientation (gdk_pixbuf_loader_get_pixbuf (loader));
  if (upright != NULL)
    small = cover (upright, target);
  if (small == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The picture is damaged");
      return NULL;
    }
  return gdk_texture_new_for_pixbuf (small);
}

static GInputStream *
open_source (const Job *job, GCancellable *cancellable, GError **error)
{
  if (job->bytes != NULL)
    return g_memory_input_stream_new_from_bytes (job->bytes);
  return G_INPUT_STREAM (g_file_read (job->file, cancellable, error));
}

static void
decode_in_thread (GTask *task, const Job *job)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Target target = { .width = job->width, .height = job->height };
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = open_source (job, cancellable, &error);
  GdkTexture *texture = NULL;

  if (stream != NULL)
    texture = decode (stream, &target, cancellable, &error);
  if (texture != NULL)
    g_task_return_pointer (task, texture, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
encode_in_thread (GTask *task, GdkTexture *texture)
{
  g_task_return_pointer (task, gdk_texture_save_to_png_bytes (texture),
                         (GDestroyNotify) g_bytes_unref);
}

/* The thread's work; takes @task. */
static void
run_task_cb (gpointer data, gpointer unused)
{
  g_autoptr (GTask) task = data;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (g_task_get_source_tag (task) == desk_picture_encode_async)
    encode_in_thread (task, g_task_get_task_data (task));
  else
    decode_in_thread (task, g_task_get_task_data (task));
}

/* Takes @task to the one thread that all pictures share. */
static void
queue_task (GTask *task)
{
  static GThreadPool *pool;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, g_thread_pool_new (run_task_cb, NULL, 1, FALSE, NULL));
  g_thread_pool_push (pool, task, NULL);
}

static void
queue_decoding (Job *job, GCancellable *cancellable, GAsyncReadyCallback callback,
                gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, desk_picture_load_finish);
  g_task_set_priority (task, G_PRIORITY_DEFAULT_IDLE);
  g_task_set_task_data (task, job, (GDestroyNotify) free_job);
  queue_task (task);
}

void
desk_picture_load_file_async (GFile *file, int width, int height, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job;

  g_return_if_fail (G_IS_FILE (file));

  job = g_new0 (Job, 1);
  *job = (Job) { .file = g_object_ref (file), .width = width, .height = height };
  queue_decoding (job, cancellable, callback, user_data);
}

void
desk_picture_load_bytes_async (GBytes *bytes, int width, int height, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job;

  g_return_if_fail (bytes != NULL);

  job = g_new0 (Job, 1);
  *job = (Job) { .bytes = g_bytes_ref (bytes), .width = width, .height = height };
  queue_decoding (job, cancellable, callback, user_data);
}

GdkTexture *
desk_picture_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, desk_picture_load_finish), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
desk_picture_encode_async (GdkTexture *texture, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (GDK_IS_TEXTURE (texture));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, desk_picture_encode_async);
  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  queue_task (task);
}

GBytes *
desk_picture_encode_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, desk_picture_encode_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
