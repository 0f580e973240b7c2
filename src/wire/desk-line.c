/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines of an export as JSON, by tables of their members. */
#include "desk-line.h"

#include <string.h>

#include "desk-error.h"
#include "desk-json-members.h"

#define SHA256_DIGITS 64
#define DIGEST_DIGITS 32

static const DeskMember header_members[] = {
  { MEMBER (DeskLine, TEXT, format), TRUE },
  { MEMBER (DeskLine, UID, desk), TRUE },
};

static const DeskMember erased_members[] = {
  { MEMBER (DeskLine, UID, uid), TRUE },
  { MEMBER (DeskLine, NUMBER, at), TRUE },
};

static const DeskMember audit_members[] = {
  { MEMBER (DeskLine, NUMBER, at), TRUE },    { MEMBER (DeskLine, UID, author), TRUE },
  { MEMBER (DeskLine, TEXT, subject), TRUE }, { MEMBER (DeskLine, NUMBER, revision), TRUE },
  { MEMBER (DeskLine, TEXT, content), TRUE },
};

static const DeskMember sequence_members[] = {
  { MEMBER (DeskLine, TEXT, name), TRUE },
  { MEMBER (DeskLine, NUMBER, last), TRUE },
};

static const DeskMember blob_members[] = {
  { MEMBER (DeskLine, TEXT, sha256), TRUE },
  { MEMBER (DeskLine, NUMBER, size_bytes), TRUE },
  { MEMBER (DeskLine, NUMBER, position), TRUE },
  { MEMBER (DeskLine, BYTES, data), TRUE },
};

static const DeskMember seen_members[] = {
  { MEMBER (DeskLine, UID, ticket), TRUE },
  { MEMBER (DeskLine, UID, uid), TRUE },
  { MEMBER (DeskLine, NUMBER, no), TRUE },
};

static const DeskMember end_members[] = {
  { MEMBER (DeskLine, NUMBER, lines), TRUE },
};

/* Kinds without members are core values of their own. */
static const struct
{
  const char *name;
  const DeskMember *members;
  guint n_members;
} kinds[DESK_N_LINE_KINDS] = {
  [DESK_LINE_HEADER] = { "header", header_members, G_N_ELEMENTS (header_members) },
  [DESK_LINE_ENTRY] = { "entry" },
  [DESK_LINE_ERASED] = { "erased", erased_members, G_N_ELEMENTS (erased_members) },
  [DESK_LINE_PERSON] = { "person" },
  [DESK_LINE_AUDIT] = { "audit", audit_members, G_N_ELEMENTS (audit_members) },
  [DESK_LINE_SEQUENCE] = { "sequence", sequence_members, G_N_ELEMENTS (sequence_members) },
  [DESK_LINE_BLOB] = { "blob", blob_members, G_N_ELEMENTS (blob_members) },
  [DESK_LINE_EVENT] = { "event" },
  [DESK_LINE_SEEN] = { "seen", seen_members, G_N_ELEMENTS (seen_members) },
  [DESK_LINE_END] = { "end", end_members, G_N_ELEMENTS (end_members) },
};

DeskLine *
desk_line_new (DeskLineKind kind)
{
  DeskLine *self = g_new0 (DeskLine, 1);

  self->kind = kind;
  return self;
}

void
desk_line_free (DeskLine *self)
{
  g_clear_pointer (&self->entry, desk_entry_unref);
  g_clear_pointer (&self->person, desk_person_unref);
  g_clear_pointer (&self->event, desk_event_unref);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self->format);
  g_free (self->desk);
  g_free (self->digest);
  g_free (self->uid);
  g_free (self->author);
  g_free (self->subject);
  g_free (self->content);
  g_free (self->name);
  g_free (self->sha256);
  g_free (self->ticket);
  g_free (self);
}

/* --- writing --- */

