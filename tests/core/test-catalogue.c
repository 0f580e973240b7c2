/* SPDX-License-Identifier: GPL-3.0-or-later
 * The catalogue: order, finding, presets, and what may be saved. */
#include "fixture.h"

#include <string.h>

static void
test_property_table (void)
{
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    {
      const DeskPropertyInfo *info = desk_property_get_info (property);
      DeskProperty parsed;

      g_assert_true (desk_property_parse (info->name, &parsed));
      g_assert_cmpint (parsed, ==, property);
      g_assert_cmpuint (info->kinds, !=, 0);
      g_assert_nonnull (info->help);
      if (info->type == DESK_PROPERTY_TYPE_INT)
        g_assert_cmpint (info->min, <, info->max);
      if (info->type == DESK_PROPERTY_TYPE_BOOL || info->type == DESK_PROPERTY_TYPE_WORD)
        g_assert_nonnull (info->words[0]);
    }
}

/* The words of the priority property are those of the enum. */
static void
test_priority_words (void)
{
  const DeskPropertyInfo *info = desk_property_get_info (DESK_PROPERTY_PRIORITY);

  for (guint i = 0; i < DESK_N_PRIORITIES; i++)
    g_assert_cmpstr (info->words[i], ==, desk_enum_get_nick (DESK_TYPE_PRIORITY, (int) i));
  g_assert_null (info->words[DESK_N_PRIORITIES]);
}

static void
test_presets (void)
{
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();
  const DeskEntry *desk = desk_catalogue_get_desk (catalogue);
  const DeskEntry *plain = desk_catalogue_find (catalogue, DESK_ENTRY_TOPIC, "plain");
  const DeskEntry *staff = desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, "staff-it");
  const DeskEntry *fraud = desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, "fraud");

  g_assert_cmpint (desk_entry_get_int (desk, DESK_PROPERTY_REOPEN_DAYS), ==, 14);
  g_assert_cmpint (desk_entry_get_int (desk, DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES), ==, 26214400);
  g_assert_false (desk_entry_get_bool (desk, DESK_PROPERTY_REQUESTER_PRIORITY));
  g_assert_true (desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_PRIORITY));
  g_assert_true (desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_ASSIGNEE));
  g_assert_true (desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_DUE));
  g_assert_cmpstr (desk_entry_get (desk, DESK_PROPERTY_NUMBER_FORMAT), ==, "####");
  g_assert_cmpstr (desk_entry_get (desk, DESK_PROPERTY_NUMBER_ORDER), ==, "sequential");
  g_assert_cmpstr (desk_entry_get (desk, DESK_PROPERTY_PRIORITY), ==, "normal");
  /* A topic without its own falls back to the desk, so it has no preset. */
  g_assert_null (desk_entry_get (plain, DESK_PROPERTY_NUMBER_FORMAT));
  g_assert_null (desk_entry_get (plain, DESK_PROPERTY_PRIORITY));
  g_assert_true (desk_entry_get_bool (staff, DESK_PROPERTY_PUBLIC));
  g_assert_false (desk_entry_get_bool (fraud, DESK_PROPERTY_PUBLIC));
}

static void
test_find (void)
{
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();

  g_assert_nonnull (desk_catalogue_find (catalogue, DESK_ENTRY_TOPIC, "lost")); /* removed */
  g_assert_null (desk_catalogue_find (catalogue, DESK_ENTRY_TOPIC, "staff-it"));
  g_assert_null (desk_catalogue_find (catalogue, DESK_ENTRY_TOPIC, NULL));
  g_assert_cmpstr (desk_catalogue_find_agent (catalogue, "gone")->uid, ==, "gone");
  g_assert_null (desk_catalogue_find_agent (catalogue, "karen"));
  g_assert_null (desk_catalogue_find_agent (catalogue, NULL));
  g_assert_cmpint (desk_catalogue_get_revision (catalogue), ==, 1);
}

static void
test_order (void)
{
  static const char *const labels[] = { "zebra", "Äpfel", "apples", "Bread", "apples" };
  static const char *const sorted[] = { "apples", "apples", "Bread", "zebra" };
  GPtrArray *entries = g_ptr_array_new ();
  g_autoptr (DeskCatalogue) catalogue = NULL;
  GPtrArray *topics;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *slug = g_strdup_printf ("s%u", 9 - i);

      g_ptr_array_add (entries, desk_entry_new (DESK_ENTRY_TOPIC, slug, labels[i]));
    }
  catalogue = desk_catalogue_new (1, entries, g_ptr_array_new ());
  topics = desk_catalogue_get_entries (catalogue, DESK_ENTRY_TOPIC);
  g_assert_cmpuint (topics->len, ==, G_N_ELEMENTS (labels));
  /* Where Ä goes is the language's business. */
  for (guint i = 0; i < topics->len; i++)
    {
      const DeskEntry *entry = g_ptr_array_index (topics, i);

      if (!g_str_equal (entry->label, "Äpfel"))
        g_assert_cmpstr (entry->label, ==, sorted[n++]);
      if (n == 1 && g_str_equal (entry->label, "apples"))
        g_assert_cmpstr (entry->slug, ==, "s5"); /* equal labels by slug */
    }
}

