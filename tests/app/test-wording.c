/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words for people: tables of cases, with `now` as an argument and a fixed time zone. */
#include "desk-wording.h"

#include "desk-error.h"
#include "desk-store-error.h"

#include <locale.h>

/* Saturday 21 November 2026, 10:46:00 in UTC, which is the zone of these tests. */
#define NOW G_GINT64_CONSTANT (1795257960)
#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define KAREN "11111111-1111-7111-8111-111111111111"
#define JOHN "22222222-2222-7222-8222-222222222222"
#define JANE "33333333-3333-7333-8333-333333333333"

static void
assert_words (const char *seen, const char *expected)
{
  g_assert_cmpstr (seen, ==, expected);
}

static void
test_time (void)
{
  static const struct
  {
    gint64 at;
    const char *words;
  } cases[] = {
    { NOW, "10:46" },
    { NOW - 58 * MINUTE, "9:48" },
    { NOW - 10 * HOUR - 46 * MINUTE, "0:00" },
    { NOW - 10 * HOUR - 47 * MINUTE, "Yesterday" },
    { NOW - 1 * DAY - 10 * HOUR - 46 * MINUTE, "Yesterday" },
    { NOW - 2 * DAY, "Thu" },
    { NOW - 6 * DAY, "Sun" },
    { NOW - 7 * DAY, "14 Nov" },
    { NOW - 324 * DAY, "1 Jan" },
    { NOW - 325 * DAY, "31 Dec 2025" },
    /* A clock that was set back shows moments of the future. */
    { NOW + HOUR, "11:46" },
    { NOW + DAY, "22 Nov" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = desk_wording_time (cases[i].at, NOW);

      assert_words (words, cases[i].words);
    }
}

static void
test_time_on_a_clock_of_12_hours (void)
{
  g_autoptr (GSettings) settings = NULL;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autofree char *morning = NULL;
  g_autofree char *exact = NULL;
  g_autofree char *again = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE);
  if (schema == NULL)
    {
      g_test_skip ("the desktop's settings are not installed");
      return;
    }
  settings = g_settings_new ("org.gnome.desktop.interface");
  g_settings_set_string (settings, "clock-format", "12h");
  morning = desk_wording_time (NOW + 5 * HOUR, NOW);
  exact = desk_wording_exact_time (NOW + 5 * HOUR);
  g_settings_set_string (settings, "clock-format", "24h");
  again = desk_wording_time (NOW + 5 * HOUR, NOW);

  assert_words (morning, "3:46 PM");
  assert_words (exact, "Saturday 21 November 2026, 3:46:00 PM");
  assert_words (again, "15:46");
}

static void
test_exact_time (void)
{
  g_autofree char *words = desk_wording_exact_time (NOW - 58 * MINUTE + 5);

  assert_words (words, "Saturday 21 November 2026, 9:48:05");
}

