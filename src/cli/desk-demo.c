/* SPDX-License-Identifier: GPL-3.0-or-later
 * Making the demo desk: first who works there and on what, then each ticket's turns with their
 * times, then all turns of all tickets in the order of time. */
#include "desk-demo.h"

#include <string.h>

#include "desk-blobs.h"
#include "desk-demo-cases.h"
#include "desk-demo-picture.h"
#include "desk-people.h"
#include "desk-permission.h"
#include "desk-submit.h"
#include "desk-tickets.h"
#include "desk-uid.h"

#define SEED 1042
/* The next ticket after these is #1042. */
#define N_TICKETS  1041
#define N_OPEN     40
#define N_WAITING  15
#define N_RESOLVED 12
#define N_DAYS     90
/* A group is short enough for other processes to get at the desk in between. */
#define GROUP_OPS 200

#define SECS_PER_MINUTE 60
#define SECS_PER_HOUR   3600
#define SECS_PER_DAY    (24 * SECS_PER_HOUR)

/* --- the desk --- */

typedef struct
{
  DeskEntryKind kind;
  const char *slug;
  const char *label;
  const char *department; /* of a topic */
  const char *sla;        /* of a topic */
  const char *value;      /* of an SLA plan: hours; of a department: whether it is public */
} Entry;

static const Entry entries[] = {
  { DESK_ENTRY_SLA, "4-hours", "4 hours", NULL, NULL, "4" },
  { DESK_ENTRY_SLA, "8-hours", "8 hours", NULL, NULL, "8" },
  { DESK_ENTRY_SLA, "24-hours", "24 hours", NULL, NULL, "24" },
  { DESK_ENTRY_SLA, "3-days", "3 days", NULL, NULL, "72" },
  { DESK_ENTRY_DEPARTMENT, "online-banking", "Online Banking", NULL, NULL, "yes" },
  { DESK_ENTRY_DEPARTMENT, "card-payments", "Card Payments", NULL, NULL, "yes" },
  { DESK_ENTRY_DEPARTMENT, "branch-systems", "Branch Systems", NULL, NULL, "yes" },
  { DESK_ENTRY_DEPARTMENT, "staff-it", "Staff IT", NULL, NULL, "yes" },
  { DESK_ENTRY_DEPARTMENT, "security", "Security", NULL, NULL, "no" },
  { DESK_ENTRY_TEAM, "incidents", "Incident team", NULL, NULL, NULL },
  { DESK_ENTRY_TEAM, "field-service", "Field service", NULL, NULL, NULL },
  { DESK_ENTRY_TOPIC, "online-banking", "Online Banking", "online-banking", "8-hours", NULL },
  { DESK_ENTRY_TOPIC, "statements", "Statements", "online-banking", "24-hours", NULL },
  { DESK_ENTRY_TOPIC, "cards", "Cards", "card-payments", "8-hours", NULL },
  { DESK_ENTRY_TOPIC, "card-terminals", "Card terminals", "card-payments", "8-hours", NULL },
  { DESK_ENTRY_TOPIC, "atm", "Cash machines", "card-payments", "8-hours", NULL },
  { DESK_ENTRY_TOPIC, "counter-system", "Counter system", "branch-systems", "8-hours", NULL },
  { DESK_ENTRY_TOPIC, "branch-computers", "Branch computers", "branch-systems", "24-hours", NULL },
  { DESK_ENTRY_TOPIC, "printing", "Printing and scanning", "branch-systems", "3-days", NULL },
  { DESK_ENTRY_TOPIC, "access", "Access and passwords", "staff-it", "8-hours", NULL },
  { DESK_ENTRY_TOPIC, "vpn", "Remote access (VPN)", "staff-it", "24-hours", NULL },
  { DESK_ENTRY_TOPIC, "payroll", "Payroll", "staff-it", "24-hours", NULL },
  { DESK_ENTRY_TOPIC, "telephones", "Telephones", "staff-it", "24-hours", NULL },
  { DESK_ENTRY_TOPIC, "equipment", "New equipment", "staff-it", "3-days", NULL },
  { DESK_ENTRY_TOPIC, "security", "Suspicious mail or payment", "security", "4-hours", NULL },
};

typedef struct
{
  const char *login;
  const char *name;
  DeskRole role;
  const char *departments; /* with spaces between, or NULL */
  const char *team;
} Person;

#define PUBLIC_DEPARTMENTS "online-banking card-payments branch-systems staff-it"

