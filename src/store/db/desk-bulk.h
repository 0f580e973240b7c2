/* SPDX-License-Identifier: GPL-3.0-or-later
 * Long writing in pieces, so that others get their turn.
 *
 * A piece is a transaction of at most 500 rows or 4 MiB; after it the desk is left alone for a
 * moment. What a piece has written is there whole or not at all. Over a connection outside a
 * transaction. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

typedef struct
{
  DeskDb *db;
  guint n_rows;
  gsize n_bytes;
} DeskBulk;

/* Before each row of about @n_bytes: ends a full piece, and begins one where there is none. */
gboolean desk_bulk_next (DeskBulk *self, gsize n_bytes, GError **error);
/* Ends the piece, if there is one. */
gboolean desk_bulk_finish (DeskBulk *self, GError **error);
/* Takes the piece back, if there is one. */
void desk_bulk_abort (DeskBulk *self);

G_END_DECLS
