/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the window that files a ticket share.
 *
 * desk-new-ticket-window.c is the window and sends, desk-new-ticket-draft.c keeps what is filled
 * in, desk-new-ticket-filed.c says what became of it. Nobody else includes this. */
#pragma once

#include "desk-new-ticket-form.h"
#include "desk-new-ticket-window.h"

G_BEGIN_DECLS

struct _DeskNewTicketWindow
{
  AdwWindow parent_instance;

  /* Template widgets */
  AdwToastOverlay *toasts;
  AdwHeaderBar *header;
  GtkWidget *cancel_button;
  GtkWidget *send_button;
  GtkLabel *send_label;
  GtkStack *send_stack;
  GtkSpinner *spinner;
  GtkStack *pages;
  GtkWidget *form_page;
  GtkWidget *restored_bar;
  GtkWidget *offline_bar;
  GtkLabel *offline_label;
  GtkWidget *problem_bar;
  GtkLabel *problem_label;
  DeskNewTicketForm *form;
  GtkLabel *filed_label;
  GtkLabel *filed_detail;
  GtkWidget *done_button;

  /* Owned references */
  DeskStore *store;
  DeskSyncer *syncer;  /* NULL: a desk file */
  DeskOp *op;          /* of what is filled in, as it was last saved; or NULL */
  DeskOp *thrown_away; /* by "Start over", for its Undo */
  char *filed_uid;
  gboolean has_number; /* the ticket that is filed */

  GtkWidget *focus; /* weak: where it was before sending */

  guint save_timer;
  gboolean is_changed; /* since it was saved */
  gboolean sending;
  gboolean send_when_copied; /* files are still on their way */
  guint n_refused;           /* files, when that began */
};

/* --- desk-new-ticket-window.c --- */

/* @message NULL: all is well. */
void desk_new_ticket_window_set_problem (DeskNewTicketWindow *self, const char *message);
/* Nothing is changed meanwhile; afterwards the cursor is where it was. */
void desk_new_ticket_window_set_sending (DeskNewTicketWindow *self, gboolean sending);

/* --- desk-new-ticket-draft.c --- */

/* Keeps what is filled in, and makes it ready to be sent. */
void desk_new_ticket_window_save (DeskNewTicketWindow *self);
/* Something was filled in. */
void desk_new_ticket_window_save_later (DeskNewTicketWindow *self);
void desk_new_ticket_window_restore (DeskNewTicketWindow *self);
/* A ticket that was taken back or refused while the window was open fills an empty one. */
void desk_new_ticket_window_look_for_draft (DeskNewTicketWindow *self);
/* An action: it can be undone. */
void
desk_new_ticket_window_start_over (GtkWidget *widget, const char *action_name, GVariant *parameter);

/* --- desk-new-ticket-filed.c --- */

/* The ticket got in. */
void desk_new_ticket_window_finish (DeskNewTicketWindow *self, const DeskTicket *ticket);
/* Its number may have come. */
void desk_new_ticket_window_follow_filed (DeskNewTicketWindow *self);

G_END_DECLS
