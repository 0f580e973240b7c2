/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a copy of the desk is told: everything its reader may see, nothing else, and gone what they
 * may not see any more; whatever the size of the pages. */
#include "fixture.h"

#include <string.h>

#include "desk-feed.h"
#include "desk-fold.h"
#include "desk-json.h"
#include "sample.h"

static const DeskFeedLimits tiny = { .rows = 3, .puts = 2, .bytes = 100000, .events = 2 };

/* --- a copy, as simple as can be --- */

typedef struct
{
  DeskTicket *ticket;
  gboolean internal;
  gint64 seen_no;
  GHashTable *events; /* no → DeskEvent */
} Held;

typedef struct
{
  Fixture *f;
  char *login;
  const DeskFeedLimits *limits;
  DeskCursor cursor;
  GHashTable *tickets; /* uid → Held */
  GHashTable *people;  /* uid → DeskPerson */
  GPtrArray *entries;
  guint pages;
  guint gaps;
  GString *bytes; /* of all pages, when it is there */
} Copy;

static void
free_held (Held *held)
{
  desk_ticket_unref (held->ticket);
  g_hash_table_unref (held->events);
  g_free (held);
}

static void
copy_init (Copy *self, Fixture *f, const char *login, const DeskFeedLimits *limits)
{
  *self = (Copy){ .f = f, .login = g_strdup (login), .limits = limits };
  self->tickets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) free_held);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) desk_person_unref);
}

static void
copy_clear (Copy *self)
{
  g_free (self->login);
  g_hash_table_unref (self->tickets);
  g_hash_table_unref (self->people);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  if (self->bytes != NULL)
    g_string_free (self->bytes, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copy, copy_clear)
#define COPY(name, login, limits)                                                                  \
  g_auto (Copy) name = { 0 };                                                                      \
  copy_init (&name, &f, login, limits)

static Held *
hold (Copy *self, const DeskPut *put)
{
  Held *held = g_hash_table_lookup (self->tickets, put->ticket->uid);

  /* Seen another way, it is counted another way. */
  if (held != NULL && held->internal != put->internal)
    {
      g_hash_table_remove (self->tickets, put->ticket->uid);
      held = NULL;
    }
  if (held == NULL)
    {
      held = g_new0 (Held, 1);
      held->events = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                            (GDestroyNotify) desk_event_unref);
      g_hash_table_insert (self->tickets, g_strdup (put->ticket->uid), held);
    }
  g_clear_pointer (&held->ticket, desk_ticket_unref);
  held->ticket = desk_ticket_ref (put->ticket);
  held->internal = put->internal;
  held->seen_no = put->seen_no;
  return held;
}

static void
take_events (Held *held, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      DeskEvent *event = events->pdata[i];

      g_hash_table_replace (held->events, g_memdup2 (&event->no, sizeof event->no),
                            desk_event_ref (event));
    }
}

static gint64
find_gap (Held *held)
{
  for (gint64 no = 1; no <= held->ticket->no; no++)
    if (!g_hash_table_contains (held->events, &no))
      return no;
  return 0;
}

static void
take_people (Copy *self, GHashTable *people)
{
  g_autoptr (GPtrArray)
      list = desk_feed_people_to_array (people, fixture_person (self->f, self->login));

  for (guint i = 0; i < list->len; i++)
    {
      DeskPerson *person = list->pdata[i];

      g_hash_table_replace (self->people, g_strdup (person->uid), desk_person_ref (person));
    }
}

static void
close_gaps (Copy *self, Held *held)
{
  gint64 gap;

  while ((gap = find_gap (held)) != 0)
    {
      GError *error = NULL;
      g_autofree char *uid = g_strdup (held->ticket->uid);
      g_autoptr (GHashTable) people = desk_feed_people_new ();
      g_autoptr (DeskPut) put = desk_feed_load (self->f->db, fixture_person (self->f, self->login),
                                                uid, gap - 1, 2, people, &error);

      /* It went meanwhile: the feed is about to tell. */
      if (g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH))
        {
          g_clear_error (&error);
          return;
        }
      g_assert_no_error (error);
      if (put->internal != held->internal)
        return;
      take_people (self, people);
      take_events (held, put->events);
      g_assert_cmpint (find_gap (held), !=, gap);
      self->gaps++;
    }
}

static void
take_page (Copy *self, DeskPage *page)
{
  self->pages++;
  if (page->entries != NULL)
    {
      g_clear_pointer (&self->entries, g_ptr_array_unref);
      self->entries = g_ptr_array_ref (page->entries);
    }
  for (guint i = 0; i < page->people->len; i++)
    {
      DeskPerson *person = page->people->pdata[i];

      g_hash_table_replace (self->people, g_strdup (person->uid), desk_person_ref (person));
    }
  for (guint i = 0; i < page->gone->len; i++)
    g_hash_table_remove (self->tickets, page->gone->pdata[i]);
  for (guint i = 0; i < page->puts->len; i++)
    {
      DeskPut *put = page->puts->pdata[i];

      take_events (hold (self, put), put->events);
    }
  if (self->bytes != NULL)
    {
      g_autofree char *text = desk_page_to_string (page, NULL);

      g_string_append (self->bytes, text);
      g_string_append_c (self->bytes, '\n');
    }
}

static void
close_all_gaps (Copy *self)
{
  GHashTableIter iter;
  gpointer held;

  g_hash_table_iter_init (&iter, self->tickets);
  while (g_hash_table_iter_next (&iter, NULL, &held))
    close_gaps (self, held);
}

