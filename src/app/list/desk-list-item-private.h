/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a list model knows of its items. */
#pragma once

#include "desk-list-item.h"

G_BEGIN_DECLS

struct _DeskListItem
{
  GObject parent_instance;

  gint64 id;
  DeskRow *row;
  gboolean asked;    /* a call for its row is waiting or under way */
  gboolean stale;    /* and its ticket changed meanwhile */
  GHashTable *items; /* of the model: &id → item, not owned */
};

/* Enters it into @items, which it leaves by itself. (transfer full) */
DeskListItem *desk_list_item_new (GHashTable *items, gint64 id);
/* Takes @row. */
void desk_list_item_take_row (DeskListItem *self, DeskRow *row);

G_END_DECLS
