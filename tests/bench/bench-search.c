/* SPDX-License-Identifier: GPL-3.0-or-later
 * Search as typed: how long the slowest of a hundred searches takes, for each kind of words.
 *
 * Words come from the desk itself: of the words of some hundred events each is looked up once, and
 * sorted by how many documents have it. An agent of two departments searches like an administrator
 * does, and a requester in their own tickets. The time is that of the thread, which has nothing to
 * wait for: the desk is in the system's memory. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "desk-search.h"

#define N_RESULTS 50
#define N_EVENTS  400
/* Each search once a round; the best of the rounds counts for it. */
#define N_ROUNDS 5

typedef enum
{
  KIND_LETTERS,
  KIND_RARE,
  KIND_ONE_PERCENT,
  KIND_HALF,
  KIND_TWO_COMMON,
  KIND_TYPED,
  N_KINDS,
} Kind;

static const char *const kind_names[N_KINDS] = {
  [KIND_LETTERS] = "two letters",         [KIND_RARE] = "a rare word",
  [KIND_ONE_PERCENT] = "a word of 1 %",   [KIND_HALF] = "a word of 50 %",
  [KIND_TWO_COMMON] = "two common words", [KIND_TYPED] = "two words, as they are typed",
};

typedef struct
{
  DeskDb *db;
  GPtrArray *searches[N_KINDS]; /* of char */
} Bench;

/* --- words --- */

static gint64
count_documents (sqlite3_stmt *count, const char *word)
{
  g_autofree char *match = g_strdup_printf ("\"%s\"", word);
  gint64 n;

  sqlite3_bind_text (count, 1, match, -1, SQLITE_TRANSIENT);
  n = sqlite3_step (count) == SQLITE_ROW ? sqlite3_column_int64 (count, 0) : 0;
  sqlite3_reset (count);
  return n;
}

static void
add_words (GHashTable *words, const char *text)
{
  g_auto (GStrv) parts = g_regex_split_simple ("[^A-Za-z0-9]+", text, 0, 0);

  for (guint i = 0; parts[i] != NULL; i++)
    if (strlen (parts[i]) >= 2)
      g_hash_table_add (words, g_ascii_strdown (parts[i], -1));
}

static GHashTable *
read_words (sqlite3 *db)
{
  GHashTable *words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *stmt = bench_bare_prepare (
      db, "SELECT text FROM event WHERE id = $1 AND public_no IS NOT NULL AND text IS NOT NULL");
  sqlite3_stmt *last = bench_bare_prepare (db, "SELECT max (id) FROM event");
  BenchRandom random = bench_random_of (1, 1);

  sqlite3_step (last);
  for (guint i = 0; i < (bench_is_once () ? 20 : N_EVENTS); i++)
    {
      sqlite3_bind_int64 (stmt, 1,
                          1 + bench_random_below (&random, (guint) sqlite3_column_int64 (last, 0)));
      if (sqlite3_step (stmt) == SQLITE_ROW)
        add_words (words, (const char *) sqlite3_column_text (stmt, 0));
      sqlite3_reset (stmt);
    }
  sqlite3_finalize (stmt);
  sqlite3_finalize (last);
  return words;
}

static void
add_search (Bench *self, Kind kind, const char *search)
{
  g_ptr_array_add (self->searches[kind], g_strdup (search));
}

static void
sort_word (Bench *self, const char *word, double share)
{
  g_autofree char *letters = g_strndup (word, 2);

  add_search (self, KIND_LETTERS, letters);
  if (share < 0.0005)
    add_search (self, KIND_RARE, word);
  else if (share > 0.005 && share < 0.02)
    add_search (self, KIND_ONE_PERCENT, word);
  else if (share > 0.3)
    add_search (self, KIND_HALF, word);
}

/* "the", "the a", "the ac", "the acc" … and so on. */
static void
add_typed (Bench *self, const char *first, const char *second)
{
  g_autofree char *whole = g_strdup_printf ("%s %s", first, second);

  for (gsize length = 1; length <= strlen (whole); length++)
    {
      g_autofree char *typed = g_strndup (whole, length);

      add_search (self, KIND_TYPED, typed);
    }
}

