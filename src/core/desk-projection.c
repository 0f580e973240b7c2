/* SPDX-License-Identifier: GPL-3.0-or-later
 * The cut between what is public and what is internal. */
#include "desk-projection.h"

static gboolean
is_public_department (const char *slug, const DeskCatalogue *catalogue)
{
  const DeskEntry *department = desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, slug);

  return department != NULL && desk_entry_get_bool (department, DESK_PROPERTY_PUBLIC);
}

/* No department at all tells nothing. */
static gboolean
may_be_named (const char *slug, const DeskCatalogue *catalogue)
{
  return slug == NULL || is_public_department (slug, catalogue);
}

static gboolean
is_set (DeskProperty property, const DeskCatalogue *catalogue)
{
  return desk_entry_get_bool (desk_catalogue_get_desk (catalogue), property);
}

static gboolean
is_shown (DeskField field, const char *from, const char *to, const DeskCatalogue *catalogue)
{
  switch (desk_field_get_shown (field))
    {
    case DESK_FIELD_SHOWN_ALWAYS:
      return TRUE;
    case DESK_FIELD_SHOWN_IF_PUBLIC_DEPARTMENT:
      return may_be_named (from, catalogue) && may_be_named (to, catalogue);
    case DESK_FIELD_SHOWN_IF_SHOW_PRIORITY:
      return is_set (DESK_PROPERTY_SHOW_PRIORITY, catalogue);
    case DESK_FIELD_SHOWN_IF_SHOW_ASSIGNEE:
      return is_set (DESK_PROPERTY_SHOW_ASSIGNEE, catalogue);
    case DESK_FIELD_SHOWN_IF_SHOW_DUE:
      return is_set (DESK_PROPERTY_SHOW_DUE, catalogue);
    case DESK_FIELD_SHOWN_NEVER:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

DeskAudience
desk_field_get_audience (DeskField field,
                         const char *from,
                         const char *to,
                         const DeskCatalogue *catalogue)
{
  return is_shown (field, from, to, catalogue) ? DESK_AUDIENCE_PUBLIC : DESK_AUDIENCE_INTERNAL;
}

/* What a hidden field looks like: a private department as the desk's, a priority as normal, others
 * as none. */
static const char *
find_stand_in (DeskField field, const DeskCatalogue *catalogue)
{
  const char *department;

  switch (desk_field_get_field_type (field))
    {
    case DESK_FIELD_TYPE_PRIORITY:
      return desk_enum_get_nick (DESK_TYPE_PRIORITY, DESK_PRIORITY_NORMAL);
    case DESK_FIELD_TYPE_STATUS:
      return desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_OPEN);
    case DESK_FIELD_TYPE_SLUG:
      department = desk_entry_get (desk_catalogue_get_desk (catalogue), DESK_PROPERTY_DEPARTMENT);
      return field == DESK_FIELD_DEPARTMENT && is_public_department (department, catalogue)
                 ? department
                 : NULL;
    case DESK_FIELD_TYPE_TEXT:
    case DESK_FIELD_TYPE_PERSON:
    case DESK_FIELD_TYPE_INT:
      return NULL;
    }
  g_return_val_if_reached (NULL);
}

DeskTicket *
desk_ticket_project (const DeskTicket *ticket, const DeskCatalogue *catalogue)
{
  DeskTicket *projected = desk_ticket_copy (ticket);

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      /* Only the department's audience depends on its value. */
      const char *value = field == DESK_FIELD_DEPARTMENT ? ticket->department : NULL;

      if (!is_shown (field, NULL, value, catalogue))
        desk_ticket_set_field (projected, field, find_stand_in (field, catalogue));
    }
  projected->no = ticket->public_no;
  projected->updated_at = ticket->public_at;
  return projected;
}

/**
 * desk_event_project:
 * @event: an event of a ticket that its reader may see
 *
 * Settings and departments may have changed since: a change that would be internal now is left out.
 */
DeskEvent *
desk_event_project (const DeskEvent *event, const DeskCatalogue *catalogue)
{
  DeskEvent *projected;

  if (event->audience != DESK_AUDIENCE_PUBLIC)
    return NULL;

  projected = desk_event_copy (event);
  for (guint i = projected->changes->len; i > 0; i--)
    {
      const DeskChange *change = g_ptr_array_index (projected->changes, i - 1);

      if (!is_shown (change->field, change->from, change->to, catalogue))
        g_ptr_array_remove_index (projected->changes, i - 1);
    }
  projected->no = event->public_no;
  projected->via = DESK_VIA_APP;
  g_clear_pointer (&projected->device, g_free);
  g_clear_pointer (&projected->cause, g_free);
  return projected;
}

/* --- the catalogue --- */

static gboolean
is_entry_shown (const DeskEntry *entry, const DeskCatalogue *catalogue)
{
  switch (entry->kind)
    {
    case DESK_ENTRY_DESK:
    case DESK_ENTRY_TOPIC:
      return TRUE;
    case DESK_ENTRY_DEPARTMENT:
      return desk_entry_get_bool (entry, DESK_PROPERTY_PUBLIC);
    case DESK_ENTRY_SLA:
      return is_set (DESK_PROPERTY_SHOW_DUE, catalogue);
    case DESK_ENTRY_TEAM:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

/* A value goes with the field of a ticket that it would fill. */
static gboolean
is_property_shown (DeskProperty property, const char *value, const DeskCatalogue *catalogue)
{
  switch (property)
    {
    case DESK_PROPERTY_DEPARTMENT:
      return is_shown (DESK_FIELD_DEPARTMENT, NULL, value, catalogue);
    case DESK_PROPERTY_PRIORITY:
      return is_shown (DESK_FIELD_PRIORITY, NULL, value, catalogue);
    case DESK_PROPERTY_SLA:
      return is_shown (DESK_FIELD_SLA, NULL, value, catalogue);
    case DESK_PROPERTY_ASSIGNEE:
      return is_shown (DESK_FIELD_ASSIGNEE, NULL, value, catalogue);
    case DESK_PROPERTY_TEAM:
      return is_shown (DESK_FIELD_TEAM, NULL, value, catalogue);
    case DESK_PROPERTY_NUMBER_FORMAT:
    case DESK_PROPERTY_NUMBER_ORDER:
      return FALSE;
    case DESK_PROPERTY_PUBLIC:
    case DESK_PROPERTY_HOURS:
    case DESK_PROPERTY_REOPEN_DAYS:
    case DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES:
    case DESK_PROPERTY_REQUESTER_PRIORITY:
    case DESK_PROPERTY_SHOW_PRIORITY:
    case DESK_PROPERTY_SHOW_ASSIGNEE:
    case DESK_PROPERTY_SHOW_DUE:
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

DeskEntry *
desk_entry_project (const DeskEntry *entry, const DeskCatalogue *catalogue)
{
  DeskEntry *projected;

  if (!is_entry_shown (entry, catalogue))
    return NULL;
  projected = desk_entry_copy (entry);
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    if (!is_property_shown (property, entry->values[property], catalogue))
      desk_entry_set (projected, property, NULL);
  return projected;
}

DeskPerson *
desk_person_project (const DeskPerson *person)
{
  DeskPerson *projected = desk_person_new (person->uid, NULL, person->name, person->role);

  projected->removed = person->removed;
  projected->revision = person->revision;
  return projected;
}
