/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cleaning of text from outside, sign by sign. */
#include "desk-text.h"

#include <string.h>

#include "desk-error.h"

#define SLUG_MAX_BYTES      64
#define FILE_NAME_MAX_BYTES 200
#define EXTENSION_MAX_BYTES 20

#define NEXT_LINE           0x0085
#define LINE_SEPARATOR      0x2028
#define PARAGRAPH_SEPARATOR 0x2029

/* Forces what follows into the other direction, whatever it is made of. */
static gboolean
is_override (gunichar c)
{
  return c == 0x202d || c == 0x202e;
}

/* Opens or ends a direction; left open in a name it would turn the sentence around the name. */
static gboolean
is_embedding (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_line_end (gunichar c)
{
  return c == '\n' || c == '\r' || c == NEXT_LINE || c == LINE_SEPARATOR ||
         c == PARAGRAPH_SEPARATOR;
}

static gboolean
check_utf8 (const char *raw, const char *what, GError **error)
{
  if (g_utf8_validate (raw, -1, NULL))
    return TRUE;
  desk_refuse (error, DESK_ERROR_NOT_TEXT,
               "The %s is not text in UTF-8: save it as UTF-8 or attach it as a file", what);
  return FALSE;
}

/* @raw, which is UTF-8, in one line. Stops after @max_chars signs. */
static char *
join_lines (const char *raw, gsize max_chars)
{
  GString *line = g_string_new (NULL);
  gboolean gap = FALSE, visible = FALSE;
  gsize n_chars = 0;

  for (const char *p = raw; *p != '\0' && n_chars < max_chars; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || is_line_end (c))
        {
          gap = line->len > 0;
          continue;
        }
      if (g_unichar_iscntrl (c) || is_embedding (c))
        continue;
      if (gap)
        {
          g_string_append_c (line, ' ');
          n_chars++;
        }
      gap = FALSE;
      g_string_append_unichar (line, c);
      n_chars++;
      visible = visible || g_unichar_isgraph (c);
    }

  /* Joiners and marks alone are not something to read. */
  if (!visible)
    g_string_truncate (line, 0);
  return g_string_free (line, FALSE);
}

/**
 * desk_text_clean_line:
 * @raw: (nullable): text from outside
 * @max_chars: how many characters are taken
 * @what: the field's name in the message
 *
 * Returns: (transfer full): the line, "" when nothing is left; %NULL with @error set
 */
char *
desk_text_clean_line (const char *raw, gsize max_chars, const char *what, GError **error)
{
  g_autofree char *line = NULL;

  if (raw == NULL)
    return g_strdup ("");
  if (!check_utf8 (raw, what, error))
    return NULL;

  line = join_lines (raw, max_chars + 2);
  if ((gsize) g_utf8_strlen (line, -1) > max_chars)
    {
      desk_refuse (error, DESK_ERROR_TOO_LONG, "The %s is longer than %d characters: shorten it",
                   what, (int) max_chars);
      return NULL;
    }
  return g_steal_pointer (&line);
}

/* How many signs at @text are plain ASCII, which is nearly all of nearly every text. */
static gsize
count_plain (const char *text)
{
  gsize n = 0;

  while (text[n] >= ' ' && text[n] <= '~')
    n++;
  return n;
}

static void
append_body_sign (GString *body, gunichar c)
{
  if (is_line_end (c))
    g_string_append_c (body, '\n');
  else if (c == '\t' || !(g_unichar_iscntrl (c) || is_override (c)))
    g_string_append_unichar (body, c);
}

/* Takes empty lines at the start away, and everything empty at the end. */
static void
trim_body (GString *body)
{
  gsize start = 0;

  while (body->len > 0 && g_ascii_isspace (body->str[body->len - 1]))
    g_string_truncate (body, body->len - 1);
  for (gsize i = 0; i < body->len && g_ascii_isspace (body->str[i]); i++)
    if (body->str[i] == '\n')
      start = i + 1;
  g_string_erase (body, 0, (gssize) start);
}

/**
 * desk_text_clean_body:
 * @raw: (nullable): text from outside
 * @what: the field's name in the message
 *
 * Returns: (transfer full): the text, "" when nothing is left; %NULL with @error set
 */
