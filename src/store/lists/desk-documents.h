/* SPDX-License-Identifier: GPL-3.0-or-later
 * The search documents: one per event with words, in the index of its audience.
 *
 * A document is derived from the ticket's summary and the event alone, so that it can be taken out
 * again word for word (the index keeps no copy) and made anew at any time. Inside a transaction. */
#pragma once

#include "desk-fold.h"

G_BEGIN_DECLS

/* What is public also has its requester's row as a word, so that requesters search in their own. The
 * word begins with a sign for private use, which nobody can search for. (transfer full) */
#define DESK_DOCUMENT_OWNER_SIGN "\xee\x80\x80"
char *desk_document_get_owner (gint64 requester);

/* The words of @event in a ticket of @requester called @summary; NULL when it has none. (transfer
 * full) (nullable) */
char *desk_document_make (const char *summary, gint64 requester, const DeskEvent *event);

/* @id: of the event's row; @requester: of the person's. */
gboolean desk_documents_put (DeskDb *db,
                             const char *summary,
                             gint64 requester,
                             const DeskEvent *event,
                             gint64 id,
                             GError **error);
/* @summary: the one it was added or rewritten with. */
gboolean desk_documents_remove (DeskDb *db,
                                const char *summary,
                                gint64 requester,
                                const DeskEvent *event,
                                gint64 id,
                                GError **error);
/* The ticket's summary was @old_summary until now: rewrites the documents of events before
 * @before_no. */
gboolean desk_documents_follow (DeskDb *db,
                                DeskFold *fold,
                                gint64 before_no,
                                const char *old_summary,
                                GError **error);

G_END_DECLS
