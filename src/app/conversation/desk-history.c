/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of a conversation, made from the newest back; see desk-history.h. */
#include "desk-history.h"

#include <glib/gi18n.h>

#include "desk-conversation-entry.h"
#include "desk-thread.h"

/* A screenful, and what is made in one idle turn. */
#define AT_ONCE  10
#define PER_TURN 4

#define MARGIN         18
#define MARGIN_COMPACT 10
/* How far below the edge the first unread row is put. */
#define UNREAD_OFFSET 12

struct _DeskHistory
{
  GtkWidget parent_instance;

  DeskStore *store;
  DeskSyncer *syncer; /* NULL: a desk file */
  DeskCase *in;
  guint first;  /* position of the oldest event that has its rows */
  guint wanted; /* position of the oldest one that is to get them */
  guint unread; /* position of the first unread event, G_MAXUINT for none or when it was shown */
  guint idle;
  gboolean compact;

  GtkWidget *scroller;
  DeskThread *thread;
  GPtrArray *refused; /* of DeskOutboxItem, of this ticket; or NULL */
  GtkWidget *earlier; /* the first row while there are older events, else NULL */
};

G_DEFINE_FINAL_TYPE (DeskHistory, desk_history, GTK_TYPE_WIDGET)

static guint
count_events (DeskHistory *self)
{
  return self->in != NULL ? self->in->events->len : 0;
}

static GPtrArray *
make_rows (DeskHistory *self, guint position)
{
  GPtrArray *rows = g_ptr_array_new ();

  desk_conversation_entry_add (rows, self->store, self->syncer, self->in, position);
  for (guint i = 0; self->compact && i < rows->len; i++)
    desk_conversation_entry_set_compact (g_ptr_array_index (rows, i), TRUE);
  return rows;
}

/* --- "Show earlier" --- */

static void fill (DeskHistory *self, guint n);
static void fill_later (DeskHistory *self);

static void
earlier_cb (GtkButton *button, DeskHistory *self)
{
  self->wanted = self->first > DESK_HISTORY_MORE ? self->first - DESK_HISTORY_MORE : 0;
  fill (self, AT_ONCE);
  fill_later (self);
}

static GtkWidget *
make_earlier (DeskHistory *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *button = gtk_button_new_with_label (_ ("Show earlier"));

  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "desk-small-button");
  gtk_box_append (GTK_BOX (row), button);
  g_signal_connect (button, "clicked", G_CALLBACK (earlier_cb), self);
  return row;
}

/* Always the first row, so it goes before others come and comes back after them. */
static void
show_earlier (DeskHistory *self)
{
  if (self->earlier != NULL)
    desk_thread_remove (self->thread, self->earlier);
  self->earlier = NULL;
  if (self->first == 0 || self->first > self->wanted)
    return;
  self->earlier = make_earlier (self);
  desk_thread_prepend (self->thread, self->earlier);
}

/* --- filling from the newest back --- */

/* Unless the reader went somewhere else meanwhile. */
static void
scroll_to_unread (DeskHistory *self)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->thread));

  if (row != NULL && desk_thread_is_at_end (self->thread))
    desk_thread_scroll_to_row (self->thread, row, UNREAD_OFFSET);
  self->unread = G_MAXUINT;
}

static void
prepend_event (DeskHistory *self, guint position)
{
  g_autoptr (GPtrArray) rows = make_rows (self, position);

  for (guint i = rows->len; i > 0; i--)
    desk_thread_prepend (self->thread, g_ptr_array_index (rows, i - 1));
  self->first = position;
  if (position == self->unread)
    scroll_to_unread (self);
}

static void
fill (DeskHistory *self, guint n)
{
  if (self->earlier != NULL)
    desk_thread_remove (self->thread, self->earlier);
  self->earlier = NULL;
  while (n-- > 0 && self->first > self->wanted)
    prepend_event (self, self->first - 1);
  show_earlier (self);
}

static gboolean
fill_cb (gpointer user_data)
{
  DeskHistory *self = user_data;

  fill (self, PER_TURN);
  if (self->first > self->wanted)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
  return G_SOURCE_REMOVE;
}

static void
fill_later (DeskHistory *self)
{
  if (self->idle == 0 && self->first > self->wanted)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, fill_cb, self, NULL);
}

/* --- what is unread --- */

