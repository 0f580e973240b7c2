/* SPDX-License-Identifier: GPL-3.0-or-later
 * What waits to be sent from a replica, and what it is expected to come to.
 *
 * An op is kept together with its expected outcome, which the same desk_accept() decides as on the
 * server. Ops are sent in order and stay until the server has answered. What it accepted is kept
 * for 30 days, to be sent again should the server have been restored from an older copy. What it
 * refused comes back to its author with the reason, and with everything that depended on it.
 *
 * Functions over a connection to a replica; those that write say whether inside a transaction. */
#pragma once

#include "desk-replica.h"
#include "desk-submit.h"

G_BEGIN_DECLS

/* Keeps @op of the replica's own person. Inside a transaction, as desk_submit_in(), which calls it
 * on a replica: the answer has the ticket as it is shown from now on, and unstamped events. A
 * refusal (DESK_ERROR) is told at once, and nothing is kept. (transfer full) */
DeskReceipt *desk_outbox_add (
    DeskDb *db, const DeskOp *op, const DeskPerson *author, gint64 now, GError **error);

/* What the ops that wait are expected to make of @ticket, the row that is shown: their events,
 * oldest first. (transfer full) (element-type DeskEvent) */
GPtrArray *desk_outbox_predict (DeskDb *db, const char *ticket_uid, GError **error);

/* Ops to send in one request. */
typedef struct
{
  GPtrArray *ops;   /* of DeskOp, in order; empty: nothing waits */
  GPtrArray *fresh; /* uids of those that had never left, once they are about to */
  char *seen;     /* the server's mark, to send with them; or NULL */
  gint64 stamp;
} DeskBatch;

/* The first ops that wait, at most @max and of @max_bytes. Nothing changes: they go on waiting.
 * The contents of their attachments have to be on the server before them. Nothing while a copy is
 * filled again: what the server may have lost goes first. (transfer full) */
DeskBatch *desk_outbox_take (DeskDb *db, guint max, gsize max_bytes, GError **error);
void desk_batch_free (DeskBatch *self);

/* Right before @batch leaves: from now on its ops may be on the server, whatever is heard of it, and
 * cannot be withdrawn. @all is FALSE, and nothing has happened, when one of them does not wait any
 * more: take others. In a transaction of its own. */
gboolean desk_outbox_note_leaving (DeskDb *db, DeskBatch *batch, gboolean *all, GError **error);
/* For certain not a byte of @batch left. In a transaction of its own. */
gboolean desk_outbox_note_kept (DeskDb *db, const DeskBatch *batch, GError **error);

/* Takes the server's answer to @batch in: one transaction of its own. @seen: the mark that came
 * with it (nullable). When something else was heard since nothing happens: the ops are sent again,
 * and the server answers again. */
gboolean desk_outbox_settle (DeskDb *db,
                             const DeskBatch *batch,
                             const DeskOpsAnswer *answer,
                             const char *seen,
                             gint64 now,
                             GError **error);

/* --- for people --- */

typedef enum
{
  DESK_OUTBOX_WAITING = 0,
  DESK_OUTBOX_SENT = 1,
  DESK_OUTBOX_REFUSED = 2,
} DeskOutboxState;

typedef struct
{
  DeskOp *op;
  DeskOutboxState state;
  DeskProblem *problem; /* of a refused one */
  gint64 at;            /* when it got there */
} DeskOutboxItem;

/* How many wait, and how many came back; none where nothing is sent. */
gboolean desk_outbox_count (DeskDb *db, gint64 *waiting, gint64 *refused, GError **error);

void desk_outbox_item_free (DeskOutboxItem *self);
/* In order. (transfer full) (element-type DeskOutboxItem) */
GPtrArray *desk_outbox_list (DeskDb *db, DeskOutboxState state, GError **error);
/* Takes an op back that has never left, and with a ticket's first what else was to be said on it.
 * DESK_ERROR_WRONG_STATUS when it may be on the server by now, or came back. Inside a transaction.
 * (transfer full) (element-type DeskOp), in order */
GPtrArray *desk_outbox_withdraw (DeskDb *db, const char *op_uid, GError **error);
/* Which ops of a ticket wait and may be on the server nevertheless: uids. (transfer full) */
GHashTable *desk_outbox_list_tried (DeskDb *db, const char *ticket_uid, GError **error);
/* Keeps @op in place of a refused one, whose author has thought it over: both, or nothing. Inside a
 * transaction, as desk_outbox_add(). */
DeskReceipt *desk_outbox_add_instead (DeskDb *db,
                                      const DeskOp *op,
                                      const char *refused_uid,
                                      const DeskPerson *author,
                                      gint64 now,
                                      GError **error);
/* Forgets a refused op, which its author has in hand again. In a transaction of its own. */
gboolean desk_outbox_drop (DeskDb *db, const char *op_uid, GError **error);
/* Forgets what was sent more than 30 days ago. Inside a transaction. */
gboolean desk_outbox_sweep (DeskDb *db, gint64 now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskBatch, desk_batch_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskOutboxItem, desk_outbox_item_free)

G_END_DECLS
