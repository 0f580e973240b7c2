/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ctrl+Enter, which sends from wherever somebody writes. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Activates @action, as in "ticket.send", from anywhere inside @widget. */
void desk_send_key_add (GtkWidget *widget, const char *action);

G_END_DECLS