/* A desk that is not set up yet has settings all the same. */
static void
test_empty (void)
{
  g_autoptr (DeskCatalogue) catalogue = desk_catalogue_new (0, NULL, NULL);

  g_assert_cmpint (
      desk_entry_get_int (desk_catalogue_get_desk (catalogue), DESK_PROPERTY_REOPEN_DAYS), ==, 14);
  g_assert_cmpuint (desk_catalogue_get_agents (catalogue)->len, ==, 0);
}

static void
test_memberships (void)
{
  g_assert_true (desk_person_works_in (fixture_person ("john"), "staff-it"));
  g_assert_false (desk_person_works_in (fixture_person ("john"), "fraud"));
  g_assert_false (desk_person_works_in (fixture_person ("john"), NULL));
  g_assert_true (desk_person_works_in (fixture_person ("administrator"), "fraud"));
  g_assert_false (desk_person_works_in (fixture_person ("karen"), "staff-it"));
  g_assert_true (desk_person_is_in_team (fixture_person ("jane"), "night"));
  g_assert_false (desk_person_is_in_team (fixture_person ("administrator"), "night"));
  g_assert_false (desk_person_is_in_team (fixture_person ("jane"), NULL));
}

static void
test_copies (void)
{
  g_autoptr (DeskEntry) entry = desk_entry_new (DESK_ENTRY_SLA, "day", "Day");
  g_autoptr (DeskEntry) entry_copy = NULL;
  g_autoptr (DeskPerson) person_copy = desk_person_copy (fixture_person ("jane"));

  desk_entry_set (entry, DESK_PROPERTY_HOURS, "24");
  entry->revision = 3;
  entry_copy = desk_entry_copy (entry);
  desk_entry_set (entry, DESK_PROPERTY_HOURS, "");
  g_assert_null (entry->values[DESK_PROPERTY_HOURS]);
  g_assert_cmpint (desk_entry_get_int (entry_copy, DESK_PROPERTY_HOURS), ==, 24);
  g_assert_cmpint (entry_copy->revision, ==, 3);
  g_assert_true (desk_person_works_in (person_copy, "fraud"));
  g_assert_true (desk_person_is_in_team (person_copy, "night"));
}

/* --- what may be saved --- */

#define UNSET DESK_N_PROPERTIES

