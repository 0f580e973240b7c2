/* SPDX-License-Identifier: GPL-3.0-or-later
 * What can still be taken back from the outbox, and what takes the place of a refused op.
 *
 * An op can be taken back as long as it has never left this computer. That is noted before a
 * request with it goes out, and taken back only when for certain none of it went: an answer that
 * got lost may have been a yes. */
#include "desk-outbox-private.h"

/* --- leaving --- */

/* Whether @uid still waits, and has left before. */
static gboolean
look_at (DeskDb *db, const char *uid, gboolean *waits, gboolean *tried, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_OUTBOX_FIND, error, "u", uid);
  GError *failure = NULL;

  *waits = *tried = FALSE;
  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    {
      *waits = desk_query_int (query, 2) == DESK_OUTBOX_WAITING;
      *tried = desk_query_int (query, 3) != 0;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
find_fresh (DeskDb *db, DeskBatch *batch, gboolean *all, GError **error)
{
  *all = TRUE;
  batch->fresh = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; *all && i < batch->ops->len; i++)
    {
      const DeskOp *op = g_ptr_array_index (batch->ops, i);
      gboolean tried;

      if (!look_at (db, op->uid, all, &tried, error))
        return FALSE;
      if (!tried)
        g_ptr_array_add (batch->fresh, g_strdup (op->uid));
    }
  return TRUE;
}

static gboolean
set_tried (DeskDb *db, const DeskBatch *batch, gboolean tried, GError **error)
{
  for (guint i = 0; i < batch->fresh->len; i++)
    if (desk_db_run (db, DESK_SQL_OUTBOX_TRIED, error, "iu", (gint64) tried,
                     (const char *) g_ptr_array_index (batch->fresh, i)) < 0)
      return FALSE;
  return TRUE;
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
desk_outbox_note_leaving (DeskDb *db, DeskBatch *batch, gboolean *all, GError **error)
{
  g_return_val_if_fail (batch->fresh == NULL, FALSE);

  return desk_db_begin (db, error) &&
         end (db,
              find_fresh (db, batch, all, error) && (!*all || set_tried (db, batch, TRUE, error)),
              error);
}

gboolean
desk_outbox_note_kept (DeskDb *db, const DeskBatch *batch, GError **error)
{
  g_return_val_if_fail (batch->fresh != NULL, FALSE);

  if (batch->fresh->len == 0)
    return TRUE;
  return desk_db_begin (db, error) && end (db, set_tried (db, batch, FALSE, error), error);
}

GHashTable *
desk_outbox_list_tried (DeskDb *db, const char *ticket_uid, GError **error)
{
  g_autoptr (GHashTable) uids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (DeskQuery)
      query = desk_db_query (db, DESK_SQL_OUTBOX_TRIED_OF_TICKET, error, "u", ticket_uid);
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    g_hash_table_add (uids, desk_query_dup_uid (query, 0));
  if (failure == NULL)
    return g_steal_pointer (&uids);
  g_propagate_error (error, failure);
  return NULL;
}

/* --- taking back --- */

/* The op, and all that waits after it when it is to file the ticket. */
static GPtrArray *
find_with_rest (DeskDb *db, const char *uid, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_OUTBOX_FIND, error, "u", uid);
  g_autoptr (DeskQuery) rest = NULL;
  g_autoptr (DeskOp) op = NULL;
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  if (desk_query_next (query, &failure))
    op = desk_outbox_read_op (desk_query_text (query, 1), &failure);
  if (op != NULL && op->kind != DESK_KIND_CREATED)
    g_ptr_array_add (ops, desk_op_ref (op));
  else if (op != NULL)
    rest = desk_db_query (db, DESK_SQL_OUTBOX_OF_TICKET, &failure, "u", op->ticket);
  while (rest != NULL && failure == NULL && desk_query_next (rest, &failure))
    {
      DeskOp *one = desk_outbox_read_op (desk_query_text (rest, 0), &failure);

      if (one != NULL)
        g_ptr_array_add (ops, one);
    }
  if (failure == NULL)
    return g_steal_pointer (&ops);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
check_all_here (DeskDb *db, GPtrArray *ops, GError **error)
{
  gboolean here = ops->len > 0;

  for (guint i = 0; here && i < ops->len; i++)
    {
      gboolean waits, tried;

      if (!look_at (db, ((const DeskOp *) ops->pdata[i])->uid, &waits, &tried, error))
        return FALSE;
      here = waits && !tried;
    }
  return here || desk_refuse (error, DESK_ERROR_WRONG_STATUS,
                              "It is on its way to the desk already, so it cannot be taken back");
}

static gboolean
delete_all (DeskDb *db, GPtrArray *ops, GError **error)
{
  for (guint i = 0; i < ops->len; i++)
    if (desk_db_run (db, DESK_SQL_OUTBOX_WITHDRAW, error, "u",
                     ((const DeskOp *) ops->pdata[i])->uid) < 0)
      return FALSE;
  return TRUE;
}

GPtrArray *
desk_outbox_withdraw (DeskDb *db, const char *op_uid, GError **error)
{
  g_auto (DeskReplica) replica = { 0 };
  g_autoptr (GPtrArray) ops = find_with_rest (db, op_uid, error);

  if (ops == NULL || !check_all_here (db, ops, error) || !desk_replica_load (&replica, db, error) ||
      !delete_all (db, ops, error) ||
      !desk_replica_show_again (&replica, ((const DeskOp *) ops->pdata[0])->ticket, error) ||
      !desk_replica_save (&replica, error))
    return NULL;
  return g_steal_pointer (&ops);
}

/* --- in place of a refused op --- */

DeskReceipt *
desk_outbox_add_instead (DeskDb *db,
                         const DeskOp *op,
                         const char *refused_uid,
                         const DeskPerson *author,
                         gint64 now,
                         GError **error)
{
  g_autoptr (DeskReceipt) receipt = desk_outbox_add (db, op, author, now, error);

  if (receipt == NULL || desk_db_run (db, DESK_SQL_OUTBOX_DROP, error, "u", refused_uid) < 0)
    return NULL;
  return g_steal_pointer (&receipt);
}
