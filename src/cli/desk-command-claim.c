/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl claim: take a ticket that nobody has. */
#include "desk-cli.h"

#include "desk-permission.h"
#include "desk-words.h"

/* A ticket that somebody has is not claimed but assigned: say who would lose it. */
static gboolean
refuse_for_holder (DeskCli *cli, const DeskCase *ticket, GError **error)
{
  g_autofree char *name = desk_words_of_person (ticket, ticket->ticket->assignee);

  g_set_error (error, DESK_ERROR, DESK_ERROR_WRONG_STATUS,
               _ ("#%s is with %s already; to take it over: deskbellctl assign %s --agent %s"),
               ticket->ticket->number, name, ticket->ticket->number, cli->me->login);
  return FALSE;
}

static gboolean
check_may_claim (DeskCli *cli, const DeskCase *ticket, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (cli->db, error);
  const char *holder = ticket->ticket->assignee;
  gint64 now = desk_cli_now ();

  if (catalogue == NULL)
    return FALSE;
  /* Who has it already may say so again. */
  if (g_strcmp0 (holder, cli->me->uid) == 0 ||
      desk_can (DESK_ACTION_CLAIM, cli->me, ticket->ticket, catalogue, now, NULL))
    return TRUE;
  if (holder != NULL &&
      desk_can (DESK_ACTION_ASSIGN, cli->me, ticket->ticket, catalogue, now, NULL))
    return refuse_for_holder (cli, ticket, error);
  return desk_can (DESK_ACTION_CLAIM, cli->me, ticket->ticket, catalogue, now, error);
}

static gboolean
exec_claim (DeskCli *cli, GError **error)
{
  g_autoptr (DeskCase) ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  g_autoptr (DeskOp) op = NULL;

  if (ticket == NULL || !check_may_claim (cli, ticket, error))
    return FALSE;
  op = desk_cli_new_op (cli, ticket->ticket, DESK_KIND_CHANGE);
  desk_op_change (op, DESK_FIELD_ASSIGNEE, cli->me->uid);
  return desk_cli_submit (cli, op, error);
}

const DeskCommand desk_command_claim = {
  .name = "claim",
  .arguments = "NUMBER",
  .help = N_ ("Take a ticket that nobody has"),
  .min_words = 1,
  .max_words = 1,
  .exec = exec_claim,
};
