/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ops per second through DeskStore, from 64 callers who each wait for their answer, durable.
 *
 * The bare loop writes the very rows that the store has written, with the same statements, indexes
 * and search text, and commits every 100 ops; it looks nothing up and decides nothing. Each side
 * works on a copy of the desk of its own, in turns; the best turn counts. */
#include "bench.h"

#include <string.h>

#include "bench-text.h"
#include "desk-documents.h"
#include "desk-store.h"
#include "desk-uid.h"

#define N_CALLERS      64
#define OPS_PER_COMMIT 100
#define N_TURNS        4
#define MAX_OPS_A_TURN 1600

static guint
ops_a_turn (void)
{
  return bench_is_once () ? 100 : MIN (MAX_OPS_A_TURN, bench_get_n_tickets () / 32);
}

/* --- the ops --- */

/* Tickets that nothing has been done to yet: each op has one of its own. */
typedef struct
{
  DeskDb *db;
  DeskPerson *me;
  GArray *keys;
  guint used;
} Supply;

static DeskCase *
next_case (Supply *self)
{
  gint64 id = g_array_index (self->keys, DeskKey, self->used++).id;
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = desk_rows_load (self->db, self->me, &id, 1, &error);
  const DeskRow *row;
  DeskCase *found;

  bench_check (error);
  row = rows->pdata[0];
  found = desk_tickets_load (self->db, self->me, row->uid, 0, &error);
  bench_check (error);
  return found;
}

static void
fill_new (DeskOp *op, BenchRandom *random, Supply *supply)
{
  g_autofree char *login = g_strdup_printf ("requester-%05u",
                                            bench_random_below (random, BENCH_N_REQUESTERS));
  g_autoptr (DeskPerson) requester = bench_desk_find_person (supply->db, login);
  g_autofree char *summary = bench_text_make (random, BENCH_TEXT_SUMMARY, 1);
  g_autofree char *text = bench_text_make (random, BENCH_TEXT_REPORT, 6);

  desk_op_change (op, DESK_FIELD_SUMMARY, summary);
  desk_op_change (op, DESK_FIELD_TOPIC, "cards-trouble");
  desk_op_change (op, DESK_FIELD_REQUESTER, requester->uid);
  desk_op_set_text (op, text);
}

static void
fill_resolution (DeskOp *op, BenchRandom *random)
{
  g_autofree char *what = bench_text_make (random, BENCH_TEXT_RESOLUTION, 2);
  g_autofree char *steps = bench_text_make (random, BENCH_TEXT_STEPS, 3);

  desk_op_change (op, DESK_FIELD_STATUS, "resolved");
  desk_op_change (op, DESK_FIELD_RESOLUTION, what);
  desk_op_change (op, DESK_FIELD_STEPS, steps);
}

/* Of ten ops four file a ticket, two answer, two note, two resolve. */
static DeskOp *
make_op (DeskStore *store, Supply *supply, guint i)
{
  static const DeskKind kinds[] = { DESK_KIND_CREATED, DESK_KIND_REPLY,   DESK_KIND_NOTE,
                                    DESK_KIND_CREATED, DESK_KIND_CHANGE,  DESK_KIND_CREATED,
                                    DESK_KIND_REPLY,   DESK_KIND_CREATED, DESK_KIND_NOTE,
                                    DESK_KIND_CHANGE };
  DeskKind kind = kinds[i % G_N_ELEMENTS (kinds)];
  g_autoptr (DeskCase) found = kind != DESK_KIND_CREATED ? next_case (supply) : NULL;
  DeskOp *op = desk_store_new_op (store, found != NULL ? found->ticket : NULL, kind);
  BenchRandom random = bench_random_of (i, 7);
  g_autofree char *text = NULL;

  if (kind == DESK_KIND_CREATED)
    fill_new (op, &random, supply);
  else if (kind == DESK_KIND_CHANGE)
    fill_resolution (op, &random);
  else
    text = bench_text_make (&random, kind == DESK_KIND_REPLY ? BENCH_TEXT_REPLY : BENCH_TEXT_NOTE,
                            3);
  if (text != NULL)
    desk_op_set_text (op, text);
  return op;
}

/* --- ours --- */

typedef struct
{
  DeskStore *store;
  GPtrArray *ops;
  guint next;
  guint answered;
} Turn;

static void send_next (Turn *self);

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Turn *self = user_data;
  GError *error = NULL;
  DeskReceipt *receipt = desk_store_submit_finish (DESK_STORE (object), result, &error);

  bench_check (error);
  desk_receipt_free (receipt);
  self->answered++;
  send_next (self);
}

