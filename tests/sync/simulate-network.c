/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network that loses, delays, doubles and reorders, and programs that crash. */
#include <glib/gstdio.h>
#include <string.h>

#include "desk-feed.h"
#include "served.h"
#include "simulate.h"

typedef struct
{
  gint64 due;
  guint64 order;
  guint computer;
  guint life; /* the computer's when it asked */
  gboolean to_server;
  CopyAsk *ask;
  char *answer;
} Message;

static void
free_message (Message *message)
{
  copy_ask_unref (message->ask);
  g_free (message->answer);
  g_free (message);
}

/* --- crashes --- */

/* Steps of SQLite's machine until the program is gone. */
static guint steps_left;
static gboolean crashed;

static int
count_step (void *data)
{
  crashed |= steps_left > 0 && --steps_left == 0;
  return crashed;
}

void
arm (World *self, DeskDb *db, guint percent)
{
  static const guint spans[] = { 100, 1000, 10000 };

  crashed = FALSE;
  steps_left = chance (self, percent) ? 1 + pick (self, spans[pick (self, 3)]) : 0;
  sqlite3_progress_handler (desk_db_get_handle (db), steps_left > 0 ? 1 : 0, count_step, NULL);
}

gboolean
disarm (DeskDb *db, GError *error)
{
  sqlite3_progress_handler (desk_db_get_handle (db), 0, NULL, NULL);
  if (error != NULL && !crashed)
    g_error ("%s", error->message);
  g_clear_error (&error);
  return crashed;
}

void
restart_computer (World *self, Computer *computer)
{
  say (self, "%s's program crashes", computer->device);
  self->n_crashes++;
  copy_close (&computer->copy);
  copy_open (&computer->copy);
  computer->life++;
  memset (computer->may_ask, 0, sizeof computer->may_ask);
}

static void
drop_connections (World *self, gboolean all)
{
  for (guint i = self->messages->len; i > 0; i--)
    {
      const Message *message = g_ptr_array_index (self->messages, i - 1);

      if (message->to_server || all || chance (self, 50))
        g_ptr_array_remove_index_fast (self->messages, i - 1);
    }
}

void
start_server (World *self)
{
  g_autoptr (GBytes) key = g_bytes_new_static ("k", 1);
  GError *error = NULL;
  g_autoptr (GBytes) kept = desk_feed_start (self->f.db, key, self->f.now, &error);

  g_assert_no_error (error);
}

static void
copy_content (const char *from, const char *to)
{
  g_autofree char *content = NULL;
  GError *error = NULL;
  gsize size;

  g_file_get_contents (from, &content, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, content, (gssize) size, &error);
  g_assert_no_error (error);
}

void
restart_server (World *self, const char *content)
{
  GError *error = NULL;

  desk_db_close (self->f.db);
  if (content != NULL)
    copy_content (content, self->f.path);
  self->f.db = desk_db_open (self->f.path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  g_hash_table_remove_all (self->f.people);
  drop_connections (self, FALSE);
  start_server (self);
}

void
take_backup (World *self)
{
  say (self, "a backup is taken");
  restart_server (self, NULL);
  desk_db_settle (self->f.db);
  g_free (self->backup);
  self->backup = g_build_filename (self->f.folder, "backup", NULL);
  copy_content (self->f.path, self->backup);
}

void
restore_backup (World *self)
{
  if (self->backup == NULL)
    return;
  say (self, "the desk is restored");
  self->n_restores++;
  restart_server (self, self->backup);
}

/* --- computers that are lost --- */

gboolean
is_served (World *self, const Computer *computer)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) person = desk_people_find_uid (self->f.db, computer->copy.reader, &error);

  g_assert_no_error (error);
  return person != NULL && !person->removed;
}

static void
remove_file (const char *path)
{
  static const char *const parts[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *part = g_strconcat (path, parts[i], NULL);

      g_unlink (part);
    }
}

void
lose_computer (World *self, Computer *computer)
{
  g_autofree char *path = g_strdup (computer->copy.path);
  g_autofree char *reader = g_strdup (computer->copy.reader);
  gint64 skew = computer->copy.skew;

  if (!is_served (self, computer))
    return;
  say (self, "%s is lost", computer->device);
  copy_clear (&computer->copy);
  remove_file (path);
  computer->copy.skew = skew;
  copy_create (&computer->copy, path, self->f.db, reader);
  computer->life++;
  g_ptr_array_set_size (computer->kept, 0);
  g_clear_pointer (&computer->old_file, g_free);
}

void
keep_file (World *self, Computer *computer)
{
  say (self, "%s's file is kept", computer->device);
  copy_close (&computer->copy);
  copy_open (&computer->copy);
  desk_db_settle (computer->copy.db);
  g_free (computer->old_file);
  computer->old_file = g_strconcat (computer->copy.path, "-kept", NULL);
  copy_content (computer->copy.path, computer->old_file);
  computer->n_old_kept = computer->kept->len;
  restart_computer (self, computer);
}

