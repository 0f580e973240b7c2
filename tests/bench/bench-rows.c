/* SPDX-License-Identifier: GPL-3.0-or-later
 * The first 50 rows of every view in every order, made as a reader thread makes them, against the
 * same statements in a bare loop that steps and reads columns.
 *
 * The bare loop knows the statements of each list and the reader's numbers by heart; where the
 * order is not that of an index it keeps the first 50 as well. The way to the thread and back is a
 * row of its own. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "desk-reader.h"
#include "desk-store.h"

#define N_ROWS 50
#define KEEP   1050

/* A range of an index that a view reads. */
typedef struct
{
  DeskSql sql;
  int n_values;
  gint64 values[3];
} Range;

typedef struct
{
  DeskDb *db;
  sqlite3 *bare;
  sqlite3_stmt *statements[DESK_N_SQL];
  const DeskPerson *person;
  DeskReader reader;

  /* the list */
  DeskView view;
  DeskSort sort;
  Range ranges[DESK_N_STATUSES];
  guint n_ranges;
  gboolean in_order;
  gint64 sum;          /* of what was read */
  gint64 found[2];     /* the sum of the ids, ours and the bare loop's */
} Bench;

/* --- ours --- */

static void
run_ours (gpointer data)
{
  Bench *self = data;
  GError *error = NULL;
  gint64 ids[N_ROWS];
  GArray *keys = desk_rows_keys (self->db, self->person, &self->view, self->sort, N_ROWS,
                                 bench_desk_get_now (), &error);
  GPtrArray *rows;

  bench_check (error);
  self->found[0] = 0;
  for (guint i = 0; i < keys->len; i++)
    self->found[0] += ids[i] = g_array_index (keys, DeskKey, i).id;
  rows = desk_rows_load (self->db, self->person, ids, keys->len, &error);
  bench_check (error);
  g_ptr_array_unref (rows);
  g_array_unref (keys);
}

/* --- the bare loop --- */

static sqlite3_stmt *
get_statement (Bench *self, DeskSql sql)
{
  if (self->statements[sql] == NULL)
    self->statements[sql] = bench_bare_prepare (self->bare, desk_sql_get_info (sql)->text);
  return self->statements[sql];
}

static gboolean
is_seen (const DeskReader *reader, gboolean unassigned, gboolean filed, const gint64 *values)
{
  if (filed)
    return TRUE;
  if (unassigned && values[6] != 0)
    return FALSE;
  return desk_reader_works_on (reader, values[5], values[6], values[7]);
}

static gint64
key_of (DeskSort sort, gboolean filed, const gint64 *values)
{
  switch (sort)
    {
    case DESK_SORT_RECENT:
      return -values[filed ? 1 : 0];
    case DESK_SORT_DUE:
      return values[2];
    case DESK_SORT_NUMBER:
      return -values[4];
    case DESK_SORT_PRIORITY:
      return (3 - values[3]) * (G_GINT64_CONSTANT (1) << 48) - values[filed ? 1 : 0];
    }
  g_assert_not_reached ();
}

static int
compare (const void *a, const void *b)
{
  const DeskKey *first = a, *second = b;

  if (first->key != second->key)
    return first->key < second->key ? -1 : 1;
  return (first->id > second->id) - (first->id < second->id);
}

/* Adds one range's keys to the @n that there are. */
static guint
read_range (Bench *self, const Range *range, DeskKey *keys, guint n)
{
  sqlite3_stmt *stmt = get_statement (self, range->sql);
  gboolean filed = self->view.kind == DESK_VIEW_FILED;
  gboolean unassigned = self->view.kind == DESK_VIEW_UNASSIGNED;
  guint taken = 0;
  gint64 last = G_MAXINT64;

  for (int i = 0; i < range->n_values; i++)
    sqlite3_bind_int64 (stmt, i + 1, range->values[i]);
  while ((!self->in_order || taken < N_ROWS) && sqlite3_step (stmt) == SQLITE_ROW)
    {
      gint64 values[8];
      DeskKey key;

      for (int i = 0; i < 8; i++)
        values[i] = sqlite3_column_int64 (stmt, i);
      key = (DeskKey){ key_of (self->sort, filed, values), values[4] };
      if (!is_seen (&self->reader, unassigned, filed, values) || key.key > last)
        continue;
      keys[n++] = key;
      taken++;
      if (n < KEEP)
        continue;
      qsort (keys, n, sizeof *keys, compare);
      n = N_ROWS;
      last = keys[n - 1].key;
    }
  sqlite3_reset (stmt);
  return n;
}

