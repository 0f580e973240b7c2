/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl history: everything that happened to a ticket, a line each. */
#include "desk-cli.h"

#include "desk-output.h"
#include "desk-report.h"

static gboolean
exec_history (DeskCli *cli, GError **error)
{
  g_autoptr (DeskCase) ticket = desk_cli_load (cli, DESK_DB_READ, error);

  if (ticket == NULL)
    return FALSE;
  if (cli->json)
    desk_print_json (desk_report_events_to_json (ticket));
  else
    desk_report_events (ticket, FALSE);
  return TRUE;
}

const DeskCommand desk_command_history = {
  .name = "history",
  .arguments = "NUMBER",
  .help = N_ ("Tell what happened to a ticket, a line for each event"),
  .min_words = 1,
  .max_words = 1,
  .exec = exec_history,
};
