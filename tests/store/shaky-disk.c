/* SPDX-License-Identifier: GPL-3.0-or-later
 * A disk for SQLite that can be full, and whose power can be cut. */
#include "shaky-disk.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define SECTOR_BYTES 512

/* Something that was done to a file and is not synced. */
typedef struct
{
  gint64 offset;
  GBytes *bytes; /* NULL: the file ends at @offset */
} Change;

/* A file by its path, as those who read it see it. */
typedef struct
{
  char *path;
  GByteArray *now;
  GPtrArray *unsynced; /* of Change, in order */
} Content;

typedef struct
{
  sqlite3_file base;
  Content *content; /* lives in the table of the disk */
  sqlite3_file real[];
} File;

static struct
{
  GMutex lock;
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  GHashTable *contents; /* path → Content, which owns both */
  gint64 quota_bytes;
  guint count;
  guint cut_at;
  GRand *rand;
  gboolean dead;
} disk;

/* --- contents --- */

static void
free_change (gpointer data)
{
  Change *change = data;

  g_clear_pointer (&change->bytes, g_bytes_unref);
  g_free (change);
}

static void
free_content (gpointer data)
{
  Content *content = data;

  g_free (content->path);
  g_byte_array_unref (content->now);
  g_ptr_array_unref (content->unsynced);
  g_free (content);
}

static Content *
new_content (const char *path, sqlite3_file *real)
{
  Content *content = g_new0 (Content, 1);
  sqlite3_int64 size = 0;

  content->path = g_strdup (path);
  content->now = g_byte_array_new ();
  content->unsynced = g_ptr_array_new_with_free_func (free_change);
  real->pMethods->xFileSize (real, &size);
  g_byte_array_set_size (content->now, size);
  real->pMethods->xRead (real, content->now->data, size, 0);
  return content;
}

static gint64
count_used (void)
{
  GHashTableIter iter;
  gpointer content;
  gint64 used = 0;

  g_hash_table_iter_init (&iter, disk.contents);
  while (g_hash_table_iter_next (&iter, NULL, &content))
    used += ((Content *) content)->now->len;
  return used;
}

static void
record (Content *content, gint64 offset, const void *data, int size)
{
  Change *change = g_new0 (Change, 1);

  change->offset = offset;
  change->bytes = data != NULL ? g_bytes_new (data, size) : NULL;
  g_ptr_array_add (content->unsynced, change);
}

static void
put (Content *content, gint64 offset, const void *data, int size)
{
  gsize old = content->now->len;

  if (size == 0)
    return;
  if (offset + size > (gint64) old)
    g_byte_array_set_size (content->now, offset + size);
  if (offset > (gint64) old)
    memset (content->now->data + old, 0, offset - old);
  memcpy (content->now->data + offset, data, size);
  record (content, offset, data, size);
}

/* --- what reaches the real file --- */

static void
apply_to (int fd, const Change *change)
{
  gsize size;
  const guint8 *data;

  if (change->bytes == NULL)
    {
      g_assert_cmpint (ftruncate (fd, change->offset), ==, 0);
      return;
    }
  data = g_bytes_get_data (change->bytes, &size);
  g_assert_cmpint (pwrite (fd, data, size, change->offset), ==, size);
}

/* Only some of its sectors. */
static void
apply_torn (int fd, const Change *change)
{
  gsize size;
  const guint8 *data;

  if (change->bytes == NULL)
    return;
  data = g_bytes_get_data (change->bytes, &size);
  for (gsize at = 0; at < size; at += SECTOR_BYTES)
    if (g_rand_boolean (disk.rand))
      {
        gsize length = MIN (SECTOR_BYTES, size - at);
        g_assert_cmpint (pwrite (fd, data + at, length, change->offset + at), ==, length);
      }
}