static JsonNode *
write_content (const DeskLine *self)
{
  switch (self->kind)
    {
    case DESK_LINE_ENTRY:
      return desk_entry_to_json (self->entry);
    case DESK_LINE_PERSON:
      return desk_person_to_json (self->person);
    case DESK_LINE_EVENT:
      return desk_event_to_json (self->event);
    case DESK_LINE_HEADER:
    case DESK_LINE_ERASED:
    case DESK_LINE_AUDIT:
    case DESK_LINE_SEQUENCE:
    case DESK_LINE_BLOB:
    case DESK_LINE_SEEN:
    case DESK_LINE_END:
      return desk_json_take_object (
          desk_json_write_members (kinds[self->kind].members, kinds[self->kind].n_members, self));
    }
  g_return_val_if_reached (NULL);
}

char *
desk_line_to_string (const DeskLine *self)
{
  JsonNode *content = write_content (self);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  if (self->kind == DESK_LINE_HEADER)
    node = content;
  else
    {
      object = json_object_new ();
      json_object_set_member (object, kinds[self->kind].name, content);
      if (self->digest != NULL)
        json_object_set_string_member (object, "digest", self->digest);
      node = desk_json_take_object (object);
    }
  return desk_json_to_string (node, FALSE);
}

/* --- reading --- */

/* The first line of all is told by its format, the others by the member that names the kind. */
static gboolean
find_kind (JsonNode *node, DeskLineKind *kind, JsonNode **content)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  *kind = DESK_LINE_HEADER;
  *content = node;
  if (object == NULL || json_object_has_member (object, "format"))
    return object != NULL;
  for (guint i = DESK_LINE_HEADER + 1; i < G_N_ELEMENTS (kinds); i++)
    if ((*content = json_object_get_member (object, kinds[i].name)) != NULL)
      {
        *kind = (DeskLineKind)i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_hex (const char *text, gsize n_digits)
{
  return strspn (text, "0123456789abcdef") == n_digits && text[n_digits] == '\0';
}

static gboolean
read_digest (DeskLine *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "digest");

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  return desk_json_read_text (node, "digest", &self->digest, error) &&
         (is_hex (self->digest, DIGEST_DIGITS) ||
          desk_json_refuse (error, "digest", "32 hex digits in small letters"));
}

static gboolean
read_content (DeskLine *self, JsonNode *content, JsonNode *node, GError **error)
{
  switch (self->kind)
    {
    case DESK_LINE_ENTRY:
      return (self->entry = desk_entry_from_json (content, error)) != NULL;
    case DESK_LINE_PERSON:
      return (self->person = desk_person_from_json (content, error)) != NULL;
    case DESK_LINE_EVENT:
      return (self->event = desk_event_from_json (content, error)) != NULL &&
             read_digest (self, json_node_get_object (node), error);
    case DESK_LINE_HEADER:
    case DESK_LINE_ERASED:
    case DESK_LINE_AUDIT:
    case DESK_LINE_SEQUENCE:
    case DESK_LINE_BLOB:
    case DESK_LINE_SEEN:
    case DESK_LINE_END:
      return desk_json_read_members (kinds[self->kind].members, kinds[self->kind].n_members,
                                     content, kinds[self->kind].name, self, error) &&
             (self->sha256 == NULL || is_hex (self->sha256, SHA256_DIGITS) ||
              desk_json_refuse (error, "sha256", "64 hex digits in small letters"));
    }
  g_return_val_if_reached (FALSE);
}

DeskLine *
desk_line_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonNode) node = desk_json_parse (text, length, error);
  g_autoptr (DeskLine) self = NULL;
  JsonNode *content;
  DeskLineKind kind;

  if (node == NULL)
    return NULL;
  if (!find_kind (node, &kind, &content))
    {
      desk_refuse (error, DESK_ERROR_INVALID, "This is nothing that an export has");
      return NULL;
    }
  self = desk_line_new (kind);
  return read_content (self, content, node, error) ? g_steal_pointer (&self) : NULL;
}
