/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of tickets: keys of a view in order, rows for the eye, counts for the queues.
 *
 * A list is first only its keys (16 bytes a ticket); rows are read by page as they come into sight.
 * An id is the file's own number of a ticket: never shown, never sent, never kept. @reader is who
 * looks; only tickets that desk_can (SEE) allows are there. Functions over a connection; they fail
 * with DESK_STORE_ERROR or G_IO_ERROR_CANCELLED. */
#pragma once

#include "desk-db.h"
#include "desk-view.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 key; /* of the sort: a list is in ascending order of (key, id) */
  gint64 id;
} DeskKey;

/* One line of a list; a single allocation, freed with desk_row_free(). Strings may be NULL where
 * marked. */
typedef struct
{
  gint64 id;
  const char *uid;
  const char *number; /* or NULL: filed here, and not on the server yet */
  const char *summary;
  const char *requester; /* name */
  const char *requester_uid;
  const char *assignee;     /* name, or NULL */
  const char *assignee_uid; /* or NULL */
  const char *last_by;      /* name of who wrote the newest text, or NULL */
  const char *last_by_uid;  /* or NULL */
  const char *last_text;    /* its start in one line, or NULL */
  const char *department;   /* slug, or NULL when the reader may not know */
  DeskStatus status;
  DeskPriority priority;
  gint64 target_secs;
  gint64 spent_secs;
  gint64 running_since;
  gint64 due_at; /* 0: none or paused */
  gint64 created_at;
  gint64 updated_at; /* of the newest event that the reader sees */
  gint64 closed_at;
  gboolean has_attachments;
  gboolean unread;  /* events that the reader has not seen */
  guint pending;    /* changes of it that wait to be sent */
} DeskRow;

void desk_row_free (DeskRow *self);

/* All keys of @view in order of @sort, or the first @limit of them (0: all). @now decides overdue.
 * (transfer full) (element-type DeskKey) */
GArray *desk_rows_keys (DeskDb *db,
                        const DeskPerson *reader,
                        const DeskView *view,
                        DeskSort sort,
                        guint limit,
                        gint64 now,
                        GError **error);

/* The same, but only what comes behind @after (nullable). In the order of recency that costs no
 * more than the page. */
GArray *desk_rows_keys_after (DeskDb *db,
                              const DeskPerson *reader,
                              const DeskView *view,
                              DeskSort sort,
                              const DeskKey *after,
                              guint limit,
                              gint64 now,
                              GError **error);

/* The rows of @ids in their order; ids that are gone or may not be seen are NULL members.
 * (transfer full) (element-type DeskRow) */
GPtrArray *desk_rows_load (
    DeskDb *db, const DeskPerson *reader, const gint64 *ids, guint n_ids, GError **error);

/* What changed in a list since transaction @tx: ids with their present key; those that left the
 * view have @gone set. What time alone makes overdue is not told, nor what the reader sees by other
 * rights: then the keys are read anew. */
typedef struct
{
  DeskKey key;
  gboolean gone;
} DeskKeyChange;

/* @tx is moved to the newest transaction that the answer covers. More than @max changed tickets:
 * returns an empty array and sets @too_many; read the keys anew. (transfer full) (element-type
 * DeskKeyChange) */
GArray *desk_rows_changed (DeskDb *db,
                           const DeskPerson *reader,
                           const DeskView *view,
                           DeskSort sort,
                           gint64 *tx,
                           guint max,
                           gboolean *too_many,
                           gint64 now,
                           GError **error);

/* The newest transaction's number. */
gboolean desk_rows_get_tx (DeskDb *db, gint64 *tx, GError **error);

typedef struct
{
  gint64 views[DESK_VIEW_DEPARTMENT]; /* by DeskViewKind */
  GHashTable *departments;            /* slug → guint of open tickets, GUINT_TO_POINTER */
} DeskCounts;

/* Badges of the queues, from counters kept while writing. (transfer full) */
DeskCounts *desk_rows_count (DeskDb *db, const DeskPerson *reader, gint64 now, GError **error);
void desk_counts_free (DeskCounts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskRow, desk_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskCounts, desk_counts_free)

G_END_DECLS
