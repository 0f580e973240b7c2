/* SPDX-License-Identifier: GPL-3.0-or-later
 * Long writing in pieces. */
#include "desk-bulk.h"

#define ROWS_PER_PIECE  500
#define BYTES_PER_PIECE (4 * 1024 * 1024)
/* With a pause of 2 ms others wait milliseconds, without one half a second. */
#define PAUSE_US 2000

gboolean
desk_bulk_finish (DeskBulk *self, GError **error)
{
  self->n_rows = 0;
  self->n_bytes = 0;
  return !desk_db_in_transaction (self->db) || desk_db_commit (self->db, error);
}

gboolean
desk_bulk_next (DeskBulk *self, gsize n_bytes, GError **error)
{
  gboolean is_full = self->n_rows >= ROWS_PER_PIECE || self->n_bytes + n_bytes > BYTES_PER_PIECE;

  if (is_full && desk_db_in_transaction (self->db))
    {
      if (!desk_bulk_finish (self, error))
        return FALSE;
      g_usleep (PAUSE_US);
    }
  self->n_rows++;
  self->n_bytes += n_bytes;
  return desk_db_in_transaction (self->db) || desk_db_begin (self->db, error);
}

void
desk_bulk_abort (DeskBulk *self)
{
  self->n_rows = 0;
  self->n_bytes = 0;
  if (desk_db_in_transaction (self->db))
    desk_db_rollback (self->db);
}
