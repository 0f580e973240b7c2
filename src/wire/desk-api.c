/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bodies for administration and for other people's programs. */
#include "desk-api.h"

#include <string.h>

#include "desk-json-members.h"

#define WRITE(members, value)                                                                      \
  desk_json_take_object (desk_json_write_members (members, G_N_ELEMENTS (members), value))
#define READ(members, node, what, value, error)                                                    \
  desk_json_read_members (members, G_N_ELEMENTS (members), node, what, value, error)

/* --- sessions --- */

typedef struct
{
  GPtrArray *sessions;
} Sessions;

static const DeskForm session_form = {
  (JsonNode * (*) (gconstpointer)) desk_device_session_to_json,
  (gpointer (*) (JsonNode *, GError **)) desk_device_session_from_json,
  (GDestroyNotify) desk_device_session_free,
  NULL,
};

static const DeskMember sessions_members[] = {
  { MEMBER (Sessions, LIST, sessions), TRUE, NULL, &session_form },
};

JsonNode *
desk_sessions_to_json (GPtrArray *sessions)
{
  Sessions value = { sessions };

  return WRITE (sessions_members, &value);
}

GPtrArray *
desk_sessions_from_json (JsonNode *node, GError **error)
{
  Sessions value = { NULL };

  if (READ (sessions_members, node, "answer", &value, error))
    return value.sessions;
  g_clear_pointer (&value.sessions, g_ptr_array_unref);
  return NULL;
}

/* --- tokens --- */

#define MAX_NAME_CHARS 64

typedef struct
{
  char *name;
} TokenRequest;

static const DeskMember token_request_members[] = {
  { MEMBER (TokenRequest, TEXT, name), TRUE },
};

char *
desk_token_request_from_json (JsonNode *node, GError **error)
{
  TokenRequest request = { NULL };

  if (READ (token_request_members, node, "request", &request, error) && *request.name != '\0' &&
      g_utf8_strlen (request.name, -1) <= MAX_NAME_CHARS)
    return request.name;
  if (request.name != NULL)
    desk_json_refuse (error, "name", "a text of 1 to 64 signs");
  g_free (request.name);
  return NULL;
}

JsonNode *
desk_token_request_to_json (const char *name)
{
  TokenRequest request = { (char *) name };

  return WRITE (token_request_members, &request);
}

/* --- another password --- */

static const DeskMember password_change_members[] = {
  { MEMBER (DeskPasswordChange, TEXT, old), TRUE },
  { MEMBER (DeskPasswordChange, TEXT, new), TRUE },
  { MEMBER (DeskPasswordChange, BOOL, keep_sessions) },
};

DeskPasswordChange *
desk_password_change_new (const char *old, const char *new, gboolean keep)
{
  DeskPasswordChange *self = g_new0 (DeskPasswordChange, 1);

  self->old = g_strdup (old);
  self->new = g_strdup (new);
  self->keep_sessions = keep;
  return self;
}

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
desk_password_change_free (DeskPasswordChange *self)
{
  if (self == NULL)
    return;
  wipe (self->old);
  wipe (self->new);
  g_free (self);
}

JsonNode *
desk_password_change_to_json (const DeskPasswordChange *change)
{
  return WRITE (password_change_members, change);
}

DeskPasswordChange *
desk_password_change_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskPasswordChange) change = desk_password_change_new (NULL, NULL, FALSE);

  return READ (password_change_members, node, "request", change, error) ? g_steal_pointer (&change)
                                                                        : NULL;
}

/* --- uploads --- */

typedef struct
{
  char *sha256;
  gint64 size_bytes;
} UploadRequest;

static const DeskMember upload_request_members[] = {
  { MEMBER (UploadRequest, TEXT, sha256), TRUE },
  { MEMBER (UploadRequest, NUMBER, size_bytes), TRUE },
};

gboolean
desk_upload_request_from_json (JsonNode *node, char **sha256, gint64 *size_bytes, GError **error)
{
  UploadRequest request = { NULL, 0 };
  gboolean done = READ (upload_request_members, node, "request", &request, error);

  if (done)
    *sha256 = g_steal_pointer (&request.sha256);
  *size_bytes = request.size_bytes;
  g_free (request.sha256);
  return done;
}

