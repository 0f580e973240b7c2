/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files on their way in: a folder of parts that can be gone on with after a break. */
#include "desk-uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk-error.h"
#include "desk-uid.h"

#define PART_SECS    (24 * 60 * 60)
#define MARK_SECS    (7 * 24 * 60 * 60)
#define SHA256_CHARS 64

struct _DeskUploads
{
  char *folder;
  gint64 max_bytes_per_person;
};

void
desk_upload_free (DeskUpload *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->person);
  g_free (self->sha256);
  g_free (self);
}

static gboolean
fail_errno (const char *what, GError **error)
{
  int number = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", what,
               g_strerror (number));
  return FALSE;
}

DeskUploads *
desk_uploads_new (const char *folder, gint64 max_bytes_per_person, GError **error)
{
  DeskUploads *self;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      fail_errno (folder, error);
      return NULL;
    }
  self = g_new0 (DeskUploads, 1);
  self->folder = g_strdup (folder);
  self->max_bytes_per_person = max_bytes_per_person;
  return self;
}

void
desk_uploads_free (DeskUploads *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  g_free (self);
}

/* --- names: "part,ID,PERSON,SIZE,SHA256" and "mark,PERSON,SHA256" --- */

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == SHA256_CHARS && strspn (text, "0123456789abcdef") == SHA256_CHARS;
}

char *
desk_uploads_get_path (DeskUploads *self, const DeskUpload *upload)
{
  g_autofree char *name = g_strdup_printf ("part,%s,%s,%" G_GINT64_FORMAT ",%s", upload->id,
                                           upload->person, upload->size_bytes, upload->sha256);

  return g_build_filename (self->folder, name, NULL);
}

static char *
get_mark_path (DeskUploads *self, const char *person, const char *sha256)
{
  g_autofree char *name = g_strdup_printf ("mark,%s,%s", person, sha256);

  return g_build_filename (self->folder, name, NULL);
}

/* NULL for a file that is no part. (transfer full) */
static DeskUpload *
parse_name (DeskUploads *self, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ",", 6);
  g_autofree char *path = NULL;
  DeskUpload *upload;
  struct stat status;
  gint64 size;

  if (g_strv_length (parts) != 5 || !g_str_equal (parts[0], "part") ||
      !g_ascii_string_to_signed (parts[3], 10, 0, G_MAXINT64, &size, NULL) || !is_sha256 (parts[4]))
    return NULL;
  upload = g_new0 (DeskUpload, 1);
  *upload = (DeskUpload){ g_strdup (parts[1]), g_strdup (parts[2]), g_strdup (parts[4]), size, 0 };
  path = g_build_filename (self->folder, name, NULL);
  if (stat (path, &status) == 0)
    upload->offset_bytes = status.st_size;
  return upload;
}

/* (transfer full) (element-type DeskUpload) */
static GPtrArray *
list_parts (DeskUploads *self)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_upload_free);
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      DeskUpload *upload = parse_name (self, name);

      if (upload != NULL)
        g_ptr_array_add (parts, upload);
    }
  return parts;
}

/* --- parts --- */

static gboolean
check_room (DeskUploads *self, const char *person, gint64 size_bytes, GError **error)
{
  g_autoptr (GPtrArray) parts = list_parts (self);
  gint64 sum = size_bytes;

  for (guint i = 0; i < parts->len; i++)
    {
      const DeskUpload *upload = parts->pdata[i];

      if (g_str_equal (upload->person, person))
        sum += upload->size_bytes;
    }
  if (sum <= self->max_bytes_per_person)
    return TRUE;
  desk_refuse (error, DESK_ERROR_TOO_BIG,
               "Too much is being uploaded already; finish that first, or wait a day");
  return FALSE;
}

