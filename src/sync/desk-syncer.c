/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keeps a copy of a desk and its server in step; see the header.
 *
 * The thread goes round: take the turn, exchange, make texts findable while nothing else is to be
 * done, sleep until somebody wakes it. */
#include "desk-syncer-private.h"

#include "desk-backoff.h"

#define TIMEOUT_SECS 30
/* Somebody else has the turn: a command, which is soon done. */
#define TURN_EVERY_US (250 * 1000)
/* In case news got lost on their way. */
#define LOOK_EVERY_US (60 * G_USEC_PER_SEC)
/* What waits for somebody is still looked after now and then. */
#define STUCK_EVERY_US (5 * 60 * G_USEC_PER_SEC)
/* Between two steps of indexing others may write. */
#define PAUSE_US 2000

G_DEFINE_FINAL_TYPE (DeskSyncer, desk_syncer, G_TYPE_OBJECT)

/* --- waking and sleeping --- */

static void
wake (DeskSyncer *self, DeskWake why)
{
  g_mutex_lock (&self->mutex);
  self->wakes |= why;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Why it was woken; 0: nobody has, the time is up. @why: what to wake for. */
static guint
sleep_for (DeskSyncer *self, gint64 duration_us, guint why)
{
  gint64 until_us = g_get_monotonic_time () + duration_us;
  guint wakes;

  g_mutex_lock (&self->mutex);
  while ((self->wakes & (why | DESK_WAKE_STOP)) == 0 &&
         g_cond_wait_until (&self->cond, &self->mutex, until_us))
    ;
  wakes = self->wakes;
  self->wakes &= DESK_WAKE_STOP;
  g_mutex_unlock (&self->mutex);
  return wakes;
}

static gboolean
is_stopping (DeskSyncer *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

static void
news_cb (gpointer data)
{
  wake (data, DESK_WAKE_NEWS);
}

/* --- one round --- */

static void
progress_cb (gint64 n_tickets, gboolean filling, gpointer data)
{
  desk_syncer_set_state (data, filling ? DESK_SYNCER_FILLING : DESK_SYNCER_SYNCING, n_tickets);
}

static gboolean
open_copy (DeskSyncer *self, GError **error)
{
  if (self->db == NULL)
    self->db = desk_db_open (self->account.path, DESK_DB_OPEN, error);
  if (self->db == NULL)
    return FALSE;
  if (self->sync == NULL)
    {
      self->remote = desk_account_connect (&self->account, TIMEOUT_SECS);
      self->sync = desk_sync_new (self->remote, self->db, self->account.device);
      desk_transfer_set_progress (desk_sync_get_transfer (self->sync), desk_syncer_upload_cb, self);
    }
  return TRUE;
}

static void
close_copy (DeskSyncer *self)
{
  g_clear_pointer (&self->sync, desk_sync_free);
  g_clear_pointer (&self->remote, desk_remote_free);
  g_clear_pointer (&self->db, desk_db_close);
}

/* From here on the server says when there is something to read. */
static void
listen (DeskSyncer *self)
{
  g_autoptr (DeskReplicaState) state = desk_replica_get_state (self->db, NULL);

  if (state != NULL && !state->filling)
    desk_listener_listen (self->listener, desk_remote_get_token (self->remote), state->cursor);
}

/* Whether there is something that the server has to hear of. */
static gboolean
has_something_to_tell (DeskSyncer *self)
{
  g_autoptr (DeskReplicaState) state = desk_replica_get_state (self->db, NULL);
  g_autoptr (GPtrArray) untold = state != NULL ? desk_replica_list_untold (self->db, 1, NULL)
                                               : NULL;

  return untold == NULL || state->waiting > 0 || untold->len > 0;
}

/* Whether there is something better to do. What was committed here wakes it too, also by its own
 * steps. */
static gboolean
is_called (DeskSyncer *self)
{
  guint wakes;

  g_mutex_lock (&self->mutex);
  wakes = self->wakes;
  self->wakes &= ~DESK_WAKE_HERE;
  g_mutex_unlock (&self->mutex);
  if (wakes != DESK_WAKE_HERE || !has_something_to_tell (self))
    return (wakes & ~DESK_WAKE_HERE) != 0;
  wake (self, DESK_WAKE_HERE);
  return TRUE;
}

static gboolean
make_findable (DeskSyncer *self, GError **error)
{
  gint64 left = 1;

  while (left > 0 && !is_called (self))
    {
      if (!desk_sync_index (self->sync, &left, error))
        return FALSE;
      desk_syncer_refresh_counts (self);
      if (left > 0)
        g_usleep (PAUSE_US);
    }
  return TRUE;
}

static gboolean
exchange (DeskSyncer *self, GError **error)
{
  if (!open_copy (self, error) ||
      !desk_sync_run (self->sync, progress_cb, self, self->exchange, error))
    return FALSE;
  self->n_failures = 0;
  desk_turn_tell (self->turn, NULL);
  desk_syncer_set_state (self, DESK_SYNCER_ONLINE, 0);
  listen (self);
  return make_findable (self, error);
}

/* --- what went wrong --- */

static const struct
{
  DeskRemoteError code;
  DeskSyncerState state;
} stuck_states[] = {
  { DESK_REMOTE_ERROR_SIGNED_OUT, DESK_SYNCER_SIGNED_OUT },
  { DESK_REMOTE_ERROR_CERTIFICATE, DESK_SYNCER_CERTIFICATE },
  { DESK_REMOTE_ERROR_TOO_OLD, DESK_SYNCER_TOO_OLD },
};

static DeskSyncerState
find_stuck_state (const GError *error)
{
  for (guint i = 0; i < G_N_ELEMENTS (stuck_states); i++)
    if (g_error_matches (error, DESK_REMOTE_ERROR, (int) stuck_states[i].code))
      return stuck_states[i].state;
  return DESK_SYNCER_FAILED;
}

static gboolean
passes (const GError *error)
{
  return desk_remote_error_passes (error) ||
         g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_BUSY);
}

/* Whether it was reached nevertheless: the server, or the copy that somebody else writes to. */
static gboolean
is_busy (const GError *error)
{
  return g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_BUSY) ||
         g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_BUSY);
}

