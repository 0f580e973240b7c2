/* SPDX-License-Identifier: GPL-3.0-or-later
 * Signing in and out: passwords, codes, tokens.
 *
 * An unknown login and a wrong password are the same answer after the same work. Attempts are
 * counted before anything is hashed, by login and by address, and given back when they succeed. */
#include <microhttpd.h>
#include <string.h>

#include "desk-api.h"
#include "desk-log.h"
#include "desk-server-private.h"
#include "desk-uid.h"

#define MAX_LOGIN_CHARS 64
#define INVITATION_SECS (7 * 24 * 60 * 60)

/* Somebody on their way in. */
typedef struct
{
  DeskSignIn *asked;
  DeskPerson *person; /* NULL: nobody of this login */
  GBytes *code;       /* digest of an invitation's */
  char *hash;         /* to be kept; NULL: as it is */
  gboolean right;
  gboolean crowded; /* too many are being hashed */
  DeskRequest *request;
} SignIn;

static void
free_sign_in (gpointer data)
{
  SignIn *self = data;

  desk_sign_in_free (self->asked);
  g_clear_pointer (&self->person, desk_person_unref);
  g_clear_pointer (&self->code, g_bytes_unref);
  g_free (self->hash);
  g_free (self);
}

/* --- what somebody gets who is in --- */

static DeskWelcome *
make_welcome (DeskRequest *request,
              DeskDb *db,
              DeskPerson *person,
              const DeskDeviceSession *session,
              GError **error)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);
  DeskWelcome *welcome;

  if (catalogue == NULL)
    return NULL;
  welcome = desk_welcome_new ();
  welcome->desk = g_strdup (server->desk);
  welcome->epoch = g_strdup (server->epoch);
  welcome->me = desk_person_ref (person);
  welcome->session = desk_device_session_copy (session);
  welcome->session->current = TRUE;
  welcome->attachment_limit_bytes = desk_entry_get_int (desk_catalogue_get_desk (catalogue),
                                                        DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES);
  welcome->server_time = desk_server_now ();
  return welcome;
}

/* Takes @token. */
static void
answer_welcome (DeskRequest *request,
                guint status,
                DeskPerson *person,
                const DeskDeviceSession *session,
                char *token)
{
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  g_autoptr (DeskWelcome) welcome = db != NULL ? make_welcome (request, db, person, session, &error)
                                               : NULL;

  if (welcome == NULL)
    {
      g_free (token);
      desk_visit_fail (request, error);
      return;
    }
  welcome->token = token;
  desk_visit_answer_json (request, status, desk_welcome_to_json (welcome));
}

/* --- a new session --- */

/* What the writer made. */
typedef struct
{
  DeskPerson *person;
  DeskDeviceSession *session;
  char *token;
} Entered;

static void
free_entered (gpointer data)
{
  Entered *self = data;

  desk_person_unref (self->person);
  desk_device_session_free (self->session);
  g_free (self->token);
  g_free (self);
}

static DeskDeviceSession *
make_session (
    DeskServer *server, const char *person, const char *device, const char *name, DeskVia via)
{
  DeskDeviceSession *session = desk_device_session_new ();

  session->uid = desk_uid_new ();
  session->person = g_strdup (person);
  session->device = g_strdup (device);
  session->device_name = g_strdup (name);
  session->via = via;
  session->created_at = session->used_at = desk_server_now ();
  session->expires_at = session->created_at + server->config->session_days * 24 * 60 * 60;
  return session;
}

/* Takes @session. */
static Entered *
enter (DeskDb *db, DeskPerson *person, DeskDeviceSession *session, GError **error)
{
  Entered *entered = g_new0 (Entered, 1);
  g_autoptr (GBytes) digest = NULL;

  entered->person = desk_person_ref (person);
  entered->session = session;
  entered->token = desk_token_new ();
  digest = desk_token_digest (entered->token);
  if (desk_sessions_add (db, session, digest, error))
    return entered;
  free_entered (entered);
  return NULL;
}

