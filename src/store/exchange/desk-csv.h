/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows of a CSV file, whatever wrote it: commas, semicolons or tabs, any line ends, with or
 * without a byte order mark.
 *
 * A row that cannot be read (not UTF-8, without an end, too long) is one with a reason; the rows
 * after it are read on. Memory use is that of the longest row. One thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DeskCsvReader DeskCsvReader;

typedef struct
{
  gint64 line;         /* that it begins in, from 1 */
  GPtrArray *cells;    /* of char *, UTF-8 */
  const char *refusal; /* why it cannot be read, static; NULL: it can */
} DeskCsvRow;

DeskCsvReader *desk_csv_reader_new (GInputStream *input);
void desk_csv_reader_free (DeskCsvReader *self);

/* NULL: no more rows, or @error set. Empty lines are passed over. (transfer full) (nullable) */
DeskCsvRow *desk_csv_reader_next (DeskCsvReader *self, GCancellable *cancellable, GError **error);
/* Bytes read so far. */
gint64 desk_csv_reader_get_done (DeskCsvReader *self);

void desk_csv_row_free (DeskCsvRow *self);
/* The cell, "" when the row is shorter or @column negative. Lent. */
const char *desk_csv_row_get (const DeskCsvRow *self, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskCsvReader, desk_csv_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskCsvRow, desk_csv_row_free)

G_END_DECLS
