/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl confirm, reopen and close: the end of a ticket, and its return. */
#include "desk-cli.h"

#include "desk-permission.h"

static gboolean
move_to (DeskCli *cli,
         const DeskTicket *ticket,
         DeskKind kind,
         DeskStatus status,
         const char *text,
         GError **error)
{
  g_autoptr (DeskOp) op = desk_cli_new_op (cli, ticket, kind);

  if (text != NULL)
    desk_op_set_text (op, text);
  desk_op_change (op, DESK_FIELD_STATUS, desk_enum_get_nick (DESK_TYPE_STATUS, status));
  return desk_cli_submit (cli, op, error);
}

static gboolean
check_may_confirm (DeskCli *cli, const DeskTicket *ticket, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (cli->db, error);

  return catalogue != NULL &&
         desk_can (DESK_ACTION_CONFIRM, cli->me, ticket, catalogue, desk_cli_now (), error);
}

/* An agent's "closed" is another thing than a requester's "this solved it", so ask first whether
 * this may be one. */
static gboolean
exec_confirm (DeskCli *cli, GError **error)
{
  g_autoptr (DeskCase) ticket = desk_cli_load (cli, DESK_DB_OPEN, error);

  return ticket != NULL && check_may_confirm (cli, ticket->ticket, error) &&
         move_to (cli, ticket->ticket, DESK_KIND_CHANGE, DESK_STATUS_CLOSED, NULL, error);
}

/* What a requester says with it is a message like any other; an agent's text is the reason. */
static DeskKind
choose_kind (DeskCli *cli, const DeskTicket *ticket, const char *text)
{
  gboolean is_requester = desk_standing_of (cli->me, ticket) & DESK_STANDING_REQUESTER;

  return is_requester && text != NULL ? DESK_KIND_MESSAGE : DESK_KIND_CHANGE;
}

static gboolean
exec_reopen (DeskCli *cli, GError **error)
{
  const char *word = desk_arguments_get_word (cli->arguments, 1);
  g_autofree char *text = word != NULL ? desk_cli_dup_text (word, error) : NULL;
  g_autoptr (DeskCase) ticket = NULL;

  if (word != NULL && text == NULL)
    return FALSE;
  ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  return ticket != NULL && move_to (cli, ticket->ticket, choose_kind (cli, ticket->ticket, text),
                                    DESK_STATUS_OPEN, text, error);
}

static gboolean
exec_close (DeskCli *cli, GError **error)
{
  const char *word = desk_arguments_get (cli->arguments, "reason");
  g_autofree char *reason = word != NULL ? desk_cli_dup_text (word, error) : NULL;
  g_autoptr (DeskCase) ticket = NULL;

  if (word != NULL && reason == NULL)
    return FALSE;
  ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  return ticket != NULL &&
         move_to (cli, ticket->ticket, DESK_KIND_CHANGE, DESK_STATUS_CLOSED, reason, error);
}

static const DeskOption close_options[] = {
  { "reason", 0, "TEXT|-", DESK_OPTION_TEXT,
    N_ ("why; requesters who take back their own ticket need none") },
  { NULL },
};

const DeskCommand desk_command_confirm = {
  .name = "confirm",
  .arguments = "NUMBER",
  .help = N_ ("As the requester: this solved it"),
  .min_words = 1,
  .max_words = 1,
  .exec = exec_confirm,
};

const DeskCommand desk_command_reopen = {
  .name = "reopen",
  .arguments = "NUMBER [TEXT|-]",
  .help = N_ ("Not solved yet: open it again"),
  .min_words = 1,
  .max_words = 2,
  .exec = exec_reopen,
};

const DeskCommand desk_command_close = {
  .name = "close",
  .arguments = "NUMBER --reason TEXT",
  .help = N_ ("Close without a resolution"),
  .options = close_options,
  .min_words = 1,
  .max_words = 1,
  .exec = exec_close,
};
