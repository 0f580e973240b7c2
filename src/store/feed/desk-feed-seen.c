/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far the desk was when it answered: a cursor that nothing can be read after. */
#include "desk-feed-seen.h"

#include "desk-feed-private.h"

/* No stage of a fill, and not the feed. */
#define STAGE_MARK G_GINT64_CONSTANT (-1)

static gboolean
mark_head (DeskFeeding *feeding, DeskCursor *mark, GError **error)
{
  gint64 event;

  if (!desk_cursor_stamp (feeding, mark, error) ||
      !desk_db_get_int (feeding->db, DESK_SQL_GET_TX, &mark->tx, error, "") ||
      !desk_db_get_int (feeding->db, DESK_SQL_EVENT_LAST, &event, error, ""))
    return FALSE;
  mark->revision = desk_catalogue_get_revision (desk_db_get_catalogue (feeding->db, NULL));
  return event == 0 || desk_cursor_set_event (feeding->db, mark, event, error);
}

gboolean
desk_feed_mark (DeskDb *db, const DeskPerson *reader, gint64 now, DeskCursor *mark, GError **error)
{
  g_auto (DeskFeeding) feeding = { 0 };

  *mark = (DeskCursor){ .stage = STAGE_MARK };
  return desk_feeding_open (&feeding, db, reader, NULL, now, error) &&
         mark_head (&feeding, mark, error);
}

gboolean
desk_feed_check_mark (
    DeskDb *db, const DeskPerson *reader, const DeskCursor *mark, gint64 now, GError **error)
{
  g_auto (DeskFeeding) feeding = { 0 };

  if (mark->stage != STAGE_MARK)
    {
      g_set_error (error, DESK_FEED_ERROR, DESK_FEED_ERROR_INVALID_CURSOR,
                   "This is no mark of an answer");
      return FALSE;
    }
  return desk_feeding_open (&feeding, db, reader, NULL, now, error) &&
         desk_cursor_check (&feeding, mark, error);
}
