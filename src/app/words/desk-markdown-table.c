/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of texts as monospace text with padded columns. */
#include "desk-markdown-private.h"

static guint
count_columns (const char *text)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        n += g_unichar_iswide (c) ? 2 : 1;
    }
  return n;
}

static GArray *
measure_table (GPtrArray *table)
{
  GArray *widths = g_array_new (FALSE, TRUE, sizeof (guint));

  for (guint y = 0; y < table->len; y++)
    {
      GPtrArray *row = g_ptr_array_index (table, y);

      if (widths->len < row->len)
        g_array_set_size (widths, row->len);
      for (guint x = 0; x < row->len; x++)
        {
          guint *width = &g_array_index (widths, guint, x);

          *width = MAX (*width, count_columns (g_ptr_array_index (row, x)));
        }
    }
  return widths;
}

static void
append_row (GString *to, GPtrArray *row, GArray *widths)
{
  for (guint x = 0; x < row->len; x++)
    {
      const char *cell = g_ptr_array_index (row, x);
      guint width = MIN (g_array_index (widths, guint, x), 60);

      g_string_append (to, cell);
      if (x + 1 == row->len)
        break;
      for (guint n = count_columns (cell); n < width; n++)
        g_string_append_c (to, ' ');
      g_string_append (to, "  ");
    }
  g_string_append_c (to, '\n');
}

static void
append_line_under_head (GString *to, GArray *widths)
{
  for (guint x = 0; x < widths->len; x++)
    {
      for (guint n = 0; n < MIN (g_array_index (widths, guint, x), 60); n++)
        g_string_append (to, "─");
      g_string_append (to, x + 1 == widths->len ? "\n" : "  ");
    }
}

void
desk_markdown_append_table (GString *to, GPtrArray *table)
{
  g_autoptr (GArray) widths = measure_table (table);

  for (guint y = 0; y < table->len; y++)
    {
      append_row (to, g_ptr_array_index (table, y), widths);
      if (y == 0)
        append_line_under_head (to, widths);
    }
}