static void
copy_fill (Copy *self)
{
  gboolean first = TRUE, more = TRUE;

  g_hash_table_remove_all (self->tickets);
  while (more)
    {
      GError *error = NULL;
      g_autoptr (DeskPage) page = desk_feed_fill (
          self->f->db, fixture_person (self->f, self->login), first ? NULL : &self->cursor,
          self->limits, self->f->now, &self->cursor, &error);

      g_assert_no_error (error);
      g_assert_true (first == (page->entries != NULL));
      g_assert_true (page->more == (self->cursor.stage != 0));
      more = page->more;
      first = FALSE;
      take_page (self, page);
    }
  close_all_gaps (self);
}

/* One page; whether there is more. */
static gboolean
copy_read (Copy *self)
{
  GError *error = NULL;
  DeskCursor since = self->cursor;
  g_autoptr (DeskPage)
      page = desk_feed_read (self->f->db, fixture_person (self->f, self->login), &since,
                             self->limits, self->f->now, &self->cursor, &error);

  g_assert_no_error (error);
  take_page (self, page);
  return page->more;
}

static guint
copy_pull (Copy *self)
{
  guint n = 1;

  while (copy_read (self))
    g_assert_cmpuint (++n, <, 1000);
  close_all_gaps (self);
  return n;
}

static gboolean
copy_has_news (Copy *self)
{
  GError *error = NULL;
  gboolean has_news;

  desk_feed_has_news (self->f->db, fixture_person (self->f, self->login), &self->cursor, FALSE,
                      &has_news, self->f->now, &error);
  g_assert_no_error (error);
  return has_news;
}

static void
expect_error (Copy *self, DeskFeedError code)
{
  GError *error = NULL;
  DeskCursor next;

  g_assert_null (desk_feed_read (self->f->db, fixture_person (self->f, self->login), &self->cursor,
                                 NULL, self->f->now, &next, &error));
  g_assert_error (error, DESK_FEED_ERROR, (int) code);
  g_error_free (error);
}

/* --- the copy is what its reader may see --- */

static void
assert_same_events (Held *held, const DeskCase *found)
{
  g_assert_cmpuint (g_hash_table_size (held->events), ==, found->events->len);
  for (guint i = 0; i < found->events->len; i++)
    {
      const DeskEvent *event = found->events->pdata[i];
      const DeskEvent *copied = g_hash_table_lookup (held->events, &event->no);
      g_autoptr (JsonNode) first = desk_event_to_json (event);
      g_autoptr (JsonNode) second = NULL;

      g_assert_nonnull (copied);
      second = desk_event_to_json (copied);
      if (!json_node_equal (first, second))
        g_error ("the copy has\n%s\ninstead of\n%s", desk_json_to_string (second, FALSE),
                 desk_json_to_string (first, FALSE));
    }
}

static void
assert_named (Copy *self, const DeskCase *found)
{
  GHashTableIter iter;
  gpointer uid, person;

  g_hash_table_iter_init (&iter, found->people);
  while (g_hash_table_iter_next (&iter, &uid, &person))
    {
      const DeskPerson *copied = g_hash_table_lookup (self->people, uid);

      g_assert_nonnull (copied);
      g_assert_cmpstr (copied->name, ==, ((DeskPerson *) person)->name);
    }
}

static void
assert_ticket (Copy *self, const char *uid)
{
  g_autoptr (DeskCase) found = fixture_load (self->f, self->login, uid);
  Held *held = g_hash_table_lookup (self->tickets, uid);

  g_assert_true ((held != NULL) == (found != NULL));
  if (held == NULL)
    return;
  g_assert_cmpstr (desk_ticket_compare (held->ticket, found->ticket), ==, NULL);
  g_assert_cmpint (held->seen_no, ==, found->seen_no);
  assert_same_events (held, found);
  assert_named (self, found);
}

/* Everything is young enough here to be in every copy. */
static void
copy_check (Copy *self)
{
  gint64 n = fixture_count (self->f->db, "SELECT count (*) FROM ticket");

  for (gint64 id = 1; id <= n; id++)
    {
      GError *error = NULL;
      g_autoptr (DeskFold) fold = desk_fold_find_id (self->f->db, id, &error);

      g_assert_no_error (error);
      assert_ticket (self, fold->ticket->uid);
    }
}

static void
start_server (Fixture *f)
{
  GError *error = NULL;
  g_autoptr (GBytes) fresh = g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
  g_autoptr (GBytes) key = desk_feed_start (f->db, fresh, f->now, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (key), ==, 32);
}

