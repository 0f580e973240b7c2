/* SPDX-License-Identifier: GPL-3.0-or-later
 * Importing the contents of files, chunk by chunk. */
#include "desk-import-private.h"

#include "desk-blobs.h"

/* The next chunk of the content that is coming in. */
static gboolean
is_next_chunk (DeskImport *self, const DeskLine *line)
{
  return g_strcmp0 (self->sha256, line->sha256) == 0 && self->size_bytes == line->size_bytes &&
         self->n_chunks == line->position;
}

/* All chunks are full but the last, as the desk keeps them. */
static gboolean
has_right_size (const DeskLine *line)
{
  gint64 rest = line->size_bytes - line->position * DESK_BLOB_CHUNK_BYTES;

  return line->position <= G_MAXINT64 / DESK_BLOB_CHUNK_BYTES &&
         (gint64) g_bytes_get_size (line->data) == MIN (rest, DESK_BLOB_CHUNK_BYTES);
}

static void
forget (DeskImport *self)
{
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->checksum, g_checksum_free);
  self->blob = 0;
}

static gboolean
drop (DeskImport *self, const char *reason, GError **error)
{
  gboolean done = self->blob == 0 ||
                  desk_db_run (self->db, DESK_SQL_BLOB_DELETE, error, "i", self->blob) >= 0;

  desk_import_refuse (self, self->line, "%s", reason);
  forget (self);
  return done;
}

static gboolean
start (DeskImport *self, const DeskLine *line, GError **error)
{
  g_autoptr (GBytes) sha256 = desk_bytes_from_hex (line->sha256);
  gint64 mine;

  if (!desk_db_get_int (self->db, DESK_SQL_BLOB_FIND, &mine, error, "b", sha256))
    return FALSE;
  self->sha256 = g_strdup (line->sha256);
  self->size_bytes = line->size_bytes;
  self->done_bytes = 0;
  self->n_chunks = 0;
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  return mine != 0 || desk_db_insert (self->db, DESK_SQL_BLOB_START, &self->blob, error, "ii",
                                      (gint64) 0, self->now);
}

static gboolean
finish (DeskImport *self, GError **error)
{
  g_autoptr (GBytes) sha256 = desk_bytes_from_hex (self->sha256);

  if (g_strcmp0 (g_checksum_get_string (self->checksum), self->sha256) != 0)
    return drop (self, DESK_N_ ("The content of the file is not what it was (its SHA-256 differs)"),
                 error);
  if (self->blob != 0 && desk_db_run (self->db, DESK_SQL_BLOB_FINISH, error, "bii", sha256,
                                      self->done_bytes, self->blob) < 0)
    return FALSE;
  *(self->blob != 0 ? &self->result->added : &self->result->same) += self->n_chunks;
  forget (self);
  return TRUE;
}

static gboolean
add_chunk (DeskImport *self, const DeskLine *line, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (line->data, &size);

  if (size > 0)
    g_checksum_update (self->checksum, data, (gssize) size);
  self->done_bytes += (gint64) size;
  self->n_chunks++;
  if (self->blob != 0 && size > 0 &&
      desk_db_run (self->db, DESK_SQL_CHUNK_INSERT, error, "iib", self->blob, line->position,
                   line->data) < 0)
    return FALSE;
  return self->done_bytes < self->size_bytes || finish (self, error);
}

gboolean
desk_import_blob (DeskImport *self, const DeskLine *line, GError **error)
{
  if (self->sha256 != NULL && !is_next_chunk (self, line) && !desk_import_blob_end (self, error))
    return FALSE;
  if (!has_right_size (line) || (self->sha256 == NULL && line->position != 0))
    return drop (self, DESK_N_ ("This part of a file does not follow the one before"), error);
  return (self->sha256 != NULL || start (self, line, error)) && add_chunk (self, line, error);
}

gboolean
desk_import_blob_end (DeskImport *self, GError **error)
{
  return self->sha256 == NULL ||
         drop (self, DESK_N_ ("The file before this line is not whole"), error);
}
