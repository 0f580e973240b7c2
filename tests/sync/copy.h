/* SPDX-License-Identifier: GPL-3.0-or-later
 * A replica and who talks to the server for it, without a network: what is asked and what becomes
 * of the answers are apart, so that anything may happen between. */
#pragma once

#include "desk-outbox.h"
#include "desk-tickets.h"

G_BEGIN_DECLS

typedef struct
{
  char *path;
  char *reader; /* person uid */
  DeskDb *db;
  char *wanted; /* a ticket that is not here, and that somebody wants to read; or NULL */
  gint64 skew;  /* of this computer's clock, in seconds */
  /* The desk may know something else of what was read: from another computer, before the ticket
   * changes; or it was restored to before that, which it does not notice by this alone. */
  gboolean reads_apart;
  GString *received; /* all answers, when it is there */
} Copy;

/* Makes the replica of @reader_uid at @path; @desk: a connection to the desk it is a copy of. */
void copy_create (Copy *self, const char *path, DeskDb *desk, const char *reader_uid);
void copy_open (Copy *self);
void copy_close (Copy *self); /* the file stays */
void copy_clear (Copy *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copy, copy_clear)

/* What was asked, until its answer is there. */
typedef enum
{
  COPY_PULL,
  COPY_PUSH,
  COPY_FETCH,
  COPY_READ, /* what is wanted */
  COPY_TELL, /* how far something was read */
} CopyAskKind;

#define COPY_N_ASKS (COPY_TELL + 1)

typedef struct
{
  gatomicrefcount ref_count;
  CopyAskKind kind;
  char *request;
  DeskBatch *batch; /* of a push */
  DeskGap *told;    /* of what is told */
  gint64 stamp;
} CopyAsk;

CopyAsk *copy_ask_ref (CopyAsk *self);
void copy_ask_unref (CopyAsk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CopyAsk, copy_ask_unref)

/* NULL without @error: there is nothing to ask. */
CopyAsk *copy_ask (Copy *self, CopyAskKind kind, GError **error);
/* Right before it goes out; FALSE without @error when it is not to: something was taken back. */
gboolean copy_leave (Copy *self, CopyAsk *ask, GError **error);
/* For certain it did not. */
gboolean copy_stay (Copy *self, const CopyAsk *ask, GError **error);
/* FALSE: the replica itself failed, and nothing has happened. */
gboolean copy_take (Copy *self, const CopyAsk *ask, const char *answer, gint64 now, GError **error);

/* The lists of what copies and desks say, for comparing: as text, of everything that @reader is
 * shown of it. @scope: uids of tickets, or NULL for all that there are. */
char *copy_describe (DeskDb *db, const char *reader_uid, GPtrArray *uids, gint64 now);
/* uids of all tickets in the file, in order. */
GPtrArray *copy_list_tickets (DeskDb *db);
/* What is wrong: the first difference between replica and desk, or NULL. */
char *copy_compare (Copy *self, DeskDb *desk, gint64 now);

/* What @op refers to, onto @desk. */
void copy_upload (Copy *self, DeskDb *desk, const DeskOp *op);

/* Sends, reads, fetches and indexes until there is nothing left to do; with a desk that answers at
 * once. */
void copy_sync (Copy *self, DeskDb *desk, gint64 now);
void copy_pull (Copy *self, DeskDb *desk, gint64 now);

G_END_DECLS
