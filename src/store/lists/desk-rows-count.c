/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of tickets: how many are in each queue. */
#include "desk-rows-private.h"

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
  guint sum;

  if (slug == NULL)
    return;
  sum = GPOINTER_TO_UINT (g_hash_table_lookup (counts->departments, slug)) + (guint) n;
  g_hash_table_insert (counts->departments, g_strdup (slug), GUINT_TO_POINTER (sum));
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
