/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another password, by who has the old one.
 *
 * Whoever has only found an open session must not learn or change the password by it, so that the
 * old one is asked for and attempts count as those to sign in do. */
#include <microhttpd.h>
#include <string.h>

#include "desk-api.h"
#include "desk-log.h"
#include "desk-server-private.h"

/* A change on its way. */
typedef struct
{
  DeskPasswordChange *asked;
  char *hash; /* of the new one */
  gboolean right;
  gboolean crowded; /* too many are being hashed */
  DeskRequest *request;
} Change;

static void
free_change (gpointer data)
{
  Change *self = data;

  desk_password_change_free (self->asked);
  g_free (self->hash);
  g_free (self);
}

/* --- it is written --- */

static gpointer
change_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Change *self = data;
  const DeskVisit *visit = desk_visit_get (self->request);

  return GINT_TO_POINTER (desk_accounts_change (db, visit->person->uid, self->hash,
                                                visit->session->uid, self->asked->keep_sessions,
                                                desk_server_now (), error));
}

static void
changed_cb (DeskRequest *request, gpointer result, GError *error)
{
  DeskServer *server = desk_visit_get_server (request);

  if (error != NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  desk_known_forget (server->known);
  /* Streams of sessions that have ended end when they look again. */
  desk_hub_tell (server->hub);
  desk_log (DESK_LOG_CHANGE, "password-changed", "person", desk_visit_get (request)->person->uid,
            "address", request->address, NULL);
  desk_visit_answer_nothing (request);
}

/* --- both are hashed --- */

/* In a thread of the hasher's. */
static void
made_cb (gboolean right, const char *hash, gpointer data)
{
  Change *self = data;

  self->right = right;
  self->hash = g_strdup (hash);
  desk_request_wake (self->request);
}

static void
made (DeskRequest *request)
{
  Change *self = desk_visit_get (request)->more;

  if (self->crowded || !self->right)
    desk_visit_refuse_crowded (request);
  else
    desk_visit_run (request, desk_visit_get_server (request)->writer, change_job, self, NULL, NULL,
                    changed_cb);
}

static void
make (DeskRequest *request, Change *self)
{
  desk_request_sleep (request, made);
  if (desk_hasher_make (desk_visit_get_server (request)->hasher, self->asked->new, made_cb, self))
    return;
  self->crowded = TRUE;
  desk_request_wake (request);
}

/* In a thread of the hasher's. A newer hash of the old password is of no use any more. */
static void
checked_cb (gboolean right, const char *hash, gpointer data)
{
  Change *self = data;

  self->right = right;
  desk_request_wake (self->request);
}

static void
checked (DeskRequest *request)
{
  Change *self = desk_visit_get (request)->more;

  if (self->crowded)
    {
      desk_visit_refuse_crowded (request);
      return;
    }
  if (!self->right)
    {
      desk_visit_refuse_sign_in (request, "wrong-password", "The old password is not this one");
      return;
    }
  desk_visit_forgive_attempt (request, desk_visit_get (request)->person->login);
  make (request, self);
}

static void
check (DeskRequest *request, Change *self, const char *hash)
{
  desk_request_sleep (request, checked);
  if (desk_hasher_check (desk_visit_get_server (request)->hasher, self->asked->old, hash,
                         checked_cb, self))
    return;
  self->crowded = TRUE;
  desk_request_wake (request);
}

/* --- it is asked for --- */

static gboolean
check_lengths (const DeskPasswordChange *asked, GError **error)
{
  if (g_utf8_strlen (asked->new, -1) < DESK_PASSWORD_MIN_CHARS)
    desk_refuse (error, DESK_ERROR_INVALID, "A password has at least 8 signs");
  else if (strlen (asked->old) > DESK_PASSWORD_MAX_BYTES ||
           strlen (asked->new) > DESK_PASSWORD_MAX_BYTES)
    desk_refuse (error, DESK_ERROR_TOO_LONG, "No password is so long");
  else
    return TRUE;
  return FALSE;
}

/* NULL with @error. */
static Change *
read_change (DeskRequest *request, GError **error)
{
  DeskVisit *visit = desk_visit_get (request);
  g_autoptr (JsonNode) node = desk_visit_get_json (request, error);
  g_autoptr (DeskPasswordChange) asked = node != NULL ? desk_password_change_from_json (node, error)
                                                      : NULL;
  Change *self;

  /* It was read; it need not lie around. */
  memset (request->body->data, 0, request->body->len);
  if (asked == NULL || !check_lengths (asked, error))
    return NULL;
  self = g_new0 (Change, 1);
  self->asked = g_steal_pointer (&asked);
  self->request = request;
  visit->more = self;
  visit->free_more = free_change;
  return self;
}

void
desk_handle_password (DeskRequest *request)
{
  GError *error = NULL;
  Change *self = read_change (request, &error);
  const char *login = desk_visit_get (request)->person->login;
  g_autoptr (DeskPerson) person = NULL;
  g_autofree char *hash = NULL;
  DeskDb *db;

  if (self == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  if (!desk_visit_may_attempt (request, login))
    return;
  db = desk_server_get_db (desk_visit_get_server (request), &error);
  if (db == NULL || !desk_accounts_find (db, login, &person, &hash, &error))
    desk_visit_fail (request, error);
  else
    check (request, self, hash);
}
