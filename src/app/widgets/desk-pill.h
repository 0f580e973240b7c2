/* SPDX-License-Identifier: GPL-3.0-or-later
 * A fact of a ticket as a pill: sign and word in its colour. It may be a button with a menu.
 *
 * A widget of the main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-sla.h"

G_BEGIN_DECLS

#define DESK_TYPE_PILL (desk_pill_get_type ())
G_DECLARE_FINAL_TYPE (DeskPill, desk_pill, DESK, PILL, GtkWidget)

GtkWidget *desk_pill_new (void);
void desk_pill_set_status (DeskPill *self, DeskStatus status);
void desk_pill_set_priority (DeskPill *self, DeskPriority priority);
/* Hides itself when there is no promise; a menu says so while the ticket has no plan at all. */
void desk_pill_set_due (DeskPill *self, DeskClock clock, DeskStatus status, gint64 now);

/* It is only expected, and not so on the desk yet. */
void desk_pill_set_expected (DeskPill *self, gboolean expected);

/* @name: what the fact is called, "Priority"; the word shown becomes its description. @popup NULL:
 * no menu, which is how a pill starts. It is called before each opening and sets the button's menu
 * or popover. */
void desk_pill_set_menu (DeskPill *self,
                         const char *name,
                         GtkMenuButtonCreatePopupFunc popup,
                         gpointer user_data);
/* The button, NULL without a menu. Lent. */
GtkMenuButton *desk_pill_get_button (DeskPill *self);

G_END_DECLS
