/* SPDX-License-Identifier: GPL-3.0-or-later
 * The other bodies of "deskbell/1": problems, signing in, ops and their answers.
 *
 * Each is a value with both ways to JSON, so that what a server writes is what a client reads.
 * Values, changed by their maker only; reading fails with DESK_ERROR and names the member; members
 * that are not known are passed over. Pure; any thread. */
#pragma once

#include "desk-error.h"
#include "desk-page.h"

G_BEGIN_DECLS

/* The versions of the protocol that this program speaks. */
#define DESK_PROTOCOL_MIN 1
#define DESK_PROTOCOL_MAX 1

/* Of one request. */
#define DESK_PROTOCOL_MAX_OPS       100
#define DESK_PROTOCOL_MAX_OPS_BYTES (8 * 1024 * 1024)

/* --- problems (RFC 9457) --- */

/* What can be wrong, by its word in "urn:deskbell:WORD". The first are the nicks of DeskError. */
typedef struct
{
  const char *code;
  gint64 status; /* of HTTP */
  const char *title;
  gboolean retryable; /* the same request may succeed later */
} DeskProblemInfo;

/* All of them; static. */
const DeskProblemInfo *desk_problem_get_infos (guint *n_infos);
/* "internal" for a code that is not in the table. */
const DeskProblemInfo *desk_problem_get_info (const char *code);

/* A field that somebody else changed meanwhile; values in canonical form, NULL for none. */
typedef struct
{
  DeskField field;
  char *base; /* what the op's author had seen */
  char *now;
  char *by; /* person uid of who changed it last */
} DeskClash;

DeskClash *desk_clash_new (DeskField field, const char *base, const char *now, const char *by);
void desk_clash_free (DeskClash *self);

typedef struct
{
  char *code;
  char *title;
  gint64 status;   /* of HTTP */
  char *detail;    /* a sentence for people: what to do, or NULL */
  char **sentence; /* what of it is ours (desk-sentence.h): format, then parts; or NULL */
  char *instance;  /* of the request, or NULL */
  gboolean retryable;
  gint64 retry_after; /* seconds, 0: none */
  GPtrArray *clashes; /* of DeskClash; "fields" in JSON */
} DeskProblem;

/* Status, title and retryable from the table. @detail: nullable. (transfer full) */
DeskProblem *desk_problem_new (const char *code, const char *detail);
/* Of a DESK_ERROR (its nick and message); anything else is "internal" without a detail. (transfer
 * full) */
DeskProblem *desk_problem_new_for_error (const GError *error);
void desk_problem_free (DeskProblem *self);
/* What it says to people, in English. Lent. */
const char *desk_problem_get_words (const DeskProblem *self);
/* The same in another language, as far as the words are ours. (transfer full) */
char *desk_problem_say (const DeskProblem *self, DeskTranslate translate);
/* As a DESK_ERROR when the code is one's nick, else DESK_ERROR_INVALID; for clients. */
void desk_problem_set_error (const DeskProblem *self, GError **error);
JsonNode *desk_problem_to_json (const DeskProblem *problem);
DeskProblem *desk_problem_from_json (JsonNode *node, GError **error);

/* --- ops --- */

typedef enum
{
  DESK_OP_STATUS_ACCEPTED,
  DESK_OP_STATUS_REPLAYED, /* accepted before; nothing happened now */
  DESK_OP_STATUS_CONFLICT,
  DESK_OP_STATUS_REFUSED,
  DESK_OP_STATUS_RETRY,         /* nothing happened: send it again */
  DESK_OP_STATUS_NOT_ATTEMPTED, /* one before it has to be sent again first */
} DeskOpStatus;
#define DESK_TYPE_OP_STATUS (desk_op_status_get_type ())
GType desk_op_status_get_type (void) G_GNUC_CONST;

typedef struct
{
  char *op; /* uid */
  DeskOpStatus status;
  DeskPut *put; /* the ticket now, with the events after the op's base; NULL when not visible */
  DeskProblem *problem; /* NULL when accepted or replayed */
} DeskOpResult;

DeskOpResult *desk_op_result_new (const char *op, DeskOpStatus status);
void desk_op_result_free (DeskOpResult *self);
JsonNode *desk_op_result_to_json (const DeskOpResult *result);
DeskOpResult *desk_op_result_from_json (JsonNode *node, GError **error);

/* One op of a request: @op, or why it cannot be read. */
typedef struct
{
  char *uid;
  DeskOp *op;
  GError *error;
} DeskAsked;

