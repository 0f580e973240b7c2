/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bodies of the protocol by tables of their members. */
#include "desk-protocol.h"

#include <string.h>

#include "desk-json-members.h"
#include "desk-uid.h"

G_DEFINE_ENUM_TYPE (DeskOpStatus,
                    desk_op_status,
                    G_DEFINE_ENUM_VALUE (DESK_OP_STATUS_ACCEPTED, "accepted"),
                    G_DEFINE_ENUM_VALUE (DESK_OP_STATUS_REPLAYED, "replayed"),
                    G_DEFINE_ENUM_VALUE (DESK_OP_STATUS_CONFLICT, "conflict"),
                    G_DEFINE_ENUM_VALUE (DESK_OP_STATUS_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (DESK_OP_STATUS_RETRY, "retry"),
                    G_DEFINE_ENUM_VALUE (DESK_OP_STATUS_NOT_ATTEMPTED, "not-attempted"))

#define WRITE(members, value)                                                                      \
  desk_json_take_object (desk_json_write_members (members, G_N_ELEMENTS (members), value))
#define READ(members, node, what, value, error)                                                    \
  desk_json_read_members (members, G_N_ELEMENTS (members), node, what, value, error)

#define FORM(type)                                                                                 \
  {                                                                                                \
    (JsonNode * (*) (gconstpointer)) desk_##type##_to_json,                                        \
        (gpointer (*) (JsonNode *, GError **)) desk_##type##_from_json,                            \
        (GDestroyNotify) desk_##type##_free, NULL                                                  \
  }

/* --- ops --- */

DeskOpResult *
desk_op_result_new (const char *op, DeskOpStatus status)
{
  DeskOpResult *self = g_new0 (DeskOpResult, 1);

  self->op = g_strdup (op);
  self->status = status;
  return self;
}

void
desk_op_result_free (DeskOpResult *self)
{
  if (self == NULL)
    return;
  g_free (self->op);
  g_clear_pointer (&self->put, desk_put_free);
  g_clear_pointer (&self->problem, desk_problem_free);
  g_free (self);
}

static const DeskForm problem_form = FORM (problem);

static const DeskMember op_result_members[] = {
  { MEMBER (DeskOpResult, UID, op), TRUE },
  { MEMBER (DeskOpResult, NICK, status), TRUE, desk_op_status_get_type },
  { MEMBER (DeskOpResult, OBJECT, put), FALSE, NULL, &desk_form_put },
  { MEMBER (DeskOpResult, OBJECT, problem), FALSE, NULL, &problem_form },
};

JsonNode *
desk_op_result_to_json (const DeskOpResult *result)
{
  return WRITE (op_result_members, result);
}

DeskOpResult *
desk_op_result_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskOpResult) result = desk_op_result_new (NULL, DESK_OP_STATUS_RETRY);

  return READ (op_result_members, node, "result", result, error) ? g_steal_pointer (&result) : NULL;
}

static void
free_asked (DeskAsked *asked)
{
  g_free (asked->uid);
  g_clear_pointer (&asked->op, desk_op_unref);
  g_clear_error (&asked->error);
  g_free (asked);
}

DeskOpsRequest *
desk_ops_request_new (const char *device)
{
  DeskOpsRequest *self = g_new0 (DeskOpsRequest, 1);

  self->device = g_strdup (device);
  self->asked = g_ptr_array_new_with_free_func ((GDestroyNotify) free_asked);
  return self;
}

void
desk_ops_request_free (DeskOpsRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->device);
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  g_free (self);
}

void
desk_ops_request_add (DeskOpsRequest *self, DeskOp *op)
{
  DeskAsked *asked = g_new0 (DeskAsked, 1);

  asked->uid = g_strdup (op->uid);
  asked->op = desk_op_ref (op);
  g_ptr_array_add (self->asked, asked);
}

static JsonNode *
write_asked (gconstpointer value)
{
  return desk_op_to_json (((const DeskAsked *) value)->op);
}

/* One op that cannot be read must not keep the others back for ever; but there has to be something
 * to call it by. */
