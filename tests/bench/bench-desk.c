/* SPDX-License-Identifier: GPL-3.0-or-later
 * Making the desk: its catalogue and people, then the lives of all tickets in order of time. */
#include "bench-desk.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bench-recipe.h"
#include "bench-text.h"
#include "desk-people.h"
#include "desk-submit.h"
#include "desk-text.h"
#include "desk-uid.h"

#define N_TEAMS               10
#define TOPICS_PER_DEPARTMENT 2
#define AGENTS_PER_DEPARTMENT 8
#define OPS_PER_TRANSACTION   100000
#define END_AT                G_GINT64_CONSTANT (1761955200) /* 2025-11-01 */
#define SPAN_SECS             (2 * 365 * 24 * 3600)
#define TICKETS_PER_LONG      5000

/* --- how tickets live --- */

/* A letter is one op: File, Claim, Message, Reply, Question, Note, Solve, Yes, cancel (X). */
typedef struct
{
  guint weight;
  const char *ops;
} Life;

#define MAX_LIVES 6

static const struct
{
  guint percent_early; /* of the first four fifths of all tickets … */
  guint percent_late;  /* … and of the last */
  Life lives[MAX_LIVES];
} outcomes[] = {
  /* closed */
  { 92,
    30,
    { { 56, "FSY" },
      { 20, "FX" },
      { 8, "FRMSY" },
      { 4, "FCNSY" },
      { 8, "FCSY" },
      { 4, "FQMSY" } } },
  /* open */
  { 4, 35, { { 55, "F" }, { 25, "FC" }, { 10, "FM" }, { 5, "FCN" }, { 5, "FCRM" } } },
  /* waiting */
  { 3, 15, { { 60, "FQ" }, { 40, "FCQ" } } },
  /* resolved */
  { 1, 20, { { 60, "FS" }, { 25, "FCS" }, { 15, "FRMS" } } },
};

/* A ticket under way: 12 bytes each, for a million. */
typedef struct
{
  const char *ops_left;
  guint16 n_ops; /* done */
  guint8 no;
  guint8 public_no;
} Ticket;

typedef struct
{
  DeskDb *db;
  guint n_tickets;
  GPtrArray *requesters; /* of DeskPerson */
  GPtrArray *agents;
  Ticket *tickets;
  /* Time is a row of slots; a ticket under way waits in the slot of its next op. */
  guint n_slots;
  guint32 *first; /* of each slot: 1 + ticket, 0 for none */
  guint32 *next;  /* of each ticket */
  char *long_ops; /* the life of a long ticket */
  guint n_ops;
} Maker;

static void
check (gboolean done, GError *error)
{
  if (!done)
    g_error ("The desk cannot be made: %s", error != NULL ? error->message : "?");
}

/* --- catalogue and people --- */

static char *
dup_slug (guint department)
{
  return desk_slug_from_label (bench_text_get_department (department));
}

static void
save_entry (Maker *self, DeskEntry *entry, const DeskPerson *author)
{
  g_autoptr (DeskEntry) owned = entry;
  GError *error = NULL;

  check (desk_entries_save (self->db, entry, entry->revision, author, END_AT - SPAN_SECS, &error),
         error);
}

static void
add_plans (Maker *self, const DeskPerson *author)
{
  static const char *const hours[] = { "4", "8", "24", "72", "168" };

  for (guint i = 0; i < G_N_ELEMENTS (hours); i++)
    {
      g_autofree char *slug = g_strconcat (hours[i], "-hours", NULL);
      g_autofree char *label = g_strconcat (hours[i], " hours", NULL);
      DeskEntry *entry = desk_entry_new (DESK_ENTRY_SLA, slug, label);

      desk_entry_set (entry, DESK_PROPERTY_HOURS, hours[i]);
      save_entry (self, entry, author);
    }
}

static void
add_teams (Maker *self, const DeskPerson *author)
{
  for (guint i = 0; i < N_TEAMS; i++)
    {
      g_autofree char *slug = g_strdup_printf ("team-%u", i);
      g_autofree char *label = g_strdup_printf ("Team %u", i);

      save_entry (self, desk_entry_new (DESK_ENTRY_TEAM, slug, label), author);
    }
}

static char *
dup_topic (guint department, guint i)
{
  g_autofree char *slug = dup_slug (department);

  return g_strdup_printf ("%s-%s", slug, i == 0 ? "trouble" : "wishes");
}

