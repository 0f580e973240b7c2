/* SPDX-License-Identifier: GPL-3.0-or-later
 * Contents of attachments, in chunks inside the desk file. */
#include "desk-blobs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk-accept.h"
#include "desk-fold.h"
#include "desk-permission.h"
#include "desk-text.h"

/* What one transaction copies in: others get their turn between two of them. */
#define CHUNKS_PER_TRANSACTION 16
#define PAUSE_US               2000
#define KEEP_SECS              (7 * 24 * 60 * 60)
#define SNIFF_BYTES            4096

/* --- sources --- */

/* Where a blob's bytes come from: an open file, or memory. */
typedef struct
{
  int fd; /* -1: memory */
  const guint8 *data;
  gsize size;
  gsize at;
} Source;

static gssize
read_source (Source *source, guint8 *buffer, gsize size)
{
  gsize filled = 0;

  if (source->fd < 0)
    {
      filled = MIN (size, source->size - source->at);
      /* Empty bytes have no place at all. */
      if (filled > 0)
        memcpy (buffer, source->data + source->at, filled);
      source->at += filled;
      return filled;
    }
  while (filled < size)
    {
      ssize_t got = read (source->fd, buffer + filled, size - filled);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return -1;
      if (got == 0)
        break;
      filled += got;
    }
  return filled;
}

static gboolean
fail_reading (GError **error)
{
  int code = errno;

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
  return FALSE;
}

/* Opening must not wait for the other end of a pipe. */
static int
open_regular (const char *path, const char *name, gint64 *size, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat info;

  if (fd < 0 || fstat (fd, &info) != 0)
    {
      fail_reading (error);
      if (fd >= 0)
        close (fd);
      return -1;
    }
  if (!S_ISREG (info.st_mode))
    {
      desk_refuse (error, DESK_ERROR_INVALID,
                   "“%s” is not a file; attach a file, or pack a folder first", name);
      close (fd);
      return -1;
    }
  *size = info.st_size;
  return fd;
}

static gboolean
check_size (DeskDb *db, gint64 size_bytes, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);

  return catalogue != NULL && desk_attachment_check_size (size_bytes, catalogue, error);
}

/* --- throwing away --- */

/* One transaction's worth of a blob that nothing refers to; @more: whether that was not all. */
static gboolean
discard_part (DeskDb *db, gint64 blob, gboolean *more, GError **error)
{
  gint64 gone;

  if (!desk_db_begin (db, error))
    return FALSE;
  gone = desk_db_run (db, DESK_SQL_CHUNKS_DELETE, error, "iii", blob, blob,
                      (gint64) CHUNKS_PER_TRANSACTION);
  *more = gone == CHUNKS_PER_TRANSACTION;
  if (gone >= 0 && (*more || desk_db_run (db, DESK_SQL_BLOB_DELETE, error, "i", blob) >= 0))
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

/* Nobody waits for a large file to go, as nobody waited for it to come. */
static gboolean
discard (DeskDb *db, gint64 blob, GError **error)
{
  gboolean more = TRUE;

  while (more)
    {
      if (!discard_part (db, blob, &more, error))
        return FALSE;
      g_usleep (more ? PAUSE_US : 0);
    }
  return TRUE;
}

/* --- copying in --- */

/* A blob on its way into the desk. */
typedef struct
{
  DeskDb *db;
  Source source;
  const char *name;
  gint64 limit_checked_bytes; /* the size the limit was asked about */
  gint64 done_bytes;
  GChecksum *checksum;
  gint64 blob;
  gint64 position;
  gboolean at_end;
  DeskProgress progress;
  gpointer user_data;
  GCancellable *cancellable;
} Intake;

/* One transaction's worth. */
static gboolean
copy_part (Intake *self, guint8 *buffer, GError **error)
{
  for (guint i = 0; i < CHUNKS_PER_TRANSACTION && !self->at_end; i++)
    {
      gssize size = read_source (&self->source, buffer, DESK_BLOB_CHUNK_BYTES);
      g_autoptr (GBytes) chunk = NULL;

      if (size < 0)
        return fail_reading (error);
      self->at_end = size < DESK_BLOB_CHUNK_BYTES;
      if (size == 0)
        break;
      g_checksum_update (self->checksum, buffer, size);
      chunk = g_bytes_new_static (buffer, size);
      if (desk_db_run (self->db, DESK_SQL_CHUNK_INSERT, error, "iib", self->blob, self->position++,
                       chunk) < 0)
        return FALSE;
      self->done_bytes += size;
    }
  return TRUE;
}

static gboolean
copy_parts (Intake *self, gint64 now, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (DESK_BLOB_CHUNK_BYTES);

  while (!self->at_end)
    {
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
          !desk_db_begin (self->db, error))
        return FALSE;
      if ((self->blob == 0 && !desk_db_get_int (self->db, DESK_SQL_BLOB_START, &self->blob, error,
                                                "ii", (gint64) 0, now)) ||
          !copy_part (self, buffer, error))
        {
          desk_db_rollback (self->db);
          return FALSE;
        }
      if (!desk_db_commit (self->db, error))
        return FALSE;
      if (self->progress != NULL)
        self->progress (self->done_bytes, self->limit_checked_bytes, self->user_data);
      g_usleep (self->at_end ? 0 : PAUSE_US);
      /* A file that grows while it is read must not get past the limit. */
      if (self->done_bytes > self->limit_checked_bytes &&
          !check_size (self->db, self->done_bytes, error))
        return FALSE;
    }
  return TRUE;
}

