/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl resolve: say what solved it. */
#include "desk-cli.h"

/* Which option fills which part of the resolution. */
static const struct
{
  const char *option;
  DeskField field;
} parts[] = {
  { "summary", DESK_FIELD_RESOLUTION },
  { "steps", DESK_FIELD_STEPS },
  { "recommendations", DESK_FIELD_RECOMMENDATIONS },
};

static gboolean
read_parts (DeskCli *cli, DeskOp *op, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *word = desk_arguments_get (cli->arguments, parts[i].option);
      g_autofree char *text = word != NULL ? desk_cli_dup_text (word, error) : NULL;

      if (word != NULL && text == NULL)
        return FALSE;
      if (text != NULL)
        desk_op_change (op, parts[i].field, text);
    }
  return TRUE;
}

static gboolean
exec_resolve (DeskCli *cli, GError **error)
{
  g_autoptr (DeskCase) ticket = NULL;
  g_autoptr (DeskOp) op = NULL;

  if (!desk_arguments_has (cli->arguments, "summary"))
    {
      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                   _ ("What solved it? give --summary TEXT"));
      return FALSE;
    }
  /* Before the texts are read: what others do while one is being written is a conflict. */
  ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  if (ticket == NULL)
    return FALSE;
  op = desk_cli_new_op (cli, ticket->ticket, DESK_KIND_CHANGE);
  desk_op_change (op, DESK_FIELD_STATUS,
                  desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_RESOLVED));
  return read_parts (cli, op, error) && desk_cli_submit (cli, op, error);
}

static const DeskOption resolve_options[] = {
  { "summary", 0, "TEXT|-", DESK_OPTION_TEXT,
    N_ ("what it was and what solved it; the requester reads all three") },
  { "steps", 0, "TEXT|-", DESK_OPTION_TEXT, N_ ("what was done") },
  { "recommendations", 0, "TEXT|-", DESK_OPTION_TEXT, N_ ("what the requester can do") },
  { NULL },
};

const DeskCommand desk_command_resolve = {
  .name = "resolve",
  .arguments = "NUMBER --summary TEXT [--steps TEXT] [--recommendations TEXT]",
  .help = N_ ("Say what solved it, and ask the requester to confirm"),
  .options = resolve_options,
  .min_words = 1,
  .max_words = 1,
  .exec = exec_resolve,
};
