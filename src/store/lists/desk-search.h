/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finding tickets by words of their summary, texts, resolutions, file names, or by number.
 *
 * Every word must start a word of the same text (with its ticket's summary), in scripts without
 * spaces stand anywhere in it; newest first.
 * Requesters search what is public of their own tickets, agents what they may see. Any input is
 * searched for literally: there is no syntax to get wrong. Functions over a connection. */
#pragma once

#include "desk-rows.h"

G_BEGIN_DECLS

/* At most @limit tickets, each once, the newest find first; all @words, as they begin, are in one
 * entry of the ticket or its summary. (transfer full) (element-type DeskRow) */
GPtrArray *
desk_search (DeskDb *db, const DeskPerson *reader, const char *words, guint limit, GError **error);

G_END_DECLS
