/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers that were given lately, by everything that they depend on. */
#include "desk-answers.h"

#include <string.h>

/* What an answer costs besides its text, about. */
#define ENTRY_BYTES 200

typedef struct
{
  char *person; /* uid */
  DeskRole role;
  gint64 revision;
  char *ref;
  GBytes *text;
  gint64 no;
} Answer;

struct _DeskAnswers
{
  gsize max_bytes;
  GMutex lock;     /* of what follows */
  GHashTable *all; /* of Answer */
  gsize bytes;
  guint n_commits; /* when all of them were true */
};

static guint
hash_answer (gconstpointer data)
{
  const Answer *answer = data;

  return g_str_hash (answer->person) * 33 + g_str_hash (answer->ref);
}

static gboolean
is_same_question (gconstpointer a, gconstpointer b)
{
  const Answer *first = a, *second = b;

  return first->role == second->role && first->revision == second->revision &&
         g_str_equal (first->ref, second->ref) && g_str_equal (first->person, second->person);
}

static void
free_answer (gpointer data)
{
  Answer *answer = data;

  g_free (answer->person);
  g_free (answer->ref);
  g_bytes_unref (answer->text);
  g_free (answer);
}

DeskAnswers *
desk_answers_new (gsize max_bytes)
{
  DeskAnswers *self = g_new0 (DeskAnswers, 1);

  self->max_bytes = max_bytes;
  self->all = g_hash_table_new_full (hash_answer, is_same_question, free_answer, NULL);
  g_mutex_init (&self->lock);
  return self;
}

void
desk_answers_free (DeskAnswers *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->all);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static Answer
ask (const DeskPerson *person, const char *ref)
{
  return (Answer){ person->uid, person->role, person->revision, (char *) ref, NULL, 0 };
}

/* With the lock. */
static void
forget (DeskAnswers *self)
{
  g_hash_table_remove_all (self->all);
  self->bytes = 0;
}

GBytes *
desk_answers_find (
    DeskAnswers *self, guint n_commits, const DeskPerson *person, const char *ref, gint64 *no)
{
  const Answer question = ask (person, ref);
  const Answer *answer = NULL;
  GBytes *text = NULL;

  g_mutex_lock (&self->lock);
  if (n_commits == self->n_commits)
    answer = g_hash_table_lookup (self->all, &question);
  if (answer != NULL)
    {
      text = g_bytes_ref (answer->text);
      *no = answer->no;
    }
  g_mutex_unlock (&self->lock);
  return text;
}

/* With the lock. TRUE: what was read after @n_commits commits is of the same desk as all others. */
static gboolean
enter (DeskAnswers *self, guint n_commits)
{
  /* The count may wrap around. */
  if ((gint) (n_commits - self->n_commits) > 0)
    {
      forget (self);
      self->n_commits = n_commits;
    }
  return n_commits == self->n_commits;
}

void
desk_answers_add (DeskAnswers *self,
                  guint n_commits,
                  const DeskPerson *person,
                  const char *ref,
                  GBytes *text,
                  gint64 no)
{
  gsize bytes = ENTRY_BYTES + strlen (ref) + g_bytes_get_size (text);
  Answer *answer;

  if (bytes > self->max_bytes)
    return;
  answer = g_new (Answer, 1);
  *answer = (Answer){ g_strdup (person->uid), person->role,       person->revision,
                      g_strdup (ref),         g_bytes_ref (text), no };
  g_mutex_lock (&self->lock);
  if (enter (self, n_commits) && !g_hash_table_contains (self->all, answer))
    {
      if (self->bytes + bytes > self->max_bytes)
        forget (self);
      self->bytes += bytes;
      g_hash_table_add (self->all, g_steal_pointer (&answer));
    }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&answer, free_answer);
}
