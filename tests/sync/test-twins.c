/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two desks that differ only in what agents say among themselves: what requesters receive is the
 * same, byte for byte, and in the same answers. */
#include "copy.h"
#include "fixture.h"

#include <string.h>

#include "desk-feed.h"
#include "served.h"

#define ACTIONS 120
#define SEEDS   8

typedef struct
{
  Fixture f;
  GRand *rand;
  gboolean talks; /* agents do, among themselves */
  Copy karen;
  Copy stranger;
} Twin;

static void
begin (Twin *self, guint seed, gboolean talks)
{
  g_autoptr (GBytes) key = g_bytes_new_static ("k", 1);
  g_autoptr (GBytes) kept = NULL;
  GError *error = NULL;

  fixture_open (&self->f, TRUE);
  kept = desk_feed_start (self->f.db, key, self->f.now, &error);
  g_assert_no_error (error);
  self->rand = g_rand_new_with_seed (seed);
  self->talks = talks;
  copy_create (&self->karen, fixture_path (&self->f, "karen"), self->f.db,
               fixture_uid (&self->f, "karen"));
  copy_create (&self->stranger, fixture_path (&self->f, "stranger"), self->f.db,
               fixture_uid (&self->f, "stranger"));
  self->karen.received = g_string_new (NULL);
  self->stranger.received = g_string_new (NULL);
}

static void
clear (Twin *self)
{
  copy_clear (&self->karen);
  copy_clear (&self->stranger);
  g_rand_free (self->rand);
  fixture_close (&self->f);
}

static guint
pick (Twin *self, guint n)
{
  return g_rand_int_range (self->rand, 0, (gint32) n);
}

static char *
find_ticket (Twin *self)
{
  g_autoptr (GPtrArray) uids = copy_list_tickets (self->f.db);
  guint which = pick (self, 1000);

  /* In order of filing, whatever their uids are. */
  return uids->len > 0 ? g_strdup (uids->pdata[which % uids->len]) : NULL;
}

/* How far agents have read is not told to anybody either. */
static void
look (Twin *self, const char *ticket)
{
  static const char *const agents[] = { "boss", "john", "jane" };

  for (guint i = 0; i < G_N_ELEMENTS (agents); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (desk_db_begin (self->f.db, NULL));
      desk_tickets_mark_seen (self->f.db, fixture_person (&self->f, agents[i]), ticket, G_MAXINT64,
                              &error);
      /* Who may not see it has not read it. */
      g_assert_true (desk_db_commit (self->f.db, NULL));
    }
}

/* What only agents see: words, files, and who of them looks at it. */
static void
talk (Twin *self, const char *ticket, guint how)
{
  DeskOp *op;

  if (!self->talks)
    return;
  op = fixture_op (&self->f, how < 2 ? DESK_KIND_NOTE : DESK_KIND_CHANGE, "boss", ticket);
  if (how < 2)
    desk_op_set_text (op, "canary, among ourselves");
  if (how == 1)
    desk_op_take_attachment (op, fixture_attachment (&self->f, "canary.txt", "canary", -1));
  if (how == 2)
    desk_op_change (op, DESK_FIELD_TEAM, self->f.now % 2 == 0 ? "night" : NULL);
  fixture_submit (&self->f, "boss", op);
  look (self, ticket);
}

static void
change (Twin *self, const char *ticket, DeskField field, const char *to)
{
  DeskOp *op = fixture_op (&self->f, DESK_KIND_CHANGE, "boss", ticket);

  desk_op_change (op, field, to);
  fixture_submit (&self->f, "boss", op);
}

