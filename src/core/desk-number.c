/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading and filling in number formats. */
#include "desk-number.h"

#include <string.h>

#define FORMAT_MAX_CHARS 32
#define PLACES_MAX       15

/* Reads one sign of the format into [@start, @end) and moves on. TRUE: it is a place. */
static gboolean
read_sign (const char **format, const char **start, const char **end)
{
  const char *p = *format;
  gboolean place = *p == '#';

  if (p[0] == '\\' && p[1] == '#')
    p++;
  *start = p;
  *end = *format = g_utf8_next_char (p);
  return place;
}

/* Where the last place stands, or NULL. */
static const char *
find_last_place (const char *format)
{
  const char *last = NULL;
  const char *start, *end;

  while (*format != '\0')
    if (read_sign (&format, &start, &end))
      last = start;
  return last;
}

guint
desk_number_format_count_places (const char *format)
{
  guint n = 0;
  const char *start, *end;

  while (*format != '\0')
    n += read_sign (&format, &start, &end);
  return n;
}

gboolean
desk_number_format_is_valid (const char *format)
{
  guint places;

  if (format == NULL || *format == '\0' || !g_utf8_validate (format, -1, NULL) ||
      g_utf8_strlen (format, -1) > FORMAT_MAX_CHARS)
    return FALSE;
  for (const char *p = format; *p != '\0'; p = g_utf8_next_char (p))
    if (*p != ' ' && !g_unichar_isgraph (g_utf8_get_char (p)))
      return FALSE;
  if (*format == ' ' || g_str_has_suffix (format, " "))
    return FALSE;

  places = desk_number_format_count_places (format);
  return places >= 1 && places <= PLACES_MAX;
}

char *
desk_number_format_render (const char *format, guint64 value)
{
  int places = (int) desk_number_format_count_places (format);
  const char *last = find_last_place (format);
  g_autofree char *digits = g_strdup_printf ("%0*" G_GUINT64_FORMAT, places, value);
  gsize spare = strlen (digits) - (gsize) places;
  const char *digit = digits;
  GString *number = g_string_new (NULL);

  /* The run that ends in the last place begins where no sign but places follows up to it. */
  const char *last_run = last;
  while (last_run > format && last_run[-1] == '#' &&
         !(last_run - 1 > format && last_run[-2] == '\\'))
    last_run--;

  while (*format != '\0')
    {
      const char *start, *end;

      if (!read_sign (&format, &start, &end))
        {
          g_string_append_len (number, start, end - start);
          continue;
        }
      if (start == last_run)
        {
          g_string_append_len (number, digit, (gssize) spare);
          digit += spare;
        }
      g_string_append_c (number, *digit++);
    }
  return g_string_free (number, FALSE);
}

char *
desk_number_format_complete (const char *format, const char *text)
{
  gsize length = strlen (text);
  char *number;

  if (length < 1 || length > PLACES_MAX || strspn (text, "0123456789") != length)
    return NULL;
  number = desk_number_format_render (format, g_ascii_strtoull (text, NULL, 10));
  if (g_str_equal (number, text))
    g_clear_pointer (&number, g_free);
  return number;
}
