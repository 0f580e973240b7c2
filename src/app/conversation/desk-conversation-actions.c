/* SPDX-License-Identifier: GPL-3.0-or-later
 * What can be done to the ticket that is shown: the actions, and when each is possible.
 *
 * What may be offered is asked of desk_can() only. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-phrase.h"
#include "desk-wording.h"

/* --- what is written --- */

static void
move_to (DeskConversation *self, DeskStatus status)
{
  DeskOp *op = desk_store_new_op (self->store, self->in->ticket, DESK_KIND_CHANGE);

  desk_op_change (op, DESK_FIELD_STATUS, desk_enum_get_nick (DESK_TYPE_STATUS, status));
  desk_conversation_submit (self, op, (DeskAfterOp){ 0 });
}

static void
submit_composed (DeskConversation *self, DeskOp *op)
{
  const DeskAfterOp after = { .composed = TRUE, .leaves = op->kind == DESK_KIND_REPLY };

  desk_composer_begin (self->composer);
  desk_conversation_submit (self, op, after);
}

static gboolean
is_without_words (const DeskOp *op)
{
  return op->text == NULL && op->attachments->len == 0;
}

/* "Not yet" without a word is a change; with words it is a message, which opens the ticket too. */
static void
send (DeskConversation *self)
{
  DeskOp *op = desk_composer_make_op (self->composer);

  if (self->not_yet && (is_without_words (op) || !desk_composer_has_text (self->composer)) &&
      op->attachments->len == 0)
    {
      desk_op_unref (op);
      move_to (self, DESK_STATUS_OPEN);
      return;
    }
  submit_composed (self, op);
}

static gboolean
has_reply (DeskConversation *self)
{
  return self->agent && !desk_composer_is_note (self->composer) &&
         desk_composer_can_send (self->composer) && desk_composer_has_text (self->composer);
}

static void
send_and_wait (DeskConversation *self)
{
  DeskOp *op = desk_composer_make_op (self->composer);

  desk_op_change (op, DESK_FIELD_STATUS,
                  desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_WAITING));
  submit_composed (self, op);
}

/* --- dialogs --- */

static char *
word_moved (DeskStatusDialogKind kind, const DeskTicket *ticket)
{
  g_autofree char *number = desk_wording_number (ticket->number);
  gboolean has_number = ticket->number != NULL;

  switch (kind)
    {
    case DESK_STATUS_DIALOG_RESOLVE:
      return has_number ? desk_phrase (_ ("%s is resolved"), number)
                        : g_strdup (_ ("The ticket is resolved"));
    case DESK_STATUS_DIALOG_CLOSE:
    case DESK_STATUS_DIALOG_WITHDRAW:
      return has_number ? desk_phrase (_ ("%s is closed"), number)
                        : g_strdup (_ ("The ticket is closed"));
    }
  g_return_val_if_reached (NULL);
}

static void
dialog_done_cb (DeskStatusDialog *dialog,
                const DeskOp *op,
                const DeskReceipt *receipt,
                DeskConversation *self)
{
  DeskStatusDialogKind kind = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "kind"));
  g_autofree char *words = word_moved (kind, receipt->ticket);

  if (self->store == NULL)
    return;
  if (op->kind == DESK_KIND_REPLY)
    {
      desk_conversation_forget_draft (self->store, op);
      desk_composer_succeed (self->composer, op);
    }
  desk_conversation_say (self, words);
  desk_conversation_reload (self);
  if (self->agent)
    g_signal_emit_by_name (self, "left", op->ticket);
}

/* @reply nullable. */
static void
open_dialog (DeskConversation *self, DeskStatusDialogKind kind, DeskOp *reply)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog;

  if (self->dialog != NULL)
    return;
  dialog = desk_status_dialog_new (self->store, kind, self->in->ticket,
                                   desk_conversation_get_requester (self), reply);
  if (GTK_IS_WINDOW (root))
    {
      gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (root));
      gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
    }
  g_object_set_data (G_OBJECT (dialog), "kind", GINT_TO_POINTER (kind));
  g_signal_connect_object (dialog, "done", G_CALLBACK (dialog_done_cb), self, 0);
  g_set_weak_pointer (&self->dialog, DESK_STATUS_DIALOG (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- the actions --- */

static void
claim_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  desk_conversation_set_fact (self, DESK_FIELD_ASSIGNEE, desk_store_get_me (self->store)->uid);
}

static void
assign_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_choose_assignee (DESK_CONVERSATION (widget));
}

static void
transfer_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_choose_department (DESK_CONVERSATION (widget));
}

static void
topic_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_choose_topic (DESK_CONVERSATION (widget));
}

static void
team_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_choose_team (DESK_CONVERSATION (widget));
}

static void
priority_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_set_fact (DESK_CONVERSATION (widget), DESK_FIELD_PRIORITY,
                              g_variant_get_string (parameter, NULL));
}

static void
sla_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_choose_sla (DESK_CONVERSATION (widget));
}

static void
write_hint (DeskConversation *self, const char *hint)
{
  desk_conversation_write (self, FALSE);
  desk_composer_set_hint (self->composer, hint);
}

static void
wait_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  if (has_reply (self))
    send_and_wait (self);
  else
    write_hint (self, _ ("Say what you need to know, then Wait"));
}

static void
resolve_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_dialog (DESK_CONVERSATION (widget), DESK_STATUS_DIALOG_RESOLVE, NULL);
}

