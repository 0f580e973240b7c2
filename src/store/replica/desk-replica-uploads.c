/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far files of a replica have gone up. */
#include "desk-replica-uploads.h"

void
desk_replica_upload_clear (DeskReplicaUpload *self)
{
  g_clear_pointer (&self->id, g_free);
}

gboolean
desk_replica_upload_is_done (const DeskReplicaUpload *self)
{
  return self->id != NULL && *self->id == '\0';
}

gboolean
desk_replica_find_upload (DeskDb *db, const char *sha256, DeskReplicaUpload *upload, GError **error)
{
  g_autoptr (GBytes) digest = desk_bytes_from_hex (sha256);
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_UPLOAD_FIND, error, "b", digest);
  GError *failure = NULL;

  *upload = (DeskReplicaUpload){ NULL };
  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    *upload = (DeskReplicaUpload){ desk_query_dup_text (query, 0), desk_query_int (query, 1),
                                   desk_query_int (query, 2) };
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
end (DeskDb *db, gboolean done, GError **error)
{
  if (done)
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

gboolean
desk_replica_save_upload (DeskDb *db,
                          const char *sha256,
                          const DeskReplicaUpload *upload,
                          GError **error)
{
  g_autoptr (GBytes) digest = desk_bytes_from_hex (sha256);

  if (!desk_db_begin (db, error))
    return FALSE;
  return end (db,
              desk_db_run (db, DESK_SQL_UPLOAD_SAVE, error, "bsii", digest, upload->id,
                           upload->sent_bytes, upload->size_bytes) >= 0,
              error);
}

gboolean
desk_replica_forget_upload (DeskDb *db, const char *sha256, GError **error)
{
  g_autoptr (GBytes) digest = desk_bytes_from_hex (sha256);

  if (!desk_db_begin (db, error))
    return FALSE;
  return end (db,
              (sha256 != NULL ? desk_db_run (db, DESK_SQL_UPLOAD_DROP, error, "b", digest)
                              : desk_db_run (db, DESK_SQL_UPLOADS_CLEAR, error, "")) >= 0,
              error);
}
