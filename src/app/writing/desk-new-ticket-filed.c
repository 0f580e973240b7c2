/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the window says of a ticket that is filed, until it has its number. */
#include "desk-new-ticket-window-private.h"

#include <glib/gi18n.h>

#include "desk-error.h"
#include "desk-unsent.h"
#include "desk-wording.h"

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
  desk_new_ticket_window_set_sending (self, FALSE);
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
  desk_new_ticket_window_look_for_draft (self);
}

void
desk_new_ticket_window_follow_filed (DeskNewTicketWindow *self)
{
  if (self->filed_uid != NULL && !self->has_number)
    desk_store_load_async (self->store, self->filed_uid, G_MAXINT64, NULL, filed_loaded_cb,
                           g_object_ref (self));
}

void
desk_new_ticket_window_finish (DeskNewTicketWindow *self, const DeskTicket *ticket)
{
  self->has_number = ticket->number != NULL;
  g_free (self->filed_uid);
  self->filed_uid = g_strdup (ticket->uid);
  g_clear_handle_id (&self->save_timer, g_source_remove);
  g_clear_pointer (&self->op, desk_op_unref);
  desk_drafts_set (desk_store_get_drafts (self->store), DESK_NEW_TICKET_DRAFT, NULL);
  if (self->pages != NULL)
    show_filed (self, ticket);
  g_signal_emit_by_name (self, "filed", ticket->number, ticket->uid);
}
