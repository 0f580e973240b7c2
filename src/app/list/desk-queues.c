/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pane of queues. */
#include "desk-queues.h"

#include <glib/gi18n.h>

#include "desk-avatar.h"
#include "desk-queue-row.h"
#include "desk-signs.h"
#include "desk-sync-notice.h"
#include "desk-wording.h"

/* It grows with the text, but leaves something of the narrowest window to see. */
#define WIDTH      212
#define MOST_WIDTH 300
/* So many departments are there in the first frame, the others a moment later. */
#define DEPARTMENTS_AT_ONCE 12

struct _DeskQueues
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GMenu *main_menu;
  GtkListBox *list;
  AdwAvatar *avatar;
  GtkLabel *me;
  GtkLabel *standing;
  GtkImage *standing_icon;

  DeskStore *store;
  DeskSyncNotice *notice; /* NULL: a desk file */
  GCancellable *cancellable;
  DeskCounts *counts; /* or NULL */
  gboolean is_counting;
  gboolean must_count;   /* the desk changed meanwhile */
  gboolean is_selecting; /* not by somebody */
  DeskView selected;
  guint n_departments;
  guint rest_source;
  guint minute_source;
};

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_ACTIVATED,
  SIGNAL_COUNTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DeskQueues, desk_queues, GTK_TYPE_WIDGET)

static const struct
{
  DeskViewKind kind;
  const char *icon;
} queues[] = {
  { DESK_VIEW_MINE, "avatar-default-symbolic" },
  { DESK_VIEW_UNASSIGNED, "contact-new-symbolic" },
  { DESK_VIEW_OPEN, "view-list-bullet-symbolic" },
  { DESK_VIEW_OVERDUE, "alarm-symbolic" },
  { DESK_VIEW_WAITING, "media-playback-pause-symbolic" },
  { DESK_VIEW_RESOLVED, "object-select-symbolic" },
  { DESK_VIEW_CLOSED, "folder-symbolic" },
};

/* --- counts --- */

/* What is closed only grows; its number would be noise. */
static gboolean
shows_count (const DeskView *view)
{
  return view->kind != DESK_VIEW_CLOSED;
}

static void
show_count (DeskQueues *self, DeskQueueRow *row)
{
  const DeskView *view = desk_queue_row_get_view (row);
  gint64 count = shows_count (view) ? desk_queues_get_count (self, view) : -1;

  desk_queue_row_set_count (row, count, view->kind == DESK_VIEW_OVERDUE);
}

static DeskQueueRow *
get_row (DeskQueues *self, int index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, index);

  return row != NULL ? DESK_QUEUE_ROW (row) : NULL;
}

static void
show_counts (DeskQueues *self)
{
  DeskQueueRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    show_count (self, row);
  g_signal_emit (self, signals[SIGNAL_COUNTED], 0);
}

static void count (DeskQueues *self);

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskQueues) self = data;
  g_autoptr (DeskCounts) counts = desk_store_count_finish (DESK_STORE (source), result, NULL);

  self->is_counting = FALSE;
  if (self->store == NULL)
    return;
  if (counts != NULL)
    {
      g_clear_pointer (&self->counts, desk_counts_free);
      self->counts = g_steal_pointer (&counts);
      show_counts (self);
    }
  if (self->must_count)
    count (self);
}

static void
count (DeskQueues *self)
{
  self->must_count = self->is_counting;
  if (self->is_counting)
    return;
  self->is_counting = TRUE;
  desk_store_count_async (self->store, self->cancellable, counted_cb, g_object_ref (self));
}

static void
store_changed_cb (DeskQueues *self)
{
  count (self);
}

/* Some queues depend on the time. */
static gboolean
minute_cb (gpointer data)
{
  DeskQueues *self = data;

  if (self->store != NULL)
    count (self);
  return G_SOURCE_CONTINUE;
}

/* --- rows --- */

static void
add_row (DeskQueues *self, const DeskView *view, const char *label, const char *icon, guint dot)
{
  GtkWidget *row = desk_queue_row_new (view, label, icon, dot);

  gtk_list_box_append (self->list, row);
  show_count (self, DESK_QUEUE_ROW (row));
  if (desk_view_equal (view, &self->selected))
    desk_queues_select (self, view);
}

