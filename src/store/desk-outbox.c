/* SPDX-License-Identifier: GPL-3.0-or-later
 * What waits to be sent from a replica, and what it is expected to come to. */
#include "desk-outbox.h"

#include <string.h>

#include "desk-accept.h"
#include "desk-json.h"
#include "desk-permission.h"
#include "desk-projection.h"
#include "desk-replica-private.h"
#include "desk-uid.h"

#define KEEP_SECS (30 * 24 * 60 * 60)

/* --- ops as text --- */

static char *
write_op (const DeskOp *op)
{
  g_autoptr (JsonNode) node = desk_op_to_json (op);

  return desk_json_to_string (node, FALSE);
}

static DeskOp *
read_op (const char *body, GError **error)
{
  g_autoptr (JsonNode) node = desk_json_parse (body, strlen (body), error);

  return node != NULL ? desk_op_from_json (node, error) : NULL;
}

static char *
write_problem (const DeskProblem *problem)
{
  g_autoptr (JsonNode) node = desk_problem_to_json (problem);

  return desk_json_to_string (node, FALSE);
}

static DeskProblem *
read_problem (const char *text)
{
  g_autoptr (JsonNode) node = text != NULL ? desk_json_parse (text, strlen (text), NULL) : NULL;

  return node != NULL ? desk_problem_from_json (node, NULL) : NULL;
}

/* Ops of a query whose first column is their body; ends it. (transfer full) */
static GPtrArray *
read_ops (DeskQuery *query, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      DeskOp *op = read_op (desk_query_text (query, 0), &failure);

      if (op != NULL)
        g_ptr_array_add (ops, op);
    }
  desk_query_end (query);
  if (failure == NULL)
    return g_steal_pointer (&ops);
  g_propagate_error (error, failure);
  return NULL;
}

/* --- expecting --- */

/* Stands for a department that only the server knows of. */
#define SOMEWHERE "unknown-to-this-copy"

static void
add_somewhere (GPtrArray *entries)
{
  DeskEntry *somewhere = desk_entry_new (DESK_ENTRY_DEPARTMENT, SOMEWHERE, "");

  desk_entry_set (somewhere, DESK_PROPERTY_PUBLIC, "no");
  g_ptr_array_add (entries, somewhere);
  for (guint i = 0; i < entries->len; i++)
    {
      DeskEntry *entry = g_ptr_array_index (entries, i);

      if (entry->kind == DESK_ENTRY_DESK)
        desk_entry_set (entry, DESK_PROPERTY_DEPARTMENT, SOMEWHERE);
    }
}

/* A requester may not know where the desk's tickets go; they go somewhere. (transfer full) */
static DeskCatalogue *
get_catalogue (DeskReplica *self)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, NULL);
  const char *slug = desk_entry_get (desk_catalogue_get_desk (catalogue), DESK_PROPERTY_DEPARTMENT);
  GPtrArray *entries, *agents;

  if (desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, slug) != NULL)
    return desk_catalogue_ref (catalogue);
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
  agents = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    {
      GPtrArray *some = desk_catalogue_get_entries (catalogue, kind);

      for (guint i = 0; i < some->len; i++)
        g_ptr_array_add (entries, desk_entry_copy (g_ptr_array_index (some, i)));
    }
  for (guint i = 0; i < desk_catalogue_get_agents (catalogue)->len; i++)
    g_ptr_array_add (agents, desk_person_ref (desk_catalogue_get_agents (catalogue)->pdata[i]));
  add_somewhere (entries);
  return desk_catalogue_new (desk_catalogue_get_revision (catalogue), entries, agents);
}

/* A ticket while its ops are gone through. */
typedef struct
{
  DeskReplica *replica;
  DeskCatalogue *catalogue;
  DeskTicket *ticket; /* NULL until it is filed */
  gboolean internal;
  GPtrArray *events; /* what was added */
} Foresight;

static void
clear_foresight (Foresight *self)
{
  g_clear_pointer (&self->catalogue, desk_catalogue_unref);
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Foresight, clear_foresight)

static Foresight
begin_foresight (DeskReplica *replica, const DeskTicket *server, gboolean internal)
{
  return (Foresight){
    .replica = replica,
    .catalogue = get_catalogue (replica),
    .ticket = server != NULL ? desk_ticket_copy (server) : NULL,
    .internal = internal,
    .events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref),
  };
}

static gboolean
is_agent_of (Foresight *self, const DeskTicket *ticket)
{
  return (desk_standing_of (self->replica->me, ticket) &
          (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR)) != 0;
}

static void
forget_somewhere (DeskTicket *ticket)
{
  if (g_strcmp0 (ticket->department, SOMEWHERE) == 0)
    g_clear_pointer (&ticket->department, g_free);
}

