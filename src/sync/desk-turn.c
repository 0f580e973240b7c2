/* SPDX-License-Identifier: GPL-3.0-or-later
 * A lock of the open file description: it works between threads too, and no stray close() drops it.
 */
#define _GNU_SOURCE

#include "desk-turn.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "desk-remote-error.h"

#define MAX_TROUBLE_BYTES 1000

struct _DeskTurn
{
  int fd;
};

static char *
find_file (const char *path)
{
  return g_strconcat (path, "-turn", NULL);
}

DeskTurn *
desk_turn_take (const char *path)
{
  g_autofree char *file = find_file (path);
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = open (file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  DeskTurn *self;

  if (fd < 0)
    return NULL;
  if (fcntl (fd, F_OFD_SETLK, &whole) != 0)
    {
      close (fd);
      return NULL;
    }
  self = g_new (DeskTurn, 1);
  self->fd = fd;
  desk_turn_tell (self, NULL);
  return self;
}

void
desk_turn_tell (DeskTurn *self, const GError *trouble)
{
  g_autofree char *packed = trouble != NULL ? desk_remote_error_pack (trouble) : g_strdup ("");
  gsize size = MIN (strlen (packed), MAX_TROUBLE_BYTES);

  /* What is not told is found out by waiting. */
  if (ftruncate (self->fd, 0) != 0 || pwrite (self->fd, packed, size, 0) != (gssize) size)
    g_debug ("Nobody is told of: %s", packed);
}

GError *
desk_turn_ask (const char *path)
{
  g_autofree char *file = find_file (path);
  g_autofree char *packed = NULL;
  g_autofree char *valid = NULL;

  if (!g_file_get_contents (file, &packed, NULL, NULL) || *packed == '\0')
    return NULL;
  valid = g_utf8_make_valid (packed, -1);
  return desk_remote_error_unpack (DESK_REMOTE_ERROR_OFFLINE, valid);
}

void
desk_turn_release (DeskTurn *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_free (self);
}
