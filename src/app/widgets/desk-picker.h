/* SPDX-License-Identifier: GPL-3.0-or-later
 * A popover with one choice of many: sections of buttons, and a filter when there are many.
 *
 * For what a menu is too small for: assignees, long lists of departments. Each item activates an
 * action and closes the popover. A widget of the main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* More items than this get a filter. */
#define DESK_PICKER_FILTER_FROM 12

#define DESK_TYPE_PICKER (desk_picker_get_type ())
G_DECLARE_FINAL_TYPE (DeskPicker, desk_picker, DESK, PICKER, GtkPopover)

/* @name: what is chosen, for the filter and for assistive technology. */
GtkWidget *desk_picker_new (const char *name);
/* Items that are added next stand under @title; NULL: only apart from the others. */
void desk_picker_add_section (DeskPicker *self, const char *title);
/* @avatar: a person's name, NULL for things; @action: "group.name"; @target: its string parameter,
 * NULL when it has none. */
void desk_picker_add (DeskPicker *self,
                      const char *label,
                      const char *avatar,
                      const char *action,
                      const char *target,
                      gboolean current);
guint desk_picker_count (DeskPicker *self);

G_END_DECLS
