/* SPDX-License-Identifier: GPL-3.0-or-later
 * A replica as a file: making one, where it stands, what is still to be done in it. */
#include "desk-replica-private.h"

#include "desk-documents.h"
#include "desk-outbox.h"
#include "desk-people.h"

/* Room for what one fill brings, which counts down. Orders stay far below 2^48. */
#define FILL_ROOM (G_GINT64_CONSTANT (1) << 32)

/* Columns of DESK_SQL_REPLICA. */
enum
{
  REPLICA_ADDRESS,
  REPLICA_READER,
  REPLICA_CURSOR,
  REPLICA_FILLING,
  REPLICA_REFILLING,
  REPLICA_HEARD,
  REPLICA_FILL_TX,
  REPLICA_FILL_EVENT,
  REPLICA_REREAD_TX,
  REPLICA_PULLED_AT,
  REPLICA_SEEN,
};

/* --- the row --- */

static void
read_replica (DeskReplica *self, DeskQuery *query)
{
  self->address = desk_query_dup_text (query, REPLICA_ADDRESS);
  self->reader = desk_query_dup_uid (query, REPLICA_READER);
  self->cursor = desk_query_dup_text (query, REPLICA_CURSOR);
  self->filling = desk_query_int (query, REPLICA_FILLING) != 0;
  self->refilling = desk_query_int (query, REPLICA_REFILLING) != 0;
  self->heard = desk_query_int (query, REPLICA_HEARD);
  self->fill_tx = desk_query_int (query, REPLICA_FILL_TX);
  self->fill_event = desk_query_int (query, REPLICA_FILL_EVENT);
  self->reread_tx = desk_query_int (query, REPLICA_REREAD_TX);
  self->pulled_at = desk_query_int (query, REPLICA_PULLED_AT);
  self->seen = desk_query_dup_text (query, REPLICA_SEEN);
}

/* The row alone. */
static gboolean
load_row (DeskReplica *self, DeskDb *db, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_REPLICA, error, "");
  GError *failure = NULL;

  *self = (DeskReplica){ .db = db };
  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    read_replica (self, query);
  else if (failure == NULL)
    desk_store_fail (&failure, DESK_STORE_ERROR_NOT_A_DESK, "%s is a desk, not the copy of one",
                     desk_db_get_path (db));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
desk_replica_find_me (DeskReplica *self, GError **error)
{
  GError *failure = NULL;

  g_clear_pointer (&self->me, desk_person_unref);
  self->me = desk_people_find_uid (self->db, self->reader, &failure);
  if (self->me == NULL && failure == NULL)
    desk_store_fail (&failure, DESK_STORE_ERROR_DAMAGED,
                     "The copy of the desk does not say whose it is (%s)",
                     desk_db_get_path (self->db));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
desk_replica_load (DeskReplica *self, DeskDb *db, GError **error)
{
  return load_row (self, db, error) && desk_replica_find_me (self, error);
}

gboolean
desk_replica_save (DeskReplica *self, GError **error)
{
  return desk_db_run (self->db, DESK_SQL_REPLICA_SAVE, error, "siiiiiiis", self->cursor,
                      (gint64) self->filling, (gint64) self->refilling, self->heard, self->fill_tx,
                      self->fill_event, self->reread_tx, self->pulled_at, self->seen) >= 0;
}

void
desk_replica_clear (DeskReplica *self)
{
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->reader, g_free);
  g_clear_pointer (&self->cursor, g_free);
  g_clear_pointer (&self->seen, g_free);
  g_clear_pointer (&self->me, desk_person_unref);
}

gboolean
desk_replica_hear (DeskReplica *self, gint64 stamp, const char *seen)
{
  if (stamp != self->heard)
    return FALSE;
  self->heard++;
  if (seen == NULL)
    return TRUE;
  g_free (self->seen);
  self->seen = g_strdup (seen);
  return TRUE;
}

gboolean
desk_replica_check (DeskDb *db, gboolean *is_one, GError **error)
{
  gint64 one;

  if (!desk_db_get_int (db, DESK_SQL_REPLICA_IS_ONE, &one, error, ""))
    return FALSE;
  *is_one = one != 0;
  return TRUE;
}

/* --- making one --- */

/* What is known of oneself before the first page is that one is somebody. */
static gboolean
put_me (DeskDb *db, const DeskPerson *me, GError **error)
{
  g_autoptr (DeskPerson) bare = desk_person_copy (me);

  g_strfreev (bare->departments);
  g_strfreev (bare->teams);
  bare->departments = g_new0 (char *, 1);
  bare->teams = g_new0 (char *, 1);
  bare->revision = 0;
  return desk_people_put (db, bare, error);
}

