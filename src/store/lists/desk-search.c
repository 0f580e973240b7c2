/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finding tickets by words or by number. */
#include "desk-search.h"

#include <string.h>

#include "desk-documents.h"
#include "desk-fold.h"
#include "desk-reader.h"
#include "desk-spread.h"
#include "desk-tokenizer.h"
#include "desk-uid.h"

/* More words make no search better, and each costs. */
#define MAX_WORDS 12
/* The index finds starts of words up to this length at once, as in sql/001-desk.sql. */
#define PREFIX_CHARS 4
/* A longer start is looked up among the words that there are. Up to so many of them are asked for
 * by name, which gives the newest hits at once; for more of them the index has to gather all hits.
 */
#define MAX_FORMS 48
/* An agent of a few departments may have to pass over other people's hits; not for ever. One that
 * is far from the last is in another page of each index, and so counts as three. */
#define MAX_HITS 2000
#define FAR      400

/* --- the question --- */

static void
add_word_cb (const char *word, gsize length, gpointer user_data)
{
  GPtrArray *words = user_data;

  if (words->len < MAX_WORDS && g_strstr_len (word, length, DESK_DOCUMENT_OWNER_SIGN) == NULL)
    g_ptr_array_add (words, g_strndup (word, length));
}

/* The words are cut by the index's own tokenizer: where it sees two in what we took for one, it
 * would refuse the whole question. (transfer full) (element-type char) */
static GPtrArray *
cut_words (DeskDb *db, const char *text, GError **error)
{
  g_autoptr (DeskTokenizer) tokenizer = desk_tokenizer_new (db, error);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) spread = g_string_new (NULL);

  desk_spread_question (spread, valid);
  if (tokenizer == NULL || !desk_tokenizer_run (tokenizer, spread->str, add_word_cb, words, error))
    return NULL;
  return g_steal_pointer (&words);
}

/* The first word of the index from @from on that starts with @start; NULL without @error when there
 * is none. (transfer full) */
static char *
next_form (DeskDb *db, DeskSql sql, const char *from, const char *start, GError **error)
{
  g_autofree char *end = g_strconcat (start, "\xf4\x8f\xbf\xbf", NULL);
  g_autoptr (DeskQuery) query = desk_db_query (db, sql, error, "ss", from, end);

  return query != NULL && desk_query_next (query, error) ? desk_query_dup_text (query, 0) : NULL;
}

/* Makes alternatives of the words of the index that start with @word. Their number; -1 on error. */
static int
collect_forms (GString *forms, DeskDb *db, DeskSql sql, const char *word, GError **error)
{
  g_autofree char *from = g_strdup (word);
  GError *failure = NULL;
  int n = 0;

  for (; n <= MAX_FORMS; n++)
    {
      g_autofree char *form = next_form (db, sql, from, word, &failure);

      if (form == NULL)
        break;
      g_string_append_printf (forms, "%s\"%s\"", n > 0 ? " OR " : "", form);
      g_free (from);
      from = g_strconcat (form, "\x01", NULL);
    }
  if (failure == NULL)
    return n;
  g_propagate_error (error, failure);
  return -1;
}

/* A single letter starts every tenth word; it has to be one itself. Scripts without spaces are
 * another matter. */
static gboolean
is_whole_word (const char *word)
{
  return g_utf8_strlen (word, -1) == 1 && !g_unichar_iswide (g_utf8_get_char (word));
}

/* FALSE without @error when the word is nowhere. */
static gboolean
append_word (GString *match, DeskDb *db, DeskSql sql, const char *word, GError **error)
{
  g_autoptr (GString) forms = g_string_new (NULL);
  int n = MAX_FORMS + 1;

  if (g_utf8_strlen (word, -1) > PREFIX_CHARS)
    n = collect_forms (forms, db, sql, word, error);
  if (match->len > 0)
    g_string_append (match, " AND ");
  if (n <= MAX_FORMS)
    g_string_append_printf (match, "(%s)", forms->str);
  else
    g_string_append_printf (match, "\"%s\"%s", word, is_whole_word (word) ? "" : "*");
  return n > 0;
}

/* What is asked of one index, each word quoted, so that no input has a meaning of its own. @owner
 * (nullable): whose documents only. @sql: how it tells its words. NULL without @error when nothing
 * can be found. (transfer full) */
