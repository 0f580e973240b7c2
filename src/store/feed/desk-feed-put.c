/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page while it is made: tickets as the reader sees them, and who is named by them. */
#include "desk-feed-private.h"

#include <string.h>

#include "desk-error.h"
#include "desk-people.h"
#include "desk-permission.h"
#include "desk-projection.h"
#include "desk-tickets.h"

const DeskFeedLimits desk_feed_limits = {
  .rows = 5000,
  .puts = 500,
  .bytes = 1024 * 1024,
  .events = 200,
};

/* What a row and an event cost besides their texts, about. */
#define PUT_BYTES   600
#define EVENT_BYTES 400

/* --- opening --- */

/* Rights may have been taken away since the caller looked. */
static gboolean
find_reader (DeskFeeding *self, const DeskPerson *reader, GError **error)
{
  const DeskPerson *agent = desk_catalogue_find_agent (desk_db_get_catalogue (self->db, NULL),
                                                       reader->uid);
  GError *failure = NULL;

  self->person = agent != NULL ? desk_person_ref ((DeskPerson *) agent)
                               : desk_people_find_uid (self->db, reader->uid, &failure);
  if (self->person == NULL && failure == NULL)
    desk_refuse (&failure, DESK_ERROR_NO_SUCH, "There is no such person on this desk");
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
desk_feeding_open (DeskFeeding *self,
                   DeskDb *db,
                   const DeskPerson *reader,
                   const DeskFeedLimits *limits,
                   gint64 now,
                   GError **error)
{
  *self = (DeskFeeding){ .db = db,
                         .limits = limits != NULL ? limits : &desk_feed_limits,
                         .now = now,
                         .page = desk_page_new (),
                         .people = desk_feed_people_new (),
                         .told = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
                         .own_transaction = !desk_db_in_transaction (db) };
  self->page->server_time = now;
  return (!self->own_transaction || desk_db_begin_read (db, error)) &&
         find_reader (self, reader, error) &&
         desk_reader_open (db, self->person, &self->reader, error);
}

void
desk_feeding_close (DeskFeeding *self)
{
  if (self->own_transaction)
    desk_db_end_read (self->db);
  desk_reader_close (&self->reader);
  g_clear_pointer (&self->person, desk_person_unref);
  g_clear_pointer (&self->page, desk_page_free);
  g_clear_pointer (&self->people, g_hash_table_unref);
  g_clear_pointer (&self->told, g_hash_table_unref);
}

/* --- people and entries --- */

GHashTable *
desk_feed_people_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) desk_person_unref);
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(DeskPerson *const *) a)->uid, (*(DeskPerson *const *) b)->uid);
}

GPtrArray *
desk_feed_people_to_array (GHashTable *people, const DeskPerson *reader)
{
  GPtrArray *array = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  GHashTableIter iter;
  gpointer person;

  g_hash_table_iter_init (&iter, people);
  while (g_hash_table_iter_next (&iter, NULL, &person))
    g_ptr_array_add (array, reader->role == DESK_ROLE_REQUESTER &&
                                    !g_str_equal (((DeskPerson *) person)->uid, reader->uid)
                                ? desk_person_project (person)
                                : desk_person_ref (person));
  g_ptr_array_sort (array, compare_uids);
  return array;
}

void
desk_feeding_take_person (DeskFeeding *self, DeskPerson *person)
{
  g_hash_table_replace (self->people, person->uid, person);
}

DeskPage *
desk_feeding_steal_page (DeskFeeding *self)
{
  g_ptr_array_unref (self->page->people);
  self->page->people = desk_feed_people_to_array (self->people, self->person);
  return g_steal_pointer (&self->page);
}

static void
add_entry (DeskFeeding *self, DeskCatalogue *catalogue, DeskEntry *entry)
{
  DeskEntry *shown = self->reader.agent ? desk_entry_ref (entry)
                                        : desk_entry_project (entry, catalogue);

  if (shown != NULL)
    g_ptr_array_add (self->page->entries, shown);
}

