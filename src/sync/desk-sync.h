/* SPDX-License-Identifier: GPL-3.0-or-later
 * The steps between a copy of a desk and its server: send what waits, read what is new, fetch what
 * is missing.
 *
 * Each step is whole in itself: whatever interrupts it, doing it again goes on where it was. They
 * wait, so they have a thread of their own (desk-syncer.h) or are a command's. Whoever takes them
 * has the turn (desk-turn.h). Fail with DESK_REMOTE_ERROR, DESK_STORE_ERROR, DESK_ERROR and
 * G_IO_ERROR. */
#pragma once

#include "desk-outbox.h"
#include "desk-remote.h"
#include "desk-transfer.h"

G_BEGIN_DECLS

typedef struct _DeskSync DeskSync;

/* @remote and @db, which is open to write, are lent. @device: see DeskAccount. */
DeskSync *desk_sync_new (DeskRemote *remote, DeskDb *db, const char *device);
void desk_sync_free (DeskSync *self);
DeskTransfer *desk_sync_get_transfer (DeskSync *self);

/* @n_tickets: how many have come with this pull; @filling: they are part of a fill. */
typedef void (*DeskSyncProgress) (gint64 n_tickets, gboolean filling, gpointer user_data);

/* Sends what waits, files first. What the server refuses is kept as refused. Nothing is sent while
 * a copy is being filled. */
gboolean desk_sync_push (DeskSync *self, GCancellable *cancellable, GError **error);
/* Fills an empty copy, or reads what is new, to the end. */
gboolean desk_sync_pull (DeskSync *self,
                         DeskSyncProgress progress,
                         gpointer user_data,
                         GCancellable *cancellable,
                         GError **error);
/* Fetches events that are missing. */
gboolean desk_sync_mend (DeskSync *self, GCancellable *cancellable, GError **error);
/* A ticket, by number or uid, that is out of the copy's scope: it stays until the next fill.
 * DESK_ERROR_NO_SUCH when the server has none either. Needs no turn. */
gboolean
desk_sync_bring (DeskSync *self, const char *ref, GCancellable *cancellable, GError **error);
/* Tells the server what was read here. */
gboolean desk_sync_tell_seen (DeskSync *self, GCancellable *cancellable, GError **error);
/* Makes some of the texts findable that a fill brought; @left: of how many tickets not yet. */
gboolean desk_sync_index (DeskSync *self, gint64 *left, GError **error);

/* All but the last. */
gboolean desk_sync_run (DeskSync *self,
                        DeskSyncProgress progress,
                        gpointer user_data,
                        GCancellable *cancellable,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskSync, desk_sync_free)

G_END_DECLS
