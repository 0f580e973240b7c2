/* SPDX-License-Identifier: GPL-3.0-or-later
 * One row of a conversation: a message, a reply, a note, a resolution, a line of the system, or the
 * reason of a change.
 *
 * What kind a row is shows in its colour, its label, its accessible name and its CSS class
 * ("desk-message", "desk-reply", "desk-note" …), all from one table. A widget of the main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "desk-store.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_CONVERSATION_MESSAGE,
  DESK_CONVERSATION_REPLY,
  DESK_CONVERSATION_NOTE,
  DESK_CONVERSATION_RESOLUTION,
  DESK_CONVERSATION_LINE,
  DESK_CONVERSATION_REASON,
} DeskConversationKind;

#define DESK_TYPE_CONVERSATION_ENTRY (desk_conversation_entry_get_type ())
G_DECLARE_FINAL_TYPE (
    DeskConversationEntry, desk_conversation_entry, DESK, CONVERSATION_ENTRY, GtkWidget)

/* Appends to @rows what the event at @position of @in shows: no row, one or several. @store is kept
 * by the rows only as far as they have attachments. (element-type DeskConversationEntry), floating
 */
void
desk_conversation_entry_add (GPtrArray *rows, DeskStore *store, const DeskCase *in, guint position);

DeskConversationKind desk_conversation_entry_get_kind (DeskConversationEntry *self);
/* The number of its event within the ticket, as the reader counts. */
gint64 desk_conversation_entry_get_no (DeskConversationEntry *self);
/* Less room for avatars and asides. */
void desk_conversation_entry_set_compact (DeskConversationEntry *self, gboolean compact);
/* Words the time anew. */
void desk_conversation_entry_set_now (DeskConversationEntry *self, gint64 now);

G_END_DECLS
