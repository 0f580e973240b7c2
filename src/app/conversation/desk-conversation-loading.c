/* SPDX-License-Identifier: GPL-3.0-or-later
 * Loading the ticket of a conversation, following it, and noting that it was read. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-wording.h"

/* Waiting shows only when it takes this long. */
#define SLOW_AFTER_MS 150
/* A ticket counts as read when it was on the screen for so long. */
#define SEEN_AFTER_MS 1000

static void load (DeskConversation *self);

/* --- seen --- */

static gboolean
seen_cb (gpointer user_data)
{
  DeskConversation *self = user_data;

  self->seen_source = 0;
  self->in->seen_no = MAX (self->in->seen_no, self->in->ticket->no);
  desk_store_mark_seen (self->store, self->in->ticket->uid, self->in->ticket->no);
  return G_SOURCE_REMOVE;
}

/* What was on the screen for a moment only stays unread. */
void
desk_conversation_mark_seen_later (DeskConversation *self)
{
  if (self->in == NULL || self->seen_source != 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (self->in->seen_no < self->in->ticket->no)
    self->seen_source = g_timeout_add (SEEN_AFTER_MS, seen_cb, self);
}

/* --- what is shown --- */

static void
show_page (DeskConversation *self, const char *page)
{
  g_clear_handle_id (&self->slow_source, g_source_remove);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page);
}

static void
set_case (DeskConversation *self, DeskCase *in)
{
  if (in != NULL)
    desk_case_ref (in);
  g_clear_handle_id (&self->seen_source, g_source_remove);
  g_clear_pointer (&self->in, desk_case_unref);
  self->in = in;
  self->agent = desk_conversation_can (self, DESK_ACTION_SEE_INTERNAL);
  desk_presence_line_set_ticket (self->presence, self->agent ? in->ticket->uid : NULL);
  if (in != NULL && self->dialog != NULL)
    desk_status_dialog_set_ticket (self->dialog, in->ticket);
}

static gboolean
has_event (const DeskCase *in, const char *uid)
{
  for (guint i = 0; i < in->events->len; i++)
    if (g_strcmp0 (((const DeskEvent *) g_ptr_array_index (in->events, i))->uid, uid) == 0)
      return TRUE;
  return FALSE;
}

/* What got in while the program was ending is not offered again. The first event of an op has its
 * uid. */
static void
forget_sent_drafts (DeskConversation *self, const DeskCase *in)
{
  static const DeskKind kinds[] = { DESK_KIND_REPLY, DESK_KIND_NOTE };
  DeskDrafts *drafts = desk_store_get_drafts (self->store);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *key = desk_composer_draft_key (in->ticket->uid, kinds[i]);
      const DeskOp *draft = desk_drafts_get (drafts, key);

      if (draft != NULL && has_event (in, draft->uid))
        desk_drafts_set (drafts, key, NULL);
    }
}

static void
show_new (DeskConversation *self, DeskCase *in)
{
  forget_sent_drafts (self, in);
  set_case (self, in);
  self->not_yet = FALSE;
  desk_history_show (self->history, in);
  desk_conversation_show_refused (self);
  desk_conversation_update (self);
  show_page (self, "ticket");
  desk_conversation_mark_seen_later (self);
  g_object_notify (G_OBJECT (self), "ticket");
}

static void
show_newer (DeskConversation *self, DeskCase *fresh)
{
  guint position;
  gboolean has_more = desk_conversation_case_extend (self->in, fresh, &position);

  set_case (self, self->in);
  if (has_more)
    desk_history_append (self->history, position);
  desk_conversation_update (self);
  desk_conversation_mark_seen_later (self);
}

static void
show_again (DeskConversation *self, DeskCase *in)
{
  set_case (self, in);
  desk_history_refresh (self->history, in);
  desk_conversation_update (self);
  desk_conversation_mark_seen_later (self);
}

/* --- what cannot be shown --- */

/* What was here a moment ago needs no check of its number. */
static char *
word_problem (DeskConversation *self, const GError *error, gboolean was_here)
{
  if (was_here && g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH))
    return g_strdup (_ ("You cannot see this ticket any more. It may have moved to another "
                        "department."));
  return desk_wording_error (error);
}

static void
show_problem (DeskConversation *self, const GError *error, gboolean may_retry, gboolean was_here)
{
  g_autofree char *reason = word_problem (self, error, was_here);
  g_autofree char *escaped = g_markup_escape_text (reason, -1);

  adw_status_page_set_title (ADW_STATUS_PAGE (self->problem), desk_wording_error_title (error));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->problem), escaped);
  gtk_widget_set_visible (self->retry, may_retry);
  show_page (self, "problem");
}

static void
forget_case (DeskConversation *self)
{
  desk_composer_show (self->composer, NULL, NULL, DESK_COMPOSER_REQUESTER);
  set_case (self, NULL);
  desk_history_show (self->history, NULL);
  desk_conversation_update (self);
}

