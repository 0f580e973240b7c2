/* SPDX-License-Identifier: GPL-3.0-or-later
 * One row of a conversation: a message, a reply, a note, a resolution, a line of the system, or the
 * reason of a change.
 *
 * What kind a row is shows in its colour, its label, its accessible name and its CSS class
 * ("desk-message", "desk-reply", "desk-note" …), all from one table. What is not on the desk yet has
 * "desk-pending" too, and can be taken back as long as it has not left: actions "waiting.edit" and
 * "waiting.discard" with the op's uid. A widget of the main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-outbox.h"
#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_CONVERSATION_MESSAGE,
  DESK_CONVERSATION_REPLY,
  DESK_CONVERSATION_NOTE,
  DESK_CONVERSATION_RESOLUTION,
  DESK_CONVERSATION_LINE,
  DESK_CONVERSATION_REASON,
  DESK_CONVERSATION_ASKED, /* a change that was refused */
} DeskConversationKind;

#define DESK_TYPE_CONVERSATION_ENTRY (desk_conversation_entry_get_type ())
G_DECLARE_FINAL_TYPE (
    DeskConversationEntry, desk_conversation_entry, DESK, CONVERSATION_ENTRY, GtkWidget)

/* Appends to @rows what the event at @position of @in shows: no row, one or several. @store and
 * @syncer (nullable) are kept by the rows only as far as they have attachments. (element-type DeskConversationEntry), floating
 */
void
desk_conversation_entry_add (
    GPtrArray *rows, DeskStore *store, DeskSyncer *syncer, const DeskCase *in, guint position);
/* What the desk refused, with why, and what can be done: actions "refused.…". Floating. */
DeskConversationEntry *desk_conversation_entry_new_refused (DeskStore *store,
                                                            const DeskCase *in,
                                                            const DeskOutboxItem *item);

DeskConversationKind desk_conversation_entry_get_kind (DeskConversationEntry *self);
/* The number of its event within the ticket, as the reader counts; 0: it is not on the desk. */
gint64 desk_conversation_entry_get_no (DeskConversationEntry *self);
/* Less room for avatars and asides. */
void desk_conversation_entry_set_compact (DeskConversationEntry *self, gboolean compact);
/* Files of the op @op (nullable: of none) go up: says how far, when the row is of it. */
void desk_conversation_entry_set_upload (DeskConversationEntry *self, const char *op, double share);
/* Words the time anew. */
void desk_conversation_entry_set_now (DeskConversationEntry *self, gint64 now);

G_END_DECLS
