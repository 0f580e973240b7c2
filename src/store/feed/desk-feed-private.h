/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of the feed share: a page while it is made. */
#pragma once

#include "desk-feed.h"
#include "desk-fold.h"
#include "desk-reader.h"

G_BEGIN_DECLS

/* A page while it is made, in one transaction; lives on the stack. */
typedef struct
{
  DeskDb *db;
  DeskPerson *person; /* the reader as the desk knows them now */
  DeskReader reader;
  const DeskFeedLimits *limits;
  gint64 now;
  gboolean own_transaction;
  DeskPage *page;
  GHashTable *people; /* uid → DeskPerson */
  GHashTable *told;   /* ids of tickets that the page has already */
  gsize bytes;        /* of the puts, about */
  gint64 last_event;  /* the newest that was put */
  guint8 rights[16];  /* digest of the reader's, once it was asked for */
  gboolean has_rights;
} DeskFeeding;

/* FALSE with @error; closing is needed either way. */
gboolean desk_feeding_open (DeskFeeding *self,
                            DeskDb *db,
                            const DeskPerson *reader,
                            const DeskFeedLimits *limits,
                            gint64 now,
                            GError **error);
void desk_feeding_close (DeskFeeding *self);
/* The page with the people who are named in it. (transfer full) */
DeskPage *desk_feeding_steal_page (DeskFeeding *self);

/* Whether the page may take no more. */
gboolean desk_feeding_is_full (const DeskFeeding *self);
/* Puts the ticket with its events behind @after_event (0: all of them), if the reader may see it
 * and the page has not got it yet. */
gboolean desk_feeding_put (DeskFeeding *self, gint64 ticket, gint64 after_event, GError **error);
/* The ticket as the reader sees it, with the events of @range; NULL without @error when they do
 * not. @last_id: as of desk_fold_read_range(). (transfer full) */
DeskPut *desk_feeding_make_put (DeskFeeding *self,
                                DeskFold *fold,
                                const DeskEventRange *range,
                                gint64 *last_id,
                                GError **error);

/* All entries that the reader may know. */
void desk_feeding_add_entries (DeskFeeding *self);
/* Somebody as the desk knows them; takes @person. */
void desk_feeding_take_person (DeskFeeding *self, DeskPerson *person);

/* --- cursors --- */

/* Of the reader, in this incarnation, at this time; the position is the caller's. */
gboolean desk_cursor_stamp (DeskFeeding *self, DeskCursor *cursor, GError **error);
/* Whether @cursor is the reader's, of this past, and of their present rights. */
gboolean desk_cursor_check (DeskFeeding *self, const DeskCursor *cursor, GError **error);
/* Notes that every event up to @event is there. */
gboolean desk_cursor_set_event (DeskDb *db, DeskCursor *cursor, gint64 event, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DeskFeeding, desk_feeding_close)

G_END_DECLS
