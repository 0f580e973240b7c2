/* SPDX-License-Identifier: GPL-3.0-or-later
 * A sentence in plain English, kept in parts so that it can be said in another language.
 *
 * Core and store speak English, for logs and for receipts that somebody else may read; who shows a
 * sentence to a person says it in that person's language. The format takes %s, %d, %u and their
 * long forms. Where it puts quotation marks around a part, “%s”, the part is somebody's own text
 * and stays as it is; every other part is a word of ours and is translated like the format.
 * Values, owned by whoever initialised them; nothing fails; any thread. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Marks English for the translators where no call does it, as in a table. */
#define DESK_N_(english) (english)

/* What @english is in another language: gettext (). Lent, or @english itself. */
typedef const char *(*DeskTranslate) (const char *english);

typedef struct
{
  char *format; /* NULL: nothing was said */
  char **parts; /* as text, in the order of the format */
} DeskSentence;

void desk_sentence_init (DeskSentence *self, const char *format, va_list arguments);
void desk_sentence_copy (const DeskSentence *self, DeskSentence *copy);
void desk_sentence_clear (DeskSentence *self);

/* @translate: (nullable): NULL says it in English. (transfer full) */
char *desk_sentence_say (const DeskSentence *self, DeskTranslate translate);

/* In one text, which for a sentence of one part is the sentence itself, and back. @packed may come
 * from anywhere. (transfer full) */
char *desk_sentence_pack (const DeskSentence *self);
void desk_sentence_unpack (DeskSentence *self, const char *packed);

/* @error in another language, when @sentence is what was said at first; what was put before it
 * since is translated as a whole. Without a sentence the message is taken for one. (transfer full)
 */
char *desk_sentence_say_error (const GError *error,
                               const DeskSentence *sentence,
                               DeskTranslate translate);

G_END_DECLS
