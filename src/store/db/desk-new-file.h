/* SPDX-License-Identifier: GPL-3.0-or-later
 * A new file that is there whole or not at all: backups, exports.
 *
 * It is written under another name beside its place, and gets its own when it is on the disk. Never
 * replaces a file. Fails with DESK_STORE_ERROR. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where to write what shall be @path: EXISTS, MISSING, READ_ONLY. (transfer full) */
char *desk_new_file_start (const char *path, GError **error);
/* Gives the written file its name. Durable when it returns. */
gboolean desk_new_file_finish (const char *unfinished, const char *path, GError **error);
/* Takes away what is left under the other name, and what SQLite put beside it. */
void desk_new_file_drop (const char *unfinished);

G_END_DECLS
