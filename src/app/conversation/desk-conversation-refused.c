/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the desk refused of this ticket: knowing of it, and deciding what becomes of it. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-refused.h"
#include "desk-unsent.h"

/* --- what there is --- */

void
desk_conversation_show_refused (DeskConversation *self)
{
  g_autoptr (GPtrArray) here = g_ptr_array_new ();

  for (guint i = 0; self->in != NULL && self->refused != NULL && i < self->refused->len; i++)
    {
      DeskOutboxItem *item = g_ptr_array_index (self->refused, i);

      if (g_strcmp0 (item->op->ticket, self->in->ticket->uid) == 0)
        g_ptr_array_add (here, item);
    }
  desk_history_set_refused (self->history, here->len > 0 ? here : NULL);
}

static gboolean
is_same (GPtrArray *one, GPtrArray *other)
{
  gboolean same = one != NULL && one->len == other->len;

  for (guint i = 0; same && i < other->len; i++)
    same = g_strcmp0 (((const DeskOutboxItem *) one->pdata[i])->op->uid,
                      ((const DeskOutboxItem *) other->pdata[i])->op->uid) == 0;
  return same;
}

static void
refused_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) items = desk_syncer_refused_finish (DESK_SYNCER (source), result, NULL);
  g_autoptr (GPtrArray) before = NULL;
  DeskConversation *self = user_data;

  if (items == NULL || is_same (self->refused, items))
    return;
  /* What is shown refers to the ones before. */
  before = g_steal_pointer (&self->refused);
  self->refused = g_steal_pointer (&items);
  desk_conversation_show_refused (self);
}

void
desk_conversation_look_for_refused (DeskConversation *self)
{
  if (self->syncer == NULL || self->unsent_cancellable == NULL)
    return;
  desk_syncer_refused_async (self->syncer, self->unsent_cancellable, refused_cb, self);
}

static const DeskOutboxItem *
find_refused (DeskConversation *self, const char *uid)
{
  for (guint i = 0; self->refused != NULL && i < self->refused->len; i++)
    {
      const DeskOutboxItem *item = g_ptr_array_index (self->refused, i);

      if (g_strcmp0 (item->op->uid, uid) == 0)
        return item;
    }
  return NULL;
}

/* --- deciding about it --- */

static void
resent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskConversation) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReceipt) receipt = desk_store_submit_finish (DESK_STORE (source), result, &error);

  if (self->store == NULL)
    return;
  if (receipt == NULL)
    desk_conversation_say_error (self, error);
  desk_conversation_look_for_refused (self);
  /* Both values are to choose from again. */
  if (receipt == NULL)
    desk_conversation_show_refused (self);
  desk_conversation_reload (self);
}

static void
send_instead (DeskConversation *self, DeskOp *op, const char *refused)
{
  desk_store_submit_instead_async (self->store, op, refused, NULL, resent_cb, g_object_ref (self));
}

/* The same on the ticket as it is now; NULL: nothing of it is left to ask for. (transfer full) */
static DeskOp *
ask_again (DeskConversation *self, const char *refused)
{
  const DeskOutboxItem *item = find_refused (self, refused);

  if (item == NULL || self->in == NULL)
    return NULL;
  return desk_refused_ask_again (self->store, self->in->ticket, item, NULL);
}

static void
send_again_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  const char *refused = g_variant_get_string (parameter, NULL);
  g_autoptr (DeskOp) op = ask_again (self, refused);

  if (op != NULL)
    send_instead (self, op, refused);
}

static void
send_and_reopen_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  const char *refused = g_variant_get_string (parameter, NULL);
  g_autoptr (DeskOp) op = ask_again (self, refused);

  if (op == NULL)
    return;
  desk_op_change (op, DESK_FIELD_STATUS, desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_OPEN));
  send_instead (self, op, refused);
}

static DeskKind
find_kind_of_draft (DeskConversation *self, const DeskOp *refused)
{
  switch (refused->kind)
    {
    case DESK_KIND_CREATED:
    case DESK_KIND_MESSAGE:
    case DESK_KIND_REPLY:
    case DESK_KIND_NOTE:
      return refused->kind;
    case DESK_KIND_CHANGE:
    case DESK_KIND_REDACT:
      return self->agent ? DESK_KIND_REPLY : DESK_KIND_MESSAGE;
    }
  g_return_val_if_reached (DESK_KIND_REPLY);
}

