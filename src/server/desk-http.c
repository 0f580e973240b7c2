/* SPDX-License-Identifier: GPL-3.0-or-later
 * HTTP over libmicrohttpd: limits, bodies, and an end for whoever is too slow. */
#include "desk-http-private.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* For the head of a request and for what is sent at once; bodies have memory of their own. */
#define CONNECTION_MEMORY_BYTES (10 * 1024)
/* In case the reaper misses something. */
#define INACTIVE_SECS 90
/* A body has longer than a head, as far as it comes faster than this. */
#define SLOWEST_BYTES_PER_SEC (16 * 1024)
/* When most connections are taken, those that only sit there have to go earlier. */
#define CROWDED_IDLE_SECS 2

struct _DeskHttp
{
  DeskHttpLimits limits;
  DeskHttpHooks hooks;
  gpointer owner;
  struct MHD_Daemon *daemon;
  gint n_asleep; /* atomic */

  GMutex lock;           /* of what follows */
  guint n_taken;         /* connections, and those that no thread has begun with */
  GHashTable *sockets;   /* of DeskSocket */
  GHashTable *addresses; /* address → number of sockets, GUINT_TO_POINTER */
};

static gint
get_secs (void)
{
  return g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* --- who is there --- */

/* Without the port, and an IPv4 address as such. (transfer full) (nullable) */
static char *
describe_address (const struct sockaddr *address)
{
  g_autoptr (GSocketAddress) native = NULL;
  g_autofree char *text = NULL;

  if (address == NULL || (address->sa_family != AF_INET && address->sa_family != AF_INET6))
    return NULL;
  native = g_socket_address_new_from_native (
      (gpointer) address,
      address->sa_family == AF_INET ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6));
  text = g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (native)));
  return g_strdup (g_str_has_prefix (text, "::ffff:") && strchr (text, '.') != NULL ? text + 7
                                                                                    : text);
}

static gboolean
is_proxy (DeskHttp *self, const char *text)
{
  g_autoptr (GInetAddress)
      address = self->limits.proxies->len > 0 ? g_inet_address_new_from_string (text) : NULL;

  for (guint i = 0; address != NULL && i < self->limits.proxies->len; i++)
    if (g_inet_address_mask_matches (self->limits.proxies->pdata[i], address))
      return TRUE;
  return FALSE;
}

/* With the lock. */
static void
count_connection (DeskHttp *self, const char *address, int change)
{
  guint n;

  self->n_taken += change;
  if (address == NULL)
    return;
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->addresses, address)) + change;
  if (n == 0)
    g_hash_table_remove (self->addresses, address);
  else
    g_hash_table_insert (self->addresses, g_strdup (address), GUINT_TO_POINTER (n));
}

/* Counts it; FALSE: its address has its share already. */
static gboolean
admit (DeskHttp *self, const char *address)
{
  gboolean limited = address != NULL && !is_proxy (self, address);
  gboolean admitted;

  g_mutex_lock (&self->lock);
  admitted = !limited || GPOINTER_TO_UINT (g_hash_table_lookup (self->addresses, address)) <
                             self->limits.max_connections_per_address;
  if (admitted)
    count_connection (self, address, 1);
  g_mutex_unlock (&self->lock);
  return admitted;
}

/* What is ours to do has no deadline; and with one of now, the reaper would end it for what it was
 * before, if it looked between these two lines. */
static void
set_state (DeskSocket *socket, DeskSocketState state, guint secs)
{
  if (state != DESK_SOCKET_WORKING)
    g_atomic_int_set (&socket->deadline_secs, get_secs () + (gint) secs);
  g_atomic_int_set (&socket->state, state);
}

void
desk_http_set_state (DeskRequest *request, DeskSocketState state, guint secs)
{
  set_state (request->socket, state, secs);
}

static void
free_socket (gpointer data)
{
  DeskSocket *socket = data;

  g_free (socket->address);
  g_free (socket);
}

