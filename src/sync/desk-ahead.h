/* SPDX-License-Identifier: GPL-3.0-or-later
 * The next page of a long answer, asked for and read while the one before is taken in.
 *
 * A thread with a connection of its own. It only saves time: what does not come this way is asked
 * for again by whoever waits for it, who then hears what is the matter. */
#pragma once

#include "desk-remote.h"

G_BEGIN_DECLS

typedef struct _DeskAhead DeskAhead;

/* Asks the server of @remote, as the one who is signed in there. The thread begins with the first
 * question. */
DeskAhead *desk_ahead_new (DeskRemote *remote, GCancellable *cancellable);
/* Waits for what is under way, which @cancellable cuts short. */
void desk_ahead_free (DeskAhead *self);

/* One question at a time. @seen: the mark to send. */
void desk_ahead_ask (DeskAhead *self, const char *path, const char *seen);
/* What came of @path, with its mark; NULL when nothing did or something else was asked. Waits.
 * (transfer full) */
DeskPage *desk_ahead_take (DeskAhead *self, const char *path, char **mark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskAhead, desk_ahead_free)

G_END_DECLS
