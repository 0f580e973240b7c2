/* SPDX-License-Identifier: GPL-3.0-or-later
 * One connection to a desk file: opening, transactions. */
#include "desk-db-private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk-lease.h"
#include "desk-locks.h"
#include "desk-migrate.h"
#include "desk-new-file.h"
#include "desk-path.h"
#include "desk-served.h"
#include "desk-uid.h"

/* Long enough for a bulk job of another process between its pauses, short enough to be told. */
#define BUSY_TIMEOUT_MS 10000
/* How many steps of SQLite's machine between two looks at the cancellable: about a millisecond. */
#define STEPS_PER_CANCEL_CHECK 10000
/* The log is copied into the file when it has so many pages, which is SQLite's own default. */
#define CHECKPOINT_PAGES 1000

/* --- errors --- */

/* What SQLite's primary result codes mean for a person; all others are IO. */
static const struct
{
  int result;
  DeskStoreError code;
  const char *message;
} meanings[] = {
  { SQLITE_BUSY, DESK_STORE_ERROR_BUSY, DESK_N_ ("The desk is busy; try again in a moment") },
  { SQLITE_LOCKED, DESK_STORE_ERROR_BUSY, DESK_N_ ("The desk is busy; try again in a moment") },
  { SQLITE_FULL, DESK_STORE_ERROR_FULL,
    DESK_N_ ("The disk is full; free some space and try again") },
  { SQLITE_READONLY, DESK_STORE_ERROR_READ_ONLY,
    DESK_N_ ("The desk cannot be written; check the rights of its file and folder") },
  { SQLITE_CANTOPEN, DESK_STORE_ERROR_READ_ONLY,
    DESK_N_ ("The desk cannot be opened for writing; check the rights of its file and folder") },
  { SQLITE_PERM, DESK_STORE_ERROR_NO_ACCESS,
    DESK_N_ ("The desk cannot be read; check the rights of its file") },
  { SQLITE_AUTH, DESK_STORE_ERROR_NO_ACCESS,
    DESK_N_ ("The desk cannot be read; check the rights of its file") },
  { SQLITE_CORRUPT, DESK_STORE_ERROR_DAMAGED, DESK_N_ ("The desk is damaged; restore a backup") },
  { SQLITE_NOTADB, DESK_STORE_ERROR_DAMAGED, DESK_N_ ("The desk is damaged; restore a backup") },
};

/* Then an I/O error is what SQLite says of it. */
static gboolean
is_disk_full (DeskDb *db)
{
  return sqlite3_system_errno (db->handle) == ENOSPC || sqlite3_system_errno (db->handle) == EDQUOT;
}

gboolean
desk_db_fail (DeskDb *db, int result, GError **error)
{
  if (result == SQLITE_INTERRUPT && g_cancellable_set_error_if_cancelled (db->cancellable, error))
    return FALSE;
  if ((result & 0xff) == SQLITE_IOERR && is_disk_full (db))
    result = SQLITE_FULL;
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].result == (result & 0xff))
      return desk_store_fail (error, meanings[i].code, "%s (“%s”: %s)", meanings[i].message,
                              db->path, sqlite3_errmsg (db->handle));
  return desk_store_fail (error, DESK_STORE_ERROR_IO, "“%s”: %s", db->path,
                          sqlite3_errmsg (db->handle));
}

/* --- what the file is --- */

static gboolean
fail_replaced (DeskDb *db, GError **error)
{
  return desk_store_fail (error, DESK_STORE_ERROR_REPLACED,
                          "The desk was restored from a backup meanwhile; open it again (“%s”)",
                          db->path);
}

char *
desk_db_dup_epoch (DeskDb *db)
{
  return desk_uid_from_bytes (db->epoch);
}

gboolean
desk_db_check_epoch (DeskDb *db, const char *epoch, GError **error)
{
  g_autofree char *own = desk_db_dup_epoch (db);

  return g_str_equal (own, epoch) || fail_replaced (db, error);
}

