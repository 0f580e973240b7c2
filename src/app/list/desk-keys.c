/* SPDX-License-Identifier: GPL-3.0-or-later
 * Edits between two states of a list of keys.
 *
 * A change names a ticket by id, but a list is ordered by key, and a hash of a million ids would
 * weigh more than the list. So ids are found by one pass over the list that asks a small bit
 * filter first, which the processor does about as fast as it reads. */
#include "desk-keys.h"

#include <string.h>

/* More removed ids than this are not compared one by one: then nothing counts as new. */
#define MOST_COMPARED 100000

/* --- a set of ids that says no quickly --- */

#define FILTER_BITS 65536

typedef struct
{
  guint64 bits[FILTER_BITS / 64];
  GHashTable *ids; /* lent; &id → anything */
} IdFilter;

static IdFilter *
make_filter (GHashTable *ids)
{
  IdFilter *filter = g_new0 (IdFilter, 1);
  GHashTableIter iter;
  gpointer key;

  filter->ids = ids;
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const gint64 *id = key;
      guint bit = (guint64) *id % FILTER_BITS;

      filter->bits[bit / 64] |= G_GUINT64_CONSTANT (1) << (bit % 64);
    }
  return filter;
}

static inline gboolean
filter_may_hold (const IdFilter *filter, gint64 id)
{
  guint bit = (guint64) id % FILTER_BITS;

  return (filter->bits[bit / 64] >> (bit % 64)) & 1;
}

/* The value of @id in the filter's table, or NULL. */
static inline gpointer
filter_look_up (const IdFilter *filter, gint64 id)
{
  return filter_may_hold (filter, id) ? g_hash_table_lookup (filter->ids, &id) : NULL;
}

/* --- order --- */

static inline int
compare_keys (const DeskKey *a, const DeskKey *b)
{
  if (a->key != b->key)
    return a->key < b->key ? -1 : 1;
  return a->id < b->id ? -1 : a->id > b->id;
}

static int
compare_keys_cb (gconstpointer a, gconstpointer b)
{
  return compare_keys (a, b);
}

/* The first position whose key is not less than @key. */
static guint
find_place (GArray *keys, const DeskKey *key)
{
  guint low = 0;
  guint high = keys->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_keys (&g_array_index (keys, DeskKey, middle), key) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* A list view has rows for some two hundred items around what is seen. */
#define PART    32
#define N_PARTS 8

static void
append_parts (GArray *parts, DeskKeyEdit edit)
{
  for (guint i = 0; i < N_PARTS && edit.n_added > PART; i++)
    {
      DeskKeyEdit part = {
        .at = edit.at,
        .n_removed = MIN (edit.n_removed, PART),
        .to = edit.to,
        .n_added = MIN (edit.n_added, PART),
        .n_new = edit.n_new,
      };

      g_array_append_val (parts, part);
      edit.at += part.n_removed;
      edit.n_removed -= part.n_removed;
      edit.to += part.n_added;
      edit.n_added -= part.n_added;
      edit.n_new = 0;
    }
  g_array_append_val (parts, edit);
}

GArray *
desk_keys_split (GArray *edits)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (DeskKeyEdit));

  for (guint i = 0; i < edits->len; i++)
    append_parts (parts, g_array_index (edits, DeskKeyEdit, i));
  return parts;
}

guint
desk_keys_find (GArray *keys, gint64 id)
{
  const DeskKey *all = (const DeskKey *) keys->data;

  for (guint i = 0; i < keys->len; i++)
    if (all[i].id == id)
      return i;
  return DESK_KEYS_NONE;
}

/* --- one edit at a time --- */

/* A ticket that only got another key between the same neighbours did not move. */
static void
trim_edit (DeskKeyEdit *edit, const DeskKey *before, const DeskKey *after)
{
  while (edit->n_removed > 0 && edit->n_added > 0 && before[edit->at].id == after[edit->to].id)
    {
      edit->at++;
      edit->to++;
      edit->n_removed--;
      edit->n_added--;
    }
  while (edit->n_removed > 0 && edit->n_added > 0 &&
         before[edit->at + edit->n_removed - 1].id == after[edit->to + edit->n_added - 1].id)
    {
      edit->n_removed--;
      edit->n_added--;
    }
}

static void
add_edit (GArray *edits, DeskKeyEdit edit, GArray *before, GArray *after)
{
  if (edit.n_removed > 0 && edit.n_added > 0)
    trim_edit (&edit, (const DeskKey *) before->data, (const DeskKey *) after->data);
  if (edit.n_removed > 0 || edit.n_added > 0)
    g_array_append_val (edits, edit);
}

