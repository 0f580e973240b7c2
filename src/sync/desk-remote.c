/* SPDX-License-Identifier: GPL-3.0-or-later
 * One server, as a client talks to it: the request and its answer; see the header. */
#include <string.h>

#include "config.h"
#include "desk-remote-private.h"
#include "desk-store-error.h"

#define PIECE_BYTES (64 * 1024)
/* After so long, what does not even come at this pace is given up. */
#define DRIP_SECS          20
#define DRIP_BYTES_PER_SEC 256
/* A page is a few megabytes; the answer to 100 ops has a ticket with its events for each. */
#define ANSWER_MAX_BYTES (64 * 1024 * 1024)
#define SEEN_HEADER      "Desk-Seen"
/* Of who has heard nothing yet. */
#define NO_MARK "-"

DeskRemote *
desk_remote_new (const char *address, guint timeout_secs)
{
  DeskRemote *self = g_new0 (DeskRemote, 1);
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);

  self->address = g_strdup (address);
  self->host = g_strdup (uri != NULL ? g_uri_get_host (uri) : address);
  self->timeout_secs = timeout_secs;
  return self;
}

DeskRemote *
desk_remote_new_like (const DeskRemote *other)
{
  DeskRemote *self = desk_remote_new (other->address, other->timeout_secs);

  desk_remote_set_token (self, other->token);
  return self;
}

void
desk_remote_free (DeskRemote *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->message);
  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_pointer (&self->problem, desk_problem_free);
  g_free (self->address);
  g_free (self->host);
  g_free (self->token);
  g_clear_error (&self->no_token);
  g_free (self->seen);
  g_free (self->mark);
  g_free (self);
}

const char *
desk_remote_get_address (DeskRemote *self)
{
  return self->address;
}

void
desk_remote_set_token (DeskRemote *self, const char *token)
{
  g_free (self->token);
  self->token = g_strdup (token);
}

const char *
desk_remote_get_token (DeskRemote *self)
{
  return self->token;
}

void
desk_remote_set_no_token (DeskRemote *self, const GError *reason)
{
  g_clear_error (&self->no_token);
  self->no_token = g_error_copy (reason);
}

void
desk_remote_set_seen (DeskRemote *self, const char *seen)
{
  g_free (self->seen);
  self->seen = g_strdup (seen != NULL ? seen : NO_MARK);
}

const char *
desk_remote_get_seen (DeskRemote *self)
{
  return self->mark;
}

const DeskProblem *
desk_remote_get_problem (DeskRemote *self)
{
  return self->problem;
}

guint
desk_remote_get_status (DeskRemote *self)
{
  return self->message != NULL ? soup_message_get_status (self->message) : 0;
}

guint
desk_remote_get_retry_after (DeskRemote *self)
{
  return self->retry_after;
}

gboolean
desk_remote_has_left (DeskRemote *self)
{
  return self->has_left;
}

gint64
desk_remote_get_number (DeskRemote *self, const char *header)
{
  const char *text = self->message != NULL
                         ? soup_message_headers_get_one (
                               soup_message_get_response_headers (self->message), header)
                         : NULL;
  gint64 number;

  return text != NULL && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &number, NULL) ? number
                                                                                           : -1;
}

/* --- a request --- */

/* Whom to trust instead of whom this computer does, as other programs are told too. NULL without
 * @error: nobody says. (transfer full) */
static GTlsDatabase *
open_authorities (GError **error)
{
  const char *path = g_getenv ("SSL_CERT_FILE");
  g_autofree char *absolute = NULL;
  g_autoptr (GError) failure = NULL;
  GTlsDatabase *authorities;

  if (path == NULL || *path == '\0')
    return NULL;
  absolute = g_canonicalize_filename (path, NULL);
  authorities = g_tls_file_database_new (absolute, &failure);
  if (authorities == NULL)
    desk_remote_fail (error, DESK_REMOTE_ERROR_CERTIFICATE,
                      "“%s”, which SSL_CERT_FILE names, cannot be read: %s", path,
                      failure->message);
  return authorities;
}

