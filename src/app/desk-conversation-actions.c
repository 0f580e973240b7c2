/* SPDX-License-Identifier: GPL-3.0-or-later
 * What can be done to the ticket that is shown: ops, their answers, taking them back.
 *
 * What may be offered is asked of desk_can() only. An op under way outlives the widget: its draft
 * goes away when it got in, whoever is looking by then. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-phrase.h"
#include "desk-wording.h"

/* --- words about a change --- */

/* The fields that are set by menus, and what is said afterwards. */
static const struct
{
  DeskField field;
  const char *action; /* in the group "fact" */
  DeskAction right;
  const char *set;     /* gets the new value */
  const char *emptied; /* NULL: it is never empty */
} fact_table[] = {
  { DESK_FIELD_PRIORITY, "priority", DESK_ACTION_SET, N_ ("Priority set to %s"), NULL },
  { DESK_FIELD_ASSIGNEE, "assignee", DESK_ACTION_ASSIGN, N_ ("Assigned to %s"),
    N_ ("Assigned to nobody") },
  { DESK_FIELD_TEAM, "team", DESK_ACTION_ASSIGN, N_ ("Assigned to the team %s"),
    N_ ("Assigned to no team") },
  { DESK_FIELD_DEPARTMENT, "department", DESK_ACTION_TRANSFER, N_ ("Moved to %s"), NULL },
  { DESK_FIELD_TOPIC, "topic", DESK_ACTION_SET, N_ ("Help topic set to %s"),
    N_ ("Help topic removed") },
  { DESK_FIELD_SLA, "sla", DESK_ACTION_SET, N_ ("SLA plan set to %s"), N_ ("SLA plan removed") },
};

static const char *
find_entry_label (DeskStore *store, DeskEntryKind kind, const char *slug)
{
  const DeskEntry *entry = desk_catalogue_find (desk_store_get_catalogue (store), kind, slug);

  return entry != NULL ? entry->label : slug;
}

static const char *
find_priority_label (const char *nick)
{
  int priority;

  return desk_enum_parse (DESK_TYPE_PRIORITY, nick, &priority) ? desk_wording_priority (priority)
                                                               : nick;
}

static const char *
find_agent_name (DeskStore *store, const char *uid)
{
  return desk_wording_person (desk_catalogue_find_agent (desk_store_get_catalogue (store), uid));
}

/* @value not NULL. */
static const char *
find_value_label (DeskStore *store, DeskField field, const char *value)
{
  if (field == DESK_FIELD_PRIORITY)
    return find_priority_label (value);
  if (field == DESK_FIELD_ASSIGNEE)
    return find_agent_name (store, value);
  if (field == DESK_FIELD_TEAM)
    return find_entry_label (store, DESK_ENTRY_TEAM, value);
  if (field == DESK_FIELD_DEPARTMENT)
    return find_entry_label (store, DESK_ENTRY_DEPARTMENT, value);
  if (field == DESK_FIELD_TOPIC)
    return find_entry_label (store, DESK_ENTRY_TOPIC, value);
  return find_entry_label (store, DESK_ENTRY_SLA, value);
}

static char *
word_change (DeskStore *store, guint fact, const char *value)
{
  if (value == NULL)
    return g_strdup (_ (fact_table[fact].emptied));
  return desk_phrase (_ (fact_table[fact].set),
                      find_value_label (store, fact_table[fact].field, value));
}

/* --- ops under way --- */

typedef struct
{
  GWeakRef conversation;
  DeskOp *op;
  char *toast; /* said when it got in, or NULL */
  gboolean can_undo;
  gboolean composed; /* it is what the composer holds */
  gboolean leaves;   /* an agent is done with the ticket then */
} Submission;

static void
free_submission (Submission *submission)
{
  g_weak_ref_clear (&submission->conversation);
  desk_op_unref (submission->op);
  g_free (submission->toast);
  g_free (submission);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Submission, free_submission)

static void submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* Takes @op. */
static Submission *
new_submission (DeskConversation *self, DeskOp *op)
{
  Submission *submission = g_new0 (Submission, 1);

  g_weak_ref_init (&submission->conversation, self);
  submission->op = op;
  return submission;
}

/* Takes @submission. */
static void
submit (DeskStore *store, Submission *submission)
{
  desk_store_submit_async (store, submission->op, NULL, submitted_cb, submission);
}

static void
forget_draft (DeskStore *store, const DeskOp *op)
{
  g_autofree char *key = desk_composer_draft_key (op->ticket, op->kind);

  desk_drafts_set (desk_store_get_drafts (store), key, NULL);
}

/* --- undo --- */

typedef struct
{
  DeskStore *store;
  DeskReceipt *receipt;
} Undo;

static void
free_undo (gpointer data)
{
  Undo *undo = data;

  g_object_unref (undo->store);
  desk_receipt_free (undo->receipt);
  g_free (undo);
}

static gboolean
can_be_undone (DeskField field)
{
  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    if (fact_table[i].field == field)
      return TRUE;
  return FALSE;
}

/* The opposite of all that the op brought about, as a new op. */
static DeskOp *
make_opposite (Undo *undo)
{
  DeskOp *op = desk_store_new_op (undo->store, undo->receipt->ticket, DESK_KIND_CHANGE);

  for (guint i = 0; i < undo->receipt->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (undo->receipt->events, i);

      for (guint j = 0; j < event->changes->len; j++)
        {
          const DeskChange *change = g_ptr_array_index (event->changes, j);

          if (can_be_undone (change->field))
            desk_op_change (op, change->field, change->from);
        }
    }
  return op;
}

