/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an app asks of a copy now and then, each in a thread and over a connection of its own: a
 * file, an old ticket, what was refused. */
#include "desk-syncer-private.h"

#define TIMEOUT_SECS      30
#define PROGRESS_EVERY_US (100 * 1000)

typedef struct
{
  DeskAccount account; /* lent by the syncer, which the task keeps */
  char *text;          /* of a ticket or op: uid, or number */
  DeskAttachment *attachment;
  GFileProgressCallback progress;
  gpointer progress_data;
  GCancellable *cancellable; /* lent by the task */
  GMainContext *context;
  gint64 told_us;
} Errand;

static void
free_errand (gpointer data)
{
  Errand *self = data;

  g_free (self->text);
  g_clear_pointer (&self->attachment, desk_attachment_free);
  g_main_context_unref (self->context);
  g_free (self);
}

static GTask *
begin_errand (DeskSyncer *self,
              const char *text,
              gpointer source_tag,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Errand *errand = g_new0 (Errand, 1);

  errand->account = self->account;
  errand->text = g_strdup (text);
  errand->cancellable = cancellable;
  errand->context = g_main_context_ref_thread_default ();
  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, errand, free_errand);
  return task;
}

static DeskDb *
open_copy (Errand *self, GTask *task)
{
  GError *error = NULL;
  DeskDb *db = desk_db_open (self->account.path, DESK_DB_OPEN, &error);

  if (db == NULL)
    g_task_return_error (task, error);
  return db;
}

static void
return_done (GTask *task, gboolean done, GError *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* --- a file --- */

typedef struct
{
  GFileProgressCallback progress;
  gpointer progress_data;
  gint64 done;
  gint64 total;
  GCancellable *cancellable;
} Report;

static gboolean
report_cb (gpointer data)
{
  const Report *report = data;

  /* Who has given up may be gone, together with what the progress was for. */
  if (!g_cancellable_is_cancelled (report->cancellable))
    report->progress (report->done, report->total, report->progress_data);
  return G_SOURCE_REMOVE;
}

static void
free_report (gpointer data)
{
  Report *self = data;

  g_clear_object (&self->cancellable);
  g_free (self);
}

static void
progress_cb (gint64 done_bytes, gint64 total_bytes, gpointer data)
{
  Errand *errand = data;
  gint64 now_us = g_get_monotonic_time ();
  Report *report;

  if (errand->progress == NULL ||
      (now_us < errand->told_us + PROGRESS_EVERY_US && done_bytes < total_bytes))
    return;
  errand->told_us = now_us;
  report = g_new0 (Report, 1);
  *report = (Report){ errand->progress, errand->progress_data, done_bytes, total_bytes, NULL };
  g_set_object (&report->cancellable, errand->cancellable);
  g_main_context_invoke_full (errand->context, G_PRIORITY_DEFAULT, report_cb, report, free_report);
}

static void
fetch_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  g_autoptr (DeskDb) db = open_copy (errand, task);
  g_autoptr (DeskRemote) remote = NULL;
  g_autoptr (DeskTransfer) transfer = NULL;
  GError *error = NULL;
  gboolean done;

  if (db == NULL)
    return;
  remote = desk_account_connect (&errand->account, TIMEOUT_SECS);
  transfer = desk_transfer_new (remote, db);
  done = desk_transfer_get (transfer, errand->text, errand->attachment, progress_cb, errand,
                            cancellable, &error);
  return_done (task, done, error);
}

void
desk_syncer_fetch_async (DeskSyncer *self,
                         const char *ticket_uid,
                         const DeskAttachment *attachment,
                         GFileProgressCallback progress,
                         gpointer progress_data,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = begin_errand (self, ticket_uid, desk_syncer_fetch_async, cancellable,
                                         callback, user_data);
  Errand *errand = g_task_get_task_data (task);

  errand->attachment = desk_attachment_new (attachment->name, attachment->type,
                                            attachment->size_bytes, attachment->sha256);
  errand->progress = progress;
  errand->progress_data = progress_data;
  g_task_run_in_thread (task, fetch_thread);
}

gboolean
desk_syncer_fetch_finish (DeskSyncer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- an old ticket --- */

static void
bring_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  g_autoptr (DeskDb) db = open_copy (errand, task);
  g_autoptr (DeskRemote) remote = NULL;
  g_autoptr (DeskSync) sync = NULL;
  GError *error = NULL;
  gboolean done;

  if (db == NULL)
    return;
  remote = desk_account_connect (&errand->account, TIMEOUT_SECS);
  sync = desk_sync_new (remote, db, errand->account.device);
  done = desk_sync_bring (sync, errand->text, cancellable, &error);
  return_done (task, done, error);
}

void
desk_syncer_bring_async (DeskSyncer *self,
                         const char *number,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask)
      task = begin_errand (self, number, desk_syncer_bring_async, cancellable, callback, user_data);

  g_task_run_in_thread (task, bring_thread);
}

gboolean
desk_syncer_bring_finish (DeskSyncer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- what was refused --- */

static void
refused_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  g_autoptr (DeskDb) db = open_copy (data, task);
  GError *error = NULL;
  GPtrArray *items = db != NULL ? desk_outbox_list (db, DESK_OUTBOX_REFUSED, &error) : NULL;

  if (items != NULL)
    g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
  else if (db != NULL)
    g_task_return_error (task, error);
}

void
desk_syncer_refused_async (DeskSyncer *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask)
      task = begin_errand (self, NULL, desk_syncer_refused_async, cancellable, callback, user_data);

  g_task_run_in_thread (task, refused_thread);
}

GPtrArray *
desk_syncer_refused_finish (DeskSyncer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
drop_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  g_autoptr (DeskDb) db = open_copy (errand, task);
  GError *error = NULL;
  gboolean done;

  if (db == NULL)
    return;
  done = desk_outbox_drop (db, errand->text, &error);
  return_done (task, done, error);
}

void
desk_syncer_drop_async (DeskSyncer *self,
                        const char *op_uid,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask)
      task = begin_errand (self, op_uid, desk_syncer_drop_async, cancellable, callback, user_data);

  g_task_run_in_thread (task, drop_thread);
}

gboolean
desk_syncer_drop_finish (DeskSyncer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
