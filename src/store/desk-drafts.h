/* SPDX-License-Identifier: GPL-3.0-or-later
 * What somebody has typed and not sent: kept on this computer, never in the shared desk.
 *
 * A draft is an unfinished op under a key: "new-ticket", "TICKET-UID/reply", "TICKET-UID/note".
 * The file is state.db under $XDG_STATE_HOME/deskbell/, readable by its owner only. Saving returns at once;
 * a thread of its own writes, newest last; desk_drafts_flush() waits for it. Call from one thread. */
#pragma once

#include "desk-event.h"

G_BEGIN_DECLS

#define DESK_TYPE_DRAFTS (desk_drafts_get_type ())
G_DECLARE_FINAL_TYPE (DeskDrafts, desk_drafts, DESK, DRAFTS, GObject)

/* @desk is the desk's uid, @login whose drafts. Drafts are read here, once; reading later is from memory. A file that cannot be used gives an object that
 * keeps drafts in memory only, and @error. Never NULL. */
DeskDrafts *desk_drafts_open (const char *desk, const char *login, GError **error);
/* Lent, NULL when there is none. */
const DeskOp *desk_drafts_get (DeskDrafts *self, const char *key);
/* @op NULL, or one without text, changes and attachments: forget it. */
void desk_drafts_set (DeskDrafts *self, const char *key, DeskOp *op);
void desk_drafts_flush (DeskDrafts *self);

G_END_DECLS
