/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl set: priority, SLA plan, help topic and summary of a ticket. */
#include "desk-cli.h"

/* Which option asks for which field. */
static const struct
{
  const char *option;
  DeskField field;
} settings[] = {
  { "priority", DESK_FIELD_PRIORITY },
  { "sla", DESK_FIELD_SLA },
  { "topic", DESK_FIELD_TOPIC },
  { "summary", DESK_FIELD_SUMMARY },
};

static gboolean
check_options (DeskCli *cli, GError **error)
{
  int priority;

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (desk_arguments_has (cli->arguments, settings[i].option))
      return desk_cli_get_enum (cli, "priority", DESK_TYPE_PRIORITY, &priority, error);
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("Set what? give --priority, --sla, --topic or --summary"));
  return FALSE;
}

static gboolean
exec_set (DeskCli *cli, GError **error)
{
  g_autoptr (DeskCase) ticket = NULL;
  g_autoptr (DeskOp) op = NULL;

  if (!check_options (cli, error))
    return FALSE;
  ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  if (ticket == NULL)
    return FALSE;
  op = desk_cli_new_op (cli, ticket->ticket, DESK_KIND_CHANGE);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      const char *value = desk_arguments_get (cli->arguments, settings[i].option);

      if (value != NULL)
        desk_op_change (op, settings[i].field, *value != '\0' ? value : NULL);
    }
  return desk_cli_submit (cli, op, error);
}

static const DeskOption set_options[] = {
  { "priority", 0, "PRIORITY", DESK_OPTION_TEXT, N_ ("low, normal, high or urgent") },
  { "sla", 0, "SLUG", DESK_OPTION_TEXT, N_ ("an SLA plan; an empty value takes the promise back") },
  { "topic", 0, "SLUG", DESK_OPTION_TEXT, N_ ("a help topic") },
  { "summary", 0, "TEXT", DESK_OPTION_TEXT, N_ ("a better summary") },
  { NULL },
};

const DeskCommand desk_command_set = {
  .name = "set",
  .arguments = "NUMBER [--priority PRIORITY] [--sla SLUG] [--topic SLUG] [--summary TEXT]",
  .help = N_ ("Change priority, SLA plan, help topic or summary"),
  .options = set_options,
  .min_words = 1,
  .max_words = 1,
  .exec = exec_set,
};
