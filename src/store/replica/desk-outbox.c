/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keeping what waits to be sent from a replica, and showing it to people. What it is expected to
 * come to is desk-outbox-foresee.c, how it is sent desk-outbox-send.c. */
#include "desk-outbox-private.h"

#include <string.h>

#include "desk-accept.h"
#include "desk-json.h"
#include "desk-uid.h"

/* --- ops as text --- */

char *
desk_outbox_write_op (const DeskOp *op)
{
  g_autoptr (JsonNode) node = desk_op_to_json (op);

  return desk_json_to_string (node, FALSE);
}

DeskOp *
desk_outbox_read_op (const char *body, GError **error)
{
  g_autoptr (JsonNode) node = desk_json_parse (body, strlen (body), error);

  return node != NULL ? desk_op_from_json (node, error) : NULL;
}

char *
desk_outbox_write_problem (const DeskProblem *problem)
{
  g_autoptr (JsonNode) node = desk_problem_to_json (problem);

  return desk_json_to_string (node, FALSE);
}

DeskProblem *
desk_outbox_read_problem (const char *text)
{
  g_autoptr (JsonNode) node = text != NULL ? desk_json_parse (text, strlen (text), NULL) : NULL;

  return node != NULL ? desk_problem_from_json (node, NULL) : NULL;
}

GPtrArray *
desk_outbox_read_ops (DeskQuery *query, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      DeskOp *op = desk_outbox_read_op (desk_query_text (query, 0), &failure);

      if (op != NULL)
        g_ptr_array_add (ops, op);
    }
  desk_query_end (query);
  if (failure == NULL)
    return g_steal_pointer (&ops);
  g_propagate_error (error, failure);
  return NULL;
}

/* --- adding --- */

/* One op on its way in. */
typedef struct
{
  DeskReplica replica;
  const DeskOp *op;
  gint64 now;
  DeskReplicaTicket *ticket; /* NULL: not here */
  GPtrArray *events;         /* what it is expected to come to */
} Adding;