static char *
make_match (DeskDb *db, DeskSql sql, GPtrArray *words, const char *owner, GError **error)
{
  g_autoptr (GString) match = g_string_new (NULL);

  if (owner != NULL)
    g_string_append_printf (match, "\"%s\"", owner);
  for (guint i = 0; i < words->len; i++)
    if (!append_word (match, db, sql, words->pdata[i], error))
      return NULL;
  return words->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

/* --- the hits --- */

/* A search under way. */
typedef struct
{
  DeskDb *db;
  const DeskReader *reader;
  guint limit;
  int hits_left;
  GHashTable *seen; /* ticket ids, those that may not be seen too */
  GArray *tickets;  /* of gint64 ids, in order */
} Search;

static gboolean
is_new (Search *self, gint64 id)
{
  return g_hash_table_add (self->seen, g_memdup2 (&id, sizeof id));
}

/* A number is not a word: whoever may see the ticket finds it. Loading says who may. */
static gboolean
add_number (Search *self, const char *words, GError **error)
{
  g_autofree char *ref = g_strstrip (g_strdup (words));
  const char *number = ref[0] == '#' ? ref + 1 : ref;
  gint64 id = 0;
  gboolean done = desk_uid_is_valid (ref)
                      ? desk_db_get_int (self->db, DESK_SQL_TICKET_ID_BY_UID, &id, error, "u", ref)
                      : desk_db_get_int (self->db, DESK_SQL_NUMBER_TAKEN, &id, error, "s", number);
  g_autofree char *whole = done && id == 0 ? desk_fold_complete_number (self->db, number) : NULL;

  if (whole != NULL)
    done = desk_db_get_int (self->db, DESK_SQL_NUMBER_TAKEN, &id, error, "s", whole);
  if (done && id != 0 && is_new (self, id))
    g_array_append_val (self->tickets, id);
  return done;
}

/* A note is nothing to a requester, even where they are an agent elsewhere. */
static gboolean
may_see (Search *self, DeskQuery *hits, gboolean is_public)
{
  return desk_reader_works_on (self->reader, desk_query_int (hits, 2), desk_query_int (hits, 3),
                               desk_query_int (hits, 4)) ||
         (is_public && self->reader->id != 0 && desk_query_int (hits, 5) == self->reader->id);
}

static void
take_hit (Search *self, DeskQuery *hits, gboolean is_public)
{
  gint64 ticket = desk_query_int (hits, 1);

  if (may_see (self, hits, is_public) && is_new (self, ticket))
    g_array_append_val (self->tickets, ticket);
}

/* @event: 0 at the end. */
static gboolean
step (DeskQuery *hits, gint64 *event, GError **error)
{
  GError *failure = NULL;
  gboolean more = hits != NULL && desk_query_next (hits, &failure);

  *event = more ? desk_query_int (hits, 0) : 0;
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
count_hit (Search *self, gint64 event, gint64 last)
{
  self->hits_left -= last - event > FAR ? 3 : 1;
}

/* Both indexes give their hits newest first; the merge does too. Either may be NULL. */
static gboolean
merge (Search *self, DeskQuery *public_hits, DeskQuery *internal_hits, GError **error)
{
  gint64 first, second;
  gint64 last = G_MAXINT64;

  if (!step (public_hits, &first, error) || !step (internal_hits, &second, error))
    return FALSE;
  while ((first != 0 || second != 0) && self->tickets->len < self->limit && self->hits_left > 0)
    {
      gboolean is_public = first > second;
      DeskQuery *hits = is_public ? public_hits : internal_hits;

      count_hit (self, MAX (first, second), last);
      last = MAX (first, second);
      take_hit (self, hits, is_public);
      if (!step (hits, is_public ? &first : &second, error))
        return FALSE;
    }
  return TRUE;
}

/* Starts asking one index; NULL without @error when it has no hit. */
static DeskQuery *
ask (Search *self, DeskAudience audience, GPtrArray *words, const char *owner, GError **error)
{
  static const DeskSql statements[2][2] = {
    [DESK_AUDIENCE_PUBLIC] = { DESK_SQL_WORD_PUBLIC, DESK_SQL_FIND_PUBLIC },
    [DESK_AUDIENCE_INTERNAL] = { DESK_SQL_WORD_INTERNAL, DESK_SQL_FIND_INTERNAL },
  };
  g_autofree char *match = make_match (self->db, statements[audience][0], words, owner, error);

  return match != NULL ? desk_db_query (self->db, statements[audience][1], error, "s", match)
                       : NULL;
}

static gboolean
find (Search *self, GPtrArray *words, GError **error)
{
  g_autofree char *owner = self->reader->agent ? NULL : desk_document_get_owner (self->reader->id);
  g_autoptr (DeskQuery) public_hits = NULL;
  g_autoptr (DeskQuery) internal_hits = NULL;
  GError *failure = NULL;

  public_hits = ask (self, DESK_AUDIENCE_PUBLIC, words, owner, &failure);
  if (self->reader->agent && failure == NULL)
    internal_hits = ask (self, DESK_AUDIENCE_INTERNAL, words, NULL, &failure);
  if (failure == NULL)
    return merge (self, public_hits, internal_hits, error);
  g_propagate_error (error, failure);
  return FALSE;
}

static GPtrArray *
search (Search *self, const DeskPerson *person, const char *text, GError **error)
{
  g_autoptr (GPtrArray) words = cut_words (self->db, text, error);
  GPtrArray *rows;

  if (words == NULL || !add_number (self, text, error) || !find (self, words, error))
    return NULL;
  rows = desk_rows_load (self->db, person, (const gint64 *) (gpointer) self->tickets->data,
                         self->tickets->len, error);
  while (rows != NULL && g_ptr_array_remove (rows, NULL))
    ;
  return rows;
}

GPtrArray *
desk_search (DeskDb *db, const DeskPerson *person, const char *words, guint limit, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) tickets = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (DeskReader) reader = { 0 };
  Search self = { db, &reader, limit, MAX_HITS, seen, tickets };
  gboolean own = !desk_db_in_transaction (db);
  GPtrArray *rows = NULL;

  if (own && !desk_db_begin_read (db, error))
    return NULL;
  if (desk_reader_open (db, person, &reader, error))
    rows = search (&self, person, words, error);
  if (own)
    desk_db_end_read (db);
  return rows;
}
