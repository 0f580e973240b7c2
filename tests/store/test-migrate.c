/* SPDX-License-Identifier: GPL-3.0-or-later
 * Older desks come to the form of today, with everything that is in them. */
#include "fixture.h"

#include <string.h>

#include "desk-migrate.h"
#include "desk-migrations.h"
#include "desk-path.h"
#include "sample.h"

/* --- a desk of an older version --- */

static void
execute (sqlite3 *handle, const char *sql)
{
  if (sqlite3_exec (handle, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (handle));
}

/* As the first version made it: its own SQL alone. */
static void
make_first (const char *path)
{
  g_autoptr (GBytes) sql = g_resource_lookup_data (
      desk_migrations_get_resource (), "/org/deskbell/Deskbell/sql/001-desk.sql", 0, NULL);
  g_autofree char *head = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA journal_mode = WAL;"
                                           " PRAGMA user_version = 1",
                                           DESK_APPLICATION_ID);
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  execute (handle, head);
  execute (handle, g_bytes_get_data (sql, NULL));
  execute (handle, "INSERT INTO desk (id, uid, epoch, catalogue_revision, tx)"
                   " VALUES (1, randomblob (16), randomblob (16), 1, 0)");
  sqlite3_close (handle);
}

/* The whole of the schema, in no order. */
#define SCHEMA                                                                                     \
  "SELECT group_concat (name || ' ' || coalesce (sql, ''), char (10)) FROM"                        \
  " (SELECT name, sql FROM sqlite_schema ORDER BY type, name)"

static void
test_first_version (void)
{
  FIXTURE (f);
  const char *path = fixture_path (&f, "first.desk");
  g_autofree char *copy = g_strdup_printf ("%s.before-%d", path, desk_migrate_get_newest ());
  g_autofree char *here = NULL, *there = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskDb) db = NULL;

  make_first (path);
  db = desk_db_open (path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  there = fixture_ask (db, SCHEMA);
  here = fixture_ask (f.db, SCHEMA);
  g_assert_cmpstr (there, ==, here);
  g_assert_true (desk_people_add_first (db, "boss", NULL, f.now, &error));
  fixture_check (db);
}

/* Runs what the rows of @sql say. */
static void
execute_each (sqlite3 *handle, const char *sql)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (handle, sql, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (handle));
  while (sqlite3_step (stmt) == SQLITE_ROW)
    g_ptr_array_add (steps, g_strdup ((const char *) sqlite3_column_text (stmt, 0)));
  sqlite3_finalize (stmt);
  for (guint i = 0; i < steps->len; i++)
    execute (handle, steps->pdata[i]);
}

/* Takes back whatever came after the first version, which @first is of. */
static void
go_back (const char *path, const char *first)
{
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS first", first);
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  execute (handle, attach);
  execute_each (handle, "SELECT 'DROP INDEX main.' || name FROM main.sqlite_schema"
                        " WHERE type = 'index' AND sql IS NOT NULL AND name NOT IN"
                        " (SELECT name FROM first.sqlite_schema)");
  execute_each (handle, "SELECT 'DROP TABLE main.' || name FROM main.sqlite_schema"
                        " WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT IN"
                        " (SELECT name FROM first.sqlite_schema)");
  execute_each (handle, "SELECT 'ALTER TABLE main.' || t.name || ' DROP COLUMN ' || c.name"
                        " FROM main.sqlite_schema AS t, pragma_table_info (t.name, 'main') AS c"
                        " WHERE t.type = 'table' AND t.sql LIKE '%STRICT%' AND c.name NOT IN"
                        " (SELECT f.name FROM pragma_table_info (t.name, 'first') AS f)");
  execute (handle, "DETACH first; PRAGMA user_version = 1");
  sqlite3_close (handle);
}

static char *
ask_content (DeskDb *db)
{
  return fixture_ask (db, "SELECT (SELECT group_concat (number || summary || tx || status) FROM"
                          " ticket) || (SELECT group_concat (hex (uid) || coalesce (text, '') ||"
                          " coalesce (changes, '')) FROM event) || (SELECT group_concat (hex (uid)"
                          " || coalesce (name, '')) FROM person) || (SELECT tx FROM desk)");
}

static void
test_full_desk (void)
{
  FIXTURE (f);
  const char *first = fixture_path (&f, "first.desk");
  g_autofree char *before = NULL, *after = NULL;
  GError *error = NULL;

  make_first (first);
  sample_fill (&f);
  before = ask_content (f.db);
  g_clear_pointer (&f.db, desk_db_close);
  go_back (f.path, first);
  f.db = desk_db_open (f.path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  after = ask_content (f.db);
  g_assert_cmpstr (after, ==, before);
  fixture_check (f.db);
  fixture_file (&f, "karen", "After", -1);
  fixture_check (f.db);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/migrate/first-version", test_first_version);
  g_test_add_func ("/migrate/full-desk", test_full_desk);
  return g_test_run ();
}
