/* SPDX-License-Identifier: GPL-3.0-or-later
 * Loading, following and showing one ticket; see desk-conversation.h. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-avatar.h"
#include "desk-conversation-entry.h"
#include "desk-spoken.h"
#include "desk-sync-bar.h"
#include "desk-wording.h"
#include "desk-wrap-layout.h"

/* Below this width, or what the full form needs, the compact form is shown. */
#define COMPACT_BELOW 500
#define MIN_WIDTH     360

#define MARGIN         18
#define MARGIN_COMPACT 10

/* Waiting shows only when it takes this long. */
#define SLOW_AFTER_MS 150
/* A ticket counts as read when it was on the screen for so long. */
#define SEEN_AFTER_MS 1000
/* Words about time are brought up to date so often. */
#define TICK_SECS 20

enum
{
  PROP_SHOW_BACK = 1,
  PROP_SHOW_WINDOW_BUTTONS,
  PROP_TICKET,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DeskConversation, desk_conversation, GTK_TYPE_WIDGET)

gint64
desk_conversation_get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

const char *
desk_conversation_get_requester (DeskConversation *self)
{
  if (self->in == NULL)
    return "";
  return desk_wording_person (desk_case_find_person (self->in, self->in->ticket->requester));
}

gboolean
desk_conversation_can (DeskConversation *self, DeskAction action)
{
  return self->in != NULL &&
         desk_can (action, desk_store_get_me (self->store), self->in->ticket,
                   desk_store_get_catalogue (self->store), desk_conversation_get_now (), NULL);
}

void
desk_conversation_toast (DeskConversation *self, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  else
    g_object_unref (toast);
}

/* --- header bar --- */

/* A dashed ring, as in the list. */
static GtkWidget *
make_nobody (void)
{
  GtkWidget *image = gtk_image_new_from_icon_name ("avatar-default-symbolic");

  gtk_image_set_pixel_size (GTK_IMAGE (image), 14);
  gtk_widget_add_css_class (image, "desk-nobody");
  return image;
}

static void
show_assignee (DeskConversation *self)
{
  const char *uid = self->in->ticket->assignee;
  const char *name = desk_wording_person (desk_case_find_person (self->in, uid));
  const char *shown = uid != NULL ? name : _ ("Nobody");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (shown);
  GtkWidget *avatar = uid != NULL ? desk_avatar_new (name, 24) : make_nobody ();

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 18);
  gtk_widget_set_visible (label, !self->compact);
  gtk_box_append (GTK_BOX (box), avatar);
  gtk_box_append (GTK_BOX (box), label);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->assignee), box);
  desk_spoken_menu_button (GTK_MENU_BUTTON (self->assignee), _ ("Assignee"), shown);
}

static gboolean
is_active (DeskConversation *self)
{
  DeskStatus status = self->in->ticket->status;

  return status == DESK_STATUS_OPEN || status == DESK_STATUS_WAITING;
}

static void
show_header (DeskConversation *self)
{
  gboolean agent = self->in != NULL && self->agent;
  gboolean active = self->in != NULL && is_active (self);
  g_autofree char *number = self->in != NULL ? desk_wording_number (self->in->ticket->number)
                                             : NULL;

  gtk_widget_set_visible (self->back, self->show_back);
  gtk_widget_set_visible (self->assignee, agent && !(self->compact && self->show_back));
  gtk_widget_set_visible (self->take, agent && !self->compact &&
                                          desk_conversation_can (self, DESK_ACTION_CLAIM));
  gtk_widget_set_visible (self->wait, agent && active && !self->compact);
  gtk_widget_set_visible (self->resolve, agent && active && !self->compact);
  gtk_widget_set_visible (self->resolve_compact, agent && active && self->compact);
  gtk_widget_set_visible (self->reopen, agent && !active && !self->compact);
  gtk_widget_set_visible (self->more, self->in != NULL);
  gtk_label_set_text (GTK_LABEL (self->number_title),
                      self->compact && number != NULL ? number : "");
  if (agent)
    show_assignee (self);
}

/* --- below the conversation --- */

static DeskComposerRole
find_role (DeskConversation *self)
{
  if (self->agent)
    return DESK_COMPOSER_AGENT;
  switch (self->in->ticket->status)
    {
    case DESK_STATUS_OPEN:
    case DESK_STATUS_WAITING:
      return DESK_COMPOSER_REQUESTER;
    case DESK_STATUS_RESOLVED:
      return DESK_COMPOSER_NOT_YET;
    case DESK_STATUS_CLOSED:
      return DESK_COMPOSER_CLOSED;
    }
  g_return_val_if_reached (DESK_COMPOSER_REQUESTER);
}