static void
close_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  open_dialog (self, self->agent ? DESK_STATUS_DIALOG_CLOSE : DESK_STATUS_DIALOG_WITHDRAW, NULL);
}

static void
reopen_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  if (self->agent)
    {
      move_to (self, DESK_STATUS_OPEN);
      return;
    }
  self->not_yet = self->in->ticket->status == DESK_STATUS_RESOLVED;
  desk_conversation_update (self);
  desk_composer_focus_text (self->composer);
}

static void
confirm_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  move_to (DESK_CONVERSATION (widget), DESK_STATUS_CLOSED);
}

static void
reply_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_write (DESK_CONVERSATION (widget), FALSE);
}

static void
note_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_write (DESK_CONVERSATION (widget), TRUE);
}

static void
send_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  send (DESK_CONVERSATION (widget));
}

static void
send_and_wait_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  send_and_wait (DESK_CONVERSATION (widget));
}

static void
send_and_resolve_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  g_autoptr (DeskOp) reply = desk_composer_make_op (self->composer);

  desk_composer_save (self->composer);
  open_dialog (self, DESK_STATUS_DIALOG_RESOLVE, reply);
}

static void
details_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  desk_conversation_show_details (DESK_CONVERSATION (widget));
}

/* --- when they are possible --- */

static gboolean
may_claim (DeskConversation *self)
{
  return self->agent && desk_conversation_can (self, DESK_ACTION_CLAIM);
}

static gboolean
may_assign (DeskConversation *self)
{
  return self->agent && desk_conversation_can (self, DESK_ACTION_ASSIGN);
}

static gboolean
may_transfer (DeskConversation *self)
{
  return self->agent && desk_conversation_can (self, DESK_ACTION_TRANSFER);
}

static gboolean
may_set (DeskConversation *self)
{
  return self->agent && desk_conversation_can (self, DESK_ACTION_SET);
}

static gboolean
may_wait (DeskConversation *self)
{
  return self->agent && desk_conversation_can (self, DESK_ACTION_WAIT);
}

static gboolean
may_resolve (DeskConversation *self)
{
  return self->agent && desk_conversation_can (self, DESK_ACTION_RESOLVE);
}

static gboolean
may_close (DeskConversation *self)
{
  return desk_conversation_can (self, self->agent ? DESK_ACTION_CLOSE : DESK_ACTION_WITHDRAW);
}

static gboolean
may_reopen (DeskConversation *self)
{
  return desk_conversation_can (self, DESK_ACTION_REOPEN);
}

static gboolean
may_confirm (DeskConversation *self)
{
  return desk_conversation_can (self, DESK_ACTION_CONFIRM);
}

static gboolean
may_write_reply (DeskConversation *self)
{
  return desk_conversation_can (self, self->agent ? DESK_ACTION_REPLY : DESK_ACTION_MESSAGE);
}

static gboolean
may_write_note (DeskConversation *self)
{
  return self->agent && desk_conversation_can (self, DESK_ACTION_NOTE);
}

static gboolean
may_send (DeskConversation *self)
{
  return self->in != NULL && gtk_widget_get_visible (GTK_WIDGET (self->composer)) &&
         desk_composer_can_send (self->composer);
}

static gboolean
may_send_and_wait (DeskConversation *self)
{
  return may_wait (self) && has_reply (self);
}

static gboolean
may_send_and_resolve (DeskConversation *self)
{
  return may_resolve (self) && has_reply (self);
}

static gboolean
may_see (DeskConversation *self)
{
  return self->in != NULL;
}

static const struct
{
  const char *name;
  const char *parameter;
  GtkWidgetActionActivateFunc activate;
  gboolean (*is_possible) (DeskConversation *self);
} action_table[] = {
  { "ticket.claim", NULL, claim_cb, may_claim },
  { "ticket.assign", NULL, assign_cb, may_assign },
  { "ticket.transfer", NULL, transfer_cb, may_transfer },
  { "ticket.topic", NULL, topic_cb, may_set },
  { "ticket.team", NULL, team_cb, may_assign },
  { "ticket.priority", "s", priority_cb, may_set },
  { "ticket.sla", NULL, sla_cb, may_set },
  { "ticket.wait", NULL, wait_cb, may_wait },
  { "ticket.resolve", NULL, resolve_cb, may_resolve },
  { "ticket.close", NULL, close_cb, may_close },
  { "ticket.reopen", NULL, reopen_cb, may_reopen },
  { "ticket.confirm", NULL, confirm_cb, may_confirm },
  { "ticket.reply", NULL, reply_cb, may_write_reply },
  { "ticket.note", NULL, note_cb, may_write_note },
  { "ticket.send", NULL, send_cb, may_send },
  { "ticket.send-and-wait", NULL, send_and_wait_cb, may_send_and_wait },
  { "ticket.send-and-resolve", NULL, send_and_resolve_cb, may_send_and_resolve },
  { "ticket.details", NULL, details_cb, may_see },
};

void
desk_conversation_install_actions (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (action_table); i++)
    gtk_widget_class_install_action (widget_class, action_table[i].name, action_table[i].parameter,
                                     action_table[i].activate);
}

void
desk_conversation_update_actions (DeskConversation *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (action_table); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), action_table[i].name,
                                   action_table[i].is_possible (self));
  desk_conversation_update_facts (self);
}
