/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of tickets: the keys of a view in order, and what changed in it since. */
#include "desk-rows-private.h"

/* --- keys --- */

/* Where a ticket stands in a list, from the values that any order needs. */
static gint64
key_of (DeskSort sort, gint64 id, gint64 tx, gint64 due, gint64 priority)
{
  switch (sort)
    {
    case DESK_SORT_RECENT:
      return -tx;
    case DESK_SORT_DUE:
      return due;
    case DESK_SORT_NUMBER:
      return -id;
    case DESK_SORT_PRIORITY:
      /* The priority above, recency below: transactions never reach 2^48. */
      return (DESK_PRIORITY_URGENT - priority) * (G_GINT64_CONSTANT (1) << 48) - tx;
    }
  g_assert_not_reached ();
}

/* The order of one list. In the list of what somebody filed it follows what the desk shows to
 * requesters, or the order itself would tell them the rest. */
typedef struct
{
  DeskSort sort;
  gboolean filed;
  gboolean shows_due;
  gboolean shows_priority;
} Order;

static Order
get_order (DeskDb *db, const DeskView *view, DeskSort sort)
{
  const DeskEntry *desk = desk_catalogue_get_desk (desk_db_get_catalogue (db, NULL));
  gboolean filed = view->kind == DESK_VIEW_FILED;

  return (Order){
    .sort = sort,
    .filed = filed,
    .shows_due = !filed || desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_DUE),
    .shows_priority = !filed || desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_PRIORITY),
  };
}

static DeskKey
read_key (const Order *order, DeskQuery *query)
{
  gint64 id = desk_query_int (query, KEY_ID);
  gint64 due = order->shows_due ? desk_query_int (query, KEY_DUE) : G_MAXINT64;
  gint64 priority = order->shows_priority ? desk_query_int (query, KEY_PRIORITY)
                                          : DESK_PRIORITY_NORMAL;

  return (DeskKey){
    key_of (order->sort, id, desk_query_int (query, order->filed ? KEY_PUBLIC_TX : KEY_TX), due,
            priority),
    id,
  };
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const DeskKey *first = a;
  const DeskKey *second = b;

  if (first->key != second->key)
    return first->key < second->key ? -1 : 1;
  return (first->id > second->id) - (first->id < second->id);
}

/* How many keys are kept beyond the limit before the last of them go. */
#define SPARE_KEYS 1000

/* A list while it is read. */
typedef struct
{
  const DeskReader *reader;
  Order order;
  gboolean unassigned;  /* only tickets that nobody has */
  gboolean in_order;    /* the statements give the tickets in the list's order */
  const DeskKey *after; /* only what comes behind it; NULL: all */
  gint64 newest_tx;     /* where statements in the order of transactions begin */
  guint limit;          /* 0: all */
  GArray *keys;
  gboolean is_full; /* has @limit keys, the last of them … */
  DeskKey last;     /* … this one */
} List;

/* What somebody filed is all theirs to see. */
static gboolean
passes (const List *self, DeskQuery *query)
{
  gint64 assignee;

  if (self->order.filed || (self->reader->everything && !self->unassigned))
    return TRUE;
  assignee = desk_query_int (query, KEY_ASSIGNEE);
  if (self->unassigned && assignee != 0)
    return FALSE;
  return desk_reader_works_on (self->reader, desk_query_int (query, KEY_DEPARTMENT), assignee,
                               desk_query_int (query, KEY_TEAM));
}

static void
keep_first (List *self)
{
  g_array_sort (self->keys, compare_keys);
  if (self->limit == 0 || self->keys->len < self->limit)
    return;
  g_array_set_size (self->keys, self->limit);
  self->is_full = TRUE;
  self->last = g_array_index (self->keys, DeskKey, self->limit - 1);
}

static gboolean
is_before_start (const List *self, const DeskKey *key)
{
  return self->after != NULL && compare_keys (key, self->after) <= 0;
}

static void
add_key (List *self, DeskKey key)
{
  if (self->is_full && compare_keys (&key, &self->last) > 0)
    return;
  g_array_append_val (self->keys, key);
  if (self->limit > 0 && self->keys->len >= self->limit + SPARE_KEYS)
    keep_first (self);
}

