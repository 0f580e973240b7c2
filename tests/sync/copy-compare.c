/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a copy of a desk and the desk itself say, held against each other. */
#include <sqlite3.h>
#include <string.h>

#include "copy.h"
#include "desk-feed.h"
#include "desk-fold.h"
#include "desk-people.h"
#include "desk-permission.h"
#include "desk-rows.h"
#include "desk-search.h"
#include "desk-uid.h"

/* --- describing --- */

GPtrArray *
copy_list_tickets (DeskDb *db)
{
  GPtrArray *uids = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *stmt;

  g_assert_cmpint (sqlite3_prepare_v2 (desk_db_get_handle (db),
                                       "SELECT uid FROM ticket ORDER BY uid", -1, &stmt, NULL),
                   ==, SQLITE_OK);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    g_ptr_array_add (uids, desk_uid_from_bytes (sqlite3_column_blob (stmt, 0)));
  sqlite3_finalize (stmt);
  return uids;
}

static void
add_json (GString *text, const char *what, JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;
  g_autofree char *json = desk_json_to_string (owned, FALSE);

  g_string_append_printf (text, "  %s %s\n", what, json);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_people (GString *text, GHashTable *people)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, people);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const DeskPerson *person = value;

      g_ptr_array_add (lines, g_strdup_printf ("  person %s %s %s role %d\n", person->uid,
                                               person->name, person->login, person->role));
    }
  g_ptr_array_sort (lines, compare_texts);
  for (guint i = 0; i < lines->len; i++)
    g_string_append (text, g_ptr_array_index (lines, i));
}

/* Whether the ticket is shown whole. */
static gboolean
is_internal (DeskDb *db, const DeskPerson *reader, const char *uid)
{
  g_autoptr (DeskFold) fold = desk_fold_find (db, uid, NULL);

  return desk_can (DESK_ACTION_SEE_INTERNAL, reader, fold->ticket, desk_db_get_catalogue (db, NULL),
                   0, NULL);
}

static void
add_row (GString *text, DeskDb *db, const DeskPerson *reader, gint64 id, const char *department)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = desk_rows_load (db, reader, &id, 1, &error);
  const DeskRow *row;

  g_assert_no_error (error);
  row = g_ptr_array_index (rows, 0);
  if (row == NULL)
    {
      g_string_append (text, "  no row\n");
      return;
    }
  g_string_append_printf (
      text,
      "  row %s %s from %s for %s last %s: %s in %s, %d %d clock %" G_GINT64_FORMAT
      " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " at %" G_GINT64_FORMAT
      " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "%s%s%s\n",
      row->number, row->summary, row->requester, row->assignee, row->last_by, row->last_text,
      department, row->status, row->priority, row->target_secs, row->spent_secs, row->running_since,
      row->due_at, row->created_at, row->updated_at, row->closed_at,
      row->has_attachments ? " files" : "", row->unread ? " unread" : "",
      row->pending ? " pending" : "");
}

/* On a replica nothing stands in for a department where it would make its reader an agent. */
static void
fit_department (DeskDb *db, const DeskPerson *reader, DeskTicket *ticket)
{
  gboolean is_replica;

  g_assert_true (desk_replica_check (db, &is_replica, NULL));
  if (!is_replica && !is_internal (db, reader, ticket->uid) &&
      (desk_standing_of (reader, ticket) & DESK_STANDING_AGENT) != 0)
    g_clear_pointer (&ticket->department, g_free);
}

static void
add_ticket (GString *text, DeskDb *db, const DeskPerson *reader, const char *uid)
{
  GError *error = NULL;
  g_autoptr (DeskCase) found = desk_tickets_load (db, reader, uid, 0, &error);
  g_autoptr (DeskTicket) ticket = NULL;

  g_string_append_printf (text, "ticket %s\n", uid);
  if (g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH))
    {
      g_string_append (text, "  not seen\n");
      g_error_free (error);
      return;
    }
  g_assert_no_error (error);
  ticket = desk_ticket_copy (found->ticket);
  fit_department (db, reader, ticket);
  add_json (text, "is", desk_ticket_to_json (ticket));
  for (guint i = 0; i < found->events->len; i++)
    add_json (text, "event", desk_event_to_json (found->events->pdata[i]));
  g_string_append_printf (text, "  seen %" G_GINT64_FORMAT "%s%s\n", found->seen_no,
                          found->pending ? " pending" : "", found->incomplete ? " gaps" : "");
  add_row (text, db, reader, found->id, ticket->department);
  add_people (text, found->people);
}