static const Person people[] = {
  { "admin", "Administrator", DESK_ROLE_ADMINISTRATOR, NULL, NULL },
  { "john", "John", DESK_ROLE_AGENT, PUBLIC_DEPARTMENTS, "field-service" },
  { "jane", "Jane", DESK_ROLE_AGENT, PUBLIC_DEPARTMENTS " security", "incidents" },
  { "karen", "Karen", DESK_ROLE_REQUESTER, NULL, NULL },
  { "branch-2", "Branch 2", DESK_ROLE_REQUESTER, NULL, NULL },
  { "branch-3", "Branch 3", DESK_ROLE_REQUESTER, NULL, NULL },
  { "branch-5", "Branch 5", DESK_ROLE_REQUESTER, NULL, NULL },
  { "branch-9", "Branch 9", DESK_ROLE_REQUESTER, NULL, NULL },
  { "branch-14", "Branch 14", DESK_ROLE_REQUESTER, NULL, NULL },
  { "branch-17", "Branch 17", DESK_ROLE_REQUESTER, NULL, NULL },
  { "branch-21", "Branch 21", DESK_ROLE_REQUESTER, NULL, NULL },
  { "accounts", "Accounts", DESK_ROLE_REQUESTER, NULL, NULL },
  { "audit", "Audit", DESK_ROLE_REQUESTER, NULL, NULL },
  { "call-centre", "Call centre", DESK_ROLE_REQUESTER, NULL, NULL },
  { "card-services", "Card services", DESK_ROLE_REQUESTER, NULL, NULL },
  { "compliance", "Compliance", DESK_ROLE_REQUESTER, NULL, NULL },
  { "facilities", "Facilities", DESK_ROLE_REQUESTER, NULL, NULL },
  { "front-desk", "Front desk", DESK_ROLE_REQUESTER, NULL, NULL },
  { "loans", "Loans", DESK_ROLE_REQUESTER, NULL, NULL },
  { "mailroom", "Mailroom", DESK_ROLE_REQUESTER, NULL, NULL },
  { "marketing", "Marketing", DESK_ROLE_REQUESTER, NULL, NULL },
  { "payroll", "Payroll", DESK_ROLE_REQUESTER, NULL, NULL },
  { "treasury", "Treasury", DESK_ROLE_REQUESTER, NULL, NULL },
};
/* Ranges of the table above. */
#define FIRST_REQUESTER 4
#define FIRST_BRANCH    4
#define N_BRANCHES      7

/* --- tickets before they happen --- */

/* A ticket's life, a letter for each turn (see turns[]), and how often this one is lived. */
typedef struct
{
  const char *turns;
  guint weight;
} Script;

static const Script open_scripts[] = {
  { "c", 6 },   { "ck", 4 }, { "ckr", 5 },  { "ckam", 5 }, { "ckamr", 3 },
  { "ckn", 3 }, { "cp", 3 }, { "cpkr", 4 }, { "cpkn", 3 }, { "cpkam", 3 },
};
static const Script waiting_scripts[] = {
  { "cka", 5 }, { "ckna", 2 }, { "ckra", 2 }, { "cpka", 3 }, { "cpkna", 1 },
};
static const Script resolved_scripts[] = {
  { "cks", 4 }, { "ckams", 3 }, { "ckrs", 3 }, { "cpkns", 2 }, { "cpkams", 2 },
};
static const Script closed_scripts[] = {
  { "cksv", 20 },   { "ckamsv", 16 }, { "ckrsv", 12 }, { "ckamnrsv", 7 },  { "ckrmsv", 6 },
  { "cksxSv", 5 },  { "ckz", 5 },     { "cknsv", 5 },  { "ckaz", 3 },      { "cw", 3 },
  { "cpknsv", 10 }, { "cpkamsv", 8 }, { "cpkrsv", 8 }, { "cpkamnrsv", 4 }, { "cpksxSv", 3 },
};

/* The share of its target that an open ticket has used: past 1 overdue, from 0.75 due soon. */
static const double used_shares[] = {
  1.11, 0.93, 0.29, 0.52, 0.41, 0.15, 0.63, 0.08, 0.22, 0.36,
  1.32, 0.87, 0.46, 0.05, 0.58, 0.79, 0.18, 1.06, 0.50, 0.26,
};

typedef struct
{
  const DeskDemoCase *text;
  const char *script;
  const Person *requester;
  const Person *agent;
  gint64 created_at;
  gint64 span_secs; /* from the first turn to the last */
  guint n, floor, hour, minute, amount;
  DeskTicket *ticket; /* as of its last turn; NULL until it is filed */
} Plan;

