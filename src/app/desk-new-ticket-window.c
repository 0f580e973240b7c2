/* SPDX-License-Identifier: GPL-3.0-or-later
 * The small window that files a ticket; see the header.
 *
 * What is filled in is kept as an op under one key of the drafts, and that very op is sent: sent
 * twice, even after a crash in between, it files one ticket. An op that the desk refused is
 * answered for; what is sent next is another op. */
#include "desk-new-ticket-window.h"

#include <glib/gi18n.h>

#include "desk-error.h"
#include "desk-new-ticket-form.h"
#include "desk-refused.h"
#include "desk-unsent.h"
#include "desk-wording.h"

#define DRAFT_KEY DESK_NEW_TICKET_DRAFT
/* After the last keystroke; a crash loses no more than what was typed meanwhile. */
#define SAVE_AFTER_MS 500

struct _DeskNewTicketWindow
{
  AdwWindow parent_instance;

  /* Template widgets */
  AdwToastOverlay *toasts;
  AdwHeaderBar *header;
  GtkWidget *cancel_button;
  GtkWidget *send_button;
  GtkLabel *send_label;
  GtkStack *send_stack;
  GtkSpinner *spinner;
  GtkStack *pages;
  GtkWidget *form_page;
  GtkWidget *restored_bar;
  GtkWidget *offline_bar;
  GtkLabel *offline_label;
  GtkWidget *problem_bar;
  GtkLabel *problem_label;
  DeskNewTicketForm *form;
  GtkLabel *filed_label;
  GtkLabel *filed_detail;
  GtkWidget *done_button;

  /* Owned references */
  DeskStore *store;
  DeskSyncer *syncer; /* NULL: a desk file */
  DeskOp *op; /* of what is filled in, as it was last saved; or NULL */
  DeskOp *thrown_away; /* by "Start over", for its Undo */
  char *filed_uid;
  gboolean has_number; /* the ticket that is filed */

  GtkWidget *focus; /* weak: where it was before sending */

  guint save_timer;
  gboolean is_changed; /* since it was saved */
  gboolean sending;
  gboolean send_when_copied; /* files are still on their way */
  guint n_refused;           /* files, when that began */
};

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
static void
set_problem (DeskNewTicketWindow *self, const char *message)
{
  gtk_label_set_text (self->problem_label, message != NULL ? message : "");
  gtk_widget_set_visible (self->problem_bar, message != NULL);
}

/* --- the draft --- */

/* Keeps what is filled in, and makes it ready to be sent. */
static void
save_draft (DeskNewTicketWindow *self)
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
  save_draft (self);
  return G_SOURCE_REMOVE;
}

static void continue_sending (DeskNewTicketWindow *self);
static void follow_filed (DeskNewTicketWindow *self);

static void
changed_cb (DeskNewTicketWindow *self)
{
  if (self->filed_uid != NULL)
    return;
  self->is_changed = TRUE;
  g_clear_handle_id (&self->save_timer, g_source_remove);
  self->save_timer = g_timeout_add (SAVE_AFTER_MS, save_cb, self);
  set_problem (self, NULL);
  if (self->send_when_copied)
    continue_sending (self);
}

static void finish_filed (DeskNewTicketWindow *self, const DeskTicket *ticket);

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskNewTicketWindow) self = user_data;
  g_autoptr (DeskCase) filed = desk_store_load_finish (DESK_STORE (source), result, NULL);

  if (filed != NULL && !self->sending && self->filed_uid == NULL)
    finish_filed (self, filed->ticket);
}

/* One that got in while the program was ending is not offered again: it is filed. */
static void
restore_draft (DeskNewTicketWindow *self)
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
  restore_draft (self);
  gtk_widget_set_visible (self->restored_bar, FALSE);
  set_problem (self, reason);
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
static void
look_for_draft (DeskNewTicketWindow *self)
{
  if (self->syncer == NULL || !gtk_window_is_active (GTK_WINDOW (self)) || !is_untouched (self))
    return;
  if (desk_drafts_get (desk_store_get_drafts (self->store), DRAFT_KEY) != NULL)
    restore_draft (self);
  else
    desk_syncer_refused_async (self->syncer, NULL, refused_cb, g_object_ref (self));
}

