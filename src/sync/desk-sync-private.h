/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the steps between a copy and its server share; inside this layer. */
#pragma once

#include "desk-sync.h"

G_BEGIN_DECLS

struct _DeskSync
{
  DeskRemote *remote;
  DeskDb *db;
  char *device;
  DeskTransfer *transfer;
};

/* Where the copy stands, of which each request tells the server. (transfer full) */
DeskReplicaState *desk_sync_look (DeskSync *self, GError **error);

G_END_DECLS
