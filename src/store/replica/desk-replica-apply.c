/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page on its way into a replica: whole, with its cursor, and only onto the one it was asked
 * with. */
#include "desk-replica-private.h"

#include "desk-outbox.h"
#include "desk-replica-people.h"

/* What is deleted is overwritten: nobody is to find in the file what they lost sight of. */
static gboolean
overwrite_deleted (DeskDb *db, GError **error)
{
  return desk_db_execute (db, "PRAGMA secure_delete = ON", error);
}

static gboolean
drop_ticket (DeskReplica *self, const char *uid, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskReplicaTicket) ticket = desk_replica_find_ticket (self, uid, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return ticket == NULL || desk_replica_delete_ticket (self, ticket, error);
}

static gboolean
drop_gone (DeskReplica *self, GPtrArray *gone, GError **error)
{
  for (guint i = 0; i < gone->len; i++)
    if (!drop_ticket (self, g_ptr_array_index (gone, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
put_all (DeskReplica *self, GPtrArray *puts, GError **error)
{
  DeskPutMode mode = self->filling ? DESK_PUT_FILL : DESK_PUT_FEED;

  for (guint i = 0; i < puts->len; i++)
    if (!desk_replica_put (self, g_ptr_array_index (puts, i), mode, error))
      return FALSE;
  return TRUE;
}

/* --- the end of a fill --- */

#define DROP_AT_ONCE 1000

static GPtrArray *
list_undelivered (DeskDb *db, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (db, DESK_SQL_TICKETS_NOT_DELIVERED, error, "i", (gint64) DROP_AT_ONCE);
  g_autoptr (GPtrArray) uids = g_ptr_array_new_with_free_func (g_free);
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    g_ptr_array_add (uids, desk_query_dup_uid (query, 0));
  if (failure == NULL)
    return g_steal_pointer (&uids);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
drop_undelivered (DeskReplica *self, GError **error)
{
  guint n = DROP_AT_ONCE;

  while (n == DROP_AT_ONCE)
    {
      g_autoptr (GPtrArray) uids = list_undelivered (self->db, error);

      if (uids == NULL || !drop_gone (self, uids, error))
        return FALSE;
      n = uids->len;
    }
  return TRUE;
}

static gboolean
clear_notes (DeskReplica *self, GError **error)
{
  return desk_db_run (self->db, DESK_SQL_DELIVERED_CLEAR, error, "") >= 0 &&
         desk_db_run (self->db, DESK_SQL_MET_CLEAR, error, "") >= 0;
}

static gboolean
end_refill (DeskReplica *self, gint64 now, GError **error)
{
  if (!drop_undelivered (self, error) || !desk_replica_forget_people (self, error) ||
      !desk_outbox_send_again (self, now, error))
    return FALSE;
  self->refilling = FALSE;
  self->reread_tx = desk_db_take_tx (self->db);
  return clear_notes (self, error);
}

/* What changes while a copy is filled is passed over, and told right afterwards: until then nothing
 * is missing. */
static gboolean
end_stage (DeskReplica *self, gint64 now, GError **error)
{
  if (!self->filling)
    return !self->refilling || end_refill (self, now, error);
  self->filling = FALSE;
  return self->refilling || clear_notes (self, error);
}

/* What was heard before the first page of a fill may have gone before that page was read, and then
 * neither the fill nor the feed tells of it. */
static gboolean
start_fill (DeskReplica *self, GError **error)
{
  gint64 any;

  if (!desk_db_get_int (self->db, DESK_SQL_TICKET_ANY, &any, error, ""))
    return FALSE;
  self->refilling |= any != 0;
  return clear_notes (self, error);
}

/* --- the page --- */

/* Lists see what is newer than what they have; what went, and what a fill puts below, only by
 * looking anew. */
static void
note_reread (DeskReplica *self, const DeskPage *page)
{
  if ((self->filling && page->puts->len > 0) || page->gone->len > 0 || page->entries != NULL)
    self->reread_tx = desk_db_take_tx (self->db);
}

static gboolean
apply_page (DeskReplica *self, const DeskPage *page, gint64 now, GError **error)
{
  if ((self->cursor == NULL && !start_fill (self, error)) ||
      (page->entries != NULL && !desk_replica_put_entries (self, page->entries, error)) ||
      !desk_replica_put_people (self, page->people, error) ||
      !drop_gone (self, page->gone, error) || !put_all (self, page->puts, error))
    return FALSE;
  note_reread (self, page);
  if (!page->more && !end_stage (self, now, error))
    return FALSE;
  g_free (self->cursor);
  self->cursor = g_strdup (page->next);
  self->pulled_at = MAX (now, 1);
  return desk_replica_save (self, error);
}

static gboolean
apply (DeskReplica *self,
       const DeskPage *page,
       gint64 stamp,
       const char *seen,
       gint64 now,
       gboolean *applied,
       GError **error)
{
  *applied = desk_replica_hear (self, stamp, seen);
  return !*applied || apply_page (self, page, now, error);
}

static gboolean
apply_in_transaction (DeskDb *db,
                      const DeskPage *page,
                      gint64 stamp,
                      const char *seen,
                      gint64 now,
                      gboolean *applied,
                      GError **error)
{
  g_auto (DeskReplica) self = { 0 };

  *applied = FALSE;
  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_replica_load (&self, db, error) && apply (&self, page, stamp, seen, now, applied, error))
    {
      if (*applied)
        return desk_db_commit (db, error);
      desk_db_rollback (db);
      return TRUE;
    }
  desk_db_rollback (db);
  *applied = FALSE;
  return FALSE;
}

/* A page waits for no disk: after a power cut the copy stands where it stood before the page, as
 * if it had not come yet, and the server tells it again. */
gboolean
desk_replica_apply (DeskDb *db,
                    const DeskPage *page,
                    gint64 stamp,
                    const char *seen,
                    gint64 now,
                    gboolean *applied,
                    GError **error)
{
  gboolean done;

  *applied = FALSE;
  if (!overwrite_deleted (db, error) || !desk_db_wait_for_disk (db, FALSE, error))
    return FALSE;
  done = apply_in_transaction (db, page, stamp, seen, now, applied, error);
  return desk_db_wait_for_disk (db, TRUE, done ? error : NULL) && done;
}
