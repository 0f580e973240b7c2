/* SPDX-License-Identifier: GPL-3.0-or-later
 * 64 connections read tickets one by one, against the same library answering as many bytes from
 * memory. Both are other processes, asked in turns by the same threads of this one. */
#include "bench-server.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#define N_CONNECTIONS 64
#define N_TICKETS     5000
#define N_TURNS       7
#define TURN_US       1.5e6

typedef struct
{
  GPtrArray *requests;
  guint n;
} Asking;

static const char *
next_cb (gpointer data)
{
  Asking *self = data;

  return self->requests->pdata[self->n++ % self->requests->len];
}

/* Of tickets that are open, from all over the desk. */
static GPtrArray *
make_requests (const char *desk, const char *token)
{
  GPtrArray *requests = g_ptr_array_new_with_free_func (g_free);
  sqlite3 *db = bench_bare_open (desk, FALSE);
  sqlite3_stmt *stmt = bench_bare_prepare (
      db, "SELECT number FROM ticket WHERE status = 0 ORDER BY abs (random ()) LIMIT $1");

  sqlite3_bind_int (stmt, 1, N_TICKETS);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      g_autofree char *path = g_strdup_printf ("/v1/tickets/%s",
                                               (const char *) sqlite3_column_text (stmt, 0));

      g_ptr_array_add (requests, bench_request_new ("GET", path, token, NULL));
    }
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return requests;
}

static GPid
start_constant (guint64 bytes, guint *port)
{
  g_autofree char *program = g_build_filename (g_getenv ("DESKBELL_BUILD"),
                                               "tests/bench/constant-server", NULL);
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, bytes);
  g_autofree char *threads = g_strdup_printf ("%u", CLAMP (g_get_num_processors (), 2, 16));
  const char *const argv[] = { program, size, threads, NULL };
  GError *error = NULL;
  FILE *output;
  GPid pid;
  int fd;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &fd, NULL, &error);
  bench_check (error);
  output = fdopen (fd, "r");
  if (fscanf (output, "%u", port) != 1)
    g_error ("The constant server did not start");
  fclose (output);
  return pid;
}

static void
take_turn (BenchLoad *load, guint port)
{
  load->port = port;
  load->until_us = bench_now_us () + (bench_is_once () ? 1e5 : TURN_US);
  bench_load_run (load);
}

static void
tell (BenchPair best, double cpu_us)
{
  g_autofree char *figure = g_strdup_printf ("%.2f", best.bare_us / best.ours_us);
  g_autofree char *ours = g_strdup_printf ("%.0f/s, %.0f µs of processor each", 1e6 / best.ours_us,
                                           cpu_us);
  g_autofree char *bare = g_strdup_printf ("%.0f/s", 1e6 / best.bare_us);

  bench_row ("`GET` a ticket, 64 connections, against libmicrohttpd answering a constant", "≥ 0.4",
             figure, best.bare_us / best.ours_us >= 0.4, ours, bare);
}

int
main (int argc, char **argv)
{
  BenchPair best = { G_MAXDOUBLE, G_MAXDOUBLE };
  double cpu_us = G_MAXDOUBLE;
  g_autofree char *token = NULL;
  BenchLoad load = { .n_connections = N_CONNECTIONS, .next = next_cb };
  Asking asking = { 0 };
  BenchServer *server;
  guint constant_port;
  GPid constant;

  bench_init (argc, argv);
  server = bench_server_new ();
  token = bench_server_sign_in_login (server, "administrator");
  asking.requests = make_requests (server->desk, token);
  load.data = &asking;
  bench_server_start (server);
  take_turn (&load, server->port);
  constant = start_constant (load.body_bytes / load.n_answers, &constant_port);
  for (guint i = 0; i < (bench_is_once () ? 1 : N_TURNS); i++)
    {
      double cpu = bench_server_cpu_us (server);

      take_turn (&load, server->port);
      bench_keep_least (&best.ours_us, load.wall_us);
      bench_keep_least (&cpu_us, (bench_server_cpu_us (server) - cpu) / load.n_answers);
      take_turn (&load, constant_port);
      bench_keep_least (&best.bare_us, load.wall_us);
    }
  tell (best, cpu_us);
  kill (constant, SIGTERM);
  waitpid (constant, NULL, 0);
  bench_server_free (server);
  g_ptr_array_unref (asking.requests);
  return 0;
}
