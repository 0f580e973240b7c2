/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl search: find tickets by their words. */
#include "desk-cli.h"

#include "desk-output.h"
#include "desk-report.h"
#include "desk-search.h"

#define SEARCH_LIMIT 50

static char *
join_words (DeskCli *cli)
{
  GString *words = g_string_new (desk_arguments_get_word (cli->arguments, 0));

  for (guint i = 1; i < desk_arguments_count (cli->arguments); i++)
    g_string_append_printf (words, " %s", desk_arguments_get_word (cli->arguments, i));
  return g_string_free (words, FALSE);
}

static gboolean
read_limit (DeskCli *cli, guint64 *limit, GError **error)
{
  const char *word = desk_arguments_get (cli->arguments, "limit");

  if (word == NULL || g_ascii_string_to_unsigned (word, 10, 1, G_MAXUINT, limit, NULL))
    return TRUE;
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("%s is no number of tickets; give --limit with a number from 1"), word);
  return FALSE;
}

static gboolean
print_found (DeskCli *cli, GPtrArray *rows, GError **error)
{
  gboolean first = TRUE;

  if (!cli->json)
    {
      desk_report_rows (rows, TRUE);
      return TRUE;
    }
  desk_print_json_begin ();
  if (!desk_report_rows_as_json (cli, rows, &first, error))
    return FALSE;
  desk_print_json_end ();
  return TRUE;
}

static gboolean
exec_search (DeskCli *cli, GError **error)
{
  g_autofree char *words = join_words (cli);
  guint64 limit = SEARCH_LIMIT;
  g_autoptr (GPtrArray) rows = NULL;

  if (!read_limit (cli, &limit, error) || !desk_cli_open (cli, DESK_DB_READ, error))
    return FALSE;
  rows = desk_search (cli->db, cli->me, words, (guint) limit, error);
  return rows != NULL && print_found (cli, rows, error);
}

static const DeskOption search_options[] = {
  { "limit", 'n', "N", DESK_OPTION_TEXT, N_ ("at most N tickets, otherwise 50") },
  { NULL },
};

const DeskCommand desk_command_search = {
  .name = "search",
  .arguments = "WORDS… [--limit N]",
  .help = N_ ("Find tickets by the words of their texts, newest first"),
  .options = search_options,
  .min_words = 1,
  .max_words = DESK_MANY_WORDS,
  .exec = exec_search,
};
