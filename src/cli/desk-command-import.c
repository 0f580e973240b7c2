/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl import: an export of a desk, or a table of tickets from somewhere else. */
#include "desk-cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>

#include "desk-import-csv.h"
#include "desk-import.h"
#include "desk-output.h"
#include "desk-permission.h"
#include "desk-words.h"

/* As much as decides what a file is. */
#define PEEK_BYTES 64

/* What an import says, on its way to people or programs. */
typedef struct
{
  JsonArray *lines; /* NULL: people are told at once */
} Telling;

static void
tell_line_cb (gint64 line, const GError *reason, gpointer user_data)
{
  Telling *self = user_data;
  g_autofree char *words = desk_words_of_error (reason);
  g_autofree char *plain = desk_plain_line (words);
  JsonObject *object;

  desk_clear_progress ();
  if (self->lines == NULL)
    {
      fprintf (stderr, _ ("Line %" PRId64 ": %s\n"), line, plain);
      return;
    }
  object = json_object_new ();
  json_object_set_int_member (object, "line", line);
  json_object_set_string_member (object, "message", reason->message);
  json_array_add_object_element (self->lines, object);
}

static void
tell_result_as_json (const DeskImportResult *result, JsonArray *lines)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "added", result->added);
  json_object_set_int_member (object, "same", result->same);
  json_object_set_int_member (object, "differing", result->differing);
  json_object_set_int_member (object, "refused", result->refused);
  json_object_set_array_member (object, "lines", json_array_ref (lines));
  json_node_take_object (node, object);
  desk_print_json (node);
}

static void
tell_result (const DeskImportResult *result)
{
  desk_print (_ ("Added: %" PRId64 "; there already: %" PRId64 "; different here: %" PRId64
                 "; refused: %" PRId64 "\n"),
              result->added, result->same, result->differing, result->refused);
}

static gboolean
judge (const DeskImportResult *result, GError **error)
{
  gint64 n_lines = result->refused + result->differing;

  if (n_lines == 0)
    return TRUE;
  g_set_error (error, DESK_ERROR, DESK_ERROR_CONFLICT,
               ngettext ("%d line was not taken as it is; what was said of it tells why",
                         "%d lines were not taken as they are; what was said of them tells why",
                         (gulong) n_lines),
               (int) n_lines);
  return FALSE;
}

/* --- what the file is --- */

static gboolean
has_ending (const char *path, const char *ending)
{
  g_autofree char *small = g_ascii_strdown (path, -1);

  return g_str_has_suffix (small, ending);
}

/* An export begins with an object, a table with the name of a column. */
static gboolean
is_table (DeskCli *cli, const char *path, GBufferedInputStream *input)
{
  char start[PEEK_BYTES + 1] = "";

  if (desk_arguments_has (cli->arguments, "csv") || has_ending (path, ".csv") ||
      has_ending (path, ".tsv"))
    return TRUE;
  if (g_buffered_input_stream_fill (input, PEEK_BYTES, NULL, NULL) < 0)
    return FALSE;
  g_buffered_input_stream_peek (input, start, 0, PEEK_BYTES);
  return *g_strchug (start) != '{';
}

/* The name of the file without its folder, unless somebody says otherwise. (transfer full) */
static char *
dup_source (DeskCli *cli, const char *path, GError **error)
{
  const char *source = desk_arguments_get (cli->arguments, "source");
  g_autofree char *base = g_path_get_basename (path);

  if (source != NULL && *source != '\0')
    return g_strdup (source);
  if (!g_str_equal (path, "-"))
    return g_filename_display_name (base);
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("Give the table a name with --source, the same one every time"));
  return NULL;
}

/* --- importing --- */

static gboolean
import_table (DeskCli *cli,
              const char *path,
              GInputStream *input,
              gint64 size,
              Telling *telling,
              DeskImportResult *result,
              GError **error)
{
  g_autofree char *source = dup_source (cli, path, error);
  DeskCsvOptions options = { source, desk_arguments_get (cli->arguments, "key"),
                             desk_arguments_get (cli->arguments, "map") };

  return source != NULL &&
         desk_import_csv (cli->db, input, size, &options, cli->me, desk_cli_now (), tell_line_cb,
                          desk_show_progress, telling, result, NULL, error);
}

static gboolean
import_export (DeskCli *cli,
               GInputStream *input,
               gint64 size,
               Telling *telling,
               DeskImportResult *result,
               GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (cli->db, error);

  return catalogue != NULL &&
         desk_can (DESK_ACTION_KEEP_CATALOGUE, cli->me, NULL, catalogue, desk_cli_now (), error) &&
         desk_import (cli->db, input, size, desk_cli_now (), tell_line_cb, desk_show_progress,
                      telling, result, NULL, error);
}

static gboolean
import (DeskCli *cli, const char *path, GInputStream *stream, gint64 size, GError **error)
{
  g_autoptr (GInputStream) input = g_buffered_input_stream_new (stream);
  g_autoptr (JsonArray) lines = cli->json ? json_array_new () : NULL;
  Telling telling = { lines };
  DeskImportResult result = { 0 };
  gboolean done = is_table (cli, path, G_BUFFERED_INPUT_STREAM (input))
                      ? import_table (cli, path, input, size, &telling, &result, error)
                      : import_export (cli, input, size, &telling, &result, error);

  desk_clear_progress ();
  desk_cli_scrub (cli);
  if (!done && result.added == 0)
    return FALSE;
  if (cli->json)
    tell_result_as_json (&result, lines);
  else
    tell_result (&result);
  return done && judge (&result, error);
}

static gboolean
import_file (DeskCli *cli, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);

  if (stream == NULL)
    return FALSE;
  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);
  return import (cli, path, G_INPUT_STREAM (stream), info != NULL ? g_file_info_get_size (info) : 0,
                 error);
}

static gboolean
exec_import (DeskCli *cli, GError **error)
{
  const char *path = desk_arguments_get_word (cli->arguments, 0);
  g_autoptr (GInputStream) standard_input = NULL;

  if (!desk_cli_open (cli, DESK_DB_OPEN, error))
    return FALSE;
  if (!g_str_equal (path, "-"))
    return import_file (cli, path, error);
  standard_input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  return import (cli, path, standard_input, 0, error);
}

static const DeskOption import_options[] = {
  { "csv", 0, NULL, DESK_OPTION_TEXT, N_ ("the file is a table of tickets, whatever its name is") },
  { "map", 0, "FIELD=COLUMN,…", DESK_OPTION_TEXT,
    N_ ("which column is what, where their names do not say: summary, details, requester, name, "
        "email, topic, department, team, assignee, priority, sla, status, resolution, created, "
        "closed; none after the = leaves it out") },
  { "key", 0, "COLUMN", DESK_OPTION_TEXT, N_ ("the column that tells one row from another") },
  { "source", 0, "NAME", DESK_OPTION_TEXT,
    N_ ("the name of the table, the same one every time (otherwise the file's)") },
  { NULL },
};

const DeskCommand desk_command_import = {
  .name = "import",
  .arguments = "FILE|- [--csv] [--map FIELD=COLUMN,…] [--key COLUMN] [--source NAME]",
  .help = N_ ("Add what an export or a table of tickets has; a second time adds nothing"),
  .options = import_options,
  .min_words = 1,
  .max_words = 1,
  .words_are_files = TRUE,
  .place = DESK_PLACE_FILE,
  .exec = exec_import,
};
