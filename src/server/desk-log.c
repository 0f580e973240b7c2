/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the server says of itself: one line per event. */
#include "desk-log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A system call for each request is a tenth of what a short one costs. */
#define BLOCK_BYTES (32 * 1024)
#define LATEST_MS   100

static DeskLogLevel told = DESK_LOG_REQUEST;
static gboolean for_journal;

static GMutex lock; /* of what follows */
static GString *gathered;
static gboolean will_write; /* in a moment, by the main loop */

void
desk_log_set_level (const char *word)
{
  static const char *const words[] = { "errors", "changes", "requests" };

  for_journal = g_getenv ("JOURNAL_STREAM") != NULL;
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

/* What journald and syslog call the levels. */
static const char *const priorities[] = { "<3>", "<5>", "<6>" };

static GString *
begin_line (DeskLogLevel level, const char *event)
{
  GString *line = g_string_sized_new (256);

  if (for_journal)
    g_string_append (line, priorities[level]);
  g_string_append (line, "event=");
  append_value (line, event);
  return line;
}

static void
append_pair (GString *line, const char *key, const char *value)
{
  g_string_append_c (line, ' ');
  g_string_append (line, key);
  g_string_append_c (line, '=');
  append_value (line, value);
}

/* --- writing --- */

/* With the lock, so that lines of several threads do not mix. What cannot be written is lost: there
 * is nobody to tell. */
static void
write_gathered (void)
{
  gsize sent = 0;

  while (gathered != NULL && sent < gathered->len)
    {
      gssize n = write (STDERR_FILENO, gathered->str + sent, gathered->len - sent);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      sent += (gsize) n;
    }
  if (gathered != NULL)
    g_string_truncate (gathered, 0);
}

static gboolean
write_cb (gpointer data)
{
  g_mutex_lock (&lock);
  will_write = FALSE;
  write_gathered ();
  g_mutex_unlock (&lock);
  return G_SOURCE_REMOVE;
}

/* Whatever is more than a request is written at once, behind what was before it. */
static void
take_line (DeskLogLevel level, const GString *line)
{
  g_mutex_lock (&lock);
  if (gathered == NULL)
    gathered = g_string_sized_new (BLOCK_BYTES + 1024);
  g_string_append_len (gathered, line->str, (gssize) line->len);
  if (level != DESK_LOG_REQUEST || gathered->len >= BLOCK_BYTES)
    write_gathered ();
  else if (!will_write)
    {
      will_write = TRUE;
      g_timeout_add (LATEST_MS, write_cb, NULL);
    }
  g_mutex_unlock (&lock);
}

void
desk_log (DeskLogLevel level, const char *event, ...)
{
  g_autoptr (GString) line = NULL;
  const char *key;
  va_list arguments;

  if (!desk_log_is_told (level))
    return;
  line = begin_line (level, event);
  va_start (arguments, event);
  while ((key = va_arg (arguments, const char *)) != NULL)
    {
      const char *value = va_arg (arguments, const char *);

      if (value != NULL)
        append_pair (line, key, value);
    }
  va_end (arguments);
  g_string_append_c (line, '\n');
  take_line (level, line);
}
