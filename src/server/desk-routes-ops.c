/* SPDX-License-Identifier: GPL-3.0-or-later
 * POST /v1/ops: every write of our own clients.
 *
 * The ops of a request are one job of the writer and are answered together, after they are on the
 * disk. The author is who signed in, whatever an op says of itself; how it came in is what the
 * session says. */
#include <microhttpd.h>
#include <string.h>

#include "desk-blobs.h"
#include "desk-server-private.h"

/* --- files that an op refers to --- */

gboolean
desk_server_has_brought_all (DeskServer *self, const char *person, const DeskOp *op)
{
  for (guint i = 0; i < op->attachments->len; i++)
    {
      const DeskAttachment *attachment = op->attachments->pdata[i];

      if (!desk_uploads_has_brought (self->uploads, person, attachment->sha256))
        return FALSE;
    }
  return TRUE;
}

/* A desk that was restored from an older copy knows less than what was brought since. */
static gboolean
find_all (DeskDb *db, const DeskOp *op, gboolean *found, GError **error)
{
  *found = TRUE;
  for (guint i = 0; i < op->attachments->len && *found; i++)
    {
      const DeskAttachment *attachment = op->attachments->pdata[i];

      if (!desk_blobs_find (db, attachment->sha256, found, error))
        return FALSE;
    }
  return TRUE;
}

/* --- one op --- */

static DeskOpResult *
refuse_unreadable (const DeskAsked *asked)
{
  DeskOpResult *result = desk_op_result_new (asked->uid, DESK_OP_STATUS_REFUSED);

  result->problem = desk_problem_new_for_error (asked->error);
  return result;
}

static DeskOpResult *
ask_for_blob (const DeskAsked *asked)
{
  DeskOpResult *result = desk_op_result_new (asked->uid, DESK_OP_STATUS_RETRY);

  result->problem = desk_problem_new ("blob-missing",
                                      "Upload the file first, then send this again");
  return result;
}

/* What came in this way is what the session says, not the op. */
static void
stamp_op (DeskOp *op, const DeskDeviceSession *session)
{
  g_free (op->device);
  op->device = g_strdup (session->device);
  op->via = session->via;
}

static DeskOpResult *
submit_one (DeskDb *db, DeskRequest *request, DeskAsked *asked, GHashTable *people, GError **error)
{
  DeskVisit *visit = desk_visit_get (request);
  gboolean found;

  if (asked->op == NULL)
    return refuse_unreadable (asked);
  if (!find_all (db, asked->op, &found, error))
    return NULL;
  /* Repeated later, it is known, and its file may be so no more. */
  if (!found ||
      !desk_server_has_brought_all (desk_visit_get_server (request), visit->person->uid, asked->op))
    return ask_for_blob (asked);
  stamp_op (asked->op, visit->session);
  return desk_feed_submit (db, asked->op, visit->person, desk_server_now (), people, error);
}

/* --- all of them --- */

static gboolean
is_to_be_sent_again (const DeskOpResult *result)
{
  return result->status == DESK_OP_STATUS_RETRY || result->status == DESK_OP_STATUS_NOT_ATTEMPTED;
}

static gpointer
ops_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskRequest *request = data;
  DeskVisit *visit = desk_visit_get (request);
  DeskOpsRequest *asked = visit->more;
  g_autoptr (DeskOpsAnswer) answer = desk_ops_answer_new ();
  g_autoptr (GHashTable) people = desk_feed_people_new ();
  gboolean stopped = FALSE;

  for (guint i = 0; i < asked->asked->len; i++)
    {
      DeskAsked *one = asked->asked->pdata[i];
      DeskOpResult *result = stopped ? desk_op_result_new (one->uid, DESK_OP_STATUS_NOT_ATTEMPTED)
                                     : submit_one (db, request, one, people, error);

      if (result == NULL)
        return NULL;
      g_ptr_array_add (answer->results, result);
      stopped = is_to_be_sent_again (result);
    }
  g_ptr_array_unref (answer->people);
  answer->people = desk_feed_people_to_array (people, visit->person);
  answer->server_time = desk_server_now ();
  return g_steal_pointer (&answer);
}

static void
count (DeskServer *server, const DeskOpsAnswer *answer, const DeskOpsRequest *asked)
{
  for (guint i = 0; i < answer->results->len; i++)
    {
      const DeskOpResult *result = answer->results->pdata[i];
      const DeskOp *op = ((DeskAsked *) asked->asked->pdata[i])->op;

      if (result->status <= DESK_OP_STATUS_RETRY)
        desk_metrics_add (server->metrics, DESK_COUNT_OPS_ACCEPTED + result->status, 1);
      if (op != NULL && result->status == DESK_OP_STATUS_ACCEPTED)
        desk_metrics_note_outbox (server->metrics, answer->server_time - op->at);
    }
}

static void
ops_done_cb (DeskRequest *request, gpointer result, GError *error)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskOpsAnswer *answer = result;
  gsize length;
  char *text;

  if (error != NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  count (server, answer, desk_visit_get (request)->more);
  desk_hub_tell (server->hub);
  text = desk_ops_answer_to_string (answer, &length);
  desk_visit_answer_text (request, MHD_HTTP_OK, text, length);
  desk_ops_answer_free (answer);
}

void
desk_handle_ops (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  g_autoptr (JsonNode) node = desk_visit_get_json (request, &error);
  DeskOpsRequest *asked = node != NULL ? desk_ops_request_from_json (node, &error) : NULL;

  if (asked == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  visit->more = asked;
  visit->free_more = (GDestroyNotify) desk_ops_request_free;
  desk_visit_run (request, desk_visit_get_server (request)->writer, ops_job, request, NULL,
                  (GDestroyNotify) desk_ops_answer_free, ops_done_cb);
}
