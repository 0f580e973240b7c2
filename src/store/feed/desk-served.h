/* SPDX-License-Identifier: GPL-3.0-or-later
 * Telling that a desk file is served, so that nobody else writes it meanwhile.
 *
 * The server holds a lock on the file "team.desk-served" beside the desk, with its address inside.
 * The lock goes with the process, however that ends; the file may stay. Opening a desk to write,
 * and each write transaction, look at it; readers go on. The process that serves may open the desk
 * as often as it likes. Any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DeskServed DeskServed;

/* Before the desk is opened. DESK_STORE_ERROR_SERVED when another process serves it; others as the
 * folder answers. (transfer full) */
DeskServed *desk_served_take (const char *path, const char *address, GError **error);
void desk_served_release (DeskServed *self);

/* FALSE with DESK_STORE_ERROR_SERVED, which names the address, when another process serves the desk
 * at @path. */
gboolean desk_served_check (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskServed, desk_served_release)

G_END_DECLS