/* Half of the topics promise a time, some a priority, some a team. */
static void
add_topic (Maker *self, guint department, guint i, const DeskPerson *author)
{
  static const char *const plans[] = { "24-hours", "8-hours", "72-hours", "168-hours", "4-hours" };
  g_autofree char *slug = dup_topic (department, i);
  g_autofree char *label = g_strdup_printf ("%s: %s", bench_text_get_department (department),
                                            i == 0 ? "trouble" : "wishes");
  g_autofree char *owner = dup_slug (department);
  g_autofree char *team = g_strdup_printf ("team-%u", department % N_TEAMS);
  DeskEntry *entry = desk_entry_new (DESK_ENTRY_TOPIC, slug, label);

  desk_entry_set (entry, DESK_PROPERTY_DEPARTMENT, owner);
  if (i == 0)
    desk_entry_set (entry, DESK_PROPERTY_SLA, plans[department % G_N_ELEMENTS (plans)]);
  if (i == 0 && department % 5 == 0)
    desk_entry_set (entry, DESK_PROPERTY_PRIORITY, "high");
  if (department % 25 == 24)
    desk_entry_set (entry, DESK_PROPERTY_TEAM, team);
  save_entry (self, entry, author);
}

static void
add_catalogue (Maker *self, const DeskPerson *author)
{
  add_plans (self, author);
  add_teams (self, author);
  for (guint i = 0; i < BENCH_N_DEPARTMENTS; i++)
    {
      g_autofree char *slug = dup_slug (i);

      save_entry (self, desk_entry_new (DESK_ENTRY_DEPARTMENT, slug, bench_text_get_department (i)),
                  author);
      for (guint k = 0; k < TOPICS_PER_DEPARTMENT; k++)
        add_topic (self, i, k, author);
    }
}

/* A UUIDv7 of the second @at, as desk_uid_new() makes them, but the same in every run. */
static char *
dup_uid (gint64 at, guint64 seed, guint64 part)
{
  BenchRandom random = bench_random_of (seed, part);
  guint64 ms = (guint64) at * 1000 + bench_random_below (&random, 1000);
  guint64 halves[2] = { GUINT64_TO_BE (ms << 16 | 0x7000 | bench_random_below (&random, 0x1000)),
                        GUINT64_TO_BE (G_GUINT64_CONSTANT (1) << 63 |
                                       bench_random_next (&random) >> 2) };
  guint8 bytes[DESK_UID_BYTES];

  memcpy (bytes, halves, sizeof bytes);
  return desk_uid_from_bytes (bytes);
}

static DeskPerson *
new_person (const char *word, const char *name, guint width, guint i, DeskRole role)
{
  g_autofree char *login = g_strdup_printf ("%s-%0*u", word, (int) width, i);
  g_autofree char *full = g_strdup_printf ("%s %u", name, i);
  g_autofree char *uid = dup_uid (END_AT - SPAN_SECS, i, role);
  DeskPerson *person = desk_person_new (uid, login, full, role);

  person->email = g_strconcat (login, "@example.org", NULL);
  return person;
}

/* Agent @i works in departments next to each other, so that each department has eight of them. */
static char **
dup_departments (guint i)
{
  guint n = AGENTS_PER_DEPARTMENT * BENCH_N_DEPARTMENTS / BENCH_N_AGENTS;
  char **slugs = g_new0 (char *, n + 1);

  for (guint k = 0; k < n; k++)
    slugs[k] = dup_slug (i * BENCH_N_DEPARTMENTS / BENCH_N_AGENTS + k * 7);
  return slugs;
}

static void
add_agents (Maker *self, const DeskPerson *author)
{
  for (guint i = 0; i < BENCH_N_AGENTS; i++)
    {
      DeskPerson *person = new_person ("agent", "Agent", 3, i, DESK_ROLE_AGENT);
      GError *error = NULL;

      g_strfreev (person->departments);
      person->departments = dup_departments (i);
      g_ptr_array_add (self->agents, person);
      check (desk_people_save (self->db, person, 0, author, END_AT - SPAN_SECS, &error), error);
    }
}

static void
add_requesters (Maker *self)
{
  for (guint i = 0; i < BENCH_N_REQUESTERS; i++)
    {
      DeskPerson *person = new_person ("requester", "Requester", 5, i, DESK_ROLE_REQUESTER);
      GError *error = NULL;

      g_ptr_array_add (self->requesters, person);
      check (desk_people_insert (self->db, person, &error), error);
    }
}

