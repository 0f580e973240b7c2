/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filling a copy from nothing, by stages, each newest first and by keyset.
 *
 * It is no snapshot: what changes while it goes on may be missed, and is told afterwards by the
 * feed, whose position is taken before anything is read. */
#include "desk-feed-private.h"

typedef enum
{
  STAGE_DONE = 0, /* of the feed */
  STAGE_OPEN,
  STAGE_WAITING,
  STAGE_RESOLVED,
  STAGE_OWN,    /* as their requester; all there is of a requester's copy */
  STAGE_CLOSED, /* the newest */
  STAGE_END,
} Stage;

enum
{
  FOUND_KEY,
  FOUND_TICKET,
  FOUND_DEPARTMENT,
  FOUND_ASSIGNEE,
  FOUND_TEAM,
  /* of one's own only: */
  FOUND_STATUS,
  FOUND_UPDATED_AT,
};

typedef struct
{
  DeskFeeding *feeding;
  DeskCursor *cursor;
  guint rows; /* looked at */
} Filling;

/* --- the beginning --- */

static void
enter_stage (DeskCursor *cursor, Stage stage)
{
  cursor->stage = stage;
  cursor->key = G_MAXINT64;
  cursor->id = G_MAXINT64;
}

static gboolean
find_newest_own (Filling *self, gint64 *tx, gint64 *ticket, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->feeding->db, DESK_SQL_FILL_OWN, error, "iii",
                                               self->feeding->reader.id, G_MAXINT64, (gint64) 1);
  GError *failure = NULL;

  *tx = *ticket = 0;
  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    {
      *tx = desk_query_int (query, FOUND_KEY);
      *ticket = desk_query_int (query, FOUND_TICKET);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* A requester stands at the newest of what they will receive. */
static gboolean
find_own_head (Filling *self, gint64 *tx, gint64 *event, GError **error)
{
  DeskEventRange newest = { .public_only = TRUE, .max = 1 };
  g_autoptr (DeskFold) fold = NULL;
  g_autoptr (GPtrArray) events = NULL;
  gint64 ticket;

  *event = 0;
  if (!find_newest_own (self, tx, &ticket, error))
    return FALSE;
  if (ticket == 0)
    return TRUE;
  fold = desk_fold_find_id (self->feeding->db, ticket, error);
  if (fold == NULL)
    return FALSE;
  events = desk_fold_read_range (self->feeding->db, fold, &newest, event, error);
  return events != NULL;
}

static gboolean
find_head (Filling *self, gint64 *tx, gint64 *event, GError **error)
{
  if (!self->feeding->reader.agent)
    return find_own_head (self, tx, event, error);
  return desk_db_get_int (self->feeding->db, DESK_SQL_GET_TX, tx, error, "") &&
         desk_db_get_int (self->feeding->db, DESK_SQL_EVENT_LAST, event, error, "");
}

static void
add_agents (DeskFeeding *feeding)
{
  GPtrArray *agents = desk_catalogue_get_agents (desk_db_get_catalogue (feeding->db, NULL));

  for (guint i = 0; feeding->reader.agent && i < agents->len; i++)
    desk_feeding_take_person (feeding, desk_person_ref (g_ptr_array_index (agents, i)));
}

static gboolean
begin (Filling *self, GError **error)
{
  DeskFeeding *feeding = self->feeding;
  DeskCursor *cursor = self->cursor;
  gint64 event;

  *cursor = (DeskCursor){ 0 };
  if (!desk_cursor_stamp (feeding, cursor, error) ||
      !find_head (self, &cursor->tx, &event, error) ||
      (event != 0 && !desk_cursor_set_event (feeding->db, cursor, event, error)))
    return FALSE;
  cursor->revision = desk_catalogue_get_revision (desk_db_get_catalogue (feeding->db, NULL));
  cursor->since = feeding->now - DESK_FEED_KEPT_SECS;
  enter_stage (cursor, feeding->reader.agent ? STAGE_OPEN : STAGE_OWN);
  desk_feeding_add_entries (feeding);
  add_agents (feeding);
  desk_feeding_take_person (feeding, desk_person_ref (feeding->person));
  return TRUE;
}

/* --- the stages --- */

static DeskQuery *
query_status (Filling *self, DeskStatus status, gint64 rows, GError **error)
{
  return desk_db_query (self->feeding->db, DESK_SQL_FILL_STATUS, error, "iii", (gint64) status,
                        self->cursor->key, rows);
}

static DeskQuery *
query_stage (Filling *self, gint64 rows, GError **error)
{
  const DeskCursor *cursor = self->cursor;

  switch ((Stage) cursor->stage)
    {
    case STAGE_OPEN:
      return query_status (self, DESK_STATUS_OPEN, rows, error);
    case STAGE_WAITING:
      return query_status (self, DESK_STATUS_WAITING, rows, error);
    case STAGE_RESOLVED:
      return query_status (self, DESK_STATUS_RESOLVED, rows, error);
    case STAGE_OWN:
      return desk_db_query (self->feeding->db, DESK_SQL_FILL_OWN, error, "iii",
                            self->feeding->reader.id, cursor->key, rows);
    case STAGE_CLOSED:
      return desk_db_query (self->feeding->db, DESK_SQL_FILL_CLOSED, error, "iiii", cursor->key,
                            cursor->id, cursor->since, rows);
    case STAGE_DONE:
    case STAGE_END:
      break;
    }
  g_return_val_if_reached (NULL);
}

static gboolean
is_wanted (Filling *self, DeskQuery *query)
{
  gboolean works_on = desk_reader_works_on (
      &self->feeding->reader, desk_query_int (query, FOUND_DEPARTMENT),
      desk_query_int (query, FOUND_ASSIGNEE), desk_query_int (query, FOUND_TEAM));

  if (self->cursor->stage != STAGE_OWN)
    return works_on;
  /* The other stages bring what is worked on, but for what was closed long ago. */
  return !works_on || (desk_query_int (query, FOUND_STATUS) == DESK_STATUS_CLOSED &&
                       desk_query_int (query, FOUND_UPDATED_AT) < self->cursor->since);
}

static gboolean
is_full (Filling *self)
{
  return self->rows >= self->feeding->limits->rows || desk_feeding_is_full (self->feeding);
}

/* Goes on in the stage until it ends or the page is full. */
static gboolean
fill_stage (Filling *self, gboolean *ended, GError **error)
{
  gint64 rows = self->feeding->limits->rows - self->rows;
  g_autoptr (DeskQuery) query = query_stage (self, rows, error);
  GError *failure = NULL;
  gint64 n = 0;

  if (query == NULL)
    return FALSE;
  while (failure == NULL && !is_full (self) && desk_query_next (query, &failure))
    {
      n++;
      self->rows++;
      self->cursor->key = desk_query_int (query, FOUND_KEY);
      self->cursor->id = desk_query_int (query, FOUND_TICKET);
      if (is_wanted (self, query))
        desk_feeding_put (self->feeding, self->cursor->id, 0, &failure);
    }
  *ended = n < rows && !is_full (self);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static Stage
find_next_stage (Filling *self)
{
  return self->feeding->reader.agent ? self->cursor->stage + 1 : STAGE_END;
}

static gboolean
fill (Filling *self, GError **error)
{
  DeskCursor *cursor = self->cursor;

  while (cursor->stage != STAGE_END && !is_full (self))
    {
      gboolean ended;

      if (!fill_stage (self, &ended, error))
        return FALSE;
      if (ended)
        enter_stage (cursor, find_next_stage (self));
    }
  self->feeding->page->more = cursor->stage != STAGE_END;
  if (cursor->stage == STAGE_END)
    cursor->stage = cursor->key = cursor->id = cursor->since = 0;
  return TRUE;
}

/* --- the page --- */

static gboolean
go_on (Filling *self, const DeskCursor *after, GError **error)
{
  *self->cursor = *after;
  if (after->stage > STAGE_DONE && after->stage < STAGE_END)
    return desk_cursor_check (self->feeding, after, error);
  g_set_error (error, DESK_FEED_ERROR, DESK_FEED_ERROR_INVALID_CURSOR,
               "This cursor does not go on with a fill");
  return FALSE;
}

DeskPage *
desk_feed_fill (DeskDb *db,
                const DeskPerson *reader,
                const DeskCursor *after,
                const DeskFeedLimits *limits,
                gint64 now,
                DeskCursor *next,
                GError **error)
{
  g_auto (DeskFeeding) feeding = { 0 };
  Filling self = { &feeding, next, 0 };

  if (!desk_feeding_open (&feeding, db, reader, limits, now, error) ||
      !(after != NULL ? go_on (&self, after, error) : begin (&self, error)) || !fill (&self, error))
    return NULL;
  return desk_feeding_steal_page (&feeding);
}