static Entered *
enter_signed_in (DeskDb *db, SignIn *self, GError **error)
{
  return enter (db, self->person,
                make_session (desk_visit_get_server (self->request), self->person->uid,
                              self->asked->device, self->asked->device_name, self->asked->via),
                error);
}

static void
entered_cb (DeskRequest *request, gpointer result, GError *error)
{
  DeskServer *server = desk_visit_get_server (request);
  Entered *entered = result;

  if (error != NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  /* Another session of the device has ended. */
  desk_known_forget (server->known);
  g_atomic_int_set (&server->has_accounts, TRUE);
  desk_metrics_add (server->metrics, DESK_COUNT_SIGN_INS, 1);
  desk_log (DESK_LOG_CHANGE, "sign-in", "person", entered->person->uid, "address", request->address,
            "device", entered->session->device, NULL);
  answer_welcome (request, MHD_HTTP_CREATED, entered->person, entered->session,
                  g_steal_pointer (&entered->token));
  free_entered (entered);
}

/* --- attempts --- */

static char *
name_login (const char *login)
{
  return g_utf8_casefold (login, -1);
}

gboolean
desk_visit_may_attempt (DeskRequest *request, const char *login)
{
  DeskServer *server = desk_visit_get_server (request);
  g_autofree char *name = name_login (login);
  gint64 now_us = g_get_monotonic_time ();
  guint of_address = desk_throttle_take (server->by_address, request->address, now_us);
  guint of_login = desk_throttle_take (server->by_login, name, now_us);
  guint wait_secs = MAX (of_address, of_login);

  if (wait_secs > 0)
    desk_visit_throttle (request, wait_secs);
  return wait_secs == 0;
}

void
desk_visit_forgive_attempt (DeskRequest *request, const char *login)
{
  DeskServer *server = desk_visit_get_server (request);
  g_autofree char *name = name_login (login);

  desk_throttle_give_back (server->by_address, request->address);
  desk_throttle_give_back (server->by_login, name);
}

void
desk_visit_refuse_sign_in (DeskRequest *request, const char *code, const char *detail)
{
  desk_metrics_add (desk_visit_get_server (request)->metrics, DESK_COUNT_SIGN_INS_REFUSED, 1);
  desk_log (DESK_LOG_CHANGE, "sign-in-refused", "address", request->address, NULL);
  desk_visit_refuse (request, code, detail);
}

void
desk_visit_refuse_crowded (DeskRequest *request)
{
  DeskProblem *problem = desk_problem_new ("unavailable", "Many people are signing in; try again");

  problem->retry_after = 2;
  desk_visit_answer_problem (request, problem);
}

/* NULL: answered already. */
static SignIn *
read_sign_in (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  g_autoptr (JsonNode) node = desk_visit_get_json (request, &error);
  DeskSignIn *asked = node != NULL ? desk_sign_in_from_json (node, &error) : NULL;
  SignIn *self;

  /* It was read; it need not lie around. */
  memset (request->body->data, 0, request->body->len);
  if (asked == NULL)
    {
      desk_visit_fail (request, error);
      return NULL;
    }
  self = g_new0 (SignIn, 1);
  self->asked = asked;
  self->request = request;
  visit->more = self;
  visit->free_more = free_sign_in;
  if (strlen (asked->password) > DESK_PASSWORD_MAX_BYTES ||
      g_utf8_strlen (asked->login, -1) > MAX_LOGIN_CHARS)
    {
      desk_visit_refuse (request, "too-long", "No login or password is so long");
      return NULL;
    }
  return self;
}

/* In a thread of the hasher's. */
static void
hashed_cb (gboolean right, const char *hash, gpointer data)
{
  SignIn *self = data;

  self->right = right;
  self->hash = g_strdup (hash);
  desk_request_wake (self->request);
}

/* --- login --- */

static gpointer
login_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SignIn *self = data;

  if (self->hash != NULL && !desk_accounts_rehash (db, self->person->uid, self->hash, error))
    return NULL;
  return enter_signed_in (db, self, error);
}

