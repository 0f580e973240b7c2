/* SPDX-License-Identifier: GPL-3.0-or-later
 * Uids: form, order, derivation. */
#include "desk-uid.h"

#include <string.h>

#define N_THREADS 4
#define N_UIDS    20000

static void
test_new (void)
{
  g_autofree char *previous = desk_uid_new ();
  gint64 before = g_get_real_time () / 1000;

  g_assert_true (desk_uid_is_valid (previous));
  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *uid = desk_uid_new ();

      g_assert_cmpstr (uid, >, previous);
      g_assert_cmpint (uid[14], ==, '7');
      g_assert_nonnull (strchr ("89ab", uid[19]));
      g_free (previous);
      previous = g_steal_pointer (&uid);
    }
  /* It begins with the time, so an index over new ones stays compact. */
  {
    guint8 bytes[DESK_UID_BYTES];
    gint64 ms = 0;

    g_assert_true (desk_uid_to_bytes (previous, bytes));
    for (guint i = 0; i < 6; i++)
      ms = ms << 8 | bytes[i];
    g_assert_cmpint (ms, >=, before);
    g_assert_cmpint (ms, <, before + 60 * 1000);
  }
}

static gpointer
make_uids_cb (gpointer data)
{
  GPtrArray *uids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_UIDS; i++)
    g_ptr_array_add (uids, desk_uid_new ());
  return uids;
}

static void
test_threads (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("uids", make_uids_cb, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_autoptr (GPtrArray) uids = g_thread_join (threads[i]);

      for (guint j = 0; j < uids->len; j++)
        g_assert_true (g_hash_table_add (seen, g_strdup (g_ptr_array_index (uids, j))));
    }
}

/* Imports of tomorrow find what imports of today made. */
static void
test_from_name (void)
{
  static const struct
  {
    const char *source, *key;
  } names[] = { { "a", "bc" }, { "ab", "c" }, { "abc", "" }, { "", "abc" }, { "ä", "€" } };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *known = desk_uid_from_name ("old-desk", "1042");

  g_assert_cmpstr (known, ==, "265f5b41-a28d-8d72-b353-7e286acfc1cf");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char *uid = desk_uid_from_name (names[i].source, names[i].key);
      g_autofree char *again = desk_uid_from_name (names[i].source, names[i].key);

      g_assert_cmpstr (uid, ==, again);
      g_assert_true (desk_uid_is_valid (uid));
      g_assert_cmpint (uid[14], ==, '8');
      g_assert_nonnull (strchr ("89ab", uid[19]));
      g_assert_true (g_hash_table_add (seen, uid));
    }
}

static void
test_valid (void)
{
  static const struct
  {
    const char *uid;
    gboolean valid;
  } cases[] = {
    { "01890a5d-ac96-774b-bcce-b302099a8057", TRUE },
    { "00000000-0000-0000-0000-000000000000", TRUE },
    { NULL, FALSE },
    { "", FALSE },
    { "01890A5D-AC96-774B-BCCE-B302099A8057", FALSE },
    { "01890a5d-ac96-774b-bcce-b302099a805", FALSE },
    { "01890a5d-ac96-774b-bcce-b302099a80577", FALSE },
    { "01890a5dac96774bbcceb302099a8057", FALSE },
    { "01890a5d-ac96-774b-bcce_b302099a8057", FALSE },
    { "01890a5d-ac96-774b-bcce-b302099a805g", FALSE },
    { "0-890a5d-ac96-774b-bcce-b302099a8057", FALSE },
    { "{1890a5d-ac96-774b-bcce-b302099a8057}", FALSE },
    { "01890a5d-ac96-774b-bcce-b302099a80\xff\xff", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (desk_uid_is_valid (cases[i].uid), ==, cases[i].valid);
}

static void
test_bytes (void)
{
  static const guint8 expected[DESK_UID_BYTES] = { 0x01, 0x89, 0x0a, 0x5d, 0xac, 0x96, 0x77, 0x4b,
                                                   0xbc, 0xce, 0xb3, 0x02, 0x09, 0x9a, 0x80, 0x57 };
  guint8 bytes[DESK_UID_BYTES];
  g_autofree char *uid = NULL;

  g_assert_true (desk_uid_to_bytes ("01890a5d-ac96-774b-bcce-b302099a8057", bytes));
  g_assert_cmpmem (bytes, sizeof bytes, expected, sizeof expected);
  uid = desk_uid_from_bytes (bytes);
  g_assert_cmpstr (uid, ==, "01890a5d-ac96-774b-bcce-b302099a8057");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uid/new", test_new);
  g_test_add_func ("/uid/threads", test_threads);
  g_test_add_func ("/uid/from-name", test_from_name);
  g_test_add_func ("/uid/valid", test_valid);
  g_test_add_func ("/uid/bytes", test_bytes);
  return g_test_run ();
}
