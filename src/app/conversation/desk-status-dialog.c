/* SPDX-License-Identifier: GPL-3.0-or-later
 * Resolving and closing with words; see desk-status-dialog.h. */
#include "desk-status-dialog.h"

#include <glib/gi18n.h>

#include "desk-phrase.h"
#include "desk-send-key.h"
#include "desk-text-area.h"
#include "desk-wording.h"

#define SAVE_AFTER_MS 500
#define MAX_FIELDS    3
/* The text of the op, in the place of a field of the ticket. */
#define TEXT DESK_N_FIELDS

/* One place to write. */
typedef struct
{
  guint field; /* DeskField or TEXT */
  const char *title;
  const char *name; /* for assistive technology, where the title alone would say too little */
  const char *hint;
  gboolean needed;
  guint min_lines;
} FieldForm;

/* One way to move a ticket. @title gets the number, @footer the requester. */
typedef struct
{
  DeskStatus status;
  const char *draft;
  const char *title;
  const char *verb;
  const char *footer;
  FieldForm fields[MAX_FIELDS];
} Form;

static const Form forms[] = {
  [DESK_STATUS_DIALOG_RESOLVE] = {
    DESK_STATUS_RESOLVED, "resolve", N_ ("Resolve %s"), N_ ("Resolve"),
    N_ ("%s is asked whether this solved it."),
    {
      { DESK_FIELD_RESOLUTION, N_ ("Summary"), N_ ("Resolution summary"),
        N_ ("What was wrong and what is right now"), TRUE, 2 },
      { DESK_FIELD_STEPS, N_ ("Steps taken"), NULL, N_ ("One per line"), FALSE, 3 },
      { DESK_FIELD_RECOMMENDATIONS, N_ ("Recommendations"), NULL,
        N_ ("What the requester can do"), FALSE, 1 },
    },
  },
  [DESK_STATUS_DIALOG_CLOSE] = {
    DESK_STATUS_CLOSED, "close", N_ ("Close %s"), N_ ("Close ticket"),
    N_ ("%s sees the reason."),
    { { TEXT, N_ ("Reason"), NULL, N_ ("Why it is closed without a resolution"), TRUE, 3 } },
  },
  [DESK_STATUS_DIALOG_WITHDRAW] = {
    DESK_STATUS_CLOSED, "close", N_ ("Withdraw %s"), N_ ("Withdraw"), NULL,
    { { TEXT, N_ ("Reason"), NULL, N_ ("If you like"), FALSE, 3 } },
  },
};

struct _DeskStatusDialog
{
  AdwWindow parent_instance;

  DeskStore *store;
  const Form *kind;
  DeskTicket *ticket;
  DeskOp *reply; /* goes out with it, or NULL */
  DeskTextArea *areas[MAX_FIELDS];
  guint save_source;
  gboolean submitting;

  GtkWidget *window_title;
  GtkWidget *submit;
  GtkWidget *form;
  GtkWidget *failure;
  GtkWidget *failure_label;
  GtkWidget *footer;
  GtkWidget *footer_label;
};

static guint done_signal;

G_DEFINE_FINAL_TYPE (DeskStatusDialog, desk_status_dialog, ADW_TYPE_WINDOW)

/* --- ops --- */

static void
fill_op (DeskStatusDialog *self, DeskOp *op)
{
  for (guint i = 0; i < MAX_FIELDS && self->areas[i] != NULL; i++)
    {
      g_autofree char *text = desk_text_area_dup_text (self->areas[i]);
      guint field = self->kind->fields[i].field;

      if (desk_text_area_is_blank (self->areas[i]))
        continue;
      if (field == TEXT)
        desk_op_set_text (op, text);
      else
        desk_op_change (op, field, text);
    }
}