gboolean
desk_db_look (DeskDb *db, gboolean first, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_DESK, error, "");
  GError *failure = NULL;
  gconstpointer epoch;
  gsize size;
  gint64 revision;

  if (query == NULL)
    return FALSE;
  if (!desk_query_next (query, &failure))
    {
      if (failure == NULL)
        desk_store_fail (&failure, DESK_STORE_ERROR_DAMAGED,
                         "The desk is damaged; restore a backup (“%s” has no desk row)", db->path);
      g_propagate_error (error, failure);
      return FALSE;
    }
  epoch = desk_query_blob (query, 1, &size);
  if (first && size == sizeof db->epoch)
    {
      db->uid = desk_query_dup_uid (query, 0);
      memcpy (db->epoch, epoch, size);
    }
  if (size != sizeof db->epoch || memcmp (db->epoch, epoch, size) != 0)
    return fail_replaced (db, error);
  revision = desk_query_int (query, 2);
  desk_query_end (query);
  if (revision == db->catalogue_revision && !db->catalogue_stale)
    return TRUE;
  return desk_db_load_catalogue (db, revision, error);
}

gboolean
desk_db_look_in_transaction (DeskDb *db, gboolean first, GError **error)
{
  gboolean done;

  if (!desk_db_execute (db, "BEGIN", error))
    return FALSE;
  done = desk_db_look (db, first, error);
  sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
  return done;
}

/* --- transactions --- */

static gboolean
check_version (DeskDb *db, GError **error)
{
  gint64 version;

  if (!desk_db_get_int (db, DESK_SQL_VERSION, &version, error, ""))
    return FALSE;
  if (version == desk_migrate_get_newest ())
    return TRUE;
  return desk_store_fail (
      error, DESK_STORE_ERROR_TOO_NEW,
      "A newer version of Deskbell has changed this desk; restart the app, or update it (“%s”)",
      db->path);
}

