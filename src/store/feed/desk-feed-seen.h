/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far the desk was when it answered.
 *
 * A copy learns of things outside of the feed too: the answer to an op, a single ticket, the newest
 * state of a ticket on a page in the middle. So a desk may be restored to between the copy's
 * position and what it has heard, and a position alone would not betray it. Each answer carries a
 * mark, sealed as cursors are, and each request brings the newest back. */
#pragma once

#include "desk-feed.h"

G_BEGIN_DECLS

/* Where the desk stands, for @reader to bring back. In the transaction of the answer, or after
 * it. */
gboolean desk_feed_mark (
    DeskDb *db, const DeskPerson *reader, gint64 now, DeskCursor *mark, GError **error);
/* FALSE with DESK_FEED_ERROR when the desk has not been there, as desk_feed_read() says of a
 * cursor. Before anything else is done for the request. */
gboolean desk_feed_check_mark (
    DeskDb *db, const DeskPerson *reader, const DeskCursor *mark, gint64 now, GError **error);

G_END_DECLS
