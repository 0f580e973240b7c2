/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether a desk is sound: everything that can be made again from the events is what they make.
 *
 * Looks at the file itself, at every ticket, counter, search document and attachment, as of one
 * moment; others go on working, but for a while at the end, when SQLite checks the search index and
 * wants nobody else to write. A connection that may not write leaves that last step out. Function
 * over a connection outside a transaction. */
#pragma once

#include "desk-db.h"
#include "desk-progress.h"

G_BEGIN_DECLS

/* @problem: one line of plain English, which names the ticket by its number. */
typedef void (*DeskCheckFunc) (const char *problem, gpointer user_data);

/* The number of problems, each told to @report (nullable); 0 for a sound desk. -1 with @error set
 * when it could not be looked at. @progress (nullable) and @report get @user_data. */
gint64 desk_check (DeskDb *db,
                   DeskCheckFunc report,
                   gpointer user_data,
                   DeskProgress progress,
                   GCancellable *cancellable,
                   GError **error);

G_END_DECLS
