/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desk as a window sees it: opening, following changes, submitting.
 *
 * Every call is the same trio: pack the arguments, push a job, hand the result over. What a job
 * needs to know of the person is packed too, because the store's own copy belongs to the caller's
 * thread. */
#include "desk-store.h"

#include <string.h>

#include "desk-accounts.h"
#include "desk-blobs.h"
#include "desk-device.h"
#include "desk-feed.h"
#include "desk-outbox.h"
#include "desk-people.h"
#include "desk-scrub.h"
#include "desk-store-private.h"
#include "desk-uid.h"
#include "desk-watch.h"

#define N_READERS 2
/* A file comes in while the desk is being tidied. */
#define N_BULK 2
/* A commit is told by the stamp file; who was killed between commit and stamp is found by
 * asking. */
#define POLL_MS   400
#define NOTICE_MS 10
/* Many commits in a row are one look, and one signal. */
#define LOOK_EVERY_MS 50
#define SEEN_MS       200
/* Long after the first windows are up, and again for those who never close them. */
#define TIDY_AFTER_SECS 60
#define TIDY_EVERY_SECS (60 * 60)

struct _DeskStore
{
  GObject parent_instance;

  char *path;
  char *uid;
  char *epoch;
  char *device;
  DeskPerson *me;
  DeskCatalogue *catalogue;
  DeskDrafts *drafts;

  DeskCrew *readers;
  DeskCrew *writer;
  DeskCrew *bulk;

  DeskWatch *watch;
  guint poll_source;
  guint notice_source;
  gboolean looking; /* a look for changes is under way … */
  gboolean noticed; /* … and there was another notice meanwhile */
  gint64 looked_at; /* monotonic, in microseconds */
  gint64 moved_at;  /* the last look that found something */
  gint64 tx;        /* as of the last look */
  char *address;    /* of a replica's server, or NULL */
  gint64 waiting;   /* of a replica: ops to be sent, as of the last look … */
  gint64 refused;   /* … and those that came back */
  gboolean lost;
  gboolean closed;

  GHashTable *seen; /* ticket uid → gint64 no, not written yet */
  guint seen_source;
  guint tidy_source;
  GCancellable *closing; /* what nobody waits for ends early */
};

G_DEFINE_FINAL_TYPE (DeskStore, desk_store, G_TYPE_OBJECT)

enum
{
  CHANGED,
  CATALOGUE_CHANGED,
  SEEN,
  OUTBOX_CHANGED,
  LOST,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

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

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

DeskCall *
desk_store_new_call (DeskStore *self)
{
  DeskCall *call = g_new0 (DeskCall, 1);

  call->me = desk_person_ref (self->me);
  call->now = get_now ();
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

/* --- looking for changes --- */

/* What a look sees. */
typedef struct
{
  gint64 tx;
  DeskCatalogue *catalogue;
  DeskPerson *me;
  gint64 waiting;
  gint64 refused;
} Look;

static void
free_look (Look *look)
{
  g_clear_pointer (&look->catalogue, desk_catalogue_unref);
  g_clear_pointer (&look->me, desk_person_unref);
  g_free (look);
}

/* Somebody new is not kept before their first ticket, which may have come from another program and
 * under another uid. */
static DeskPerson *
find_me (DeskDb *db, DeskPerson *me, GError **error)
{
  GError *failure = NULL;
  DeskPerson *found = desk_people_find_uid (db, me->uid, &failure);

  if (found == NULL && failure == NULL)
    found = desk_people_find_login (db, me->login, &failure);
  if (failure == NULL)
    return found != NULL ? found : desk_person_ref (me);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
fill_look (DeskDb *db, DeskCall *call, Look *look, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);

  if (catalogue == NULL || !desk_rows_get_tx (db, &look->tx, error) ||
      !desk_outbox_count (db, &look->waiting, &look->refused, error))
    return FALSE;
  look->catalogue = desk_catalogue_ref (catalogue);
  look->me = find_me (db, call->me, error);
  return look->me != NULL;
}

static gpointer
look_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Look *look = g_new0 (Look, 1);
  gboolean done = desk_db_begin_read (db, error) && fill_look (db, data, look, error);

  desk_db_end_read (db);
  if (done)
    return look;
  free_look (look);
  return NULL;
}

static gboolean
take_people (DeskStore *self, Look *look)
{
  gboolean moved = desk_catalogue_get_revision (look->catalogue) !=
                       desk_catalogue_get_revision (self->catalogue) ||
                   look->me->revision != self->me->revision ||
                   !g_str_equal (look->me->uid, self->me->uid);

  if (moved)
    {
      desk_catalogue_unref (self->catalogue);
      self->catalogue = g_steal_pointer (&look->catalogue);
      desk_person_unref (self->me);
      self->me = g_steal_pointer (&look->me);
    }
  return moved;
}

static gboolean
take_outbox (DeskStore *self, const Look *look)
{
  gboolean moved = look->waiting != self->waiting || look->refused != self->refused;

  self->waiting = look->waiting;
  self->refused = look->refused;
  return moved;
}

static void look (DeskStore *self);

/* Busy or a cancelled look says nothing about the desk. */
static gboolean
is_for_good (const GError *error)
{
  return error->domain == DESK_STORE_ERROR && error->code != DESK_STORE_ERROR_BUSY &&
         error->code != DESK_STORE_ERROR_FULL;
}

static void
tell_lost (DeskStore *self, GError *error)
{
  if (self->lost || self->closed || !is_for_good (error))
    return;
  self->lost = TRUE;
  g_signal_emit (self, signals[LOST], 0, error);
}

static void
look_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  DeskStore *self = DESK_STORE (object);
  g_autoptr (GError) error = NULL;
  Look *seen = desk_store_finish (self, result, &error);

