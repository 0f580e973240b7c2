/* SPDX-License-Identifier: GPL-3.0-or-later
 * What desk-http.c and desk-request.c share: a connection as the reaper knows it. */
#pragma once

#include <microhttpd.h>

#include "desk-http.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_SOCKET_IDLE,    /* between requests */
  DESK_SOCKET_READING, /* a request is coming in */
  DESK_SOCKET_WORKING, /* ours to answer */
  DESK_SOCKET_SENDING, /* theirs to take */
} DeskSocketState;

typedef struct
{
  int fd;
  char *address;      /* of the peer, or NULL */
  gint state;         /* DeskSocketState; atomic */
  gint deadline_secs; /* monotonic, of the state; atomic */
} DeskSocket;

void desk_http_set_state (DeskRequest *request, DeskSocketState state, guint secs);
/* One more, or less, is asleep. */
void desk_http_count_sleep (DeskHttp *self, int change);

G_END_DECLS
