/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether every file is whole: there, of its size, and with its SHA-256. */
#include "desk-check-private.h"

/* The ticket that has the file, for messages. (transfer full) */
static char *
name_owner (DeskCheck *self, gint64 blob)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->db, DESK_SQL_BLOB_OWNER, NULL, "i", blob);

  if (query == NULL || !desk_query_next (query, NULL))
    return g_strdup ("A file of no ticket");
  return g_strdup_printf ("Ticket %s: the file \"%s\"", desk_query_text (query, 0),
                          desk_query_text (query, 1));
}

/* (transfer full): hex digits, or NULL with @error */
static char *
add_up (DeskCheck *self, gint64 blob, gint64 *size, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->db, DESK_SQL_CHUNKS, error, "i", blob);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  GError *failure = NULL;

  *size = 0;
  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    {
      gsize length;
      gconstpointer data = desk_query_blob (query, 0, &length);

      g_checksum_update (checksum, data, length);
      *size += length;
    }
  if (failure == NULL)
    return g_strdup (g_checksum_get_string (checksum));
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
check_blob (DeskCheck *self, gint64 blob, const char *sha256, gint64 size, GError **error)
{
  gint64 found = 0;
  g_autofree char *digest = add_up (self, blob, &found, error);
  g_autofree char *owner = NULL;

  if (digest == NULL)
    return FALSE;
  if (found == size && g_strcmp0 (digest, sha256) == 0)
    return TRUE;
  owner = name_owner (self, blob);
  desk_check_tell (self, "%s is damaged (%s)", owner,
                   found != size ? "its size is wrong" : "its content is not what it was");
  return TRUE;
}

static gboolean
check_contents (DeskCheck *self, GError **error)
{
  g_autoptr (DeskQuery) query = NULL;
  GError *failure = NULL;
  gint64 total, done = 0;

  if (!desk_db_get_int (self->db, DESK_SQL_BLOBS_COUNT, &total, error, ""))
    return FALSE;
  query = desk_db_query (self->db, DESK_SQL_BLOBS, error, "");
  if (query == NULL)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      g_autofree char *sha256 = desk_query_dup_hex (query, 1);

      if (check_blob (self, desk_query_int (query, 0), sha256, desk_query_int (query, 2), &failure))
        desk_check_go_on (self, ++done, total, &failure);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
check_attachments (DeskCheck *self, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->db, DESK_SQL_CHECK_ATTACHMENTS, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    desk_check_tell (self, "Ticket %s: the file \"%s\" of event %" G_GINT64_FORMAT " is not there",
                     desk_query_text (query, 0), desk_query_text (query, 1),
                     desk_query_int (query, 2));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
desk_check_blobs (DeskCheck *self, GError **error)
{
  return check_attachments (self, error) && check_contents (self, error);
}