/* The clock stands still where the fixture does not move it. */
#define DO(kind, login, ticket, text, ...)                                                         \
  assert_code (fixture_do (&f, DESK_KIND_##kind, login, ticket, text, __VA_ARGS__), FINE)

/* --- filling and following --- */

static void
test_fill_and_follow (gconstpointer data)
{
  FIXTURE (f);
  const DeskFeedLimits *limits = data;
  const char *first = fixture_file (&f, "karen", "The first", -1);
  const char *second = fixture_file (&f, "karen", "The second", -1);
  COPY (john, "john", limits);
  COPY (karen, "karen", limits);

  start_server (&f);
  DO (NOTE, "john", first, "Looks like the network", -1);
  copy_fill (&john);
  copy_fill (&karen);
  copy_check (&john);
  copy_check (&karen);
  g_assert_cmpuint (g_hash_table_size (karen.tickets), ==, 2);

  DO (REPLY, "john", first, "Which page?", -1);
  DO (MESSAGE, "karen", second, "Still there?", -1);
  DO (NOTE, "john", second, "She waits", -1);
  DO (REPLY, "john", second, "Yes", -1);
  g_assert_cmpuint (copy_pull (&john), >=, 1);
  copy_pull (&karen);
  copy_check (&john);
  copy_check (&karen);
  g_assert_false (copy_has_news (&john));
  g_assert_false (copy_has_news (&karen));
}

/* A ticket that changed ten times is told once, with what is new of it. */
static void
test_coalesced (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "Slow", -1);
  COPY (john, "john", NULL);
  g_autoptr (DeskPage) page = NULL;
  g_autoptr (GError) error = NULL;
  DeskCursor next;

  start_server (&f);
  copy_fill (&john);
  for (guint i = 0; i < 10; i++)
    DO (MESSAGE, "karen", ticket, "Again", -1);
  page = desk_feed_read (f.db, fixture_person (&f, "john"), &john.cursor, NULL, f.now, &next,
                         &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->puts->len, ==, 1);
  g_assert_cmpuint (((DeskPut *) page->puts->pdata[0])->events->len, ==, 10);
  g_assert_false (page->more);
  g_assert_null (page->entries);
}

/* While one page follows the other, a ticket that is further behind keeps its older events. */
static void
test_no_event_is_skipped (void)
{
  FIXTURE (f);
  const DeskFeedLimits one = { .rows = 100, .puts = 1, .bytes = 10000, .events = 100 };
  const char *a = fixture_file (&f, "karen", "A", -1);
  const char *b = fixture_file (&f, "karen", "B", -1);
  COPY (john, "john", &one);

  start_server (&f);
  copy_fill (&john);
  DO (NOTE, "john", a, "old one of A", -1);
  DO (NOTE, "john", b, "of B", -1);
  DO (NOTE, "john", a, "new one of A", -1);
  g_assert_true (copy_read (&john));
  DO (NOTE, "john", b, "later of B", -1);
  copy_pull (&john);
  copy_check (&john);
  g_assert_cmpuint (john.gaps, ==, 0);
}

static void
test_gaps (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "Long", -1);
  COPY (john, "john", &tiny);
  COPY (karen, "karen", &tiny);

  start_server (&f);
  for (guint i = 0; i < 12; i++)
    {
      DO (NOTE, "john", ticket, "note", -1);
      DO (MESSAGE, "karen", ticket, "message", -1);
    }
  copy_fill (&john);
  copy_fill (&karen);
  copy_check (&john);
  copy_check (&karen);
  g_assert_cmpuint (john.gaps, >, 5);
  g_assert_cmpuint (karen.gaps, >, 3);
}

/* What is old is not filled in, and is not gone either. */
static void
test_scope (void)
{
  FIXTURE (f);
  const char *old = fixture_file (&f, "karen", "Old", -1);
  const char *ancient = fixture_file (&f, "karen", "Ancient and open", -1);
  const char *young = NULL;
  COPY (boss, "boss", &tiny);
  COPY (karen, "karen", &tiny);

  start_server (&f);
  DO (CHANGE, "john", old, "Done", DESK_FIELD_STATUS, "closed", -1);
  f.now += 91 * DAY;
  young = fixture_file (&f, "karen", "Young", -1);
  DO (CHANGE, "john", young, "Done", DESK_FIELD_STATUS, "closed", -1);
  copy_fill (&boss);
  copy_fill (&karen);
  g_assert_false (g_hash_table_contains (boss.tickets, old));
  g_assert_true (g_hash_table_contains (boss.tickets, ancient));
  g_assert_true (g_hash_table_contains (boss.tickets, young));
  /* A requester's copy is whole. */
  g_assert_true (g_hash_table_contains (karen.tickets, old));
  assert_code (
      fixture_do (&f, DESK_KIND_CHANGE, "boss", old, "Again", DESK_FIELD_STATUS, "open", -1), FINE);
  copy_pull (&boss);
  copy_check (&boss);
}

/* --- who sees what --- */

static void
test_gone (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "Mobile banking", -1);
  COPY (john, "john", NULL);
  COPY (jane, "jane", NULL);
  COPY (karen, "karen", NULL);
  COPY (boss, "boss", NULL);
  Copy *all[] = { &john, &jane, &karen, &boss };

  start_server (&f);
  DO (NOTE, "john", ticket, "For the other department", -1);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    copy_fill (all[i]);
  DO (CHANGE, "john", ticket, NULL, DESK_FIELD_DEPARTMENT, "online-banking", -1);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_assert_true (copy_has_news (all[i]));
      copy_pull (all[i]);
      copy_check (all[i]);
    }
  g_assert_cmpuint (g_hash_table_size (john.tickets), ==, 0);
  g_assert_cmpuint (g_hash_table_size (jane.tickets), ==, 1);
  /* She got it whole at once. */
  g_assert_cmpuint (jane.gaps, ==, 0);

  /* There and back again between two looks. */
  DO (CHANGE, "jane", ticket, NULL, DESK_FIELD_DEPARTMENT, "support", -1);
  DO (CHANGE, "john", ticket, NULL, DESK_FIELD_DEPARTMENT, "online-banking", -1);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      copy_pull (all[i]);
      copy_check (all[i]);
    }

  /* A private department: Karen is told nothing of it. */
  DO (CHANGE, "jane", ticket, NULL, DESK_FIELD_DEPARTMENT, "fraud", -1);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      copy_pull (all[i]);
      copy_check (all[i]);
    }
  g_assert_cmpuint (g_hash_table_size (jane.tickets), ==, 0);
}

static void
test_gone_with_team_and_assignee (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "At night", -1);
  COPY (night, "night", NULL);
  COPY (jane, "jane", NULL);

  start_server (&f);
  copy_fill (&night);
  copy_fill (&jane);
  DO (CHANGE, "john", ticket, NULL, DESK_FIELD_TEAM, "night", -1);
  copy_pull (&night);
  copy_check (&night);
  g_assert_cmpuint (g_hash_table_size (night.tickets), ==, 1);
  DO (CHANGE, "boss", ticket, NULL, DESK_FIELD_TEAM, NULL, -1);
  copy_pull (&night);
  copy_check (&night);
  g_assert_cmpuint (g_hash_table_size (night.tickets), ==, 0);

  DO (CHANGE, "boss", ticket, NULL, DESK_FIELD_ASSIGNEE, fixture_uid (&f, "jane"), -1);
  copy_pull (&jane);
  copy_check (&jane);
  g_assert_cmpuint (g_hash_table_size (jane.tickets), ==, 1);
  DO (CHANGE, "boss", ticket, NULL, DESK_FIELD_ASSIGNEE, fixture_uid (&f, "john"), -1);
  copy_pull (&jane);
  copy_check (&jane);
  g_assert_cmpuint (g_hash_table_size (jane.tickets), ==, 0);
}

