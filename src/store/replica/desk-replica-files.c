/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files in a replica: those that somebody asked for stay until others take their room. */
#include "desk-replica.h"

/* Columns of DESK_SQL_FILES_HERE. */
enum
{
  FILE_BLOB,
  FILE_SIZE_BYTES,
  FILE_SHA256,
  FILE_NEEDED,
};

/* --- what goes --- */

/* What is over the limit, the last used being kept. (transfer full) (element-type gint64) */
static GArray *
find_too_much (DeskDb *db, gint64 max_bytes, const char *wanted, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_FILES_HERE, error, "");
  g_autoptr (GArray) blobs = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *failure = NULL;
  gint64 total = 0;

  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    {
      g_autofree char *sha256 = desk_query_dup_hex (query, FILE_SHA256);
      gint64 blob = desk_query_int (query, FILE_BLOB);

      total += desk_query_int (query, FILE_SIZE_BYTES);
      if (total > max_bytes && desk_query_int (query, FILE_NEEDED) == 0 &&
          g_strcmp0 (sha256, wanted) != 0)
        g_array_append_val (blobs, blob);
    }
  if (failure == NULL)
    return g_steal_pointer (&blobs);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
leave_to_server (DeskDb *db, gint64 blob, GError **error)
{
  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_db_run (db, DESK_SQL_CHUNKS_DELETE, error, "iii", blob, blob, G_MAXINT64) >= 0 &&
      desk_db_run (db, DESK_SQL_FILE_LEFT, error, "i", blob) >= 0)
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

gboolean
desk_replica_trim_files (DeskDb *db, gint64 max_bytes, const char *wanted, GError **error)
{
  g_autoptr (GArray) blobs = NULL;
  gboolean is_replica;

  if (!desk_replica_check (db, &is_replica, error))
    return FALSE;
  if (!is_replica)
    return TRUE;
  blobs = find_too_much (db, max_bytes, wanted, error);
  for (guint i = 0; blobs != NULL && i < blobs->len; i++)
    if (!leave_to_server (db, g_array_index (blobs, gint64, i), error))
      return FALSE;
  return blobs != NULL;
}

/* --- what is used --- */

gboolean
desk_replica_use_file (DeskDb *db, const char *sha256, gint64 now, gboolean *here, GError **error)
{
  g_autoptr (GBytes) digest = desk_bytes_from_hex (sha256);
  gint64 blob, missing = 0;

  if (!desk_db_get_int (db, DESK_SQL_BLOB_FIND, &blob, error, "b", digest) ||
      !desk_db_get_int (db, DESK_SQL_BLOB_IS_MISSING, &missing, error, "i", blob))
    return FALSE;
  *here = blob != 0 && missing == 0;
  if (!*here)
    return TRUE;
  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_db_run (db, DESK_SQL_BLOB_TOUCH, error, "ii", now, blob) >= 0)
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}
