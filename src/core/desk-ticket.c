/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of a ticket's fields, and everything that follows from it. */
#include "desk-ticket.h"

#include <string.h>

#include "desk-text.h"

#define PERSON_UID_MAX_BYTES 64

typedef struct
{
  const char *name;
  DeskFieldType type;
  DeskFieldShown shown;
  gsize offset;
} FieldInfo;

#define FIELD(member, kind, audience)                                                              \
  {                                                                                                \
#member, DESK_FIELD_TYPE_##kind, DESK_FIELD_SHOWN_##audience,                                  \
        G_STRUCT_OFFSET(DeskTicket, member)                                                        \
  }

static const FieldInfo fields[DESK_N_FIELDS] = {
  [DESK_FIELD_NUMBER] = FIELD (number, TEXT, ALWAYS),
  [DESK_FIELD_SUMMARY] = FIELD (summary, TEXT, ALWAYS),
  [DESK_FIELD_REQUESTER] = FIELD (requester, PERSON, ALWAYS),
  [DESK_FIELD_TOPIC] = FIELD (topic, SLUG, ALWAYS),
  [DESK_FIELD_STATUS] = FIELD (status, STATUS, ALWAYS),
  [DESK_FIELD_DEPARTMENT] = FIELD (department, SLUG, IF_PUBLIC_DEPARTMENT),
  [DESK_FIELD_TEAM] = FIELD (team, SLUG, NEVER),
  [DESK_FIELD_ASSIGNEE] = FIELD (assignee, PERSON, IF_SHOW_ASSIGNEE),
  [DESK_FIELD_PRIORITY] = FIELD (priority, PRIORITY, IF_SHOW_PRIORITY),
  [DESK_FIELD_SLA] = FIELD (sla, SLUG, IF_SHOW_DUE),
  [DESK_FIELD_DUE_AT] = FIELD (due_at, INT, IF_SHOW_DUE),
  [DESK_FIELD_TARGET_SECS] = FIELD (target_secs, INT, IF_SHOW_DUE),
  [DESK_FIELD_SPENT_SECS] = FIELD (spent_secs, INT, IF_SHOW_DUE),
  [DESK_FIELD_RUNNING_SINCE] = FIELD (running_since, INT, IF_SHOW_DUE),
  [DESK_FIELD_RESOLUTION] = FIELD (resolution, TEXT, ALWAYS),
  [DESK_FIELD_STEPS] = FIELD (steps, TEXT, ALWAYS),
  [DESK_FIELD_RECOMMENDATIONS] = FIELD (recommendations, TEXT, ALWAYS),
  [DESK_FIELD_RESOLVED_AT] = FIELD (resolved_at, INT, ALWAYS),
  [DESK_FIELD_CLOSED_AT] = FIELD (closed_at, INT, ALWAYS),
};

static const struct
{
  const char *name;
  gsize offset;
} counters[] = {
  { "no", G_STRUCT_OFFSET (DeskTicket, no) },
  { "public_no", G_STRUCT_OFFSET (DeskTicket, public_no) },
  { "created_at", G_STRUCT_OFFSET (DeskTicket, created_at) },
  { "updated_at", G_STRUCT_OFFSET (DeskTicket, updated_at) },
  { "public_at", G_STRUCT_OFFSET (DeskTicket, public_at) },
};

G_DEFINE_BOXED_TYPE (DeskTicket, desk_ticket, desk_ticket_ref, desk_ticket_unref)

static char **
text_member (const DeskTicket *self, DeskField field)
{
  return &G_STRUCT_MEMBER (char *, self, fields[field].offset);
}

static gint64 *
int_member (const DeskTicket *self, DeskField field)
{
  return &G_STRUCT_MEMBER (gint64, self, fields[field].offset);
}

static void
replace_text (char **member, const char *value)
{
  char *copy = g_strdup (value);

  g_free (*member);
  *member = copy;
}

/* Reads decimal digits without a sign or leading zeros: the one form in which a number is written.
 */
static gboolean
parse_positive (const char *text, gint64 *value)
{
  guint64 parsed;

  if (*text < '1' || *text > '9')
    return FALSE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &parsed, NULL))
    return FALSE;
  *value = (gint64) parsed;
  return TRUE;
}

static gboolean
is_person_uid (const char *text)
{
  gsize length = 0;

  for (; text[length] != '\0'; length++)
    if (length == PERSON_UID_MAX_BYTES || !g_ascii_isgraph (text[length]))
      return FALSE;
  return length > 0;
}

