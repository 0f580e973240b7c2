/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing for other people's programs: a ticket, a message, changed fields, in plain words.
 *
 * Each becomes an op and goes the one way. `Idempotency-Key` names the op, so that the same request
 * again is the same op; `If-Match` says how much of the ticket its author had seen. */
#include <microhttpd.h>
#include <string.h>

#include "desk-api.h"
#include "desk-server-private.h"
#include "desk-uid.h"

#define MAX_KEY_CHARS 255
#define TEXT_KINDS    ((1u << DESK_KIND_MESSAGE) | (1u << DESK_KIND_REPLY) | (1u << DESK_KIND_NOTE))

/* What a request asks for. */
typedef struct
{
  DeskOp *op;
  gboolean repeats; /* it has a key, so it may have come before */
  gint64 base;      /* as its author says; -1: the ticket as it is */
} Wish;

static void
free_wish (gpointer data)
{
  Wish *self = data;

  desk_op_unref (self->op);
  g_free (self);
}

/* --- the answer --- */

static gboolean
is_accepted (const DeskOpResult *result)
{
  return result->status == DESK_OP_STATUS_ACCEPTED || result->status == DESK_OP_STATUS_REPLAYED;
}

/* What the writer made: one page, or why not. */
typedef struct
{
  DeskOpResult *result;
  GPtrArray *people;
} Outcome;

static void
free_outcome (gpointer data)
{
  Outcome *self = data;

  desk_op_result_free (self->result);
  g_ptr_array_unref (self->people);
  g_free (self);
}

static void
answer_put (DeskRequest *request, Outcome *outcome, gboolean created)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskPage *page = desk_page_new ();
  g_autoptr (DeskTicket) ticket = NULL;
  g_autofree char *location = NULL;

  /* Whoever passes a ticket on may lose sight of it. */
  if (outcome->result->put == NULL)
    {
      desk_page_free (page);
      desk_visit_answer_nothing (request);
      return;
    }
  ticket = desk_ticket_ref (outcome->result->put->ticket);
  g_ptr_array_add (page->puts, g_steal_pointer (&outcome->result->put));
  g_ptr_array_unref (page->people);
  page->people = g_ptr_array_ref (outcome->people);
  location = g_strconcat (server->base_path, "/v1/tickets/", ticket->uid, NULL);
  desk_visit_answer_page_as (request, created ? MHD_HTTP_CREATED : MHD_HTTP_OK, page);
  desk_request_add_header (request, MHD_HTTP_HEADER_LOCATION, location);
  desk_visit_add_etag (request, ticket->no);
}

static void
submitted_cb (DeskRequest *request, gpointer data, GError *error)
{
  DeskServer *server = desk_visit_get_server (request);
  Wish *wish = desk_visit_get (request)->more;
  Outcome *outcome = data;

  if (error != NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  if (outcome->result->status <= DESK_OP_STATUS_RETRY)
    desk_metrics_add (server->metrics, DESK_COUNT_OPS_ACCEPTED + outcome->result->status, 1);
  desk_hub_tell (server->hub);
  if (is_accepted (outcome->result))
    answer_put (request, outcome, wish->op->kind == DESK_KIND_CREATED);
  else
    desk_visit_answer_problem (request, g_steal_pointer (&outcome->result->problem));
  free_outcome (outcome);
}

/* --- the job --- */

/* What an op of this uid was based on when it came before; -1: it did not. The ticket's events are
 * numbered as the reader counts them. */
static gint64
find_base_of_repeated (const DeskPut *put, const char *uid)
{
  for (guint i = 0; i < put->events->len; i++)
    {
      const DeskEvent *event = put->events->pdata[i];

      if (g_str_equal (event->uid, uid))
        return event->no - 1;
    }
  return -1;
}

/* An address has a number or a uid, an op the uid; and without another word an op is based on the
 * ticket as it is. */
static gboolean
find_ticket (DeskDb *db, DeskRequest *request, Wish *wish, GError **error)
{
  DeskVisit *visit = desk_visit_get (request);
  gint64 after_no = wish->repeats ? 0 : G_MAXINT64;
  g_autoptr (DeskPut) put = NULL;
  gint64 base = -1;

  if (wish->op->kind == DESK_KIND_CREATED)
    return TRUE;
  put = desk_feed_load (db, visit->person, visit->parameters[0], after_no, 0, NULL, error);
  if (put == NULL)
    return FALSE;
  g_free (wish->op->ticket);
  wish->op->ticket = g_strdup (put->ticket->uid);
  if (wish->repeats)
    base = find_base_of_repeated (put, wish->op->uid);
  if (wish->base >= 0)
    wish->op->base = wish->base;
  else
    wish->op->base = base >= 0 ? base : put->ticket->no;
  return TRUE;
}

static gpointer
submit_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskRequest *request = data;
  DeskVisit *visit = desk_visit_get (request);
  Wish *wish = visit->more;
  g_autoptr (GHashTable) people = desk_feed_people_new ();
  DeskOpResult *result;
  Outcome *outcome;

  if (!find_ticket (db, request, wish, error))
    return NULL;
  result = desk_feed_submit (db, wish->op, visit->person, desk_server_now (), people, error);
  if (result == NULL)
    return NULL;
  outcome = g_new0 (Outcome, 1);
  *outcome = (Outcome){ result, desk_feed_people_to_array (people, visit->person) };
  return outcome;
}

