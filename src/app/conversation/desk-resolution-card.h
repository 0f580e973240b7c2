/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a resolution says: summary, what we did, what you can do. Main thread. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @steps and @recommendations nullable. Lines without marks of their own become a numbered list and
 * a list of points. (transfer floating) */
GtkWidget *
desk_resolution_card_new (const char *summary, const char *steps, const char *recommendations);

/* @text with @mark ("1. ", "- ") before each line, unless it is one line or has lists already. For
 * tests. (transfer full) */
char *desk_resolution_list (const char *text, const char *mark);

G_END_DECLS