/* Adds to each edit how many of its ids are not in @known (&id → anything). */
static void
count_new (GArray *edits, GArray *after, GHashTable *known)
{
  for (guint i = 0; i < edits->len; i++)
    {
      DeskKeyEdit *edit = &g_array_index (edits, DeskKeyEdit, i);

      for (guint j = 0; j < edit->n_added; j++)
        edit->n_new += !g_hash_table_contains (known,
                                               &g_array_index (after, DeskKey, edit->to + j).id);
    }
}

/* --- merging changes in --- */

typedef struct
{
  GArray *leaving;   /* of guint: positions of those that are gone or have another key */
  GArray *arriving;  /* of DeskKey, in order */
  GHashTable *known; /* ids of changes that the list had */
} Moves;

static void
clear_moves (Moves *moves)
{
  g_array_unref (moves->leaving);
  g_array_unref (moves->arriving);
  g_hash_table_unref (moves->known);
}

static GHashTable *
index_changes (GArray *changes)
{
  GHashTable *index = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < changes->len; i++)
    {
      DeskKeyChange *change = &g_array_index (changes, DeskKeyChange, i);

      g_hash_table_replace (index, &change->key.id, change);
    }
  return index;
}

static void
find_leaving (Moves *moves, GArray *keys, GHashTable *index)
{
  g_autofree IdFilter *filter = make_filter (index);
  const DeskKey *all = (const DeskKey *) keys->data;

  for (guint i = 0; i < keys->len; i++)
    {
      DeskKeyChange *change = filter_look_up (filter, all[i].id);

      if (change == NULL)
        continue;
      g_hash_table_add (moves->known, &change->key.id);
      if (!change->gone && change->key.key == all[i].key)
        g_hash_table_remove (index, &change->key.id); /* it stays where it is */
      else
        g_array_append_val (moves->leaving, i);
    }
}

static void
find_arriving (Moves *moves, GHashTable *index)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, index);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const DeskKeyChange *change = value;

      if (!change->gone)
        g_array_append_val (moves->arriving, change->key);
    }
  g_array_sort (moves->arriving, compare_keys_cb);
}

static Moves
find_moves (GArray *keys, GArray *changes)
{
  g_autoptr (GHashTable) index = index_changes (changes);
  Moves moves = {
    .leaving = g_array_new (FALSE, FALSE, sizeof (guint)),
    .arriving = g_array_new (FALSE, FALSE, sizeof (DeskKey)),
    .known = g_hash_table_new (g_int64_hash, g_int64_equal),
  };

  find_leaving (&moves, keys, index);
  find_arriving (&moves, index);
  return moves;
}

static void
copy_span (GArray *into, GArray *from, guint start, guint end)
{
  if (end > start)
    g_array_append_vals (into, &g_array_index (from, DeskKey, start), end - start);
}

/* Both lists walked together, up to the next thing that happens. */
typedef struct
{
  GArray *keys;
  const Moves *moves;
  guint n_left;    /* of those leaving, so many are dealt with */
  guint n_arrived; /* and of those arriving */
  guint leaving_at;
  guint arriving_at;
} Walk;

static void
look_ahead (Walk *self)
{
  GArray *leaving = self->moves->leaving;
  GArray *arriving = self->moves->arriving;

  self->leaving_at = G_MAXUINT;
  self->arriving_at = G_MAXUINT;
  if (self->n_left < leaving->len)
    self->leaving_at = g_array_index (leaving, guint, self->n_left);
  if (self->n_arrived < arriving->len)
    self->arriving_at = find_place (self->keys,
                                    &g_array_index (arriving, DeskKey, self->n_arrived));
}

/* All that happens at one place is one edit. */
static DeskKeyEdit
take_edit (Walk *self, GArray *after)
{
  DeskKeyEdit edit = { .at = MIN (self->leaving_at, self->arriving_at), .to = after->len };
  guint place = edit.at;

  while (self->leaving_at == place || self->arriving_at == place)
    {
      if (self->arriving_at == place)
        {
          g_array_append_val (after,
                              g_array_index (self->moves->arriving, DeskKey, self->n_arrived));
          self->n_arrived++;
          edit.n_added++;
        }
      else
        {
          self->n_left++;
          edit.n_removed++;
          place++;
        }
      look_ahead (self);
    }
  return edit;
}

