/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket in a list; see the header. */
#include "desk-list-item-private.h"

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DeskListItem, desk_list_item, G_TYPE_OBJECT)

static void
desk_list_item_finalize (GObject *object)
{
  DeskListItem *self = DESK_LIST_ITEM (object);

  if (g_hash_table_lookup (self->items, &self->id) == self)
    g_hash_table_remove (self->items, &self->id);
  g_clear_pointer (&self->items, g_hash_table_unref);
  g_clear_pointer (&self->row, desk_row_free);
  G_OBJECT_CLASS (desk_list_item_parent_class)->finalize (object);
}

static void
desk_list_item_class_init (DeskListItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = desk_list_item_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", DESK_TYPE_LIST_ITEM, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
desk_list_item_init (DeskListItem *self)
{
}

gint64
desk_list_item_get_id (DeskListItem *self)
{
  g_return_val_if_fail (DESK_IS_LIST_ITEM (self), 0);

  return self->id;
}

const DeskRow *
desk_list_item_get_row (DeskListItem *self)
{
  g_return_val_if_fail (DESK_IS_LIST_ITEM (self), NULL);

  return self->row;
}

DeskListItem *
desk_list_item_new (GHashTable *items, gint64 id)
{
  DeskListItem *self = g_object_new (DESK_TYPE_LIST_ITEM, NULL);

  self->id = id;
  self->items = g_hash_table_ref (items);
  g_hash_table_insert (items, &self->id, self);
  return self;
}

void
desk_list_item_take_row (DeskListItem *self, DeskRow *row)
{
  g_clear_pointer (&self->row, desk_row_free);
  self->row = row;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