static void
send_next (Turn *self)
{
  if (self->next < self->ops->len)
    desk_store_submit_async (self->store, self->ops->pdata[self->next++], NULL, answered_cb, self);
}

static double
run_ours (DeskStore *store, GPtrArray *ops)
{
  Turn turn = { .store = store, .ops = ops };
  double started = bench_now_us ();

  for (guint i = 0; i < N_CALLERS; i++)
    send_next (&turn);
  while (turn.answered < ops->len)
    g_main_context_iteration (NULL, TRUE);
  return (bench_now_us () - started) / ops->len;
}

/* --- the bare loop --- */

#define EVENT_COLUMNS                                                                              \
  "uid, ticket, no, public_no, kind, text, changes, target, author, device, via, cause, digest,"   \
  " at, accepted_at, redacted"
#define TICKET_COLUMNS                                                                             \
  "number, summary, requester, topic, status, department, team, assignee, priority, sla, due_at,"  \
  " target_secs, spent_secs, running_since, resolution, steps, recommendations, resolved_at,"      \
  " closed_at, no, public_no, created_at, updated_at, public_at, tx, public_tx, last_event,"       \
  " public_last_event, attachments, id, uid"

/* The values of a row, as they are stored. */
typedef struct
{
  sqlite3_value *values[32];
  int n;
} Row;

/* What the store wrote for one event, or for the ticket of an op. */
typedef struct
{
  Row event;
  gint64 id;
  gboolean is_public;
  char *words;
  Row ticket; /* n 0: the op has another event */
  gboolean is_new;
  gint64 tally[2][4]; /* department, team, assignee, status: before and after */
  gint64 author;
} Write;

static void
clear_row (Row *row)
{
  for (int i = 0; i < row->n; i++)
    sqlite3_value_free (row->values[i]);
}

static void
free_write (Write *write)
{
  clear_row (&write->event);
  clear_row (&write->ticket);
  g_free (write->words);
  g_free (write);
}

static Row
read_row (sqlite3_stmt *stmt, int first)
{
  Row row = { .n = sqlite3_column_count (stmt) - first };

  for (int i = 0; i < row.n; i++)
    row.values[i] = sqlite3_value_dup (sqlite3_column_value (stmt, first + i));
  return row;
}

static Row
read_one (sqlite3 *db, const char *sql, gint64 id)
{
  sqlite3_stmt *stmt = bench_bare_prepare (db, sql);
  Row row = { 0 };

  sqlite3_bind_int64 (stmt, 1, id);
  if (sqlite3_step (stmt) == SQLITE_ROW)
    row = read_row (stmt, 0);
  sqlite3_finalize (stmt);
  return row;
}

static void
read_tally_key (sqlite3 *db, gint64 ticket, gint64 key[4])
{
  Row row = read_one (db,
                      "SELECT department, coalesce (team, 0), coalesce (assignee, 0), status"
                      " FROM ticket WHERE id = $1",
                      ticket);

  for (int i = 0; i < row.n; i++)
    key[i] = sqlite3_value_int64 (row.values[i]);
  clear_row (&row);
}

/* The words are not stored: they are made from the event once more. */
static void
make_words (DeskDb *db, Write *write, gint64 ticket)
{
  GError *error = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find_id (db, ticket, &error);
  g_autofree char *uid = desk_uid_from_bytes (sqlite3_value_blob (write->event.values[0]));
  g_autoptr (GPtrArray) events = NULL;

  bench_check (error);
  events = desk_fold_read_events (db, fold, 0, &error);
  bench_check (error);
  for (guint i = 0; i < events->len; i++)
    if (g_str_equal (((DeskEvent *) events->pdata[i])->uid, uid))
      write->words = desk_document_make (fold->ticket->summary, fold->requester_id,
                                         events->pdata[i]);
}

/* The event's ticket goes with its last event. */
static void
read_ticket (sqlite3 *db, sqlite3 *before, Write *write, gint64 ticket)
{
  gint64 no;

  write->ticket = read_one (db, "SELECT " TICKET_COLUMNS " FROM ticket WHERE id = $1", ticket);
  no = sqlite3_value_int64 (write->ticket.values[19]);
  if (no != sqlite3_value_int64 (write->event.values[2]))
    {
      clear_row (&write->ticket);
      write->ticket.n = 0;
      return;
    }
  read_tally_key (db, ticket, write->tally[1]);
  read_tally_key (before, ticket, write->tally[0]);
  write->is_new = write->tally[0][0] == 0;
}