JsonNode *
desk_upload_request_to_json (const char *sha256, gint64 size_bytes)
{
  UploadRequest request = { (char *) sha256, size_bytes };

  return WRITE (upload_request_members, &request);
}

typedef struct
{
  char *upload;
  gint64 offset_bytes;
  gint64 chunk_bytes;
} Upload;

static const DeskMember upload_members[] = {
  { MEMBER (Upload, UID, upload), TRUE },
  { MEMBER (Upload, NUMBER, offset_bytes), TRUE },
  { MEMBER (Upload, NUMBER, chunk_bytes), TRUE },
};

JsonNode *
desk_upload_to_json (const char *upload, gint64 offset_bytes, gint64 chunk_bytes)
{
  Upload value = { (char *) upload, offset_bytes, chunk_bytes };

  return WRITE (upload_members, &value);
}

gboolean
desk_upload_from_json (
    JsonNode *node, char **upload, gint64 *offset_bytes, gint64 *chunk_bytes, GError **error)
{
  Upload value = { NULL, 0, 0 };
  gboolean done = READ (upload_members, node, "answer", &value, error);

  if (done)
    *upload = g_steal_pointer (&value.upload);
  *offset_bytes = value.offset_bytes;
  *chunk_bytes = value.chunk_bytes;
  g_free (value.upload);
  return done;
}

/* --- ops in plain words --- */

static gboolean
read_kind (DeskOp *op, guint kinds, JsonNode *node, GError **error)
{
  int kind;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING ||
      !desk_enum_parse (DESK_TYPE_KIND, json_node_get_string (node), &kind) ||
      (kinds & (1u << kind)) == 0)
    return desk_json_refuse (error, "kind", "one that can be written here");
  op->kind = kind;
  return TRUE;
}

static gboolean
read_files (DeskOp *op, JsonNode *node, GError **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return desk_json_refuse (error, "attachments", "an array");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      DeskAttachment *attachment = desk_attachment_from_json (json_array_get_element (array, i),
                                                              error);

      if (attachment == NULL)
        return FALSE;
      desk_op_take_attachment (op, attachment);
    }
  return TRUE;
}

static gboolean
read_field (DeskOp *op, const char *name, JsonNode *node, GError **error)
{
  g_autofree char *value = NULL;
  DeskField field;
  gint64 number;

  if (!desk_field_parse (name, &field))
    return desk_json_refuse (error, name, "a field of a ticket");
  if (desk_field_get_field_type (field) == DESK_FIELD_TYPE_INT && !JSON_NODE_HOLDS_NULL (node))
    {
      if (!desk_json_read_number (node, name, &number, error))
        return FALSE;
      value = number != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;
    }
  else if (!JSON_NODE_HOLDS_NULL (node) && !desk_json_read_text (node, name, &value, error))
    return FALSE;
  desk_op_change (op, field, value);
  return TRUE;
}

static gboolean
read_word (DeskOp *op, guint kinds, const char *name, JsonNode *node, GError **error)
{
  g_autofree char *text = NULL;

  if (g_str_equal (name, "kind"))
    return read_kind (op, kinds, node, error);
  if (g_str_equal (name, "attachments"))
    return read_files (op, node, error);
  if (!g_str_equal (name, "text"))
    return read_field (op, name, node, error);
  if (!desk_json_read_text (node, name, &text, error))
    return FALSE;
  desk_op_set_text (op, text);
  return TRUE;
}

gboolean
desk_op_read_words (DeskOp *op, guint kinds, JsonNode *node, GError **error)
{
  g_autoptr (GList) names = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return desk_json_refuse (error, "request", "an object");
  names = json_object_get_members (json_node_get_object (node));
  for (GList *name = names; name != NULL; name = name->next)
    if (!read_word (op, kinds, name->data,
                    json_object_get_member (json_node_get_object (node), name->data), error))
      return FALSE;
  return TRUE;
}
