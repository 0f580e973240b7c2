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
#include "desk-wording.h"

#define DRAFT_KEY "new-ticket"
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
  GtkStack *send_stack;
  GtkSpinner *spinner;
  GtkStack *pages;
  GtkWidget *form_page;
  GtkWidget *restored_bar;
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
    return g_strdup (_ ("Ticket waiting to be sent"));
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

  if (g_strcmp0 (ticket->requester, me->uid) != 0)
    return _ ("The requester sees it under My tickets.");
  /* An agent's My tickets are other people's. */
  return me->role == DESK_ROLE_REQUESTER ? _ ("Answers show up under My tickets.") : NULL;
}

static void
show_filed (DeskNewTicketWindow *self, const DeskTicket *ticket)
{
  g_autofree char *words = describe_filed (self, ticket->number);
  const char *follows = say_what_follows (self, ticket);

  gtk_label_set_text (self->filed_label, words);
  gtk_label_set_text (self->filed_detail, follows != NULL ? follows : "");
  gtk_widget_set_visible (GTK_WIDGET (self->filed_detail), follows != NULL);
  gtk_widget_set_visible (self->cancel_button, FALSE);
  gtk_widget_set_visible (self->send_button, FALSE);
  adw_header_bar_set_show_end_title_buttons (self->header, TRUE);
  gtk_stack_set_visible_child_name (self->pages, "filed");
  gtk_window_set_default_widget (GTK_WINDOW (self), self->done_button);
  gtk_widget_grab_focus (self->done_button);
}

static void
finish_filed (DeskNewTicketWindow *self, const DeskTicket *ticket)
{
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
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, send_stack);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, form_page);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketWindow, restored_bar);
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
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->form));
  return GTK_WIDGET (self);
}
