/* SPDX-License-Identifier: GPL-3.0-or-later
 * The error domain of a desk file, and its sentences. */
#include "desk-store-error.h"

typedef DeskSentence DeskStoreErrorPrivate;

static void
desk_store_error_private_init (DeskSentence *self)
{
  *self = (DeskSentence){ NULL };
}

static void
desk_store_error_private_copy (const DeskSentence *self, DeskSentence *copy)
{
  desk_sentence_copy (self, copy);
}

static void
desk_store_error_private_clear (DeskSentence *self)
{
  desk_sentence_clear (self);
}

G_DEFINE_EXTENDED_ERROR (DeskStoreError, desk_store_error)

gboolean
desk_store_fail (GError **error, DeskStoreError code, const char *format, ...)
{
  DeskSentence sentence;
  va_list arguments;
  g_autofree char *message = NULL;
  GError *failure;

  if (error == NULL)
    return FALSE;
  va_start (arguments, format);
  desk_sentence_init (&sentence, format, arguments);
  va_end (arguments);
  message = desk_sentence_say (&sentence, NULL);
  failure = g_error_new_literal (DESK_STORE_ERROR, (int) code, message);
  *desk_store_error_get_private (failure) = sentence;
  g_propagate_error (error, failure);
  return FALSE;
}

char *
desk_store_error_say (const GError *error, DeskTranslate translate)
{
  if (error->domain != DESK_STORE_ERROR)
    return desk_error_say (error, translate);
  return desk_sentence_say_error (error, desk_store_error_get_private (error), translate);
}