/* Taking a ticket that nobody had takes it from nobody. */
static void
test_claim_leaves_no_trace (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "Free", -1);

  DO (CHANGE, "john", ticket, NULL, DESK_FIELD_ASSIGNEE, fixture_uid (&f, "john"), -1);
  DO (REPLY, "john", ticket, "Done", DESK_FIELD_STATUS, "waiting", -1);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM moved"), ==, 0);
  DO (CHANGE, "john", ticket, NULL, DESK_FIELD_ASSIGNEE, NULL, -1);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM moved"), ==, 1);
}

/* An agent who keeps a ticket as its requester alone loses its internal side. */
static void
test_agent_as_requester (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "john", "My own keyboard", -1);
  COPY (john, "john", &tiny);
  const Held *held;

  start_server (&f);
  DO (NOTE, "boss", ticket, "He breaks one a month", -1);
  copy_fill (&john);
  copy_check (&john);
  DO (CHANGE, "boss", ticket, NULL, DESK_FIELD_DEPARTMENT, "fraud", -1);
  g_assert_true (copy_has_news (&john));
  copy_pull (&john);
  copy_check (&john);
  held = g_hash_table_lookup (john.tickets, ticket);
  g_assert_false (held->internal);
  DO (NOTE, "boss", ticket, "More about him", -1);
  g_assert_false (copy_has_news (&john));
  DO (REPLY, "boss", ticket, "A new one is on its way", -1);
  copy_pull (&john);
  copy_check (&john);
  DO (CHANGE, "boss", ticket, NULL, DESK_FIELD_DEPARTMENT, "support", -1);
  copy_pull (&john);
  copy_check (&john);
  held = g_hash_table_lookup (john.tickets, ticket);
  g_assert_true (held->internal);
}

/* A claim gives a ticket to who did not have it, without a trace: its events are asked for. */
static void
test_assigned_from_nobody (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "For Jane", -1);
  COPY (jane, "jane", NULL);

  start_server (&f);
  DO (NOTE, "john", ticket, "Before her time", -1);
  copy_fill (&jane);
  DO (CHANGE, "john", ticket, NULL, DESK_FIELD_ASSIGNEE, fixture_uid (&f, "jane"), -1);
  copy_pull (&jane);
  copy_check (&jane);
  g_assert_cmpuint (jane.gaps, ==, 1);
}

static void
test_redact (gconstpointer data)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "My card 1234", -1);
  COPY (john, "john", data);
  COPY (karen, "karen", data);
  g_autoptr (DeskCase) found = NULL;
  DeskOp *op;

  start_server (&f);
  DO (MESSAGE, "karen", ticket, "The PIN is 0000", -1);
  DO (NOTE, "john", ticket, "Her PIN is 0000", -1);
  DO (CHANGE, "john", ticket, NULL, DESK_FIELD_SUMMARY, "Her card", -1);
  DO (REPLY, "john", ticket, "Never write that here", -1);
  copy_fill (&john);
  copy_fill (&karen);
  found = fixture_load (&f, "john", ticket);
  for (guint i = 0; i < 3; i++)
    {
      op = fixture_op (&f, DESK_KIND_REDACT, "boss", ticket);
      op->target = g_strdup (((DeskEvent *) found->events->pdata[i])->uid);
      assert_code (fixture_submit (&f, "boss", op), FINE);
    }
  copy_pull (&john);
  copy_pull (&karen);
  copy_check (&john);
  copy_check (&karen);
}

/* --- people and the catalogue --- */

static void
test_people (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "Hello", -1);
  COPY (john, "john", &tiny);
  COPY (karen, "karen", &tiny);
  const DeskPerson *person;
  g_autoptr (GError) error = NULL;

  start_server (&f);
  DO (REPLY, "john", ticket, "Hello", -1);
  copy_fill (&john);
  copy_fill (&karen);
  g_assert_true (g_hash_table_contains (john.people, fixture_uid (&f, "jane")));
  g_assert_false (g_hash_table_contains (karen.people, fixture_uid (&f, "jane")));
  person = g_hash_table_lookup (karen.people, fixture_uid (&f, "john"));
  g_assert_cmpstr (person->name, ==, "john");
  g_assert_null (person->login);
  g_assert_cmpuint (g_strv_length (person->departments), ==, 0);

  /* Jane, whom Karen does not know, gets a team. */
  fixture_change_person (&f, "jane", DESK_ROLE_AGENT, "online-banking", "night", FALSE);
  g_assert_true (copy_has_news (&john));
  g_assert_false (copy_has_news (&karen));
  copy_pull (&john);
  person = g_hash_table_lookup (john.people, fixture_uid (&f, "jane"));
  g_assert_cmpstr (person->teams[0], ==, "night");
  g_assert_false (copy_has_news (&john));

  /* John leaves: whoever knows him is told. */
  desk_db_begin (f.db, &error);
  desk_people_erase (f.db, fixture_uid (&f, "john"), fixture_person (&f, "boss"), f.now, &error);
  desk_db_commit (f.db, &error);
  g_assert_no_error (error);
  g_assert_true (copy_has_news (&karen));
  copy_pull (&karen);
  person = g_hash_table_lookup (karen.people, fixture_uid (&f, "john"));
  g_assert_null (person->name);
  copy_check (&karen);
}

static const DeskEntry *
find_entry (GPtrArray *entries, const char *slug)
{
  for (guint i = 0; i < entries->len; i++)
    if (g_str_equal (((DeskEntry *) entries->pdata[i])->slug, slug))
      return entries->pdata[i];
  return NULL;
}