/* Ends @query. */
static gboolean
collect (List *self, DeskQuery *query, GError **error)
{
  GError *failure = NULL;
  guint n = 0;

  if (query == NULL)
    return FALSE;
  while ((!self->in_order || self->limit == 0 || n < self->limit) &&
         desk_query_next (query, &failure))
    {
      DeskKey key = read_key (&self->order, query);

      if (is_before_start (self, &key) || !passes (self, query))
        continue;
      add_key (self, key);
      n++;
    }
  desk_query_end (query);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
collect_status (List *self, DeskDb *db, DeskStatus status, GError **error)
{
  if (status == DESK_STATUS_OPEN && self->order.sort == DESK_SORT_DUE)
    return collect (self, desk_db_query (db, DESK_SQL_KEYS_OPEN_DUE, error, ""), error);
  return collect (
      self, desk_db_query (db, DESK_SQL_KEYS_STATUS, error, "ii", (gint64) status, self->newest_tx),
      error);
}

/* What an agent has to do lies in two ranges of the index. */
static gboolean
collect_mine (List *self, DeskDb *db, GError **error)
{
  static const gint64 statuses[] = { DESK_STATUS_OPEN, DESK_STATUS_WAITING };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (!collect (self,
                  desk_db_query (db, DESK_SQL_KEYS_ASSIGNEE, error, "iii", self->reader->id,
                                 statuses[i], self->newest_tx),
                  error))
      return FALSE;
  return TRUE;
}

static gboolean
collect_all (List *self, DeskDb *db, GError **error)
{
  for (DeskStatus status = 0; status < DESK_N_STATUSES; status++)
    if (!collect_status (self, db, status, error))
      return FALSE;
  return TRUE;
}

static gboolean
collect_department (List *self, DeskDb *db, const char *slug, GError **error)
{
  gint64 department = desk_db_get_entry_id (db, DESK_ENTRY_DEPARTMENT, slug);

  return collect (self,
                  desk_db_query (db, DESK_SQL_KEYS_DEPARTMENT, error, "iii", department,
                                 (gint64) DESK_STATUS_OPEN, self->newest_tx),
                  error);
}

static gboolean
collect_view (List *self, DeskDb *db, const DeskView *view, gint64 now, GError **error)
{
  switch (view->kind)
    {
    case DESK_VIEW_MINE:
      return collect_mine (self, db, error);
    case DESK_VIEW_UNASSIGNED:
    case DESK_VIEW_OPEN:
      return collect_status (self, db, DESK_STATUS_OPEN, error);
    case DESK_VIEW_OVERDUE:
      return collect (self, desk_db_query (db, DESK_SQL_KEYS_OVERDUE, error, "i", now), error);
    case DESK_VIEW_WAITING:
      return collect_status (self, db, DESK_STATUS_WAITING, error);
    case DESK_VIEW_RESOLVED:
      return collect_status (self, db, DESK_STATUS_RESOLVED, error);
    case DESK_VIEW_CLOSED:
      return collect_status (self, db, DESK_STATUS_CLOSED, error);
    case DESK_VIEW_ALL:
      return collect_all (self, db, error);
    case DESK_VIEW_FILED:
      return collect (self,
                      desk_db_query (db, DESK_SQL_KEYS_REQUESTER, error, "ii", self->reader->id,
                                     self->newest_tx),
                      error);
    case DESK_VIEW_DEPARTMENT:
      return collect_department (self, db, view->department, error);
    }
  g_assert_not_reached ();
}

/* Whether the view's statement gives @sort by itself. */
static gboolean
is_in_order (const DeskView *view, DeskSort sort)
{
  if (view->kind == DESK_VIEW_OVERDUE)
    return sort == DESK_SORT_DUE;
  if (view->kind == DESK_VIEW_OPEN || view->kind == DESK_VIEW_UNASSIGNED)
    return sort == DESK_SORT_RECENT || sort == DESK_SORT_DUE;
  return sort == DESK_SORT_RECENT;
}

/* Whether it is a single statement. */
static gboolean
is_one_range (const DeskView *view)
{
  return view->kind != DESK_VIEW_MINE && view->kind != DESK_VIEW_ALL;
}

static gboolean
may_list (const DeskView *view, const DeskReader *reader)
{
  return reader->agent || view->kind == DESK_VIEW_FILED;
}

GArray *
desk_rows_keys_after (DeskDb *db,
                      const DeskPerson *person,
                      const DeskView *view,
                      DeskSort sort,
                      const DeskKey *after,
                      guint limit,
                      gint64 now,
                      GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (DeskKey));
  g_auto (DeskReader) reader = { 0 };
  List list = { .reader = &reader,
                .order = get_order (db, view, sort),
                .unassigned = view->kind == DESK_VIEW_UNASSIGNED,
                .in_order = is_in_order (view, sort),
                .after = after,
                .newest_tx = after != NULL && sort == DESK_SORT_RECENT ? -after->key : G_MAXINT64,
                .limit = limit,
                .keys = keys };

  if (!desk_reader_open (db, person, &reader, error))
    return NULL;
  if (may_list (view, &reader) && !collect_view (&list, db, view, now, error))
    return NULL;
  if (!list.in_order || !is_one_range (view))
    keep_first (&list);
  return g_steal_pointer (&keys);
}

GArray *
desk_rows_keys (DeskDb *db,
                const DeskPerson *person,
                const DeskView *view,
                DeskSort sort,
                guint limit,
                gint64 now,
                GError **error)
{
  return desk_rows_keys_after (db, person, view, sort, NULL, limit, now, error);
}

/* --- changes --- */

