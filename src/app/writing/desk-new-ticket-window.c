/* SPDX-License-Identifier: GPL-3.0-or-later
 * The small window that files a ticket; see the header.
 *
 * What is filled in is kept as an op under one key of the drafts, and that very op is sent: sent
 * twice, even after a crash in between, it files one ticket. An op that the desk refused is
 * answered for; what is sent next is another op. */
#include "desk-new-ticket-window-private.h"

#include <glib/gi18n.h>

#include "desk-error.h"
#include "desk-send-key.h"
#include "desk-unsent.h"
#include "desk-wording.h"

G_DEFINE_FINAL_TYPE (DeskNewTicketWindow, desk_new_ticket_window, ADW_TYPE_WINDOW)

enum
{
  FILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
are_files_on_their_way (DeskNewTicketWindow *self)
{
  gboolean busy;

  g_object_get (desk_new_ticket_form_get_attachments (self->form), "busy", &busy, NULL);
  return busy;
}

static guint
count_refused (DeskNewTicketWindow *self)
{
  return desk_attachments_count_refused (desk_new_ticket_form_get_attachments (self->form));
}

/* @message NULL: all is well. */
void
desk_new_ticket_window_set_problem (DeskNewTicketWindow *self, const char *message)
{
  gtk_label_set_text (self->problem_label, message != NULL ? message : "");
  gtk_widget_set_visible (self->problem_bar, message != NULL);
}

/* --- offline --- */

/* Other troubles than being offline need somebody; which, the main window says. */
static const char *
say_offline (DeskNewTicketWindow *self)
{
  if (desk_syncer_get_status (self->syncer)->state == DESK_SYNCER_OFFLINE)
    return _ ("You are offline. The ticket is kept here and sent when the desk answers again.");
  if (desk_syncer_get_status (self->syncer)->state == DESK_SYNCER_BUSY)
    return _ ("The desk is busy. The ticket is kept here and sent when it answers again.");
  return _ ("Nothing is sent at the moment. The ticket is kept here until it can be.");
}

static void
show_offline (DeskNewTicketWindow *self)
{
  gboolean offline = desk_unsent_is_offline (self->syncer);

  gtk_widget_set_visible (self->offline_bar, offline);
  gtk_label_set_text (self->offline_label, say_offline (self));
  gtk_label_set_text (self->send_label, offline ? _ ("Send later") : _ ("Send"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->send_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  offline ? _ ("Send later") : _ ("Send"), -1);
}

static void
syncer_changed_cb (DeskNewTicketWindow *self)
{
  show_offline (self);
  desk_new_ticket_window_follow_filed (self);
}

static void
follow_syncer (DeskNewTicketWindow *self)
{
  if (self->syncer == NULL)
    return;
  g_signal_connect_object (self->syncer, "changed", G_CALLBACK (syncer_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (desk_new_ticket_window_look_for_draft),
                    NULL);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (desk_new_ticket_window_follow_filed),
                           self, G_CONNECT_SWAPPED);
  show_offline (self);
}

/* --- sending --- */

/* Nothing is changed meanwhile; afterwards the cursor is where it was. */
void
desk_new_ticket_window_set_sending (DeskNewTicketWindow *self, gboolean sending)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  self->sending = sending;
  if (sending)
    g_set_weak_pointer (&self->focus, focus);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "new-ticket.send", !sending);
  gtk_widget_set_sensitive (self->form_page, !sending);
  gtk_stack_set_visible_child_name (self->send_stack, sending ? "progress" : "label");
  gtk_spinner_set_spinning (self->spinner, sending);
  if (!sending && self->focus != NULL)
    gtk_widget_grab_focus (self->focus);
}

static void
finish_refused (DeskNewTicketWindow *self, const GError *error)
{
  g_autofree char *words = desk_wording_error (error);

  /* A refusal is an answer to that op for ever. */
  if (error->domain == DESK_ERROR)
    g_clear_pointer (&self->op, desk_op_unref);
  if (self->pages == NULL)
    return;
  desk_new_ticket_window_set_sending (self, FALSE);
  desk_new_ticket_window_set_problem (self, words);
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskNewTicketWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReceipt) receipt = NULL;

  receipt = desk_store_submit_finish (DESK_STORE (source), result, &error);
  if (receipt != NULL)
    desk_new_ticket_window_finish (self, receipt->ticket);
  else
    finish_refused (self, error);
}

