/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the conversation share: the widget itself, its actions, its menus.
 *
 * desk-conversation.c is the widget, desk-conversation-loading.c loads and follows its ticket, by
 * desk-conversation-case.c it grows, desk-conversation-frame.c shows what is around the history,
 * desk-conversation-actions.c acts, desk-conversation-submit.c sends what is asked for,
 * desk-conversation-facts.c sets what menus set, which desk-conversation-menus.c offers,
 * desk-conversation-unsent.c looks after what is not on the desk (desk-conversation-waiting.c and
 * desk-conversation-refused.c say what can be done about it), and desk-conversation-say.c says what
 * became of something. Nobody else includes this. */
#pragma once

#include "desk-composer.h"
#include "desk-conversation.h"
#include "desk-history.h"
#include "desk-permission.h"
#include "desk-presence-line.h"
#include "desk-status-dialog.h"
#include "desk-ticket-head.h"

G_BEGIN_DECLS

struct _DeskConversation
{
  GtkWidget parent_instance;

  DeskStore *store;
  DeskSyncer *syncer;        /* NULL: a desk file */
  char *ref;                 /* what is to be shown, NULL for nothing */
  DeskCase *in;              /* what is shown, NULL until it is loaded */
  GCancellable *cancellable; /* of the loading of @ref */
  gboolean loading;
  gboolean stale;  /* something changed while loading */
  gboolean afresh; /* the next loading is of everything */
  guint slow_source;
  guint seen_source;
  guint tick_source;
  gint64 day; /* of the times that are shown */

  GPtrArray *refused; /* of DeskOutboxItem: what the desk refused of this person; NULL: not known */
  GCancellable *unsent_cancellable;
  DeskSyncerState sync_state;

  gboolean agent;   /* the reader sees what is internal */
  gboolean letters; /* keys without Control do something */
  gboolean not_yet; /* a requester says what is still wrong */
  gboolean compact;
  int full_width; /* what the full form needs */
  gboolean show_back;
  gboolean show_window_buttons;

  GSimpleActionGroup *facts; /* "fact.*": what the menus set, with what is so now */
  GtkWidget *popover;        /* of the More button or under it, NULL when none is open */
  DeskStatusDialog *dialog;  /* weak */

  GtkWidget *box;
  GtkWidget *header;
  GtkWidget *sync_bar;
  GtkWidget *number_title;
  GtkWidget *back;
  GtkWidget *assignee;
  GtkWidget *take;
  GtkWidget *wait;
  GtkWidget *resolve;
  GtkWidget *resolve_compact;
  GtkWidget *reopen;
  GtkWidget *more;
  GtkWidget *stack;
  GtkWidget *nothing;
  GtkWidget *problem;
  GtkWidget *retry;
  GtkWidget *head_clamp;
  DeskTicketHead *head;
  DeskHistory *history;
  DeskPresenceLine *presence;
  GtkWidget *foot;
  GtkWidget *question;
  GtkWidget *question_buttons;
  GtkWidget *ended;
  GtkWidget *ended_label;
  DeskComposer *composer;
};

/* --- desk-conversation.c --- */

gint64 desk_conversation_get_now (void);
/* The name of the requester, "" while nothing is shown. Lent. */
const char *desk_conversation_get_requester (DeskConversation *self);
gboolean desk_conversation_can (DeskConversation *self, DeskAction action);
/* Shows bottom and buttons anew after something of ours changed. */
void desk_conversation_update (DeskConversation *self);

/* --- desk-conversation-say.c --- */

/* @self NULL: it is gone by then. */
typedef void (*DeskUndoFunc) (DeskConversation *self, gpointer data);

void desk_conversation_say (DeskConversation *self, const char *text);
void desk_conversation_say_error (DeskConversation *self, const GError *error);
/* Offers Undo with it. Takes @data. */
void desk_conversation_say_undoable (DeskConversation *self,
                                     const char *text,
                                     DeskUndoFunc undo,
                                     gpointer data,
                                     GDestroyNotify free_data);

