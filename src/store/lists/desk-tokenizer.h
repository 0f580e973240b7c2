/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words that the search tables make of a text, by their own tokenizer.
 *
 * Searching asks for them; checking compares them with what is in the tables, which keep no text.
 * Belongs to its connection and thread. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

typedef struct _DeskTokenizer DeskTokenizer;

/* @token is not terminated. */
typedef void (*DeskTokenFunc) (const char *token, gsize length, gpointer user_data);

/* (transfer full) */
DeskTokenizer *desk_tokenizer_new (DeskDb *db, GError **error);
void desk_tokenizer_free (DeskTokenizer *self);

/* Calls @func for each word of @text, in order, repeated ones too. */
gboolean desk_tokenizer_run (
    DeskTokenizer *self, const char *text, DeskTokenFunc func, gpointer user_data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskTokenizer, desk_tokenizer_free)

G_END_DECLS
