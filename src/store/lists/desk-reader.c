/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who looks at tickets, in the file's own numbers. */
#include "desk-reader.h"

#include "desk-permission.h"

static void
add_ids (DeskDb *db, GArray *ids, DeskEntryKind kind, char **slugs)
{
  for (guint i = 0; slugs[i] != NULL; i++)
    {
      gint64 id = desk_db_get_entry_id (db, kind, slugs[i]);
      g_array_append_val (ids, id);
    }
}

gboolean
desk_reader_open (DeskDb *db, const DeskPerson *person, DeskReader *reader, GError **error)
{
  DeskStanding standing = desk_standing_of (person, NULL);

  *reader = (DeskReader){ .person = person,
                          .agent = standing & DESK_STANDING_AGENT,
                          .everything = standing & DESK_STANDING_ADMINISTRATOR,
                          .departments = g_array_new (FALSE, FALSE, sizeof (gint64)),
                          .teams = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  /* Who was removed is nobody: not the requester of their tickets either. */
  if (person->removed)
    return TRUE;
  add_ids (db, reader->departments, DESK_ENTRY_DEPARTMENT, person->departments);
  add_ids (db, reader->teams, DESK_ENTRY_TEAM, person->teams);
  return desk_db_get_person_id (db, person->uid, &reader->id, error);
}

void
desk_reader_close (DeskReader *reader)
{
  g_clear_pointer (&reader->departments, g_array_unref);
  g_clear_pointer (&reader->teams, g_array_unref);
}

static gboolean
holds_id (GArray *ids, gint64 id)
{
  for (guint i = 0; id != 0 && i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == id)
      return TRUE;
  return FALSE;
}

gboolean
desk_reader_works_on (const DeskReader *reader, gint64 department, gint64 assignee, gint64 team)
{
  if (reader->everything)
    return TRUE;
  return reader->agent &&
         (holds_id (reader->departments, department) || (assignee != 0 && assignee == reader->id) ||
          holds_id (reader->teams, team));
}
