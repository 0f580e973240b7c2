/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the desk refused of a person's doing: words for it, and the buttons that end it.
 *
 * Nothing here acts; the conversation does, by the actions "refused.send", "refused.reopen",
 * "refused.keep", "refused.discard" (s: the op's uid) and "refused.settle" (sas: the op, and the
 * fields in which the author's value is to stand). Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-outbox.h"
#include "desk-store.h"

G_BEGIN_DECLS

/* The event that @op was to become of the ticket as it is now. (transfer full) */
DeskEvent *desk_refused_make_event (const DeskOp *op, const DeskCase *in);

/* Why, in one sentence. (transfer full) */
char *desk_refused_dup_reason (const DeskOutboxItem *item);
/* All that somebody typed into @op, whatever it was for; NULL for nothing. (transfer full) */
char *desk_refused_dup_words (const DeskOp *op);

/* @refused asked for again, by somebody who has seen the ticket as it is: without a change of the
 * fields in which theirs stands. NULL when nothing is left. @mine: nicks of the other ones, NULL
 * for all. (transfer full) */
DeskOp *desk_refused_ask_again (DeskStore *store,
                                const DeskTicket *ticket,
                                const DeskOutboxItem *refused,
                                const char *const *mine);

/* What was to be changed, why it was refused, and buttons. Floating. */
GtkWidget *
desk_refused_details_new (DeskStore *store, const DeskCase *in, const DeskOutboxItem *item);

G_END_DECLS
