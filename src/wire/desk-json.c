/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of members, and the two loops that write and read them. */
#include "desk-json.h"

#include <string.h>

#include "desk-error.h"
#include "desk-uid.h"

#define SHA256_DIGITS 64

typedef enum
{
  MEMBER_TEXT,
  MEMBER_UID,
  MEMBER_NUMBER, /* not negative */
  MEMBER_BOOL,
  MEMBER_NICK,
  MEMBER_TEXTS,
  MEMBER_CHANGES,
  MEMBER_ATTACHMENTS,
} MemberType;

typedef struct
{
  const char *name;
  MemberType type;
  gsize offset;
  gboolean needed;         /* always written, and missed when reading */
  GType (*get_set) (void); /* of a nick */
} Member;

#define MEMBER(Struct, type, member) #member, MEMBER_##type, G_STRUCT_OFFSET(Struct, member)

static const Member op_members[] = {
  { MEMBER (DeskOp, UID, uid), TRUE },
  { MEMBER (DeskOp, UID, ticket), TRUE },
  { MEMBER (DeskOp, NICK, kind), TRUE, desk_kind_get_type },
  { MEMBER (DeskOp, TEXT, text) },
  { MEMBER (DeskOp, CHANGES, changes) },
  { MEMBER (DeskOp, ATTACHMENTS, attachments) },
  { MEMBER (DeskOp, UID, target) },
  { MEMBER (DeskOp, UID, author), TRUE },
  { MEMBER (DeskOp, TEXT, device) },
  { MEMBER (DeskOp, NICK, via), FALSE, desk_via_get_type },
  { MEMBER (DeskOp, NUMBER, base) },
  { MEMBER (DeskOp, NUMBER, at) },
};

static const Member event_members[] = {
  { MEMBER (DeskEvent, UID, uid), TRUE },
  { MEMBER (DeskEvent, UID, ticket), TRUE },
  { MEMBER (DeskEvent, NUMBER, no), TRUE },
  { MEMBER (DeskEvent, NUMBER, public_no) },
  { MEMBER (DeskEvent, NICK, kind), TRUE, desk_kind_get_type },
  { MEMBER (DeskEvent, NICK, audience), TRUE, desk_audience_get_type },
  { MEMBER (DeskEvent, TEXT, text) },
  { MEMBER (DeskEvent, CHANGES, changes) },
  { MEMBER (DeskEvent, ATTACHMENTS, attachments) },
  { MEMBER (DeskEvent, UID, target) },
  { MEMBER (DeskEvent, UID, author), TRUE },
  { MEMBER (DeskEvent, TEXT, device) },
  { MEMBER (DeskEvent, NICK, via), FALSE, desk_via_get_type },
  { MEMBER (DeskEvent, UID, cause) },
  { MEMBER (DeskEvent, NUMBER, at) },
  { MEMBER (DeskEvent, NUMBER, accepted_at), TRUE },
  { MEMBER (DeskEvent, BOOL, redacted) },
};

static const Member ticket_members[] = {
  { MEMBER (DeskTicket, UID, uid), TRUE },
  { MEMBER (DeskTicket, TEXT, number) },
  { MEMBER (DeskTicket, TEXT, summary) },
  { MEMBER (DeskTicket, UID, requester) },
  { MEMBER (DeskTicket, TEXT, topic) },
  { MEMBER (DeskTicket, NICK, status), TRUE, desk_status_get_type },
  { MEMBER (DeskTicket, TEXT, department) },
  { MEMBER (DeskTicket, TEXT, team) },
  { MEMBER (DeskTicket, UID, assignee) },
  { MEMBER (DeskTicket, NICK, priority), TRUE, desk_priority_get_type },
  { MEMBER (DeskTicket, TEXT, sla) },
  { MEMBER (DeskTicket, NUMBER, due_at) },
  { MEMBER (DeskTicket, NUMBER, target_secs) },
  { MEMBER (DeskTicket, NUMBER, spent_secs) },
  { MEMBER (DeskTicket, NUMBER, running_since) },
  { MEMBER (DeskTicket, TEXT, resolution) },
  { MEMBER (DeskTicket, TEXT, steps) },
  { MEMBER (DeskTicket, TEXT, recommendations) },
  { MEMBER (DeskTicket, NUMBER, resolved_at) },
  { MEMBER (DeskTicket, NUMBER, closed_at) },
  { MEMBER (DeskTicket, NUMBER, no), TRUE },
  { MEMBER (DeskTicket, NUMBER, public_no), TRUE },
  { MEMBER (DeskTicket, NUMBER, created_at), TRUE },
  { MEMBER (DeskTicket, NUMBER, updated_at), TRUE },
  { MEMBER (DeskTicket, NUMBER, public_at), TRUE },
};