static void
test_duration (void)
{
  static const struct
  {
    gint64 secs;
    const char *words;
  } cases[] = {
    { 0, "less than a minute" },
    { 59, "less than a minute" },
    { MINUTE, "1 min" },
    { 25 * MINUTE + 59, "25 min" },
    { 4 * HOUR, "4 h" },
    { HOUR + 40 * MINUTE, "1 h 40 min" },
    { DAY, "1 day" },
    { 3 * DAY, "3 days" },
    { DAY + 4 * HOUR + 40 * MINUTE, "1 day 4 h" },
    { 3 * DAY + 40 * MINUTE, "3 days" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = desk_wording_duration (cases[i].secs);

      assert_words (words, cases[i].words);
    }
}

static void
test_due (void)
{
  static const struct
  {
    DeskClock clock;
    DeskStatus status;
    const char *words; /* NULL: nothing is promised */
  } cases[] = {
    { { 4 * HOUR, 0, NOW }, DESK_STATUS_OPEN, "4 h left" },
    { { 4 * HOUR, 0, NOW - 2 * HOUR - 20 * MINUTE }, DESK_STATUS_OPEN, "1 h 40 min left" },
    { { 4 * HOUR, HOUR, NOW - HOUR - 20 * MINUTE }, DESK_STATUS_OPEN, "1 h 40 min left" },
    { { 4 * HOUR, 0, NOW - 4 * HOUR + 18 * MINUTE }, DESK_STATUS_OPEN, "18 min left" },
    { { 4 * HOUR, 0, NOW - 4 * HOUR + 30 }, DESK_STATUS_OPEN, "Due now" },
    { { 4 * HOUR, 0, NOW - 4 * HOUR - 30 }, DESK_STATUS_OPEN, "Overdue" },
    { { 4 * HOUR, 0, NOW - 4 * HOUR - 25 * MINUTE }, DESK_STATUS_OPEN, "Overdue by 25 min" },
    { { 4 * HOUR, 0, NOW - 30 * HOUR }, DESK_STATUS_OPEN, "Overdue by 1 day 2 h" },
    { { 4 * HOUR, 0, NOW - 90 * HOUR }, DESK_STATUS_OPEN, "Overdue by 3 days" },
    { { 8 * HOUR, 0, NOW - HOUR - 46 * MINUTE }, DESK_STATUS_OPEN, "Due today 17:00" },
    { { 24 * HOUR, 0, NOW }, DESK_STATUS_OPEN, "Due tomorrow" },
    { { 144 * HOUR, 0, NOW }, DESK_STATUS_OPEN, "Due 27 Nov" },
    { { 1440 * HOUR, 0, NOW }, DESK_STATUS_OPEN, "Due 20 Jan 2027" },
    { { 4 * HOUR, HOUR, 0 }, DESK_STATUS_WAITING, "SLA paused" },
    { { 4 * HOUR, HOUR, 0 }, DESK_STATUS_RESOLVED, NULL },
    { { 4 * HOUR, 0, NOW }, DESK_STATUS_CLOSED, NULL },
    { { 0, 0, NOW }, DESK_STATUS_OPEN, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = desk_wording_due (cases[i].clock, cases[i].status, NOW);

      assert_words (words, cases[i].words);
    }
}

static void
test_initials (void)
{
  static const char *const cases[][2] = {
    { "Karen", "KA" },       { "jane", "JA" },         { "Branch 14", "B1" },
    { "Online Banking", "OB" }, { "Staff of the IT", "SI" }, { "(front) desk", "FD" },
    { "K", "K" },            { "  ", "?" },            { "", "?" },
    { "!?", "?" },           { "e\xcc\x81lan", "ÉL" }, { "张伟", "张伟" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *letters = desk_wording_initials (cases[i][0]);

      assert_words (letters, cases[i][1]);
    }
}

static void
test_number (void)
{
  g_autofree char *plain = desk_wording_number ("1042");
  g_autofree char *lettered = desk_wording_number ("BK-0042");
  g_autofree char *none = desk_wording_number (NULL);

  assert_words (plain, "#1042");
  assert_words (lettered, "BK-0042");
  assert_words (none, "Waiting to be sent");
}

static void
test_people (void)
{
  g_autoptr (DeskPerson) karen = desk_person_new (KAREN, "karen", "Karen", DESK_ROLE_REQUESTER);
  g_autoptr (DeskPerson) erased = desk_person_new (JOHN, NULL, NULL, DESK_ROLE_REQUESTER);

  assert_words (desk_wording_person (karen), "Karen");
  assert_words (desk_wording_person (erased), "Erased person");
  assert_words (desk_wording_person (NULL), "");
}

/* Every code of our own has a title, and words of its own or the error's. */
static void
test_errors_have_words (void)
{
  static const struct
  {
    GQuark (*domain) (void);
    GType (*codes) (void);
  } domains[] = { { desk_error_quark, desk_error_get_type } };

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autoptr (GEnumClass) class = g_type_class_ref (domains[i].codes ());

      for (guint j = 0; j < class->n_values; j++)
        {
          g_autoptr (GError) error
              = g_error_new_literal (domains[i].domain (), class->values[j].value, "Its reason.");
          g_autofree char *words = desk_wording_error (error);

          g_assert_cmpstr (desk_wording_error_title (error), !=, "Something went wrong");
          g_assert_true (g_str_has_suffix (words, "."));
        }
    }
  for (int code = DESK_STORE_ERROR_MISSING; code <= DESK_STORE_ERROR_IO; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (DESK_STORE_ERROR, code, "Its reason.");
      g_autofree char *words = desk_wording_error (error);

      g_assert_cmpstr (desk_wording_error_title (error), !=, "Something went wrong");
      g_assert_true (g_str_has_suffix (words, "."));
    }
}

static void
test_errors_keep_their_reason (void)
{
  g_autoptr (GError) conflict
      = g_error_new_literal (DESK_ERROR, DESK_ERROR_CONFLICT, "John set the priority to high.");
  g_autoptr (GError) full = g_error_new_literal (DESK_STORE_ERROR, DESK_STORE_ERROR_FULL, "ENOSPC");
  g_autoptr (GError) unknown = g_error_new_literal (G_FILE_ERROR, 0, "Bad \xff byte");
  g_autofree char *conflict_words = desk_wording_error (conflict);
  g_autofree char *full_words = desk_wording_error (full);
  g_autofree char *unknown_words = desk_wording_error (unknown);

  assert_words (conflict_words, "John set the priority to high.");
  assert_words (full_words, "There is no room left to save this. Nothing is lost: free some space "
                            "and try again.");
  assert_words (unknown_words, "Bad \xef\xbf\xbd byte");
  assert_words (desk_wording_error_title (unknown), "Something went wrong");
}

static DeskCatalogue *
make_catalogue (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
  GPtrArray *agents = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);

  g_ptr_array_add (entries, desk_entry_new (DESK_ENTRY_DESK, "desk", "Desk"));
  g_ptr_array_add (entries, desk_entry_new (DESK_ENTRY_DEPARTMENT, "staff-it", "Staff IT"));
  g_ptr_array_add (entries, desk_entry_new (DESK_ENTRY_TEAM, "night", "Night shift"));
  g_ptr_array_add (entries, desk_entry_new (DESK_ENTRY_TOPIC, "odd", "{who} {to}"));
  g_ptr_array_add (entries, desk_entry_new (DESK_ENTRY_SLA, "4-hours", "4 hours"));
  return desk_catalogue_new (1, entries, agents);
}

static void
add_person (GHashTable *people, const char *uid, const char *login, const char *name)
{
  g_hash_table_insert (people, g_strdup (uid),
                       desk_person_new (uid, login, name, DESK_ROLE_AGENT));
}

/* The members that sentences look at; on the stack, freed by clear_case(). */
static DeskCase
make_case (void)
{
  DeskCase in = {
    .ticket = desk_ticket_new ("44444444-4444-7444-8444-444444444444"),
    .people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                     (GDestroyNotify) desk_person_unref),
    .events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref),
  };

  in.ticket->requester = g_strdup (KAREN);
  add_person (in.people, KAREN, "karen", "Karen");
  add_person (in.people, JOHN, "john", "John");
  add_person (in.people, JANE, "jane", "Jane");
  return in;
}