/* Everything after event @last in the desk of @db, which the desk of @before has not yet. */
static GPtrArray *
read_writes (DeskDb *desk_db, sqlite3 *before, gint64 last)
{
  sqlite3 *db = desk_db_get_handle (desk_db);
  GPtrArray *writes = g_ptr_array_new_with_free_func ((GDestroyNotify) free_write);
  sqlite3_stmt *stmt = bench_bare_prepare (db, "SELECT id, " EVENT_COLUMNS
                                               " FROM event WHERE id > $1 ORDER BY id");

  sqlite3_bind_int64 (stmt, 1, last);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      Write *write = g_new0 (Write, 1);
      gint64 ticket;

      write->id = sqlite3_column_int64 (stmt, 0);
      write->event = read_row (stmt, 1);
      write->is_public = sqlite3_value_type (write->event.values[3]) != SQLITE_NULL;
      write->author = sqlite3_value_int64 (write->event.values[8]);
      ticket = sqlite3_value_int64 (write->event.values[1]);
      make_words (desk_db, write, ticket);
      read_ticket (db, before, write, ticket);
      g_ptr_array_add (writes, write);
    }
  sqlite3_finalize (stmt);
  return writes;
}

typedef struct
{
  sqlite3 *db;
  sqlite3_stmt *event, *ticket_insert, *ticket_update, *text_public, *text_internal, *tally, *seen;
  sqlite3_stmt *tx, *sequence;
} Bare;

static sqlite3_stmt *
prepare (Bare *self, DeskSql sql)
{
  return bench_bare_prepare (self->db, desk_sql_get_info (sql)->text);
}

static void
open_bare (Bare *self, const char *path)
{
  self->db = bench_bare_open (path, TRUE);
  self->event = prepare (self, DESK_SQL_EVENT_INSERT);
  self->ticket_insert = prepare (self, DESK_SQL_TICKET_INSERT);
  self->ticket_update = prepare (self, DESK_SQL_TICKET_UPDATE);
  self->text_public = prepare (self, DESK_SQL_TEXT_PUBLIC_INSERT);
  self->text_internal = prepare (self, DESK_SQL_TEXT_INTERNAL_INSERT);
  self->tally = prepare (self, DESK_SQL_TALLY_ADD);
  self->seen = prepare (self, DESK_SQL_SEEN_SAVE);
  self->tx = bench_bare_prepare (self->db, "UPDATE desk SET tx = tx + $1 WHERE id = 1");
  self->sequence = bench_bare_prepare (self->db,
                                       "UPDATE sequence SET last = last + 1 WHERE name = ''");
}

static void
close_bare (Bare *self)
{
  /* Not by sqlite3_next_stmt(): the search index has statements of its own. */
  sqlite3_stmt *statements[] = { self->event,         self->ticket_insert,
                                 self->ticket_update, self->text_public,
                                 self->text_internal, self->tally,
                                 self->seen,          self->tx,
                                 self->sequence };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    sqlite3_finalize (statements[i]);
  sqlite3_close (self->db);
}

static void
write_row (sqlite3_stmt *stmt, const Row *row)
{
  for (int i = 0; i < row->n; i++)
    sqlite3_bind_value (stmt, i + 1, row->values[i]);
  bench_bare_finish (stmt);
}

static void
write_numbers (sqlite3_stmt *stmt, const gint64 *numbers, int n, gint64 last)
{
  for (int i = 0; i < n; i++)
    sqlite3_bind_int64 (stmt, i + 1, numbers[i]);
  sqlite3_bind_int64 (stmt, n + 1, last);
  bench_bare_finish (stmt);
}

static void
write_words (Bare *self, const Write *write)
{
  sqlite3_stmt *stmt = write->is_public ? self->text_public : self->text_internal;

  if (write->words == NULL)
    return;
  sqlite3_bind_int64 (stmt, 1, write->id);
  sqlite3_bind_text (stmt, 2, write->words, -1, SQLITE_STATIC);
  bench_bare_finish (stmt);
}