/* --- offline --- */

/* Other troubles than being offline need somebody; which, the main window says. */
static const char *
say_offline (DeskNewTicketWindow *self)
{
  if (desk_syncer_get_status (self->syncer)->state == DESK_SYNCER_OFFLINE)
    return _ ("You are offline. The ticket is kept here and sent when the desk answers again.");
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
  follow_filed (self);
}

static void
follow_syncer (DeskNewTicketWindow *self)
{
  if (self->syncer == NULL)
    return;
  g_signal_connect_object (self->syncer, "changed", G_CALLBACK (syncer_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (look_for_draft), NULL);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (follow_filed), self,
                           G_CONNECT_SWAPPED);
  show_offline (self);
}

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

static void
start_over_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (widget);
  AdwToast *toast = adw_toast_new (_ ("Draft removed"));

  save_draft (self);
  g_clear_pointer (&self->thrown_away, desk_op_unref);
  self->thrown_away = g_steal_pointer (&self->op);
  desk_new_ticket_form_fill (self->form, NULL);
  save_draft (self);
  set_problem (self, NULL);
  gtk_widget_set_visible (self->restored_bar, FALSE);
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_start_over_cb), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
  gtk_widget_grab_focus (GTK_WIDGET (self->form));
}

/* --- sending --- */

/* Nothing is changed meanwhile; afterwards the cursor is where it was. */
static void
set_sending (DeskNewTicketWindow *self, gboolean sending)
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

/* (transfer full) */
static char *
describe_filed (DeskNewTicketWindow *self, const char *number)
{
  g_autofree char *words = NULL;
  g_autofree char *isolated = NULL;

  if (number == NULL)
    return g_strdup (desk_unsent_is_offline (self->syncer) ? _ ("Ticket waiting to be sent")
                                                           : _ ("Sending the ticket…"));
  words = desk_wording_number (number);
  /* The number is there to be copied: nothing invisible around it where it is not needed. */
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    isolated = desk_wording_isolate (words);
  /* Translators: %s is a number, as in "Ticket #1042 filed". */
  return g_strdup_printf (_ ("Ticket %s filed"), isolated != NULL ? isolated : words);
}

/* Where answers will be seen; NULL when there is nothing to say. */
static const char *
say_what_follows (DeskNewTicketWindow *self, const DeskTicket *ticket)
{
  const DeskPerson *me = desk_store_get_me (self->store);

  if (ticket->number == NULL)
    return desk_unsent_is_offline (self->syncer)
               ? _ ("It gets its number when the desk answers again.")
               : NULL;
  if (g_strcmp0 (ticket->requester, me->uid) != 0)
    return _ ("The requester sees it under My tickets.");
  /* An agent's My tickets are other people's. */
  return me->role == DESK_ROLE_REQUESTER ? _ ("Answers show up under My tickets.") : NULL;
}

static void
word_filed (DeskNewTicketWindow *self, const DeskTicket *ticket)
{
  g_autofree char *words = describe_filed (self, ticket->number);
  const char *follows = say_what_follows (self, ticket);

  gtk_label_set_text (self->filed_label, words);
  gtk_label_set_text (self->filed_detail, follows != NULL ? follows : "");
  gtk_widget_set_visible (GTK_WIDGET (self->filed_detail), follows != NULL);
}

static void
show_filed (DeskNewTicketWindow *self, const DeskTicket *ticket)
{
  word_filed (self, ticket);
  gtk_widget_set_visible (self->cancel_button, FALSE);
  gtk_widget_set_visible (self->send_button, FALSE);
  adw_header_bar_set_show_end_title_buttons (self->header, TRUE);
  gtk_stack_set_visible_child_name (self->pages, "filed");
  gtk_window_set_default_widget (GTK_WINDOW (self), self->done_button);
  gtk_widget_grab_focus (self->done_button);
}

