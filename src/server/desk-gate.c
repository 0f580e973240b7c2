/* SPDX-License-Identifier: GPL-3.0-or-later
 * The gate of a served desk: who asks, for what, and whether they may; and what is noted of each
 * request when it is over. */
#include "desk-server-private.h"

#include <microhttpd.h>
#include <string.h>

#include "desk-log.h"

/* --- who asks --- */

/* "Bearer TOKEN"; or the header that osTicket's clients send. Lent. */
static const char *
find_token (DeskRequest *request)
{
  const char *header = desk_request_get_header (request, MHD_HTTP_HEADER_AUTHORIZATION);

  if (header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0)
    return header + 7;
  return desk_request_get_header (request, "X-API-Key");
}

static gpointer
touch_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskDeviceSession *session = data;

  return GINT_TO_POINTER (
      desk_sessions_touch (db, session->uid, session->used_at, session->expires_at, error));
}

static void
keep_alive (DeskServer *self, const DeskDeviceSession *session, gint64 now)
{
  DeskDeviceSession *copy = desk_device_session_copy (session);

  copy->used_at = now;
  copy->expires_at = now + self->config->session_days * 24 * 60 * 60;
  desk_server_push (self->writer, touch_job, copy, (GDestroyNotify) desk_device_session_free);
}

/* NULL without @error for nobody. (transfer full) */
static DeskGuest *
look_up (DeskServer *self, GBytes *token, gint64 now, GError **error)
{
  guint count = desk_known_get_count (self->known);
  DeskDb *db = desk_server_get_db (self, error);
  DeskPerson *person = NULL;
  DeskDeviceSession *session = db != NULL ? desk_sessions_find (db, token, now, &person, error)
                                          : NULL;

  return session != NULL ? desk_known_add (self->known, token, session, person, count) : NULL;
}

static DeskGuest *
find_guest (DeskServer *self, DeskRequest *request, GError **error)
{
  const char *text = find_token (request);
  g_autoptr (GBytes) token = text != NULL ? desk_token_digest (text) : NULL;
  gint64 now = desk_server_now ();
  DeskGuest *guest = token != NULL ? desk_known_find (self->known, token, now) : NULL;

  return guest != NULL || token == NULL ? guest : look_up (self, token, now, error);
}

gboolean
desk_server_identify (DeskServer *self, DeskRequest *request, GError **error)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *failure = NULL;
  DeskGuest *guest = find_guest (self, request, &failure);

  g_clear_pointer (&visit->guest, desk_guest_unref);
  visit->guest = guest;
  visit->session = guest != NULL ? guest->session : NULL;
  visit->person = guest != NULL ? guest->person : NULL;
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
identify (DeskServer *self, DeskRequest *request, DeskVisit *visit, GError **error)
{
  gint64 now = desk_server_now ();

  if (!desk_server_identify (self, request, error))
    return FALSE;
  if (visit->session != NULL && desk_sessions_is_stale (visit->session, now))
    keep_alive (self, visit->session, now);
  return TRUE;
}

static gboolean
has_role (DeskWho who, const DeskPerson *person)
{
  switch (who)
    {
    case DESK_WHO_ANYBODY:
    case DESK_WHO_SIGNED_IN:
      return TRUE;
    case DESK_WHO_AGENT:
      return person->role >= DESK_ROLE_AGENT;
    case DESK_WHO_ADMINISTRATOR:
      return person->role >= DESK_ROLE_ADMINISTRATOR;
    }
  g_assert_not_reached ();
}

static gboolean
let_in (DeskServer *self, DeskRequest *request, DeskVisit *visit)
{
  GError *error = NULL;

  if (!identify (self, request, visit, &error))
    desk_visit_fail (request, error);
  else if (visit->route->who != DESK_WHO_ANYBODY && visit->person == NULL)
    desk_visit_refuse (request, "unauthorized", "Sign in first");
  else if (!has_role (visit->route->who, visit->person))
    desk_visit_refuse (request, "not-allowed", "This is not for your role on this desk");
  else
    return desk_visit_check_mark (request);
  return FALSE;
}

void
desk_visit_throttle (DeskRequest *request, guint wait_secs)
{
  DeskProblem *problem = desk_problem_new ("too-many", "Wait a moment, then try again");

  problem->retry_after = wait_secs;
  desk_metrics_add (desk_visit_get_server (request)->metrics, DESK_COUNT_THROTTLED, 1);
  desk_visit_answer_problem (request, problem);
}

static gboolean
is_within_rate (DeskServer *self, DeskRequest *request, DeskVisit *visit)
{
  const char *name = visit->session != NULL ? visit->session->uid : request->address;
  guint wait_secs = desk_throttle_take (self->by_session, name, g_get_monotonic_time ());

  if (wait_secs > 0)
    desk_visit_throttle (request, wait_secs);
  return wait_secs == 0;
}

/* --- what is asked --- */

