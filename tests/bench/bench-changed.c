/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another process commits changes of 1,000 tickets: how long until their new places in the list of
 * the closed tickets, and the rows of its first page, have come in the main loop.
 *
 * The other process is this program once more: with --commit PATH it adds a note to 1,000
 * closed tickets, which moves them to the top, and prints the moment before its commit: others may
 * see it while it is still being cleared away. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "desk-store.h"
#include "desk-submit.h"
#include "desk-tickets.h"
#include "desk-uid.h"

#define N_CHANGED 1000
#define N_ROWS    50

/* --- the other process --- */

static GArray *
read_keys (DeskDb *db, const DeskPerson *me)
{
  DeskView view = desk_view_of (DESK_VIEW_CLOSED);
  GError *error = NULL;
  GArray *keys = desk_rows_keys (db, me, &view, DESK_SORT_RECENT, N_CHANGED, bench_desk_get_now (),
                                 &error);

  bench_check (error);
  return keys;
}

static void
add_note (DeskDb *db, const DeskPerson *me, const char *ticket, gint64 now)
{
  g_autofree char *uid = desk_uid_new ();
  g_autoptr (DeskOp) op = desk_op_new (uid, ticket, DESK_KIND_NOTE, me->uid);
  g_autoptr (DeskReceipt) receipt = NULL;
  GError *error = NULL;

  op->at = now;
  desk_op_set_text (op, "Seen once more at the end of the month.");
  receipt = desk_submit_in (db, op, me, now, &error);
  bench_check (error);
}

static int
commit_changes (const char *path)
{
  DeskDb *db = bench_open (path, DESK_DB_OPEN);
  g_autoptr (DeskPerson) me = bench_desk_find_person (db, "administrator");
  g_autoptr (GArray) keys = read_keys (db, me);
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree gint64 *ids = g_new (gint64, keys->len);
  GError *error = NULL;
  double started;

  for (guint i = 0; i < keys->len; i++)
    ids[i] = g_array_index (keys, DeskKey, i).id;
  rows = desk_rows_load (db, me, ids, keys->len, &error);
  bench_check (error);
  desk_db_begin (db, &error);
  for (guint i = 0; i < rows->len; i++)
    add_note (db, me, ((const DeskRow *) rows->pdata[i])->uid, bench_desk_get_now () + 60);
  started = bench_now_us ();
  desk_db_commit (db, &error);
  bench_check (error);
  printf ("%.0f\n", started);
  desk_db_close (db);
  return 0;
}

/* --- the window's side --- */

typedef struct
{
  DeskStore *store;
  DeskView view;
  gint64 tx;
  guint n_changes;
  double shown_us; /* 0: not yet */
} Bench;

static void
rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  GError *error = NULL;
  GPtrArray *rows = desk_store_rows_finish (self->store, result, &error);

  bench_check (error);
  g_ptr_array_unref (rows);
  self->shown_us = bench_now_us ();
}

static void
changes_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  GError *error = NULL;
  GArray *changes = desk_store_changed_finish (self->store, result, &self->tx, &error);
  gint64 ids[N_ROWS];

  bench_check (error);
  g_assert_nonnull (changes);
  self->n_changes += changes->len;
  for (guint i = 0; i < N_ROWS && i < changes->len; i++)
    ids[i] = g_array_index (changes, DeskKeyChange, i).key.id;
  desk_store_rows_async (self->store, ids, MIN (N_ROWS, changes->len), NULL, rows_cb, self);
  g_array_unref (changes);
}

static void
changed_cb (DeskStore *store, Bench *self)
{
  desk_store_changed_async (store, &self->view, DESK_SORT_RECENT, self->tx, N_CHANGED, NULL,
                            changes_cb, self);
}

static void
keys_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  GError *error = NULL;
  GArray *keys = desk_store_keys_finish (self->store, result, &self->tx, &error);

  bench_check (error);
  g_array_unref (keys);
  self->shown_us = 1;
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  GError *error = NULL;

  self->store = desk_store_open_finish (result, &error);
  bench_check (error);
}

static void
ended_cb (GPid pid, int status, gpointer user_data)
{
  GError *error = NULL;

  g_spawn_check_wait_status (status, &error);
  bench_check (error);
  g_spawn_close_pid (pid);
}

static double
time_one_commit (Bench *self, const char *program, const char *path)
{
  const char *const argv[] = { program, "--commit", path, NULL };
  GPid pid;
  int output;
  char text[64] = "";
  FILE *file;
  GError *error = NULL;

  self->shown_us = 0;
  self->n_changes = 0;
  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &output, NULL, &error);
  bench_check (error);
  g_child_watch_add (pid, ended_cb, NULL);
  while (self->shown_us == 0)
    g_main_context_iteration (NULL, TRUE);
  file = fdopen (output, "r");
  if (fgets (text, sizeof text, file) == NULL)
    g_error ("The other process did not commit");
  fclose (file);
  g_assert_cmpuint (self->n_changes, >=, N_CHANGED);
  return self->shown_us - strtod (text, NULL);
}

int
main (int argc, char **argv)
{
  Bench self = { .view = desk_view_of (DESK_VIEW_CLOSED) };
  double best = G_MAXDOUBLE;
  char *path;

  if (argc == 3 && g_str_equal (argv[1], "--commit"))
    return commit_changes (argv[2]);
  bench_init (argc, argv);
  path = bench_copy_desk ();
  desk_store_open_async (path, FALSE, "administrator", NULL, NULL, opened_cb, &self);
  while (self.store == NULL)
    g_main_context_iteration (NULL, TRUE);
  desk_store_keys_async (self.store, &self.view, DESK_SORT_RECENT, 0, NULL, keys_cb, &self);
  while (self.shown_us == 0)
    g_main_context_iteration (NULL, TRUE);
  g_signal_connect (self.store, "changed", G_CALLBACK (changed_cb), &self);
  for (guint i = 0; i < (bench_is_once () ? 1 : 5); i++)
    bench_keep_least (&best, time_one_commit (&self, argv[0], path));
  bench_row ("a foreign commit of 1,000 tickets, until its rows are in the main loop", "≤ 100 ms",
             bench_format_us (best), best <= 100000, bench_format_us (best), "");
  desk_store_close (self.store);
  g_object_unref (self.store);
  bench_remove_copy (path);
  return 0;
}