gboolean
desk_db_begin (DeskDb *db, GError **error)
{
  g_return_val_if_fail (!db->read_only, FALSE);

  if (!desk_served_check (db->path, error) || !desk_db_execute (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  db->tx_moved = FALSE;
  if (check_version (db, error) && desk_db_look (db, FALSE, error) &&
      desk_db_get_int (db, DESK_SQL_GET_TX, &db->tx, error, ""))
    return TRUE;
  desk_db_rollback (db);
  return FALSE;
}

gint64
desk_db_take_tx (DeskDb *db)
{
  db->tx_moved = TRUE;
  return ++db->tx;
}

gint64
desk_db_raise_tx (DeskDb *db, gint64 tx)
{
  db->tx_moved = TRUE;
  db->tx = MAX (db->tx, tx);
  return db->tx;
}

/* Whoever may write the desk may touch the stamp. */
static int
open_stamp (DeskDb *db)
{
  g_autofree char *path = g_strconcat (db->path, "-stamp", NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  struct stat info;

  if (fd < 0)
    return open (path, O_WRONLY | O_CLOEXEC);
  if (stat (db->path, &info) == 0 && fchmod (fd, info.st_mode & 0666) != 0)
    g_debug ("%s: %s", path, g_strerror (errno));
  return fd;
}

/* Others watch this file: it moves right after the commit, when there is something to see. */
void
desk_db_tell_others (DeskDb *db)
{
  if (db->stamp_fd < 0)
    db->stamp_fd = open_stamp (db);
  /* Who misses it finds out by asking, a little later. */
  if (db->stamp_fd >= 0)
    futimens (db->stamp_fd, NULL);
}

static guint n_commits; /* atomic */

guint
desk_db_count_commits (void)
{
  return g_atomic_int_get (&n_commits);
}

/* SQLite's own hook only copies the log into the file; for that, others need not wait. */
static int
committed_cb (gpointer data, sqlite3 *handle, const char *name, int n_pages)
{
  g_atomic_int_inc (&n_commits);
  desk_leases_end ();
  desk_db_tell_others (data);
  if (n_pages >= CHECKPOINT_PAGES)
    sqlite3_wal_checkpoint_v2 (handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  return SQLITE_OK;
}

gboolean
desk_db_settle (DeskDb *db)
{
  int result;

  sqlite3_busy_timeout (db->handle, 0);
  result = sqlite3_wal_checkpoint_v2 (db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (db->handle, BUSY_TIMEOUT_MS);
  return result == SQLITE_OK;
}

gboolean
desk_db_wait_for_disk (DeskDb *db, gboolean waits, GError **error)
{
  return desk_db_execute (db, waits ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
                          error);
}

gint64
desk_db_count_writes (DeskDb *db)
{
  return sqlite3_total_changes64 (db->handle);
}

gboolean
desk_db_commit (DeskDb *db, GError **error)
{
  if ((db->tx_moved && desk_db_run (db, DESK_SQL_SET_TX, error, "i", db->tx) < 0) ||
      !desk_db_execute (db, "COMMIT", error))
    {
      desk_db_rollback (db);
      return FALSE;
    }
  return TRUE;
}

/* What a transaction did to the catalogue and to people did not happen. */
static void
forget (DeskDb *db)
{
  db->catalogue_stale = TRUE;
  g_hash_table_remove_all (db->people);
}

void
desk_db_rollback (DeskDb *db)
{
  if (!sqlite3_get_autocommit (db->handle))
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
  forget (db);
}

gboolean
desk_db_adopt (DeskDb *db, const char *uid, GError **error)
{
  g_autofree char *epoch = desk_uid_new ();

  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_db_run (db, DESK_SQL_DESK_ADOPT, error, "uu", uid, epoch) < 0)
    {
      desk_db_rollback (db);
      return FALSE;
    }
  if (!desk_db_commit (db, error))
    return FALSE;
  g_free (db->uid);
  db->uid = g_strdup (uid);
  desk_uid_to_bytes (epoch, db->epoch);
  return TRUE;
}

gboolean
desk_db_in_transaction (DeskDb *db)
{
  return !sqlite3_get_autocommit (db->handle);
}

gboolean
desk_db_begin_read (DeskDb *db, GError **error)
{
  /* Kept like any other: parsing it each time would be a tenth of reading a ticket. */
  if (desk_db_run (db, DESK_SQL_READ_BEGIN, error, "") < 0)
    return FALSE;
  db->reading = TRUE;
  if (check_version (db, error) && desk_db_look (db, FALSE, error))
    return TRUE;
  desk_db_end_read (db);
  return FALSE;
}

void
desk_db_end_read (DeskDb *db)
{
  if (db->reading && !sqlite3_get_autocommit (db->handle))
    desk_db_run (db, DESK_SQL_READ_END, NULL, "");
  db->reading = FALSE;
}

static int
is_cancelled (void *data)
{
  DeskDb *db = data;

  return g_cancellable_is_cancelled (db->cancellable);
}

void
desk_db_set_cancellable (DeskDb *db, GCancellable *cancellable)
{
  g_return_if_fail (db->read_only);

  g_set_object (&db->cancellable, cancellable);
  sqlite3_progress_handler (db->handle, cancellable != NULL ? STEPS_PER_CANCEL_CHECK : 0,
                            cancellable != NULL ? is_cancelled : NULL, db);
}

/* --- opening --- */

/* Everything that this file asks of SQLite, in one place. The busy timeout comes first, because
 * the others may already meet a lock. */
static gboolean
set_up (DeskDb *db, GError **error)
{
  static const char settings[] = "PRAGMA synchronous = FULL;"
                                 "PRAGMA foreign_keys = ON;"
                                 "PRAGMA secure_delete = ON;"
                                 "PRAGMA temp_store = MEMORY;"
                                 "PRAGMA trusted_schema = OFF;"
                                 "PRAGMA journal_size_limit = 16777216";

  sqlite3_busy_timeout (db->handle, BUSY_TIMEOUT_MS);
  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* Or a partial index is weighed against each value that is bound, and the statement prepared anew. */
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
  sqlite3_wal_hook (db->handle, committed_cb, db);
  /* Readers are several, and each keeps what it read. */
  return desk_db_execute (db, settings, error) &&
         desk_db_execute (
             db, db->read_only ? "PRAGMA cache_size = -4000" : "PRAGMA cache_size = -8000", error);
}

/* The header is written before WAL starts, so that the file itself says what it is at any time. */
static gboolean
start_new_file (DeskDb *db, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA journal_mode = WAL",
                                          DESK_APPLICATION_ID);
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *epoch = desk_uid_new ();

  if (!desk_db_execute (db, sql, error) || !desk_migrate (db, error))
    return FALSE;
  if (!desk_db_execute (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (desk_db_run (db, DESK_SQL_DESK_INSERT, error, "uu", uid, epoch) < 0)
    {
      desk_db_rollback (db);
      return FALSE;
    }
  return desk_db_commit (db, error);
}

/* SQLite opens what it may not write to read it, and says so at the first write only. A backup has
 * no write-ahead log, and may be opened as a desk. */
static gboolean
start_writing (DeskDb *db, GError **error)
{
  if (sqlite3_db_readonly (db->handle, "main") == 1)
    return desk_store_fail (
        error, DESK_STORE_ERROR_READ_ONLY,
        "The desk cannot be written; check the rights of its file and folder (“%s”)", db->path);
  return desk_db_execute (db, "PRAGMA journal_mode = WAL", error);
}

/* Nobody asks how much memory SQLite has, and counting it is a lock that all threads share. */
static void
leave_memory_uncounted (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&once, 1);
    }
}

static gboolean
open_handle (DeskDb *db, DeskDbMode mode, GError **error)
{
  static const int flags[] = {
    [DESK_DB_OPEN] = SQLITE_OPEN_READWRITE,
    [DESK_DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE,
    [DESK_DB_READ] = SQLITE_OPEN_READONLY,
    [DESK_DB_CHECK] = SQLITE_OPEN_READONLY,
  };
  int result;

  leave_memory_uncounted ();
  result = sqlite3_open_v2 (db->path, &db->handle, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
  return result == SQLITE_OK || desk_db_fail (db, result, error);
}

static DeskDb *
new_connection (const char *path)
{
  DeskDb *db = g_new0 (DeskDb, 1);

  db->path = g_canonicalize_filename (path, NULL);
  db->stamp_fd = -1;
  db->catalogue_stale = TRUE;
  db->slugs = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  db->ids = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  db->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return db;
}

static gboolean
write_new_file (const char *path, GError **error)
{
  g_autoptr (DeskDb) db = new_connection (path);

  return open_handle (db, DESK_DB_CREATE, error) && set_up (db, error) &&
         start_new_file (db, error);
}

/* Who is killed in the middle, or finds the disk full, leaves no half desk under its name. */
static gboolean
create_file (const char *path, GError **error)
{
  g_autofree char *unfinished = NULL;
  gboolean done;

  if (!desk_path_check_new (path, error))
    return FALSE;
  unfinished = desk_new_file_start (path, error);
  if (unfinished == NULL)
    return FALSE;
  done = write_new_file (unfinished, error) && desk_new_file_finish (unfinished, path, error);
  desk_new_file_drop (unfinished);
  return done;
}

static gboolean
open_steps (DeskDb *db, DeskDbMode mode, GError **error)
{
  if (!desk_path_check_existing (db->path, error) || !open_handle (db, mode, error) ||
      !set_up (db, error))
    return FALSE;
  if (mode == DESK_DB_CHECK)
    return TRUE;
  if (mode == DESK_DB_READ ? !check_version (db, error)
                           : !start_writing (db, error) || !desk_migrate (db, error))
    return FALSE;
  return desk_db_look_in_transaction (db, TRUE, error);
}

DeskDb *
desk_db_open (const char *path, DeskDbMode mode, GError **error)
{
  g_autoptr (DeskDb) db = NULL;

  desk_locks_install ();
  db = new_connection (path);
  db->read_only = mode == DESK_DB_READ || mode == DESK_DB_CHECK;
  if (!db->read_only && !desk_served_check (db->path, error))
    return NULL;
  if (mode == DESK_DB_CREATE && !create_file (db->path, error))
    return NULL;
  if (!open_steps (db, mode == DESK_DB_CREATE ? DESK_DB_OPEN : mode, error))
    return NULL;
  return g_steal_pointer (&db);
}

void
desk_db_close (DeskDb *db)
{
  if (db == NULL)
    return;
  for (int i = 0; i < DESK_N_SQL; i++)
    {
      sqlite3_finalize (db->statements[i]);
      g_free (db->queries[i]);
    }
  sqlite3_close_v2 (db->handle);
  if (db->stamp_fd >= 0)
    close (db->stamp_fd);
  g_clear_object (&db->cancellable);
  g_clear_pointer (&db->catalogue, desk_catalogue_unref);
  g_hash_table_unref (db->slugs);
  g_hash_table_unref (db->ids);
  g_hash_table_unref (db->people);
  g_free (db->uid);
  g_free (db->path);
  g_free (db);
}

const char *
desk_db_get_path (DeskDb *db)
{
  return db->path;
}

const char *
desk_db_get_uid (DeskDb *db)
{
  return db->uid;
}
