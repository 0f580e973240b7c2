/* SPDX-License-Identifier: GPL-3.0-or-later
 * The board on which agents say at which tickets they are: in memory only.
 *
 * A session is told of the others at the tickets that it says it is at itself, and of nothing else,
 * so that a change costs what the ticket's few visitors cost, however many streams there are.
 * Changes are gathered for a moment, then the streams of those sessions whom they concern are woken
 * through the hub. Who may see which ticket is the caller's to check. Any thread. */
#pragma once

#include "desk-hub.h"
#include "desk-presence.h"

G_BEGIN_DECLS

typedef struct _DeskBoard DeskBoard;

/* @hub is lent. */
DeskBoard *desk_board_new (DeskHub *hub);
/* On the thread of the main loop. */
void desk_board_free (DeskBoard *self);

/* All that @session of @person is at from now on (of DeskPresent; @present is lent, and too many
 * are left out); it is forgotten when it is not said again in time. @now_us: monotonic. */
void desk_board_set (
    DeskBoard *self, const char *session, const char *person, GPtrArray *present, gint64 now_us);
void desk_board_drop (DeskBoard *self, const char *session);

/* A stream of @session has ended: unless it was only that, the next beat does not come. */
void desk_board_doubt (DeskBoard *self, const char *session, gint64 now_us);

/* Another number with each change of what @session is told. */
guint64 desk_board_get_count (DeskBoard *self, const char *session);
/* The other people at the tickets that @session is at: each once a ticket, who answers first, and
 * not more of a ticket than somebody would read. (transfer full) (element-type DeskPresent) */
GPtrArray *desk_board_list (DeskBoard *self, const char *session);

/* Forgets who has not been heard of; once a second. */
void desk_board_tick (DeskBoard *self, gint64 now_us);
guint desk_board_count_sessions (DeskBoard *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskBoard, desk_board_free)

G_END_DECLS
