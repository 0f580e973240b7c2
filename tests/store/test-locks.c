/* SPDX-License-Identifier: GPL-3.0-or-later
 * Several connections and several processes on one desk file. */
#include "fixture.h"

#include <fcntl.h>
#include <unistd.h>

#define N_WRITERS 6
#define N_FILINGS 25

/* --- what another process does --- */

static int
open_and_close (const char *path)
{
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, NULL);

  return db != NULL ? 0 : 1;
}

static int
check_whole (const char *path)
{
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, NULL);

  if (db == NULL || fixture_count (db, "SELECT count (*) FROM ticket") != 3)
    return 1;
  fixture_check (db);
  return 0;
}

/* As somebody whom the desk may not know yet. */
static int
file_many (const char *path)
{
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, NULL);
  g_autoptr (DeskPerson) me = db != NULL ? desk_people_identify (db, "newcomer", NULL, NULL) : NULL;

  for (guint i = 0; me != NULL && i < N_FILINGS; i++)
    {
      g_autofree char *uid = desk_uid_new ();
      g_autofree char *ticket = desk_uid_new ();
      g_autoptr (DeskOp) op = desk_op_new (uid, ticket, DESK_KIND_CREATED, me->uid);
      g_autoptr (DeskReceipt) receipt = NULL;

      desk_op_change (op, DESK_FIELD_SUMMARY, "One of many");
      receipt = desk_submit (db, op, me, NOW, NULL);
      if (receipt == NULL)
        return 1;
    }
  return me != NULL ? 0 : 2;
}

static const FixtureChild children[] = {
  { "file-many", file_many },
  { "open-and-close", open_and_close },
  { "check-whole", check_whole },
  { NULL },
};

/* --- */

/* What a file chooser does to every file of the folder to find out what it is. */
static void
look_at (const char *path, const char *ending)
{
  g_autofree char *name = g_strconcat (path, ending, NULL);
  int fd = open (name, O_RDONLY | O_CLOEXEC);
  char start[64];

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (read (fd, start, sizeof start), >=, 0);
  close (fd);
}

static void
test_stray_close (void)
{
  static const char *const endings[] = { "", "-wal", "-shm" };
  FIXTURE (f);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      look_at (f.path, endings[i]);
      fixture_run_child ("open-and-close", f.path);
      fixture_file (&f, "karen", "The printer jams", -1);
    }
  fixture_run_child ("check-whole", f.path);
}

/* A second connection of the same process looks at the file before it opens it. */
static void
test_second_connection (void)
{
  FIXTURE (f);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (DeskDb) second = desk_db_open (f.path, DESK_DB_READ, NULL);

      g_assert_nonnull (second);
      g_clear_pointer (&second, desk_db_close);
      fixture_run_child ("open-and-close", f.path);
      fixture_file (&f, "karen", "The printer jams", -1);
    }
  fixture_run_child ("check-whole", f.path);
}

/* They write at the same time, and meet the same newcomer. */
static void
test_many_writers (void)
{
  GSubprocess *writers[N_WRITERS];
  GError *error = NULL;
  FIXTURE (f);

  for (guint i = 0; i < N_WRITERS; i++)
    writers[i] = fixture_spawn ("file-many", f.path);
  for (guint i = 0; i < N_WRITERS; i++)
    {
      g_subprocess_wait_check (writers[i], NULL, &error);
      g_assert_no_error (error);
      g_object_unref (writers[i]);
    }
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM ticket"), ==, N_WRITERS * N_FILINGS);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (DISTINCT requester) FROM ticket"), ==, 1);
  fixture_check (f.db);
}

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/locks/outlive-a-look-at-the-files", test_stray_close);
  g_test_add_func ("/locks/outlive-a-second-connection", test_second_connection);
  g_test_add_func ("/locks/many-writers", test_many_writers);
  return g_test_run ();
}
