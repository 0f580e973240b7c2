/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fields of a new ticket: for whom, help topic, priority, summary, details, files.
 *
 * It makes an op of what is filled in and fills itself from one. What is wrong is said at its
 * field. A widget of the main thread. */
#pragma once

#include "desk-attachments.h"

G_BEGIN_DECLS

#define DESK_TYPE_NEW_TICKET_FORM (desk_new_ticket_form_get_type ())
G_DECLARE_FINAL_TYPE (DeskNewTicketForm, desk_new_ticket_form, DESK, NEW_TICKET_FORM, GtkWidget)

/* Signal "changed": a person filled in something. */
void desk_new_ticket_form_set_store (DeskNewTicketForm *self, DeskStore *store);
/* Takes files and pictures that are dropped on, or pasted anywhere in, @target (the window). */
void desk_new_ticket_form_watch (DeskNewTicketForm *self, GtkWidget *target);

DeskAttachments *desk_new_ticket_form_get_attachments (DeskNewTicketForm *self);
/* A new op, of a new ticket; without text, changes and attachments when nothing is filled in.
 * (transfer full) */
DeskOp *desk_new_ticket_form_make_op (DeskNewTicketForm *self);
/* Shows what @op asks for, or an empty form for NULL. No signal. */
void desk_new_ticket_form_fill (DeskNewTicketForm *self, const DeskOp *op);
/* Whether it can be sent; else says what is wrong at the first such field and puts the cursor
 * there. */
gboolean desk_new_ticket_form_check (DeskNewTicketForm *self);

G_END_DECLS