/* One turn of one ticket. */
typedef struct
{
  gint64 at;
  guint plan;
  char letter;
} Turn;

typedef struct
{
  DeskDb *db;
  const DeskPerson *administrator;
  gint64 now;
  GRand *random;
  GHashTable *people;      /* login → DeskPerson */
  GHashTable *attachments; /* name → DeskAttachment */
  GArray *plans;           /* of Plan */
  GArray *turns;           /* of Turn */
} Demo;

static void
clear_plan_cb (gpointer plan)
{
  g_clear_pointer (&((Plan *) plan)->ticket, desk_ticket_unref);
}

static void
clear_demo (Demo *self)
{
  g_rand_free (self->random);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->attachments);
  g_array_unref (self->plans);
  g_array_unref (self->turns);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Demo, clear_demo)

/* At least @from, below @to. */
static guint
pick (Demo *self, guint from, guint to)
{
  return (guint) g_rand_int_range (self->random, (gint32) from, (gint32) to);
}

static double
pick_share (Demo *self, double from, double to)
{
  return g_rand_double_range (self->random, from, to);
}

static const char *
pick_text (Demo *self, const char *const *texts)
{
  return texts[pick (self, 0, g_strv_length ((char **) texts))];
}

/* A case with a priority of its own is triaged, the others are not. */
static gboolean
is_triaged (const char *script)
{
  return strchr (script, 'p') != NULL;
}

static const char *
pick_script (Demo *self, const DeskDemoCase *text, const Script *scripts, guint n_scripts)
{
  gboolean triaged = text->priority != NULL;
  guint total = 0, chosen;

  for (guint i = 0; i < n_scripts; i++)
    total += is_triaged (scripts[i].turns) == triaged ? scripts[i].weight : 0;
  chosen = pick (self, 0, total);
  for (guint i = 0; i < n_scripts; i++)
    {
      if (is_triaged (scripts[i].turns) != triaged)
        continue;
      if (chosen < scripts[i].weight)
        return scripts[i].turns;
      chosen -= scripts[i].weight;
    }
  g_return_val_if_reached (scripts[0].turns);
}

/* --- who and what --- */

static DeskEntry *
make_entry (const Entry *row)
{
  DeskEntry *entry = desk_entry_new (row->kind, row->slug, row->label);

  desk_entry_set (entry, DESK_PROPERTY_DEPARTMENT, row->department);
  desk_entry_set (entry, DESK_PROPERTY_SLA, row->sla);
  if (row->kind == DESK_ENTRY_SLA)
    desk_entry_set (entry, DESK_PROPERTY_HOURS, row->value);
  if (row->kind == DESK_ENTRY_DEPARTMENT)
    desk_entry_set (entry, DESK_PROPERTY_PUBLIC, row->value);
  return entry;
}

static gboolean
save_entries (Demo *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr (DeskEntry) entry = make_entry (&entries[i]);

      if (!desk_entries_save (self->db, entry, 0, self->administrator, self->now, error))
        return FALSE;
    }
  return TRUE;
}

/* Numbers as in #1042; what fits nowhere else goes to Staff IT. */
static gboolean
save_settings (Demo *self, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, error);
  g_autoptr (DeskEntry) desk = NULL;

  if (catalogue == NULL)
    return FALSE;
  desk = desk_entry_copy (desk_catalogue_get_desk (catalogue));
  desk_entry_set (desk, DESK_PROPERTY_DEPARTMENT, "staff-it");
  desk_entry_set (desk, DESK_PROPERTY_SLA, "24-hours");
  desk_entry_set (desk, DESK_PROPERTY_NUMBER_FORMAT, "####");
  return desk_entries_save (self->db, desk, desk->revision, self->administrator, self->now, error);
}

/* The department that every new desk starts with has nothing to do here. */
static gboolean
remove_first_department (Demo *self, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, error);
  const DeskEntry *first =
      catalogue != NULL ? desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, "support") : NULL;
  g_autoptr (DeskEntry) department = first != NULL ? desk_entry_copy (first) : NULL;

  if (department == NULL)
    return catalogue != NULL;
  department->removed = TRUE;
  return desk_entries_save (self->db, department, department->revision, self->administrator,
                            self->now, error);
}