static const Member attachment_members[] = {
  { MEMBER (DeskAttachment, TEXT, name), TRUE },
  { MEMBER (DeskAttachment, TEXT, type), TRUE },
  { MEMBER (DeskAttachment, NUMBER, size_bytes), TRUE },
  { MEMBER (DeskAttachment, TEXT, sha256), TRUE },
};

/* Its properties follow from their own table. */
static const Member entry_members[] = {
  { MEMBER (DeskEntry, NICK, kind), TRUE, desk_entry_kind_get_type },
  { MEMBER (DeskEntry, TEXT, slug), TRUE },
  { MEMBER (DeskEntry, TEXT, label), TRUE },
  { MEMBER (DeskEntry, BOOL, removed) },
  { MEMBER (DeskEntry, NUMBER, revision) },
};

static const Member person_members[] = {
  { MEMBER (DeskPerson, UID, uid), TRUE },
  { MEMBER (DeskPerson, TEXT, login) },
  { MEMBER (DeskPerson, TEXT, name) },
  { MEMBER (DeskPerson, TEXT, email) },
  { MEMBER (DeskPerson, NICK, role), TRUE, desk_role_get_type },
  { MEMBER (DeskPerson, TEXTS, departments) },
  { MEMBER (DeskPerson, TEXTS, teams) },
  { MEMBER (DeskPerson, BOOL, removed) },
  { MEMBER (DeskPerson, NUMBER, revision) },
};

/* --- writing --- */

/* What JSON takes: text that core has not cleaned yet need not be UTF-8. */
static JsonNode *
write_text (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (g_utf8_validate (text, -1, NULL))
    json_node_set_string (node, text);
  else
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      json_node_set_string (node, valid);
    }
  return node;
}

static JsonNode *
write_number (gint64 number)
{
  return json_node_init_int (json_node_alloc (), number);
}

static JsonNode *
write_bool (gboolean yes)
{
  return json_node_init_boolean (json_node_alloc (), yes);
}

static JsonNode *
take_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node;
}

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

static JsonNode *
write_texts (char **texts)
{
  JsonArray *array = json_array_new ();

  for (; *texts != NULL; texts++)
    json_array_add_element (array, write_text (*texts));
  return take_array (array);
}

/* A value of a change; what does not fit its field is written as text and will be refused. */
static JsonNode *
write_value (DeskField field, const char *value)
{
  gint64 number;

  if (value == NULL)
    return json_node_new (JSON_NODE_NULL);
  if (desk_field_get_field_type (field) == DESK_FIELD_TYPE_INT &&
      g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return write_number (number);
  return write_text (value);
}

static JsonNode *
write_change (const DeskChange *change)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "field", desk_field_get_name (change->field));
  json_object_set_member (object, "from", write_value (change->field, change->from));
  json_object_set_member (object, "to", write_value (change->field, change->to));
  return take_object (object);
}

static JsonNode *
write_changes (GPtrArray *changes)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < changes->len; i++)
    json_array_add_element (array, write_change (g_ptr_array_index (changes, i)));
  return take_array (array);
}

static JsonNode *
write_attachments (GPtrArray *attachments)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < attachments->len; i++)
    json_array_add_element (array, desk_attachment_to_json (g_ptr_array_index (attachments, i)));
  return take_array (array);
}

