/* SPDX-License-Identifier: GPL-3.0-or-later
 * 64 connections read tickets one by one, against the same library answering as many bytes from
 * memory. Both are other processes, asked in turns by the same threads of this one. Then once more
 * while notes are written all the time, so that the server can tell nothing again that it has told
 * before and has to read each. */
#include "bench-desk.h"
#include "bench-server.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define N_CONNECTIONS 64
#define N_TICKETS     5000
#define N_TURNS       7
#define TURN_US       1.5e6
#define NOTE_US       20000

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

/* --- notes --- */

typedef struct
{
  BenchServer *server;
  const char *token;
  DeskPerson *author;
  char *ticket; /* uid */
  gint is_over; /* atomic */
} Writing;

static void
begin_writing (Writing *self, BenchServer *server, const char *token)
{
  DeskDb *db = bench_open (server->desk, DESK_DB_OPEN);
  g_autoptr (DeskQuery) query = NULL;

  *self = (Writing){ .server = server, .token = token };
  self->author = bench_desk_find_person (db, "administrator");
  query = desk_db_query (db, DESK_SQL_TICKET_BY_ID, NULL, "i", G_GINT64_CONSTANT (1));
  if (query == NULL || !desk_query_next (query, NULL))
    g_error ("The desk has no first ticket");
  self->ticket = desk_query_dup_uid (query, 1);
  g_clear_pointer (&query, desk_query_end);
  desk_db_close (db);
}

static gpointer
write_notes (gpointer data)
{
  Writing *self = data;

  while (!g_atomic_int_get (&self->is_over))
    {
      g_autoptr (DeskOp) note = bench_new_note (self->author, self->ticket);
      g_autofree char *request = bench_request_new_op (note, self->token);
      g_autofree char *answer = bench_ask (self->server->port, request);

      if (strstr (answer, "\"accepted\"") == NULL)
        g_error ("A note was not taken: %s", answer);
      g_usleep (NOTE_US);
    }
  return NULL;
}

/* --- asking --- */

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

/* @best and @cpu_us: the least of all turns. */
static void
compare (BenchLoad *load, BenchServer *server, guint constant_port, BenchPair *best, double *cpu_us)
{
  for (guint i = 0; i < (bench_is_once () ? 1 : N_TURNS); i++)
    {
      double cpu = bench_server_cpu_us (server);

      take_turn (load, server->port);
      bench_keep_least (&best->ours_us, load->wall_us);
      bench_keep_least (cpu_us, (bench_server_cpu_us (server) - cpu) / load->n_answers);
      take_turn (load, constant_port);
      bench_keep_least (&best->bare_us, load->wall_us);
    }
}

static void
tell (const char *what, const char *aim, double least, BenchPair best, double cpu_us)
{
  g_autofree char *figure = g_strdup_printf ("%.2f", best.bare_us / best.ours_us);
  g_autofree char *ours = g_strdup_printf ("%.0f/s, %.0f µs of processor each", 1e6 / best.ours_us,
                                           cpu_us);
  g_autofree char *bare = g_strdup_printf ("%.0f/s", 1e6 / best.bare_us);

  bench_row (what, aim, figure, best.bare_us / best.ours_us >= least, ours, bare);
}

int
main (int argc, char **argv)
{
  BenchPair best = { G_MAXDOUBLE, G_MAXDOUBLE }, meanwhile = best;
  double cpu_us = G_MAXDOUBLE, meanwhile_cpu_us = G_MAXDOUBLE;
  g_autofree char *token = NULL;
  BenchLoad load = { .n_connections = N_CONNECTIONS, .next = next_cb };
  Asking asking = { 0 };
  BenchServer *server;
  guint constant_port;
  Writing writing;
  GThread *thread;
  GPid constant;

  bench_init (argc, argv);
  server = bench_server_new ();
  token = bench_server_sign_in_login (server, "administrator");
  asking.requests = make_requests (server->desk, token);
  begin_writing (&writing, server, token);
  load.data = &asking;
  bench_server_start (server);
  take_turn (&load, server->port);
  constant = start_constant (load.body_bytes / load.n_answers, &constant_port);
  compare (&load, server, constant_port, &best, &cpu_us);
  tell ("`GET` a ticket, 64 connections, against libmicrohttpd answering a constant", "≥ 0.4", 0.4,
        best, cpu_us);
  thread = g_thread_new ("notes", write_notes, &writing);
  compare (&load, server, constant_port, &meanwhile, &meanwhile_cpu_us);
  g_atomic_int_set (&writing.is_over, TRUE);
  g_thread_join (thread);
  tell ("the same while 50 notes a second are written, so that each is read anew", "", 0, meanwhile,
        meanwhile_cpu_us);
  kill (constant, SIGTERM);
  waitpid (constant, NULL, 0);
  bench_server_free (server);
  g_ptr_array_unref (asking.requests);
  desk_person_unref (writing.author);
  g_free (writing.ticket);
  return 0;
}
