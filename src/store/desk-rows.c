/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of tickets: keys of a view in order, rows for the eye, counts for the queues.
 *
 * Visibility is decided here on three numbers (department, assignee, team) because a list looks at
 * a million of them; it is the same rule as desk_standing_of(), and a test holds the two
 * together. */
#include "desk-rows.h"

#include <string.h>

#include "desk-permission.h"
#include "desk-text.h"

/* One line of a list is at most this many characters of text. */
#define EXCERPT_CHARS 120

/* --- who looks --- */

/* The reader in the file's own numbers. */
typedef struct
{
  const DeskPerson *person;
  gint64 id; /* 0: not kept yet */
  gboolean agent;
  gboolean everything; /* an administrator */
  GArray *departments; /* of gint64 entry ids */
  GArray *teams;
} Reader;

static void
add_ids (DeskDb *db, GArray *ids, DeskEntryKind kind, char **slugs)
{
  for (guint i = 0; slugs[i] != NULL; i++)
    {
      gint64 id = desk_db_get_entry_id (db, kind, slugs[i]);
      g_array_append_val (ids, id);
    }
}

static gboolean
open_reader (DeskDb *db, const DeskPerson *person, Reader *reader, GError **error)
{
  DeskStanding standing = desk_standing_of (person, NULL);

  *reader = (Reader){ .person = person,
                      .agent = standing & DESK_STANDING_AGENT,
                      .everything = standing & DESK_STANDING_ADMINISTRATOR,
                      .departments = g_array_new (FALSE, FALSE, sizeof (gint64)),
                      .teams = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  /* Who was removed is nobody: not the requester of their tickets either. */
  if (person->removed)
    return TRUE;
  add_ids (db, reader->departments, DESK_ENTRY_DEPARTMENT, person->departments);
  add_ids (db, reader->teams, DESK_ENTRY_TEAM, person->teams);
  return desk_db_get_int (db, DESK_SQL_PERSON_ID, &reader->id, error, "u", person->uid);
}

static void
close_reader (Reader *reader)
{
  g_clear_pointer (&reader->departments, g_array_unref);
  g_clear_pointer (&reader->teams, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, close_reader)

static gboolean
holds_id (GArray *ids, gint64 id)
{
  for (guint i = 0; id != 0 && i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == id)
      return TRUE;
  return FALSE;
}

static gboolean
works_on (const Reader *reader, gint64 department, gint64 assignee, gint64 team)
{
  if (reader->everything)
    return TRUE;
  return reader->agent &&
         (holds_id (reader->departments, department) || (assignee != 0 && assignee == reader->id) ||
          holds_id (reader->teams, team));
}

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

/* @first: the column of (tx, public tx, due, priority). */
static gint64
read_key (const Order *order, gint64 id, DeskQuery *query, int first)
{
  return key_of (order->sort, id, desk_query_int (query, first + (order->filed ? 1 : 0)),
                 order->shows_due ? desk_query_int (query, first + 2) : G_MAXINT64,
                 order->shows_priority ? desk_query_int (query, first + 3) : DESK_PRIORITY_NORMAL);
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

typedef struct
{
  const Reader *reader;
  gboolean own;        /* a list of what the reader filed: all of it is theirs to see */
  gboolean unassigned; /* only tickets that nobody has */
  guint limit;
} Filter;

static gboolean
passes (const Filter *filter, gint64 department, gint64 assignee, gint64 team)
{
  if (filter->own)
    return TRUE;
  if (filter->unassigned && assignee != 0)
    return FALSE;
  return works_on (filter->reader, department, assignee, team);
}

/* Reads rows of (key, id, department, assignee, team) that pass. Ends @query. */
static gboolean
collect (DeskQuery *query, const Filter *filter, GArray *keys, GError **error)
{
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while ((filter->limit == 0 || keys->len < filter->limit) && desk_query_next (query, &failure))
    {
      DeskKey key = { desk_query_int (query, 0), desk_query_int (query, 1) };

      if (passes (filter, desk_query_int (query, 2), desk_query_int (query, 3),
                  desk_query_int (query, 4)))
        g_array_append_val (keys, key);
    }
  desk_query_end (query);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
collect_status (DeskDb *db,
                DeskStatus status,
                DeskSort sort,
                const Filter *filter,
                GArray *keys,
                GError **error)
{
  DeskSql sql = sort == DESK_SORT_DUE ? DESK_SQL_KEYS_STATUS_DUE : DESK_SQL_KEYS_STATUS;

  return collect (desk_db_query (db, sql, error, "i", (gint64) status), filter, keys, error);
}

/* What an agent has to do lies in two ranges of the index. */
static gboolean
collect_mine (DeskDb *db, const Filter *filter, GArray *keys, GError **error)
{
  static const gint64 statuses[] = { DESK_STATUS_OPEN, DESK_STATUS_WAITING };
  Filter all = *filter;

  all.limit = 0;
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (!collect (desk_db_query (db, DESK_SQL_KEYS_ASSIGNEE, error, "ii", filter->reader->id,
                                 statuses[i]),
                  &all, keys, error))
      return FALSE;
  return TRUE;
}

/* In the order that the view's own index has. */
static gboolean
collect_view (DeskDb *db,
              const DeskView *view,
              DeskSort sort,
              const Filter *filter,
              gint64 now,
              GArray *keys,
              GError **error)
{
  gint64 department;

  switch (view->kind)
    {
    case DESK_VIEW_MINE:
      return collect_mine (db, filter, keys, error);
    case DESK_VIEW_UNASSIGNED:
    case DESK_VIEW_OPEN:
      return collect_status (db, DESK_STATUS_OPEN, sort, filter, keys, error);
    case DESK_VIEW_OVERDUE:
      return collect (desk_db_query (db, DESK_SQL_KEYS_OVERDUE, error, "i", now), filter, keys,
                      error);
    case DESK_VIEW_WAITING:
      return collect_status (db, DESK_STATUS_WAITING, sort, filter, keys, error);
    case DESK_VIEW_RESOLVED:
      return collect_status (db, DESK_STATUS_RESOLVED, sort, filter, keys, error);
    case DESK_VIEW_CLOSED:
      return collect_status (db, DESK_STATUS_CLOSED, sort, filter, keys, error);
    case DESK_VIEW_ALL:
      return collect (desk_db_query (db, DESK_SQL_KEYS_ALL, error, ""), filter, keys, error);
    case DESK_VIEW_FILED:
      return collect (desk_db_query (db, DESK_SQL_KEYS_REQUESTER, error, "i", filter->reader->id),
                      filter, keys, error);
    case DESK_VIEW_DEPARTMENT:
      department = desk_db_get_entry_id (db, DESK_ENTRY_DEPARTMENT, view->department);
      return collect (desk_db_query (db, DESK_SQL_KEYS_DEPARTMENT, error, "ii", department,
                                     (gint64) DESK_STATUS_OPEN),
                      filter, keys, error);
    }
  g_assert_not_reached ();
}

/* Whether the index gives @sort by itself. */
static gboolean
is_indexed (const DeskView *view, DeskSort sort)
{
  gboolean by_status = view->kind == DESK_VIEW_UNASSIGNED || view->kind == DESK_VIEW_OPEN ||
                       view->kind == DESK_VIEW_WAITING || view->kind == DESK_VIEW_RESOLVED ||
                       view->kind == DESK_VIEW_CLOSED;

  if (view->kind == DESK_VIEW_OVERDUE)
    return sort == DESK_SORT_DUE;
  if (view->kind == DESK_VIEW_MINE)
    return FALSE;
  return sort == DESK_SORT_RECENT || (sort == DESK_SORT_DUE && by_status);
}

/* Gives each key what @order wants, and orders them. */
static gboolean
sort_keys (DeskDb *db, GArray *keys, const Order *order, GError **error)
{
  for (guint i = 0; i < keys->len; i++)
    {
      DeskKey *key = &g_array_index (keys, DeskKey, i);
      g_autoptr (DeskQuery) query = NULL;

      if (order->sort == DESK_SORT_NUMBER)
        {
          key->key = -key->id;
          continue;
        }
      query = desk_db_query (db, DESK_SQL_SORT_VALUES, error, "i", key->id);
      if (query == NULL || !desk_query_next (query, error))
        return FALSE;
      key->key = read_key (order, key->id, query, 0);
    }
  g_array_sort (keys, compare_keys);
  return TRUE;
}

static gboolean
may_list (const DeskView *view, const Reader *reader)
{
  return reader->agent || view->kind == DESK_VIEW_FILED;
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
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (DeskKey));
  g_auto (Reader) reader = { 0 };
  Order order = get_order (db, view, sort);
  Filter filter;
  gboolean indexed = is_indexed (view, sort);

  if (!open_reader (db, person, &reader, error))
    return NULL;
  if (!may_list (view, &reader))
    return g_steal_pointer (&keys);
  filter = (Filter){ .reader = &reader,
                     .own = view->kind == DESK_VIEW_FILED,
                     .unassigned = view->kind == DESK_VIEW_UNASSIGNED,
                     .limit = indexed ? limit : 0 };
  if (!collect_view (db, view, indexed ? sort : DESK_SORT_RECENT, &filter, now, keys, error) ||
      (!indexed && !sort_keys (db, keys, &order, error)))
    return NULL;
  if (limit > 0 && keys->len > limit)
    g_array_set_size (keys, limit);
  return g_steal_pointer (&keys);
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
  t[9] =
      put_excerpt (desk_query_text (query, ROW_LAST_TEXT), texts->excerpt, sizeof texts->excerpt);
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
load_row (DeskDb *db, const Reader *reader, gint64 id, DeskSort sort, GError **error)
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
      if (internal ? works_on (reader, department, desk_query_int (query, ROW_ASSIGNEE_ID),
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
  g_auto (Reader) reader = { 0 };
  GError *failure = NULL;

  if (!open_reader (db, person, &reader, error))
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

enum
{
  CHANGED_TX,
  CHANGED_PUBLIC_TX,
  CHANGED_DUE,
  CHANGED_PRIORITY,
  CHANGED_ID,
  CHANGED_DEPARTMENT,
  CHANGED_ASSIGNEE,
  CHANGED_TEAM,
  CHANGED_REQUESTER,
  CHANGED_STATUS,
};

/* desk_view_holds() in the file's own numbers. */
static gboolean
belongs (DeskDb *db, const DeskView *view, const Reader *reader, DeskQuery *query, gint64 now)
{
  gint64 status = desk_query_int (query, CHANGED_STATUS);
  gint64 assignee = desk_query_int (query, CHANGED_ASSIGNEE);
  gint64 department = desk_query_int (query, CHANGED_DEPARTMENT);

  if (view->kind == DESK_VIEW_FILED)
    return desk_query_int (query, CHANGED_REQUESTER) == reader->id;
  if (!works_on (reader, department, assignee, desk_query_int (query, CHANGED_TEAM)))
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
      return status == DESK_STATUS_OPEN && desk_query_int (query, CHANGED_DUE) < now;
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

static DeskQuery *
query_changed (DeskDb *db, const Reader *reader, gboolean own, gint64 tx, guint max, GError **error)
{
  if (own)
    return desk_db_query (db, DESK_SQL_CHANGED_PUBLIC, error, "iii", reader->id, tx,
                          (gint64) max + 1);
  return desk_db_query (db, DESK_SQL_CHANGED, error, "ii", tx, (gint64) max + 1);
}

static DeskKeyChange
read_change (DeskDb *db,
             const DeskView *view,
             const Order *order,
             const Reader *reader,
             DeskQuery *query,
             gint64 now)
{
  gint64 id = desk_query_int (query, CHANGED_ID);

  return (DeskKeyChange){
    .key = { read_key (order, id, query, CHANGED_TX), id },
    .gone = !belongs (db, view, reader, query, now),
  };
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
  Order order = get_order (db, view, sort);
  g_autoptr (DeskQuery) query = NULL;
  g_auto (Reader) reader = { 0 };
  GError *failure = NULL;
  gint64 newest;

  *too_many = FALSE;
  if (!open_reader (db, person, &reader, error) || !desk_rows_get_tx (db, &newest, error))
    return NULL;
  query = query_changed (db, &reader, view->kind == DESK_VIEW_FILED, *tx, max, error);
  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    {
      DeskKeyChange change = read_change (db, view, &order, &reader, query, now);
      g_array_append_val (changes, change);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  *tx = newest;
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
count_tally (DeskDb *db, const Reader *reader, DeskQuery *query, DeskCounts *counts)
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

  if (!works_on (reader, department, assignee, team))
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
count_all (DeskDb *db, const Reader *reader, DeskCounts *counts, GError **error)
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
count_overdue (DeskDb *db, const Reader *reader, gint64 now, DeskCounts *counts, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_KEYS_OVERDUE, error, "i", now);
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    counts->views[DESK_VIEW_OVERDUE] += works_on (
        reader, desk_query_int (query, 2), desk_query_int (query, 3), desk_query_int (query, 4));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
count_filed (DeskDb *db, const Reader *reader, DeskCounts *counts, GError **error)
{
  return desk_db_get_int (db, DESK_SQL_COUNT_FILED, &counts->views[DESK_VIEW_FILED], error, "i",
                          reader->id);
}

DeskCounts *
desk_rows_count (DeskDb *db, const DeskPerson *person, gint64 now, GError **error)
{
  g_autoptr (DeskCounts) counts = g_new0 (DeskCounts, 1);
  g_auto (Reader) reader = { 0 };

  counts->departments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!open_reader (db, person, &reader, error) || !count_filed (db, &reader, counts, error))
    return NULL;
  if (reader.agent &&
      (!count_all (db, &reader, counts, error) || !count_overdue (db, &reader, now, counts, error)))
    return NULL;
  return g_steal_pointer (&counts);
}
