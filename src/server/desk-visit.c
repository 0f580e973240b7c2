/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ways to read and to answer a request, for all handlers. */
#include "desk-server-private.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <string.h>

#define JSON_TYPE    "application/json"
#define PROBLEM_TYPE "application/problem+json"

/* Reading more than this would keep the thread from its other connections. */
#define LARGE_BODY_BYTES (128 * 1024)

DeskServer *
desk_visit_get_server (DeskRequest *request)
{
  return request->owner;
}

DeskVisit *
desk_visit_get (DeskRequest *request)
{
  return request->context;
}

gint64
desk_server_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* --- reading --- */

/* A thread's connection to the desk. */
typedef struct
{
  DeskServer *server;
  DeskLease *lease;
} Connection;

static void
free_connection (gpointer data)
{
  Connection *connection = data;

  desk_lease_free (connection->lease);
  g_free (connection);
}

static GPrivate connections = G_PRIVATE_INIT (free_connection);

static Connection *
open_connection (DeskServer *self, GError **error)
{
  DeskLease *lease = desk_lease_new (self->path, error);
  Connection *connection;

  if (lease == NULL)
    return NULL;
  connection = g_new0 (Connection, 1);
  *connection = (Connection){ self, lease };
  g_private_replace (&connections, connection);
  return connection;
}

DeskDb *
desk_server_get_db (DeskServer *self, GError **error)
{
  Connection *connection = g_private_get (&connections);

  if (connection == NULL || connection->server != self)
    connection = open_connection (self, error);
  return connection != NULL ? desk_lease_take (connection->lease, error) : NULL;
}

void
desk_server_give_back_db (void)
{
  Connection *connection = g_private_get (&connections);

  if (connection != NULL)
    desk_lease_give_back (connection->lease);
}

gboolean
desk_visit_get_number (DeskRequest *request,
                       const char *name,
                       gint64 min,
                       gint64 max,
                       gint64 preset,
                       gint64 *number,
                       GError **error)
{
  const char *text = desk_request_get_parameter (request, name);

  *number = preset;
  if (text == NULL || g_ascii_string_to_signed (text, 10, min, max, number, NULL))
    return TRUE;
  desk_refuse (error, DESK_ERROR_INVALID, "“%s” has to be a number from %" PRId64 " to %" PRId64,
               name, min, max);
  return FALSE;
}

JsonNode *
desk_visit_get_json (DeskRequest *request, GError **error)
{
  DeskVisit *visit = desk_visit_get (request);

  if (visit->body != NULL)
    return g_steal_pointer (&visit->body);
  return desk_json_parse ((const char *) request->body->data, request->body->len, error);
}

/* --- answering --- */

void
desk_visit_answer_text (DeskRequest *request, guint status, char *text, gsize length)
{
  desk_request_answer (request, status, JSON_TYPE, text, length);
  desk_request_add_header (request, "Cache-Control", "no-store");
  desk_visit_add_mark (request);
}

void
desk_visit_answer_json (DeskRequest *request, guint status, JsonNode *node)
{
  char *text = desk_json_to_string (node, FALSE);

  json_node_unref (node);
  desk_visit_answer_text (request, status, text, strlen (text));
}

void
desk_visit_count_page (DeskRequest *request, guint n_tickets)
{
  DeskServer *server = desk_visit_get_server (request);

  desk_metrics_add (server->metrics, DESK_COUNT_PAGES, 1);
  desk_metrics_add (server->metrics, DESK_COUNT_TICKETS, n_tickets);
}

void
desk_visit_answer_page_as (DeskRequest *request, guint status, DeskPage *page)
{
  gsize length;
  char *text;

  if (page->server_time == 0)
    page->server_time = desk_server_now ();
  desk_visit_count_page (request, page->puts->len);
  text = desk_page_to_string (page, &length);
  desk_page_free (page);
  desk_visit_answer_text (request, status, text, length);
}

void
desk_visit_answer_page (DeskRequest *request, DeskPage *page)
{
  desk_visit_answer_page_as (request, MHD_HTTP_OK, page);
}

void
desk_visit_add_etag (DeskRequest *request, gint64 no)
{
  char etag[32];

  g_snprintf (etag, sizeof etag, "\"%" G_GINT64_FORMAT "\"", no);

  desk_request_add_header (request, MHD_HTTP_HEADER_ETAG, etag);
}

void
desk_visit_answer_nothing (DeskRequest *request)
{
  desk_request_answer_static (request, MHD_HTTP_NO_CONTENT, NULL, "", 0);
}

void
desk_visit_answer_problem (DeskRequest *request, DeskProblem *problem)
{
  JsonNode *node;
  char *text;

  g_free (problem->instance);
  problem->instance = g_strconcat ("urn:deskbell:request:", request->id, NULL);
  node = desk_problem_to_json (problem);
  text = desk_json_to_string (node, FALSE);
  json_node_unref (node);
  desk_request_answer (request, problem->status, PROBLEM_TYPE, text, strlen (text));
  desk_request_add_header (request, "Cache-Control", "no-store");
  if (problem->status == MHD_HTTP_UNAUTHORIZED)
    desk_request_add_header (request, "WWW-Authenticate", "Bearer");
  if (problem->retry_after > 0)
    {
      g_autofree char *secs = g_strdup_printf ("%" G_GINT64_FORMAT, problem->retry_after);

      desk_request_add_header (request, "Retry-After", secs);
    }
  desk_problem_free (problem);
}

