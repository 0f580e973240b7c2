/* SPDX-License-Identifier: GPL-3.0-or-later
 * A thread that hears from the server when there is something to read, and who else is where.
 *
 * The server's stream says only "look". When it ends, for whatever reason, that is news too:
 * whoever looks finds out what there is to it, and says where to listen from next. Where something
 * on the way does not let a stream through, the server is asked to answer as soon as there is news
 * (a long poll), and the stream is tried again later. */
#pragma once

#include "desk-presence.h"

G_BEGIN_DECLS

typedef struct _DeskListener DeskListener;

/* Both are called on the listener's thread. */
typedef struct
{
  void (*news) (gpointer data);
  /* All that the server has to say of others (transfer full, of DeskPresent). */
  void (*presence) (GPtrArray *present, gpointer data);
} DeskListenerHooks;

/* @hooks are static. The default main loop runs, or what is not let through is noticed late. */
DeskListener *
desk_listener_new (const char *address, const DeskListenerHooks *hooks, gpointer user_data);
/* Waits for the thread's end. */
void desk_listener_free (DeskListener *self);
/* All up to @cursor is known. Nothing happens while it is listening already; after listening has
 * ended too soon it takes a while. Any thread. */
void desk_listener_listen (DeskListener *self, const char *token, const char *cursor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskListener, desk_listener_free)

G_END_DECLS
