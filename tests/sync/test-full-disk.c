/* SPDX-License-Identifier: GPL-3.0-or-later
 * A disk that fills up under a replica: nothing of what did not fit is there, and everything is
 * once there is room. */
#include "copy.h"
#include "fixture.h"

#include <string.h>

#include "desk-feed.h"
#include "desk-people.h"
#include "served.h"
#include "shaky-disk.h"

#define N_TICKETS 60

static void
furnish (Fixture *f)
{
  g_autofree char *words = g_strnfill (20000, 'x');
  g_autoptr (GBytes) key = g_bytes_new_static ("k", 1);
  GError *error = NULL;
  g_autoptr (GBytes) kept = desk_feed_start (f->db, key, f->now, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < N_TICKETS; i++)
    fixture_do (f, DESK_KIND_MESSAGE, "karen", fixture_file (f, "karen", "A ticket", -1), words,
                -1);
}

/* Asks and takes in once; FALSE: the disk was full. */
static gboolean
pull_once (Copy *copy, Fixture *f)
{
  GError *error = NULL;
  g_autoptr (CopyAsk) ask = copy_ask (copy, COPY_PULL, &error);
  g_autofree char *answer = NULL;

  g_assert_no_error (error);
  answer = served_answer (f->db, copy->reader, ask->request, f->now, &error);
  g_assert_no_error (error);
  if (copy_take (copy, ask, answer, f->now, &error))
    return TRUE;
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_FULL);
  g_error_free (error);
  return FALSE;
}

static void
assert_same (Copy *copy, Fixture *f)
{
  g_autofree char *difference = copy_compare (copy, f->db, f->now);

  if (difference != NULL)
    g_error ("%s", difference);
}

/* A little more room each time, so that it fills up at many places of a page. */
static void
test_pages (void)
{
  FIXTURE (f);
  g_auto (Copy) karen = { 0 };
  guint n_full = 0;

  furnish (&f);
  shaky_disk_install ();
  copy_create (&karen, fixture_path (&f, "karen.desk"), f.db, fixture_uid (&f, "karen"));
  for (gint64 room = 4096; n_full < 400; room += 40000)
    {
      gint64 before = fixture_count (karen.db, "SELECT heard FROM replica");
      gint64 tickets = fixture_count (karen.db, "SELECT count (*) FROM ticket");

      shaky_disk_set_quota (shaky_disk_get_used () + room);
      if (pull_once (&karen, &f))
        break;
      n_full++;
      g_assert_cmpint (fixture_count (karen.db, "SELECT heard FROM replica"), ==, before);
      g_assert_cmpint (fixture_count (karen.db, "SELECT count (*) FROM ticket"), ==, tickets);
    }
  g_assert_cmpuint (n_full, >, 3);
  shaky_disk_set_quota (0);
  copy_sync (&karen, f.db, f.now);
  assert_same (&karen, &f);
  copy_close (&karen);
  shaky_disk_flush ();
  shaky_disk_remove ();
  shaky_disk_reset ();
}

static DeskOp *
new_op (Fixture *f)
{
  g_autofree char *words = g_strnfill (20000, 'x');
  DeskOp *op = fixture_op (f, DESK_KIND_CREATED, "karen", NULL);

  desk_op_change (op, DESK_FIELD_SUMMARY, "No room");
  desk_op_set_text (op, words);
  return op;
}

/* Whoever writes is told at once, and has it still. */
static void
test_ops (void)
{
  FIXTURE (f);
  g_auto (Copy) karen = { 0 };
  g_autoptr (DeskPerson) me = NULL;
  g_autoptr (DeskOp) op = NULL;
  GError *error = NULL;
  gint64 n_kept = 0;

  furnish (&f);
  shaky_disk_install ();
  copy_create (&karen, fixture_path (&f, "karen.desk"), f.db, fixture_uid (&f, "karen"));
  copy_sync (&karen, f.db, f.now);
  me = desk_people_find_uid (karen.db, karen.reader, NULL);
  shaky_disk_set_quota (shaky_disk_get_used ());
  for (; error == NULL && n_kept < 2000; n_kept++)
    {
      g_clear_pointer (&op, desk_op_unref);
      op = new_op (&f);
      desk_receipt_free (desk_submit (karen.db, op, me, f.now, &error));
    }
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_FULL);
  g_clear_error (&error);
  g_assert_cmpint (fixture_count (karen.db, "SELECT count (*) FROM outbox"), ==, n_kept - 1);
  shaky_disk_set_quota (0);
  desk_receipt_free (desk_submit (karen.db, op, me, f.now, &error));
  g_assert_no_error (error);
  copy_sync (&karen, f.db, f.now);
  assert_same (&karen, &f);
  copy_close (&karen);
  shaky_disk_flush ();
  shaky_disk_remove ();
  shaky_disk_reset ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/full-disk/pages", test_pages);
  g_test_add_func ("/full-disk/ops", test_ops);
  return g_test_run ();
}