static void
pair_words (Bench *self)
{
  GPtrArray *half = self->searches[KIND_HALF];
  GPtrArray *percent = self->searches[KIND_ONE_PERCENT];
  GPtrArray *rare = self->searches[KIND_RARE];

  for (guint i = 0; i < half->len; i++)
    for (guint k = i + 1; k < half->len; k++)
      {
        g_autofree char *pair = g_strdup_printf ("%s %s", (char *) half->pdata[i],
                                                 (char *) half->pdata[k]);

        add_search (self, KIND_TWO_COMMON, pair);
      }
  for (guint i = 0; i < 10 && half->len > 0 && percent->len > 0 && rare->len > 0; i++)
    {
      add_typed (self, half->pdata[i % half->len], percent->pdata[i % percent->len]);
      add_typed (self, percent->pdata[i % percent->len], rare->pdata[i % rare->len]);
    }
}

static void
find_searches (Bench *self)
{
  sqlite3 *db = bench_bare_open (bench_get_desk (), FALSE);
  sqlite3_stmt *count = bench_bare_prepare (
      db, "SELECT count (*) FROM text_public WHERE text_public MATCH $1");
  sqlite3_stmt *all = bench_bare_prepare (db, "SELECT count (*) FROM text_public_docsize");
  g_autoptr (GHashTable) words = read_words (db);
  g_autoptr (GList) sorted = g_list_sort (g_hash_table_get_keys (words), (GCompareFunc) strcmp);

  for (Kind kind = 0; kind < N_KINDS; kind++)
    self->searches[kind] = g_ptr_array_new_with_free_func (g_free);
  sqlite3_step (all);
  for (GList *item = sorted; item != NULL; item = item->next)
    sort_word (self, item->data,
               (double) count_documents (count, item->data) /
                   (double) sqlite3_column_int64 (all, 0));
  pair_words (self);
  sqlite3_finalize (count);
  sqlite3_finalize (all);
  sqlite3_close (db);
}

/* --- searching --- */

/* All words are from events that everybody with a part in their ticket may read. */
static void
check_found (const DeskPerson *reader, Kind kind, GPtrArray *found)
{
  if (reader->role == DESK_ROLE_ADMINISTRATOR && kind != KIND_TWO_COMMON && kind != KIND_TYPED)
    g_assert_cmpuint (found->len, >, 0);
}

static double
time_search (Bench *self, const DeskPerson *reader, Kind kind, const char *words)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < (bench_is_once () ? 1 : N_ROUNDS); i++)
    {
      GError *error = NULL;
      double started = bench_thread_us ();
      GPtrArray *found = desk_search (self->db, reader, words, N_RESULTS, &error);

      bench_keep_least (&best, bench_thread_us () - started);
      bench_check (error);
      check_found (reader, kind, found);
      g_ptr_array_unref (found);
    }
  return best;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static double
percentile (GArray *times, double share)
{
  g_array_sort (times, compare_doubles);
  return g_array_index (times, double, MIN (times->len - 1, (guint) (times->len * share)));
}

static void
measure (Bench *self, Kind kind, const char *who, const DeskPerson *reader, gboolean details)
{
  GPtrArray *searches = self->searches[kind];
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *what = g_strdup_printf ("search by %s: %s", who, kind_names[kind]);
  double p99;

  for (guint i = 0; i < searches->len; i++)
    {
      double us = time_search (self, reader, kind, searches->pdata[i]);

      if (details && us > 10000)
        g_printerr ("%s: %s: %s\n", who, (char *) searches->pdata[i], bench_format_us (us));
      g_array_append_val (times, us);
    }
  if (times->len == 0)
    return;
  p99 = percentile (times, 0.99);
  bench_row (what, "p99 ≤ 10 ms", bench_format_us (p99), p99 <= 10000,
             bench_format_us (percentile (times, 0.5)), "");
}

int
main (int argc, char **argv)
{
  static const char *const logins[] = { "administrator", "agent-007", "requester-00042" };
  static const char *const who[] = { "an administrator", "an agent", "a requester" };
  Bench self = { 0 };

  bench_init (argc, argv);
  find_searches (&self);
  self.db = bench_open (bench_get_desk (), DESK_DB_READ);
  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      g_autoptr (DeskPerson) reader = bench_desk_find_person (self.db, logins[i]);

      for (Kind kind = 0; kind < N_KINDS; kind++)
        measure (&self, kind, who[i], reader, g_getenv ("DETAILS") != NULL);
    }
  for (Kind kind = 0; kind < N_KINDS; kind++)
    g_ptr_array_unref (self.searches[kind]);
  desk_db_close (self.db);
  return 0;
}