static DeskSocket *
open_socket (DeskHttp *self, struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *fd = MHD_get_connection_info (connection,
                                                                MHD_CONNECTION_INFO_CONNECTION_FD);
  const union MHD_ConnectionInfo *peer = MHD_get_connection_info (
      connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  DeskSocket *socket = g_new0 (DeskSocket, 1);

  socket->fd = fd->connect_fd;
  socket->address = describe_address (peer != NULL ? peer->client_addr : NULL);
  set_state (socket, DESK_SOCKET_IDLE, self->limits.head_secs);
  return socket;
}

static void
connection_cb (void *data,
               struct MHD_Connection *connection,
               void **socket,
               enum MHD_ConnectionNotificationCode code)
{
  DeskHttp *self = data;
  DeskSocket *opened = code == MHD_CONNECTION_NOTIFY_STARTED ? open_socket (self, connection)
                                                             : NULL;

  g_mutex_lock (&self->lock);
  if (opened != NULL)
    {
      *socket = opened;
      g_hash_table_add (self->sockets, opened);
    }
  else if (*socket != NULL)
    {
      count_connection (self, ((DeskSocket *) *socket)->address, -1);
      g_hash_table_remove (self->sockets, *socket);
      *socket = NULL;
    }
  g_mutex_unlock (&self->lock);
}

guint
desk_http_count_connections (DeskHttp *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = g_hash_table_size (self->sockets);
  g_mutex_unlock (&self->lock);
  return n;
}

guint
desk_http_count_asleep (DeskHttp *self)
{
  return g_atomic_int_get (&self->n_asleep);
}

void
desk_http_count_sleep (DeskHttp *self, int change)
{
  g_atomic_int_add (&self->n_asleep, change);
}

static gboolean
is_overdue (DeskSocket *socket, gint now, guint idle_secs_less)
{
  DeskSocketState state = g_atomic_int_get (&socket->state);
  gint deadline = g_atomic_int_get (&socket->deadline_secs);

  switch (state)
    {
    case DESK_SOCKET_IDLE:
      return now + (gint) idle_secs_less >= deadline;
    case DESK_SOCKET_READING:
    case DESK_SOCKET_SENDING:
      return now >= deadline;
    case DESK_SOCKET_WORKING:
      return FALSE;
    }
  g_assert_not_reached ();
}

/* Its thread finds the end of the connection and closes it, which waits for the lock: the
 * descriptor is still this connection's. */
void
desk_http_reap (DeskHttp *self)
{
  guint idle_secs_less = 0;
  GHashTableIter iter;
  gpointer socket;

  g_mutex_lock (&self->lock);
  if (g_hash_table_size (self->sockets) > self->limits.max_connections / 4 * 3)
    idle_secs_less = MAX (self->limits.idle_secs, CROWDED_IDLE_SECS) - CROWDED_IDLE_SECS;
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    if (is_overdue (socket, get_secs (), idle_secs_less))
      shutdown (((DeskSocket *) socket)->fd, SHUT_RDWR);
  g_mutex_unlock (&self->lock);
}

/* --- requests --- */

static void *
request_line_cb (void *data, const char *text, struct MHD_Connection *connection)
{
  DeskHttp *self = data;
  const union MHD_ConnectionInfo *info = MHD_get_connection_info (
      connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  DeskRequest *request = g_new0 (DeskRequest, 1);

  request->http = self;
  request->owner = self->owner;
  request->connection = connection;
  request->socket = info->socket_context;
  request->started_us = g_get_monotonic_time ();
  request->target = desk_target_parse (text);
  g_snprintf (request->id, sizeof request->id, "%08x%08x", g_random_int (), g_random_int ());
  desk_http_set_state (request, DESK_SOCKET_READING, self->limits.head_secs);
  return request;
}

static void
completed_cb (void *data,
              struct MHD_Connection *connection,
              void **context,
              enum MHD_RequestTerminationCode code)
{
  DeskHttp *self = data;
  DeskRequest *request = *context;

  if (request == NULL)
    return;
  *context = NULL;
  desk_http_set_state (request, DESK_SOCKET_IDLE, self->limits.idle_secs);
  if (request->has_begun)
    self->hooks.end (request);
  if (request->response != NULL)
    MHD_destroy_response (request->response);
  if (request->unsent != NULL)
    g_string_free (request->unsent, TRUE);
  g_clear_pointer (&request->target, desk_target_free);
  g_clear_pointer (&request->body, g_byte_array_unref);
  g_free (request->address);
  g_free (request);
}

/* The address behind those proxies that are trusted to tell it. (transfer full) */
static char *
find_address (DeskHttp *self, DeskRequest *request)
{
  const char *peer = ((DeskSocket *) request->socket)->address;
  const char *header = desk_request_get_header (request, "X-Forwarded-For");
  g_auto (GStrv) hops = NULL;

  if (peer == NULL)
    peer = "local";
  else if (!is_proxy (self, peer))
    return g_strdup (peer);
  hops = g_strsplit (header != NULL ? header : "", ",", 32);
  for (int i = (int) g_strv_length (hops) - 1; i >= 0; i--)
    {
      g_autoptr (GInetAddress) hop = g_inet_address_new_from_string (g_strstrip (hops[i]));
      g_autofree char *text = hop != NULL ? g_inet_address_to_string (hop) : NULL;

      if (text == NULL)
        break;
      if (!is_proxy (self, text) || i == 0)
        return g_steal_pointer (&text);
    }
  return g_strdup (peer);
}

/* 0 when there is none; -1 when its length is not told. */
static gint64
get_body_length (DeskRequest *request)
{
  const char *length = desk_request_get_header (request, MHD_HTTP_HEADER_CONTENT_LENGTH);

  if (desk_request_get_header (request, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL)
    return -1;
  return length != NULL ? g_ascii_strtoll (length, NULL, 10) : 0;
}

static enum MHD_Result
queue (DeskRequest *request)
{
  return MHD_queue_response (request->connection, request->status, request->response);
}

static enum MHD_Result
begin (DeskHttp *self, DeskRequest *request, const char *method)
{
  gint64 length = get_body_length (request);

  request->has_begun = TRUE;
  request->method = method;
  request->address = find_address (self, request);
  request->body = g_byte_array_new ();
  self->hooks.begin (request);
  if (length != 0 && !desk_request_is_answered (request))
    desk_http_set_state (request, DESK_SOCKET_READING,
                         self->limits.head_secs + MAX (length, 0) / SLOWEST_BYTES_PER_SEC);
  /* Answered now, the body is not read and the connection is closed. */
  return length != 0 && desk_request_is_answered (request) ? queue (request) : MHD_YES;
}

/* Who sends more than was said has lost the right to an answer. */
static enum MHD_Result
take_body (DeskRequest *request, const char *data, size_t *size)
{
  if (desk_request_is_answered (request) || request->body->len + *size > request->max_body_bytes)
    return MHD_NO;
  g_byte_array_append (request->body, (const guint8 *) data, *size);
  *size = 0;
  return MHD_YES;
}

static enum MHD_Result
access_cb (void *data,
           struct MHD_Connection *connection,
           const char *url,
           const char *method,
           const char *version,
           const char *upload,
           size_t *upload_size,
           void **context)
{
  DeskHttp *self = data;
  DeskRequest *request = *context;

  if (!request->has_begun)
    return begin (self, request, method);
  if (*upload_size > 0)
    return take_body (request, upload, upload_size);
  if (!desk_request_is_answered (request))
    {
      desk_http_set_state (request, DESK_SOCKET_WORKING, 0);
      request->is_asleep = FALSE;
      self->hooks.handle (request);
    }
  if (desk_request_is_answered (request))
    return queue (request);
  return request->is_asleep ? MHD_YES : MHD_NO;
}

/* What it would print is about clients' mistakes. */
static void
be_quiet_cb (void *data, const char *format, va_list arguments)
{
}

/* --- beginning and end --- */

/* The library divides its limit by its threads, and a thread over its part deadlocks (0.9.75): what
 * holds is ours, and each of them may have all. */
static struct MHD_Daemon *
start_daemon (DeskHttp *self)
{
  const DeskHttpLimits *limits = &self->limits;
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET |
                       MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
  struct MHD_OptionItem tls[] = {
    { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *) limits->certificate },
    { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *) limits->key },
    { MHD_OPTION_END, 0, NULL },
  };

  if (limits->certificate != NULL)
    flags |= MHD_USE_TLS;
  else
    tls[0].option = MHD_OPTION_END;
  return MHD_start_daemon (
      flags, 0, NULL, NULL, access_cb, self, MHD_OPTION_EXTERNAL_LOGGER, be_quiet_cb, NULL,
      MHD_OPTION_THREAD_POOL_SIZE, limits->n_threads, MHD_OPTION_CONNECTION_LIMIT,
      limits->max_connections * limits->n_threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      (size_t) CONNECTION_MEMORY_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, INACTIVE_SECS,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, request_line_cb, self,
      MHD_OPTION_NOTIFY_COMPLETED, completed_cb, self, MHD_OPTION_NOTIFY_CONNECTION, connection_cb,
      self, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

DeskHttp *
desk_http_new (const DeskHttpLimits *limits,
               const DeskHttpHooks *hooks,
               gpointer owner,
               GError **error)
{
  g_autoptr (DeskHttp) self = g_new0 (DeskHttp, 1);

  self->limits = *limits;
  self->limits.proxies = g_ptr_array_ref (limits->proxies);
  self->hooks = *hooks;
  self->owner = owner;
  self->sockets = g_hash_table_new_full (NULL, NULL, free_socket, NULL);
  self->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->lock);
  self->daemon = start_daemon (self);
  if (self->daemon != NULL)
    return g_steal_pointer (&self);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The server cannot be started%s",
               limits->certificate != NULL ? " with this certificate and key" : "");
  return NULL;
}

void
desk_http_free (DeskHttp *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->daemon, MHD_stop_daemon);
  g_hash_table_unref (self->sockets);
  g_hash_table_unref (self->addresses);
  g_ptr_array_unref (self->limits.proxies);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
desk_http_has_room (DeskHttp *self)
{
  gboolean has_room;

  g_mutex_lock (&self->lock);
  has_room = self->n_taken < self->limits.max_connections;
  g_mutex_unlock (&self->lock);
  return has_room;
}

static void
forget (DeskHttp *self, const char *address)
{
  g_mutex_lock (&self->lock);
  count_connection (self, address, -1);
  g_mutex_unlock (&self->lock);
}

void
desk_http_take (DeskHttp *self, int fd, const struct sockaddr *peer, socklen_t length)
{
  g_autofree char *address = describe_address (peer);

  if (!admit (self, address))
    close (fd);
  else if (MHD_add_connection (self->daemon, fd, peer, length) != MHD_YES)
    forget (self, address);
}
