/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keeps a copy of a desk and its server in step for as long as an app runs.
 *
 * A thread of its own has a connection to the copy, sends what waits and reads what is new; another
 * one listens for news. Network trouble is waited out; a session that ended, a certificate or a
 * version wait for somebody. While a command has the turn (desk-turn.h), it does the work. The
 * object is used on the thread that made it, whose main loop brings the signals.
 *
 * Signals: "changed": the status is another one; "presence": others have come to a ticket or gone.
 */
#pragma once

#include "desk-account.h"
#include "desk-outbox.h"
#include "desk-presence.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_SYNCER_STARTING,
  DESK_SYNCER_FILLING, /* the first fill, or a fill anew; n_tickets have come */
  DESK_SYNCER_SYNCING, /* sending or reading */
  DESK_SYNCER_ONLINE,  /* nothing left to send or read */
  DESK_SYNCER_PAUSED,  /* somebody broke a fill off; n_tickets have come */
  /* from here on `trouble` says what is the matter */
  DESK_SYNCER_OFFLINE,     /* it is tried again at retry_at */
  DESK_SYNCER_BUSY,        /* the server asks for patience: it is asked again at retry_at */
  DESK_SYNCER_SIGNED_OUT,  /* sign in again (desk_account_sign_in()), then desk_syncer_retry() */
  DESK_SYNCER_CERTIFICATE, /* the server cannot prove that it is the one */
  DESK_SYNCER_TOO_OLD,     /* this program or the server has to be updated */
  DESK_SYNCER_FAILED,      /* the copy, or what the server says, cannot be used */
} DeskSyncerState;

#define DESK_TYPE_SYNCER_STATE (desk_syncer_state_get_type ())
GType desk_syncer_state_get_type (void) G_GNUC_CONST;

typedef struct
{
  DeskSyncerState state;
  gint64 n_tickets; /* that a fill has brought so far */
  gint64 waiting;   /* ops to send */
  gint64 refused;   /* ops that came back to their author */
  gint64 unindexed; /* tickets that search does not find yet */
  gint64 pulled_at; /* UTC seconds; 0: never */
  gint64 retry_at;  /* UTC seconds, of OFFLINE and BUSY */
  /* of the file that is going up; at most ten times a second */
  char *upload_op;   /* uid of the op that it belongs to; NULL: none is */
  char *upload_name; /* of the file */
  gint64 sent_bytes;
  gint64 size_bytes;
  GError *trouble; /* what is the matter: desk_remote_error_say(); or NULL */
} DeskSyncerStatus;

#define DESK_TYPE_SYNCER (desk_syncer_get_type ())
G_DECLARE_FINAL_TYPE (DeskSyncer, desk_syncer, DESK, SYNCER, GObject)

/* Begins at once. */
DeskSyncer *desk_syncer_new (const DeskAccount *account);
/* Waits for the threads, which break off what they do; nothing is signalled afterwards. */
void desk_syncer_stop (DeskSyncer *self);
/* The same for a window, which cannot wait: a keyring that does not answer takes its time. Calls
 * @callback when the threads have ended; until then the copy may be open. */
void
desk_syncer_stop_async (DeskSyncer *self, GAsyncReadyCallback callback, gpointer user_data);

/* Lent until "changed". */
const DeskSyncerStatus *desk_syncer_get_status (DeskSyncer *self);
/* Tries now what was to be tried later, with the token that is kept by now; goes on after a pause. */
void desk_syncer_retry (DeskSyncer *self);
/* Breaks off what is done, until somebody wants to go on: nothing is read or sent. */
void desk_syncer_pause (DeskSyncer *self);

/* --- who is at a ticket; of use to agents only --- */

/* At @place, any pointer that stands for a window, @ticket_uid is open, and being answered; NULL:
 * none is. Other agents who have it open are told so. */
void desk_syncer_set_looking (DeskSyncer *self,
                              gconstpointer place,
                              const char *ticket_uid,
                              gboolean answering);
/* Other people at a ticket that is open here, who answers first. (transfer full) (element-type
 * DeskPresent) */
GPtrArray *desk_syncer_list_present (DeskSyncer *self, const char *ticket_uid);

/* --- what is only asked for now and then --- */

/* The content of @attachment comes into the copy; then DeskStore has it. */
void desk_syncer_fetch_async (DeskSyncer *self,
                              const char *ticket_uid,
                              const DeskAttachment *attachment,
                              GFileProgressCallback progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean desk_syncer_fetch_finish (DeskSyncer *self, GAsyncResult *result, GError **error);

/* The ticket of this number comes into the copy, which is too young to have it: see
 * desk_sync_bring(). */
void desk_syncer_bring_async (DeskSyncer *self,
                              const char *number,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean desk_syncer_bring_finish (DeskSyncer *self, GAsyncResult *result, GError **error);

/* What came back refused. (transfer full) (element-type DeskOutboxItem) */
void desk_syncer_refused_async (DeskSyncer *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *desk_syncer_refused_finish (DeskSyncer *self, GAsyncResult *result, GError **error);
/* A refused op that its author has in hand again. */
void desk_syncer_drop_async (DeskSyncer *self,
                             const char *op_uid,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean desk_syncer_drop_finish (DeskSyncer *self, GAsyncResult *result, GError **error);

G_END_DECLS
