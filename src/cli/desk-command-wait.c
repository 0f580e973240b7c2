/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl wait: ask the requester something; the SLA clock pauses until the answer. */
#include "desk-cli.h"

static gboolean
exec_wait (DeskCli *cli, GError **error)
{
  g_autofree char *text = desk_cli_dup_text (desk_arguments_get_word (cli->arguments, 1), error);
  g_autoptr (DeskCase) ticket = text != NULL ? desk_cli_load (cli, DESK_DB_OPEN, error) : NULL;
  g_autoptr (DeskOp) op = NULL;

  if (ticket == NULL)
    return FALSE;
  op = desk_cli_new_op (cli, ticket->ticket, DESK_KIND_REPLY);
  desk_op_set_text (op, text);
  desk_op_change (op, DESK_FIELD_STATUS,
                  desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_WAITING));
  return desk_cli_attach (cli, op, error) && desk_cli_submit (cli, op, error);
}

static const DeskOption wait_options[] = {
  DESK_CLI_OPTION_ATTACH,
  { NULL },
};

const DeskCommand desk_command_wait = {
  .name = "wait",
  .arguments = "NUMBER TEXT|- [--attach FILE]…",
  .help = N_ ("Ask the requester, and wait for the answer"),
  .options = wait_options,
  .min_words = 2,
  .max_words = 2,
  .exec = exec_wait,
};
