/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking an export in: accepted events as records, with their uids, numbers and times.
 *
 * Into a desk without tickets, which then becomes the exported one, or into the very desk that was
 * exported: what is missing is added, what is there is compared, and what differs is told and left
 * as it is. People who were erased here stay erased. The file may be cut off or crooked: each line
 * that is not taken is told with its reason, and the desk is sound at any time; importing the whole
 * file later adds the rest. Memory use does not grow with the file. Functions over a connection
 * outside a transaction. */
#pragma once

#include "desk-db.h"
#include "desk-progress.h"

G_BEGIN_DECLS

/* How many lines (of a CSV: rows) … */
typedef struct
{
  gint64 added;
  gint64 same;      /* was there already */
  gint64 differing; /* is there already with another content, and stays so */
  gint64 refused;
} DeskImportResult;

/* @line (from 1) differs or was refused; @reason is a DESK_ERROR of one line. */
typedef void (*DeskImportFunc) (gint64 line, const GError *reason, gpointer user_data);

/**
 * desk_import:
 * @total_bytes: the size of the file, for @progress; 0 when it is not known
 * @report: (nullable): told of each line that differs or is refused
 * @now: UTC seconds
 * @result: (out): what was done, on failure too
 *
 * Returns: %FALSE with @error set when the file is no export or of another desk (DESK_ERROR), or
 * when it or the desk cannot be read or written any more; what was added before is whole and stays.
 */
gboolean desk_import (DeskDb *db,
                      GInputStream *input,
                      gint64 total_bytes,
                      gint64 now,
                      DeskImportFunc report,
                      DeskProgress progress,
                      gpointer user_data,
                      DeskImportResult *result,
                      GCancellable *cancellable,
                      GError **error);

G_END_DECLS