/* Who files a ticket where they do not work sees it as its requester, or not at all. */
static void
file (Foresight *self, const DeskOp *op, GPtrArray *events, gint64 now)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new (op->ticket);

  for (guint i = 0; i < events->len; i++)
    desk_apply (ticket, g_ptr_array_index (events, i));
  ticket->created_at = ticket->updated_at = ticket->public_at = now;
  forget_somewhere (ticket);
  self->internal = is_agent_of (self, ticket);
  self->ticket = self->internal ? g_steal_pointer (&ticket)
                                : desk_ticket_project (ticket, self->catalogue);
}

static gboolean
is_shown (Foresight *self, const DeskEvent *event)
{
  return self->internal || event->audience == DESK_AUDIENCE_PUBLIC;
}

static void
take_events (Foresight *self, const DeskOp *op, GPtrArray *events, gint64 now)
{
  gboolean filed = self->ticket == NULL;

  if (filed)
    file (self, op, events, now);
  for (guint i = 0; i < events->len; i++)
    {
      DeskEvent *event = g_ptr_array_index (events, i);

      if (!is_shown (self, event))
        continue;
      if (!filed)
        desk_apply (self->ticket, event);
      g_ptr_array_add (self->events, desk_event_ref (event));
    }
  forget_somewhere (self->ticket);
}

/* An op that would be refused as things are now: what was typed is shown, and changes nothing; the
 * server says what becomes of it. */
static GPtrArray *
make_plain (Foresight *self, const DeskOp *op, gint64 now)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  DeskEvent *event = desk_event_new ();
  const DeskChange *summary = desk_changes_find (op->changes, DESK_FIELD_SUMMARY);

  event->uid = g_strdup (op->uid);
  event->ticket = g_strdup (op->ticket);
  event->kind = op->kind;
  event->audience = self->internal && op->kind == DESK_KIND_NOTE ? DESK_AUDIENCE_INTERNAL
                                                                 : DESK_AUDIENCE_PUBLIC;
  event->text = g_strdup (op->text);
  event->target = g_strdup (op->target);
  event->author = g_strdup (op->author);
  event->device = g_strdup (op->device);
  event->via = op->via;
  event->cause = g_strdup (op->uid);
  event->at = event->accepted_at = now;
  if (op->kind == DESK_KIND_CREATED)
    {
      desk_event_change (event, DESK_FIELD_SUMMARY, NULL, summary != NULL ? summary->to : NULL);
      desk_event_change (event, DESK_FIELD_REQUESTER, NULL, op->author);
    }
  g_ptr_array_add (events, event);
  return events;
}

static void
foresee (Foresight *self, const DeskOp *op)
{
  gint64 now = MAX (op->at, 1);
  g_autoptr (GPtrArray) events = NULL;

  /* The ticket is there, or was filed by an op that is not here any more: nothing to be shown. */
  if ((op->kind == DESK_KIND_CREATED) != (self->ticket == NULL))
    return;
  events = desk_accept (self->ticket, NULL, op, self->replica->me, self->catalogue, now, NULL);
  if (events == NULL)
    events = make_plain (self, op, now);
  take_events (self, op, events, now);
}

/* What was accepted is there, though its answer may have been lost. */
static gboolean
foresee_unless_here (Foresight *self, const DeskOp *op, GError **error)
{
  gint64 event, ticket;

  if (!desk_fold_find_event (self->replica->db, op->uid, &event, &ticket, NULL, error))
    return FALSE;
  if (event == 0)
    foresee (self, op);
  return TRUE;
}

static gboolean
foresee_all (Foresight *self, const char *ticket, GError **error)
{
  g_autoptr (GPtrArray) ops = read_ops (
      desk_db_query (self->replica->db, DESK_SQL_OUTBOX_OF_TICKET, error, "u", ticket), error);

  for (guint i = 0; ops != NULL && i < ops->len; i++)
    if (!foresee_unless_here (self, g_ptr_array_index (ops, i), error))
      return FALSE;
  return ops != NULL;
}

DeskTicket *
desk_outbox_foresee (DeskReplica *replica,
                     const char *ticket_uid,
                     const DeskTicket *server,
                     gboolean *internal,
                     GPtrArray *events,
                     GError **error)
{
  g_auto (Foresight) self = begin_foresight (replica, server, *internal);

  if (!foresee_all (&self, ticket_uid, error))
    return NULL;
  if (self.ticket == NULL)
    return NULL;
  *internal = self.internal;
  for (guint i = 0; events != NULL && i < self.events->len; i++)
    g_ptr_array_add (events, desk_event_ref (g_ptr_array_index (self.events, i)));
  return g_steal_pointer (&self.ticket);
}

