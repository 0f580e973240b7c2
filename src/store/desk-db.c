/* SPDX-License-Identifier: GPL-3.0-or-later
 * One connection to a desk file: opening, transactions, statements. */
#include "desk-db.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

struct _DeskDb
{
  sqlite3 *handle;
  char *path;
  char *uid;
  guint8 epoch[16];
  gboolean read_only;
  gboolean reading;
  int stamp_fd;
  GCancellable *cancellable;

  DeskCatalogue *catalogue;
  gint64 catalogue_revision;
  gboolean catalogue_stale;
  GHashTable *slugs;  /* entry id → slug, lent by the catalogue */
  GHashTable *ids;    /* DeskEntry → entry id */
  GHashTable *people; /* person uid → id, those asked for lately */

  gint64 tx; /* taken last, in a write transaction */
  gboolean tx_moved;

  sqlite3_stmt *statements[DESK_N_SQL];
  DeskQuery *queries[DESK_N_SQL];
};

struct _DeskQuery
{
  DeskDb *db;
  sqlite3_stmt *stmt;
  gboolean busy;
};

/* --- errors --- */

/* What SQLite's primary result codes mean for a person; all others are IO. */
static const struct
{
  int result;
  DeskStoreError code;
  const char *message;
} meanings[] = {
  { SQLITE_BUSY, DESK_STORE_ERROR_BUSY, "The desk is busy; try again in a moment" },
  { SQLITE_LOCKED, DESK_STORE_ERROR_BUSY, "The desk is busy; try again in a moment" },
  { SQLITE_FULL, DESK_STORE_ERROR_FULL, "The disk is full; free some space and try again" },
  { SQLITE_READONLY, DESK_STORE_ERROR_READ_ONLY,
    "The desk cannot be written; check the rights of its file and folder" },
  { SQLITE_CANTOPEN, DESK_STORE_ERROR_READ_ONLY,
    "The desk cannot be opened for writing; check the rights of its file and folder" },
  { SQLITE_PERM, DESK_STORE_ERROR_NO_ACCESS,
    "The desk cannot be read; check the rights of its file" },
  { SQLITE_AUTH, DESK_STORE_ERROR_NO_ACCESS,
    "The desk cannot be read; check the rights of its file" },
  { SQLITE_CORRUPT, DESK_STORE_ERROR_DAMAGED, "The desk is damaged; restore a backup" },
  { SQLITE_NOTADB, DESK_STORE_ERROR_DAMAGED, "The desk is damaged; restore a backup" },
};

/* Statements come from our own table: a wrong one is our mistake, not the world's. */
static gboolean
is_disk_full (DeskDb *db)
{
  return sqlite3_system_errno (db->handle) == ENOSPC || sqlite3_system_errno (db->handle) == EDQUOT;
}

static gboolean
fail (DeskDb *db, int result, GError **error)
{
  if (result == SQLITE_INTERRUPT && g_cancellable_set_error_if_cancelled (db->cancellable, error))
    return FALSE;
  if ((result & 0xff) == SQLITE_IOERR && is_disk_full (db))
    result = SQLITE_FULL;
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].result == (result & 0xff))
      {
        g_set_error (error, DESK_STORE_ERROR, meanings[i].code, "%s (%s: %s)", meanings[i].message,
                     db->path, sqlite3_errmsg (db->handle));
        return FALSE;
      }
  g_set_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_IO, "%s: %s", db->path,
               sqlite3_errmsg (db->handle));
  return FALSE;
}

/* --- statements --- */

static sqlite3_stmt *
prepare (DeskDb *db, DeskSql sql, GError **error)
{
  int result;

  if (db->statements[sql] != NULL)
    return db->statements[sql];
  result = sqlite3_prepare_v3 (db->handle, desk_sql_get_info (sql)->text, -1,
                               SQLITE_PREPARE_PERSISTENT, &db->statements[sql], NULL);
  if (result != SQLITE_OK)
    {
      fail (db, result, error);
      return NULL;
    }
  db->queries[sql] = g_new0 (DeskQuery, 1);
  *db->queries[sql] = (DeskQuery){ .db = db, .stmt = db->statements[sql] };
  return db->statements[sql];
}

