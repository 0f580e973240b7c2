/* SPDX-License-Identifier: GPL-3.0-or-later
 * Locks on the desk's files that a stray close() does not drop.
 *
 * SQLite locks with fcntl(), and such a lock belongs to the process and the file: it is gone when
 * the process closes any descriptor of that file, even one that merely read its first bytes, as a
 * file chooser does that lists the folder. Another process then takes itself for the last one and
 * deletes the write-ahead log that this one goes on writing: what was saved is lost. Locks of the
 * open file description are the same to other processes and have no such hole. Linux has them
 * since 3.15; where a file system does not, the old ones are used. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Before the first connection of the process; later calls do nothing. Any thread. */
void desk_locks_install (void);

G_END_DECLS
