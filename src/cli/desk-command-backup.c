/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl backup and restore: a copy of the desk, and the desk as it was in one. */
#include "desk-cli.h"

#include "desk-backup.h"
#include "desk-output.h"
#include "desk-permission.h"

static void
tell_path_as_json (const char *path)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "path", path);
  json_node_take_object (node, object);
  desk_print_json (node);
}

/* Whoever may read the file may copy it: nobody is asked for a role. */
static gboolean
exec_backup (DeskCli *cli, GError **error)
{
  const char *path = desk_arguments_get_word (cli->arguments, 0);
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *plain = desk_plain_line (name);

  if (!desk_cli_open (cli, DESK_DB_READ, error) || !desk_backup_copy (cli->db, path, error))
    return FALSE;
  if (cli->json)
    tell_path_as_json (name);
  else
    desk_print (_ ("The backup is %s\n"), plain);
  return TRUE;
}

static gboolean
check_permission (DeskCli *cli, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (cli->db, error);

  return catalogue != NULL &&
         desk_can (DESK_ACTION_KEEP_CATALOGUE, cli->me, NULL, catalogue, desk_cli_now (), error);
}

static void
tell_restored (DeskCli *cli, const char *kept)
{
  g_autofree char *name = g_filename_display_name (kept);
  g_autofree char *plain = desk_plain_line (name);

  if (cli->json)
    tell_path_as_json (name);
  else
    desk_print (_ ("The desk is as in the backup; what it was before is in %s\n"), plain);
}

/* Always FALSE. */
static gboolean
name_backup (const char *path, GError **error)
{
  g_prefix_error (error, _ ("“%s” is not restored: "), path);
  return FALSE;
}

static gboolean
restore_into_desk (DeskCli *cli, const char *path, GError **error)
{
  g_autofree char *kept = NULL;

  if (!check_permission (cli, error))
    return FALSE;
  if (!desk_backup_restore (cli->db, path, desk_cli_now (), &kept, error))
    return name_backup (path, error);
  tell_restored (cli, kept);
  return TRUE;
}

/* A desk that was lost, or moved out of the way because it was too damaged to be opened. */
static gboolean
restore_lost_desk (DeskCli *cli, const char *path, GError **error)
{
  g_autofree char *target = desk_cli_dup_path (cli, error);
  g_autofree char *plain = NULL;

  if (target == NULL)
    return FALSE;
  if (!desk_backup_restore_new (path, target, error))
    return name_backup (path, error);
  plain = desk_plain_line (target);
  if (cli->json)
    tell_path_as_json (plain);
  else
    desk_print (_ ("The desk is %s\n"), plain);
  return TRUE;
}

static gboolean
exec_restore (DeskCli *cli, GError **error)
{
  const char *path = desk_arguments_get_word (cli->arguments, 0);
  GError *failure = NULL;

  if (desk_cli_open (cli, DESK_DB_OPEN, &failure))
    return restore_into_desk (cli, path, error);
  if (g_error_matches (failure, DESK_STORE_ERROR, DESK_STORE_ERROR_MISSING))
    {
      g_error_free (failure);
      return restore_lost_desk (cli, path, error);
    }
  if (g_error_matches (failure, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED))
    g_prefix_error (&failure, "%s",
                    _ ("The desk cannot be opened even to be restored; move its file away, and "
                       "try again: "));
  g_propagate_error (error, failure);
  return FALSE;
}

const DeskCommand desk_command_backup = {
  .name = "backup",
  .arguments = "FILE",
  .help = N_ ("Copy the desk, also while others work on it"),
  .min_words = 1,
  .max_words = 1,
  .words_are_files = TRUE,
  .place = DESK_PLACE_FILE,
  .exec = exec_backup,
};

const DeskCommand desk_command_restore = {
  .name = "restore",
  .arguments = "FILE",
  .help = N_ ("Make the desk what it was in a backup"),
  .min_words = 1,
  .max_words = 1,
  .words_are_files = TRUE,
  .place = DESK_PLACE_FILE,
  .exec = exec_restore,
};
