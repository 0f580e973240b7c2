/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an app sees of a syncer: one status, told through its main loop. */
#include "desk-syncer-private.h"

#define PROGRESS_EVERY_US (100 * 1000)

GType
desk_syncer_state_get_type (void)
{
  static const GEnumValue values[] = {
    { DESK_SYNCER_STARTING, "DESK_SYNCER_STARTING", "starting" },
    { DESK_SYNCER_FILLING, "DESK_SYNCER_FILLING", "filling" },
    { DESK_SYNCER_SYNCING, "DESK_SYNCER_SYNCING", "syncing" },
    { DESK_SYNCER_ONLINE, "DESK_SYNCER_ONLINE", "online" },
    { DESK_SYNCER_PAUSED, "DESK_SYNCER_PAUSED", "paused" },
    { DESK_SYNCER_OFFLINE, "DESK_SYNCER_OFFLINE", "offline" },
    { DESK_SYNCER_BUSY, "DESK_SYNCER_BUSY", "busy" },
    { DESK_SYNCER_SIGNED_OUT, "DESK_SYNCER_SIGNED_OUT", "signed-out" },
    { DESK_SYNCER_CERTIFICATE, "DESK_SYNCER_CERTIFICATE", "certificate" },
    { DESK_SYNCER_TOO_OLD, "DESK_SYNCER_TOO_OLD", "too-old" },
    { DESK_SYNCER_FAILED, "DESK_SYNCER_FAILED", "failed" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("DeskSyncerState", values));
  return type;
}

static gboolean
is_same_trouble (const GError *one, const GError *other)
{
  if (one == NULL || other == NULL)
    return one == other;
  return g_error_matches (one, other->domain, other->code) &&
         g_str_equal (one->message, other->message);
}

static gboolean
is_same_upload (const DeskSyncerStatus *one, const DeskSyncerStatus *other)
{
  return g_strcmp0 (one->upload_op, other->upload_op) == 0 &&
         g_strcmp0 (one->upload_name, other->upload_name) == 0 &&
         one->sent_bytes == other->sent_bytes && one->size_bytes == other->size_bytes;
}

static gboolean
is_same (const DeskSyncerStatus *one, const DeskSyncerStatus *other)
{
  return one->state == other->state && one->n_tickets == other->n_tickets &&
         one->waiting == other->waiting && one->refused == other->refused &&
         one->unindexed == other->unindexed && one->pulled_at == other->pulled_at &&
         one->retry_at == other->retry_at && is_same_upload (one, other) &&
         is_same_trouble (one->trouble, other->trouble);
}

void
desk_syncer_clear_status (DeskSyncerStatus *self)
{
  g_free (self->upload_op);
  g_free (self->upload_name);
  g_clear_error (&self->trouble);
}

static void
copy_status (DeskSyncerStatus *to, const DeskSyncerStatus *from)
{
  desk_syncer_clear_status (to);
  *to = *from;
  to->upload_op = g_strdup (from->upload_op);
  to->upload_name = g_strdup (from->upload_name);
  to->trouble = from->trouble != NULL ? g_error_copy (from->trouble) : NULL;
}

/* In the main loop. */
static gboolean
tell_cb (gpointer data)
{
  DeskSyncer *self = data;
  gboolean changed;

  g_mutex_lock (&self->mutex);
  self->telling = FALSE;
  changed = !is_same (&self->status, &self->next);
  if (changed)
    copy_status (&self->status, &self->next);
  g_mutex_unlock (&self->mutex);
  if (changed && self->thread != NULL)
    g_signal_emit_by_name (self, "changed");
  return G_SOURCE_REMOVE;
}

/* With the mutex. */
static void
tell_later (DeskSyncer *self)
{
  g_autoptr (GSource) source = NULL;

  if (self->telling)
    return;
  self->telling = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

/* What the copy has to say about itself. */
static void
read_counts (DeskSyncer *self, DeskSyncerStatus *status)
{
  g_autoptr (DeskReplicaState) state = self->db != NULL ? desk_replica_get_state (self->db, NULL)
                                                        : NULL;

  if (state == NULL)
    return;
  status->waiting = state->waiting;
  status->refused = state->refused;
  status->unindexed = state->unindexed;
  status->pulled_at = state->pulled_at;
}

void
desk_syncer_set_state (DeskSyncer *self, DeskSyncerState state, gint64 n_tickets)
{
  DeskSyncerStatus status = { .state = state, .n_tickets = n_tickets };

  read_counts (self, &status);
  g_mutex_lock (&self->mutex);
  copy_status (&self->next, &status);
  tell_later (self);
  g_mutex_unlock (&self->mutex);
}

void
desk_syncer_set_trouble (DeskSyncer *self,
                         DeskSyncerState state,
                         const GError *trouble,
                         gint64 retry_us)
{
  DeskSyncerStatus status = { .state = state, .trouble = (GError *) trouble };

  read_counts (self, &status);
  if (retry_us > 0)
    status.retry_at = (g_get_real_time () + retry_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  if (self->turn != NULL)
    desk_turn_tell (self->turn, trouble);
  g_mutex_lock (&self->mutex);
  copy_status (&self->next, &status);
  tell_later (self);
  g_mutex_unlock (&self->mutex);
}

void
desk_syncer_refresh_counts (DeskSyncer *self)
{
  DeskSyncerStatus counts = { 0 };

  read_counts (self, &counts);
  g_mutex_lock (&self->mutex);
  self->next.waiting = counts.waiting;
  self->next.refused = counts.refused;
  self->next.unindexed = counts.unindexed;
  self->next.pulled_at = counts.pulled_at;
  tell_later (self);
  g_mutex_unlock (&self->mutex);
}

/* Each of them is a status that somebody draws. */
void
desk_syncer_upload_cb (const DeskOp *op,
                       const DeskAttachment *file,
                       gint64 sent_bytes,
                       gpointer data)
{
  DeskSyncer *self = data;
  gint64 now_us = g_get_monotonic_time ();
  DeskSyncerStatus status = {
    .state = DESK_SYNCER_SYNCING,
    .upload_op = op->uid,
    .upload_name = file->name,
    .sent_bytes = sent_bytes,
    .size_bytes = file->size_bytes,
  };

  if (now_us < self->uploaded_us + PROGRESS_EVERY_US && sent_bytes < file->size_bytes)
    return;
  self->uploaded_us = now_us;
  read_counts (self, &status);
  g_mutex_lock (&self->mutex);
  copy_status (&self->next, &status);
  tell_later (self);
  g_mutex_unlock (&self->mutex);
}