static GBytes *
get_digest (GChecksum *checksum)
{
  guint8 bytes[32];
  gsize size = sizeof bytes;
  g_autoptr (GChecksum) copy = g_checksum_copy (checksum);

  g_checksum_get_digest (copy, bytes, &size);
  return g_bytes_new (bytes, size);
}

/* The blob @same of a replica was known and not here: the copied chunks are its. */
static gboolean
fill_in (Intake *self, gint64 same, GError **error)
{
  return desk_db_run (self->db, DESK_SQL_CHUNKS_MOVE, error, "ii", same, self->blob) >= 0 &&
         desk_db_run (self->db, DESK_SQL_BLOB_ARRIVED, error, "i", same) >= 0;
}

/* Gives the copied chunks their name, unless the same are there already: then that is the blob, and
 * the copy is of no use. */
static gboolean
name_blob (Intake *self, gint64 now, gboolean *is_copy, GError **error)
{
  g_autoptr (GBytes) sha256 = get_digest (self->checksum);
  gint64 same, missing;

  if (!desk_db_get_int (self->db, DESK_SQL_BLOB_FIND, &same, error, "b", sha256) ||
      !desk_db_get_int (self->db, DESK_SQL_BLOB_IS_MISSING, &missing, error, "i", same))
    return FALSE;
  *is_copy = same != 0;
  if (missing != 0 && !fill_in (self, same, error))
    return FALSE;
  if (*is_copy)
    return desk_db_run (self->db, DESK_SQL_BLOB_TOUCH, error, "ii", now, same) >= 0;
  return desk_db_run (self->db, DESK_SQL_BLOB_FINISH, error, "bii", sha256, self->done_bytes,
                      self->blob) >= 0;
}

static gboolean
finish_blob (Intake *self, gint64 now, gboolean *is_copy, GError **error)
{
  if (!desk_db_begin (self->db, error))
    return FALSE;
  if (name_blob (self, now, is_copy, error))
    return desk_db_commit (self->db, error);
  desk_db_rollback (self->db);
  return FALSE;
}

static gboolean
take_in (Intake *self, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean is_copy = FALSE;
  gboolean done = copy_parts (self, now, error) && finish_blob (self, now, &is_copy, error);

  /* If this fails too, the sweep finds it. */
  if (self->blob != 0 && (!done || is_copy))
    discard (self->db, self->blob, NULL);
  return done;
}

static char *
guess_type (const char *name, const guint8 *start, gsize size)
{
  g_autofree char *guess = g_content_type_guess (name, start, size, NULL);
  char *type = g_content_type_get_mime_type (guess);

  return type != NULL ? type : g_strdup ("application/octet-stream");
}