static gboolean
may_write (DeskConversation *self)
{
  return desk_conversation_can (self, self->agent ? DESK_ACTION_REPLY : DESK_ACTION_MESSAGE);
}

static void
show_foot (DeskConversation *self)
{
  DeskComposerRole role = find_role (self);
  gboolean asks = role == DESK_COMPOSER_NOT_YET &&
                  desk_conversation_can (self, DESK_ACTION_CONFIRM);

  if (role != DESK_COMPOSER_NOT_YET)
    self->not_yet = FALSE;
  gtk_widget_set_visible (self->question, asks && !self->not_yet);
  gtk_widget_set_visible (self->ended, role == DESK_COMPOSER_CLOSED && !may_write (self));
  gtk_widget_set_visible (GTK_WIDGET (self->composer),
                          may_write (self) && (!asks || self->not_yet));
  desk_composer_show (self->composer, self->in->ticket, desk_conversation_get_requester (self),
                      role);
  desk_composer_show_news (self->composer, self->in);
}

/* --- no ticket --- */

/* A few of the window's keys, for those who work here all day. */
static const struct
{
  guint key;
  GdkModifierType modifiers;
  const char *words;
} keys[] = {
  { GDK_KEY_n, GDK_CONTROL_MASK, N_ ("New ticket") },
  { GDK_KEY_j, 0, N_ ("Next ticket") },
  { GDK_KEY_k, 0, N_ ("Previous ticket") },
  { GDK_KEY_slash, 0, N_ ("Search") },
  { GDK_KEY_question, GDK_CONTROL_MASK, N_ ("All shortcuts") },
};

static GtkWidget *
make_keys (gboolean letters)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 14);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_widget_set_halign (grid, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *accelerator = gtk_accelerator_get_label (keys[i].key, keys[i].modifiers);
      GtkWidget *key, *words;

      if (keys[i].modifiers == 0 && !letters)
        continue;
      key = gtk_label_new (accelerator);
      words = gtk_label_new (_ (keys[i].words));
      gtk_widget_set_halign (key, GTK_ALIGN_END);
      gtk_widget_add_css_class (key, "desk-key");
      gtk_widget_set_halign (words, GTK_ALIGN_START);
      gtk_widget_add_css_class (words, "desk-secondary");
      gtk_grid_attach (GTK_GRID (grid), key, 0, i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), words, 1, i, 1, 1);
    }
  return grid;
}

static void
show_keys (DeskConversation *self)
{
  if (self->store != NULL && desk_store_get_me (self->store)->role >= DESK_ROLE_AGENT)
    adw_status_page_set_child (ADW_STATUS_PAGE (self->nothing), make_keys (self->letters));
}

/* --- the ticket --- */

void
desk_conversation_update (DeskConversation *self)
{
  show_header (self);
  desk_conversation_update_menus (self);
  if (self->in != NULL)
    {
      desk_ticket_head_show (self->head, self->in, desk_store_get_catalogue (self->store),
                             self->agent, desk_conversation_get_now ());
      show_foot (self);
    }
  desk_conversation_update_actions (self);
}

static void
show_page (DeskConversation *self, const char *page)
{
  g_clear_handle_id (&self->slow_source, g_source_remove);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page);
}

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
static void
mark_seen_later (DeskConversation *self)
{
  if (self->in == NULL || self->seen_source != 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (self->in->seen_no < self->in->ticket->no)
    self->seen_source = g_timeout_add (SEEN_AFTER_MS, seen_cb, self);
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
  mark_seen_later (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TICKET]);
}

static gboolean
has_redaction (GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    if (((const DeskEvent *) g_ptr_array_index (events, i))->kind == DESK_KIND_REDACT)
      return TRUE;
  return FALSE;
}

/* --- what waits to be sent, behind all that is on the desk --- */

static guint
count_sent (const DeskCase *in)
{
  guint n = in->events->len;

  while (n > 0 && ((const DeskEvent *) g_ptr_array_index (in->events, n - 1))->no == 0)
    n--;
  return n;
}

static gint64
get_last_no (const DeskCase *in)
{
  guint n = count_sent (in);

  return n > 0 ? ((const DeskEvent *) g_ptr_array_index (in->events, n - 1))->no : 0;
}

static gboolean
is_tried (const DeskCase *in, const DeskEvent *event)
{
  return in->tried != NULL && event->cause != NULL &&
         g_hash_table_contains (in->tried, event->cause);
}

