/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl list: the tickets of a queue. */
#include "desk-cli.h"

#include "desk-output.h"
#include "desk-report.h"

/* Rows are read and printed by page, so that a queue of any length is answered at once. */
#define PAGE_ROWS 500

typedef struct
{
  const char *word;
  DeskView view;
  int sort;
  guint64 limit; /* 0: all */
} Query;

static gboolean
read_limit (DeskCli *cli, Query *query, GError **error)
{
  const char *word = desk_arguments_get (cli->arguments, "limit");

  if (word == NULL || g_ascii_string_to_unsigned (word, 10, 0, G_MAXUINT, &query->limit, NULL))
    return TRUE;
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("%s is no number of tickets; give --limit with a number, 0 for all"), word);
  return FALSE;
}

static gboolean
read_view (Query *query, GError **error)
{
  GError *failure = NULL;

  if (query->word == NULL || desk_view_parse (query->word, &query->view, &failure))
    return TRUE;
  g_set_error_literal (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, failure->message);
  g_error_free (failure);
  return FALSE;
}

/* Requesters have one queue, what they filed; agents look at what is open unless they say
 * otherwise. */
static void
suit_reader (DeskCli *cli, Query *query)
{
  gboolean is_requester = cli->me->role == DESK_ROLE_REQUESTER;

  if (query->word == NULL)
    query->view = desk_view_of (is_requester ? DESK_VIEW_FILED : DESK_VIEW_OPEN);
  else if (is_requester && query->view.kind == DESK_VIEW_MINE)
    query->view = desk_view_of (DESK_VIEW_FILED);
}

/* A department that is not there is an error, not an empty queue. */
static gboolean
check_department (DeskCli *cli, const Query *query, GError **error)
{
  DeskCatalogue *catalogue;

  if (query->view.kind != DESK_VIEW_DEPARTMENT)
    return TRUE;
  catalogue = desk_db_get_catalogue (cli->db, error);
  if (catalogue == NULL)
    return FALSE;
  if (desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, query->view.department) != NULL)
    return TRUE;
  g_set_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH,
               _ ("There is no department %s; deskbellctl department list shows all"),
               query->view.department);
  return FALSE;
}

/* The rows of @keys from @start on; those that went meanwhile are left out. (transfer full) */
static GPtrArray *
load_page (DeskCli *cli, GArray *keys, guint start, GError **error)
{
  guint n_rows = MIN (PAGE_ROWS, keys->len - start);
  g_autofree gint64 *ids = g_new (gint64, n_rows);
  g_autoptr (GPtrArray) rows = NULL;

  for (guint i = 0; i < n_rows; i++)
    ids[i] = g_array_index (keys, DeskKey, start + i).id;
  rows = desk_rows_load (cli->db, cli->me, ids, n_rows, error);
  if (rows == NULL)
    return NULL;
  for (guint i = rows->len; i-- > 0;)
    if (g_ptr_array_index (rows, i) == NULL)
      g_ptr_array_remove_index (rows, i);
  return g_steal_pointer (&rows);
}

static gboolean
print_pages (DeskCli *cli, GArray *keys, const Query *query, GError **error)
{
  gboolean first = TRUE;

  for (guint start = 0; start < keys->len; start += PAGE_ROWS)
    {
      g_autoptr (GPtrArray) rows = load_page (cli, keys, start, error);

      if (rows == NULL)
        return FALSE;
      if (!cli->json)
        desk_report_rows (rows, FALSE);
      else if (!desk_report_rows_as_json (cli, rows, &first, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
print_list (DeskCli *cli, GArray *keys, const Query *query, GError **error)
{
  if (!cli->json)
    return print_pages (cli, keys, query, error);
  desk_print_json_begin ();
  if (!print_pages (cli, keys, query, error))
    return FALSE;
  desk_print_json_end ();
  return TRUE;
}

static gboolean
exec_list (DeskCli *cli, GError **error)
{
  Query query = { .word = desk_arguments_get (cli->arguments, "view"), .sort = DESK_SORT_RECENT };
  g_autoptr (GArray) keys = NULL;

  if (!read_view (&query, error) || !read_limit (cli, &query, error) ||
      !desk_cli_get_enum (cli, "sort", DESK_TYPE_SORT, &query.sort, error))
    return FALSE;
  if (!desk_cli_open (cli, DESK_DB_READ, error) || !check_department (cli, &query, error))
    return FALSE;
  suit_reader (cli, &query);
  keys = desk_rows_keys (cli->db, cli->me, &query.view, (DeskSort) query.sort, (guint) query.limit,
                         desk_cli_now (), error);
  return keys != NULL && print_list (cli, keys, &query, error);
}

static const DeskOption list_options[] = {
  { "view", 'v', "VIEW", DESK_OPTION_TEXT,
    N_ ("mine, unassigned, open, overdue, waiting, resolved, closed, all, filed or "
        "department:SLUG") },
  { "limit", 'n', "N", DESK_OPTION_TEXT, N_ ("at most N tickets") },
  { "sort", 0, "SORT", DESK_OPTION_TEXT, N_ ("recent, due, number or priority") },
  { NULL },
};

const DeskCommand desk_command_list = {
  .name = "list",
  .arguments = "[--view VIEW] [--limit N] [--sort SORT]",
  .help = N_ ("List the tickets of a queue"),
  .options = list_options,
  .exec = exec_list,
};
