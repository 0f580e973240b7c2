/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of the members of core values. */
#include "desk-json.h"

#include <string.h>

#include "desk-json-members.h"
#include "desk-uid.h"

#define SHA256_DIGITS 64

static const DeskMember op_members[] = {
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

static const DeskMember event_members[] = {
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

static const DeskMember ticket_members[] = {
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

static const DeskMember attachment_members[] = {
  { MEMBER (DeskAttachment, TEXT, name), TRUE },
  { MEMBER (DeskAttachment, TEXT, type), TRUE },
  { MEMBER (DeskAttachment, NUMBER, size_bytes), TRUE },
  { MEMBER (DeskAttachment, TEXT, sha256), TRUE },
};

/* Its properties follow from their own table. */
static const DeskMember entry_members[] = {
  { MEMBER (DeskEntry, NICK, kind), TRUE, desk_entry_kind_get_type },
  { MEMBER (DeskEntry, TEXT, slug), TRUE },
  { MEMBER (DeskEntry, TEXT, label), TRUE },
  { MEMBER (DeskEntry, BOOL, removed) },
  { MEMBER (DeskEntry, NUMBER, revision) },
};

static const DeskMember person_members[] = {
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

#define WRITE(members, value) desk_json_write_members (members, G_N_ELEMENTS (members), value)

JsonNode *
desk_op_to_json (const DeskOp *op)
{
  return desk_json_take_object (WRITE (op_members, op));
}

JsonNode *
desk_event_to_json (const DeskEvent *event)
{
  return desk_json_take_object (WRITE (event_members, event));
}

JsonNode *
desk_ticket_to_json (const DeskTicket *ticket)
{
  return desk_json_take_object (WRITE (ticket_members, ticket));
}

JsonNode *
desk_attachment_to_json (const DeskAttachment *attachment)
{
  return desk_json_take_object (WRITE (attachment_members, attachment));
}

static JsonNode *
write_property (const DeskPropertyInfo *info, const char *value)
{
  gint64 number;

  switch (info->type)
    {
    case DESK_PROPERTY_TYPE_BOOL:
      return desk_json_write_bool (strcmp (value, "yes") == 0);
    case DESK_PROPERTY_TYPE_INT:
      if (g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL))
        return desk_json_write_number (number);
      return desk_json_write_text (value);
    case DESK_PROPERTY_TYPE_WORD:
    case DESK_PROPERTY_TYPE_TEXT:
    case DESK_PROPERTY_TYPE_SLUG:
    case DESK_PROPERTY_TYPE_PERSON:
      return desk_json_write_text (value);
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
  return desk_json_take_object (object);
}

JsonNode *
desk_person_to_json (const DeskPerson *person)
{
  return desk_json_take_object (WRITE (person_members, person));
}

/* --- reading --- */

#define READ(members, node, what, value, error)                                                    \
  desk_json_read_members (members, G_N_ELEMENTS (members), node, what, value, error)

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
        return desk_json_refuse (error, desk_field_get_name (change->field),
                                 "given a value of its form");
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
      desk_json_refuse (error, "sha256", "64 hex digits in small letters");
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
      if (!desk_json_read_bool (node, info->name, &yes, error))
        return FALSE;
      *value = g_strdup (yes ? "yes" : "no");
      return TRUE;
    case DESK_PROPERTY_TYPE_INT:
      if (!desk_json_read_number (node, info->name, &number, error))
        return FALSE;
      *value = g_strdup_printf ("%" G_GINT64_FORMAT, number);
      return TRUE;
    case DESK_PROPERTY_TYPE_WORD:
    case DESK_PROPERTY_TYPE_TEXT:
    case DESK_PROPERTY_TYPE_SLUG:
    case DESK_PROPERTY_TYPE_PERSON:
      return desk_json_read_text (node, info->name, value, error);
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

/* --- as members of others --- */

static void
append_ticket (GString *text, gconstpointer ticket)
{
  desk_json_append_members (text, ticket_members, G_N_ELEMENTS (ticket_members), ticket);
}

static void
append_event (GString *text, gconstpointer event)
{
  desk_json_append_members (text, event_members, G_N_ELEMENTS (event_members), event);
}

static void
append_person (GString *text, gconstpointer person)
{
  desk_json_append_members (text, person_members, G_N_ELEMENTS (person_members), person);
}

static JsonNode *
write_uid (gconstpointer uid)
{
  return desk_json_write_text (uid);
}

static gpointer
read_uid (JsonNode *node, GError **error)
{
  g_autofree char *uid = NULL;

  if (!desk_json_read_text (node, "uid", &uid, error))
    return NULL;
  if (desk_uid_is_valid (uid))
    return g_steal_pointer (&uid);
  desk_json_refuse (error, "uid", "a UUID in small letters");
  return NULL;
}

static void
append_uid (GString *text, gconstpointer uid)
{
  desk_json_append_text (text, uid);
}

static gpointer
scan_ticket (DeskScan *scan, GError **error)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new (NULL);

  return desk_json_scan_members (scan, ticket_members, G_N_ELEMENTS (ticket_members), "ticket",
                                 ticket, error)
             ? g_steal_pointer (&ticket)
             : NULL;
}

static gpointer
scan_event (DeskScan *scan, GError **error)
{
  g_autoptr (DeskEvent) event = desk_event_new ();

  return desk_json_scan_members (scan, event_members, G_N_ELEMENTS (event_members), "event", event,
                                 error) &&
                 check_outcome (event, error)
             ? g_steal_pointer (&event)
             : NULL;
}

static gpointer
scan_person (DeskScan *scan, GError **error)
{
  g_autoptr (DeskPerson) person = desk_person_new (NULL, NULL, NULL, DESK_ROLE_REQUESTER);

  return desk_json_scan_members (scan, person_members, G_N_ELEMENTS (person_members), "person",
                                 person, error)
             ? g_steal_pointer (&person)
             : NULL;
}

static gpointer
scan_entry (DeskScan *scan, GError **error)
{
  return desk_json_scan_by_node (scan, &desk_form_entry, error);
}

static gpointer
scan_uid (DeskScan *scan, GError **error)
{
  g_autofree char *uid = desk_json_scan_text (scan);

  if (uid != NULL && desk_uid_is_valid (uid))
    return g_steal_pointer (&uid);
  desk_json_refuse (error, "uid", uid != NULL ? "a UUID in small letters" : "a text");
  return NULL;
}

#define FORM(type) (JsonNode * (*) (gconstpointer)) desk_##type##_to_json,                         \
                   (gpointer (*) (JsonNode *, GError **)) desk_##type##_from_json,                 \
                   (GDestroyNotify) desk_##type##_unref

const DeskForm desk_form_ticket = { FORM (ticket), append_ticket, scan_ticket };
const DeskForm desk_form_event = { FORM (event), append_event, scan_event };
const DeskForm desk_form_person = { FORM (person), append_person, scan_person };
const DeskForm desk_form_entry = { FORM (entry), NULL, scan_entry };
const DeskForm desk_form_uid = { write_uid, read_uid, g_free, append_uid, scan_uid };
