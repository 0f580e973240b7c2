/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network that loses, delays, doubles and reorders. */
#include "served.h"
#include "simulate.h"

typedef struct
{
  gint64 due;
  guint64 order;
  guint computer;
  guint program;
  guint life; /* the program's when it asked */
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

void
network_drop_some (World *self)
{
  for (guint i = self->messages->len; i > 0; i--)
    {
      const Message *message = g_ptr_array_index (self->messages, i - 1);

      if (message->to_server || chance (self, 50))
        g_ptr_array_remove_index_fast (self->messages, i - 1);
    }
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
  answer = served_answer (self->f.db, self->computers[message->computer].copy->reader,
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
  Program *program = &computer->programs[message->program];
  GError *error = NULL;

  if (message->life != program->life)
    return;
  arm (self, program->copy.db, 5);
  copy_take (&program->copy, message->ask, message->answer, self->f.now, &error);
  if (disarm (program->copy.db, error))
    {
      restart_program (self, computer, &program->copy);
      return;
    }
  say (self, "%s hears: %.60s", computer->device, message->answer);
  program->may_ask[message->ask->kind] = self->f.now;
  note_what_went (computer);
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
      copy_upload (computer->copy, self->f.db, ask->batch->ops->pdata[i]);
}

/* Whether it may go out; FALSE also when the program crashes. */
static gboolean
leave (World *self, Computer *computer, Copy *copy, CopyAsk *asked)
{
  GError *error = NULL;
  gboolean leaves;

  arm (self, copy->db, 3);
  leaves = copy_leave (copy, asked, &error);
  /* There is no network at all: so much is certain. */
  if (leaves && computer->away_until > self->f.now && chance (self, 50))
    leaves = copy_stay (copy, asked, &error) && FALSE;
  if (!disarm (copy->db, error))
    return leaves;
  restart_program (self, computer, copy);
  return FALSE;
}

static void
ask (World *self, guint i, CopyAskKind kind)
{
  Computer *computer = &self->computers[i];
  Program *program = &computer->programs[computer->turn];
  GError *error = NULL;
  g_autoptr (CopyAsk) asked = copy_ask (&program->copy, kind, &error);
  Message message = { .computer = i, .program = computer->turn, .life = program->life };

  g_assert_no_error (error);
  if (asked == NULL)
    return;
  message.ask = asked;
  upload (self, computer, asked);
  program->may_ask[kind] = self->f.now + PATIENCE_SECS;
  if (leave (self, computer, &program->copy, asked))
    post_somehow (self, &message, TRUE, NULL);
}

static void
index_some (World *self, Computer *computer)
{
  Copy *copy = &computer->programs[computer->turn].copy;
  GError *error = NULL;
  gint64 left;

  arm (self, copy->db, 5);
  desk_replica_index (copy->db, 2, &left, &error);
  if (disarm (copy->db, error))
    restart_program (self, computer, copy);
}

static void
tick_computer (World *self, guint i)
{
  Computer *computer = &self->computers[i];

  for (CopyAskKind kind = 0; kind < COPY_N_ASKS; kind++)
    if (computer->programs[computer->turn].may_ask[kind] <= self->f.now && chance (self, 40))
      ask (self, i, kind);
  if (chance (self, 5))
    index_some (self, computer);
  if (chance (self, 1))
    restart_program (self, computer, &computer->programs[pick (self, N_PROGRAMS)].copy);
  if (chance (self, 2))
    pass_turn (self, computer);
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
