/* SPDX-License-Identifier: GPL-3.0-or-later
 * Connections whose read transactions outlive a use: they show every commit, and are in nobody's
 * way. */
#include "desk-lease.h"
#include "fixture.h"

#define N_READERS 4
#define N_FILINGS 200

static DeskLease *
open_lease (Fixture *f)
{
  GError *error = NULL;
  DeskLease *lease = desk_lease_new (f->path, &error);

  g_assert_no_error (error);
  return lease;
}

static DeskDb *
take (DeskLease *lease)
{
  GError *error = NULL;
  DeskDb *db = desk_lease_take (lease, &error);

  g_assert_no_error (error);
  g_assert_true (desk_db_in_transaction (db));
  return db;
}

static gint64
count (DeskDb *db)
{
  return fixture_count (db, "SELECT count (*) FROM ticket");
}

static void
test_news (void)
{
  FIXTURE (f);
  DeskLease *lease = open_lease (&f);

  for (gint64 i = 1; i <= 3; i++)
    {
      fixture_file (&f, "karen", "One more", -1);
      g_assert_cmpint (count (take (lease)), ==, i);
      desk_lease_give_back (lease);
      g_assert_cmpint (count (take (lease)), ==, i);
      desk_lease_give_back (lease);
    }
  desk_lease_free (lease);
}

static void
test_one_state (void)
{
  FIXTURE (f);
  DeskLease *lease = open_lease (&f);
  DeskDb *db = take (lease);

  g_assert_cmpint (count (db), ==, 0);
  fixture_file (&f, "karen", "Meanwhile", -1);
  desk_leases_end ();
  g_assert_cmpint (count (db), ==, 0);
  g_assert_cmpint (count (take (lease)), ==, 1);
  desk_lease_free (lease);
}

/* The catalogue is a part of what is shown. */
static void
test_catalogue (void)
{
  FIXTURE (f);
  DeskLease *lease = open_lease (&f);

  g_assert_nonnull (desk_catalogue_find_agent (desk_db_get_catalogue (take (lease), NULL),
                                               fixture_uid (&f, "john")));
  desk_lease_give_back (lease);
  fixture_change_person (&f, "john", DESK_ROLE_REQUESTER, "", "", FALSE);
  g_assert_null (desk_catalogue_find_agent (desk_db_get_catalogue (take (lease), NULL),
                                            fixture_uid (&f, "john")));
  desk_lease_free (lease);
}

static void
test_log (void)
{
  FIXTURE (f);
  DeskLease *idle = open_lease (&f);
  DeskLease *busy = open_lease (&f);

  take (idle);
  desk_lease_give_back (idle);
  fixture_file (&f, "karen", "Into the log", -1);
  g_assert_true (desk_db_settle (f.db));

  take (idle);
  desk_lease_give_back (idle);
  take (busy);
  fixture_file (&f, "karen", "Into the log, too", -1);
  g_assert_false (desk_db_settle (f.db));
  desk_lease_give_back (busy);
  desk_leases_end ();
  g_assert_true (desk_db_settle (f.db));
  desk_lease_free (idle);
  desk_lease_free (busy);
}

/* --- many threads --- */

typedef struct
{
  Fixture *fixture;
  gint n_filed; /* atomic: answered */
  gint is_over; /* atomic */
} Race;

static gpointer
read_all_the_time (gpointer data)
{
  Race *race = data;
  DeskLease *lease = open_lease (race->fixture);

  while (!g_atomic_int_get (&race->is_over))
    {
      gint n_filed = g_atomic_int_get (&race->n_filed);

      g_assert_cmpint (count (take (lease)), >=, n_filed);
      desk_lease_give_back (lease);
    }
  desk_lease_free (lease);
  return NULL;
}

static void
test_race (void)
{
  GThread *readers[N_READERS];
  FIXTURE (f);
  Race race = { .fixture = &f };

  for (guint i = 0; i < N_READERS; i++)
    readers[i] = g_thread_new ("reader", read_all_the_time, &race);
  for (guint i = 0; i < N_FILINGS; i++)
    {
      fixture_file (&f, "karen", "One of many", -1);
      g_atomic_int_inc (&race.n_filed);
    }
  g_atomic_int_set (&race.is_over, TRUE);
  for (guint i = 0; i < N_READERS; i++)
    g_thread_join (readers[i]);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/lease/shows-every-commit", test_news);
  g_test_add_func ("/lease/is-one-state-while-taken", test_one_state);
  g_test_add_func ("/lease/shows-the-catalogue-of-now", test_catalogue);
  g_test_add_func ("/lease/lets-the-log-be-emptied", test_log);
  g_test_add_func ("/lease/never-behind-an-answer", test_race);
  return g_test_run ();
}