static void
test_entries (void)
{
  FIXTURE (f);
  COPY (john, "john", NULL);
  COPY (karen, "karen", NULL);

  start_server (&f);
  copy_fill (&john);
  copy_fill (&karen);
  g_assert_nonnull (find_entry (john.entries, "fraud"));
  g_assert_nonnull (find_entry (john.entries, "night"));
  g_assert_null (find_entry (karen.entries, "fraud"));
  g_assert_null (find_entry (karen.entries, "night"));
  g_assert_nonnull (find_entry (karen.entries, "online-banking"));
  fixture_add_entry (&f, DESK_ENTRY_TOPIC, "scanning", NULL);
  g_assert_true (copy_has_news (&karen));
  copy_pull (&john);
  copy_pull (&karen);
  g_assert_nonnull (find_entry (john.entries, "scanning"));
  g_assert_nonnull (find_entry (karen.entries, "scanning"));
  g_assert_false (copy_has_news (&john));
}

/* --- non-interference --- */

/* Uids are new in each run: each becomes its place of first appearance. */
static char *
normalize (const char *text)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      g_autofree char *start = g_strndup (text, 36);
      gpointer place;

      if (!desk_uid_is_valid (start))
        {
          g_string_append_c (out, *text++);
          continue;
        }
      place = g_hash_table_lookup (seen, start);
      if (place == NULL)
        {
          place = GUINT_TO_POINTER (g_hash_table_size (seen) + 1);
          g_hash_table_insert (seen, g_strdup (start), place);
        }
      g_string_append_printf (out, "<%u>", GPOINTER_TO_UINT (place));
      text += 36;
    }
  return g_string_free (out, FALSE);
}

static void
tick (Fixture *f, gint64 *clock)
{
  f->now = *clock += 10;
}

/* Everything that Karen receives while the desk works, with or without what is not for her. */
static char *
run_desk (gboolean with_internal)
{
  FIXTURE (f);
  const char *one, *two, *moved, *strangers;
  gint64 clock = NOW + 1000;
  COPY (karen, "karen", &tiny);

#define INTERNAL(...)                                                                              \
  if (with_internal)                                                                               \
    for (guint k = 0; k < 3; k++)                                                                  \
      DO (__VA_ARGS__, -1);                                                                        \
  tick (&f, &clock)
#define LOOK()                                                                                     \
  g_string_append_printf (karen.bytes, "%d\n", copy_has_news (&karen));                            \
  g_string_append_printf (karen.bytes, "%u\n", copy_pull (&karen))

  karen.bytes = g_string_new (NULL);
  start_server (&f);
  tick (&f, &clock);
  one = fixture_file (&f, "karen", "One", -1);
  tick (&f, &clock);
  two = fixture_file (&f, "karen", "Two", -1);
  tick (&f, &clock);
  moved = fixture_file (&f, "stranger", "Not hers", -1);
  INTERNAL (NOTE, "john", one, "secret 1");
  copy_fill (&karen);
  INTERNAL (NOTE, "john", two, "secret 2");
  LOOK ();
  INTERNAL (NOTE, "john", moved, "secret 3");
  DO (REPLY, "john", one, "Seen", -1);
  INTERNAL (NOTE, "boss", one, "secret 4");
  LOOK ();
  tick (&f, &clock);
  DO (MESSAGE, "karen", two, "Hello?", -1);
  INTERNAL (NOTE, "john", two, "secret 5");
  LOOK ();
  if (with_internal)
    {
      DO (CHANGE, "john", one, NULL, DESK_FIELD_TEAM, "night", -1);
      DO (CHANGE, "john", one, NULL, DESK_FIELD_TEAM, NULL, -1);
      strangers = fixture_file (&f, "stranger", "Another", -1);
      DO (CHANGE, "john", strangers, NULL, DESK_FIELD_DEPARTMENT, "fraud", -1);
    }
  tick (&f, &clock);
  LOOK ();
  tick (&f, &clock);
  DO (CHANGE, "john", two, NULL, DESK_FIELD_STATUS, "resolved", DESK_FIELD_RESOLUTION, "Done", -1);
  INTERNAL (NOTE, "john", two, "secret 6");
  LOOK ();
  copy_check (&karen);
  copy_fill (&karen);
  g_assert_null (strstr (karen.bytes->str, "secret"));
  return normalize (karen.bytes->str);
#undef INTERNAL
#undef LOOK
}

static void
test_notes_change_nothing (void)
{
  g_autofree char *without = run_desk (FALSE);
  g_autofree char *with = run_desk (TRUE);

  g_assert_cmpuint (strlen (without), >, 2000);
  if (!g_str_equal (with, without))
    g_error ("with notes:\n%s\nwithout:\n%s", with, without);
}

/* --- cursors --- */

static void
test_pack (void)
{
  DeskCursor cursor = { { 1, 2 }, { 3 }, { 4 }, 5, 6, 7, { 8 }, 9, 10, G_MAXINT64, -1, 13 };
  DeskCursor again;
  guint8 bytes[DESK_CURSOR_BYTES];

  memset (&again, 0, sizeof again);
  desk_cursor_pack (&cursor, bytes);
  g_assert_true (desk_cursor_unpack (bytes, sizeof bytes, &again));
  g_assert_cmpmem (cursor.incarnation, 16, again.incarnation, 16);
  g_assert_cmpmem (cursor.reader, 16, again.reader, 16);
  g_assert_cmpmem (cursor.rights, 16, again.rights, 16);
  g_assert_cmpmem (cursor.event_uid, 16, again.event_uid, 16);
  g_assert_cmpint (again.at, ==, 5);
  g_assert_cmpint (again.tx, ==, 6);
  g_assert_cmpint (again.event, ==, 7);
  g_assert_cmpint (again.revision, ==, 9);
  g_assert_cmpint (again.stage, ==, 10);
  g_assert_cmpint (again.key, ==, G_MAXINT64);
  g_assert_cmpint (again.id, ==, -1);
  g_assert_cmpint (again.since, ==, 13);
  g_assert_false (desk_cursor_unpack (bytes, sizeof bytes - 1, &again));
  bytes[0]++;
  g_assert_false (desk_cursor_unpack (bytes, sizeof bytes, &again));
}

