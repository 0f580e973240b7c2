/* SPDX-License-Identifier: GPL-3.0-or-later
 * A new file that is there whole or not at all. */
#include "desk-new-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "desk-path.h"
#include "desk-store-error.h"
#include "desk-uid.h"

#define SUFFIX_CHARS 8

char *
desk_new_file_start (const char *path, GError **error)
{
  g_autofree char *uid = desk_uid_new ();

  if (!desk_path_check_new_file (path, error))
    return NULL;
  /* The end of a uid is random. */
  return g_strdup_printf ("%s.%s", path, uid + strlen (uid) - SUFFIX_CHARS);
}

static gboolean
sync_path (const char *path, int flags)
{
  int fd = open (path, flags | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return done;
}

/* A link never replaces a file; a stick with FAT has no links. */
static gboolean
move (const char *unfinished, const char *path)
{
  if (link (unfinished, path) == 0)
    return TRUE;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
    return FALSE;
  if (access (path, F_OK) == 0)
    {
      errno = EEXIST;
      return FALSE;
    }
  return rename (unfinished, path) == 0;
}

gboolean
desk_new_file_finish (const char *unfinished, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int code;

  if (sync_path (unfinished, O_RDWR) && move (unfinished, path) &&
      sync_path (folder, O_RDONLY | O_DIRECTORY))
    return TRUE;
  code = errno;
  return desk_store_fail (error,
                          code == ENOSPC || code == EDQUOT ? DESK_STORE_ERROR_FULL
                          : code == EEXIST                 ? DESK_STORE_ERROR_EXISTS
                                                           : DESK_STORE_ERROR_IO,
                          "“%s” cannot be written: %s", path, g_strerror (code));
}

void
desk_new_file_drop (const char *unfinished)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal", "-stamp" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (unfinished, endings[i], NULL);

      g_unlink (name);
    }
}
