/* SPDX-License-Identifier: GPL-3.0-or-later
 * A copy of a desk that is in use, and back again. */
#include "desk-backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

#include "desk-path.h"
#include "desk-uid.h"

#define RETRY_MS    50
#define RETRY_TIMES 200

static gboolean
sync_path (const char *path, int flags)
{
  int fd = open (path, flags | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return done;
}

static gboolean
check_copy (const char *path, GError **error)
{
  g_autoptr (DeskDb) copy = desk_db_open (path, DESK_DB_READ, error);
  g_autoptr (DeskQuery) query = NULL;
  GError *failure = NULL;

  if (copy == NULL || (query = desk_db_query (copy, DESK_SQL_QUICK_CHECK, error, "")) == NULL)
    return FALSE;
  if (desk_query_next (query, &failure) && g_strcmp0 (desk_query_text (query, 0), "ok") == 0)
    return TRUE;
  if (failure == NULL)
    g_set_error (&failure, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED, "%s is damaged: %s", path,
                 desk_query_text (query, 0));
  g_propagate_error (error, failure);
  return FALSE;
}

/* The copy is on the disk before its name is, and its name before the caller is told. */
static gboolean
give_name (const char *unfinished, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (sync_path (unfinished, O_RDWR) && link (unfinished, path) == 0 &&
      sync_path (folder, O_RDONLY | O_DIRECTORY))
    return TRUE;
  g_set_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_IO, "%s cannot be written: %s", path,
               g_strerror (errno));
  return FALSE;
}

/* What SQLite puts beside a file that was looked at. */
static void
remove_with_companions (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal", "-stamp" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);
      g_unlink (name);
    }
}

gboolean
desk_backup_copy (DeskDb *db, const char *path, GError **error)
{
  g_autofree char *suffix = desk_uid_new ();
  g_autofree char *unfinished = g_strdup_printf ("%s.%.8s", path, suffix + 24);
  gboolean done;

  if (!desk_path_check_new (path, error))
    return FALSE;
  done = desk_db_run (db, DESK_SQL_BACKUP, error, "s", unfinished) >= 0 &&
         check_copy (unfinished, error) && give_name (unfinished, path, error);
  remove_with_companions (unfinished);
  return done;
}

/* --- restore --- */

static gboolean
copy_erased (DeskDb *from, DeskDb *to, gint64 now, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (from, DESK_SQL_ERASED, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      g_autofree char *uid = desk_query_dup_uid (query, 0);
      if (desk_db_run (to, DESK_SQL_ERASED_INSERT, &failure, "ui", uid,
                       desk_query_int (query, 1)) >= 0)
        desk_db_run (to, DESK_SQL_PERSON_ERASE, &failure, "u", uid);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* The backup's content as it shall be afterwards, in a file of its own: the live desk then changes
 * in one step. */
static gboolean
prepare_content (DeskDb *db, const char *path, const char *prepared, gint64 now, GError **error)
{
  g_autoptr (DeskDb) source = desk_db_open (path, DESK_DB_READ, error);
  g_autoptr (DeskDb) content = NULL;
  g_autofree char *epoch = desk_uid_new ();

  if (source == NULL || !desk_backup_copy (source, prepared, error))
    return FALSE;
  content = desk_db_open (prepared, DESK_DB_OPEN, error);
  if (content == NULL || !desk_db_begin (content, error))
    return FALSE;
  return desk_db_run (content, DESK_SQL_DESK_EPOCH, error, "u", epoch) >= 0 &&
         desk_db_run (content, DESK_SQL_CATALOGUE_MOVED, error, "") >= 0 &&
         copy_erased (db, content, now, error) && desk_db_commit (content, error);
}

static gboolean
pour (DeskDb *db, const char *prepared, GError **error)
{
  g_autoptr (DeskDb) content = desk_db_open (prepared, DESK_DB_READ, error);
  sqlite3_backup *backup;
  int result = SQLITE_ERROR;

  if (content == NULL)
    return FALSE;
  backup =
      sqlite3_backup_init (desk_db_get_handle (db), "main", desk_db_get_handle (content), "main");
  for (int i = 0; backup != NULL && i < RETRY_TIMES; i++)
    {
      result = sqlite3_backup_step (backup, -1);
      if (result != SQLITE_BUSY && result != SQLITE_LOCKED)
        break;
      g_usleep (RETRY_MS * 1000);
    }
  if (backup != NULL)
    sqlite3_backup_finish (backup);
  if (result == SQLITE_DONE)
    return TRUE;
  g_set_error (error, DESK_STORE_ERROR,
               result == SQLITE_BUSY || result == SQLITE_LOCKED ? DESK_STORE_ERROR_BUSY
                                                                : DESK_STORE_ERROR_IO,
               "The desk could not be restored and is as it was: %s", sqlite3_errstr (result));
  return FALSE;
}

static char *
name_for_kept (DeskDb *db, gint64 now)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now);
  g_autofree char *stamp = g_date_time_format (time, "%Y%m%dT%H%M%SZ");

  return g_strdup_printf ("%s.before-restore-%s", desk_db_get_path (db), stamp);
}

gboolean
desk_backup_restore (DeskDb *db, const char *path, gint64 now, char **kept, GError **error)
{
  g_autofree char *before = name_for_kept (db, now);
  g_autofree char *prepared = g_strconcat (before, ".new", NULL);
  gboolean done;

  done = check_copy (path, error) && desk_backup_copy (db, before, error) &&
         prepare_content (db, path, prepared, now, error) && pour (db, prepared, error);
  remove_with_companions (prepared);
  if (done)
    *kept = g_steal_pointer (&before);
  return done;
}