static void
test_rights (void)
{
  FIXTURE (f);
  COPY (john, "john", NULL);
  COPY (karen, "karen", NULL);
  COPY (boss, "boss", NULL);
  DeskCursor own;

  start_server (&f);
  fixture_file (&f, "karen", "Hello", -1);
  copy_fill (&john);
  copy_fill (&karen);
  copy_fill (&boss);

  own = karen.cursor;
  karen.cursor = john.cursor;
  expect_error (&karen, DESK_FEED_ERROR_INVALID_CURSOR);
  karen.cursor = own;
  copy_pull (&karen);

  fixture_change_person (&f, "john", DESK_ROLE_AGENT, "support online-banking", "", FALSE);
  expect_error (&john, DESK_FEED_ERROR_REFILL);
  copy_fill (&john);
  copy_check (&john);
  fixture_change_person (&f, "john", DESK_ROLE_AGENT, "support online-banking", "", TRUE);
  expect_error (&john, DESK_FEED_ERROR_REFILL);
  copy_fill (&john);
  g_assert_cmpuint (g_hash_table_size (john.tickets), ==, 0);

  /* What requesters are shown changed for those who were shown something else. */
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_ASSIGNEE, "no");
  expect_error (&karen, DESK_FEED_ERROR_REFILL);
  copy_pull (&boss);
  copy_fill (&karen);
  copy_check (&karen);

  karen.cursor.at -= DESK_FEED_KEPT_SECS + 1;
  expect_error (&karen, DESK_FEED_ERROR_REFILL);
}

static void
test_fill_cursor_is_another (void)
{
  FIXTURE (f);
  COPY (boss, "boss", &tiny);
  g_autoptr (GError) error = NULL;
  DeskCursor next;

  start_server (&f);
  for (guint i = 0; i < 5; i++)
    fixture_file (&f, "karen", "Many", -1);
  desk_page_free (
      desk_feed_fill (f.db, fixture_person (&f, "boss"), NULL, &tiny, f.now, &boss.cursor, &error));
  g_assert_no_error (error);
  g_assert_cmpint (boss.cursor.stage, !=, 0);
  expect_error (&boss, DESK_FEED_ERROR_INVALID_CURSOR);
  copy_fill (&boss);
  g_assert_null (desk_feed_fill (f.db, fixture_person (&f, "boss"), &boss.cursor, &tiny, f.now,
                                 &next, &error));
  g_assert_error (error, DESK_FEED_ERROR, DESK_FEED_ERROR_INVALID_CURSOR);
}

/* What changes while a fill goes on is told afterwards. */
static void
test_changes_during_fill (void)
{
  FIXTURE (f);
  const char *tickets[9];
  COPY (boss, "boss", &tiny);
  gboolean first = TRUE, more = TRUE;

  start_server (&f);
  for (guint i = 0; i < G_N_ELEMENTS (tickets); i++)
    tickets[i] = fixture_file (&f, "karen", "Many", -1);
  for (guint i = 0; more; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DeskPage)
          page = desk_feed_fill (f.db, fixture_person (&f, "boss"), first ? NULL : &boss.cursor,
                                 &tiny, f.now, &boss.cursor, &error);

      g_assert_no_error (error);
      take_page (&boss, page);
      first = FALSE;
      more = page->more;
      if (i < G_N_ELEMENTS (tickets))
        DO (CHANGE, "boss", tickets[i], "Done", DESK_FIELD_STATUS, i % 2 ? "closed" : "waiting",
            -1);
    }
  close_all_gaps (&boss);
  copy_pull (&boss);
  copy_check (&boss);
}

/* --- other pasts --- */

static void
test_restart (void)
{
  FIXTURE (f);
  COPY (john, "john", NULL);

  start_server (&f);
  fixture_file (&f, "karen", "Before", -1);
  copy_fill (&john);
  start_server (&f);
  fixture_file (&f, "karen", "After", -1);
  copy_pull (&john);
  copy_check (&john);
  g_assert_cmpuint (g_hash_table_size (john.tickets), ==, 2);
}