static DeskPerson *
make_person (const Person *row)
{
  g_autofree char *uid = desk_uid_new ();
  DeskPerson *person = desk_person_new (uid, row->login, row->name, row->role);

  person->email = g_strdup_printf ("%s@bank.example", row->login);
  if (row->departments != NULL)
    {
      g_strfreev (person->departments);
      person->departments = g_strsplit (row->departments, " ", 0);
    }
  if (row->team != NULL)
    {
      g_strfreev (person->teams);
      person->teams = g_strsplit (row->team, " ", 0);
    }
  return person;
}

/* Whoever makes the desk may be called as one of its people; then they are that one, and keep it.
 */
static gboolean
save_people (Demo *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_autoptr (DeskPerson) person = NULL;

      if (g_str_equal (people[i].login, self->administrator->login))
        person = desk_person_copy (self->administrator);
      else
        {
          person = make_person (&people[i]);
          if (!desk_people_save (self->db, person, 0, self->administrator, self->now, error))
            return FALSE;
        }
      g_hash_table_insert (self->people, g_strdup (people[i].login), g_steal_pointer (&person));
    }
  return TRUE;
}

static gboolean
save_catalogue (Demo *self, GError **error)
{
  if (!desk_db_begin (self->db, error))
    return FALSE;
  if (save_entries (self, error) && save_settings (self, error) &&
      remove_first_department (self, error) && save_people (self, error) &&
      desk_db_commit (self->db, error))
    return TRUE;
  desk_db_rollback (self->db);
  return FALSE;
}

/* --- files --- */

/* Some lines of a log. */
static GBytes *
make_log (Demo *self)
{
  static const char *const lines[] = {
    "info   started, version 8.4.1",
    "info   connected to host",
    "warn   answer took 4210 ms",
    "error  timeout after 10000 ms, giving up",
    "info   trying again in 30 s",
    "error  unexpected end of file",
    NULL,
  };
  GString *log = g_string_new (NULL);

  for (guint i = 0; i < 24; i++)
    g_string_append_printf (log, "%02u:%02u:%02u  %s\n", 8 + i / 8, 7 * i % 60, 23 * i % 60,
                            pick_text (self, lines));
  return g_string_free_to_bytes (log);
}

static gboolean
add_file (Demo *self, const char *name, GError **error)
{
  gboolean is_picture = g_str_has_suffix (name, ".png");
  g_autoptr (GBytes) content = NULL;
  DeskAttachment *attachment;

  if (g_hash_table_contains (self->attachments, name))
    return TRUE;
  content =
      is_picture ? desk_demo_picture_new (g_hash_table_size (self->attachments)) : make_log (self);
  attachment = desk_blobs_add_bytes (self->db, content, name,
                                     is_picture ? "image/png" : "text/plain", error);
  if (attachment == NULL)
    return FALSE;
  g_hash_table_insert (self->attachments, g_strdup (name), attachment);
  return TRUE;
}

static gboolean
add_files (Demo *self, GError **error)
{
  for (guint i = 0; i < desk_demo_n_cases; i++)
    if (desk_demo_cases[i].file != NULL && !add_file (self, desk_demo_cases[i].file, error))
      return FALSE;
  for (guint i = 0; i < desk_demo_n_own_cases; i++)
    if (desk_demo_own_cases[i].text.file != NULL &&
        !add_file (self, desk_demo_own_cases[i].text.file, error))
      return FALSE;
  return TRUE;
}

/* --- planning --- */

static const Person *
find_person (const char *login)
{
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    if (g_str_equal (people[i].login, login))
      return &people[i];
  g_return_val_if_reached (NULL);
}

static const Person *
pick_requester (Demo *self, const char *from)
{
  if (from == NULL)
    return &people[pick (self, FIRST_REQUESTER, G_N_ELEMENTS (people))];
  if (g_str_equal (from, "branch"))
    return &people[pick (self, FIRST_BRANCH, FIRST_BRANCH + N_BRANCHES)];
  return find_person (from);
}

/* Security is Jane's alone. */
static const Person *
pick_agent (Demo *self, const DeskDemoCase *text)
{
  if (g_str_equal (text->topic, "security") || pick (self, 0, 100) < 55)
    return find_person ("jane");
  return find_person ("john");
}

static void
add_plan (
    Demo *self, const DeskDemoCase *text, const char *script, gint64 created_at, gint64 span_secs)
{
  Plan plan = {
    .text = text,
    .script = script,
    .requester = pick_requester (self, text->from),
    .agent = pick_agent (self, text),
    .created_at = created_at,
    .span_secs = MAX (span_secs, 10 * SECS_PER_MINUTE),
    .n = pick (self, 2, 10),
    .floor = pick (self, 1, 7),
    .hour = pick (self, 7, 12),
    .minute = pick (self, 0, 12) * 5,
    .amount = pick (self, 40, 9800),
  };

  g_array_append_val (self->plans, plan);
}

