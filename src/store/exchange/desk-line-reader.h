/* SPDX-License-Identifier: GPL-3.0-or-later
 * A stream, line by line, whatever it holds: binary, cut off, or one endless line.
 *
 * Memory use is that of the longest line that is taken; of a longer one only the fact is kept. One
 * thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DeskLineReader DeskLineReader;

typedef struct
{
  gint64 number;    /* 1, 2, 3… */
  const char *text; /* without its end (\n or \r\n), terminated, but may hold NULs; lent */
  gsize length;
  gboolean has_end;     /* FALSE: the stream ended within it */
  gboolean is_too_long; /* then there is no text */
} DeskInputLine;

/* Keeps a reference to @input. */
DeskLineReader *desk_line_reader_new (GInputStream *input, gsize max_bytes);
void desk_line_reader_free (DeskLineReader *self);

/* FALSE: no more lines, or @error set. */
gboolean desk_line_reader_next (DeskLineReader *self,
                                DeskInputLine *line,
                                GCancellable *cancellable,
                                GError **error);
/* Bytes read so far, the present line included. */
gint64 desk_line_reader_get_done (DeskLineReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskLineReader, desk_line_reader_free)

G_END_DECLS
