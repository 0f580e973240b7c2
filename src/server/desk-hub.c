/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who waits for news: long polls and streams, asleep until something was written. */
#define _GNU_SOURCE
#include "desk-hub.h"

#include <poll.h>

/* Many commits in a row are one look for everybody. */
#define TELL_MS 10

typedef struct
{
  DeskRequest *request;
  gint64 until_us;
  const char *name; /* or NULL */
} Waiter;

struct _DeskHub
{
  gatomicrefcount ref_count; /* ours, and one of a telling that is to come */
  GMutex lock;
  GArray *waiters; /* of Waiter */
  guint count;
  guint nudges;
  gboolean telling; /* a moment from now */
  gint64 told_us;   /* monotonic */
  gboolean stopping;
};

DeskHub *
desk_hub_new (void)
{
  DeskHub *self = g_new0 (DeskHub, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
  return self;
}

void
desk_hub_free (DeskHub *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->waiters);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
desk_hub_get_count (DeskHub *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->count;
  g_mutex_unlock (&self->lock);
  return count;
}

/* With the lock. */
static gboolean
put_to_sleep (DeskHub *self, DeskStep step, Waiter waiter, guint count)
{
  if (count != self->count || self->stopping)
    return FALSE;
  desk_request_sleep (waiter.request, step);
  g_array_append_val (self->waiters, waiter);
  return TRUE;
}

gboolean
desk_hub_wait (DeskHub *self, DeskRequest *request, DeskStep step, guint count, gint64 until_us)
{
  gboolean waits;

  g_mutex_lock (&self->lock);
  waits = put_to_sleep (self, step, (Waiter){ request, until_us, NULL }, count);
  g_mutex_unlock (&self->lock);
  return waits;
}

guint
desk_hub_get_nudges (DeskHub *self)
{
  guint nudges;

  g_mutex_lock (&self->lock);
  nudges = self->nudges;
  g_mutex_unlock (&self->lock);
  return nudges;
}

gboolean
desk_hub_wait_named (DeskHub *self,
                     DeskRequest *request,
                     const char *name,
                     guint count,
                     guint nudges,
                     gint64 until_us)
{
  gboolean waits;

  g_mutex_lock (&self->lock);
  waits = nudges == self->nudges &&
          put_to_sleep (self, NULL, (Waiter){ request, until_us, name }, count);
  g_mutex_unlock (&self->lock);
  return waits;
}

void
desk_hub_nudge (DeskHub *self,
                gboolean (*concerns) (const char *name, gpointer data),
                gpointer data)
{
  g_mutex_lock (&self->lock);
  self->nudges++;
  for (guint i = self->waiters->len; i-- > 0;)
    {
      const Waiter *waiter = &g_array_index (self->waiters, Waiter, i);

      if (waiter->name == NULL || !concerns (waiter->name, data))
        continue;
      desk_request_wake (waiter->request);
      g_array_remove_index_fast (self->waiters, i);
    }
  g_mutex_unlock (&self->lock);
}

/* With the lock. */
static void
wake_all (DeskHub *self)
{
  self->count++;
  self->told_us = g_get_monotonic_time ();
  for (guint i = 0; i < self->waiters->len; i++)
    desk_request_wake (g_array_index (self->waiters, Waiter, i).request);
  g_array_set_size (self->waiters, 0);
}

static gboolean
tell_cb (gpointer data)
{
  DeskHub *self = data;

  g_mutex_lock (&self->lock);
  self->telling = FALSE;
  wake_all (self);
  g_mutex_unlock (&self->lock);
  return G_SOURCE_REMOVE;
}

static void
tell_later (DeskHub *self)
{
  self->telling = TRUE;
  g_atomic_ref_count_inc (&self->ref_count);
  g_timeout_add_full (G_PRIORITY_DEFAULT, TELL_MS, tell_cb, self, (GDestroyNotify) desk_hub_free);
}

void
desk_hub_tell (DeskHub *self)
{
  g_mutex_lock (&self->lock);
  if (!self->telling && !self->stopping)
    {
      if (g_get_monotonic_time () - self->told_us > TELL_MS * 1000)
        wake_all (self);
      else
        tell_later (self);
    }
  g_mutex_unlock (&self->lock);
}

/* Whoever sleeps is not read from, so nobody else would notice. */
static gboolean
has_hung_up (struct pollfd *descriptor)
{
  return (descriptor->revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void
desk_hub_tick (DeskHub *self)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GArray) descriptors = g_array_new (FALSE, TRUE, sizeof (struct pollfd));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->waiters->len; i++)
    {
      struct pollfd descriptor = {
        desk_request_get_fd (g_array_index (self->waiters, Waiter, i).request), POLLRDHUP, 0
      };
      g_array_append_val (descriptors, descriptor);
    }
  poll ((struct pollfd *) descriptors->data, descriptors->len, 0);
  for (guint i = self->waiters->len; i-- > 0;)
    {
      Waiter *waiter = &g_array_index (self->waiters, Waiter, i);

      if (waiter->until_us > now_us &&
          !has_hung_up (&g_array_index (descriptors, struct pollfd, i)))
        continue;
      desk_request_wake (waiter->request);
      g_array_remove_index_fast (self->waiters, i);
    }
  g_mutex_unlock (&self->lock);
}

void
desk_hub_stop (DeskHub *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  wake_all (self);
  g_mutex_unlock (&self->lock);
}

gboolean
desk_hub_is_stopping (DeskHub *self)
{
  gboolean stopping;

  g_mutex_lock (&self->lock);
  stopping = self->stopping;
  g_mutex_unlock (&self->lock);
  return stopping;
}

guint
desk_hub_count_waiting (DeskHub *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->waiters->len;
  g_mutex_unlock (&self->lock);
  return n;
}
