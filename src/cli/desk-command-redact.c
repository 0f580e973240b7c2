/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl redact: take text and files out of one event, for ever. */
#include "desk-cli.h"

static const DeskEvent *
find_event (const DeskCase *ticket, const char *word, GError **error)
{
  gint64 no = g_ascii_strtoll (word, NULL, 10);

  for (guint i = 0; i < ticket->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (ticket->events, i);

      if (event->no == no)
        return event;
    }
  g_set_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH,
               _ ("#%s has no event %s; deskbellctl history %s lists them"), ticket->ticket->number,
               word, ticket->ticket->number);
  return NULL;
}

static gboolean
exec_redact (DeskCli *cli, GError **error)
{
  g_autoptr (DeskCase) ticket = desk_cli_load (cli, DESK_DB_OPEN, error);
  g_autoptr (DeskOp) op = NULL;
  const DeskEvent *event;

  if (ticket == NULL)
    return FALSE;
  event = find_event (ticket, desk_arguments_get_word (cli->arguments, 1), error);
  if (event == NULL)
    return FALSE;
  op = desk_cli_new_op (cli, ticket->ticket, DESK_KIND_REDACT);
  op->target = g_strdup (event->uid);
  if (!desk_cli_submit (cli, op, error))
    return FALSE;
  desk_cli_scrub (cli);
  return TRUE;
}

const DeskCommand desk_command_redact = {
  .name = "redact",
  .arguments = "NUMBER NO",
  .help = N_ ("Take the text and the files out of event NO, for ever"),
  .min_words = 2,
  .max_words = 2,
  .exec = exec_redact,
};
