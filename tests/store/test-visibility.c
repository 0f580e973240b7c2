/* SPDX-License-Identifier: GPL-3.0-or-later Who sees what, and in which order: lists, rows, counts
 * and search agree with the one rule of core on random desks; and a requester's world does not
 * depend on what agents write among themselves. */
#include "fixture.h"

#include <string.h>

#include "desk-fold.h"
#include "desk-json.h"
#include "desk-view.h"

#define N_TICKETS 40
#define N_OPS     250

static const char *const departments[] = { "support", "online-banking", "fraud" };
static const char *const agents[] = { "boss",    "john",    "jane",    "night",
                                      "agent-1", "agent-2", "agent-3", "removed-agent" };
static const char *const requesters[] = { "karen", "stranger", "removed-requester" };
static const char *const topics[] = { "online-banking", "printing" };
static const char *const plans[] = { "day", "rush" };
static const char *const teams[] = { "night", "early" };
static const char *const priorities[] = { "low", "normal", "high", "urgent" };

static const DeskViewKind views[] = { DESK_VIEW_MINE,    DESK_VIEW_UNASSIGNED, DESK_VIEW_OPEN,
                                      DESK_VIEW_OVERDUE, DESK_VIEW_WAITING,    DESK_VIEW_RESOLVED,
                                      DESK_VIEW_CLOSED,  DESK_VIEW_ALL,        DESK_VIEW_FILED };

#define PICK(array) array[g_rand_int_range (rand, 0, G_N_ELEMENTS (array))]

/* --- random desks --- */

static void
add_people (Fixture *f)
{
  fixture_add_entry (f, DESK_ENTRY_TEAM, "early", NULL);
  fixture_add_person (f, "agent-1", DESK_ROLE_AGENT, "support fraud", "early");
  fixture_add_person (f, "agent-2", DESK_ROLE_AGENT, "", "early night");
  fixture_add_person (f, "agent-3", DESK_ROLE_AGENT, "", "");
  fixture_add_person (f, "removed-agent", DESK_ROLE_AGENT, "support", "night");
  fixture_add_person (f, "removed-requester", DESK_ROLE_REQUESTER, "", "");
}

static void
remove_people (Fixture *f)
{
  fixture_change_person (f, "removed-agent", DESK_ROLE_AGENT, "support", "night", TRUE);
  fixture_change_person (f, "removed-requester", DESK_ROLE_REQUESTER, "", "", TRUE);
}

static void
change_at_random (Fixture *f, DeskOp *op, GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 9))
    {
    case 0:
      desk_op_change (op, DESK_FIELD_DEPARTMENT, PICK (departments));
      break;
    case 1:
      desk_op_change (op, DESK_FIELD_TEAM, g_rand_boolean (rand) ? PICK (teams) : NULL);
      break;
    case 2:
      desk_op_change (op, DESK_FIELD_ASSIGNEE,
                      g_rand_boolean (rand) ? fixture_uid (f, PICK (agents)) : NULL);
      break;
    case 3:
      desk_op_change (op, DESK_FIELD_PRIORITY, PICK (priorities));
      break;
    case 4:
      desk_op_change (op, DESK_FIELD_SLA, g_rand_boolean (rand) ? PICK (plans) : NULL);
      break;
    case 5:
      desk_op_change (op, DESK_FIELD_STATUS, "waiting");
      desk_op_set_text (op, "Which one?");
      break;
    case 6:
      desk_op_change (op, DESK_FIELD_STATUS, "resolved");
      desk_op_change (op, DESK_FIELD_RESOLUTION, "Turned it off and on");
      break;
    case 7:
      desk_op_change (op, DESK_FIELD_STATUS, "closed");
      desk_op_set_text (op, "Nothing to do");
      break;
    default:
      desk_op_change (op, DESK_FIELD_STATUS, "open");
    }
}

static DeskOp *
new_filing (Fixture *f, GRand *rand, const char *login)
{
  DeskOp *op = fixture_op (f, DESK_KIND_CREATED, login, NULL);

  desk_op_change (op, DESK_FIELD_SUMMARY, "A common word");
  if (g_rand_boolean (rand))
    desk_op_change (op, DESK_FIELD_TOPIC, PICK (topics));
  return op;
}

