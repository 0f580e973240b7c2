/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl password: another password on a desk that a server has. */
#include "desk-cli-remote.h"

#include <string.h>
#include <unistd.h>

#include "desk-output.h"

/* On a terminal nobody sees what is typed, so it is typed twice. (transfer full) */
static char *
ask_new_password (GError **error)
{
  char *password = desk_cli_ask_password (_ ("New password: "), error);
  char *again;
  gboolean same;

  if (password == NULL || !isatty (STDIN_FILENO))
    return password;
  again = desk_cli_ask_password (_ ("New password again: "), error);
  same = again != NULL && strcmp (password, again) == 0;
  if (again != NULL && !same)
    g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                 _ ("These are two different passwords; nothing was changed"));
  desk_cli_wipe (again);
  if (same)
    return password;
  desk_cli_wipe (password);
  return NULL;
}

static gboolean
change (DeskCli *cli, const char *old, const char *new, GError **error)
{
  gboolean keep = desk_arguments_has (cli->arguments, "keep-sessions");

  if (!desk_account_change_password (cli->account, old, new, keep, NULL, error))
    return FALSE;
  if (!cli->json)
    desk_print ("%s\n", keep ? _ ("The password is another one now")
                             : _ ("The password is another one now; other devices are signed out"));
  return TRUE;
}

static gboolean
exec (DeskCli *cli, GError **error)
{
  char *old, *new;
  gboolean done;

  if (!desk_cli_open_copy_offline (cli, error))
    return FALSE;
  old = desk_cli_ask_password (_ ("Old password: "), error);
  new = old != NULL ? ask_new_password (error) : NULL;
  done = new != NULL &&change (cli, old, new, error);
  desk_cli_wipe (old);
  desk_cli_wipe (new);
  return done;
}

static const DeskOption options[] = {
  { "keep-sessions", 0, NULL, DESK_OPTION_TEXT, N_ ("other devices stay signed in") },
  { NULL },
};

const DeskCommand desk_command_password = {
  .name = "password",
  .arguments = "[--keep-sessions]",
  .help = N_ ("Change your password on a server; asks for the old and the new one, or reads them "
              "from two lines of standard input"),
  .options = options,
  .place = DESK_PLACE_SERVER,
  .exec = exec,
};