static int
open_real (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static void
sync_content (Content *content)
{
  int fd;

  if (content->unsynced->len == 0)
    return;
  fd = open_real (content->path);
  for (guint i = 0; i < content->unsynced->len; i++)
    apply_to (fd, content->unsynced->pdata[i]);
  close (fd);
  g_ptr_array_set_size (content->unsynced, 0);
}

/* What becomes of changes that nobody synced: nothing, the first of them, or any of them. */
static void
lose_content (Content *content)
{
  guint way = g_rand_int_range (disk.rand, 0, 3);
  guint until = g_rand_int_range (disk.rand, 0, content->unsynced->len + 1);
  int fd = open_real (content->path);

  for (guint i = 0; i < content->unsynced->len; i++)
    {
      const Change *change = content->unsynced->pdata[i];

      if (way == 1 && i < until)
        apply_to (fd, change);
      else if (way == 1 && i == until)
        apply_torn (fd, change);
      else if (way == 2 && g_rand_boolean (disk.rand))
        apply_to (fd, change);
      else if (way == 2 && g_rand_boolean (disk.rand))
        apply_torn (fd, change);
    }
  close (fd);
}

static void
for_each_content (void (*func) (Content *))
{
  GHashTableIter iter;
  gpointer content;

  g_hash_table_iter_init (&iter, disk.contents);
  while (g_hash_table_iter_next (&iter, NULL, &content))
    func (content);
}

/* One more operation. FALSE: there is no power any more. */
static gboolean
go_on (void)
{
  if (disk.dead)
    return FALSE;
  if (++disk.count != disk.cut_at)
    return TRUE;
  disk.dead = TRUE;
  for_each_content (lose_content);
  return FALSE;
}

/* --- methods of files --- */

static int
close_file (sqlite3_file *base)
{
  File *file = (File *) base;

  return file->real->pMethods->xClose (file->real);
}

static int
read_file (sqlite3_file *base, void *buffer, int size, sqlite3_int64 offset)
{
  File *file = (File *) base;
  gint64 there;

  g_mutex_lock (&disk.lock);
  there = CLAMP ((gint64) file->content->now->len - offset, 0, size);
  if (!disk.dead)
    {
      if (there > 0)
        memcpy (buffer, file->content->now->data + offset, there);
      memset ((guint8 *) buffer + there, 0, size - there);
    }
  g_mutex_unlock (&disk.lock);
  if (disk.dead)
    return SQLITE_IOERR_READ;
  return there == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
write_file (sqlite3_file *base, const void *data, int size, sqlite3_int64 offset)
{
  File *file = (File *) base;
  gint64 length, growth, room;
  int result = SQLITE_IOERR_WRITE;

  g_mutex_lock (&disk.lock);
  length = file->content->now->len;
  growth = MAX (offset + size - length, 0);
  room = disk.quota_bytes > 0 ? MAX (disk.quota_bytes - count_used (), 0) : G_MAXINT64;
  if (go_on ())
    {
      /* A disk takes what still fits. */
      put (file->content, offset, data, growth > room ? MAX (length + room - offset, 0) : size);
      result = growth > room ? SQLITE_FULL : SQLITE_OK;
    }
  g_mutex_unlock (&disk.lock);
  return result;
}

static int
truncate_file (sqlite3_file *base, sqlite3_int64 size)
{
  File *file = (File *) base;
  int result = SQLITE_IOERR_TRUNCATE;

  g_mutex_lock (&disk.lock);
  if (go_on ())
    {
      if (size < file->content->now->len)
        g_byte_array_set_size (file->content->now, size);
      record (file->content, size, NULL, 0);
      result = SQLITE_OK;
    }
  g_mutex_unlock (&disk.lock);
  return result;
}

static int
sync_file (sqlite3_file *base, int flags)
{
  File *file = (File *) base;
  int result = SQLITE_IOERR_FSYNC;

  g_mutex_lock (&disk.lock);
  if (go_on ())
    {
      sync_content (file->content);
      result = SQLITE_OK;
    }
  g_mutex_unlock (&disk.lock);
  return result;
}

static int
get_file_size (sqlite3_file *base, sqlite3_int64 *size)
{
  File *file = (File *) base;

  g_mutex_lock (&disk.lock);
  *size = file->content->now->len;
  g_mutex_unlock (&disk.lock);
  return disk.dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int
lock_file (sqlite3_file *base, int lock)
{
  File *file = (File *) base;

  return file->real->pMethods->xLock (file->real, lock);
}

static int
unlock_file (sqlite3_file *base, int lock)
{
  File *file = (File *) base;

  return file->real->pMethods->xUnlock (file->real, lock);
}

static int
check_reserved_lock (sqlite3_file *base, int *result)
{
  File *file = (File *) base;

  return file->real->pMethods->xCheckReservedLock (file->real, result);
}

static int
control_file (sqlite3_file *base, int operation, void *argument)
{
  File *file = (File *) base;

  /* These would reach around us. */
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE ||
      operation == SQLITE_FCNTL_MMAP_SIZE)
    return SQLITE_NOTFOUND;
  return file->real->pMethods->xFileControl (file->real, operation, argument);
}

static int
get_sector_size (sqlite3_file *base)
{
  File *file = (File *) base;

  return file->real->pMethods->xSectorSize (file->real);
}

static int
get_characteristics (sqlite3_file *base)
{
  File *file = (File *) base;

  return file->real->pMethods->xDeviceCharacteristics (file->real);
}

static int
map_shared (sqlite3_file *base, int page, int size, int extend, void volatile **memory)
{
  File *file = (File *) base;

  return file->real->pMethods->xShmMap (file->real, page, size, extend, memory);
}

static int
lock_shared (sqlite3_file *base, int offset, int n, int flags)
{
  File *file = (File *) base;

  return file->real->pMethods->xShmLock (file->real, offset, n, flags);
}

static void
put_barrier (sqlite3_file *base)
{
  File *file = (File *) base;

  file->real->pMethods->xShmBarrier (file->real);
}

static int
unmap_shared (sqlite3_file *base, int delete_it)
{
  File *file = (File *) base;

  return file->real->pMethods->xShmUnmap (file->real, delete_it && !disk.dead);
}

static const sqlite3_io_methods methods = {
  2,
  close_file,
  read_file,
  write_file,
  truncate_file,
  sync_file,
  get_file_size,
  lock_file,
  unlock_file,
  check_reserved_lock,
  control_file,
  get_sector_size,
  get_characteristics,
  map_shared,
  lock_shared,
  put_barrier,
  unmap_shared,
};

/* --- methods of the disk --- */

static int
open_file (sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags)
{
  File *file = (File *) base;
  int result;

  file->base.pMethods = NULL;
  if (disk.dead)
    return SQLITE_CANTOPEN;
  result = disk.real->xOpen (disk.real, path, file->real, flags, out_flags);
  if (result != SQLITE_OK)
    return result;
  g_mutex_lock (&disk.lock);
  file->content = g_hash_table_lookup (disk.contents, path);
  if (file->content == NULL)
    {
      file->content = new_content (path, file->real);
      g_hash_table_insert (disk.contents, file->content->path, file->content);
    }
  g_mutex_unlock (&disk.lock);
  file->base.pMethods = &methods;
  return SQLITE_OK;
}

static int
delete_file (sqlite3_vfs *vfs, const char *path, int sync_folder)
{
  if (disk.dead)
    return SQLITE_IOERR_DELETE;
  g_mutex_lock (&disk.lock);
  g_hash_table_remove (disk.contents, path);
  g_mutex_unlock (&disk.lock);
  return disk.real->xDelete (disk.real, path, sync_folder);
}

static int
access_file (sqlite3_vfs *vfs, const char *path, int flags, int *result)
{
  Content *content;

  g_mutex_lock (&disk.lock);
  content = g_hash_table_lookup (disk.contents, path);
  if (content != NULL)
    *result = content->now->len > 0;
  g_mutex_unlock (&disk.lock);
  return content != NULL ? SQLITE_OK : disk.real->xAccess (disk.real, path, flags, result);
}

static int
make_full_path (sqlite3_vfs *vfs, const char *path, int size, char *out)
{
  return disk.real->xFullPathname (disk.real, path, size, out);
}

/* The rest is the real one's, which does not look at whom it is asked through. */
static void
make_vfs (void)
{
  disk.real = sqlite3_vfs_find ("unix");
  disk.vfs = *disk.real;
  disk.vfs.szOsFile = sizeof (File) + disk.real->szOsFile;
  disk.vfs.pNext = NULL;
  disk.vfs.zName = "shaky";
  disk.vfs.xOpen = open_file;
  disk.vfs.xDelete = delete_file;
  disk.vfs.xAccess = access_file;
  disk.vfs.xFullPathname = make_full_path;
  disk.contents = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_content);
}

void
shaky_disk_install (void)
{
  if (disk.real == NULL)
    make_vfs ();
  sqlite3_vfs_register (&disk.vfs, TRUE);
}

void
shaky_disk_remove (void)
{
  sqlite3_vfs_register (disk.real, TRUE);
}

void
shaky_disk_set_quota (gint64 bytes)
{
  g_mutex_lock (&disk.lock);
  disk.quota_bytes = bytes;
  g_mutex_unlock (&disk.lock);
}

gint64
shaky_disk_get_used (void)
{
  gint64 used;

  g_mutex_lock (&disk.lock);
  used = count_used ();
  g_mutex_unlock (&disk.lock);
  return used;
}

void
shaky_disk_flush (void)
{
  g_mutex_lock (&disk.lock);
  if (!disk.dead)
    for_each_content (sync_content);
  g_mutex_unlock (&disk.lock);
}

void
shaky_disk_cut_at (guint operation, guint seed)
{
  g_mutex_lock (&disk.lock);
  g_clear_pointer (&disk.rand, g_rand_free);
  disk.rand = g_rand_new_with_seed (seed);
  disk.cut_at = operation;
  disk.count = 0;
  g_mutex_unlock (&disk.lock);
}

gboolean
shaky_disk_is_dead (void)
{
  return disk.dead;
}

guint
shaky_disk_count (void)
{
  return disk.count;
}

void
shaky_disk_reset (void)
{
  g_hash_table_remove_all (disk.contents);
  g_clear_pointer (&disk.rand, g_rand_free);
  disk.quota_bytes = 0;
  disk.cut_at = 0;
  disk.count = 0;
  disk.dead = FALSE;
}