static void
write_ticket (Bare *self, const Write *write)
{
  gint64 seen[] = { sqlite3_value_int64 (write->ticket.values[29]), write->author };
  gboolean moved = memcmp (write->tally[0], write->tally[1], sizeof write->tally[0]) != 0;

  if (write->is_new)
    bench_bare_finish (self->sequence);
  write_row (write->is_new ? self->ticket_insert : self->ticket_update, &write->ticket);
  if (moved && !write->is_new)
    write_numbers (self->tally, write->tally[0], 4, -1);
  if (moved)
    write_numbers (self->tally, write->tally[1], 4, 1);
  write_numbers (self->seen, seen, 2, sqlite3_value_int64 (write->event.values[2]));
}

static void
commit_bare (Bare *self, guint n_ops)
{
  sqlite3_bind_int64 (self->tx, 1, n_ops);
  bench_bare_finish (self->tx);
  bench_bare_execute (self->db, "COMMIT");
}

static double
run_bare (Bare *self, GPtrArray *writes, guint n_ops)
{
  double started = bench_now_us ();
  guint done = 0;

  bench_bare_execute (self->db, "BEGIN IMMEDIATE");
  for (guint i = 0; i < writes->len; i++)
    {
      const Write *write = writes->pdata[i];

      write_row (self->event, &write->event);
      write_words (self, write);
      if (write->ticket.n == 0)
        continue;
      write_ticket (self, write);
      if (++done % OPS_PER_COMMIT != 0)
        continue;
      commit_bare (self, OPS_PER_COMMIT);
      bench_bare_execute (self->db, "BEGIN IMMEDIATE");
    }
  commit_bare (self, done % OPS_PER_COMMIT);
  return (bench_now_us () - started) / n_ops;
}

/* --- turns --- */

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

  desk_store_open_async (path, FALSE, "administrator", NULL, NULL, opened_cb, &store);
  while (store == NULL)
    g_main_context_iteration (NULL, TRUE);
  return store;
}

static gint64
last_event (sqlite3 *db)
{
  Row row = read_one (db, "SELECT max (id) FROM event WHERE id > $1", 0);
  gint64 id = sqlite3_value_int64 (row.values[0]);

  clear_row (&row);
  return id;
}

static void
take_turn (guint turn, DeskStore *store, Supply *supply, Bare *bare, BenchPair *best)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  g_autoptr (GPtrArray) writes = NULL;
  gint64 last = last_event (bare->db);

  for (guint i = 0; i < ops_a_turn (); i++)
    g_ptr_array_add (ops, make_op (store, supply, turn * ops_a_turn () + i));
  bench_keep_least (&best->ours_us, run_ours (store, ops));
  writes = read_writes (supply->db, bare->db, last);
  bench_keep_least (&best->bare_us, run_bare (bare, writes, ops->len));
  g_assert_cmpuint (writes->len, >=, ops->len);
  g_assert_cmpint (last_event (bare->db), ==, last_event (desk_db_get_handle (supply->db)));
}

static void
tell (BenchPair best)
{
  g_autofree char *figure = g_strdup_printf ("%.2f", best.bare_us / best.ours_us);
  g_autofree char *ours = g_strdup_printf ("%.0f/s", 1e6 / best.ours_us);
  g_autofree char *bare = g_strdup_printf ("%.0f/s", 1e6 / best.bare_us);

  bench_row ("accepting ops, 64 callers, durable", "≥ 0.6", figure,
             best.bare_us / best.ours_us >= 0.6, ours, bare);
}

int
main (int argc, char **argv)
{
  BenchPair best = { G_MAXDOUBLE, G_MAXDOUBLE };
  DeskView open_view = desk_view_of (DESK_VIEW_OPEN);
  char *ours_path, *bare_path;
  GError *error = NULL;
  Supply supply = { 0 };
  DeskStore *store;
  Bare bare;

  bench_init (argc, argv);
  ours_path = bench_copy_desk ();
  bare_path = bench_copy_desk ();
  store = open_store (ours_path);
  open_bare (&bare, bare_path);
  supply.db = bench_open (ours_path, DESK_DB_READ);
  supply.me = desk_person_copy (desk_store_get_me (store));
  supply.keys = desk_rows_keys (supply.db, supply.me, &open_view, DESK_SORT_NUMBER, 0,
                                bench_desk_get_now (), &error);
  bench_check (error);
  for (guint i = 0; i < (bench_is_once () ? 1 : N_TURNS); i++)
    take_turn (i, store, &supply, &bare, &best);
  tell (best);
  desk_store_close (store);
  g_object_unref (store);
  desk_db_close (supply.db);
  desk_person_unref (supply.me);
  g_array_unref (supply.keys);
  close_bare (&bare);
  bench_remove_copy (ours_path);
  bench_remove_copy (bare_path);
  return 0;
}
