/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is wrong when a server does not answer, or says no. */
#include "desk-remote-private.h"
#include "desk-store-error.h"

/* --- on the way --- */

static const struct
{
  GTlsCertificateFlags flag;
  const char *text;
} distrusts[] = {
  { G_TLS_CERTIFICATE_EXPIRED,
    DESK_N_ ("its certificate has expired; whoever keeps the desk has to renew it") },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED,
    DESK_N_ ("its certificate is not valid yet; see whether the clock of this computer is right") },
  { G_TLS_CERTIFICATE_BAD_IDENTITY,
    DESK_N_ ("its certificate is for another name; see whether the address is right") },
  { G_TLS_CERTIFICATE_REVOKED,
    DESK_N_ ("its certificate was revoked; ask whoever keeps the desk") },
  { G_TLS_CERTIFICATE_UNKNOWN_CA,
    DESK_N_ ("its certificate is signed by nobody whom this computer trusts; ask whoever keeps the "
             "desk for the certificate of their authority, and have it installed here") },
};

static void
fail_certificate (DeskRemote *self, GError **error)
{
  const char *reason = DESK_N_ ("its certificate is not trusted here; ask whoever keeps the desk");

  for (guint i = 0; i < G_N_ELEMENTS (distrusts); i++)
    if (self->distrust & distrusts[i].flag)
      {
        reason = distrusts[i].text;
        break;
      }
  desk_remote_fail (error, DESK_REMOTE_ERROR_CERTIFICATE, "%s cannot prove that it is the one: %s",
                    self->host, reason);
}

void
desk_remote_fail_on_the_way (DeskRemote *self, GError *failure, GError **error)
{
  g_autoptr (GError) owned = failure;

  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&owned));
  else if (self->distrust != 0 || g_error_matches (owned, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    fail_certificate (self, error);
  else if (owned->domain == DESK_REMOTE_ERROR || owned->domain == DESK_STORE_ERROR)
    g_propagate_error (error, g_steal_pointer (&owned));
  else
    desk_remote_fail (error, DESK_REMOTE_ERROR_OFFLINE, "%s cannot be reached: %s", self->host,
                      owned->message);
}

/* --- what the server refused --- */

/* Whatever it says: by then it may be another one. */
#define LONGEST_WAIT_SECS (60 * 60)

/* A number of seconds or, of some proxies, a time of day. -1: it does not say. */
static gint64
find_retry_after (DeskRemote *self)
{
  const char *text = soup_message_headers_get_one (
      soup_message_get_response_headers (self->message), "Retry-After");
  g_autoptr (GDateTime) time = NULL;
  gint64 secs = desk_remote_get_number (self, "Retry-After");

  if (secs >= 0 || text == NULL)
    return secs;
  time = soup_date_time_new_from_http_string (text);
  return time != NULL ? MAX (g_date_time_to_unix (time) - g_get_real_time () / G_USEC_PER_SEC, 0)
                      : -1;
}

static void
read_problem (DeskRemote *self, GBytes *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  g_autoptr (JsonNode) node = desk_json_parse (text != NULL ? text : "", size, NULL);
  gint64 retry_after = find_retry_after (self);

  self->problem = node != NULL ? desk_problem_from_json (node, NULL) : NULL;
  if (retry_after < 0 && self->problem != NULL)
    retry_after = self->problem->retry_after;
  self->retry_after = (guint) CLAMP (retry_after, 0, LONGEST_WAIT_SECS);
}

static gboolean
has_code (DeskRemote *self, const char *code)
{
  return self->problem != NULL && g_strcmp0 (self->problem->code, code) == 0;
}

static void
fail_elsewhere (DeskRemote *self, GError **error)
{
  const char *location = soup_message_headers_get_one (
      soup_message_get_response_headers (self->message), "Location");

  desk_remote_fail (error, DESK_REMOTE_ERROR_ADDRESS,
                    "%s sends its visitors to %s; sign in there if that is the desk", self->address,
                    location != NULL ? location : DESK_N_ ("somewhere else"));
}

/* What is in between has no words of ours: a proxy, a server that ends. */
static void
fail_busy (DeskRemote *self, guint status, GError **error)
{
  gboolean later = status == SOUP_STATUS_SERVICE_UNAVAILABLE || status == 429;

  if (self->problem != NULL && later)
    desk_remote_fail (error, DESK_REMOTE_ERROR_BUSY, "%s is busy: %s", self->host,
                      desk_problem_get_words (self->problem));
  else if (self->problem != NULL)
    desk_remote_fail (error, DESK_REMOTE_ERROR_BUSY, "%s answers: %s", self->host,
                      desk_problem_get_words (self->problem));
  else if (later)
    desk_remote_fail (error, DESK_REMOTE_ERROR_BUSY, "The desk at %s is busy (%u); try again later",
                      self->host, status);
  else
    desk_remote_fail (error, DESK_REMOTE_ERROR_BUSY,
                      "The desk at %s cannot be used right now (%u); try again later", self->host,
                      status);
}

/* The answer to a HEAD has no words. */
static gboolean
is_refused_as (DeskRemote *self, const char *code, guint status)
{
  return has_code (self, code) ||
         (self->problem == NULL && soup_message_get_method (self->message) == SOUP_METHOD_HEAD &&
          soup_message_get_status (self->message) == status);
}

void
desk_remote_fail_protocol (DeskRemote *self, gboolean server_is_old, GError **error)
{
  if (server_is_old)
    desk_remote_fail (error, DESK_REMOTE_ERROR_TOO_OLD,
                      "%s is too old for this program; ask whoever keeps the desk to update it",
                      self->host);
  else
    desk_remote_fail (error, DESK_REMOTE_ERROR_TOO_OLD,
                      "%s needs a newer version of this program; update it", self->host);
}

static void
fail_signed_out (DeskRemote *self, GError **error)
{
  if (self->token == NULL && self->no_token != NULL)
    g_propagate_error (error, g_error_copy (self->no_token));
  else
    desk_remote_fail (error, DESK_REMOTE_ERROR_SIGNED_OUT,
                      "%s does not know this session any more; sign in again", self->host);
}

void
desk_remote_fail_refused (DeskRemote *self, GBytes *body, GError **error)
{
  guint status = soup_message_get_status (self->message);

  read_problem (self, body);
  if (status >= 300 && status < 400)
    fail_elsewhere (self, error);
  else if (is_refused_as (self, "unauthorized", SOUP_STATUS_UNAUTHORIZED))
    fail_signed_out (self, error);
  else if (is_refused_as (self, "refill", SOUP_STATUS_GONE) || has_code (self, "invalid-cursor"))
    desk_remote_fail (error, DESK_REMOTE_ERROR_REFILL,
                      "The copy of the desk has to be filled again");
  else if (has_code (self, "upgrade"))
    desk_remote_fail_protocol (self, FALSE, error);
  else if (status >= 500 || status == 429 || status == 408 ||
           (self->problem != NULL && self->problem->retryable))
    fail_busy (self, status, error);
  else if (self->problem != NULL)
    desk_problem_set_error (self->problem, error);
  else
    desk_remote_fail (error, DESK_REMOTE_ERROR_ADDRESS, "No desk answers at %s (%u)", self->address,
                      status);
}