static void
clear_case (DeskCase *in)
{
  desk_ticket_unref (in->ticket);
  g_hash_table_unref (in->people);
  g_ptr_array_unref (in->events);
}

/* @words is compared without isolates. */
static void
assert_changes (DeskKind kind, const char *author, const DeskChange *changes, const char *words)
{
  g_autoptr (DeskCatalogue) catalogue = make_catalogue ();
  g_autoptr (DeskEvent) event = desk_event_new ();
  DeskCase in = make_case ();
  g_autofree char *seen = NULL;

  event->kind = kind;
  event->author = g_strdup (author);
  for (const DeskChange *change = changes; change->from != NULL || change->to != NULL; change++)
    desk_event_change (event, change->field, change->from, change->to);
  seen = desk_wording_changes (event, &in, catalogue);
  if (seen != NULL)
    {
      g_autoptr (GString) plain = g_string_new (seen);

      g_string_replace (plain, "\xe2\x81\xa8", "", 0);
      g_string_replace (plain, "\xe2\x81\xa9", "", 0);
      assert_words (plain->str, words);
    }
  else
    assert_words (seen, words);
  g_assert_nonnull (desk_wording_changes_icon (event));
  clear_case (&in);
}

#define F(field) DESK_FIELD_##field

static void
test_changes (void)
{
  static const struct
  {
    DeskKind kind;
    const char *author;
    DeskChange changes[5];
    const char *words;
  } cases[] = {
    { DESK_KIND_CHANGE, JANE, { { F (ASSIGNEE), NULL, (char *) JANE } }, "Jane took the ticket" },
    { DESK_KIND_CHANGE, JOHN, { { F (ASSIGNEE), NULL, (char *) JANE } },
      "John assigned the ticket to Jane" },
    { DESK_KIND_CHANGE, JANE, { { F (ASSIGNEE), (char *) JANE, NULL } },
      "Jane released the ticket" },
    { DESK_KIND_CHANGE, JOHN, { { F (ASSIGNEE), (char *) JANE, NULL } }, "John unassigned Jane" },
    { DESK_KIND_CHANGE, JOHN, { { F (ASSIGNEE), (char *) JANE, (char *) JOHN } },
      "John took the ticket over from Jane" },
    { DESK_KIND_CHANGE, JANE, { { F (ASSIGNEE), (char *) JANE, (char *) JOHN } },
      "Jane handed the ticket over to John" },
    { DESK_KIND_CHANGE, "unknown", { { F (ASSIGNEE), NULL, (char *) JANE } },
      "Somebody assigned the ticket to Jane" },
    { DESK_KIND_CHANGE, JOHN,
      { { F (SLA), NULL, (char *) "4-hours" },
        { F (PRIORITY), (char *) "normal", (char *) "high" },
        { F (TARGET_SECS), NULL, (char *) "14400" },
        { F (RUNNING_SINCE), NULL, (char *) "1795257960" } },
      "John set the SLA plan to 4 hours and the priority to High" },
    { DESK_KIND_CHANGE, JOHN,
      { { F (SLA), (char *) "4-hours", NULL },
        { F (PRIORITY), (char *) "normal", (char *) "high" } },
      "John set the priority to High\nJohn removed the SLA plan" },
    { DESK_KIND_CHANGE, JOHN, { { F (DEPARTMENT), (char *) "x", (char *) "staff-it" } },
      "John transferred the ticket to Staff IT" },
    { DESK_KIND_CHANGE, JOHN,
      { { F (DEPARTMENT), (char *) "x", (char *) "staff-it" },
        { F (ASSIGNEE), (char *) JANE, NULL } },
      "John transferred the ticket to Staff IT and unassigned Jane" },
    { DESK_KIND_CHANGE, JOHN, { { F (TEAM), NULL, (char *) "night" } },
      "John assigned the ticket to the team Night shift" },
    { DESK_KIND_CHANGE, JOHN, { { F (TOPIC), NULL, (char *) "gone" } },
      "John set the help topic to gone" },
    /* A label that looks like a gap stays a label. */
    { DESK_KIND_CHANGE, JOHN, { { F (TOPIC), NULL, (char *) "odd" } },
      "John set the help topic to {who} {to}" },
    { DESK_KIND_CHANGE, JOHN, { { F (SUMMARY), (char *) "a", (char *) "<b>b</b>" } },
      "John changed the summary to “<b>b</b>”" },
    { DESK_KIND_REPLY, JANE,
      { { F (STATUS), (char *) "open", (char *) "waiting" },
        { F (RUNNING_SINCE), (char *) "1", NULL } },
      "Waiting for Karen, SLA clock paused" },
    { DESK_KIND_REPLY, JANE, { { F (STATUS), (char *) "open", (char *) "waiting" } },
      "Waiting for Karen" },
    { DESK_KIND_MESSAGE, KAREN,
      { { F (STATUS), (char *) "waiting", (char *) "open" },
        { F (RUNNING_SINCE), NULL, (char *) "1" } },
      "Open again, SLA clock running" },
    { DESK_KIND_CHANGE, JANE, { { F (STATUS), (char *) "open", (char *) "resolved" } },
      "Jane resolved the ticket" },
    { DESK_KIND_CHANGE, KAREN, { { F (STATUS), (char *) "resolved", (char *) "closed" } },
      "Karen confirmed that this solved it" },
    { DESK_KIND_CHANGE, KAREN, { { F (STATUS), (char *) "open", (char *) "closed" } },
      "Karen withdrew the ticket" },
    { DESK_KIND_CHANGE, JANE, { { F (STATUS), (char *) "resolved", (char *) "closed" } },
      "Jane closed the ticket" },
    { DESK_KIND_CHANGE, KAREN, { { F (STATUS), (char *) "resolved", (char *) "open" } },
      "Karen reopened the ticket" },
    { DESK_KIND_CREATED, KAREN, { { F (SUMMARY), NULL, (char *) "Down" } }, NULL },
    { DESK_KIND_CREATED, JOHN, { { F (SUMMARY), NULL, (char *) "Down" } },
      "John filed the ticket for Karen" },
    { DESK_KIND_CHANGE, JOHN, { { F (DUE_AT), NULL, (char *) "1" } }, NULL },
    { DESK_KIND_REDACT, JOHN, { { 0 } }, "John removed the content of an entry" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_changes (cases[i].kind, cases[i].author, cases[i].changes, cases[i].words);
}

static void
test_names_are_isolated (void)
{
  g_autoptr (DeskCatalogue) catalogue = make_catalogue ();
  g_autoptr (DeskEvent) event = desk_event_new ();
  DeskCase in = make_case ();
  g_autofree char *words = NULL;

  event->kind = DESK_KIND_CHANGE;
  event->author = g_strdup (JOHN);
  desk_event_change (event, DESK_FIELD_ASSIGNEE, NULL, JANE);
  words = desk_wording_changes (event, &in, catalogue);
  assert_words (words, "\xe2\x81\xa8John\xe2\x81\xa9 assigned the ticket to "
                       "\xe2\x81\xa8Jane\xe2\x81\xa9");
  clear_case (&in);
}

/* A ticket that goes to a private department by itself was transferred by nobody. */
static void
test_filing_tells_nothing_of_its_internal_half (void)
{
  g_autoptr (DeskCatalogue) catalogue = make_catalogue ();
  g_autoptr (DeskEvent) half = desk_event_new ();
  DeskEvent *created = desk_event_new ();
  DeskCase in = make_case ();
  g_autofree char *alone = NULL;

  created->kind = DESK_KIND_CREATED;
  created->uid = g_strdup ("55555555-5555-7555-8555-555555555555");
  g_ptr_array_add (in.events, created);
  half->kind = DESK_KIND_CHANGE;
  half->author = g_strdup (KAREN);
  half->cause = g_strdup (created->uid);
  desk_event_change (half, DESK_FIELD_DEPARTMENT, NULL, "staff-it");
  g_assert_null (desk_wording_changes (half, &in, catalogue));

  g_free (half->cause);
  half->cause = g_strdup ("66666666-6666-7666-8666-666666666666");
  alone = desk_wording_changes (half, &in, catalogue);
  g_assert_nonnull (alone);
  clear_case (&in);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wording/time", test_time);
  g_test_add_func ("/wording/time-on-a-clock-of-12-hours", test_time_on_a_clock_of_12_hours);
  g_test_add_func ("/wording/exact-time", test_exact_time);
  g_test_add_func ("/wording/duration", test_duration);
  g_test_add_func ("/wording/due", test_due);
  g_test_add_func ("/wording/initials", test_initials);
  g_test_add_func ("/wording/number", test_number);
  g_test_add_func ("/wording/people", test_people);
  g_test_add_func ("/wording/errors-have-words", test_errors_have_words);
  g_test_add_func ("/wording/errors-keep-their-reason", test_errors_keep_their_reason);
  g_test_add_func ("/wording/changes", test_changes);
  g_test_add_func ("/wording/names-are-isolated", test_names_are_isolated);
  g_test_add_func ("/wording/filing-tells-nothing-of-its-internal-half",
                   test_filing_tells_nothing_of_its_internal_half);
  return g_test_run ();
}
