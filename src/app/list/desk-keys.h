/* SPDX-License-Identifier: GPL-3.0-or-later
 * What happened between two states of a list of keys, as edits that a view can follow.
 *
 * A list is an array of DeskKey in ascending order of (key, id), each id once. Lists that are
 * passed in are only read. Linear in the length of the list, so that long ones are best done away
 * from the main thread: pure functions, any thread. */
#pragma once

#include "desk-rows.h"

G_BEGIN_DECLS

/* At @to of the new list, where the old one had it at @at, @n_removed keys gave way to @n_added.
 * Edits are in ascending order; between them both lists show the same ids. */
typedef struct
{
  guint at;
  guint n_removed;
  guint to;
  guint n_added;
  guint n_new; /* of the added: ids that the old list did not have */
} DeskKeyEdit;

#define DESK_KEYS_NONE G_MAXUINT

/* The list after @changes (of DeskKeyChange); @edits (of DeskKeyEdit) leads there. (transfer full)
 */
GArray *desk_keys_merge (GArray *keys, GArray *changes, GArray **edits);
/* The edits from @before to @after. (transfer full) (element-type DeskKeyEdit) */
GArray *desk_keys_diff (GArray *before, GArray *after);

/* Joins neighbouring edits, unless an id of @kept is between them or among what they remove.
 * @before is the list that @edits start from. */
void desk_keys_join (GArray *edits, GArray *before, GHashTable *kept);

/* The same edits, with what is added near their start in smaller ones: a list view makes all rows
 * of one edit at once. (transfer full) (element-type DeskKeyEdit) */
GArray *desk_keys_split (GArray *edits);

/* The position of @id, or DESK_KEYS_NONE. */
guint desk_keys_find (GArray *keys, gint64 id);

G_END_DECLS
