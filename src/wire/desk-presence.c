/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is looking at or answering a ticket, as JSON. */
#include "desk-presence.h"

#include "desk-json-members.h"

G_DEFINE_ENUM_TYPE (DeskPresence,
                    desk_presence,
                    G_DEFINE_ENUM_VALUE (DESK_PRESENCE_LOOKING, "looking"),
                    G_DEFINE_ENUM_VALUE (DESK_PRESENCE_ANSWERING, "answering"))

#define WRITE(members, value)                                                                      \
  desk_json_take_object (desk_json_write_members (members, G_N_ELEMENTS (members), value))
#define READ(members, node, what, value, error)                                                    \
  desk_json_read_members (members, G_N_ELEMENTS (members), node, what, value, error)

DeskPresent *
desk_present_new (const char *ticket, const char *person, DeskPresence state)
{
  DeskPresent *self = g_new0 (DeskPresent, 1);

  self->ticket = g_strdup (ticket);
  self->person = g_strdup (person);
  self->state = state;
  return self;
}

void
desk_present_free (DeskPresent *self)
{
  if (self == NULL)
    return;
  g_free (self->ticket);
  g_free (self->person);
  g_free (self);
}

GPtrArray *
desk_presence_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) desk_present_free);
}

static const DeskMember present_members[] = {
  { MEMBER (DeskPresent, UID, ticket), TRUE },
  { MEMBER (DeskPresent, UID, person) },
  { MEMBER (DeskPresent, NICK, state), TRUE, desk_presence_get_type },
};

static JsonNode *
write_present (gconstpointer value)
{
  return WRITE (present_members, value);
}

static gpointer
read_present (JsonNode *node, GError **error)
{
  g_autoptr (DeskPresent) present = desk_present_new (NULL, NULL, DESK_PRESENCE_LOOKING);

  return READ (present_members, node, "presence", present, error) ? g_steal_pointer (&present)
                                                                  : NULL;
}

static const DeskForm present_form = { write_present, read_present,
                                       (GDestroyNotify) desk_present_free, NULL };

typedef struct
{
  GPtrArray *present;
} List;

static const DeskMember list_members[] = {
  { MEMBER (List, LIST, present), TRUE, NULL, &present_form },
};

JsonNode *
desk_presence_to_json (GPtrArray *present)
{
  List list = { present };

  return WRITE (list_members, &list);
}

GPtrArray *
desk_presence_from_json (JsonNode *node, GError **error)
{
  List list = { NULL };

  if (READ (list_members, node, "presence", &list, error))
    return list.present;
  g_clear_pointer (&list.present, g_ptr_array_unref);
  return NULL;
}
