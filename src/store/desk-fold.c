/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket as the file has it. */
#include "desk-fold.h"

#include <string.h>

#include "desk-number.h"
#include "desk-uid.h"

/* Columns of DESK_SQL_TICKET_*. */
enum
{
  TICKET_ID,
  TICKET_UID,
  TICKET_NUMBER,
  TICKET_SUMMARY,
  TICKET_REQUESTER,
  TICKET_TOPIC,
  TICKET_STATUS,
  TICKET_DEPARTMENT,
  TICKET_TEAM,
  TICKET_ASSIGNEE,
  TICKET_PRIORITY,
  TICKET_SLA,
  TICKET_DUE_AT,
  TICKET_TARGET_SECS,
  TICKET_SPENT_SECS,
  TICKET_RUNNING_SINCE,
  TICKET_RESOLUTION,
  TICKET_STEPS,
  TICKET_RECOMMENDATIONS,
  TICKET_RESOLVED_AT,
  TICKET_CLOSED_AT,
  TICKET_NO,
  TICKET_PUBLIC_NO,
  TICKET_CREATED_AT,
  TICKET_UPDATED_AT,
  TICKET_PUBLIC_AT,
  TICKET_LAST_EVENT,
  TICKET_PUBLIC_LAST_EVENT,
  TICKET_ATTACHMENTS,
  TICKET_TX,
  TICKET_PUBLIC_TX,
  TICKET_REQUESTER_ID,
  TICKET_ASSIGNEE_ID,
  TICKET_LOGIN, /* of the requester, too: */
  TICKET_NAME,
  TICKET_EMAIL,
  TICKET_ROLE,
  TICKET_REMOVED,
  TICKET_REVISION,
};

/* Columns of DESK_SQL_EVENTS and the like. */
enum
{
  EVENT_ID,
  EVENT_UID,
  EVENT_NO,
  EVENT_PUBLIC_NO,
  EVENT_KIND,
  EVENT_TEXT,
  EVENT_CHANGES,
  EVENT_TARGET,
  EVENT_AUTHOR,
  EVENT_DEVICE,
  EVENT_VIA,
  EVENT_CAUSE,
  EVENT_AT,
  EVENT_ACCEPTED_AT,
  EVENT_REDACTED,
  /* of DESK_SQL_EXPORT_EVENTS alone */
  EVENT_TICKET,
  EVENT_DIGEST,
  EVENT_FILES,
};

void
desk_fold_free (DeskFold *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_pointer (&self->requester, desk_person_unref);
  g_free (self);
}

static char *
dup_slug (DeskDb *db, DeskQuery *query, int column)
{
  return g_strdup (desk_db_get_entry_slug (db, desk_query_int (query, column)));
}

static DeskTicket *
read_ticket (DeskDb *db, DeskQuery *query)
{
  g_autofree char *uid = desk_query_dup_uid (query, TICKET_UID);
  DeskTicket *ticket = desk_ticket_new (uid);

  ticket->number = desk_query_dup_text (query, TICKET_NUMBER);
  g_free (ticket->summary);
  ticket->summary = desk_query_dup_text (query, TICKET_SUMMARY);
  ticket->requester = desk_query_dup_uid (query, TICKET_REQUESTER);
  ticket->topic = dup_slug (db, query, TICKET_TOPIC);
  ticket->status = desk_query_int (query, TICKET_STATUS);
  ticket->department = dup_slug (db, query, TICKET_DEPARTMENT);
  ticket->team = dup_slug (db, query, TICKET_TEAM);
  ticket->assignee = desk_query_dup_uid (query, TICKET_ASSIGNEE);
  ticket->priority = desk_query_int (query, TICKET_PRIORITY);
  ticket->sla = dup_slug (db, query, TICKET_SLA);
  ticket->due_at = desk_query_int (query, TICKET_DUE_AT);
  ticket->target_secs = desk_query_int (query, TICKET_TARGET_SECS);
  ticket->spent_secs = desk_query_int (query, TICKET_SPENT_SECS);
  ticket->running_since = desk_query_int (query, TICKET_RUNNING_SINCE);
  ticket->resolution = desk_query_dup_text (query, TICKET_RESOLUTION);
  ticket->steps = desk_query_dup_text (query, TICKET_STEPS);
  ticket->recommendations = desk_query_dup_text (query, TICKET_RECOMMENDATIONS);
  ticket->resolved_at = desk_query_int (query, TICKET_RESOLVED_AT);
  ticket->closed_at = desk_query_int (query, TICKET_CLOSED_AT);
  ticket->no = desk_query_int (query, TICKET_NO);
  ticket->public_no = desk_query_int (query, TICKET_PUBLIC_NO);
  ticket->created_at = desk_query_int (query, TICKET_CREATED_AT);
  ticket->updated_at = desk_query_int (query, TICKET_UPDATED_AT);
  ticket->public_at = desk_query_int (query, TICKET_PUBLIC_AT);
  return ticket;
}

