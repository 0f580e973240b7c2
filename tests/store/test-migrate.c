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
  g_autoptr (GBytes) sql =
      g_resource_lookup_data (desk_migrations_get_resource (),
                              "/org/deskbell/Deskbell/sql/001-desk.sql", 0, NULL);
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
  g_autofree char *copy =
      g_strdup_printf ("%s.before-%d", path, desk_migrate_get_newest ());
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

/* Takes back what came with the second version. */
static void
go_back (const char *path)
{
  static const char *const steps[] = {
    "DROP INDEX person_by_move", "ALTER TABLE person DROP COLUMN moved",
    "ALTER TABLE entry DROP COLUMN moved", "DROP INDEX ticket_by_closing",
    "DROP TABLE moved", "DROP TABLE incarnation", "DROP TABLE secret", "DROP TABLE account",
    "DROP TABLE session", "DROP TABLE invitation", "PRAGMA user_version = 1",
  };
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    execute (handle, steps[i]);
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
  g_autofree char *before = NULL, *after = NULL;
  GError *error = NULL;

  sample_fill (&f);
  before = ask_content (f.db);
  g_clear_pointer (&f.db, desk_db_close);
  go_back (f.path);
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
