/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ops of the conversation under way: what became of them, and taking changes back.
 *
 * An op under way outlives the widget: its draft goes away when it got in, whoever is looking by
 * then. */
#include "desk-conversation-private.h"

typedef struct
{
  GWeakRef conversation;
  DeskOp *op;
  DeskAfterOp after;
} Submission;

static void
free_submission (Submission *submission)
{
  g_weak_ref_clear (&submission->conversation);
  desk_op_unref (submission->op);
  g_free (submission->after.said);
  g_free (submission);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Submission, free_submission)

static void submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* @self NULL: nobody waits for it. Takes @op and what is in @after. */
static void
submit (DeskStore *store, DeskConversation *self, DeskOp *op, DeskAfterOp after)
{
  Submission *submission = g_new0 (Submission, 1);

  g_weak_ref_init (&submission->conversation, self);
  submission->op = op;
  submission->after = after;
  desk_store_submit_async (store, op, NULL, submitted_cb, submission);
}

void
desk_conversation_submit (DeskConversation *self, DeskOp *op, DeskAfterOp after)
{
  submit (self->store, self, op, after);
}

void
desk_conversation_forget_draft (DeskStore *store, const DeskOp *op)
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

          if (desk_conversation_is_fact (change->field))
            desk_op_change (op, change->field, change->from);
        }
    }
  return op;
}

static void
undo_cb (DeskConversation *self, gpointer data)
{
  Undo *undo = data;

  submit (undo->store, self, make_opposite (undo), (DeskAfterOp){ 0 });
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
  if (submission->after.said == NULL || (*receipt)->events->len == 0)
    return;
  if (submission->after.can_undo)
    desk_conversation_say_undoable (self, submission->after.said, undo_cb,
                                    new_undo (self->store, g_steal_pointer (receipt)), free_undo);
  else
    desk_conversation_say (self, submission->after.said);
}

static void
succeed (DeskConversation *self, Submission *submission, DeskReceipt **receipt)
{
  if (submission->after.composed)
    desk_composer_succeed (self->composer, submission->op);
  if (submission->after.composed && self->not_yet)
    self->not_yet = FALSE;
  tell (self, submission, receipt);
  desk_conversation_reload (self);
  if (submission->after.leaves && self->agent)
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
  if (submission->after.composed)
    desk_composer_fail (self->composer, submission->op, error);
  if (!submission->after.composed || !shows_ticket (self, submission->op))
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

  if (receipt != NULL && submission->after.composed)
    desk_conversation_forget_draft (DESK_STORE (source), submission->op);
  if (self == NULL || self->store == NULL)
    return;
  if (receipt != NULL)
    succeed (self, submission, &receipt);
  else
    fail (self, submission, error);
}