/* All that shows of it, for comparing. (transfer full) */
static char *
describe_unsent (const DeskCase *in)
{
  GString *all = g_string_new (NULL);

  for (guint i = count_sent (in); i < in->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (in->events, i);
      g_autofree char *changes = desk_changes_format (event->changes);

      g_string_append_printf (all, "%s %d %s\n%s\n", event->uid, is_tried (in, event),
                              event->text != NULL ? event->text : "",
                              changes != NULL ? changes : "");
    }
  return g_string_free (all, FALSE);
}

static void
take_table (GHashTable **to, GHashTable *from)
{
  g_clear_pointer (to, g_hash_table_unref);
  *to = from != NULL ? g_hash_table_ref (from) : NULL;
}

static void
add_absent (DeskCase *in, const DeskCase *fresh)
{
  GHashTableIter iter;
  gpointer sha256;

  if (fresh->absent == NULL)
    return;
  if (in->absent == NULL)
    in->absent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, fresh->absent);
  while (g_hash_table_iter_next (&iter, &sha256, NULL))
    g_hash_table_add (in->absent, g_strdup (sha256));
}

/* @fresh has what came after @in. Both were loaded for this widget alone, so what is kept may grow.
 */
static void
extend_case (DeskCase *in, const DeskCase *fresh)
{
  GHashTableIter iter;
  gpointer person;

  desk_ticket_unref (in->ticket);
  in->ticket = desk_ticket_ref (fresh->ticket);
  in->seen_no = MAX (in->seen_no, fresh->seen_no);
  in->pending = fresh->pending;
  in->incomplete = fresh->incomplete;
  take_table (&in->tried, fresh->tried);
  add_absent (in, fresh);
  g_ptr_array_set_size (in->events, (int) count_sent (in));
  for (guint i = 0; i < fresh->events->len; i++)
    g_ptr_array_add (in->events, desk_event_ref (g_ptr_array_index (fresh->events, i)));
  g_hash_table_iter_init (&iter, fresh->people);
  while (g_hash_table_iter_next (&iter, NULL, &person))
    g_hash_table_replace (in->people, ((DeskPerson *) person)->uid, desk_person_ref (person));
}

static void
show_newer (DeskConversation *self, DeskCase *fresh)
{
  g_autofree char *before = describe_unsent (self->in);
  g_autofree char *after = describe_unsent (fresh);
  guint position = count_sent (self->in);

  extend_case (self->in, fresh);
  set_case (self, self->in);
  if (count_sent (self->in) > position || g_strcmp0 (before, after) != 0)
    desk_history_append (self->history, position);
  desk_conversation_update (self);
  mark_seen_later (self);
}

static void
show_again (DeskConversation *self, DeskCase *in)
{
  set_case (self, in);
  desk_history_refresh (self->history, in);
  desk_conversation_update (self);
  mark_seen_later (self);
}

/* --- loading --- */

static void load (DeskConversation *self);

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
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TICKET]);
  if (uid != NULL)
    g_signal_emit_by_name (self, "left", uid);
}

/* The desk was restored from an older copy, or older events have come. */
static gboolean
has_gone_back (DeskConversation *self, const DeskCase *fresh)
{
  return fresh->ticket->no < get_last_no (self->in) || self->in->incomplete != fresh->incomplete;
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
                         whole ? 0 : get_last_no (self->in), self->cancellable, loaded_cb, self);
}

void
desk_conversation_reload (DeskConversation *self)
{
  if (self->loading)
    self->stale = TRUE;
  else if (self->in != NULL)
    load (self);
}

static void
stop_loading (DeskConversation *self)
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

/* --- time goes on --- */

static gint64
find_day (gint64 now)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (now);

  return local != NULL ? g_date_time_get_year (local) * 1000 + g_date_time_get_day_of_year (local)
                       : 0;
}

static gboolean
tick_cb (gpointer user_data)
{
  DeskConversation *self = user_data;
  gint64 now = desk_conversation_get_now ();

  if (self->in != NULL)
    desk_ticket_head_show (self->head, self->in, desk_store_get_catalogue (self->store),
                           self->agent, now);
  if (self->in != NULL && self->day != find_day (now))
    desk_history_set_now (self->history, now);
  self->day = find_day (now);
  return G_SOURCE_CONTINUE;
}

/* --- width --- */

static int
measure_width (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

static void
set_compact (DeskConversation *self, gboolean compact)
{
  int margin = compact ? MARGIN_COMPACT : MARGIN;

  self->compact = compact;
  gtk_widget_set_margin_start (self->head_clamp, compact ? MARGIN_COMPACT + 2 : MARGIN);
  gtk_widget_set_margin_end (self->head_clamp, margin);
  gtk_widget_set_margin_start (self->sync_bar, margin);
  gtk_widget_set_margin_end (self->sync_bar, margin);
  gtk_widget_set_margin_start (self->foot, margin);
  gtk_widget_set_margin_end (self->foot, margin);
  gtk_widget_set_margin_bottom (self->foot, margin);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->question),
                                  compact ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->ended),
                                  compact ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  desk_ticket_head_set_compact (self->head, compact);
  desk_history_set_compact (self->history, compact);
  desk_composer_set_compact (self->composer, compact);
  show_header (self);
}

