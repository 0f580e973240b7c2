/* SPDX-License-Identifier: GPL-3.0-or-later
 * What somebody has typed and not sent: kept on this computer, never in the shared desk.
 *
 * A draft is an unfinished op under a key: "new-ticket", "TICKET-UID/reply", "TICKET-UID/note".
 * Each is a small JSON file under $XDG_STATE_HOME/deskbell/drafts/DESK-UID/LOGIN/, readable by its
 * owner only and replaced whole. Saving returns at once; a thread of its own writes, newest last,
 * and desk_drafts_flush() waits for it. Call from one thread. */
#pragma once

#include <gio/gio.h>

#include "desk-event.h"

G_BEGIN_DECLS

#define DESK_TYPE_DRAFTS (desk_drafts_get_type ())
G_DECLARE_FINAL_TYPE (DeskDrafts, desk_drafts, DESK, DRAFTS, GObject)

/* @desk is the desk's uid, @login whose drafts. They are read here, once, from the disk; later
 * reading is from memory. When the folder cannot be used, drafts live in memory only. Never
 * fails. */
DeskDrafts *desk_drafts_open (const char *desk, const char *login);
/* Lent, NULL when there is none. */
const DeskOp *desk_drafts_get (DeskDrafts *self, const char *key);
/* @op NULL, or one without text, changes and attachments: forget it. */
void desk_drafts_set (DeskDrafts *self, const char *key, DeskOp *op);
void desk_drafts_flush (DeskDrafts *self);
/* The same without waiting: @callback when all that was set is on the disk. Does not fail. */
void desk_drafts_flush_async (DeskDrafts *self, GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