/* Whatever may be refused. */
static DeskOp *
new_op (Fixture *f, GRand *rand, const char *login, const char *ticket)
{
  static const DeskKind kinds[] = { DESK_KIND_CHANGE, DESK_KIND_CHANGE, DESK_KIND_CHANGE,
                                    DESK_KIND_REPLY,  DESK_KIND_NOTE,   DESK_KIND_MESSAGE };
  DeskOp *op = fixture_op (f, PICK (kinds), login, ticket);

  if (op->kind == DESK_KIND_CHANGE)
    change_at_random (f, op, rand);
  else
    desk_op_set_text (op, "Some words");
  return op;
}

static const char *
pick_person (GRand *rand)
{
  return g_rand_int_range (rand, 0, 4) == 0 ? PICK (requesters) : PICK (agents);
}

static void
work_at_random (Fixture *f, GRand *rand, GPtrArray *tickets, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const char *login = pick_person (rand);
      const char *ticket = tickets->pdata[g_rand_int_range (rand, 0, tickets->len)];

      /* Clocks and due times move in hours. */
      f->now += g_rand_int_range (rand, 0, HOUR);
      fixture_submit (f, login, new_op (f, rand, login, ticket));
    }
}

static GPtrArray *
file_at_random (Fixture *f, GRand *rand, guint n)
{
  GPtrArray *tickets = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    {
      const char *login = g_rand_boolean (rand) ? PICK (requesters) : PICK (agents);
      DeskOp *op = new_filing (f, rand, login);

      g_ptr_array_add (tickets, g_strdup (op->ticket));
      assert_code (fixture_submit (f, login, op), FINE);
    }
  return tickets;
}

/* --- what must be --- */

static GPtrArray *
read_folds (Fixture *f, GPtrArray *tickets)
{
  GPtrArray *folds = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_fold_free);

  for (guint i = 0; i < tickets->len; i++)
    {
      DeskFold *fold = desk_fold_find (f->db, tickets->pdata[i], NULL);

      g_assert_nonnull (fold);
      g_ptr_array_add (folds, fold);
    }
  return folds;
}

/* An agent's queues are those of their work; what they filed elsewhere is among what they filed. */
static gboolean
belongs (const DeskView *view, const DeskFold *fold, const DeskPerson *person, gint64 now)
{
  guint needed = view->kind == DESK_VIEW_FILED ? DESK_STANDING_REQUESTER
                                               : DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR;

  return (desk_standing_of (person, fold->ticket) & needed) != 0 &&
         desk_view_holds (view, fold->ticket, person->uid, now);
}

typedef struct
{
  DeskSort sort;
  gboolean filed;
} Expected;

static int
compare_folds (gconstpointer a, gconstpointer b, gpointer data)
{
  const DeskFold *first = *(DeskFold *const *) a;
  const DeskFold *second = *(DeskFold *const *) b;
  const Expected *expected = data;
  gint64 recent = expected->filed ? second->public_tx - first->public_tx : second->tx - first->tx;
  guint64 due_first = (guint64) first->ticket->due_at - 1;
  guint64 due_second = (guint64) second->ticket->due_at - 1;

  switch (expected->sort)
    {
    case DESK_SORT_RECENT:
      return recent < 0 ? -1 : 1;
    case DESK_SORT_DUE:
      return due_first != due_second  ? (due_first < due_second ? -1 : 1)
             : first->id < second->id ? -1
                                      : 1;
    case DESK_SORT_NUMBER:
      return first->id > second->id ? -1 : 1;
    case DESK_SORT_PRIORITY:
      if (first->ticket->priority != second->ticket->priority)
        return first->ticket->priority > second->ticket->priority ? -1 : 1;
      return recent < 0 ? -1 : 1;
    }
  g_assert_not_reached ();
}

static GPtrArray *
expect (GPtrArray *folds, const DeskView *view, DeskSort sort, const DeskPerson *person, gint64 now)
{
  GPtrArray *expected = g_ptr_array_new ();
  Expected order = { sort, view->kind == DESK_VIEW_FILED };

  for (guint i = 0; i < folds->len; i++)
    if (belongs (view, folds->pdata[i], person, now))
      g_ptr_array_add (expected, folds->pdata[i]);
  g_ptr_array_sort_with_data (expected, compare_folds, &order);
  return expected;
}