static void
read_rows (Bench *self, const DeskKey *keys, guint n)
{
  sqlite3_stmt *stmt = get_statement (self,
                                      self->reader.agent ? DESK_SQL_ROW : DESK_SQL_ROW_PUBLIC);

  self->found[1] = 0;
  for (guint i = 0; i < n; i++)
    {
      self->found[1] += keys[i].id;
      sqlite3_bind_int64 (stmt, 1, self->reader.id);
      sqlite3_bind_int64 (stmt, 2, keys[i].id);
      if (sqlite3_step (stmt) == SQLITE_ROW)
        self->sum += bench_bare_read_row (stmt);
      sqlite3_reset (stmt);
    }
}

static void
run_bare (gpointer data)
{
  Bench *self = data;
  DeskKey keys[KEEP];
  guint n = 0;

  for (guint i = 0; i < self->n_ranges; i++)
    n = read_range (self, &self->ranges[i], keys, n);
  qsort (keys, n, sizeof *keys, compare);
  bench_bare_execute (self->bare, "BEGIN");
  read_rows (self, keys, MIN (n, N_ROWS));
  bench_bare_execute (self->bare, "COMMIT");
}

/* --- lists --- */

static void
add_range (Bench *self, DeskSql sql, int n_values, gint64 first, gint64 second)
{
  self->ranges[self->n_ranges++] = (Range){ sql, n_values, { first, second, G_MAXINT64 } };
}

static void
add_status (Bench *self, DeskStatus status)
{
  if (status == DESK_STATUS_OPEN && self->sort == DESK_SORT_DUE)
    add_range (self, DESK_SQL_KEYS_OPEN_DUE, 0, 0, 0);
  else
    add_range (self, DESK_SQL_KEYS_STATUS, 2, status, G_MAXINT64);
}

static void
add_ranges (Bench *self)
{
  switch (self->view.kind)
    {
    case DESK_VIEW_MINE:
      add_range (self, DESK_SQL_KEYS_ASSIGNEE, 3, self->reader.id, DESK_STATUS_OPEN);
      add_range (self, DESK_SQL_KEYS_ASSIGNEE, 3, self->reader.id, DESK_STATUS_WAITING);
      break;
    case DESK_VIEW_UNASSIGNED:
    case DESK_VIEW_OPEN:
      add_status (self, DESK_STATUS_OPEN);
      break;
    case DESK_VIEW_OVERDUE:
      add_range (self, DESK_SQL_KEYS_OVERDUE, 1, bench_desk_get_now (), 0);
      break;
    case DESK_VIEW_WAITING:
      add_status (self, DESK_STATUS_WAITING);
      break;
    case DESK_VIEW_RESOLVED:
      add_status (self, DESK_STATUS_RESOLVED);
      break;
    case DESK_VIEW_CLOSED:
      add_status (self, DESK_STATUS_CLOSED);
      break;
    case DESK_VIEW_ALL:
      for (DeskStatus status = 0; status < DESK_N_STATUSES; status++)
        add_status (self, status);
      break;
    case DESK_VIEW_FILED:
      add_range (self, DESK_SQL_KEYS_REQUESTER, 2, self->reader.id, G_MAXINT64);
      break;
    case DESK_VIEW_DEPARTMENT:
      add_range (self, DESK_SQL_KEYS_DEPARTMENT, 3,
                 desk_db_get_entry_id (self->db, DESK_ENTRY_DEPARTMENT, self->view.department),
                 DESK_STATUS_OPEN);
      break;
    }
}

static gboolean
is_in_order (DeskViewKind kind, DeskSort sort)
{
  if (kind == DESK_VIEW_OVERDUE)
    return sort == DESK_SORT_DUE;
  return sort == DESK_SORT_RECENT ||
         (sort == DESK_SORT_DUE && (kind == DESK_VIEW_OPEN || kind == DESK_VIEW_UNASSIGNED));
}

/* Whoever is faster with another answer is not faster. */
static BenchPair
measure (Bench *self, DeskView view, DeskSort sort)
{
  BenchPair pair;

  self->view = view;
  self->sort = sort;
  self->n_ranges = 0;
  self->in_order = is_in_order (view.kind, sort);
  add_ranges (self);
  pair = bench_compare (run_ours, run_bare, self);
  g_assert_cmpint (self->found[0], ==, self->found[1]);
  return pair;
}

/* --- the table --- */

typedef struct
{
  BenchPair pair;
  char *name;
} Worst;

static void
keep_worst (Worst *worst, BenchPair pair, const char *view, DeskSort sort)
{
  if (worst->name != NULL &&
      pair.ours_us / pair.bare_us <= worst->pair.ours_us / worst->pair.bare_us)
    return;
  g_free (worst->name);
  worst->name = g_strdup_printf ("%s by %s", view, desk_enum_get_nick (DESK_TYPE_SORT, (int) sort));
  worst->pair = pair;
}

