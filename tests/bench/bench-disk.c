/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a ticket takes on the disk, with its events, its search words and its share of everything
 * else; with DETAILS set, table by table. */
#include "bench.h"

static gint64
ask (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *stmt = bench_bare_prepare (db, sql);
  gint64 value = sqlite3_step (stmt) == SQLITE_ROW ? sqlite3_column_int64 (stmt, 0) : 0;

  sqlite3_finalize (stmt);
  return value;
}

static void
tell_tables (sqlite3 *db)
{
  sqlite3_stmt *stmt = bench_bare_prepare (
      db, "SELECT name, sum (pgsize), sum (payload) FROM dbstat GROUP BY name ORDER BY 2 DESC");

  while (sqlite3_step (stmt) == SQLITE_ROW)
    g_printerr (
        "%7.1f B  %3.0f %%  %s\n", (double) sqlite3_column_int64 (stmt, 1) / bench_get_n_tickets (),
        100.0 * (double) sqlite3_column_int64 (stmt, 2) / (double) sqlite3_column_int64 (stmt, 1),
        (const char *) sqlite3_column_text (stmt, 0));
  sqlite3_finalize (stmt);
}

int
main (int argc, char **argv)
{
  g_autofree char *figure = NULL, *text = NULL, *what = NULL;
  sqlite3 *db;
  gint64 bytes;
  double n;

  bench_init (argc, argv);
  n = bench_get_n_tickets ();
  db = bench_bare_open (bench_get_desk (), FALSE);
  g_assert_cmpint (ask (db, "SELECT count (*) FROM ticket"), ==, (gint64) n);
  bytes = ask (db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  what = g_strdup_printf (
      "disk per ticket (%.2f events, %.0f B of text)",
      (double) ask (db, "SELECT count (*) FROM event") / n,
      (double) ask (db, "SELECT sum (length (text)) FROM event") / n +
          (double) ask (db, "SELECT sum (length (summary) + length (coalesce (resolution, ''))"
                            " + length (coalesce (steps, ''))"
                            " + length (coalesce (recommendations, ''))) FROM ticket") /
              n);
  figure = g_strdup_printf ("%.0f B", (double) bytes / n);
  text = g_strdup_printf ("%.1f MB", (double) bytes / 1e6);
  bench_row (what, "≤ 3 kB", figure, (double) bytes / n <= 3000, text, "");
  if (g_getenv ("DETAILS") != NULL)
    tell_tables (db);
  sqlite3_close (db);
  return 0;
}
