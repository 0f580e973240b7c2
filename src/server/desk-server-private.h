/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the handlers share: the server behind a request, and the ways to answer one.
 *
 * A handler reads on the spot, over the connection to the desk of its thread, or has a job done by
 * a crew while the request sleeps. On the request's thread unless it says otherwise. */
#pragma once

#include "desk-accounts.h"
#include "desk-answers.h"
#include "desk-board.h"
#include "desk-door.h"
#include "desk-error.h"
#include "desk-feed.h"
#include "desk-hasher.h"
#include "desk-http.h"
#include "desk-hub.h"
#include "desk-known.h"
#include "desk-lease.h"
#include "desk-metrics.h"
#include "desk-protocol.h"
#include "desk-router.h"
#include "desk-served.h"
#include "desk-server.h"
#include "desk-throttle.h"
#include "desk-uploads.h"
#include "desk-worker.h"

G_BEGIN_DECLS

struct _DeskServer
{
  const DeskConfig *config;
  char *path;
  char *desk; /* uid */
  char *epoch;
  char *url;
  char *base_path; /* "" or "/desk" */
  GBytes *key;     /* seals cursors */
  DeskServed *served;
  DeskDoor *door;
  DeskHttp *http;
  DeskCrew *readers; /* for what takes longer than a moment */
  DeskCrew *writer;
  DeskCrew *bulk;
  DeskHasher *hasher;
  DeskThrottle *by_login; /* attempts to sign in */
  DeskThrottle *by_address;
  DeskThrottle *by_session; /* requests */
  DeskHub *hub;
  DeskBoard *board; /* who is at which ticket */
  DeskKnown *known;
  DeskAnswers *answers; /* to who asks for a ticket's row */
  DeskMetrics *metrics;
  DeskUploads *uploads;
  gint is_ready;     /* atomic: the desk is open */
  gint has_accounts; /* atomic: somebody can sign in */
  gint n_active;     /* atomic: requests that are not done */
  guint second_source;
  guint sweep_source;
};

typedef struct _DeskJob DeskJob;

/* A request, as far as it was understood. */
typedef struct
{
  const DeskRoute *route;
  const char *parameters[DESK_ROUTE_MAX_PARAMETERS];
  DeskGuest *guest; /* NULL: nobody has to be; else whose these are: */
  const DeskDeviceSession *session;
  DeskPerson *person;
  DeskJob *job;   /* under way */
  JsonNode *body; /* when it was too large to be read on the spot */
  gpointer more;  /* the handler's own … */
  GDestroyNotify free_more;
} DeskVisit;

/* Lets each request in or refuses it; desk-gate.c. */
extern const DeskHttpHooks desk_gate_hooks;

DeskServer *desk_visit_get_server (DeskRequest *request);
DeskVisit *desk_visit_get (DeskRequest *request);
/* UTC seconds. Any thread. */
gint64 desk_server_now (void);

/* --- reading --- */

/* The desk, to read, on this thread, as of now and in a transaction; NULL with @error. Lent until
 * the next call, or the end of the handler or step. */
DeskDb *desk_server_get_db (DeskServer *self, GError **error);
/* What comes after every handler and step. */
void desk_server_give_back_db (void);

/* Who asks, by the token that came along: fills in guest, session and person of the visit, anew
 * when they are there; all NULL for nobody. FALSE with @error. */
gboolean desk_server_identify (DeskServer *self, DeskRequest *request, GError **error);

/* A parameter of the request as a number between @min and @max; @preset when it is not there. FALSE
 * with DESK_ERROR_INVALID. */
gboolean desk_visit_get_number (DeskRequest *request,
                                const char *name,
                                gint64 min,
                                gint64 max,
                                gint64 preset,
                                gint64 *number,
                                GError **error);
/* The body. (transfer full) */
JsonNode *desk_visit_get_json (DeskRequest *request, GError **error);

/* --- answering --- */

/* Takes @text, which is JSON. */
void desk_visit_answer_text (DeskRequest *request, guint status, char *text, gsize length);

/* A client that keeps a copy sends Desk-Seen: the mark of the answer that it heard last, or "-".
 * Its answer gets a new one. FALSE: the mark is of another past, and that was answered. */
gboolean desk_visit_check_mark (DeskRequest *request);
void desk_visit_add_mark (DeskRequest *request);