static DeskAttachment *
finish_intake (Intake *self, const char *name, const char *type, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *clean = desk_file_name_clean (name);

  self->name = clean;
  self->checksum = checksum;
  if (!take_in (self, error))
    return NULL;
  return desk_attachment_new (clean, type, self->done_bytes, g_checksum_get_string (checksum));
}

static DeskAttachment *
add_file (DeskDb *db,
          gboolean within_limit,
          const char *path,
          const char *name,
          DeskProgress progress,
          gpointer user_data,
          GCancellable *cancellable,
          GError **error)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *clean = desk_file_name_clean (name != NULL ? name : base);
  g_autofree char *type = NULL;
  guint8 start[SNIFF_BYTES];
  DeskAttachment *attachment = NULL;
  gint64 size;
  ssize_t sniffed;
  int fd = open_regular (path, clean, &size, error);

  if (fd < 0)
    return NULL;
  sniffed = pread (fd, start, sizeof start, 0);
  type = guess_type (clean, start, MAX (sniffed, 0));
  if (!within_limit || check_size (db, size, error))
    {
      Intake intake = { .db = db,
                        .source = { .fd = fd },
                        .limit_checked_bytes = size,
                        .progress = progress,
                        .user_data = user_data,
                        .cancellable = cancellable };
      attachment = finish_intake (&intake, clean, type, error);
    }
  close (fd);
  return attachment;
}

DeskAttachment *
desk_blobs_add_file (DeskDb *db,
                     const char *path,
                     const char *name,
                     DeskProgress progress,
                     gpointer user_data,
                     GCancellable *cancellable,
                     GError **error)
{
  return add_file (db, TRUE, path, name, progress, user_data, cancellable, error);
}

DeskAttachment *
desk_blobs_add_known_file (
    DeskDb *db, const char *path, const char *name, GCancellable *cancellable, GError **error)
{
  return add_file (db, FALSE, path, name, NULL, NULL, cancellable, error);
}

DeskAttachment *
desk_blobs_add_bytes (DeskDb *db, GBytes *bytes, const char *name, const char *type, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree char *guess = guess_type (name, data, MIN (size, SNIFF_BYTES));
  Intake intake = { .db = db,
                    .source = { .fd = -1, .data = data, .size = size },
                    .limit_checked_bytes = size };

  if (!check_size (db, size, error))
    return NULL;
  return finish_intake (&intake, name, type != NULL ? type : guess, error);
}

/* --- copying out --- */

static gint64
find_readable (
    DeskDb *db, const DeskPerson *reader, const char *ticket_ref, GBytes *sha256, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);
  GError *failure = NULL;
  g_autoptr (DeskFold) fold = NULL;
  gint64 blob = 0;

  if (catalogue == NULL)
    return 0;
  fold = desk_fold_find (db, ticket_ref, &failure);
  if (fold != NULL && desk_can (DESK_ACTION_SEE, reader, fold->ticket, catalogue, 0, NULL))
    {
      gboolean internal = desk_can (DESK_ACTION_SEE_INTERNAL, reader, fold->ticket, catalogue, 0,
                                    NULL);
      desk_db_get_int (db, DESK_SQL_BLOB_IN_TICKET, &blob, &failure, "ibi", fold->id, sha256,
                       (gint64) internal);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  else if (blob == 0)
    desk_refuse (error, DESK_ERROR_NO_SUCH, "The ticket has no such file");
  return blob;
}