void
desk_feeding_add_entries (DeskFeeding *self)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, NULL);

  self->page->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    {
      GPtrArray *entries = desk_catalogue_get_entries (catalogue, kind);

      for (guint i = 0; i < entries->len; i++)
        add_entry (self, catalogue, g_ptr_array_index (entries, i));
    }
}

/* Takes the people in whom @put, of @fold, names. */
static gboolean
add_people (DeskDb *db, GHashTable *people, DeskFold *fold, const DeskPut *put, GError **error)
{
  DeskPerson *requester = fold->requester;

  if (requester != NULL && g_strcmp0 (put->ticket->requester, requester->uid) == 0 &&
      !g_hash_table_contains (people, requester->uid))
    g_hash_table_insert (people, requester->uid, desk_person_ref (requester));
  return desk_tickets_add_people (db, people, put->ticket, put->events, error);
}

/* --- puts --- */

static gboolean
has_text (DeskField field)
{
  return desk_field_get_field_type (field) == DESK_FIELD_TYPE_TEXT;
}

static gboolean
changes_text (const DeskEvent *event)
{
  for (guint i = 0; i < event->changes->len; i++)
    if (has_text (((const DeskChange *) event->changes->pdata[i])->field))
      return TRUE;
  return FALSE;
}

static DeskEvent *
find_event (GPtrArray *events, const char *uid)
{
  for (guint i = 0; i < events->len; i++)
    if (g_strcmp0 (((DeskEvent *) events->pdata[i])->uid, uid) == 0)
      return events->pdata[i];
  return NULL;
}

static int
compare_no (gconstpointer a, gconstpointer b)
{
  const DeskEvent *first = *(DeskEvent *const *) a;
  const DeskEvent *second = *(DeskEvent *const *) b;

  return (first->no > second->no) - (first->no < second->no);
}

/* What was taken out has to be taken out of copies too: out of the target, and out of the later
 * changes that had found it there. */
static gboolean
add_redacted (DeskFeeding *self, DeskFold *fold, GPtrArray *events, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;

  /* What is added may be a redact too, which a copy then does not ask for any more. */
  for (guint i = 0; i < events->len; i++)
    {
      const DeskEvent *redact = g_ptr_array_index (events, i);
      const DeskEvent *target;

      if (redact->kind != DESK_KIND_REDACT)
        continue;
      if (all == NULL && (all = desk_fold_read_events (self->db, fold, 0, error)) == NULL)
        return FALSE;
      target = find_event (all, redact->target);
      for (guint k = 0; target != NULL && k < all->len; k++)
        {
          DeskEvent *event = g_ptr_array_index (all, k);

          if ((event == target || (event->no > target->no && changes_text (event))) &&
              find_event (events, event->uid) == NULL)
            g_ptr_array_add (events, desk_event_ref (event));
        }
    }
  g_ptr_array_sort (events, compare_no);
  return TRUE;
}

static void
project_events (DeskFeeding *self, GPtrArray *events, GPtrArray *projected)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, NULL);

  for (guint i = 0; i < events->len; i++)
    {
      DeskEvent *event = desk_event_project (g_ptr_array_index (events, i), catalogue);

      if (event != NULL)
        g_ptr_array_add (projected, event);
    }
}

static DeskPut *
dress (DeskFeeding *self, DeskFold *fold, gboolean internal, GPtrArray *events)
{
  g_autoptr (DeskTicket) ticket = NULL;
  DeskPut *put;

  if (internal)
    {
      put = desk_put_new (fold->ticket, TRUE);
      g_ptr_array_unref (put->events);
      put->events = g_ptr_array_ref (events);
      return put;
    }
  ticket = desk_ticket_project (fold->ticket, desk_db_get_catalogue (self->db, NULL));
  put = desk_put_new (ticket, FALSE);
  project_events (self, events, put->events);
  return put;
}

