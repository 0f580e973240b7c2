/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desk as a window sees it: opening, closing, the threads behind it.
 *
 * Every call is the same trio: pack the arguments, push a job, hand the result over. What a job
 * needs to know of the person is packed too, because the store's own copy belongs to the caller's
 * thread. */
#include "desk-store-object.h"

#include "desk-accounts.h"
#include "desk-blobs.h"
#include "desk-device.h"
#include "desk-feed.h"
#include "desk-outbox.h"
#include "desk-people.h"
#include "desk-scrub.h"

#define N_READERS 2
/* A file comes in while the desk is being tidied. */
#define N_BULK 2
/* Long after the first windows are up, and again for those who never close them. */
#define TIDY_AFTER_SECS 60
#define TIDY_EVERY_SECS (60 * 60)

G_DEFINE_FINAL_TYPE (DeskStore, desk_store, G_TYPE_OBJECT)

/* --- jobs --- */

static void
free_call (DeskCall *call)
{
  g_clear_pointer (&call->me, desk_person_unref);
  g_clear_pointer (&call->op, desk_op_unref);
  g_clear_pointer (&call->attachment, desk_attachment_free);
  g_clear_pointer (&call->bytes, g_bytes_unref);
  g_clear_pointer (&call->seen, g_hash_table_unref);
  g_clear_object (&call->file);
  g_free (call->ids);
  g_free (call->text);
  g_free (call->login);
  g_free (call->name);
  g_free (call);
}

gint64
desk_store_get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

DeskCall *
desk_store_new_call (DeskStore *self)
{
  DeskCall *call = g_new0 (DeskCall, 1);

  call->me = desk_person_ref (self->me);
  call->now = desk_store_get_now ();
  return call;
}

static gboolean
refuse_closed (DeskStore *self, GTask *task)
{
  if (!self->closed)
    return FALSE;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "The desk is closed");
  return TRUE;
}

static DeskCrew *
find_crew (DeskStore *self, DeskCrewKind kind)
{
  switch (kind)
    {
    case DESK_CREW_READING:
      return self->readers;
    case DESK_CREW_GROUPED:
      return self->writer;
    case DESK_CREW_BULK:
      return self->bulk;
    }
  g_return_val_if_reached (NULL);
}

void
desk_store_push (DeskStore *self,
                 DeskCrewKind crew,
                 DeskCall *call,
                 gpointer source_tag,
                 DeskJobFunc func,
                 GDestroyNotify free_result,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, call, (GDestroyNotify) free_call);
  call->task = task;
  if (!refuse_closed (self, task))
    desk_crew_push (find_crew (self, crew), g_steal_pointer (&task), func, free_result);
}

gpointer
desk_store_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- tidying --- */

static gboolean
sweep (DeskDb *db, gint64 now)
{
  if (!desk_db_begin (db, NULL))
    return FALSE;
  if (desk_submit_sweep (db, now, NULL) && desk_feed_sweep (db, now, NULL) &&
      desk_accounts_sweep (db, now, NULL) && desk_outbox_sweep (db, now, NULL))
    return desk_db_commit (db, NULL);
  desk_db_rollback (db);
  return FALSE;
}

/* Nobody waits for it, and the next one does what this one could not. */
static gpointer
tidy_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  gboolean scrubbed;

  if (desk_blobs_sweep (db, call->now, NULL) >= 0 && sweep (db, call->now))
    desk_scrub (db, &scrubbed, NULL, NULL, cancellable, NULL);
  return NULL;
}

static gboolean
tidy_cb (gpointer data)
{
  DeskStore *self = data;

  self->tidy_source = g_timeout_add_seconds (TIDY_EVERY_SECS, tidy_cb, self);
  desk_store_push (self, DESK_CREW_BULK, desk_store_new_call (self), tidy_cb, tidy_job, NULL,
                   self->closing, NULL, NULL);
  return G_SOURCE_REMOVE;
}

void
desk_store_tidy_now (DeskStore *self)
{
  g_clear_handle_id (&self->tidy_source, g_source_remove);
  tidy_cb (self);
}

/* --- the object --- */

static void
stop_watching (DeskStore *self)
{
  g_clear_pointer (&self->watch, desk_watch_free);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->notice_source, g_source_remove);
  g_clear_handle_id (&self->seen_source, g_source_remove);
  g_clear_handle_id (&self->tidy_source, g_source_remove);
}

/* The writer last: it leaves a desk file that is whole by itself. */
static void
end_crews (DeskStore *self, gboolean wait)
{
  g_cancellable_cancel (self->closing);
  desk_crew_free (g_steal_pointer (&self->bulk), wait);
  desk_crew_free (g_steal_pointer (&self->readers), wait);
  desk_crew_free (g_steal_pointer (&self->writer), wait);
}

static void
desk_store_finalize (GObject *object)
{
  DeskStore *self = DESK_STORE (object);

  stop_watching (self);
  /* Only desk_store_close() waits. */
  end_crews (self, FALSE);
  g_clear_object (&self->drafts);
  g_clear_object (&self->closing);
  g_clear_pointer (&self->catalogue, desk_catalogue_unref);
  g_clear_pointer (&self->me, desk_person_unref);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_free (self->path);
  g_free (self->address);
  g_free (self->uid);
  g_free (self->epoch);
  g_free (self->device);
  G_OBJECT_CLASS (desk_store_parent_class)->finalize (object);
}

