/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl login and logout: somebody on a desk that a server has. */
#include "desk-cli-remote.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "desk-json.h"
#include "desk-output.h"

/* --- the password --- */

/* Without showing it. (transfer full) */
static char *
read_hidden_line (void)
{
  struct termios shown, hidden;
  gboolean is_terminal = tcgetattr (STDIN_FILENO, &shown) == 0;
  char *line = NULL;
  size_t size = 0;
  ssize_t length;

  if (is_terminal)
    {
      hidden = shown;
      hidden.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
    }
  length = getline (&line, &size, stdin);
  if (is_terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
      fputc ('\n', stderr);
    }
  if (length > 0 && line[length - 1] == '\n')
    line[--length] = '\0';
  return length > 0 ? line : (free (line), NULL);
}

void
desk_cli_wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  free (text);
}

char *
desk_cli_ask_password (const char *prompt, GError **error)
{
  char *password;

  if (isatty (STDIN_FILENO))
    fputs (prompt, stderr);
  password = read_hidden_line ();
  if (password != NULL && g_utf8_validate (password, -1, NULL))
    return password;
  desk_cli_wipe (password);
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("A password is needed, in a line of standard input"));
  return NULL;
}

/* --- login --- */

static void
tell_signed_in (DeskCli *cli, gboolean in_file)
{
  g_autofree char *name = desk_plain_line (cli->me->name);

  if (cli->json)
    {
      desk_print_json (desk_person_to_json (cli->me));
      return;
    }
  desk_print (_ ("Signed in to %s as %s"), cli->account->address, name);
  desk_print ("\n");
  if (in_file)
    desk_print ("%s\n", _ ("No keyring opens here, so whoever can read your files can sign in "
                           "as you; deskbellctl logout ends that"));
}

/* The first fill may be long, and may be broken off: any command goes on with it. */
static gboolean
fill (DeskCli *cli, GError **error)
{
  cli->turn = desk_turn_take (cli->account->path);
  return cli->turn == NULL || desk_cli_exchange (cli, error);
}

static gboolean
exec_login (DeskCli *cli, GError **error)
{
  DeskEntrance entrance = {
    .address = desk_cli_get_place (cli),
    .login = desk_cli_get_login (cli, error),
    .code = desk_arguments_get (cli->arguments, "code"),
    .via = DESK_VIA_CLI,
  };
  gboolean in_file = FALSE;
  DeskAccount *account;
  char *password;

  if (entrance.login == NULL)
    return FALSE;
  password = desk_cli_ask_password (entrance.code != NULL ? _ ("New password: ")
                                                          : _ ("Password: "), error);
  if (password == NULL)
    return FALSE;
  entrance.password = password;
  account = desk_account_sign_in (&entrance, &in_file, NULL, error);
  desk_cli_wipe (password);
  if (account == NULL)
    return FALSE;
  desk_account_free (account);
  if (!desk_cli_open_copy_offline (cli, error) || !fill (cli, error))
    return FALSE;
  tell_signed_in (cli, in_file);
  return TRUE;
}

static const DeskOption login_options[] = {
  { "code", 0, "CODE", DESK_OPTION_TEXT,
    N_ ("of an invitation; the password is a new one that you choose") },
  { NULL },
};

const DeskCommand desk_command_login = {
  .name = "login",
  .arguments = "[--code CODE]",
  .help = N_ ("Sign in to a desk on a server; asks for the password, or reads it from standard "
              "input"),
  .options = login_options,
  .place = DESK_PLACE_SERVER,
  .exec = exec_login,
};

/* --- logout --- */

/* What waits would be lost, and so would what an app goes on writing. */
static gboolean
check_nothing_waits (DeskCli *cli, GError **error)
{
  g_autoptr (DeskReplicaState) state = NULL;

  cli->turn = desk_turn_take (cli->account->path);
  if (cli->turn == NULL)
    {
      g_set_error (error, DESK_ERROR, DESK_ERROR_NOT_ALLOWED,
                   _ ("Deskbell has this desk open; close it first"));
      return FALSE;
    }
  state = desk_replica_get_state (cli->db, error);
  if (state == NULL)
    return FALSE;
  if (state->waiting == 0 && state->refused == 0)
    return TRUE;
  g_set_error (error, DESK_ERROR, DESK_ERROR_NOT_ALLOWED,
               _ ("Something waits to be sent; deskbellctl outbox shows it"));
  return FALSE;
}

static gboolean
exec_logout (DeskCli *cli, GError **error)
{
  gboolean forget = desk_arguments_has (cli->arguments, "forget");

  if (!desk_cli_open_copy_offline (cli, error) || (forget && !check_nothing_waits (cli, error)))
    return FALSE;
  desk_account_sign_out (cli->account, NULL);
  if (!forget)
    return TRUE;
  g_clear_pointer (&cli->db, desk_db_close);
  return desk_account_forget (cli->account, error);
}

static const DeskOption logout_options[] = {
  { "forget", 0, NULL, DESK_OPTION_TEXT, N_ ("delete the copy on this computer as well") },
  { NULL },
};

const DeskCommand desk_command_logout = {
  .name = "logout",
  .arguments = "[--forget]",
  .help = N_ ("Sign out of a desk on a server"),
  .options = logout_options,
  .place = DESK_PLACE_SERVER,
  .exec = exec_logout,
};
