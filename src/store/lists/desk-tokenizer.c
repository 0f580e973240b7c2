/* SPDX-License-Identifier: GPL-3.0-or-later
 * Asking FTS5 for its tokenizer: https://www.sqlite.org/fts5.html section 7. */
#include "desk-tokenizer.h"

#include <sqlite3.h>
#include <string.h>

/* As in sql/001-desk.sql. */
static const char *arguments[] = { "remove_diacritics", "2" };
#define TOKENIZER "unicode61"

/* FTS5 cuts what is longer (FTS5_MAX_TOKEN_SIZE). */
#define TOKEN_MAX_BYTES 32768

struct _DeskTokenizer
{
  fts5_tokenizer functions;
  Fts5Tokenizer *tokenizer;
};

typedef struct
{
  DeskTokenFunc func;
  gpointer user_data;
} Run;

static gboolean
fail (int result, GError **error)
{
  return desk_store_fail (error, DESK_STORE_ERROR_IO,
                          "The words of the search index cannot be made: %s",
                          sqlite3_errstr (result));
}

static fts5_api *
find_api (sqlite3 *handle)
{
  sqlite3_stmt *stmt = NULL;
  fts5_api *api = NULL;

  if (sqlite3_prepare_v2 (handle, "SELECT fts5 (?1)", -1, &stmt, NULL) == SQLITE_OK)
    {
      sqlite3_bind_pointer (stmt, 1, &api, "fts5_api_ptr", NULL);
      sqlite3_step (stmt);
    }
  sqlite3_finalize (stmt);
  return api;
}

DeskTokenizer *
desk_tokenizer_new (DeskDb *db, GError **error)
{
  g_autoptr (DeskTokenizer) self = g_new0 (DeskTokenizer, 1);
  fts5_api *api = find_api (desk_db_get_handle (db));
  void *context = NULL;
  int result = SQLITE_ERROR;

  if (api != NULL)
    result = api->xFindTokenizer (api, TOKENIZER, &context, &self->functions);
  if (result == SQLITE_OK)
    result =
        self->functions.xCreate (context, arguments, G_N_ELEMENTS (arguments), &self->tokenizer);
  if (result == SQLITE_OK)
    return g_steal_pointer (&self);
  fail (result, error);
  return NULL;
}

void
desk_tokenizer_free (DeskTokenizer *self)
{
  if (self->tokenizer != NULL)
    self->functions.xDelete (self->tokenizer);
  g_free (self);
}

static int
take_token_cb (void *data, int flags, const char *token, int length, int start, int end)
{
  const Run *run = data;

  run->func (token, MIN (length, TOKEN_MAX_BYTES), run->user_data);
  return SQLITE_OK;
}

gboolean
desk_tokenizer_run (
    DeskTokenizer *self, const char *text, DeskTokenFunc func, gpointer user_data, GError **error)
{
  Run run = { func, user_data };
  int result = self->functions.xTokenize (self->tokenizer, &run, FTS5_TOKENIZE_DOCUMENT, text,
                                          (int)strlen (text), take_token_cb);

  return result == SQLITE_OK || fail (result, error);
}
