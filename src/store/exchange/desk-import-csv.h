/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filing the tickets of a CSV file.
 *
 * Each row goes through accept like any op, in the name of whoever imports; its own time is kept as
 * the author's clock. Uids are derived from the name of the source and a key column, or from the
 * row and how often it has come: importing again doubles nothing, and a row that has changed
 * meanwhile is told and left. Requesters whom the desk does not know become people. What cannot be
 * taken is told by its line and reason. Over a connection outside a transaction. */
#pragma once

#include "desk-import.h"

G_BEGIN_DECLS

typedef struct
{
  const char *source; /* the same name for the same table, for ever */
  const char *key;    /* name of a column, or NULL */
  const char *map;    /* as desk-csv-map.h says, or NULL */
} DeskCsvOptions;

/**
 * desk_import_csv:
 * @author: who imports: an agent
 * @total_bytes: the size of the file, for @progress; 0 when it is not known
 * @report: (nullable): told of each row that differs or is refused, by the line it begins in
 * @result: (out): what was done, on failure too
 *
 * Returns: %FALSE with @error set when the table cannot be used as a whole (DESK_ERROR), or when it
 * or the desk cannot be read or written any more; what was added before stays.
 */
gboolean desk_import_csv (DeskDb *db,
                          GInputStream *input,
                          gint64 total_bytes,
                          const DeskCsvOptions *options,
                          const DeskPerson *author,
                          gint64 now,
                          DeskImportFunc report,
                          DeskProgress progress,
                          gpointer user_data,
                          DeskImportResult *result,
                          GCancellable *cancellable,
                          GError **error);

G_END_DECLS
