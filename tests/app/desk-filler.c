/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tickets for tests of lists; see the header. */
#include "desk-filler.h"

#include "fixture.h"

typedef struct
{
  GPtrArray *tickets;
  guint n_left;
} Batch;

typedef struct
{
  Batch *batch;
  guint index;
} Place;

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Place *place = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReceipt) receipt = desk_store_submit_finish (DESK_STORE (source), result, &error);
  gpointer *slot = &place->batch->tickets->pdata[place->index];

  g_assert_no_error (error);
  g_clear_pointer ((DeskTicket **) slot, desk_ticket_unref);
  *slot = desk_ticket_ref (receipt->ticket);
  place->batch->n_left--;
}

static void
submit (DeskStore *store, DeskOp *op, Batch *batch, guint index)
{
  Place *place = g_new (Place, 1);

  *place = (Place){ batch, index };
  batch->n_left++;
  desk_store_submit_async (store, op, NULL, submitted_cb, place);
}

static void
free_ticket (gpointer ticket)
{
  if (ticket != NULL)
    desk_ticket_unref (ticket);
}

GPtrArray *
filler_file (DeskStore *store, const char *name, guint n)
{
  Batch batch = { g_ptr_array_new_with_free_func (free_ticket), 0 };

  g_ptr_array_set_size (batch.tickets, (int) n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DeskOp) op = desk_store_new_op (store, NULL, DESK_KIND_CREATED);
      g_autofree char *summary = g_strdup_printf ("%s %u", name, i + 1);

      desk_op_change (op, DESK_FIELD_SUMMARY, summary);
      submit (store, op, &batch, i);
    }
  FIXTURE_WAIT (batch.n_left == 0);
  return batch.tickets;
}

void
filler_change (DeskStore *store, GPtrArray *tickets, DeskField field, const char *to)
{
  Batch batch = { tickets, 0 };

  for (guint i = 0; i < tickets->len; i++)
    {
      g_autoptr (DeskOp) op = desk_store_new_op (store, tickets->pdata[i], DESK_KIND_CHANGE);

      desk_op_change (op, field, to);
      submit (store, op, &batch, i);
    }
  FIXTURE_WAIT (batch.n_left == 0);
}