static guint
find_unread (DeskHistory *self)
{
  const DeskPerson *me = desk_store_get_me (self->store);

  for (guint i = 0; i < count_events (self); i++)
    {
      const DeskEvent *event = g_ptr_array_index (self->in->events, i);

      if (event->no > self->in->seen_no && g_strcmp0 (event->author, me->uid) != 0)
        return i;
    }
  return G_MAXUINT;
}

/* When more is unread than is shown, its oldest shown entry stands for the first. */
static void
open_at_unread (DeskHistory *self)
{
  self->unread = find_unread (self);
  if (self->unread < self->wanted)
    self->unread = self->wanted;
}

/* --- what is not on the desk: always last --- */

static gboolean
is_unsent (GtkWidget *row)
{
  return DESK_IS_CONVERSATION_ENTRY (row) &&
         desk_conversation_entry_get_no (DESK_CONVERSATION_ENTRY (row)) == 0;
}

static void
remove_unsent (DeskHistory *self)
{
  GtkWidget *row = gtk_widget_get_last_child (GTK_WIDGET (self->thread));

  while (row != NULL && is_unsent (row))
    {
      desk_thread_remove (self->thread, row);
      row = gtk_widget_get_last_child (GTK_WIDGET (self->thread));
    }
}

static void
append_refused (DeskHistory *self)
{
  for (guint i = 0; self->in != NULL && self->refused != NULL && i < self->refused->len; i++)
    {
      DeskConversationEntry *row = desk_conversation_entry_new_refused (
          self->store, self->in, g_ptr_array_index (self->refused, i));

      desk_conversation_entry_set_compact (row, self->compact);
      desk_thread_append (self->thread, GTK_WIDGET (row));
    }
}

static void
clear (DeskHistory *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  self->earlier = NULL;
  desk_thread_clear (self->thread);
  self->first = self->wanted = count_events (self);
}

/* --- the class --- */

static void
desk_history_dispose (GObject *object)
{
  DeskHistory *self = DESK_HISTORY (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->in, desk_case_unref);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  g_clear_object (&self->syncer);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_history_parent_class)->dispose (object);
}

static void
desk_history_class_init (DeskHistoryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_history_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "desk-history");
}

static void
desk_history_init (DeskHistory *self)
{
  self->scroller = gtk_scrolled_window_new ();
  self->thread = DESK_THREAD (desk_thread_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->thread), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Conversation"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->thread));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

GtkWidget *
desk_history_new (void)
{
  return g_object_new (DESK_TYPE_HISTORY, NULL);
}

void
desk_history_set_store (DeskHistory *self, DeskStore *store, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_HISTORY (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  g_set_object (&self->syncer, syncer);
}

void
desk_history_show (DeskHistory *self, DeskCase *in)
{
  g_return_if_fail (DESK_IS_HISTORY (self));
  g_return_if_fail (in == NULL || self->store != NULL);

  if (in != NULL)
    desk_case_ref (in);
  g_clear_pointer (&self->in, desk_case_unref);
  self->in = in;
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  clear (self);
  if (in == NULL)
    return;
  self->wanted = self->first > DESK_HISTORY_FIRST ? self->first - DESK_HISTORY_FIRST : 0;
  open_at_unread (self);
  fill (self, AT_ONCE);
  fill_later (self);
}

void
desk_history_append (DeskHistory *self, guint position)
{
  gboolean at_end;

  g_return_if_fail (DESK_IS_HISTORY (self));
  g_return_if_fail (self->in != NULL);

  if (count_events (self) > position + DESK_HISTORY_FIRST)
    {
      g_autoptr (GPtrArray) refused = g_steal_pointer (&self->refused);

      desk_history_show (self, self->in);
      desk_history_set_refused (self, refused);
      return;
    }
  at_end = desk_thread_is_at_end (self->thread);
  remove_unsent (self);
  self->first = MIN (self->first, position);
  self->wanted = MIN (self->wanted, position);
  for (guint i = position; i < count_events (self); i++)
    {
      g_autoptr (GPtrArray) rows = make_rows (self, i);

      for (guint j = 0; j < rows->len; j++)
        desk_thread_append (self->thread, g_ptr_array_index (rows, j));
    }
  append_refused (self);
  if (at_end)
    desk_thread_scroll_to_end (self->thread);
}

/* The first position whose event is not on the desk. */
static guint
find_unsent (DeskHistory *self)
{
  guint position = count_events (self);

  while (position > 0 &&
         ((const DeskEvent *) g_ptr_array_index (self->in->events, position - 1))->no == 0)
    position--;
  return position;
}

void
desk_history_set_refused (DeskHistory *self, GPtrArray *items)
{
  GPtrArray *before;

  g_return_if_fail (DESK_IS_HISTORY (self));

  before = self->refused;
  self->refused = items != NULL ? g_ptr_array_ref (items) : NULL;
  g_clear_pointer (&before, g_ptr_array_unref);
  if (self->in != NULL)
    desk_history_append (self, find_unsent (self));
}

/* The row of the event that was looked at. */
static GtkWidget *
find_row (DeskHistory *self, gint64 no)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->thread)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (DESK_IS_CONVERSATION_ENTRY (row) &&
        desk_conversation_entry_get_no (DESK_CONVERSATION_ENTRY (row)) >= no)
      return row;
  return NULL;
}

