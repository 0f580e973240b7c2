/* SPDX-License-Identifier: GPL-3.0-or-later
 * One ticket on its way into a replica: its events, its place, its row.
 *
 * A put may come again, late, or tell what another has told already; the same is there afterwards.
 */
#include "desk-replica-private.h"

#include "desk-documents.h"
#include "desk-json.h"
#include "desk-permission.h"
#include "desk-replica-people.h"

/* --- putting --- */

/* A put on its way. */
typedef struct
{
  DeskReplica *replica;
  DeskDb *db;
  const DeskPut *put;
  DeskPutMode mode;
  DeskReplicaTicket *ticket; /* what is here; one without a fold's id for a new one */
  gboolean is_new;           /* nothing of the server's is here */
  gboolean afresh;           /* what is here of it does not count */
  gboolean unread;           /* nor does how far it was read: other events have its numbers */
  gboolean rewords;          /* what the index has of it is wrong afterwards */
  gboolean changed;
  GPtrArray *added; /* lent: events that were not here … */
  GArray *ids;      /* … and their rows */
} Putting;

static void
clear_putting (Putting *self)
{
  g_clear_pointer (&self->ticket, desk_replica_ticket_free);
  g_clear_pointer (&self->added, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Putting, clear_putting)

static const DeskEvent *
get_event (const DeskPut *put, guint i)
{
  return g_ptr_array_index (put->events, i);
}

/* What is here of an event. */
typedef struct
{
  gint64 id; /* 0: nothing */
  gint64 no;
  gint64 public_no;
  gint64 accepted_at;
  gboolean redacted;
  char *changes;
} Known;

static void
clear_known (Known *self)
{
  g_clear_pointer (&self->changes, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Known, clear_known)

static gboolean
find_known (Putting *self, const DeskEvent *event, Known *known, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (self->db, DESK_SQL_EVENT_STATE, error, "u", event->uid);
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    {
      known->id = desk_query_int (query, 0);
      known->no = desk_query_int (query, 2);
      known->redacted = desk_query_int (query, 3) != 0;
      known->changes = desk_query_dup_text (query, 4);
      known->public_no = desk_query_int (query, 5);
      known->accepted_at = desk_query_int (query, 6);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* An op that was accepted once more, after a restore, has another place or time. */
static gboolean
is_at_place (const Known *known, const DeskEvent *event)
{
  return known->no == event->no && known->public_no == event->public_no &&
         known->accepted_at == event->accepted_at;
}

static gboolean
is_same (const Known *known, const DeskEvent *event)
{
  g_autofree char *changes = desk_changes_format (event->changes);

  return known->id != 0 && known->redacted == event->redacted &&
         g_strcmp0 (known->changes, changes) == 0;
}

/* Whether another event is here in the place of @event. */
static gboolean
find_clash (Putting *self, const DeskEvent *event, gboolean *clash, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->db, DESK_SQL_EVENT_PLACE, error, "ii",
                                               self->ticket->fold->id, event->no);
  g_autofree char *uid = NULL;
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    uid = desk_query_dup_uid (query, 1);
  *clash = uid != NULL && g_strcmp0 (uid, event->uid) != 0;
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* Events never change their places, unless the desk has another past. */
static gboolean
find_clashes (Putting *self, gboolean *clash, GError **error)
{
  *clash = FALSE;
  for (guint i = 0; i < self->put->events->len && !*clash; i++)
    {
      g_auto (Known) known = { 0 };
      const DeskEvent *event = get_event (self->put, i);

      if (!find_clash (self, event, clash, error) || !find_known (self, event, &known, error))
        return FALSE;
      *clash |= known.id != 0 && !is_at_place (&known, event);
    }
  return TRUE;
}

/* A fill brings most tickets as they are here already. */
static gboolean
brings_the_same (Putting *self, gboolean *same, GError **error)
{
  const DeskPut *put = self->put;
  gint64 here;

  *same = put->events->len == put->ticket->no && put->internal == self->ticket->internal &&
          desk_ticket_compare (put->ticket, self->ticket->server) == NULL;
  if (!*same)
    return TRUE;
  if (!desk_db_get_int (self->db, DESK_SQL_EVENTS_COUNT, &here, error, "ii", self->ticket->fold->id,
                        G_MAXINT64))
    return FALSE;
  *same = here == put->events->len;
  for (guint i = 0; i < put->events->len && *same; i++)
    {
      g_auto (Known) known = { 0 };

      if (!find_known (self, get_event (put, i), &known, error))
        return FALSE;
      *same = is_same (&known, get_event (put, i)) && is_at_place (&known, get_event (put, i));
    }
  return TRUE;
}

/* What is here does not count when it is of the other side, of before a fill, or of another past.
 */
static gboolean
judge_known (Putting *self, GError **error)
{
  gboolean other_side = self->ticket->internal != self->put->internal;
  gboolean undelivered = self->replica->refilling && !self->ticket->delivered;
  gboolean clash = FALSE, same = FALSE;

  if ((!other_side && undelivered && !brings_the_same (self, &same, error)) ||
      (!other_side && !same && !find_clashes (self, &clash, error)))
    return FALSE;
  self->afresh = other_side || clash || (undelivered && !same);
  self->unread = other_side || clash || self->put->ticket->no < self->ticket->server->no;
  return TRUE;
}

/* Who is an agent by the department that stands in for a hidden one, is none for this ticket. */
static DeskTicket *
fit_ticket (Putting *self)
{
  DeskTicket *ticket = desk_ticket_copy (self->put->ticket);

  if (!self->put->internal &&
      (desk_standing_of (self->replica->me, ticket) & DESK_STANDING_AGENT) != 0)
    g_clear_pointer (&ticket->department, g_free);
  return ticket;
}

/* --- events --- */

static gboolean
need_blob (
    Putting *self, const DeskEvent *event, const DeskAttachment *file, gint64 *blob, GError **error)
{
  g_autoptr (GBytes) sha256 = desk_bytes_from_hex (file->sha256);

  return desk_db_get_int (self->db, DESK_SQL_BLOB_FIND, blob, error, "b", sha256) &&
         (*blob != 0 || desk_db_get_int (self->db, DESK_SQL_BLOB_EXPECT, blob, error, "bii", sha256,
                                         file->size_bytes, event->accepted_at));
}

static gboolean
write_files (Putting *self, const DeskEvent *event, gint64 id, GError **error)
{
  for (guint i = 0; i < event->attachments->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (event->attachments, i);
      gint64 blob;

      if (!need_blob (self, event, file, &blob, error) ||
          desk_db_run (self->db, DESK_SQL_ATTACHMENT_INSERT, error, "iiissi", id, (gint64) i,
                       self->ticket->fold->id, file->name, file->type, blob) < 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
insert_event (Putting *self, const DeskEvent *event, gint64 id, GError **error)
{
  g_autofree char *changes = desk_changes_format (event->changes);
  const char *cause = g_strcmp0 (event->cause, event->uid) != 0 ? event->cause : NULL;
  gint64 at = event->at != event->accepted_at ? event->at : 0;
  gint64 author;

  if (!desk_replica_need_person (self->replica, event->author, &author, error) ||
      desk_db_run (self->db, DESK_SQL_EVENT_PUT, error, "iuiiIissuisiuIii", id, event->uid,
                   self->ticket->fold->id, event->no, event->public_no, (gint64) event->kind,
                   event->text, changes, event->target, author, event->device, (gint64) event->via,
                   cause, at, event->accepted_at, (gint64) event->redacted) < 0 ||
      !write_files (self, event, id, error))
    return FALSE;
  self->changed = TRUE;
  if (event->redacted && !desk_outbox_forget_redacted (self->db, event->uid, error))
    return FALSE;
  g_ptr_array_add (self->added, (gpointer) event);
  g_array_append_val (self->ids, id);
  return TRUE;
}

/* What was taken out on the server is taken out here. */
static gboolean
replace_event (Putting *self, const DeskEvent *event, const Known *known, GError **error)
{
  g_autofree char *changes = desk_changes_format (event->changes);

  self->changed = TRUE;
  return desk_db_run (self->db, DESK_SQL_EVENT_REPLACE, error, "ssii", event->text, changes,
                      (gint64) event->redacted, known->id) >= 0 &&
         (!event->redacted || (desk_outbox_forget_redacted (self->db, event->uid, error) &&
                               desk_replica_drop_files_of_event (self->db, known->id, error)));
}

/* Rows of events are in the order of lists too: of a fill below all others, within a ticket as they
 * came. */
static gboolean
find_first_id (Putting *self, gint64 *id, GError **error)
{
  if (self->mode == DESK_PUT_FILL || self->mode == DESK_PUT_ASKED)
    {
      *id = self->replica->fill_event -= self->put->events->len;
      return TRUE;
    }
  if (!desk_db_get_int (self->db, DESK_SQL_EVENT_MAX, id, error, ""))
    return FALSE;
  ++*id;
  return TRUE;
}

static gboolean
put_events (Putting *self, GError **error)
{
  gboolean blank = self->is_new || self->afresh;
  gint64 id;

  if (!find_first_id (self, &id, error))
    return FALSE;
  for (guint i = 0; i < self->put->events->len; i++)
    {
      const DeskEvent *event = get_event (self->put, i);
      g_auto (Known) known = { 0 };

      if (!blank && !find_known (self, event, &known, error))
        return FALSE;
      if (known.id == 0 ? !insert_event (self, event, id++, error)
                        : !is_same (&known, event) && !replace_event (self, event, &known, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether documents that are in the index have to be made anew: their summary, their owner or their
 * words are others, or the events go. */
static gboolean
judge_words (Putting *self, GError **error)
{
  const DeskTicket *here = self->ticket->server;

  self->rewords = self->afresh || g_strcmp0 (here->summary, self->put->ticket->summary) != 0 ||
                  g_strcmp0 (here->requester, self->put->ticket->requester) != 0;
  for (guint i = 0; i < self->put->events->len && !self->rewords; i++)
    {
      g_auto (Known) known = { 0 };

      if (!find_known (self, get_event (self->put, i), &known, error))
        return FALSE;
      self->rewords = known.id != 0 && !is_same (&known, get_event (self->put, i));
    }
  return TRUE;
}

/* --- the row --- */

/* The newest events with words, for lists. */
static gboolean
find_last_words (Putting *self, DeskFold *fold, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (self->db, DESK_SQL_EVENTS_WORDS, error, "i", fold->id);
  GError *failure = NULL;

  fold->last_event = fold->public_last_event = 0;
  if (query == NULL)
    return FALSE;
  while (fold->public_last_event == 0 && desk_query_next (query, &failure))
    {
      gint64 id = desk_query_int (query, 0);
      g_autoptr (GPtrArray) changes = desk_changes_parse (desk_query_text (query, 3), NULL);
      gboolean words = !desk_query_is_null (query, 2) ||
                       (changes != NULL &&
                        desk_changes_find (changes, DESK_FIELD_RESOLUTION) != NULL);

      if (words && fold->last_event == 0)
        fold->last_event = id;
      if (words && !desk_query_is_null (query, 1))
        fold->public_last_event = id;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* Events that were missing are no reason to move a ticket in the lists. */
static void
find_order (Putting *self, DeskFold *fold, const DeskTicket *server)
{
  const DeskTicket *here = self->ticket->server;
  gboolean fresh = self->is_new || self->afresh;
  gboolean below = self->ticket->pending == 0 &&
                   (self->mode == DESK_PUT_FILL || (self->is_new && self->mode == DESK_PUT_ASKED));

  if (below)
    fold->tx = fold->public_tx = --self->replica->fill_tx;
  else if (fresh || desk_ticket_compare (here, server) != NULL)
    {
      fold->tx = desk_db_take_tx (self->db);
      if (fresh || !self->put->internal || here->public_no != server->public_no)
        fold->public_tx = fold->tx;
    }
}

static gboolean
note_gap (Putting *self, const DeskTicket *server, GError **error)
{
  gint64 id = self->ticket->fold->id, here;

  if (self->is_new && self->put->events->len == server->no)
    return TRUE;
  return desk_db_get_int (self->db, DESK_SQL_EVENTS_COUNT, &here, error, "ii", id, server->no) &&
         desk_db_run (self->db, here < server->no ? DESK_SQL_GAP_ADD : DESK_SQL_GAP_DELETE, error,
                      "i", id) >= 0;
}

/* In the reader's own counting, which is another one on the other side. A desk that was restored
 * may know less than what was told to it once. */
static gboolean
note_seen (Putting *self, GError **error)
{
  gint64 id = self->ticket->fold->id, me;

  if (self->is_new && self->put->seen_no == 0)
    return TRUE;
  return desk_db_get_person_id (self->db, self->replica->reader, &me, error) &&
         (self->put->seen_no == 0 || desk_db_run (self->db, DESK_SQL_SEEN_SAVE, error, "iii", id,
                                                  me, self->put->seen_no) >= 0) &&
         (self->is_new || desk_db_run (self->db, DESK_SQL_UNTOLD_AGAIN, error, "iii", id, me,
                                       self->put->seen_no) >= 0);
}

static gboolean
note_delivered (Putting *self, GError **error)
{
  return !self->replica->refilling ||
         desk_db_run (self->db, DESK_SQL_TICKET_DELIVERED, error, "i", self->ticket->fold->id) >= 0;
}

static gboolean
add_documents (Putting *self, const DeskTicket *server, GError **error)
{
  gint64 requester;

  if (!desk_replica_need_person (self->replica, server->requester, &requester, error))
    return FALSE;
  for (guint i = 0; i < self->added->len; i++)
    if (!desk_documents_put (self->db, server->summary, requester,
                             g_ptr_array_index (self->added, i),
                             g_array_index (self->ids, gint64, i), error))
      return FALSE;
  return TRUE;
}

/* What waits to be indexed goes on waiting, and what a fill brings does. */
static gboolean
index_words (Putting *self, const DeskTicket *server, GError **error)
{
  gint64 id = self->ticket->fold->id;

  if (self->ticket->unindexed)
    return TRUE;
  if (self->mode == DESK_PUT_FILL && (self->is_new || self->rewords))
    return desk_db_run (self->db, DESK_SQL_UNINDEXED_ADD, error, "i", id) >= 0;
  return self->is_new || self->rewords ? desk_replica_index_ticket (self->replica, id, error)
                                       : add_documents (self, server, error);
}

/* Words that will be wrong are taken out while it is still known what they are. */
static gboolean
take_words_out (Putting *self, GError **error)
{
  DeskReplicaTicket *ticket = self->ticket;

  if (self->is_new)
    return TRUE;
  if (!judge_words (self, error))
    return FALSE;
  return !self->rewords || ticket->unindexed ||
         desk_replica_write_documents (self->replica, ticket->fold, ticket->server, FALSE, error);
}

static gboolean
reserve (Putting *self, GError **error)
{
  DeskFold *fold = self->ticket->fold;

  if (fold->id != 0)
    return TRUE;
  fold->is_new = TRUE;
  return desk_replica_find_place (self->replica, self->put->ticket->created_at, &fold->id, error);
}

/* A desk that was restored may have given the number to another ticket since; the one that has it
 * here is told of later, or is gone. */
static gboolean
free_number (Putting *self, const DeskTicket *server, GError **error)
{
  const char *shown = self->ticket->fold->ticket->number;

  return server->number == NULL ||
         (!self->is_new && !self->afresh && g_strcmp0 (shown, server->number) == 0) ||
         desk_db_run (self->db, DESK_SQL_NUMBER_FREE, error, "su", server->number, server->uid) >=
             0;
}

/* The row after the events, which say what of it only this file knows. */
static gboolean
put_row (Putting *self, const DeskTallyKey *before, GError **error)
{
  DeskReplicaTicket *ticket = self->ticket;
  DeskFold *fold = ticket->fold;
  g_autoptr (DeskTicket) server = fit_ticket (self);

  self->changed |= self->is_new || self->afresh ||
                   desk_ticket_compare (ticket->server, server) != NULL;
  if (!self->changed && self->mode != DESK_PUT_FILL)
    return TRUE;
  find_order (self, fold, server);
  g_clear_pointer (&ticket->server, desk_ticket_unref);
  ticket->server = desk_ticket_ref (server);
  ticket->internal = self->put->internal;
  return free_number (self, server, error) && find_last_words (self, fold, error) &&
         desk_db_get_int (self->db, DESK_SQL_ATTACHMENTS_COUNT, &fold->attachments, error, "i",
                          fold->id) &&
         desk_replica_show (self->replica, ticket, fold, before, error) &&
         index_words (self, ticket->server, error) && note_gap (self, ticket->server, error);
}

static gboolean
carry_out (Putting *self, const DeskTallyKey *before, GError **error)
{
  gint64 id = self->ticket->fold->id;

  return take_words_out (self, error) &&
         (!self->afresh || desk_replica_drop_events (self->db, id, error)) &&
         (!self->unread || desk_db_run (self->db, DESK_SQL_SEEN_DELETE, error, "i", id) >= 0) &&
         reserve (self, error) && put_events (self, error) && put_row (self, before, error) &&
         note_seen (self, error) && note_delivered (self, error);
}

static DeskReplicaTicket *
new_ticket (Putting *self)
{
  DeskReplicaTicket *ticket = g_new0 (DeskReplicaTicket, 1);

  ticket->fold = g_new0 (DeskFold, 1);
  ticket->fold->ticket = desk_ticket_ref (self->put->ticket);
  ticket->internal = self->put->internal;
  return ticket;
}

static gboolean
fit_ops (Putting *self, GError **error)
{
  const DeskTicket *ticket = self->put->ticket;

  return !(self->is_new || self->afresh) ||
         desk_outbox_fit (self->replica, ticket->uid, ticket->no, error);
}

gboolean
desk_replica_put (DeskReplica *replica, const DeskPut *put, DeskPutMode mode, GError **error)
{
  g_auto (Putting) self = { .replica = replica, .db = replica->db, .put = put, .mode = mode };
  GError *failure = NULL;
  DeskTallyKey before = { 0 };
  gboolean here;

  self.added = g_ptr_array_new ();
  self.ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self.ticket = desk_replica_find_ticket (replica, put->ticket->uid, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  here = self.ticket != NULL;
  self.is_new = !here || self.ticket->server == NULL;
  if (!here)
    self.ticket = new_ticket (&self);
  else
    before = desk_fold_get_tally_key (replica->db, self.ticket->fold);
  return (self.is_new || judge_known (&self, error)) && fit_ops (&self, error) &&
         desk_replica_count_pending (replica, put->ticket->uid, &self.ticket->pending, error) &&
         carry_out (&self, here ? &before : NULL, error);
}