/* desk_view_holds() in the file's own numbers. */
static gboolean
belongs (DeskDb *db, const DeskView *view, const DeskReader *reader, DeskQuery *query, gint64 now)
{
  gint64 status = desk_query_int (query, CHANGED_STATUS);
  gint64 assignee = desk_query_int (query, KEY_ASSIGNEE);
  gint64 department = desk_query_int (query, KEY_DEPARTMENT);

  if (view->kind == DESK_VIEW_FILED)
    return desk_query_int (query, CHANGED_REQUESTER) == reader->id;
  if (!desk_reader_works_on (reader, department, assignee, desk_query_int (query, KEY_TEAM)))
    return FALSE;
  switch (view->kind)
    {
    case DESK_VIEW_MINE:
      return assignee == reader->id &&
             (status == DESK_STATUS_OPEN || status == DESK_STATUS_WAITING);
    case DESK_VIEW_UNASSIGNED:
      return assignee == 0 && status == DESK_STATUS_OPEN;
    case DESK_VIEW_OPEN:
      return status == DESK_STATUS_OPEN;
    case DESK_VIEW_OVERDUE:
      return status == DESK_STATUS_OPEN && desk_query_int (query, KEY_DUE) < now;
    case DESK_VIEW_WAITING:
      return status == DESK_STATUS_WAITING;
    case DESK_VIEW_RESOLVED:
      return status == DESK_STATUS_RESOLVED;
    case DESK_VIEW_CLOSED:
      return status == DESK_STATUS_CLOSED;
    case DESK_VIEW_ALL:
    case DESK_VIEW_FILED:
      return TRUE;
    case DESK_VIEW_DEPARTMENT:
      return status == DESK_STATUS_OPEN &&
             department == desk_db_get_entry_id (db, DESK_ENTRY_DEPARTMENT, view->department);
    }
  g_assert_not_reached ();
}

/* What changed in a list, while it is read. */
typedef struct
{
  const DeskReader *reader;
  const DeskView *view;
  Order order;
  gint64 tx;
  gint64 most; /* one more than is of use */
  gint64 now;
  GArray *changes;
} Changes;

/* Ends @query. */
static gboolean
collect_changes (Changes *self, DeskDb *db, DeskQuery *query, GError **error)
{
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    {
      DeskKeyChange change = { .key = read_key (&self->order, query),
                               .gone = !belongs (db, self->view, self->reader, query, self->now) };

      g_array_append_val (self->changes, change);
    }
  desk_query_end (query);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* A ticket is at its newest transaction in the range of its status. */
static gboolean
collect_changes_of_all (Changes *self, DeskDb *db, GError **error)
{
  for (DeskStatus status = 0; status < DESK_N_STATUSES; status++)
    if (!collect_changes (self, db,
                          desk_db_query (db, DESK_SQL_CHANGED, error, "iii", (gint64) status,
                                         self->tx, self->most),
                          error))
      return FALSE;
  return TRUE;
}

static gboolean
collect_changes_of_filed (Changes *self, DeskDb *db, GError **error)
{
  return collect_changes (self, db,
                          desk_db_query (db, DESK_SQL_CHANGED_PUBLIC, error, "iii",
                                         self->reader->id, self->tx, self->most),
                          error);
}

/* Of a replica some changes cannot be told one by one. */
static gboolean
must_reread (DeskDb *db, gint64 tx, gboolean *must, GError **error)
{
  gint64 reread;

  if (!desk_db_get_int (db, DESK_SQL_REPLICA_REREAD, &reread, error, ""))
    return FALSE;
  *must = tx < reread;
  return TRUE;
}

GArray *
desk_rows_changed (DeskDb *db,
                   const DeskPerson *person,
                   const DeskView *view,
                   DeskSort sort,
                   gint64 *tx,
                   guint max,
                   gboolean *too_many,
                   gint64 now,
                   GError **error)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (DeskKeyChange));
  g_auto (DeskReader) reader = { 0 };
  Changes self = { .reader = &reader,
                   .view = view,
                   .order = get_order (db, view, sort),
                   .tx = *tx,
                   .most = (gint64) max + 1,
                   .now = now,
                   .changes = changes };

  *too_many = FALSE;
  if (!desk_reader_open (db, person, &reader, error) || !desk_rows_get_tx (db, tx, error) ||
      !must_reread (db, self.tx, too_many, error))
    return NULL;
  if (*too_many)
    return g_steal_pointer (&changes);
  if (!(self.order.filed ? collect_changes_of_filed (&self, db, error)
                         : collect_changes_of_all (&self, db, error)))
    return NULL;
  *too_many = changes->len > max;
  if (*too_many)
    g_array_set_size (changes, 0);
  return g_steal_pointer (&changes);
}

gboolean
desk_rows_get_tx (DeskDb *db, gint64 *tx, GError **error)
{
  return desk_db_get_int (db, DESK_SQL_GET_TX, tx, error, "");
}