static GArray *
list (Fixture *f,
      const DeskPerson *person,
      const DeskView *view,
      DeskSort sort,
      guint limit,
      gint64 now)
{
  GError *error = NULL;
  GArray *keys = desk_rows_keys (f->db, person, view, sort, limit, now, &error);

  g_assert_no_error (error);
  for (guint i = 1; i < keys->len; i++)
    {
      const DeskKey *a = &g_array_index (keys, DeskKey, i - 1);
      const DeskKey *b = &g_array_index (keys, DeskKey, i);

      g_assert_true (a->key < b->key || (a->key == b->key && a->id < b->id));
    }
  return keys;
}

static void
assert_list (
    Fixture *f, GPtrArray *folds, const DeskPerson *person, const DeskView *view, DeskSort sort)
{
  g_autoptr (GPtrArray) expected = expect (folds, view, sort, person, f->now);
  g_autoptr (GArray) keys = list (f, person, view, sort, 0, f->now);
  g_autoptr (GArray) first = list (f, person, view, sort, 3, f->now);

  g_assert_cmpuint (keys->len, ==, expected->len);
  for (guint i = 0; i < keys->len; i++)
    g_assert_cmpint (g_array_index (keys, DeskKey, i).id, ==,
                     ((DeskFold *) expected->pdata[i])->id);
  g_assert_cmpuint (first->len, ==, MIN (keys->len, 3));
  g_assert_cmpmem (first->data, first->len * sizeof (DeskKey), keys->data,
                   first->len * sizeof (DeskKey));
}

static DeskView
get_view (guint i)
{
  if (i < G_N_ELEMENTS (views))
    return desk_view_of (views[i]);
  return desk_view_of_department (departments[i - G_N_ELEMENTS (views)]);
}
#define N_VIEWS (G_N_ELEMENTS (views) + G_N_ELEMENTS (departments))

static void
assert_counts (Fixture *f, GPtrArray *folds, const DeskPerson *person)
{
  GError *error = NULL;
  g_autoptr (DeskCounts) counts = desk_rows_count (f->db, person, f->now, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < N_VIEWS; i++)
    {
      DeskView view = get_view (i);
      g_autoptr (GPtrArray) expected = expect (folds, &view, DESK_SORT_RECENT, person, f->now);

      if (view.kind == DESK_VIEW_DEPARTMENT)
        g_assert_cmpuint (
            GPOINTER_TO_UINT (g_hash_table_lookup (counts->departments, view.department)), ==,
            expected->len);
      else
        g_assert_cmpint (counts->views[view.kind], ==, expected->len);
    }
}

static void
assert_row (const DeskRow *row, const DeskFold *fold, const DeskPerson *person)
{
  gboolean internal =
      desk_standing_of (person, fold->ticket) & (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR);

  g_assert_cmpstr (row->uid, ==, fold->ticket->uid);
  g_assert_cmpstr (row->number, ==, fold->ticket->number);
  g_assert_cmpint (row->status, ==, fold->ticket->status);
  g_assert_cmpint (row->updated_at, ==,
                   internal ? fold->ticket->updated_at : fold->ticket->public_at);
}

/* Rows, opening and search let through what may be seen, and nothing else. */
static void
assert_seen (Fixture *f, GPtrArray *folds, const DeskPerson *person)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) hits = desk_search (f->db, person, "common", 1000, &error);
  g_autoptr (GHashTable) found = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_no_error (error);
  for (guint i = 0; i < hits->len; i++)
    g_assert_true (g_hash_table_add (found, (gpointer) ((DeskRow *) hits->pdata[i])->uid));
  for (guint i = 0; i < folds->len; i++)
    {
      const DeskFold *fold = folds->pdata[i];
      gboolean may = desk_can (DESK_ACTION_SEE, person, fold->ticket,
                               desk_db_get_catalogue (f->db, NULL), f->now, NULL);
      g_autoptr (GPtrArray) rows = desk_rows_load (f->db, person, &fold->id, 1, &error);
      g_autoptr (DeskCase) loaded =
          desk_tickets_load (f->db, person, fold->ticket->number, 0, NULL);

      g_assert_no_error (error);
      g_assert_cmpint (rows->pdata[0] != NULL, ==, may);
      g_assert_cmpint (loaded != NULL, ==, may);
      g_assert_cmpint (g_hash_table_contains (found, fold->ticket->uid), ==, may);
      if (may)
        assert_row (rows->pdata[0], fold, person);
    }
}