static void
tell_worst (const char *who, const char *what, Worst *worst)
{
  g_autofree char *text = g_strdup_printf ("first 50 rows by %s, %s; worst: %s", who, what,
                                           worst->name);

  bench_row_ratio (text, 1.3, worst->pair);
  g_clear_pointer (&worst->name, g_free);
}

/* @views end with DESK_VIEW_DEPARTMENT + 1. */
static void
measure_views (Bench *self, const char *who, const int *views)
{
  Worst worst[2] = { 0 };

  for (guint i = 0; views[i] <= DESK_VIEW_DEPARTMENT; i++)
    for (DeskSort sort = DESK_SORT_RECENT; sort <= DESK_SORT_PRIORITY; sort++)
      {
        DeskView view = views[i] == DESK_VIEW_DEPARTMENT ? desk_view_of_department ("cards")
                                                         : desk_view_of ((DeskViewKind) views[i]);
        g_autofree char *word = desk_view_dup_word (&view);
        BenchPair pair = measure (self, view, sort);

        keep_worst (&worst[!self->in_order], pair, word, sort);
        if (g_getenv ("DETAILS") != NULL)
          fprintf (stderr, "%s %s %s: %s, %s, %.2f\n", who, word,
                      desk_enum_get_nick (DESK_TYPE_SORT, (int) sort),
                      bench_format_us (pair.ours_us), bench_format_us (pair.bare_us),
                      pair.ours_us / pair.bare_us);
      }
  tell_worst (who, "in the order of an index", &worst[0]);
  tell_worst (who, "sorted", &worst[1]);
}

static void
measure_reader (Bench *self, const char *login, const char *who, const int *views)
{
  g_autoptr (DeskPerson) person = bench_desk_find_person (self->db, login);
  GError *error = NULL;

  self->person = person;
  desk_reader_open (self->db, person, &self->reader, &error);
  bench_check (error);
  measure_views (self, who, views);
  desk_reader_close (&self->reader);
}

/* --- the way to the thread and back --- */

typedef struct
{
  DeskStore *store;
  Bench *bench;
  gboolean done;
} Hop;

static void
count_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Hop *hop = user_data;
  GError *error = NULL;
  GPtrArray *rows = desk_store_rows_finish (hop->store, result, &error);

  bench_check (error);
  g_ptr_array_unref (rows);
  hop->done = TRUE;
}

static void
hop_once (gpointer data)
{
  Hop *hop = data;

  hop->done = FALSE;
  desk_store_rows_async (hop->store, NULL, 0, NULL, count_cb, hop);
  while (!hop->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Hop *hop = user_data;
  GError *error = NULL;

  hop->store = desk_store_open_finish (result, &error);
  bench_check (error);
}

static void
measure_hop (const char *path)
{
  Hop hop = { 0 };
  double us;

  desk_store_open_async (path, FALSE, "administrator", NULL, NULL, opened_cb, &hop);
  while (hop.store == NULL)
    g_main_context_iteration (NULL, TRUE);
  us = bench_time_best (hop_once, &hop);
  bench_row ("to a reader thread and back", "", bench_format_us (us), TRUE, bench_format_us (us),
             "");
  desk_store_close (hop.store);
  g_object_unref (hop.store);
}

int
main (int argc, char **argv)
{
  static const int agent_views[] = { DESK_VIEW_MINE,       DESK_VIEW_UNASSIGNED,
                                     DESK_VIEW_OPEN,       DESK_VIEW_OVERDUE,
                                     DESK_VIEW_WAITING,    DESK_VIEW_RESOLVED,
                                     DESK_VIEW_CLOSED,     DESK_VIEW_ALL,
                                     DESK_VIEW_DEPARTMENT, DESK_VIEW_DEPARTMENT + 1 };
  static const int requester_views[] = { DESK_VIEW_FILED, DESK_VIEW_DEPARTMENT + 1 };
  Bench self = { 0 };

  bench_init (argc, argv);
  self.db = bench_open (bench_get_desk (), DESK_DB_READ);
  self.bare = bench_bare_open (bench_get_desk (), FALSE);
  measure_reader (&self, "administrator", "an administrator", agent_views);
  measure_reader (&self, "agent-007", "an agent", agent_views);
  measure_reader (&self, "requester-00042", "a requester", requester_views);
  measure_hop (bench_get_desk ());
  for (guint i = 0; i < DESK_N_SQL; i++)
    sqlite3_finalize (self.statements[i]);
  sqlite3_close (self.bare);
  desk_db_close (self.db);
  return 0;
}
