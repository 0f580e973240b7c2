/* SPDX-License-Identifier: GPL-3.0-or-later
 * A thread that reads server-sent events; see the header. */
#include "desk-listener.h"

#include <string.h>

#include "desk-backoff.h"
#include "desk-remote.h"

/* The server says something every 25 s. */
#define TIMEOUT_SECS 60
/* … and the first word at once: what holds it back will hold back the others. */
#define FIRST_WORD_SECS 10
/* A stream that ends sooner is not one that proxies and servers let live. */
#define SHORT_US (10 * G_USEC_PER_SEC)
/* So many in a row, and it is the way, not the moment. */
#define MAX_FAULTS 3
/* How long a server is polled before the stream is tried again. */
#define POLL_US        (10 * 60 * G_USEC_PER_SEC)
#define POLL_WAIT_SECS 25

struct _DeskListener
{
  char *address;
  const DeskListenerHooks *hooks;
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

  /* the thread's own */
  guint n_short;    /* in a row */
  guint asked_secs; /* to wait, by a busy server */
  guint n_faults;   /* of streams, in a row */
  gint64 poll_until_us;
};

/* --- what a stream says --- */

/* One attempt at a stream. */
typedef struct
{
  DeskListener *listener;
  GCancellable *cancellable; /* of this alone */
  guint watchdog;
  gboolean said_bye;
  char *event; /* that the next data is of, or NULL */
} Stream;

static void
take_presence (DeskListener *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = desk_json_parse (text, strlen (text), &error);
  GPtrArray *present = node != NULL ? desk_presence_from_json (node, &error) : NULL;

  if (present != NULL)
    self->hooks->presence (present, self->user_data);
  else
    g_debug ("Not understood: %s", error->message);
}

static void
take_event (Stream *stream, const char *name)
{
  g_free (stream->event);
  stream->event = g_strdup (name);
  if (g_str_equal (name, "head"))
    stream->listener->hooks->news (stream->listener->user_data);
  else if (g_str_equal (name, "bye"))
    stream->said_bye = TRUE;
}

static void
take_line (Stream *stream, const char *line)
{
  if (g_str_has_prefix (line, "event: "))
    take_event (stream, line + strlen ("event: "));
  else if (g_str_has_prefix (line, "data: ") && g_strcmp0 (stream->event, "presence") == 0)
    take_presence (stream->listener, line + strlen ("data: "));
}

/* --- a stream --- */

static gboolean
bark_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
stop_cb (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (data);
}

static guint
set_watchdog (GCancellable *cancellable)
{
  return g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, FIRST_WORD_SECS, bark_cb,
                                     g_object_ref (cancellable), g_object_unref);
}

static void
end_watchdog (Stream *stream)
{
  GSource *source = stream->watchdog != 0
                        ? g_main_context_find_source_by_id (NULL, stream->watchdog)
                        : NULL;

  if (source != NULL)
    g_source_destroy (source);
  stream->watchdog = 0;
}

static void
read_lines (Stream *stream, GInputStream *input)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  char *line;

  while ((line = g_data_input_stream_read_line (lines, NULL, stream->cancellable, NULL)) != NULL)
    {
      end_watchdog (stream);
      take_line (stream, line);
      g_free (line);
    }
}

/* --- whether the way carries streams --- */

typedef enum
{
  OUTCOME_FINE,
  OUTCOME_NOTHING, /* no network, no session: that says nothing about streams */
  OUTCOME_FAULT,
  OUTCOME_HELD_BACK,
} Outcome;

static Outcome
judge_refusal (const GError *error)
{
  static const DeskRemoteError others[] = { DESK_REMOTE_ERROR_OFFLINE, DESK_REMOTE_ERROR_SIGNED_OUT,
                                            DESK_REMOTE_ERROR_REFILL };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_error_matches (error, DESK_REMOTE_ERROR, (int) others[i]))
      return OUTCOME_NOTHING;
  return OUTCOME_FAULT;
}

static Outcome
judge (const Stream *stream, const GError *refusal, gint64 lasted_us)
{
  if (g_cancellable_is_cancelled (stream->listener->cancellable))
    return OUTCOME_NOTHING;
  if (g_cancellable_is_cancelled (stream->cancellable))
    return OUTCOME_HELD_BACK;
  if (refusal != NULL)
    return judge_refusal (refusal);
  return stream->said_bye || lasted_us >= SHORT_US ? OUTCOME_FINE : OUTCOME_FAULT;
}

static void
begin_polling (DeskListener *self)
{
  g_debug ("No stream gets through; asking instead");
  self->poll_until_us = g_get_monotonic_time () + POLL_US;
  self->n_short = 0;
}

