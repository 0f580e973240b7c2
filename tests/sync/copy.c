/* SPDX-License-Identifier: GPL-3.0-or-later
 * A replica and who talks to the server for it. */
#include "copy.h"

#include <sqlite3.h>
#include <string.h>

#include "desk-blobs.h"
#include "desk-error.h"
#include "desk-feed.h"
#include "desk-fold.h"
#include "desk-people.h"
#include "desk-permission.h"
#include "desk-rows.h"
#include "desk-search.h"
#include "desk-uid.h"
#include "served.h"

#define OPS_AT_ONCE   5
#define INDEX_AT_ONCE 3

/* --- the file --- */

void
copy_create (Copy *self, const char *path, DeskDb *desk, const char *reader_uid)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) me = desk_people_find_uid (desk, reader_uid, &error);

  g_assert_no_error (error);
  self->path = g_strdup (path);
  self->reader = g_strdup (reader_uid);
  self->db = desk_replica_create (path, "https://desk.example.org", desk_db_get_uid (desk), me,
                                  &error);
  g_assert_no_error (error);
}

void
copy_open (Copy *self)
{
  GError *error = NULL;

  self->db = desk_db_open (self->path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
}

void
copy_close (Copy *self)
{
  g_clear_pointer (&self->db, desk_db_close);
}

void
copy_clear (Copy *self)
{
  copy_close (self);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->reader, g_free);
  if (self->received != NULL)
    g_string_free (g_steal_pointer (&self->received), TRUE);
}

/* --- asking --- */

CopyAsk *
copy_ask_ref (CopyAsk *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
copy_ask_unref (CopyAsk *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->batch, desk_batch_free);
  g_free (self->request);
  g_free (self);
}

static void
ask_pull (CopyAsk *ask, const DeskReplicaState *state)
{
  ask->request = state->cursor != NULL
                     ? g_strdup_printf ("{\"get\": \"%s\", \"cursor\": \"%s\"}",
                                        state->filling ? "snapshot" : "changes", state->cursor)
                     : g_strdup ("{\"get\": \"snapshot\"}");
}

static gboolean
ask_push (Copy *self, CopyAsk *ask, GError **error)
{
  g_autoptr (DeskOpsRequest) request = desk_ops_request_new ("device");
  g_autoptr (JsonNode) node = NULL;

  ask->batch = desk_outbox_take (self->db, OPS_AT_ONCE, DESK_PROTOCOL_MAX_OPS_BYTES, error);
  if (ask->batch == NULL)
    return FALSE;
  for (guint i = 0; i < ask->batch->ops->len; i++)
    desk_ops_request_add (request, ask->batch->ops->pdata[i]);
  node = desk_ops_request_to_json (request);
  if (ask->batch->ops->len > 0)
    ask->request = desk_json_to_string (node, FALSE);
  return TRUE;
}

static gboolean
ask_fetch (Copy *self, CopyAsk *ask, GError **error)
{
  g_autoptr (GPtrArray) gaps = desk_replica_list_gaps (self->db, 1, error);

  if (gaps != NULL && gaps->len > 0)
    {
      const DeskGap *gap = g_ptr_array_index (gaps, 0);

      ask->request = g_strdup_printf (
          "{\"get\": \"events\", \"ticket\": \"%s\", \"after\": %" G_GINT64_FORMAT "}", gap->ticket,
          gap->after_no);
    }
  return gaps != NULL;
}

static gboolean
ask_this (Copy *self, CopyAsk *ask, const DeskReplicaState *state, GError **error)
{
  switch (ask->kind)
    {
    case COPY_PULL:
      ask_pull (ask, state);
      return TRUE;
    case COPY_PUSH:
      return ask_push (self, ask, error);
    case COPY_FETCH:
      return ask_fetch (self, ask, error);
    }
  g_assert_not_reached ();
}

/* @seen: the mark. */
static void
add_seen (CopyAsk *ask, const char *seen)
{
  g_autofree char *plain = ask->request;

  ask->request = seen != NULL ? g_strdup_printf ("{\"seen\": \"%s\", %s", seen, plain + 1)
                              : g_steal_pointer (&plain);
}

CopyAsk *
copy_ask (Copy *self, CopyAskKind kind, GError **error)
{
  g_autoptr (CopyAsk) ask = g_new0 (CopyAsk, 1);
  g_autoptr (DeskReplicaState) state = desk_replica_get_state (self->db, error);

  g_atomic_ref_count_init (&ask->ref_count);
  ask->kind = kind;
  if (state == NULL || !ask_this (self, ask, state, error) || ask->request == NULL)
    return NULL;
  ask->stamp = ask->batch != NULL ? ask->batch->stamp : state->stamp;
  add_seen (ask, ask->batch != NULL ? ask->batch->seen : state->seen);
  return g_steal_pointer (&ask);
}