static const Entry *
find_entry (DeskEntryKind kind, const char *slug)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].kind == kind && g_str_equal (entries[i].slug, slug))
      return &entries[i];
  g_return_val_if_reached (NULL);
}

/* What is high or urgent gets the shortest plan; NULL: the topic's. */
static const char *
choose_plan (const DeskDemoCase *text)
{
  return text->priority == NULL || g_str_equal (text->priority, "low") ? NULL : "4-hours";
}

static gint64
get_target_secs (const DeskDemoCase *text)
{
  const char *sla = find_entry (DESK_ENTRY_TOPIC, text->topic)->sla;

  if (choose_plan (text) != NULL)
    sla = choose_plan (text);
  return g_ascii_strtoll (find_entry (DESK_ENTRY_SLA, sla)->value, NULL, 10) * SECS_PER_HOUR;
}

/* Open tickets are as old as the share of their target that they have used. */
static void
plan_open (Demo *self)
{
  for (guint i = 0; i < N_OPEN; i++)
    {
      const DeskDemoCase *text = &desk_demo_cases[i % desk_demo_n_cases];
      const char *script =
          i == 0 ? "cp" : pick_script (self, text, open_scripts, G_N_ELEMENTS (open_scripts));
      double used = used_shares[i % G_N_ELEMENTS (used_shares)];
      gint64 age = (gint64) ((double) get_target_secs (text) * used);

      add_plan (self, text, script, self->now - age, age * 8 / 10);
    }
}

static void
plan_waiting (Demo *self)
{
  for (guint i = 0; i < N_WAITING; i++)
    {
      const DeskDemoCase *text = &desk_demo_cases[(N_OPEN + i) % desk_demo_n_cases];
      const char *script =
          pick_script (self, text, waiting_scripts, G_N_ELEMENTS (waiting_scripts));
      gint64 age = (gint64) (pick_share (self, 0.5, 6) * SECS_PER_DAY);

      add_plan (self, text, script, self->now - age, age / 4);
    }
}

static void
plan_resolved (Demo *self)
{
  for (guint i = 0; i < N_RESOLVED; i++)
    {
      const DeskDemoCase *text = &desk_demo_cases[(N_OPEN + N_WAITING + i) % desk_demo_n_cases];
      const char *script =
          pick_script (self, text, resolved_scripts, G_N_ELEMENTS (resolved_scripts));
      gint64 age = (gint64) (pick_share (self, 0.6, 4) * SECS_PER_DAY);

      add_plan (self, text, script, self->now - age, age / 2);
    }
}

static const char *
choose_own_turns (DeskStatus status)
{
  switch (status)
    {
    case DESK_STATUS_OPEN:
      return "ckr";
    case DESK_STATUS_WAITING:
      return "cka";
    case DESK_STATUS_RESOLVED:
      return "cks";
    case DESK_STATUS_CLOSED:
      return "ckamsv";
    }
  g_return_val_if_reached ("c");
}

static void
plan_own (Demo *self)
{
  for (guint i = 0; i < desk_demo_n_own_cases; i++)
    {
      const DeskDemoOwnCase *own = &desk_demo_own_cases[i];
      gint64 age =
          own->days_ago * SECS_PER_DAY + 3 * SECS_PER_HOUR + (gint64) i * 40 * SECS_PER_MINUTE;

      add_plan (self, &own->text, choose_own_turns (own->status), self->now - age,
                MIN (age, 9 * SECS_PER_HOUR) * 2 / 3);
    }
}

/* A moment of a working day, seldom of a weekend. */
static gint64
pick_working_time (Demo *self)
{
  for (;;)
    {
      guint days_ago = pick (self, 1, N_DAYS);
      g_autoptr (GDateTime) today = g_date_time_new_from_unix_local (self->now);
      g_autoptr (GDateTime) day = g_date_time_add_days (today, -(int) days_ago);
      g_autoptr (GDateTime) moment = NULL;

      if (g_date_time_get_day_of_week (day) > 5 && pick (self, 0, 100) < 80)
        continue;
      moment = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                      g_date_time_get_day_of_month (day), (int) pick (self, 7, 18),
                                      (int) pick (self, 0, 60), (double) pick (self, 0, 60));
      if (moment != NULL)
        return g_date_time_to_unix (moment);
    }
}

