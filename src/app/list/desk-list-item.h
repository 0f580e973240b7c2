/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket in a list: its id at once, its row when it came. Main thread. */
#pragma once

#include <gio/gio.h>

#include "desk-store.h"

G_BEGIN_DECLS

#define DESK_TYPE_LIST_ITEM (desk_list_item_get_type ())
G_DECLARE_FINAL_TYPE (DeskListItem, desk_list_item, DESK, LIST_ITEM, GObject)

/* Signal "changed": the row came, or came anew. */
gint64 desk_list_item_get_id (DeskListItem *self);
/* Lent until "changed"; NULL until it came. */
const DeskRow *desk_list_item_get_row (DeskListItem *self);

G_END_DECLS
