/* SPDX-License-Identifier: GPL-3.0-or-later
 * All keys of the open and of the closed tickets, against a bare loop over the same statement; and
 * what the main loop's thread has to do for it meanwhile. */
#include "bench.h"

#include "desk-store.h"

typedef struct
{
  DeskDb *db;
  DeskPerson *me;
  DeskStore *store;
  DeskView view;
  sqlite3_stmt *stmt;
  gint64 status;
  guint n_keys;
  guint n_bare_keys;
  GArray *keys; /* of the store's answer */
} Bench;

static void
run_ours (gpointer data)
{
  Bench *self = data;
  GError *error = NULL;
  GArray *keys = desk_rows_keys (self->db, self->me, &self->view, DESK_SORT_RECENT, 0,
                                 bench_desk_get_now (), &error);

  bench_check (error);
  self->n_keys = keys->len;
  g_array_unref (keys);
}

static void
run_bare (gpointer data)
{
  Bench *self = data;
  gsize n = 0, room = 1024;
  DeskKey *keys = g_new (DeskKey, room);
  gint64 sum = 0;

  sqlite3_bind_int64 (self->stmt, 1, self->status);
  sqlite3_bind_int64 (self->stmt, 2, G_MAXINT64);
  while (sqlite3_step (self->stmt) == SQLITE_ROW)
    {
      if (n == room)
        keys = g_renew (DeskKey, keys, room *= 2);
      for (int i = 1; i < 8; i++)
        sum += sqlite3_column_int64 (self->stmt, i);
      keys[n++] = (DeskKey){ -sqlite3_column_int64 (self->stmt, 0),
                             sqlite3_column_int64 (self->stmt, 4) };
    }
  sqlite3_reset (self->stmt);
  self->n_bare_keys = n;
  g_assert_cmpint (sum, !=, 1);
  g_free (keys);
}

/* --- the main loop meanwhile --- */

static void
keys_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  GError *error = NULL;

  self->keys = desk_store_keys_finish (DESK_STORE (object), result, NULL, &error);
  bench_check (error);
}

/* The longest turn of the main loop, in time of its own thread: others may take the processor. */
static double
time_turns (Bench *self)
{
  double longest = 0;

  desk_store_keys_async (self->store, &self->view, DESK_SORT_RECENT, 0, NULL, keys_cb, self);
  while (self->keys == NULL)
    {
      double started = bench_thread_us ();

      g_main_context_iteration (NULL, TRUE);
      longest = MAX (longest, bench_thread_us () - started);
    }
  g_clear_pointer (&self->keys, g_array_unref);
  return longest;
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
measure (Bench *self, DeskViewKind kind, DeskStatus status, const char *word)
{
  BenchPair pair;
  double turn = G_MAXDOUBLE;
  g_autofree char *what = NULL, *meanwhile = NULL;

  self->view = desk_view_of (kind);
  self->status = status;
  pair = bench_compare (run_ours, run_bare, self);
  g_assert_cmpuint (self->n_keys, ==, self->n_bare_keys);
  what = g_strdup_printf ("all %u keys of %s", self->n_keys, word);
  meanwhile = g_strdup_printf ("%s: longest turn of the main loop meanwhile", what);
  bench_row_ratio (what, 1.2, pair);
  for (guint i = 0; i < (bench_is_once () ? 1 : 5); i++)
    bench_keep_least (&turn, time_turns (self));
  bench_row (meanwhile, "≤ 8 ms", bench_format_us (turn), turn <= 8000, bench_format_us (turn), "");
}

int
main (int argc, char **argv)
{
  Bench self = { 0 };
  sqlite3 *bare;

  bench_init (argc, argv);
  self.db = bench_open (bench_get_desk (), DESK_DB_READ);
  self.me = bench_desk_find_person (self.db, "administrator");
  desk_store_open_async (bench_get_desk (), FALSE, "administrator", NULL, NULL, opened_cb, &self);
  while (self.store == NULL)
    g_main_context_iteration (NULL, TRUE);
  bare = bench_bare_open (bench_get_desk (), FALSE);
  self.stmt = bench_bare_prepare (bare, desk_sql_get_info (DESK_SQL_KEYS_STATUS)->text);
  measure (&self, DESK_VIEW_OPEN, DESK_STATUS_OPEN, "open");
  measure (&self, DESK_VIEW_CLOSED, DESK_STATUS_CLOSED, "closed");
  sqlite3_finalize (self.stmt);
  sqlite3_close (bare);
  desk_store_close (self.store);
  g_object_unref (self.store);
  desk_person_unref (self.me);
  desk_db_close (self.db);
  return 0;
}