/* --- the request --- */

static char *
name_uid (DeskRequest *request, const char *what)
{
  const char *key = desk_request_get_header (request, "Idempotency-Key");
  g_autofree char *source = NULL;

  if (key == NULL)
    return desk_uid_new ();
  source = g_strconcat ("idempotency/", desk_visit_get (request)->person->uid, "/", what, NULL);
  return desk_uid_from_name (source, key);
}

static gboolean
check_key (DeskRequest *request, GError **error)
{
  const char *key = desk_request_get_header (request, "Idempotency-Key");

  if (key == NULL ||
      (g_utf8_validate (key, -1, NULL) && *key != '\0' && strlen (key) <= MAX_KEY_CHARS))
    return TRUE;
  desk_refuse (error, DESK_ERROR_INVALID, "The header Idempotency-Key has to be 1 to %d signs",
               MAX_KEY_CHARS);
  return FALSE;
}

/* An entity tag is the ticket's number of events, as GET gave it. */
static gboolean
read_base (DeskRequest *request, Wish *wish, GError **error)
{
  const char *match = desk_request_get_header (request, MHD_HTTP_HEADER_IF_MATCH);
  g_autofree char *number = match != NULL ? g_strdup (match) : NULL;

  wish->base = -1;
  if (match == NULL || g_str_equal (match, "*"))
    return TRUE;
  g_strdelimit (number, "\"", ' ');
  if (g_ascii_string_to_signed (g_strstrip (number), 10, 0, G_MAXINT32, &wish->base, NULL))
    return TRUE;
  desk_refuse (error, DESK_ERROR_INVALID, "The header If-Match has to be the ETag of the ticket");
  return FALSE;
}

static Wish *
read_wish (DeskRequest *request, DeskKind kind, guint kinds, GError **error)
{
  DeskVisit *visit = desk_visit_get (request);
  g_autoptr (JsonNode) node = desk_visit_get_json (request, error);
  g_autofree char *uid = NULL;
  g_autofree char *ticket = NULL;
  Wish *wish;

  if (node == NULL || !check_key (request, error))
    return NULL;
  uid = name_uid (request, "op");
  ticket = name_uid (request, "ticket");
  wish = g_new0 (Wish, 1);
  wish->op = desk_op_new (uid, ticket, kind, visit->person->uid);
  wish->op->device = g_strdup (visit->session->device);
  wish->op->via = DESK_VIA_API;
  wish->repeats = desk_request_get_header (request, "Idempotency-Key") != NULL;
  if (desk_op_read_words (wish->op, kinds, node, error) && read_base (request, wish, error))
    return wish;
  free_wish (wish);
  return NULL;
}

static void
submit (DeskRequest *request, DeskKind kind, guint kinds)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  Wish *wish = read_wish (request, kind, kinds, &error);

  if (wish == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  visit->more = wish;
  visit->free_more = free_wish;
  if (desk_server_has_brought_all (server, visit->person->uid, wish->op))
    desk_visit_run (request, server->writer, submit_job, request, NULL, free_outcome, submitted_cb);
  else
    desk_visit_refuse (request, "blob-missing", "Upload the file first, then send this again");
}

void
desk_handle_ticket_create (DeskRequest *request)
{
  submit (request, DESK_KIND_CREATED, 0);
}

/* Who writes from which side: a requester's text is a message, an agent's a reply. */
void
desk_handle_message (DeskRequest *request)
{
  gboolean agent = desk_visit_get (request)->person->role >= DESK_ROLE_AGENT;

  submit (request, agent ? DESK_KIND_REPLY : DESK_KIND_MESSAGE, TEXT_KINDS);
}

void
desk_handle_ticket_change (DeskRequest *request)
{
  submit (request, DESK_KIND_CHANGE, 0);
}
