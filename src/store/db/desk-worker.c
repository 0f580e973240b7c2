/* SPDX-License-Identifier: GPL-3.0-or-later
 * Threads that own connections to a desk, and the queues in front of them. */
#include "desk-worker.h"

#include "desk-error.h"

/* A group holds the lock no longer than this, and leaves it free for others after a long one:
 * without the pause another process waits half a second for its turn, with it some milliseconds. */
#define GROUP_US       20000
#define GROUP_MAX_JOBS 512
#define LONG_GROUP_US  5000
#define PAUSE_US       2000

/* What the threads share; outlives the crew until the last of them has ended. */
typedef struct
{
  gatomicrefcount ref_count;
  DeskCrewKind kind;
  char *path;
  char *epoch;
  GAsyncQueue *queue;
} Shared;

struct _DeskCrew
{
  Shared *shared;
  guint n_threads;
  GPtrArray *threads; /* of GThread, empty until the first job */
  GMutex lock;        /* of threads */
};

typedef struct
{
  GTask *task; /* NULL: end the thread */
  DeskJobFunc func;
  GDestroyNotify free_result;
  gpointer result;
  GError *error;
} Job;

static void
release_shared (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  g_async_queue_unref (shared->queue);
  g_free (shared->path);
  g_free (shared->epoch);
  g_free (shared);
}

/* --- running --- */

static void
run (Job *job, DeskDb *db)
{
  GCancellable *cancellable = g_task_get_cancellable (job->task);

  if (!g_cancellable_set_error_if_cancelled (cancellable, &job->error))
    job->result = job->func (db, g_task_get_task_data (job->task), cancellable, &job->error);
}

static gboolean
drop_cb (gpointer task)
{
  return G_SOURCE_REMOVE;
}

/* Lets go of @task in its own context: it may hold the last reference of the store, whose timers
 * run there meanwhile. */
