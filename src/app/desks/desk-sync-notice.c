/* SPDX-License-Identifier: GPL-3.0-or-later
 * What there is to say about a copy of a served desk. */
#include "desk-sync-notice.h"

#include <glib/gi18n.h>

#include "desk-wording.h"

/* What is over is not said any longer, but sending may break off again. */
#define SYNCING_MS 1000
/* Most fills anew are over before anybody could read of them. */
#define FILLING_MS 500

struct _DeskSyncNotice
{
  GObject parent_instance;

  DeskSyncer *syncer;
  DeskNotice kind; /* that is said */
  DeskNotice next; /* that is said when it lasts */
  guint source;
  guint clock;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (DeskSyncNotice, desk_sync_notice, G_TYPE_OBJECT)

/* --- which --- */

static const struct
{
  DeskNotice notice;
  guint after_ms;
} states[] = {
  [DESK_SYNCER_STARTING] = { DESK_NOTICE_NONE, SYNCING_MS },
  [DESK_SYNCER_FILLING] = { DESK_NOTICE_FILLING, FILLING_MS },
  [DESK_SYNCER_SYNCING] = { DESK_NOTICE_NONE, SYNCING_MS },
  [DESK_SYNCER_ONLINE] = { DESK_NOTICE_NONE, 0 },
  [DESK_SYNCER_PAUSED] = { DESK_NOTICE_PAUSED, 0 },
  [DESK_SYNCER_OFFLINE] = { DESK_NOTICE_OFFLINE, DESK_NOTICE_OFFLINE_MS },
  [DESK_SYNCER_BUSY] = { DESK_NOTICE_BUSY, DESK_NOTICE_OFFLINE_MS },
  [DESK_SYNCER_SIGNED_OUT] = { DESK_NOTICE_SIGNED_OUT, 0 },
  [DESK_SYNCER_CERTIFICATE] = { DESK_NOTICE_CERTIFICATE, 0 },
  [DESK_SYNCER_TOO_OLD] = { DESK_NOTICE_TOO_OLD, 0 },
  [DESK_SYNCER_FAILED] = { DESK_NOTICE_FAILED, 0 },
};

static gboolean
second_cb (gpointer data)
{
  g_signal_emit (data, changed_signal, 0);
  return G_SOURCE_CONTINUE;
}

/* A time that is told runs down. */
static void
run_clock (DeskSyncNotice *self)
{
  gboolean runs = self->kind == DESK_NOTICE_BUSY;

  if (runs && self->clock == 0)
    self->clock = g_timeout_add_seconds (1, second_cb, self);
  if (!runs)
    g_clear_handle_id (&self->clock, g_source_remove);
}

static gboolean
lasted_cb (gpointer data)
{
  DeskSyncNotice *self = data;

  self->source = 0;
  self->kind = self->next;
  run_clock (self);
  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
status_changed_cb (DeskSyncNotice *self)
{
  DeskSyncerState state = desk_syncer_get_status (self->syncer)->state;

  if (self->next != states[state].notice || self->source == 0)
    {
      g_clear_handle_id (&self->source, g_source_remove);
      self->next = states[state].notice;
      if (self->next != self->kind && states[state].after_ms > 0)
        self->source = g_timeout_add (states[state].after_ms, lasted_cb, self);
      else
        self->kind = self->next;
    }
  run_clock (self);
  /* The numbers in it, if nothing else. */
  g_signal_emit (self, changed_signal, 0);
}

/* --- the object --- */

static void
desk_sync_notice_dispose (GObject *object)
{
  DeskSyncNotice *self = DESK_SYNC_NOTICE (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->clock, g_source_remove);
  g_clear_object (&self->syncer);
  G_OBJECT_CLASS (desk_sync_notice_parent_class)->dispose (object);
}

static void
desk_sync_notice_class_init (DeskSyncNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = desk_sync_notice_dispose;
  changed_signal = g_signal_new ("changed", DESK_TYPE_SYNC_NOTICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
desk_sync_notice_init (DeskSyncNotice *self)
{
}

DeskSyncNotice *
desk_sync_notice_new (DeskSyncer *syncer)
{
  DeskSyncNotice *self = g_object_new (DESK_TYPE_SYNC_NOTICE, NULL);

  self->syncer = g_object_ref (syncer);
  g_signal_connect_object (syncer, "changed", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  status_changed_cb (self);
  return self;
}

DeskSyncer *
desk_sync_notice_get_syncer (DeskSyncNotice *self)
{
  return self->syncer;
}

DeskNotice
desk_sync_notice_get_kind (DeskSyncNotice *self)
{
  return self->kind;
}

/* --- words --- */

static const struct
{
  const char *icon;
  const char *way_on;
  const char *brief;
} words[DESK_N_NOTICES] = {
  [DESK_NOTICE_NONE] = { "object-select-symbolic", NULL, N_ ("Up to date") },
  [DESK_NOTICE_FILLING] = { "emblem-synchronizing-symbolic", N_ ("Stop"), N_ ("Fetching tickets") },
  [DESK_NOTICE_PAUSED] = { "media-playback-pause-symbolic", N_ ("Go on"), N_ ("Not complete") },
  [DESK_NOTICE_OFFLINE] = { "network-wireless-offline-symbolic", N_ ("Try now"), N_ ("Offline") },
  [DESK_NOTICE_BUSY] = { "document-open-recent-symbolic", N_ ("Try now"), N_ ("Desk is busy") },
  [DESK_NOTICE_SIGNED_OUT] = { "changes-prevent-symbolic", N_ ("Sign in…"), N_ ("Signed out") },
  [DESK_NOTICE_CERTIFICATE] = { "dialog-warning-symbolic", N_ ("Try again"), N_ ("Not connected") },
  [DESK_NOTICE_TOO_OLD] = { "dialog-warning-symbolic", N_ ("Try again"), N_ ("Not connected") },
  [DESK_NOTICE_FAILED] = { "dialog-warning-symbolic", N_ ("Try again"), N_ ("Not connected") },
};

static char *
say_filling (const DeskSyncerStatus *status)
{
  if (status->n_tickets == 0)
    return g_strdup (_ ("The tickets are being fetched."));
  return g_strdup_printf (ngettext ("The tickets are being fetched: %'d so far.",
                                    "The tickets are being fetched: %'d so far.",
                                    (gulong) status->n_tickets),
                          (int) status->n_tickets);
}

static char *
say_paused (const DeskSyncerStatus *status)
{
  return g_strdup_printf (
      ngettext ("Fetching was stopped after %'d ticket. Nothing is sent or read until you go on.",
                "Fetching was stopped after %'d tickets. Nothing is sent or read until you go on.",
                (gulong) status->n_tickets),
      (int) status->n_tickets);
}

static char *
say_offline (const DeskSyncerStatus *status)
{
  if (status->waiting == 0)
    return g_strdup (
        _ ("You are offline. What you do now will be sent when the desk answers again."));
  return g_strdup_printf (
      ngettext ("You are offline. %'d change will be sent when the desk answers again.",
                "You are offline. %'d changes will be sent when the desk answers again.",
                (gulong) status->waiting),
      (int) status->waiting);
}

/* What is said when a desk is asked again at once would be over before it is read. */
#define MOMENT_SECS 5
#define MINUTE_SECS 60

static char *
say_busy (const DeskSyncerStatus *status)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  int secs = (int) CLAMP (status->retry_at - now, 0, G_MAXINT);
  int minutes = (secs + MINUTE_SECS - 1) / MINUTE_SECS;

  if (secs <= MOMENT_SECS)
    return g_strdup (_ ("The desk is busy. It is asked again in a moment."));
  if (secs <= MINUTE_SECS)
    return g_strdup_printf (ngettext ("The desk is busy. It is asked again in %d second.",
                                      "The desk is busy. It is asked again in %d seconds.",
                                      (gulong) secs),
                            secs);
  return g_strdup_printf (ngettext ("The desk is busy. It is asked again in %d minute.",
                                    "The desk is busy. It is asked again in %d minutes.",
                                    (gulong) minutes),
                          minutes);
}

static char *
say_signed_out (const DeskSyncerStatus *status)
{
  if (status->waiting == 0)
    return g_strdup (_ ("You are signed out. Sign in again to see what is new."));
  return g_strdup_printf (
      ngettext ("You are signed out. %'d change will be sent when you sign in again.",
                "You are signed out. %'d changes will be sent when you sign in again.",
                (gulong) status->waiting),
      (int) status->waiting);
}

static char *
say_trouble (const DeskSyncerStatus *status)
{
  g_autofree char *trouble = NULL;

  if (status->trouble == NULL)
    return g_strdup (_ ("Nothing can be sent to the desk or read from it."));
  trouble = desk_wording_error (status->trouble);
  return g_strdup_printf (_ ("Nothing is sent or read: %s."), trouble);
}

char *
desk_sync_notice_say (DeskNotice notice, const DeskSyncerStatus *status)
{
  switch (notice)
    {
    case DESK_NOTICE_NONE:
      return NULL;
    case DESK_NOTICE_FILLING:
      return say_filling (status);
    case DESK_NOTICE_PAUSED:
      return say_paused (status);
    case DESK_NOTICE_OFFLINE:
      return say_offline (status);
    case DESK_NOTICE_BUSY:
      return say_busy (status);
    case DESK_NOTICE_SIGNED_OUT:
      return say_signed_out (status);
    case DESK_NOTICE_CERTIFICATE:
    case DESK_NOTICE_TOO_OLD:
    case DESK_NOTICE_FAILED:
      return say_trouble (status);
    }
  g_return_val_if_reached (NULL);
}

const char *
desk_sync_notice_say_way_on (DeskNotice notice)
{
  return words[notice].way_on != NULL ? _ (words[notice].way_on) : NULL;
}

const char *
desk_sync_notice_get_icon (DeskSyncNotice *self)
{
  gboolean is_sending = self->kind == DESK_NOTICE_NONE &&
                        desk_syncer_get_status (self->syncer)->waiting > 0;

  return is_sending ? "emblem-synchronizing-symbolic" : words[self->kind].icon;
}

char *
desk_sync_notice_say_short (DeskNotice notice, const DeskSyncerStatus *status)
{
  g_autofree char *waiting = NULL;

  if (notice == DESK_NOTICE_NONE && status->state == DESK_SYNCER_STARTING)
    return g_strdup (_ ("Connecting"));
  if (status->waiting == 0)
    return g_strdup (_ (words[notice].brief));
  waiting = g_strdup_printf (ngettext ("%'d to send", "%'d to send", (gulong) status->waiting),
                             (int) status->waiting);
  if (notice == DESK_NOTICE_NONE)
    return g_steal_pointer (&waiting);
  return g_strdup_printf ("%s · %s", _ (words[notice].brief), waiting);
}

char *
desk_sync_notice_say_refused (const DeskSyncerStatus *status)
{
  if (status->refused == 0)
    return NULL;
  return g_strdup_printf (ngettext ("%'d change came back from the desk.",
                                    "%'d changes came back from the desk.",
                                    (gulong) status->refused),
                          (int) status->refused);
}
