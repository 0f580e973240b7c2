/* SPDX-License-Identifier: GPL-3.0-or-later
 * The next page, ahead of time: questions go to a thread, answers come back. */
#include "desk-ahead.h"

struct _DeskAhead
{
  DeskRemote *remote; /* the thread's, and used by nobody else */
  GCancellable *cancellable;
  GThread *thread;
  GAsyncQueue *questions; /* of Question, in both directions */
  GAsyncQueue *answers;
  gboolean is_asked;
};

typedef struct
{
  char *path; /* NULL: that was all */
  char *seen;
  DeskPage *page; /* the answer, or NULL */
  char *mark;
} Question;

static void
free_question (Question *question)
{
  g_clear_pointer (&question->page, desk_page_free);
  g_free (question->path);
  g_free (question->seen);
  g_free (question->mark);
  g_free (question);
}

static void
answer (DeskAhead *self, Question *question)
{
  const DeskAsk ask = { .method = "GET", .path = question->path };

  desk_remote_set_seen (self->remote, question->seen);
  question->page = desk_remote_ask_page (self->remote, &ask, self->cancellable, NULL);
  question->mark = g_strdup (desk_remote_get_seen (self->remote));
  g_async_queue_push (self->answers, question);
}

static gpointer
run (gpointer data)
{
  DeskAhead *self = data;
  Question *question;

  while ((question = g_async_queue_pop (self->questions))->path != NULL)
    answer (self, question);
  free_question (question);
  /* Its connections belong to this thread. */
  g_clear_pointer (&self->remote, desk_remote_free);
  return NULL;
}

DeskAhead *
desk_ahead_new (DeskRemote *remote, GCancellable *cancellable)
{
  DeskAhead *self = g_new0 (DeskAhead, 1);

  self->remote = desk_remote_new_like (remote);
  if (cancellable != NULL)
    self->cancellable = g_object_ref (cancellable);
  self->questions = g_async_queue_new ();
  self->answers = g_async_queue_new ();
  return self;
}

void
desk_ahead_free (DeskAhead *self)
{
  if (self == NULL)
    return;
  if (self->is_asked)
    free_question (g_async_queue_pop (self->answers));
  if (self->thread != NULL)
    {
      g_async_queue_push (self->questions, g_new0 (Question, 1));
      g_thread_join (self->thread);
    }
  desk_remote_free (self->remote);
  g_async_queue_unref (self->questions);
  g_async_queue_unref (self->answers);
  g_clear_object (&self->cancellable);
  g_free (self);
}

void
desk_ahead_ask (DeskAhead *self, const char *path, const char *seen)
{
  Question *question = g_new0 (Question, 1);

  g_return_if_fail (!self->is_asked);

  if (self->thread == NULL)
    self->thread = g_thread_new ("desk-ahead", run, self);
  question->path = g_strdup (path);
  question->seen = g_strdup (seen);
  self->is_asked = TRUE;
  g_async_queue_push (self->questions, question);
}

DeskPage *
desk_ahead_take (DeskAhead *self, const char *path, char **mark)
{
  DeskPage *page = NULL;
  Question *question;

  *mark = NULL;
  if (!self->is_asked)
    return NULL;
  self->is_asked = FALSE;
  question = g_async_queue_pop (self->answers);
  if (g_str_equal (question->path, path))
    {
      page = g_steal_pointer (&question->page);
      *mark = g_steal_pointer (&question->mark);
    }
  free_question (question);
  return page;
}
