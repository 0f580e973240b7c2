/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moves a ticket with words of its own: resolve it, close it, withdraw it.
 *
 * What is typed is kept as a draft (TICKET-UID/resolve, TICKET-UID/close) until it was taken. It
 * submits by itself; a refusal shows in the dialog and nothing is lost. A window of the main
 * thread. */
#pragma once

#include <adwaita.h>

#include "desk-store.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_STATUS_DIALOG_RESOLVE,
  DESK_STATUS_DIALOG_CLOSE,    /* by an agent, with a reason */
  DESK_STATUS_DIALOG_WITHDRAW, /* by the requester */
} DeskStatusDialogKind;

#define DESK_TYPE_STATUS_DIALOG (desk_status_dialog_get_type ())
G_DECLARE_FINAL_TYPE (DeskStatusDialog, desk_status_dialog, DESK, STATUS_DIALOG, AdwWindow)

/* @requester: their name. @reply (nullable): an op of kind reply that goes out with it, as one op.
 * Signal "done" (const DeskOp *op, const DeskReceipt *receipt), before it closes. */
GtkWidget *desk_status_dialog_new (DeskStore *store,
                                   DeskStatusDialogKind kind,
                                   const DeskTicket *ticket,
                                   const char *requester,
                                   DeskOp *reply);
/* The ticket changed meanwhile; what is submitted from now on is based on it. */
void desk_status_dialog_set_ticket (DeskStatusDialog *self, const DeskTicket *ticket);

G_END_DECLS
