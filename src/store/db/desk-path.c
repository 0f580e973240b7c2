/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking at a desk's path before SQLite does. */
#include "desk-path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "desk-store-error.h"

/* The SQLite file format: https://www.sqlite.org/fileformat.html section 1.3. */
#define HEADER_BYTES             100
#define HEADER_MAGIC             "SQLite format 3"
#define HEADER_APPLICATION_ID_AT 68

/* f_type of linux/magic.h, and of kernels' sources for those that are not in it. */
static const gint64 unsafe_types[] = {
  0x6969,     /* NFS */
  0x517b,     /* SMB */
  0xff534d42, /* CIFS */
  0xfe534d42, /* SMB2 */
  0x65735546, /* FUSE: sshfs, document portal */
  0x01021997, /* 9P */
  0x5346414f, /* AFS */
  0x6b414653, /* kAFS */
  0x00c36400, /* Ceph */
  0x01161970, /* GFS2 */
  0x7461636f, /* OCFS2 */
  0x0bd00bd0, /* Lustre */
  0x564c,     /* NCP */
};

gboolean
desk_path_is_unsafe_type (gint64 f_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (unsafe_types); i++)
    if ((guint32) f_type == (guint32) unsafe_types[i])
      return TRUE;
  return FALSE;
}

gboolean
desk_path_check_shared (const char *path, GError **error)
{
  struct statfs info;

  if (statfs (path, &info) != 0 || !desk_path_is_unsafe_type (info.f_type))
    return TRUE;
  return desk_store_fail (
      error, DESK_STORE_ERROR_NETWORK,
      "“%s” is on a network or FUSE file system, where a desk cannot be shared safely; "
      "keep it on a local disk",
      path);
}

static gboolean
fail_with_errno (const char *path, int code, GError **error)
{
  DeskStoreError kind = code == ENOENT || code == ENOTDIR ? DESK_STORE_ERROR_MISSING
                        : code == EACCES || code == EPERM ? DESK_STORE_ERROR_NO_ACCESS
                                                          : DESK_STORE_ERROR_IO;

  if (kind == DESK_STORE_ERROR_MISSING)
    return desk_store_fail (error, kind,
                            "There is no desk at “%s”; check the name, or create it with init",
                            path);
  return desk_store_fail (error, kind, "“%s” cannot be read: %s", path, g_strerror (code));
}

static gboolean
fail_not_a_desk (const char *path, GError **error)
{
  return desk_store_fail (error, DESK_STORE_ERROR_NOT_A_DESK,
                          "“%s” is not a desk; choose another file", path);
}

gboolean
desk_path_check_file (const char *path, GError **error)
{
  guint8 header[HEADER_BYTES];
  struct stat info;
  ssize_t size;
  guint32 id;
  int fd;

  if (stat (path, &info) != 0)
    return fail_with_errno (path, errno, error);
  if (!S_ISREG (info.st_mode))
    return fail_not_a_desk (path, error);
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return fail_with_errno (path, errno, error);
  size = read (fd, header, sizeof header);
  close (fd);
  if (size != sizeof header || memcmp (header, HEADER_MAGIC, sizeof HEADER_MAGIC) != 0)
    return fail_not_a_desk (path, error);
  memcpy (&id, header + HEADER_APPLICATION_ID_AT, sizeof id);
  if (GUINT32_FROM_BE (id) != DESK_APPLICATION_ID)
    return fail_not_a_desk (path, error);
  return TRUE;
}

gboolean
desk_path_check_existing (const char *path, GError **error)
{
  struct stat info;

  /* What is not there is on no file system. */
  if (stat (path, &info) == 0 && !desk_path_check_shared (path, error))
    return FALSE;
  return desk_path_check_file (path, error);
}

gboolean
desk_path_check_new_file (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat info;

  if (lstat (path, &info) == 0)
    return desk_store_fail (error, DESK_STORE_ERROR_EXISTS,
                            "“%s” exists already; choose another name", path);
  if (stat (folder, &info) != 0 || !S_ISDIR (info.st_mode))
    return desk_store_fail (error, DESK_STORE_ERROR_MISSING,
                            "There is no folder “%s”; make it first", folder);
  if (access (folder, W_OK) != 0)
    return desk_store_fail (error, DESK_STORE_ERROR_READ_ONLY,
                            "The folder “%s” cannot be written; choose another place", folder);
  return TRUE;
}

gboolean
desk_path_check_new (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return desk_path_check_new_file (path, error) && desk_path_check_shared (folder, error);
}