/* Puts an older file in the desk's place, as somebody might who does not know of restoring. */
static void
swap_in (Fixture *f, const char *copy)
{
  GError *error = NULL;
  g_autoptr (GFile) from = g_file_new_for_path (copy);
  g_autoptr (GFile) to = g_file_new_for_path (f->path);

  g_clear_pointer (&f->db, desk_db_close);
  g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  f->db = desk_db_open (f->path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
}

static void
make_copy (Fixture *f, const char *to)
{
  g_autofree char *sql = g_strdup_printf ("VACUUM INTO '%s'", to);
  g_autofree char *answer = fixture_ask (f->db, sql);
}

static void
test_older_file (gconstpointer data)
{
  FIXTURE (f);
  gboolean used_in_between = GPOINTER_TO_INT (data);
  const char *copy = fixture_path (&f, "copy.desk");
  COPY (john, "john", NULL);
  COPY (boss, "boss", NULL);
  COPY (karen, "karen", NULL);
  DeskCursor early;

  start_server (&f);
  fixture_file (&f, "karen", "Kept", -1);
  copy_fill (&john);
  copy_fill (&boss);
  early = boss.cursor;
  copy_fill (&karen);
  make_copy (&f, copy);
  fixture_file (&f, "karen", "Lost", -1);
  copy_pull (&john);
  copy_pull (&karen);

  swap_in (&f, copy);
  /* Somebody works on the file before the server starts, and takes the places of what was lost. */
  for (guint i = 0; used_in_between && i < 3; i++)
    fixture_file (&f, "stranger", "Another", -1);
  start_server (&f);
  fixture_file (&f, "stranger", "New", -1);
  expect_error (&john, DESK_FEED_ERROR_REFILL);
  expect_error (&karen, DESK_FEED_ERROR_REFILL);
  copy_fill (&john);
  copy_check (&john);
  /* Who had only what is there still goes on. */
  boss.cursor = early;
  copy_pull (&boss);
  copy_check (&boss);
}

/* A catalogue that was saved since counts too. */
static void
test_older_catalogue (void)
{
  FIXTURE (f);
  const char *copy = fixture_path (&f, "copy.desk");
  COPY (john, "john", NULL);

  start_server (&f);
  make_copy (&f, copy);
  fixture_add_entry (&f, DESK_ENTRY_TOPIC, "lost", NULL);
  copy_fill (&john);
  swap_in (&f, copy);
  start_server (&f);
  fixture_add_entry (&f, DESK_ENTRY_TOPIC, "other", NULL);
  expect_error (&john, DESK_FEED_ERROR_REFILL);
}

static void
test_sweep (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "Wanders", -1);
  COPY (john, "john", NULL);
  g_autoptr (GError) error = NULL;

  start_server (&f);
  copy_fill (&john);
  DO (CHANGE, "john", ticket, NULL, DESK_FIELD_DEPARTMENT, "online-banking", -1);
  for (guint i = 0; i < 3; i++)
    start_server (&f);
  f.now += DESK_FEED_KEPT_SECS - 10;
  for (guint pass = 0; pass < 2; pass++)
    {
      g_assert_true (desk_db_begin (f.db, &error));
      g_assert_true (desk_feed_sweep (f.db, f.now, &error));
      g_assert_true (desk_db_commit (f.db, &error));
      g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM moved"), ==, 1 - pass);
      if (pass == 0)
        copy_pull (&john);
      f.now += 2 * DAY;
    }
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM incarnation"), ==, 1);
  copy_pull (&john);
}

/* --- ops --- */

static DeskOpResult *
submit (Fixture *f, const char *login, DeskOp *op, GHashTable *people)
{
  GError *error = NULL;
  DeskOpResult *result;

  g_assert_true (desk_db_begin (f->db, &error));
  result = desk_feed_submit (f->db, op, fixture_person (f, login), ++f->now, people, &error);
  g_assert_no_error (error);
  g_assert_true (desk_db_commit (f->db, &error));
  return result;
}

static void
test_answers (void)
{
  FIXTURE (f);
  g_autoptr (DeskOp) created = fixture_op (&f, DESK_KIND_CREATED, "karen", NULL);
  g_autoptr (DeskOp) high = NULL, low = NULL, hidden = NULL;
  g_autoptr (GHashTable) people = desk_feed_people_new ();
  g_autoptr (GPtrArray) shown = NULL;
  DeskOpResult *result;
  const DeskClash *clash;

  desk_op_change (created, DESK_FIELD_SUMMARY, "Hello");
  /* Whatever it says, it is of who signed in. */
  g_free (created->author);
  created->author = g_strdup (fixture_uid (&f, "boss"));
  result = submit (&f, "karen", created, people);
  g_assert_cmpint (result->status, ==, DESK_OP_STATUS_ACCEPTED);
  g_assert_null (result->problem);
  g_assert_false (result->put->internal);
  g_assert_cmpstr (result->put->ticket->requester, ==, fixture_uid (&f, "karen"));
  g_assert_cmpuint (result->put->events->len, ==, 1);
  desk_op_result_free (result);
  result = submit (&f, "karen", created, people);
  g_assert_cmpint (result->status, ==, DESK_OP_STATUS_REPLAYED);
  desk_op_result_free (result);
  shown = desk_feed_people_to_array (people, fixture_person (&f, "karen"));
  g_assert_cmpuint (shown->len, ==, 1);
  g_assert_cmpstr (((DeskPerson *) shown->pdata[0])->login, ==, "karen");

  high = fixture_op (&f, DESK_KIND_CHANGE, "john", created->ticket);
  desk_op_change (high, DESK_FIELD_PRIORITY, "high");
  low = fixture_op (&f, DESK_KIND_CHANGE, "boss", created->ticket);
  desk_op_change (low, DESK_FIELD_PRIORITY, "low");
  desk_op_result_free (submit (&f, "john", high, NULL));
  result = submit (&f, "boss", low, people);
  g_assert_cmpint (result->status, ==, DESK_OP_STATUS_CONFLICT);
  g_assert_cmpstr (result->problem->code, ==, "conflict");
  g_assert_cmpuint (result->problem->clashes->len, ==, 1);
  clash = result->problem->clashes->pdata[0];
  g_assert_cmpint (clash->field, ==, DESK_FIELD_PRIORITY);
  g_assert_cmpstr (clash->base, ==, "normal");
  g_assert_cmpstr (clash->now, ==, "high");
  g_assert_cmpstr (clash->by, ==, fixture_uid (&f, "john"));
  g_assert_cmpint (result->put->ticket->priority, ==, DESK_PRIORITY_HIGH);
  desk_op_result_free (result);

  /* Who does not see it gets nothing of it. */
  hidden = fixture_op (&f, DESK_KIND_MESSAGE, "stranger", created->ticket);
  desk_op_set_text (hidden, "Let me in");
  result = submit (&f, "stranger", hidden, people);
  g_assert_cmpint (result->status, ==, DESK_OP_STATUS_REFUSED);
  g_assert_cmpstr (result->problem->code, ==, "no-such");
  g_assert_null (result->put);
  desk_op_result_free (result);
}

