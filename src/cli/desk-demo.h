/* SPDX-License-Identifier: GPL-3.0-or-later
 * The demo desk: a bank's help desk with three months of tickets.
 *
 * Everything goes the way of every other ticket, through ops that are accepted at their time. The
 * same texts and turns come out every time, only told from the present. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

/* Fills a new desk. @administrator keeps it, and is there already. */
gboolean desk_demo_fill (DeskDb *db, const DeskPerson *administrator, gint64 now, GError **error);

G_END_DECLS
