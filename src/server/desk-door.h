/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where clients come in: listening sockets, and a thread that takes whoever is there.
 *
 * libmicrohttpd could listen itself, but a thread of its pool that turns at the wrong moment makes
 * MHD_quiesce_daemon() end the process (0.9.75: both take the socket out of the same epoll set, and
 * the second to do so panics); and when it is not quiesced it shuts a socket down for systemd too,
 * which wants to keep it. Owner's thread. Fails with G_IO_ERROR. */
#pragma once

#include <gio/gio.h>
#include <sys/socket.h>

G_BEGIN_DECLS

typedef struct _DeskDoor DeskDoor;

/* Both on the door's thread. */
typedef struct
{
  /* While there is none, those who come wait. */
  gboolean (*has_room) (gpointer data);
  /* @fd is taken. */
  void (*take) (int fd, const struct sockaddr *peer, socklen_t length, gpointer data);
} DeskDoorHooks;

DeskDoor *desk_door_new (void);
/* Closes it too. Sockets that were given stay open wherever else they are. */
void desk_door_free (DeskDoor *self);

/* "127.0.0.1:8080", "[::1]:0", "unix:/run/deskbell.socket". Before it opens. */
gboolean desk_door_listen (DeskDoor *self, const char *address, GError **error);
/* A socket that listens already; taken. Before it opens. */
void desk_door_add (DeskDoor *self, int fd);
/* Where the first socket is, as in "127.0.0.1:41233"; NULL without one. Lent. */
const char *desk_door_get_address (DeskDoor *self);

/* @hooks is copied. */
void desk_door_open (DeskDoor *self, const DeskDoorHooks *hooks, gpointer data);
/* Nobody is taken any more once it returns. Again does nothing. */
void desk_door_close (DeskDoor *self);

G_END_DECLS
