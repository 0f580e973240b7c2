/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl help: all commands, or one. */
#include "desk-cli.h"

static gboolean
exec_help (DeskCli *cli, GError **error)
{
  const char *name = desk_arguments_get_word (cli->arguments, 0);
  const DeskCommand *command = name != NULL ? desk_command_find (name) : NULL;

  if (name != NULL && command == NULL)
    {
      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                   _ ("There is no command %s; deskbellctl help lists them"), name);
      return FALSE;
    }
  if (command != NULL)
    desk_command_print_help (command);
  else
    desk_command_print_overview ();
  return TRUE;
}

const DeskCommand desk_command_help = {
  .name = "help",
  .arguments = "[COMMAND]",
  .help = N_ ("Tell about the commands, or about one"),
  .max_words = 1,
  .exec = exec_help,
};
