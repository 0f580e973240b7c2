/* SPDX-License-Identifier: GPL-3.0-or-later
 * HTTP over libmicrohttpd: limits, bodies, and an end for whoever is too slow.
 *
 * A few threads serve all connections. Each request is a DeskRequest, told to the hooks: begin (the
 * head is there; answering now refuses the body), handle (the body is there too), end. Times are
 * counted: a head or a body that does not come, an idle connection, an answer that is not taken are
 * cut by desk_http_reap(), which the owner calls every second. Fails with G_IO_ERROR. */
#pragma once

#include <sys/socket.h>

#include "desk-request.h"

G_BEGIN_DECLS

typedef struct
{
  DeskStep begin;
  DeskStep handle;
  DeskStep end;
} DeskHttpHooks;

typedef struct
{
  guint n_threads;
  guint max_connections;
  guint max_connections_per_address;
  guint head_secs;         /* for a request's head, and its body as far as it is small */
  guint idle_secs;         /* between requests */
  GPtrArray *proxies;      /* of GInetAddressMask: who may say for whom they ask */
  const char *certificate; /* PEM texts, or NULL: no TLS */
  const char *key;
} DeskHttpLimits;

/* @owner: of the requests. */
DeskHttp *desk_http_new (const DeskHttpLimits *limits,
                         const DeskHttpHooks *hooks,
                         gpointer owner,
                         GError **error);
/* Nobody may be asleep any more. */
void desk_http_free (DeskHttp *self);

/* As many as may be are not there yet. Any thread, as the next. */
gboolean desk_http_has_room (DeskHttp *self);
/* A connection to serve; @fd is taken, and closed at once when there is no room for it. */
void desk_http_take (DeskHttp *self, int fd, const struct sockaddr *peer, socklen_t length);

guint desk_http_count_connections (DeskHttp *self);
guint desk_http_count_asleep (DeskHttp *self);
void desk_http_reap (DeskHttp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskHttp, desk_http_free)

G_END_DECLS
