/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where clients come in: listening sockets, and a thread that takes whoever is there. */
#define _GNU_SOURCE
#include "desk-door.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A storm of clients that come again after a break is not to be turned away by the kernel. */
#define BACKLOG 4096
/* How long to wait for room, or for descriptors. */
#define FULL_MS 100

struct _DeskDoor
{
  GArray *sockets;  /* of struct pollfd; the first is woken to close */
  GPtrArray *files; /* of paths: sockets that are ours to remove */
  char *address;
  DeskDoorHooks hooks;
  gpointer data;
  GThread *thread; /* NULL: closed */
  gint is_closing; /* atomic */
};

static void
watch (DeskDoor *self, int fd)
{
  struct pollfd descriptor = { fd, POLLIN, 0 };

  g_array_append_val (self->sockets, descriptor);
}

DeskDoor *
desk_door_new (void)
{
  DeskDoor *self = g_new0 (DeskDoor, 1);

  self->sockets = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  self->files = g_ptr_array_new_with_free_func (g_free);
  watch (self, eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK));
  return self;
}

void
desk_door_free (DeskDoor *self)
{
  if (self == NULL)
    return;
  desk_door_close (self);
  for (guint i = 0; i < self->sockets->len; i++)
    close (g_array_index (self->sockets, struct pollfd, i).fd);
  for (guint i = 0; i < self->files->len; i++)
    g_unlink (self->files->pdata[i]);
  g_array_unref (self->sockets);
  g_ptr_array_unref (self->files);
  g_free (self->address);
  g_free (self);
}

/* --- listening --- */

static char *
name_socket (int fd)
{
  struct sockaddr_storage native;
  socklen_t length = sizeof native;
  g_autoptr (GSocketAddress) address = NULL;

  if (getsockname (fd, (struct sockaddr *) &native, &length) != 0)
    return g_strdup ("?");
  address = g_socket_address_new_from_native (&native, length);
  if (G_IS_UNIX_SOCKET_ADDRESS (address))
    return g_strconcat ("unix:", g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address)),
                        NULL);
  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}

/* Whoever was there may be gone when it is their turn, which must not hold up the others. */
void
desk_door_add (DeskDoor *self, int fd)
{
  g_return_if_fail (self->thread == NULL);

  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  if (self->address == NULL)
    self->address = name_socket (fd);
  watch (self, fd);
}

static GSocketAddress *
parse_address (const char *text, GError **error)
{
  g_autoptr (GSocketConnectable) connectable = NULL;
  g_autoptr (GSocketAddressEnumerator) enumerator = NULL;

  if (g_str_has_prefix (text, "unix:"))
    return g_unix_socket_address_new (text + 5);
  connectable = g_network_address_parse (text, 0, error);
  if (connectable == NULL)
    return NULL;
  enumerator = g_socket_connectable_enumerate (connectable);
  return g_socket_address_enumerator_next (enumerator, NULL, error);
}

/* A socket file that nobody answers on is what a killed server left. */
static void
remove_stale_socket (GSocketAddress *address)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  if (!G_IS_UNIX_SOCKET_ADDRESS (address))
    return;
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (connection == NULL)
    g_unlink (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address)));
}

static GSocket *
bind_socket (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket)
      socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, 0, error);

  if (socket == NULL || !g_socket_bind (socket, address, TRUE, error))
    return NULL;
  return g_steal_pointer (&socket);
}

gboolean
desk_door_listen (DeskDoor *self, const char *text, GError **error)
{
  g_autoptr (GSocketAddress) address = parse_address (text, error);
  g_autoptr (GSocket) socket = NULL;

  if (address != NULL)
    remove_stale_socket (address);
  if (address == NULL || (socket = bind_socket (address, error)) == NULL)
    {
      g_prefix_error (error, "Cannot listen on %s: ", text);
      return FALSE;
    }
  if (G_IS_UNIX_SOCKET_ADDRESS (address))
    g_ptr_array_add (self->files,
                     g_strdup (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address))));
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_listen (socket, error))
    return FALSE;
  /* The socket of GLib closes its own. */
  desk_door_add (self, fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0));
  return TRUE;
}

const char *
desk_door_get_address (DeskDoor *self)
{
  return self->address;
}

/* --- the thread --- */

/* FALSE: there are no more descriptors, or no memory; it would only be tried again at once. */
static gboolean
take_next (DeskDoor *self, int socket)
{
  struct sockaddr_storage peer;
  socklen_t length = sizeof peer;
  int fd = accept4 (socket, (struct sockaddr *) &peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd >= 0)
    self->hooks.take (fd, (const struct sockaddr *) &peer, length, self->data);
  return fd >= 0 || errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
}

static gboolean
take_all (DeskDoor *self)
{
  for (guint i = 1; i < self->sockets->len; i++)
    {
      const struct pollfd *socket = &g_array_index (self->sockets, struct pollfd, i);

      if ((socket->revents & POLLIN) != 0 && !take_next (self, socket->fd))
        return FALSE;
    }
  return TRUE;
}

static void
await (DeskDoor *self, gboolean has_room)
{
  struct pollfd *sockets = (struct pollfd *) (gpointer) self->sockets->data;

  poll (sockets, has_room ? self->sockets->len : 1, has_room ? -1 : FULL_MS);
}

static gpointer
run_cb (gpointer data)
{
  DeskDoor *self = data;
  gboolean has_room = TRUE;

  for (;;)
    {
      await (self, has_room);
      if (g_atomic_int_get (&self->is_closing))
        return NULL;
      has_room = self->hooks.has_room (self->data) && (!has_room || take_all (self));
    }
}

void
desk_door_open (DeskDoor *self, const DeskDoorHooks *hooks, gpointer data)
{
  g_return_if_fail (self->thread == NULL);

  self->hooks = *hooks;
  self->data = data;
  self->thread = g_thread_new ("door", run_cb, self);
}

void
desk_door_close (DeskDoor *self)
{
  if (self->thread == NULL)
    return;
  g_atomic_int_set (&self->is_closing, TRUE);
  eventfd_write (g_array_index (self->sockets, struct pollfd, 0).fd, 1);
  g_thread_join (g_steal_pointer (&self->thread));
}
