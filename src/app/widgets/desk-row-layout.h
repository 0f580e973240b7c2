/* SPDX-License-Identifier: GPL-3.0-or-later
 * Children side by side: those that expand share what is left, the others have their natural width.
 *
 * Like a horizontal GtkBoxLayout, but it never asks for a width for a height: for wrapped text that
 * is a search with dozens of layouts, and a conversation is wrapped text. A layout manager of the
 * main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DESK_TYPE_ROW_LAYOUT (desk_row_layout_get_type ())
G_DECLARE_FINAL_TYPE (DeskRowLayout, desk_row_layout, DESK, ROW_LAYOUT, GtkLayoutManager)

GtkLayoutManager *desk_row_layout_new (int spacing);
/* A box with it. (transfer floating) */
GtkWidget *desk_row_new (int spacing);

G_END_DECLS
