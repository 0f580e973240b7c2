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

/* What has gone up; both are lent. */
DeskTransfer *desk_transfer_new (DeskRemote *remote, DeskDb *db);
void desk_transfer_free (DeskTransfer *self);

/* Brings all files of @op to the server, unless that was done before. */
gboolean desk_transfer_bring (DeskTransfer *self,
                              const DeskOp *op,
                              DeskProgress progress,
                              gpointer user_data,
                              GCancellable *cancellable,
                              GError **error);
/* The server says that a file is missing: everything goes up again. */
void desk_transfer_forget (DeskTransfer *self);

/* Files that somebody looked at are kept for the next time; so much of them. */
#define DESK_TRANSFER_KEEP_BYTES (G_GINT64_CONSTANT (512) * 1024 * 1024)

/* Has the content of @attachment of a ticket come into the copy. */
gboolean desk_transfer_get (DeskTransfer *self,
                            const char *ticket_uid,
                            const DeskAttachment *attachment,
                            DeskProgress progress,
                            gpointer user_data,
                            GCancellable *cancellable,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskTransfer, desk_transfer_free)

G_END_DECLS
