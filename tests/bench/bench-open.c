/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening a ticket with 50 events, as an agent and as its requester, against its bare statements.
 */
#include "bench.h"

#include <string.h>

#include "desk-tickets.h"
#include "desk-uid.h"

typedef struct
{
  DeskDb *db;
  DeskPerson *reader;
  char *number;
  sqlite3 *bare;
  sqlite3_stmt *ticket, *events, *person, *seen;
  gint64 id;
  gint64 reader_id;
  guint8 people[2][DESK_UID_BYTES]; /* who wrote the events */
  gint64 sum;
  guint n_events;
} Bench;

static void
run_ours (gpointer data)
{
  Bench *self = data;
  GError *error = NULL;
  DeskCase *found = desk_tickets_load (self->db, self->reader, self->number, 0, &error);

  bench_check (error);
  self->n_events = found->events->len;
  desk_case_unref (found);
}

static void
read_all (Bench *self, sqlite3_stmt *stmt)
{
  while (sqlite3_step (stmt) == SQLITE_ROW)
    self->sum += bench_bare_read_row (stmt);
  sqlite3_reset (stmt);
}

static void
run_bare (gpointer data)
{
  Bench *self = data;

  bench_bare_execute (self->bare, "BEGIN");
  sqlite3_bind_text (self->ticket, 1, self->number, -1, SQLITE_STATIC);
  read_all (self, self->ticket);
  sqlite3_bind_int64 (self->events, 1, self->id);
  sqlite3_bind_int64 (self->events, 2, 0);
  read_all (self, self->events);
  for (guint i = 0; i < G_N_ELEMENTS (self->people); i++)
    {
      sqlite3_bind_blob (self->person, 1, self->people[i], DESK_UID_BYTES, SQLITE_STATIC);
      read_all (self, self->person);
    }
  sqlite3_bind_int64 (self->seen, 1, self->id);
  sqlite3_bind_int64 (self->seen, 2, self->reader_id);
  read_all (self, self->seen);
  bench_bare_execute (self->bare, "COMMIT");
}

/* The first of the few long tickets. */
static char *
find_requester (Bench *self)
{
  sqlite3_stmt *stmt = bench_bare_prepare (self->bare,
                                           "SELECT t.id, t.number, p.login, p.uid FROM ticket AS t"
                                           " JOIN person AS p ON p.id = t.requester"
                                           " WHERE t.no >= 50 ORDER BY t.id LIMIT 1");
  char *login;

  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  self->id = sqlite3_column_int64 (stmt, 0);
  self->number = g_strdup ((const char *) sqlite3_column_text (stmt, 1));
  login = g_strdup ((const char *) sqlite3_column_text (stmt, 2));
  memcpy (self->people[0], sqlite3_column_blob (stmt, 3), DESK_UID_BYTES);
  sqlite3_finalize (stmt);
  return login;
}

static void
find_agent (Bench *self)
{
  sqlite3_stmt *stmt = bench_bare_prepare (self->bare,
                                           "SELECT p.uid FROM event AS e JOIN person AS p ON p.id ="
                                           " e.author WHERE e.ticket = $1 AND p.role > 0 LIMIT 1");

  sqlite3_bind_int64 (stmt, 1, self->id);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  memcpy (self->people[1], sqlite3_column_blob (stmt, 0), DESK_UID_BYTES);
  sqlite3_finalize (stmt);
}

static void
measure (Bench *self, const char *login, const char *who)
{
  g_autofree char *what = NULL;
  GError *error = NULL;
  BenchPair pair;

  self->reader = bench_desk_find_person (self->db, login);
  desk_db_get_person_id (self->db, self->reader->uid, &self->reader_id, &error);
  bench_check (error);
  pair = bench_compare (run_ours, run_bare, self);
  g_assert_cmpuint (self->n_events, >=, BENCH_LONG_EVENTS * 3 / 4);
  what = g_strdup_printf ("opening a ticket with %u events as %s", self->n_events, who);
  bench_row_ratio (what, 2, pair);
  g_clear_pointer (&self->reader, desk_person_unref);
}

int
main (int argc, char **argv)
{
  g_autofree char *login = NULL;
  Bench self = { 0 };

  bench_init (argc, argv);
  self.db = bench_open (bench_get_desk (), DESK_DB_READ);
  self.bare = bench_bare_open (bench_get_desk (), FALSE);
  self.ticket = bench_bare_prepare (self.bare, desk_sql_get_info (DESK_SQL_TICKET_BY_NUMBER)->text);
  self.events = bench_bare_prepare (self.bare, desk_sql_get_info (DESK_SQL_EVENTS)->text);
  self.person = bench_bare_prepare (self.bare, desk_sql_get_info (DESK_SQL_PERSON_BY_UID)->text);
  self.seen = bench_bare_prepare (self.bare, desk_sql_get_info (DESK_SQL_SEEN)->text);
  login = find_requester (&self);
  find_agent (&self);
  measure (&self, "administrator", "an agent");
  measure (&self, login, "its requester");
  sqlite3_finalize (self.ticket);
  sqlite3_finalize (self.events);
  sqlite3_finalize (self.person);
  sqlite3_finalize (self.seen);
  sqlite3_close (self.bare);
  desk_db_close (self.db);
  g_free (self.number);
  return 0;
}