/* --- anything --- */

static const char *const everybody[] = { "boss", "john", "jane", "night", "karen", "stranger" };

/* Something that somebody might do; refusals are as good as the rest. */
static void
do_anything (Fixture *f, GPtrArray *tickets)
{
  static const char *const departments[] = { "support", "online-banking", "fraud" };
  static const char *const statuses[] = { "open", "waiting", "closed" };
  const char *who = everybody[g_test_rand_int_range (0, G_N_ELEMENTS (everybody))];
  const char *other = everybody[g_test_rand_int_range (0, 4)];
  const char *ticket = tickets->len > 0
                           ? tickets->pdata[g_test_rand_int_range (0, (int) tickets->len)]
                           : NULL;

  switch (ticket != NULL ? g_test_rand_int_range (0, 9) : 0)
    {
    case 0:
      g_ptr_array_add (tickets, (gpointer) fixture_file (f, who, "Something", -1));
      break;
    case 1:
      fixture_do (f, DESK_KIND_MESSAGE, who, ticket, "A message", -1);
      break;
    case 2:
      fixture_do (f, DESK_KIND_REPLY, who, ticket, "A reply", -1);
      break;
    case 3:
      fixture_do (f, DESK_KIND_NOTE, who, ticket, "A note", -1);
      break;
    case 4:
      fixture_do (f, DESK_KIND_CHANGE, who, ticket, NULL, DESK_FIELD_DEPARTMENT,
                  departments[g_test_rand_int_range (0, 3)], -1);
      break;
    case 5:
      fixture_do (f, DESK_KIND_CHANGE, who, ticket, NULL, DESK_FIELD_ASSIGNEE,
                  g_test_rand_bit () ? fixture_uid (f, other) : NULL, -1);
      break;
    case 6:
      fixture_do (f, DESK_KIND_CHANGE, who, ticket, NULL, DESK_FIELD_TEAM,
                  g_test_rand_bit () ? "night" : NULL, -1);
      break;
    case 7:
      fixture_do (f, DESK_KIND_CHANGE, who, ticket, "Done", DESK_FIELD_STATUS,
                  statuses[g_test_rand_int_range (0, 3)], -1);
      break;
    case 8:
      {
        g_autoptr (DeskCase) found = fixture_load (f, "boss", ticket);
        DeskOp *op = fixture_op (f, DESK_KIND_REDACT, "boss", ticket);
        guint at = (guint) g_test_rand_int_range (0, (int) found->events->len);

        op->target = g_strdup (((DeskEvent *) found->events->pdata[at])->uid);
        fixture_submit (f, "boss", op);
        break;
      }
    }
}

static void
test_anything (void)
{
  FIXTURE (f);
  g_autoptr (GPtrArray) tickets = g_ptr_array_new ();
  Copy copies[G_N_ELEMENTS (everybody)];

  start_server (&f);
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      copy_init (&copies[i], &f, everybody[i], i % 2 ? &tiny : NULL);
      copy_fill (&copies[i]);
    }
  for (guint round = 0; round < 40; round++)
    {
      int n = g_test_rand_int_range (1, 12);
      Copy *some = &copies[g_test_rand_int_range (0, G_N_ELEMENTS (copies))];

      for (int i = 0; i < n; i++)
        do_anything (&f, tickets);
      if (g_test_rand_bit ())
        copy_read (some);
      else
        copy_pull (some);
      if (g_test_rand_int_range (0, 10) == 0)
        start_server (&f);
    }
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      copy_pull (&copies[i]);
      copy_check (&copies[i]);
      g_assert_false (copy_has_news (&copies[i]));
      copy_clear (&copies[i]);
    }
  fixture_check (f.db);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_data_func ("/feed/fill-and-follow", NULL, test_fill_and_follow);
  g_test_add_data_func ("/feed/fill-and-follow-in-tiny-pages", &tiny, test_fill_and_follow);
  g_test_add_func ("/feed/coalesced", test_coalesced);
  g_test_add_func ("/feed/no-event-is-skipped", test_no_event_is_skipped);
  g_test_add_func ("/feed/gaps", test_gaps);
  g_test_add_func ("/feed/scope", test_scope);
  g_test_add_func ("/feed/gone", test_gone);
  g_test_add_func ("/feed/gone-with-team-and-assignee", test_gone_with_team_and_assignee);
  g_test_add_func ("/feed/claim-leaves-no-trace", test_claim_leaves_no_trace);
  g_test_add_func ("/feed/agent-as-requester", test_agent_as_requester);
  g_test_add_func ("/feed/assigned-from-nobody", test_assigned_from_nobody);
  g_test_add_data_func ("/feed/redact", NULL, test_redact);
  g_test_add_data_func ("/feed/redact-in-tiny-pages", &tiny, test_redact);
  g_test_add_func ("/feed/people", test_people);
  g_test_add_func ("/feed/entries", test_entries);
  g_test_add_func ("/feed/notes-change-nothing", test_notes_change_nothing);
  g_test_add_func ("/cursor/pack", test_pack);
  g_test_add_func ("/cursor/rights", test_rights);
  g_test_add_func ("/cursor/fill-is-another", test_fill_cursor_is_another);
  g_test_add_func ("/feed/changes-during-fill", test_changes_during_fill);
  g_test_add_func ("/past/restart", test_restart);
  g_test_add_data_func ("/past/older-file", GINT_TO_POINTER (FALSE), test_older_file);
  g_test_add_data_func ("/past/older-file-that-was-used", GINT_TO_POINTER (TRUE), test_older_file);
  g_test_add_func ("/past/older-catalogue", test_older_catalogue);
  g_test_add_func ("/past/sweep", test_sweep);
  g_test_add_func ("/ops/answers", test_answers);
  g_test_add_func ("/feed/anything", test_anything);
  return g_test_run ();
}