/* A proxy may take the base path off or leave it on. */
static void
strip_base (DeskServer *self, DeskTarget *target)
{
  g_auto (GStrv) base = *self->base_path != '\0' ? g_strsplit (self->base_path, "/", -1) : NULL;
  guint n = base != NULL ? g_strv_length (base) : 0;

  if (n < 2 || target->segments->len < n - 1)
    return;
  for (guint i = 1; i < n; i++)
    if (!g_str_equal (target->segments->pdata[i - 1], base[i]))
      return;
  g_ptr_array_remove_range (target->segments, 0, n - 1);
}

static void
refuse_method (DeskRequest *request, const char *allowed)
{
  desk_visit_refuse (request, "method-not-allowed", NULL);
  desk_request_add_header (request, MHD_HTTP_HEADER_ALLOW, allowed);
}

static gboolean
find_route (DeskServer *self, DeskRequest *request, DeskVisit *visit)
{
  g_autofree char *allowed = NULL;

  if (request->target == NULL)
    {
      desk_visit_refuse (request, "invalid", "The address is not one of this server's");
      return FALSE;
    }
  strip_base (self, request->target);
  visit->route = desk_router_find (request->method, request->target, visit->parameters, &allowed);
  if (visit->route != NULL)
    return TRUE;
  if (allowed != NULL)
    refuse_method (request, allowed);
  else
    desk_visit_refuse (request, "not-found", NULL);
  return FALSE;
}

static gboolean
has_type (DeskRequest *request, DeskTakes takes)
{
  static const char *const types[] = { NULL, "application/json",
                                       "application/offset+octet-stream" };
  const char *type = desk_request_get_header (request, MHD_HTTP_HEADER_CONTENT_TYPE);
  gsize length;

  if (types[takes] == NULL)
    return TRUE;
  length = strlen (types[takes]);
  return type != NULL && g_ascii_strncasecmp (type, types[takes], length) == 0 &&
         (type[length] == '\0' || type[length] == ';' || type[length] == ' ');
}

static gboolean
takes_body (DeskRequest *request, const DeskRoute *route)
{
  const char *length = desk_request_get_header (request, MHD_HTTP_HEADER_CONTENT_LENGTH);

  request->max_body_bytes = route->max_body_bytes;
  if (length != NULL && g_ascii_strtoull (length, NULL, 10) > route->max_body_bytes)
    desk_visit_refuse (request, "too-large", NULL);
  else if (!has_type (request, route->takes))
    desk_visit_refuse (request, "unsupported-media", NULL);
  else
    return TRUE;
  return FALSE;
}

static void
begin (DeskRequest *request)
{
  DeskServer *self = desk_visit_get_server (request);
  DeskVisit *visit = g_new0 (DeskVisit, 1);

  request->context = visit;
  g_atomic_int_inc (&self->n_active);
  if (!g_atomic_int_get (&self->is_ready))
    desk_visit_refuse (request, "unavailable", "The server is starting or ending");
  else if (find_route (self, request, visit) && let_in (self, request, visit) &&
           is_within_rate (self, request, visit))
    takes_body (request, visit->route);
  desk_server_give_back_db ();
}

static void
handle (DeskRequest *request)
{
  DeskStep step = request->step != NULL ? request->step : desk_visit_handle;

  request->step = NULL;
  step (request);
  desk_server_give_back_db ();
}

/* --- afterwards --- */

void
desk_server_log_failure (DeskRequest *request, const GError *error)
{
  const DeskRoute *route = desk_visit_get (request)->route;

  desk_log (DESK_LOG_ERROR, "failure", "request", request->id, "method", request->method, "route",
            route != NULL ? route->pattern : NULL, "domain", g_quark_to_string (error->domain),
            "message", error->message, NULL);
}

static void
log_request (DeskRequest *request, const DeskVisit *visit, gint64 us)
{
  char status[16], ms[32], bytes[32];

  g_snprintf (status, sizeof status, "%u", request->status);
  g_snprintf (ms, sizeof ms, "%" G_GINT64_FORMAT ".%d", us / 1000, (int) (us % 1000 / 100));
  g_snprintf (bytes, sizeof bytes, "%" G_GINT64_FORMAT, MAX (request->answer_bytes, 0));
  desk_log (DESK_LOG_REQUEST, "request", "method", request->method, "route",
            visit->route != NULL ? visit->route->pattern : NULL, "status", status, "ms", ms,
            "bytes", bytes, "person", visit->person != NULL ? visit->person->uid : NULL, "address",
            request->address, "request", request->id, NULL);
}

static void
end (DeskRequest *request)
{
  DeskServer *self = desk_visit_get_server (request);
  DeskVisit *visit = desk_visit_get (request);
  gint64 us = g_get_monotonic_time () - request->started_us;
  const DeskRoute *routes;
  guint n_routes;

  routes = desk_router_get_routes (&n_routes);
  desk_metrics_add_request (self->metrics, visit->route != NULL ? visit->route - routes : n_routes,
                            request->status, us);
  if (desk_log_is_told (DESK_LOG_REQUEST))
    log_request (request, visit, us);
  if (visit->free_more != NULL)
    visit->free_more (visit->more);
  g_clear_pointer (&visit->body, json_node_unref);
  g_clear_pointer (&visit->guest, desk_guest_unref);
  g_free (visit);
  g_atomic_int_add (&self->n_active, -1);
}

const DeskHttpHooks desk_gate_hooks = { begin, handle, end };