/* What the full form needs is known only while it is shown. */
static gboolean
needs_compact (DeskConversation *self, int width)
{
  if (!self->compact)
    self->full_width = measure_width (self->box);
  return width < MAX (COMPACT_BELOW, self->full_width);
}

static void
desk_conversation_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  if (needs_compact (self, width) != self->compact)
    set_compact (self, !self->compact);
  if (!self->compact && needs_compact (self, width))
    set_compact (self, TRUE);
  /* The layout has to know its new sizes before it is given one. */
  width = MAX (width, measure_width (self->box));
  gtk_widget_measure (self->box, GTK_ORIENTATION_VERTICAL, width, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (self->box, &(GtkAllocation){ 0, 0, width, height }, -1);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

/* The full form must not keep the window from becoming narrow enough for the other. */
static void
desk_conversation_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  gtk_widget_measure (self->box, orientation, -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL && !self->compact)
    *minimum = MIN (*minimum, MIN_WIDTH);
}

static GtkSizeRequestMode
desk_conversation_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

/* --- signals of the template --- */

static void
composer_changed_cb (DeskConversation *self)
{
  desk_composer_show_news (self->composer, self->in);
  desk_conversation_update_actions (self);
}

static void
composer_typed_cb (DeskConversation *self)
{
  desk_presence_line_note_typing (self->presence, desk_composer_has_text (self->composer));
}

static void
show_news (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskConversation *self = DESK_CONVERSATION (widget);
  gint64 no = desk_composer_take_news (self->composer);

  if (no > 0)
    desk_history_scroll_to_event (self->history, no);
}

static void
composer_cancelled_cb (DeskConversation *self)
{
  self->not_yet = FALSE;
  desk_conversation_update (self);
}

/* --- the class --- */

static void
desk_conversation_map (GtkWidget *widget)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  GTK_WIDGET_CLASS (desk_conversation_parent_class)->map (widget);
  self->tick_source = g_timeout_add_seconds (TICK_SECS, tick_cb, self);
  mark_seen_later (self);
}

static void
desk_conversation_unmap (GtkWidget *widget)
{
  DeskConversation *self = DESK_CONVERSATION (widget);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_handle_id (&self->seen_source, g_source_remove);
  GTK_WIDGET_CLASS (desk_conversation_parent_class)->unmap (widget);
}

static void
desk_conversation_set_property (GObject *object,
                                guint property,
                                const GValue *value,
                                GParamSpec *spec)
{
  DeskConversation *self = DESK_CONVERSATION (object);

  switch (property)
    {
    case PROP_SHOW_BACK:
      self->show_back = g_value_get_boolean (value);
      show_header (self);
      break;
    case PROP_SHOW_WINDOW_BUTTONS:
      self->show_window_buttons = g_value_get_boolean (value);
      adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (self->header),
                                                 self->show_window_buttons);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
desk_conversation_get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  DeskConversation *self = DESK_CONVERSATION (object);

  switch (property)
    {
    case PROP_SHOW_BACK:
      g_value_set_boolean (value, self->show_back);
      break;
    case PROP_SHOW_WINDOW_BUTTONS:
      g_value_set_boolean (value, self->show_window_buttons);
      break;
    case PROP_TICKET:
      g_value_set_string (value, self->in != NULL ? self->in->ticket->uid : NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
desk_conversation_dispose (GObject *object)
{
  DeskConversation *self = DESK_CONVERSATION (object);

  stop_loading (self);
  g_cancellable_cancel (self->unsent_cancellable);
  g_clear_object (&self->unsent_cancellable);
  g_clear_handle_id (&self->seen_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_weak_pointer (&self->dialog);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_CONVERSATION);
  g_clear_object (&self->facts);
  g_clear_pointer (&self->in, desk_case_unref);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  g_clear_object (&self->syncer);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_conversation_parent_class)->dispose (object);
}

static void
desk_conversation_finalize (GObject *object)
{
  g_free (DESK_CONVERSATION (object)->ref);
  G_OBJECT_CLASS (desk_conversation_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-conversation.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, box);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, header);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, sync_bar);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, number_title);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, back);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, assignee);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, take);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, wait);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, resolve);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, resolve_compact);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, reopen);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, more);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, stack);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, nothing);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, problem);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, retry);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, head_clamp);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, head);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, history);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, presence);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, foot);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, question);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, question_buttons);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, ended);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, ended_label);
  gtk_widget_class_bind_template_child (widget_class, DeskConversation, composer);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, composer_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, composer_typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, composer_cancelled_cb);
}

