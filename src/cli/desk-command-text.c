/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl reply and note: text on a ticket, for everybody on it or for agents only. */
#include "desk-cli.h"

#include "desk-permission.h"

/* Whoever filed a ticket writes messages on it, agents too; everybody else replies. */
static DeskKind
choose_kind (DeskCli *cli, const DeskTicket *ticket)
{
  return desk_standing_of (cli->me, ticket) & DESK_STANDING_REQUESTER ? DESK_KIND_MESSAGE
                                                                      : DESK_KIND_REPLY;
}

static gboolean
send_text (DeskCli *cli, const DeskTicket *ticket, DeskKind kind, const char *text, GError **error)
{
  g_autoptr (DeskOp) op = desk_cli_new_op (cli, ticket, kind);

  desk_op_set_text (op, text);
  return desk_cli_attach (cli, op, error) && desk_cli_submit (cli, op, error);
}

/* The text may be left out when there is a file; the desk says so when both are missing. */
static gboolean
read_text (DeskCli *cli, char **text, GError **error)
{
  const char *word = desk_arguments_get_word (cli->arguments, 1);

  *text = word != NULL ? desk_cli_dup_text (word, error) : NULL;
  return word == NULL || *text != NULL;
}

static gboolean
exec_reply (DeskCli *cli, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (DeskCase) ticket = NULL;

  if (!read_text (cli, &text, error))
    return FALSE;
  ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  return ticket != NULL &&
         send_text (cli, ticket->ticket, choose_kind (cli, ticket->ticket), text, error);
}

static gboolean
exec_note (DeskCli *cli, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (DeskCase) ticket = NULL;

  if (!read_text (cli, &text, error))
    return FALSE;
  ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  return ticket != NULL && send_text (cli, ticket->ticket, DESK_KIND_NOTE, text, error);
}

static const DeskOption text_options[] = {
  DESK_CLI_OPTION_ATTACH,
  { NULL },
};

const DeskCommand desk_command_reply = {
  .name = "reply",
  .arguments = "NUMBER [TEXT|-] [--attach FILE]…",
  .help = N_ ("Write to the requester, or as the requester to the desk"),
  .options = text_options,
  .min_words = 1,
  .max_words = 2,
  .exec = exec_reply,
};

const DeskCommand desk_command_note = {
  .name = "note",
  .arguments = "NUMBER [TEXT|-] [--attach FILE]…",
  .help = N_ ("Write a note that only agents see"),
  .options = text_options,
  .min_words = 1,
  .max_words = 2,
  .exec = exec_note,
};
