/* SPDX-License-Identifier: GPL-3.0-or-later
 * What all benchmarks share. */
#include "bench.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Rounds end after so many, or after this time when a round is long. */
#define MAX_ROUNDS    200
#define MIN_ROUNDS    5
#define ALL_ROUNDS_US 2e6

static guint n_tickets = 1000000;
static gboolean once;
static char *desk;
static guint n_copies;

void
bench_init (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (g_str_equal (argv[i], "--once"))
      once = TRUE;
    else if ((n_tickets = (guint)strtoul (argv[i], NULL, 10)) == 0)
      {
        g_printerr ("Usage: %s [--once] [TICKETS]\n", argv[0]);
        exit (2);
      }
  desk = g_strdup (g_getenv ("BENCH_DESK"));
  if (desk == NULL)
    desk = bench_desk_get (n_tickets);
}

guint
bench_get_n_tickets (void)
{
  return n_tickets;
}

gboolean
bench_is_once (void)
{
  return once;
}

const char *
bench_get_desk (void)
{
  return desk;
}

void
bench_check (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

char *
bench_copy_desk (void)
{
  char *path = g_strdup_printf ("%s.copy-%d-%u", desk, (int)getpid (), ++n_copies);
  const char *const argv[] = { "cp", "--reflink=auto", "--", desk, path, NULL };
  int status = 0;
  GError *error = NULL;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  bench_check (error);
  g_spawn_check_wait_status (status, &error);
  bench_check (error);
  /* What the copy left to be written is nobody's commit. */
  sync ();
  return path;
}

/* With all that is beside it: its log, its stamp, what it was before it was brought up to date. */
void
bench_remove_copy (char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *own = g_path_get_basename (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);
      char after = g_str_has_prefix (name, own) ? name[strlen (own)] : 'x';

      if (after == '\0' || after == '-' || after == '.')
        g_unlink (file);
    }
  g_free (path);
}

DeskDb *
bench_open (const char *path, DeskDbMode mode)
{
  GError *error = NULL;
  DeskDb *db = desk_db_open (path, mode, &error);

  bench_check (error);
  return db;
}

/* --- the clock --- */

double
bench_now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

double
bench_thread_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

static double
time_once (BenchFunc func, gpointer data)
{
  double started = bench_now_us ();

  func (data);
  return bench_now_us () - started;
}

void
bench_keep_least (double *best, double value)
{
  if (value < *best)
    *best = value;
}

/* The first round warms the caches and does not count. */
BenchPair
bench_compare (BenchFunc ours, BenchFunc bare, gpointer data)
{
  BenchPair best = { G_MAXDOUBLE, G_MAXDOUBLE };
  double until = bench_now_us () + ALL_ROUNDS_US;

  ours (data);
  if (bare != NULL)
    bare (data);
  for (guint i = 0; i < (once ? 1 : MAX_ROUNDS); i++)
    {
      bench_keep_least (&best.ours_us, time_once (ours, data));
      if (bare != NULL)
        bench_keep_least (&best.bare_us, time_once (bare, data));
      if (i >= MIN_ROUNDS && bench_now_us () > until)
        break;
    }
  return best;
}

double
bench_time_best (BenchFunc func, gpointer data)
{
  return bench_compare (func, NULL, data).ours_us;
}

/* --- the table --- */

const char *
bench_format_us (double us)
{
  static char buffers[4][32];
  static guint next;
  char *buffer = buffers[next++ % G_N_ELEMENTS (buffers)];

  if (us < 1000)
    g_snprintf (buffer, sizeof buffers[0], "%.0f µs", us);
  else if (us < 1e6)
    g_snprintf (buffer, sizeof buffers[0], us < 1e4 ? "%.2f ms" : "%.1f ms", us / 1e3);
  else
    g_snprintf (buffer, sizeof buffers[0], "%.2f s", us / 1e6);
  return buffer;
}

void
bench_row (const char *what,
           const char *aim,
           const char *figure,
           gboolean reached,
           const char *ours,
           const char *bare)
{
  printf (reached ? "| %s | %s | %s | %s | %s |\n" : "| %s | %s | **%s** | %s | %s |\n", what, aim,
          figure, ours, bare);
}

void
bench_row_ratio (const char *what, double most, BenchPair pair)
{
  g_autofree char *aim = g_strdup_printf ("≤ %g", most);
  g_autofree char *figure = g_strdup_printf ("%.2f", pair.ours_us / pair.bare_us);

  bench_row (what, aim, figure, pair.ours_us / pair.bare_us <= most, bench_format_us (pair.ours_us),
             bench_format_us (pair.bare_us));
}

/* --- a bare loop --- */

static void
check_result (sqlite3 *db, int result)
{
  if (result != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
}

sqlite3 *
bench_bare_open (const char *path, gboolean writing)
{
  sqlite3 *db = NULL;
  int mode = writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;

  check_result (db, sqlite3_open_v2 (path, &db, mode | SQLITE_OPEN_NOMUTEX, NULL));
  bench_bare_execute (db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                          "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
                          "PRAGMA journal_size_limit = 16777216");
  bench_bare_execute (db, writing ? "PRAGMA cache_size = -8000" : "PRAGMA cache_size = -4000");
  return db;
}

sqlite3_stmt *
bench_bare_prepare (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *stmt;

  check_result (db, sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL));
  return stmt;
}

void
bench_bare_execute (sqlite3 *db, const char *sql)
{
  check_result (db, sqlite3_exec (db, sql, NULL, NULL, NULL));
}

void
bench_bare_finish (sqlite3_stmt *stmt)
{
  int result;

  while ((result = sqlite3_step (stmt)) == SQLITE_ROW)
    ;
  if (result != SQLITE_DONE)
    g_error ("%s", sqlite3_errmsg (sqlite3_db_handle (stmt)));
  sqlite3_reset (stmt);
}

gint64
bench_bare_read_row (sqlite3_stmt *stmt)
{
  gint64 sum = 0;

  for (int i = 0; i < sqlite3_data_count (stmt); i++)
    switch (sqlite3_column_type (stmt, i))
      {
      case SQLITE_INTEGER:
        sum += sqlite3_column_int64 (stmt, i);
        break;
      case SQLITE_NULL:
        break;
      default:
        sum += sqlite3_column_blob (stmt, i) != NULL;
        sum += sqlite3_column_bytes (stmt, i);
        break;
      }
  return sum;
}
