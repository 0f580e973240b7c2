/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl attachment: get a file of a ticket out again. */
#include "desk-cli-remote.h"

#include <unistd.h>

#include <gio/gunixoutputstream.h>

#include "desk-blobs.h"
#include "desk-output.h"
#include "desk-text.h"

/* The newest attachment of this name; an older one is found by its SHA-256. Lent. */
static const DeskAttachment *
find_attachment (const DeskCase *ticket, const char *name, GError **error)
{
  for (guint i = ticket->events->len; i-- > 0;)
    {
      const DeskEvent *event = g_ptr_array_index (ticket->events, i);

      for (guint j = event->attachments->len; j-- > 0;)
        {
          const DeskAttachment *attachment = g_ptr_array_index (event->attachments, j);

          if (g_str_equal (attachment->name, name) || g_str_equal (attachment->sha256, name))
            return attachment;
        }
    }
  g_set_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH,
               _ ("#%s has no attachment %s; deskbellctl show %s lists them"),
               ticket->ticket->number, name, ticket->ticket->number);
  return NULL;
}

static gboolean
write_to (DeskCli *cli,
          const DeskCase *ticket,
          const DeskAttachment *attachment,
          GOutputStream *output,
          GError **error)
{
  gboolean done = desk_blobs_write (cli->db, cli->me, ticket->ticket->uid, attachment->sha256,
                                    output, desk_show_progress, NULL, NULL, error);

  desk_clear_progress ();
  return done && g_output_stream_close (output, NULL, error);
}

/* Leaves the file whole or not there at all. */
static gboolean
write_to_new_file (DeskCli *cli,
                   const DeskCase *ticket,
                   const DeskAttachment *attachment,
                   GError **error)
{
  g_autofree char *name = desk_file_name_clean (attachment->name);
  g_autoptr (GFile) file = g_file_new_for_path (name);
  g_autoptr (GFileOutputStream) output = g_file_create (file, G_FILE_CREATE_NONE, NULL, error);

  if (output == NULL)
    {
      g_prefix_error (error, _ ("%s is not written (another place: -o FILE): "), name);
      return FALSE;
    }
  if (!write_to (cli, ticket, attachment, G_OUTPUT_STREAM (output), error))
    {
      g_file_delete (file, NULL, NULL);
      return FALSE;
    }
  desk_print ("%s\n", name);
  return TRUE;
}

/* Puts the file in the place of an older one only when it is whole: a stream that is dropped
 * unfinished would do it too, unless it is closed as cancelled. */
static gboolean
replace_file (DeskCli *cli,
              const DeskCase *ticket,
              const DeskAttachment *attachment,
              const char *path,
              GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GFileOutputStream) output =
      g_file_replace (file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, error);

  if (output == NULL)
    return FALSE;
  if (write_to (cli, ticket, attachment, G_OUTPUT_STREAM (output), error))
    return TRUE;
  g_cancellable_cancel (cancelled);
  g_output_stream_close (G_OUTPUT_STREAM (output), cancelled, NULL);
  return FALSE;
}

static gboolean
exec_attachment (DeskCli *cli, GError **error)
{
  const char *path = desk_arguments_get (cli->arguments, "output");
  g_autoptr (DeskCase) ticket = desk_cli_load (cli, DESK_DB_READ, error);
  const DeskAttachment *attachment;
  g_autoptr (GOutputStream) standard_output = NULL;

  if (ticket == NULL)
    return FALSE;
  attachment = find_attachment (ticket, desk_arguments_get_word (cli->arguments, 1), error);
  if (attachment == NULL)
    return FALSE;
  if (!desk_cli_fetch_file (cli, ticket, attachment, error))
    return FALSE;
  if (path != NULL && !g_str_equal (path, "-"))
    return replace_file (cli, ticket, attachment, path, error);
  /* A file may hold anything, also what a terminal obeys. */
  if (isatty (STDOUT_FILENO))
    return write_to_new_file (cli, ticket, attachment, error);
  standard_output = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  return write_to (cli, ticket, attachment, standard_output, error);
}

static const DeskOption attachment_options[] = {
  { "output", 'o', "FILE", DESK_OPTION_FILE,
    N_ ("where to; otherwise standard output, or a new file when that is a terminal") },
  { NULL },
};

const DeskCommand desk_command_attachment = {
  .name = "attachment",
  .arguments = "NUMBER NAME [-o FILE]",
  .help = N_ ("Get a file of a ticket, by its name or SHA-256"),
  .options = attachment_options,
  .min_words = 2,
  .max_words = 2,
  .exec = exec_attachment,
};