  self->looking = FALSE;
  if (seen == NULL)
    tell_lost (self, error);
  else if (!self->closed)
    {
      gboolean moved = seen->tx != self->tx;

      if (moved)
        self->moved_at = self->looked_at;
      self->tx = seen->tx;
      if (take_people (self, seen))
        g_signal_emit (self, signals[CATALOGUE_CHANGED], 0);
      if (moved)
        g_signal_emit (self, signals[CHANGED], 0);
      if (take_outbox (self, seen))
        g_signal_emit (self, signals[OUTBOX_CHANGED], 0);
    }
  g_clear_pointer (&seen, free_look);
  if (self->noticed && !self->closed)
    look (self);
}

static void look_later (DeskStore *self, gint64 ms);

static void
look (DeskStore *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 wait_ms = LOOK_EVERY_MS - (now - self->moved_at) / 1000;

  self->noticed = self->looking;
  if (self->looking)
    return;
  if (wait_ms > 0)
    {
      look_later (self, wait_ms);
      return;
    }
  self->looking = TRUE;
  self->looked_at = now;
  desk_store_push (self, DESK_CREW_READING, desk_store_new_call (self), look, look_job,
                   (GDestroyNotify) free_look, NULL, look_cb, NULL);
}

static gboolean
notice_cb (gpointer data)
{
  DeskStore *self = data;

  self->notice_source = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
look_later (DeskStore *self, gint64 ms)
{
  if (self->notice_source == 0 && !self->closed)
    self->notice_source = g_timeout_add (ms, notice_cb, self);
}

static void
stamp_changed_cb (gpointer self)
{
  look_later (self, NOTICE_MS);
}

static gboolean
poll_cb (gpointer data)
{
  DeskStore *self = data;

  desk_watch_check (self->watch);
  look (self);
  return G_SOURCE_CONTINUE;
}

static void
watch (DeskStore *self)
{
  self->watch = desk_watch_new (self->path, stamp_changed_cb, self);
  self->poll_source = g_timeout_add (POLL_MS, poll_cb, self);
}

void
desk_store_set_attended (DeskStore *self, gboolean attended)
{
  g_return_if_fail (DESK_IS_STORE (self));

  if (self->closed || attended == (self->poll_source != 0))
    return;
  if (attended)
    {
      self->poll_source = g_timeout_add (POLL_MS, poll_cb, self);
      look (self);
    }
  else
    g_clear_handle_id (&self->poll_source, g_source_remove);
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

/* What is taken out does not lie about for an hour. */
static void
tidy_now (DeskStore *self)
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
  G_OBJECT_CLASS (klass)->finalize = desk_store_finalize;

  signals[CHANGED] = g_signal_new ("changed", DESK_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[CATALOGUE_CHANGED] = g_signal_new (
      "catalogue-changed", DESK_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SEEN] = g_signal_new ("seen", DESK_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[OUTBOX_CHANGED] = g_signal_new ("outbox-changed", DESK_TYPE_STORE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LOST] = g_signal_new ("lost", DESK_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
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
  call->now = get_now ();
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
  watch (self);
  self->tidy_source = g_timeout_add_seconds (TIDY_AFTER_SECS, tidy_cb, self);
  return self;
}

static void write_seen (DeskStore *self);

void
desk_store_close (DeskStore *self)
{
  g_return_if_fail (DESK_IS_STORE (self));

  if (self->closed)
    return;
  write_seen (self);
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

/* --- submitting --- */

DeskOp *
desk_store_new_op (DeskStore *self, const DeskTicket *ticket, DeskKind kind)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *new_ticket = ticket == NULL ? desk_uid_new () : NULL;
  DeskOp *op = desk_op_new (uid, ticket != NULL ? ticket->uid : new_ticket, kind, self->me->uid);

  op->device = g_strdup (self->device);
  op->via = DESK_VIA_APP;
  op->base = ticket != NULL ? ticket->no : 0;
  op->at = get_now ();
  return op;
}

static gpointer
submit_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;

  if (call->text != NULL)
    return desk_outbox_add_instead (db, call->op, call->text, call->me, get_now (), error);
  return desk_submit_in (db, call->op, call->me, get_now (), error);
}

void
desk_store_submit_async (DeskStore *self,
                         DeskOp *op,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  desk_store_submit_instead_async (self, op, NULL, cancellable, callback, user_data);
}

void
desk_store_submit_instead_async (DeskStore *self,
                                 DeskOp *op,
                                 const char *refused_uid,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->op = desk_op_ref (op);
  call->text = g_strdup (refused_uid);
  desk_store_push (self, DESK_CREW_GROUPED, call, desk_store_submit_async, submit_job,
                   (GDestroyNotify) desk_receipt_free, cancellable, callback, user_data);
}

DeskReceipt *
desk_store_submit_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  const DeskCall *call = g_task_get_task_data (G_TASK (result));
  gboolean redacts = call->op->kind == DESK_KIND_REDACT;
  DeskReceipt *receipt = desk_store_finish (self, result, error);

  if (receipt != NULL && redacts && !self->closed)
    tidy_now (self);
  /* Not to wait for the stamp of what we did ourselves. */
  if (receipt != NULL && !self->closed)
    look (self);
  return receipt;
}

static gpointer
withdraw_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return desk_outbox_withdraw (db, ((DeskCall *) data)->text, error);
}

void
desk_store_withdraw_async (DeskStore *self,
                           const char *op_uid,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->text = g_strdup (op_uid);
  desk_store_push (self, DESK_CREW_GROUPED, call, desk_store_withdraw_async, withdraw_job,
                   (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
desk_store_withdraw_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  GPtrArray *ops = desk_store_finish (self, result, error);

  if (ops != NULL && !self->closed)
    look (self);
  return ops;
}

/* --- how far I have read --- */

static gpointer
seen_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  GHashTableIter iter;
  gpointer ticket, no;

  g_hash_table_iter_init (&iter, call->seen);
  while (g_hash_table_iter_next (&iter, &ticket, &no))
    desk_tickets_mark_seen (db, call->me, ticket, *(gint64 *) no, NULL);
  return GINT_TO_POINTER (TRUE);
}

static void
wrote_seen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DeskStore *self = DESK_STORE (source);

  if (desk_store_finish (self, result, NULL) != NULL && !self->closed)
    g_signal_emit (self, signals[SEEN], 0);
}

static void
write_seen (DeskStore *self)
{
  DeskCall *call;

  if (g_hash_table_size (self->seen) == 0 || self->closed)
    return;
  call = desk_store_new_call (self);
  call->seen = g_steal_pointer (&self->seen);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  desk_store_push (self, DESK_CREW_GROUPED, call, write_seen, seen_job, NULL, NULL, wrote_seen_cb,
                   NULL);
}

static gboolean
write_seen_cb (gpointer data)
{
  DeskStore *self = data;

  self->seen_source = 0;
  write_seen (self);
  return G_SOURCE_REMOVE;
}

void
desk_store_mark_seen (DeskStore *self, const char *ticket_uid, gint64 no)
{
  g_return_if_fail (DESK_IS_STORE (self));

  g_hash_table_insert (self->seen, g_strdup (ticket_uid), g_memdup2 (&no, sizeof no));
  if (self->seen_source == 0 && !self->closed)
    self->seen_source = g_timeout_add (SEEN_MS, write_seen_cb, self);
}
