/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of the store's front share: packing a call's arguments and pushing its job.
 *
 * On the store's own thread, but for the members of a call inside its job. */
#pragma once

#include "desk-store.h"
#include "desk-worker.h"

G_BEGIN_DECLS

/* The arguments of every job; each call uses some of them. */
typedef struct
{
  DeskPerson *me;
  gint64 now;
  DeskView view;
  DeskSort sort;
  guint limit;
  gint64 tx;
  gint64 no;
  gint64 *ids;
  guint n_ids;
  char *text; /* words, a ticket's uid or number, a path */
  DeskOp *op;
  DeskAttachment *attachment;
  GBytes *bytes;
  GFile *file;
  GHashTable *seen;
  char *login;
  char *name;
  gsize max_bytes;
  GFileProgressCallback progress;
  gpointer progress_data;
  GTask *task; /* lent: the call lives in it */
} DeskCall;

/* With me and the time filled in. */
DeskCall *desk_store_new_call (DeskStore *self);
/* Takes @call. */
void desk_store_push (DeskStore *self,
                      DeskCrewKind crew,
                      DeskCall *call,
                      gpointer source_tag,
                      DeskJobFunc func,
                      GDestroyNotify free_result,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
/* What the job returned. */
gpointer desk_store_finish (DeskStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