static void
checked (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  SignIn *self = desk_visit_get (request)->more;

  if (self->crowded)
    {
      desk_visit_refuse_crowded (request);
      return;
    }
  if (!self->right || self->person == NULL)
    {
      desk_visit_refuse_sign_in (request, "wrong-password", "Check your login and password");
      return;
    }
  desk_visit_forgive_attempt (request, self->asked->login);
  desk_visit_run (request, server->writer, login_job, self, NULL, free_entered, entered_cb);
}

static void
check_password (DeskRequest *request, SignIn *self, const char *hash)
{
  DeskServer *server = desk_visit_get_server (request);

  desk_request_sleep (request, checked);
  if (desk_hasher_check (server->hasher, self->asked->password, hash, hashed_cb, self))
    return;
  self->crowded = TRUE;
  desk_request_wake (request);
}

void
desk_handle_login (DeskRequest *request)
{
  SignIn *self = read_sign_in (request);
  g_autofree char *hash = NULL;
  GError *error = NULL;
  DeskDb *db;

  if (self == NULL || !desk_visit_may_attempt (request, self->asked->login))
    return;
  db = desk_server_get_db (desk_visit_get_server (request), &error);
  if (db == NULL || !desk_accounts_find (db, self->asked->login, &self->person, &hash, &error))
    desk_visit_fail (request, error);
  else
    check_password (request, self, hash);
}

/* --- setup --- */

static gpointer
setup_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  SignIn *self = data;
  g_autoptr (DeskPerson) person = desk_invitations_find (db, self->code, desk_server_now (), error);

  if (person == NULL)
    {
      if (error != NULL && *error == NULL)
        desk_refuse (error, DESK_ERROR_NO_SUCH, "The code was used meanwhile");
      return NULL;
    }
  if (!desk_accounts_set (db, person->uid, self->hash, desk_server_now (), error) ||
      !desk_invitations_end (db, self->code, error))
    return NULL;
  return enter_signed_in (db, self, error);
}

static void
password_made (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  SignIn *self = desk_visit_get (request)->more;

  if (self->crowded || !self->right)
    desk_visit_refuse_crowded (request);
  else
    desk_visit_run (request, server->writer, setup_job, self, NULL, free_entered, entered_cb);
}

static gboolean
is_invited (DeskRequest *request, SignIn *self, GError **error)
{
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), error);

  self->code = self->asked->code != NULL ? desk_token_digest (self->asked->code) : NULL;
  if (db == NULL || self->code == NULL)
    return FALSE;
  self->person = desk_invitations_find (db, self->code, desk_server_now (), error);
  return self->person != NULL && g_strcmp0 (self->person->login, self->asked->login) == 0;
}

static void
make_password (DeskRequest *request, SignIn *self)
{
  desk_request_sleep (request, password_made);
  if (desk_hasher_make (desk_visit_get_server (request)->hasher, self->asked->password, hashed_cb,
                        self))
    return;
  self->crowded = TRUE;
  desk_request_wake (request);
}

void
desk_handle_setup (DeskRequest *request)
{
  SignIn *self = read_sign_in (request);
  GError *error = NULL;

  if (self == NULL || !desk_visit_may_attempt (request, self->asked->login))
    return;
  if (!is_invited (request, self, &error))
    {
      if (error != NULL)
        desk_visit_fail (request, error);
      else
        desk_visit_refuse_sign_in (request, "wrong-code",
                                   "Check the code and the login, or ask for a new one");
      return;
    }
  if (g_utf8_strlen (self->asked->password, -1) < DESK_PASSWORD_MIN_CHARS)
    {
      desk_visit_refuse (request, "invalid", "A password has at least 8 signs");
      return;
    }
  desk_visit_forgive_attempt (request, self->asked->login);
  make_password (request, self);
}

/* --- the session --- */

void
desk_handle_session (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);

  answer_welcome (request, MHD_HTTP_OK, visit->person, visit->session, NULL);
}

/* The one to end: one's own unless another is named. */
static const char *
name_session (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);

  return visit->parameters[0] != NULL ? visit->parameters[0] : visit->session->uid;
}

static gpointer
end_session_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskVisit *visit = desk_visit_get (data);
  gboolean anybody = visit->parameters[0] != NULL && visit->person->role == DESK_ROLE_ADMINISTRATOR;

  return GINT_TO_POINTER (
      desk_sessions_end (db, name_session (data), anybody ? NULL : visit->person->uid, error));
}