/* --- taking answers --- */

void
copy_upload (Copy *self, DeskDb *desk, const DeskOp *op)
{
  for (guint i = 0; i < op->attachments->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (op->attachments, i);
      g_autoptr (GOutputStream) content = g_memory_output_stream_new_resizable ();
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (DeskAttachment) uploaded = NULL;
      GError *error = NULL;

      desk_blobs_write_own (self->db, file->sha256, content, NULL, &error);
      g_assert_no_error (error);
      g_output_stream_close (content, NULL, &error);
      g_assert_no_error (error);
      bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (content));
      uploaded = desk_blobs_add_bytes (desk, bytes, file->name, file->type, &error);
      g_assert_no_error (error);
    }
}

/* An answer that comes late must not make a good cursor a bad one. */
static gboolean
refill (Copy *self, const CopyAsk *ask, GError **error)
{
  g_autoptr (DeskReplicaState) state = desk_replica_get_state (self->db, error);

  return state != NULL && (state->stamp != ask->stamp || desk_replica_begin_fill (self->db, error));
}

static gboolean
take_pull (
    Copy *self, const CopyAsk *ask, JsonNode *body, const char *seen, gint64 now, GError **error)
{
  g_autoptr (DeskPage) page = NULL;
  GError *failure = NULL;
  gboolean applied;

  page = desk_page_from_json (body, &failure);
  g_assert_no_error (failure);
  return desk_replica_apply (self->db, page, ask->stamp, seen, now, &applied, error);
}

static gboolean
take_push (
    Copy *self, const CopyAsk *ask, JsonNode *body, const char *seen, gint64 now, GError **error)
{
  g_autoptr (DeskOpsAnswer) answer = NULL;
  GError *failure = NULL;

  answer = desk_ops_answer_from_json (body, &failure);
  g_assert_no_error (failure);
  return desk_outbox_settle (self->db, ask->batch, answer, seen, now, error);
}

static gboolean
take_fetch (Copy *self, const CopyAsk *ask, JsonNode *body, const char *seen, GError **error)
{
  g_autoptr (DeskPage) page = NULL;
  GError *failure = NULL;
  gboolean taken;

  page = desk_page_from_json (body, &failure);
  g_assert_no_error (failure);
  return desk_replica_take_in (self->db, page->puts->pdata[0], page->people, ask->stamp, seen,
                               &taken, error);
}

gboolean
copy_take (Copy *self, const CopyAsk *ask, const char *answer, gint64 now, GError **error)
{
  GError *failure = NULL;
  g_autoptr (JsonNode) node = desk_json_parse (answer, strlen (answer), &failure);
  JsonObject *object;
  JsonNode *body;
  const char *seen;
  int status;

  now += self->skew;
  g_assert_no_error (failure);
  object = json_node_get_object (node);
  status = json_object_get_int_member (object, "status");
  body = json_object_get_member (object, "body");
  if (status == 410)
    return refill (self, ask, error);
  /* Who may not ask any more waits; of a ticket that is not there the feed tells more. */
  if (status == 401 || (status == 404 && ask->kind == COPY_FETCH))
    return TRUE;
  g_assert_cmpint (status, ==, 200);
  seen = json_object_get_string_member (object, "seen");
  switch (ask->kind)
    {
    case COPY_PULL:
      return take_pull (self, ask, body, seen, now, error);
    case COPY_PUSH:
      return take_push (self, ask, body, seen, now, error);
    case COPY_FETCH:
      return take_fetch (self, ask, body, seen, error);
    }
  g_assert_not_reached ();
}

/* --- at once --- */

/* FALSE: there was nothing to ask. */
static gboolean
exchange (Copy *self, DeskDb *desk, CopyAskKind kind, gint64 now)
{
  GError *error = NULL;
  g_autoptr (CopyAsk) ask = copy_ask (self, kind, &error);
  g_autofree char *answer = NULL;

  g_assert_no_error (error);
  if (ask == NULL)
    return FALSE;
  for (guint i = 0; ask->batch != NULL && i < ask->batch->ops->len; i++)
    copy_upload (self, desk, ask->batch->ops->pdata[i]);
  answer = served_answer (desk, self->reader, ask->request, now, &error);
  g_assert_no_error (error);
  if (self->received != NULL)
    g_string_append (self->received, answer);
  copy_take (self, ask, answer, now, &error);
  g_assert_no_error (error);
  return TRUE;
}

void
copy_pull (Copy *self, DeskDb *desk, gint64 now)
{
  g_autofree char *before = NULL;
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (DeskReplicaState) state = NULL;
      GError *error = NULL;

      exchange (self, desk, COPY_PULL, now);
      state = desk_replica_get_state (self->db, &error);
      g_assert_no_error (error);
      more = state->filling || g_strcmp0 (before, state->cursor) != 0;
      g_free (before);
      before = g_strdup (state->cursor);
    }
}

