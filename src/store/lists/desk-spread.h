/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in scripts that are written without spaces (Chinese, Japanese, Korean).
 *
 * The search index takes a run of such signs for one word, which would be found from its start
 * only. So each sign begins a word here: of itself and the next one, "東京都" → "東京 京都 都".
 * Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends @text as the index is to read it. It must be the same for ever, since a document is taken
 * out of the index by the words that it was put in with. */
void desk_spread_document (GString *words, const char *text);
/* The same for what is searched for: the last sign of a run is in the pair before it already. */
void desk_spread_question (GString *words, const char *text);

G_END_DECLS
