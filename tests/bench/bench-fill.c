/* SPDX-License-Identifier: GPL-3.0-or-later
 * The first fill of a copy, from a server over loopback: an agent of half of all departments, so
 * that half of what is in work comes, which is 100,000 tickets of a million.
 *
 * The bare loop reads the rows that came and inserts them into another empty copy, in as many
 * transactions as pages came. Neither makes texts findable; how long that takes besides is told. */
#include "bench-server.h"

#include <glib/gstdio.h>

#include "desk-replica.h"
#include "desk-rows.h"
#include "desk-sync.h"

#define N_TURNS 2
#define TICKETS_A_PAGE 500
#define TIMEOUT_SECS   60
#define N_ROWS         50
#define ADDRESS_DEVICE "bench"

typedef struct
{
  BenchServer *server;
  DeskPerson *me;
  char *token;
  char *desk_uid;
  char *path; /* of the copy that was filled */
  double started_us;
  double usable_us; /* 0: not yet */
  BenchPair cpu;    /* of the thread that writes */
  gint64 n_tickets;
} Bench;

static char *
make_copy (Bench *self, const char *name)
{
  char *path = g_build_filename (self->server->folder, name, NULL);
  GError *error = NULL;
  DeskDb *db = desk_replica_create (path, self->server->address, self->desk_uid, self->me, &error);

  bench_check (error);
  desk_db_close (db);
  return path;
}

/* --- ours --- */

/* What a list shows first, as it would be read by another thread. */
static void
look_at_list (Bench *self)
{
  DeskDb *db = bench_open (self->path, DESK_DB_READ);
  DeskView view = desk_view_of (DESK_VIEW_OPEN);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 ids[N_ROWS];
  GError *error = NULL;
  g_autoptr (GArray)
      keys = desk_rows_keys (db, self->me, &view, DESK_SORT_RECENT, N_ROWS, now, &error);
  g_autoptr (GPtrArray) rows = NULL;

  bench_check (error);
  for (guint i = 0; i < keys->len; i++)
    ids[i] = g_array_index (keys, DeskKey, i).id;
  rows = desk_rows_load (db, self->me, ids, keys->len, &error);
  bench_check (error);
  g_assert_cmpuint (rows->len, >, 0);
  desk_db_close (db);
}

static void
progress_cb (gint64 n_tickets, gboolean filling, gpointer data)
{
  Bench *self = data;

  self->n_tickets = n_tickets;
  if (self->usable_us > 0 || n_tickets == 0)
    return;
  look_at_list (self);
  self->usable_us = bench_now_us () - self->started_us;
}

static double
run_ours (Bench *self)
{
  DeskRemote *remote = desk_remote_new (self->server->address, TIMEOUT_SECS);
  DeskDb *db = bench_open (self->path, DESK_DB_OPEN);
  DeskSync *sync = desk_sync_new (remote, db, ADDRESS_DEVICE);
  GError *error = NULL;
  double cpu_us = bench_thread_us (), took_us;

  desk_remote_set_token (remote, self->token);
  self->usable_us = 0;
  self->started_us = bench_now_us ();
  desk_sync_pull (sync, progress_cb, self, NULL, &error);
  bench_check (error);
  took_us = bench_now_us () - self->started_us;
  bench_keep_least (&self->cpu.ours_us, bench_thread_us () - cpu_us);
  desk_sync_free (sync);
  desk_db_close (db);
  desk_remote_free (remote);
  return took_us;
}

static double
make_findable (Bench *self)
{
  DeskDb *db = bench_open (self->path, DESK_DB_OPEN);
  double started = bench_now_us ();
  gint64 left = 1;
  GError *error = NULL;

  while (left > 0)
    {
      desk_replica_index (db, 200, &left, &error);
      bench_check (error);
    }
  desk_db_close (db);
  return bench_now_us () - started;
}

/* --- the bare loop --- */

/* A row as it is, from one statement into another. */
static void
copy_row (sqlite3_stmt *from, sqlite3_stmt *to)
{
  for (int i = 0; i < sqlite3_column_count (from); i++)
    sqlite3_bind_value (to, i + 1, sqlite3_column_value (from, i));
  bench_bare_finish (to);
}

static sqlite3_stmt *
prepare_insert (sqlite3 *db, const char *table, sqlite3_stmt *rows)
{
  g_autoptr (GString) sql = g_string_new ("INSERT OR IGNORE INTO ");

  g_string_append_printf (sql, "%s VALUES (", table);
  for (int i = 0; i < sqlite3_column_count (rows); i++)
    g_string_append_printf (sql, "%s$%d", i > 0 ? ", " : "", i + 1);
  g_string_append_c (sql, ')');
  return bench_bare_prepare (db, sql->str);
}

static void
copy_table (sqlite3 *from, sqlite3 *to, const char *table)
{
  g_autofree char *sql = g_strconcat ("SELECT * FROM ", table, NULL);
  sqlite3_stmt *rows = bench_bare_prepare (from, sql);
  sqlite3_stmt *insert = prepare_insert (to, table, rows);

  while (sqlite3_step (rows) == SQLITE_ROW)
    copy_row (rows, insert);
  sqlite3_finalize (rows);
  sqlite3_finalize (insert);
}

