/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking ops out to be sent, taking the server's answer in, and sending again what it lost. */
#include "desk-outbox-private.h"

#include <string.h>

/* --- sending --- */

void
desk_batch_free (DeskBatch *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->ops, g_ptr_array_unref);
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
  g_free (self->seen);
  g_free (self);
}

/* While a copy is filled again it is not known yet what has to be sent first. */
static gboolean
may_send (DeskDb *db, DeskBatch *batch, gboolean *may, GError **error)
{
  g_auto (DeskReplica) replica = { 0 };

  if (!desk_replica_load (&replica, db, error))
    return FALSE;
  batch->stamp = replica.heard;
  batch->seen = g_steal_pointer (&replica.seen);
  *may = !replica.refilling;
  return TRUE;
}

static gboolean
take (DeskDb *db, DeskBatch *batch, guint max, gsize max_bytes, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (db, DESK_SQL_OUTBOX_TAKE, error, "i", (gint64) DESK_OUTBOX_WAITING);
  GError *failure = NULL;
  gsize bytes = 0;

  if (query == NULL)
    return FALSE;
  while (failure == NULL && batch->ops->len < max && desk_query_next (query, &failure))
    {
      const char *body = desk_query_text (query, 0);
      DeskOp *op;

      bytes += strlen (body);
      if (batch->ops->len > 0 && bytes > max_bytes)
        break;
      op = desk_outbox_read_op (body, &failure);
      if (op != NULL)
        g_ptr_array_add (batch->ops, op);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

DeskBatch *
desk_outbox_take (DeskDb *db, guint max, gsize max_bytes, GError **error)
{
  g_autoptr (DeskBatch) batch = g_new0 (DeskBatch, 1);
  gboolean done, may = FALSE;

  batch->ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  if (!desk_db_begin_read (db, error))
    return NULL;
  done = may_send (db, batch, &may, error) && (!may || take (db, batch, max, max_bytes, error));
  desk_db_end_read (db);
  return done ? g_steal_pointer (&batch) : NULL;
}

/* --- settling --- */

/* Where an op is in the outbox; n 0: not there. */
typedef struct
{
  gint64 n;
  DeskOutboxState state;
  DeskOp *op;
} Kept;

static void
clear_kept (Kept *self)
{
  g_clear_pointer (&self->op, desk_op_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kept, clear_kept)

static gboolean
find_kept (DeskDb *db, const char *uid, Kept *kept, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_OUTBOX_FIND, error, "u", uid);
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    {
      kept->n = desk_query_int (query, 0);
      kept->op = desk_outbox_read_op (desk_query_text (query, 1), &failure);
      kept->state = desk_query_int (query, 2);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* An answer while it is taken in. */
typedef struct
{
  DeskReplica *replica;
  gint64 now;
  GHashTable *touched; /* uids of tickets whose ops are others now */
} Settling;

static gboolean
set_state (Settling *self, gint64 n, DeskOutboxState state, const char *problem, GError **error)
{
  return desk_db_run (self->replica->db, DESK_SQL_OUTBOX_STATE, error, "isii", (gint64) state,
                      problem, self->now, n) >= 0;
}

static GArray *
list_waiting_of (DeskDb *db, const char *ticket, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_OUTBOX_OF_TICKET, error, "u", ticket);
  g_autoptr (GArray) ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    {
      gint64 n = desk_query_int (query, 1);
      g_array_append_val (ns, n);
    }
  if (failure == NULL)
    return g_steal_pointer (&ns);
  g_propagate_error (error, failure);
  return NULL;
}

/* What was said on a ticket that will not be filed comes back together with it. */
static gboolean
refuse_rest (Settling *self, const DeskOp *op, const char *problem, GError **error)
{
  g_autoptr (GArray) rest = NULL;

  if (op->kind != DESK_KIND_CREATED)
    return TRUE;
  rest = list_waiting_of (self->replica->db, op->ticket, error);
  for (guint i = 0; rest != NULL && i < rest->len; i++)
    if (!set_state (self, g_array_index (rest, gint64, i), DESK_OUTBOX_REFUSED, problem, error))
      return FALSE;
  return rest != NULL;
}

static gboolean
settle_state (Settling *self, const DeskOpResult *result, const Kept *kept, GError **error)
{
  g_autofree char *problem = result->problem != NULL ? desk_outbox_write_problem (result->problem)
                                                     : NULL;

  switch (result->status)
    {
    case DESK_OP_STATUS_ACCEPTED:
    case DESK_OP_STATUS_REPLAYED:
      return set_state (self, kept->n, DESK_OUTBOX_SENT, NULL, error);
    case DESK_OP_STATUS_CONFLICT:
    case DESK_OP_STATUS_REFUSED:
      return set_state (self, kept->n, DESK_OUTBOX_REFUSED, problem, error) &&
             refuse_rest (self, kept->op, problem, error);
    case DESK_OP_STATUS_RETRY:
    case DESK_OP_STATUS_NOT_ATTEMPTED:
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
settle_one (Settling *self, const DeskOpResult *result, GError **error)
{
  g_auto (Kept) kept = { 0 };

  if (!find_kept (self->replica->db, result->op, &kept, error))
    return FALSE;
  if (kept.n == 0 || kept.state != DESK_OUTBOX_WAITING)
    return TRUE;
  g_hash_table_add (self->touched, g_strdup (kept.op->ticket));
  return settle_state (self, result, &kept, error);
}

static gboolean
show_touched (Settling *self, GError **error)
{
  GHashTableIter iter;
  gpointer uid;

  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &uid, NULL))
    if (!desk_replica_show_again (self->replica, uid, error))
      return FALSE;
  return TRUE;
}

static gboolean
settle (Settling *self, const DeskOpsAnswer *answer, GError **error)
{
  if (!desk_replica_put_people (self->replica, answer->people, error))
    return FALSE;
  for (guint i = 0; i < answer->results->len; i++)
    if (!settle_one (self, g_ptr_array_index (answer->results, i), error))
      return FALSE;
  for (guint i = 0; i < answer->results->len; i++)
    {
      const DeskOpResult *result = g_ptr_array_index (answer->results, i);

      if ((result->put != NULL &&
           !desk_replica_put (self->replica, result->put, DESK_PUT_FEED, error)) ||
          !desk_outbox_forget_redacted (self->replica->db, result->op, error))
        return FALSE;
    }
  return show_touched (self, error) &&
         desk_db_run (self->replica->db, DESK_SQL_UPLOADS_SETTLED, error, "") >= 0 &&
         desk_replica_save (self->replica, error);
}

gboolean
desk_outbox_settle (DeskDb *db,
                    const DeskBatch *batch,
                    const DeskOpsAnswer *answer,
                    const char *seen,
                    gint64 now,
                    GError **error)
{
  g_auto (DeskReplica) replica = { 0 };
  g_autoptr (GHashTable) touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Settling self = { &replica, now, touched };

  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_replica_load (&replica, db, error) &&
      (!desk_replica_hear (&replica, batch->stamp, seen) || settle (&self, answer, error)))
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

gboolean
desk_outbox_forget_redacted (DeskDb *db, const char *op_uid, GError **error)
{
  return desk_db_run (db, DESK_SQL_OUTBOX_FORGET_REDACTED, error, "uu", op_uid, op_uid) >= 0;
}

/* --- after a fill --- */

static gboolean
wait_again (DeskReplica *self, gint64 n, const DeskOp *op, gint64 now, GError **error)
{
  g_autofree char *body = desk_outbox_write_op (op);

  return desk_db_run (self->db, DESK_SQL_OUTBOX_BODY, error, "si", body, n) >= 0 &&
         desk_db_run (self->db, DESK_SQL_OUTBOX_STATE, error, "isii", (gint64) DESK_OUTBOX_WAITING,
                      NULL, now, n) >= 0;
}

/* An op that was accepted once. */
static gboolean
send_again (DeskReplica *self, gint64 n, DeskOp *op, gint64 now, GError **error)
{
  g_autoptr (DeskReplicaTicket) ticket = NULL;
  GError *failure = NULL;
  gint64 event, owner;

  if (!desk_fold_find_event (self->db, op->uid, &event, &owner, NULL, error))
    return FALSE;
  if (event != 0)
    return TRUE;
  ticket = desk_replica_find_ticket (self, op->ticket, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  /* Of what it had seen, some may be lost for good. */
  if (ticket != NULL && ticket->server != NULL)
    op->base = MIN (op->base, ticket->server->no);
  return wait_again (self, n, op, now, error);
}

static GArray *
list_sent (DeskDb *db, gint64 since, GPtrArray *ops, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_OUTBOX_SENT_SINCE, error, "i", since);
  g_autoptr (GArray) ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      gint64 n = desk_query_int (query, 0);
      DeskOp *op = desk_outbox_read_op (desk_query_text (query, 1), &failure);

      if (op == NULL)
        break;
      g_ptr_array_add (ops, op);
      g_array_append_val (ns, n);
    }
  if (failure == NULL)
    return g_steal_pointer (&ns);
  g_propagate_error (error, failure);
  return NULL;
}

/* What was said on a ticket that has to be filed again goes out together with it, and there will be
 * no more of it than that. */
static gboolean
fit_to_lost_ticket (DeskReplica *self, const DeskOp *op, GError **error)
{
  g_autoptr (DeskReplicaTicket) ticket = NULL;
  GError *failure = NULL;

  if (op->kind != DESK_KIND_CREATED)
    return TRUE;
  ticket = desk_replica_find_ticket (self, op->ticket, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return (ticket != NULL && ticket->server != NULL) || desk_outbox_fit (self, op->ticket, 1, error);
}

gboolean
desk_outbox_send_again (DeskReplica *self, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  g_autoptr (GArray) ns = list_sent (self->db, now - DESK_OUTBOX_KEEP_SECS, ops, error);

  if (ns == NULL)
    return FALSE;
  for (guint i = 0; i < ns->len; i++)
    if (!send_again (self, g_array_index (ns, gint64, i), ops->pdata[i], now, error))
      return FALSE;
  for (guint i = 0; i < ns->len; i++)
    if (!fit_to_lost_ticket (self, ops->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < ns->len; i++)
    if (!desk_replica_show_again (self, ((DeskOp *) ops->pdata[i])->ticket, error))
      return FALSE;
  return TRUE;
}

/* --- of a ticket that comes --- */

static gboolean
is_no_such (const char *text)
{
  g_autoptr (DeskProblem) problem = desk_outbox_read_problem (text);

  return problem != NULL &&
         g_strcmp0 (problem->code, desk_enum_get_nick (DESK_TYPE_ERROR, DESK_ERROR_NO_SUCH)) == 0;
}

/* Ops that may have to be others, in order. */
static GArray *
list_open (DeskDb *db, const char *ticket_uid, GPtrArray *ops, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (db, DESK_SQL_OUTBOX_OPEN_OF_TICKET, error, "u", ticket_uid);
  g_autoptr (GArray) ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      gint64 n = desk_query_int (query, 0);
      DeskOp *op;

      if (desk_query_int (query, 3) == DESK_OUTBOX_REFUSED &&
          !is_no_such (desk_query_text (query, 2)))
        continue;
      op = desk_outbox_read_op (desk_query_text (query, 1), &failure);
      if (op == NULL)
        break;
      g_ptr_array_add (ops, op);
      g_array_append_val (ns, n);
    }
  if (failure == NULL)
    return g_steal_pointer (&ns);
  g_propagate_error (error, failure);
  return NULL;
}

gboolean
desk_outbox_fit (DeskReplica *self, const char *ticket_uid, gint64 no, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  g_autoptr (GArray) ns = list_open (self->db, ticket_uid, ops, error);

  for (guint i = 0; ns != NULL && i < ns->len; i++)
    {
      DeskOp *op = g_ptr_array_index (ops, i);

      op->base = MIN (op->base, no);
      if (!wait_again (self, g_array_index (ns, gint64, i), op, self->pulled_at, error))
        return FALSE;
    }
  return ns != NULL;
}
