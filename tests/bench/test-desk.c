/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desk that benchmarks work on is a good one: what they measure is what a desk would do. */
#include "bench-desk.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "bench-text.h"
#include "desk-check.h"
#include "desk-people.h"
#include "desk-submit.h"
#include "desk-uid.h"

#define N_TICKETS 10000

static void
report_cb (const char *problem, gpointer user_data)
{
  g_test_message ("%s", problem);
}

static DeskDb *
open_desk (void)
{
  g_autofree char *path = bench_desk_get (N_TICKETS);
  GError *error = NULL;
  DeskDb *db = desk_db_open (path, DESK_DB_READ, &error);

  g_assert_no_error (error);
  return db;
}

static gint64
ask (DeskDb *db, const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  gint64 value;

  g_assert_cmpint (sqlite3_prepare_v2 (desk_db_get_handle (db), sql, -1, &stmt, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  value = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  return value;
}

/* Every ticket folded again, every word looked up. */
static void
test_check (void)
{
  g_autoptr (DeskDb) db = open_desk ();
  GError *error = NULL;
  gint64 problems = desk_check (db, report_cb, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (problems, ==, 0);
}

static void
test_shares (void)
{
  g_autoptr (DeskDb) db = open_desk ();

  g_assert_cmpint (ask (db, "SELECT count (*) FROM ticket"), ==, N_TICKETS);
  g_assert_cmpint (ABS (ask (db, "SELECT count (*) FROM event") - 3 * N_TICKETS), <,
                   N_TICKETS / 10);
  g_assert_cmpint (ABS (ask (db, "SELECT count (*) FROM ticket WHERE status = 3") - 8000), <, 200);
  g_assert_cmpint (ABS (ask (db, "SELECT count (*) FROM ticket WHERE status = 0") - 1000), <, 200);
  g_assert_cmpint (ask (db, "SELECT count (*) FROM ticket WHERE no >= 50"), >, 0);
  g_assert_cmpint (ask (db, "SELECT count (DISTINCT department) FROM ticket"), ==,
                   BENCH_N_DEPARTMENTS);
}

/* --- what makes groups fast --- */

static void
submit_note (DeskDb *db, const DeskPerson *author, const char *ticket, guint i)
{
  g_autofree char *uid = desk_uid_new ();
  g_autoptr (DeskOp) op = desk_op_new (uid, ticket, DESK_KIND_MESSAGE, author->uid);
  g_autofree char *text = g_strdup_printf ("message number %u", i);
  g_autoptr (DeskReceipt) receipt = NULL;
  GError *error = NULL;

  desk_op_set_text (op, text);
  receipt = desk_submit_in (db, op, author, bench_desk_get_now (), &error);
  g_assert_no_error (error);
}

static char *
submit_ticket (DeskDb *db, const DeskPerson *author)
{
  g_autofree char *uid = desk_uid_new ();
  char *ticket = desk_uid_new ();
  g_autoptr (DeskOp) op = desk_op_new (uid, ticket, DESK_KIND_CREATED, author->uid);
  g_autoptr (DeskReceipt) receipt = NULL;
  GError *error = NULL;

  desk_op_change (op, DESK_FIELD_SUMMARY, "A ticket");
  receipt = desk_submit_in (db, op, author, bench_desk_get_now (), &error);
  g_assert_no_error (error);
  return ticket;
}

static void
remove_desk (const char *path)
{
  static const char *const ends[] = { "", "-stamp" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *file = g_strconcat (path, ends[i], NULL);

      g_unlink (file);
    }
}

/* A statement journal anywhere on the way of an op would make the index write a segment for each of
 * them, and merge it. */
static void
test_group_is_one_segment (void)
{
  GError *error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("deskbell-bench.XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "group.desk", NULL);
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_CREATE, &error);
  g_autoptr (DeskPerson) author = NULL;

  g_assert_no_error (error);
  g_assert_true (desk_people_add_first (db, "admin", NULL, 1, &error));
  author = desk_people_find_login (db, "admin", &error);
  g_assert_true (desk_db_begin (db, &error));
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *ticket = submit_ticket (db, author);

      submit_note (db, author, ticket, i);
    }
  g_assert_true (desk_db_commit (db, &error));
  g_assert_cmpint (ask (db, "SELECT count (DISTINCT segid) FROM text_public_idx"), ==, 1);
  g_clear_pointer (&db, desk_db_close);
  remove_desk (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bench/desk-passes-its-check", test_check);
  g_test_add_func ("/bench/desk-has-its-shares", test_shares);
  g_test_add_func ("/bench/group-of-ops-is-one-segment", test_group_is_one_segment);
  return g_test_run ();
}
