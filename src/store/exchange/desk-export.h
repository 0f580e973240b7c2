/* SPDX-License-Identifier: GPL-3.0-or-later
 * A desk as a text file: everything that it cannot make again, line by line.
 *
 * The form is desk-line.h's. Two desks with the same content have the same export, byte for byte:
 * the order is that of acceptance, or of names and uids. As of one moment; others go on working.
 * Memory use does not grow with the desk. Functions over a connection outside a transaction. */
#pragma once

#include "desk-db.h"
#include "desk-progress.h"

G_BEGIN_DECLS

/* @progress (nullable) counts events and chunks of files. DESK_STORE_ERROR, or G_IO_ERROR of
 * @output. */
gboolean desk_export (DeskDb *db,
                      GOutputStream *output,
                      DeskProgress progress,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error);

/* Into a new file that is readable by its owner only: EXISTS when @path is there. */
gboolean desk_export_to_file (DeskDb *db,
                              const char *path,
                              DeskProgress progress,
                              gpointer user_data,
                              GCancellable *cancellable,
                              GError **error);

G_END_DECLS
