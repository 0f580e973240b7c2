/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a reader's copy of the desk lacks, page by page; and what an op's author is told.
 *
 * Nothing is written for it: a ticket carries the transaction of its newest event (and of its
 * newest public one), and a copy stands at a position. Reading finds what lies behind that
 * position, as
 * @reader may see it now; `moved` remembers from whom a ticket was taken. A position leaves the
 * server only sealed: it would tell a requester how much happens. A requester's position moves by
 * what they receive alone, so that a note changes nothing of what they get.
 *
 * Functions over a connection, each in one read transaction of its own when there is none. Fail
 * with DESK_FEED_ERROR, DESK_STORE_ERROR, G_IO_ERROR_CANCELLED. */
#pragma once

#include "desk-page.h"
#include "desk-protocol.h"
#include "desk-submit.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_FEED_ERROR_INVALID_CURSOR, /* not one of ours, or somebody else's */
  DESK_FEED_ERROR_REFILL, /* of another past, of other rights or too old: fill the copy again */
} DeskFeedError;

#define DESK_FEED_ERROR (desk_feed_error_quark ())
GQuark desk_feed_error_quark (void);

/* Longer ago than this nobody remembers who lost sight of a ticket. */
#define DESK_FEED_KEPT_SECS (90 * 24 * 60 * 60)

/* --- the cursor --- */

/* Where a reader's copy stands. */
typedef struct
{
  guint8 incarnation[16]; /* of the desk's server when it was given */
  guint8 reader[16];      /* person uid */
  guint8 rights[16];      /* digest of the reader's role, departments and teams */
  gint64 at;              /* when it was given */
  gint64 tx;              /* everything up to it is there */
  gint64 event;           /* of each ticket every event up to it is there */
  guint8 event_uid[16];   /* of that event: another past has another */
  gint64 revision;        /* of the catalogue */
  /* Of a fill only: */
  gint64 stage; /* 0: no fill, or it is done */
  gint64 key;   /* of the last ticket in the stage … */
  gint64 id;    /* … and the file's number of it */
  gint64 since; /* closed before it: not filled in */
} DeskCursor;

/* The same length for every cursor; the server seals these bytes. */
#define DESK_CURSOR_BYTES 129
void desk_cursor_pack (const DeskCursor *cursor, guint8 bytes[DESK_CURSOR_BYTES]);
/* FALSE: of another version. */
gboolean desk_cursor_unpack (const guint8 *bytes, gsize size, DeskCursor *cursor);

/* --- the server's start --- */

/* A new incarnation of the desk, and the key that seals its cursors. @fresh_key is kept when the
 * desk has none yet. In a transaction of its own. (transfer full): the key. */
GBytes *desk_feed_start (DeskDb *db, GBytes *fresh_key, gint64 now, GError **error);
/* Forgets what is older than DESK_FEED_KEPT_SECS. Inside a transaction. */
gboolean desk_feed_sweep (DeskDb *db, gint64 now, GError **error);

/* --- reading --- */

/* What one page may cost. */
typedef struct
{
  guint rows; /* looked at */
  guint puts;
  gsize bytes;  /* of texts, about; a single ticket may be more */
  guint events; /* of one ticket, the newest; a copy asks for the others itself */
} DeskFeedLimits;

extern const DeskFeedLimits desk_feed_limits;

/* What is new after @since. @limits: NULL for the above. @next: where the page ends, the cursor to
 * seal; the page's own `next` is the caller's to fill in. (transfer full) */
DeskPage *desk_feed_read (DeskDb *db,
                          const DeskPerson *reader,
                          const DeskCursor *since,
                          const DeskFeedLimits *limits,
                          gint64 now,
                          DeskCursor *next,
                          GError **error);

/* Whether a page after @cursor would tell the reader anything; if not, an agent's @cursor is moved
 * on. @pass: if so, it is moved behind everything that there is, for a stream that tells of it; such
 * a cursor must not be given away: a requester's would tell how much happens. Costs a few steps in
 * an index; for long polls and streams after each commit. */
gboolean desk_feed_has_news (DeskDb *db,
                             const DeskPerson *reader,
                             DeskCursor *cursor,
                             gboolean pass,
                             gboolean *has_news,
                             gint64 now,
                             GError **error);

/* The same for an empty @cursor: where a stream stands that has told of everything. */
gboolean desk_feed_skip (
    DeskDb *db, const DeskPerson *reader, DeskCursor *cursor, gint64 now, GError **error);

/* The first fill and the refill: @after NULL begins, with the entries, the agents and oneself; then
 * tickets newest first: what is in work, one's own, what was closed lately. While the page says
 * more, @next goes on filling; after that it is for desk_feed_read(), and stands where the desk
 * stood when the fill began. (transfer full) */
DeskPage *desk_feed_fill (DeskDb *db,
                          const DeskPerson *reader,
                          const DeskCursor *after,
                          const DeskFeedLimits *limits,
                          gint64 now,
                          DeskCursor *next,
                          GError **error);

/* --- single tickets --- */

/* The ticket @ref (uid or number) with the reader's events after @after_no, oldest first and at
 * most @max (0: all). @people (nullable, from desk_feed_people_new()) takes in who is named.
 * DESK_ERROR_NO_SUCH for who may not see it. (transfer full) */
DeskPut *desk_feed_load (DeskDb *db,
                         const DeskPerson *reader,
                         const char *ref,
                         gint64 after_no,
                         guint max,
                         GHashTable *people,
                         GError **error);

/* uid → DeskPerson. */
GHashTable *desk_feed_people_new (void);
/* As @reader may know them. (transfer full) (element-type DeskPerson) */
GPtrArray *desk_feed_people_to_array (GHashTable *people, const DeskPerson *reader);

/* --- ops --- */

/* Submits @op (see desk_submit_in(); inside a write transaction) and says what to answer once that
 * is committed. It becomes @author's, whatever it says; @author is kept by the desk. NULL with
 * @error for what is no answer: the transaction has to be rolled back. (transfer full) */
DeskOpResult *desk_feed_submit (DeskDb *db,
                                DeskOp *op,
                                const DeskPerson *author,
                                gint64 now,
                                GHashTable *people,
                                GError **error);

G_END_DECLS
