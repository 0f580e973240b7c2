/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accepting ops on an authority: decide, stamp, store; one transaction. On a replica they are kept
 * to be sent, see desk-outbox.h; callers need not know which it is.
 *
 * The same op twice is one event: its first answer is given again. The same uid with another
 * author or content is refused. Refusals are DESK_ERROR and are remembered too. Functions over a
 * connection. */
#pragma once

#include "desk-db.h"
#include "desk-event.h"

G_BEGIN_DECLS

/* The answer to an op. */
typedef struct
{
  DeskTicket *ticket; /* as it is now; whole, not projected */
  GPtrArray *events;  /* of DeskEvent, stamped; empty when all was so already */
  gboolean replayed;
} DeskReceipt;

void desk_receipt_free (DeskReceipt *self);

/* Inside a transaction of the caller's. A refusal (DESK_ERROR) is final before anything is written;
 * any other error may leave half of the op behind, and the caller has to roll back. @author may be
 * somebody new (see desk_people_identify()) when @op files a ticket. @now: UTC seconds. What a
 * redact took out is wiped from the file by desk_scrub() afterwards. (transfer full) */
DeskReceipt *
desk_submit_in (DeskDb *db, const DeskOp *op, const DeskPerson *author, gint64 now, GError **error);

/* The same in a transaction of its own, durable when it returns. */
DeskReceipt *
desk_submit (DeskDb *db, const DeskOp *op, const DeskPerson *author, gint64 now, GError **error);

/* Forgets answers older than 30 days. Inside a transaction. */
gboolean desk_submit_sweep (DeskDb *db, gint64 now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskReceipt, desk_receipt_free)

G_END_DECLS
