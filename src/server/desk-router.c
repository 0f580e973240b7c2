/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of everything that can be asked of a server. */
#include "desk-router.h"

#include <string.h>

#include "desk-server-private.h"

/* A form that somebody fills in. */
#define SMALL (64 * 1024)
/* A text of 1 MiB, every sign of it escaped. */
#define FORM (8 * 1024 * 1024)
/* Files travel in it, in base64. */
#define OS_TICKET (64 * 1024 * 1024)
#define PIECE     (8 * 1024 * 1024)
#define OPS       DESK_PROTOCOL_MAX_OPS_BYTES

static const DeskRoute routes[] = {
  { "GET", "/healthz", DESK_WHO_ANYBODY, DESK_TAKES_NOTHING, 0, desk_handle_health },
  { "GET", "/readyz", DESK_WHO_ANYBODY, DESK_TAKES_NOTHING, 0, desk_handle_ready },
  { "GET", "/metrics", DESK_WHO_ANYBODY, DESK_TAKES_NOTHING, 0, desk_handle_metrics },
  { "GET", "/v1/openapi.json", DESK_WHO_ANYBODY, DESK_TAKES_NOTHING, 0, desk_handle_openapi },

  { "POST", "/v1/setup", DESK_WHO_ANYBODY, DESK_TAKES_JSON, SMALL, desk_handle_setup },
  { "POST", "/v1/login", DESK_WHO_ANYBODY, DESK_TAKES_JSON, SMALL, desk_handle_login },
  { "DELETE", "/v1/login", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_logout },
  { "POST", "/v1/password", DESK_WHO_SIGNED_IN, DESK_TAKES_JSON, SMALL, desk_handle_password },
  { "GET", "/v1/session", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_session },
  { "GET", "/v1/sessions", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_sessions },
  { "POST", "/v1/sessions", DESK_WHO_AGENT, DESK_TAKES_JSON, SMALL, desk_handle_token },
  { "DELETE", "/v1/sessions/{uid}", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0,
    desk_handle_session_end },
  { "POST", "/v1/people/{uid}/invitation", DESK_WHO_ADMINISTRATOR, DESK_TAKES_NOTHING, 0,
    desk_handle_invite },

  { "POST", "/v1/ops", DESK_WHO_SIGNED_IN, DESK_TAKES_JSON, OPS, desk_handle_ops },
  { "GET", "/v1/changes", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_changes },
  { "GET", "/v1/snapshot", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_snapshot },
  { "GET", "/v1/stream", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_stream },
  { "PUT", "/v1/presence", DESK_WHO_AGENT, DESK_TAKES_JSON, SMALL, desk_handle_presence },

  { "GET", "/v1/tickets", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_tickets },
  { "GET", "/v1/tickets/{ref}", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_ticket },
  { "GET", "/v1/tickets/{ref}/events", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0,
    desk_handle_events },
  { "PUT", "/v1/tickets/{ref}/seen/{no}", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0,
    desk_handle_seen },
  { "GET", "/v1/tickets/{ref}/attachments/{sha256}", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0,
    desk_handle_attachment },
  { "POST", "/v1/tickets", DESK_WHO_SIGNED_IN, DESK_TAKES_JSON, FORM, desk_handle_ticket_create },
  { "POST", "/v1/tickets/{ref}/messages", DESK_WHO_SIGNED_IN, DESK_TAKES_JSON, FORM,
    desk_handle_message },
  { "PATCH", "/v1/tickets/{ref}", DESK_WHO_SIGNED_IN, DESK_TAKES_JSON, FORM,
    desk_handle_ticket_change },
  { "POST", "/api/tickets.json", DESK_WHO_AGENT, DESK_TAKES_JSON, OS_TICKET,
    desk_handle_os_ticket },

  { "GET", "/v1/catalogue", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_catalogue },
  { "PUT", "/v1/catalogue/{kind}/{slug}", DESK_WHO_ADMINISTRATOR, DESK_TAKES_JSON, SMALL,
    desk_handle_entry_save },
  { "GET", "/v1/people", DESK_WHO_AGENT, DESK_TAKES_NOTHING, 0, desk_handle_people },
  { "GET", "/v1/people/{uid}", DESK_WHO_AGENT, DESK_TAKES_NOTHING, 0, desk_handle_person },
  { "PUT", "/v1/people/{uid}", DESK_WHO_ADMINISTRATOR, DESK_TAKES_JSON, SMALL,
    desk_handle_person_save },
  { "DELETE", "/v1/people/{uid}", DESK_WHO_ADMINISTRATOR, DESK_TAKES_NOTHING, 0,
    desk_handle_person_erase },

  { "POST", "/v1/uploads", DESK_WHO_SIGNED_IN, DESK_TAKES_JSON, SMALL, desk_handle_upload_begin },
  { "HEAD", "/v1/uploads/{upload}", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0,
    desk_handle_upload_look },
  { "PATCH", "/v1/uploads/{upload}", DESK_WHO_SIGNED_IN, DESK_TAKES_BYTES, PIECE,
    desk_handle_upload_piece },
  { "DELETE", "/v1/uploads/{upload}", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0,
    desk_handle_upload_drop },
  { "GET", "/v1/search", DESK_WHO_SIGNED_IN, DESK_TAKES_NOTHING, 0, desk_handle_search },
};

const DeskRoute *
desk_router_get_routes (guint *n_routes)
{
  if (n_routes != NULL)
    *n_routes = G_N_ELEMENTS (routes);
  return routes;
}

/* Whether the segments of @pattern are those of @target. */
static gboolean
matches (const char *pattern,
         const DeskTarget *target,
         const char *parameters[DESK_ROUTE_MAX_PARAMETERS])
{
  guint n_parameters = 0;

  for (guint i = 0; i < target->segments->len; i++)
    {
      const char *segment = target->segments->pdata[i];
      gsize length;

      if (*pattern++ != '/')
        return FALSE;
      length = strcspn (pattern, "/");
      if (*pattern == '{')
        parameters[n_parameters++] = segment;
      else if (strlen (segment) != length || strncmp (segment, pattern, length) != 0)
        return FALSE;
      pattern += length;
    }
  return *pattern == '\0';
}

static gboolean
takes_method (const DeskRoute *route, const char *method)
{
  return g_str_equal (route->method, method) ||
         (g_str_equal (route->method, "GET") && g_str_equal (method, "HEAD"));
}

const DeskRoute *
desk_router_find (const char *method,
                  const DeskTarget *target,
                  const char *parameters[DESK_ROUTE_MAX_PARAMETERS],
                  char **allowed)
{
  g_autoptr (GString) methods = NULL;

  *allowed = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (!matches (routes[i].pattern, target, parameters))
        continue;
      if (takes_method (&routes[i], method))
        return &routes[i];
      if (methods == NULL)
        methods = g_string_new (routes[i].method);
      else
        g_string_append_printf (methods, ", %s", routes[i].method);
    }
  if (methods != NULL)
    *allowed = g_string_free (g_steal_pointer (&methods), FALSE);
  return NULL;
}
