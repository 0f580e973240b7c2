/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finding tickets by words or by number. */
#include "desk-search.h"

#include <string.h>

#include "desk-fold.h"
#include "desk-permission.h"
#include "desk-tokenizer.h"

/* More words make no search better, and each costs. */
#define MAX_WORDS 12
/* The index of public texts has a second column, the owner. */
#define WORDS_COLUMN "words : "
/* An agent of a few departments may have to pass over other people's hits; not for ever. */
#define MAX_HITS_PER_RESULT 200

/* What is asked of an index: each word as a quoted prefix, so that no input has a meaning of its
 * own. */
typedef struct
{
  GString *text;
  const char *column; /* "words : " where the index has another one, else "" */
  guint n_words;
} Match;

static void
add_word (const char *word, gsize length, gpointer user_data)
{
  Match *match = user_data;

  if (match->n_words++ >= MAX_WORDS)
    return;
  g_string_append_printf (match->text, "%s%s\"%.*s\"*", match->text->len > 0 ? " AND " : "",
                          match->column, (int) length, word);
}

/* The words are cut by the index's own tokenizer: where it sees two in what we took for one, it
 * would refuse the whole question. NULL without @error when there is no word. */
static char *
make_match (DeskDb *db, const char *words, const char *column, GError **error)
{
  g_autoptr (DeskTokenizer) tokenizer = desk_tokenizer_new (db, error);
  g_autofree char *valid = g_utf8_make_valid (words, -1);
  g_autoptr (GString) text = g_string_new (NULL);
  Match match = { text, column };

  if (tokenizer == NULL || !desk_tokenizer_run (tokenizer, valid, add_word, &match, error) ||
      text->len == 0)
    return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A search under way. */
typedef struct
{
  DeskDb *db;
  const DeskPerson *reader;
  guint limit;
  guint hits_left;
  GHashTable *seen;   /* ticket ids */
  GPtrArray *results; /* of DeskRow */
} Search;

static gboolean
add_ticket (Search *self, gint64 id, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;

  if (!g_hash_table_add (self->seen, g_memdup2 (&id, sizeof id)))
    return TRUE;
  rows = desk_rows_load (self->db, self->reader, &id, 1, DESK_SORT_RECENT, error);
  if (rows == NULL)
    return FALSE;
  if (rows->pdata[0] != NULL)
    g_ptr_array_add (self->results, g_steal_pointer (&rows->pdata[0]));
  return TRUE;
}

static gboolean
add_number (Search *self, const char *words, GError **error)
{
  g_autofree char *ref = g_strstrip (g_strdup (words));
  g_autoptr (DeskFold) fold = NULL;
  GError *failure = NULL;

  if (*ref == '\0')
    return TRUE;
  fold = desk_fold_find (self->db, ref, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return fold == NULL || add_ticket (self, fold->id, error);
}

static gboolean
add_event (Search *self, gint64 event, GError **error)
{
  gint64 ticket;

  return desk_db_get_int (self->db, DESK_SQL_EVENT_TICKET, &ticket, error, "i", event) &&
         (ticket == 0 || add_ticket (self, ticket, error));
}

static gboolean
step (DeskQuery *query, gint64 *rowid, GError **error)
{
  GError *failure = NULL;
  gboolean more = query != NULL && desk_query_next (query, &failure);

  *rowid = more ? desk_query_int (query, 0) : 0;
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* Both indexes give their hits newest first; the merge does too. */
static gboolean
merge (Search *self, DeskQuery *public_hits, DeskQuery *internal_hits, GError **error)
{
  gint64 first, second;

  if (!step (public_hits, &first, error) || !step (internal_hits, &second, error))
    return FALSE;
  while ((first != 0 || second != 0) && self->results->len < self->limit && self->hits_left-- > 0)
    {
      gboolean take_first = first > second;

      if (!add_event (self, take_first ? first : second, error))
        return FALSE;
      if (!step (take_first ? public_hits : internal_hits, take_first ? &first : &second, error))
        return FALSE;
    }
  return TRUE;
}

/* TRUE when @failure, which is taken, is none. */
static gboolean
pass_on (GError *failure, GError **error)
{
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
find_as_agent (Search *self, const char *words, GError **error)
{
  GError *failure = NULL;
  g_autofree char *match = make_match (self->db, words, "", &failure);
  g_autofree char *public_match = NULL;
  g_autoptr (DeskQuery) public_hits = NULL;
  g_autoptr (DeskQuery) internal_hits = NULL;

  if (match != NULL)
    public_match = make_match (self->db, words, WORDS_COLUMN, &failure);
  if (public_match == NULL)
    return pass_on (failure, error);
  public_hits = desk_db_query (self->db, DESK_SQL_FIND_PUBLIC, error, "s", public_match);
  internal_hits = public_hits != NULL
                      ? desk_db_query (self->db, DESK_SQL_FIND_INTERNAL, error, "s", match)
                      : NULL;
  return internal_hits != NULL && merge (self, public_hits, internal_hits, error);
}

static gboolean
find_as_requester (Search *self, const char *words, GError **error)
{
  GError *failure = NULL;
  g_autofree char *match = make_match (self->db, words, WORDS_COLUMN, &failure);
  g_autofree char *own = NULL;
  g_autoptr (DeskQuery) hits = NULL;
  gint64 id;

  if (match == NULL)
    return pass_on (failure, error);
  if (!desk_db_get_int (self->db, DESK_SQL_PERSON_ID, &id, error, "u", self->reader->uid))
    return FALSE;
  own = g_strdup_printf ("owner : \"%" G_GINT64_FORMAT "\" AND %s", id, match);
  hits = desk_db_query (self->db, DESK_SQL_FIND_PUBLIC, error, "s", own);
  return hits != NULL && merge (self, hits, NULL, error);
}

GPtrArray *
desk_search (DeskDb *db, const DeskPerson *reader, const char *words, guint limit, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_row_free);
  gboolean agent = desk_standing_of (reader, NULL) & DESK_STANDING_AGENT;
  Search self = { db, reader, limit, limit * MAX_HITS_PER_RESULT, seen, results };
  gboolean own = !desk_db_in_transaction (db);
  gboolean done;

  if (own && !desk_db_begin_read (db, error))
    return NULL;
  done = add_number (&self, words, error) &&
         (agent ? find_as_agent (&self, words, error) : find_as_requester (&self, words, error));
  if (own)
    desk_db_end_read (db);
  return done ? g_steal_pointer (&results) : NULL;
}