static void
assert_person (Fixture *f, GPtrArray *folds, const char *login)
{
  const DeskPerson *person = fixture_person (f, login);

  for (guint i = 0; i < N_VIEWS; i++)
    for (DeskSort sort = DESK_SORT_RECENT; sort <= DESK_SORT_PRIORITY; sort++)
      {
        DeskView view = get_view (i);
        assert_list (f, folds, person, &view, sort);
      }
  assert_counts (f, folds, person);
  assert_seen (f, folds, person);
}

static void
test_random_desks (void)
{
  for (guint seed = 0; seed < 6; seed++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      g_autoptr (GPtrArray) tickets = NULL;
      g_autoptr (GPtrArray) folds = NULL;
      FIXTURE (f);

      add_people (&f);
      tickets = file_at_random (&f, rand, N_TICKETS);
      work_at_random (&f, rand, tickets, N_OPS);
      remove_people (&f);
      folds = read_folds (&f, tickets);
      for (guint i = 0; i < G_N_ELEMENTS (agents); i++)
        assert_person (&f, folds, agents[i]);
      for (guint i = 0; i < G_N_ELEMENTS (requesters); i++)
        assert_person (&f, folds, requesters[i]);
      fixture_check (f.db);
    }
}

/* --- changes --- */

/* A list that a window holds. */
typedef struct
{
  const DeskPerson *person;
  DeskView view;
  DeskSort sort;
  gint64 tx;
  GArray *keys;
} Held;

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const DeskKey *first = a;
  const DeskKey *second = b;

  if (first->key != second->key)
    return first->key < second->key ? -1 : 1;
  return first->id < second->id ? -1 : first->id > second->id;
}

static void
apply (Held *held, GArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const DeskKeyChange *change = &g_array_index (changes, DeskKeyChange, i);

      for (guint k = 0; k < held->keys->len; k++)
        if (g_array_index (held->keys, DeskKey, k).id == change->key.id)
          {
            g_array_remove_index (held->keys, k);
            break;
          }
      if (!change->gone)
        g_array_append_val (held->keys, change->key);
    }
  g_array_sort (held->keys, compare_keys);
}

static void
catch_up (Fixture *f, Held *held, gint64 now)
{
  GError *error = NULL;
  gboolean too_many;
  g_autoptr (GArray) changes = desk_rows_changed (f->db, held->person, &held->view, held->sort,
                                                  &held->tx, 1000, &too_many, now, &error);
  g_autoptr (GArray) fresh = list (f, held->person, &held->view, held->sort, 0, now);

  g_assert_no_error (error);
  g_assert_false (too_many);
  apply (held, changes);
  g_assert_cmpmem (held->keys->data, held->keys->len * sizeof (DeskKey), fresh->data,
                   fresh->len * sizeof (DeskKey));
  g_assert_cmpint (held->tx, ==, fixture_count (f->db, "SELECT tx FROM desk"));
}

static void
free_held (Held *held)
{
  g_array_unref (held->keys);
  g_free (held);
}

static Held *
hold (Fixture *f, const char *login, guint view, DeskSort sort, gint64 now)
{
  Held *held = g_new0 (Held, 1);

  held->person = fixture_person (f, login);
  held->view = get_view (view);
  held->sort = sort;
  held->keys = list (f, held->person, &held->view, sort, 0, now);
  held->tx = fixture_count (f->db, "SELECT tx FROM desk");
  return held;
}

static void
test_changes (void)
{
  static const char *const logins[] = { "boss", "john", "night", "agent-2", "karen" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) free_held);
  g_autoptr (GPtrArray) tickets = NULL;
  gint64 now;
  FIXTURE (f);

  add_people (&f);
  tickets = file_at_random (&f, rand, N_TICKETS);
  work_at_random (&f, rand, tickets, N_OPS);
  /* Time alone moves tickets into "overdue", which no change tells: hold it still. */
  now = f.now;
  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    for (guint v = 0; v < N_VIEWS; v++)
      for (DeskSort sort = DESK_SORT_RECENT; sort <= DESK_SORT_PRIORITY; sort++)
        g_ptr_array_add (all, hold (&f, logins[i], v, sort, now));
  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (GPtrArray) more = file_at_random (&f, rand, 1);

      g_ptr_array_add (tickets, g_strdup (more->pdata[0]));
      work_at_random (&f, rand, tickets, g_rand_int_range (rand, 1, 15));
      for (guint i = 0; i < all->len; i++)
        catch_up (&f, all->pdata[i], now);
    }
}

