/* SPDX-License-Identifier: GPL-3.0-or-later
 * The error domain of what is elsewhere, and its sentences. */
#include "desk-remote-error.h"

#include "desk-store-error.h"

typedef DeskSentence DeskRemoteErrorPrivate;

static void
desk_remote_error_private_init (DeskSentence *self)
{
  *self = (DeskSentence){ NULL };
}

static void
desk_remote_error_private_copy (const DeskSentence *self, DeskSentence *copy)
{
  desk_sentence_copy (self, copy);
}

static void
desk_remote_error_private_clear (DeskSentence *self)
{
  desk_sentence_clear (self);
}

G_DEFINE_EXTENDED_ERROR (DeskRemoteError, desk_remote_error)

/* Takes @sentence. */
static GError *
make_failure (DeskRemoteError code, DeskSentence *sentence)
{
  g_autofree char *message = desk_sentence_say (sentence, NULL);
  GError *failure = g_error_new_literal (DESK_REMOTE_ERROR, (int) code, message);

  *desk_remote_error_get_private (failure) = *sentence;
  return failure;
}

gboolean
desk_remote_fail (GError **error, DeskRemoteError code, const char *format, ...)
{
  DeskSentence sentence;
  va_list arguments;

  if (error == NULL)
    return FALSE;
  va_start (arguments, format);
  desk_sentence_init (&sentence, format, arguments);
  va_end (arguments);
  g_propagate_error (error, make_failure (code, &sentence));
  return FALSE;
}

gboolean
desk_remote_error_passes (const GError *error)
{
  return g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_OFFLINE) ||
         g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_BUSY);
}

char *
desk_remote_error_say (const GError *error, DeskTranslate translate)
{
  if (error->domain != DESK_REMOTE_ERROR)
    return desk_store_error_say (error, translate);
  return desk_sentence_say_error (error, desk_remote_error_get_private (error), translate);
}

/* What was put before the sentence since is worth less than its parts. */
char *
desk_remote_error_pack (const GError *error)
{
  const DeskSentence *sentence = error->domain == DESK_REMOTE_ERROR
                                     ? desk_remote_error_get_private (error)
                                     : desk_error_get_sentence (error);

  return sentence != NULL && sentence->format != NULL ? desk_sentence_pack (sentence)
                                                      : g_strdup (error->message);
}

GError *
desk_remote_error_unpack (DeskRemoteError code, const char *packed)
{
  DeskSentence sentence;

  desk_sentence_unpack (&sentence, packed);
  return make_failure (code, &sentence);
}
