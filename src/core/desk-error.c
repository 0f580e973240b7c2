/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of refusals. */
#include "desk-error.h"

typedef DeskSentence DeskErrorPrivate;

static void
desk_error_private_init (DeskSentence *self)
{
  *self = (DeskSentence){ NULL };
}

static void
desk_error_private_copy (const DeskSentence *self, DeskSentence *copy)
{
  desk_sentence_copy (self, copy);
}

static void
desk_error_private_clear (DeskSentence *self)
{
  desk_sentence_clear (self);
}

G_DEFINE_EXTENDED_ERROR (DeskError, desk_error)

G_DEFINE_ENUM_TYPE (DeskError,
                    desk_error,
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_NOT_ALLOWED, "not-allowed"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_WRONG_STATUS, "wrong-status"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_CONFLICT, "conflict"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_MISSING, "missing"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_TOO_LONG, "too-long"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_NOT_TEXT, "not-text"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_INVALID, "invalid"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_NO_SUCH, "no-such"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_EXISTS, "exists"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_UID_REUSED, "uid-reused"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_TOO_BIG, "too-big"))

const DeskSentence *
desk_error_get_sentence (const GError *error)
{
  const DeskSentence *sentence = error->domain == DESK_ERROR ? desk_error_get_private (error)
                                                             : NULL;

  return sentence != NULL && sentence->format != NULL ? sentence : NULL;
}

GError *
desk_error_new_said (DeskError code, const char *message, const DeskSentence *sentence)
{
  GError *error = g_error_new_literal (DESK_ERROR, (int) code, message);

  if (sentence != NULL && sentence->format != NULL)
    desk_sentence_copy (sentence, desk_error_get_private (error));
  return error;
}

/* Takes @sentence. */
static GError *
make_refusal (DeskError code, DeskSentence *sentence)
{
  g_autofree char *message = desk_sentence_say (sentence, NULL);
  GError *refusal = g_error_new_literal (DESK_ERROR, (int) code, message);

  *desk_error_get_private (refusal) = *sentence;
  return refusal;
}

GError *
desk_refusal_new (DeskError code, const char *format, va_list arguments)
{
  DeskSentence sentence;

  desk_sentence_init (&sentence, format, arguments);
  return make_refusal (code, &sentence);
}

gboolean
desk_refuse (GError **error, DeskError code, const char *format, ...)
{
  va_list arguments;

  if (error == NULL)
    return FALSE;
  va_start (arguments, format);
  g_propagate_error (error, desk_refusal_new (code, format, arguments));
  va_end (arguments);
  return FALSE;
}

char *
desk_error_pack (const GError *error)
{
  const DeskSentence *sentence = desk_error_get_sentence (error);

  return sentence != NULL ? desk_sentence_pack (sentence) : g_strdup (error->message);
}

GError *
desk_error_unpack (DeskError code, const char *packed)
{
  DeskSentence sentence;

  desk_sentence_unpack (&sentence, packed);
  return make_refusal (code, &sentence);
}

char *
desk_error_say (const GError *error, DeskTranslate translate)
{
  return desk_sentence_say_error (error, desk_error_get_sentence (error), translate);
}
