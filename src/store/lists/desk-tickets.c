/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket with its history, as one reader sees it. */
#include "desk-tickets.h"

#include "desk-fold.h"
#include "desk-outbox.h"
#include "desk-people.h"
#include "desk-permission.h"
#include "desk-projection.h"

DeskCase *
desk_case_ref (DeskCase *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
desk_case_unref (DeskCase *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->people, g_hash_table_unref);
  g_clear_pointer (&self->tried, g_hash_table_unref);
  g_clear_pointer (&self->absent, g_hash_table_unref);
  g_free (self);
}

const DeskPerson *
desk_case_find_person (const DeskCase *self, const char *uid)
{
  return uid != NULL ? g_hash_table_lookup (self->people, uid) : NULL;
}

/* --- people --- */

static DeskPerson *
find_agent (DeskDb *db, const char *uid)
{
  const DeskPerson *agent = desk_catalogue_find_agent (desk_db_get_catalogue (db, NULL), uid);

  return agent != NULL ? desk_person_ref ((DeskPerson *) agent) : NULL;
}

static gboolean
add_person (DeskDb *db, GHashTable *people, const char *uid, GError **error)
{
  GError *failure = NULL;
  DeskPerson *person;

  if (uid == NULL || g_hash_table_contains (people, uid))
    return TRUE;
  /* Most of them are agents. */
  person = find_agent (db, uid);
  if (person == NULL)
    person = desk_people_find_uid (db, uid, &failure);
  if (person != NULL)
    g_hash_table_insert (people, person->uid, person);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
add_people_of_event (DeskDb *db, GHashTable *people, const DeskEvent *event, GError **error)
{
  if (!add_person (db, people, event->author, error))
    return FALSE;
  for (guint i = 0; i < event->changes->len; i++)
    {
      const DeskChange *change = event->changes->pdata[i];

      if (desk_field_get_field_type (change->field) == DESK_FIELD_TYPE_PERSON &&
          (!add_person (db, people, change->from, error) ||
           !add_person (db, people, change->to, error)))
        return FALSE;
    }
  return TRUE;
}

gboolean
desk_tickets_add_people (
    DeskDb *db, GHashTable *people, const DeskTicket *ticket, GPtrArray *events, GError **error)
{
  if (!add_person (db, people, ticket->requester, error) ||
      !add_person (db, people, ticket->assignee, error))
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    if (!add_people_of_event (db, people, events->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* What a requester may know of the people of a ticket: who they are, not how to reach them. */
static void
hide_details (GHashTable *people, const char *reader)
{
  g_autoptr (GList) known = g_hash_table_get_values (people);

  for (GList *l = known; l != NULL; l = l->next)
    {
      DeskPerson *shown = desk_person_project (l->data);

      if (g_strcmp0 (shown->uid, reader) != 0)
        g_hash_table_replace (people, shown->uid, shown);
      else
        desk_person_unref (shown);
    }
}

/* --- loading --- */

static gboolean
fail_no_such (const char *ref, GError **error)
{
  return desk_refuse (error, DESK_ERROR_NO_SUCH,
                      "There is no ticket “%s” that you may see; check the number", ref);
}

static gboolean
may (DeskAction action, DeskDb *db, const DeskPerson *reader, const DeskTicket *ticket)
{
  return desk_can (action, reader, ticket, desk_db_get_catalogue (db, NULL), 0, NULL);
}

static DeskFold *
find_visible (DeskDb *db, const DeskPerson *reader, const char *ref, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find (db, ref, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  if (fold != NULL && may (DESK_ACTION_SEE, db, reader, fold->ticket))
    return g_steal_pointer (&fold);
  fail_no_such (ref, error);
  return NULL;
}

static GPtrArray *
project_events (GPtrArray *events, gint64 after_no, DeskCatalogue *catalogue)
{
  GPtrArray *shown = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);

  for (guint i = 0; i < events->len; i++)
    {
      DeskEvent *event = desk_event_project (events->pdata[i], catalogue);

      if (event != NULL && event->no > after_no)
        g_ptr_array_add (shown, g_steal_pointer (&event));
      g_clear_pointer (&event, desk_event_unref);
    }
  return shown;
}

static void
project (DeskDb *db, DeskCase *found, gint64 after_no)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, NULL);
  DeskTicket *ticket = desk_ticket_project (found->ticket, catalogue);
  GPtrArray *events = project_events (found->events, after_no, catalogue);

  desk_ticket_unref (found->ticket);
  found->ticket = ticket;
  g_ptr_array_unref (found->events);
  found->events = events;
}

static gboolean
read_seen (DeskDb *db, const DeskPerson *reader, DeskCase *found, GError **error)
{
  gint64 person;

  return desk_db_get_person_id (db, reader->uid, &person, error) &&
         desk_db_get_int (db, DESK_SQL_SEEN, &found->seen_no, error, "ii", found->id, person);
}

/* What waits to be sent from a replica, behind what is there. */
static gboolean
add_expected (DeskDb *db, DeskCase *found, GError **error)
{
  g_autoptr (GPtrArray) expected = NULL;
  gint64 pending, gap;

  if (!desk_db_get_int (db, DESK_SQL_TICKET_PENDING, &pending, error, "i", found->id) ||
      !desk_db_get_int (db, DESK_SQL_GAP_FIND, &gap, error, "i", found->id))
    return FALSE;
  found->pending = (guint) MAX (pending, 0);
  found->incomplete = gap != 0;
  if (found->pending == 0)
    return TRUE;
  expected = desk_outbox_predict (db, found->ticket->uid, error);
  for (guint i = 0; expected != NULL && i < expected->len; i++)
    g_ptr_array_add (found->events, desk_event_ref (g_ptr_array_index (expected, i)));
  found->tried = expected != NULL ? desk_outbox_list_tried (db, found->ticket->uid, error) : NULL;
  return found->tried != NULL;
}

static gboolean
note_if_absent (DeskDb *db, DeskCase *found, const DeskAttachment *attachment, GError **error)
{
  g_autoptr (GBytes) sha256 = desk_bytes_from_hex (attachment->sha256);
  gint64 absent;

  if (!desk_db_get_int (db, DESK_SQL_BLOB_ABSENT, &absent, error, "b", sha256))
    return FALSE;
  if (absent == 0)
    return TRUE;
  if (found->absent == NULL)
    found->absent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (found->absent, g_strdup (attachment->sha256));
  return TRUE;
}

/* What has to be fetched before it can be looked at. */
static gboolean
find_absent (DeskDb *db, DeskCase *found, GError **error)
{
  gboolean is_copy;

  if (!desk_replica_check (db, &is_copy, error))
    return FALSE;
  for (guint i = 0; is_copy && i < found->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (found->events, i);

      for (guint j = 0; j < event->attachments->len; j++)
        if (!note_if_absent (db, found, g_ptr_array_index (event->attachments, j), error))
          return FALSE;
    }
  return TRUE;
}

static DeskCase *
load (DeskDb *db, const DeskPerson *reader, const char *ref, gint64 after_no, GError **error)
{
  g_autoptr (DeskFold) fold = find_visible (db, reader, ref, error);
  g_autoptr (DeskCase) found = NULL;
  gboolean internal;

  if (fold == NULL)
    return NULL;
  internal = may (DESK_ACTION_SEE_INTERNAL, db, reader, fold->ticket);
  found = g_new0 (DeskCase, 1);
  g_atomic_ref_count_init (&found->ref_count);
  found->id = fold->id;
  found->ticket = desk_ticket_ref (fold->ticket);
  found->people =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) desk_person_unref);
  /* public_no is never larger than no, so this reads enough for both. */
  found->events = desk_fold_read_events (db, fold, after_no, error);
  if (found->events == NULL)
    return NULL;
  if (!internal)
    project (db, found, after_no);
  if (!add_expected (db, found, error) || !find_absent (db, found, error))
    return NULL;
  if (!desk_tickets_add_people (db, found->people, found->ticket, found->events, error) ||
      !read_seen (db, reader, found, error))
    return NULL;
  if (!internal)
    hide_details (found->people, reader->uid);
  return g_steal_pointer (&found);
}