static void
act (Twin *self)
{
  static const char *const departments[] = { "support", "online-banking", "fraud" };
  static const char *const requesters[] = { "karen", "stranger" };
  g_autofree char *ticket = find_ticket (self);
  guint what = pick (self, 12), detail = pick (self, 3);
  gint64 then = self->f.now + 1;

  if (ticket == NULL || what == 0)
    fixture_file (&self->f, requesters[detail % 2], "The printer eats paper", -1);
  else if (what < 6)
    talk (self, ticket, detail);
  else if (what < 8)
    fixture_do (&self->f, DESK_KIND_REPLY, "boss", ticket, "Is there paper?", -1);
  else if (what < 9)
    change (self, ticket, DESK_FIELD_DEPARTMENT, departments[detail]);
  else if (what < 10)
    change (self, ticket, DESK_FIELD_ASSIGNEE, fixture_uid (&self->f, "john"));
  else
    fixture_do (&self->f, DESK_KIND_MESSAGE, requesters[detail % 2], ticket, "No paper", -1);
  self->f.now = then;
}

static void
run (Twin *self, guint seed, gboolean talks)
{
  begin (self, seed, talks);
  for (guint i = 0; i < ACTIONS; i++)
    {
      act (self);
      if (pick (self, 3) == 0)
        copy_sync (&self->karen, self->f.db, self->f.now);
      if (pick (self, 5) == 0)
        copy_sync (&self->stranger, self->f.db, self->f.now);
    }
  copy_sync (&self->karen, self->f.db, self->f.now);
  copy_sync (&self->stranger, self->f.db, self->f.now);
}

/* What differs between any two runs, by its place in the text: ids; and what is sealed, of which
 * only the length can be seen. */
static char *
level (const char *text)
{
  g_autoptr (GRegex) sealed = g_regex_new ("[0-9a-f]{258}", 0, 0, NULL);
  g_autoptr (GRegex) uid = g_regex_new ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", 0, 0, NULL);
  g_autofree char *open = g_regex_replace_literal (sealed, text, -1, 0, "SEALED", 0, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GString *out = g_string_new (NULL);
  int at = 0;

  g_regex_match (uid, open, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      int from, to;
      char *word = g_match_info_fetch (match, 0);

      g_match_info_fetch_pos (match, 0, &from, &to);
      if (!g_hash_table_contains (seen, word))
        g_hash_table_insert (seen, g_strdup (word),
                             GUINT_TO_POINTER (g_hash_table_size (seen) + 1));
      g_string_append_len (out, open + at, from - at);
      g_string_append_printf (out, "ID%u", GPOINTER_TO_UINT (g_hash_table_lookup (seen, word)));
      at = to;
      g_free (word);
    }
  g_string_append (out, open + at);
  return g_string_free (out, FALSE);
}

static void
assert_alike (const Copy *a, const Copy *b)
{
  g_autofree char *first = level (a->received->str);
  g_autofree char *second = level (b->received->str);
  gsize at = 0;

  while (first[at] != '\0' && first[at] == second[at])
    at++;
  if (first[at] != second[at])
    g_error ("%s\n… %.600s\n… %.600s", a->path, first + (at > 100 ? at - 100 : 0),
             second + (at > 100 ? at - 100 : 0));
  g_assert_null (strstr (first, "canary"));
  g_assert_cmpuint (a->received->len, ==, b->received->len);
}

static void
test_twins (gconstpointer seed)
{
  Twin quiet = { 0 }, talking = { 0 };

  run (&quiet, GPOINTER_TO_UINT (seed), FALSE);
  run (&talking, GPOINTER_TO_UINT (seed), TRUE);
  g_assert_cmpint (fixture_count (talking.f.db, "SELECT count (*) FROM event"), >,
                   fixture_count (quiet.f.db, "SELECT count (*) FROM event"));
  assert_alike (&quiet.karen, &talking.karen);
  assert_alike (&quiet.stranger, &talking.stranger);
  clear (&quiet);
  clear (&talking);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  for (guint seed = 1; seed <= SEEDS; seed++)
    {
      g_autofree char *name = g_strdup_printf ("/twins/%u", seed);

      g_test_add_data_func (name, GUINT_TO_POINTER (seed), test_twins);
    }
  return g_test_run ();
}
