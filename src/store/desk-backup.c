/* SPDX-License-Identifier: GPL-3.0-or-later
 * A copy of a desk that is in use, and back again. */
#include "desk-backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk-accounts.h"
#include "desk-migrate.h"
#include "desk-new-file.h"
#include "desk-path.h"
#include "desk-uid.h"

#define RETRY_MS    50
#define RETRY_TIMES 200

static gboolean
check_content (DeskDb *db, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_QUICK_CHECK, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure) && g_strcmp0 (desk_query_text (query, 0), "ok") == 0)
    return TRUE;
  if (failure == NULL)
    desk_store_fail (&failure, DESK_STORE_ERROR_DAMAGED, "“%s” is damaged: %s",
                     desk_db_get_path (db), desk_query_text (query, 0));
  g_propagate_error (error, failure);
  return FALSE;
}

/* It may be of an older version: a copy is kept before a desk is brought to this one. */
static gboolean
check_copy (const char *path, GError **error)
{
  g_autoptr (DeskDb) copy = desk_db_open (path, DESK_DB_CHECK, error);

  return copy != NULL && check_content (copy, error);
}

/* --- copying bytes --- */

static gboolean
copy_bytes (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  GError *failure = NULL;

  if (g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &failure))
    return TRUE;
  desk_store_fail (error,
                   g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
                       ? DESK_STORE_ERROR_FULL
                       : DESK_STORE_ERROR_IO,
                   "“%s” cannot be copied to “%s”: %s", from, to, failure->message);
  g_error_free (failure);
  return FALSE;
}

/* Who may not read the desk may not read its copies. */
static void
keep_private (DeskDb *db, const char *copy)
{
  struct stat info;

  if (stat (desk_db_get_path (db), &info) == 0 && chmod (copy, info.st_mode & 0777) != 0)
    g_debug ("%s: %s", copy, g_strerror (errno));
}

/* --- backup --- */

static gboolean
vacuum_into (DeskDb *db, const char *path, GError **error)
{
  if (desk_db_run (db, DESK_SQL_BACKUP, error, "s", path) < 0)
    return FALSE;
  keep_private (db, path);
  return check_copy (path, error);
}

/* Where SQLite cannot lock it cannot write either: the copy is made beside the desk first. */
static gboolean
vacuum_by_way (DeskDb *db, const char *path, GError **error)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *way = g_strdup_printf ("%s.%s", desk_db_get_path (db), uid);
  gboolean done;

  done = vacuum_into (db, way, error) && copy_bytes (way, path, error);
  desk_new_file_drop (way);
  return done;
}

gboolean
desk_backup_copy (DeskDb *db, const char *path, GError **error)
{
  g_autofree char *unfinished = desk_new_file_start (path, error);
  g_autofree char *folder = g_path_get_dirname (path);
  gboolean done;

  if (unfinished == NULL)
    return FALSE;
  done = desk_path_check_shared (folder, NULL) ? vacuum_into (db, unfinished, error)
                                               : vacuum_by_way (db, unfinished, error);
  done = done && desk_new_file_finish (unfinished, path, error);
  desk_new_file_drop (unfinished);
  return done;
}

/* --- preparing a backup's content --- */

/* Somebody may be writing it: it is a desk, or was one that was not closed. */
static gboolean
has_companions (const char *path)
{
  static const char *const endings[] = { "-wal", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (path, endings[i], NULL);

      if (g_file_test (name, G_FILE_TEST_EXISTS))
        return TRUE;
    }
  return FALSE;
}

static gboolean
copy_writable (const char *path, const char *prepared, GError **error)
{
  struct stat info;

  if (!copy_bytes (path, prepared, error))
    return FALSE;
  /* A backup may be write-protected. */
  if (stat (prepared, &info) == 0)
    chmod (prepared, (info.st_mode & 0777) | 0600);
  return TRUE;
}

/* A backup of an older version can be copied, but not yet read. */
static gboolean
fetch (const char *path, const char *prepared, GError **error)
{
  g_autoptr (DeskDb) source = NULL;

  if (!desk_path_check_file (path, error))
    return FALSE;
  if (!has_companions (path))
    return copy_writable (path, prepared, error);
  source = desk_db_open (path, DESK_DB_CHECK, error);
  return source != NULL && desk_db_run (source, DESK_SQL_BACKUP, error, "s", prepared) >= 0;
}

/* Opening brings an older one to this version, and would leave a copy of it. */
static void
drop_prepared (const char *prepared)
{
  g_autofree char *copy = g_strdup_printf ("%s.before-%d", prepared, desk_migrate_get_newest ());

  desk_new_file_drop (copy);
  desk_new_file_drop (prepared);
}

static gboolean
start_epoch (DeskDb *content, GError **error)
{
  g_autofree char *epoch = desk_uid_new ();

  if (!desk_db_begin (content, error))
    return FALSE;
  if (desk_db_run (content, DESK_SQL_DESK_EPOCH, error, "u", epoch) >= 0 &&
      desk_db_run (content, DESK_SQL_CATALOGUE_MOVED, error, "") >= 0)
    return desk_db_commit (content, error);
  desk_db_rollback (content);
  return FALSE;
}

