/* SPDX-License-Identifier: GPL-3.0-or-later
 * Threads that own connections to a desk, and the queues in front of them.
 *
 * A job is a GTask and a function over a connection; its result is returned through the task, to
 * the main context that made it. A crew of kind GROUPED has one thread, which runs the jobs that
 * are waiting in one transaction and answers none of them before it is on the disk. The threads
 * own their connections and the queue, not the crew, which may be freed while they work. Any thread
 * may push. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_CREW_READING, /* read-only connections; the function may be cancelled inside SQLite */
  DESK_CREW_GROUPED, /* one writer; functions run inside a transaction that is not theirs */
  DESK_CREW_BULK,    /* writers for long work; functions make their own transactions */
} DeskCrewKind;

typedef struct _DeskCrew DeskCrew;

/* The result of a job, or NULL with @error set. @data is the task's. */
typedef gpointer (*DeskJobFunc) (DeskDb *db,
                                 gpointer data,
                                 GCancellable *cancellable,
                                 GError **error);

/* Threads and connections come with the first job, which is too late when the desk at @path is not
 * of @epoch any more: see desk_db_check_epoch(). */
DeskCrew *desk_crew_new (DeskCrewKind kind, const char *path, const char *epoch, guint n_threads);
/* Takes @task. @free_result: of what @func returns. */
void desk_crew_push (DeskCrew *crew, GTask *task, DeskJobFunc func, GDestroyNotify free_result);
/* Ends the threads after the jobs that wait; @wait: not before they have ended. Then frees the
 * crew. */
void desk_crew_free (DeskCrew *crew, gboolean wait);

G_END_DECLS