void
restore_file (World *self, Computer *computer)
{
  if (computer->old_file == NULL)
    return;
  say (self, "%s's file is restored", computer->device);
  copy_close (&computer->copy);
  remove_file (computer->copy.path);
  copy_content (computer->old_file, computer->copy.path);
  copy_open (&computer->copy);
  g_ptr_array_set_size (computer->kept, (gint) computer->n_old_kept);
  computer->life++;
  memset (computer->may_ask, 0, sizeof computer->may_ask);
}

/* --- the network --- */

void
network_open (World *self)
{
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) free_message);
  served_set_page (1 + pick (self, 6), 2 + pick (self, 6));
  start_server (self);
}

void
network_close (World *self)
{
  g_ptr_array_unref (self->messages);
}

void
network_lose_all (World *self)
{
  g_ptr_array_set_size (self->messages, 0);
}

static void
post (World *self, const Message *like, gboolean to_server, const char *answer)
{
  Message *message = g_new0 (Message, 1);

  *message = *like;
  message->due = self->f.now + pick (self, chance (self, 20) ? 40 : 5);
  message->order = self->order++;
  message->to_server = to_server;
  message->ask = copy_ask_ref (like->ask);
  message->answer = g_strdup (answer);
  g_ptr_array_add (self->messages, message);
}

static void
post_somehow (World *self, const Message *like, gboolean to_server, const char *answer)
{
  const Computer *computer = &self->computers[like->computer];

  if (chance (self, 8) || computer->away_until > self->f.now)
    return;
  post (self, like, to_server, answer);
  if (chance (self, 8))
    post (self, like, to_server, answer);
}

static void
serve (World *self, const Message *message)
{
  GError *error = NULL;
  g_autofree char *answer = NULL;

  arm (self, self->f.db, 4);
  answer = served_answer (self->f.db, self->computers[message->computer].copy.reader,
                          message->ask->request, self->f.now, &error);
  if (disarm (self->f.db, error) || chance (self, 2))
    {
      say (self, "the server crashes");
      self->n_crashes++;
      restart_server (self, NULL);
      return;
    }
  post_somehow (self, message, FALSE, answer);
}

static void
hear (World *self, const Message *message)
{
  Computer *computer = &self->computers[message->computer];
  GError *error = NULL;

  if (message->life != computer->life)
    return;
  arm (self, computer->copy.db, 5);
  copy_take (&computer->copy, message->ask, message->answer, self->f.now, &error);
  if (disarm (computer->copy.db, error))
    {
      restart_computer (self, computer);
      return;
    }
  say (self, "%s hears: %.60s", computer->device, message->answer);
  computer->may_ask[message->ask->kind] = self->f.now;
}

static int
compare_messages (gconstpointer a, gconstpointer b)
{
  const Message *first = *(Message *const *) a;
  const Message *second = *(Message *const *) b;

  if (first->due != second->due)
    return first->due < second->due ? -1 : 1;
  return first->order < second->order ? -1 : 1;
}

static void
deliver (World *self)
{
  while (self->messages->len > 0)
    {
      Message *message;

      g_ptr_array_sort (self->messages, compare_messages);
      message = g_ptr_array_index (self->messages, 0);
      if (message->due > self->f.now)
        return;
      g_ptr_array_steal_index (self->messages, 0);
      if (message->to_server)
        serve (self, message);
      else if (self->computers[message->computer].away_until <= self->f.now)
        hear (self, message);
      free_message (message);
    }
}

/* --- computers --- */

#define PATIENCE_SECS 15

/* What ops refer to goes first, over connections of its own that may be lost. */
static void
upload (World *self, Computer *computer, const CopyAsk *ask)
{
  if (ask->batch == NULL || computer->away_until > self->f.now)
    return;
  for (guint i = 0; i < ask->batch->ops->len; i++)
    if (!chance (self, 10))
      copy_upload (&computer->copy, self->f.db, ask->batch->ops->pdata[i]);
}

static void
ask (World *self, guint i, CopyAskKind kind)
{
  Computer *computer = &self->computers[i];
  GError *error = NULL;
  g_autoptr (CopyAsk) asked = NULL;
  Message message = { .computer = i, .life = computer->life };

  asked = copy_ask (&computer->copy, kind, &error);
  g_assert_no_error (error);
  if (asked == NULL)
    return;
  message.ask = asked;
  upload (self, computer, asked);
  computer->may_ask[kind] = self->f.now + PATIENCE_SECS;
  post_somehow (self, &message, TRUE, NULL);
}

static void
tick_computer (World *self, guint i)
{
  Computer *computer = &self->computers[i];
  GError *error = NULL;
  gint64 left;

  for (CopyAskKind kind = 0; kind < COPY_N_ASKS; kind++)
    if (computer->may_ask[kind] <= self->f.now && chance (self, 40))
      ask (self, i, kind);
  if (chance (self, 5))
    {
      arm (self, computer->copy.db, 5);
      desk_replica_index (computer->copy.db, 2, &left, &error);
      if (disarm (computer->copy.db, error))
        restart_computer (self, computer);
    }
  if (chance (self, 1))
    restart_computer (self, computer);
  if (chance (self, 1))
    computer->away_until = self->f.now + 10 + pick (self, 100);
}

void
network_tick (World *self)
{
  self->f.now++;
  for (guint i = 0; i < N_COMPUTERS; i++)
    tick_computer (self, i);
  deliver (self);
}
