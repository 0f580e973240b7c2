/* SPDX-License-Identifier: GPL-3.0-or-later
 * Says to the server at which tickets somebody is, and knows who else is there. */
#include "desk-attendance.h"

#define TIMEOUT_SECS 30
/* Somebody who goes through a list passes by many tickets. */
#define PAUSE_US (1 * G_USEC_PER_SEC)
/* After it did not work. */
#define FAILED_US (15 * G_USEC_PER_SEC)
#define BEAT_US   (DESK_PRESENCE_BEAT_SECS * G_USEC_PER_SEC)

struct _DeskAttendance
{
  const DeskAccount *account;
  void (*changed) (gpointer);
  gpointer user_data;

  GThread *thread; /* NULL: nothing to say so far */
  GCancellable *cancellable;
  GMutex mutex; /* of: */
  GCond cond;
  GHashTable *places; /* pointer → DeskPresent */
  GPtrArray *others;  /* of DeskPresent */
  guint n_heard;      /* from the stream */
  gboolean dirty;     /* something else is to be said */
  gboolean stopping;
  gint64 not_before_us;
  gint64 beat_us; /* when it is to be said again */

  DeskRemote *remote; /* the thread's own */
};

/* --- what is known --- */

static gboolean
is_same (GPtrArray *one, GPtrArray *other)
{
  if (one->len != other->len)
    return FALSE;
  for (guint i = 0; i < one->len; i++)
    {
      const DeskPresent *a = one->pdata[i];
      const DeskPresent *b = other->pdata[i];

      if (a->state != b->state || !g_str_equal (a->ticket, b->ticket) ||
          g_strcmp0 (a->person, b->person) != 0)
        return FALSE;
    }
  return TRUE;
}

/* With the mutex. Takes @others. TRUE: that is something else. */
static gboolean
set_others (DeskAttendance *self, GPtrArray *others)
{
  gboolean same = is_same (self->others, others);

  g_ptr_array_unref (self->others);
  self->others = others;
  return !same;
}

void
desk_attendance_hear (DeskAttendance *self, GPtrArray *others)
{
  gboolean changed;

  g_mutex_lock (&self->mutex);
  self->n_heard++;
  changed = set_others (self, others);
  g_mutex_unlock (&self->mutex);
  if (changed)
    self->changed (self->user_data);
}

GPtrArray *
desk_attendance_list (DeskAttendance *self, const char *ticket)
{
  GPtrArray *list = desk_presence_list_new ();

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->others->len; i++)
    {
      const DeskPresent *other = self->others->pdata[i];

      if (g_str_equal (other->ticket, ticket))
        g_ptr_array_add (list, desk_present_new (ticket, other->person, other->state));
    }
  g_mutex_unlock (&self->mutex);
  return list;
}

/* --- what is said --- */

/* With the mutex. What is open twice is answered if it is answered in one. */
static GPtrArray *
list_places (DeskAttendance *self)
{
  g_autoptr (GHashTable) states = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *list = desk_presence_list_new ();
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      DeskPresent *place = value;
      guint state = GPOINTER_TO_UINT (g_hash_table_lookup (states, place->ticket));

      g_hash_table_insert (states, place->ticket, GUINT_TO_POINTER (MAX (state, place->state)));
    }
  g_hash_table_iter_init (&iter, states);
  while (g_hash_table_iter_next (&iter, &key, &value) && list->len < DESK_PRESENCE_MAX_TICKETS)
    g_ptr_array_add (list, desk_present_new (key, NULL, (DeskPresence) GPOINTER_TO_UINT (value)));
  return list;
}

static GPtrArray *
say (DeskAttendance *self, GPtrArray *places, GError **error)
{
  g_autoptr (JsonNode) body = desk_presence_to_json (places);
  const DeskAsk ask = { .method = "PUT", .path = "/v1/presence", .json = body };
  g_autoptr (JsonNode) answer = NULL;

  if (self->remote == NULL)
    self->remote = desk_account_connect (self->account, TIMEOUT_SECS);
  answer = desk_remote_ask_json (self->remote, &ask, self->cancellable, error);
  return answer != NULL ? desk_presence_from_json (answer, error) : NULL;
}