/* A ticket that went to a department of others is not there any more for this reader. */
static void
show_failure (DeskConversation *self, const GError *error)
{
  gboolean gone = g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_autofree char *uid = self->in != NULL ? g_strdup (self->in->ticket->uid) : NULL;

  if (self->in != NULL && !gone)
    return;
  forget_case (self);
  show_problem (self, error, !gone, uid != NULL);
  g_object_notify (G_OBJECT (self), "ticket");
  if (uid != NULL)
    g_signal_emit_by_name (self, "left", uid);
}

/* --- loading --- */

static gboolean
has_redaction (GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    if (((const DeskEvent *) g_ptr_array_index (events, i))->kind == DESK_KIND_REDACT)
      return TRUE;
  return FALSE;
}

/* The desk was restored from an older copy, or older events have come. */
static gboolean
has_gone_back (DeskConversation *self, const DeskCase *fresh)
{
  return fresh->ticket->no < desk_conversation_case_get_last_no (self->in) ||
         self->in->incomplete != fresh->incomplete;
}

static void
show_loaded (DeskConversation *self, DeskCase *fresh, gboolean afresh)
{
  if (self->in == NULL)
    show_new (self, fresh);
  else if (afresh)
    show_again (self, fresh);
  else if (!has_redaction (fresh->events) && !has_gone_back (self, fresh))
    show_newer (self, fresh);
  else
    self->afresh = self->stale = TRUE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskCase) fresh = desk_store_load_finish (DESK_STORE (source), result, &error);
  DeskConversation *self = user_data;
  gboolean afresh;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->loading = FALSE;
  afresh = self->afresh;
  self->afresh = FALSE;
  if (fresh != NULL)
    show_loaded (self, fresh, afresh);
  else
    show_failure (self, error);
  if (self->stale)
    load (self);
}

static void
load (DeskConversation *self)
{
  gboolean whole = self->in == NULL || self->afresh || self->in->incomplete;

  self->stale = FALSE;
  if (self->ref == NULL)
    return;
  self->loading = TRUE;
  self->afresh = whole;
  desk_store_load_async (self->store, self->in != NULL ? self->in->ticket->uid : self->ref,
                         whole ? 0 : desk_conversation_case_get_last_no (self->in),
                         self->cancellable, loaded_cb, self);
}

void
desk_conversation_stop_loading (DeskConversation *self)
{
  g_clear_handle_id (&self->slow_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->loading = self->stale = self->afresh = FALSE;
}

static gboolean
slow_cb (gpointer user_data)
{
  DeskConversation *self = user_data;

  self->slow_source = 0;
  desk_history_show (self->history, NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "loading");
  return G_SOURCE_REMOVE;
}

static gboolean
shows (DeskConversation *self, const char *ref)
{
  const DeskTicket *ticket = self->in != NULL ? self->in->ticket : NULL;

  return ticket != NULL &&
         (g_strcmp0 (ticket->uid, ref) == 0 || g_strcmp0 (ticket->number, ref) == 0);
}

/* What is shown stays for a moment, so that a quick answer does not flicker; it cannot be acted on.
 */
void
desk_conversation_open (DeskConversation *self, const char *ref)
{
  g_return_if_fail (DESK_IS_CONVERSATION (self));
  g_return_if_fail (self->store != NULL);

  if (ref != NULL && shows (self, ref))
    return;
  desk_conversation_stop_loading (self);
  desk_composer_show (self->composer, NULL, NULL, DESK_COMPOSER_REQUESTER);
  set_case (self, NULL);
  g_free (self->ref);
  self->ref = g_strdup (ref);
  desk_conversation_update_actions (self);
  g_object_notify (G_OBJECT (self), "ticket");
  if (ref == NULL)
    {
      forget_case (self);
      show_page (self, "nothing");
      return;
    }
  self->cancellable = g_cancellable_new ();
  self->slow_source = g_timeout_add (SLOW_AFTER_MS, slow_cb, self);
  load (self);
}

/* --- following --- */

void
desk_conversation_reload (DeskConversation *self)
{
  if (self->loading)
    self->stale = TRUE;
  else if (self->in != NULL)
    load (self);
}

static void
retry_cb (GtkButton *button, DeskConversation *self)
{
  if (!self->loading)
    load (self);
}

static void
catalogue_changed_cb (DeskConversation *self)
{
  self->afresh = TRUE;
  desk_conversation_reload (self);
}

void
desk_conversation_install_loading (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

void
desk_conversation_follow_store (DeskConversation *self)
{
  g_signal_connect_object (self->store, "changed", G_CALLBACK (desk_conversation_reload), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->store, "catalogue-changed", G_CALLBACK (catalogue_changed_cb),
                           self, G_CONNECT_SWAPPED);
}
