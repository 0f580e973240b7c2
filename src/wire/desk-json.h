/* SPDX-License-Identifier: GPL-3.0-or-later
 * Core values as JSON, both ways: the one form that commands, exports, drafts and servers share.
 *
 * Members are named as the struct's; sets are their nicks; a time or number that is 0 and a text
 * that is NULL are left out unless every value of the kind has it. `changes` are objects of field,
 * from and to, whose values are whole numbers for numbers, texts for everything else, null for
 * none. A catalogue entry's properties are members beside its slug and label.
 *
 * Reading is strict: a member of the wrong type, a missing one or an unknown word is
 * DESK_ERROR_INVALID and named in the message; members that are not known are passed over. How long
 * a text may be is core's question. Pure; any thread. */
#pragma once

#include <json-glib/json-glib.h>

#include "desk-catalogue.h"
#include "desk-event.h"

G_BEGIN_DECLS

/* Nested deeper than this is not ours. */
#define DESK_JSON_MAX_DEPTH 32

/* @text need not be terminated. Takes one object or array and nothing that only looks like JSON
 * (comments, single quotes); DESK_ERROR_NOT_TEXT for what is not UTF-8 or hides a NUL,
 * DESK_ERROR_INVALID for the rest. (transfer full) */
JsonNode *desk_json_parse (const char *text, gsize length, GError **error);
/* One line, or indented for people. (transfer full) */
char *desk_json_to_string (JsonNode *node, gboolean pretty);

/* All: (transfer full) */
JsonNode *desk_op_to_json (const DeskOp *op);
JsonNode *desk_event_to_json (const DeskEvent *event);
JsonNode *desk_ticket_to_json (const DeskTicket *ticket);
JsonNode *desk_attachment_to_json (const DeskAttachment *attachment);
JsonNode *desk_entry_to_json (const DeskEntry *entry);
JsonNode *desk_person_to_json (const DeskPerson *person);

/* All: (transfer full), NULL with @error set. */
DeskOp *desk_op_from_json (JsonNode *node, GError **error);
DeskEvent *desk_event_from_json (JsonNode *node, GError **error);
DeskTicket *desk_ticket_from_json (JsonNode *node, GError **error);
DeskAttachment *desk_attachment_from_json (JsonNode *node, GError **error);
DeskEntry *desk_entry_from_json (JsonNode *node, GError **error);
DeskPerson *desk_person_from_json (JsonNode *node, GError **error);

/* SHA-256 over everything that @op asks for and says of itself, 64 hex digits: two ops with one
 * uid are the same op when their digests are equal. (transfer full) */
char *desk_op_digest (const DeskOp *op);

G_END_DECLS
