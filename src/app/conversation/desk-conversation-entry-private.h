/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of a conversation's rows share: the widget, and what it is made from.
 *
 * desk-conversation-entry.c is the row and decides which rows there are; what is in one is made in
 * desk-conversation-entry-content.c. Nobody else includes this. */
#pragma once

#include "desk-conversation-entry.h"

G_BEGIN_DECLS

struct _DeskConversationEntry
{
  GtkWidget parent_instance;

  DeskConversationKind kind;
  gint64 no; /* 0: not on the desk */
  gint64 at;
  GtkWidget *avatar; /* or the icon of a line */
  GtkWidget *aside;  /* what narrow rows leave out, or NULL */
  GtkWidget *time;
  char *op;           /* uid, of what waits to be sent; or NULL */
  GtkWidget *pending; /* the label that says how far it got, or NULL */
  char *pending_words;
};

/* What rows are made from. */
typedef struct
{
  DeskStore *store;
  DeskSyncer *syncer; /* NULL: a desk file */
  const DeskCase *in;
  const DeskEvent *event;
  guint position;
  const char *author;            /* name */
  const DeskOutboxItem *refused; /* what became of it, or NULL */
} DeskEntrySource;

/* The widget beside the gutter. @line: the words of a line of the system. Floating. */
GtkWidget *desk_conversation_entry_make_content (DeskConversationEntry *self,
                                                 const DeskEntrySource *source,
                                                 const char *line);
/* How far what is not on the desk got. */
const char *desk_conversation_entry_say_pending (const DeskEntrySource *source);
gboolean desk_conversation_entry_has_text (const DeskEvent *event);

G_END_DECLS
