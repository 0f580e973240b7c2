/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket in a replica: what is here of it, its row, its words, and how all of it goes.
 *
 * The words of a ticket are in the search index as of the server's row, never as of a row that is
 * only expected: else nobody would know what to take out again. */
#include "desk-replica-private.h"

#include <string.h>

#include "desk-documents.h"
#include "desk-json.h"
#include "desk-outbox.h"
#include "desk-replica-people.h"

/* --- what is here --- */

void
desk_replica_ticket_free (DeskReplicaTicket *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->fold, desk_fold_free);
  g_clear_pointer (&self->server, desk_ticket_unref);
  g_free (self);
}

static gboolean
read_flags (DeskReplica *self, DeskReplicaTicket *ticket, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (self->db, DESK_SQL_TICKET_FLAGS, error, "i", ticket->fold->id);

  if (query == NULL || !desk_query_next (query, error))
    return FALSE;
  ticket->internal = desk_query_int (query, 0) != 0;
  ticket->pending = desk_query_int (query, 1);
  ticket->unindexed = desk_query_int (query, 2) != 0;
  ticket->delivered = desk_query_int (query, 3) != 0;
  return TRUE;
}

static DeskTicket *
parse_base (const char *body, GError **error)
{
  g_autoptr (JsonNode) node = desk_json_parse (body, strlen (body), error);

  return node != NULL ? desk_ticket_from_json (node, error) : NULL;
}

/* NULL without @error: it was filed here. */
static DeskTicket *
read_base (DeskReplica *self, gint64 id, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->db, DESK_SQL_BASE_FIND, error, "i", id);

  return query != NULL && desk_query_next (query, error)
             ? parse_base (desk_query_text (query, 0), error)
             : NULL;
}