static GPtrArray *
predict (DeskReplica *replica, const char *ticket_uid, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  GError *failure = NULL;
  g_autoptr (DeskReplicaTicket) ticket = desk_replica_find_ticket (replica, ticket_uid, &failure);
  g_autoptr (DeskTicket) shown = NULL;
  gboolean internal;

  if (ticket == NULL || ticket->pending == 0)
    {
      if (failure == NULL)
        return g_steal_pointer (&events);
      g_propagate_error (error, failure);
      return NULL;
    }
  internal = ticket->internal;
  shown = desk_outbox_foresee (replica, ticket_uid, ticket->server, &internal, events, error);
  return shown != NULL ? g_steal_pointer (&events) : NULL;
}

GPtrArray *
desk_outbox_predict (DeskDb *db, const char *ticket_uid, GError **error)
{
  g_auto (DeskReplica) replica = { 0 };

  return desk_replica_load (&replica, db, error) ? predict (&replica, ticket_uid, error) : NULL;
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
refuse (DeskError code, const char *message, GError **error)
{
  g_set_error_literal (error, DESK_ERROR, code, message);
  return FALSE;
}

static gboolean
check_op (Adding *self, const DeskPerson *author, GError **error)
{
  const DeskOp *op = self->op;

  if (!desk_uid_is_valid (op->uid) || !desk_uid_is_valid (op->ticket) ||
      !desk_uid_is_valid (op->author) || (op->target != NULL && !desk_uid_is_valid (op->target)))
    return refuse (DESK_ERROR_INVALID, "The ids of an op have to be UUIDs", error);
  return g_str_equal (author->uid, self->replica.reader) ||
         refuse (DESK_ERROR_NOT_ALLOWED, "This copy of the desk is somebody else's", error);
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
    return refuse (DESK_ERROR_UID_REUSED,
                   "This was sent before with another content; send it again as something new",
                   error);
  return self->op->kind == DESK_KIND_CREATED || self->ticket != NULL ||
         refuse (DESK_ERROR_NO_SUCH, "There is no such ticket that you may see", error);
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
         refuse (DESK_ERROR_NO_SUCH, "The ticket has no such entry", error);
}

/* As the ticket is shown, with all that waits already. */
static gboolean
decide (Adding *self, GError **error)
{
  g_autoptr (DeskCatalogue) catalogue = get_catalogue (&self->replica);
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
  g_autofree char *body = write_op (self->op);

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
  g_autofree char *body = write_op (self->op);
  g_autoptr (DeskFold) fold = NULL;

  if (query == NULL || !desk_query_next (query, error))
    return NULL;
  if (g_strcmp0 (desk_query_text (query, 1), body) != 0)
    {
      refuse (DESK_ERROR_UID_REUSED,
              "This was sent before with another content; send it again as something new", error);
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

/* --- sending --- */

void
desk_batch_free (DeskBatch *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->ops, g_ptr_array_unref);
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
      op = read_op (body, &failure);
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
      kept->op = read_op (desk_query_text (query, 1), &failure);
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
  g_autofree char *problem = result->problem != NULL ? write_problem (result->problem) : NULL;

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

      if (result->put != NULL &&
          !desk_replica_put (self->replica, result->put, DESK_PUT_FEED, error))
        return FALSE;
    }
  return show_touched (self, error) && desk_replica_save (self->replica, error);
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

/* --- after a fill --- */

/* An op that was accepted once. */
static gboolean
send_again (DeskReplica *self, gint64 n, DeskOp *op, gint64 now, GError **error)
{
  g_autoptr (DeskReplicaTicket) ticket = NULL;
  g_autofree char *body = NULL;
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
  body = write_op (op);
  return desk_db_run (self->db, DESK_SQL_OUTBOX_BODY, error, "si", body, n) >= 0 &&
         desk_db_run (self->db, DESK_SQL_OUTBOX_STATE, error, "isii", (gint64) DESK_OUTBOX_WAITING,
                      NULL, now, n) >= 0;
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
      DeskOp *op = read_op (desk_query_text (query, 1), &failure);

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
desk_outbox_send_again (DeskReplica *self, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  g_autoptr (GArray) ns = list_sent (self->db, now - KEEP_SECS, ops, error);

  if (ns == NULL)
    return FALSE;
  for (guint i = 0; i < ns->len; i++)
    if (!send_again (self, g_array_index (ns, gint64, i), ops->pdata[i], now, error))
      return FALSE;
  for (guint i = 0; i < ns->len; i++)
    if (!desk_replica_show_again (self, ((DeskOp *) ops->pdata[i])->ticket, error))
      return FALSE;
  return TRUE;
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
      item->op = read_op (desk_query_text (query, 0), &failure);
      item->state = state;
      item->problem = read_problem (desk_query_text (query, 1));
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
  return desk_db_run (db, DESK_SQL_OUTBOX_SWEEP, error, "i", now - KEEP_SECS) >= 0;
}
