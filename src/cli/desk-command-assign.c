/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl assign: give a ticket to an agent, a team, both or nobody. */
#include "desk-cli.h"

static gboolean
check_options (DeskCli *cli, GError **error)
{
  gboolean to_nobody = desk_arguments_has (cli->arguments, "nobody");
  gboolean to_somebody =
      desk_arguments_has (cli->arguments, "agent") || desk_arguments_has (cli->arguments, "team");

  if (to_nobody != to_somebody)
    return TRUE;
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("Assign to whom? give --agent LOGIN, --team SLUG or both, or --nobody alone"));
  return FALSE;
}

static gboolean
ask_for_agent (DeskCli *cli, DeskOp *op, const char *login, GError **error)
{
  g_autoptr (DeskPerson) agent = desk_cli_find_login (cli, login, error);

  if (agent == NULL)
    return FALSE;
  desk_op_change (op, DESK_FIELD_ASSIGNEE, agent->uid);
  return TRUE;
}

static gboolean
exec_assign (DeskCli *cli, GError **error)
{
  const char *login = desk_arguments_get (cli->arguments, "agent");
  const char *team = desk_arguments_get (cli->arguments, "team");
  g_autoptr (DeskCase) ticket = NULL;
  g_autoptr (DeskOp) op = NULL;

  if (!check_options (cli, error))
    return FALSE;
  ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  if (ticket == NULL)
    return FALSE;
  op = desk_cli_new_op (cli, ticket->ticket, DESK_KIND_CHANGE);
  if (login != NULL && !ask_for_agent (cli, op, login, error))
    return FALSE;
  if (team != NULL)
    desk_op_change (op, DESK_FIELD_TEAM, team);
  if (login == NULL && team == NULL)
    {
      desk_op_change (op, DESK_FIELD_ASSIGNEE, NULL);
      desk_op_change (op, DESK_FIELD_TEAM, NULL);
    }
  return desk_cli_submit (cli, op, error);
}

static const DeskOption assign_options[] = {
  { "agent", 0, "LOGIN", DESK_OPTION_TEXT, N_ ("who is to work on it") },
  { "team", 0, "SLUG", DESK_OPTION_TEXT, N_ ("the team that is to work on it") },
  { "nobody", 0, NULL, DESK_OPTION_TEXT, N_ ("take it from whoever has it") },
  { NULL },
};

const DeskCommand desk_command_assign = {
  .name = "assign",
  .arguments = "NUMBER [--agent LOGIN] [--team SLUG] | NUMBER --nobody",
  .help = N_ ("Give a ticket to an agent or a team, or to nobody"),
  .options = assign_options,
  .min_words = 1,
  .max_words = 1,
  .exec = exec_assign,
};