void
copy_sync (Copy *self, DeskDb *desk, gint64 now)
{
  gint64 left = 1;
  GError *error = NULL;

  while (exchange (self, desk, COPY_PUSH, now))
    ;
  copy_pull (self, desk, now);
  while (exchange (self, desk, COPY_PUSH, now))
    ;
  copy_pull (self, desk, now);
  for (guint i = 0; i < 1000 && exchange (self, desk, COPY_FETCH, now); i++)
    ;
  while (left > 0)
    {
      desk_replica_index (self->db, INDEX_AT_ONCE, &left, &error);
      g_assert_no_error (error);
    }
}

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

/* How far somebody has read is known better here when the desk was restored. */
static gboolean
is_read_further (const char *copy, const char *desk)
{
  static const char seen[] = "  seen ";
  static const char unread[] = " unread";
  g_autofree char *read = NULL;
  const char *mark;

  if (copy == NULL || desk == NULL)
    return FALSE;
  if (g_str_has_prefix (copy, seen) && g_str_has_prefix (desk, seen))
    return g_ascii_strtoll (copy + strlen (seen), NULL, 10) >=
           g_ascii_strtoll (desk + strlen (seen), NULL, 10);
  mark = g_str_has_prefix (desk, "  row ") ? g_strrstr (desk, unread) : NULL;
  if (mark == NULL)
    return FALSE;
  read = g_strdup_printf ("%.*s%s", (int) (mark - desk), desk, mark + strlen (unread));
  return g_str_equal (copy, read);
}

/* The first line in which two texts differ, with the ticket it is of. */
static char *
find_difference (const char *a, const char *b)
{
  g_auto (GStrv) first = g_strsplit (a, "\n", -1);
  g_auto (GStrv) second = g_strsplit (b, "\n", -1);
  const char *head = "";

  for (guint i = 0; first[i] != NULL || second[i] != NULL; i++)
    {
      if (first[i] != NULL && g_str_has_prefix (first[i], "ticket "))
        head = first[i];
      if (g_strcmp0 (first[i], second[i]) != 0 && !is_read_further (first[i], second[i]))
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
describe_search (DeskDb *db, const char *reader_uid, const char *words)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) reader = desk_people_find_uid (db, reader_uid, &error);
  g_autoptr (GPtrArray) rows = desk_search (db, reader, words, 1000, &error);
  g_autoptr (GPtrArray) uids = g_ptr_array_new ();

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (uids, (gpointer) ((DeskRow *) rows->pdata[i])->uid);
  g_ptr_array_sort (uids, compare_texts);
  g_ptr_array_add (uids, NULL);
  return g_strjoinv (" ", (char **) uids->pdata);
}

static char *
compare_searches (Copy *self, DeskDb *desk)
{
  static const char *const words[] = { "printer", "paper",  "karen", "solved",
                                       "canary",  "urgent", "other" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *here = describe_search (self->db, self->reader, words[i]);
      g_autofree char *there = describe_search (desk, self->reader, words[i]);

      if (strcmp (here, there) != 0)
        return g_strdup_printf ("search for %s\n  copy: %s\n  desk: %s", words[i], here, there);
    }
  return NULL;
}

static char *
describe_counts (DeskDb *db, const char *reader_uid, gint64 now)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) reader = desk_people_find_uid (db, reader_uid, &error);
  g_autoptr (DeskCounts) counts = desk_rows_count (db, reader, now, &error);
  GString *text = g_string_new ("counts");

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (counts->views); i++)
    g_string_append_printf (text, " %" G_GINT64_FORMAT, counts->views[i]);
  return g_string_free (text, FALSE);
}

static char *
compare_texts_of (char *here, char *there)
{
  g_autofree char *a = here;
  g_autofree char *b = there;

  return find_difference (a, b);
}

char *
copy_compare (Copy *self, DeskDb *desk, gint64 now)
{
  g_autoptr (GPtrArray) here = copy_list_tickets (self->db);
  char *difference = find_missing (self, desk, here, now);

  if (difference == NULL)
    difference = compare_texts_of (describe_catalogue (self->db),
                                   describe_told_catalogue (self, desk, now));
  if (difference == NULL)
    difference = compare_texts_of (copy_describe (self->db, self->reader, here, now),
                                   copy_describe (desk, self->reader, here, now));
  if (difference == NULL)
    difference = compare_texts_of (describe_counts (self->db, self->reader, now),
                                   describe_counts (desk, self->reader, now));
  return difference != NULL ? difference : compare_searches (self, desk);
}