static SoupSession *
get_session (DeskRemote *self, GError **error)
{
  g_autoptr (GTlsDatabase) authorities = NULL;
  GError *failure = NULL;

  if (self->session != NULL)
    return self->session;
  authorities = open_authorities (&failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  self->session = soup_session_new_with_options ("timeout", self->timeout_secs, "user-agent",
                                                 "Deskbell/" DESKBELL_VERSION, NULL);
  if (authorities != NULL)
    soup_session_set_tls_database (self->session, authorities);
  return self->session;
}

/* Never trusted, but known for what is said about it. */
static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer data)
{
  DeskRemote *self = data;

  self->distrust = errors;
  return FALSE;
}

/* The connection is there, and the request begins to go out. */
static void
starting_cb (SoupMessage *message, gpointer data)
{
  DeskRemote *self = data;

  self->has_left = TRUE;
}

static void
add_headers (DeskRemote *self, const DeskAsk *ask)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (self->message);

  soup_message_headers_append (headers, "Accept", "application/json, application/problem+json");
  if (self->token != NULL)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);
      soup_message_headers_append (headers, "Authorization", bearer);
    }
  soup_message_headers_append (headers, SEEN_HEADER, self->seen != NULL ? self->seen : "-");
  if (ask->header != NULL)
    soup_message_headers_append (headers, ask->header, ask->value);
}

static void
set_body (DeskRemote *self, const DeskAsk *ask)
{
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (ask->json == NULL)
    {
      if (ask->bytes != NULL)
        soup_message_set_request_body_from_bytes (self->message, "application/offset+octet-stream",
                                                  ask->bytes);
      return;
    }
  text = desk_json_to_string (ask->json, FALSE);
  bytes = g_bytes_new_take (text, strlen (text));
  soup_message_set_request_body_from_bytes (self->message, "application/json", bytes);
}

static void
wrote_cb (SoupMessage *message, guint n_bytes, const DeskAsk *ask)
{
  ask->wrote (n_bytes, ask->user_data);
}

static gboolean
make_message (DeskRemote *self, const DeskAsk *ask, GError **error)
{
  g_autofree char *uri = g_strconcat (self->address, ask->path, NULL);

  g_clear_object (&self->message);
  g_clear_pointer (&self->problem, desk_problem_free);
  g_clear_pointer (&self->mark, g_free);
  self->retry_after = 0;
  self->distrust = 0;
  self->has_left = FALSE;
  self->message = soup_message_new (ask->method, uri);
  if (self->message == NULL)
    {
      desk_remote_fail (error, DESK_REMOTE_ERROR_ADDRESS, "%s is no address of a desk", uri);
      return FALSE;
    }
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (self->message, "accept-certificate", G_CALLBACK (accept_certificate_cb), self);
  g_signal_connect (self->message, "starting", G_CALLBACK (starting_cb), self);
  if (ask->wrote != NULL)
    g_signal_connect (self->message, "wrote-body-data", G_CALLBACK (wrote_cb), (gpointer) ask);
  add_headers (self, ask);
  set_body (self, ask);
  return TRUE;
}

/* --- the answer --- */