static GArray *
merge_moves (GArray *keys, const Moves *moves, GArray *edits)
{
  guint n_after = keys->len - moves->leaving->len + moves->arriving->len;
  GArray *after = g_array_sized_new (FALSE, FALSE, sizeof (DeskKey), n_after);
  Walk walk = { .keys = keys, .moves = moves };
  guint done = 0; /* so much of the old list is dealt with */

  look_ahead (&walk);
  while (walk.leaving_at < G_MAXUINT || walk.arriving_at < G_MAXUINT)
    {
      DeskKeyEdit edit;

      copy_span (after, keys, done, MIN (walk.leaving_at, walk.arriving_at));
      edit = take_edit (&walk, after);
      done = edit.at + edit.n_removed;
      add_edit (edits, edit, keys, after);
    }
  copy_span (after, keys, done, keys->len);
  return after;
}

GArray *
desk_keys_merge (GArray *keys, GArray *changes, GArray **edits)
{
  Moves moves = find_moves (keys, changes);
  GArray *after;

  *edits = g_array_new (FALSE, FALSE, sizeof (DeskKeyEdit));
  after = merge_moves (keys, &moves, *edits);
  count_new (*edits, after, moves.known);
  clear_moves (&moves);
  return after;
}

/* --- comparing --- */

static GHashTable *
collect_removed (GArray *edits, GArray *before)
{
  GHashTable *removed = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < edits->len; i++)
    {
      const DeskKeyEdit *edit = &g_array_index (edits, DeskKeyEdit, i);

      for (guint j = 0; j < edit->n_removed; j++)
        g_hash_table_add (removed, &g_array_index (before, DeskKey, edit->at + j).id);
    }
  return removed;
}

static void
count_new_after (GArray *edits, GArray *before, GArray *after)
{
  guint n_removed = 0;

  for (guint i = 0; i < edits->len; i++)
    n_removed += g_array_index (edits, DeskKeyEdit, i).n_removed;
  if (n_removed <= MOST_COMPARED)
    {
      g_autoptr (GHashTable) removed = collect_removed (edits, before);

      count_new (edits, after, removed);
    }
}

/* As compare_keys(), where a list that is over comes after everything. */
static inline int
compare_heads (GArray *before, guint i, GArray *after, guint j)
{
  if (i == before->len)
    return 1;
  if (j == after->len)
    return -1;
  return compare_keys (&g_array_index (before, DeskKey, i), &g_array_index (after, DeskKey, j));
}

GArray *
desk_keys_diff (GArray *before, GArray *after)
{
  GArray *edits = g_array_new (FALSE, FALSE, sizeof (DeskKeyEdit));
  DeskKeyEdit edit = { 0 };
  guint i = 0;
  guint j = 0;

  while (i < before->len || j < after->len)
    {
      int order = compare_heads (before, i, after, j);

      i += order <= 0;
      j += order >= 0;
      edit.n_removed += order < 0;
      edit.n_added += order > 0;
      if (order == 0)
        {
          add_edit (edits, edit, before, after);
          edit = (DeskKeyEdit){ .at = i, .to = j };
        }
    }
  add_edit (edits, edit, before, after);
  count_new_after (edits, before, after);
  return edits;
}

/* --- fewer edits --- */

/* Positions in @before of the ids in @kept, ascending. */
static GArray *
find_kept (GArray *before, GHashTable *kept)
{
  g_autofree IdFilter *filter = make_filter (kept);
  const DeskKey *all = (const DeskKey *) before->data;
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < before->len; i++)
    if (filter_may_hold (filter, all[i].id) && g_hash_table_contains (kept, &all[i].id))
      g_array_append_val (positions, i);
  return positions;
}

void
desk_keys_join (GArray *edits, GArray *before, GHashTable *kept)
{
  g_autoptr (GArray) positions = find_kept (before, kept);
  guint n_joined = 0;
  guint p = 0;

  for (guint i = 0; i < edits->len; i++)
    {
      DeskKeyEdit edit = g_array_index (edits, DeskKeyEdit, i);
      DeskKeyEdit *last = n_joined > 0 ? &g_array_index (edits, DeskKeyEdit, n_joined - 1) : NULL;

      while (last != NULL && p < positions->len && g_array_index (positions, guint, p) < last->at)
        p++;
      if (last == NULL ||
          (p < positions->len && g_array_index (positions, guint, p) < edit.at + edit.n_removed))
        {
          g_array_index (edits, DeskKeyEdit, n_joined++) = edit;
          continue;
        }
      last->n_removed = edit.at + edit.n_removed - last->at;
      last->n_added = edit.to + edit.n_added - last->to;
      last->n_new += edit.n_new;
    }
  g_array_set_size (edits, n_joined);
}
