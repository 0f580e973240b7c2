/* SPDX-License-Identifier: GPL-3.0-or-later
 * A layout of children side by side that go on in a new line when one is full.
 *
 * Each child has its natural width, or the whole line where that is narrower; a line is as high as
 * its highest child. Mirrors in right-to-left. A layout manager of the main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DESK_TYPE_WRAP_LAYOUT (desk_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (DeskWrapLayout, desk_wrap_layout, DESK, WRAP_LAYOUT, GtkLayoutManager)

/* @spacing: pixels between children and between lines. A child that expands takes what is left of
 * its line. */
GtkLayoutManager *desk_wrap_layout_new (int spacing);

G_END_DECLS
