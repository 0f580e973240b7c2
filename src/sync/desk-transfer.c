/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files up and down; see the header. */
#include "desk-transfer.h"

#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "desk-api.h"
#include "desk-replica.h"

/* How often an upload goes on where the server says it is, without getting anywhere. */
#define MAX_STUMBLES 3

struct _DeskTransfer
{
  DeskRemote *remote;
  DeskDb *db;
  GHashTable *brought; /* sha256 */
  GHashTable *begun;   /* sha256 → upload */
};

DeskTransfer *
desk_transfer_new (DeskRemote *remote, DeskDb *db)
{
  DeskTransfer *self = g_new0 (DeskTransfer, 1);

  self->remote = remote;
  self->db = db;
  self->brought = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->begun = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
desk_transfer_free (DeskTransfer *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->brought);
  g_hash_table_unref (self->begun);
  g_free (self);
}

void
desk_transfer_forget (DeskTransfer *self)
{
  g_hash_table_remove_all (self->brought);
  g_hash_table_remove_all (self->begun);
}

/* --- up --- */

/* One file on its way up. */
typedef struct
{
  DeskTransfer *transfer;
  const DeskAttachment *file;
  int fd; /* its content, in a file without a name */
  char *upload;
  gint64 offset;
  gint64 chunk;
  DeskProgress progress;
  gpointer user_data;
  GCancellable *cancellable;
} Way;

static void
clear_way (Way *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->upload);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Way, clear_way)

/* @path NULL: gone with its descriptor. */
static int
open_spool (char **path, GError **error)
{
  g_autofree char *name = NULL;
  int fd = g_file_open_tmp ("deskbell-XXXXXX", &name, error);

  if (fd < 0)
    return -1;
  if (path != NULL)
    *path = g_steal_pointer (&name);
  else
    g_unlink (name);
  return fd;
}

static gboolean
spool (Way *self, GError **error)
{
  g_autoptr (GOutputStream) output = NULL;

  self->fd = open_spool (NULL, error);
  if (self->fd < 0)
    return FALSE;
  output = g_unix_output_stream_new (self->fd, FALSE);
  return desk_blobs_write_own (self->transfer->db, self->file->sha256, output, self->cancellable,
                               error);
}

static gboolean
announce (Way *self, GError **error)
{
  g_autoptr (JsonNode)
      body = desk_upload_request_to_json (self->file->sha256, self->file->size_bytes);
  const DeskAsk ask = { .method = "POST", .path = "/v1/uploads", .json = body };
  g_autoptr (JsonNode)
      node = desk_remote_ask_json (self->transfer->remote, &ask, self->cancellable, error);

  if (node == NULL ||
      !desk_upload_from_json (node, &self->upload, &self->offset, &self->chunk, error))
    return FALSE;
  g_hash_table_insert (self->transfer->begun, g_strdup (self->file->sha256),
                       g_strdup (self->upload));
  return TRUE;
}

/* How far it is. FALSE with @error. */
static gboolean
look (Way *self, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/uploads/", self->upload, NULL);
  const DeskAsk ask = { .method = "HEAD", .path = path };
  g_autoptr (GBytes)
      nothing = desk_remote_ask (self->transfer->remote, &ask, self->cancellable, error);

  self->offset = desk_remote_get_number (self->transfer->remote, "Upload-Offset");
  return nothing != NULL;
}

/* A server that was started anew may not know it any more. */
static gboolean
go_on (Way *self)
{
  const char *begun = g_hash_table_lookup (self->transfer->begun, self->file->sha256);

  if (begun == NULL)
    return FALSE;
  self->upload = g_strdup (begun);
  self->chunk = 0;
  if (look (self, NULL) && self->offset >= 0)
    return TRUE;
  g_clear_pointer (&self->upload, g_free);
  return FALSE;
}

static GBytes *
read_piece (Way *self, GError **error)
{
  gint64 chunk = self->chunk > 0 ? self->chunk : 4 * 1024 * 1024;
  gsize size = (gsize) MIN (chunk, self->file->size_bytes - self->offset);
  g_autofree char *data = g_malloc (size + 1);
  gssize n_read = pread (self->fd, data, size, self->offset);

  if (n_read == (gssize) size)
    return g_bytes_new_take (g_steal_pointer (&data), size);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s is not whole here", self->file->name);
  return NULL;
}