void desk_visit_answer_json (DeskRequest *request, guint status, JsonNode *take);
/* Takes @page. */
void desk_visit_answer_page (DeskRequest *request, DeskPage *page);
void desk_visit_answer_page_as (DeskRequest *request, guint status, DeskPage *page);
/* Notes that a page of so many tickets leaves; the above do. */
void desk_visit_count_page (DeskRequest *request, guint n_tickets);
/* How much of a ticket there is, by @no; for If-Match. */
void desk_visit_add_etag (DeskRequest *request, gint64 no);
void desk_visit_answer_nothing (DeskRequest *request);
/* Takes @error; who is told what is in one table. */
void desk_visit_fail (DeskRequest *request, GError *error);
void desk_visit_refuse (DeskRequest *request, const char *code, const char *detail);
/* 429. */
void desk_visit_throttle (DeskRequest *request, guint wait_secs);
/* What the client is not told. */
void desk_server_log_failure (DeskRequest *request, const GError *error);
/* Takes @problem. */
void desk_visit_answer_problem (DeskRequest *request, DeskProblem *problem);

/* Whether @person uploaded every file that @op refers to; a hash alone must not open a file. */
gboolean desk_server_has_brought_all (DeskServer *self, const char *person, const DeskOp *op);

/* --- having it done --- */

/* @result or @error: what the job came to; both the callee's. */
typedef void (*DeskDone) (DeskRequest *request, gpointer result, GError *error);

/* Puts the request to sleep until @func has run in @crew. @data, freed by @free_data, is the job's
 * until then; the request's own members may be read in it. */
void desk_visit_run (DeskRequest *request,
                     DeskCrew *crew,
                     DeskJobFunc func,
                     gpointer data,
                     GDestroyNotify free_data,
                     GDestroyNotify free_result,
                     DeskDone done);
/* Has the route's handler handle it, once a large body is read. */
void desk_visit_handle (DeskRequest *request);
/* Nobody waits for it. Any thread. */
void desk_server_push (DeskCrew *crew, DeskJobFunc func, gpointer data, GDestroyNotify free_data);

/* --- passwords --- */

#define DESK_PASSWORD_MIN_CHARS 8
#define DESK_PASSWORD_MAX_BYTES 1024

/* Counts an attempt to prove to be @login, by login and by address. FALSE: too many, and that was
 * answered. */
gboolean desk_visit_may_attempt (DeskRequest *request, const char *login);
/* It succeeded. */
void desk_visit_forgive_attempt (DeskRequest *request, const char *login);
void desk_visit_refuse_sign_in (DeskRequest *request, const char *code, const char *detail);
/* Too many passwords are being hashed. */
void desk_visit_refuse_crowded (DeskRequest *request);

/* --- by subject --- */

void desk_handle_health (DeskRequest *request);
void desk_handle_ready (DeskRequest *request);
void desk_handle_metrics (DeskRequest *request);
void desk_handle_openapi (DeskRequest *request);

void desk_handle_setup (DeskRequest *request);
void desk_handle_login (DeskRequest *request);
void desk_handle_logout (DeskRequest *request);
void desk_handle_session (DeskRequest *request);
void desk_handle_sessions (DeskRequest *request);
void desk_handle_session_end (DeskRequest *request);
void desk_handle_token (DeskRequest *request);
void desk_handle_invite (DeskRequest *request);
void desk_handle_password (DeskRequest *request);

void desk_handle_ops (DeskRequest *request);
void desk_handle_changes (DeskRequest *request);
void desk_handle_snapshot (DeskRequest *request);
void desk_handle_stream (DeskRequest *request);
void desk_handle_presence (DeskRequest *request);

/* For streams: appends who is at the tickets that the session is at, if that is not what @count
 * says. Requesters are told nothing. */
gboolean
desk_visit_tell_presence (DeskRequest *request, guint64 *count, GString *out, GError **error);

void desk_handle_tickets (DeskRequest *request);
void desk_handle_ticket (DeskRequest *request);
void desk_handle_events (DeskRequest *request);
void desk_handle_search (DeskRequest *request);
void desk_handle_seen (DeskRequest *request);
void desk_handle_attachment (DeskRequest *request);

void desk_handle_ticket_create (DeskRequest *request);
void desk_handle_ticket_change (DeskRequest *request);
void desk_handle_message (DeskRequest *request);
void desk_handle_os_ticket (DeskRequest *request);

void desk_handle_catalogue (DeskRequest *request);
void desk_handle_entry_save (DeskRequest *request);
void desk_handle_people (DeskRequest *request);
void desk_handle_person (DeskRequest *request);
void desk_handle_person_save (DeskRequest *request);
void desk_handle_person_erase (DeskRequest *request);

void desk_handle_upload_begin (DeskRequest *request);
void desk_handle_upload_look (DeskRequest *request);
void desk_handle_upload_piece (DeskRequest *request);
void desk_handle_upload_drop (DeskRequest *request);

G_END_DECLS
