/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every statement of the table is good SQL, takes its parameters in order, and uses its index. */
#include "fixture.h"

#include <string.h>

/* What may be walked through: one row, the few counters of the badges, and the search tables, which
 * look scanned to SQLite. */
static const char *const small[] = { "SCAN desk",
                                     "SCAN replica",
                                     "SCAN tally",
                                     "SCAN text_public VIRTUAL TABLE",
                                     "SCAN text_internal VIRTUAL TABLE",
                                     "SCAN words_public VIRTUAL TABLE",
                                     "SCAN words_internal VIRTUAL TABLE",
                                     "SCAN CONSTANT ROW",
                                     "SCAN pragma_" };

static sqlite3_stmt *
prepare (DeskDb *db, DeskSql sql, const char *before)
{
  g_autofree char *text = g_strconcat (before, desk_sql_get_info (sql)->text, NULL);
  sqlite3 *handle = desk_db_get_handle (db);
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (handle, text, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", text, sqlite3_errmsg (handle));
  return stmt;
}

static void
test_prepare (void)
{
  FIXTURE (f);

  for (DeskSql sql = 0; sql < DESK_N_SQL; sql++)
    {
      sqlite3_stmt *stmt;

      g_assert_nonnull (desk_sql_get_info (sql)->text);
      stmt = prepare (f.db, sql, "");
      for (int k = 1; k <= sqlite3_bind_parameter_count (stmt); k++)
        {
          g_autofree char *name = g_strdup_printf ("$%d", k);

          if (sqlite3_bind_parameter_index (stmt, name) != k)
            g_error ("%s: %s is not the parameter number %d", sqlite3_sql (stmt), name, k);
        }
      sqlite3_finalize (stmt);
    }
}

static gboolean
is_small (const char *step)
{
  for (guint i = 0; i < G_N_ELEMENTS (small); i++)
    if (g_str_has_prefix (step, small[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_list (DeskSql sql)
{
  return sql >= DESK_SQL_KEYS_STATUS && sql <= DESK_SQL_CHANGED_PUBLIC;
}

static void
check_plan (DeskDb *db, DeskSql sql)
{
  sqlite3_stmt *stmt = prepare (db, sql, "EXPLAIN QUERY PLAN ");

  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      const char *step = (const char *) sqlite3_column_text (stmt, 3);

      if (g_str_has_prefix (step, "SCAN") && !is_small (step))
        g_error ("%s\n  %s", desk_sql_get_info (sql)->text, step);
      if (is_list (sql) && strstr (step, "TEMP B-TREE") != NULL)
        g_error ("%s\n  %s", desk_sql_get_info (sql)->text, step);
    }
  sqlite3_finalize (stmt);
}

static void
test_no_scan (void)
{
  FIXTURE (f);
  guint hot = 0;

  for (DeskSql sql = 0; sql < DESK_N_SQL; sql++)
    if (desk_sql_get_info (sql)->flags & DESK_SQL_HOT)
      {
        check_plan (f.db, sql);
        hot++;
      }
  g_assert_cmpuint (hot, >, 30);
}

/* Every list reads an index range. */
static void
test_lists_are_hot (void)
{
  for (DeskSql sql = DESK_SQL_KEYS_STATUS; sql <= DESK_SQL_CHANGED_PUBLIC; sql++)
    g_assert_true (desk_sql_get_info (sql)->flags & DESK_SQL_HOT);
}

/* Listing a view reads its index alone, not a million rows of the table. */
static void
test_lists_are_covered (void)
{
  static const DeskSql covered[] = { DESK_SQL_KEYS_STATUS,   DESK_SQL_KEYS_OPEN_DUE,
                                     DESK_SQL_KEYS_OVERDUE,  DESK_SQL_KEYS_DEPARTMENT,
                                     DESK_SQL_KEYS_ASSIGNEE, DESK_SQL_KEYS_REQUESTER };
  FIXTURE (f);

  for (guint i = 0; i < G_N_ELEMENTS (covered); i++)
    {
      sqlite3_stmt *stmt = prepare (f.db, covered[i], "EXPLAIN QUERY PLAN ");

      g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
      if (strstr ((const char *) sqlite3_column_text (stmt, 3), "COVERING INDEX") == NULL)
        g_error ("%s\n  %s", desk_sql_get_info (covered[i])->text, sqlite3_column_text (stmt, 3));
      sqlite3_finalize (stmt);
    }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/statements/are-sql-with-parameters-in-order", test_prepare);
  g_test_add_func ("/statements/hot-ones-do-not-scan", test_no_scan);
  g_test_add_func ("/statements/lists-are-hot", test_lists_are_hot);
  g_test_add_func ("/statements/lists-read-their-index-alone", test_lists_are_covered);
  return g_test_run ();
}