static gboolean
fill_in (DeskDb *db, const char *address, const DeskPerson *me, GError **error)
{
  if (!desk_db_begin (db, error))
    return FALSE;
  if (put_me (db, me, error) &&
      desk_db_run (db, DESK_SQL_REPLICA_INSERT, error, "su", address, me->uid) >= 0 &&
      desk_db_catalogue_moved (db, error))
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

DeskDb *
desk_replica_create (const char *path,
                     const char *address,
                     const char *desk_uid,
                     const DeskPerson *me,
                     GError **error)
{
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_CREATE, error);

  if (db == NULL || !desk_db_adopt (db, desk_uid, error) || !fill_in (db, address, me, error) ||
      !desk_replica_begin_fill (db, error))
    return NULL;
  return g_steal_pointer (&db);
}

/* --- where it stands --- */

static gboolean
count (DeskDb *db, DeskReplicaState *state, GError **error)
{
  return desk_outbox_count (db, &state->waiting, &state->refused, error) &&
         desk_db_get_int (db, DESK_SQL_REPLICA_GAPS, &state->incomplete, error, "") &&
         desk_db_get_int (db, DESK_SQL_REPLICA_UNINDEXED, &state->unindexed, error, "");
}

DeskReplicaState *
desk_replica_get_state (DeskDb *db, GError **error)
{
  g_autoptr (DeskReplicaState) state = g_new0 (DeskReplicaState, 1);
  g_auto (DeskReplica) self = { 0 };
  gboolean own = !desk_db_in_transaction (db);
  gboolean done;

  if (own && !desk_db_begin_read (db, error))
    return NULL;
  done = load_row (&self, db, error) && count (db, state, error);
  if (own)
    desk_db_end_read (db);
  if (!done)
    return NULL;
  state->address = g_steal_pointer (&self.address);
  state->reader = g_steal_pointer (&self.reader);
  state->cursor = g_steal_pointer (&self.cursor);
  state->seen = g_steal_pointer (&self.seen);
  state->filling = self.filling;
  state->stamp = self.heard;
  state->pulled_at = self.pulled_at;
  return g_steal_pointer (&state);
}

void
desk_replica_state_free (DeskReplicaState *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  g_free (self->reader);
  g_free (self->cursor);
  g_free (self->seen);
  g_free (self);
}

gboolean
desk_replica_get_stamp (DeskDb *db, gint64 *stamp, GError **error)
{
  g_auto (DeskReplica) self = { 0 };

  if (!load_row (&self, db, error))
    return FALSE;
  *stamp = self.heard;
  return TRUE;
}

/* --- beginning again --- */

/* The places of what the fill brings are above everything that is there, so that lists see all of
 * it as changed. */
static gboolean
make_room (DeskReplica *self, GError **error)
{
  gint64 newest, top;

  if (!desk_db_get_int (self->db, DESK_SQL_EVENT_MAX, &newest, error, ""))
    return FALSE;
  top = desk_db_take_tx (self->db) + FILL_ROOM;
  self->fill_tx = top;
  self->reread_tx = desk_db_raise_tx (self->db, top);
  self->fill_event = newest + FILL_ROOM;
  return TRUE;
}

static gboolean
begin_fill (DeskReplica *self, GError **error)
{
  self->refilling = self->refilling || self->heard > 0;
  self->filling = TRUE;
  self->heard++;
  g_clear_pointer (&self->cursor, g_free);
  g_clear_pointer (&self->seen, g_free);
  return make_room (self, error) &&
         desk_db_run (self->db, DESK_SQL_DELIVERED_CLEAR, error, "") >= 0 &&
         desk_db_run (self->db, DESK_SQL_MET_CLEAR, error, "") >= 0 &&
         desk_replica_save (self, error);
}

gboolean
desk_replica_begin_fill (DeskDb *db, GError **error)
{
  g_auto (DeskReplica) self = { 0 };

  if (!desk_db_begin (db, error))
    return FALSE;
  if (load_row (&self, db, error) && begin_fill (&self, error))
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

/* --- words that cannot be found yet --- */

static gboolean
index_tickets (DeskReplica *self, guint max, gint64 *left, GError **error)
{
  g_autoptr (GArray)
      ids = desk_db_list_ints (self->db, DESK_SQL_UNINDEXED, error, "i", (gint64) max);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!desk_replica_index_ticket (self, g_array_index (ids, gint64, i), error))
      return FALSE;
  return ids != NULL && desk_db_get_int (self->db, DESK_SQL_REPLICA_UNINDEXED, left, error, "");
}