/* NULL for what is left out. */
static JsonNode *
write_member (const Member *member, gconstpointer value)
{
  switch (member->type)
    {
    case MEMBER_TEXT:
    case MEMBER_UID:
      {
        const char *text = G_STRUCT_MEMBER (const char *, value, member->offset);

        return text != NULL ? write_text (text) : NULL;
      }
    case MEMBER_NUMBER:
      {
        gint64 number = G_STRUCT_MEMBER (gint64, value, member->offset);

        return number != 0 || member->needed ? write_number (number) : NULL;
      }
    case MEMBER_BOOL:
      {
        gboolean yes = G_STRUCT_MEMBER (gboolean, value, member->offset);

        return yes || member->needed ? write_bool (yes) : NULL;
      }
    case MEMBER_NICK:
      {
        int number = G_STRUCT_MEMBER (int, value, member->offset);
        const char *nick = desk_enum_get_nick (member->get_set (), number);

        return nick != NULL ? write_text (nick) : NULL;
      }
    case MEMBER_TEXTS:
      return write_texts (G_STRUCT_MEMBER (char **, value, member->offset));
    case MEMBER_CHANGES:
      return write_changes (G_STRUCT_MEMBER (GPtrArray *, value, member->offset));
    case MEMBER_ATTACHMENTS:
      return write_attachments (G_STRUCT_MEMBER (GPtrArray *, value, member->offset));
    }
  g_return_val_if_reached (NULL);
}

static JsonObject *
write_members (const Member *members, guint n_members, gconstpointer value)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < n_members; i++)
    {
      JsonNode *node = write_member (&members[i], value);

      if (node != NULL)
        json_object_set_member (object, members[i].name, node);
    }
  return object;
}

#define WRITE(members, value) write_members (members, G_N_ELEMENTS (members), value)

JsonNode *
desk_op_to_json (const DeskOp *op)
{
  return take_object (WRITE (op_members, op));
}

JsonNode *
desk_event_to_json (const DeskEvent *event)
{
  return take_object (WRITE (event_members, event));
}

JsonNode *
desk_ticket_to_json (const DeskTicket *ticket)
{
  return take_object (WRITE (ticket_members, ticket));
}

JsonNode *
desk_attachment_to_json (const DeskAttachment *attachment)
{
  return take_object (WRITE (attachment_members, attachment));
}

static JsonNode *
write_property (const DeskPropertyInfo *info, const char *value)
{
  gint64 number;

  switch (info->type)
    {
    case DESK_PROPERTY_TYPE_BOOL:
      return write_bool (strcmp (value, "yes") == 0);
    case DESK_PROPERTY_TYPE_INT:
      if (g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL))
        return write_number (number);
      return write_text (value);
    case DESK_PROPERTY_TYPE_WORD:
    case DESK_PROPERTY_TYPE_TEXT:
    case DESK_PROPERTY_TYPE_SLUG:
    case DESK_PROPERTY_TYPE_PERSON:
      return write_text (value);
    }
  g_return_val_if_reached (NULL);
}

JsonNode *
desk_entry_to_json (const DeskEntry *entry)
{
  JsonObject *object = WRITE (entry_members, entry);

  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    {
      const DeskPropertyInfo *info = desk_property_get_info (property);

      if (entry->values[property] != NULL)
        json_object_set_member (object, info->name, write_property (info, entry->values[property]));
    }
  return take_object (object);
}

JsonNode *
desk_person_to_json (const DeskPerson *person)
{
  return take_object (WRITE (person_members, person));
}

/* --- reading --- */

/* @name is the member's, @what tells what it should be. */
static gboolean
refuse (GError **error, const char *name, const char *what)
{
  g_set_error (error, DESK_ERROR, DESK_ERROR_INVALID, "“%s” is not %s", name, what);
  return FALSE;
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
read_text (JsonNode *node, const char *name, char **text, GError **error)
{
  if (!holds (node, G_TYPE_STRING))
    return refuse (error, name, "a text");
  g_free (*text);
  *text = json_node_dup_string (node);
  return TRUE;
}

static gboolean
read_uid (JsonNode *node, const char *name, char **uid, GError **error)
{
  if (!read_text (node, name, uid, error))
    return FALSE;
  return desk_uid_is_valid (*uid) || refuse (error, name, "a UUID in small letters");
}

static gboolean
read_number (JsonNode *node, const char *name, gint64 *number, GError **error)
{
  if (!holds (node, G_TYPE_INT64) || json_node_get_int (node) < 0)
    return refuse (error, name, "a whole number from 0");
  *number = json_node_get_int (node);
  return TRUE;
}

static gboolean
read_bool (JsonNode *node, const char *name, gboolean *yes, GError **error)
{
  if (!holds (node, G_TYPE_BOOLEAN))
    return refuse (error, name, "true or false");
  *yes = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_nick (JsonNode *node, const char *name, GType set, int *value, GError **error)
{
  if (holds (node, G_TYPE_STRING) && desk_enum_parse (set, json_node_get_string (node), value))
    return TRUE;
  return refuse (error, name, "one of its words");
}

static gboolean
read_texts (JsonNode *node, const char *name, char ***texts, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, name, "an array of texts");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!holds (element, G_TYPE_STRING))
        return refuse (error, name, "an array of texts");
      g_strv_builder_add (builder, json_node_get_string (element));
    }
  g_strfreev (*texts);
  *texts = g_strv_builder_end (builder);
  return TRUE;
}