static void
note_outcome (DeskListener *self, Outcome outcome)
{
  switch (outcome)
    {
    case OUTCOME_FINE:
      self->n_faults = 0;
      break;
    case OUTCOME_NOTHING:
      break;
    case OUTCOME_FAULT:
      self->n_faults++;
      break;
    case OUTCOME_HELD_BACK:
      self->n_faults = MAX_FAULTS;
      break;
    }
  /* Once it is known, one more fault at the next try is enough. */
  if (self->n_faults >= MAX_FAULTS && outcome != OUTCOME_NOTHING)
    begin_polling (self);
}

static void
hear_stream (DeskListener *self, DeskRemote *remote, const char *cursor)
{
  g_autofree char *path = g_strconcat ("/v1/stream?since=", cursor, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gulong chain = g_cancellable_connect (self->cancellable, G_CALLBACK (stop_cb), cancellable, NULL);
  Stream stream = { .listener = self, .cancellable = cancellable };
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) input = NULL;
  gint64 lasted_us;

  stream.watchdog = set_watchdog (cancellable);
  input = desk_remote_listen (remote, path, cancellable, &error);
  if (input != NULL)
    read_lines (&stream, input);
  end_watchdog (&stream);
  g_cancellable_disconnect (self->cancellable, chain);
  g_free (stream.event);
  lasted_us = g_get_monotonic_time () - began_us;
  self->n_short = lasted_us < SHORT_US ? self->n_short + 1 : 0;
  self->asked_secs = desk_remote_get_retry_after (remote);
  note_outcome (self, judge (&stream, error, lasted_us));
}

/* --- asking instead --- */

/* TRUE: there is no news yet; ask again. What came is read by whoever looks. */
static gboolean
poll_once (DeskListener *self, DeskRemote *remote, const char *path)
{
  const DeskAsk ask = { .method = "GET", .path = path };
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = desk_remote_ask (remote, &ask, self->cancellable, &error);

  self->n_short = answer != NULL ? 0 : self->n_short + 1;
  self->asked_secs = desk_remote_get_retry_after (remote);
  return answer != NULL &&
         g_get_monotonic_time () - began_us >= (POLL_WAIT_SECS - 1) * G_USEC_PER_SEC;
}

static void
hear_polls (DeskListener *self, DeskRemote *remote, const char *cursor)
{
  g_autofree char *path = g_strdup_printf ("/v1/changes?since=%s&wait=%d", cursor, POLL_WAIT_SECS);

  while (poll_once (self, remote, path) && g_get_monotonic_time () < self->poll_until_us)
    ;
}

/* --- the thread --- */

static void
listen_once (DeskListener *self, const char *token, const char *cursor)
{
  g_autoptr (DeskRemote) remote = desk_remote_new (self->address, TIMEOUT_SECS);
  g_autofree char *escaped = g_uri_escape_string (cursor, NULL, FALSE);

  desk_remote_set_token (remote, token);
  if (g_get_monotonic_time () < self->poll_until_us)
    hear_polls (self, remote, escaped);
  else
    hear_stream (self, remote, escaped);
}

/* With the mutex. */
static gboolean
is_to_wait (DeskListener *self)
{
  return !self->stopping && (self->cursor == NULL || g_get_monotonic_time () < self->not_before_us);
}

/* FALSE: it is over. */
static gboolean
wait_for_cursor (DeskListener *self, char **token, char **cursor)
{
  g_mutex_lock (&self->mutex);
  while (is_to_wait (self))
    if (self->cursor == NULL)
      g_cond_wait (&self->cond, &self->mutex);
    else
      g_cond_wait_until (&self->cond, &self->mutex, self->not_before_us);
  *token = g_steal_pointer (&self->token);
  *cursor = self->stopping ? NULL : g_steal_pointer (&self->cursor);
  self->listening = !self->stopping;
  g_mutex_unlock (&self->mutex);
  return *cursor != NULL;
}

static void
note_end (DeskListener *self)
{
  gint64 pause_us = self->n_short > 0 ? desk_backoff_after_us (self->n_short, self->asked_secs) : 0;

  g_mutex_lock (&self->mutex);
  self->listening = FALSE;
  self->not_before_us = g_get_monotonic_time () + pause_us;
  g_mutex_unlock (&self->mutex);
}

static gpointer
run (gpointer data)
{
  DeskListener *self = data;
  char *token, *cursor;

  while (wait_for_cursor (self, &token, &cursor))
    {
      listen_once (self, token, cursor);
      g_free (token);
      g_free (cursor);
      note_end (self);
      self->hooks->news (self->user_data);
    }
  g_free (token);
  return NULL;
}

DeskListener *
desk_listener_new (const char *address, const DeskListenerHooks *hooks, gpointer user_data)
{
  DeskListener *self = g_new0 (DeskListener, 1);

  self->address = g_strdup (address);
  self->hooks = hooks;
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
  if (!self->listening && cursor != NULL)
    {
      g_free (self->token);
      g_free (self->cursor);
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
