/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl submit: file a ticket, and print its number. */
#include "desk-cli.h"

static gboolean
ask_for_requester (DeskCli *cli, DeskOp *op, GError **error)
{
  const char *login = desk_arguments_get (cli->arguments, "for");
  g_autoptr (DeskPerson) requester = NULL;

  if (login == NULL)
    return TRUE;
  /* Of others they need not even know whether they are here. */
  if (cli->me->role == DESK_ROLE_REQUESTER && g_strcmp0 (login, cli->me->login) != 0)
    return desk_refuse (error, DESK_ERROR_NOT_ALLOWED,
                        "Only agents choose the %s of a new ticket: leave it out", "requester");
  requester = desk_cli_find_login (cli, login, error);
  if (requester == NULL)
    return FALSE;
  desk_op_change (op, DESK_FIELD_REQUESTER, requester->uid);
  return TRUE;
}

static void
ask_for (DeskCli *cli, DeskOp *op, const char *option, DeskField field)
{
  const char *value = desk_arguments_get (cli->arguments, option);

  if (value != NULL)
    desk_op_change (op, field, value);
}

static gboolean
check_options (DeskCli *cli, GError **error)
{
  int priority;

  if (desk_arguments_has (cli->arguments, "summary"))
    return desk_cli_get_enum (cli, "priority", DESK_TYPE_PRIORITY, &priority, error);
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("A ticket needs --summary TEXT, and --topic SLUG where the desk has topics"));
  return FALSE;
}

static gboolean
exec_submit (DeskCli *cli, GError **error)
{
  const char *word = desk_arguments_get (cli->arguments, "details");
  g_autofree char *details = NULL;
  g_autoptr (DeskOp) op = NULL;

  if (!check_options (cli, error))
    return FALSE;
  details = word != NULL ? desk_cli_dup_text (word, error) : NULL;
  if (word != NULL && details == NULL)
    return FALSE;
  if (!desk_cli_open (cli, DESK_DB_OPEN, error))
    return FALSE;
  op = desk_cli_new_op (cli, NULL, DESK_KIND_CREATED);
  desk_op_set_text (op, details);
  ask_for (cli, op, "topic", DESK_FIELD_TOPIC);
  ask_for (cli, op, "summary", DESK_FIELD_SUMMARY);
  ask_for (cli, op, "priority", DESK_FIELD_PRIORITY);
  return ask_for_requester (cli, op, error) && desk_cli_attach (cli, op, error) &&
         desk_cli_submit (cli, op, error);
}

static const DeskOption submit_options[] = {
  { "topic", 0, "SLUG", DESK_OPTION_TEXT,
    N_ ("what it is about; deskbellctl topic list shows all") },
  { "summary", 0, "TEXT", DESK_OPTION_TEXT, N_ ("in one line") },
  { "details", 0, "TEXT|-", DESK_OPTION_TEXT, N_ ("in as many lines as it takes") },
  { "priority", 0, "PRIORITY", DESK_OPTION_TEXT,
    N_ ("low, normal, high or urgent, where the desk lets you choose") },
  DESK_CLI_OPTION_ATTACH,
  { "for", 0, "LOGIN", DESK_OPTION_TEXT, N_ ("file it for somebody else") },
  { NULL },
};

const DeskCommand desk_command_submit = {
  .name = "submit",
  .arguments = "[--topic SLUG] --summary TEXT [--details TEXT|-] [--priority PRIORITY] [--attach "
               "FILE]… [--for LOGIN]",
  .help = N_ ("File a ticket; prints its number"),
  .options = submit_options,
  .exec = exec_submit,
};