/* Whoever reads the ticket wants to know who that is. */
static DeskPerson *
read_requester (DeskQuery *query, const char *uid)
{
  DeskPerson *person;

  if (desk_query_int (query, TICKET_ROLE) != DESK_ROLE_REQUESTER)
    return NULL;
  person = desk_person_new (uid, desk_query_text (query, TICKET_LOGIN),
                            desk_query_text (query, TICKET_NAME), DESK_ROLE_REQUESTER);
  person->email = desk_query_dup_text (query, TICKET_EMAIL);
  person->removed = desk_query_int (query, TICKET_REMOVED) != 0;
  person->revision = desk_query_int (query, TICKET_REVISION);
  return person;
}

static DeskFold *
read_fold (DeskDb *db, DeskQuery *query)
{
  DeskFold *fold = g_new0 (DeskFold, 1);

  fold->ticket = read_ticket (db, query);
  fold->id = desk_query_int (query, TICKET_ID);
  fold->tx = desk_query_int (query, TICKET_TX);
  fold->public_tx = desk_query_int (query, TICKET_PUBLIC_TX);
  fold->last_event = desk_query_int (query, TICKET_LAST_EVENT);
  fold->public_last_event = desk_query_int (query, TICKET_PUBLIC_LAST_EVENT);
  fold->attachments = desk_query_int (query, TICKET_ATTACHMENTS);
  fold->requester_id = desk_query_int (query, TICKET_REQUESTER_ID);
  fold->assignee_id = desk_query_int (query, TICKET_ASSIGNEE_ID);
  fold->requester = read_requester (query, fold->ticket->requester);
  return fold;
}

static DeskFold *
read_first (DeskDb *db, DeskQuery *query, GError **error)
{
  g_autoptr (DeskQuery) own = query;

  return own != NULL && desk_query_next (own, error) ? read_fold (db, own) : NULL;
}

char *
desk_fold_complete_number (DeskDb *db, const char *text)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, NULL);
  const DeskEntry *desk = catalogue != NULL ? desk_catalogue_get_desk (catalogue) : NULL;
  const char *format = desk != NULL ? desk_entry_get (desk, DESK_PROPERTY_NUMBER_FORMAT) : NULL;

  return format != NULL ? desk_number_format_complete (format, text) : NULL;
}

static DeskFold *
find_by_number (DeskDb *db, const char *number, GError **error)
{
  g_autofree char *whole = NULL;
  GError *failure = NULL;
  DeskFold *fold = read_first (
      db, desk_db_query (db, DESK_SQL_TICKET_BY_NUMBER, &failure, "s", number), &failure);

  if (fold == NULL && failure == NULL && (whole = desk_fold_complete_number (db, number)) != NULL)
    fold = read_first (db, desk_db_query (db, DESK_SQL_TICKET_BY_NUMBER, &failure, "s", whole),
                       &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return fold;
}

DeskFold *
desk_fold_find (DeskDb *db, const char *ref, GError **error)
{
  if (!desk_uid_is_valid (ref))
    return find_by_number (db, ref[0] == '#' ? ref + 1 : ref, error);
  return read_first (db, desk_db_query (db, DESK_SQL_TICKET_BY_UID, error, "u", ref), error);
}

DeskFold *
desk_fold_find_id (DeskDb *db, gint64 id, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_TICKET_BY_ID, error, "i", id);

  if (query == NULL || !desk_query_next (query, error))
    return NULL;
  return read_fold (db, query);
}

/* --- events --- */

static gboolean
read_changes (DeskEvent *event, DeskQuery *query, GError **error)
{
  const char *text = desk_query_text (query, EVENT_CHANGES);
  GPtrArray *changes;

  if (text == NULL)
    return TRUE;
  changes = desk_changes_parse (text, NULL);
  if (changes == NULL)
    return desk_store_fail (error, DESK_STORE_ERROR_DAMAGED,
                            "Event “%s” is damaged; restore a backup", event->uid);
  g_ptr_array_unref (event->changes);
  event->changes = changes;
  return TRUE;
}