/* Nobody's fault: longer and longer, and not before a busy server wants to be asked. */
static void
wait_it_out (DeskSyncer *self, const GError *error)
{
  guint asked_secs = self->remote != NULL ? desk_remote_get_retry_after (self->remote) : 0;
  gint64 pause_us = desk_backoff_after_us (++self->n_failures, asked_secs);

  desk_syncer_set_trouble (self, is_busy (error) ? DESK_SYNCER_BUSY : DESK_SYNCER_OFFLINE, error,
                           pause_us);
  /* What somebody files meanwhile goes out with the rest. */
  while (pause_us > 0)
    {
      gint64 began_us = g_get_monotonic_time ();

      if (sleep_for (self, pause_us, DESK_WAKE_RETRY | DESK_WAKE_HERE) &
          (DESK_WAKE_RETRY | DESK_WAKE_STOP))
        return;
      desk_syncer_refresh_counts (self);
      pause_us -= g_get_monotonic_time () - began_us;
    }
}

/* Somebody has to do something; perhaps elsewhere. */
static void
wait_for_somebody (DeskSyncer *self, const GError *error)
{
  guint wakes;

  desk_syncer_set_trouble (self, find_stuck_state (error), error, 0);
  do
    {
      wakes = sleep_for (self, STUCK_EVERY_US, DESK_WAKE_HERE | DESK_WAKE_RETRY);
      desk_syncer_refresh_counts (self);
    }
  while (wakes != 0 && (wakes & (DESK_WAKE_RETRY | DESK_WAKE_STOP)) == 0);
  /* With another token, another copy: whatever it was. */
  close_copy (self);
}

/* Only who paused it has it go on. */
static void
wait_out_pause (DeskSyncer *self)
{
  desk_syncer_set_state (self, DESK_SYNCER_PAUSED, self->next.n_tickets);
  while ((sleep_for (self, STUCK_EVERY_US, DESK_WAKE_HERE | DESK_WAKE_RESUME) &
          (DESK_WAKE_RESUME | DESK_WAKE_STOP)) == 0)
    desk_syncer_refresh_counts (self);
  if (!is_stopping (self))
    g_cancellable_reset (self->exchange);
}

static void
wait_for_something (DeskSyncer *self)
{
  guint wakes;

  do
    {
      wakes = sleep_for (self, LOOK_EVERY_US, DESK_WAKE_HERE | DESK_WAKE_NEWS | DESK_WAKE_RETRY);
      if (wakes != DESK_WAKE_HERE)
        return;
      desk_syncer_refresh_counts (self);
    }
  while (!has_something_to_tell (self));
}

/* --- the thread --- */