static void
submit (DeskNewTicketWindow *self)
{
  if (!desk_new_ticket_form_check (self->form))
    return;
  desk_new_ticket_window_set_problem (self, NULL);
  gtk_widget_set_visible (self->restored_bar, FALSE);
  desk_new_ticket_window_save (self);
  desk_new_ticket_window_set_sending (self, TRUE);
  desk_store_submit_async (self->store, self->op, NULL, submitted_cb, g_object_ref (self));
}

/* A file came, or was refused, while the person waits for the ticket to be sent. */
static void
continue_sending (DeskNewTicketWindow *self)
{
  if (are_files_on_their_way (self) && count_refused (self) <= self->n_refused)
    return;
  self->send_when_copied = FALSE;
  desk_new_ticket_window_set_sending (self, FALSE);
  if (count_refused (self) > self->n_refused)
    desk_new_ticket_window_set_problem (
        self, _ ("A file could not be attached. Look at it, then send again."));
  else
    submit (self);
}

static void
changed_cb (DeskNewTicketWindow *self)
{
  if (self->filed_uid != NULL)
    return;
  desk_new_ticket_window_save_later (self);
  desk_new_ticket_window_set_problem (self, NULL);
  if (self->send_when_copied)
    continue_sending (self);
}

static void
send_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (widget);

  if (self->sending || self->filed_uid != NULL || !desk_new_ticket_form_check (self->form))
    return;
  if (!are_files_on_their_way (self))
    {
      submit (self);
      return;
    }
  self->send_when_copied = TRUE;
  self->n_refused = count_refused (self);
  desk_new_ticket_window_set_sending (self, TRUE);
}

static void
open_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (widget);

  gtk_widget_activate_action (widget, "app.ticket", "s", self->filed_uid);
  gtk_window_close (GTK_WINDOW (self));
}

/* --- the window --- */

static gboolean
desk_new_ticket_window_close_request (GtkWindow *window)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (window);

  if (self->filed_uid == NULL && !self->sending)
    desk_new_ticket_window_save (self);
  return GTK_WINDOW_CLASS (desk_new_ticket_window_parent_class)->close_request (window);
}

static void
desk_new_ticket_window_dispose (GObject *object)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (object);

  g_clear_handle_id (&self->save_timer, g_source_remove);
  g_clear_weak_pointer (&self->focus);
  g_clear_pointer (&self->thrown_away, desk_op_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_NEW_TICKET_WINDOW);
  G_OBJECT_CLASS (desk_new_ticket_window_parent_class)->dispose (object);
}

static void
desk_new_ticket_window_finalize (GObject *object)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (object);

  g_clear_pointer (&self->op, desk_op_unref);
  g_clear_object (&self->syncer);
  g_clear_object (&self->store);
  g_free (self->filed_uid);
  G_OBJECT_CLASS (desk_new_ticket_window_parent_class)->finalize (object);
}

static void
desk_new_ticket_window_class_init (DeskNewTicketWindowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = desk_new_ticket_window_dispose;
  object_class->finalize = desk_new_ticket_window_finalize;
  GTK_WINDOW_CLASS (class)->close_request = desk_new_ticket_window_close_request;

  signals[FILED] = g_signal_new ("filed", DESK_TYPE_NEW_TICKET_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  gtk_widget_class_install_action (widget_class, "new-ticket.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "new-ticket.start-over", NULL,
                                   desk_new_ticket_window_start_over);
  gtk_widget_class_install_action (widget_class, "new-ticket.open", NULL, open_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (DESK_TYPE_NEW_TICKET_FORM);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/deskbell/Deskbell/desk-new-ticket-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, header);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, send_button);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, send_label);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, send_stack);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, form_page);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, restored_bar);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, offline_bar);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, offline_label);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, form);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, filed_label);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, filed_detail);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, done_button);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
desk_new_ticket_window_init (DeskNewTicketWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  desk_send_key_add (GTK_WIDGET (self), "new-ticket.send");
}

GtkWidget *
desk_new_ticket_window_new (DeskStore *store, DeskSyncer *syncer)
{
  DeskNewTicketWindow *self;

  g_return_val_if_fail (DESK_IS_STORE (store), NULL);

  self = g_object_new (DESK_TYPE_NEW_TICKET_WINDOW, NULL);
  self->store = g_object_ref (store);
  g_set_object (&self->syncer, syncer);
  desk_new_ticket_form_set_store (self->form, store);
  desk_new_ticket_form_watch (self->form, GTK_WIDGET (self));
  desk_new_ticket_window_restore (self);
  follow_syncer (self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->form));
  return GTK_WIDGET (self);
}