static gboolean
send_piece (Way *self, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/uploads/", self->upload, NULL);
  g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, self->offset);
  g_autoptr (GBytes) piece = read_piece (self, error);
  const DeskAsk ask = {
    .method = "PATCH", .path = path, .bytes = piece, .header = "Upload-Offset", .value = offset
  };
  g_autoptr (GBytes) nothing = NULL;

  if (piece == NULL)
    return FALSE;
  nothing = desk_remote_ask (self->transfer->remote, &ask, self->cancellable, error);
  if (nothing == NULL)
    return FALSE;
  self->offset += (gint64) g_bytes_get_size (piece);
  if (self->progress != NULL)
    self->progress (self->offset, self->file->size_bytes, self->user_data);
  return TRUE;
}

static gboolean
is_at_another_place (Way *self)
{
  const DeskProblem *problem = desk_remote_get_problem (self->transfer->remote);

  return problem != NULL && g_strcmp0 (problem->code, "wrong-offset") == 0;
}

static gboolean
send_all (Way *self, GError **error)
{
  guint n_stumbles = 0;

  do
    {
      g_autoptr (GError) failure = NULL;

      if (send_piece (self, &failure))
        continue;
      if (is_at_another_place (self) && n_stumbles++ < MAX_STUMBLES && look (self, error))
        continue;
      if (*error == NULL)
        g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  while (self->offset < self->file->size_bytes);
  return TRUE;
}

static gboolean
bring (Way *self, GError **error)
{
  DeskTransfer *transfer = self->transfer;
  GError *failure = NULL;

  if (g_hash_table_contains (transfer->brought, self->file->sha256))
    return TRUE;
  if (spool (self, &failure) && (go_on (self) || announce (self, &failure)) &&
      send_all (self, &failure))
    {
      g_hash_table_add (transfer->brought, g_strdup (self->file->sha256));
      g_hash_table_remove (transfer->begun, self->file->sha256);
      return TRUE;
    }
  /* What the server did not like is not gone on with. */
  if (!desk_remote_error_passes (failure))
    g_hash_table_remove (transfer->begun, self->file->sha256);
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
desk_transfer_bring (DeskTransfer *self,
                     const DeskOp *op,
                     DeskProgress progress,
                     gpointer user_data,
                     GCancellable *cancellable,
                     GError **error)
{
  for (guint i = 0; i < op->attachments->len; i++)
    {
      g_auto (Way) way = {
        .transfer = self,
        .file = op->attachments->pdata[i],
        .fd = -1,
        .progress = progress,
        .user_data = user_data,
        .cancellable = cancellable,
      };

      if (!bring (&way, error))
        return FALSE;
    }
  return TRUE;
}

/* --- down --- */

static gboolean
fetch (DeskTransfer *self,
       const char *ticket_uid,
       const DeskAttachment *attachment,
       int fd,
       GCancellable *cancellable,
       GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/tickets/%s/attachments/%s", ticket_uid,
                                           attachment->sha256);
  const DeskAsk ask = { .method = "GET", .path = path };
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (fd, FALSE);

  return desk_remote_fetch (self->remote, &ask, output, (gsize) attachment->size_bytes, cancellable,
                            error);
}

/* The content, not who sent it, says what it is. */
static gboolean
take_in (DeskTransfer *self,
         const char *path,
         const DeskAttachment *attachment,
         DeskProgress progress,
         gpointer user_data,
         GCancellable *cancellable,
         GError **error)
{
  DeskAttachment *taken = desk_blobs_add_file (self->db, path, attachment->name, progress,
                                               user_data, cancellable, error);
  gboolean same = taken != NULL && g_str_equal (taken->sha256, attachment->sha256);

  if (taken != NULL && !same)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "%s did not arrive as it was sent; try again", attachment->name);
  g_clear_pointer (&taken, desk_attachment_free);
  return same && desk_replica_trim_files (self->db, DESK_TRANSFER_KEEP_BYTES, error);
}

gboolean
desk_transfer_get (DeskTransfer *self,
                   const char *ticket_uid,
                   const DeskAttachment *attachment,
                   DeskProgress progress,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autofree char *path = NULL;
  int fd = open_spool (&path, error);
  gboolean done;

  if (fd < 0)
    return FALSE;
  done = fetch (self, ticket_uid, attachment, fd, cancellable, error) &&
         take_in (self, path, attachment, progress, user_data, cancellable, error);
  close (fd);
  g_unlink (path);
  return done;
}