/* The backup's content as it shall be afterwards, in a file of its own: the live desk then changes
 * in one step. */
static gboolean
prepare (const char *path, const char *prepared, GError **error)
{
  g_autoptr (DeskDb) content = NULL;

  if (!fetch (path, prepared, error))
    return FALSE;
  content = desk_db_open (prepared, DESK_DB_OPEN, error);
  return content != NULL && check_content (content, error) && start_epoch (content, error);
}

/* --- restore --- */

static gboolean
add_erased (DeskDb *from, DeskDb *to, GError **error)
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

/* Who was erased since the backup was made stays erased, and who may sign in stays as it is. */
static gboolean
carry_people (DeskDb *live, const char *prepared, GError **error)
{
  g_autoptr (DeskDb) content = desk_db_open (prepared, DESK_DB_OPEN, error);

  if (content == NULL || !desk_db_begin (content, error))
    return FALSE;
  if (add_erased (live, content, error) && desk_accounts_carry (live, content, error) &&
      desk_db_run (content, DESK_SQL_CATALOGUE_MOVED, error, "") >= 0)
    return desk_db_commit (content, error);
  desk_db_rollback (content);
  return FALSE;
}

/* What cannot be read any more is kept as it lies there. */
static gboolean
keep_damaged (DeskDb *live, const char *before, GError **error)
{
  const char *path = desk_db_get_path (live);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *wal_before = g_strconcat (before, "-wal", NULL);

  return copy_bytes (path, before, error) &&
         (!g_file_test (wal, G_FILE_TEST_EXISTS) || copy_bytes (wal, wal_before, error));
}

/* Everything that the live desk holds, while nobody can write to it. A damaged desk is what a
 * restore is for; copying one fails in many ways. */
static gboolean
keep_live (DeskDb *live, const char *prepared, const char *before, GError **error)
{
  GError *failure = NULL;

  if (desk_backup_copy (live, before, &failure) && carry_people (live, prepared, &failure))
    return TRUE;
  if (check_content (live, NULL))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_error_free (failure);
  return g_file_test (before, G_FILE_TEST_EXISTS) || keep_damaged (live, before, error);
}

/* Copies up to @n_pages (0: takes the locks, -1: all), and waits for others. */
static gboolean
step (sqlite3_backup *backup, int n_pages, GError **error)
{
  int result = SQLITE_BUSY;

  for (int i = 0; i < RETRY_TIMES; i++)
    {
      result = sqlite3_backup_step (backup, n_pages);
      if (result != SQLITE_BUSY && result != SQLITE_LOCKED)
        break;
      g_usleep (RETRY_MS * 1000);
    }
  if (result == (n_pages == 0 ? SQLITE_OK : SQLITE_DONE))
    return TRUE;
  return desk_store_fail (error,
                          result == SQLITE_BUSY || result == SQLITE_LOCKED ? DESK_STORE_ERROR_BUSY
                          : result == SQLITE_FULL                          ? DESK_STORE_ERROR_FULL
                                                                           : DESK_STORE_ERROR_IO,
                          "The desk could not be restored and is as it was: %s",
                          sqlite3_errstr (result));
}

/* The write lock is held from before the last look at the desk to the end, so that nothing which
 * somebody was told is saved falls between what is kept and what is restored. */
static gboolean
pour (DeskDb *db, const char *prepared, const char *before, GError **error)
{
  g_autoptr (DeskDb) content = desk_db_open (prepared, DESK_DB_READ, error);
  g_autoptr (DeskDb) live = NULL;
  sqlite3_backup *backup;
  gboolean done;

  if (content == NULL || (live = desk_db_open (desk_db_get_path (db), DESK_DB_READ, error)) == NULL)
    return FALSE;
  backup =
      sqlite3_backup_init (desk_db_get_handle (db), "main", desk_db_get_handle (content), "main");
  if (backup == NULL)
    return desk_store_fail (error, DESK_STORE_ERROR_IO, "The desk cannot be restored: %s",
                            sqlite3_errmsg (desk_db_get_handle (db)));
  done = step (backup, 0, error) && keep_live (live, prepared, before, error) &&
         step (backup, -1, error);
  return sqlite3_backup_finish (backup) == SQLITE_OK && done;
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

  drop_prepared (prepared);
  done = prepare (path, prepared, error) && pour (db, prepared, before, error);
  drop_prepared (prepared);
  if (!done)
    return FALSE;
  desk_db_tell_others (db);
  *kept = g_steal_pointer (&before);
  return TRUE;
}

gboolean
desk_backup_restore_new (const char *path, const char *target, GError **error)
{
  g_autofree char *prepared = NULL;
  gboolean done;

  if (!desk_path_check_new (target, error))
    return FALSE;
  prepared = desk_new_file_start (target, error);
  if (prepared == NULL)
    return FALSE;
  done = prepare (path, prepared, error) && desk_new_file_finish (prepared, target, error);
  drop_prepared (prepared);
  return done;
}
