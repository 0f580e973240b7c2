/* SPDX-License-Identifier: GPL-3.0-or-later
 * A quiet line over the conversation: who else is looking at the ticket or answering it.
 *
 * It also says so of this window, as long as it can be seen: looking while the ticket is open,
 * answering while something was typed lately. It lies over what it is put upon and takes no room,
 * so that nothing moves when somebody comes. Without a syncer it is never seen. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

/* What it covers. */
#define DESK_PRESENCE_LINE_ROOM 26

#define DESK_TYPE_PRESENCE_LINE (desk_presence_line_get_type ())
G_DECLARE_FINAL_TYPE (DeskPresenceLine, desk_presence_line, DESK, PRESENCE_LINE, GtkWidget)

GtkWidget *desk_presence_line_new (void);
/* Both are kept by reference. */
void desk_presence_line_set_store (DeskPresenceLine *self, DeskStore *store, DeskSyncer *syncer);
/* The ticket that is open, for an agent; NULL: none. */
void desk_presence_line_set_ticket (DeskPresenceLine *self, const char *uid);
/* A key was struck; @writing: something is written now. */
void desk_presence_line_note_typing (DeskPresenceLine *self, gboolean writing);

/* The sentence about people of these names (of char *), "" for nobody. (transfer full) */
char *desk_presence_line_word (GPtrArray *answering, GPtrArray *looking);

G_END_DECLS
