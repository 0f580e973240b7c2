/* SPDX-License-Identifier: GPL-3.0-or-later
 * A connection to read from again and again: its read transaction goes on from one use to the next
 * for as long as nothing is committed, because beginning and ending one is a good part of what
 * reading a ticket costs.
 *
 * Each commit of this process, and desk_leases_end(), end the transactions of those that are not in
 * use: none is in the way of emptying the log, and none shows what was before the last commit. Of
 * another process's commits a lease hears when desk_leases_end() is called.
 *
 * A lease belongs to one thread. Taking it fails with DESK_STORE_ERROR. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

typedef struct _DeskLease DeskLease;

/* Opens the desk at @path. (transfer full) */
DeskLease *desk_lease_new (const char *path, GError **error);
void desk_lease_free (DeskLease *self);

/* The connection, in a transaction that shows whatever was committed before; taken again, too. Lent
 * until it is given back. NULL with @error. */
DeskDb *desk_lease_take (DeskLease *self, GError **error);
/* Does nothing when it was not taken. */
void desk_lease_give_back (DeskLease *self);

/* Any thread. */
void desk_leases_end (void);

G_END_DECLS