void
desk_visit_refuse (DeskRequest *request, const char *code, const char *detail)
{
  desk_visit_answer_problem (request, desk_problem_new (code, detail));
}

static DeskProblem *
describe_feed_error (const GError *error)
{
  switch ((DeskFeedError) error->code)
    {
    case DESK_FEED_ERROR_INVALID_CURSOR:
      return desk_problem_new ("invalid-cursor", error->message);
    case DESK_FEED_ERROR_REFILL:
      return desk_problem_new ("refill", error->message);
    }
  return desk_problem_new ("internal", NULL);
}

/* What the disk or SQLite says is for the log; clients are told whether to come again. */
static DeskProblem *
describe_store_error (const GError *error)
{
  gboolean full = error->code == DESK_STORE_ERROR_FULL;
  DeskProblem *problem = desk_problem_new (
      full ? "full" : "unavailable",
      full ? DESK_N_ ("The server's disk is full; tell its administrator")
           : DESK_N_ ("The desk cannot be used right now"));

  problem->retry_after = full ? 60 : 2;
  return problem;
}

void
desk_visit_fail (DeskRequest *request, GError *error)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskProblem *problem;

  if (error->domain == DESK_FEED_ERROR)
    problem = describe_feed_error (error);
  else if (error->domain == DESK_STORE_ERROR)
    problem = describe_store_error (error);
  else
    problem = desk_problem_new_for_error (error);
  if (g_error_matches (error, DESK_FEED_ERROR, DESK_FEED_ERROR_REFILL))
    desk_metrics_add (server->metrics, DESK_COUNT_REFILLS, 1);
  if (problem->status >= 500)
    desk_server_log_failure (request, error);
  g_error_free (error);
  desk_visit_answer_problem (request, problem);
}

/* --- having it done --- */

struct _DeskJob
{
  DeskRequest *request;
  DeskJobFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  DeskDone done;
  gpointer result;
  GError *error;
};

static gpointer
job_cb (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskJob *job = data;

  return job->func (db, job->data, cancellable, error);
}

/* On the request's thread again. */
static void
job_done (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  DeskJob *job = g_steal_pointer (&visit->job);

  job->done (request, g_steal_pointer (&job->result), g_steal_pointer (&job->error));
  if (job->free_data != NULL)
    job->free_data (job->data);
  g_free (job);
}

/* In the main loop. */
static void
job_ready_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  DeskJob *job = data;

  job->result = g_task_propagate_pointer (G_TASK (result), &job->error);
  desk_request_wake (job->request);
}

void
desk_visit_run (DeskRequest *request,
                DeskCrew *crew,
                DeskJobFunc func,
                gpointer data,
                GDestroyNotify free_data,
                GDestroyNotify free_result,
                DeskDone done)
{
  DeskJob *job = g_new0 (DeskJob, 1);
  GTask *task;

  *job = (DeskJob){ request, func, data, free_data, free_result, done, NULL, NULL };
  desk_visit_get (request)->job = job;
  task = g_task_new (NULL, NULL, job_ready_cb, job);
  g_task_set_source_tag (task, desk_visit_run);
  g_task_set_task_data (task, job, NULL);
  desk_request_sleep (request, job_done);
  desk_crew_push (crew, task, job_cb, free_result);
}

static gpointer
parse_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return desk_visit_get_json (data, error);
}

static void
parsed_cb (DeskRequest *request, gpointer result, GError *error)
{
  DeskVisit *visit = desk_visit_get (request);

  if (error != NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  visit->body = result;
  visit->route->handle (request);
}

void
desk_visit_handle (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);

  if (visit->route->takes == DESK_TAKES_JSON && request->body->len > LARGE_BODY_BYTES)
    desk_visit_run (request, desk_visit_get_server (request)->readers, parse_job, request, NULL,
                    (GDestroyNotify) json_node_unref, parsed_cb);
  else
    visit->route->handle (request);
}

typedef struct
{
  DeskJobFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Errand;

static void
free_errand (gpointer data)
{
  Errand *errand = data;

  if (errand->free_data != NULL)
    errand->free_data (errand->data);
  g_free (errand);
}

static gpointer
errand_cb (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Errand *errand = data;

  return errand->func (db, errand->data, cancellable, error);
}

void
desk_server_push (DeskCrew *crew, DeskJobFunc func, gpointer data, GDestroyNotify free_data)
{
  Errand *errand = g_new0 (Errand, 1);
  GTask *task = g_task_new (NULL, NULL, NULL, NULL);

  *errand = (Errand){ func, data, free_data };
  g_task_set_source_tag (task, desk_server_push);
  g_task_set_task_data (task, errand, free_errand);
  desk_crew_push (crew, task, errand_cb, NULL);
}