static gboolean
write_chunks (DeskQuery *query,
              GOutputStream *output,
              GChecksum *checksum,
              DeskProgress progress,
              gpointer user_data,
              GCancellable *cancellable,
              GError **error)
{
  GError *failure = NULL;
  gint64 done = 0;

  while (failure == NULL && desk_query_next (query, &failure))
    {
      gsize size;
      gconstpointer data = desk_query_blob (query, 0, &size);

      g_checksum_update (checksum, data, size);
      g_output_stream_write_all (output, data, size, NULL, cancellable, &failure);
      done += size;
      if (progress != NULL)
        progress (done, 0, user_data);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* A replica has the contents that somebody asked for. */
static gboolean
check_is_here (DeskDb *db, gint64 blob, GError **error)
{
  gint64 missing;

  if (!desk_db_get_int (db, DESK_SQL_BLOB_IS_MISSING, &missing, error, "i", blob))
    return FALSE;
  if (missing == 0)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_NO_SUCH, "The file is on the server only; fetch it first");
}

static gboolean
write_blob (DeskDb *db,
            gint64 blob,
            const char *sha256,
            GOutputStream *output,
            DeskProgress progress,
            gpointer user_data,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (DeskQuery) query = NULL;

  if (!check_is_here (db, blob, error) ||
      (query = desk_db_query (db, DESK_SQL_CHUNKS, error, "i", blob)) == NULL ||
      !write_chunks (query, output, checksum, progress, user_data, cancellable, error))
    return FALSE;
  if (g_ascii_strcasecmp (g_checksum_get_string (checksum), sha256) == 0)
    return TRUE;
  return desk_store_fail (error, DESK_STORE_ERROR_DAMAGED,
                          "The file's content is damaged; restore a backup of the desk");
}

gboolean
desk_blobs_write (DeskDb *db,
                  const DeskPerson *reader,
                  const char *ticket_ref,
                  const char *sha256,
                  GOutputStream *output,
                  DeskProgress progress,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GBytes) digest = desk_bytes_from_hex (sha256);
  gboolean own = !desk_db_in_transaction (db);
  gboolean done;
  gint64 blob;

  if (own && !desk_db_begin_read (db, error))
    return FALSE;
  blob = find_readable (db, reader, ticket_ref, digest, error);
  done = blob != 0 &&
         write_blob (db, blob, sha256, output, progress, user_data, cancellable, error);
  if (own)
    desk_db_end_read (db);
  return done;
}

static gboolean
write_own (DeskDb *db,
           const char *sha256,
           GOutputStream *output,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GBytes) digest = desk_bytes_from_hex (sha256);
  gint64 blob;

  if (!desk_db_get_int (db, DESK_SQL_BLOB_FIND, &blob, error, "b", digest))
    return FALSE;
  if (blob != 0)
    return write_blob (db, blob, sha256, output, NULL, NULL, cancellable, error);
  return desk_refuse (error, DESK_ERROR_NO_SUCH, "The file is not here any more; attach it again");
}

gboolean
desk_blobs_write_own (DeskDb *db,
                      const char *sha256,
                      GOutputStream *output,
                      GCancellable *cancellable,
                      GError **error)
{
  gboolean done;

  if (!desk_db_begin_read (db, error))
    return FALSE;
  done = write_own (db, sha256, output, cancellable, error);
  desk_db_end_read (db);
  return done;
}

/* --- sweeping --- */

/* From now on nothing can refer to it; or something does meanwhile, then 0. -1 on error. */
static gint64
unname (DeskDb *db, gint64 blob, gint64 before, GError **error)
{
  gint64 n;

  if (!desk_db_begin (db, error))
    return -1;
  n = desk_db_run (db, DESK_SQL_BLOB_UNNAME, error, "ii", blob, before);
  if (n >= 0)
    return desk_db_commit (db, error) ? n : -1;
  desk_db_rollback (db);
  return -1;
}

gboolean
desk_blobs_find (DeskDb *db, const char *sha256, gboolean *found, GError **error)
{
  g_autoptr (GBytes) digest = desk_bytes_from_hex (sha256);
  gint64 id;

  if (!desk_db_get_int (db, DESK_SQL_BLOB_FIND, &id, error, "b", digest))
    return FALSE;
  *found = id != 0;
  return TRUE;
}

gint64
desk_blobs_sweep (DeskDb *db, gint64 now, GError **error)
{
  gint64 before = now - KEEP_SECS;
  g_autoptr (GArray) ids = desk_db_list_ints (db, DESK_SQL_BLOB_SWEEP, error, "i", before);
  gint64 swept = 0;

  if (ids == NULL)
    return -1;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 blob = g_array_index (ids, gint64, i);
      gint64 n = unname (db, blob, before, error);

      if (n < 0 || (n > 0 && !discard (db, blob, error)))
        return -1;
      swept += n;
    }
  return swept;
}