static void
add_queues (DeskQueues *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    {
      DeskView view = desk_view_of (queues[i].kind);

      add_row (self, &view, desk_wording_view (queues[i].kind), queues[i].icon, 0);
    }
}

static gboolean
shows_department (DeskQueues *self, const DeskEntry *department)
{
  const DeskPerson *me = desk_store_get_me (self->store);

  return !department->removed &&
         (me->role == DESK_ROLE_ADMINISTRATOR || desk_person_works_in (me, department->slug));
}

/* Adds up to @limit of the departments that are not there yet. FALSE: that were all. */
static gboolean
add_departments (DeskQueues *self, guint limit)
{
  GPtrArray *departments = desk_catalogue_get_entries (desk_store_get_catalogue (self->store),
                                                       DESK_ENTRY_DEPARTMENT);

  for (; self->n_departments < departments->len && limit > 0; self->n_departments++)
    {
      const DeskEntry *department = departments->pdata[self->n_departments];
      DeskView view = desk_view_of_department (department->slug);

      if (!shows_department (self, department))
        continue;
      add_row (self, &view, department->label, NULL, self->n_departments);
      limit--;
    }
  return self->n_departments < departments->len;
}

static gboolean
add_rest_cb (gpointer data)
{
  DeskQueues *self = data;

  if (add_departments (self, DEPARTMENTS_AT_ONCE))
    return G_SOURCE_CONTINUE;
  self->rest_source = 0;
  return G_SOURCE_REMOVE;
}

static void
remove_rows (DeskQueues *self)
{
  DeskQueueRow *row;

  while ((row = get_row (self, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
show_me (DeskQueues *self)
{
  const char *name = desk_wording_person (desk_store_get_me (self->store));

  gtk_label_set_text (self->me, name);
  desk_avatar_set_name (self->avatar, name);
}

static void
show_catalogue (DeskQueues *self)
{
  g_clear_handle_id (&self->rest_source, g_source_remove);
  self->n_departments = 0;
  self->is_selecting = TRUE;
  remove_rows (self);
  add_queues (self);
  if (add_departments (self, DEPARTMENTS_AT_ONCE))
    self->rest_source = g_idle_add_full (G_PRIORITY_LOW, add_rest_cb, self, NULL);
  self->is_selecting = FALSE;
  show_me (self);
}

static void
catalogue_changed_cb (DeskQueues *self)
{
  show_catalogue (self);
  count (self);
}

static void
make_heading_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  gboolean is_first = desk_queue_row_get_view (DESK_QUEUE_ROW (row))->kind ==
                          DESK_VIEW_DEPARTMENT &&
                      before != NULL &&
                      desk_queue_row_get_view (DESK_QUEUE_ROW (before))->kind !=
                          DESK_VIEW_DEPARTMENT;
  GtkWidget *heading;

  if (!is_first)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  heading = gtk_label_new (_ ("Departments"));
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "caption-heading");
  gtk_widget_add_css_class (heading, "desk-secondary");
  gtk_list_box_row_set_header (row, heading);
}

/* --- how the copy stands --- */

static void
notice_changed_cb (DeskQueues *self)
{
  DeskSyncer *syncer = desk_sync_notice_get_syncer (self->notice);
  g_autofree char *text = desk_sync_notice_say_short (desk_sync_notice_get_kind (self->notice),
                                                      desk_syncer_get_status (syncer));

  gtk_label_set_text (self->standing, text);
  gtk_image_set_from_icon_name (self->standing_icon, desk_sync_notice_get_icon (self->notice));
}

/* --- choosing --- */

/* The keyboard selects as it moves. */
static void
row_selected_cb (DeskQueues *self, GtkListBoxRow *row)
{
  if (row == NULL || self->is_selecting ||
      desk_view_equal (&self->selected, desk_queue_row_get_view (DESK_QUEUE_ROW (row))))
    return;
  self->selected = *desk_queue_row_get_view (DESK_QUEUE_ROW (row));
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, &self->selected);
}

static void
row_activated_cb (DeskQueues *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* --- widget --- */

static void
desk_queues_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  DeskQueues *self = DESK_QUEUES (widget);
  int width = (int) MIN (WIDTH * desk_sign_get_text_scale (widget), MOST_WIDTH);

  gtk_widget_measure (self->box, orientation, -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = MAX (*minimum, width);
}

static void
desk_queues_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (DESK_QUEUES (widget)->box, width, height, baseline, NULL);
}

static void
desk_queues_dispose (GObject *object)
{
  DeskQueues *self = DESK_QUEUES (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->rest_source, g_source_remove);
  g_clear_handle_id (&self->minute_source, g_source_remove);
  g_clear_pointer (&self->counts, desk_counts_free);
  g_clear_object (&self->notice);
  g_clear_object (&self->store);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_QUEUES);
  G_OBJECT_CLASS (desk_queues_parent_class)->dispose (object);
}

