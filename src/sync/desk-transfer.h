/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files between a copy of a desk and its server.
 *
 * What an op refers to goes up before it, in pieces, and goes on after a break where it was. What
 * somebody wants to see comes down when they want it. Waits; on the thread of the remote. */
#pragma once

#include "desk-blobs.h"
#include "desk-remote.h"

G_BEGIN_DECLS

typedef struct _DeskTransfer DeskTransfer;

/* How much of @file, which @op refers to, has gone up. */
typedef void (*DeskTransferProgress) (const DeskOp *op,
                                      const DeskAttachment *file,
                                      gint64 sent_bytes,
                                      gpointer user_data);

/* Both are lent. */
DeskTransfer *desk_transfer_new (DeskRemote *remote, DeskDb *db);
void desk_transfer_free (DeskTransfer *self);
void
desk_transfer_set_progress (DeskTransfer *self, DeskTransferProgress progress, gpointer user_data);

/* Brings all files of @op to the server, unless that was done before. A file that is not here any
 * more is DESK_ERROR_NO_SUCH. */
gboolean desk_transfer_bring (DeskTransfer *self,
                              const DeskOp *op,
                              GCancellable *cancellable,
                              GError **error);
/* The server says that a file is missing: everything goes up again. */
gboolean desk_transfer_forget (DeskTransfer *self, GError **error);

/* Has the content of @attachment of a ticket come into the copy, unless it is there. What was used
 * least lately leaves it when there is too much. */
gboolean desk_transfer_get (DeskTransfer *self,
                            const char *ticket_uid,
                            const DeskAttachment *attachment,
                            DeskProgress progress,
                            gpointer user_data,
                            GCancellable *cancellable,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskTransfer, desk_transfer_free)

G_END_DECLS
