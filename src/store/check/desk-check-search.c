/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether the search index holds, word for word, the documents that the events make.
 *
 * The index keeps no text, but tells which word is in which document. So each document has a sum
 * over its words: added up from the events, taken away again by what the index holds. A sum that is
 * not 0 in the end belongs to a document that is not as it should be. */
#include "desk-check-private.h"

#include "desk-documents.h"
#include "desk-tokenizer.h"

/* How many documents are told of one by one; a lost index would be millions. */
#define TELL_MAX 100
/* Rows of the index between two signs of life. */
#define ROWS_PER_STEP 65536

/* Fowler, Noll and Vo's hash, with a last mixing because sums are taken of it. */
#define HASH_START G_GUINT64_CONSTANT (14695981039346656037)
#define HASH_PRIME G_GUINT64_CONSTANT (1099511628211)
#define HASH_MIX   G_GUINT64_CONSTANT (0xff51afd7ed558ccd)

/* A document that should be there. */
typedef struct
{
  gint64 id; /* of the event's row */
  guint64 sum;
  gboolean found;
} Document;

struct _DeskCheckWords
{
  DeskTokenizer *tokenizer;
  GArray *documents[2]; /* of Document, by DeskAudience */
  GArray *hashes;       /* of guint64: of one document at a time */
  gint64 n_words;
};

/* What differs between the two indexes. */
static const struct
{
  DeskSql ids;
  DeskSql words;
} indexes[2] = {
  [DESK_AUDIENCE_PUBLIC] = { DESK_SQL_DOCUMENTS_PUBLIC, DESK_SQL_WORDS_PUBLIC },
  [DESK_AUDIENCE_INTERNAL] = { DESK_SQL_DOCUMENTS_INTERNAL, DESK_SQL_WORDS_INTERNAL },
};

static guint64
hash_word (const char *word, gsize length)
{
  guint64 hash = HASH_START;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guint8)word[i]) * HASH_PRIME;
  hash = (hash ^ (hash >> 33)) * HASH_MIX;
  return hash ^ (hash >> 33);
}

DeskCheckWords *
desk_check_words_new (DeskDb *db, GError **error)
{
  DeskTokenizer *tokenizer = desk_tokenizer_new (db, error);
  DeskCheckWords *self;

  if (tokenizer == NULL)
    return NULL;
  self = g_new0 (DeskCheckWords, 1);
  self->tokenizer = tokenizer;
  self->hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < G_N_ELEMENTS (self->documents); i++)
    self->documents[i] = g_array_new (FALSE, FALSE, sizeof (Document));
  return self;
}

void
desk_check_words_free (DeskCheckWords *self)
{
  desk_tokenizer_free (self->tokenizer);
  g_array_unref (self->hashes);
  for (guint i = 0; i < G_N_ELEMENTS (self->documents); i++)
    g_array_unref (self->documents[i]);
  g_free (self);
}

/* --- what should be there --- */

static void
take_word_cb (const char *word, gsize length, gpointer user_data)
{
  DeskCheckWords *self = user_data;
  guint64 hash = hash_word (word, length);

  g_array_append_val (self->hashes, hash);
}

static int
compare_hashes (gconstpointer a, gconstpointer b)
{
  guint64 first = *(const guint64 *)a, second = *(const guint64 *)b;

  return (first > second) - (first < second);
}

/* Adds the words of @text to @sum, each once, as the index has them. */
static gboolean
add_words (DeskCheckWords *self, const char *text, guint64 *sum, GError **error)
{
  g_array_set_size (self->hashes, 0);
  if (!desk_tokenizer_run (self->tokenizer, text, take_word_cb, self, error))
    return FALSE;
  g_array_sort (self->hashes, compare_hashes);
  for (guint i = 0; i < self->hashes->len; i++)
    {
      guint64 hash = g_array_index (self->hashes, guint64, i);

      if (i > 0 && hash == g_array_index (self->hashes, guint64, i - 1))
        continue;
      *sum += hash;
      self->n_words++;
    }
  return TRUE;
}

