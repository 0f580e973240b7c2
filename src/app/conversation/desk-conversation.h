/* SPDX-License-Identifier: GPL-3.0-or-later
 * One ticket for the eye: header bar, facts, conversation, composer; for agents and requesters.
 *
 * A widget of the main thread. It loads, follows and acts on its ticket by itself through the
 * store; what it may offer it asks desk_can(). Failures show as toasts (of the AdwToastOverlay
 * around it) or beside the text they concern, never as dialogs. */
#pragma once

#include <adwaita.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

#define DESK_TYPE_CONVERSATION (desk_conversation_get_type ())
G_DECLARE_FINAL_TYPE (DeskConversation, desk_conversation, DESK, CONVERSATION, GtkWidget)

/* Properties: "show-back" (boolean: the header has a Back button, which activates "pane.back"),
 * "show-window-buttons" (boolean), "ticket" (string: uid, or NULL; readable, notifies).
 * Signal: "left" (GtkWidget *self, const char *uid): an agent is done with the ticket for now
 * (replied, made it wait, resolved, closed, moved it to another department), or cannot see it any
 * more: the window selects what comes next, as the setting after-sending says. */
GtkWidget *desk_conversation_new (void);
/* Once, before any ticket. Kept by reference. */
void desk_conversation_set_store (DeskConversation *self, DeskStore *store, DeskSyncer *syncer);
/* Whether keys without Control do something, and so are told of. */
void desk_conversation_set_letters (DeskConversation *self, gboolean enabled);
/* @ref: uid or number, NULL for none. Keeps the composer's drafts of the ticket left behind. */
void desk_conversation_open (DeskConversation *self, const char *ref);
/* Puts the cursor into the composer in the given mode (r and n keys). */
void desk_conversation_write (DeskConversation *self, gboolean note);

/* Leads to what the desk refused, here or elsewhere. */
void desk_conversation_find_refused (DeskConversation *self);

/* Installs as actions of the widget (so that windows can give them keys): ticket.claim,
 * ticket.assign, ticket.transfer, ticket.priority("high"), ticket.sla, ticket.wait, ticket.resolve,
 * ticket.close, ticket.reopen, ticket.confirm, ticket.reply, ticket.note, ticket.send,
 * ticket.details. Those not possible are disabled. ticket.assign, ticket.transfer and ticket.sla
 * open what to choose from. */

G_END_DECLS
