/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is asked of a server: JSON, a page of changes, to be let in and out. */
#include "desk-remote-private.h"

gboolean
desk_remote_fail_nonsense (DeskRemote *self, const GError *reason, GError **error)
{
  return desk_remote_fail (error, DESK_REMOTE_ERROR_NONSENSE,
                           "No desk answers at %s, or one of another version: %s", self->address,
                           reason->message);
}

JsonNode *
desk_remote_ask_json (DeskRemote *self,
                      const DeskAsk *ask,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GBytes) body = desk_remote_ask (self, ask, cancellable, error);
  g_autoptr (GError) failure = NULL;
  JsonNode *node;
  const char *text;
  gsize size;

  if (body == NULL)
    return NULL;
  text = g_bytes_get_data (body, &size);
  node = desk_json_parse (text != NULL ? text : "", size, &failure);
  if (node == NULL)
    desk_remote_fail_nonsense (self, failure, error);
  return node;
}

DeskPage *
desk_remote_ask_page (DeskRemote *self,
                      const DeskAsk *ask,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GBytes) body = desk_remote_ask (self, ask, cancellable, error);
  g_autoptr (GError) failure = NULL;
  DeskPage *page;
  const char *text;
  gsize size;

  if (body == NULL)
    return NULL;
  text = g_bytes_get_data (body, &size);
  page = desk_page_from_text (text != NULL ? text : "", size, &failure);
  if (page == NULL)
    desk_remote_fail_nonsense (self, failure, error);
  return page;
}

/* --- signing in and out --- */

static gboolean
check_protocol (DeskRemote *self, const DeskWelcome *welcome, GError **error)
{
  if (welcome->protocol_min <= DESK_PROTOCOL_MAX && welcome->protocol_max >= DESK_PROTOCOL_MIN)
    return TRUE;
  desk_remote_fail_protocol (self, welcome->protocol_min <= DESK_PROTOCOL_MAX, error);
  return FALSE;
}

DeskWelcome *
desk_remote_sign_in (DeskRemote *self,
                     const DeskSignIn *sign_in,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (JsonNode) body = desk_sign_in_to_json (sign_in);
  const DeskAsk ask = {
    .method = "POST",
    .path = sign_in->code != NULL ? "/v1/setup" : "/v1/login",
    .json = body,
  };
  g_autoptr (JsonNode) node = desk_remote_ask_json (self, &ask, cancellable, error);
  g_autoptr (GError) failure = NULL;
  g_autoptr (DeskWelcome) welcome = node != NULL ? desk_welcome_from_json (node, &failure) : NULL;

  if (failure != NULL)
    desk_remote_fail_nonsense (self, failure, error);
  if (node == NULL && desk_remote_get_status (self) == SOUP_STATUS_NOT_FOUND)
    {
      /* A server, but the desk is in another place on it. */
      g_clear_error (error);
      desk_remote_fail (error, DESK_REMOTE_ERROR_ADDRESS, "No desk answers at %s", self->address);
    }
  if (welcome == NULL || !check_protocol (self, welcome, error))
    return NULL;
  desk_remote_set_token (self, welcome->token);
  return g_steal_pointer (&welcome);
}

gboolean
desk_remote_sign_out (DeskRemote *self, GCancellable *cancellable, GError **error)
{
  const DeskAsk ask = { .method = "DELETE", .path = "/v1/login" };
  g_autoptr (GBytes) body = desk_remote_ask (self, &ask, cancellable, error);

  return body != NULL;
}