static const struct
{
  const char *name;
  DeskEntryKind kind;
  const char *slug, *label;
  guint property;
  const char *value;
  int code;
} entry_cases[] = {
  { "department", DESK_ENTRY_DEPARTMENT, "new", "New", UNSET, NULL, FINE },
  { "no-slug", DESK_ENTRY_TOPIC, NULL, "New", UNSET, NULL, DESK_ERROR_INVALID },
  { "bad-slug", DESK_ENTRY_TOPIC, "New One", "New", UNSET, NULL, DESK_ERROR_INVALID },
  { "no-label", DESK_ENTRY_TOPIC, "new", NULL, UNSET, NULL, DESK_ERROR_MISSING },
  { "blank-label", DESK_ENTRY_TOPIC, "new", " \n ", UNSET, NULL, DESK_ERROR_MISSING },
  { "binary-label", DESK_ENTRY_TOPIC, "new", "\xff", UNSET, NULL, DESK_ERROR_NOT_TEXT },
  { "long-label", DESK_ENTRY_TOPIC, "new",
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "456789x",
    UNSET, NULL, DESK_ERROR_TOO_LONG },
  { "public", DESK_ENTRY_DEPARTMENT, "new", "New", DESK_PROPERTY_PUBLIC, "no", FINE },
  { "public-true", DESK_ENTRY_DEPARTMENT, "new", "New", DESK_PROPERTY_PUBLIC, "true",
    DESK_ERROR_INVALID },
  { "public-topic", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_PUBLIC, "no",
    DESK_ERROR_INVALID },
  { "topic-department", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_DEPARTMENT, "fraud", FINE },
  { "topic-unknown-department", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_DEPARTMENT, "nowhere",
    DESK_ERROR_NO_SUCH },
  { "topic-removed-department", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_DEPARTMENT, "attic",
    DESK_ERROR_NO_SUCH },
  { "topic-assignee", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_ASSIGNEE, "john", FINE },
  { "topic-removed-assignee", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_ASSIGNEE, "gone",
    DESK_ERROR_NO_SUCH },
  { "topic-requester-assignee", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_ASSIGNEE, "karen",
    DESK_ERROR_NO_SUCH },
  { "topic-priority", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_PRIORITY, "urgent", FINE },
  { "topic-unknown-priority", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_PRIORITY, "blocker",
    DESK_ERROR_INVALID },
  { "topic-number-format", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_NUMBER_FORMAT, "BK-####",
    FINE },
  { "topic-bad-number-format", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_NUMBER_FORMAT, "BK",
    DESK_ERROR_INVALID },
  { "topic-number-order", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_NUMBER_ORDER, "random",
    FINE },
  { "topic-bad-number-order", DESK_ENTRY_TOPIC, "new", "New", DESK_PROPERTY_NUMBER_ORDER,
    "alphabetic", DESK_ERROR_INVALID },
  { "sla", DESK_ENTRY_SLA, "new", "New", DESK_PROPERTY_HOURS, "8760", FINE },
  { "sla-without-hours", DESK_ENTRY_SLA, "new", "New", UNSET, NULL, DESK_ERROR_MISSING },
  { "sla-zero", DESK_ENTRY_SLA, "new", "New", DESK_PROPERTY_HOURS, "0", DESK_ERROR_INVALID },
  { "sla-too-long", DESK_ENTRY_SLA, "new", "New", DESK_PROPERTY_HOURS, "8761", DESK_ERROR_INVALID },
  { "sla-words", DESK_ENTRY_SLA, "new", "New", DESK_PROPERTY_HOURS, "four", DESK_ERROR_INVALID },
  { "sla-overflow", DESK_ENTRY_SLA, "new", "New", DESK_PROPERTY_HOURS, "99999999999999999999",
    DESK_ERROR_INVALID },
  { "desk", DESK_ENTRY_DESK, "desk", "Bank", DESK_PROPERTY_DEPARTMENT, "staff-it", FINE },
  { "desk-without-department", DESK_ENTRY_DESK, "desk", "Bank", UNSET, NULL, DESK_ERROR_MISSING },
  { "desk-slug", DESK_ENTRY_DESK, "bank", "Bank", DESK_PROPERTY_DEPARTMENT, "staff-it",
    DESK_ERROR_INVALID },
  { "desk-team", DESK_ENTRY_DESK, "desk", "Bank", DESK_PROPERTY_TEAM, "night", DESK_ERROR_INVALID },
};

static void
test_entry_check (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();
  g_autoptr (DeskEntry)
      entry = desk_entry_new (entry_cases[i].kind, entry_cases[i].slug, entry_cases[i].label);
  g_autoptr (GError) error = NULL;

  if (entry_cases[i].property != UNSET)
    desk_entry_set (entry, (DeskProperty) entry_cases[i].property, entry_cases[i].value);
  if (desk_entry_check (entry, catalogue, &error))
    assert_code (FINE, entry_cases[i].code);
  else
    assert_code (error->code, entry_cases[i].code);
}

static void
test_label_is_cleaned (void)
{
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();
  g_autoptr (DeskEntry) entry = desk_entry_new (DESK_ENTRY_TEAM, "new", " \u202eNight\n shift ");

  g_assert_true (desk_entry_check (entry, catalogue, NULL));
  g_assert_cmpstr (entry->label, ==, "Night shift");
}

/* Removing may leave anything behind, but not the desk without a department. */
static void
test_removal (void)
{
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();
  static const struct
  {
    DeskEntryKind kind;
    const char *slug;
    gboolean goes;
  } cases[] = {
    { DESK_ENTRY_TOPIC, "stale", TRUE },          { DESK_ENTRY_DEPARTMENT, "fraud", TRUE },
    { DESK_ENTRY_DEPARTMENT, "staff-it", FALSE }, { DESK_ENTRY_SLA, "day", TRUE },
    { DESK_ENTRY_DESK, "desk", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DeskEntry)
          entry = desk_entry_copy (desk_catalogue_find (catalogue, cases[i].kind, cases[i].slug));
      g_autoptr (GError) error = NULL;

      entry->removed = TRUE;
      g_assert_cmpint (desk_entry_check (entry, catalogue, &error), ==, cases[i].goes);
      if (!cases[i].goes)
        g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
    }
}