static void
add_people (Maker *self)
{
  g_autoptr (DeskPerson) author = bench_desk_find_person (self->db, "administrator");
  GError *error = NULL;

  check (desk_db_begin (self->db, &error), error);
  add_catalogue (self, author);
  add_agents (self, author);
  add_requesters (self);
  check (desk_db_commit (self->db, &error), error);
}

/* --- ops --- */

/* Everything about a ticket follows from its number in the row. */
static BenchRandom
random_of (guint ticket, guint part)
{
  return bench_random_of (ticket, part + 16);
}

static DeskPerson *
requester_of (Maker *self, guint ticket)
{
  BenchRandom random = random_of (ticket, 1);

  return self->requesters->pdata[bench_random_below (&random, self->requesters->len)];
}

static guint
department_of (guint ticket)
{
  BenchRandom random = random_of (ticket, 2);

  return bench_random_below (&random, BENCH_N_DEPARTMENTS);
}

static DeskPerson *
agent_of (Maker *self, guint ticket)
{
  g_autofree char *slug = dup_slug (department_of (ticket));
  BenchRandom random = random_of (ticket, 3);
  guint start = bench_random_below (&random, self->agents->len);

  for (guint i = 0; i < self->agents->len; i++)
    {
      DeskPerson *agent = self->agents->pdata[(start + i) % self->agents->len];

      if (desk_person_works_in (agent, slug))
        return agent;
    }
  g_assert_not_reached ();
}

static void
set_text (DeskOp *op, BenchRandom *random, BenchTextKind kind, guint sentences)
{
  g_free (op->text);
  op->text = bench_text_make (random, kind, sentences);
}

static void
change_text (DeskOp *op, DeskField field, BenchRandom *random, BenchTextKind kind, guint sentences)
{
  g_autofree char *text = bench_text_make (random, kind, sentences);

  desk_op_change (op, field, text);
}

static void
fill_filing (DeskOp *op, BenchRandom *random, guint ticket)
{
  g_autofree char *topic = dup_topic (department_of (ticket),
                                      bench_random_below (random, TOPICS_PER_DEPARTMENT));

  change_text (op, DESK_FIELD_SUMMARY, random, BENCH_TEXT_SUMMARY, 1);
  set_text (op, random, BENCH_TEXT_REPORT, 6 + bench_random_below (random, 5));
  desk_op_change (op, DESK_FIELD_TOPIC, topic);
}

static void
fill_solution (DeskOp *op, BenchRandom *random)
{
  desk_op_change (op, DESK_FIELD_STATUS, "resolved");
  change_text (op, DESK_FIELD_RESOLUTION, random, BENCH_TEXT_RESOLUTION, 2);
  change_text (op, DESK_FIELD_STEPS, random, BENCH_TEXT_STEPS, 3 + bench_random_below (random, 3));
  if (bench_random_chance (random, 50))
    change_text (op, DESK_FIELD_RECOMMENDATIONS, random, BENCH_TEXT_ADVICE, 2);
}

static void
fill_op (DeskOp *op, char letter, BenchRandom *random, guint ticket)
{
  switch (letter)
    {
    case 'F':
      fill_filing (op, random, ticket);
      break;
    case 'C':
      desk_op_change (op, DESK_FIELD_ASSIGNEE, op->author);
      break;
    case 'Q':
      set_text (op, random, BENCH_TEXT_QUESTION, 2);
      desk_op_change (op, DESK_FIELD_STATUS, "waiting");
      break;
    case 'M':
      set_text (op, random, BENCH_TEXT_MESSAGE, 2);
      break;
    case 'R':
      set_text (op, random, BENCH_TEXT_REPLY, 3);
      break;
    case 'N':
      set_text (op, random, BENCH_TEXT_NOTE, 2);
      break;
    case 'S':
      fill_solution (op, random);
      break;
    case 'Y':
      set_text (op, random, BENCH_TEXT_THANKS, 1);
      desk_op_change (op, DESK_FIELD_STATUS, "closed");
      break;
    case 'X':
      set_text (op, random, BENCH_TEXT_REASON, 1);
      desk_op_change (op, DESK_FIELD_STATUS, "closed");
      break;
    default:
      g_assert_not_reached ();
    }
}

static DeskKind
kind_of (char letter)
{
  switch (letter)
    {
    case 'F':
      return DESK_KIND_CREATED;
    case 'M':
      return DESK_KIND_MESSAGE;
    case 'R':
    case 'Q':
      return DESK_KIND_REPLY;
    case 'N':
      return DESK_KIND_NOTE;
    default:
      return DESK_KIND_CHANGE;
    }
}