static void
take_reply (DeskOp *op, const DeskOp *reply)
{
  desk_op_set_text (op, reply->text);
  for (guint i = 0; i < reply->attachments->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (reply->attachments, i);

      desk_op_take_attachment (
          op, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
    }
}

static DeskOp *
make_op (DeskStatusDialog *self)
{
  DeskOp *op = desk_store_new_op (self->store, self->ticket,
                                  self->reply != NULL ? DESK_KIND_REPLY : DESK_KIND_CHANGE);

  if (self->reply != NULL)
    take_reply (op, self->reply);
  fill_op (self, op);
  desk_op_change (op, DESK_FIELD_STATUS, desk_enum_get_nick (DESK_TYPE_STATUS, self->kind->status));
  return op;
}

/* --- drafts --- */

static char *
make_key (const char *ticket, const Form *kind)
{
  return g_strconcat (ticket, "/", kind->draft, NULL);
}

static void
save_draft (DeskStatusDialog *self)
{
  g_autofree char *key = make_key (self->ticket->uid, self->kind);
  g_autoptr (DeskOp) op = desk_store_new_op (self->store, self->ticket, DESK_KIND_CHANGE);

  g_clear_handle_id (&self->save_source, g_source_remove);
  fill_op (self, op);
  desk_drafts_set (desk_store_get_drafts (self->store), key, op);
}

static void
forget_draft (DeskStore *store, const char *ticket, const Form *kind)
{
  g_autofree char *key = make_key (ticket, kind);

  desk_drafts_set (desk_store_get_drafts (store), key, NULL);
}

static gboolean
save_cb (gpointer user_data)
{
  DeskStatusDialog *self = user_data;

  self->save_source = 0;
  save_draft (self);
  return G_SOURCE_REMOVE;
}

static const char *
find_drafted (const DeskOp *draft, guint field)
{
  const DeskChange *change;

  if (draft == NULL)
    return NULL;
  if (field == TEXT)
    return draft->text;
  change = desk_changes_find (draft->changes, field);
  return change != NULL ? change->to : NULL;
}

/* --- form --- */

static void
show_reason (DeskStatusDialog *self, const char *reason)
{
  gtk_label_set_text (GTK_LABEL (self->failure_label), reason != NULL ? reason : "");
  gtk_widget_set_visible (self->failure, reason != NULL);
}

static gboolean
is_complete (DeskStatusDialog *self)
{
  for (guint i = 0; i < MAX_FIELDS && self->areas[i] != NULL; i++)
    if (self->kind->fields[i].needed && desk_text_area_is_blank (self->areas[i]))
      return FALSE;
  return TRUE;
}

static void
update_submit (DeskStatusDialog *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.submit",
                                 !self->submitting && is_complete (self));
}

static void
typed_cb (DeskStatusDialog *self)
{
  if (self->save_source != 0)
    g_source_remove (self->save_source);
  self->save_source = g_timeout_add (SAVE_AFTER_MS, save_cb, self);
  show_reason (self, NULL);
  update_submit (self);
}

static GtkWidget *
make_heading (const FieldForm *form)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *name = gtk_label_new (_ (form->title));
  GtkWidget *hint = gtk_label_new (_ (form->hint));

  gtk_widget_add_css_class (name, "heading");
  gtk_widget_set_valign (name, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class (hint, "caption");
  gtk_widget_add_css_class (hint, "desk-secondary");
  gtk_widget_set_valign (hint, GTK_ALIGN_BASELINE);
  gtk_label_set_ellipsize (GTK_LABEL (hint), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), hint);
  return row;
}

static void
add_field (DeskStatusDialog *self, guint i, const DeskOp *draft)
{
  const FieldForm *form = &self->kind->fields[i];
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *area = desk_text_area_new ();

  self->areas[i] = DESK_TEXT_AREA (area);
  g_object_set (area, "label", _ (form->name != NULL ? form->name : form->title), "min-lines",
                form->min_lines, "max-lines", 8, NULL);
  desk_text_area_set_text (self->areas[i], find_drafted (draft, form->field));
  g_signal_connect_object (area, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (area, "card");
  gtk_widget_add_css_class (area, "desk-field");
  gtk_box_append (GTK_BOX (box), make_heading (form));
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (self->form), box);
}

static void
add_fields (DeskStatusDialog *self)
{
  g_autofree char *key = make_key (self->ticket->uid, self->kind);
  const DeskOp *draft = desk_drafts_get (desk_store_get_drafts (self->store), key);

  for (guint i = 0; i < MAX_FIELDS && self->kind->fields[i].title != NULL; i++)
    add_field (self, i, draft);
}

