/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of tickets: keys of a view in order, rows for the eye, counts for the queues. */
#include "desk-rows.h"

#include <string.h>

#include "desk-reader.h"
#include "desk-text.h"

/* One line of a list is at most this many characters of text. */
#define EXCERPT_CHARS 120

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

/* Columns of the statements that list; those that tell changes have two more. */
enum
{
  KEY_TX,
  KEY_PUBLIC_TX,
  KEY_DUE,
  KEY_PRIORITY,
  KEY_ID,
  KEY_DEPARTMENT,
  KEY_ASSIGNEE,
  KEY_TEAM,
  CHANGED_REQUESTER,
  CHANGED_STATUS,
};

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

/* --- rows --- */

enum
{
  ROW_ID,
  ROW_UID,
  ROW_NUMBER,
  ROW_SUMMARY,
  ROW_REQUESTER,
  ROW_REQUESTER_UID,
  ROW_ASSIGNEE,
  ROW_ASSIGNEE_UID,
  ROW_LAST_BY,
  ROW_LAST_BY_UID,
  ROW_LAST_TEXT,
  ROW_DEPARTMENT,
  ROW_STATUS,
  ROW_PRIORITY,
  ROW_TARGET_SECS,
  ROW_SPENT_SECS,
  ROW_RUNNING_SINCE,
  ROW_DUE_AT,
  ROW_CREATED_AT,
  ROW_UPDATED_AT,
  ROW_CLOSED_AT,
  ROW_ATTACHMENTS,
  ROW_NO,
  ROW_SEEN,
  ROW_REQUESTER_ID,
  ROW_ASSIGNEE_ID,
  ROW_TEAM,
  ROW_TX,
  ROW_PUBLIC_TX,
  ROW_PENDING,
};

void
desk_row_free (DeskRow *self)
{
  g_free (self);
}

#define N_TEXTS   11
#define UID_CHARS 36

/* The texts of a row, gathered, then laid behind the struct in one piece. */
typedef struct
{
  const char *texts[N_TEXTS];
  char uids[4][UID_CHARS + 1];
  char excerpt[EXCERPT_CHARS * 4 + 8];
} RowTexts;

static const char *
put_uid (DeskQuery *query, int column, char *buffer)
{
  static const char digits[] = "0123456789abcdef";
  gsize size;
  const guint8 *bytes = desk_query_blob (query, column, &size);
  char *at = buffer;

  if (bytes == NULL || size != 16)
    return NULL;
  for (guint i = 0; i < 16; i++)
    {
      if (i == 4 || i == 6 || i == 8 || i == 10)
        *at++ = '-';
      *at++ = digits[bytes[i] >> 4];
      *at++ = digits[bytes[i] & 0xf];
    }
  *at = '\0';
  return buffer;
}

/* The first line's worth of @text, without line breaks and the commonest signs of Markdown. */
static const char *
put_excerpt (const char *text, char *buffer, gsize size)
{
  char *at = buffer;
  gboolean space = TRUE;

  if (text == NULL)
    return NULL;
  for (; *text != '\0' && at < buffer + size - 5; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (c == '\n' || c == '\t' || c == ' ')
        {
          if (!space)
            *at++ = ' ';
          space = TRUE;
          continue;
        }
      if (c == '*' || c == '`' || (space && (c == '#' || c == '>')))
        continue;
      at += g_unichar_to_utf8 (c, at);
      space = FALSE;
    }
  *at = '\0';
  return buffer;
}

static DeskRow *
pack_row (const DeskRow *values, const RowTexts *texts)
{
  gsize size = sizeof (DeskRow);
  DeskRow *row;
  char *at;

  for (guint i = 0; i < N_TEXTS; i++)
    size += texts->texts[i] != NULL ? strlen (texts->texts[i]) + 1 : 0;
  row = g_malloc (size);
  *row = *values;
  at = (char *) (row + 1);
  for (guint i = 0; i < N_TEXTS; i++)
    {
      /* The texts are the members from uid on, in this order. */
      const char **member = (const char **) ((char *) row + G_STRUCT_OFFSET (DeskRow, uid)) + i;

      *member = texts->texts[i] != NULL ? at : NULL;
      if (texts->texts[i] != NULL)
        at = stpcpy (at, texts->texts[i]) + 1;
    }
  return row;
}
G_STATIC_ASSERT (G_STRUCT_OFFSET (DeskRow, department) - G_STRUCT_OFFSET (DeskRow, uid) ==
                 (N_TEXTS - 1) * sizeof (char *));