static gboolean
is_by_requester (char letter)
{
  return letter == 'F' || letter == 'M' || letter == 'Y';
}

static gint64
time_of (Maker *self, guint slot)
{
  return END_AT - SPAN_SECS + (gint64) slot * SPAN_SECS / self->n_slots;
}

static DeskOp *
make_op (Maker *self, guint i, char letter, gint64 now)
{
  Ticket *ticket = &self->tickets[i];
  gboolean requester = is_by_requester (letter);
  const DeskPerson *author = requester ? requester_of (self, i) : agent_of (self, i);
  BenchRandom random = random_of (i, 100 + ticket->n_ops);
  g_autofree char *uid = dup_uid (now, i, 1000 + ticket->n_ops);
  g_autofree char *ticket_uid = dup_uid (time_of (self, i), i, 999);
  DeskOp *op = desk_op_new (uid, ticket_uid, kind_of (letter), author->uid);

  op->device = g_strndup (author->uid + 20, 16);
  op->at = now - bench_random_below (&random, 3);
  op->base = requester ? ticket->public_no : ticket->no;
  fill_op (op, letter, &random, i);
  return op;
}

/* --- time --- */

static guint
outcome_of (Maker *self, guint ticket, BenchRandom *random)
{
  gboolean late = ticket >= self->n_tickets / 5 * 4;
  guint draw = bench_random_below (random, 100);

  for (guint i = 0;; i++)
    {
      guint percent = late ? outcomes[i].percent_late : outcomes[i].percent_early;

      if (draw < percent || i + 1 == G_N_ELEMENTS (outcomes))
        return i;
      draw -= percent;
    }
}

static gboolean
is_long (guint ticket)
{
  return ticket % TICKETS_PER_LONG == TICKETS_PER_LONG / 2;
}

static const char *
life_of (Maker *self, guint ticket)
{
  BenchRandom random = random_of (ticket, 4);
  const Life *lives = outcomes[outcome_of (self, ticket, &random)].lives;
  guint draw = bench_random_below (&random, 100);

  if (is_long (ticket))
    return self->long_ops;
  for (guint i = 0, sum = 0;; i++)
    {
      sum += lives[i].weight;
      if (draw < sum)
        return lives[i].ops;
    }
}

static void
wait_in_slot (Maker *self, guint ticket, guint slot)
{
  slot = MIN (slot, self->n_slots - 1);
  self->next[ticket] = self->first[slot];
  self->first[slot] = ticket + 1;
}

/* Many answers come soon, some after weeks. */
static guint
delay_of (Maker *self, guint ticket)
{
  BenchRandom random = random_of (ticket, 50 + self->tickets[ticket].n_ops);
  guint longest = is_long (ticket) ? 50 : MIN (20000, self->n_tickets / 4);

  return 1 + bench_random_rank (&random, longest);
}

static void
commit_and_go_on (Maker *self)
{
  GError *error = NULL;

  check (desk_db_commit (self->db, &error) && desk_db_begin (self->db, &error), error);
}

static void
do_next_op (Maker *self, guint i, guint slot)
{
  Ticket *ticket = &self->tickets[i];
  gint64 now = time_of (self, slot);
  char letter = *ticket->ops_left++;
  g_autoptr (DeskOp) op = make_op (self, i, letter, now);
  const DeskPerson *author = is_by_requester (letter) ? requester_of (self, i) : agent_of (self, i);
  GError *error = NULL;
  g_autoptr (DeskReceipt) receipt = desk_submit_in (self->db, op, author, now, &error);

  check (receipt != NULL && receipt->events->len > 0, error);
  ticket->n_ops++;
  ticket->no = (guint8) receipt->ticket->no;
  ticket->public_no = (guint8) receipt->ticket->public_no;
  if (*ticket->ops_left != '\0')
    wait_in_slot (self, i, slot + delay_of (self, i));
  if (++self->n_ops % OPS_PER_TRANSACTION == 0)
    commit_and_go_on (self);
}

static void
tell_progress (Maker *self, guint slot)
{
  if (self->n_tickets >= 100000 && slot % (self->n_tickets / 20) == 0)
    g_printerr ("deskbell-bench: %u of %u tickets\n", MIN (slot, self->n_tickets), self->n_tickets);
}

