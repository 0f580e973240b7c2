/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking at a desk's path before SQLite does: is it there, is it a desk, may it be shared?
 *
 * SQLite answers most of these late or in words nobody can act on. Any thread; touches the disk. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In the header of every desk file (PRAGMA application_id): "Desk". */
#define DESK_APPLICATION_ID 0x4465736b

/* An existing desk: MISSING, NO_ACCESS, NOT_A_DESK, NETWORK of DESK_STORE_ERROR, or TRUE. */
gboolean desk_path_check_existing (const char *path, GError **error);
/* The same for a file that need not be shared: never NETWORK. */
gboolean desk_path_check_file (const char *path, GError **error);
/* A place for a new one: EXISTS, MISSING (no such folder), READ_ONLY, NETWORK. */
gboolean desk_path_check_new (const char *path, GError **error);
/* The same for a file that need not be shared: never NETWORK. */
gboolean desk_path_check_new_file (const char *path, GError **error);

/* NETWORK when @path, which exists, is where desks cannot be shared. */
gboolean desk_path_check_shared (const char *path, GError **error);

/* Whether a file system (f_type of statfs(2)) is on a network or in FUSE, where SQLite's locks and
 * shared memory do not hold. */
gboolean desk_path_is_unsafe_type (gint64 f_type);

G_END_DECLS