char *
copy_describe (DeskDb *db, const char *reader_uid, GPtrArray *uids, gint64 now)
{
  GString *text = g_string_new (NULL);
  GError *error = NULL;
  g_autoptr (DeskPerson) reader = NULL;

  desk_db_begin_read (db, &error);
  g_assert_no_error (error);
  reader = desk_people_find_uid (db, reader_uid, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < uids->len; i++)
    add_ticket (text, db, reader, g_ptr_array_index (uids, i));
  desk_db_end_read (db);
  return g_string_free (text, FALSE);
}

/* --- comparing --- */

/* @line of a ticket, without how far it was read. (transfer full) */
static char *
leave_out_reading (const char *line)
{
  static const char unread[] = " unread";
  const char *mark = g_str_has_prefix (line, "  row ") ? g_strrstr (line, unread) : NULL;

  if (g_str_has_prefix (line, "  seen "))
    return g_strdup (strchr (line + strlen ("  seen "), ' '));
  return mark != NULL
             ? g_strdup_printf ("%.*s%s", (int) (mark - line), line, mark + strlen (unread))
             : g_strdup (line);
}

static gboolean
is_same_line (const char *copy, const char *desk, gboolean reads_apart)
{
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;

  if (!reads_apart || copy == NULL || desk == NULL)
    return g_strcmp0 (copy, desk) == 0;
  here = leave_out_reading (copy);
  there = leave_out_reading (desk);
  return g_strcmp0 (here, there) == 0;
}

/* The first line in which two texts differ, with the ticket it is of. */
static char *
find_difference (const char *a, const char *b, gboolean reads_apart)
{
  g_auto (GStrv) first = g_strsplit (a, "\n", -1);
  g_auto (GStrv) second = g_strsplit (b, "\n", -1);
  const char *head = "";

  for (guint i = 0; first[i] != NULL || second[i] != NULL; i++)
    {
      if (first[i] != NULL && g_str_has_prefix (first[i], "ticket "))
        head = first[i];
      if (!is_same_line (first[i], second[i], reads_apart))
        return g_strdup_printf ("%s\n  copy: %s\n  desk: %s", head, first[i],
                                second[i] != NULL ? second[i] : "(nothing)");
      if (first[i] == NULL)
        break;
    }
  return NULL;
}

static gboolean
is_in (GPtrArray *uids, const char *uid)
{
  return g_ptr_array_find_with_equal_func (uids, uid, g_str_equal, NULL);
}

/* All that a fill would bring has to be here. */
static char *
find_missing (Copy *self, DeskDb *desk, GPtrArray *here, gint64 now)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) reader = desk_people_find_uid (desk, self->reader, &error);
  DeskCursor after, next;
  gboolean more = TRUE;

  for (guint i = 0; more; i++)
    {
      g_autoptr (DeskPage)
          page = desk_feed_fill (desk, reader, i > 0 ? &after : NULL, NULL, now, &next, &error);

      g_assert_no_error (error);
      for (guint k = 0; k < page->puts->len; k++)
        {
          const DeskPut *put = g_ptr_array_index (page->puts, k);

          if (!is_in (here, put->ticket->uid))
            return g_strdup_printf ("ticket %s is missing", put->ticket->uid);
        }
      more = page->more;
      after = next;
    }
  return NULL;
}

/* What is not here of what the reader may see was closed long ago. @n_closed: how many. */
static char *
find_outside (Copy *self, DeskDb *desk, GPtrArray *here, gint64 now, gint64 *n_closed)
{
  g_autoptr (GPtrArray) all = copy_list_tickets (desk);
  GError *error = NULL;
  g_autoptr (DeskPerson) reader = desk_people_find_uid (desk, self->reader, &error);

  *n_closed = 0;
  for (guint i = 0; i < all->len; i++)
    {
      const char *uid = g_ptr_array_index (all, i);
      g_autoptr (DeskCase)
          found = is_in (here, uid) ? NULL : desk_tickets_load (desk, reader, uid, 0, NULL);

      if (found == NULL)
        continue;
      if (found->ticket->status != DESK_STATUS_CLOSED ||
          found->ticket->updated_at >= now - DESK_FEED_KEPT_SECS)
        return g_strdup_printf ("ticket %s is not there", uid);
      ++*n_closed;
    }
  return NULL;
}

