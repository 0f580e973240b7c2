/* SPDX-License-Identifier: GPL-3.0-or-later
 * Menus of the conversation: assignee, priority, SLA plan, and More. Each is made when it is
 * opened, from the ticket and the catalogue as they are then. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-facts.h"
#include "desk-picker.h"
#include "desk-spoken.h"
#include "desk-wording.h"

/* --- a catalogue's entries to choose from --- */

typedef struct
{
  DeskEntryKind kind;
  DeskField field;
  const char *action; /* "fact.…" */
  const char *name;
  const char *nothing; /* the choice of none, NULL: there is always one */
} Choice;

static const Choice departments = { DESK_ENTRY_DEPARTMENT, DESK_FIELD_DEPARTMENT, "fact.department",
                                    N_ ("Department"), NULL };
static const Choice topics = { DESK_ENTRY_TOPIC, DESK_FIELD_TOPIC, "fact.topic", N_ ("Help topic"),
                               N_ ("No help topic") };
static const Choice teams = { DESK_ENTRY_TEAM, DESK_FIELD_TEAM, "fact.team", N_ ("Team"),
                              N_ ("No team") };
static const Choice plans = { DESK_ENTRY_SLA, DESK_FIELD_SLA, "fact.sla", N_ ("SLA plan"),
                              N_ ("No SLA plan") };

/* What is on offer, in order; removed entries are not. (element-type DeskEntry) (transfer
 * container) */
static GPtrArray *
list_entries (DeskConversation *self, DeskEntryKind kind)
{
  GPtrArray *all = desk_catalogue_get_entries (desk_store_get_catalogue (self->store), kind);
  GPtrArray *offered = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    if (!((const DeskEntry *) g_ptr_array_index (all, i))->removed)
      g_ptr_array_add (offered, g_ptr_array_index (all, i));
  return offered;
}

static void
append_choice (GMenu *menu, const char *label, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

static GMenu *
make_menu (const Choice *choice, GPtrArray *entries)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < entries->len; i++)
    {
      const DeskEntry *entry = g_ptr_array_index (entries, i);

      append_choice (menu, entry->label, choice->action, entry->slug);
    }
  if (choice->nothing != NULL)
    append_choice (menu, _ (choice->nothing), choice->action, "");
  return menu;
}

static GtkWidget *
make_picker (DeskConversation *self, const Choice *choice, GPtrArray *entries)
{
  GtkWidget *picker = desk_picker_new (_ (choice->name));
  g_autofree char *current = desk_ticket_dup_field (self->in->ticket, choice->field);

  for (guint i = 0; i < entries->len; i++)
    {
      const DeskEntry *entry = g_ptr_array_index (entries, i);

      desk_picker_add (DESK_PICKER (picker), entry->label, NULL, choice->action, entry->slug,
                       g_strcmp0 (entry->slug, current) == 0);
    }
  if (choice->nothing == NULL)
    return picker;
  desk_picker_add_section (DESK_PICKER (picker), NULL);
  desk_picker_add (DESK_PICKER (picker), _ (choice->nothing), NULL, choice->action, "",
                   current == NULL);
  return picker;
}

/* --- assignee --- */

typedef gboolean (*AgentFilter) (const DeskPerson *agent, const DeskTicket *ticket);

static gboolean
works_here (const DeskPerson *agent, const DeskTicket *ticket)
{
  return desk_person_works_in (agent, ticket->department);
}

static gboolean
works_elsewhere (const DeskPerson *agent, const DeskTicket *ticket)
{
  return !works_here (agent, ticket);
}

static void
add_agents (DeskConversation *self, DeskPicker *picker, const char *title, AgentFilter filter)
{
  GPtrArray *agents = desk_catalogue_get_agents (desk_store_get_catalogue (self->store));
  const DeskPerson *me = desk_store_get_me (self->store);
  const DeskTicket *ticket = self->in->ticket;

  desk_picker_add_section (picker, title);
  for (guint i = 0; i < agents->len; i++)
    {
      const DeskPerson *agent = g_ptr_array_index (agents, i);
      const char *name = desk_wording_person (agent);

      if (!agent->removed && g_strcmp0 (agent->uid, me->uid) != 0 && filter (agent, ticket))
        desk_picker_add (picker, name, name, "fact.assignee", agent->uid,
                         g_strcmp0 (agent->uid, ticket->assignee) == 0);
    }
}

static void
add_teams (DeskConversation *self, DeskPicker *picker)
{
  g_autoptr (GPtrArray) entries = list_entries (self, DESK_ENTRY_TEAM);

  desk_picker_add_section (picker, _ ("Teams"));
  for (guint i = 0; i < entries->len; i++)
    {
      const DeskEntry *team = g_ptr_array_index (entries, i);

      desk_picker_add (picker, team->label, NULL, "fact.team", team->slug,
                       g_strcmp0 (team->slug, self->in->ticket->team) == 0);
    }
}

