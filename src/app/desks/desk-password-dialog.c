/* SPDX-License-Identifier: GPL-3.0-or-later
 * Changing the password on a server. */
#include "desk-password-dialog.h"

#include <glib/gi18n.h>

#include "desk-wording.h"

/* As the server has it. */
#define MIN_CHARS 8

struct _DeskPasswordDialog
{
  AdwWindow parent_instance;

  DeskPlace *place;
  GtkWidget *submit;
  GtkWidget *form;
  GtkEditable *old;
  GtkEditable *new;
  GtkEditable *again;
  GtkSwitch *others;
  GtkLabel *fault;
  GCancellable *cancellable; /* while the server is asked */
};

G_DEFINE_FINAL_TYPE (DeskPasswordDialog, desk_password_dialog, ADW_TYPE_WINDOW)

static gboolean
is_filled (GtkEditable *field)
{
  return *gtk_editable_get_text (field) != '\0';
}

static void
update (DeskPasswordDialog *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_set_sensitive (self->form, !busy);
  gtk_widget_set_sensitive (self->submit, !busy && is_filled (self->old) && is_filled (self->new) &&
                                              is_filled (self->again));
}

static void
show_fault (DeskPasswordDialog *self, GtkEditable *field, const char *text)
{
  GtkEditable *fields[] = { self->old, self->new, self->again };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (fields[i]), "error");
  gtk_label_set_text (self->fault, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), text != NULL);
  if (field == NULL)
    return;
  gtk_widget_add_css_class (GTK_WIDGET (field), "error");
  gtk_widget_grab_focus (GTK_WIDGET (field));
}

static void
changed_cb (DeskPasswordDialog *self)
{
  show_fault (self, NULL, NULL);
  update (self);
}

/* --- asking the server --- */

static AdwToastOverlay *
find_overlay (GtkWidget *widget)
{
  AdwToastOverlay *found = ADW_IS_TOAST_OVERLAY (widget) ? ADW_TOAST_OVERLAY (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_overlay (child);
  return found;
}

static void
finish (DeskPasswordDialog *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  AdwToastOverlay *overlay = parent != NULL ? find_overlay (GTK_WIDGET (parent)) : NULL;

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, adw_toast_new (_ ("The password is another one now")));
  gtk_window_close (GTK_WINDOW (self));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskPasswordDialog) self = data;
  g_autoptr (GError) error = NULL;
  gboolean done = desk_account_change_password_finish (result, &error);
  g_autofree char *reason = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  update (self);
  if (done)
    {
      finish (self);
      return;
    }
  reason = desk_wording_error (error);
  /* What is wrong with the new one was seen before. */
  show_fault (self, self->old, reason);
}

static void
ask (DeskPasswordDialog *self)
{
  self->cancellable = g_cancellable_new ();
  /* A field that has the focus must not lose it by being greyed. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  update (self);
  desk_account_change_password_async (
      self->place->account, gtk_editable_get_text (self->old), gtk_editable_get_text (self->new),
      !gtk_switch_get_active (self->others), self->cancellable, answered_cb, g_object_ref (self));
}

static void
submit_cb (DeskPasswordDialog *self)
{
  const char *new = gtk_editable_get_text (self->new);

  if (g_utf8_strlen (new, -1) < MIN_CHARS)
    show_fault (self, self->new, _ ("A password has at least 8 signs"));
  else if (!g_str_equal (new, gtk_editable_get_text (self->again)))
    show_fault (self, self->again, _ ("These are two different passwords"));
  else
    ask (self);
}

/* --- the class --- */

static void
desk_password_dialog_dispose (GObject *object)
{
  DeskPasswordDialog *self = DESK_PASSWORD_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_PASSWORD_DIALOG);
  g_clear_pointer (&self->place, desk_place_unref);
  G_OBJECT_CLASS (desk_password_dialog_parent_class)->dispose (object);
}

static gboolean
desk_password_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (DESK_PASSWORD_DIALOG (window)->cancellable);
  return GTK_WINDOW_CLASS (desk_password_dialog_parent_class)->close_request (window);
}

static void
desk_password_dialog_class_init (DeskPasswordDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_password_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = desk_password_dialog_close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-password-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskPasswordDialog, submit);
  gtk_widget_class_bind_template_child (widget_class, DeskPasswordDialog, form);
  gtk_widget_class_bind_template_child (widget_class, DeskPasswordDialog, old);
  gtk_widget_class_bind_template_child (widget_class, DeskPasswordDialog, new);
  gtk_widget_class_bind_template_child (widget_class, DeskPasswordDialog, again);
  gtk_widget_class_bind_template_child (widget_class, DeskPasswordDialog, others);
  gtk_widget_class_bind_template_child (widget_class, DeskPasswordDialog, fault);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
desk_password_dialog_init (DeskPasswordDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->old));
}

void
desk_password_dialog_present (GtkWindow *parent, DeskPlace *place)
{
  DeskPasswordDialog *self = g_object_new (DESK_TYPE_PASSWORD_DIALOG, "transient-for", parent,
                                           "destroy-with-parent", TRUE, NULL);

  self->place = desk_place_ref (place);
  gtk_window_present (GTK_WINDOW (self));
}
