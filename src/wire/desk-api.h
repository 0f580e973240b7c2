/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bodies for administration and for other people's programs: sessions, uploads, tickets in plain
 * words.
 *
 * Reading fails with DESK_ERROR and names the member. Pure; any thread. */
#pragma once

#include "desk-protocol.h"

G_BEGIN_DECLS

/* {"sessions": [...]}; @sessions: of DeskDeviceSession. */
JsonNode *desk_sessions_to_json (GPtrArray *sessions);
/* (transfer full) (element-type DeskDeviceSession) */
GPtrArray *desk_sessions_from_json (JsonNode *node, GError **error);

/* {"name": ...} of a token for a program. (transfer full) */
char *desk_token_request_from_json (JsonNode *node, GError **error);
JsonNode *desk_token_request_to_json (const char *name);

/* The body of POST /v1/password: {"old", "new", "keep_sessions"}. */
typedef struct
{
  char *old;
  char *new;
  gboolean keep_sessions; /* other devices stay signed in */
} DeskPasswordChange;

DeskPasswordChange *desk_password_change_new (const char *old, const char *new, gboolean keep);
void desk_password_change_free (DeskPasswordChange *self); /* wipes both */
JsonNode *desk_password_change_to_json (const DeskPasswordChange *change);
DeskPasswordChange *desk_password_change_from_json (JsonNode *node, GError **error);

/* {"sha256": ..., "size_bytes": ...}. FALSE with @error; @sha256 is given. */
gboolean
desk_upload_request_from_json (JsonNode *node, char **sha256, gint64 *size_bytes, GError **error);
/* {"upload": ..., "offset_bytes": ..., "chunk_bytes": ...} */
JsonNode *desk_upload_to_json (const char *upload, gint64 offset_bytes, gint64 chunk_bytes);
/* The same for who asks. @upload is given. */
JsonNode *desk_upload_request_to_json (const char *sha256, gint64 size_bytes);
gboolean desk_upload_from_json (
    JsonNode *node, char **upload, gint64 *offset_bytes, gint64 *chunk_bytes, GError **error);

/* What an op asks for in plain words: fields of a ticket by name with their new values (null for
 * none), "text", "attachments", and "kind" where @kinds (bits 1 << DeskKind) has more than one. A
 * member that is none of them is refused: a misspelt field is not to be passed over. */
gboolean desk_op_read_words (DeskOp *op, guint kinds, JsonNode *node, GError **error);

/* A ticket as clients of osTicket's API send it. */
typedef struct
{
  char *email;
  char *name;
  char *subject;
  char *message;    /* plain text */
  char *phone;      /* or NULL */
  char *topic;      /* slug, or NULL */
  int priority;     /* DeskPriority; -1: not told */
  GPtrArray *files; /* of DeskOsTicketFile */
} DeskOsTicket;

typedef struct
{
  char *name;
  char *type;
  GBytes *bytes;
} DeskOsTicketFile;

DeskOsTicket *desk_os_ticket_from_json (JsonNode *node, GError **error);
void desk_os_ticket_free (DeskOsTicket *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskPasswordChange, desk_password_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskOsTicket, desk_os_ticket_free)

G_END_DECLS