static gpointer
read_asked (JsonNode *node, GError **error)
{
  static const DeskMember uid_members[] = { { MEMBER (DeskAsked, UID, uid), TRUE } };
  DeskAsked *asked = g_new0 (DeskAsked, 1);

  if (!READ (uid_members, node, "op", asked, error))
    {
      free_asked (asked);
      return NULL;
    }
  asked->op = desk_op_from_json (node, &asked->error);
  return asked;
}

static const DeskForm asked_form = { write_asked, read_asked, (GDestroyNotify) free_asked, NULL };

static const DeskMember ops_request_members[] = {
  { MEMBER (DeskOpsRequest, TEXT, device) },
  { "ops", DESK_MEMBER_LIST, G_STRUCT_OFFSET (DeskOpsRequest, asked), TRUE, NULL, &asked_form },
};

JsonNode *
desk_ops_request_to_json (const DeskOpsRequest *request)
{
  return WRITE (ops_request_members, request);
}

/* Before any of them is read. */
static gboolean
check_number_of_ops (JsonNode *node, GError **error)
{
  JsonNode *ops = JSON_NODE_HOLDS_OBJECT (node)
                      ? json_object_get_member (json_node_get_object (node), "ops")
                      : NULL;

  if (ops == NULL || !JSON_NODE_HOLDS_ARRAY (ops) ||
      json_array_get_length (json_node_get_array (ops)) <= DESK_PROTOCOL_MAX_OPS)
    return TRUE;
  return desk_json_refuse (error, "ops", "an array of at most 100 ops");
}

DeskOpsRequest *
desk_ops_request_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskOpsRequest) request = desk_ops_request_new (NULL);

  if (!check_number_of_ops (node, error) ||
      !READ (ops_request_members, node, "request", request, error))
    return NULL;
  return g_steal_pointer (&request);
}

DeskOpsAnswer *
desk_ops_answer_new (void)
{
  DeskOpsAnswer *self = g_new0 (DeskOpsAnswer, 1);

  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_result_free);
  self->people = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  return self;
}

void
desk_ops_answer_free (DeskOpsAnswer *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_free (self);
}

static void
append_op_result (GString *text, gconstpointer result)
{
  desk_json_append_members (text, op_result_members, G_N_ELEMENTS (op_result_members), result);
}

static const DeskForm op_result_form = {
  (JsonNode * (*) (gconstpointer)) desk_op_result_to_json,
  (gpointer (*) (JsonNode *, GError **)) desk_op_result_from_json,
  (GDestroyNotify) desk_op_result_free,
  append_op_result,
};

static const DeskMember ops_answer_members[] = {
  { MEMBER (DeskOpsAnswer, LIST, results), TRUE, NULL, &op_result_form },
  { MEMBER (DeskOpsAnswer, LIST, people), FALSE, NULL, &desk_form_person },
  { MEMBER (DeskOpsAnswer, NUMBER, server_time) },
};

JsonNode *
desk_ops_answer_to_json (const DeskOpsAnswer *answer)
{
  return WRITE (ops_answer_members, answer);
}

char *
desk_ops_answer_to_string (const DeskOpsAnswer *answer, gsize *length)
{
  GString *text = g_string_sized_new (1024);

  desk_json_append_members (text, ops_answer_members, G_N_ELEMENTS (ops_answer_members), answer);
  *length = text->len;
  return g_string_free (text, FALSE);
}

DeskOpsAnswer *
desk_ops_answer_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskOpsAnswer) answer = desk_ops_answer_new ();

  return READ (ops_answer_members, node, "answer", answer, error) ? g_steal_pointer (&answer)
                                                                  : NULL;
}

/* --- signing in --- */

#define MAX_DEVICE_CHARS 64

/* The three members of "device". */
typedef struct
{
  char *id;
  char *name;
  DeskVia via;
} Device;

static const DeskMember device_members[] = {
  { MEMBER (Device, TEXT, id), TRUE },
  { MEMBER (Device, TEXT, name) },
  { MEMBER (Device, NICK, via), FALSE, desk_via_get_type },
};