static char *
describe_catalogue (DeskDb *db)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    {
      GPtrArray *entries = desk_catalogue_get_entries (catalogue, kind);

      for (guint i = 0; i < entries->len; i++)
        {
          const DeskEntry *entry = g_ptr_array_index (entries, i);
          g_autoptr (JsonNode) node = desk_entry_to_json (entry);

          /* Kept for the numbers of old tickets only. */
          if (entry->revision > 0)
            g_ptr_array_add (lines, desk_json_to_string (node, FALSE));
        }
    }
  g_ptr_array_sort (lines, compare_texts);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static char *
describe_told_catalogue (Copy *self, DeskDb *desk, gint64 now)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) reader = desk_people_find_uid (desk, self->reader, &error);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  DeskCursor next;
  g_autoptr (DeskPage) page = desk_feed_fill (desk, reader, NULL, NULL, now, &next, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < page->entries->len; i++)
    {
      g_autoptr (JsonNode) node = desk_entry_to_json (page->entries->pdata[i]);

      g_ptr_array_add (lines, desk_json_to_string (node, FALSE));
    }
  g_ptr_array_sort (lines, compare_texts);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static char *
describe_search (DeskDb *db, const char *reader_uid, const char *words, GPtrArray *among)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) reader = desk_people_find_uid (db, reader_uid, &error);
  g_autoptr (GPtrArray) rows = desk_search (db, reader, words, 1000, &error);
  g_autoptr (GPtrArray) uids = g_ptr_array_new ();

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    if (is_in (among, ((DeskRow *) rows->pdata[i])->uid))
      g_ptr_array_add (uids, (gpointer) ((DeskRow *) rows->pdata[i])->uid);
  g_ptr_array_sort (uids, compare_texts);
  g_ptr_array_add (uids, NULL);
  return g_strjoinv (" ", (char **) uids->pdata);
}

static char *
compare_searches (Copy *self, DeskDb *desk, GPtrArray *here)
{
  static const char *const words[] = { "printer", "paper",  "karen", "solved",
                                       "canary",  "urgent", "other" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *found = describe_search (self->db, self->reader, words[i], here);
      g_autofree char *there = describe_search (desk, self->reader, words[i], here);

      if (strcmp (found, there) != 0)
        return g_strdup_printf ("search for %s\n  copy: %s\n  desk: %s", words[i], found, there);
    }
  return NULL;
}

static char *
describe_counts (DeskDb *db, const char *reader_uid, gint64 now, gint64 n_outside)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) reader = desk_people_find_uid (db, reader_uid, &error);
  g_autoptr (DeskCounts) counts = desk_rows_count (db, reader, now, &error);
  GString *text = g_string_new ("counts");

  g_assert_no_error (error);
  counts->views[DESK_VIEW_CLOSED] -= n_outside;
  counts->views[DESK_VIEW_ALL] -= n_outside;
  for (guint i = 0; i < G_N_ELEMENTS (counts->views); i++)
    g_string_append_printf (text, " %" G_GINT64_FORMAT, counts->views[i]);
  return g_string_free (text, FALSE);
}

static char *
compare_texts_of (char *here, char *there, gboolean reads_apart)
{
  g_autofree char *a = here;
  g_autofree char *b = there;

  return find_difference (a, b, reads_apart);
}

char *
copy_compare (Copy *self, DeskDb *desk, gint64 now)
{
  g_autoptr (GPtrArray) here = copy_list_tickets (self->db);
  char *difference = find_missing (self, desk, here, now);
  gint64 n_outside = 0;

  if (difference == NULL)
    difference = find_outside (self, desk, here, now, &n_outside);
  if (difference == NULL)
    difference = compare_texts_of (describe_catalogue (self->db),
                                   describe_told_catalogue (self, desk, now), FALSE);
  if (difference == NULL)
    difference = compare_texts_of (copy_describe (self->db, self->reader, here, now),
                                   copy_describe (desk, self->reader, here, now),
                                   self->reads_apart);
  if (difference == NULL)
    difference = compare_texts_of (describe_counts (self->db, self->reader, now, 0),
                                   describe_counts (desk, self->reader, now, n_outside), FALSE);
  return difference != NULL ? difference : compare_searches (self, desk, here);
}
