/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pointer and keys on the list pane: what they select, open and command. */
#include "desk-list-pane-private.h"

/* --- pointer --- */

static DeskListItem *
find_item_at (DeskListPane *self, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self->list), x, y, GTK_PICK_DEFAULT);

  while (widget != NULL && widget != GTK_WIDGET (self->list))
    {
      DeskTicketRow *row = DESK_IS_TICKET_ROW (widget) ? DESK_TICKET_ROW (widget)
                                                       : desk_list_pane_get_row_of (widget);

      if (row != NULL)
        return desk_ticket_row_get_item (row);
      widget = gtk_widget_get_parent (widget);
    }
  return NULL;
}

static void
select_item (DeskListPane *self, DeskListItem *item)
{
  guint position = desk_list_model_find (self->model, desk_list_item_get_id (item));

  if (position != GTK_INVALID_LIST_POSITION)
    gtk_single_selection_set_selected (self->selection, position);
}

static void
released_cb (DeskListPane *self, int n_press, double x, double y)
{
  DeskListItem *item = find_item_at (self, x, y);

  if (item == NULL || n_press != 1)
    return;
  select_item (self, item);
  g_signal_emit_by_name (self, "opened", FALSE);
}

static void
open_menu_at (DeskListPane *self, double x, double y)
{
  DeskListItem *item = find_item_at (self, x, y);
  double pane_x;
  double pane_y;

  if (item == NULL)
    return;
  select_item (self, item);
  if (gtk_widget_translate_coordinates (GTK_WIDGET (self->list), GTK_WIDGET (self), x, y, &pane_x,
                                        &pane_y))
    g_signal_emit_by_name (self, "menu", pane_x, pane_y);
}

static void
menu_pressed_cb (DeskListPane *self, int n_press, double x, double y)
{
  open_menu_at (self, x, y);
}

static void
add_gestures (DeskListPane *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *menu_click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();

  /* The rows claim their clicks, so this one looks before they do. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu_click), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (menu_click, "pressed", G_CALLBACK (menu_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (menu_click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_swapped (long_press, "pressed", G_CALLBACK (open_menu_at), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (long_press));
}

/* --- keyboard --- */

static const struct
{
  guint key;
  const char *action;
} letters[] = {
  { GDK_KEY_r, "ticket.reply" }, { GDK_KEY_n, "ticket.note" },  { GDK_KEY_a, "ticket.assign" },
  { GDK_KEY_s, "ticket.sla" },   { GDK_KEY_t, "ticket.claim" }, { GDK_KEY_e, "ticket.resolve" },
};

static gboolean
press_letter (DeskListPane *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_j:
      desk_list_pane_move (self, 1);
      return TRUE;
    case GDK_KEY_k:
      desk_list_pane_move (self, -1);
      return TRUE;
    case GDK_KEY_slash:
      desk_list_pane_search (self);
      return TRUE;
    default:
      break;
    }
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (letters[i].key == key && self->current != NULL)
      {
        g_signal_emit_by_name (self, "command", letters[i].action);
        return TRUE;
      }
  return FALSE;
}

/* To what is selected, or else to the first, which is then selected. */
static gboolean
enter_list (DeskListPane *self)
{
  if (gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION &&
      !desk_list_pane_move (self, 1))
    return FALSE;
  desk_list_pane_focus (self);
  return TRUE;
}

static gboolean
key_pressed_cb (DeskListPane *self, guint key, guint code, GdkModifierType modifiers)
{
  if (key == GDK_KEY_Down && modifiers == 0 &&
      gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    return enter_list (self);
  if (!self->has_letters ||
      (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)) != 0)
    return FALSE;
  return press_letter (self, key);
}

static gboolean
search_key_cb (DeskListPane *self, guint key, guint code, GdkModifierType modifiers)
{
  return key == GDK_KEY_Down && enter_list (self);
}

static void
add_keys (DeskListPane *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
  keys = gtk_event_controller_key_new ();
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (search_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->search_entry), keys);
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  DeskListPane *self = DESK_LIST_PANE (widget);
  GtkWidget *row = desk_list_pane_find_list_row (self, self->current);
  graphene_rect_t bounds;

  if (row == NULL || !gtk_widget_compute_bounds (row, widget, &bounds))
    return FALSE;
  g_signal_emit_by_name (self, "menu", (double) bounds.origin.x + bounds.size.width / 2,
                         (double) bounds.origin.y + bounds.size.height / 2);
  return TRUE;
}

static void
activate_cb (DeskListPane *self, guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
  g_signal_emit_by_name (self, "opened", TRUE);
}

static void
search_activate_cb (DeskListPane *self)
{
  enter_list (self);
}

/* --- for the widget --- */

void
desk_list_pane_install_input (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
}

void
desk_list_pane_add_input (DeskListPane *self)
{
  add_gestures (self);
  add_keys (self);
}