static void
show_words (DeskStatusDialog *self, const char *requester)
{
  g_autofree char *number = desk_wording_number (self->ticket->number);
  /* A ticket that waits to be sent has none. */
  g_autofree char *title = self->ticket->number != NULL
                               ? desk_phrase (_ (self->kind->title), number)
                               : g_strdup (_ (self->kind->verb));
  const char *summary = self->ticket->summary != NULL ? self->ticket->summary : "";
  g_autofree char *footer = NULL;

  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (ADW_WINDOW_TITLE (self->window_title), title);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->window_title), summary);
  gtk_button_set_label (GTK_BUTTON (self->submit), _ (self->kind->verb));
  gtk_widget_set_visible (self->footer, self->kind->footer != NULL);
  if (self->kind->footer == NULL)
    return;
  footer = desk_phrase (_ (self->kind->footer), requester);
  gtk_label_set_text (GTK_LABEL (self->footer_label), footer);
}

/* --- submitting --- */

static void
finish (DeskStatusDialog *self, DeskStore *store, const DeskOp *op, const DeskReceipt *receipt)
{
  g_clear_handle_id (&self->save_source, g_source_remove);
  forget_draft (store, op->ticket, self->kind);
  g_signal_emit (self, done_signal, 0, op, receipt);
  if (self->store != NULL)
    gtk_window_destroy (GTK_WINDOW (self));
}

/* The window may be gone by now; then its draft is still there when the op was refused. */
static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskStatusDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskOp) op = g_object_steal_data (G_OBJECT (self), "op");
  g_autoptr (DeskReceipt) receipt = desk_store_submit_finish (DESK_STORE (source), result, &error);
  g_autofree char *reason = NULL;

  self->submitting = FALSE;
  if (receipt != NULL)
    {
      finish (self, DESK_STORE (source), op, receipt);
      return;
    }
  if (self->store == NULL)
    return;
  reason = desk_wording_error (error);
  show_reason (self, reason);
  update_submit (self);
}

static void
submit_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  DeskStatusDialog *self = DESK_STATUS_DIALOG (widget);
  g_autoptr (DeskOp) op = make_op (self);

  save_draft (self);
  self->submitting = TRUE;
  update_submit (self);
  g_object_set_data_full (G_OBJECT (self), "op", desk_op_ref (op), (GDestroyNotify) desk_op_unref);
  desk_store_submit_async (self->store, op, NULL, submitted_cb, g_object_ref (self));
}

/* --- the class --- */

static void
desk_status_dialog_dispose (GObject *object)
{
  DeskStatusDialog *self = DESK_STATUS_DIALOG (object);

  if (self->save_source != 0)
    save_draft (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_STATUS_DIALOG);
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_pointer (&self->reply, desk_op_unref);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_status_dialog_parent_class)->dispose (object);
}

static void
desk_status_dialog_class_init (DeskStatusDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_status_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-status-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskStatusDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, DeskStatusDialog, submit);
  gtk_widget_class_bind_template_child (widget_class, DeskStatusDialog, form);
  gtk_widget_class_bind_template_child (widget_class, DeskStatusDialog, failure);
  gtk_widget_class_bind_template_child (widget_class, DeskStatusDialog, failure_label);
  gtk_widget_class_bind_template_child (widget_class, DeskStatusDialog, footer);
  gtk_widget_class_bind_template_child (widget_class, DeskStatusDialog, footer_label);
  gtk_widget_class_install_action (widget_class, "dialog.submit", NULL, submit_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  done_signal = g_signal_new ("done", DESK_TYPE_STATUS_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
desk_status_dialog_init (DeskStatusDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  desk_send_key_add (GTK_WIDGET (self), "dialog.submit");
}

GtkWidget *
desk_status_dialog_new (DeskStore *store,
                        DeskStatusDialogKind kind,
                        const DeskTicket *ticket,
                        const char *requester,
                        DeskOp *reply)
{
  DeskStatusDialog *self = g_object_new (DESK_TYPE_STATUS_DIALOG, NULL);

  self->store = g_object_ref (store);
  self->kind = &forms[kind];
  self->ticket = desk_ticket_ref ((DeskTicket *) ticket);
  self->reply = reply != NULL ? desk_op_ref (reply) : NULL;
  add_fields (self);
  show_words (self, requester);
  update_submit (self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (desk_text_area_get_view (self->areas[0])));
  return GTK_WIDGET (self);
}

void
desk_status_dialog_set_ticket (DeskStatusDialog *self, const DeskTicket *ticket)
{
  DeskTicket *before;

  g_return_if_fail (DESK_IS_STATUS_DIALOG (self));

  before = self->ticket;
  self->ticket = desk_ticket_ref ((DeskTicket *) ticket);
  desk_ticket_unref (before);
}