/* The tickets in the order in which they came, each with its events. */
static guint
copy_tickets (sqlite3 *from, sqlite3 *to)
{
  sqlite3_stmt *tickets = bench_bare_prepare (from,
                                              "SELECT * FROM ticket ORDER BY status, tx DESC");
  sqlite3_stmt *events = bench_bare_prepare (from,
                                             "SELECT * FROM event WHERE ticket = $1 ORDER BY no");
  sqlite3_stmt *ticket_insert = prepare_insert (to, "ticket", tickets);
  sqlite3_stmt *event_insert = prepare_insert (to, "event", events);
  guint n = 0;

  while (sqlite3_step (tickets) == SQLITE_ROW)
    {
      copy_row (tickets, ticket_insert);
      sqlite3_bind_value (events, 1, sqlite3_column_value (tickets, 0));
      while (sqlite3_step (events) == SQLITE_ROW)
        copy_row (events, event_insert);
      sqlite3_reset (events);
      if (++n % TICKETS_A_PAGE == 0)
        bench_bare_execute (to, "COMMIT; BEGIN IMMEDIATE");
    }
  sqlite3_finalize (tickets);
  sqlite3_finalize (events);
  sqlite3_finalize (ticket_insert);
  sqlite3_finalize (event_insert);
  return n;
}

static double
run_bare (Bench *self)
{
  static const char *const tables[] = { "entry", "property", "person", "membership" };
  char *path = make_copy (self, "bare.desk");
  sqlite3 *from = bench_bare_open (self->path, FALSE);
  sqlite3 *to = bench_bare_open (path, TRUE);
  double started = bench_now_us ();
  double cpu_us = bench_thread_us ();
  guint n;

  bench_bare_execute (to, "BEGIN IMMEDIATE");
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    copy_table (from, to, tables[i]);
  n = copy_tickets (from, to);
  bench_bare_execute (to, "COMMIT");
  started = bench_now_us () - started;
  bench_keep_least (&self->cpu.bare_us, bench_thread_us () - cpu_us);
  g_assert_cmpint (n, ==, self->n_tickets);
  sqlite3_close (from);
  sqlite3_close (to);
  bench_remove_copy (path);
  return started;
}

/* --- turns --- */

static void
prepare (Bench *self)
{
  DeskDb *db = bench_open (self->server->desk, DESK_DB_OPEN);
  GError *error = NULL;

  desk_db_begin (db, &error);
  bench_check (error);
  self->me = bench_server_add_agent (self->server, db, "half", BENCH_N_DEPARTMENTS / 2);
  self->token = bench_server_sign_in (db, self->me, ADDRESS_DEVICE);
  desk_db_commit (db, &error);
  bench_check (error);
  self->desk_uid = g_strdup (desk_db_get_uid (db));
  desk_db_close (db);
}

static void
tell (Bench *self, BenchPair best, double usable_us, double cpu_us, double findable_us)
{
  g_autofree char *what = g_strdup_printf ("first fill of %" G_GINT64_FORMAT
                                           " tickets, against reading and inserting their rows",
                                           self->n_tickets);
  g_autofree char *figure = g_strdup_printf ("%.2f", best.ours_us / best.bare_us);
  g_autofree char *ours = g_strdup_printf (
      "%s; of processor: writing %s, the server %s", bench_format_us (best.ours_us),
      bench_format_us (self->cpu.ours_us), bench_format_us (cpu_us));
  g_autofree char *bare = g_strdup_printf ("%s; of processor %s", bench_format_us (best.bare_us),
                                           bench_format_us (self->cpu.bare_us));

  bench_row (what, "≤ 2", figure, best.ours_us / best.bare_us <= 2, ours, bare);
  bench_row ("the same: its list is usable after", "≤ 2 s", bench_format_us (usable_us),
             usable_us <= 2e6, bench_format_us (usable_us), "");
  bench_row ("the same: its texts are found, after another", "", bench_format_us (findable_us),
             TRUE, bench_format_us (findable_us), "");
}

int
main (int argc, char **argv)
{
  Bench self = { .cpu = { G_MAXDOUBLE, G_MAXDOUBLE } };
  BenchPair best = { G_MAXDOUBLE, G_MAXDOUBLE };
  double usable_us = G_MAXDOUBLE, cpu_us = G_MAXDOUBLE, findable_us = 0;
  guint n_turns;

  bench_init (argc, argv);
  n_turns = bench_is_once () ? 1 : N_TURNS;
  self.server = bench_server_new ();
  prepare (&self);
  bench_server_start (self.server);
  for (guint i = 0; i < n_turns; i++)
    {
      double cpu = bench_server_cpu_us (self.server);

      self.path = make_copy (&self, "copy.desk");
      bench_keep_least (&best.ours_us, run_ours (&self));
      bench_keep_least (&usable_us, self.usable_us);
      bench_keep_least (&cpu_us, bench_server_cpu_us (self.server) - cpu);
      bench_keep_least (&best.bare_us, run_bare (&self));
      if (i + 1 == n_turns)
        findable_us = make_findable (&self);
      bench_remove_copy (self.path);
    }
  tell (&self, best, usable_us, cpu_us, findable_us);
  bench_server_free (self.server);
  desk_person_unref (self.me);
  g_free (self.token);
  g_free (self.desk_uid);
  return 0;
}
