/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where replies, notes and messages are written: a card with a text, its files and a button.
 *
 * It makes ops and keeps drafts, one for each ticket and mode; it sends nothing by itself, that is
 * the conversation's part (action ticket.send). What was typed goes away only when told that it was
 * sent. A widget of the main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

/* Who writes, and what sending does. */
typedef enum
{
  DESK_COMPOSER_AGENT,     /* reply or note */
  DESK_COMPOSER_REQUESTER, /* message */
  DESK_COMPOSER_NOT_YET,   /* what is still wrong, may be empty; Cancel leads back */
  DESK_COMPOSER_CLOSED,    /* message that opens the ticket again */
} DeskComposerRole;

#define DESK_TYPE_COMPOSER (desk_composer_get_type ())
G_DECLARE_FINAL_TYPE (DeskComposer, desk_composer, DESK, COMPOSER, GtkWidget)

/* Signals: "changed": what can be sent may have changed; "typed": somebody has changed what is
 * written, or it got in; "cancelled": Cancel of "not yet". */
GtkWidget *desk_composer_new (void);
/* @syncer: of a copy of a served desk, or NULL. Both are kept by reference. */
void desk_composer_set_store (DeskComposer *self, DeskStore *store, DeskSyncer *syncer);
/* Shows the drafts of @ticket, after keeping those of the one before; for the same ticket only the
 * role and the names change. @ticket NULL: nothing. @requester: the name. */
void desk_composer_show (DeskComposer *self,
                         const DeskTicket *ticket,
                         const char *requester,
                         DeskComposerRole role);
/* Keeps what was typed in the last moments. */
void desk_composer_save (DeskComposer *self);

void desk_composer_set_note (DeskComposer *self, gboolean note);
gboolean desk_composer_is_note (DeskComposer *self);
/* Puts the cursor into the text. */
void desk_composer_focus_text (DeskComposer *self);
/* A quiet line above the text, until something is typed. NULL: none. */
void desk_composer_set_hint (DeskComposer *self, const char *hint);

/* What others have written in @in (nullable) since the draft was begun; with each change of either. */
void desk_composer_show_news (DeskComposer *self, const DeskCase *in);
/* It is known from now on. The number of its first event, 0: there was none. */
gint64 desk_composer_take_news (DeskComposer *self);

gboolean desk_composer_has_text (DeskComposer *self);
/* Something is written, and nothing is still being attached. */
gboolean desk_composer_can_send (DeskComposer *self);
/* What is written in the present mode. (transfer full) */
DeskOp *desk_composer_make_op (DeskComposer *self);

/* While an op is under way nothing can be typed. */
void desk_composer_begin (DeskComposer *self);
/* The op got in: the text of its ticket and kind goes away, here and among the drafts. */
void desk_composer_succeed (DeskComposer *self, const DeskOp *op);
/* It did not: the text stays, the reason beside it. */
void desk_composer_fail (DeskComposer *self, const DeskOp *op, const GError *error);

/* The words and files of @op before those that are in its mode, which is shown from now on, under
 * the uid of @op. Nothing can be typed until desk_composer_restore(). (transfer full) */
DeskOp *desk_composer_join (DeskComposer *self, const DeskOp *op);
/* Shows the draft that is kept under @key, if that is one of the ticket. */
void desk_composer_restore (DeskComposer *self, const char *key);

void desk_composer_set_compact (DeskComposer *self, gboolean compact);

/* Where the draft of a ticket's op of @kind is kept. (transfer full) */
char *desk_composer_draft_key (const char *ticket, DeskKind kind);

G_END_DECLS