static void
desk_conversation_class_init (DeskConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = desk_conversation_set_property;
  object_class->get_property = desk_conversation_get_property;
  object_class->dispose = desk_conversation_dispose;
  object_class->finalize = desk_conversation_finalize;
  widget_class->measure = desk_conversation_measure;
  widget_class->size_allocate = desk_conversation_size_allocate;
  widget_class->get_request_mode = desk_conversation_get_request_mode;
  widget_class->map = desk_conversation_map;
  widget_class->unmap = desk_conversation_unmap;

  properties[PROP_SHOW_BACK] = g_param_spec_boolean ("show-back", NULL, NULL, FALSE,
                                                     G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHOW_WINDOW_BUTTONS] = g_param_spec_boolean (
      "show-window-buttons", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TICKET] = g_param_spec_string ("ticket", NULL, NULL, NULL,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_signal_new ("left", DESK_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                1, G_TYPE_STRING);

  g_type_ensure (DESK_TYPE_SYNC_BAR);
  g_type_ensure (DESK_TYPE_TICKET_HEAD);
  g_type_ensure (DESK_TYPE_HISTORY);
  g_type_ensure (DESK_TYPE_PRESENCE_LINE);
  g_type_ensure (DESK_TYPE_COMPOSER);
  bind_template (widget_class);
  desk_conversation_install_actions (widget_class);
  gtk_widget_class_install_action (widget_class, "ticket.show-news", NULL, show_news);
  desk_conversation_install_unsent_actions (widget_class);
  gtk_widget_class_set_css_name (widget_class, "desk-conversation");
}

/* Else a paragraph is selected as soon as the focus comes near it. */
static void
keep_focus_from_selecting (void)
{
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
}

static void
desk_conversation_init (DeskConversation *self)
{
  self->show_window_buttons = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  keep_focus_from_selecting ();
  gtk_label_set_text (
      GTK_LABEL (self->ended_label),
      _ ("This ticket has been closed for long. File a new one if the trouble is back."));
  self->facts = desk_conversation_make_facts (self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "fact", G_ACTION_GROUP (self->facts));
  desk_conversation_install_menus (self);
  desk_spoken_dropdown (ADW_SPLIT_BUTTON (self->resolve), _ ("More ways to end"));
  gtk_widget_set_layout_manager (self->question_buttons, desk_wrap_layout_new (6));
  set_compact (self, FALSE);
}

GtkWidget *
desk_conversation_new (void)
{
  return g_object_new (DESK_TYPE_CONVERSATION, NULL);
}

void
desk_conversation_set_store (DeskConversation *self, DeskStore *store, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_CONVERSATION (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  g_set_object (&self->syncer, syncer);
  desk_history_set_store (self->history, store, syncer);
  desk_presence_line_set_store (self->presence, store, syncer);
  if (syncer != NULL && desk_store_get_me (store)->role >= DESK_ROLE_AGENT)
    desk_history_set_room_at_end (self->history, DESK_PRESENCE_LINE_ROOM);
  desk_composer_set_store (self->composer, store, syncer);
  desk_sync_bar_set_syncer (DESK_SYNC_BAR (self->sync_bar), syncer);
  desk_conversation_follow_outbox (self);
  g_signal_connect_object (store, "changed", G_CALLBACK (desk_conversation_reload), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "catalogue-changed", G_CALLBACK (catalogue_changed_cb), self,
                           G_CONNECT_SWAPPED);
  desk_conversation_update_actions (self);
  show_keys (self);
}

void
desk_conversation_set_letters (DeskConversation *self, gboolean enabled)
{
  g_return_if_fail (DESK_IS_CONVERSATION (self));

  self->letters = enabled;
  show_keys (self);
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
  stop_loading (self);
  desk_composer_show (self->composer, NULL, NULL, DESK_COMPOSER_REQUESTER);
  set_case (self, NULL);
  g_free (self->ref);
  self->ref = g_strdup (ref);
  desk_conversation_update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TICKET]);
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

void
desk_conversation_write (DeskConversation *self, gboolean note)
{
  g_return_if_fail (DESK_IS_CONVERSATION (self));

  if (self->in == NULL)
    return;
  desk_composer_set_note (self->composer, note);
  desk_composer_focus_text (self->composer);
}
