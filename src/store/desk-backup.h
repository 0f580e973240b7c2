/* SPDX-License-Identifier: GPL-3.0-or-later
 * A copy of a desk that is in use, and back again.
 *
 * A backup is one file, complete and checked when it gets its name, and as private as the desk. It
 * may go to a network share or a stick, where a desk could not live. Restoring puts a backup's
 * content into the live desk, under its lock, keeps the previous content beside it, and starts a
 * new epoch: every program that has the desk open notices. People erased since the backup was made
 * stay erased. Functions over a connection outside a transaction; DESK_STORE_ERROR. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

/* EXISTS when @path is there. */
gboolean desk_backup_copy (DeskDb *db, const char *path, GError **error);

/* @path: a backup, of this version or an older one. @kept: where the previous content went. (out)
 * (transfer full). @db has to be opened again afterwards. */
gboolean
desk_backup_restore (DeskDb *db, const char *path, gint64 now, char **kept, GError **error);

/* A new desk at @target with the content of the backup @path. */
gboolean desk_backup_restore_new (const char *path, const char *target, GError **error);

G_END_DECLS