static void
undo_cb (DeskConversation *self, gpointer data)
{
  Undo *undo = data;

  submit (undo->store, new_submission (self, make_opposite (undo)));
}

/* Takes @receipt. */
static Undo *
new_undo (DeskStore *store, DeskReceipt *receipt)
{
  Undo *undo = g_new0 (Undo, 1);

  undo->store = g_object_ref (store);
  undo->receipt = receipt;
  return undo;
}

/* --- answers --- */

static void
tell (DeskConversation *self, Submission *submission, DeskReceipt **receipt)
{
  if (submission->toast == NULL || (*receipt)->events->len == 0)
    return;
  if (submission->can_undo)
    desk_conversation_say_undoable (self, submission->toast, undo_cb,
                                    new_undo (self->store, g_steal_pointer (receipt)), free_undo);
  else
    desk_conversation_say (self, submission->toast);
}

static void
succeed (DeskConversation *self, Submission *submission, DeskReceipt **receipt)
{
  if (submission->composed)
    desk_composer_succeed (self->composer, submission->op);
  if (submission->composed && self->not_yet)
    self->not_yet = FALSE;
  tell (self, submission, receipt);
  desk_conversation_reload (self);
  if (submission->leaves && self->agent)
    g_signal_emit_by_name (self, "left", submission->op->ticket);
}

static gboolean
shows_ticket (DeskConversation *self, const DeskOp *op)
{
  return self->in != NULL && g_strcmp0 (self->in->ticket->uid, op->ticket) == 0;
}

/* After a conflict the reader has to see what happened before trying again. */
static void
fail (DeskConversation *self, Submission *submission, const GError *error)
{
  if (submission->composed)
    desk_composer_fail (self->composer, submission->op, error);
  if (!submission->composed || !shows_ticket (self, submission->op))
    desk_conversation_say_error (self, error);
  desk_conversation_reload (self);
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Submission) submission = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReceipt) receipt = desk_store_submit_finish (DESK_STORE (source), result, &error);
  g_autoptr (DeskConversation) self = g_weak_ref_get (&submission->conversation);

  if (receipt != NULL && submission->composed)
    forget_draft (DESK_STORE (source), submission->op);
  if (self == NULL || self->store == NULL)
    return;
  if (receipt != NULL)
    succeed (self, submission, &receipt);
  else
    fail (self, submission, error);
}

/* --- changes --- */

static DeskOp *
new_change (DeskConversation *self)
{
  return desk_store_new_op (self->store, self->in->ticket, DESK_KIND_CHANGE);
}

static void
set_fact (DeskConversation *self, guint fact, const char *value)
{
  DeskField field = fact_table[fact].field;
  DeskOp *op;
  Submission *submission;

  if (self->in == NULL || desk_ticket_field_equals (self->in->ticket, field, value))
    return;
  op = new_change (self);
  desk_op_change (op, field, value);
  submission = new_submission (self, op);
  submission->toast = word_change (self->store, fact, value);
  submission->can_undo = TRUE;
  submission->leaves = field == DESK_FIELD_DEPARTMENT;
  submit (self->store, submission);
}

static guint
find_fact (DeskField field)
{
  guint fact = 0;

  while (fact_table[fact].field != field)
    fact++;
  return fact;
}

static void
fact_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *name = g_action_get_name (G_ACTION (action));
  const char *value = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    if (g_strcmp0 (fact_table[i].action, name) == 0)
      set_fact (user_data, i, *value != '\0' ? value : NULL);
}

GSimpleActionGroup *
desk_conversation_make_facts (DeskConversation *self)
{
  GSimpleActionGroup *group = g_simple_action_group_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (
          fact_table[i].action, G_VARIANT_TYPE_STRING, g_variant_new_string (""));

      g_simple_action_set_enabled (action, FALSE);
      g_signal_connect_object (action, "activate", G_CALLBACK (fact_cb), self, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  return group;
}

static void
update_facts (DeskConversation *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (fact_table); i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->facts),
                                                    fact_table[i].action);
      g_autofree char *value = self->in != NULL
                                   ? desk_ticket_dup_field (self->in->ticket, fact_table[i].field)
                                   : NULL;

      g_simple_action_set_state (G_SIMPLE_ACTION (action),
                                 g_variant_new_string (value != NULL ? value : ""));
      g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                                   self->agent &&
                                       desk_conversation_can (self, fact_table[i].right));
    }
}

static void
move_to (DeskConversation *self, DeskStatus status)
{
  DeskOp *op = new_change (self);

  desk_op_change (op, DESK_FIELD_STATUS, desk_enum_get_nick (DESK_TYPE_STATUS, status));
  submit (self->store, new_submission (self, op));
}

/* --- what is written --- */

static void
submit_composed (DeskConversation *self, DeskOp *op)
{
  Submission *submission = new_submission (self, op);

  submission->composed = TRUE;
  submission->leaves = op->kind == DESK_KIND_REPLY;
  desk_composer_begin (self->composer);
  submit (self->store, submission);
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
      forget_draft (self->store, op);
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

  set_fact (self, find_fact (DESK_FIELD_ASSIGNEE), desk_store_get_me (self->store)->uid);
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
  set_fact (DESK_CONVERSATION (widget), find_fact (DESK_FIELD_PRIORITY),
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
  update_facts (self);
}