/* A value of a change: in the canonical form, in which a number 0 is none. */
static gboolean
read_value (JsonNode *node, const char *name, DeskField field, char **value, GError **error)
{
  gint64 number = 0;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (desk_field_get_field_type (field) != DESK_FIELD_TYPE_INT)
    return read_text (node, name, value, error);
  if (!read_number (node, name, &number, error))
    return FALSE;
  if (number != 0)
    *value = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  return TRUE;
}

static DeskChange *
read_change (JsonNode *node, GError **error)
{
  g_autoptr (DeskChange) change = desk_change_new (DESK_FIELD_NUMBER, NULL, NULL);
  JsonObject *object;
  JsonNode *field;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      refuse (error, "changes", "an array of objects");
      return NULL;
    }
  object = json_node_get_object (node);
  field = json_object_get_member (object, "field");
  if (field == NULL || !holds (field, G_TYPE_STRING) ||
      !desk_field_parse (json_node_get_string (field), &change->field))
    {
      refuse (error, "field", "the name of a field");
      return NULL;
    }
  if (!json_object_has_member (object, "to"))
    {
      refuse (error, "to", "there: a change says what to");
      return NULL;
    }
  if (!read_value (json_object_get_member (object, "from"), "from", change->field, &change->from,
                   error) ||
      !read_value (json_object_get_member (object, "to"), "to", change->field, &change->to, error))
    return NULL;
  return g_steal_pointer (&change);
}

static gboolean
read_changes (JsonNode *node, const char *name, GPtrArray *changes, GError **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, name, "an array of objects");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      DeskChange *change = read_change (json_array_get_element (array, i), error);

      if (change == NULL)
        {
          g_prefix_error (error, "%s[%u]: ", name, i);
          return FALSE;
        }
      g_ptr_array_add (changes, change);
    }
  return TRUE;
}

static gboolean
read_attachments (JsonNode *node, const char *name, GPtrArray *attachments, GError **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, name, "an array of objects");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      DeskAttachment *attachment = desk_attachment_from_json (json_array_get_element (array, i),
                                                              error);

      if (attachment == NULL)
        {
          g_prefix_error (error, "%s[%u]: ", name, i);
          return FALSE;
        }
      g_ptr_array_add (attachments, attachment);
    }
  return TRUE;
}

static gboolean
read_member (const Member *member, JsonNode *node, gpointer value, GError **error)
{
  gpointer place = G_STRUCT_MEMBER_P (value, member->offset);

  switch (member->type)
    {
    case MEMBER_TEXT:
      return read_text (node, member->name, place, error);
    case MEMBER_UID:
      return read_uid (node, member->name, place, error);
    case MEMBER_NUMBER:
      return read_number (node, member->name, place, error);
    case MEMBER_BOOL:
      return read_bool (node, member->name, place, error);
    case MEMBER_NICK:
      return read_nick (node, member->name, member->get_set (), place, error);
    case MEMBER_TEXTS:
      return read_texts (node, member->name, place, error);
    case MEMBER_CHANGES:
      return read_changes (node, member->name, *(GPtrArray **) place, error);
    case MEMBER_ATTACHMENTS:
      return read_attachments (node, member->name, *(GPtrArray **) place, error);
    }
  g_return_val_if_reached (FALSE);
}