static void
add_tickets (Maker *self)
{
  GError *error = NULL;

  check (desk_db_begin (self->db, &error), error);
  for (guint slot = 0; slot < self->n_slots; slot++)
    {
      tell_progress (self, slot);
      if (slot < self->n_tickets)
        {
          self->tickets[slot].ops_left = life_of (self, slot);
          do_next_op (self, slot, slot);
        }
      while (self->first[slot] != 0)
        {
          guint ticket = self->first[slot] - 1;

          self->first[slot] = self->next[ticket];
          do_next_op (self, ticket, slot);
        }
    }
  check (desk_db_commit (self->db, &error), error);
}

/* File, claim, forty-six messages, question or answer, solution and its confirmation. */
static char *
make_long_ops (void)
{
  GString *ops = g_string_new ("FC");

  while (ops->len < BENCH_LONG_EVENTS - 2)
    g_string_append (ops, "MRMNMR");
  g_string_truncate (ops, BENCH_LONG_EVENTS - 2);
  g_string_append (ops, "SY");
  return g_string_free (ops, FALSE);
}

/* --- the file --- */

/* How much the search index gathers before it writes a segment, which it merges later. */
static void
set_index_memory (DeskDb *db, guint bytes)
{
  static const char *const tables[] = { "text_public", "text_internal" };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT INTO %s (%s, rank) VALUES ('hashsize', %u)",
                                              tables[i], tables[i], bytes);
      GError *error = NULL;

      check (desk_db_execute (db, sql, &error), error);
    }
}

/* No power cut is survived here: the file gets its name only when it is whole. */
static void
prefer_speed (DeskDb *db)
{
  GError *error = NULL;

  check (desk_db_execute (db,
                          "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY;"
                          "PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF;"
                          "PRAGMA cache_size = -4000000",
                          &error),
         error);
  set_index_memory (db, 64 << 20);
}

static void
end_as_desk (DeskDb *db)
{
  GError *error = NULL;

  set_index_memory (db, 1 << 20);
  check (desk_db_execute (db, "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL", &error),
         error);
}

static void
make (const char *path, guint n_tickets)
{
  GError *error = NULL;
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_CREATE, &error);
  Maker self = { .db = db, .n_tickets = n_tickets, .n_slots = n_tickets + n_tickets / 20 + 1 };

  check (db != NULL, error);
  prefer_speed (db);
  check (desk_people_add_first (db, "administrator", "Administrator", END_AT - SPAN_SECS, &error),
         error);
  self.requesters = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  self.agents = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  self.tickets = g_new0 (Ticket, n_tickets);
  self.first = g_new0 (guint32, self.n_slots);
  self.next = g_new0 (guint32, n_tickets);
  self.long_ops = make_long_ops ();
  add_people (&self);
  add_tickets (&self);
  end_as_desk (db);
  g_ptr_array_unref (self.requesters);
  g_ptr_array_unref (self.agents);
  g_free (self.tickets);
  g_free (self.first);
  g_free (self.next);
  g_free (self.long_ops);
}

/* --- the cache --- */

/* What an earlier recipe made is of no use any more, and large. */
static void
remove_older (const char *folder, guint n_tickets)
{
  g_autofree char *prefix = g_strdup_printf ("%u-", n_tickets);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_prefix (name, prefix))
        g_unlink (path);
    }
}

static void
make_and_name (const char *folder, const char *path, guint n_tickets)
{
  g_autofree char *unfinished = g_strconcat (path, ".unfinished", NULL);
  g_autofree char *stamp = g_strconcat (unfinished, "-stamp", NULL);
  gint64 started = g_get_monotonic_time ();

  remove_older (folder, n_tickets);
  make (unfinished, n_tickets);
  g_assert_cmpint (g_rename (unfinished, path), ==, 0);
  g_unlink (stamp);
  g_printerr ("deskbell-bench: made a desk of %u tickets in %.0f s\n", n_tickets,
              (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);
}

char *
bench_desk_get (guint n_tickets)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "deskbell-bench", NULL);
  g_autofree char *lock = g_strdup_printf ("%s/lock-%u", folder, n_tickets);
  char *path = g_strdup_printf ("%s/%u-%s.desk", folder, n_tickets, BENCH_RECIPE);
  int fd;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    make_and_name (folder, path, n_tickets);
  close (fd);
  return path;
}

gint64
bench_desk_get_now (void)
{
  return END_AT;
}

DeskPerson *
bench_desk_find_person (DeskDb *db, const char *login)
{
  GError *error = NULL;
  DeskPerson *person = desk_people_find_login (db, login, &error);

  check (person != NULL, error);
  return person;
}
