/* SPDX-License-Identifier: GPL-3.0-or-later
 * The list and the conversation side by side. */
#include "desk-ticket-panes.h"

#include "desk-settings.h"

/* Holding an arrow key down runs past tickets without opening each. */
#define RUNNING_MS 150

struct _DeskTicketPanes
{
  GtkWidget parent_instance;

  AdwLeaflet *leaflet;
  GtkWidget *list_place;
  DeskConversation *conversation;
  GMenuModel *ticket_menu;
  DeskListPane *list;
  GtkWidget *menu; /* the context menu, while it is open */
  GtkWidget *used; /* the pane that had the focus last, or NULL */

  gboolean for_requester;
  GSettings *settings; /* or NULL */
  gint64 opened_at;    /* monotonic */
  guint open_source;
  gboolean is_waiting; /* for room, to open what is selected */

  /* What is done as soon as the selected ticket is open, and its actions know what is possible. */
  const char *next_action; /* interned, or NULL */
  gboolean opens_menu;
  GdkRectangle menu_place; /* in the conversation */
  guint next_source;
};

enum
{
  PROP_FOR_REQUESTER = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DeskTicketPanes, desk_ticket_panes, GTK_TYPE_WIDGET)

/* --- keys --- */

typedef struct
{
  const char *trigger;
  const char *action;
  const char *target; /* a string, or NULL */
} Key;

/* None of them means something where text is edited. */
static const Key ticket_keys[] = {
  { "<Control>r", "ticket.reply", NULL },
  { "<Control><Shift>n", "ticket.note", NULL },
  { "<Control>t", "ticket.claim", NULL },
  { "<Control><Shift>t", "ticket.assign", NULL },
  { "<Control>d", "ticket.transfer", NULL },
  { "<Control>l", "ticket.sla", NULL },
  { "<Alt>1", "ticket.priority", "low" },
  { "<Alt>2", "ticket.priority", "normal" },
  { "<Alt>3", "ticket.priority", "high" },
  { "<Alt>4", "ticket.priority", "urgent" },
  { "<Control><Shift>p", "ticket.wait", NULL },
  { "<Control>e", "ticket.resolve", NULL },
  { "<Control>i", "ticket.details", NULL },
  { "<Control><Shift>e", "ticket.close", NULL },
  { "<Control><Shift>r", "ticket.reopen", NULL },
  { "<Control><Shift>y", "ticket.confirm", NULL },
};

static const Key pane_keys[] = {
  { "<Control>f", "panes.search", NULL },       { "<Alt>Up", "panes.previous", NULL },
  { "<Alt>Down", "panes.next", NULL },          { "<Control>Page_Up", "panes.previous", NULL },
  { "<Control>Page_Down", "panes.next", NULL },
};

static void
add_keys (GtkWidget *widget, const Key *keys, guint n_keys)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  /* Also while the focus is in another pane. */
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  for (guint i = 0; i < n_keys; i++)
    {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                                                gtk_named_action_new (keys[i].action));

      if (keys[i].target != NULL)
        gtk_shortcut_set_arguments (shortcut, g_variant_new_string (keys[i].target));
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }
  gtk_widget_add_controller (widget, controller);
}

/* --- what is open --- */

static gboolean
shows_only_list (DeskTicketPanes *self)
{
  return adw_leaflet_get_folded (self->leaflet) &&
         adw_leaflet_get_visible_child (self->leaflet) != GTK_WIDGET (self->conversation);
}

static void
open_selected (DeskTicketPanes *self)
{
  const DeskRow *row = desk_list_pane_get_row (self->list);

  g_clear_handle_id (&self->open_source, g_source_remove);
  self->is_waiting = FALSE;
  self->opened_at = g_get_monotonic_time ();
  if (row != NULL)
    desk_conversation_open (self->conversation, row->uid);
}

static gboolean
open_cb (gpointer data)
{
  DeskTicketPanes *self = data;

  if (desk_list_pane_get_row (self->list) == NULL)
    return G_SOURCE_CONTINUE; /* it is on its way */
  self->open_source = 0;
  open_selected (self);
  return G_SOURCE_REMOVE;
}

static void
open_soon (DeskTicketPanes *self)
{
  gint64 since_ms = (g_get_monotonic_time () - self->opened_at) / 1000;
  gboolean is_there = desk_list_pane_get_row (self->list) != NULL;

  g_clear_handle_id (&self->open_source, g_source_remove);
  if (is_there && since_ms >= RUNNING_MS)
    open_selected (self);
  else
    self->open_source = g_timeout_add (RUNNING_MS, open_cb, self);
}

