/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request on its way: what was asked, who asks, and the answer. */
#define _GNU_SOURCE
#include "desk-request.h"

#include <poll.h>
#include <string.h>

#include "desk-http-private.h"

/* How much of an event stream is handed over at once. */
#define STREAM_BLOCK_BYTES 2048
/* Whoever takes an answer slower than this is cut. */
#define SLOWEST_BYTES_PER_SEC (8 * 1024)
#define SEND_SECS             60

const char *
desk_request_get_header (DeskRequest *self, const char *name)
{
  return MHD_lookup_connection_value (self->connection, MHD_HEADER_KIND, name);
}

const char *
desk_request_get_parameter (DeskRequest *self, const char *name)
{
  return desk_target_get (self->target, name);
}

gboolean
desk_request_is_answered (DeskRequest *self)
{
  return self->response != NULL;
}

void
desk_request_add_header (DeskRequest *self, const char *name, const char *value)
{
  MHD_add_response_header (self->response, name, value);
}

/* What every answer says of itself. */
static void
take_response (
    DeskRequest *self, guint status, const char *type, struct MHD_Response *response, gint64 length)
{
  g_return_if_fail (self->response == NULL);

  self->response = response;
  self->status = status;
  self->answer_bytes = length;
  if (type != NULL)
    desk_request_add_header (self, MHD_HTTP_HEADER_CONTENT_TYPE, type);
  desk_request_add_header (self, "X-Content-Type-Options", "nosniff");
  desk_request_add_header (self, "X-Request-Id", self->id);
  desk_http_set_state (self, DESK_SOCKET_SENDING,
                       SEND_SECS + MAX (length, 0) / SLOWEST_BYTES_PER_SEC);
}

void
desk_request_answer (DeskRequest *self, guint status, const char *type, char *text, gsize length)
{
  struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback (length, text,
                                                                                      g_free);

  take_response (self, status, type, response, length);
}

void
desk_request_answer_static (
    DeskRequest *self, guint status, const char *type, const char *text, gsize length)
{
  struct MHD_Response *response = MHD_create_response_from_buffer (length, (void *) text,
                                                                   MHD_RESPMEM_PERSISTENT);

  take_response (self, status, type, response, length);
}

void
desk_request_answer_file (
    DeskRequest *self, guint status, const char *type, int fd, gint64 offset, gint64 length)
{
  struct MHD_Response *response = MHD_create_response_from_fd_at_offset64 (length, fd, offset);

  take_response (self, status, type, response, length);
}

/* --- streams --- */

static ssize_t
send_unsent (DeskRequest *self, char *buffer, size_t max)
{
  gsize n = MIN (max, self->unsent->len - self->sent);

  memcpy (buffer, self->unsent->str + self->sent, n);
  self->sent += n;
  if (self->sent == self->unsent->len)
    {
      g_string_truncate (self->unsent, 0);
      self->sent = 0;
    }
  return n;
}

static ssize_t
read_stream_cb (void *data, uint64_t position, char *buffer, size_t max)
{
  DeskRequest *self = data;

  self->is_asleep = FALSE;
  if (self->unsent->len == 0 && !self->is_over)
    self->is_over = !self->stream (self, self->unsent);
  if (self->unsent->len > 0)
    return send_unsent (self, buffer, max);
  if (self->is_over)
    return MHD_CONTENT_READER_END_OF_STREAM;
  /* The stream went to sleep; or it was woken meanwhile, and is asked again at once. */
  return 0;
}

void
desk_request_answer_stream (DeskRequest *self, DeskStreamFunc func)
{
  struct MHD_Response *response = MHD_create_response_from_callback (
      MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, read_stream_cb, self, NULL);

  self->stream = func;
  self->unsent = g_string_new (NULL);
  take_response (self, MHD_HTTP_OK, "text/event-stream", response, -1);
  desk_request_add_header (self, "Cache-Control", "no-store");
  desk_request_add_header (self, "X-Accel-Buffering", "no");
  desk_http_set_state (self, DESK_SOCKET_WORKING, 0);
}

/* --- sleeping --- */

void
desk_request_sleep (DeskRequest *self, DeskStep step)
{
  if (step != NULL)
    self->step = step;
  self->is_asleep = TRUE;
  desk_http_count_sleep (self->http, 1);
  MHD_suspend_connection (self->connection);
}

void
desk_request_wake (DeskRequest *self)
{
  /* The request may be gone as soon as its connection is awake. */
  desk_http_count_sleep (self->http, -1);
  MHD_resume_connection (self->connection);
}

int
desk_request_get_fd (DeskRequest *self)
{
  return ((DeskSocket *) self->socket)->fd;
}

gboolean
desk_request_has_hung_up (DeskRequest *self)
{
  struct pollfd descriptor = { desk_request_get_fd (self), POLLRDHUP, 0 };

  return poll (&descriptor, 1, 0) > 0;
}