static void
test_too_many_changes (void)
{
  FIXTURE (f);
  DeskView view = desk_view_of (DESK_VIEW_OPEN);
  GError *error = NULL;

  for (guint max = 3; max <= 5; max++)
    {
      gint64 tx = fixture_count (f.db, "SELECT tx FROM desk");
      gboolean too_many;
      g_autoptr (GArray) changes = NULL;

      for (guint i = 0; i < 4; i++)
        fixture_file (&f, "karen", "Another", -1);
      changes = desk_rows_changed (f.db, fixture_person (&f, "john"), &view, DESK_SORT_RECENT, &tx,
                                   max, &too_many, f.now, &error);
      g_assert_no_error (error);
      g_assert_cmpint (too_many, ==, max < 4);
      g_assert_cmpuint (changes->len, ==, max < 4 ? 0 : 4);
      g_assert_cmpint (tx, ==, fixture_count (f.db, "SELECT tx FROM desk"));
    }
}

/* --- a requester's world --- */

/* The same desk twice; what @b has more is among agents. */
typedef struct
{
  Fixture *a;
  DeskDb *b;
  GRand *rand;
  GPtrArray *tickets;
} Twins;

static void
add_row (GString *world, DeskDb *db, const DeskPerson *karen, gint64 id)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = desk_rows_load (db, karen, &id, 1, &error);
  const DeskRow *row = rows->pdata[0];

  g_assert_no_error (error);
  g_string_append_printf (world,
                          "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%d|%d|%" G_GINT64_FORMAT
                          "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%d|%d\n",
                          row->uid, row->number, row->summary, row->requester, row->requester_uid,
                          row->assignee, row->last_by, row->last_by_uid, row->last_text,
                          row->department, row->status, row->priority, row->due_at, row->spent_secs,
                          row->updated_at, row->closed_at, row->has_attachments, row->unread);
}

static void
add_lists (GString *world, DeskDb *db, const DeskPerson *karen, gint64 now)
{
  DeskView view = desk_view_of (DESK_VIEW_FILED);
  GError *error = NULL;
  g_autoptr (DeskCounts) counts = desk_rows_count (db, karen, now, &error);

  g_assert_no_error (error);
  for (DeskViewKind kind = 0; kind < DESK_VIEW_DEPARTMENT; kind++)
    g_string_append_printf (world, "%" G_GINT64_FORMAT " ", counts->views[kind]);
  for (DeskSort sort = DESK_SORT_RECENT; sort <= DESK_SORT_PRIORITY; sort++)
    {
      g_autoptr (GArray) keys = desk_rows_keys (db, karen, &view, sort, 0, now, &error);

      g_assert_no_error (error);
      g_string_append_printf (world, "\nsort %d\n", sort);
      for (guint i = 0; i < keys->len; i++)
        add_row (world, db, karen, g_array_index (keys, DeskKey, i).id);
    }
}

static void
add_json (GString *world, JsonNode *node)
{
  g_autofree char *text = desk_json_to_string (node, FALSE);

  g_string_append_printf (world, "%s\n", text);
  json_node_unref (node);
}

static void
add_case (GString *world, DeskDb *db, const DeskPerson *karen, const char *ticket)
{
  g_autoptr (DeskCase) found = desk_tickets_load (db, karen, ticket, 0, NULL);
  GHashTableIter iter;
  gpointer uid;
  guint people = 0;

  if (found == NULL)
    {
      g_string_append (world, "no such ticket\n");
      return;
    }
  add_json (world, desk_ticket_to_json (found->ticket));
  for (guint i = 0; i < found->events->len; i++)
    add_json (world, desk_event_to_json (found->events->pdata[i]));
  g_hash_table_iter_init (&iter, found->people);
  while (g_hash_table_iter_next (&iter, &uid, NULL))
    people += g_str_hash (uid);
  g_string_append_printf (world, "people %u seen %" G_GINT64_FORMAT "\n", people, found->seen_no);
}

