/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is not on the desk: hearing of it, and bringing a text of it back into the composer.
 *
 * A text that comes back is on the disk as a draft before it leaves the outbox, so that nothing
 * that can happen in between loses it; what then is in both places is dropped from the drafts when
 * the ticket is opened, or from the outbox by its author. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-new-ticket-window.h"

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
  g_signal_connect_object (self->store, "outbox-changed",
                           G_CALLBACK (desk_conversation_look_for_refused), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->syncer, "changed", G_CALLBACK (syncer_changed_cb), self,
                           G_CONNECT_SWAPPED);
  desk_conversation_look_for_refused (self);
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
  desk_conversation_look_for_refused (conversation);
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

void
desk_conversation_bring_back (DeskConversation *self,
                              const char *op,
                              gboolean refused,
                              DeskOp *words)
{
  g_autoptr (DeskOp) draft = NULL;

  if (words->kind == DESK_KIND_CREATED && has_new_ticket_draft (self))
    {
      desk_conversation_say (
          self, _ ("Another new ticket is begun already. Send it or start it over first."));
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
