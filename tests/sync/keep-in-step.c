/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an app does with its syncer, as a program: keeps the copy of ADDRESS and LOGIN in step with
 * its server, prints every status in a line, and takes words: retry, refused, drop UID, seen UID
 * NO, looking UID, answering UID, away, stop, quit. */
#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "desk-enums.h"
#include "desk-people.h"
#include "desk-syncer.h"
#include "desk-tickets.h"

static GMainLoop *loop;
static DeskAccount *account;

static void
tell_cb (DeskSyncer *syncer, gpointer data)
{
  const DeskSyncerStatus *status = desk_syncer_get_status (syncer);

  if (status->upload_op != NULL)
    printf ("upload %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", status->upload_op,
            status->upload_name, status->sent_bytes, status->size_bytes);
  printf ("%s tickets=%d waiting=%d refused=%d unindexed=%d trouble=%s\n",
          desk_enum_get_nick (DESK_TYPE_SYNCER_STATE, (int) status->state), (int) status->n_tickets,
          (int) status->waiting, (int) status->refused, (int) status->unindexed,
          status->trouble != NULL ? status->trouble->message : "");
  fflush (stdout);
}

static char *here; /* the ticket that is open */

/* Who else is there. */
static void
tell_presence_cb (DeskSyncer *syncer, gpointer data)
{
  g_autoptr (GPtrArray) others = here != NULL ? desk_syncer_list_present (syncer, here)
                                              : desk_presence_list_new ();

  printf ("present");
  for (guint i = 0; i < others->len; i++)
    {
      const DeskPresent *other = others->pdata[i];

      printf (" %s=%s", other->person, desk_enum_get_nick (DESK_TYPE_PRESENCE, (int) other->state));
    }
  printf ("\n");
  fflush (stdout);
}

static void
go (DeskSyncer *syncer, const char *ticket, gboolean answering)
{
  g_free (here);
  here = g_strdup (ticket);
  desk_syncer_set_looking (syncer, &here, ticket, answering);
}

static void
refused_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = desk_syncer_refused_finish (DESK_SYNCER (object), result, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < items->len; i++)
    {
      const DeskOutboxItem *item = items->pdata[i];

      printf ("refused-op %s %s\n", item->op->uid, item->problem->code);
    }
  printf ("refused-end\n");
  fflush (stdout);
}

static void
dropped_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  desk_syncer_drop_finish (DESK_SYNCER (object), result, &error);
  g_assert_no_error (error);
}

/* As DeskStore does it. */
static void
mark_seen (const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", 2);
  g_autoptr (DeskDb) db = desk_db_open (account->path, DESK_DB_OPEN, NULL);
  g_autoptr (DeskPerson) me = desk_people_find_uid (db, account->person, NULL);

  g_assert_true (
      desk_db_begin (db, NULL) &&
      desk_tickets_mark_seen (db, me, parts[0], g_ascii_strtoll (parts[1], NULL, 10), NULL) &&
      desk_db_commit (db, NULL));
}

static void
stopped_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  printf ("stopped\n");
  fflush (stdout);
}

/* As a window does it. */
static void
stop (DeskSyncer *syncer)
{
  desk_syncer_stop_async (syncer, stopped_cb, NULL);
  printf ("stopping\n");
  fflush (stdout);
}

static void read_word (GDataInputStream *words, DeskSyncer *syncer);

static void
word_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  GDataInputStream *words = G_DATA_INPUT_STREAM (object);
  g_autofree char *word = g_data_input_stream_read_line_finish (words, result, NULL, NULL);

  if (word == NULL || g_str_equal (word, "quit"))
    {
      g_main_loop_quit (loop);
      return;
    }
  if (g_str_equal (word, "retry"))
    desk_syncer_retry (data);
  if (g_str_equal (word, "refused"))
    desk_syncer_refused_async (data, NULL, refused_cb, NULL);
  if (g_str_has_prefix (word, "drop "))
    desk_syncer_drop_async (data, word + strlen ("drop "), NULL, dropped_cb, NULL);
  if (g_str_has_prefix (word, "seen "))
    mark_seen (word + strlen ("seen "));
  if (g_str_has_prefix (word, "looking "))
    go (data, word + strlen ("looking "), FALSE);
  if (g_str_has_prefix (word, "answering "))
    go (data, word + strlen ("answering "), TRUE);
  if (g_str_equal (word, "away"))
    go (data, NULL, FALSE);
  if (g_str_equal (word, "stop"))
    stop (data);
  read_word (words, data);
}

static void
read_word (GDataInputStream *words, DeskSyncer *syncer)
{
  g_data_input_stream_read_line_async (words, G_PRIORITY_DEFAULT, NULL, word_cb, syncer);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskSyncer) syncer = NULL;
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) words = g_data_input_stream_new (input);

  account = argc == 3 ? desk_account_find (argv[1], argv[2], &error) : NULL;
  if (account == NULL)
    {
      fprintf (stderr, "%s\n",
               error != NULL ? error->message : "usage: keep-in-step ADDRESS LOGIN");
      return 2;
    }
  loop = g_main_loop_new (NULL, FALSE);
  syncer = desk_syncer_new (account);
  g_signal_connect (syncer, "changed", G_CALLBACK (tell_cb), NULL);
  g_signal_connect (syncer, "presence", G_CALLBACK (tell_presence_cb), NULL);
  read_word (words, syncer);
  g_main_loop_run (loop);
  desk_syncer_stop (syncer);
  g_main_loop_unref (loop);
  g_free (here);
  desk_account_free (account);
  return 0;
}