static void
desk_queues_class_init (DeskQueuesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_queues_dispose;
  widget_class->measure = desk_queues_measure;
  widget_class->size_allocate = desk_queues_size_allocate;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", DESK_TYPE_QUEUES, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", DESK_TYPE_QUEUES, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_COUNTED] = g_signal_new ("counted", DESK_TYPE_QUEUES, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "desk-queues");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-queues.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskQueues, box);
  gtk_widget_class_bind_template_child (widget_class, DeskQueues, main_menu);
  gtk_widget_class_bind_template_child (widget_class, DeskQueues, list);
  gtk_widget_class_bind_template_child (widget_class, DeskQueues, avatar);
  gtk_widget_class_bind_template_child (widget_class, DeskQueues, me);
  gtk_widget_class_bind_template_child (widget_class, DeskQueues, standing);
  gtk_widget_class_bind_template_child (widget_class, DeskQueues, standing_icon);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
}

static void
desk_queues_init (DeskQueues *self)
{
  self->cancellable = g_cancellable_new ();
  self->selected = desk_view_of (DESK_VIEW_OPEN);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, make_heading_cb, NULL, NULL);
  self->minute_source = g_timeout_add_seconds (60, minute_cb, self);
}

GtkWidget *
desk_queues_new (void)
{
  return g_object_new (DESK_TYPE_QUEUES, NULL);
}

void
desk_queues_set_store (DeskQueues *self, DeskStore *store, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_QUEUES (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "catalogue-changed", G_CALLBACK (catalogue_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_catalogue (self);
  count (self);
  if (syncer == NULL)
    return;
  self->notice = desk_sync_notice_new (syncer);
  g_signal_connect_object (self->notice, "changed", G_CALLBACK (notice_changed_cb), self,
                           G_CONNECT_SWAPPED);
  notice_changed_cb (self);
}

void
desk_queues_select (DeskQueues *self, const DeskView *view)
{
  DeskQueueRow *row;
  gboolean was_selecting = self->is_selecting;

  g_return_if_fail (DESK_IS_QUEUES (self));

  self->selected = *view;
  self->is_selecting = TRUE;
  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    if (desk_view_equal (desk_queue_row_get_view (row), view))
      gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
  self->is_selecting = was_selecting;
}

gboolean
desk_queues_get_view (DeskQueues *self, guint index, DeskView *view)
{
  DeskQueueRow *row;

  g_return_val_if_fail (DESK_IS_QUEUES (self), FALSE);

  row = get_row (self, (int) index);
  if (row == NULL)
    return FALSE;
  *view = *desk_queue_row_get_view (row);
  return TRUE;
}

gint64
desk_queues_get_count (DeskQueues *self, const DeskView *view)
{
  g_return_val_if_fail (DESK_IS_QUEUES (self), -1);

  if (self->counts == NULL)
    return -1;
  if (view->kind != DESK_VIEW_DEPARTMENT)
    return self->counts->views[view->kind];
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts->departments, view->department));
}

void
desk_queues_focus (DeskQueues *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (DESK_IS_QUEUES (self));

  row = gtk_list_box_get_selected_row (self->list);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  else
    gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

void
desk_queues_set_desks (DeskQueues *self, GMenuModel *desks)
{
  g_return_if_fail (DESK_IS_QUEUES (self));

  if (desks != NULL)
    g_menu_insert_section (self->main_menu, 1, NULL, desks);
}