/* {"device": ..., "ops": [...]} */
typedef struct
{
  char *device;
  GPtrArray *asked; /* of DeskAsked */
} DeskOpsRequest;

DeskOpsRequest *desk_ops_request_new (const char *device);
void desk_ops_request_free (DeskOpsRequest *self);
void desk_ops_request_add (DeskOpsRequest *self, DeskOp *op);
JsonNode *desk_ops_request_to_json (const DeskOpsRequest *request);
/* Fails when it is no such request at all, has too many ops, or one without a readable uid. */
DeskOpsRequest *desk_ops_request_from_json (JsonNode *node, GError **error);

/* {"results": [...], "people": [...], "server_time": ...} */
typedef struct
{
  GPtrArray *results; /* of DeskOpResult, in the order of the ops */
  GPtrArray *people;  /* of DeskPerson: who is named by the puts */
  gint64 server_time;
} DeskOpsAnswer;

DeskOpsAnswer *desk_ops_answer_new (void);
void desk_ops_answer_free (DeskOpsAnswer *self);
JsonNode *desk_ops_answer_to_json (const DeskOpsAnswer *answer);
/* The same text, faster; see desk_page_to_string(). (transfer full) */
char *desk_ops_answer_to_string (const DeskOpsAnswer *answer, gsize *length);
DeskOpsAnswer *desk_ops_answer_from_json (JsonNode *node, GError **error);

/* --- signing in --- */

/* The body of POST /v1/login and /v1/setup: {"login", "password", "code" (setup), "device": {"id",
 * "name", "via"}}. */
typedef struct
{
  char *code; /* of an invitation; NULL for a login */
  char *login;
  char *password;
  char *device; /* 1 to 64 signs */
  char *device_name;
  DeskVia via; /* app, cli or api */
} DeskSignIn;

DeskSignIn *desk_sign_in_new (void);
void desk_sign_in_free (DeskSignIn *self); /* wipes the password */
JsonNode *desk_sign_in_to_json (const DeskSignIn *sign_in);
DeskSignIn *desk_sign_in_from_json (JsonNode *node, GError **error);

/* A device that is signed in, as its owner sees it in a list: never the token. */
typedef struct
{
  char *uid;
  char *person;      /* uid */
  char *device;      /* id */
  char *device_name; /* or NULL */
  DeskVia via;
  gint64 created_at;
  gint64 used_at;
  gint64 expires_at;
  gboolean current; /* the one that asks */
} DeskDeviceSession;

DeskDeviceSession *desk_device_session_new (void);
DeskDeviceSession *desk_device_session_copy (const DeskDeviceSession *self);
void desk_device_session_free (DeskDeviceSession *self);
JsonNode *desk_device_session_to_json (const DeskDeviceSession *session);
DeskDeviceSession *desk_device_session_from_json (JsonNode *node, GError **error);

/* GET /v1/session, and with a token the answer to signing in. */
typedef struct
{
  char *token; /* only in the answer to signing in */
  char *desk;  /* uid */
  char *epoch;
  gint64 protocol_min;
  gint64 protocol_max;
  DeskPerson *me;
  DeskDeviceSession *session;
  gint64 attachment_limit_bytes;
  gint64 max_ops;
  gint64 max_ops_bytes;
  gint64 server_time;
} DeskWelcome;

DeskWelcome *desk_welcome_new (void);
void desk_welcome_free (DeskWelcome *self);
JsonNode *desk_welcome_to_json (const DeskWelcome *welcome);
DeskWelcome *desk_welcome_from_json (JsonNode *node, GError **error);

/* The answer to POST /v1/people/UID/invitation. */
typedef struct
{
  char *code;
  char *link; /* or NULL */
  gint64 expires_at;
} DeskInvitation;

DeskInvitation *desk_invitation_new (const char *code, const char *link, gint64 expires_at);
void desk_invitation_free (DeskInvitation *self);
JsonNode *desk_invitation_to_json (const DeskInvitation *invitation);
DeskInvitation *desk_invitation_from_json (JsonNode *node, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskClash, desk_clash_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskProblem, desk_problem_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskOpResult, desk_op_result_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskOpsRequest, desk_ops_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskOpsAnswer, desk_ops_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskSignIn, desk_sign_in_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskDeviceSession, desk_device_session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskWelcome, desk_welcome_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskInvitation, desk_invitation_free)

G_END_DECLS