static void
add_search (GString *world, DeskDb *db, const DeskPerson *karen, const char *words)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = desk_search (db, karen, words, 100, &error);

  g_assert_no_error (error);
  g_string_append_printf (world, "search %s:", words);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (world, " %s %s", ((DeskRow *) rows->pdata[i])->uid,
                            ((DeskRow *) rows->pdata[i])->last_text);
  g_string_append_c (world, '\n');
}

/* Everything that the store tells her. */
static char *
describe_world (Twins *twins, DeskDb *db)
{
  const DeskPerson *karen = fixture_person (twins->a, "karen");
  GString *world = g_string_new (NULL);

  add_lists (world, db, karen, twins->a->now);
  for (guint i = 0; i < twins->tickets->len; i++)
    add_case (world, db, karen, twins->tickets->pdata[i]);
  add_search (world, db, karen, "common");
  add_search (world, db, karen, "secret");
  add_search (world, db, karen, "words");
  add_search (world, db, karen, "file");
  return g_string_free (world, FALSE);
}

static void
submit_to (DeskDb *db, DeskOp *op, const DeskPerson *author, gint64 now)
{
  GError *error = NULL;
  g_autoptr (DeskReceipt) receipt = desk_submit (db, op, author, now, &error);

  if (error != NULL && error->domain != DESK_ERROR)
    g_assert_no_error (error);
  g_clear_error (&error);
}

static DeskAttachment *
add_file (DeskDb *db, const char *name)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("file", 4);
  DeskAttachment *attachment = desk_blobs_add_bytes (db, bytes, name, NULL, NULL);

  g_assert_nonnull (attachment);
  return attachment;
}

/* A note, a file or another team, in the second desk only. */
static void
whisper (Twins *twins, const char *ticket)
{
  GRand *rand = twins->rand;
  gboolean team = g_rand_int_range (rand, 0, 3) == 0;
  g_autoptr (DeskOp) op =
      fixture_op (twins->a, team ? DESK_KIND_CHANGE : DESK_KIND_NOTE, "boss", ticket);

  if (team)
    desk_op_change (op, DESK_FIELD_TEAM, PICK (teams));
  else
    desk_op_set_text (op, "A secret among us");
  if (!team && g_rand_boolean (rand))
    desk_op_take_attachment (op, add_file (twins->b, "secret-file.txt"));
  submit_to (twins->b, op, fixture_person (twins->a, "boss"), twins->a->now);
}

/* Agents of the second desk have seen more. */
static void
look_again (Twins *twins, DeskOp *op, const DeskPerson *author)
{
  g_autoptr (DeskFold) fold = desk_fold_find (twins->b, op->ticket, NULL);

  op->base = author->role == DESK_ROLE_REQUESTER ? fold->ticket->public_no : fold->ticket->no;
}

/* The same op on both. */
static void
work_on_both (Twins *twins)
{
  static const char *const workers[] = { "boss", "karen", "karen", "stranger" };
  GRand *rand = twins->rand;
  const char *login = PICK (workers);
  const DeskPerson *author = fixture_person (twins->a, login);
  const char *ticket = twins->tickets->pdata[g_rand_int_range (rand, 0, twins->tickets->len)];
  g_autoptr (DeskOp) op = NULL;

  twins->a->now += g_rand_int_range (rand, 0, HOUR);
  op = new_op (twins->a, rand, login, ticket);
  /* Teams are whispered about; the rest is the same on both. */
  if (desk_changes_find (op->changes, DESK_FIELD_TEAM) != NULL)
    return;
  submit_to (twins->a->db, op, author, twins->a->now);
  look_again (twins, op, author);
  submit_to (twins->b, op, author, twins->a->now);
}

/* The first line that differs says more than two whole worlds. */
static void
assert_same_world (const char *a, const char *b)
{
  g_auto (GStrv) first = g_strsplit (a, "\n", -1);
  g_auto (GStrv) second = g_strsplit (b, "\n", -1);

  for (guint i = 0; first[i] != NULL && second[i] != NULL; i++)
    g_assert_cmpstr (first[i], ==, second[i]);
  g_assert_cmpuint (g_strv_length (first), ==, g_strv_length (second));
}

