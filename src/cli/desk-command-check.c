/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl check: whether the desk is sound. */
#include "desk-cli.h"

#include "desk-check.h"
#include "desk-output.h"

/* People are told as problems are found, because a big desk takes its time; @user_data: the array
 * that programs get in the end, or NULL. */
static void
tell_problem_cb (const char *problem, gpointer user_data)
{
  g_autofree char *plain = desk_plain_line (problem);

  desk_clear_progress ();
  if (user_data != NULL)
    json_array_add_string_element (user_data, problem);
  else
    desk_print ("%s\n", plain);
}

static void
print_problems (JsonArray *problems)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_set_array (node, problems);
  desk_print_json (node);
}

static gint64
run_check (DeskCli *cli, GError **error)
{
  g_autoptr (JsonArray) problems = cli->json ? json_array_new () : NULL;
  gint64 n_problems =
      desk_check (cli->db, tell_problem_cb, problems, desk_show_progress, NULL, error);

  desk_clear_progress ();
  if (problems != NULL && n_problems >= 0)
    print_problems (problems);
  return n_problems;
}

/* Looking needs no right to write, though the last step does; nor a desk that nobody serves. */
static gboolean
open_desk (DeskCli *cli, GError **error)
{
  GError *failure = NULL;

  if (desk_cli_open (cli, DESK_DB_OPEN, &failure))
    return TRUE;
  if (g_error_matches (failure, DESK_STORE_ERROR, DESK_STORE_ERROR_READ_ONLY) ||
      g_error_matches (failure, DESK_STORE_ERROR, DESK_STORE_ERROR_SERVED))
    {
      g_error_free (failure);
      return desk_cli_open (cli, DESK_DB_READ, error);
    }
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
exec_check (DeskCli *cli, GError **error)
{
  gint64 n_problems = open_desk (cli, error) ? run_check (cli, error) : -1;

  if (n_problems > 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 ngettext ("%d problem was found; keep a copy of the desk and restore a backup",
                           "%d problems were found; keep a copy of the desk and restore a backup",
                           (gulong) n_problems),
                 (int) n_problems);
  if (n_problems == 0 && !cli->json)
    desk_print ("%s\n", _ ("The desk is sound"));
  return n_problems == 0;
}

const DeskCommand desk_command_check = {
  .name = "check",
  .arguments = "",
  .help = N_ ("See whether the desk is sound"),
  .exec = exec_check,
};