/* The desk has answered for the old uid for ever: the draft is another op. (transfer full) */
static DeskOp *
make_draft (DeskConversation *self, const DeskOp *refused)
{
  DeskOp *op = desk_store_new_op (self->store, self->in->ticket,
                                  find_kind_of_draft (self, refused));
  g_autofree char *words = desk_refused_dup_words (refused);

  desk_op_set_text (op, words);
  for (guint i = 0; i < refused->attachments->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (refused->attachments, i);

      desk_op_take_attachment (
          op, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
    }
  return op;
}

static void
keep (DeskConversation *self, const DeskOutboxItem *item)
{
  g_autoptr (DeskOp) draft = make_draft (self, item->op);

  desk_conversation_bring_back (self, item->op->uid, TRUE, draft);
}

static void
keep_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  const DeskOutboxItem *item = find_refused (self, g_variant_get_string (parameter, NULL));

  if (item != NULL && self->in != NULL)
    keep (self, item);
}

static void
dropped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskConversation) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!desk_syncer_drop_finish (DESK_SYNCER (source), result, &error) && self->store != NULL)
    desk_conversation_say_error (self, error);
  desk_conversation_look_for_refused (self);
}

static void
drop (DeskConversation *self, const DeskOutboxItem *item)
{
  desk_syncer_drop_async (self->syncer, item->op->uid, NULL, dropped_cb, g_object_ref (self));
}

/* @data: the refused op again, as a draft. */
static void
undo_drop_cb (DeskConversation *self, gpointer data)
{
  DeskOp *refused = data;
  g_autofree char *key = desk_composer_draft_key (refused->ticket, refused->kind);
  g_autoptr (DeskOp) draft = NULL;

  if (self == NULL || self->store == NULL)
    return;
  draft = desk_composer_join (self->composer, refused);
  desk_drafts_set (desk_store_get_drafts (self->store), key, draft);
  desk_composer_restore (self->composer, key);
}

static void
discard_refused_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  const DeskOutboxItem *item = find_refused (self, g_variant_get_string (parameter, NULL));
  g_autoptr (DeskOp) draft = NULL;

  if (item == NULL || self->in == NULL)
    return;
  draft = make_draft (self, item->op);
  drop (self, item);
  if (draft->text == NULL && draft->attachments->len == 0)
    desk_conversation_say (self, _ ("Discarded"));
  else
    desk_conversation_say_undoable (self, _ ("Discarded"), undo_drop_cb, g_steal_pointer (&draft),
                                    (GDestroyNotify) desk_op_unref);
}

static gboolean
has_words (const DeskOp *op)
{
  g_autofree char *words = desk_refused_dup_words (op);

  return words != NULL || op->attachments->len > 0;
}

/* Nothing is to be asked for any more; what was typed with it is not thrown away. */
static void
give_in (DeskConversation *self, const DeskOutboxItem *item)
{
  if (has_words (item->op))
    keep (self, item);
  else
    drop (self, item);
}

static void
settle_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  const DeskOutboxItem *item;
  g_autofree const char **mine = NULL;
  const char *uid;
  g_autoptr (DeskOp) op = NULL;

  g_variant_get (parameter, "(&s^a&s)", &uid, &mine);
  item = find_refused (self, uid);
  if (item == NULL || self->in == NULL)
    return;
  op = desk_refused_ask_again (self->store, self->in->ticket, item, mine);
  if (op != NULL)
    send_instead (self, op, uid);
  else
    give_in (self, item);
}

void
desk_conversation_install_refused_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "refused.send", "s", send_again_cb);
  gtk_widget_class_install_action (widget_class, "refused.reopen", "s", send_and_reopen_cb);
  gtk_widget_class_install_action (widget_class, "refused.keep", "s", keep_cb);
  gtk_widget_class_install_action (widget_class, "refused.discard", "s", discard_refused_cb);
  gtk_widget_class_install_action (widget_class, "refused.settle", "(sas)", settle_cb);
}

void
desk_conversation_find_refused (DeskConversation *self)
{
  GtkRoot *root;

  g_return_if_fail (DESK_IS_CONVERSATION (self));

  root = gtk_widget_get_root (GTK_WIDGET (self));
  if (GTK_IS_WINDOW (root))
    desk_unsent_show_refused (GTK_WINDOW (root), self->store, self->syncer);
}
