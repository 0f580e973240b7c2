/* SPDX-License-Identifier: GPL-3.0-or-later
 * One connection to a desk file: statements and what they answer. */
#include "desk-db-private.h"

#include <string.h>

#include "desk-uid.h"

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
      desk_db_fail (db, result, error);
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
      desk_db_fail (db, result, error);
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
    desk_db_fail (query->db, result, error);
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
    desk_db_fail (query->db, result, error);
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
    desk_db_fail (db, result, error);
  desk_query_end (query);
  return result == SQLITE_DONE || result == SQLITE_ROW;
}

GArray *
desk_db_list_ints (DeskDb *db, DeskSql sql, GError **error, const char *types, ...)
{
  g_autoptr (DeskQuery) query = NULL;
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *failure = NULL;
  va_list args;

  va_start (args, types);
  query = start (db, sql, error, types, &args);
  va_end (args);
  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    {
      gint64 value = desk_query_int (query, 0);
      g_array_append_val (values, value);
    }
  if (failure == NULL)
    return g_steal_pointer (&values);
  g_propagate_error (error, failure);
  return NULL;
}

gboolean
desk_db_execute (DeskDb *db, const char *sql, GError **error)
{
  int result = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);

  return result == SQLITE_OK || desk_db_fail (db, result, error);
}

gpointer
desk_db_get_handle (DeskDb *db)
{
  return db->handle;
}
