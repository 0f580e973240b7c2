/* SPDX-License-Identifier: GPL-3.0-or-later
 * 64 connections file tickets, one in each request, each answered when it is on the disk; against
 * 64 callers of the store in this process, who file the same on another copy of the desk. */
#include "bench-server.h"

#include "desk-store.h"

#define N_CALLERS 64
#define N_TURNS   8
#define REQUESTER "requester-00000"

static guint
tickets_a_turn (void)
{
  return bench_is_once () ? 100 : 3000;
}

/* --- ours --- */

typedef struct
{
  GPtrArray *requests;
  guint n;
} Asking;

static const char *
next_cb (gpointer data)
{
  Asking *self = data;

  return self->n < self->requests->len ? self->requests->pdata[self->n++] : NULL;
}

static double
run_ours (BenchServer *server, const char *token, const DeskPerson *author, guint turn)
{
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func (g_free);
  Asking asking = { .requests = requests };
  BenchLoad load = {
    .port = server->port, .n_connections = N_CALLERS, .next = next_cb, .data = &asking
  };

  for (guint i = 0; i < tickets_a_turn (); i++)
    {
      g_autoptr (DeskOp)
          op = bench_new_ticket (author, i % BENCH_N_DEPARTMENTS, turn * tickets_a_turn () + i);

      g_ptr_array_add (requests, bench_request_new_op (op, token));
    }
  bench_load_run (&load);
  g_assert_cmpuint (load.n_answers, ==, requests->len);
  return load.wall_us;
}

/* --- the store --- */

typedef struct
{
  DeskStore *store;
  GPtrArray *ops;
  guint next;
  guint answered;
} Turn;

static void submit_next (Turn *self);

static void
submitted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Turn *self = user_data;
  GError *error = NULL;
  DeskReceipt *receipt = desk_store_submit_finish (DESK_STORE (object), result, &error);

  bench_check (error);
  desk_receipt_free (receipt);
  self->answered++;
  submit_next (self);
}

static void
submit_next (Turn *self)
{
  if (self->next < self->ops->len)
    desk_store_submit_async (self->store, self->ops->pdata[self->next++], NULL, submitted_cb, self);
}

static double
run_store (DeskStore *store, guint turn)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  Turn self = { .store = store, .ops = ops };
  double started;

  for (guint i = 0; i < tickets_a_turn (); i++)
    g_ptr_array_add (ops, bench_new_ticket (desk_store_get_me (store), i % BENCH_N_DEPARTMENTS,
                                            turn * tickets_a_turn () + i));
  started = bench_now_us ();
  for (guint i = 0; i < N_CALLERS; i++)
    submit_next (&self);
  while (self.answered < ops->len)
    g_main_context_iteration (NULL, TRUE);
  return (bench_now_us () - started) / ops->len;
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  DeskStore **store = user_data;
  GError *error = NULL;

  *store = desk_store_open_finish (result, &error);
  bench_check (error);
}

static DeskStore *
open_store (const char *path)
{
  DeskStore *store = NULL;

  desk_store_open_async (path, FALSE, REQUESTER, NULL, NULL, opened_cb, &store);
  while (store == NULL)
    g_main_context_iteration (NULL, TRUE);
  return store;
}

/* --- turns --- */

static void
tell (double ours_us, double bare_us, double cpu_us)
{
  g_autofree char *figure = g_strdup_printf ("%.2f", bare_us / ours_us);
  g_autofree char *ours = g_strdup_printf ("%.0f/s, %.0f µs of processor each", 1e6 / ours_us,
                                           cpu_us);
  g_autofree char *bare = g_strdup_printf ("%.0f/s", 1e6 / bare_us);

  bench_row ("`POST /v1/ops`, one ticket each, 64 connections, durable, against the store alone",
             "≥ 0.5", figure, bare_us / ours_us >= 0.5, ours, bare);
}

int
main (int argc, char **argv)
{
  guint n_turns;
  double ours_us[N_TURNS], bare_us[N_TURNS], cpu_us[N_TURNS];
  BenchServer *server;
  g_autofree char *token = NULL;
  g_autoptr (DeskPerson) author = NULL;
  char *path;
  DeskStore *store;

  bench_init (argc, argv);
  n_turns = bench_is_once () ? 1 : N_TURNS;
  server = bench_server_new ();
  path = bench_copy_desk ();
  store = open_store (path);
  author = desk_person_copy (desk_store_get_me (store));
  token = bench_server_sign_in_login (server, REQUESTER);
  bench_server_start (server);
  for (guint i = 0; i < n_turns; i++)
    {
      double cpu = bench_server_cpu_us (server);

      ours_us[i] = run_ours (server, token, author, i);
      cpu_us[i] = (bench_server_cpu_us (server) - cpu) / tickets_a_turn ();
      bare_us[i] = run_store (store, i);
    }
  /* Both wait for the same disk, which is not the same every time. */
  tell (bench_find_share (ours_us, n_turns, 0.5), bench_find_share (bare_us, n_turns, 0.5),
        bench_find_share (cpu_us, n_turns, 0.5));
  bench_server_free (server);
  desk_store_close (store);
  g_object_unref (store);
  bench_remove_copy (path);
  return 0;
}
