/* SPDX-License-Identifier: GPL-3.0-or-later
 * A lock on a file beside the desk, of the open file description: it is the server's, and no
 * stray close() drops it. */
#define _GNU_SOURCE

#include "desk-served.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk-store-error.h"

#define MAX_ADDRESS_BYTES 1000

struct _DeskServed
{
  char *file;
  int fd;
};

/* The files whose locks this process holds. */
static GMutex mutex;
static GHashTable *held;

static gboolean
is_ours (const char *file)
{
  gboolean ours;

  g_mutex_lock (&mutex);
  ours = held != NULL && g_hash_table_contains (held, file);
  g_mutex_unlock (&mutex);
  return ours;
}

static void
set_ours (const char *file, gboolean ours)
{
  g_mutex_lock (&mutex);
  if (held == NULL)
    held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (ours)
    g_hash_table_add (held, g_strdup (file));
  else
    g_hash_table_remove (held, file);
  g_mutex_unlock (&mutex);
}

/* Beside the desk itself, not beside a link to it. */
static char *
find_file (const char *path)
{
  char *real = realpath (path, NULL);
  g_autofree char *plain = real == NULL ? g_canonicalize_filename (path, NULL) : NULL;
  char *file = g_strconcat (real != NULL ? real : plain, "-served", NULL);

  free (real);
  return file;
}

/* Other processes only are asked for: a description's own lock is in nobody's way. */
static gboolean
is_locked (int fd)
{
  struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

  return fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static gboolean
fail_served (const char *file, GError **error)
{
  g_autofree char *address = NULL;

  if (g_file_get_contents (file, &address, NULL, NULL) && *g_strstrip (address) != '\0' &&
      g_utf8_validate (address, -1, NULL))
    desk_store_fail (error, DESK_STORE_ERROR_SERVED,
                     "This desk is served at %s; connect to it there", address);
  else
    desk_store_fail (error, DESK_STORE_ERROR_SERVED,
                     "This desk is served by deskbelld; connect to it there");
  return FALSE;
}

static gboolean
fail_with_errno (const char *file, GError **error)
{
  int code = errno;

  return desk_store_fail (
      error, code == ENOSPC || code == EDQUOT ? DESK_STORE_ERROR_FULL : DESK_STORE_ERROR_READ_ONLY,
      "“%s” cannot be written: %s", file, g_strerror (code));
}

static gboolean
lock (int fd, const char *file, GError **error)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  if (fcntl (fd, F_OFD_SETLK, &whole) == 0)
    return TRUE;
  return errno == EAGAIN || errno == EACCES ? fail_served (file, error)
                                            : fail_with_errno (file, error);
}

static gboolean
write_address (int fd, const char *file, const char *address, GError **error)
{
  gsize size = MIN (strlen (address), MAX_ADDRESS_BYTES);

  return (ftruncate (fd, 0) == 0 && pwrite (fd, address, size, 0) == (gssize) size) ||
         fail_with_errno (file, error);
}

DeskServed *
desk_served_take (const char *path, const char *address, GError **error)
{
  g_autofree char *file = find_file (path);
  int fd = open (file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  DeskServed *self;

  if (fd < 0)
    {
      fail_with_errno (file, error);
      return NULL;
    }
  if (!lock (fd, file, error) || !write_address (fd, file, address, error))
    {
      close (fd);
      return NULL;
    }
  self = g_new0 (DeskServed, 1);
  self->fd = fd;
  self->file = g_steal_pointer (&file);
  set_ours (self->file, TRUE);
  return self;
}

void
desk_served_release (DeskServed *self)
{
  if (self == NULL)
    return;
  set_ours (self->file, FALSE);
  /* The file stays: who has just opened it must not lock one that is gone. */
  if (ftruncate (self->fd, 0) != 0)
    g_debug ("%s: %s", self->file, g_strerror (errno));
  close (self->fd);
  g_free (self->file);
  g_free (self);
}

gboolean
desk_served_check (const char *path, GError **error)
{
  g_autofree char *file = find_file (path);
  int fd = open (file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gboolean served;

  if (fd < 0)
    return TRUE;
  served = is_locked (fd) && !is_ours (file);
  close (fd);
  return !served || fail_served (file, error);
}
