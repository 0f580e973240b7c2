/* SPDX-License-Identifier: GPL-3.0-or-later
 * The composer: the widget, its modes and what others ask of it; see desk-composer.h. */
#include "desk-composer-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "desk-send-key.h"
#include "desk-spoken.h"

G_DEFINE_FINAL_TYPE (DeskComposer, desk_composer, GTK_TYPE_WIDGET)

/* --- modes --- */

static void
show_mode (DeskComposer *self)
{
  if (self->ticket == NULL)
    return;
  desk_composer_ensure_page (self);
  for (DeskComposerMode mode = DESK_COMPOSER_MODE_REPLY; mode < DESK_COMPOSER_N_MODES; mode++)
    if (self->modes_pages[mode].page != NULL)
      gtk_widget_set_visible (self->modes_pages[mode].page, mode == self->mode);
  desk_composer_show_words (self);
  g_signal_emit_by_name (self, "changed");
}

static void
set_mode (DeskComposer *self, DeskComposerMode mode)
{
  if (self->mode == mode)
    return;
  self->mode = mode;
  desk_composer_show_reason (self, NULL);
  desk_composer_set_hint (self, NULL);
  show_mode (self);
}

/* --- signals of the template --- */

static void
mode_cb (GtkToggleButton *button, DeskComposer *self)
{
  set_mode (self, gtk_toggle_button_get_active (button) ? DESK_COMPOSER_MODE_NOTE
                                                        : DESK_COMPOSER_MODE_REPLY);
}

static void
attach_cb (GtkButton *button, DeskComposer *self)
{
  if (desk_composer_get_page (self)->files != NULL)
    desk_attachments_choose (desk_composer_get_page (self)->files);
}

static void
cancel_cb (GtkButton *button, DeskComposer *self)
{
  g_signal_emit_by_name (self, "cancelled");
}

/* --- the class --- */

static gboolean
desk_composer_grab_focus (GtkWidget *widget)
{
  desk_composer_focus_text (DESK_COMPOSER (widget));
  return TRUE;
}

static void
desk_composer_dispose (GObject *object)
{
  DeskComposer *self = DESK_COMPOSER (object);

  desk_composer_save (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_COMPOSER);
  desk_composer_forget_pages (self);
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_object (&self->syncer);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_composer_parent_class)->dispose (object);
}

static void
desk_composer_finalize (GObject *object)
{
  g_free (DESK_COMPOSER (object)->requester);
  G_OBJECT_CLASS (desk_composer_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, card);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, head);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, modes);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, reply_mode);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, note_mode);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, recipients);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, hint);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, pages);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, news);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, failure);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, failure_label);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, cancel);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, send_with_menu);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, send);
  gtk_widget_class_bind_template_callback (widget_class, mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, attach_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
desk_composer_class_init (DeskComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = desk_composer_dispose;
  object_class->finalize = desk_composer_finalize;
  widget_class->grab_focus = desk_composer_grab_focus;
  g_signal_new ("changed", DESK_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  g_signal_new ("typed", DESK_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
  g_signal_new ("cancelled", DESK_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  g_type_ensure (ADW_TYPE_SPLIT_BUTTON);
  g_type_ensure (DESK_TYPE_COMPOSER_NEWS);
  bind_template (widget_class);
}

static void
desk_composer_init (DeskComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  desk_spoken_dropdown (ADW_SPLIT_BUTTON (self->send_with_menu), _ ("More ways to send"));
  desk_send_key_add (GTK_WIDGET (self), "ticket.send");
}

GtkWidget *
desk_composer_new (void)
{
  return g_object_new (DESK_TYPE_COMPOSER, NULL);
}

void
desk_composer_set_store (DeskComposer *self, DeskStore *store, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  g_set_object (&self->syncer, syncer);
  if (syncer != NULL)
    g_signal_connect_object (syncer, "changed", G_CALLBACK (desk_composer_show_buttons), self,
                             G_CONNECT_SWAPPED);
}

static void
take_ticket (DeskComposer *self, const DeskTicket *ticket)
{
  DeskTicket *before = self->ticket;

  self->ticket = ticket != NULL ? desk_ticket_ref ((DeskTicket *) ticket) : NULL;
  g_clear_pointer (&before, desk_ticket_unref);
}

/* Without a ticket nothing can be typed that would be lost when the next one comes. */
static void
change_ticket (DeskComposer *self, const DeskTicket *ticket, DeskComposerRole role)
{
  desk_composer_save (self);
  take_ticket (self, ticket);
  self->role = role;
  self->sending = FALSE;
  desk_composer_show_reason (self, NULL);
  desk_composer_set_hint (self, NULL);
  for (DeskComposerMode mode = DESK_COMPOSER_MODE_REPLY; mode < DESK_COMPOSER_N_MODES; mode++)
    if (self->modes_pages[mode].page != NULL)
      desk_text_area_set_editable (self->modes_pages[mode].text, ticket != NULL);
  if (ticket == NULL)
    return;
  gtk_widget_set_sensitive (self->modes, TRUE);
  desk_composer_restore_pages (self);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reply_mode), TRUE);
}

void
desk_composer_show (DeskComposer *self,
                    const DeskTicket *ticket,
                    const char *requester,
                    DeskComposerRole role)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));
  g_return_if_fail (self->store != NULL);

  g_free (self->requester);
  self->requester = g_strdup (requester != NULL ? requester : "");
  if (self->ticket == NULL || ticket == NULL || g_strcmp0 (self->ticket->uid, ticket->uid) != 0)
    change_ticket (self, ticket, role);
  else
    take_ticket (self, ticket);
  if (role != DESK_COMPOSER_AGENT)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reply_mode), TRUE);
  self->role = role;
  show_mode (self);
}

void
desk_composer_set_note (DeskComposer *self, gboolean note)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  if (note && self->role != DESK_COMPOSER_AGENT)
    return;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (note ? self->note_mode : self->reply_mode),
                                TRUE);
}

gboolean
desk_composer_is_note (DeskComposer *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER (self), FALSE);

  return self->mode == DESK_COMPOSER_MODE_NOTE;
}

void
desk_composer_focus_text (DeskComposer *self)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  if (desk_composer_get_page (self)->text != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (desk_composer_get_page (self)->text));
}

void
desk_composer_set_compact (DeskComposer *self, gboolean compact)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  if (compact)
    gtk_widget_add_css_class (self->card, "desk-compact");
  else
    gtk_widget_remove_css_class (self->card, "desk-compact");
}
