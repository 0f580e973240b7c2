/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows of a list model: only those that are looked at are read. */
#include "desk-list-model-private.h"

#define ROWS_AT_ONCE   64
#define MOST_ROW_CALLS 2

static void send_wanted (DeskListModel *self);

DeskListItem *
desk_list_model_ref_item (DeskListModel *self, gint64 id)
{
  DeskListItem *item = g_hash_table_lookup (self->items, &id);

  if (item != NULL)
    return g_object_ref (item);
  item = desk_list_item_new (self->items, id);
  return item;
}

static gboolean
send_wanted_cb (gpointer data)
{
  DeskListModel *self = data;

  self->wanted_source = 0;
  send_wanted (self);
  return G_SOURCE_REMOVE;
}

/* What views ask for in one turn goes out together, before the next frame. */
void
desk_list_model_want_row (DeskListModel *self, DeskListItem *item)
{
  if (self->words != NULL || self->store == NULL)
    return; /* what was found came with its row */
  if (item->asked)
    {
      item->stale = item->row != NULL;
      return;
    }
  item->asked = TRUE;
  g_array_append_val (self->wanted, item->id);
  if (self->wanted_source == 0)
    self->wanted_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, send_wanted_cb, self, NULL);
}

/* Up to ROWS_AT_ONCE ids whose items are still looked at. */
static GArray *
take_wanted (DeskListModel *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_taken = 0;

  while (n_taken < self->wanted->len && ids->len < ROWS_AT_ONCE)
    {
      gint64 id = g_array_index (self->wanted, gint64, n_taken++);

      if (g_hash_table_contains (self->items, &id))
        g_array_append_val (ids, id);
    }
  g_array_remove_range (self->wanted, 0, n_taken);
  return ids;
}

typedef struct
{
  DeskListModel *model; /* owned */
  GArray *ids;
} RowCall;

static void
row_call_free (RowCall *call)
{
  g_object_unref (call->model);
  g_array_unref (call->ids);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RowCall, row_call_free)

/* A row that is gone leaves the list with the next change; until then it stays as it was. */
static void
give_rows (DeskListModel *self, GArray *ids, GPtrArray *rows)
{
  for (guint i = 0; i < ids->len; i++)
    {
      DeskListItem *item = g_hash_table_lookup (self->items, &g_array_index (ids, gint64, i));

      if (item == NULL)
        continue;
      item->asked = FALSE;
      if (item->stale)
        desk_list_model_want_row (self, item);
      item->stale = FALSE;
      if (self->words != NULL || rows == NULL || rows->pdata[i] == NULL)
        continue;
      g_object_ref (item);
      desk_list_item_take_row (item, g_steal_pointer (&rows->pdata[i]));
      g_object_unref (item);
    }
}

static void
rows_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RowCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = desk_store_rows_finish (DESK_STORE (source), result, &error);
  DeskListModel *self = call->model;

  self->n_row_calls--;
  if (self->store == NULL)
    return;
  give_rows (self, call->ids, rows);
  g_signal_emit_by_name (self, "loaded");
  send_wanted (self);
}

static void
send_wanted (DeskListModel *self)
{
  while (self->wanted->len > 0 && self->n_row_calls < MOST_ROW_CALLS)
    {
      g_autoptr (GArray) ids = take_wanted (self);
      RowCall *call;

      if (ids->len == 0)
        continue;
      call = g_new0 (RowCall, 1);
      call->model = g_object_ref (self);
      call->ids = g_array_ref (ids);
      self->n_row_calls++;
      desk_store_rows_async (self->store, (const gint64 *) ids->data, ids->len, NULL, rows_cb,
                             call);
    }
}

/* Every row that is looked at, or those of @changes, are read again. */
void
desk_list_model_refresh_rows (DeskListModel *self, GArray *changes)
{
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      const DeskKeyChange *change = &g_array_index (changes, DeskKeyChange, i);
      DeskListItem *item = g_hash_table_lookup (self->items, &change->key.id);

      if (item != NULL)
        desk_list_model_want_row (self, item);
    }
  if (changes != NULL)
    return;
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    desk_list_model_want_row (self, value);
}