static void
gather_texts (DeskQuery *query, gboolean show_assignee, const char *department, RowTexts *texts)
{
  const char **t = texts->texts;

  t[0] = put_uid (query, ROW_UID, texts->uids[0]);
  t[1] = desk_query_text (query, ROW_NUMBER);
  t[2] = desk_query_text (query, ROW_SUMMARY);
  t[3] = desk_query_text (query, ROW_REQUESTER);
  t[4] = put_uid (query, ROW_REQUESTER_UID, texts->uids[1]);
  t[5] = show_assignee ? desk_query_text (query, ROW_ASSIGNEE) : NULL;
  t[6] = show_assignee ? put_uid (query, ROW_ASSIGNEE_UID, texts->uids[2]) : NULL;
  t[7] = desk_query_text (query, ROW_LAST_BY);
  t[8] = put_uid (query, ROW_LAST_BY_UID, texts->uids[3]);
  t[9] = put_excerpt (desk_query_text (query, ROW_LAST_TEXT), texts->excerpt,
                      sizeof texts->excerpt);
  t[10] = department;
}

/* What somebody never looked at is news while it is in work, and history afterwards. */
static gboolean
is_unread (DeskQuery *query)
{
  if (desk_query_is_null (query, ROW_SEEN))
    return desk_query_int (query, ROW_STATUS) != DESK_STATUS_CLOSED;
  return desk_query_int (query, ROW_SEEN) < desk_query_int (query, ROW_NO);
}

static void
hide_from_requester (DeskRow *row, const DeskEntry *desk)
{
  if (!desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_PRIORITY))
    row->priority = DESK_PRIORITY_NORMAL;
  if (!desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_DUE))
    row->due_at = row->target_secs = row->spent_secs = row->running_since = 0;
}

static gboolean
is_public_department (const DeskCatalogue *catalogue, const char *slug)
{
  const DeskEntry *entry = desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, slug);

  return entry != NULL && desk_entry_get_bool (entry, DESK_PROPERTY_PUBLIC);
}

/* A private department is the desk's for requesters, as in desk_ticket_project(). */
static const char *
name_department (DeskDb *db, gint64 department, gboolean internal)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, NULL);
  const char *slug = desk_db_get_entry_slug (db, department);

  if (internal || is_public_department (catalogue, slug))
    return slug;
  slug = desk_entry_get (desk_catalogue_get_desk (catalogue), DESK_PROPERTY_DEPARTMENT);
  return is_public_department (catalogue, slug) ? slug : NULL;
}

static DeskRow *
read_row (DeskDb *db, DeskQuery *query, DeskSort sort, gboolean internal)
{
  const DeskEntry *desk = desk_catalogue_get_desk (desk_db_get_catalogue (db, NULL));
  RowTexts texts;
  DeskRow row = {
    .id = desk_query_int (query, ROW_ID),
    .status = desk_query_int (query, ROW_STATUS),
    .priority = desk_query_int (query, ROW_PRIORITY),
    .target_secs = desk_query_int (query, ROW_TARGET_SECS),
    .spent_secs = desk_query_int (query, ROW_SPENT_SECS),
    .running_since = desk_query_int (query, ROW_RUNNING_SINCE),
    .due_at = desk_query_int (query, ROW_DUE_AT),
    .created_at = desk_query_int (query, ROW_CREATED_AT),
    .updated_at = desk_query_int (query, ROW_UPDATED_AT),
    .closed_at = desk_query_int (query, ROW_CLOSED_AT),
    .has_attachments = desk_query_int (query, ROW_ATTACHMENTS) > 0,
    .unread = is_unread (query),
    .pending = desk_query_int (query, ROW_PENDING) > 0,
  };

  row.key = key_of (sort, row.id, desk_query_int (query, internal ? ROW_TX : ROW_PUBLIC_TX),
                    row.due_at != 0 ? row.due_at : G_MAXINT64, row.priority);
  if (!internal)
    hide_from_requester (&row, desk);
  gather_texts (query, internal || desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_ASSIGNEE),
                name_department (db, desk_query_int (query, ROW_DEPARTMENT), internal), &texts);
  return pack_row (&row, &texts);
}

static DeskRow *
load_row (DeskDb *db, const DeskReader *reader, gint64 id, DeskSort sort, GError **error)
{
  /* A requester reads what is public; who is both reads the ticket as an agent where they are
   * one. */
  for (int internal = reader->agent; internal >= 0; internal--)
    {
      g_autoptr (DeskQuery) query = desk_db_query (
          db, internal ? DESK_SQL_ROW : DESK_SQL_ROW_PUBLIC, error, "ii", reader->id, id);
      gint64 department;

      if (query == NULL || !desk_query_next (query, error))
        return NULL;
      department = desk_query_int (query, ROW_DEPARTMENT);
      if (internal
              ? desk_reader_works_on (reader, department, desk_query_int (query, ROW_ASSIGNEE_ID),
                                      desk_query_int (query, ROW_TEAM))
              : desk_query_int (query, ROW_REQUESTER_ID) == reader->id)
        return read_row (db, query, sort, internal);
    }
  return NULL;
}