/* What nobody sees is not opened: it would count as read. */
static void
selected_cb (DeskTicketPanes *self)
{
  self->next_action = NULL;
  self->opens_menu = FALSE;
  if (shows_only_list (self))
    self->is_waiting = TRUE;
  else
    open_soon (self);
}

static void
opened_cb (DeskTicketPanes *self, gboolean by_keyboard)
{
  open_selected (self);
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
  if (by_keyboard)
    gtk_widget_child_focus (GTK_WIDGET (self->conversation), GTK_DIR_TAB_FORWARD);
}

static void do_next (DeskTicketPanes *self);

/* The conversation may have been told by somebody else. */
static void
ticket_cb (DeskTicketPanes *self)
{
  const DeskRow *row = desk_list_pane_get_row (self->list);
  g_autofree char *uid = NULL;

  g_object_get (self->conversation, "ticket", &uid, NULL);
  if (uid != NULL && self->open_source == 0 && (row == NULL || g_strcmp0 (row->uid, uid) != 0))
    desk_list_pane_mark (self->list, uid);
  do_next (self);
}

static void
show_nothing (DeskTicketPanes *self)
{
  desk_conversation_open (self->conversation, NULL);
  desk_list_pane_mark (self->list, NULL);
  desk_ticket_panes_back (self);
}

/* A requester's tickets stay in their list; an agent goes on to the next. */
static void
left_cb (DeskTicketPanes *self, const char *uid)
{
  DeskAfterSending after = desk_settings_get_after_sending (self->settings);

  if (self->for_requester || after == DESK_AFTER_SENDING_STAY)
    return;
  if (after == DESK_AFTER_SENDING_LIST || !desk_list_pane_select_after (self->list, uid))
    show_nothing (self);
}

/* --- folding --- */

static void
show_fold (DeskTicketPanes *self)
{
  gboolean is_folded = adw_leaflet_get_folded (self->leaflet);

  g_object_set (self->list, "show-window-buttons", is_folded, NULL);
  g_object_set (self->conversation, "show-back", is_folded, NULL);
}

static void
folded_cb (DeskTicketPanes *self)
{
  show_fold (self);
  if (self->is_waiting && !shows_only_list (self))
    open_selected (self);
}

/* Side by side, the pane in use is the one that stays when there is room for one only. */
static void
focused_cb (GtkEventController *controller, DeskTicketPanes *self)
{
  GtkWidget *pane = gtk_event_controller_get_widget (controller);

  if (pane == self->used)
    return; /* the window has become active */
  self->used = pane;
  if (!adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child (self->leaflet, pane);
}

static void
visible_child_cb (DeskTicketPanes *self)
{
  if (self->is_waiting && !shows_only_list (self))
    open_selected (self);
}

/* --- actions --- */

static void
menu_closed_cb (DeskTicketPanes *self)
{
  desk_list_pane_focus (self->list);
}

/* Its items are there only when it knows its actions, and so is its size. */
static gboolean
present_menu_cb (gpointer menu)
{
  gtk_widget_queue_resize (menu);
  if (gtk_widget_get_mapped (menu))
    gtk_popover_present (menu);
  return G_SOURCE_REMOVE;
}

/* The menu belongs to the conversation, whose actions know what is possible. */
static void
open_menu (DeskTicketPanes *self)
{
  if (self->menu == NULL)
    {
      self->menu = gtk_popover_menu_new_from_model (self->ticket_menu);
      gtk_widget_set_parent (self->menu, GTK_WIDGET (self->conversation));
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      g_signal_connect_swapped (self->menu, "closed", G_CALLBACK (menu_closed_cb), self);
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &self->menu_place);
  gtk_popover_popup (GTK_POPOVER (self->menu));
  g_idle_add_full (G_PRIORITY_LOW, present_menu_cb, g_object_ref (self->menu), g_object_unref);
}

static gboolean
do_next_cb (gpointer data)
{
  DeskTicketPanes *self = data;
  const char *action = g_steal_pointer (&self->next_action);
  gboolean opens_menu = self->opens_menu;

  self->next_source = 0;
  self->opens_menu = FALSE;
  if (action != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->conversation), action, NULL);
  if (opens_menu)
    open_menu (self);
  return G_SOURCE_REMOVE;
}

