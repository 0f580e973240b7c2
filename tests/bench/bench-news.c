/* SPDX-License-Identifier: GPL-3.0-or-later
 * Somebody writes on the server: how long until the row has changed in another person's open list,
 * on a copy that a syncer of this process keeps in step, as the app does. From the moment when the
 * writer is told that it is on the disk.
 *
 * The list is that of the open tickets of an agent of two departments. */
#include "bench-server.h"

#include <string.h>

#include "bench-copy.h"
#include "desk-tickets.h"
#include "desk-uid.h"

#define READER   "agent-000"
#define N_ROUNDS 300
/* So that rounds do not fall into step with anything. */
#define PAUSE_MS 20
#define MORE_MS  40

typedef struct
{
  BenchServer *server;
  BenchCopy *copy;
  DeskPerson *author;
  char *token;
  DeskView view;
  gint64 tx;
  GArray *keys;
  /* The round under way: */
  char *request;
  gint64 ticket;
  double sent_us;
  double answered_us; /* the writer's thread sets it */
  double shown_us;    /* 0: not yet */
} Bench;

static guint
count_rounds (void)
{
  return bench_is_once () ? 5 : N_ROUNDS;
}

/* --- the list --- */

static void
rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  GError *error = NULL;
  GPtrArray *rows = desk_store_rows_finish (self->copy->store, result, &error);

  bench_check (error);
  g_ptr_array_unref (rows);
  self->shown_us = bench_now_us ();
}

static void
changes_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  GError *error = NULL;
  GArray *changes = desk_store_changed_finish (self->copy->store, result, &self->tx, &error);

  bench_check (error);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      gint64 id = g_array_index (changes, DeskKeyChange, i).key.id;

      if (id == self->ticket)
        desk_store_rows_async (self->copy->store, &id, 1, NULL, rows_cb, self);
    }
  g_clear_pointer (&changes, g_array_unref);
}

static void
changed_cb (DeskStore *store, Bench *self)
{
  desk_store_changed_async (store, &self->view, DESK_SORT_RECENT, self->tx, 1000, NULL, changes_cb,
                            self);
}

static void
keys_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  GError *error = NULL;

  self->keys = desk_store_keys_finish (self->copy->store, result, &self->tx, &error);
  bench_check (error);
}

static void
open_list (Bench *self)
{
  self->view = desk_view_of (DESK_VIEW_OPEN);
  desk_store_keys_async (self->copy->store, &self->view, DESK_SORT_RECENT, 0, NULL, keys_cb, self);
  while (self->keys == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->keys->len, >, 0);
  g_signal_connect (self->copy->store, "changed", G_CALLBACK (changed_cb), self);
}

/* --- the writer --- */

static gpointer
write_cb (gpointer data)
{
  Bench *self = data;
  g_autofree char *answer = NULL;

  self->sent_us = bench_now_us ();
  answer = bench_ask (self->server->port, self->request);
  self->answered_us = bench_now_us ();
  g_assert_nonnull (strstr (answer, "\"accepted\""));
  return NULL;
}

static char *
find_uid (Bench *self, gint64 id)
{
  sqlite3 *db = bench_bare_open (self->copy->path, FALSE);
  sqlite3_stmt *stmt = bench_bare_prepare (db, "SELECT uid FROM ticket WHERE id = $1");
  char *uid = NULL;

  sqlite3_bind_int64 (stmt, 1, id);
  if (sqlite3_step (stmt) == SQLITE_ROW)
    uid = desk_uid_from_bytes (sqlite3_column_blob (stmt, 0));
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return uid;
}

static char *
make_request (Bench *self)
{
  g_autofree char *ticket = find_uid (self, self->ticket);
  g_autoptr (DeskOp) op = bench_new_note (self->author, ticket);

  return bench_request_new_op (op, self->token);
}

static void
take_round (Bench *self, guint round)
{
  guint i = round * 7919 % self->keys->len;
  GThread *writer;

  self->ticket = g_array_index (self->keys, DeskKey, i).id;
  self->request = make_request (self);
  self->shown_us = 0;
  writer = g_thread_new ("writer", write_cb, self);
  while (self->shown_us == 0)
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (writer);
  g_clear_pointer (&self->request, g_free);
}

static gboolean
stop_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
rest (guint round)
{
  gboolean over = FALSE;

  g_timeout_add (PAUSE_MS + round * 13 % MORE_MS, stop_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
tell (double *times_us, guint n, double sent_us)
{
  double median_us = bench_find_share (times_us, n, 0.5);
  double worst_us = bench_find_share (times_us, n, 0.99);
  g_autofree char *ours = g_strdup_printf ("median %s; 99 %% after it was sent %s",
                                           bench_format_us (median_us), bench_format_us (sent_us));

  bench_row ("a commit on the server, until the row has changed in another's open list: 99th "
             "percentile",
             "≤ 50 ms", bench_format_us (worst_us), worst_us <= 50000, ours, "");
}

int
main (int argc, char **argv)
{
  double times_us[N_ROUNDS], sent_us[N_ROUNDS];
  Bench self = { 0 };
  DeskDb *db;
  guint n;

  bench_init (argc, argv);
  n = count_rounds ();
  self.server = bench_server_new ();
  self.token = bench_server_sign_in_login (self.server, "administrator");
  self.copy = bench_copy_new (self.server, READER);
  db = bench_open (self.server->desk, DESK_DB_READ);
  self.author = bench_desk_find_person (db, "administrator");
  desk_db_close (db);
  bench_server_start (self.server);
  bench_copy_start (self.copy);
  open_list (&self);
  for (guint i = 0; i < n; i++)
    {
      take_round (&self, i);
      times_us[i] = MAX (self.shown_us - self.answered_us, 0);
      sent_us[i] = self.shown_us - self.sent_us;
      rest (i);
    }
  tell (times_us, n, bench_find_share (sent_us, n, 0.99));
  bench_copy_free (self.copy);
  bench_server_free (self.server);
  desk_person_unref (self.author);
  g_array_unref (self.keys);
  g_free (self.token);
  return 0;
}
