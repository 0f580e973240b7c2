/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket as the file has it: the row with its own numbers, and its events, unfiltered.
 *
 * What reading, submitting, checking and exporting share inside the store. */
#pragma once

#include "desk-db.h"
#include "desk-event.h"

G_BEGIN_DECLS

/* A ticket's row: the value, and what only this file knows of it. */
typedef struct
{
  DeskTicket *ticket;
  gint64 id;       /* 0: not in the file yet */
  gboolean is_new; /* it has an id, but its row is still to be written */
  gint64 tx;
  gint64 public_tx;
  gint64 last_event; /* the newest event with words, for lists; 0: none */
  gint64 public_last_event;
  gint64 attachments;
  gint64 requester_id;
  gint64 assignee_id;
  DeskPerson *requester; /* when no more than that: agents are the catalogue's; may be NULL */
} DeskFold;

void desk_fold_free (DeskFold *self);

/* By uid, or by number with or without "#" and what the desk's format puts in front. NULL without
 * @error when there is none. (transfer full) */
DeskFold *desk_fold_find (DeskDb *db, const char *ref, GError **error);
/* A number in the desk's format, from its value alone; NULL when @text is none. (transfer full) */
char *desk_fold_complete_number (DeskDb *db, const char *text);
DeskFold *desk_fold_find_id (DeskDb *db, gint64 id, GError **error);

/* All events after @after_no with their attachments, by no. (transfer full) (element-type
 * DeskEvent) */
GPtrArray *desk_fold_read_events (DeskDb *db, DeskFold *fold, gint64 after_no, GError **error);

/* Which of a ticket's events, from one end. */
typedef struct
{
  gint64 after_no;     /* 0: from the first */
  gint64 after_id;     /* 0: from the first; the file's number of an event */
  gboolean public_only;
  gboolean oldest_first; /* the limits leave out the newest; else the oldest */
  guint max;             /* 0: all */
  gsize max_bytes;       /* of text, about; 0: any; one event is always given */
} DeskEventRange;

/* Those, by no. @last_id (nullable): the file's number of the newest among them, or 0. */
GPtrArray *desk_fold_read_range (
    DeskDb *db, DeskFold *fold, const DeskEventRange *range, gint64 *last_id, GError **error);
/* Those of one op. */
GPtrArray *desk_fold_read_events_of_op (DeskDb *db, DeskFold *fold, const char *op, GError **error);

/* That of a row of DESK_SQL_EXPORT_EVENTS. @digest: of its op, as hex digits, or NULL. (transfer
 * full) */
DeskEvent *
desk_fold_read_event (DeskDb *db, DeskQuery *query, char **digest, GError **error);

/* The file's number and the stored digest of the event @uid; 0: there is none. */
gboolean desk_fold_find_event (
    DeskDb *db, const char *uid, gint64 *id, gint64 *ticket, GBytes **digest, GError **error);

/* --- folding --- */

/* Folds the stored @event, row @id: the ticket, its newest words, its number of attachments. A
 * summary that was taken out is "". */
void desk_fold_apply (DeskFold *fold, const DeskEvent *event, gint64 id);

/* What @events, the whole history of the ticket @uid, make of it; nothing of the file's own but the
 * newest words. (transfer full) */
DeskFold *desk_fold_again (DeskDb *db, const char *uid, GPtrArray *events, GError **error);

/* --- writing; inside a transaction --- */

/* Gives a new ticket its id, so that its events can be written before its row. */
gboolean desk_fold_reserve (DeskDb *db, DeskFold *fold, GError **error);
/* Inserts or replaces the ticket's row; sets id of a new one, and requester_id and assignee_id. */
gboolean desk_fold_write (DeskDb *db, DeskFold *fold, GError **error);

/* The row of the attachment's content, which must be in the desk with that very size. 0 with @error
 * (DESK_ERROR_NO_SUCH). */
gint64 desk_fold_find_blob (DeskDb *db, const DeskAttachment *attachment, GError **error);
/* Stores the stamped @event behind @fold's row, with its attachments and its search document, and
 * folds it in; the row itself is the caller's to write. @author: the row of the event's. @digest: of
 * the op, on its first event only. */
gboolean desk_fold_add_event (DeskDb *db,
                              DeskFold *fold,
                              const DeskEvent *event,
                              gint64 author,
                              GBytes *digest,
                              GError **error);

/* Under what a ticket is counted for the badges of the queues, and who sees it. */
typedef struct
{
  gint64 department; /* entry id */
  gint64 team;       /* entry id; 0: none */
  gint64 assignee;   /* person id; 0: nobody */
  gint64 status;
  gint64 requester; /* person id; not counted by */
} DeskTallyKey;

DeskTallyKey desk_fold_get_tally_key (DeskDb *db, const DeskFold *fold);
/* Counts the ticket under its present key, and not under @before (nullable) any more. */
gboolean
desk_fold_move_tally (DeskDb *db, const DeskTallyKey *before, const DeskFold *fold, GError **error);

/* Whether the requester is shown another ticket than before though no public event says so: a
 * private department looks like the desk's. Then it counts as publicly changed. */
gboolean
desk_fold_looks_different (DeskDb *db, const DeskTallyKey *before, const DeskFold *fold);
/* Remembers where the ticket was when this took it away from anybody who saw it there. */
gboolean desk_fold_note_move (
    DeskDb *db, const DeskTallyKey *before, const DeskFold *fold, gint64 now, GError **error);

/* Takes text, attachments and personal values out of the event @target, its search document and
 * the ticket's row, which is folded again. */
gboolean desk_fold_redact (DeskDb *db, DeskFold *fold, const char *target, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskFold, desk_fold_free)

G_END_DECLS