static void
add_me (DeskConversation *self, DeskPicker *picker)
{
  const DeskPerson *me = desk_store_get_me (self->store);
  const char *assignee = self->in->ticket->assignee;
  gboolean mine = g_strcmp0 (assignee, me->uid) == 0;

  desk_picker_add (picker, mine ? _ ("You") : _ ("Take"), desk_wording_person (me), "fact.assignee",
                   me->uid, mine);
}

static GtkWidget *
make_assignee_picker (DeskConversation *self)
{
  GtkWidget *widget = desk_picker_new (_ ("Assignee"));
  DeskPicker *picker = DESK_PICKER (widget);
  const DeskEntry *department = desk_catalogue_find (
      desk_store_get_catalogue (self->store), DESK_ENTRY_DEPARTMENT, self->in->ticket->department);

  add_me (self, picker);
  add_agents (self, picker, department != NULL ? department->label : _ ("Department"), works_here);
  add_agents (self, picker, _ ("Others"), works_elsewhere);
  add_teams (self, picker);
  desk_picker_add_section (picker, NULL);
  desk_picker_add (picker, _ ("Nobody"), NULL, "fact.assignee", "",
                   self->in->ticket->assignee == NULL);
  return widget;
}

/* --- popovers that no button owns --- */

static gboolean
drop_popover_cb (gpointer user_data)
{
  GtkWidget *popover = user_data;

  if (gtk_widget_get_parent (popover) != NULL)
    gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

/* Not while it is still closing. */
static void
popover_closed_cb (GtkPopover *popover, DeskConversation *self)
{
  if (self->popover == GTK_WIDGET (popover))
    self->popover = NULL;
  g_idle_add_full (G_PRIORITY_DEFAULT, drop_popover_cb, g_object_ref (popover), g_object_unref);
}

static void
give_focus_back_cb (GtkPopover *popover, GtkWidget *before)
{
  g_signal_handlers_disconnect_by_func (popover, give_focus_back_cb, before);
  if (gtk_widget_get_mapped (before))
    gtk_widget_grab_focus (before);
}

/* Keys lead to these from anywhere; the keyboard is there again when they close. */
static void
give_focus_back (GtkPopover *popover, GtkWidget *before)
{
  if (before != NULL)
    g_signal_connect_object (popover, "closed", G_CALLBACK (give_focus_back_cb), before, 0);
}

static GtkWidget *
get_focus (DeskConversation *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

static void
popup_button (DeskConversation *self, GtkMenuButton *button)
{
  GtkWidget *before = get_focus (self);

  gtk_menu_button_popup (button);
  if (gtk_menu_button_get_popover (button) != NULL)
    give_focus_back (gtk_menu_button_get_popover (button), before);
}

/* Under the button that would lead there, as far as it is shown. */
static void
popup_at (DeskConversation *self, GtkWidget *anchor, GtkWidget *popover)
{
  graphene_rect_t bounds;

  give_focus_back (GTK_POPOVER (popover), get_focus (self));

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  self->popover = popover;
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  if (gtk_widget_compute_bounds (anchor, GTK_WIDGET (self), &bounds))
    gtk_popover_set_pointing_to (
        GTK_POPOVER (popover),
        &(GdkRectangle){ bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height });
  g_signal_connect (popover, "closed", G_CALLBACK (popover_closed_cb), self);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
choose (DeskConversation *self, const Choice *choice)
{
  g_autoptr (GPtrArray) entries = list_entries (self, choice->kind);

  popup_at (self, self->more, make_picker (self, choice, entries));
}

void
desk_conversation_choose_department (DeskConversation *self)
{
  choose (self, &departments);
}

void
desk_conversation_choose_topic (DeskConversation *self)
{
  choose (self, &topics);
}

void
desk_conversation_choose_team (DeskConversation *self)
{
  choose (self, &teams);
}

void
desk_conversation_choose_sla (DeskConversation *self)
{
  DeskPill *due = desk_ticket_head_get_due (self->head);

  if (gtk_widget_get_mapped (GTK_WIDGET (due)) && desk_pill_get_button (due) != NULL)
    popup_button (self, desk_pill_get_button (due));
  else
    choose (self, &plans);
}

void
desk_conversation_choose_assignee (DeskConversation *self)
{
  if (gtk_widget_get_visible (self->assignee))
    popup_button (self, GTK_MENU_BUTTON (self->assignee));
  else
    popup_at (self, self->more, make_assignee_picker (self));
}

void
desk_conversation_show_details (DeskConversation *self)
{
  popup_at (self, self->more,
            desk_facts_new (self->in, desk_store_get_catalogue (self->store), self->agent,
                            desk_conversation_get_now ()));
}

/* --- what buttons open --- */

static void
set_model (GtkMenuButton *button, GMenu *menu)
{
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
  g_object_unref (menu);
}

static void
open_assignee_cb (GtkMenuButton *button, gpointer user_data)
{
  DeskConversation *self = user_data;

  if (self->in != NULL)
    gtk_menu_button_set_popover (button, make_assignee_picker (self));
}

static void
open_priority_cb (GtkMenuButton *button, gpointer user_data)
{
  GMenu *menu = g_menu_new ();

  for (DeskPriority priority = DESK_N_PRIORITIES; priority-- > 0;)
    append_choice (menu, desk_wording_priority (priority), "fact.priority",
                   desk_enum_get_nick (DESK_TYPE_PRIORITY, priority));
  set_model (button, menu);
}

static void
open_sla_cb (GtkMenuButton *button, gpointer user_data)
{
  DeskConversation *self = user_data;
  g_autoptr (GPtrArray) entries = NULL;

  if (self->in == NULL)
    return;
  entries = list_entries (self, DESK_ENTRY_SLA);
  if (entries->len > DESK_PICKER_FILTER_FROM)
    gtk_menu_button_set_popover (button, make_picker (self, &plans, entries));
  else
    set_model (button, make_menu (&plans, entries));
}

/* A submenu, or for long lists an item that opens a popover with a filter. */
static void
append_entries (DeskConversation *self, GMenu *menu, const Choice *choice, const char *chooser)
{
  g_autoptr (GPtrArray) entries = list_entries (self, choice->kind);
  g_autoptr (GMenu) submenu = NULL;
  g_autofree char *label = NULL;

  if (entries->len == 0)
    return;
  if (entries->len > DESK_PICKER_FILTER_FROM)
    {
      /* Translators: an item that opens a list, such as “Department…” */
      label = g_strdup_printf (_ ("%s…"), _ (choice->name));
      g_menu_append (menu, label, chooser);
      return;
    }
  submenu = make_menu (choice, entries);
  g_menu_append_submenu (menu, _ (choice->name), G_MENU_MODEL (submenu));
}

static void
append_section (GMenu *menu, GMenu *section)
{
  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_object_unref (section);
}

static void
append_if (
    DeskConversation *self, GMenu *menu, gboolean possible, const char *label, const char *action)
{
  if (possible)
    g_menu_append (menu, label, action);
}

/* What has no room in the narrow header bar. */
static GMenu *
make_compact_section (DeskConversation *self)
{
  GMenu *menu = g_menu_new ();

  if (!self->agent || !self->compact)
    return menu;
  append_if (self, menu, desk_conversation_can (self, DESK_ACTION_CLAIM), _ ("Take"),
             "ticket.claim");
  append_if (self, menu, desk_conversation_can (self, DESK_ACTION_ASSIGN), _ ("Assign…"),
             "ticket.assign");
  append_if (self, menu, desk_conversation_can (self, DESK_ACTION_WAIT), _ ("Wait"), "ticket.wait");
  return menu;
}

static GMenu *
make_facts_section (DeskConversation *self)
{
  GMenu *menu = g_menu_new ();

  if (self->agent && desk_conversation_can (self, DESK_ACTION_TRANSFER))
    append_entries (self, menu, &departments, "ticket.transfer");
  if (self->agent && desk_conversation_can (self, DESK_ACTION_SET))
    append_entries (self, menu, &topics, "ticket.topic");
  if (self->agent && desk_conversation_can (self, DESK_ACTION_ASSIGN))
    append_entries (self, menu, &teams, "ticket.team");
  return menu;
}

static GMenu *
make_status_section (DeskConversation *self)
{
  GMenu *menu = g_menu_new ();

  if (!self->agent)
    {
      append_if (self, menu, desk_conversation_can (self, DESK_ACTION_WITHDRAW), _ ("Withdraw…"),
                 "ticket.close");
      return menu;
    }
  append_if (self, menu, desk_conversation_can (self, DESK_ACTION_CONFIRM), _ ("This solved it"),
             "ticket.confirm");
  append_if (self, menu, desk_conversation_can (self, DESK_ACTION_REOPEN), _ ("Reopen"),
             "ticket.reopen");
  append_if (self, menu, desk_conversation_can (self, DESK_ACTION_CLOSE), _ ("Close…"),
             "ticket.close");
  return menu;
}

static void
open_more_cb (GtkMenuButton *button, gpointer user_data)
{
  DeskConversation *self = user_data;
  GMenu *menu = g_menu_new ();
  GMenu *details = g_menu_new ();

  append_section (menu, make_compact_section (self));
  append_section (menu, make_facts_section (self));
  append_section (menu, make_status_section (self));
  g_menu_append (details, _ ("Details"), "ticket.details");
  append_section (menu, details);
  set_model (button, menu);
}

void
desk_conversation_install_menus (DeskConversation *self)
{
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->assignee), open_assignee_cb, self,
                                         NULL);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->more), open_more_cb, self, NULL);
  desk_spoken_menu_button (GTK_MENU_BUTTON (self->more), _ ("More"), "");
}

/* Pills are menus for those who may change what they say. */
void
desk_conversation_update_menus (DeskConversation *self)
{
  gboolean may_set = self->agent && desk_conversation_can (self, DESK_ACTION_SET);

  gtk_widget_set_sensitive (self->assignee, desk_conversation_can (self, DESK_ACTION_ASSIGN));
  desk_pill_set_menu (desk_ticket_head_get_priority (self->head), _ ("Priority"),
                      may_set ? open_priority_cb : NULL, self);
  desk_pill_set_menu (desk_ticket_head_get_due (self->head), _ ("SLA plan"),
                      may_set ? open_sla_cb : NULL, self);
}
