/* SPDX-License-Identifier: GPL-3.0-or-later
 * The store's calls that read: lists, search, people, one ticket. */
#include "desk-people.h"
#include "desk-search.h"
#include "desk-store-private.h"

/* --- lists --- */

typedef struct
{
  GArray *array;
  gint64 tx;
} Keys;

static void
free_keys (Keys *keys)
{
  g_clear_pointer (&keys->array, g_array_unref);
  g_free (keys);
}

static gpointer
keys_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  Keys *keys = g_new0 (Keys, 1);

  if (desk_db_begin_read (db, error) && desk_rows_get_tx (db, &keys->tx, error))
    keys->array = desk_rows_keys (db, call->me, &call->view, call->sort, call->limit, call->now,
                                  error);
  desk_db_end_read (db);
  if (keys->array != NULL)
    return keys;
  free_keys (keys);
  return NULL;
}

void
desk_store_keys_async (DeskStore *self,
                       const DeskView *view,
                       DeskSort sort,
                       guint limit,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->view = *view;
  call->sort = sort;
  call->limit = limit;
  desk_store_push (self, DESK_CREW_READING, call, desk_store_keys_async, keys_job,
                   (GDestroyNotify) free_keys, cancellable, callback, user_data);
}

static GArray *
finish_keys (DeskStore *self, GAsyncResult *result, gint64 *tx, GError **error)
{
  Keys *keys = desk_store_finish (self, result, error);
  GArray *array;

  if (keys == NULL)
    return NULL;
  if (tx != NULL)
    *tx = keys->tx;
  array = g_steal_pointer (&keys->array);
  free_keys (keys);
  return array;
}

GArray *
desk_store_keys_finish (DeskStore *self, GAsyncResult *result, gint64 *tx, GError **error)
{
  return finish_keys (self, result, tx, error);
}

static gpointer
rows_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;

  return desk_rows_load (db, call->me, call->ids, call->n_ids, error);
}

void
desk_store_rows_async (DeskStore *self,
                       const gint64 *ids,
                       guint n_ids,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->ids = g_memdup2 (ids, n_ids * sizeof *ids);
  call->n_ids = n_ids;
  desk_store_push (self, DESK_CREW_READING, call, desk_store_rows_async, rows_job,
                   (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
desk_store_rows_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error);
}

static gpointer
changed_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  Keys *keys = g_new0 (Keys, 1);
  gboolean too_many = FALSE;

  keys->tx = call->tx;
  if (desk_db_begin_read (db, error))
    keys->array = desk_rows_changed (db, call->me, &call->view, call->sort, &keys->tx, call->limit,
                                     &too_many, call->now, error);
  desk_db_end_read (db);
  if (keys->array == NULL)
    {
      free_keys (keys);
      return NULL;
    }
  if (too_many)
    g_clear_pointer (&keys->array, g_array_unref);
  return keys;
}

void
desk_store_changed_async (DeskStore *self,
                          const DeskView *view,
                          DeskSort sort,
                          gint64 tx,
                          guint max,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->view = *view;
  call->sort = sort;
  call->tx = tx;
  call->limit = max;
  desk_store_push (self, DESK_CREW_READING, call, desk_store_changed_async, changed_job,
                   (GDestroyNotify) free_keys, cancellable, callback, user_data);
}

GArray *
desk_store_changed_finish (DeskStore *self, GAsyncResult *result, gint64 *tx, GError **error)
{
  return finish_keys (self, result, tx, error);
}

static gpointer
count_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;

  return desk_rows_count (db, call->me, call->now, error);
}

void
desk_store_count_async (DeskStore *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  desk_store_push (self, DESK_CREW_READING, desk_store_new_call (self), desk_store_count_async,
                   count_job, (GDestroyNotify) desk_counts_free, cancellable, callback, user_data);
}

DeskCounts *
desk_store_count_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error);
}

static gpointer
search_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;

  return desk_search (db, call->me, call->text, call->limit, error);
}

void
desk_store_search_async (DeskStore *self,
                         const char *words,
                         guint limit,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->text = g_strdup (words);
  call->limit = limit;
  desk_store_push (self, DESK_CREW_READING, call, desk_store_search_async, search_job,
                   (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
desk_store_search_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error);
}

static gpointer
people_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;

  return desk_people_list (db, call->text, call->limit, error);
}

void
desk_store_people_async (DeskStore *self,
                         const char *words,
                         guint limit,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->text = g_strdup (words);
  call->limit = limit;
  desk_store_push (self, DESK_CREW_READING, call, desk_store_people_async, people_job,
                   (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
desk_store_people_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error);
}

static gpointer
person_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  GError *failure = NULL;
  DeskPerson *person = desk_people_find_uid (db, call->text, &failure);

  if (failure != NULL)
    g_propagate_error (error, failure);
  else if (person == NULL)
    desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such person");
  return person;
}

void
desk_store_person_async (DeskStore *self,
                         const char *uid,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->text = g_strdup (uid);
  desk_store_push (self, DESK_CREW_READING, call, desk_store_person_async, person_job,
                   (GDestroyNotify) desk_person_unref, cancellable, callback, user_data);
}

DeskPerson *
desk_store_person_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error);
}

/* --- one ticket --- */

static gpointer
load_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;

  return desk_tickets_load (db, call->me, call->text, call->no, error);
}

void
desk_store_load_async (DeskStore *self,
                       const char *ref,
                       gint64 after_no,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->text = g_strdup (ref);
  call->no = after_no;
  desk_store_push (self, DESK_CREW_READING, call, desk_store_load_async, load_job,
                   (GDestroyNotify) desk_case_unref, cancellable, callback, user_data);
}

DeskCase *
desk_store_load_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  return desk_store_finish (self, result, error);
}
