/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON text and nodes.
 *
 * The parser of json-glib takes more than JSON (comments, single quotes, assignments), nests
 * without a limit, cuts a text at \u0000 and lets numbers overflow. So a scan goes before it, which
 * knows only where texts begin and end. */
#include "desk-json.h"

#include <string.h>

#include "desk-error.h"
#include "desk-json-members.h"

/* The longest number that is read. */
#define WORD_MAX_CHARS 64

typedef struct
{
  const char *p;
  const char *end;
  guint depth;
} Scan;

/* Reads the four hex digits of \uXXXX behind @p. */
static gboolean
read_unit (const Scan *scan, const char *p, guint *unit)
{
  *unit = 0;
  if (scan->end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return FALSE;
  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (p[i]))
        return FALSE;
      *unit = *unit << 4 | (guint) g_ascii_xdigit_value (p[i]);
    }
  return TRUE;
}

/* Moves behind an escaped sign. Halves of a pair must come in pairs. */
static gboolean
skip_escape (Scan *scan, GError **error)
{
  guint unit, second;

  if (scan->end - scan->p < 2 || strchr ("\"\\/bfnrtu", scan->p[1]) == NULL || scan->p[1] == '\0')
    return desk_refuse (error, DESK_ERROR_INVALID, "This is not JSON: an escape is not known");
  if (scan->p[1] != 'u')
    {
      scan->p += 2;
      return TRUE;
    }
  if (!read_unit (scan, scan->p, &unit))
    return desk_refuse (error, DESK_ERROR_INVALID, "This is not JSON: an escape is not known");
  if (unit == 0)
    return desk_refuse (error, DESK_ERROR_NOT_TEXT, "A text holds a NUL: attach it as a file");
  scan->p += 6;
  if (unit < 0xd800 || unit > 0xdfff)
    return TRUE;
  if (unit > 0xdbff || !read_unit (scan, scan->p, &second) || second < 0xdc00 || second > 0xdfff)
    return desk_refuse (error, DESK_ERROR_NOT_TEXT, "A text holds half a character");
  scan->p += 6;
  return TRUE;
}

static gboolean
skip_text (Scan *scan, GError **error)
{
  scan->p++;
  while (scan->p < scan->end)
    {
      if (*scan->p == '"')
        {
          scan->p++;
          return TRUE;
        }
      if (*scan->p == '\\')
        {
          if (!skip_escape (scan, error))
            return FALSE;
          continue;
        }
      if (g_ascii_iscntrl (*scan->p) && *scan->p != 0x7f)
        return desk_refuse (error, DESK_ERROR_INVALID,
                            "This is not JSON: a text holds a control character");
      scan->p++;
    }
  return desk_refuse (error, DESK_ERROR_INVALID, "This is not JSON: a text does not end");
}

/* Moves behind digits; FALSE when there is none. */
static gboolean
skip_digits (const char **p)
{
  const char *start = *p;

  while (g_ascii_isdigit (**p))
    (*p)++;
  return *p > start;
}

/* JSON's numbers, without the octal and the overflow that the parser would let pass. */
static gboolean
is_number (const char *word)
{
  const char *p = word + (*word == '-' ? 1 : 0);

  if (p[0] == '0' && g_ascii_isdigit (p[1]))
    return FALSE;
  if (!skip_digits (&p))
    return FALSE;
  if (*p == '\0')
    return g_ascii_string_to_signed (word, 10, G_MININT64, G_MAXINT64, NULL, NULL);
  if (*p == '.' && (p++, !skip_digits (&p)))
    return FALSE;
  if (*p == 'e' || *p == 'E')
    {
      p += p[1] == '+' || p[1] == '-' ? 2 : 1;
      if (!skip_digits (&p))
        return FALSE;
    }
  return *p == '\0';
}

static gboolean
is_value (const char *word)
{
  return strcmp (word, "true") == 0 || strcmp (word, "false") == 0 || strcmp (word, "null") == 0 ||
         is_number (word);
}

static gboolean
skip_word (Scan *scan, GError **error)
{
  char word[WORD_MAX_CHARS + 1] = "";
  gsize length = 0;

  while (scan->p < scan->end && length < WORD_MAX_CHARS &&
         (g_ascii_isalnum (*scan->p) || *scan->p == '+' || *scan->p == '-' || *scan->p == '.'))
    word[length++] = *scan->p++;
  return is_value (word) ||
         desk_refuse (error, DESK_ERROR_INVALID, "This is not JSON: a value is not known");
}

static gboolean
skip_sign (Scan *scan, GError **error)
{
  switch (*scan->p)
    {
    case '{':
    case '[':
      if (++scan->depth > DESK_JSON_MAX_DEPTH)
        return desk_refuse (error, DESK_ERROR_INVALID, "The JSON is nested too deeply");
      break;
    case '}':
    case ']':
      if (scan->depth-- == 0)
        return desk_refuse (error, DESK_ERROR_INVALID,
                            "This is not JSON: a bracket was never opened");
      break;
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case ',':
    case ':':
      break;
    case '"':
      return skip_text (scan, error);
    default:
      return skip_word (scan, error);
    }
  scan->p++;
  return TRUE;
}

static gboolean
skip_space (Scan *scan)
{
  while (scan->p < scan->end && strchr (" \t\n\r", *scan->p) != NULL)
    scan->p++;
  return scan->p < scan->end;
}

/* One object or array, and nothing behind it. */
gboolean
desk_json_check (const char *text, gsize length, GError **error)
{
  Scan scan = { text, text + length, 0 };

  if (!g_utf8_validate (text, (gssize) length, NULL))
    return desk_refuse (error, DESK_ERROR_NOT_TEXT, "The JSON is not text in UTF-8");
  if (!skip_space (&scan) || (*scan.p != '{' && *scan.p != '['))
    return desk_refuse (error, DESK_ERROR_INVALID, "This is not a JSON object or array");
  do
    if (!skip_sign (&scan, error))
      return FALSE;
  while (scan.depth > 0 && scan.p < scan.end);

  if (scan.depth > 0)
    return desk_refuse (error, DESK_ERROR_INVALID, "The JSON ends too early");
  if (skip_space (&scan))
    return desk_refuse (error, DESK_ERROR_INVALID, "Something follows the JSON");
  return TRUE;
}

JsonNode *
desk_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (!desk_json_check (text, length, error))
    return NULL;
  parser = json_parser_new_immutable ();
  if (json_parser_load_from_data (parser, text, (gssize) length, &reason))
    return json_parser_steal_root (parser);
  desk_refuse (error, DESK_ERROR_INVALID, "This is not JSON: %s", reason->message);
  return NULL;
}

char *
desk_json_to_string (JsonNode *node, gboolean pretty)
{
  return json_to_string (node, pretty);
}
