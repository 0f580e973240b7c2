/* SPDX-License-Identifier: GPL-3.0-or-later
 * A replica: one person's copy of a desk on a server, kept in a desk file of its own.
 *
 * It has the same tables, so lists, search, counts and loading read it as they read any desk. Only
 * what the server sent goes in: nothing is folded. The row of a ticket with ops that wait to be sent
 * (desk-outbox.h) shows what they are expected to make of it. Its order (tx) is its own: a fill
 * counts down from a place above everything that is there, what comes afterwards counts up.
 *
 * Who talks to the server does it like this:
 *   begin: no cursor: GET snapshot, apply; go on with the page's `next` while it says more.
 *   then:  GET changes since the cursor, apply, and so on.
 *   410:   desk_replica_begin_fill(), and begin again. The outbox stays.
 * What is asked for outside of that (an op, an event that is missing, an old ticket) may be answered
 * before a page that is here already was read: a DeskStamp, taken before asking, tells.
 *
 * With each answer the server says how far it is itself ("seen", a time and what only it can read),
 * and is told so with each request: a cursor alone would not betray that a desk was restored to
 * before what an answer outside of the feed has told. Such a request gets 410 too, ops before any of
 * them is looked at.
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
  char *seen;        /* to send with every request; or NULL */
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

/* What was known when something was asked. */
typedef struct
{
  gint64 past;   /* goes up with every fill that begins */
  gint64 losses; /* goes up with every ticket that went, or is seen another way since */
} DeskStamp;

gboolean desk_replica_get_stamp (DeskDb *db, DeskStamp *stamp, GError **error);

/* --- pages --- */

/* The server says that the cursor is no good any more, or there is none: everything is sent again.
 * What is here stays until the fill is done; what it did not bring goes then. */
gboolean desk_replica_begin_fill (DeskDb *db, GError **error);

/* Applies @page, the answer to the cursor @asked (nullable), with its own cursor. @seen (nullable)
 * came with it. @applied is FALSE, and nothing has happened, when the replica stands elsewhere by
 * now: ask again. */
gboolean desk_replica_apply (DeskDb *db,
                             const DeskPage *page,
                             const char *asked,
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
 * replica's scope. @people (nullable): who is named. @stamp: of before it was asked. @seen
 * (nullable) came with it. @taken is FALSE, and nothing has happened, when it may be out of date: ask again. */
gboolean desk_replica_take_in (DeskDb *db,
                               const DeskPut *put,
                               GPtrArray *people,
                               const DeskStamp *stamp,
                               const char *seen,
                               gboolean *taken,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskReplicaState, desk_replica_state_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskGap, desk_gap_free)

G_END_DECLS