static DeskEvent *
read_event (const char *ticket, DeskQuery *query, GError **error)
{
  g_autoptr (DeskEvent) event = desk_event_new ();

  event->uid = desk_query_dup_uid (query, EVENT_UID);
  event->ticket = g_strdup (ticket);
  event->no = desk_query_int (query, EVENT_NO);
  event->public_no = desk_query_int (query, EVENT_PUBLIC_NO);
  event->audience = event->public_no > 0 ? DESK_AUDIENCE_PUBLIC : DESK_AUDIENCE_INTERNAL;
  event->kind = desk_query_int (query, EVENT_KIND);
  event->text = desk_query_dup_text (query, EVENT_TEXT);
  event->target = desk_query_dup_uid (query, EVENT_TARGET);
  event->author = desk_query_dup_uid (query, EVENT_AUTHOR);
  event->device = desk_query_dup_text (query, EVENT_DEVICE);
  event->via = desk_query_int (query, EVENT_VIA);
  event->cause = desk_query_dup_uid (query, EVENT_CAUSE);
  if (event->cause == NULL)
    event->cause = g_strdup (event->uid);
  event->accepted_at = desk_query_int (query, EVENT_ACCEPTED_AT);
  event->at =
      desk_query_is_null (query, EVENT_AT) ? event->accepted_at : desk_query_int (query, EVENT_AT);
  event->redacted = desk_query_int (query, EVENT_REDACTED) != 0;
  if (!read_changes (event, query, error))
    return NULL;
  return g_steal_pointer (&event);
}

static DeskAttachment *
read_attachment (DeskQuery *query)
{
  g_autofree char *sha256 = desk_query_dup_hex (query, 4);

  return desk_attachment_new (desk_query_text (query, 1), desk_query_text (query, 2),
                              desk_query_int (query, 3), sha256);
}

/* Both lists are in order of the events' ids. */
static gboolean
read_attachments (DeskDb *db, DeskFold *fold, GHashTable *by_id, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_ATTACHMENTS, error, "i", fold->id);
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    {
      gint64 id = desk_query_int (query, 0);
      DeskEvent *event = g_hash_table_lookup (by_id, &id);

      if (event != NULL)
        g_ptr_array_add (event->attachments, read_attachment (query));
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static const DeskEventRange everything = { .oldest_first = TRUE };

/* What lies on the other side of the range's start, in the counting of who reads. */
static gboolean
is_before (const DeskEventRange *range, DeskQuery *query)
{
  return desk_query_int (query, EVENT_ID) <= range->after_id ||
         desk_query_int (query, range->public_only ? EVENT_PUBLIC_NO : EVENT_NO) <= range->after_no;
}

static gboolean
is_full (const DeskEventRange *range, guint n, gsize bytes)
{
  return (range->max > 0 && n >= range->max) ||
         (range->max_bytes > 0 && n > 0 && bytes >= range->max_bytes);
}

static gsize
measure (const DeskEvent *event)
{
  gsize bytes = event->text != NULL ? strlen (event->text) : 0;

  for (guint i = 0; i < event->changes->len; i++)
    {
      const DeskChange *change = event->changes->pdata[i];

      bytes += change->from != NULL ? strlen (change->from) : 0;
      bytes += change->to != NULL ? strlen (change->to) : 0;
    }
  return bytes;
}

/* @range: where the rows, in order from its end, are enough. @last_id: nullable. */
static GPtrArray *
read_events (DeskDb *db,
             DeskFold *fold,
             DeskQuery *query,
             const DeskEventRange *range,
             gint64 *last_id,
             GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  g_autoptr (GHashTable) by_id = NULL;
  GError *failure = NULL;
  gint64 newest = 0;
  gsize bytes = 0;

  if (fold->attachments > 0)
    by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  while (failure == NULL && desk_query_next (query, &failure))
    {
      gint64 id = desk_query_int (query, EVENT_ID);
      DeskEvent *event;

      if (range->public_only && desk_query_is_null (query, EVENT_PUBLIC_NO))
        continue;
      if (is_before (range, query) && range->oldest_first)
        continue;
      if (is_before (range, query) || is_full (range, events->len, bytes))
        break;
      event = read_event (fold->ticket->uid, query, &failure);
      if (event == NULL)
        break;
      bytes += measure (event);
      newest = MAX (newest, id);
      g_ptr_array_add (events, event);
      if (by_id != NULL)
        g_hash_table_insert (by_id, g_memdup2 (&id, sizeof id), event);
    }
  if (failure == NULL && by_id != NULL && events->len > 0)
    read_attachments (db, fold, by_id, &failure);
  if (last_id != NULL)
    *last_id = newest;
  if (failure == NULL)
    return g_steal_pointer (&events);
  g_propagate_error (error, failure);
  return NULL;
}

GPtrArray *
desk_fold_read_events (DeskDb *db, DeskFold *fold, gint64 after_no, GError **error)
{
  g_autoptr (DeskQuery) query =
      desk_db_query (db, DESK_SQL_EVENTS, error, "ii", fold->id, after_no);

  return query != NULL ? read_events (db, fold, query, &everything, NULL, error) : NULL;
}

static int
compare_no (gconstpointer a, gconstpointer b)
{
  const DeskEvent *first = *(DeskEvent *const *) a;
  const DeskEvent *second = *(DeskEvent *const *) b;

  return (first->no > second->no) - (first->no < second->no);
}

GPtrArray *
desk_fold_read_range (
    DeskDb *db, DeskFold *fold, const DeskEventRange *range, gint64 *last_id, GError **error)
{
  g_autoptr (DeskQuery) query = NULL;
  g_autoptr (GPtrArray) events = NULL;

  /* Who wants the row alone. */
  if (range->after_no >= fold->ticket->no && last_id == NULL)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  query = range->oldest_first
              ? desk_db_query (db, DESK_SQL_EVENTS, error, "ii", fold->id, range->after_no)
              : desk_db_query (db, DESK_SQL_EVENTS_NEWEST, error, "i", fold->id);
  if (query != NULL)
    events = read_events (db, fold, query, range, last_id, error);
  if (events == NULL)
    return NULL;
  g_ptr_array_sort (events, compare_no);
  return g_steal_pointer (&events);
}

static gboolean
read_attachments_of (DeskDb *db, DeskEvent *event, gint64 id, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_ATTACHMENTS_OF_EVENT, error, "i", id);
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    g_ptr_array_add (event->attachments, read_attachment (query));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

DeskEvent *
desk_fold_read_event (DeskDb *db, DeskQuery *query, char **digest, GError **error)
{
  g_autofree char *ticket = desk_query_dup_uid (query, EVENT_TICKET);
  g_autoptr (DeskEvent) event = read_event (ticket, query, error);

  if (event == NULL ||
      (desk_query_int (query, EVENT_FILES) > 0 &&
       !read_attachments_of (db, event, desk_query_int (query, EVENT_ID), error)))
    return NULL;
  *digest = desk_query_dup_hex (query, EVENT_DIGEST);
  return g_steal_pointer (&event);
}

GPtrArray *
desk_fold_read_events_of_op (DeskDb *db, DeskFold *fold, const char *op, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_EVENTS_OF_OP, error, "uu", op, op);
  GPtrArray *events =
      query != NULL ? read_events (db, fold, query, &everything, NULL, error) : NULL;

  if (events != NULL)
    g_ptr_array_sort (events, compare_no);
  return events;
}