static gboolean
is_selected_open (DeskTicketPanes *self)
{
  const DeskRow *row = desk_list_pane_get_row (self->list);
  g_autofree char *uid = NULL;

  g_object_get (self->conversation, "ticket", &uid, NULL);
  return row != NULL && g_strcmp0 (row->uid, uid) == 0;
}

static void
do_next (DeskTicketPanes *self)
{
  if ((self->next_action == NULL && !self->opens_menu) || self->next_source != 0 ||
      !is_selected_open (self))
    return;
  self->next_source = g_idle_add_full (G_PRIORITY_DEFAULT, do_next_cb, self, NULL);
}

static void
command_cb (DeskTicketPanes *self, const char *action)
{
  self->next_action = g_intern_string (action);
  if (self->open_source != 0 || self->is_waiting)
    open_selected (self);
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
  do_next (self);
}

/* In one pane the ticket has a menu of its own, one step away. */
static void
menu_cb (DeskTicketPanes *self, double x, double y)
{
  double there_x;
  double there_y;

  if (adw_leaflet_get_folded (self->leaflet) ||
      !gtk_widget_translate_coordinates (GTK_WIDGET (self->list), GTK_WIDGET (self->conversation),
                                         x, y, &there_x, &there_y))
    return;
  self->opens_menu = TRUE;
  self->menu_place = (GdkRectangle){ (int) there_x, (int) there_y, 1, 1 };
  if (self->open_source != 0)
    open_selected (self);
  do_next (self);
}

static void
search (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskTicketPanes *self = DESK_TICKET_PANES (widget);

  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  desk_list_pane_search (self->list);
}

static void
select_next (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_list_pane_move (DESK_TICKET_PANES (widget)->list, 1);
}

static void
select_previous (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_list_pane_move (DESK_TICKET_PANES (widget)->list, -1);
}

static void
go_back (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_ticket_panes_back (DESK_TICKET_PANES (widget));
}

static void
settings_changed_cb (DeskTicketPanes *self)
{
  gboolean has_letters = desk_settings_get_single_letter_keys (self->settings);

  desk_list_pane_set_letters (self->list, has_letters);
  desk_conversation_set_letters (self->conversation, has_letters);
}

/* --- widget --- */

static void
desk_ticket_panes_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  DeskTicketPanes *self = DESK_TICKET_PANES (object);

  switch (prop_id)
    {
    case PROP_FOR_REQUESTER:
      self->for_requester = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
desk_ticket_panes_constructed (GObject *object)
{
  DeskTicketPanes *self = DESK_TICKET_PANES (object);

  G_OBJECT_CLASS (desk_ticket_panes_parent_class)->constructed (object);
  self->list = g_object_new (DESK_TYPE_LIST_PANE, "for-requester", self->for_requester, NULL);
  gtk_box_append (GTK_BOX (self->list_place), GTK_WIDGET (self->list));
  gtk_widget_set_hexpand_set (self->list_place, TRUE);
  g_signal_connect_swapped (self->list, "selected", G_CALLBACK (selected_cb), self);
  g_signal_connect_swapped (self->list, "opened", G_CALLBACK (opened_cb), self);
  g_signal_connect_swapped (self->list, "command", G_CALLBACK (command_cb), self);
  g_signal_connect_swapped (self->list, "menu", G_CALLBACK (menu_cb), self);
  g_object_set (self->conversation, "show-window-buttons", TRUE, NULL);
  add_keys (GTK_WIDGET (self), pane_keys, G_N_ELEMENTS (pane_keys));
  add_keys (GTK_WIDGET (self->conversation), ticket_keys, G_N_ELEMENTS (ticket_keys));
  if (self->settings != NULL)
    g_signal_connect_object (self->settings, "changed::single-letter-keys",
                             G_CALLBACK (settings_changed_cb), self, G_CONNECT_SWAPPED);
  settings_changed_cb (self);
  show_fold (self);
}

/* What came back; the bars that say so are in here. */
static void
show_refused (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_find_refused (DESK_TICKET_PANES (widget)->conversation);
}

static void
desk_ticket_panes_dispose (GObject *object)
{
  DeskTicketPanes *self = DESK_TICKET_PANES (object);

  g_clear_handle_id (&self->open_source, g_source_remove);
  g_clear_handle_id (&self->next_source, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->settings);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_TICKET_PANES);
  G_OBJECT_CLASS (desk_ticket_panes_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (DESK_TYPE_CONVERSATION);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-ticket-panes.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskTicketPanes, leaflet);
  gtk_widget_class_bind_template_child (widget_class, DeskTicketPanes, list_place);
  gtk_widget_class_bind_template_child (widget_class, DeskTicketPanes, conversation);
  gtk_widget_class_bind_template_child (widget_class, DeskTicketPanes, ticket_menu);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, focused_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_child_cb);
  gtk_widget_class_bind_template_callback (widget_class, left_cb);
  gtk_widget_class_bind_template_callback (widget_class, ticket_cb);
}