static GPtrArray *
load_rows (DeskDb *db,
           const DeskPerson *person,
           const gint64 *ids,
           guint n_ids,
           DeskSort sort,
           GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_full (n_ids, (GDestroyNotify) desk_row_free);
  g_auto (DeskReader) reader = { 0 };
  GError *failure = NULL;

  if (!desk_reader_open (db, person, &reader, error))
    return NULL;
  for (guint i = 0; i < n_ids && failure == NULL; i++)
    g_ptr_array_add (rows, load_row (db, &reader, ids[i], sort, &failure));
  if (failure == NULL)
    return g_steal_pointer (&rows);
  g_propagate_error (error, failure);
  return NULL;
}

GPtrArray *
desk_rows_load (DeskDb *db,
                const DeskPerson *person,
                const gint64 *ids,
                guint n_ids,
                DeskSort sort,
                GError **error)
{
  gboolean own = !desk_db_in_transaction (db);
  GPtrArray *rows;

  if (own && !desk_db_begin_read (db, error))
    return NULL;
  rows = load_rows (db, person, ids, n_ids, sort, error);
  if (own)
    desk_db_end_read (db);
  return rows;
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

/* --- counts --- */

void
desk_counts_free (DeskCounts *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->departments);
  g_free (self);
}

static void
count_department (DeskDb *db, DeskCounts *counts, gint64 department, gint64 n)
{
  const char *slug = desk_db_get_entry_slug (db, department);
  gint64 sum;

  if (slug == NULL)
    return;
  sum = GPOINTER_TO_SIZE (g_hash_table_lookup (counts->departments, slug)) + n;
  g_hash_table_insert (counts->departments, g_strdup (slug), GSIZE_TO_POINTER (sum));
}

static void
count_tally (DeskDb *db, const DeskReader *reader, DeskQuery *query, DeskCounts *counts)
{
  gint64 department = desk_query_int (query, 0);
  gint64 team = desk_query_int (query, 1);
  gint64 assignee = desk_query_int (query, 2);
  DeskStatus status = desk_query_int (query, 3);
  gint64 n = desk_query_int (query, 4);
  static const DeskViewKind views[DESK_N_STATUSES] = {
    [DESK_STATUS_OPEN] = DESK_VIEW_OPEN,
    [DESK_STATUS_WAITING] = DESK_VIEW_WAITING,
    [DESK_STATUS_RESOLVED] = DESK_VIEW_RESOLVED,
    [DESK_STATUS_CLOSED] = DESK_VIEW_CLOSED,
  };

  if (!desk_reader_works_on (reader, department, assignee, team))
    return;
  counts->views[views[status]] += n;
  counts->views[DESK_VIEW_ALL] += n;
  if (status == DESK_STATUS_OPEN && assignee == 0)
    counts->views[DESK_VIEW_UNASSIGNED] += n;
  if (assignee == reader->id && assignee != 0 &&
      (status == DESK_STATUS_OPEN || status == DESK_STATUS_WAITING))
    counts->views[DESK_VIEW_MINE] += n;
  if (status == DESK_STATUS_OPEN)
    count_department (db, counts, department, n);
}

static gboolean
count_all (DeskDb *db, const DeskReader *reader, DeskCounts *counts, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_TALLY, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    count_tally (db, reader, query, counts);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
count_overdue (DeskDb *db, const DeskReader *reader, gint64 now, DeskCounts *counts, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_KEYS_OVERDUE, error, "i", now);
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    counts->views[DESK_VIEW_OVERDUE] += desk_reader_works_on (
        reader, desk_query_int (query, KEY_DEPARTMENT), desk_query_int (query, KEY_ASSIGNEE),
        desk_query_int (query, KEY_TEAM));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
count_filed (DeskDb *db, const DeskReader *reader, DeskCounts *counts, GError **error)
{
  return desk_db_get_int (db, DESK_SQL_COUNT_FILED, &counts->views[DESK_VIEW_FILED], error, "i",
                          reader->id);
}

DeskCounts *
desk_rows_count (DeskDb *db, const DeskPerson *person, gint64 now, GError **error)
{
  g_autoptr (DeskCounts) counts = g_new0 (DeskCounts, 1);
  g_auto (DeskReader) reader = { 0 };

  counts->departments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!desk_reader_open (db, person, &reader, error) || !count_filed (db, &reader, counts, error))
    return NULL;
  if (reader.agent &&
      (!count_all (db, &reader, counts, error) || !count_overdue (db, &reader, now, counts, error)))
    return NULL;
  return g_steal_pointer (&counts);
}