DeskPut *
desk_feeding_make_put (
    DeskFeeding *self, DeskFold *fold, const DeskEventRange *range, gint64 *last_id, GError **error)
{
  DeskStanding standing = desk_standing_of (self->person, fold->ticket);
  gboolean internal = (standing & (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR)) != 0;
  DeskEventRange seen = *range;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (DeskPut) put = NULL;

  if (standing == DESK_STANDING_NONE)
    return NULL;
  seen.public_only = !internal;
  events = desk_fold_read_range (self->db, fold, &seen, last_id, error);
  if (events == NULL || !add_redacted (self, fold, events, error))
    return NULL;
  put = dress (self, fold, internal, events);
  if (!desk_db_get_int (self->db, DESK_SQL_SEEN, &put->seen_no, error, "ii", fold->id,
                        self->reader.id))
    return NULL;
  return g_steal_pointer (&put);
}

static gsize
measure (const DeskPut *put)
{
  gsize bytes = PUT_BYTES;

  for (guint i = 0; i < put->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (put->events, i);

      bytes += EVENT_BYTES + (event->text != NULL ? strlen (event->text) : 0);
    }
  return bytes;
}

static gboolean
keep_put (DeskFeeding *self, DeskFold *fold, DeskPut *put, gint64 last_id, GError **error)
{
  self->bytes += measure (put);
  self->last_event = MAX (self->last_event, last_id);
  g_hash_table_add (self->told, g_memdup2 (&fold->id, sizeof fold->id));
  g_ptr_array_add (self->page->puts, put);
  return add_people (self->db, self->people, fold, put, error);
}

gboolean
desk_feeding_put (DeskFeeding *self, gint64 ticket, gint64 after_event, GError **error)
{
  DeskEventRange range = { .after_id = after_event,
                           .max = self->limits->events,
                           .max_bytes = self->limits->bytes };
  g_autoptr (DeskFold) fold = NULL;
  GError *failure = NULL;
  DeskPut *put = NULL;
  gint64 last_id;

  if (g_hash_table_contains (self->told, &ticket))
    return TRUE;
  fold = desk_fold_find_id (self->db, ticket, &failure);
  if (fold != NULL)
    put = desk_feeding_make_put (self, fold, &range, &last_id, &failure);
  if (failure == NULL)
    return put == NULL || keep_put (self, fold, put, last_id, error);
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
desk_feeding_is_full (const DeskFeeding *self)
{
  return self->page->puts->len >= self->limits->puts || self->bytes >= self->limits->bytes;
}

/* --- single tickets --- */

static gboolean
fail_no_such (const char *ref, GError **error)
{
  desk_refuse (error, DESK_ERROR_NO_SUCH,
               "There is no ticket %s that you may see; check the number", ref);
  return FALSE;
}

DeskPut *
desk_feed_load (DeskDb *db,
                const DeskPerson *reader,
                const char *ref,
                gint64 after_no,
                guint max,
                GHashTable *people,
                GError **error)
{
  DeskEventRange range = {
    .after_no = after_no, .max = max, .max_bytes = desk_feed_limits.bytes, .oldest_first = TRUE
  };
  g_auto (DeskFeeding) self = { 0 };
  g_autoptr (DeskFold) fold = NULL;
  g_autoptr (DeskPut) put = NULL;
  GError *failure = NULL;

  if (!desk_feeding_open (&self, db, reader, NULL, 0, error))
    return NULL;
  fold = desk_fold_find (db, ref, &failure);
  if (fold != NULL)
    put = desk_feeding_make_put (&self, fold, &range, NULL, &failure);
  if (put == NULL && failure == NULL)
    fail_no_such (ref, &failure);
  if (failure == NULL && people != NULL)
    add_people (db, people, fold, put, &failure);
  if (failure == NULL)
    return g_steal_pointer (&put);
  g_propagate_error (error, failure);
  return NULL;
}
