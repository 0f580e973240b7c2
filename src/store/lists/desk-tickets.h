/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket with its history, as one reader sees it.
 *
 * Readers who may not see the ticket get DESK_ERROR_NO_SUCH, as for a number that does not exist;
 * requesters get the projection. Functions over a connection. */
#pragma once

#include "desk-db.h"
#include "desk-event.h"

G_BEGIN_DECLS

/* What a conversation window shows. */
typedef struct
{
  gatomicrefcount ref_count; /* private */
  gint64 id;
  DeskTicket *ticket;
  GPtrArray *events;  /* of DeskEvent, by no */
  GHashTable *people; /* uid → DeskPerson, everybody named by the ticket and its events */
  gint64 seen_no;     /* how far the reader has read (in the reader's own counting) */
  /* Of a copy: */
  guint pending;         /* ops that wait to be sent; the last events, those with no 0, are theirs */
  GHashTable *tried;     /* uids of those that may be on the server nevertheless; NULL: none */
  GHashTable *absent;    /* sha256 of attachments whose content is on the server only; NULL: none */
  gboolean incomplete;   /* older events are still to come from the server */
} DeskCase;

DeskCase *desk_case_ref (DeskCase *self);
void desk_case_unref (DeskCase *self);
/* Who @uid (nullable) is; NULL for nobody and for who is not named there. An erased person has no
 * name and no login. Lent. */
const DeskPerson *desk_case_find_person (const DeskCase *self, const char *uid);

/* @ref is a number ("1042", "#1042") or a uid. @after_no: only events after it (0: all). (transfer
 * full) */
DeskCase *desk_tickets_load (
    DeskDb *db, const DeskPerson *reader, const char *ref, gint64 after_no, GError **error);

/* Takes everybody whom @ticket and @events name into @people: uid → DeskPerson, whose keys are lent
 * by the values. */
gboolean desk_tickets_add_people (
    DeskDb *db, GHashTable *people, const DeskTicket *ticket, GPtrArray *events, GError **error);

/* Remembers that @reader has read the ticket up to @no of their own counting; it never goes back.
 * Needs a write transaction. */
gboolean desk_tickets_mark_seen (
    DeskDb *db, const DeskPerson *reader, const char *ref, gint64 no, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskCase, desk_case_unref)

G_END_DECLS
