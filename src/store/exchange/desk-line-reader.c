/* SPDX-License-Identifier: GPL-3.0-or-later
 * A stream, line by line. */
#include "desk-line-reader.h"

#include <string.h>

#define BUFFER_BYTES (64 * 1024)

struct _DeskLineReader
{
  GInputStream *input;
  gsize max_bytes;
  char buffer[BUFFER_BYTES];
  gsize at; /* of what is in the buffer, this much is taken … */
  gsize filled;
  GString *line; /* … and is in here */
  gint64 number;
  gint64 done;
};

DeskLineReader *
desk_line_reader_new (GInputStream *input, gsize max_bytes)
{
  DeskLineReader *self = g_new0 (DeskLineReader, 1);

  self->input = g_object_ref (input);
  self->max_bytes = max_bytes;
  self->line = g_string_new (NULL);
  return self;
}

void
desk_line_reader_free (DeskLineReader *self)
{
  g_object_unref (self->input);
  g_string_free (self->line, TRUE);
  g_free (self);
}

/* FALSE: nothing more to read, or @error set. */
static gboolean
fill (DeskLineReader *self, GCancellable *cancellable, GError **error)
{
  gssize size;

  if (self->at < self->filled)
    return TRUE;
  size = g_input_stream_read (self->input, self->buffer, sizeof self->buffer, cancellable, error);
  self->at = 0;
  self->filled = MAX (size, 0);
  self->done += self->filled;
  return size > 0;
}

/* Takes what the buffer has of the line. TRUE: that was its end. */
static gboolean
take_part (DeskLineReader *self, DeskInputLine *line)
{
  const char *start = self->buffer + self->at;
  gsize rest = self->filled - self->at;
  const char *end = memchr (start, '\n', rest);
  gsize size = end != NULL ? (gsize) (end - start) : rest;

  self->at += size + (end != NULL ? 1 : 0);
  if (self->line->len + size > self->max_bytes)
    line->is_too_long = TRUE;
  if (line->is_too_long)
    g_string_truncate (self->line, 0);
  else
    g_string_append_len (self->line, start, size);
  return end != NULL;
}

gboolean
desk_line_reader_next (DeskLineReader *self,
                       DeskInputLine *line,
                       GCancellable *cancellable,
                       GError **error)
{
  GError *failure = NULL;
  gboolean any = FALSE;

  *line = (DeskInputLine){ .number = self->number + 1 };
  g_string_truncate (self->line, 0);
  while (!line->has_end && fill (self, cancellable, &failure))
    {
      any = TRUE;
      line->has_end = take_part (self, line);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  if (failure != NULL || !any)
    return FALSE;
  if (self->line->len > 0 && self->line->str[self->line->len - 1] == '\r')
    g_string_truncate (self->line, self->line->len - 1);
  self->number++;
  line->text = self->line->str;
  line->length = self->line->len;
  return TRUE;
}

gint64
desk_line_reader_get_done (DeskLineReader *self)
{
  return self->done - (gint64) (self->filled - self->at);
}