static void
desk_ticket_panes_class_init (DeskTicketPanesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = desk_ticket_panes_set_property;
  object_class->constructed = desk_ticket_panes_constructed;
  object_class->dispose = desk_ticket_panes_dispose;

  props[PROP_FOR_REQUESTER] = g_param_spec_boolean ("for-requester", NULL, NULL, FALSE,
                                                    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY |
                                                        G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_install_action (widget_class, "pane.back", NULL, go_back);
  gtk_widget_class_install_action (widget_class, "win.show-refused", NULL, show_refused);
  gtk_widget_class_install_action (widget_class, "panes.search", NULL, search);
  gtk_widget_class_install_action (widget_class, "panes.next", NULL, select_next);
  gtk_widget_class_install_action (widget_class, "panes.previous", NULL, select_previous);
  bind_template (widget_class);
}

static void
desk_ticket_panes_init (DeskTicketPanes *self)
{
  self->settings = desk_settings_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
desk_ticket_panes_set_store (DeskTicketPanes *self, DeskStore *store, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_TICKET_PANES (self));

  desk_list_pane_set_store (self->list, store, syncer);
  desk_conversation_set_store (self->conversation, store, syncer);
}

DeskListPane *
desk_ticket_panes_get_list (DeskTicketPanes *self)
{
  g_return_val_if_fail (DESK_IS_TICKET_PANES (self), NULL);

  return self->list;
}

void
desk_ticket_panes_show (DeskTicketPanes *self, const DeskView *view, const char *title)
{
  g_return_if_fail (DESK_IS_TICKET_PANES (self));

  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
  desk_list_pane_show (self->list, view, title);
}

void
desk_ticket_panes_open (DeskTicketPanes *self, const char *ref)
{
  g_return_if_fail (DESK_IS_TICKET_PANES (self));

  g_clear_handle_id (&self->open_source, g_source_remove);
  self->is_waiting = FALSE;
  desk_conversation_open (self->conversation, ref);
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
  else
    adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->conversation));
}

static gboolean
has_focus_in (DeskTicketPanes *self, GtkWidget *pane)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && (focus == pane || gtk_widget_is_ancestor (focus, pane));
}

static gboolean
focus_list (DeskTicketPanes *self)
{
  if (adw_leaflet_get_folded (self->leaflet) && !shows_only_list (self))
    return FALSE;
  desk_list_pane_focus (self->list);
  return TRUE;
}

static gboolean
focus_conversation (DeskTicketPanes *self)
{
  if (shows_only_list (self))
    return FALSE;
  return gtk_widget_child_focus (GTK_WIDGET (self->conversation), GTK_DIR_TAB_FORWARD);
}

gboolean
desk_ticket_panes_step (DeskTicketPanes *self, int by)
{
  g_return_val_if_fail (DESK_IS_TICKET_PANES (self), FALSE);

  if (has_focus_in (self, GTK_WIDGET (self->list)))
    return by > 0 && focus_conversation (self);
  if (has_focus_in (self, GTK_WIDGET (self->conversation)))
    return by < 0 && focus_list (self);
  if (by > 0)
    return focus_list (self) || focus_conversation (self);
  return focus_conversation (self) || focus_list (self);
}

gboolean
desk_ticket_panes_back (DeskTicketPanes *self)
{
  g_return_val_if_fail (DESK_IS_TICKET_PANES (self), FALSE);

  if (adw_leaflet_get_folded (self->leaflet) && !shows_only_list (self))
    {
      adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
      desk_list_pane_focus (self->list);
      return TRUE;
    }
  if (has_focus_in (self, GTK_WIDGET (self->conversation)))
    return focus_list (self);
  return desk_list_pane_stop_search (self->list);
}