char *
desk_text_clean_body (const char *raw, const char *what, GError **error)
{
  g_autoptr (GString) body = NULL;

  if (raw == NULL)
    return g_strdup ("");
  if (!check_utf8 (raw, what, error))
    return NULL;

  body = g_string_sized_new (strlen (raw) + 1);
  for (const char *p = raw; *p != '\0'; p = g_utf8_next_char (p))
    {
      gsize plain = count_plain (p);

      g_string_append_len (body, p, (gssize) plain);
      p += plain;
      if (*p == '\0')
        break;
      if (p[0] == '\r' && p[1] == '\n')
        continue;
      append_body_sign (body, g_utf8_get_char (p));
    }
  trim_body (body);

  if (body->len > DESK_BODY_MAX_BYTES)
    {
      desk_refuse (error, DESK_ERROR_TOO_LONG, "The %s is longer than %d KiB: attach it as a file",
                   what, DESK_BODY_MAX_BYTES / 1024);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&body), FALSE);
}

gboolean
desk_slug_is_valid (const char *slug)
{
  gsize length = 0;

  if (slug == NULL)
    return FALSE;
  for (; slug[length] != '\0'; length++)
    {
      char c = slug[length];

      if (length == SLUG_MAX_BYTES)
        return FALSE;
      if (c == '-' && (length == 0 || slug[length - 1] == '-'))
        return FALSE;
      if (c != '-' && !g_ascii_islower (c) && !g_ascii_isdigit (c))
        return FALSE;
    }
  return length > 0 && slug[length - 1] != '-';
}

char *
desk_slug_from_label (const char *label)
{
  g_autofree char *valid = g_utf8_make_valid (label, -1);
  g_autofree char *ascii = g_str_to_ascii (valid, "C");
  GString *slug = g_string_new (NULL);

  for (const char *p = ascii; *p != '\0' && slug->len < SLUG_MAX_BYTES; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (slug, g_ascii_tolower (*p));
      else if (slug->len > 0 && slug->str[slug->len - 1] != '-')
        g_string_append_c (slug, '-');
    }
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  return g_string_free (slug, FALSE);
}

/* What follows the last slash or backslash that has something behind it. Shortens @path. */
static const char *
find_base_name (char *path)
{
  gsize length = strlen (path);
  char *cut;

  while (length > 0 && strchr ("/\\", path[length - 1]) != NULL)
    path[--length] = '\0';
  cut = strrchr (path, '/');
  if (cut != NULL)
    path = cut + 1;
  cut = strrchr (path, '\\');
  return cut != NULL ? cut + 1 : path;
}

/* At most @max_bytes of @text, whole characters only. */
static char *
cut_bytes (const char *text, gsize max_bytes)
{
  gsize length = strlen (text);

  if (length > max_bytes)
    {
      length = max_bytes;
      while (length > 0 && (text[length] & 0xc0) == 0x80)
        length--;
    }
  return g_strndup (text, length);
}

/* Shortens before the extension, which says what a file is. */
static char *
shorten_file_name (const char *name)
{
  const char *extension = strrchr (name, '.');
  g_autofree char *stem = NULL;

  if (strlen (name) <= FILE_NAME_MAX_BYTES)
    return g_strdup (name);
  if (extension == NULL || strlen (extension) > EXTENSION_MAX_BYTES)
    return cut_bytes (name, FILE_NAME_MAX_BYTES);
  stem = cut_bytes (name, FILE_NAME_MAX_BYTES - strlen (extension));
  return g_strconcat (stem, extension, NULL);
}

char *
desk_file_name_clean (const char *raw)
{
  g_autofree char *valid = g_utf8_make_valid (raw != NULL ? raw : "", -1);
  g_autofree char *name = join_lines (find_base_name (valid), G_MAXSIZE);

  if (*name == '\0' || g_str_equal (name, ".") || g_str_equal (name, ".."))
    return g_strdup ("file");
  return shorten_file_name (name);
}

char *
desk_text_excerpt (const char *text, gsize max_chars)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return g_strdup ("");
  if (g_utf8_validate (text, -1, NULL))
    return join_lines (text, max_chars);
  valid = g_utf8_make_valid (text, -1);
  return join_lines (valid, max_chars);
}
