/* SPDX-License-Identifier: GPL-3.0-or-later
 * A disk for SQLite that can be full, and whose power can be cut.
 *
 * A VFS over the real one. What is written lies in memory until it is synced, as it does in a
 * computer; reading sees it there. At a cut, what was not synced is lost, or some of it is not, in
 * pieces of a sector and in any order; from then on every operation fails. Locks and shared memory
 * are the real ones. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every database that is opened from now on lies on this disk, or on the real one again. */
void shaky_disk_install (void);
void shaky_disk_remove (void);

/* All files together get no larger; 0: as large as they like. */
void shaky_disk_set_quota (gint64 bytes);
gint64 shaky_disk_get_used (void);
/* Syncs everything, unless there is no power. */
void shaky_disk_flush (void);

/* Cuts the power at the @operation-th write, truncation or sync from now; 0: never. */
void shaky_disk_cut_at (guint operation, guint seed);
gboolean shaky_disk_is_dead (void);
/* Operations since shaky_disk_cut_at(). */
guint shaky_disk_count (void);

/* With no database open: forgets all. */
void shaky_disk_reset (void);

G_END_DECLS
