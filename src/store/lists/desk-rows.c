/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of tickets: rows for the eye. */
#include "desk-rows.h"

#include <string.h>

#include "desk-reader.h"
#include "desk-text.h"

/* One line of a list is at most this many characters of text. */
#define EXCERPT_CHARS 120

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
  /* It was filed here, and nobody else knows of it. */
  if (desk_query_int (query, ROW_NO) == 0)
    return FALSE;
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
read_row (DeskDb *db, DeskQuery *query, gboolean internal)
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
    .pending = (guint) MAX (desk_query_int (query, ROW_PENDING), 0),
  };

  if (!internal)
    hide_from_requester (&row, desk);
  gather_texts (query, internal || desk_entry_get_bool (desk, DESK_PROPERTY_SHOW_ASSIGNEE),
                name_department (db, desk_query_int (query, ROW_DEPARTMENT), internal), &texts);
  return pack_row (&row, &texts);
}

static DeskRow *
load_row (DeskDb *db, const DeskReader *reader, gint64 id, GError **error)
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
        return read_row (db, query, internal);
    }
  return NULL;
}

static GPtrArray *
load_rows (DeskDb *db, const DeskPerson *person, const gint64 *ids, guint n_ids, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_full (n_ids, (GDestroyNotify) desk_row_free);
  g_auto (DeskReader) reader = { 0 };
  GError *failure = NULL;

  if (!desk_reader_open (db, person, &reader, error))
    return NULL;
  for (guint i = 0; i < n_ids && failure == NULL; i++)
    g_ptr_array_add (rows, load_row (db, &reader, ids[i], &failure));
  if (failure == NULL)
    return g_steal_pointer (&rows);
  g_propagate_error (error, failure);
  return NULL;
}

GPtrArray *
desk_rows_load (
    DeskDb *db, const DeskPerson *person, const gint64 *ids, guint n_ids, GError **error)
{
  gboolean own = !desk_db_in_transaction (db);
  GPtrArray *rows;

  if (own && !desk_db_begin_read (db, error))
    return NULL;
  rows = load_rows (db, person, ids, n_ids, error);
  if (own)
    desk_db_end_read (db);
  return rows;
}
