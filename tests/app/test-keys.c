/* SPDX-License-Identifier: GPL-3.0-or-later
 * Edits between two states of a list lead from one to the other, and leave alone what stays. */
#include "desk-keys.h"

/* "5a 3b" → keys in that order: a number and a letter, the id. */
static GArray *
parse_keys (const char *text)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (DeskKey));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      {
        char *letter;
        DeskKey key = { .key = g_ascii_strtoll (*word, &letter, 10) };

        key.id = *letter;
        g_array_append_val (keys, key);
      }
  return keys;
}

/* "4b -c" → b has key 4 now, c is gone. */
static GArray *
parse_changes (const char *text)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (DeskKeyChange));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      {
        char *letter = *word + 1;
        DeskKeyChange change = { .gone = **word == '-' };

        if (!change.gone)
          change.key.key = g_ascii_strtoll (*word, &letter, 10);
        change.key.id = *letter;
        g_array_append_val (changes, change);
      }
  return changes;
}

static char *
format_keys (GArray *keys)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < keys->len; i++)
    {
      const DeskKey *key = &g_array_index (keys, DeskKey, i);

      g_string_append_printf (text, "%s%" G_GINT64_FORMAT "%c", i > 0 ? " " : "", key->key,
                              (char) key->id);
    }
  return g_string_free (text, FALSE);
}

static char *
format_edits (GArray *edits)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < edits->len; i++)
    {
      const DeskKeyEdit *edit = &g_array_index (edits, DeskKeyEdit, i);

      g_string_append_printf (text, "%s%u:-%u@%u:+%u(%u)", i > 0 ? " " : "", edit->at,
                              edit->n_removed, edit->to, edit->n_added, edit->n_new);
    }
  return g_string_free (text, FALSE);
}

static const struct
{
  const char *before;
  const char *changes;
  const char *after;
  const char *edits;
} merges[] = {
  { "", "", "", "" },
  { "", "1a", "1a", "0:-0@0:+1(1)" },
  { "1a 2b 3c", "", "1a 2b 3c", "" },
  /* the same key, or nothing that was there: only the row is another */
  { "1a 2b 3c", "2b -x", "1a 2b 3c", "" },
  { "1a 2b 3c", "-b", "1a 3c", "1:-1@1:+0(0)" },
  { "1a 2b 3c", "0c", "0c 1a 2b", "0:-0@0:+1(0) 2:-1@3:+0(0)" },
  { "1a 2b 3c", "9a", "2b 3c 9a", "0:-1@0:+0(0) 3:-0@2:+1(0)" },
  /* another key between the same neighbours is no move */
  { "1a 5b 9c", "6b", "1a 6b 9c", "" },
  { "5a 9c", "4a", "4a 9c", "" },
  /* one of two that change at the same place */
  { "1a 2b 3c", "2x 2a", "2a 2b 2x 3c", "2:-0@2:+1(1)" },
  { "1a 2b 3c", "-a -b -c", "", "0:-3@0:+0(0)" },
  { "1a 2b 3c 4d", "0x 0y -d", "0x 0y 1a 2b 3c", "0:-0@0:+2(2) 3:-1@5:+0(0)" },
  { "1a 1b 1c", "1d", "1a 1b 1c 1d", "3:-0@3:+1(1)" },
};

static void
test_merge (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (merges); i++)
    {
      g_autoptr (GArray) before = parse_keys (merges[i].before);
      g_autoptr (GArray) changes = parse_changes (merges[i].changes);
      g_autoptr (GArray) edits = NULL;
      g_autoptr (GArray) after = desk_keys_merge (before, changes, &edits);
      g_autofree char *after_text = format_keys (after);
      g_autofree char *edits_text = format_edits (edits);

      g_test_message ("%s | %s", merges[i].before, merges[i].changes);
      g_assert_cmpstr (after_text, ==, merges[i].after);
      g_assert_cmpstr (edits_text, ==, merges[i].edits);
    }
}

/* --- by chance --- */

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  const DeskKey *left = a;
  const DeskKey *right = b;

  if (left->key != right->key)
    return left->key < right->key ? -1 : 1;
  return left->id < right->id ? -1 : left->id > right->id;
}

static GArray *
make_list (guint n)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (DeskKey));

  for (guint i = 0; i < n; i++)
    {
      DeskKey key = { .key = g_test_rand_int_range (0, 60), .id = i };

      g_array_append_val (keys, key);
    }
  g_array_sort (keys, compare_cb);
  return keys;
}

static GArray *
make_changes (guint n, guint n_ids)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (DeskKeyChange));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n; i++)
    {
      int id = g_test_rand_int_range (0, n_ids);
      DeskKeyChange change = { .key = { .key = g_test_rand_int_range (0, 60), .id = id },
                               .gone = g_test_rand_int_range (0, 3) == 0 };

      if (g_hash_table_add (seen, GINT_TO_POINTER (id)))
        g_array_append_val (changes, change);
    }
  return changes;
}

