/* SPDX-License-Identifier: GPL-3.0-or-later
 * Locks on the desk's files that a stray close() does not drop. */
#define _GNU_SOURCE

#include "desk-locks.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>

/* The same command for a lock of the open file description; -1 when @command is none of locks. */
static int
get_description_command (int command)
{
  switch (command)
    {
    case F_SETLK:
      return F_OFD_SETLK;
    case F_SETLKW:
      return F_OFD_SETLKW;
    case F_GETLK:
      return F_OFD_GETLK;
    default:
      return -1;
    }
}

/* In the place of fcntl() for SQLite, whose every command has an argument of a pointer's size. */
static int
lock_description (int fd, int command, ...)
{
  int own_command = get_description_command (command);
  struct flock *lock;
  void *argument;
  va_list args;
  int result;

  va_start (args, command);
  argument = va_arg (args, void *);
  va_end (args);
  if (own_command < 0)
    return fcntl (fd, command, argument);
  lock = argument;
  lock->l_pid = 0;
  result = fcntl (fd, own_command, lock);
  return result < 0 && errno == EINVAL ? fcntl (fd, command, lock) : result;
}

void
desk_locks_install (void)
{
  static gsize installed = 0;
  sqlite3_vfs *vfs;

  if (!g_once_init_enter (&installed))
    return;
  vfs = sqlite3_vfs_find ("unix");
  if (vfs != NULL && vfs->iVersion >= 3)
    vfs->xSetSystemCall (vfs, "fcntl", (sqlite3_syscall_ptr) lock_description);
  g_once_init_leave (&installed, 1);
}
