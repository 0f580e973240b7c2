/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a copy has not got: events in the middle of a history, and tickets that were over long
 * before it was filled. */
#include "desk-sync-private.h"

/* Histories that are fetched at a time. */
#define GAPS_AT_ONCE 50
/* Each time something else was heard meanwhile. */
#define MAX_TRIES 5

/* --- histories --- */

static DeskPage *
ask_events (
    DeskSync *self, const char *ref, gint64 after_no, GCancellable *cancellable, GError **error)
{
  g_autofree char *quoted = g_uri_escape_string (ref, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/v1/tickets/%s/events?after=%" G_GINT64_FORMAT, quoted,
                                           after_no);
  const DeskAsk ask = { .method = "GET", .path = path };

  return desk_remote_ask_page (self->remote, &ask, cancellable, error);
}

/* An answer that brings no event further is not asked for twice. */
static gboolean
gets_further (GHashTable *asked, const DeskGap *gap)
{
  gpointer before;

  if (g_hash_table_lookup_extended (asked, gap->ticket, NULL, &before) &&
      gap->after_no <= (gint64) GPOINTER_TO_SIZE (before))
    return FALSE;
  g_hash_table_insert (asked, g_strdup (gap->ticket), GSIZE_TO_POINTER (gap->after_no));
  return TRUE;
}

/* @mended stays as it is when nothing came of it. */
static gboolean
mend_gap (
    DeskSync *self, const DeskGap *gap, gboolean *mended, GCancellable *cancellable, GError **error)
{
  g_autoptr (DeskPage) page = NULL;
  GError *failure = NULL;
  gint64 stamp;
  gboolean taken;

  if (!desk_replica_get_stamp (self->db, &stamp, error))
    return FALSE;
  page = ask_events (self, gap->ticket, gap->after_no, cancellable, &failure);
  /* It has gone; the feed tells. */
  if (g_error_matches (failure, DESK_ERROR, DESK_ERROR_NO_SUCH))
    {
      g_error_free (failure);
      return TRUE;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (page->puts->len == 0)
    return TRUE;
  if (!desk_replica_take_in (self->db, page->puts->pdata[0], page->people, stamp,
                             desk_remote_get_seen (self->remote), &taken, error))
    return FALSE;
  *mended |= taken;
  return TRUE;
}

gboolean
desk_sync_mend (DeskSync *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean mended = TRUE;

  while (mended)
    {
      g_autoptr (DeskReplicaState) state = desk_sync_look (self, error);
      g_autoptr (GPtrArray)
          gaps = state != NULL ? desk_replica_list_gaps (self->db, GAPS_AT_ONCE, error) : NULL;

      if (gaps == NULL)
        return FALSE;
      mended = FALSE;
      for (guint i = 0; i < gaps->len; i++)
        if (gets_further (asked, gaps->pdata[i]) &&
            !mend_gap (self, gaps->pdata[i], &mended, cancellable, error))
          return FALSE;
    }
  return TRUE;
}

/* --- old tickets --- */

/* @taken is FALSE when something else was heard since it was asked for. */
static gboolean
bring_once (
    DeskSync *self, const char *ref, gboolean *taken, GCancellable *cancellable, GError **error)
{
  g_autoptr (DeskReplicaState) state = desk_sync_look (self, error);
  g_autoptr (DeskPage) page = state != NULL ? ask_events (self, ref, 0, cancellable, error) : NULL;

  if (page == NULL)
    return FALSE;
  if (page->puts->len == 0)
    return desk_refuse (error, DESK_ERROR_NO_SUCH,
                        "There is no ticket “%s” that you may see; check the number", ref);
  return desk_replica_take_in (self->db, page->puts->pdata[0], page->people, state->stamp,
                               desk_remote_get_seen (self->remote), taken, error);
}

gboolean
desk_sync_bring (DeskSync *self, const char *ref, GCancellable *cancellable, GError **error)
{
  gboolean taken = FALSE;

  for (guint i = 0; i < MAX_TRIES && !taken; i++)
    if (!bring_once (self, ref, &taken, cancellable, error))
      return FALSE;
  return desk_sync_mend (self, cancellable, error);
}