static void
clear_adding (Adding *self)
{
  desk_replica_clear (&self->replica);
  g_clear_pointer (&self->ticket, desk_replica_ticket_free);
  g_clear_pointer (&self->events, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Adding, clear_adding)

static gboolean
check_op (Adding *self, const DeskPerson *author, GError **error)
{
  const DeskOp *op = self->op;

  if (!desk_uid_is_valid (op->uid) || !desk_uid_is_valid (op->ticket) ||
      !desk_uid_is_valid (op->author) || (op->target != NULL && !desk_uid_is_valid (op->target)))
    return desk_refuse (error, DESK_ERROR_INVALID, "The ids of an op have to be UUIDs");
  return g_str_equal (author->uid, self->replica.reader) ||
         desk_refuse (error, DESK_ERROR_NOT_ALLOWED, "This copy of the desk is somebody else's");
}

static gboolean
find_ticket (Adding *self, GError **error)
{
  GError *failure = NULL;

  self->ticket = desk_replica_find_ticket (&self->replica, self->op->ticket, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (self->op->kind == DESK_KIND_CREATED && self->ticket != NULL)
    return desk_refuse (
        error, DESK_ERROR_UID_REUSED,
        "This was sent before with another content; send it again as something new");
  return self->op->kind == DESK_KIND_CREATED || self->ticket != NULL ||
         desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such ticket that you may see");
}

static gboolean
check_references (Adding *self, GError **error)
{
  gint64 id = 0, ticket = 0;

  for (guint i = 0; i < self->op->attachments->len; i++)
    if (desk_fold_find_blob (self->replica.db, self->op->attachments->pdata[i], error) == 0)
      return FALSE;
  if (self->op->target == NULL)
    return TRUE;
  if (!desk_fold_find_event (self->replica.db, self->op->target, &id, &ticket, NULL, error))
    return FALSE;
  return (id != 0 && self->ticket != NULL && ticket == self->ticket->fold->id) ||
         desk_refuse (error, DESK_ERROR_NO_SUCH, "The ticket has no such entry");
}

/* As the ticket is shown, with all that waits already. */
static gboolean
decide (Adding *self, GError **error)
{
  g_autoptr (DeskCatalogue) catalogue = desk_outbox_get_catalogue (&self->replica);
  g_autoptr (GPtrArray) since = NULL;

  if (self->ticket != NULL && (since = desk_fold_read_events (self->replica.db, self->ticket->fold,
                                                              self->op->base, error)) == NULL)
    return FALSE;
  self->events = desk_accept (self->ticket != NULL ? self->ticket->fold->ticket : NULL, since,
                              self->op, self->replica.me, catalogue, self->now, error);
  return self->events != NULL && check_references (self, error);
}

static gboolean
keep_op (Adding *self, GError **error)
{
  g_autofree char *body = desk_outbox_write_op (self->op);

  return desk_db_run (self->replica.db, DESK_SQL_OUTBOX_ADD, error, "uusi", self->op->uid,
                      self->op->ticket, body, self->now) >= 0;
}

static DeskReceipt *
make_receipt (DeskTicket *ticket, GPtrArray *events, gboolean replayed)
{
  DeskReceipt *receipt = g_new0 (DeskReceipt, 1);

  receipt->ticket = desk_ticket_ref (ticket);
  receipt->events = g_ptr_array_ref (events);
  receipt->replayed = replayed;
  return receipt;
}

/* The op among those that wait, and the row as it is shown now. */
static DeskReceipt *
keep (Adding *self, GError **error)
{
  DeskReplicaTicket *ticket = self->ticket;
  gboolean internal = ticket != NULL && ticket->internal;
  g_autoptr (DeskTicket) shown = NULL;
  gint64 pending;

  if (!keep_op (self, error))
    return NULL;
  shown = desk_outbox_foresee (&self->replica, self->op->ticket,
                               ticket != NULL ? ticket->server : NULL, &internal, NULL, error);
  if (shown == NULL ||
      !desk_db_get_int (self->replica.db, DESK_SQL_OUTBOX_COUNT_OF_TICKET, &pending, error, "u",
                        self->op->ticket) ||
      !desk_replica_write_pending (&self->replica, ticket, shown, internal, pending, error))
    return NULL;
  return make_receipt (shown, self->events, FALSE);
}

/* The answer it got before; NULL without @error for a new one. */
static DeskReceipt *
find_answer (Adding *self, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (self->replica.db, DESK_SQL_OUTBOX_FIND, error, "u", self->op->uid);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autofree char *body = desk_outbox_write_op (self->op);
  g_autoptr (DeskFold) fold = NULL;

  if (query == NULL || !desk_query_next (query, error))
    return NULL;
  if (g_strcmp0 (desk_query_text (query, 1), body) != 0)
    {
      desk_refuse (error, DESK_ERROR_UID_REUSED,
                   "This was sent before with another content; send it again as something new");
      return NULL;
    }
  fold = desk_fold_find (self->replica.db, self->op->ticket, error);
  return fold != NULL ? make_receipt (fold->ticket, none, TRUE) : NULL;
}

static DeskReceipt *
add (Adding *self, GError **error)
{
  GError *failure = NULL;
  DeskReceipt *answer = find_answer (self, &failure);

  if (failure != NULL)
    g_propagate_error (error, failure);
  if (failure != NULL || answer != NULL)
    return answer;
  if (!find_ticket (self, error) || !decide (self, error))
    return NULL;
  if (self->events->len == 0)
    return make_receipt (self->ticket->fold->ticket, self->events, FALSE);
  return keep (self, error);
}

DeskReceipt *
desk_outbox_add (DeskDb *db, const DeskOp *op, const DeskPerson *author, gint64 now, GError **error)
{
  g_auto (Adding) self = { .op = op, .now = now };

  if (!desk_replica_load (&self.replica, db, error) || !check_op (&self, author, error))
    return NULL;
  return add (&self, error);
}

/* --- for people --- */

gboolean
desk_outbox_count (DeskDb *db, gint64 *waiting, gint64 *refused, GError **error)
{
  return desk_db_get_int (db, DESK_SQL_OUTBOX_COUNT, waiting, error, "i",
                          (gint64) DESK_OUTBOX_WAITING) &&
         desk_db_get_int (db, DESK_SQL_OUTBOX_COUNT, refused, error, "i",
                          (gint64) DESK_OUTBOX_REFUSED);
}

void
desk_outbox_item_free (DeskOutboxItem *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->op, desk_op_unref);
  g_clear_pointer (&self->problem, desk_problem_free);
  g_free (self);
}

GPtrArray *
desk_outbox_list (DeskDb *db, DeskOutboxState state, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (db, DESK_SQL_OUTBOX_TAKE, error, "i", (gint64) state);
  g_autoptr (GPtrArray)
      items = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_outbox_item_free);
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      DeskOutboxItem *item = g_new0 (DeskOutboxItem, 1);

      g_ptr_array_add (items, item);
      item->op = desk_outbox_read_op (desk_query_text (query, 0), &failure);
      item->state = state;
      item->problem = desk_outbox_read_problem (desk_query_text (query, 1));
      item->at = desk_query_int (query, 2);
    }
  if (failure == NULL)
    return g_steal_pointer (&items);
  g_propagate_error (error, failure);
  return NULL;
}

gboolean
desk_outbox_drop (DeskDb *db, const char *op_uid, GError **error)
{
  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_db_run (db, DESK_SQL_OUTBOX_DROP, error, "u", op_uid) >= 0)
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

gboolean
desk_outbox_sweep (DeskDb *db, gint64 now, GError **error)
{
  return desk_db_run (db, DESK_SQL_OUTBOX_SWEEP, error, "i", now - DESK_OUTBOX_KEEP_SECS) >= 0;
}
