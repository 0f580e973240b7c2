/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of a replica share: its state inside one write transaction. */
#pragma once

#include "desk-fold.h"
#include "desk-replica.h"

G_BEGIN_DECLS

/* Lives on the stack, inside a write transaction. */
typedef struct
{
  DeskDb *db;
  char *address;
  char *reader; /* person uid */
  char *cursor;
  char *seen;
  gboolean filling;
  gboolean refilling;
  gint64 heard;
  gint64 fill_tx;
  gint64 fill_event;
  gint64 reread_tx;
  gint64 pulled_at;
  DeskPerson *me; /* as of now; see desk_replica_find_me() */
} DeskReplica;

gboolean desk_replica_load (DeskReplica *self, DeskDb *db, GError **error);
gboolean desk_replica_save (DeskReplica *self, GError **error);
void desk_replica_clear (DeskReplica *self);
/* Whether the answer to what was asked at @stamp may be taken in; then its mark @seen (nullable: it
 * had none) is kept. */
gboolean desk_replica_hear (DeskReplica *self, gint64 stamp, const char *seen);
/* Looks again who the replica's person is. */
gboolean desk_replica_find_me (DeskReplica *self, GError **error);

/* --- people --- */

gboolean desk_replica_put_people (DeskReplica *self, GPtrArray *people, GError **error);

/* --- tickets --- */

/* What a put may do. */
typedef enum
{
  DESK_PUT_FILL,  /* placed below everything; it comes newest first */
  DESK_PUT_FEED,  /* placed above everything, as is the answer to an op */
  DESK_PUT_ASKED, /* asked for by itself; below */
} DeskPutMode;

/* A ticket's row as the server sent it, and what is only known here. */
typedef struct
{
  DeskFold *fold;     /* the row that is shown */
  DeskTicket *server; /* what the server sent last; NULL: filed here and not accepted yet */
  gboolean internal;
  gint64 pending; /* ops that wait */
  gboolean unindexed;
  gboolean delivered;
} DeskReplicaTicket;

void desk_replica_ticket_free (DeskReplicaTicket *self);
/* NULL without @error when it is not here. (transfer full) */
DeskReplicaTicket *desk_replica_find_ticket (DeskReplica *self, const char *uid, GError **error);

gboolean desk_replica_put (DeskReplica *self, const DeskPut *put, DeskPutMode mode, GError **error);
/* --- what is here of a ticket; desk-replica-ticket.c --- */

/* Where a new one goes: ids are in the order in which tickets were filed, as on the server, because
 * a list may be sorted by them. */
gboolean desk_replica_find_place (DeskReplica *self, gint64 created_at, gint64 *id, GError **error);
gboolean
desk_replica_count_pending (DeskReplica *self, const char *uid, gint64 *pending, GError **error);
/* Shows what the server sent, or what the ops that wait are expected to make of it, in the row of
 * @fold. What was filed here and has been sent is shown again when the feed brings it. @before
 * (nullable): how the row was counted. */
gboolean desk_replica_show (DeskReplica *self,
                            DeskReplicaTicket *ticket,
                            DeskFold *fold,
                            const DeskTallyKey *before,
                            GError **error);
/* Adds or removes the documents of all events that are here. */
gboolean desk_replica_write_documents (
    DeskReplica *self, DeskFold *fold, const DeskTicket *server, gboolean add, GError **error);
/* The documents are gone already, or were never there. */
gboolean desk_replica_drop_events (DeskDb *db, gint64 ticket, GError **error);
gboolean desk_replica_drop_files_of_event (DeskDb *db, gint64 event, GError **error);
/* Makes the words of the ticket in row @id findable. */
gboolean desk_replica_index_ticket (DeskReplica *self, gint64 id, GError **error);
/* Deletes the ticket and all that belongs to it, but for waiting ops. */
gboolean desk_replica_delete_ticket (DeskReplica *self, DeskReplicaTicket *ticket, GError **error);
/* Its ops are others than before: shows what is to be expected now. */
gboolean desk_replica_show_again (DeskReplica *self, const char *ticket_uid, GError **error);
/* Writes @shown, what the ops of a ticket are expected to make of it, as its row. @ticket NULL: a
 * new one. */
gboolean desk_replica_write_pending (DeskReplica *self,
                                     DeskReplicaTicket *ticket,
                                     DeskTicket *shown,
                                     gboolean internal,
                                     gint64 pending,
                                     GError **error);

/* --- expectations; desk-outbox-foresee.c, desk-outbox-send.c --- */

/* What the waiting ops of the ticket make of @server (NULL: filed here), as @self's person is shown
 * it. @internal: in: of @server; out: of the result. @events (nullable): of DeskEvent, theirs. NULL
 * without @error when there is nothing to show. (transfer full) */
DeskTicket *desk_outbox_foresee (DeskReplica *self,
                                 const char *ticket_uid,
                                 const DeskTicket *server,
                                 gboolean *internal,
                                 GPtrArray *events,
                                 GError **error);
/* After a fill: what was accepted and is not there any more waits again. */
gboolean desk_outbox_send_again (DeskReplica *self, gint64 now, GError **error);
/* A ticket came that was not here, or is another than it was, with @no events: ops that had seen
 * more of it have seen that much now, and those that came back because there was no such ticket are
 * sent again. */
gboolean desk_outbox_fit (DeskReplica *self, const char *ticket_uid, gint64 no, GError **error);
/* What was taken out on the server is not kept in order to send it there again. */
gboolean desk_outbox_forget_redacted (DeskDb *db, const char *op_uid, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DeskReplica, desk_replica_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskReplicaTicket, desk_replica_ticket_free)

G_END_DECLS
