/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a request line asks for: the path in its segments, and the parameters behind the "?". */
#include "desk-target.h"

#include <string.h>

void
desk_target_free (DeskTarget *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->segments);
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->values);
  g_free (self);
}

const char *
desk_target_get (const DeskTarget *self, const char *name)
{
  for (guint i = 0; i < self->names->len; i++)
    if (g_str_equal (self->names->pdata[i], name))
      return self->values->pdata[i];
  return NULL;
}

/* The byte of "%41" at @text; -1 for what is none, and for NUL. */
static int
decode_byte (const char *text, gsize length)
{
  int high = length >= 3 ? g_ascii_xdigit_value (text[1]) : -1;
  int low = high >= 0 ? g_ascii_xdigit_value (text[2]) : -1;

  return low >= 0 && high + low > 0 ? high * 16 + low : -1;
}

static gboolean
is_plain (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text < 0x20 || *text == 0x7f)
      return FALSE;
  return TRUE;
}

/* NULL when it does not come out as text. @plus: a "+" is a space. (transfer full) (nullable) */
static char *
decode (const char *text, gsize length, gboolean plus)
{
  g_autofree char *out = g_malloc (length + 1);
  char *at = out;

  for (gsize i = 0; i < length; i++)
    {
      int byte = (guchar) text[i];

      if (byte == '%')
        {
          byte = decode_byte (text + i, length - i);
          i += 2;
        }
      else if (byte == '+' && plus)
        byte = ' ';
      if (byte < 0)
        return NULL;
      *at++ = byte;
    }
  *at = '\0';
  if (!g_utf8_validate (out, at - out, NULL) || !is_plain (out))
    return NULL;
  return g_steal_pointer (&out);
}

static gboolean
add_segment (DeskTarget *self, const char *text, gsize length)
{
  char *segment = decode (text, length, FALSE);

  if (segment == NULL)
    return FALSE;
  g_ptr_array_add (self->segments, segment);
  return *segment != '\0' && !g_str_equal (segment, ".") && !g_str_equal (segment, "..") &&
         self->segments->len <= DESK_TARGET_MAX_SEGMENTS;
}

static gboolean
parse_path (DeskTarget *self, const char *text, gsize length)
{
  const char *end = text + length;

  if (length == 0 || *text != '/')
    return FALSE;
  if (length == 1)
    return TRUE;
  while (text < end)
    {
      const char *start = text + 1;

      text = memchr (start, '/', end - start);
      if (text == NULL)
        text = end;
      if (!add_segment (self, start, text - start))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_parameter (DeskTarget *self, const char *text, gsize length)
{
  const char *equals = memchr (text, '=', length);
  gsize name_length = equals != NULL ? (gsize) (equals - text) : length;
  char *name = decode (text, name_length, TRUE);
  char *value = equals != NULL ? decode (equals + 1, length - name_length - 1, TRUE)
                               : g_strdup ("");

  if (name == NULL || value == NULL || desk_target_get (self, name) != NULL)
    {
      g_free (name);
      g_free (value);
      return FALSE;
    }
  g_ptr_array_add (self->names, name);
  g_ptr_array_add (self->values, value);
  return self->names->len <= DESK_TARGET_MAX_PARAMETERS;
}

static gboolean
parse_parameters (DeskTarget *self, const char *text)
{
  while (*text != '\0')
    {
      gsize length = strcspn (text, "&");

      if (length > 0 && !add_parameter (self, text, length))
        return FALSE;
      text += length;
      if (*text == '&')
        text++;
    }
  return TRUE;
}

DeskTarget *
desk_target_parse (const char *text)
{
  g_autoptr (DeskTarget) self = g_new0 (DeskTarget, 1);
  const char *mark = strchr (text, '?');

  self->segments = g_ptr_array_new_with_free_func (g_free);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->values = g_ptr_array_new_with_free_func (g_free);
  if (!parse_path (self, text, mark != NULL ? (gsize) (mark - text) : strlen (text)) ||
      (mark != NULL && !parse_parameters (self, mark + 1)))
    return NULL;
  return g_steal_pointer (&self);
}