gboolean
desk_fold_find_event (
    DeskDb *db, const char *uid, gint64 *id, gint64 *ticket, GBytes **digest, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_EVENT_BY_UID, error, "u", uid);
  GError *failure = NULL;
  gconstpointer data;
  gsize size;

  *id = 0;
  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    {
      *id = desk_query_int (query, 0);
      *ticket = desk_query_int (query, 1);
      data = desk_query_blob (query, 2, &size);
      if (digest != NULL)
        *digest = g_bytes_new (data, size);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* --- folding --- */

/* A resolution has words too, and no text. */
static gboolean
has_words (const DeskEvent *event)
{
  return event->text != NULL || desk_changes_find (event->changes, DESK_FIELD_RESOLUTION) != NULL;
}

void
desk_fold_apply (DeskFold *fold, const DeskEvent *event, gint64 id)
{
  desk_apply (fold->ticket, event);
  if (fold->ticket->summary == NULL)
    fold->ticket->summary = g_strdup ("");
  fold->attachments += event->attachments->len;
  if (!has_words (event))
    return;
  fold->last_event = id;
  if (event->audience == DESK_AUDIENCE_PUBLIC)
    fold->public_last_event = id;
}

/* Turns the place of an event in @events, counted from 1, into its row's id. */
static gboolean
find_id (DeskDb *db, GPtrArray *events, gint64 *id, GError **error)
{
  const DeskEvent *event = *id > 0 ? g_ptr_array_index (events, *id - 1) : NULL;
  gint64 ticket;

  return event == NULL || desk_fold_find_event (db, event->uid, id, &ticket, NULL, error);
}

DeskFold *
desk_fold_again (DeskDb *db, const char *uid, GPtrArray *events, GError **error)
{
  g_autoptr (DeskFold) fold = g_new0 (DeskFold, 1);

  fold->ticket = desk_ticket_new (uid);
  for (guint i = 0; i < events->len; i++)
    desk_fold_apply (fold, g_ptr_array_index (events, i), i + 1);
  if (!find_id (db, events, &fold->last_event, error) ||
      !find_id (db, events, &fold->public_last_event, error))
    return NULL;
  return g_steal_pointer (&fold);
}