static void
plan_closed (Demo *self)
{
  while (self->plans->len < N_TICKETS)
    {
      const DeskDemoCase *text = &desk_demo_cases[pick (self, 0, desk_demo_n_cases)];
      const char *script = pick_script (self, text, closed_scripts, G_N_ELEMENTS (closed_scripts));
      gint64 created_at = pick_working_time (self);
      gint64 longest = MIN (self->now - created_at - SECS_PER_HOUR, 5 * SECS_PER_DAY);
      gint64 span =
          (gint64) (pick_share (self, 0.02, 1) * pick_share (self, 0.1, 1) * (double) longest);

      add_plan (self, text, script, created_at, span);
    }
}

/* Spreads the turns of a plan over its span, the first at its start and the last at its end. */
static void
add_turns (Demo *self, guint index)
{
  const Plan *plan = &g_array_index (self->plans, Plan, index);
  guint last = (guint) strlen (plan->script) - 1;

  for (guint i = 0; i <= last; i++)
    {
      double share =
          last == 0 ? 0
                    : ((double) i + (i > 0 && i < last ? pick_share (self, -0.4, 0.4) : 0)) / last;
      Turn turn = {
        .at = MIN (plan->created_at + (gint64) (share * (double) plan->span_secs), self->now),
        .plan = index,
        .letter = plan->script[i],
      };

      g_array_append_val (self->turns, turn);
    }
}

/* A merge sort keeps turns of the same second in the order of their ticket's script. */
static int
compare_turns_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Turn *turn_a = a;
  const Turn *turn_b = b;

  return turn_a->at < turn_b->at ? -1 : turn_a->at > turn_b->at;
}

static void
plan_everything (Demo *self)
{
  plan_open (self);
  plan_waiting (self);
  plan_resolved (self);
  plan_own (self);
  plan_closed (self);
  for (guint i = 0; i < self->plans->len; i++)
    add_turns (self, i);
  g_array_sort_with_data (self->turns, compare_turns_cb, NULL);
}

/* --- turns --- */

static const DeskPerson *
get_person (Demo *self, const Person *row)
{
  return g_hash_table_lookup (self->people, row->login);
}

/* The placeholders of a text, filled in with the ticket's own values. (transfer full) */
static char *
fill_in (const Plan *plan, const char *text)
{
  static const char *const months[] = { "January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December" };
  static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday" };
  g_autoptr (GDateTime) created = g_date_time_new_from_unix_local (plan->created_at);
  g_autofree char *n = g_strdup_printf ("%u", plan->n);
  g_autofree char *floor = g_strdup_printf ("%u", plan->floor);
  g_autofree char *time = g_strdup_printf ("%u:%02u", plan->hour, plan->minute);
  g_autofree char *amount =
      plan->amount < 1000
          ? g_strdup_printf ("%u.00", plan->amount)
          : g_strdup_printf ("%u,%03u.00", plan->amount / 1000, plan->amount % 1000);
  GString *filled = g_string_new (text);

  g_string_replace (filled, "{n}", n, 0);
  g_string_replace (filled, "{floor}", floor, 0);
  g_string_replace (filled, "{time}", time, 0);
  g_string_replace (filled, "{amount}", amount, 0);
  g_string_replace (filled, "{unit}", plan->requester->name, 0);
  g_string_replace (filled, "{month}", months[(g_date_time_get_month (created) + 10) % 12], 0);
  g_string_replace (filled, "{day}", days[plan->floor % G_N_ELEMENTS (days)], 0);
  return g_string_free (filled, FALSE);
}

static void
set_text (DeskOp *op, const Plan *plan, const char *text)
{
  g_autofree char *filled = fill_in (plan, text);

  desk_op_set_text (op, filled);
}

static void
set_field (DeskOp *op, const Plan *plan, DeskField field, const char *text)
{
  g_autofree char *filled = text != NULL ? fill_in (plan, text) : NULL;

  if (filled != NULL)
    desk_op_change (op, field, filled);
}

static void
set_status (DeskOp *op, DeskStatus status)
{
  desk_op_change (op, DESK_FIELD_STATUS, desk_enum_get_nick (DESK_TYPE_STATUS, status));
}

static void
attach (Demo *self, DeskOp *op, const char *name)
{
  const DeskAttachment *known = name != NULL ? g_hash_table_lookup (self->attachments, name) : NULL;

  if (known != NULL)
    desk_op_take_attachment (
        op, desk_attachment_new (known->name, known->type, known->size_bytes, known->sha256));
}