static gboolean
read_server (DeskReplica *self, DeskReplicaTicket *ticket, GError **error)
{
  GError *failure = NULL;

  if (ticket->pending == 0)
    {
      ticket->server = desk_ticket_ref (ticket->fold->ticket);
      return TRUE;
    }
  ticket->server = read_base (self, ticket->fold->id, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

DeskReplicaTicket *
desk_replica_find_ticket (DeskReplica *self, const char *uid, GError **error)
{
  g_autoptr (DeskReplicaTicket) ticket = NULL;
  DeskFold *fold = desk_fold_find (self->db, uid, error);

  if (fold == NULL)
    return NULL;
  ticket = g_new0 (DeskReplicaTicket, 1);
  ticket->fold = fold;
  if (!read_flags (self, ticket, error) || !read_server (self, ticket, error))
    return NULL;
  return g_steal_pointer (&ticket);
}

/* --- words --- */

gboolean
desk_replica_write_documents (
    DeskReplica *self, DeskFold *fold, const DeskTicket *server, gboolean add, GError **error)
{
  g_autoptr (GPtrArray) events = desk_fold_read_events (self->db, fold, 0, error);
  gint64 requester, id, ticket;

  if (events == NULL || !desk_replica_need_person (self, server->requester, &requester, error))
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (events, i);

      if (!desk_fold_find_event (self->db, event->uid, &id, &ticket, NULL, error) ||
          !(add ? desk_documents_put : desk_documents_remove) (self->db, server->summary, requester,
                                                               event, id, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
desk_replica_index_ticket (DeskReplica *self, gint64 id, GError **error)
{
  g_autoptr (DeskFold) fold = NULL;
  g_autoptr (DeskTicket) base = NULL;
  GError *failure = NULL;

  fold = desk_fold_find_id (self->db, id, &failure);
  if (fold != NULL)
    base = read_base (self, id, &failure);
  if (failure == NULL && fold != NULL)
    desk_replica_write_documents (self, fold, base != NULL ? base : fold->ticket, TRUE, &failure);
  if (failure == NULL)
    desk_db_run (self->db, DESK_SQL_UNINDEXED_DELETE, &failure, "i", id);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* --- deleting --- */

/* The files of a ticket or of an event, by the statements @list and @drop, with the contents that
 * nothing else refers to. */
static gboolean
drop_files (DeskDb *db, DeskSql list, DeskSql drop, gint64 id, GError **error)
{
  g_autoptr (GArray) blobs = desk_db_list_ints (db, list, error, "i", id);

  if (blobs == NULL || (blobs->len > 0 && desk_db_run (db, drop, error, "i", id) < 0))
    return FALSE;
  for (guint i = 0; i < blobs->len; i++)
    if (desk_db_run (db, DESK_SQL_BLOB_FORGET, error, "i", g_array_index (blobs, gint64, i)) < 0)
      return FALSE;
  return TRUE;
}

gboolean
desk_replica_drop_files_of_event (DeskDb *db, gint64 event, GError **error)
{
  return drop_files (db, DESK_SQL_ATTACHMENTS_BLOBS_OF_EVENT, DESK_SQL_ATTACHMENTS_DELETE, event,
                     error);
}

gboolean
desk_replica_drop_events (DeskDb *db, gint64 ticket, GError **error)
{
  return drop_files (db, DESK_SQL_ATTACHMENTS_BLOBS, DESK_SQL_ATTACHMENTS_DELETE_OF_TICKET, ticket,
                     error) &&
         desk_db_run (db, DESK_SQL_EVENTS_DELETE, error, "i", ticket) >= 0;
}

static gboolean
uncount (DeskDb *db, const DeskFold *fold, GError **error)
{
  DeskTallyKey key = desk_fold_get_tally_key (db, fold);

  return desk_db_run (db, DESK_SQL_TALLY_ADD, error, "iiiii", key.department, key.team,
                      key.assignee, key.status, (gint64) -1) >= 0;
}

gboolean
desk_replica_delete_ticket (DeskReplica *self, DeskReplicaTicket *ticket, GError **error)
{
  static const DeskSql statements[] = { DESK_SQL_SEEN_DELETE,   DESK_SQL_BASE_DELETE,
                                        DESK_SQL_GAP_DELETE,    DESK_SQL_UNINDEXED_DELETE,
                                        DESK_SQL_UNTOLD_DELETE, DESK_SQL_TICKET_DELETE };
  gint64 id = ticket->fold->id;

  if ((ticket->server != NULL && !ticket->unindexed &&
       !desk_replica_write_documents (self, ticket->fold, ticket->server, FALSE, error)) ||
      !desk_replica_drop_events (self->db, id, error) || !uncount (self->db, ticket->fold, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    if (desk_db_run (self->db, statements[i], error, "i", id) < 0)
      return FALSE;
  return TRUE;
}

/* --- the row --- */

#define IDS_PER_SECOND (1 << 20)

gboolean
desk_replica_find_place (DeskReplica *self, gint64 created_at, gint64 *id, GError **error)
{
  gint64 first = MAX (created_at, 1) * IDS_PER_SECOND;
  gint64 before;

  if (!desk_db_get_int (self->db, DESK_SQL_TICKET_BEFORE, &before, error, "i",
                        first + IDS_PER_SECOND))
    return FALSE;
  *id = MAX (before + 1, first);
  return TRUE;
}

/* What was told of a ticket before the desk was restored may hold a number that is another's now.
 */
static gboolean
fit_number (DeskReplica *self, DeskFold *fold, GError **error)
{
  DeskTicket *numberless;
  gint64 owner = 0;

  if (fold->ticket->number != NULL &&
      !desk_db_get_int (self->db, DESK_SQL_NUMBER_TAKEN, &owner, error, "s", fold->ticket->number))
    return FALSE;
  if (owner == 0 || owner == fold->id)
    return TRUE;
  numberless = desk_ticket_copy (fold->ticket);
  g_clear_pointer (&numberless->number, g_free);
  desk_ticket_unref (fold->ticket);
  fold->ticket = numberless;
  return TRUE;
}

static gboolean
write_row (DeskReplica *self,
           DeskFold *fold,
           const DeskTallyKey *before,
           gboolean internal,
           gint64 pending,
           GError **error)
{
  gint64 nobody;
  gboolean plain = before == NULL && internal && pending == 0;

  if (fold->id == 0)
    {
      fold->is_new = TRUE;
      if (!desk_replica_find_place (self, fold->ticket->created_at, &fold->id, error))
        return FALSE;
    }
  return desk_replica_need_person (self, fold->ticket->requester, &nobody, error) &&
         desk_replica_need_person (self, fold->ticket->assignee, &nobody, error) &&
         fit_number (self, fold, error) && desk_fold_write (self->db, fold, error) &&
         desk_fold_move_tally (self->db, before, fold, error) &&
         (plain || desk_db_run (self->db, DESK_SQL_TICKET_SET_FLAGS, error, "iii",
                                (gint64) internal, pending, fold->id) >= 0);
}

static gboolean
write_base (DeskReplica *self, gint64 id, const DeskTicket *server, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *body = NULL;

  if (server == NULL)
    return desk_db_run (self->db, DESK_SQL_BASE_DELETE, error, "i", id) >= 0;
  node = desk_ticket_to_json (server);
  body = desk_json_to_string (node, FALSE);
  return desk_db_run (self->db, DESK_SQL_BASE_SAVE, error, "is", id, body) >= 0;
}

gboolean
desk_replica_show (DeskReplica *self,
                   DeskReplicaTicket *ticket,
                   DeskFold *fold,
                   const DeskTallyKey *before,
                   GError **error)
{
  gboolean internal = ticket->internal;
  GError *failure = NULL;
  DeskTicket *shown = NULL;

  if (ticket->pending > 0)
    shown = desk_outbox_foresee (self, fold->ticket->uid, ticket->server, &internal, NULL,
                                 &failure);
  else if (ticket->server != NULL)
    shown = desk_ticket_ref (ticket->server);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (shown == NULL)
    {
      self->reread_tx = desk_db_take_tx (self->db);
      return desk_replica_delete_ticket (self, ticket, error);
    }
  desk_ticket_unref (fold->ticket);
  fold->ticket = shown;
  return write_row (self, fold, before, internal, ticket->pending, error) &&
         write_base (self, fold->id, ticket->pending > 0 ? ticket->server : NULL, error);
}

gboolean
desk_replica_count_pending (DeskReplica *self, const char *uid, gint64 *pending, GError **error)
{
  return desk_db_get_int (self->db, DESK_SQL_OUTBOX_COUNT_OF_TICKET, pending, error, "u", uid);
}

gboolean
desk_replica_show_again (DeskReplica *self, const char *uid, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskReplicaTicket) ticket = desk_replica_find_ticket (self, uid, &failure);
  DeskTallyKey before;

  if (ticket == NULL)
    {
      if (failure != NULL)
        g_propagate_error (error, failure);
      return failure == NULL;
    }
  before = desk_fold_get_tally_key (self->db, ticket->fold);
  if (!desk_replica_count_pending (self, uid, &ticket->pending, error))
    return FALSE;
  ticket->fold->tx = ticket->fold->public_tx = desk_db_take_tx (self->db);
  return desk_replica_show (self, ticket, ticket->fold, &before, error);
}

gboolean
desk_replica_write_pending (DeskReplica *self,
                            DeskReplicaTicket *ticket,
                            DeskTicket *shown,
                            gboolean internal,
                            gint64 pending,
                            GError **error)
{
  g_autoptr (DeskFold) fresh = ticket == NULL ? g_new0 (DeskFold, 1) : NULL;
  DeskFold *fold = ticket != NULL ? ticket->fold : fresh;
  DeskTallyKey before = { 0 };

  if (ticket != NULL)
    before = desk_fold_get_tally_key (self->db, fold);
  g_clear_pointer (&fold->ticket, desk_ticket_unref);
  fold->ticket = desk_ticket_ref (shown);
  fold->tx = fold->public_tx = desk_db_take_tx (self->db);
  return write_row (self, fold, ticket != NULL ? &before : NULL, internal, pending, error) &&
         (ticket == NULL || ticket->server == NULL ||
          write_base (self, fold->id, ticket->server, error));
}
