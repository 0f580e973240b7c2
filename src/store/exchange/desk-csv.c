/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading CSV with libcsv, line by line so that each row knows where it began. */
#include "desk-csv.h"

#include <csv.h>
#include <string.h>

#include "desk-error.h"
#include "desk-line-reader.h"

/* A row has a text of 1 MiB at most, and some words. */
#define ROW_MAX_BYTES (4 * 1024 * 1024)

/* libcsv's pstate of a row that has not begun. */
#define PARSER_BETWEEN_ROWS 0

#define REFUSED_NOT_TEXT DESK_N_ ("The row is not text in UTF-8; save the file as UTF-8")
#define REFUSED_NUL      DESK_N_ ("The row holds a NUL")
#define REFUSED_TOO_LONG                                                                           \
  DESK_N_ ("The row is longer than 4 MiB, or a quotation mark in it is never closed")
#define REFUSED_NO_END DESK_N_ ("The file ends within a quoted cell")

struct _DeskCsvReader
{
  DeskLineReader *lines;
  struct csv_parser parser;
  GQueue rows;     /* of DeskCsvRow: read and not yet given out */
  DeskCsvRow *row; /* that is being read */
  gsize row_bytes;
  gint64 line;
  gboolean at_end;
};

/* --- rows --- */

static DeskCsvRow *
new_row (gint64 line)
{
  DeskCsvRow *row = g_new0 (DeskCsvRow, 1);

  row->line = line;
  row->cells = g_ptr_array_new_with_free_func (g_free);
  return row;
}

void
desk_csv_row_free (DeskCsvRow *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

const char *
desk_csv_row_get (const DeskCsvRow *self, int column)
{
  return column >= 0 && (guint) column < self->cells->len ? self->cells->pdata[column] : "";
}

static DeskCsvRow *
get_row (DeskCsvReader *self)
{
  if (self->row == NULL)
    self->row = new_row (self->line);
  return self->row;
}

static void
end_row (DeskCsvReader *self)
{
  g_queue_push_tail (&self->rows, get_row (self));
  self->row = NULL;
  self->row_bytes = 0;
}

static void
take_cell_cb (void *text, size_t length, void *data)
{
  DeskCsvRow *row = get_row (data);
  g_autofree char *cell = g_strndup (text != NULL ? text : "", length);

  if (strlen (cell) != length)
    row->refusal = REFUSED_NUL;
  else if (!g_utf8_validate (cell, (gssize) length, NULL))
    row->refusal = REFUSED_NOT_TEXT;
  else
    g_ptr_array_add (row->cells, g_steal_pointer (&cell));
}

static void
end_row_cb (int end, void *data)
{
  end_row (data);
}

/* --- lines --- */

/* What stands between the names of the first line: the sign that is there most. */
static unsigned char
find_delimiter (const char *line)
{
  static const char signs[] = ",;\t|";
  guint counts[sizeof signs] = { 0 };
  gboolean quoted = FALSE;
  guint best = 0;

  for (; *line != '\0'; line++)
    {
      const char *sign = strchr (signs, *line);

      quoted ^= *line == '"';
      if (!quoted && sign != NULL)
        counts[sign - signs]++;
    }
  for (guint i = 1; signs[i] != '\0'; i++)
    if (counts[i] > counts[best])
      best = i;
  return (unsigned char) signs[best];
}

/* After a row that is given up the next line begins a new one. */
static void
start_parser (DeskCsvReader *self)
{
  unsigned char delimiter = csv_get_delim (&self->parser);

  csv_free (&self->parser);
  csv_init (&self->parser, 0);
  csv_set_delim (&self->parser, delimiter);
}

static void
give_row_up (DeskCsvReader *self, const char *refusal)
{
  get_row (self)->refusal = refusal;
  end_row (self);
  start_parser (self);
}

/* Of a line with nothing but spaces. */
static void
forget_row (DeskCsvReader *self)
{
  g_clear_pointer (&self->row, desk_csv_row_free);
  self->row_bytes = 0;
}

static void
parse_line (DeskCsvReader *self, const DeskInputLine *line)
{
  const char *text = line->text;
  gsize length = line->length;

  self->line = line->number;
  if (line->number == 1 && g_str_has_prefix (text, "\xef\xbb\xbf"))
    {
      text += 3;
      length -= 3;
    }
  if (line->number == 1)
    csv_set_delim (&self->parser, find_delimiter (text));
  self->row_bytes += length + 1;
  /* A row that goes on began in an earlier line. */
  if (length > 0)
    get_row (self);
  if (line->is_too_long || self->row_bytes > ROW_MAX_BYTES)
    {
      give_row_up (self, REFUSED_TOO_LONG);
      return;
    }
  csv_parse (&self->parser, text, length, take_cell_cb, end_row_cb, self);
  csv_parse (&self->parser, "\n", 1, take_cell_cb, end_row_cb, self);
  if (self->parser.pstate == PARSER_BETWEEN_ROWS)
    forget_row (self);
}

/* Every line was given its end, so a row that goes on is in a quoted cell. */
static void
parse_end (DeskCsvReader *self)
{
  self->at_end = TRUE;
  if (self->parser.pstate != PARSER_BETWEEN_ROWS)
    give_row_up (self, REFUSED_NO_END);
}

/* --- reading --- */

DeskCsvReader *
desk_csv_reader_new (GInputStream *input)
{
  DeskCsvReader *self = g_new0 (DeskCsvReader, 1);

  self->lines = desk_line_reader_new (input, ROW_MAX_BYTES);
  csv_init (&self->parser, 0);
  g_queue_init (&self->rows);
  return self;
}

void
desk_csv_reader_free (DeskCsvReader *self)
{
  desk_line_reader_free (self->lines);
  csv_free (&self->parser);
  g_queue_clear_full (&self->rows, (GDestroyNotify) desk_csv_row_free);
  g_clear_pointer (&self->row, desk_csv_row_free);
  g_free (self);
}

DeskCsvRow *
desk_csv_reader_next (DeskCsvReader *self, GCancellable *cancellable, GError **error)
{
  GError *failure = NULL;
  DeskInputLine line;

  while (g_queue_is_empty (&self->rows) && !self->at_end)
    {
      if (desk_line_reader_next (self->lines, &line, cancellable, &failure))
        parse_line (self, &line);
      else if (failure == NULL)
        parse_end (self);
      else
        {
          g_propagate_error (error, failure);
          return NULL;
        }
    }
  return g_queue_pop_head (&self->rows);
}

gint64
desk_csv_reader_get_done (DeskCsvReader *self)
{
  return desk_line_reader_get_done (self->lines);
}