static void
go_round (DeskSyncer *self)
{
  g_autoptr (GError) error = NULL;

  if (self->turn == NULL)
    self->turn = desk_turn_take (self->account.path);
  if (self->turn == NULL)
    sleep_for (self, TURN_EVERY_US, DESK_WAKE_STOP);
  else if (exchange (self, &error))
    wait_for_something (self);
  else if (is_stopping (self))
    return;
  else if (g_cancellable_is_cancelled (self->exchange))
    wait_out_pause (self);
  else if (passes (error))
    wait_it_out (self, error);
  else
    wait_for_somebody (self, error);
}

static gpointer
run (gpointer data)
{
  static const DeskListenerHooks hooks = { news_cb, desk_syncer_hear_presence };
  DeskSyncer *self = data;

  self->listener = desk_listener_new (self->account.address, &hooks, self);
  while (!is_stopping (self))
    go_round (self);
  g_clear_pointer (&self->listener, desk_listener_free);
  close_copy (self);
  g_clear_pointer (&self->turn, desk_turn_release);
  return NULL;
}

/* --- the object --- */

static void
copy_changed_cb (gpointer self)
{
  wake (self, DESK_WAKE_HERE);
}

static void
network_changed_cb (DeskSyncer *self, gboolean available)
{
  if (available)
    wake (self, DESK_WAKE_RETRY);
}

static void
watch (DeskSyncer *self)
{
  self->watch = desk_watch_new (self->account.path, copy_changed_cb, self);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);
}

DeskSyncer *
desk_syncer_new (const DeskAccount *account)
{
  DeskSyncer *self = g_object_new (DESK_TYPE_SYNCER, NULL);

  self->account = (DeskAccount){
    .address = g_strdup (account->address),
    .desk = g_strdup (account->desk),
    .person = g_strdup (account->person),
    .login = g_strdup (account->login),
    .device = g_strdup (account->device),
    .path = g_strdup (account->path),
    .file = g_strdup (account->file),
  };
  watch (self);
  self->attendance = desk_attendance_new (&self->account, desk_syncer_tell_presence, self);
  self->thread = g_thread_new ("desk-syncer", run, self);
  return self;
}

/* Nothing is signalled from here on. The thread still has to end; NULL: it was told before. */
static GThread *
break_off (DeskSyncer *self)
{
  if (self->thread == NULL)
    return NULL;
  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->exchange);
  wake (self, DESK_WAKE_STOP);
  g_clear_pointer (&self->watch, desk_watch_free);
  return g_steal_pointer (&self->thread);
}

static void
wait_for_end (DeskSyncer *self, GThread *thread)
{
  g_thread_join (thread);
  g_clear_pointer (&self->attendance, desk_attendance_free);
}

void
desk_syncer_stop (DeskSyncer *self)
{
  GThread *thread = break_off (self);

  if (thread != NULL)
    wait_for_end (self, thread);
}

static void
end_in_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  wait_for_end (object, data);
  g_task_return_boolean (task, TRUE);
}

void
desk_syncer_stop_async (DeskSyncer *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GThread *thread = break_off (self);

  g_task_set_source_tag (task, desk_syncer_stop_async);
  g_task_set_task_data (task, thread, NULL);
  if (thread != NULL)
    g_task_run_in_thread (task, end_in_thread);
  else
    g_task_return_boolean (task, TRUE);
}

const DeskSyncerStatus *
desk_syncer_get_status (DeskSyncer *self)
{
  return &self->status;
}

void
desk_syncer_retry (DeskSyncer *self)
{
  wake (self, DESK_WAKE_RETRY | DESK_WAKE_RESUME);
}

void
desk_syncer_pause (DeskSyncer *self)
{
  g_mutex_lock (&self->mutex);
  self->wakes &= ~(guint) DESK_WAKE_RESUME;
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->exchange);
}

static void
dispose (GObject *object)
{
  desk_syncer_stop (DESK_SYNCER (object));
  G_OBJECT_CLASS (desk_syncer_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  DeskSyncer *self = DESK_SYNCER (object);

  g_free (self->account.address);
  g_free (self->account.desk);
  g_free (self->account.person);
  g_free (self->account.login);
  g_free (self->account.device);
  g_free (self->account.path);
  g_free (self->account.file);
  desk_syncer_clear_status (&self->status);
  desk_syncer_clear_status (&self->next);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
  g_object_unref (self->exchange);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (desk_syncer_parent_class)->finalize (object);
}

static void
desk_syncer_class_init (DeskSyncerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;
  G_OBJECT_CLASS (klass)->finalize = finalize;
  g_signal_new ("changed", DESK_TYPE_SYNCER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  g_signal_new ("presence", DESK_TYPE_SYNCER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
desk_syncer_init (DeskSyncer *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->exchange = g_cancellable_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
}