gboolean
desk_replica_index (DeskDb *db, guint max, gint64 *left, GError **error)
{
  g_auto (DeskReplica) self = { 0 };

  *left = 0;
  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_replica_load (&self, db, error) && index_tickets (&self, max, left, error))
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

/* --- events that are missing --- */

void
desk_gap_free (DeskGap *self)
{
  if (self == NULL)
    return;
  g_free (self->ticket);
  g_free (self);
}

/* The event before the first that is missing. */
static gboolean
find_after_no (DeskDb *db, gint64 ticket, gint64 *no, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_EVENT_NUMBERS, error, "i", ticket);
  GError *failure = NULL;

  *no = 0;
  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure) && desk_query_int (query, 0) == *no + 1)
    ++*no;
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static GPtrArray *
list_gaps (DeskDb *db, guint max, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_GAPS, error, "i", (gint64) max);
  g_autoptr (GPtrArray) gaps = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_gap_free);
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      DeskGap *gap = g_new0 (DeskGap, 1);

      g_ptr_array_add (gaps, gap);
      gap->ticket = desk_query_dup_uid (query, 1);
      find_after_no (db, desk_query_int (query, 0), &gap->after_no, &failure);
    }
  if (failure == NULL)
    return g_steal_pointer (&gaps);
  g_propagate_error (error, failure);
  return NULL;
}

GPtrArray *
desk_replica_list_gaps (DeskDb *db, guint max, GError **error)
{
  GPtrArray *gaps;

  if (!desk_db_begin_read (db, error))
    return NULL;
  gaps = list_gaps (db, max, error);
  desk_db_end_read (db);
  return gaps;
}

/* --- what was read --- */

static GPtrArray *
list_untold (DeskReplica *self, guint max, GError **error)
{
  g_autoptr (GPtrArray) untold = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_gap_free);
  g_autoptr (DeskQuery) query = NULL;
  GError *failure = NULL;
  gint64 me;

  if (!desk_db_get_person_id (self->db, self->reader, &me, error) ||
      (query = desk_db_query (self->db, DESK_SQL_UNTOLD, error, "ii", me, (gint64) max)) == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    {
      DeskGap *gap = g_new0 (DeskGap, 1);

      gap->ticket = desk_query_dup_uid (query, 0);
      gap->after_no = desk_query_int (query, 1);
      g_ptr_array_add (untold, gap);
    }
  if (failure == NULL)
    return g_steal_pointer (&untold);
  g_propagate_error (error, failure);
  return NULL;
}

GPtrArray *
desk_replica_list_untold (DeskDb *db, guint max, GError **error)
{
  g_auto (DeskReplica) self = { 0 };
  GPtrArray *untold;

  if (!desk_db_begin_read (db, error))
    return NULL;
  untold = load_row (&self, db, error) ? list_untold (&self, max, error) : NULL;
  desk_db_end_read (db);
  return untold;
}

gboolean
desk_replica_note_told (DeskDb *db, const DeskGap *told, GError **error)
{
  g_auto (DeskReplica) self = { 0 };
  gint64 me;

  if (!desk_db_begin (db, error))
    return FALSE;
  if (load_row (&self, db, error) && desk_db_get_person_id (db, self.reader, &me, error) &&
      desk_db_run (db, DESK_SQL_UNTOLD_TOLD, error, "uii", told->ticket, me, told->after_no) >= 0)
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

/* --- single tickets --- */

static gboolean
take_in (DeskReplica *self,
         const DeskPut *put,
         GPtrArray *people,
         gint64 stamp,
         const char *seen,
         gboolean *taken,
         GError **error)
{
  *taken = desk_replica_hear (self, stamp, seen);
  if (!*taken)
    return TRUE;
  return (people == NULL || desk_replica_put_people (self, people, error)) &&
         desk_replica_put (self, put, DESK_PUT_ASKED, error) && desk_replica_save (self, error);
}

gboolean
desk_replica_take_in (DeskDb *db,
                      const DeskPut *put,
                      GPtrArray *people,
                      gint64 stamp,
                      const char *seen,
                      gboolean *taken,
                      GError **error)
{
  g_auto (DeskReplica) self = { 0 };
  GError *failure = NULL;

  *taken = FALSE;
  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_replica_load (&self, db, &failure) &&
      take_in (&self, put, people, stamp, seen, taken, &failure) && *taken)
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}