static void
desk_store_class_init (DeskStoreClass *klass)
{
  static const char *const signals[] = { "changed", "catalogue-changed", "seen", "outbox-changed" };

  G_OBJECT_CLASS (klass)->finalize = desk_store_finalize;

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_new (signals[i], DESK_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                  0);
  g_signal_new ("lost", DESK_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_ERROR);
}

static void
desk_store_init (DeskStore *self)
{
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->closing = g_cancellable_new ();
}

/* --- opening --- */

/* A desk without agents is one whose maker was killed in the middle. */
static gboolean
furnish (DeskDb *db, const DeskCall *call, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);

  if (catalogue == NULL)
    return FALSE;
  return desk_catalogue_get_agents (catalogue)->len > 0 ||
         desk_people_add_first (db, call->login, call->name, call->now, error);
}

static DeskDb *
open_desk (const DeskCall *call, GError **error)
{
  gboolean create = call->limit != 0;
  gboolean is_there = g_file_test (call->text, G_FILE_TEST_EXISTS);
  g_autoptr (DeskDb)
      db = desk_db_open (call->text, create && !is_there ? DESK_DB_CREATE : DESK_DB_OPEN, error);

  if (db == NULL || (create && !furnish (db, call, error)))
    return NULL;
  return g_steal_pointer (&db);
}

/* A replica is somebody's; a desk is opened by a login. */
static gboolean
find_myself (DeskStore *self, DeskDb *db, const DeskCall *call, GError **error)
{
  g_autoptr (DeskReplicaState) state = NULL;
  gboolean is_replica;

  if (!desk_replica_check (db, &is_replica, error))
    return FALSE;
  if (!is_replica)
    {
      self->me = desk_people_identify (db, call->login, call->name, error);
      return self->me != NULL;
    }
  state = desk_replica_get_state (db, error);
  if (state == NULL)
    return FALSE;
  self->address = g_strdup (state->address);
  self->waiting = state->waiting;
  self->refused = state->refused;
  self->me = desk_people_find_uid (db, state->reader, error);
  return self->me != NULL;
}

static gboolean
fill_identity (DeskStore *self, DeskDb *db, const DeskCall *call, GError **error)
{
  self->uid = g_strdup (desk_db_get_uid (db));
  self->epoch = desk_db_dup_epoch (db);
  self->catalogue = desk_catalogue_ref (desk_db_get_catalogue (db, NULL));
  return find_myself (self, db, call, error) && desk_rows_get_tx (db, &self->tx, error);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (DeskStore) self = g_object_new (DESK_TYPE_STORE, NULL);
  g_autoptr (DeskDb) db = NULL;
  GError *error = NULL;
  DeskCall *call = data;

  self->path = g_canonicalize_filename (call->text, NULL);
  self->device = desk_device_dup ();
  db = open_desk (call, &error);
  if (db == NULL || !fill_identity (self, db, call, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  self->drafts = desk_drafts_open (self->uid, call->login);
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

void
desk_store_open_async (const char *path,
                       gboolean create,
                       const char *login,
                       const char *name,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  DeskCall *call = g_new0 (DeskCall, 1);

  call->text = g_strdup (path);
  call->limit = create;
  call->now = desk_store_get_now ();
  call->login = g_strdup (login);
  call->name = g_strdup (name);
  g_task_set_source_tag (task, desk_store_open_async);
  g_task_set_task_data (task, call, (GDestroyNotify) free_call);
  g_task_run_in_thread (task, open_in_thread);
}

DeskStore *
desk_store_open_finish (GAsyncResult *result, GError **error)
{
  DeskStore *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  self = g_task_propagate_pointer (G_TASK (result), error);
  if (self == NULL)
    return NULL;
  self->readers = desk_crew_new (DESK_CREW_READING, self->path, self->epoch, N_READERS);
  self->writer = desk_crew_new (DESK_CREW_GROUPED, self->path, self->epoch, 1);
  self->bulk = desk_crew_new (DESK_CREW_BULK, self->path, self->epoch, N_BULK);
  desk_store_watch (self);
  self->tidy_source = g_timeout_add_seconds (TIDY_AFTER_SECS, tidy_cb, self);
  return self;
}

void
desk_store_close (DeskStore *self)
{
  g_return_if_fail (DESK_IS_STORE (self));

  if (self->closed)
    return;
  desk_store_write_seen (self);
  self->closed = TRUE;
  stop_watching (self);
  end_crews (self, TRUE);
  desk_drafts_flush (self->drafts);
}

const char *
desk_store_get_path (DeskStore *self)
{
  return self->path;
}

const char *
desk_store_get_address (DeskStore *self)
{
  return self->address;
}

void
desk_store_get_outbox (DeskStore *self, gint64 *waiting, gint64 *refused)
{
  *waiting = self->waiting;
  *refused = self->refused;
}

const char *
desk_store_get_uid (DeskStore *self)
{
  return self->uid;
}

DeskCatalogue *
desk_store_get_catalogue (DeskStore *self)
{
  return self->catalogue;
}

const DeskPerson *
desk_store_get_me (DeskStore *self)
{
  return self->me;
}

DeskDrafts *
desk_store_get_drafts (DeskStore *self)
{
  return self->drafts;
}

const char *
desk_store_get_device (DeskStore *self)
{
  return self->device;
}
