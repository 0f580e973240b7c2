/* SPDX-License-Identifier: GPL-3.0-or-later
 * A place to write several lines: grows with its text between two heights, then scrolls.
 *
 * Tab leaves it. A widget of the main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DESK_TYPE_TEXT_AREA (desk_text_area_get_type ())
G_DECLARE_FINAL_TYPE (DeskTextArea, desk_text_area, DESK, TEXT_AREA, GtkWidget)

/* Properties: "label" (its accessible name), "placeholder", "min-lines", "max-lines", "text".
 * Signal "changed". */
GtkWidget *desk_text_area_new (void);
GtkTextView *desk_text_area_get_view (DeskTextArea *self);
void desk_text_area_set_label (DeskTextArea *self, const char *label);
void desk_text_area_set_placeholder (DeskTextArea *self, const char *placeholder);
/* Cannot be undone by the writer. @text nullable. */
void desk_text_area_set_text (DeskTextArea *self, const char *text);
/* (transfer full) */
char *desk_text_area_dup_text (DeskTextArea *self);
/* Nothing but white space. */
gboolean desk_text_area_is_blank (DeskTextArea *self);
/* Whether it can be written in just now. */
void desk_text_area_set_editable (DeskTextArea *self, gboolean editable);

G_END_DECLS
