/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bringing an older desk file to the form of this program, by the numbered files in sql/.
 *
 * Each file is one transaction and PRAGMA user_version its number. Before the first one a copy is
 * kept beside the desk. Fails with TOO_NEW for a file of a newer program, else as desk-db.h
 * says. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

int desk_migrate_get_newest (void);
gboolean desk_migrate (DeskDb *db, GError **error);

G_END_DECLS