static void
leave_filed (DeskNewTicketWindow *self)
{
  g_clear_pointer (&self->filed_uid, g_free);
  gtk_widget_set_visible (self->cancel_button, TRUE);
  gtk_widget_set_visible (self->send_button, TRUE);
  adw_header_bar_set_show_end_title_buttons (self->header, FALSE);
  gtk_stack_set_visible_child_name (self->pages, "form");
  desk_new_ticket_form_fill (self->form, NULL);
  set_sending (self, FALSE);
  self->is_changed = FALSE;
}

/* The number has come, or the ticket has gone: the desk refused it. */
static void
filed_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskNewTicketWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskCase) filed = desk_store_load_finish (DESK_STORE (source), result, &error);

  if (self->pages == NULL || self->filed_uid == NULL)
    return;
  if (filed != NULL)
    {
      self->has_number = filed->ticket->number != NULL;
      word_filed (self, filed->ticket);
      return;
    }
  if (!g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH))
    return;
  leave_filed (self);
  look_for_draft (self);
}

static void
follow_filed (DeskNewTicketWindow *self)
{
  if (self->filed_uid != NULL && !self->has_number)
    desk_store_load_async (self->store, self->filed_uid, G_MAXINT64, NULL, filed_loaded_cb,
                           g_object_ref (self));
}

static void
finish_filed (DeskNewTicketWindow *self, const DeskTicket *ticket)
{
  self->has_number = ticket->number != NULL;
  g_free (self->filed_uid);
  self->filed_uid = g_strdup (ticket->uid);
  g_clear_handle_id (&self->save_timer, g_source_remove);
  g_clear_pointer (&self->op, desk_op_unref);
  desk_drafts_set (desk_store_get_drafts (self->store), DRAFT_KEY, NULL);
  if (self->pages != NULL)
    show_filed (self, ticket);
  g_signal_emit (self, signals[FILED], 0, ticket->number, ticket->uid);
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
  set_sending (self, FALSE);
  set_problem (self, words);
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskNewTicketWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReceipt) receipt = NULL;

  receipt = desk_store_submit_finish (DESK_STORE (source), result, &error);
  if (receipt != NULL)
    finish_filed (self, receipt->ticket);
  else
    finish_refused (self, error);
}

static void
submit (DeskNewTicketWindow *self)
{
  if (!desk_new_ticket_form_check (self->form))
    return;
  set_problem (self, NULL);
  gtk_widget_set_visible (self->restored_bar, FALSE);
  save_draft (self);
  set_sending (self, TRUE);
  desk_store_submit_async (self->store, self->op, NULL, submitted_cb, g_object_ref (self));
}

/* A file came, or was refused, while the person waits for the ticket to be sent. */
static void
continue_sending (DeskNewTicketWindow *self)
{
  if (are_files_on_their_way (self) && count_refused (self) <= self->n_refused)
    return;
  self->send_when_copied = FALSE;
  set_sending (self, FALSE);
  if (count_refused (self) > self->n_refused)
    set_problem (self, _ ("A file could not be attached. Look at it, then send again."));
  else
    submit (self);
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
  set_sending (self, TRUE);
}

static void
open_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (widget);

  gtk_widget_activate_action (widget, "app.ticket", "s", self->filed_uid);
  gtk_window_close (GTK_WINDOW (self));
}

/* --- the window --- */

/* In the capture phase, because a text takes Enter for a new line whatever is held down. */
static void
add_send_key (DeskNewTicketWindow *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger
      = gtk_alternative_trigger_new (gtk_keyval_trigger_new (GDK_KEY_Return, GDK_CONTROL_MASK),
                                     gtk_keyval_trigger_new (GDK_KEY_KP_Enter, GDK_CONTROL_MASK));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (trigger, gtk_named_action_new ("new-ticket.send")));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static gboolean
desk_new_ticket_window_close_request (GtkWindow *window)
{
  DeskNewTicketWindow *self = DESK_NEW_TICKET_WINDOW (window);

  if (self->filed_uid == NULL && !self->sending)
    save_draft (self);
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
  gtk_widget_class_install_action (widget_class, "new-ticket.start-over", NULL, start_over_action);
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
  add_send_key (self);
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
  restore_draft (self);
  follow_syncer (self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->form));
  return GTK_WIDGET (self);
}