DeskCase *
desk_tickets_load (
    DeskDb *db, const DeskPerson *reader, const char *ref, gint64 after_no, GError **error)
{
  gboolean own = !desk_db_in_transaction (db);
  DeskCase *found;

  if (own && !desk_db_begin_read (db, error))
    return NULL;
  found = load (db, reader, ref, after_no, error);
  if (own)
    desk_db_end_read (db);
  return found;
}

gboolean
desk_tickets_mark_seen (
    DeskDb *db, const DeskPerson *reader, const char *ref, gint64 no, GError **error)
{
  g_autoptr (DeskFold) fold = find_visible (db, reader, ref, error);
  gint64 person, newest, n_moved;

  if (fold == NULL || !desk_db_get_person_id (db, reader->uid, &person, error))
    return FALSE;
  newest = may (DESK_ACTION_SEE_INTERNAL, db, reader, fold->ticket) ? fold->ticket->no
                                                                    : fold->ticket->public_no;
  /* Who is not kept yet has nothing of their own to read; and nothing read is no mark. */
  if (person == 0 || no <= 0)
    return TRUE;
  n_moved =
      desk_db_run (db, DESK_SQL_SEEN_SAVE, error, "iii", fold->id, person, MIN (no, newest));
  /* A replica has to tell its server. */
  return n_moved == 0 ||
         (n_moved > 0 && desk_db_run (db, DESK_SQL_UNTOLD_ADD, error, "i", fold->id) >= 0);
}
