/* SPDX-License-Identifier: GPL-3.0-or-later
 * Several connections and several processes on one desk file. */
#include "fixture.h"

#include <fcntl.h>
#include <unistd.h>

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

static const FixtureChild children[] = {
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

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/locks/outlive-a-look-at-the-files", test_stray_close);
  g_test_add_func ("/locks/outlive-a-second-connection", test_second_connection);
  return g_test_run ();
}
