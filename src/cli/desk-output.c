/* SPDX-License-Identifier: GPL-3.0-or-later
 * Printing; see the header. */
#include "desk-output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gi18n.h>

#define COLUMN_GAP 2
/* A table's last column keeps this much on the narrowest terminal. */
#define LAST_COLUMN_MIN_WIDTH 20

struct _DeskTable
{
  guint n_columns;
  GPtrArray *cells; /* of char *, row by row */
};

void
desk_print (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
}

/* @text, surely UTF-8, without control characters; @keep lists those that stay, the others of white
 * space become a space. */
static GString *
strip_controls (const char *text, const char *keep)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *plain = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      if (c < 0x80 && strchr (keep, (char) c) != NULL)
        g_string_append_unichar (plain, c);
      else if (c == '\n' || c == '\t')
        g_string_append_c (plain, ' ');
      else if (type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        g_string_append_c (plain, ' ');
      else if (type != G_UNICODE_CONTROL)
        g_string_append_unichar (plain, c);
    }
  return plain;
}

char *
desk_plain_line (const char *text)
{
  return g_string_free (strip_controls (text, ""), FALSE);
}

char *
desk_plain_text (const char *text, const char *indent)
{
  GString *plain = strip_controls (text, "\n\t");
  g_autofree char *next_line = g_strconcat ("\n", indent, NULL);

  g_string_prepend (plain, indent);
  g_string_replace (plain, "\n", next_line, 0);
  return g_string_free (plain, FALSE);
}

/* JSON allows DEL and the C1 controls as they are; a terminal would obey them. */
static char *
escape_controls (const char *json)
{
  GString *escaped = g_string_sized_new (strlen (json));

  for (const char *p = json; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= 0x7f && c < 0xa0)
        g_string_append_printf (escaped, "\\u%04x", c);
      else
        g_string_append_len (escaped, p, g_utf8_next_char (p) - p);
    }
  return g_string_free (escaped, FALSE);
}

/* Takes @node. (transfer full) */
static char *
format_json (JsonNode *node)
{
  g_autofree char *json = json_to_string (node, isatty (STDOUT_FILENO));

  json_node_unref (node);
  return escape_controls (json);
}

void
desk_print_json (JsonNode *node)
{
  g_autofree char *json = format_json (node);

  puts (json);
}

void
desk_print_json_begin (void)
{
  putchar ('[');
}

void
desk_print_json_item (JsonNode *node, gboolean first)
{
  g_autofree char *json = format_json (node);

  printf ("%s\n%s", first ? "" : ",", json);
}

void
desk_print_json_end (void)
{
  puts ("\n]");
}

/* Columns that @text takes on a terminal. */
static guint
measure (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/* @text in at most @width columns, "…" standing for what is cut. (transfer full) */
static char *
cut (const char *text, guint width)
{
  guint used = 0;
  const char *end = text;

  if (measure (text) <= width)
    return g_strdup (text);
  while (*end != '\0')
    {
      gunichar c = g_utf8_get_char (end);

      used += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
      if (used + 1 > width)
        break;
      end = g_utf8_next_char (end);
    }
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

DeskTable *
desk_table_new (guint n_columns)
{
  DeskTable *self = g_new0 (DeskTable, 1);

  self->n_columns = n_columns;
  self->cells = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
desk_table_free (DeskTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

void
desk_table_add (DeskTable *self, ...)
{
  va_list arguments;

  va_start (arguments, self);
  for (guint i = 0; i < self->n_columns; i++)
    g_ptr_array_add (self->cells, desk_plain_line (va_arg (arguments, const char *)));
  va_end (arguments);
}

/* Columns of the terminal, or 0 when output does not go to one. */
static guint
get_terminal_width (void)
{
  struct winsize size;

  if (!isatty (STDOUT_FILENO) || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
    return 0;
  return size.ws_col;
}

static guint *
measure_columns (DeskTable *self)
{
  guint *widths = g_new0 (guint, self->n_columns);

  for (guint i = 0; i < self->cells->len; i++)
    widths[i % self->n_columns] =
        MAX (widths[i % self->n_columns], measure (g_ptr_array_index (self->cells, i)));
  return widths;
}

/* How wide the last column may be; 0: as it likes. */
static guint
limit_last_column (DeskTable *self, const guint *widths)
{
  guint terminal = get_terminal_width ();
  guint used = 0;

  for (guint i = 0; i + 1 < self->n_columns; i++)
    used += widths[i] == 0 ? 0 : widths[i] + COLUMN_GAP;
  if (terminal == 0)
    return 0;
  return MAX (terminal > used ? terminal - used : 0, LAST_COLUMN_MIN_WIDTH);
}

static void
print_last_cell (const char *text, guint limit)
{
  g_autofree char *shown = limit > 0 ? cut (text, limit) : g_strdup (text);

  puts (shown);
}

/* The last column of the row that has something to show. */
static guint
find_row_end (char **cells, guint n_columns)
{
  guint end = n_columns - 1;

  while (end > 0 && *cells[end] == '\0')
    end--;
  return end;
}

static void
print_row (char **cells, guint n_columns, const guint *widths, guint limit)
{
  guint end = find_row_end (cells, n_columns);

  for (guint i = 0; i < end; i++)
    if (widths[i] > 0)
      printf ("%s%*s", cells[i], (int) (widths[i] - measure (cells[i]) + COLUMN_GAP), "");
  print_last_cell (cells[end], end == n_columns - 1 ? limit : 0);
}

void
desk_table_print (DeskTable *self)
{
  g_autofree guint *widths = measure_columns (self);
  guint limit = limit_last_column (self, widths);

  for (guint i = 0; i < self->cells->len; i += self->n_columns)
    print_row ((char **) self->cells->pdata + i, self->n_columns, widths, limit);
}

/* --- progress --- */

/* Percent that the terminal shows now; -1: nothing. */
static int shown_percent = -1;

void
desk_show_progress (gint64 done, gint64 total, gpointer user_data)
{
  int percent = total > 0 ? (int) (100.0 * (double) done / (double) total) : 0;

  /* What is done in one go is not worth a word. */
  if (percent <= 0 || percent >= 100 || percent == shown_percent || !isatty (STDERR_FILENO))
    return;
  shown_percent = percent;
  fprintf (stderr, "\r%3d %%", percent);
}

void
desk_clear_progress (void)
{
  if (shown_percent >= 0)
    fputs ("\r     \r", stderr);
  shown_percent = -1;
}

gboolean
desk_output_finish (GError **error)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _ ("The answer could not be written: %s"), g_strerror (errno));
  return FALSE;
}