static void
drop (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, drop_cb, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

static void
answer (Job *job)
{
  if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (job->task, job->result, job->free_result);
  drop (job->task);
  g_free (job);
}

static void
take_back (Job *job)
{
  if (job->result != NULL && job->free_result != NULL)
    job->free_result (job->result);
  job->result = NULL;
  g_clear_error (&job->error);
}

static gboolean
is_refusal (const GError *error)
{
  return error == NULL || error->domain == DESK_ERROR ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A transaction for this job alone. */
static void
run_alone (Job *job, DeskDb *db)
{
  GError *failure = NULL;

  take_back (job);
  if (!desk_db_begin (db, &job->error))
    return;
  run (job, db);
  if (!is_refusal (job->error))
    desk_db_rollback (db);
  else if (!desk_db_commit (db, &failure))
    {
      take_back (job);
      job->error = failure;
    }
}

/* Runs jobs as long as there are some and time is left. FALSE when one of them failed, and the
 * transaction with it. */
static gboolean
fill_group (Shared *shared, DeskDb *db, GPtrArray *group, gint64 until, gboolean *end)
{
  Job *job = group->pdata[0];

  for (;;)
    {
      run (job, db);
      if (!is_refusal (job->error) || !desk_db_in_transaction (db))
        return FALSE;
      if (group->len >= GROUP_MAX_JOBS || g_get_monotonic_time () > until)
        return TRUE;
      job = g_async_queue_try_pop (shared->queue);
      if (job == NULL)
        return TRUE;
      if (job->task == NULL)
        {
          *end = TRUE;
          g_free (job);
          return TRUE;
        }
      g_ptr_array_add (group, job);
    }
}

/* A full disk or an I/O error takes the whole transaction with it, the good jobs too (savepoints
 * would not help, and cost the search index its batches): then each is tried by itself, and each
 * gets the answer that is true. */
static gboolean
run_group (Shared *shared, DeskDb *db, Job *first)
{
  g_autoptr (GPtrArray) group = g_ptr_array_new ();
  gint64 started = g_get_monotonic_time ();
  gboolean end = FALSE;

  g_ptr_array_add (group, first);
  if (!desk_db_begin (db, &first->error))
    {
      answer (first);
      return FALSE;
    }
  if (!fill_group (shared, db, group, started + GROUP_US, &end) || !desk_db_commit (db, NULL))
    {
      desk_db_rollback (db);
      g_ptr_array_foreach (group, (GFunc) run_alone, db);
    }
  g_ptr_array_foreach (group, (GFunc) answer, NULL);
  if (g_get_monotonic_time () - started > LONG_GROUP_US)
    g_usleep (PAUSE_US);
  return end;
}

static void
run_reading (Job *job, DeskDb *db)
{
  desk_db_set_cancellable (db, g_task_get_cancellable (job->task));
  run (job, db);
  desk_db_set_cancellable (db, NULL);
  answer (job);
}

/* TRUE: that was the last job. */
static gboolean
run_job (Shared *shared, DeskDb *db, Job *job)
{
  switch (shared->kind)
    {
    case DESK_CREW_GROUPED:
      return run_group (shared, db, job);
    case DESK_CREW_READING:
      run_reading (job, db);
      return FALSE;
    case DESK_CREW_BULK:
      run (job, db);
      answer (job);
      return FALSE;
    }
  g_assert_not_reached ();
}

static DeskDb *
open_connection (Shared *shared, GError **error)
{
  DeskDbMode mode = shared->kind == DESK_CREW_READING ? DESK_DB_READ : DESK_DB_OPEN;
  g_autoptr (DeskDb) db = desk_db_open (shared->path, mode, error);

  if (db == NULL || !desk_db_check_epoch (db, shared->epoch, error))
    return NULL;
  return g_steal_pointer (&db);
}

static gpointer
work (gpointer data)
{
  Shared *shared = data;
  DeskDb *db = NULL;
  gboolean end = FALSE;

  while (!end)
    {
      Job *job = g_async_queue_pop (shared->queue);

      if (job->task == NULL)
        {
          g_free (job);
          break;
        }
      if (db == NULL)
        db = open_connection (shared, &job->error);
      if (db == NULL)
        answer (job);
      else
        end = run_job (shared, db, job);
    }
  if (db != NULL && shared->kind == DESK_CREW_GROUPED)
    desk_db_settle (db);
  desk_db_close (db);
  release_shared (shared);
  return NULL;
}

/* --- the crew --- */

DeskCrew *
desk_crew_new (DeskCrewKind kind, const char *path, const char *epoch, guint n_threads)
{
  DeskCrew *crew = g_new0 (DeskCrew, 1);

  crew->shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&crew->shared->ref_count);
  crew->shared->kind = kind;
  crew->shared->path = g_strdup (path);
  crew->shared->epoch = g_strdup (epoch);
  crew->shared->queue = g_async_queue_new ();
  crew->n_threads = n_threads;
  crew->threads = g_ptr_array_new ();
  g_mutex_init (&crew->lock);
  return crew;
}

static void
start_threads (DeskCrew *crew)
{
  static const char *const names[] = { "desk-reader", "desk-writer", "desk-bulk" };

  g_mutex_lock (&crew->lock);
  while (crew->threads->len < crew->n_threads)
    {
      g_atomic_ref_count_inc (&crew->shared->ref_count);
      g_ptr_array_add (crew->threads, g_thread_new (names[crew->shared->kind], work, crew->shared));
    }
  g_mutex_unlock (&crew->lock);
}

void
desk_crew_push (DeskCrew *crew, GTask *task, DeskJobFunc func, GDestroyNotify free_result)
{
  Job *job = g_new0 (Job, 1);

  job->task = task;
  job->func = func;
  job->free_result = free_result;
  start_threads (crew);
  g_async_queue_push (crew->shared->queue, job);
}

static void
end_thread (gpointer data, gpointer user_data)
{
  DeskCrew *crew = user_data;

  g_async_queue_push (crew->shared->queue, g_new0 (Job, 1));
}

void
desk_crew_free (DeskCrew *crew, gboolean wait)
{
  if (crew == NULL)
    return;
  g_ptr_array_foreach (crew->threads, end_thread, crew);
  g_ptr_array_foreach (
      crew->threads, (GFunc) (wait ? (void (*) (GThread *)) g_thread_join : g_thread_unref), NULL);
  g_ptr_array_unref (crew->threads);
  release_shared (crew->shared);
  g_mutex_clear (&crew->lock);
  g_free (crew);
}
