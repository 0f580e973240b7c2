/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl transfer: move a ticket to another department. */
#include "desk-cli.h"

static gboolean
exec_transfer (DeskCli *cli, GError **error)
{
  const char *department = desk_arguments_get (cli->arguments, "department");
  g_autoptr (DeskCase) ticket = NULL;
  g_autoptr (DeskOp) op = NULL;

  if (department == NULL)
    {
      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                   _ ("Transfer where? give --department SLUG"));
      return FALSE;
    }
  ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  if (ticket == NULL)
    return FALSE;
  op = desk_cli_new_op (cli, ticket->ticket, DESK_KIND_CHANGE);
  desk_op_change (op, DESK_FIELD_DEPARTMENT, department);
  return desk_cli_submit (cli, op, error);
}

static const DeskOption transfer_options[] = {
  { "department", 0, "SLUG", DESK_OPTION_TEXT, N_ ("the department that takes over") },
  { NULL },
};

const DeskCommand desk_command_transfer = {
  .name = "transfer",
  .arguments = "NUMBER --department SLUG",
  .help = N_ ("Move a ticket to another department"),
  .options = transfer_options,
  .min_words = 1,
  .max_words = 1,
  .exec = exec_transfer,
};
