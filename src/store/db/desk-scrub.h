/* SPDX-License-Identifier: GPL-3.0-or-later
 * Wiping what was taken out of a desk (a redacted event, an erased person) from its file as well.
 *
 * SQLite overwrites what it deletes, but two places keep it: the search index, whose old parts hold
 * every word until they are merged, and the write-ahead log. The desk itself remembers that they
 * are to be wiped, so that whoever is next goes on after a crash. Over a connection. */
#pragma once

#include "desk-db.h"
#include "desk-progress.h"

G_BEGIN_DECLS

/* In the transaction that takes out a text of @ticket (uid), or a person. Refusals that are kept
 * may quote what was taken out: they become silent. */
gboolean desk_scrub_ask_words (DeskDb *db, const char *ticket, GError **error);
gboolean desk_scrub_ask_person (DeskDb *db, GError **error);

/* Wipes what is to be wiped, outside a transaction, in pieces that let others have their turn:
 * about a minute for a million tickets. TRUE without *@done: somebody is reading what is in the
 * log; the next call goes on. @progress is nullable. */
gboolean desk_scrub (DeskDb *db,
                     gboolean *done,
                     DeskProgress progress,
                     gpointer user_data,
                     GCancellable *cancellable,
                     GError **error);

G_END_DECLS