static const DeskMember sign_in_members[] = {
  { MEMBER (DeskSignIn, TEXT, code) },
  { MEMBER (DeskSignIn, TEXT, login), TRUE },
  { MEMBER (DeskSignIn, TEXT, password), TRUE },
};

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

DeskSignIn *
desk_sign_in_new (void)
{
  return g_new0 (DeskSignIn, 1);
}

void
desk_sign_in_free (DeskSignIn *self)
{
  if (self == NULL)
    return;
  wipe (self->code);
  g_free (self->login);
  wipe (self->password);
  g_free (self->device);
  g_free (self->device_name);
  g_free (self);
}

JsonNode *
desk_sign_in_to_json (const DeskSignIn *sign_in)
{
  JsonObject *object =
      desk_json_write_members (sign_in_members, G_N_ELEMENTS (sign_in_members), sign_in);
  Device device = { sign_in->device, sign_in->device_name, sign_in->via };

  json_object_set_member (object, "device", WRITE (device_members, &device));
  return desk_json_take_object (object);
}

static gboolean
is_device (const char *id)
{
  return *id != '\0' && g_utf8_strlen (id, -1) <= MAX_DEVICE_CHARS;
}

static gboolean
read_device (JsonNode *node, DeskSignIn *sign_in, GError **error)
{
  JsonNode *member = json_object_get_member (json_node_get_object (node), "device");
  Device device = { .via = DESK_VIA_APP };
  gboolean done;

  if (member == NULL)
    return desk_json_refuse (error, "device", "there");
  done = READ (device_members, member, "device", &device, error);
  sign_in->device = device.id;
  sign_in->device_name = device.name;
  sign_in->via = device.via;
  if (!done)
    return FALSE;
  if (!is_device (device.id))
    return desk_json_refuse (error, "id", "a text of 1 to 64 signs");
  if (device.name != NULL && g_utf8_strlen (device.name, -1) > MAX_DEVICE_CHARS)
    return desk_json_refuse (error, "name", "a text of at most 64 signs");
  return device.via <= DESK_VIA_CLI || device.via == DESK_VIA_API ||
         desk_json_refuse (error, "via", "app, cli or api");
}

DeskSignIn *
desk_sign_in_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskSignIn) sign_in = desk_sign_in_new ();

  if (!READ (sign_in_members, node, "request", sign_in, error) ||
      !read_device (node, sign_in, error))
    return NULL;
  return g_steal_pointer (&sign_in);
}

/* --- sessions --- */

DeskDeviceSession *
desk_device_session_new (void)
{
  return g_new0 (DeskDeviceSession, 1);
}

DeskDeviceSession *
desk_device_session_copy (const DeskDeviceSession *self)
{
  DeskDeviceSession *copy = g_memdup2 (self, sizeof *self);

  copy->uid = g_strdup (self->uid);
  copy->person = g_strdup (self->person);
  copy->device = g_strdup (self->device);
  copy->device_name = g_strdup (self->device_name);
  return copy;
}

void
desk_device_session_free (DeskDeviceSession *self)
{
  if (self == NULL)
    return;
  g_free (self->uid);
  g_free (self->person);
  g_free (self->device);
  g_free (self->device_name);
  g_free (self);
}

static const DeskMember session_members[] = {
  { MEMBER (DeskDeviceSession, UID, uid), TRUE },
  { MEMBER (DeskDeviceSession, UID, person), TRUE },
  { MEMBER (DeskDeviceSession, TEXT, device), TRUE },
  { MEMBER (DeskDeviceSession, TEXT, device_name) },
  { MEMBER (DeskDeviceSession, NICK, via), FALSE, desk_via_get_type },
  { MEMBER (DeskDeviceSession, NUMBER, created_at), TRUE },
  { MEMBER (DeskDeviceSession, NUMBER, used_at), TRUE },
  { MEMBER (DeskDeviceSession, NUMBER, expires_at), TRUE },
  { MEMBER (DeskDeviceSession, BOOL, current) },
};

