/* SPDX-License-Identifier: GPL-3.0-or-later
 * Jobs that share a transaction: what one of them leaves half done is nobody's. */
#include "fixture.h"

#include "desk-worker.h"

/* --- jobs --- */

static GMutex gate;

/* What is pushed while the gate is shut runs in one group. */
static gpointer
wait_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_mutex_lock (&gate);
  g_mutex_unlock (&gate);
  return GINT_TO_POINTER (TRUE);
}

static gboolean
write_row (DeskDb *db, const char *name)
{
  g_autofree char *sql = g_strdup_printf ("INSERT INTO sequence VALUES ('%s', 1)", name);

  return desk_db_execute (db, sql, NULL);
}

static gpointer
whole_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_assert_true (write_row (db, data));
  return GINT_TO_POINTER (TRUE);
}

static gpointer
refused_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  desk_refuse (error, DESK_ERROR_NOT_ALLOWED, "No");
  return NULL;
}

/* A damaged page stops an op in the middle and leaves the transaction open, unlike a full disk. */
static gpointer
half_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_assert_true (write_row (db, data));
  g_assert_true (desk_db_in_transaction (db));
  return desk_store_fail (error, DESK_STORE_ERROR_DAMAGED, "Half of it") ? data : NULL;
}

/* What SQLite does of itself when the disk is full. */
static gpointer
lost_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  g_assert_true (write_row (db, data));
  g_assert_true (desk_db_execute (db, "ROLLBACK", NULL));
  return desk_store_fail (error, DESK_STORE_ERROR_FULL, "All of it") ? data : NULL;
}

/* --- the crew --- */

typedef struct
{
  const char *name; /* of the row it writes */
  DeskJobFunc func;
  gboolean fails;
  gboolean stays; /* its row */
} Member;

static void
take_result_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
push (DeskCrew *crew, const Member *member, GAsyncResult **result)
{
  GTask *task = g_task_new (NULL, NULL, take_result_cb, result);

  g_task_set_task_data (task, (gpointer) member->name, NULL);
  desk_crew_push (crew, task, member->func, NULL);
}

static void
run_group (Fixture *f, const Member *members, guint n)
{
  g_autofree char *epoch = desk_db_dup_epoch (f->db);
  g_autofree GAsyncResult **results = g_new0 (GAsyncResult *, n);
  DeskCrew *crew = desk_crew_new (DESK_CREW_GROUPED, f->path, epoch, 1);

  g_mutex_lock (&gate);
  for (guint i = 0; i < n; i++)
    push (crew, &members[i], &results[i]);
  g_mutex_unlock (&gate);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;

      while (results[i] == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_task_propagate_pointer (G_TASK (results[i]), &error);
      g_assert_cmpint (error != NULL, ==, members[i].fails);
      g_object_unref (results[i]);
    }
  desk_crew_free (crew, TRUE);
}

static void
assert_group (const Member *members, guint n)
{
  FIXTURE (f);

  run_group (&f, members, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM sequence WHERE name = '%s'",
                                              members[i].name);

      g_assert_cmpint (fixture_count (f.db, sql), ==, members[i].stays);
    }
}

static void
test_refusal (void)
{
  static const Member members[] = {
    { "gate", wait_job, FALSE, FALSE },
    { "first", whole_job, FALSE, TRUE },
    { "refused", refused_job, TRUE, FALSE },
    { "last", whole_job, FALSE, TRUE },
  };

  assert_group (members, G_N_ELEMENTS (members));
}

static void
test_half (void)
{
  static const Member members[] = {
    { "gate", wait_job, FALSE, FALSE },
    { "first", whole_job, FALSE, TRUE },
    { "half", half_job, TRUE, FALSE },
    { "last", whole_job, FALSE, TRUE },
  };

  assert_group (members, G_N_ELEMENTS (members));
}

static void
test_lost (void)
{
  static const Member members[] = {
    { "gate", wait_job, FALSE, FALSE },
    { "first", whole_job, FALSE, TRUE },
    { "lost", lost_job, TRUE, FALSE },
    { "last", whole_job, FALSE, TRUE },
  };

  assert_group (members, G_N_ELEMENTS (members));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/worker/refusal-leaves-the-group-alone", test_refusal);
  g_test_add_func ("/worker/half-a-job-is-nobodys", test_half);
  g_test_add_func ("/worker/lost-transaction", test_lost);
  return g_test_run ();
}