static DeskDb *
copy_desk (Fixture *f)
{
  const char *path = fixture_path (f, "twin.desk");
  g_autofree char *sql = g_strdup_printf ("VACUUM INTO '%s'", path);
  g_autofree char *nothing = fixture_ask (f->db, sql);
  GError *error = NULL;
  DeskDb *db = desk_db_open (path, DESK_DB_OPEN, &error);

  g_assert_no_error (error);
  return db;
}

static void
live_apart (guint seed, const char *setting)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) tickets = NULL;
  g_autoptr (DeskDb) b = NULL;
  Twins twins = { 0 };
  guint whispers = 0;
  FIXTURE (f);

  add_people (&f);
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_PRIORITY, setting);
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_DUE, setting);
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_ASSIGNEE, setting);
  tickets = file_at_random (&f, rand, 12);
  b = copy_desk (&f);
  twins = (Twins){ &f, b, rand, tickets };
  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *hers = NULL;
      g_autofree char *theirs = NULL;

      work_on_both (&twins);
      for (guint n = g_rand_int_range (rand, 0, 3); n > 0; n--, whispers++)
        whisper (&twins, tickets->pdata[g_rand_int_range (rand, 0, tickets->len)]);
      if (i % 10 != 9)
        continue;
      hers = describe_world (&twins, f.db);
      theirs = describe_world (&twins, b);
      assert_same_world (hers, theirs);
    }
  g_assert_cmpuint (whispers, >, 50);
  g_assert_cmpint (fixture_count (b, "SELECT count (*) FROM event"), >,
                   fixture_count (f.db, "SELECT count (*) FROM event"));
  fixture_check (b);
}

static void
test_requesters_world (void)
{
  for (guint seed = 0; seed < 4; seed++)
    live_apart (seed, seed % 2 == 0 ? "yes" : "no");
}

/* What is hidden is hidden in the order of her list as well. */
static void
test_order_tells_nothing (void)
{
  FIXTURE (f);
  const char *first = fixture_file (&f, "karen", "First", -1);
  DeskView view = desk_view_of (DESK_VIEW_FILED);
  g_autoptr (GArray) by_priority = NULL;
  g_autoptr (GArray) by_due = NULL;

  fixture_file (&f, "karen", "Second", -1);
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_PRIORITY, "no");
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_DUE, "no");
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", first, NULL, DESK_FIELD_PRIORITY, "urgent",
                           DESK_FIELD_SLA, "rush", -1),
               FINE);
  by_priority = list (&f, fixture_person (&f, "karen"), &view, DESK_SORT_PRIORITY, 0, f.now);
  by_due = list (&f, fixture_person (&f, "karen"), &view, DESK_SORT_DUE, 0, f.now);
  g_assert_cmpint (g_array_index (by_priority, DeskKey, 0).id, ==, 2);
  g_assert_cmpint (g_array_index (by_due, DeskKey, 0).key, ==,
                   g_array_index (by_due, DeskKey, 1).key);
}

/* The desk's own department may be private too: then there is no name at all. */
static void
test_private_department (void)
{
  FIXTURE (f);
  GError *error = NULL;
  gint64 id = 1;
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);

  assert_code (
      fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_DEPARTMENT, "fraud", -1), FINE);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray)
          rows = desk_rows_load (f.db, fixture_person (&f, "karen"), &id, 1, &error);
      g_autoptr (DeskCase) found = fixture_load (&f, "karen", t);

      g_assert_no_error (error);
      g_assert_cmpstr (((DeskRow *) rows->pdata[0])->department, ==, i == 0 ? "support" : NULL);
      g_assert_cmpstr (found->ticket->department, ==, i == 0 ? "support" : NULL);
      fixture_set (&f, DESK_ENTRY_DEPARTMENT, "support", DESK_PROPERTY_PUBLIC, "no");
    }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/visibility/random-desks", test_random_desks);
  g_test_add_func ("/visibility/changes", test_changes);
  g_test_add_func ("/visibility/too-many-changes", test_too_many_changes);
  g_test_add_func ("/visibility/requesters-world", test_requesters_world);
  g_test_add_func ("/visibility/order-tells-nothing", test_order_tells_nothing);
  g_test_add_func ("/visibility/private-department", test_private_department);
  return g_test_run ();
}