static const struct
{
  const char *name;
  const char *login, *full_name, *email, *department, *team;
  int code;
  const char *clean_name;
} person_cases[] = {
  { "fine", "karen", "Karen", "karen@example.org", NULL, NULL, FINE, "Karen" },
  { "name-from-login", "karen", " ", NULL, NULL, NULL, FINE, "karen" },
  { "override-in-name", "karen", "\u202eneraK\n", NULL, NULL, NULL, FINE, "neraK" },
  { "login-with-dots", "DOMAIN\\k.meyer+x@example.org", "K", NULL, NULL, NULL, FINE, "K" },
  { "no-login", NULL, "Karen", NULL, NULL, NULL, DESK_ERROR_MISSING },
  { "empty-login", "", "Karen", NULL, NULL, NULL, DESK_ERROR_MISSING },
  { "login-with-space", "ka ren", "Karen", NULL, NULL, NULL, DESK_ERROR_INVALID },
  { "login-with-control", "ka\nren", "Karen", NULL, NULL, NULL, DESK_ERROR_INVALID },
  { "login-with-override", "ka\u202eren", "Karen", NULL, NULL, NULL, DESK_ERROR_INVALID },
  { "login-binary", "ka\xffren", "Karen", NULL, NULL, NULL, DESK_ERROR_INVALID },
  { "login-too-long", "0123456789012345678901234567890123456789012345678901234567890123x", "K",
    NULL, NULL, NULL, DESK_ERROR_INVALID },
  { "name-binary", "karen", "\xff", NULL, NULL, NULL, DESK_ERROR_NOT_TEXT },
  { "email-empty", "karen", "Karen", "", NULL, NULL, FINE, "Karen" },
  { "email-without-at", "karen", "Karen", "example.org", NULL, NULL, DESK_ERROR_INVALID },
  { "email-two-at", "karen", "Karen", "a@b@c", NULL, NULL, DESK_ERROR_INVALID },
  { "email-nobody", "karen", "Karen", "@example.org", NULL, NULL, DESK_ERROR_INVALID },
  { "email-nowhere", "karen", "Karen", "karen@", NULL, NULL, DESK_ERROR_INVALID },
  { "email-with-line", "karen", "Karen", "a@b\nBcc: c@d", NULL, NULL, DESK_ERROR_INVALID },
  { "department", "karen", "Karen", NULL, "fraud", "night", FINE, "Karen" },
  { "unknown-department", "karen", "Karen", NULL, "nowhere", NULL, DESK_ERROR_NO_SUCH },
  { "unknown-team", "karen", "Karen", NULL, NULL, "nobody", DESK_ERROR_NO_SUCH },
};

static void
set_membership (char ***slugs, const char *slug)
{
  if (slug == NULL)
    return;
  g_strfreev (*slugs);
  *slugs = g_strsplit (slug, ",", -1);
}

static void
test_person_check (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();
  g_autoptr (DeskPerson) person = desk_person_new ("uid", person_cases[i].login,
                                                   person_cases[i].full_name, DESK_ROLE_AGENT);
  g_autoptr (GError) error = NULL;

  person->email = g_strdup (person_cases[i].email);
  set_membership (&person->departments, person_cases[i].department);
  set_membership (&person->teams, person_cases[i].team);
  if (!desk_person_check (person, catalogue, &error))
    {
      assert_code (error->code, person_cases[i].code);
      return;
    }
  assert_code (FINE, person_cases[i].code);
  g_assert_cmpstr (person->name, ==, person_cases[i].clean_name);
  g_assert_true (person->email == NULL || *person->email != '\0');
}

static void
test_person_form (void)
{
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();
  g_autoptr (DeskPerson) nobody = desk_person_new ("", "karen", "Karen", DESK_ROLE_REQUESTER);
  g_autoptr (DeskPerson) odd = desk_person_new ("karen", "karen", "Karen", (DeskRole) 77);
  g_autoptr (GError) error = NULL;

  g_assert_false (desk_person_check (nobody, catalogue, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_false (desk_person_check (odd, catalogue, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
}

#define ADD_CASES(path, cases, test)                                                               \
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)                                                 \
    {                                                                                              \
      g_autofree char *full = g_strconcat (path, cases[i].name, NULL);                             \
                                                                                                   \
      g_test_add_data_func (full, GUINT_TO_POINTER (i), test);                                     \
    }

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalogue/property-table", test_property_table);
  g_test_add_func ("/catalogue/priority-words", test_priority_words);
  g_test_add_func ("/catalogue/presets", test_presets);
  g_test_add_func ("/catalogue/find", test_find);
  g_test_add_func ("/catalogue/order", test_order);
  g_test_add_func ("/catalogue/empty", test_empty);
  g_test_add_func ("/catalogue/memberships", test_memberships);
  g_test_add_func ("/catalogue/copies", test_copies);
  g_test_add_func ("/catalogue/label-is-cleaned", test_label_is_cleaned);
  g_test_add_func ("/catalogue/removal", test_removal);
  g_test_add_func ("/catalogue/person-form", test_person_form);
  ADD_CASES ("/catalogue/entry/", entry_cases, test_entry_check);
  ADD_CASES ("/catalogue/person/", person_cases, test_person_check);
  return g_test_run ();
}