static void
create (Demo *self, const Plan *plan, DeskOp *op)
{
  set_text (op, plan, plan->text->details);
  set_field (op, plan, DESK_FIELD_SUMMARY, plan->text->summary);
  desk_op_change (op, DESK_FIELD_TOPIC, plan->text->topic);
  attach (self, op, plan->text->file);
}

static void
claim (Demo *self, const Plan *plan, DeskOp *op)
{
  desk_op_change (op, DESK_FIELD_ASSIGNEE, get_person (self, plan->agent)->uid);
}

static void
triage (Demo *self, const Plan *plan, DeskOp *op)
{
  const char *sla = choose_plan (plan->text);

  desk_op_change (op, DESK_FIELD_PRIORITY, plan->text->priority);
  if (sla != NULL)
    desk_op_change (op, DESK_FIELD_SLA, sla);
}

static void
note (Demo *self, const Plan *plan, DeskOp *op)
{
  set_text (op, plan,
            plan->text->note != NULL ? plan->text->note : pick_text (self, desk_demo_notes));
}

static void
reply (Demo *self, const Plan *plan, DeskOp *op)
{
  set_text (op, plan, pick_text (self, desk_demo_replies));
}

/* Questions that fit everything; each has its answer. */
static guint
choose_question (const Plan *plan)
{
  return plan->n % g_strv_length ((char **) desk_demo_asks);
}

static void
ask (Demo *self, const Plan *plan, DeskOp *op)
{
  set_text (op, plan,
            plan->text->ask != NULL ? plan->text->ask : desk_demo_asks[choose_question (plan)]);
  set_status (op, DESK_STATUS_WAITING);
}

/* The answer to what was asked; after a reply it is just another word. */
static void
answer (Demo *self, const Plan *plan, DeskOp *op)
{
  gboolean was_asked = plan->ticket->status == DESK_STATUS_WAITING;

  if (was_asked && plan->text->ask != NULL)
    set_text (op, plan, plan->text->answer);
  else if (was_asked)
    set_text (op, plan, desk_demo_answers[choose_question (plan)]);
  else
    set_text (op, plan, pick_text (self, desk_demo_news));
}

static void
resolve (Demo *self, const Plan *plan, DeskOp *op)
{
  set_field (op, plan, DESK_FIELD_RESOLUTION, plan->text->resolution);
  set_field (op, plan, DESK_FIELD_STEPS, plan->text->steps);
  set_field (op, plan, DESK_FIELD_RECOMMENDATIONS, plan->text->recommendations);
  set_status (op, DESK_STATUS_RESOLVED);
}

/* The first of two resolutions is not yet the right one. */
static void
resolve_or_try (Demo *self, const Plan *plan, DeskOp *op)
{
  if (strchr (plan->script, 'x') == NULL)
    {
      resolve (self, plan, op);
      return;
    }
  set_field (op, plan, DESK_FIELD_RESOLUTION, pick_text (self, desk_demo_first_tries));
  set_status (op, DESK_STATUS_RESOLVED);
}

static void
say_not_yet (Demo *self, const Plan *plan, DeskOp *op)
{
  set_text (op, plan, pick_text (self, desk_demo_not_yets));
}

static void
close_silently (Demo *self, const Plan *plan, DeskOp *op)
{
  set_status (op, DESK_STATUS_CLOSED);
}

static void
close_with_reason (Demo *self, const Plan *plan, DeskOp *op)
{
  set_text (op, plan, pick_text (self, desk_demo_reasons));
  set_status (op, DESK_STATUS_CLOSED);
}

/* What the letters of a script stand for. */
static const struct
{
  char letter;
  DeskKind kind;
  gboolean by_requester;
  void (*fill) (Demo *self, const Plan *plan, DeskOp *op);
} turns[] = {
  { 'c', DESK_KIND_CREATED, TRUE, create },
  { 'k', DESK_KIND_CHANGE, FALSE, claim },
  { 'p', DESK_KIND_CHANGE, FALSE, triage },
  { 'n', DESK_KIND_NOTE, FALSE, note },
  { 'r', DESK_KIND_REPLY, FALSE, reply },
  { 'a', DESK_KIND_REPLY, FALSE, ask },
  { 'm', DESK_KIND_MESSAGE, TRUE, answer },
  { 's', DESK_KIND_CHANGE, FALSE, resolve_or_try },
  { 'x', DESK_KIND_MESSAGE, TRUE, say_not_yet },
  { 'S', DESK_KIND_CHANGE, FALSE, resolve },
  { 'v', DESK_KIND_CHANGE, TRUE, close_silently },
  { 'w', DESK_KIND_CHANGE, TRUE, close_silently },
  { 'z', DESK_KIND_CHANGE, FALSE, close_with_reason },
};

