/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl export: everything that the desk cannot make again, as lines of text. */
#include "desk-cli.h"

#include <unistd.h>

#include <gio/gunixoutputstream.h>

#include "desk-export.h"
#include "desk-output.h"

static gboolean
write_to_standard_output (DeskCli *cli, GError **error)
{
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (STDOUT_FILENO, FALSE);

  return desk_export (cli->db, output, desk_show_progress, NULL, NULL, error);
}

static void
tell_written (DeskCli *cli, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *plain = desk_plain_line (name);
  JsonObject *object;
  JsonNode *node;

  if (!cli->json)
    {
      desk_print (_ ("The export is %s\n"), plain);
      return;
    }
  object = json_object_new ();
  node = json_node_new (JSON_NODE_OBJECT);
  json_object_set_string_member (object, "path", name);
  json_node_take_object (node, object);
  desk_print_json (node);
}

/* Whoever may read the file may copy it: nobody is asked for a role. */
static gboolean
exec_export (DeskCli *cli, GError **error)
{
  const char *path = desk_arguments_get_word (cli->arguments, 0);
  gboolean to_file = !g_str_equal (path, "-");
  gboolean done;

  if (!desk_cli_open (cli, DESK_DB_READ, error))
    return FALSE;
  done = to_file ? desk_export_to_file (cli->db, path, desk_show_progress, NULL, NULL, error)
                 : write_to_standard_output (cli, error);
  desk_clear_progress ();
  if (done && to_file)
    tell_written (cli, path);
  return done;
}

const DeskCommand desk_command_export = {
  .name = "export",
  .arguments = "FILE|-",
  .help = N_ ("Write the whole desk as lines of JSON, which import reads"),
  .min_words = 1,
  .max_words = 1,
  .words_are_files = TRUE,
  .place = DESK_PLACE_FILE,
  .exec = exec_export,
};
