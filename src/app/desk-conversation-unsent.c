/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is not on the desk: taking back what waits, and deciding what becomes of what was refused.
 *
 * A text that comes back is on the disk as a draft before it leaves the outbox, so that nothing
 * that can happen in between loses it; what then is in both places is dropped from the drafts when
 * the ticket is opened, or from the outbox by its author. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-new-ticket-window.h"
#include "desk-refused.h"
#include "desk-unsent.h"

/* --- what was refused --- */

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

static void
look_for_refused (DeskConversation *self)
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

/* --- following --- */

/* Which ops may have arrived by now shows when somebody looks again. */
static void
syncer_changed_cb (DeskConversation *self)
{
  const DeskSyncerStatus *status = desk_syncer_get_status (self->syncer);
  double share = status->size_bytes > 0 ? (double) status->sent_bytes / (double) status->size_bytes
                                        : 0;

  if (self->in != NULL && self->in->pending > 0)
    desk_history_set_upload (self->history, status->upload_op, share);
  if (status->state == self->sync_state)
    return;
  self->sync_state = status->state;
  if (self->in != NULL && self->in->pending > 0)
    desk_conversation_reload (self);
}

void
desk_conversation_follow_outbox (DeskConversation *self)
{
  if (self->syncer == NULL)
    return;
  self->unsent_cancellable = g_cancellable_new ();
  self->sync_state = desk_syncer_get_status (self->syncer)->state;
  g_signal_connect_object (self->store, "outbox-changed", G_CALLBACK (look_for_refused), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->syncer, "changed", G_CALLBACK (syncer_changed_cb), self,
                           G_CONNECT_SWAPPED);
  look_for_refused (self);
}

/* --- a text that comes back --- */

/* On its way from the outbox to the drafts. */
typedef struct
{
  GWeakRef conversation;
  DeskStore *store;
  DeskSyncer *syncer;
  char *op; /* uid */
  DeskKind kind;
  gboolean refused; /* else it waits */
  char *key;        /* of the draft */
  DeskOp *before;   /* the draft there was, or NULL */
} Return;

static void
free_return (Return *self)
{
  g_weak_ref_clear (&self->conversation);
  g_object_unref (self->store);
  g_clear_object (&self->syncer);
  g_clear_pointer (&self->before, desk_op_unref);
  g_free (self->op);
  g_free (self->key);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Return, free_return)

static void
show_returned (Return *self, DeskConversation *conversation, const GError *error)
{
  if (error != NULL)
    desk_conversation_say_error (conversation, error);
  look_for_refused (conversation);
  desk_conversation_reload (conversation);
  if (self->kind != DESK_KIND_CREATED)
    desk_composer_restore (conversation->composer, self->key);
  else if (error == NULL)
    gtk_widget_activate_action (GTK_WIDGET (conversation), "app.new-ticket", NULL);
  if (error != NULL || self->kind == DESK_KIND_CREATED)
    return;
  if (gtk_widget_get_visible (GTK_WIDGET (conversation->composer)))
    desk_composer_focus_text (conversation->composer);
  else
    desk_conversation_say (conversation, _ ("Kept as a draft, for when the ticket is open again"));
}

static void
left_outbox_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Return) self = user_data;
  g_autoptr (DeskConversation) conversation = g_weak_ref_get (&self->conversation);
  g_autoptr (GPtrArray) ops = NULL;
  g_autoptr (GError) error = NULL;

  if (self->refused)
    desk_syncer_drop_finish (self->syncer, result, &error);
  else
    ops = desk_store_withdraw_finish (self->store, result, &error);
  if (error != NULL)
    desk_drafts_set (desk_store_get_drafts (self->store), self->key, self->before);
  if (conversation != NULL && conversation->store != NULL)
    show_returned (self, conversation, error);
}

static void
draft_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Return *self = user_data;

  if (self->refused)
    desk_syncer_drop_async (self->syncer, self->op, NULL, left_outbox_cb, self);
  else
    desk_store_withdraw_async (self->store, self->op, NULL, left_outbox_cb, self);
}

static void
keep_draft (DeskConversation *self, const char *op, gboolean refused, DeskOp *draft, char *key)
{
  DeskDrafts *drafts = desk_store_get_drafts (self->store);
  const DeskOp *before = desk_drafts_get (drafts, key);
  Return *way = g_new0 (Return, 1);

  g_weak_ref_init (&way->conversation, self);
  way->store = g_object_ref (self->store);
  g_set_object (&way->syncer, self->syncer);
  way->op = g_strdup (op);
  way->kind = draft->kind;
  way->refused = refused;
  way->key = key;
  way->before = before != NULL ? desk_op_ref ((DeskOp *) before) : NULL;
  desk_drafts_set (drafts, key, draft);
  desk_drafts_flush_async (drafts, draft_kept_cb, way);
}

static gboolean
has_new_ticket_draft (DeskConversation *self)
{
  return desk_drafts_get (desk_store_get_drafts (self->store), DESK_NEW_TICKET_DRAFT) != NULL;
}

/* @words: what becomes the draft, an op of the kind to be written. */
static void
bring_back (DeskConversation *self, const char *op, gboolean refused, DeskOp *words)
{
  g_autoptr (DeskOp) draft = NULL;

  if (words->kind == DESK_KIND_CREATED && has_new_ticket_draft (self))
    {
      desk_conversation_say (self, _ ("Another new ticket is begun already. Send it or start it over first."));
      return;
    }
  if (words->kind == DESK_KIND_CREATED)
    {
      keep_draft (self, op, refused, words, g_strdup (DESK_NEW_TICKET_DRAFT));
      return;
    }
  draft = desk_composer_join (self->composer, words);
  keep_draft (self, op, refused, draft, desk_composer_draft_key (draft->ticket, draft->kind));
}

/* --- what waits --- */

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
    bring_back (self, uid, FALSE, op);
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

/* --- deciding about what was refused --- */

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
  look_for_refused (self);
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

static void
send_again_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  const DeskOutboxItem *item = find_refused (self, g_variant_get_string (parameter, NULL));
  g_autoptr (DeskOp) op = NULL;

  if (item == NULL || self->in == NULL)
    return;
  op = desk_refused_ask_again (self->store, self->in->ticket, item, NULL);
  if (op != NULL)
    send_instead (self, op, item->op->uid);
}

static void
send_and_reopen_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  const DeskOutboxItem *item = find_refused (self, g_variant_get_string (parameter, NULL));
  g_autoptr (DeskOp) op = NULL;

  if (item == NULL || self->in == NULL)
    return;
  op = desk_refused_ask_again (self->store, self->in->ticket, item, NULL);
  desk_op_change (op, DESK_FIELD_STATUS, desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_OPEN));
  send_instead (self, op, item->op->uid);
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

  bring_back (self, item->op->uid, TRUE, draft);
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
  look_for_refused (self);
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

static const struct
{
  const char *name;
  const char *parameter;
  GtkWidgetActionActivateFunc activate;
} unsent_actions[] = {
  { "waiting.edit", "s", edit_cb },         { "waiting.discard", "s", discard_cb },
  { "refused.send", "s", send_again_cb },   { "refused.reopen", "s", send_and_reopen_cb },
  { "refused.keep", "s", keep_cb },         { "refused.discard", "s", discard_refused_cb },
  { "refused.settle", "(sas)", settle_cb },
};

void
desk_conversation_install_unsent_actions (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (unsent_actions); i++)
    gtk_widget_class_install_action (widget_class, unsent_actions[i].name,
                                     unsent_actions[i].parameter, unsent_actions[i].activate);
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
