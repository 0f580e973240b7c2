/* SPDX-License-Identifier: GPL-3.0-or-later
 * The widget that shows one ticket: its parts, its width and the time it shows; see
 * desk-conversation.h. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-spoken.h"
#include "desk-sync-bar.h"
#include "desk-wording.h"
#include "desk-wrap-layout.h"

/* Below this width, or what the full form needs, the compact form is shown. */
#define COMPACT_BELOW 500
#define MIN_WIDTH     360

#define MARGIN         18
#define MARGIN_COMPACT 10

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

/* --- the ticket --- */

void
desk_conversation_update (DeskConversation *self)
{
  desk_conversation_show_header (self);
  desk_conversation_update_menus (self);
  if (self->in != NULL)
    {
      desk_ticket_head_show (self->head, self->in, desk_store_get_catalogue (self->store),
                             self->agent, desk_conversation_get_now ());
      desk_conversation_show_foot (self);
    }
  desk_conversation_update_actions (self);
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
  desk_conversation_show_header (self);
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
  desk_conversation_mark_seen_later (self);
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
      desk_conversation_show_header (self);
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

  desk_conversation_stop_loading (self);
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
  desk_conversation_install_loading (widget_class);
  desk_conversation_install_actions (widget_class);
  gtk_widget_class_install_action (widget_class, "ticket.show-news", NULL, show_news);
  desk_conversation_install_waiting_actions (widget_class);
  desk_conversation_install_refused_actions (widget_class);
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
  desk_conversation_follow_store (self);
  desk_conversation_update_actions (self);
  desk_conversation_show_keys (self);
}

void
desk_conversation_set_letters (DeskConversation *self, gboolean enabled)
{
  g_return_if_fail (DESK_IS_CONVERSATION (self));

  self->letters = enabled;
  desk_conversation_show_keys (self);
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