static int
bind_uid (sqlite3_stmt *stmt, int at, const char *uid)
{
  guint8 bytes[16];

  if (uid == NULL)
    return sqlite3_bind_null (stmt, at);
  /* A text that is no uid matches nothing. */
  if (!desk_uid_to_bytes (uid, bytes))
    return sqlite3_bind_zeroblob (stmt, at, 1);
  return sqlite3_bind_blob (stmt, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

static int
bind_bytes (sqlite3_stmt *stmt, int at, GBytes *bytes)
{
  gsize size;
  gconstpointer data;

  if (bytes == NULL)
    return sqlite3_bind_null (stmt, at);
  data = g_bytes_get_data (bytes, &size);
  if (size == 0)
    return sqlite3_bind_zeroblob (stmt, at, 0);
  return sqlite3_bind_blob64 (stmt, at, data, size, SQLITE_TRANSIENT);
}

static int
bind_one (sqlite3_stmt *stmt, int at, char type, va_list *args)
{
  gint64 number;

  switch (type)
    {
    case 'i':
      return sqlite3_bind_int64 (stmt, at, va_arg (*args, gint64));
    case 'I':
      number = va_arg (*args, gint64);
      return number != 0 ? sqlite3_bind_int64 (stmt, at, number) : sqlite3_bind_null (stmt, at);
    case 's':
      return sqlite3_bind_text (stmt, at, va_arg (*args, const char *), -1, SQLITE_TRANSIENT);
    case 'b':
      return bind_bytes (stmt, at, va_arg (*args, GBytes *));
    case 'u':
      return bind_uid (stmt, at, va_arg (*args, const char *));
    default:
      g_assert_not_reached ();
    }
}

static DeskQuery *
start (DeskDb *db, DeskSql sql, GError **error, const char *types, va_list *args)
{
  sqlite3_stmt *stmt = prepare (db, sql, error);
  int result = SQLITE_OK;

  if (stmt == NULL)
    return NULL;
  g_return_val_if_fail (!db->queries[sql]->busy, NULL);
  for (int i = 0; types[i] != '\0' && result == SQLITE_OK; i++)
    result = bind_one (stmt, i + 1, types[i], args);
  if (result != SQLITE_OK)
    {
      fail (db, result, error);
      sqlite3_clear_bindings (stmt);
      return NULL;
    }
  db->queries[sql]->busy = TRUE;
  return db->queries[sql];
}

DeskQuery *
desk_db_query (DeskDb *db, DeskSql sql, GError **error, const char *types, ...)
{
  DeskQuery *query;
  va_list args;

  va_start (args, types);
  query = start (db, sql, error, types, &args);
  va_end (args);
  return query;
}

gboolean
desk_query_next (DeskQuery *query, GError **error)
{
  int result = sqlite3_step (query->stmt);

  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    fail (query->db, result, error);
  return FALSE;
}

void
desk_query_end (DeskQuery *query)
{
  if (query == NULL || !query->busy)
    return;
  sqlite3_reset (query->stmt);
  sqlite3_clear_bindings (query->stmt);
  query->busy = FALSE;
}

gint64
desk_query_int (DeskQuery *query, int column)
{
  return sqlite3_column_int64 (query->stmt, column);
}

const char *
desk_query_text (DeskQuery *query, int column)
{
  return (const char *) sqlite3_column_text (query->stmt, column);
}

char *
desk_query_dup_text (DeskQuery *query, int column)
{
  return g_strdup (desk_query_text (query, column));
}

gconstpointer
desk_query_blob (DeskQuery *query, int column, gsize *size)
{
  gconstpointer data = sqlite3_column_blob (query->stmt, column);

  *size = sqlite3_column_bytes (query->stmt, column);
  return data;
}

char *
desk_query_dup_uid (DeskQuery *query, int column)
{
  gsize size;
  gconstpointer bytes = desk_query_blob (query, column, &size);

  return size == 16 ? desk_uid_from_bytes (bytes) : NULL;
}

char *
desk_query_dup_hex (DeskQuery *query, int column)
{
  static const char digits[] = "0123456789abcdef";
  gsize size;
  const guint8 *bytes = desk_query_blob (query, column, &size);
  char *hex = bytes != NULL ? g_malloc (2 * size + 1) : NULL;

  for (gsize i = 0; bytes != NULL && i < size; i++)
    {
      hex[2 * i] = digits[bytes[i] >> 4];
      hex[2 * i + 1] = digits[bytes[i] & 0xf];
    }
  if (hex != NULL)
    hex[2 * size] = '\0';
  return hex;
}

static guint8
value_of_digit (char digit)
{
  return (guint8) MAX (g_ascii_xdigit_value (digit), 0);
}

GBytes *
desk_bytes_from_hex (const char *hex)
{
  gsize size = hex != NULL ? strlen (hex) / 2 : 0;
  guint8 *bytes = g_malloc0 (size + 1);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (value_of_digit (hex[2 * i]) << 4 | value_of_digit (hex[2 * i + 1]));
  return g_bytes_new_take (bytes, size);
}

gboolean
desk_query_is_null (DeskQuery *query, int column)
{
  return sqlite3_column_type (query->stmt, column) == SQLITE_NULL;
}

/* Ends @query, which may be NULL. */
static gboolean
run_to_end (DeskQuery *query, GError **error)
{
  int result;

  if (query == NULL)
    return FALSE;
  do
    result = sqlite3_step (query->stmt);
  while (result == SQLITE_ROW);
  if (result != SQLITE_DONE)
    fail (query->db, result, error);
  desk_query_end (query);
  return result == SQLITE_DONE;
}

gint64
desk_db_run (DeskDb *db, DeskSql sql, GError **error, const char *types, ...)
{
  gboolean done;
  va_list args;

  va_start (args, types);
  done = run_to_end (start (db, sql, error, types, &args), error);
  va_end (args);
  return done ? sqlite3_changes64 (db->handle) : -1;
}

gboolean
desk_db_insert (DeskDb *db, DeskSql sql, gint64 *id, GError **error, const char *types, ...)
{
  gboolean done;
  va_list args;

  va_start (args, types);
  done = run_to_end (start (db, sql, error, types, &args), error);
  va_end (args);
  *id = done ? sqlite3_last_insert_rowid (db->handle) : 0;
  return done;
}

gboolean
desk_db_get_int (DeskDb *db, DeskSql sql, gint64 *value, GError **error, const char *types, ...)
{
  DeskQuery *query;
  va_list args;
  int result;

  va_start (args, types);
  query = start (db, sql, error, types, &args);
  va_end (args);
  if (query == NULL)
    return FALSE;
  *value = 0;
  result = sqlite3_step (query->stmt);
  if (result == SQLITE_ROW)
    {
      *value = desk_query_int (query, 0);
      /* RETURNING has done its work only when the statement has run to its end. */
      result = sqlite3_step (query->stmt);
    }
  if (result != SQLITE_DONE && result != SQLITE_ROW)
    fail (db, result, error);
  desk_query_end (query);
  return result == SQLITE_DONE || result == SQLITE_ROW;
}

gboolean
desk_db_execute (DeskDb *db, const char *sql, GError **error)
{
  int result = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);

  return result == SQLITE_OK || fail (db, result, error);
}

gpointer
desk_db_get_handle (DeskDb *db)
{
  return db->handle;
}

/* --- the catalogue --- */

static void
take_property (GHashTable *entries, DeskQuery *query)
{
  gint64 id = desk_query_int (query, 0);
  DeskEntry *entry = g_hash_table_lookup (entries, &id);
  DeskProperty property;

  /* A property of a later version is nothing to us. */
  if (entry != NULL && desk_property_parse (desk_query_text (query, 1), &property))
    desk_entry_set (entry, property, desk_query_text (query, 2));
}

static DeskEntry *
read_entry (DeskQuery *query)
{
  DeskEntry *entry = desk_entry_new (desk_query_int (query, 1), desk_query_text (query, 2),
                                     desk_query_text (query, 3));

  entry->removed = desk_query_int (query, 4) != 0;
  entry->revision = desk_query_int (query, 5);
  return entry;
}

static gint64 *
copy_id (gint64 id)
{
  return g_memdup2 (&id, sizeof id);
}

static gboolean
read_entries (DeskDb *db, GPtrArray *list, GHashTable *by_id, GError **error)
{
  g_autoptr (DeskQuery) entries = desk_db_query (db, DESK_SQL_ENTRIES, error, "");
  g_autoptr (DeskQuery) properties = NULL;
  GError *failure = NULL;

  if (entries == NULL)
    return FALSE;
  while (desk_query_next (entries, &failure))
    {
      DeskEntry *entry = read_entry (entries);
      g_ptr_array_add (list, entry);
      g_hash_table_insert (by_id, copy_id (desk_query_int (entries, 0)), entry);
    }
  if (failure == NULL &&
      (properties = desk_db_query (db, DESK_SQL_PROPERTIES, &failure, "")) != NULL)
    while (desk_query_next (properties, &failure))
      take_property (by_id, properties);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
read_agents (DeskDb *db, GPtrArray *agents, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_AGENTS, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      DeskPerson *person = desk_person_read (db, query, &failure);
      if (person != NULL)
        g_ptr_array_add (agents, person);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
keep_catalogue (DeskDb *db, DeskCatalogue *catalogue, GHashTable *by_id)
{
  GHashTableIter iter;
  gpointer id, entry;

  g_clear_pointer (&db->catalogue, desk_catalogue_unref);
  db->catalogue = catalogue;
  g_hash_table_remove_all (db->slugs);
  g_hash_table_remove_all (db->ids);
  g_hash_table_iter_init (&iter, by_id);
  while (g_hash_table_iter_next (&iter, &id, &entry))
    {
      g_hash_table_insert (db->slugs, copy_id (*(gint64 *) id), ((DeskEntry *) entry)->slug);
      g_hash_table_insert (db->ids, entry, copy_id (*(gint64 *) id));
    }
}

static gboolean
load_catalogue (DeskDb *db, gint64 revision, GError **error)
{
  g_autoptr (GPtrArray)
      entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
  g_autoptr (GPtrArray)
      agents = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  g_autoptr (GHashTable) by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  if (!read_entries (db, entries, by_id, error) || !read_agents (db, agents, error))
    return FALSE;
  keep_catalogue (
      db, desk_catalogue_new (revision, g_steal_pointer (&entries), g_steal_pointer (&agents)),
      by_id);
  db->catalogue_revision = revision;
  db->catalogue_stale = FALSE;
  return TRUE;
}

static gboolean
fail_replaced (DeskDb *db, GError **error)
{
  g_set_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED,
               "The desk was restored from a backup meanwhile; open it again (%s)", db->path);
  return FALSE;
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

/* Looks at the one row that says what the file is, and reads the catalogue again if it moved. */
static gboolean
look_at_desk (DeskDb *db, gboolean first, GError **error)
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
        g_set_error (&failure, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED,
                     "The desk is damaged; restore a backup (%s has no desk row)", db->path);
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
  return load_catalogue (db, revision, error);
}

/* What it is read from is one state. */
static gboolean
look_in_transaction (DeskDb *db, gboolean first, GError **error)
{
  gboolean done;

  if (!desk_db_execute (db, "BEGIN", error))
    return FALSE;
  done = look_at_desk (db, first, error);
  sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
  return done;
}

DeskCatalogue *
desk_db_get_catalogue (DeskDb *db, GError **error)
{
  if (sqlite3_get_autocommit (db->handle) && !look_in_transaction (db, FALSE, error))
    return NULL;
  return db->catalogue;
}

gint64
desk_db_get_entry_id (DeskDb *db, DeskEntryKind kind, const char *slug)
{
  const DeskEntry *entry = desk_catalogue_find (db->catalogue, kind, slug);
  const gint64 *id = entry != NULL ? g_hash_table_lookup (db->ids, entry) : NULL;

  return id != NULL ? *id : 0;
}

const char *
desk_db_get_entry_slug (DeskDb *db, gint64 id)
{
  return id != 0 ? g_hash_table_lookup (db->slugs, &id) : NULL;
}

gboolean
desk_db_catalogue_moved (DeskDb *db, GError **error)
{
  if (desk_db_run (db, DESK_SQL_CATALOGUE_MOVED, error, "") < 0)
    return FALSE;
  return look_at_desk (db, FALSE, error);
}

/* --- people --- */

/* People are found again and again, and never leave a desk. */
#define MAX_PEOPLE 1000

gboolean
desk_db_get_person_id (DeskDb *db, const char *uid, gint64 *id, GError **error)
{
  const gint64 *known = uid != NULL ? g_hash_table_lookup (db->people, uid) : NULL;

  *id = known != NULL ? *known : 0;
  if (known != NULL || uid == NULL)
    return TRUE;
  if (!desk_db_get_int (db, DESK_SQL_PERSON_ID, id, error, "u", uid))
    return FALSE;
  if (g_hash_table_size (db->people) >= MAX_PEOPLE)
    g_hash_table_remove_all (db->people);
  if (*id != 0)
    g_hash_table_insert (db->people, g_strdup (uid), copy_id (*id));
  return TRUE;
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
  g_set_error (
      error, DESK_STORE_ERROR, DESK_STORE_ERROR_TOO_NEW,
      "A newer version of Deskbell has changed this desk; restart the app, or update it (%s)",
      db->path);
  return FALSE;
}

gboolean
desk_db_begin (DeskDb *db, GError **error)
{
  g_return_val_if_fail (!db->read_only, FALSE);

  if (!desk_served_check (db->path, error) || !desk_db_execute (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  db->tx_moved = FALSE;
  if (check_version (db, error) && look_at_desk (db, FALSE, error) &&
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

/* Others watch this file: it moves after the commit, when there is something to see. */
void
desk_db_tell_others (DeskDb *db)
{
  if (db->stamp_fd < 0)
    db->stamp_fd = open_stamp (db);
  /* Who misses it finds out by asking, a little later. */
  if (db->stamp_fd >= 0)
    futimens (db->stamp_fd, NULL);
}

void
desk_db_settle (DeskDb *db)
{
  sqlite3_busy_timeout (db->handle, 0);
  sqlite3_wal_checkpoint_v2 (db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (db->handle, BUSY_TIMEOUT_MS);
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
  desk_db_tell_others (db);
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
  if (check_version (db, error) && look_at_desk (db, FALSE, error))
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
                                 "PRAGMA temp_store = MEMORY;"
                                 "PRAGMA trusted_schema = OFF;"
                                 "PRAGMA cache_size = -8000;"
                                 "PRAGMA journal_size_limit = 16777216";

  sqlite3_busy_timeout (db->handle, BUSY_TIMEOUT_MS);
  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* Or a partial index is weighed against each value that is bound, and the statement prepared anew. */
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
  return desk_db_execute (db, settings, error);
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
    {
      g_set_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_READ_ONLY,
                   "The desk cannot be written; check the rights of its file and folder (%s)",
                   db->path);
      return FALSE;
    }
  return desk_db_execute (db, "PRAGMA journal_mode = WAL", error);
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
  int result = sqlite3_open_v2 (db->path, &db->handle, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);

  return result == SQLITE_OK || fail (db, result, error);
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
  return look_in_transaction (db, TRUE, error);
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