/* --- desk-conversation-loading.c --- */

/* After the template is bound. */
void desk_conversation_install_loading (GtkWidgetClass *widget_class);
/* Once there is a store: hears of it from now on. */
void desk_conversation_follow_store (DeskConversation *self);
/* Reads what is new of the ticket. */
void desk_conversation_reload (DeskConversation *self);
void desk_conversation_stop_loading (DeskConversation *self);
/* What was on the screen for a moment only stays unread. */
void desk_conversation_mark_seen_later (DeskConversation *self);

/* --- desk-conversation-case.c --- */

/* The number of the last event that is on the desk, 0 when there is none. */
gint64 desk_conversation_case_get_last_no (const DeskCase *in);
/* @fresh has what came after @in. Both were loaded for this widget alone, so what is kept may grow.
 * Whether there is something else to show now, from @position on. */
gboolean desk_conversation_case_extend (DeskCase *in, const DeskCase *fresh, guint *position);

/* --- desk-conversation-frame.c --- */

void desk_conversation_show_header (DeskConversation *self);
/* While there is a ticket: what can be answered here, or asked. */
void desk_conversation_show_foot (DeskConversation *self);
/* The keys on the page without a ticket. */
void desk_conversation_show_keys (DeskConversation *self);

/* --- desk-conversation-actions.c --- */

void desk_conversation_install_actions (GtkWidgetClass *widget_class);
/* Enables what is possible now and tells the menus what is so. */
void desk_conversation_update_actions (DeskConversation *self);

/* --- desk-conversation-facts.c --- */

/* Makes the group of "fact.*". */
GSimpleActionGroup *desk_conversation_make_facts (DeskConversation *self);
void desk_conversation_update_facts (DeskConversation *self);
/* One that menus set. */
gboolean desk_conversation_is_fact (DeskField field);
void desk_conversation_set_fact (DeskConversation *self, DeskField field, const char *value);

/* --- desk-conversation-submit.c --- */

/* What is done when an op got in. */
typedef struct
{
  char *said; /* or NULL */
  gboolean can_undo;
  gboolean composed; /* it is what the composer holds */
  gboolean leaves;   /* an agent is done with the ticket then */
} DeskAfterOp;

/* Takes @op and what is in @after. */
void desk_conversation_submit (DeskConversation *self, DeskOp *op, DeskAfterOp after);
void desk_conversation_forget_draft (DeskStore *store, const DeskOp *op);

/* --- desk-conversation-unsent.c --- */

/* Once there is a store: keeps track of what waits and what was refused. */
void desk_conversation_follow_outbox (DeskConversation *self);
/* The op @op, refused or waiting, leaves the outbox, and @words, an op of the kind to be written,
 * becomes the draft. */
void desk_conversation_bring_back (DeskConversation *self,
                                   const char *op,
                                   gboolean refused,
                                   DeskOp *words);

/* --- desk-conversation-waiting.c --- */

void desk_conversation_install_waiting_actions (GtkWidgetClass *widget_class);

/* --- desk-conversation-refused.c --- */

void desk_conversation_install_refused_actions (GtkWidgetClass *widget_class);
void desk_conversation_look_for_refused (DeskConversation *self);
/* Another ticket is shown. */
void desk_conversation_show_refused (DeskConversation *self);

/* --- desk-conversation-menus.c --- */

/* Lends the button a menu each time it is opened. */
void desk_conversation_install_menus (DeskConversation *self);
void desk_conversation_update_menus (DeskConversation *self);
void desk_conversation_choose_assignee (DeskConversation *self);
void desk_conversation_choose_department (DeskConversation *self);
void desk_conversation_choose_topic (DeskConversation *self);
void desk_conversation_choose_team (DeskConversation *self);
void desk_conversation_choose_sla (DeskConversation *self);
void desk_conversation_show_details (DeskConversation *self);

G_END_DECLS
