/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far files of a replica have gone up, so that they go on there after whatever has interrupted
 * them.
 *
 * Kept for as long as something waits to be sent. Functions over a connection to a replica; those
 * that write are one transaction each. Fail with DESK_STORE_ERROR. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

typedef struct
{
  char *id; /* the server's; "": it has the whole file; NULL: nothing is known */
  gint64 sent_bytes;
  gint64 size_bytes;
} DeskReplicaUpload;

void desk_replica_upload_clear (DeskReplicaUpload *self);
gboolean desk_replica_upload_is_done (const DeskReplicaUpload *self);

/* @upload: to be cleared. */
gboolean desk_replica_find_upload (DeskDb *db,
                                   const char *sha256,
                                   DeskReplicaUpload *upload,
                                   GError **error);
gboolean desk_replica_save_upload (DeskDb *db,
                                   const char *sha256,
                                   const DeskReplicaUpload *upload,
                                   GError **error);
/* @sha256 NULL: all of them. */
gboolean desk_replica_forget_upload (DeskDb *db, const char *sha256, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DeskReplicaUpload, desk_replica_upload_clear)

G_END_DECLS