/* Whether saying the same later may help; else it waits for something else to say. */
static gboolean
is_worth_another (const GError *error)
{
  return desk_remote_error_passes (error) ||
         g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_SIGNED_OUT);
}

/* With the mutex. */
static void
plan_next (DeskAttendance *self, gboolean said, const GError *error)
{
  gint64 now_us = g_get_monotonic_time ();

  self->not_before_us = now_us + (said ? PAUSE_US : FAILED_US);
  self->beat_us = g_hash_table_size (self->places) > 0 && (said || is_worth_another (error))
                      ? now_us + (said ? BEAT_US : FAILED_US)
                      : G_MAXINT64;
}

static void
say_once (DeskAttendance *self)
{
  g_autoptr (GPtrArray) places = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *others;
  gboolean changed = FALSE;
  guint n_heard;

  g_mutex_lock (&self->mutex);
  self->dirty = FALSE;
  n_heard = self->n_heard;
  places = list_places (self);
  g_mutex_unlock (&self->mutex);
  others = say (self, places, &error);
  /* With another token, perhaps. */
  if (others == NULL)
    g_clear_pointer (&self->remote, desk_remote_free);
  g_mutex_lock (&self->mutex);
  plan_next (self, others != NULL, error);
  /* What the stream said meanwhile is newer. */
  if (others == NULL || n_heard == self->n_heard)
    changed = set_others (self, others != NULL ? others : desk_presence_list_new ());
  else
    g_ptr_array_unref (others);
  g_mutex_unlock (&self->mutex);
  if (changed && !g_cancellable_is_cancelled (self->cancellable))
    self->changed (self->user_data);
}

/* FALSE: it is over. */
static gboolean
wait_to_say (DeskAttendance *self)
{
  g_mutex_lock (&self->mutex);
  while (!self->stopping)
    {
      gint64 due_us = self->dirty ? self->not_before_us : MAX (self->beat_us, self->not_before_us);

      if (g_get_monotonic_time () >= due_us)
        break;
      if (due_us == G_MAXINT64)
        g_cond_wait (&self->cond, &self->mutex);
      else
        g_cond_wait_until (&self->cond, &self->mutex, due_us);
    }
  g_mutex_unlock (&self->mutex);
  return !g_cancellable_is_cancelled (self->cancellable);
}

static gpointer
run (gpointer data)
{
  DeskAttendance *self = data;

  while (wait_to_say (self))
    say_once (self);
  g_clear_pointer (&self->remote, desk_remote_free);
  return NULL;
}

/* With the mutex. TRUE: that is something else to say. */
static gboolean
set_place (DeskAttendance *self, gconstpointer place, const char *ticket, gboolean answering)
{
  DeskPresence state = answering ? DESK_PRESENCE_ANSWERING : DESK_PRESENCE_LOOKING;
  const DeskPresent *before = g_hash_table_lookup (self->places, place);

  if (ticket == NULL)
    return g_hash_table_remove (self->places, place);
  if (before != NULL && before->state == state && g_str_equal (before->ticket, ticket))
    return FALSE;
  g_hash_table_insert (self->places, (gpointer) place, desk_present_new (ticket, NULL, state));
  return TRUE;
}

void
desk_attendance_set (DeskAttendance *self,
                     gconstpointer place,
                     const char *ticket,
                     gboolean answering)
{
  g_mutex_lock (&self->mutex);
  if (set_place (self, place, ticket, answering))
    {
      self->dirty = TRUE;
      if (self->thread == NULL)
        self->thread = g_thread_new ("desk-attendance", run, self);
      g_cond_signal (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
}

DeskAttendance *
desk_attendance_new (const DeskAccount *account, void (*changed) (gpointer), gpointer user_data)
{
  DeskAttendance *self = g_new0 (DeskAttendance, 1);

  self->account = account;
  self->changed = changed;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->beat_us = G_MAXINT64;
  self->places = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) desk_present_free);
  self->others = desk_presence_list_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  return self;
}

void
desk_attendance_free (DeskAttendance *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_object_unref (self->cancellable);
  g_hash_table_unref (self->places);
  g_ptr_array_unref (self->others);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