void
desk_history_refresh (DeskHistory *self, DeskCase *in)
{
  GtkWidget *anchor;
  int offset;
  guint wanted;
  gint64 no = 0;

  g_return_if_fail (DESK_IS_HISTORY (self));

  if (self->in == NULL)
    return;
  desk_case_ref (in);
  desk_case_unref (self->in);
  self->in = in;
  anchor = desk_thread_get_anchor (self->thread, &offset);
  if (DESK_IS_CONVERSATION_ENTRY (anchor))
    no = desk_conversation_entry_get_no (DESK_CONVERSATION_ENTRY (anchor));
  wanted = self->wanted;
  clear (self);
  self->wanted = MIN (wanted, self->first);
  fill (self, G_MAXUINT);
  append_refused (self);
  anchor = no != 0 ? find_row (self, no) : NULL;
  if (anchor != NULL)
    desk_thread_scroll_to_row (self->thread, anchor, offset);
}

/* What waits to be sent has no number and comes last. */
static gboolean
is_before (const DeskEvent *event, gint64 no)
{
  return event->no != 0 && event->no < no;
}

/* All rows back to there are made first. */
static void
fill_back_to (DeskHistory *self, gint64 no)
{
  guint position = count_events (self);

  while (position > 0 && !is_before (self->in->events->pdata[position - 1], no))
    position--;
  self->wanted = MIN (self->wanted, position);
  if (position < self->first)
    fill (self, self->first - position);
}

void
desk_history_scroll_to_event (DeskHistory *self, gint64 no)
{
  GtkWidget *row;

  g_return_if_fail (DESK_IS_HISTORY (self));

  if (self->in == NULL)
    return;
  fill_back_to (self, no);
  row = find_row (self, no);
  if (row != NULL)
    desk_thread_scroll_to_row (self->thread, row, UNREAD_OFFSET);
}

void
desk_history_set_upload (DeskHistory *self, const char *op, double share)
{
  g_return_if_fail (DESK_IS_HISTORY (self));

  for (GtkWidget *row = gtk_widget_get_last_child (GTK_WIDGET (self->thread));
       row != NULL && is_unsent (row); row = gtk_widget_get_prev_sibling (row))
    desk_conversation_entry_set_upload (DESK_CONVERSATION_ENTRY (row), op, share);
}

void
desk_history_scroll_to_end (DeskHistory *self)
{
  g_return_if_fail (DESK_IS_HISTORY (self));

  desk_thread_scroll_to_end (self->thread);
}

void
desk_history_set_room_at_end (DeskHistory *self, int room)
{
  g_return_if_fail (DESK_IS_HISTORY (self));

  desk_thread_set_room_at_end (self->thread, room);
}

void
desk_history_set_compact (DeskHistory *self, gboolean compact)
{
  g_return_if_fail (DESK_IS_HISTORY (self));

  if (self->compact == compact)
    return;
  self->compact = compact;
  desk_thread_set_margin (self->thread, compact ? MARGIN_COMPACT : MARGIN);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->thread)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (DESK_IS_CONVERSATION_ENTRY (row))
      desk_conversation_entry_set_compact (DESK_CONVERSATION_ENTRY (row), compact);
}

void
desk_history_set_now (DeskHistory *self, gint64 now)
{
  g_return_if_fail (DESK_IS_HISTORY (self));

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->thread)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (DESK_IS_CONVERSATION_ENTRY (row))
      desk_conversation_entry_set_now (DESK_CONVERSATION_ENTRY (row), now);
}

guint
desk_history_count_shown (DeskHistory *self)
{
  g_return_val_if_fail (DESK_IS_HISTORY (self), 0);

  return count_events (self) - self->first;
}

gboolean
desk_history_is_filling (DeskHistory *self)
{
  g_return_val_if_fail (DESK_IS_HISTORY (self), FALSE);

  return self->idle != 0;
}
