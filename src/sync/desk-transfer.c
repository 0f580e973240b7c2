/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files up and down; see the header. */
#include "desk-transfer.h"

#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#include "desk-api.h"
#include "desk-replica-uploads.h"
#include "desk-replica.h"
#include "desk-store-error.h"

/* How often an upload goes on where the server says it is, without getting anywhere. */
#define MAX_STUMBLES 3
/* How often an upload is begun anew. */
#define MAX_BEGINNINGS 2
/* Files that somebody looked at are kept for the next time; so much of them, unless
 * $DESKBELL_KEEP_MIB says otherwise. */
#define KEEP_MIB     512
#define MAX_KEEP_MIB (G_GINT64_CONSTANT (1) << 40)
/* What is sent at once. */
#define FIRST_PIECE_BYTES (512 * 1024)
#define MAX_PIECE_BYTES   (4 * 1024 * 1024)

struct _DeskTransfer
{
  DeskRemote *remote;
  DeskDb *db;
  DeskTransferProgress progress;
  gpointer user_data;
};

DeskTransfer *
desk_transfer_new (DeskRemote *remote, DeskDb *db)
{
  DeskTransfer *self = g_new0 (DeskTransfer, 1);

  self->remote = remote;
  self->db = db;
  return self;
}

void
desk_transfer_free (DeskTransfer *self)
{
  g_free (self);
}

void
desk_transfer_set_progress (DeskTransfer *self, DeskTransferProgress progress, gpointer user_data)
{
  self->progress = progress;
  self->user_data = user_data;
}

gboolean
desk_transfer_forget (DeskTransfer *self, GError **error)
{
  return desk_replica_forget_upload (self->db, NULL, error);
}

/* --- up --- */

/* One file on its way up. */
typedef struct
{
  DeskTransfer *transfer;
  const DeskOp *op;
  const DeskAttachment *file;
  int fd; /* its content, in a file without a name */
  DeskReplicaUpload upload;
  gint64 offset; /* where it goes on */
  gint64 chunk;  /* as much as the server takes at once */
  gint64 piece;  /* as much as is sent at once */
  gint64 wrote;  /* of that piece */
  GCancellable *cancellable;
} Way;

static void
clear_way (Way *self)
{
  if (self->fd >= 0)
    close (self->fd);
  desk_replica_upload_clear (&self->upload);
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

/* What is not here cannot be sent, now or later: its author has to attach it again. */
static gboolean
is_lost (const GError *error)
{
  return g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH) ||
         g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED);
}