DeskTicket *
desk_ticket_new (const char *uid)
{
  DeskTicket *self = g_new0 (DeskTicket, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->uid = g_strdup (uid);
  self->status = DESK_STATUS_OPEN;
  self->priority = DESK_PRIORITY_NORMAL;
  return self;
}

static gboolean
is_text (DeskField field)
{
  DeskFieldType type = fields[field].type;

  return type == DESK_FIELD_TYPE_TEXT || type == DESK_FIELD_TYPE_SLUG ||
         type == DESK_FIELD_TYPE_PERSON;
}

DeskTicket *
desk_ticket_copy (const DeskTicket *self)
{
  DeskTicket *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  g_atomic_ref_count_init (&copy->ref_count);
  copy->uid = g_strdup (self->uid);
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (is_text (field))
      *text_member (copy, field) = g_strdup (*text_member (self, field));
  return copy;
}

DeskTicket *
desk_ticket_ref (DeskTicket *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
desk_ticket_unref (DeskTicket *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (is_text (field))
      g_free (*text_member (self, field));
  g_free (self->uid);
  g_free (self);
}

const char *
desk_field_get_name (DeskField field)
{
  g_return_val_if_fail ((guint) field < DESK_N_FIELDS, NULL);
  return fields[field].name;
}

DeskFieldType
desk_field_get_field_type (DeskField field)
{
  g_return_val_if_fail ((guint) field < DESK_N_FIELDS, DESK_FIELD_TYPE_TEXT);
  return fields[field].type;
}

DeskFieldShown
desk_field_get_shown (DeskField field)
{
  g_return_val_if_fail ((guint) field < DESK_N_FIELDS, DESK_FIELD_SHOWN_NEVER);
  return fields[field].shown;
}

gboolean
desk_field_parse (const char *name, DeskField *field)
{
  if (name == NULL)
    return FALSE;
  for (DeskField i = 0; i < DESK_N_FIELDS; i++)
    if (strcmp (fields[i].name, name) == 0)
      {
        *field = i;
        return TRUE;
      }
  return FALSE;
}

char *
desk_ticket_dup_field (const DeskTicket *self, DeskField field)
{
  gint64 number;

  g_return_val_if_fail ((guint) field < DESK_N_FIELDS, NULL);

  switch (fields[field].type)
    {
    case DESK_FIELD_TYPE_TEXT:
    case DESK_FIELD_TYPE_SLUG:
    case DESK_FIELD_TYPE_PERSON:
      return g_strdup (*text_member (self, field));
    case DESK_FIELD_TYPE_STATUS:
      return g_strdup (desk_enum_get_nick (DESK_TYPE_STATUS, (int) self->status));
    case DESK_FIELD_TYPE_PRIORITY:
      return g_strdup (desk_enum_get_nick (DESK_TYPE_PRIORITY, (int) self->priority));
    case DESK_FIELD_TYPE_INT:
      number = *int_member (self, field);
      return number != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;
    }
  g_return_val_if_reached (NULL);
}

gboolean
desk_ticket_field_equals (const DeskTicket *self, DeskField field, const char *value)
{
  gint64 number = 0;

  g_return_val_if_fail ((guint) field < DESK_N_FIELDS, FALSE);

  switch (fields[field].type)
    {
    case DESK_FIELD_TYPE_TEXT:
    case DESK_FIELD_TYPE_SLUG:
    case DESK_FIELD_TYPE_PERSON:
      return g_strcmp0 (*text_member (self, field), value) == 0;
    case DESK_FIELD_TYPE_STATUS:
      return g_strcmp0 (desk_enum_get_nick (DESK_TYPE_STATUS, (int) self->status), value) == 0;
    case DESK_FIELD_TYPE_PRIORITY:
      return g_strcmp0 (desk_enum_get_nick (DESK_TYPE_PRIORITY, (int) self->priority), value) == 0;
    case DESK_FIELD_TYPE_INT:
      if (value != NULL && !parse_positive (value, &number))
        return FALSE;
      return *int_member (self, field) == number;
    }
  g_return_val_if_reached (FALSE);
}

/**
 * desk_ticket_set_field:
 * @self: a ticket that is not shared yet
 * @value: (nullable): the canonical form; an empty text is none
 *
 * Status and priority always have a value.
 */
gboolean
desk_ticket_set_field (DeskTicket *self, DeskField field, const char *value)
{
  gint64 number = 0;
  int word;

  g_return_val_if_fail ((guint) field < DESK_N_FIELDS, FALSE);

  switch (fields[field].type)
    {
    case DESK_FIELD_TYPE_TEXT:
      if (value != NULL && !g_utf8_validate (value, -1, NULL))
        return FALSE;
      replace_text (text_member (self, field), value != NULL && *value != '\0' ? value : NULL);
      return TRUE;
    case DESK_FIELD_TYPE_SLUG:
      if (value != NULL && !desk_slug_is_valid (value))
        return FALSE;
      replace_text (text_member (self, field), value);
      return TRUE;
    case DESK_FIELD_TYPE_PERSON:
      if (value != NULL && !is_person_uid (value))
        return FALSE;
      replace_text (text_member (self, field), value);
      return TRUE;
    case DESK_FIELD_TYPE_STATUS:
      if (!desk_enum_parse (DESK_TYPE_STATUS, value, &word))
        return FALSE;
      self->status = (DeskStatus) word;
      return TRUE;
    case DESK_FIELD_TYPE_PRIORITY:
      if (!desk_enum_parse (DESK_TYPE_PRIORITY, value, &word))
        return FALSE;
      self->priority = (DeskPriority) word;
      return TRUE;
    case DESK_FIELD_TYPE_INT:
      if (value != NULL && !parse_positive (value, &number))
        return FALSE;
      *int_member (self, field) = number;
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
fields_are_equal (const DeskTicket *a, const DeskTicket *b, DeskField field)
{
  switch (fields[field].type)
    {
    case DESK_FIELD_TYPE_TEXT:
    case DESK_FIELD_TYPE_SLUG:
    case DESK_FIELD_TYPE_PERSON:
      return g_strcmp0 (*text_member (a, field), *text_member (b, field)) == 0;
    case DESK_FIELD_TYPE_STATUS:
      return a->status == b->status;
    case DESK_FIELD_TYPE_PRIORITY:
      return a->priority == b->priority;
    case DESK_FIELD_TYPE_INT:
      return *int_member (a, field) == *int_member (b, field);
    }
  g_return_val_if_reached (FALSE);
}

const char *
desk_ticket_compare (const DeskTicket *a, const DeskTicket *b)
{
  if (g_strcmp0 (a->uid, b->uid) != 0)
    return "uid";
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (!fields_are_equal (a, b, field))
      return fields[field].name;
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    if (G_STRUCT_MEMBER (gint64, a, counters[i].offset) !=
        G_STRUCT_MEMBER (gint64, b, counters[i].offset))
      return counters[i].name;
  return NULL;
}
