/* SPDX-License-Identifier: GPL-3.0-or-later
 * A text of a ticket, its Markdown shown with labels that can be selected.
 *
 * Long texts are folded behind "Show all"; very long ones open as plain text in a view of their
 * own. The Tab key finds its links and buttons, not every paragraph. A widget of the main thread.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* More than this many characters or lines are folded. */
#define DESK_BODY_FOLD_CHARS 4000
#define DESK_BODY_FOLD_LINES 40
/* More than this many bytes are never shown as Markdown: the cost of a label grows with the square
 * of its lines, and 90 kB took seconds. */
#define DESK_BODY_MARKDOWN_MAX_BYTES (16 * 1000)

#define DESK_TYPE_BODY (desk_body_get_type ())
G_DECLARE_FINAL_TYPE (DeskBody, desk_body, DESK, BODY, GtkWidget)

GtkWidget *desk_body_new (const char *text);
/* The start of @text that is shown while it is folded, cut at the end of a line or word; NULL when
 * @text is shown whole. (transfer full) (nullable) */
char *desk_body_fold (const char *text);

G_END_DECLS
