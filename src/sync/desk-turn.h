/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whose turn it is to talk to the server for a copy of a desk.
 *
 * App and commands share a copy; one of them sends and reads at a time, the others write to the
 * outbox and watch. A lock on a file beside the copy, gone with the process that has it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DeskTurn DeskTurn;

/* @path: of the copy. NULL: somebody else has the turn. (transfer full) */
DeskTurn *desk_turn_take (const char *path);
void desk_turn_release (DeskTurn *self);

/* Why the server cannot be reached, for those who wait for it to be; NULL: it can. */
void desk_turn_tell (DeskTurn *self, const GError *trouble);
/* What whoever has the turn told, as DESK_REMOTE_ERROR_OFFLINE; NULL: nothing. (transfer full) */
GError *desk_turn_ask (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskTurn, desk_turn_release)

G_END_DECLS
