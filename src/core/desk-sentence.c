/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking a format apart, and putting it together with its parts. */
#include "desk-sentence.h"

#include <string.h>

#define OPENING_QUOTE "“"

/* Between the parts of a packed sentence: no text has it once it was cleaned. */
#define PART_SEPARATOR "\x1f"

/* One place of a format for a part, as in "%s" or, in translations, "%2$s". */
typedef struct
{
  const char *start; /* its "%" */
  const char *end;
  guint number; /* from 1; 0: the next one */
  guint n_longs;
  char type; /* s, d, u or % */
} Place;

/* Finds the first place from @text on; FALSE when there is none. What is no place is text. */
static gboolean
find_place (const char *text, Place *place)
{
  for (const char *at = strchr (text, '%'); at != NULL; at = strchr (at + 1, '%'))
    {
      const char *sign = at + 1;
      guint number = 0, n_longs = 0;

      while (g_ascii_isdigit (*sign) && number < 100)
        number = number * 10 + (guint) (*sign++ - '0');
      if (number > 0 && *sign != '$')
        continue;
      sign += number > 0 ? 1 : 0;
      for (; *sign == 'l'; sign++)
        n_longs++;
      if (*sign == '\0' || strchr ("sdiu%", *sign) == NULL)
        continue;
      *place = (Place){ at, sign + 1, number, n_longs, *sign };
      return TRUE;
    }
  return FALSE;
}

/* (transfer full) */
static char *
take_part (const Place *place, va_list *arguments)
{
  if (place->type == 's')
    return g_utf8_make_valid (va_arg (*arguments, const char *), -1);
  if (place->n_longs > 1)
    return g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) va_arg (*arguments, long long));
  if (place->n_longs == 1)
    return g_strdup_printf ("%ld", va_arg (*arguments, long));
  if (place->type == 'u')
    return g_strdup_printf ("%u", va_arg (*arguments, guint));
  return g_strdup_printf ("%d", va_arg (*arguments, int));
}

void
desk_sentence_init (DeskSentence *self, const char *format, va_list arguments)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  va_list rest;
  Place place;

  va_copy (rest, arguments);
  for (const char *text = format; find_place (text, &place); text = place.end)
    if (place.type != '%')
      {
        g_autofree char *part = take_part (&place, &rest);
        g_strv_builder_add (parts, part);
      }
  va_end (rest);
  self->format = g_strdup (format);
  self->parts = g_strv_builder_end (parts);
}

void
desk_sentence_copy (const DeskSentence *self, DeskSentence *copy)
{
  copy->format = g_strdup (self->format);
  copy->parts = g_strdupv (self->parts);
}

void
desk_sentence_clear (DeskSentence *self)
{
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->parts, g_strfreev);
}

static const char *
translate_word (const char *word, DeskTranslate translate)
{
  return translate != NULL && *word != '\0' ? translate (word) : word;
}

static gboolean
is_quoted (const char *format, const Place *place)
{
  gsize length = strlen (OPENING_QUOTE);

  return place->start >= format + length &&
         strncmp (place->start - length, OPENING_QUOTE, length) == 0;
}

/* The parts as they are said. (transfer container): the words are lent */
static GPtrArray *
translate_parts (const DeskSentence *self, DeskTranslate translate)
{
  GPtrArray *said = g_ptr_array_new ();
  Place place;

  for (const char *text = self->format; find_place (text, &place); text = place.end)
    {
      const char *part = place.type != '%' ? self->parts[said->len] : NULL;

      if (place.type == '%')
        continue;
      if (part == NULL)
        break;
      if (!is_quoted (self->format, &place))
        part = translate_word (part, translate);
      g_ptr_array_add (said, (char *) part);
    }
  return said;
}

/* @format with @parts in its places. A place without a part stays, whoever wrote the format. */
static char *
put_together (const char *format, GPtrArray *parts)
{
  GString *said = g_string_new (NULL);
  guint next = 0;
  Place place;

  for (; find_place (format, &place); format = place.end)
    {
      guint i = place.number > 0 ? place.number - 1 : next;

      g_string_append_len (said, format, place.start - format);
      if (place.type == '%')
        g_string_append_c (said, '%');
      else if (i < parts->len)
        g_string_append (said, g_ptr_array_index (parts, i));
      else
        g_string_append_len (said, place.start, place.end - place.start);
      next += place.type == '%' ? 0 : 1;
    }
  g_string_append (said, format);
  return g_string_free (said, FALSE);
}

char *
desk_sentence_say (const DeskSentence *self, DeskTranslate translate)
{
  g_autoptr (GPtrArray) parts = NULL;

  if (self->format == NULL)
    return g_strdup ("");
  parts = translate_parts (self, translate);
  return put_together (translate_word (self->format, translate), parts);
}

char *
desk_sentence_pack (const DeskSentence *self)
{
  g_autofree char *parts = NULL;

  if (self->format == NULL)
    return g_strdup ("");
  parts = g_strjoinv (PART_SEPARATOR, self->parts);
  return *self->parts == NULL ? g_strdup (self->format)
                              : g_strconcat (self->format, PART_SEPARATOR, parts, NULL);
}

void
desk_sentence_unpack (DeskSentence *self, const char *packed)
{
  g_auto (GStrv) all = g_strsplit (packed, PART_SEPARATOR, -1);

  self->format = g_strdup (*all != NULL ? *all : "");
  self->parts = *all != NULL ? g_strdupv (all + 1) : g_new0 (char *, 1);
}

char *
desk_sentence_say_error (const GError *error, const DeskSentence *sentence, DeskTranslate translate)
{
  g_autofree char *english = NULL;
  g_autofree char *said = NULL;
  g_autofree char *before = NULL;

  if (sentence == NULL || sentence->format == NULL)
    return g_utf8_make_valid (translate_word (error->message, translate), -1);
  english = desk_sentence_say (sentence, NULL);
  if (!g_str_has_suffix (error->message, english))
    return g_utf8_make_valid (error->message, -1);
  said = desk_sentence_say (sentence, translate);
  before = g_strndup (error->message, strlen (error->message) - strlen (english));
  return g_strconcat (translate_word (before, translate), said, NULL);
}
