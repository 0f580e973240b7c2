/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words to search for: there is no syntax to get wrong, so nothing may fail. */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "desk-people.h"
#include "desk-search.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* One desk for all inputs; it lives as long as the program. */
static DeskDb *db;
static char *folder;
static DeskPerson *readers[2];

static void
remove_desk (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_clear_pointer (&db, desk_db_close);
  g_clear_pointer (&readers[0], desk_person_unref);
  g_clear_pointer (&readers[1], desk_person_unref);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

static void
open_desk (void)
{
  g_autofree char *path = NULL;
  GError *error = NULL;

  folder = g_dir_make_tmp ("deskbell-fuzz-XXXXXX", NULL);
  path = g_build_filename (folder, "fuzz.desk", NULL);
  atexit (remove_desk);
  db = desk_db_open (path, DESK_DB_CREATE, &error);
  g_assert_no_error (error);
  desk_people_add_first (db, "ada", "Ada", 1, &error);
  g_assert_no_error (error);
  readers[0] = desk_people_find_login (db, "ada", &error);
  readers[1] = desk_people_identify (db, "karen", "Karen", &error);
  g_assert_no_error (error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *words = g_strndup ((const char *) data, size);

  if (db == NULL)
    open_desk ();
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) rows = desk_search (db, readers[i], words, 10, &error);

      g_assert_no_error (error);
      g_assert_nonnull (rows);
    }
  return 0;
}
