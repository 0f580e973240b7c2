/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who waits for news: long polls and streams, asleep until something was written.
 *
 * Being woken says nothing but "look again": what the reader may see is decided by looking. Any
 * thread. */
#pragma once

#include "desk-request.h"

G_BEGIN_DECLS

typedef struct _DeskHub DeskHub;

DeskHub *desk_hub_new (void);
void desk_hub_free (DeskHub *self);

/* Counts the news; to be asked before looking. */
guint desk_hub_get_count (DeskHub *self);
/* Puts @request to sleep until there is news, @until_us (monotonic), or its end. FALSE, and it
 * stays awake, when there was news since @count, or the server is about to stop. */
gboolean
desk_hub_wait (DeskHub *self, DeskRequest *request, DeskStep step, guint count, gint64 until_us);

/* For who is also told what concerns only some. Counts the nudges; to be asked before looking. */
guint desk_hub_get_nudges (DeskHub *self);
/* The same for who waits under @name (lent while it sleeps), which nudges wake, too. */
gboolean desk_hub_wait_named (DeskHub *self,
                              DeskRequest *request,
                              const char *name,
                              guint count,
                              guint nudges,
                              gint64 until_us);
/* Wakes those whose name @concerns; nobody who has none. */
void desk_hub_nudge (DeskHub *self,
                     gboolean (*concerns) (const char *name, gpointer data),
                     gpointer data);

/* Something was written. Many in a row wake everybody once, a moment later. */
void desk_hub_tell (DeskHub *self);
/* Wakes those whose time has come or who have hung up; once a second. */
void desk_hub_tick (DeskHub *self);

/* Wakes everybody for good. */
void desk_hub_stop (DeskHub *self);
gboolean desk_hub_is_stopping (DeskHub *self);
guint desk_hub_count_waiting (DeskHub *self);

G_END_DECLS