static void
done_cb (DeskRequest *request, gpointer result, GError *error)
{
  if (error != NULL)
    desk_visit_fail (request, error);
  else
    desk_visit_answer_nothing (request);
}

static void
session_ended_cb (DeskRequest *request, gpointer result, GError *error)
{
  DeskServer *server = desk_visit_get_server (request);

  desk_known_forget (server->known);
  if (error == NULL)
    desk_board_drop (server->board, name_session (request));
  /* Streams of the session end when they look again. */
  desk_hub_tell (server->hub);
  done_cb (request, result, error);
}

void
desk_handle_logout (DeskRequest *request)
{
  desk_visit_run (request, desk_visit_get_server (request)->writer, end_session_job, request, NULL,
                  NULL, session_ended_cb);
}

void
desk_handle_session_end (DeskRequest *request)
{
  if (!desk_uid_is_valid (desk_visit_get (request)->parameters[0]))
    desk_visit_refuse (request, "no-such", "There is no such session");
  else
    desk_handle_logout (request);
}

static void
mark_current (GPtrArray *sessions, const char *uid)
{
  for (guint i = 0; i < sessions->len; i++)
    {
      DeskDeviceSession *session = sessions->pdata[i];

      session->current = g_str_equal (session->uid, uid);
    }
}

void
desk_handle_sessions (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  gboolean all = visit->person->role == DESK_ROLE_ADMINISTRATOR &&
                 g_strcmp0 (desk_request_get_parameter (request, "of"), "everybody") == 0;
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  g_autoptr (GPtrArray) sessions = db != NULL
                                       ? desk_sessions_list (db, all ? NULL : visit->person->uid,
                                                             desk_server_now (), &error)
                                       : NULL;

  if (sessions == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  mark_current (sessions, visit->session->uid);
  desk_visit_answer_json (request, MHD_HTTP_OK, desk_sessions_to_json (sessions));
}

/* --- tokens for programs --- */

static gpointer
token_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskRequest *request = data;
  DeskVisit *visit = desk_visit_get (request);
  /* A device of its own: it ends no other session. */
  g_autofree char *device = desk_uid_new ();

  return enter (db, visit->person,
                make_session (desk_visit_get_server (request), visit->person->uid, device,
                              visit->more, DESK_VIA_API),
                error);
}

void
desk_handle_token (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  g_autoptr (JsonNode) node = desk_visit_get_json (request, &error);
  char *name = node != NULL ? desk_token_request_from_json (node, &error) : NULL;

  if (name == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  visit->more = name;
  visit->free_more = g_free;
  desk_visit_run (request, desk_visit_get_server (request)->writer, token_job, request, NULL,
                  free_entered, entered_cb);
}

/* --- invitations --- */

static gpointer
invite_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskVisit *visit = desk_visit_get (data);
  DeskInvitation *invitation = visit->more;
  g_autoptr (GBytes) digest = desk_token_digest (invitation->code);

  return GINT_TO_POINTER (
      desk_invitations_add (db, digest, visit->parameters[0], invitation->expires_at, error));
}

static void
invited_cb (DeskRequest *request, gpointer result, GError *error)
{
  if (error != NULL)
    desk_visit_fail (request, error);
  else
    desk_visit_answer_json (request, MHD_HTTP_CREATED,
                            desk_invitation_to_json (desk_visit_get (request)->more));
}

void
desk_handle_invite (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskVisit *visit = desk_visit_get (request);
  g_autofree char *code = NULL;

  if (!desk_uid_is_valid (visit->parameters[0]))
    {
      desk_visit_refuse (request, "no-such", "There is no such person on this desk");
      return;
    }
  code = desk_token_new ();
  visit->more = desk_invitation_new (code, server->url, desk_server_now () + INVITATION_SECS);
  visit->free_more = (GDestroyNotify) desk_invitation_free;
  desk_visit_run (request, server->writer, invite_job, request, NULL, NULL, invited_cb);
}