static gint64
get_base (const Plan *plan, const DeskPerson *author)
{
  if (plan->ticket == NULL)
    return 0;
  return desk_standing_of (author, plan->ticket) &
                 (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR)
             ? plan->ticket->no
             : plan->ticket->public_no;
}

static DeskOp *
make_op (const Plan *plan, DeskKind kind, const DeskPerson *author, gint64 at)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *ticket = plan->ticket == NULL ? desk_uid_new () : g_strdup (plan->ticket->uid);
  DeskOp *op = desk_op_new (uid, ticket, kind, author->uid);

  op->device = desk_uid_from_name ("demo", author->uid);
  op->via = DESK_VIA_APP;
  op->base = get_base (plan, author);
  op->at = at;
  return op;
}

static guint
find_turn (char letter)
{
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++)
    if (turns[i].letter == letter)
      return i;
  g_return_val_if_reached (0);
}

static gboolean
take_turn (Demo *self, guint index, GError **error)
{
  const Turn *turn = &g_array_index (self->turns, Turn, index);
  Plan *plan = &g_array_index (self->plans, Plan, turn->plan);
  guint i = find_turn (turn->letter);
  const DeskPerson *author =
      get_person (self, turns[i].by_requester ? plan->requester : plan->agent);
  g_autoptr (DeskOp) op = make_op (plan, turns[i].kind, author, turn->at);
  g_autoptr (DeskReceipt) receipt = NULL;

  turns[i].fill (self, plan, op);
  receipt = desk_submit_in (self->db, op, author, turn->at, error);
  if (receipt == NULL)
    return FALSE;
  g_clear_pointer (&plan->ticket, desk_ticket_unref);
  plan->ticket = desk_ticket_ref (receipt->ticket);
  return TRUE;
}

/* What is done has been read, and most of what is open too. */
static gboolean
mark_seen (Demo *self, guint index, GError **error)
{
  const Plan *plan = &g_array_index (self->plans, Plan, index);
  const DeskTicket *ticket = plan->ticket;
  gboolean needs_requester =
      ticket->status == DESK_STATUS_WAITING || ticket->status == DESK_STATUS_RESOLVED;
  gboolean is_new = ticket->status == DESK_STATUS_OPEN && index % 6 == 0;
  const DeskPerson *const readers[] = {
    is_new ? NULL : get_person (self, find_person ("john")),
    is_new ? NULL : get_person (self, find_person ("jane")),
    is_new ? NULL : get_person (self, find_person ("admin")),
    is_new ? NULL : self->administrator,
    needs_requester ? NULL : get_person (self, plan->requester),
  };

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (readers[i] != NULL && desk_standing_of (readers[i], ticket) != DESK_STANDING_NONE &&
        !desk_tickets_mark_seen (self->db, readers[i], ticket->uid, ticket->no, error))
      return FALSE;
  return TRUE;
}

/* Does @step for all of @n, so many in one transaction. */
static gboolean
run_in_groups (Demo *self,
               guint n,
               gboolean (*step) (Demo *self, guint index, GError **error),
               GError **error)
{
  for (guint start = 0; start < n; start += GROUP_OPS)
    {
      gboolean done = desk_db_begin (self->db, error);

      for (guint i = start; done && i < MIN (start + GROUP_OPS, n); i++)
        done = step (self, i, error);
      if (!done || !desk_db_commit (self->db, error))
        {
          desk_db_rollback (self->db);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
desk_demo_fill (DeskDb *db, const DeskPerson *administrator, gint64 now, GError **error)
{
  g_auto (Demo) self = {
    .db = db,
    .administrator = administrator,
    .now = now,
    .random = g_rand_new_with_seed (SEED),
    .people =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) desk_person_unref),
    .attachments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) desk_attachment_free),
    .plans = g_array_new (FALSE, FALSE, sizeof (Plan)),
    .turns = g_array_new (FALSE, FALSE, sizeof (Turn)),
  };

  g_array_set_clear_func (self.plans, clear_plan_cb);
  if (!save_catalogue (&self, error) || !add_files (&self, error))
    return FALSE;
  plan_everything (&self);
  return run_in_groups (&self, self.turns->len, take_turn, error) &&
         run_in_groups (&self, self.plans->len, mark_seen, error);
}