static gboolean
spool (Way *self, GError **error)
{
  g_autoptr (GOutputStream) output = NULL;
  GError *failure = NULL;

  self->fd = open_spool (NULL, error);
  if (self->fd < 0)
    return FALSE;
  output = g_unix_output_stream_new (self->fd, FALSE);
  if (desk_blobs_write_own (self->transfer->db, self->file->sha256, output, self->cancellable,
                            &failure))
    return TRUE;
  if (!is_lost (failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_error_free (failure);
  return desk_refuse (error, DESK_ERROR_NO_SUCH,
                      "“%s” is not whole on this computer any more; attach it again",
                      self->file->name);
}

static void
tell_progress (Way *self)
{
  DeskTransfer *transfer = self->transfer;
  gint64 sent_bytes = MIN (self->offset + self->wrote, self->file->size_bytes);

  if (transfer->progress != NULL)
    transfer->progress (self->op, self->file, sent_bytes, transfer->user_data);
}

static gboolean
keep_place (Way *self, GError **error)
{
  self->wrote = 0;
  self->upload.sent_bytes = self->offset;
  self->upload.size_bytes = self->file->size_bytes;
  tell_progress (self);
  return desk_replica_save_upload (self->transfer->db, self->file->sha256, &self->upload, error);
}

static gboolean
announce (Way *self, GError **error)
{
  DeskRemote *remote = self->transfer->remote;
  g_autoptr (JsonNode)
      body = desk_upload_request_to_json (self->file->sha256, self->file->size_bytes);
  const DeskAsk ask = { .method = "POST", .path = "/v1/uploads", .json = body };
  g_autoptr (JsonNode) node = desk_remote_ask_json (remote, &ask, self->cancellable, error);
  g_autoptr (GError) failure = NULL;

  if (node == NULL)
    return FALSE;
  desk_replica_upload_clear (&self->upload);
  if (!desk_upload_from_json (node, &self->upload.id, &self->offset, &self->chunk, &failure))
    return desk_remote_fail_nonsense (remote, failure, error);
  return keep_place (self, error);
}

/* The server goes on at a place of its own; FALSE with @error when it says none. */
static gboolean
take_offset (Way *self, GError **error)
{
  self->offset = desk_remote_get_number (self->transfer->remote, "Upload-Offset");
  if (self->offset >= 0 && self->offset <= self->file->size_bytes)
    return keep_place (self, error);
  return desk_remote_fail (error, DESK_REMOTE_ERROR_NONSENSE,
                           "%s does not say how much of “%s” it has; tell whoever keeps the desk",
                           desk_remote_get_address (self->transfer->remote), self->file->name);
}

/* @known: the server knows of the upload still. */
static gboolean
look (Way *self, gboolean *known, GError **error)
{
  DeskRemote *remote = self->transfer->remote;
  g_autofree char *path = g_strconcat ("/v1/uploads/", self->upload.id, NULL);
  const DeskAsk ask = { .method = "HEAD", .path = path };
  GError *failure = NULL;
  g_autoptr (GBytes) nothing = desk_remote_ask (remote, &ask, self->cancellable, &failure);

  *known = nothing != NULL;
  if (nothing != NULL)
    return take_offset (self, error);
  if (desk_remote_get_status (remote) != SOUP_STATUS_NOT_FOUND)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_error_free (failure);
  return TRUE;
}

/* Small pieces at first: what brings a link down is not known beforehand, and what was on its way
 * then is sent once more. */
static gint64
find_piece_size (Way *self)
{
  gint64 chunk = self->chunk > 0 ? self->chunk : MAX_PIECE_BYTES;

  self->piece = self->piece > 0 ? self->piece * 2 : FIRST_PIECE_BYTES;
  self->piece = MIN (self->piece, MIN (chunk, MAX_PIECE_BYTES));
  return MIN (self->piece, self->file->size_bytes - self->offset);
}

static GBytes *
read_piece (Way *self, GError **error)
{
  gsize size = (gsize) find_piece_size (self);
  g_autofree char *data = g_malloc (size + 1);
  gssize n_read = pread (self->fd, data, size, self->offset);

  if (n_read == (gssize) size)
    return g_bytes_new_take (g_steal_pointer (&data), size);
  desk_store_fail (error, DESK_STORE_ERROR_IO, "“%s” cannot be read again", self->file->name);
  return NULL;
}

static void
wrote_cb (gsize n_bytes, gpointer data)
{
  Way *self = data;

  self->wrote += (gint64) n_bytes;
  tell_progress (self);
}

static gboolean
send_piece (Way *self, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/uploads/", self->upload.id, NULL);
  g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, self->offset);
  g_autoptr (GBytes) piece = read_piece (self, error);
  const DeskAsk ask = { .method = "PATCH",
                        .path = path,
                        .bytes = piece,
                        .header = "Upload-Offset",
                        .value = offset,
                        .wrote = wrote_cb,
                        .user_data = self };
  g_autoptr (GBytes) nothing = NULL;

  if (piece == NULL)
    return FALSE;
  nothing = desk_remote_ask (self->transfer->remote, &ask, self->cancellable, error);
  if (nothing == NULL)
    return FALSE;
  self->offset += (gint64) g_bytes_get_size (piece);
  return keep_place (self, error);
}

static gboolean
has_code (Way *self, const char *code)
{
  const DeskProblem *problem = desk_remote_get_problem (self->transfer->remote);

  return problem != NULL && g_strcmp0 (problem->code, code) == 0;
}

/* Whether the server has the upload at another place than was thought. */
static gboolean
has_stumbled (Way *self, guint *n_stumbles, GError **error)
{
  gboolean known = FALSE;

  return has_code (self, "wrong-offset") && (*n_stumbles)++ < MAX_STUMBLES &&
         look (self, &known, error) && known;
}

static gboolean
send_all (Way *self, GError **error)
{
  guint n_stumbles = 0;

  do
    {
      g_autoptr (GError) failure = NULL;

      if (send_piece (self, &failure) || has_stumbled (self, &n_stumbles, error))
        continue;
      if (error != NULL && *error == NULL)
        g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  while (self->offset < self->file->size_bytes);
  return TRUE;
}

static gboolean
note_done (Way *self, GError **error)
{
  g_free (self->upload.id);
  self->upload.id = g_strdup ("");
  self->offset = self->file->size_bytes;
  return keep_place (self, error);
}

/* Goes on with what was begun. What the server does not know any more it has either taken in, and
 * only its answer was lost, or swept away: it says so when the op comes (desk_transfer_forget()).
 */
static gboolean
go_on (Way *self, gboolean *done, GError **error)
{
  gboolean known;

  if (!look (self, &known, error))
    return FALSE;
  *done = !known;
  return known || note_done (self, error);
}

/* What has gone wrong with the upload, and not with the file. */
static gboolean
is_to_begin_anew (Way *self, const GError *error)
{
  return has_code (self, "wrong-digest") ||
         (has_code (self, "no-such") && g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH));
}

static gboolean
send_anew (Way *self, GError **error)
{
  guint n_beginnings = 0;

  for (;;)
    {
      GError *failure = NULL;

      if (send_all (self, &failure))
        return note_done (self, error);
      if (!is_to_begin_anew (self, failure) || n_beginnings++ == MAX_BEGINNINGS)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      g_error_free (failure);
      if (!announce (self, error))
        return FALSE;
    }
}

static gboolean
bring (Way *self, GError **error)
{
  gboolean done;

  if (!desk_replica_find_upload (self->transfer->db, self->file->sha256, &self->upload, error))
    return FALSE;
  done = desk_replica_upload_is_done (&self->upload);
  if (done)
    return TRUE;
  if (!spool (self, error) ||
      !(self->upload.id != NULL ? go_on (self, &done, error) : announce (self, error)))
    return FALSE;
  return done || send_anew (self, error);
}

gboolean
desk_transfer_bring (DeskTransfer *self,
                     const DeskOp *op,
                     GCancellable *cancellable,
                     GError **error)
{
  for (guint i = 0; i < op->attachments->len; i++)
    {
      g_auto (Way) way = {
        .transfer = self,
        .op = op,
        .file = op->attachments->pdata[i],
        .fd = -1,
        .cancellable = cancellable,
      };

      if (!bring (&way, error))
        return FALSE;
    }
  return TRUE;
}

/* --- down --- */

/* One file on its way down. */
typedef struct
{
  const DeskAttachment *file;
  DeskProgress progress;
  gpointer user_data;
  gint64 got_bytes;
} WayDown;

static void
got_cb (gsize n_bytes, gpointer data)
{
  WayDown *self = data;

  self->got_bytes += (gint64) n_bytes;
  if (self->progress != NULL)
    self->progress (self->got_bytes, self->file->size_bytes, self->user_data);
}

static gboolean
fetch (DeskTransfer *self,
       WayDown *way,
       const char *ticket_uid,
       int fd,
       GCancellable *cancellable,
       GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/tickets/%s/attachments/%s", ticket_uid,
                                           way->file->sha256);
  const DeskAsk ask = { .method = "GET", .path = path, .got = got_cb, .user_data = way };
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (fd, FALSE);

  return desk_remote_fetch (self->remote, &ask, output, (gsize) way->file->size_bytes, cancellable,
                            error);
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* How much is kept of what came down. */
static gint64
get_limit (void)
{
  const char *text = g_getenv ("DESKBELL_KEEP_MIB");
  gint64 mib = KEEP_MIB;

  if (text != NULL && !g_ascii_string_to_signed (text, 10, 0, MAX_KEEP_MIB, &mib, NULL))
    g_debug ("DESKBELL_KEEP_MIB is no number: %s", text);
  return mib * 1024 * 1024;
}

/* The content, not who sent it, says what it is. */
static gboolean
take_in (DeskTransfer *self,
         const char *path,
         const DeskAttachment *attachment,
         GCancellable *cancellable,
         GError **error)
{
  DeskAttachment *taken = desk_blobs_add_known_file (self->db, path, attachment->name, cancellable,
                                                     error);
  gboolean same = taken != NULL && g_str_equal (taken->sha256, attachment->sha256);

  if (taken != NULL && !same)
    desk_remote_fail (error, DESK_REMOTE_ERROR_NONSENSE,
                      "“%s” did not arrive as it was sent; try again", attachment->name);
  g_clear_pointer (&taken, desk_attachment_free);
  return same && desk_replica_trim_files (self->db, get_limit (), attachment->sha256, error);
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
  WayDown way = { .file = attachment, .progress = progress, .user_data = user_data };
  g_autofree char *path = NULL;
  gboolean done = FALSE;
  int fd;

  if (!desk_replica_use_file (self->db, attachment->sha256, get_now (), &done, error))
    return FALSE;
  if (done)
    return TRUE;
  fd = open_spool (&path, error);
  if (fd < 0)
    return FALSE;
  done = fetch (self, &way, ticket_uid, fd, cancellable, error) &&
         take_in (self, path, attachment, cancellable, error);
  close (fd);
  g_unlink (path);
  return done;
}
