/* SPDX-License-Identifier: GPL-3.0-or-later
 * A thread that hears from the server when there is something to read.
 *
 * The server's stream says only "look". When it ends, for whatever reason, that is news too:
 * whoever looks finds out what there is to it, and says where to listen from next. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DeskListener DeskListener;

/* @news is called on the listener's thread. */
DeskListener *desk_listener_new (const char *address, void (*news) (gpointer), gpointer user_data);
/* Waits for the thread's end. */
void desk_listener_free (DeskListener *self);
/* All up to @cursor is known. Nothing happens while it is listening already, or is to be left alone
 * for a while because the stream has ended too soon. Any thread. */
void desk_listener_listen (DeskListener *self, const char *token, const char *cursor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskListener, desk_listener_free)

G_END_DECLS
