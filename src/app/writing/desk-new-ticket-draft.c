/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is filled in, kept as an op under one key of the drafts: saving it while somebody types,
 * offering it again, starting over, and taking in what the desk refused. */
#include "desk-new-ticket-window-private.h"

#include <glib/gi18n.h>

#include "desk-refused.h"

#define DRAFT_KEY DESK_NEW_TICKET_DRAFT
/* After the last keystroke; a crash loses no more than what was typed meanwhile. */
#define SAVE_AFTER_MS 500

/* --- keeping it --- */

/* Keeps what is filled in, and makes it ready to be sent. */
void
desk_new_ticket_window_save (DeskNewTicketWindow *self)
{
  DeskOp *before = self->op;

  g_clear_handle_id (&self->save_timer, g_source_remove);
  if (before != NULL && !self->is_changed)
    return;
  self->op = desk_new_ticket_form_make_op (self->form);
  if (before != NULL)
    desk_op_replace (self->op, before);
  g_clear_pointer (&before, desk_op_unref);
  self->is_changed = FALSE;
  desk_drafts_set (desk_store_get_drafts (self->store), DRAFT_KEY, self->op);
}

static gboolean
save_cb (gpointer data)
{
  DeskNewTicketWindow *self = data;

  self->save_timer = 0;
  desk_new_ticket_window_save (self);
  return G_SOURCE_REMOVE;
}

void
desk_new_ticket_window_save_later (DeskNewTicketWindow *self)
{
  self->is_changed = TRUE;
  g_clear_handle_id (&self->save_timer, g_source_remove);
  self->save_timer = g_timeout_add (SAVE_AFTER_MS, save_cb, self);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskNewTicketWindow) self = user_data;
  g_autoptr (DeskCase) filed = desk_store_load_finish (DESK_STORE (source), result, NULL);

  if (filed != NULL && !self->sending && self->filed_uid == NULL)
    desk_new_ticket_window_finish (self, filed->ticket);
}

/* One that got in while the program was ending is not offered again: it is filed. */
void
desk_new_ticket_window_restore (DeskNewTicketWindow *self)
{
  const DeskOp *draft = desk_drafts_get (desk_store_get_drafts (self->store), DRAFT_KEY);

  desk_new_ticket_form_fill (self->form, draft);
  if (draft == NULL)
    return;
  self->op = desk_op_ref ((DeskOp *) draft);
  self->is_changed = FALSE;
  gtk_widget_set_visible (self->restored_bar, TRUE);
  desk_store_load_async (self->store, draft->ticket, 0, NULL, looked_up_cb, g_object_ref (self));
}

/* --- what the desk refused --- */

/* On its way from the outbox into the draft, which is on the disk first. */
typedef struct
{
  DeskSyncer *syncer;
  char *op; /* uid */
} Return;

static void
draft_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Return *way = user_data;

  desk_syncer_drop_async (way->syncer, way->op, NULL, NULL, NULL);
  g_object_unref (way->syncer);
  g_free (way->op);
  g_free (way);
}

static gboolean
is_untouched (DeskNewTicketWindow *self)
{
  return self->op == NULL && !self->is_changed && !self->sending && self->filed_uid == NULL;
}

/* The desk has answered for the old uid for ever. What was said on the ticket since comes back to
 * it, unless its uid is somebody else's. (transfer full) */
static DeskOp *
ask_anew (DeskNewTicketWindow *self, const DeskOutboxItem *item)
{
  DeskOp *op = desk_refused_ask_again (self->store, NULL, item, NULL);

  if (item->problem == NULL || g_strcmp0 (item->problem->code, "uid-reused") != 0)
    {
      g_free (op->ticket);
      op->ticket = g_strdup (item->op->ticket);
    }
  return op;
}

static void
adopt (DeskNewTicketWindow *self, const DeskOutboxItem *item)
{
  DeskDrafts *drafts = desk_store_get_drafts (self->store);
  g_autoptr (DeskOp) op = ask_anew (self, item);
  g_autofree char *reason = desk_refused_dup_reason (item);
  Return *way = g_new0 (Return, 1);

  way->syncer = g_object_ref (self->syncer);
  way->op = g_strdup (item->op->uid);
  desk_drafts_set (drafts, DRAFT_KEY, op);
  desk_drafts_flush_async (drafts, draft_kept_cb, way);
  desk_new_ticket_window_restore (self);
  gtk_widget_set_visible (self->restored_bar, FALSE);
  desk_new_ticket_window_set_problem (self, reason);
}

static void
refused_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskNewTicketWindow) self = user_data;
  g_autoptr (GPtrArray) items = desk_syncer_refused_finish (DESK_SYNCER (source), result, NULL);

  for (guint i = 0; items != NULL && self->form != NULL && i < items->len; i++)
    {
      const DeskOutboxItem *item = g_ptr_array_index (items, i);

      if (item->op->kind != DESK_KIND_CREATED || !is_untouched (self))
        continue;
      adopt (self, item);
      return;
    }
}

/* A ticket that was taken back or refused while the window was open fills an empty one. */
void
desk_new_ticket_window_look_for_draft (DeskNewTicketWindow *self)
{
  if (self->syncer == NULL || !gtk_window_is_active (GTK_WINDOW (self)) || !is_untouched (self))
    return;
  if (desk_drafts_get (desk_store_get_drafts (self->store), DRAFT_KEY) != NULL)
    desk_new_ticket_window_restore (self);
  else
    desk_syncer_refused_async (self->syncer, NULL, refused_cb, g_object_ref (self));
}

/* --- starting over --- */

static void
undo_start_over_cb (DeskNewTicketWindow *self)
{
  if (self->thrown_away == NULL || self->filed_uid != NULL)
    return;
  desk_new_ticket_form_fill (self->form, self->thrown_away);
  g_clear_pointer (&self->op, desk_op_unref);
  self->op = g_steal_pointer (&self->thrown_away);
  self->is_changed = FALSE;
  desk_drafts_set (desk_store_get_drafts (self->store), DRAFT_KEY, self->op);
}

void
desk_new_ticket_window_start_over (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (widget);
  AdwToast *toast = adw_toast_new (_ ("Draft removed"));

  desk_new_ticket_window_save (self);
  g_clear_pointer (&self->thrown_away, desk_op_unref);
  self->thrown_away = g_steal_pointer (&self->op);
  desk_new_ticket_form_fill (self->form, NULL);
  desk_new_ticket_window_save (self);
  desk_new_ticket_window_set_problem (self, NULL);
  gtk_widget_set_visible (self->restored_bar, FALSE);
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_start_over_cb), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
  gtk_widget_grab_focus (GTK_WIDGET (self->form));
}
