/* SPDX-License-Identifier: GPL-3.0-or-later
 * The facts of a ticket that menus set: who has it, where it is, how urgent it is. One table says
 * which there are, who may set them, and what is said afterwards. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-phrase.h"
#include "desk-wording.h"

/* The fields that are set by menus, and what is said afterwards. */
static const struct
{
  DeskField field;
  const char *action; /* in the group "fact" */
  DeskAction right;
  const char *set;     /* gets the new value */
  const char *emptied; /* NULL: it is never empty */
} fact_table[] = {
  { DESK_FIELD_PRIORITY, "priority", DESK_ACTION_SET, N_ ("Priority set to %s"), NULL },
  { DESK_FIELD_ASSIGNEE, "assignee", DESK_ACTION_ASSIGN, N_ ("Assigned to %s"),
    N_ ("Assigned to nobody") },
  { DESK_FIELD_TEAM, "team", DESK_ACTION_ASSIGN, N_ ("Assigned to the team %s"),
    N_ ("Assigned to no team") },
  { DESK_FIELD_DEPARTMENT, "department", DESK_ACTION_TRANSFER, N_ ("Moved to %s"), NULL },
  { DESK_FIELD_TOPIC, "topic", DESK_ACTION_SET, N_ ("Help topic set to %s"),
    N_ ("Help topic removed") },
  { DESK_FIELD_SLA, "sla", DESK_ACTION_SET, N_ ("SLA plan set to %s"), N_ ("SLA plan removed") },
};

static const char *
find_entry_label (DeskStore *store, DeskEntryKind kind, const char *slug)
{
  const DeskEntry *entry = desk_catalogue_find (desk_store_get_catalogue (store), kind, slug);

  return entry != NULL ? entry->label : slug;
}

static const char *
find_priority_label (const char *nick)
{
  int priority;

  return desk_enum_parse (DESK_TYPE_PRIORITY, nick, &priority) ? desk_wording_priority (priority)
                                                               : nick;
}

static const char *
find_agent_name (DeskStore *store, const char *uid)
{
  return desk_wording_person (desk_catalogue_find_agent (desk_store_get_catalogue (store), uid));
}

/* @value not NULL. */
static const char *
find_value_label (DeskStore *store, DeskField field, const char *value)
{
  if (field == DESK_FIELD_PRIORITY)
    return find_priority_label (value);
  if (field == DESK_FIELD_ASSIGNEE)
    return find_agent_name (store, value);
  if (field == DESK_FIELD_TEAM)
    return find_entry_label (store, DESK_ENTRY_TEAM, value);
  if (field == DESK_FIELD_DEPARTMENT)
    return find_entry_label (store, DESK_ENTRY_DEPARTMENT, value);
  if (field == DESK_FIELD_TOPIC)
    return find_entry_label (store, DESK_ENTRY_TOPIC, value);
  return find_entry_label (store, DESK_ENTRY_SLA, value);
}

static char *
word_change (DeskStore *store, guint fact, const char *value)
{
  if (value == NULL)
    return g_strdup (_ (fact_table[fact].emptied));
  return desk_phrase (_ (fact_table[fact].set),
                      find_value_label (store, fact_table[fact].field, value));
}

gboolean
desk_conversation_is_fact (DeskField field)
{
  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    if (fact_table[i].field == field)
      return TRUE;
  return FALSE;
}

/* --- setting them --- */

static void
set_fact (DeskConversation *self, guint fact, const char *value)
{
  DeskField field = fact_table[fact].field;
  DeskAfterOp after = { .can_undo = TRUE, .leaves = field == DESK_FIELD_DEPARTMENT };
  DeskOp *op;

  if (self->in == NULL || desk_ticket_field_equals (self->in->ticket, field, value))
    return;
  op = desk_store_new_op (self->store, self->in->ticket, DESK_KIND_CHANGE);
  desk_op_change (op, field, value);
  after.said = word_change (self->store, fact, value);
  desk_conversation_submit (self, op, after);
}

void
desk_conversation_set_fact (DeskConversation *self, DeskField field, const char *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    if (fact_table[i].field == field)
      set_fact (self, i, value);
}

static void
fact_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *name = g_action_get_name (G_ACTION (action));
  const char *value = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    if (g_strcmp0 (fact_table[i].action, name) == 0)
      set_fact (user_data, i, *value != '\0' ? value : NULL);
}

GSimpleActionGroup *
desk_conversation_make_facts (DeskConversation *self)
{
  GSimpleActionGroup *group = g_simple_action_group_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (
          fact_table[i].action, G_VARIANT_TYPE_STRING, g_variant_new_string (""));

      g_simple_action_set_enabled (action, FALSE);
      g_signal_connect_object (action, "activate", G_CALLBACK (fact_cb), self, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  return group;
}

void
desk_conversation_update_facts (DeskConversation *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->facts),
                                                    fact_table[i].action);
      g_autofree char *value = self->in != NULL
                                   ? desk_ticket_dup_field (self->in->ticket, fact_table[i].field)
                                   : NULL;

      g_simple_action_set_state (G_SIMPLE_ACTION (action),
                                 g_variant_new_string (value != NULL ? value : ""));
      g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                                   self->agent &&
                                       desk_conversation_can (self, fact_table[i].right));
    }
}
