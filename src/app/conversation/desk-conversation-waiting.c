/* SPDX-License-Identifier: GPL-3.0-or-later
 * What waits to be sent and has not left: taking it back to be edited, discarding it, and having it
 * wait again. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

/* What was typed into the op @uid, as an op of that uid: it has never been anywhere. */
static DeskOp *
find_waiting (DeskConversation *self, const char *uid)
{
  for (guint i = 0; self->in != NULL && i < self->in->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (self->in->events, i);
      DeskOp *op;

      if (event->no != 0 || g_strcmp0 (event->cause, uid) != 0)
        continue;
      op = desk_op_new (uid, event->ticket, event->kind, event->author);
      op->device = g_strdup (desk_store_get_device (self->store));
      op->via = DESK_VIA_APP;
      op->at = event->at;
      desk_op_set_text (op, event->text);
      for (guint j = 0; j < event->attachments->len; j++)
        {
          const DeskAttachment *file = g_ptr_array_index (event->attachments, j);

          desk_op_take_attachment (
              op, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
        }
      for (guint j = 0; event->kind == DESK_KIND_CREATED && j < event->changes->len; j++)
        {
          const DeskChange *change = g_ptr_array_index (event->changes, j);

          desk_op_change (op, change->field, change->to);
        }
      return op;
    }
  return NULL;
}

static void
edit_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  const char *uid = g_variant_get_string (parameter, NULL);
  g_autoptr (DeskOp) op = find_waiting (self, uid);

  if (op != NULL)
    desk_conversation_bring_back (self, uid, FALSE, op);
}

/* One that is to wait again. */
typedef struct
{
  GWeakRef conversation;
  DeskOp *op;
} Resubmission;

/* What cannot be done any more is not thrown away for that. */
static void
keep_words (DeskStore *store, DeskOp *op)
{
  g_autofree char *key = desk_composer_draft_key (op->ticket, op->kind);
  DeskDrafts *drafts = desk_store_get_drafts (store);

  if (op->text != NULL && op->kind != DESK_KIND_CREATED && desk_drafts_get (drafts, key) == NULL)
    desk_drafts_set (drafts, key, op);
}

static void
waits_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Resubmission *again = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReceipt) receipt = desk_store_submit_finish (DESK_STORE (source), result, &error);
  g_autoptr (DeskConversation) self = g_weak_ref_get (&again->conversation);

  if (receipt == NULL)
    keep_words (DESK_STORE (source), again->op);
  if (receipt == NULL && self != NULL && self->store != NULL)
    desk_conversation_say_error (self, error);
  g_weak_ref_clear (&again->conversation);
  desk_op_unref (again->op);
  g_free (again);
}

/* What was discarded, in order. */
typedef struct
{
  DeskStore *store;
  GPtrArray *ops;
} Again;

static void
free_again (gpointer data)
{
  Again *self = data;

  g_object_unref (self->store);
  g_ptr_array_unref (self->ops);
  g_free (self);
}

static void
undo_discard_cb (DeskConversation *conversation, gpointer data)
{
  Again *self = data;

  for (guint i = 0; i < self->ops->len; i++)
    {
      Resubmission *again = g_new0 (Resubmission, 1);

      g_weak_ref_init (&again->conversation, conversation);
      again->op = desk_op_ref (g_ptr_array_index (self->ops, i));
      desk_store_submit_async (self->store, again->op, NULL, waits_again_cb, again);
    }
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskConversation) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *ops = desk_store_withdraw_finish (DESK_STORE (source), result, &error);
  Again *again;

  if (self->store == NULL)
    {
      g_clear_pointer (&ops, g_ptr_array_unref);
      return;
    }
  desk_conversation_reload (self);
  if (ops == NULL)
    {
      desk_conversation_say_error (self, error);
      return;
    }
  again = g_new0 (Again, 1);
  again->store = g_object_ref (self->store);
  again->ops = ops;
  desk_conversation_say_undoable (self, _ ("Discarded"), undo_discard_cb, again, free_again);
}

static void
discard_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  desk_store_withdraw_async (self->store, g_variant_get_string (parameter, NULL), NULL,
                             discarded_cb, g_object_ref (self));
}

void
desk_conversation_install_waiting_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "waiting.edit", "s", edit_cb);
  gtk_widget_class_install_action (widget_class, "waiting.discard", "s", discard_cb);
}
