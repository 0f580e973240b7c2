/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bringing an older desk file to the form of this program. */
#include "desk-migrate.h"

#include "desk-backup.h"
#include "desk-migrations.h"

/* In order; the first is number 1. Never edited after a release, only added to. */
static const char *const migrations[] = {
  "001-desk.sql",
  "002-server.sql",
  "003-replica.sql",
};

int
desk_migrate_get_newest (void)
{
  return G_N_ELEMENTS (migrations);
}

static gboolean
keep_copy (DeskDb *db, gint64 version, GError **error)
{
  g_autofree char *copy =
      g_strdup_printf ("%s.before-%d", desk_db_get_path (db), desk_migrate_get_newest ());

  if (version == 0 || g_file_test (copy, G_FILE_TEST_EXISTS))
    return TRUE;
  if (desk_backup_copy (db, copy, error))
    return TRUE;
  g_prefix_error (error, "%s",
                  DESK_N_ ("The desk is of an older version, and no copy of it could be kept: "));
  return FALSE;
}

static gboolean
migrate_step (DeskDb *db, int number, GError **error)
{
  g_autofree char *path = g_strconcat ("/org/deskbell/Deskbell/sql/", migrations[number - 1], NULL);
  g_autofree char *done = g_strdup_printf ("PRAGMA user_version = %d", number);
  g_autoptr (GBytes) sql = g_resource_lookup_data (desk_migrations_get_resource (), path,
                                                   G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  gint64 version = 0;

  if (sql == NULL || !desk_db_execute (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  /* Another process may have been faster. */
  if (desk_db_get_int (db, DESK_SQL_VERSION, &version, error, "") &&
      (version >= number || (desk_db_execute (db, g_bytes_get_data (sql, NULL), error) &&
                             desk_db_execute (db, done, error))) &&
      desk_db_execute (db, "COMMIT", error))
    return TRUE;
  desk_db_rollback (db);
  return FALSE;
}

gboolean
desk_migrate (DeskDb *db, GError **error)
{
  gint64 version;

  if (!desk_db_get_int (db, DESK_SQL_VERSION, &version, error, ""))
    return FALSE;
  if (version > desk_migrate_get_newest ())
    return desk_store_fail (error, DESK_STORE_ERROR_TOO_NEW,
                            "“%s” was written by a newer version of Deskbell; update this one",
                            desk_db_get_path (db));
  if (version == desk_migrate_get_newest ())
    return TRUE;
  if (!keep_copy (db, version, error))
    return FALSE;
  for (int number = version + 1; number <= desk_migrate_get_newest (); number++)
    if (!migrate_step (db, number, error))
      return FALSE;
  return TRUE;
}
