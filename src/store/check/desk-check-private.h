/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of a check share. */
#pragma once

#include "desk-check.h"
#include "desk-fold.h"
#include "desk-replica-private.h"

G_BEGIN_DECLS

/* The search documents as the events make them; desk-check-search.c. */
typedef struct _DeskCheckWords DeskCheckWords;

typedef struct
{
  DeskDb *db;
  DeskCheckFunc report;
  gpointer user_data;
  DeskProgress progress;
  GCancellable *cancellable;
  gint64 n_problems;
  /* The share of the whole that the present part has, in thousandths. */
  int from;
  int to;
  DeskCheckWords *words;
  gboolean is_replica;
  DeskReplica replica; /* when it is one */
} DeskCheck;

void desk_check_tell (DeskCheck *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* @done of @total of the present part. FALSE when the check was cancelled. */
gboolean desk_check_go_on (DeskCheck *self, gint64 done, gint64 total, GError **error);

DeskCheckWords *desk_check_words_new (DeskDb *db, GError **error);
void desk_check_words_free (DeskCheckWords *self);
/* Takes note of the documents that a ticket should have. */
gboolean desk_check_words_expect (
    DeskCheckWords *self, DeskDb *db, DeskFold *fold, GPtrArray *events, GError **error);
/* Compares them with those that there are. */
gboolean desk_check_search (DeskCheck *self, GError **error);

gboolean desk_check_blobs (DeskCheck *self, GError **error);

G_END_DECLS
