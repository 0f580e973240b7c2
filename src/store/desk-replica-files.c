/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files in a replica: those that somebody asked for stay until others take their room. */
#include "desk-outbox.h"
#include "desk-replica.h"

/* Columns of DESK_SQL_FILES_HERE. */
enum
{
  FILE_BLOB,
  FILE_SIZE_BYTES,
};

/* What is over the limit, the newest being kept. (transfer full) (element-type gint64) */
static GArray *
find_too_much (DeskDb *db, gint64 max_bytes, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_FILES_HERE, error, "");
  g_autoptr (GArray) blobs = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *failure = NULL;
  gint64 total = 0;

  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    {
      gint64 blob = desk_query_int (query, FILE_BLOB);

      total += desk_query_int (query, FILE_SIZE_BYTES);
      if (total > max_bytes)
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

/* What waits to be sent may name any of them. */
static gboolean
may_trim (DeskDb *db, gboolean *may, GError **error)
{
  gint64 waiting, refused;
  gboolean is_replica;

  if (!desk_replica_check (db, &is_replica, error) ||
      !desk_outbox_count (db, &waiting, &refused, error))
    return FALSE;
  *may = is_replica && waiting + refused == 0;
  return TRUE;
}

gboolean
desk_replica_trim_files (DeskDb *db, gint64 max_bytes, GError **error)
{
  g_autoptr (GArray) blobs = NULL;
  gboolean may;

  if (!may_trim (db, &may, error))
    return FALSE;
  if (!may)
    return TRUE;
  blobs = find_too_much (db, max_bytes, error);
  for (guint i = 0; blobs != NULL && i < blobs->len; i++)
    if (!leave_to_server (db, g_array_index (blobs, gint64, i), error))
      return FALSE;
  return blobs != NULL;
}
