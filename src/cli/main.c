/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl: a desk from the shell. Reads the command line, runs one command, tells what
 * happened. */
#include <locale.h>
#include <stdio.h>

#include "config.h"
#include "desk-cli.h"
#include "desk-output.h"
#include "desk-words.h"

static gboolean
run (DeskCli *cli, char **argv, GError **error)
{
  if (!desk_cli_parse (cli, argv, error))
    return FALSE;
  if (desk_arguments_has (cli->arguments, "version"))
    desk_print ("deskbellctl %s\n", DESKBELL_VERSION);
  else if (cli->command == NULL && desk_arguments_has (cli->arguments, "help"))
    desk_command_print_overview ();
  else if (cli->command == NULL)
    {
      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                   _ ("No command is given; deskbellctl help lists them"));
      return FALSE;
    }
  else if (desk_arguments_has (cli->arguments, "help"))
    desk_command_print_help (cli->command);
  else if (!cli->command->exec (cli, error))
    return FALSE;
  return desk_output_finish (error);
}

/* In one line: what happened; what to do. */
static void
tell_error (const GError *error)
{
  g_autofree char *words = desk_words_of_error (error);
  g_autofree char *message = desk_plain_line (words);

  fflush (stdout);
  fprintf (stderr, "deskbellctl: %s\n", message);
}

int
main (int argc, char **argv)
{
  g_autoptr (DeskCli) cli = desk_cli_new ();
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, DESKBELL_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (!run (cli, argv + 1, &error))
    tell_error (error);
  return desk_cli_get_status (error);
}
