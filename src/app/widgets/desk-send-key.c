/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ctrl+Enter, which sends from wherever somebody writes. */
#include "desk-send-key.h"

/* In the capture phase, because a text takes Enter for a new line whatever is held down. */
void
desk_send_key_add (GtkWidget *widget, const char *action)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger = gtk_alternative_trigger_new (
      gtk_keyval_trigger_new (GDK_KEY_Return, GDK_CONTROL_MASK),
      gtk_keyval_trigger_new (GDK_KEY_KP_Enter, GDK_CONTROL_MASK));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (trigger, gtk_named_action_new (action)));
  gtk_widget_add_controller (widget, keys);
}
