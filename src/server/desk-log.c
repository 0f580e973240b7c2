/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the server says of itself: one line per event. */
#include "desk-log.h"

#include <stdio.h>
#include <string.h>

static DeskLogLevel told = DESK_LOG_REQUEST;

/* What journald and syslog call them. */
static const int priorities[] = { 3, 5, 6 };

void
desk_log_set_level (const char *word)
{
  static const char *const words[] = { "errors", "changes", "requests" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i], word))
      told = i;
}

gboolean
desk_log_is_told (DeskLogLevel level)
{
  return level <= told;
}

static gboolean
is_plain (const char *value)
{
  for (; *value != '\0'; value++)
    if ((guchar) *value <= ' ' || (guchar) *value >= 0x7f || *value == '"' || *value == '\\')
      return FALSE;
  return TRUE;
}

static void
append_quoted (GString *line, const char *value)
{
  g_string_append_c (line, '"');
  for (; *value != '\0'; value++)
    if (*value == '"' || *value == '\\')
      g_string_append_printf (line, "\\%c", *value);
    else if ((guchar) *value < ' ' || *value == 0x7f)
      g_string_append_printf (line, "\\x%02x", (guchar) *value);
    else
      g_string_append_c (line, *value);
  g_string_append_c (line, '"');
}

static void
append_value (GString *line, const char *value)
{
  g_autofree char *text = NULL;

  if (*value != '\0' && is_plain (value))
    {
      g_string_append (line, value);
      return;
    }
  text = g_utf8_make_valid (value, -1);
  append_quoted (line, text);
}

/* One write, so that lines of several threads do not mix. */
static void
write_line (DeskLogLevel level, GString *line)
{
  if (g_getenv ("JOURNAL_STREAM") != NULL)
    {
      g_autofree char *prefix = g_strdup_printf ("<%d>", priorities[level]);

      g_string_prepend (line, prefix);
    }
  g_string_append_c (line, '\n');
  fwrite (line->str, line->len, 1, stderr);
}

void
desk_log (DeskLogLevel level, const char *event, ...)
{
  g_autoptr (GString) line = NULL;
  const char *key;
  va_list arguments;

  if (!desk_log_is_told (level))
    return;
  line = g_string_new ("event=");
  append_value (line, event);
  va_start (arguments, event);
  while ((key = va_arg (arguments, const char *)) != NULL)
    {
      const char *value = va_arg (arguments, const char *);

      if (value == NULL)
        continue;
      g_string_append_printf (line, " %s=", key);
      append_value (line, value);
    }
  va_end (arguments);
  write_line (level, line);
}