/* @what is the kind of value, for messages. A null is as good as a member that is not there. */
static gboolean
read_members (const Member *members,
              guint n_members,
              JsonNode *node,
              const char *what,
              gpointer value,
              GError **error)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, what, "an object");
  object = json_node_get_object (node);
  for (guint i = 0; i < n_members; i++)
    {
      JsonNode *member = json_object_get_member (object, members[i].name);

      if (member == NULL || JSON_NODE_HOLDS_NULL (member))
        {
          if (members[i].needed)
            return refuse (error, members[i].name, "there");
          continue;
        }
      if (!read_member (&members[i], member, value, error))
        return FALSE;
    }
  return TRUE;
}

#define READ(members, node, what, value, error)                                                    \
  read_members (members, G_N_ELEMENTS (members), node, what, value, error)

DeskOp *
desk_op_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskOp) op = desk_op_new (NULL, NULL, DESK_KIND_CHANGE, NULL);

  return READ (op_members, node, "op", op, error) ? g_steal_pointer (&op) : NULL;
}

/* An outcome has values that fit their fields, or folding it would leave them out. */
static gboolean
check_outcome (const DeskEvent *event, GError **error)
{
  g_autoptr (DeskTicket) scratch = desk_ticket_new (NULL);

  for (guint i = 0; i < event->changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (event->changes, i);

      if (!desk_ticket_set_field (scratch, change->field, change->to))
        return refuse (error, desk_field_get_name (change->field), "given a value of its form");
    }
  return TRUE;
}

DeskEvent *
desk_event_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskEvent) event = desk_event_new ();

  if (!READ (event_members, node, "event", event, error) || !check_outcome (event, error))
    return NULL;
  return g_steal_pointer (&event);
}

DeskTicket *
desk_ticket_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new (NULL);

  return READ (ticket_members, node, "ticket", ticket, error) ? g_steal_pointer (&ticket) : NULL;
}

DeskAttachment *
desk_attachment_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskAttachment) attachment = desk_attachment_new (NULL, NULL, 0, NULL);

  if (!READ (attachment_members, node, "attachment", attachment, error))
    return NULL;
  if (strspn (attachment->sha256, "0123456789abcdef") != SHA256_DIGITS ||
      attachment->sha256[SHA256_DIGITS] != '\0')
    {
      refuse (error, "sha256", "64 hex digits in small letters");
      return NULL;
    }
  return g_steal_pointer (&attachment);
}

static gboolean
read_property (const DeskPropertyInfo *info, JsonNode *node, char **value, GError **error)
{
  gboolean yes = FALSE;
  gint64 number = 0;

  switch (info->type)
    {
    case DESK_PROPERTY_TYPE_BOOL:
      if (!read_bool (node, info->name, &yes, error))
        return FALSE;
      *value = g_strdup (yes ? "yes" : "no");
      return TRUE;
    case DESK_PROPERTY_TYPE_INT:
      if (!read_number (node, info->name, &number, error))
        return FALSE;
      *value = g_strdup_printf ("%" G_GINT64_FORMAT, number);
      return TRUE;
    case DESK_PROPERTY_TYPE_WORD:
    case DESK_PROPERTY_TYPE_TEXT:
    case DESK_PROPERTY_TYPE_SLUG:
    case DESK_PROPERTY_TYPE_PERSON:
      return read_text (node, info->name, value, error);
    }
  g_return_val_if_reached (FALSE);
}

DeskEntry *
desk_entry_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskEntry) entry = desk_entry_new (DESK_ENTRY_DESK, NULL, NULL);

  if (!READ (entry_members, node, "entry", entry, error))
    return NULL;
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    {
      const DeskPropertyInfo *info = desk_property_get_info (property);
      JsonNode *member = json_object_get_member (json_node_get_object (node), info->name);
      g_autofree char *value = NULL;

      if (member == NULL || JSON_NODE_HOLDS_NULL (member))
        continue;
      if (!read_property (info, member, &value, error))
        return NULL;
      desk_entry_set (entry, property, value);
    }
  return g_steal_pointer (&entry);
}

DeskPerson *
desk_person_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskPerson) person = desk_person_new (NULL, NULL, NULL, DESK_ROLE_REQUESTER);

  return READ (person_members, node, "person", person, error) ? g_steal_pointer (&person) : NULL;
}
