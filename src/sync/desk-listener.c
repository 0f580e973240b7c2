/* SPDX-License-Identifier: GPL-3.0-or-later
 * A thread that reads server-sent events; see the header. */
#include "desk-listener.h"

#include "desk-backoff.h"
#include "desk-remote.h"

/* The server says something every 25 s. */
#define TIMEOUT_SECS 60
/* A stream that ends sooner is not one that proxies and servers let live. */
#define SHORT_US (10 * G_USEC_PER_SEC)

struct _DeskListener
{
  char *address;
  void (*news) (gpointer);
  gpointer user_data;

  GThread *thread;
  GCancellable *cancellable;
  GMutex mutex; /* of: */
  GCond cond;
  char *token;
  char *cursor; /* to listen from; NULL: nobody has said */
  gboolean listening;
  gboolean stopping;
  gint64 not_before_us;
};

static gboolean
is_news (const char *line)
{
  return g_str_equal (line, "event: head");
}

static void
read_lines (DeskListener *self, GInputStream *stream)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (stream);
  char *line;

  while ((line = g_data_input_stream_read_line (lines, NULL, self->cancellable, NULL)) != NULL)
    {
      if (is_news (line))
        self->news (self->user_data);
      g_free (line);
    }
}

static void
listen_once (DeskListener *self, const char *token, const char *cursor)
{
  g_autoptr (DeskRemote) remote = desk_remote_new (self->address, TIMEOUT_SECS);
  g_autofree char *quoted = g_uri_escape_string (cursor, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/stream?since=", quoted, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = NULL;

  desk_remote_set_token (remote, token);
  stream = desk_remote_listen (remote, path, self->cancellable, &error);
  if (stream != NULL)
    read_lines (self, stream);
  else
    g_debug ("No stream: %s", error->message);
}

/* FALSE: it is over. */
static gboolean
wait_for_cursor (DeskListener *self, char **token, char **cursor)
{
  g_mutex_lock (&self->mutex);
  while (self->cursor == NULL && !self->stopping)
    g_cond_wait (&self->cond, &self->mutex);
  *token = g_steal_pointer (&self->token);
  *cursor = g_steal_pointer (&self->cursor);
  self->listening = !self->stopping;
  g_mutex_unlock (&self->mutex);
  return *cursor != NULL;
}

static void
note_end (DeskListener *self, gint64 began_us, guint *n_short)
{
  gint64 now_us = g_get_monotonic_time ();

  *n_short = now_us - began_us < SHORT_US ? *n_short + 1 : 0;
  g_mutex_lock (&self->mutex);
  self->listening = FALSE;
  self->not_before_us = now_us + (*n_short > 0 ? desk_backoff_us (*n_short) : 0);
  g_mutex_unlock (&self->mutex);
}

static gpointer
run (gpointer data)
{
  DeskListener *self = data;
  guint n_short = 0;
  char *token, *cursor;

  while (wait_for_cursor (self, &token, &cursor))
    {
      gint64 began_us = g_get_monotonic_time ();

      listen_once (self, token, cursor);
      g_free (token);
      g_free (cursor);
      note_end (self, began_us, &n_short);
      self->news (self->user_data);
    }
  g_free (token);
  return NULL;
}

DeskListener *
desk_listener_new (const char *address, void (*news) (gpointer), gpointer user_data)
{
  DeskListener *self = g_new0 (DeskListener, 1);

  self->address = g_strdup (address);
  self->news = news;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("desk-listener", run, self);
  return self;
}

void
desk_listener_listen (DeskListener *self, const char *token, const char *cursor)
{
  g_mutex_lock (&self->mutex);
  if (!self->listening && self->cursor == NULL && cursor != NULL &&
      g_get_monotonic_time () >= self->not_before_us)
    {
      g_free (self->token);
      self->token = g_strdup (token);
      self->cursor = g_strdup (cursor);
      g_cond_signal (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
}

void
desk_listener_free (DeskListener *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_clear_pointer (&self->cursor, g_free);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->token);
  g_free (self->address);
  g_free (self);
}
