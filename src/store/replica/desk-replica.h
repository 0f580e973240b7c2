/* SPDX-License-Identifier: GPL-3.0-or-later
 * A replica: one person's copy of a desk on a server, kept in a desk file of its own.
 *
 * It has the same tables, so lists, search, counts and loading read it as they read any desk. Only
 * what the server sent goes in: nothing is folded. The row of a ticket with ops that wait to be
 * sent (desk-outbox.h) shows what they are expected to make of it. Its order (tx) is its own: a
 * fill counts down from a place above everything that is there, what comes afterwards counts up.
 *
 * Who talks to the server does it like this:
 *   begin: no cursor: GET snapshot, apply; go on with the page's `next` while it says more.
 *   then:  GET changes since the cursor, apply, and so on.
 *   410:   desk_replica_begin_fill() unless something else was heard since, and begin again. The
 *          outbox stays.
 * Besides it sends ops, asks for events that are missing, and for old tickets. Answers may come
 * late, twice, or in another order than they were given. So each is taken in only when nothing else
 * was since it was asked for, which a stamp tells; else it is passed over, and asked for again.
 *
 * With each answer the server says how far it is itself (its mark, sealed), and each request brings
 * the mark of the answer that was heard last. A cursor alone would not betray that a desk was
 * restored to a time after it, and before what an answer outside of the feed has told. A request
 * whose mark is of another past gets 410 too, ops before any of them is looked at.
 *
 * Functions over a connection; those that write are one transaction each and need to be outside of
 * one. Fail with DESK_STORE_ERROR. */
#pragma once

#include "desk-db.h"
#include "desk-page.h"
#include "desk-protocol.h"

G_BEGIN_DECLS

/* A new file at @path: @me's copy of the desk @desk_uid, which is served at @address. Empty; the
 * first fill is to begin. (transfer full) */
DeskDb *desk_replica_create (const char *path,
                             const char *address,
                             const char *desk_uid,
                             const DeskPerson *me,
                             GError **error);

/* Whether @db is a replica; costs a step. FALSE with @error when that cannot be found out. */
gboolean desk_replica_check (DeskDb *db, gboolean *is_one, GError **error);

typedef struct
{
  char *address;
  char *reader;      /* person uid: whose copy it is */
  char *cursor;      /* NULL: begin a fill */
  char *seen;        /* the server's mark, to send with a request; or NULL */
  gint64 stamp;      /* of a request that is made of this */
  gboolean filling;  /* the cursor is for the snapshot, else for the changes */
  gint64 pulled_at;  /* when the last page was applied; 0: never */
  gint64 waiting;    /* ops to send */
  gint64 refused;    /* ops that came back to their author */
  gint64 incomplete; /* tickets whose history has gaps */
  gint64 unindexed;  /* tickets that search does not find yet */
} DeskReplicaState;

/* (transfer full) */
DeskReplicaState *desk_replica_get_state (DeskDb *db, GError **error);
void desk_replica_state_free (DeskReplicaState *self);

/* That of a request that is made now. */
gboolean desk_replica_get_stamp (DeskDb *db, gint64 *stamp, GError **error);

/* --- pages --- */

/* The server says that the cursor is no good any more, or there is none: everything is sent again.
 * What is here stays until the fill is done and what changed meanwhile is read; what neither has
 * brought goes then. */
gboolean desk_replica_begin_fill (DeskDb *db, GError **error);

/* Applies @page, asked for at @stamp with the replica's cursor, together with its own cursor.
 * @seen: the mark that came with it (nullable). @applied is FALSE, and nothing has happened, when
 * something else was heard since: ask again. */
gboolean desk_replica_apply (DeskDb *db,
                             const DeskPage *page,
                             gint64 stamp,
                             const char *seen,
                             gint64 now,
                             gboolean *applied,
                             GError **error);

/* Makes texts findable that a fill brought: of at most @max tickets. @left: how many are to be done
 * after that. */
gboolean desk_replica_index (DeskDb *db, guint max, gint64 *left, GError **error);

/* --- single tickets --- */

/* A ticket of which events are missing. */
typedef struct
{
  char *ticket;    /* uid */
  gint64 after_no; /* of the event before the first that is missing */
} DeskGap;

void desk_gap_free (DeskGap *self);
/* At most @max. (transfer full) (element-type DeskGap) */
GPtrArray *desk_replica_list_gaps (DeskDb *db, guint max, GError **error);

/* Takes in what the server said of one ticket: events that were missing, or one that is out of the
 * replica's scope. @people (nullable): who is named. @stamp and @seen: as above. @taken is FALSE,
 * and nothing has happened, when something else was heard since: ask again. */
gboolean desk_replica_take_in (DeskDb *db,
                               const DeskPut *put,
                               GPtrArray *people,
                               gint64 stamp,
                               const char *seen,
                               gboolean *taken,
                               GError **error);

/* How far tickets were read here, of which the server does not know; after_no is what to tell. At
 * most @max. (transfer full) (element-type DeskGap) */
GPtrArray *desk_replica_list_untold (DeskDb *db, guint max, GError **error);
/* The server knows of @told, one of them. In a transaction of its own. */
gboolean desk_replica_note_told (DeskDb *db, const DeskGap *told, GError **error);

/* Leaves files to the server that take more than @max_bytes here, those that were used least
 * lately; none that the outbox names, and not the one of @wanted (nullable), which somebody is
 * about to look at. Transactions of its own. */
gboolean desk_replica_trim_files (DeskDb *db, gint64 max_bytes, const char *wanted, GError **error);
/* Notes that the file is used. @here: its content is. In a transaction of its own. */
gboolean
desk_replica_use_file (DeskDb *db, const char *sha256, gint64 now, gboolean *here, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskReplicaState, desk_replica_state_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskGap, desk_gap_free)

G_END_DECLS