JsonNode *
desk_device_session_to_json (const DeskDeviceSession *session)
{
  return WRITE (session_members, session);
}

DeskDeviceSession *
desk_device_session_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskDeviceSession) session = desk_device_session_new ();

  return READ (session_members, node, "session", session, error) ? g_steal_pointer (&session)
                                                                 : NULL;
}

static const DeskForm session_form = FORM (device_session);

DeskWelcome *
desk_welcome_new (void)
{
  DeskWelcome *self = g_new0 (DeskWelcome, 1);

  self->protocol_min = DESK_PROTOCOL_MIN;
  self->protocol_max = DESK_PROTOCOL_MAX;
  self->max_ops = DESK_PROTOCOL_MAX_OPS;
  self->max_ops_bytes = DESK_PROTOCOL_MAX_OPS_BYTES;
  return self;
}

void
desk_welcome_free (DeskWelcome *self)
{
  if (self == NULL)
    return;
  wipe (self->token);
  g_free (self->desk);
  g_free (self->epoch);
  g_clear_pointer (&self->me, desk_person_unref);
  g_clear_pointer (&self->session, desk_device_session_free);
  g_free (self);
}

static const DeskMember welcome_members[] = {
  { MEMBER (DeskWelcome, TEXT, token) },
  { MEMBER (DeskWelcome, UID, desk), TRUE },
  { MEMBER (DeskWelcome, UID, epoch) },
  { MEMBER (DeskWelcome, NUMBER, protocol_min), TRUE },
  { MEMBER (DeskWelcome, NUMBER, protocol_max), TRUE },
  { MEMBER (DeskWelcome, OBJECT, me), TRUE, NULL, &desk_form_person },
  { MEMBER (DeskWelcome, OBJECT, session), FALSE, NULL, &session_form },
  { MEMBER (DeskWelcome, NUMBER, attachment_limit_bytes) },
  { MEMBER (DeskWelcome, NUMBER, max_ops) },
  { MEMBER (DeskWelcome, NUMBER, max_ops_bytes) },
  { MEMBER (DeskWelcome, NUMBER, server_time) },
};

JsonNode *
desk_welcome_to_json (const DeskWelcome *welcome)
{
  return WRITE (welcome_members, welcome);
}

DeskWelcome *
desk_welcome_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskWelcome) welcome = desk_welcome_new ();

  if (!READ (welcome_members, node, "welcome", welcome, error))
    return NULL;
  /* A server that takes nothing at all is none. */
  if (welcome->max_ops == 0)
    welcome->max_ops = DESK_PROTOCOL_MAX_OPS;
  if (welcome->max_ops_bytes == 0)
    welcome->max_ops_bytes = DESK_PROTOCOL_MAX_OPS_BYTES;
  return g_steal_pointer (&welcome);
}

/* --- invitations --- */

DeskInvitation *
desk_invitation_new (const char *code, const char *link, gint64 expires_at)
{
  DeskInvitation *self = g_new0 (DeskInvitation, 1);

  self->code = g_strdup (code);
  self->link = g_strdup (link);
  self->expires_at = expires_at;
  return self;
}

void
desk_invitation_free (DeskInvitation *self)
{
  if (self == NULL)
    return;
  wipe (self->code);
  wipe (self->link);
  g_free (self);
}

static const DeskMember invitation_members[] = {
  { MEMBER (DeskInvitation, TEXT, code), TRUE },
  { MEMBER (DeskInvitation, TEXT, link) },
  { MEMBER (DeskInvitation, NUMBER, expires_at), TRUE },
};

JsonNode *
desk_invitation_to_json (const DeskInvitation *invitation)
{
  return WRITE (invitation_members, invitation);
}

DeskInvitation *
desk_invitation_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskInvitation) invitation = desk_invitation_new (NULL, NULL, 0);

  return READ (invitation_members, node, "invitation", invitation, error)
             ? g_steal_pointer (&invitation)
             : NULL;
}