static gboolean
expect_event (
    DeskCheckWords *self, DeskDb *db, const DeskFold *fold, const DeskEvent *event, GError **error)
{
  g_autofree char *words =
      desk_document_make (fold->ticket->summary, fold->requester_id, event);
  Document document = { 0 };
  gint64 ticket;

  if (words == NULL)
    return TRUE;
  if (!desk_fold_find_event (db, event->uid, &document.id, &ticket, NULL, error) ||
      !add_words (self, words, &document.sum, error))
    return FALSE;
  g_array_append_val (self->documents[event->audience], document);
  return TRUE;
}

gboolean
desk_check_words_expect (
    DeskCheckWords *self, DeskDb *db, DeskFold *fold, GPtrArray *events, GError **error)
{
  for (guint i = 0; i < events->len; i++)
    if (!expect_event (self, db, fold, events->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* --- what is there --- */

static int
compare_documents (gconstpointer a, gconstpointer b)
{
  const Document *first = a, *second = b;

  return (first->id > second->id) - (first->id < second->id);
}

static Document *
find_document (GArray *documents, gint64 id)
{
  Document key = { .id = id };

  return bsearch (&key, documents->data, documents->len, sizeof key, compare_documents);
}

/* "Ticket 1042" of an event, for messages. (transfer full) */
static char *
name_ticket_of (DeskCheck *self, gint64 event)
{
  g_autoptr (DeskFold) fold = NULL;
  gint64 ticket = 0;

  if (desk_db_get_int (self->db, DESK_SQL_EVENT_TICKET, &ticket, NULL, "i", event) && ticket != 0)
    fold = desk_fold_find_id (self->db, ticket, NULL);
  return fold != NULL ? g_strdup_printf ("Ticket %s", fold->ticket->number)
                      : g_strdup ("No ticket");
}

static void
tell_document (DeskCheck *self, gint64 event, guint *told, const char *what)
{
  g_autofree char *ticket = NULL;

  if (++*told > TELL_MAX)
    {
      self->n_problems++;
      return;
    }
  ticket = name_ticket_of (self, event);
  desk_check_tell (self, "%s: the search index %s (event in row %" G_GINT64_FORMAT ")", ticket,
                   what, event);
}

/* One row for each document that is there. */
static gboolean
find_documents (DeskCheck *self, DeskAudience audience, guint *told, GError **error)
{
  GArray *documents = self->words->documents[audience];
  g_autoptr (DeskQuery) query = desk_db_query (self->db, indexes[audience].ids, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    {
      gint64 id = desk_query_int (query, 0);
      Document *document = find_document (documents, id);

      if (document != NULL)
        document->found = TRUE;
      else
        tell_document (self, id, told, "has a text that it should not have");
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* One row for each word of each document. */
static gboolean
take_words_away (DeskCheck *self, DeskAudience audience, gint64 *n_rows, GError **error)
{
  GArray *documents = self->words->documents[audience];
  g_autoptr (DeskQuery) query = desk_db_query (self->db, indexes[audience].words, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      Document *document = find_document (documents, desk_query_int (query, 1));
      gsize length;
      const char *word = desk_query_blob (query, 0, &length);

      if (document != NULL)
        document->sum -= hash_word (word, length);
      if (++*n_rows % ROWS_PER_STEP == 0)
        desk_check_go_on (self, MIN (*n_rows, self->words->n_words), self->words->n_words,
                          &failure);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
compare (DeskCheck *self, DeskAudience audience, guint *told)
{
  GArray *documents = self->words->documents[audience];

  for (guint i = 0; i < documents->len; i++)
    {
      const Document *document = &g_array_index (documents, Document, i);

      if (!document->found)
        tell_document (self, document->id, told, "lacks a text");
      else if (document->sum != 0)
        tell_document (self, document->id, told, "has other words than a text");
    }
}

gboolean
desk_check_search (DeskCheck *self, GError **error)
{
  gint64 n_rows = 0;
  guint told = 0;

  for (guint audience = 0; audience < G_N_ELEMENTS (indexes); audience++)
    {
      g_array_sort (self->words->documents[audience], compare_documents);
      if (!find_documents (self, audience, &told, error) ||
          !take_words_away (self, audience, &n_rows, error))
        return FALSE;
      compare (self, audience, &told);
    }
  if (told > TELL_MAX && self->report != NULL)
    {
      g_autofree char *more =
          g_strdup_printf ("The search index: %u more such texts", told - TELL_MAX);

      self->report (more, self->user_data);
    }
  return TRUE;
}