DeskUpload *
desk_uploads_begin (
    DeskUploads *self, const char *person, const char *sha256, gint64 size_bytes, GError **error)
{
  g_autoptr (DeskUpload) upload = g_new0 (DeskUpload, 1);
  g_autofree char *path = NULL;
  int fd;

  if (!is_sha256 (sha256) || size_bytes < 0)
    {
      desk_refuse (error, DESK_ERROR_INVALID,
                   "“sha256” has to be 64 hexadecimal digits, small letters");
      return NULL;
    }
  if (!check_room (self, person, size_bytes, error))
    return NULL;
  *upload = (DeskUpload){ desk_uid_new (), g_strdup (person), g_strdup (sha256), size_bytes, 0 };
  path = desk_uploads_get_path (self, upload);
  fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      fail_errno (path, error);
      return NULL;
    }
  close (fd);
  return g_steal_pointer (&upload);
}

DeskUpload *
desk_uploads_find (DeskUploads *self, const char *id, const char *person, GError **error)
{
  g_autoptr (GPtrArray) parts = list_parts (self);

  for (guint i = 0; i < parts->len; i++)
    {
      DeskUpload *upload = parts->pdata[i];

      if (g_str_equal (upload->id, id) && g_str_equal (upload->person, person))
        return g_ptr_array_steal_index_fast (parts, i);
    }
  desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such upload; begin a new one");
  return NULL;
}

static gboolean
check_piece (const DeskUpload *upload, gint64 offset, gsize size, GError **error)
{
  if (offset != upload->offset_bytes)
    desk_refuse (error, DESK_ERROR_CONFLICT, "The upload goes on at %" PRId64,
                 upload->offset_bytes);
  else if ((gint64) size > upload->size_bytes - offset)
    desk_refuse (error, DESK_ERROR_TOO_BIG, "This is more than the upload was to have");
  else
    return TRUE;
  return FALSE;
}

static gboolean
write_all (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      size -= n;
    }
  return TRUE;
}

/* What is there of a piece that could not be written whole goes: the file's length is where the
 * upload goes on. */
gboolean
desk_uploads_append (DeskUploads *self,
                     DeskUpload *upload,
                     gint64 offset,
                     gconstpointer data,
                     gsize size,
                     GError **error)
{
  g_autofree char *path = desk_uploads_get_path (self, upload);
  gboolean done;
  int fd;

  if (!check_piece (upload, offset, size, error))
    return FALSE;
  fd = g_open (path, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
  if (fd < 0)
    return fail_errno (path, error);
  done = write_all (fd, data, size) || (fail_errno (path, error), FALSE);
  if (done)
    upload->offset_bytes += size;
  else if (ftruncate (fd, offset) != 0)
    g_unlink (path);
  close (fd);
  return done;
}

gboolean
desk_upload_is_whole (const DeskUpload *self)
{
  return self->offset_bytes == self->size_bytes;
}

void
desk_uploads_drop (DeskUploads *self, const DeskUpload *upload)
{
  g_autofree char *path = desk_uploads_get_path (self, upload);

  g_unlink (path);
}

gboolean
desk_uploads_finish (DeskUploads *self, const DeskUpload *upload, GError **error)
{
  if (!desk_uploads_note (self, upload->person, upload->sha256, error))
    return FALSE;
  desk_uploads_drop (self, upload);
  return TRUE;
}

/* --- marks --- */

gboolean
desk_uploads_note (DeskUploads *self, const char *person, const char *sha256, GError **error)
{
  g_autofree char *path = get_mark_path (self, person, sha256);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    return fail_errno (path, error);
  /* Brought again, it stays longer. */
  futimens (fd, NULL);
  close (fd);
  return TRUE;
}

gboolean
desk_uploads_has_brought (DeskUploads *self, const char *person, const char *sha256)
{
  g_autofree char *path = is_sha256 (sha256) ? get_mark_path (self, person, sha256) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_EXISTS);
}

void
desk_uploads_sweep (DeskUploads *self, gint64 now)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      gint64 kept_secs = g_str_has_prefix (name, "mark,") ? MARK_SECS : PART_SECS;
      struct stat status;

      if ((g_str_has_prefix (name, "mark,") || g_str_has_prefix (name, "part,")) &&
          stat (path, &status) == 0 && status.st_mtime < now - kept_secs)
        g_unlink (path);
    }
}