/* A byte now and then keeps a connection alive for ever, and brings nothing. */
static gboolean
is_dripping (gint64 began_us, gsize total)
{
  gint64 elapsed_secs = (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;

  return elapsed_secs > DRIP_SECS && (gint64) total < elapsed_secs * DRIP_BYTES_PER_SEC;
}

/* What the disk says is not the network's fault. */
static gboolean
write_piece (
    GOutputStream *output, const char *piece, gsize size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (g_output_stream_write_all (output, piece, size, NULL, cancellable, &failure))
    return TRUE;
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return desk_store_fail (error, DESK_STORE_ERROR_FULL,
                            "There is no room for the answer; free some space and try again");
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    desk_store_fail (error, DESK_STORE_ERROR_IO, "The answer cannot be kept: %s", failure->message);
  return FALSE;
}

static gboolean
copy_all (DeskRemote *self,
          const DeskAsk *ask,
          GInputStream *input,
          GOutputStream *output,
          gsize max_bytes,
          GCancellable *cancellable,
          GError **error)
{
  g_autofree char *piece = g_malloc (PIECE_BYTES);
  gint64 began_us = g_get_monotonic_time ();
  gsize total = 0;
  gssize n_read;

  while ((n_read = g_input_stream_read (input, piece, PIECE_BYTES, cancellable, error)) > 0)
    {
      total += (gsize) n_read;
      if (total > max_bytes)
        {
          desk_remote_fail (
              error, DESK_REMOTE_ERROR_NONSENSE,
              "%s answers with more than it was asked for; tell whoever keeps the desk",
              self->host);
          return FALSE;
        }
      if (is_dripping (began_us, total))
        {
          desk_remote_fail (error, DESK_REMOTE_ERROR_OFFLINE, "%s answers too slowly", self->host);
          return FALSE;
        }
      if (!write_piece (output, piece, (gsize) n_read, cancellable, error))
        return FALSE;
      if (ask->got != NULL)
        ask->got ((gsize) n_read, ask->user_data);
    }
  return n_read == 0;
}

static GBytes *
read_all (DeskRemote *self,
          const DeskAsk *ask,
          GInputStream *input,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  if (!copy_all (self, ask, input, memory, ANSWER_MAX_BYTES, cancellable, error) ||
      !g_output_stream_close (memory, NULL, error))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
note_mark (DeskRemote *self)
{
  self->mark = g_strdup (soup_message_headers_get_one (
      soup_message_get_response_headers (self->message), SEEN_HEADER));
}

/* The body of an answer that says yes. */
static GInputStream *
begin (DeskRemote *self, const DeskAsk *ask, GCancellable *cancellable, GError **error)
{
  GError *failure = NULL;
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GBytes) body = NULL;

  if (get_session (self, error) == NULL || !make_message (self, ask, error))
    return NULL;
  input = soup_session_send (self->session, self->message, cancellable, &failure);
  if (input == NULL)
    {
      desk_remote_fail_on_the_way (self, failure, error);
      return NULL;
    }
  if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (self->message)))
    {
      note_mark (self);
      return g_steal_pointer (&input);
    }
  body = read_all (self, ask, input, cancellable, &failure);
  if (body != NULL)
    desk_remote_fail_refused (self, body, error);
  else
    desk_remote_fail_on_the_way (self, failure, error);
  return NULL;
}

gboolean
desk_remote_fetch (DeskRemote *self,
                   const DeskAsk *ask,
                   GOutputStream *output,
                   gsize max_bytes,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GInputStream) input = begin (self, ask, cancellable, error);
  GError *failure = NULL;

  if (input == NULL)
    return FALSE;
  if (copy_all (self, ask, input, output, max_bytes, cancellable, &failure))
    return TRUE;
  desk_remote_fail_on_the_way (self, failure, error);
  return FALSE;
}

GBytes *
desk_remote_ask (DeskRemote *self, const DeskAsk *ask, GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) input = begin (self, ask, cancellable, error);
  GError *failure = NULL;
  GBytes *body;

  if (input == NULL)
    return NULL;
  body = read_all (self, ask, input, cancellable, &failure);
  if (body == NULL)
    desk_remote_fail_on_the_way (self, failure, error);
  return body;
}

GInputStream *
desk_remote_listen (DeskRemote *self, const char *path, GCancellable *cancellable, GError **error)
{
  const DeskAsk ask = { .method = "GET", .path = path };

  return begin (self, &ask, cancellable, error);
}
