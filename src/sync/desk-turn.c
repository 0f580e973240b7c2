/* SPDX-License-Identifier: GPL-3.0-or-later
 * A lock of the open file description: it works between threads too, and no stray close() drops it. */
#define _GNU_SOURCE

#include "desk-turn.h"

#include <fcntl.h>
#include <unistd.h>

struct _DeskTurn
{
  int fd;
};

DeskTurn *
desk_turn_take (const char *path)
{
  g_autofree char *file = g_strconcat (path, "-turn", NULL);
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
  return self;
}

void
desk_turn_release (DeskTurn *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_free (self);
}
