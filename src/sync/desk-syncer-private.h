/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a syncer is made of; inside this layer. */
#pragma once

#include "desk-attendance.h"
#include "desk-listener.h"
#include "desk-sync.h"
#include "desk-syncer.h"
#include "desk-turn.h"
#include "desk-watch.h"

G_BEGIN_DECLS

/* Why the thread is to look. */
typedef enum
{
  DESK_WAKE_HERE = 1 << 0,  /* the copy has changed: is there something to send? */
  DESK_WAKE_NEWS = 1 << 1,  /* the server has something to read, or its stream has ended */
  DESK_WAKE_RETRY = 1 << 2, /* somebody says: now */
  DESK_WAKE_STOP = 1 << 3,
  DESK_WAKE_RESUME = 1 << 4, /* somebody wants to go on after a pause */
} DeskWake;

struct _DeskSyncer
{
  GObject parent_instance;

  DeskAccount account;
  GMainContext *context; /* of who made it */
  DeskWatch *watch;      /* of what other connections commit */
  DeskSyncerStatus status;
  DeskAttendance *attendance; /* as long as the thread is */
  gint telling_presence;      /* atomic */

  GThread *thread;
  GCancellable *cancellable; /* of all */
  GCancellable *exchange;    /* of what is sent and read until the next pause */
  GMutex mutex;              /* of: */
  GCond cond;
  guint wakes; /* bits of DeskWake */
  DeskSyncerStatus next;
  gboolean telling;

  /* the thread's own */
  DeskDb *db;
  DeskTurn *turn;
  DeskRemote *remote;
  DeskSync *sync;
  DeskListener *listener;
  guint n_failures;
  gint64 uploaded_us; /* when progress was told last */
};

/* Of the thread: what comes next, told in the main loop. */
void desk_syncer_set_state (DeskSyncer *self, DeskSyncerState state, gint64 n_tickets);
void desk_syncer_set_trouble (DeskSyncer *self,
                              DeskSyncerState state,
                              const GError *trouble,
                              gint64 retry_us);
/* The state stays. */
void desk_syncer_refresh_counts (DeskSyncer *self);
void desk_syncer_upload_cb (const DeskOp *op,
                            const DeskAttachment *file,
                            gint64 sent_bytes,
                            gpointer data);
void desk_syncer_clear_status (DeskSyncerStatus *status);

/* Of the attendance and the listener, on their threads. */
void desk_syncer_tell_presence (gpointer data);
void desk_syncer_hear_presence (GPtrArray *others, gpointer data);

G_END_DECLS
