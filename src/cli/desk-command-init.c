/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl init: make a desk; whoever makes it keeps it. */
#include "desk-cli.h"

#include <glib/gstdio.h>

#include "desk-demo.h"
#include "desk-json.h"
#include "desk-output.h"
#include "desk-people.h"
#include "desk-uid.h"

#define DEMO_NAME "Bank Help Desk"

/* The first person is the administrator, by their own hand. */
static gboolean
save_administrator (DeskCli *cli, const char *login, GError **error)
{
  const char *name = desk_cli_get_real_name (cli);
  g_autofree char *uid = desk_uid_new ();

  cli->me = desk_person_new (uid, login, name != NULL ? name : login, DESK_ROLE_ADMINISTRATOR);
  return desk_people_save (cli->db, cli->me, 0, cli->me, desk_cli_now (), error);
}

static gboolean
save_name (DeskCli *cli, const char *name, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (cli->db, error);
  g_autoptr (DeskEntry) desk = NULL;

  if (name == NULL || catalogue == NULL)
    return catalogue != NULL;
  desk = desk_entry_copy (desk_catalogue_get_desk (catalogue));
  g_free (desk->label);
  desk->label = g_strdup (name);
  return desk_entries_save (cli->db, desk, desk->revision, cli->me, desk_cli_now (), error);
}

static gboolean
make_desk (DeskCli *cli, const char *login, GError **error)
{
  gboolean demo = desk_arguments_has (cli->arguments, "demo");
  const char *name = desk_arguments_get (cli->arguments, "name");

  if (!desk_db_begin (cli->db, error))
    return FALSE;
  if (!save_administrator (cli, login, error) ||
      !save_name (cli,
                  name != NULL ? name
                  : demo       ? DEMO_NAME
                               : NULL,
                  error) ||
      !desk_db_commit (cli->db, error))
    {
      desk_db_rollback (cli->db);
      return FALSE;
    }
  return !demo || desk_demo_fill (cli->db, cli->me, desk_cli_now (), error);
}

/* Half a desk would only be in the way of the next attempt. */
static void
remove_desk (DeskCli *cli, const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-stamp" };

  g_clear_pointer (&cli->db, desk_db_close);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (path, endings[i], NULL);

      g_unlink (file);
    }
}

static void
tell_made (DeskCli *cli)
{
  const char *path = desk_db_get_path (cli->db);
  g_autofree char *plain = desk_plain_line (path);

  desk_print (_ ("The desk is %s"), plain);
  desk_print ("\n");
  desk_print (_ ("Its administrator is %s"), cli->me->login);
  desk_print ("\n");
  if (desk_arguments_has (cli->arguments, "demo"))
    desk_print ("%s\n", _ ("To try: --as karen (a requester), --as john or --as jane (agents), "
                           "--as admin (an administrator)"));
}

static void
tell_made_as_json (DeskCli *cli)
{
  g_autofree char *path = g_filename_display_name (desk_db_get_path (cli->db));
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "path", path);
  json_object_set_string_member (object, "uid", desk_db_get_uid (cli->db));
  json_object_set_member (object, "administrator", desk_person_to_json (cli->me));
  json_node_take_object (node, object);
  desk_print_json (node);
}

static gboolean
exec_init (DeskCli *cli, GError **error)
{
  g_autofree char *path = desk_cli_dup_path (cli, error);
  const char *login = path != NULL ? desk_cli_get_login (cli, error) : NULL;

  if (login == NULL)
    return FALSE;
  cli->db = desk_db_open (path, DESK_DB_CREATE, error);
  if (cli->db == NULL)
    return FALSE;
  if (!make_desk (cli, login, error))
    {
      remove_desk (cli, path);
      return FALSE;
    }
  if (cli->json)
    tell_made_as_json (cli);
  else
    tell_made (cli);
  return TRUE;
}

static const DeskOption init_options[] = {
  { "demo", 0, NULL, DESK_OPTION_TEXT,
    N_ ("fill it with a bank's worth of tickets to try things on") },
  { "name", 0, "TEXT", DESK_OPTION_TEXT, N_ ("the name of the desk") },
  { NULL },
};

const DeskCommand desk_command_init = {
  .name = "init",
  .arguments = "[--demo] [--name TEXT]",
  .help = N_ ("Make a new desk, and become its administrator"),
  .options = init_options,
  .place = DESK_PLACE_FILE,
  .exec = exec_init,
};