/* What the list is after @changes, the slow way. */
static GArray *
change_slowly (GArray *keys, GArray *changes)
{
  GArray *after = g_array_copy (keys);

  for (guint i = 0; i < changes->len; i++)
    {
      const DeskKeyChange *change = &g_array_index (changes, DeskKeyChange, i);
      guint position = desk_keys_find (after, change->key.id);

      if (position != DESK_KEYS_NONE)
        g_array_remove_index (after, position);
      if (!change->gone)
        g_array_append_val (after, change->key);
    }
  g_array_sort (after, compare_cb);
  return after;
}

static void
assert_same (GArray *a, GArray *b)
{
  g_assert_cmpmem (a->data, a->len * sizeof (DeskKey), b->data, b->len * sizeof (DeskKey));
}

/* A view that only hears of the edits shows the ids of @after in the end. */
static void
assert_leads (GArray *before, GArray *after, GArray *edits)
{
  g_autoptr (GArray) shown = g_array_copy (before);

  for (guint i = 0; i < edits->len; i++)
    {
      const DeskKeyEdit *edit = &g_array_index (edits, DeskKeyEdit, i);

      if (edit->n_removed > 0)
        g_array_remove_range (shown, edit->to, edit->n_removed);
      if (edit->n_added > 0)
        g_array_insert_vals (shown, edit->to, &g_array_index (after, DeskKey, edit->to),
                             edit->n_added);
    }
  g_assert_cmpuint (shown->len, ==, after->len);
  for (guint i = 0; i < shown->len; i++)
    g_assert_cmpint (g_array_index (shown, DeskKey, i).id, ==,
                     g_array_index (after, DeskKey, i).id);
}

static void
test_chance (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      guint n = g_test_rand_int_range (0, 80);
      g_autoptr (GArray) before = make_list (n);
      g_autoptr (GArray) changes = make_changes (g_test_rand_int_range (0, 40), n + 10);
      g_autoptr (GArray) expected = change_slowly (before, changes);
      g_autoptr (GArray) edits = NULL;
      g_autoptr (GArray) after = desk_keys_merge (before, changes, &edits);
      g_autoptr (GArray) diff = desk_keys_diff (before, after);

      assert_same (after, expected);
      assert_leads (before, after, edits);
      assert_leads (before, after, diff);
    }
}

/* Ids that are looked at and stay are in no edit, however few edits there are. */
static void
test_join (void)
{
  for (guint round = 0; round < 1000; round++)
    {
      g_autoptr (GArray) before = make_list (80);
      g_autoptr (GArray) changes = make_changes (40, 90);
      g_autoptr (GHashTable) kept = g_hash_table_new (g_int64_hash, g_int64_equal);
      g_autoptr (GHashTable) changed = g_hash_table_new (g_int64_hash, g_int64_equal);
      g_autoptr (GArray) edits = NULL;
      g_autoptr (GArray) after = desk_keys_merge (before, changes, &edits);
      guint n_edits = edits->len;

      for (guint i = 30; i < 36; i++)
        g_hash_table_add (kept, &g_array_index (before, DeskKey, i).id);
      for (guint i = 0; i < changes->len; i++)
        g_hash_table_add (changed, &g_array_index (changes, DeskKeyChange, i).key.id);
      desk_keys_join (edits, before, kept);
      assert_leads (before, after, edits);
      g_assert_cmpuint (edits->len, <=, MIN (n_edits, 14));
      for (guint i = 0; i < edits->len; i++)
        {
          const DeskKeyEdit *edit = &g_array_index (edits, DeskKeyEdit, i);

          for (guint j = edit->at; j < edit->at + edit->n_removed; j++)
            {
              gint64 *id = &g_array_index (before, DeskKey, j).id;

              g_assert_true (!g_hash_table_contains (kept, id) ||
                             g_hash_table_contains (changed, id));
            }
        }
    }
}

/* Edits of any length, in parts that a list view can follow within one frame. */
static void
test_split (void)
{
  static const guint lengths[][2] = { { 0, 0 },   { 1, 1 },    { 0, 33 },    { 33, 0 },
                                      { 50, 50 }, { 200, 40 }, { 2000, 50 }, { 50, 2000 } };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GArray) before = make_list (lengths[i][0] + 10);
      g_autoptr (GArray) after = make_list (lengths[i][1] + 10);
      g_autoptr (GArray) edits = g_array_new (FALSE, FALSE, sizeof (DeskKeyEdit));
      g_autoptr (GArray) parts = NULL;
      DeskKeyEdit edit = { 0, before->len, 0, after->len, 7 };
      guint n_new = 0;

      g_array_append_val (edits, edit);
      parts = desk_keys_split (edits);
      assert_leads (before, after, parts);
      for (guint k = 0; k < parts->len; k++)
        {
          const DeskKeyEdit *part = &g_array_index (parts, DeskKeyEdit, k);

          n_new += part->n_new;
          g_assert_true (part->to >= 200 || part->n_added <= 50);
        }
      g_assert_cmpuint (n_new, ==, 7);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keys/changes-are-merged", test_merge);
  g_test_add_func ("/keys/edits-lead-from-one-list-to-the-other", test_chance);
  g_test_add_func ("/keys/joined-edits-leave-what-is-looked-at", test_join);
  g_test_add_func ("/keys/long-edits-are-split-near-their-start", test_split);
  return g_test_run ();
}
