/* SPDX-License-Identifier: GPL-3.0-or-later
 * A scrollable column with an anchor; see desk-thread.h.
 *
 * A viewport keeps its distance from the top, and so jumps when a row comes in above. Here every
 * allocation starts from the anchor: a row and its place in sight, or the end. */
#include "desk-thread.h"

#define ROW_SPACING 10
#define EDGE        12

struct _DeskThread
{
  GtkWidget parent_instance;

  GtkAdjustment *adjustments[2]; /* by orientation */
  GtkScrollablePolicy policies[2];
  int margin;
  int end; /* space below the last row */

  GtkWidget *anchor; /* lent, one of the children; NULL: the end */
  int offset;        /* of the anchor's upper edge from ours */
  gboolean allocating;

  GtkWidget *last_focus; /* lent, the row that had the focus */
  GtkRoot *root;         /* lent, followed for its focus */
};

enum
{
  PROP_HADJUSTMENT = 1,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

G_DEFINE_FINAL_TYPE_WITH_CODE (DeskThread,
                               desk_thread,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* --- places --- */

static int
get_column_width (DeskThread *self, int width)
{
  return MAX (1, MIN (width - 2 * self->margin, DESK_THREAD_COLUMN));
}

static int
measure_row (GtkWidget *row, int width)
{
  int natural;

  gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

/* The height of all rows; @anchor_y gets the place of the anchor among them. */
static int
measure_rows (DeskThread *self, int width, int *anchor_y)
{
  int y = EDGE;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      if (row == self->anchor)
        *anchor_y = y;
      if (gtk_widget_should_layout (row))
        y += measure_row (row, width) + ROW_SPACING;
    }
  return y - ROW_SPACING + self->end;
}

static void
allocate_rows (DeskThread *self, int width, int column, int scrolled)
{
  int y = EDGE - scrolled;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (gtk_widget_should_layout (row))
      {
        int height = measure_row (row, column);
        GtkAllocation at = { (width - column) / 2, y, column, height };

        gtk_widget_size_allocate (row, &at, -1);
        y += height + ROW_SPACING;
      }
}

static void
desk_thread_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DeskThread *self = DESK_THREAD (widget);
  int column = get_column_width (self, width);
  int anchor_y = 0;
  int total = MAX (measure_rows (self, column, &anchor_y), height);
  int scrolled = self->anchor != NULL ? anchor_y - self->offset : total - height;

  scrolled = CLAMP (scrolled, 0, total - height);
  self->allocating = TRUE;
  gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_HORIZONTAL], 0, 0, width, width * 0.1,
                            width * 0.9, width);
  gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_VERTICAL], scrolled, 0, total,
                            height * 0.1, height * 0.9, height);
  self->allocating = FALSE;
  allocate_rows (self, width, column, scrolled);
}

static void
desk_thread_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  DeskThread *self = DESK_THREAD (widget);

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    return;
  for (GtkWidget *row = gtk_widget_get_first_child (widget); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (gtk_widget_should_layout (row))
      {
        int row_minimum;

        gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, &row_minimum, NULL, NULL, NULL);
        *minimum = MAX (*minimum, row_minimum);
      }
  *minimum += 2 * self->margin;
  *natural = MAX (*minimum, DESK_THREAD_COLUMN + 2 * self->margin);
}

static GtkSizeRequestMode
desk_thread_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
desk_thread_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  int height = gtk_widget_get_height (widget);

  for (GtkWidget *row = gtk_widget_get_first_child (widget); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      graphene_rect_t at;

      if (gtk_widget_compute_bounds (row, widget, &at) && at.origin.y < height &&
          at.origin.y + at.size.height > 0)
        gtk_widget_snapshot_child (widget, row, snapshot);
    }
}

/* --- the anchor --- */

static gboolean
is_value_at_end (DeskThread *self)
{
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];

  return gtk_adjustment_get_value (vertical) >=
         gtk_adjustment_get_upper (vertical) - gtk_adjustment_get_page_size (vertical) - 1;
}

/* After the reader scrolled: the row that is first in sight. */
static void
find_anchor (DeskThread *self)
{
  int column = get_column_width (self, gtk_widget_get_width (GTK_WIDGET (self)));
  int y = EDGE - (int) gtk_adjustment_get_value (self->adjustments[GTK_ORIENTATION_VERTICAL]);

  self->anchor = NULL;
  if (is_value_at_end (self))
    return;
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      int height = gtk_widget_should_layout (row) ? measure_row (row, column) + ROW_SPACING : 0;

      self->anchor = row;
      self->offset = y;
      if (y + height > 0)
        return;
      y += height;
    }
}

static void
value_changed_cb (GtkAdjustment *adjustment, DeskThread *self)
{
  if (self->allocating)
    return;
  find_anchor (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
set_adjustment (DeskThread *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **place = &self->adjustments[orientation];

  if (adjustment == NULL)
    adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  if (*place == adjustment)
    return;
  if (*place != NULL)
    g_signal_handlers_disconnect_by_data (*place, self);
  g_object_ref_sink (adjustment);
  g_clear_object (place);
  *place = adjustment;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    g_signal_connect (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* --- focus --- */

static void
show_focus (DeskThread *self, GtkWidget *focus)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  GtkAdjustment *vertical = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double value = gtk_adjustment_get_value (vertical);
  graphene_rect_t at;

  if (!gtk_widget_compute_bounds (focus, GTK_WIDGET (self), &at))
    return;
  if (at.origin.y < 0 || at.size.height > height)
    gtk_adjustment_set_value (vertical, value + at.origin.y - EDGE);
  else if (at.origin.y + at.size.height > height)
    gtk_adjustment_set_value (vertical, value + at.origin.y + at.size.height - height + self->end);
}

/* A click into a tall text must not move it. */
static gboolean
is_in_sight (DeskThread *self, GtkWidget *widget)
{
  graphene_rect_t at;

  return gtk_widget_compute_bounds (widget, GTK_WIDGET (self), &at) &&
         at.origin.y + at.size.height > EDGE &&
         at.origin.y < gtk_widget_get_height (GTK_WIDGET (self)) - EDGE;
}

static void
focus_changed_cb (GtkRoot *root, GParamSpec *property, DeskThread *self)
{
  GtkWidget *focus = gtk_root_get_focus (root);

  if (focus == NULL || focus == GTK_WIDGET (self) ||
      !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    return;
  self->last_focus = gtk_widget_get_focus_child (GTK_WIDGET (self));
  if (!is_in_sight (self, focus) || gtk_window_get_focus_visible (GTK_WINDOW (root)))
    show_focus (self, focus);
}

static void
desk_thread_root (GtkWidget *widget)
{
  DeskThread *self = DESK_THREAD (widget);

  GTK_WIDGET_CLASS (desk_thread_parent_class)->root (widget);
  self->root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (self->root))
    g_signal_connect (self->root, "notify::focus-widget", G_CALLBACK (focus_changed_cb), self);
}

static void
desk_thread_unroot (GtkWidget *widget)
{
  DeskThread *self = DESK_THREAD (widget);

  if (self->root != NULL)
    g_signal_handlers_disconnect_by_data (self->root, self);
  self->root = NULL;
  GTK_WIDGET_CLASS (desk_thread_parent_class)->unroot (widget);
}

static gboolean
focus_sibling (GtkWidget *row, gboolean forward)
{
  do
    row = forward ? gtk_widget_get_next_sibling (row) : gtk_widget_get_prev_sibling (row);
  while (row != NULL && !(gtk_widget_should_layout (row) && gtk_widget_get_focusable (row)));
  return row != NULL && gtk_widget_grab_focus (row);
}

static gboolean
enter_rows (DeskThread *self)
{
  GtkWidget *row = self->last_focus;

  if (row == NULL)
    row = gtk_widget_get_last_child (GTK_WIDGET (self));
  while (row != NULL && !gtk_widget_grab_focus (row))
    row = gtk_widget_get_prev_sibling (row);
  return row != NULL;
}

static gboolean
desk_thread_focus (GtkWidget *widget, GtkDirectionType direction)
{
  GtkWidget *row = gtk_widget_get_focus_child (widget);

  if (row == NULL)
    return enter_rows (DESK_THREAD (widget));
  switch (direction)
    {
    case GTK_DIR_UP:
      focus_sibling (row, FALSE);
      return TRUE;
    case GTK_DIR_DOWN:
      focus_sibling (row, TRUE);
      return TRUE;
    case GTK_DIR_TAB_FORWARD:
    case GTK_DIR_TAB_BACKWARD:
      return gtk_widget_child_focus (row, direction);
    case GTK_DIR_LEFT:
    case GTK_DIR_RIGHT:
      gtk_widget_child_focus (row, direction);
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

/* --- the class --- */

static void
desk_thread_set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  DeskThread *self = DESK_THREAD (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
desk_thread_get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  DeskThread *self = DESK_THREAD (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
desk_thread_dispose (GObject *object)
{
  DeskThread *self = DESK_THREAD (object);

  desk_thread_clear (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->adjustments); i++)
    {
      if (self->adjustments[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->adjustments[i], self);
      g_clear_object (&self->adjustments[i]);
    }
  G_OBJECT_CLASS (desk_thread_parent_class)->dispose (object);
}

static void
desk_thread_class_init (DeskThreadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = desk_thread_set_property;
  object_class->get_property = desk_thread_get_property;
  object_class->dispose = desk_thread_dispose;
  widget_class->measure = desk_thread_measure;
  widget_class->size_allocate = desk_thread_size_allocate;
  widget_class->get_request_mode = desk_thread_get_request_mode;
  widget_class->snapshot = desk_thread_snapshot;
  widget_class->focus = desk_thread_focus;
  widget_class->root = desk_thread_root;
  widget_class->unroot = desk_thread_unroot;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  gtk_widget_class_set_css_name (widget_class, "desk-thread");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
desk_thread_init (DeskThread *self)
{
  self->margin = 18;
  self->end = EDGE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
}

GtkWidget *
desk_thread_new (void)
{
  return g_object_new (DESK_TYPE_THREAD, NULL);
}

void
desk_thread_append (DeskThread *self, GtkWidget *row)
{
  g_return_if_fail (DESK_IS_THREAD (self));

  gtk_widget_insert_before (row, GTK_WIDGET (self), NULL);
}

void
desk_thread_prepend (DeskThread *self, GtkWidget *row)
{
  g_return_if_fail (DESK_IS_THREAD (self));

  gtk_widget_insert_after (row, GTK_WIDGET (self), NULL);
}

/* A row that goes leaves its place in sight to the next one. */
void
desk_thread_remove (DeskThread *self, GtkWidget *row)
{
  g_return_if_fail (DESK_IS_THREAD (self));
  g_return_if_fail (gtk_widget_get_parent (row) == GTK_WIDGET (self));

  if (self->anchor == row)
    {
      self->anchor = gtk_widget_get_next_sibling (row);
      self->offset += gtk_widget_get_height (row) + ROW_SPACING;
    }
  if (self->last_focus == row)
    self->last_focus = NULL;
  gtk_widget_unparent (row);
}

void
desk_thread_clear (DeskThread *self)
{
  GtkWidget *row;

  g_return_if_fail (DESK_IS_THREAD (self));

  self->anchor = NULL;
  self->last_focus = NULL;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (row);
}

void
desk_thread_set_margin (DeskThread *self, int margin)
{
  g_return_if_fail (DESK_IS_THREAD (self));

  self->margin = margin;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
desk_thread_set_room_at_end (DeskThread *self, int room)
{
  g_return_if_fail (DESK_IS_THREAD (self));

  self->end = EDGE + room;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
desk_thread_scroll_to_end (DeskThread *self)
{
  g_return_if_fail (DESK_IS_THREAD (self));

  self->anchor = NULL;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
desk_thread_scroll_to_row (DeskThread *self, GtkWidget *row, int offset)
{
  g_return_if_fail (DESK_IS_THREAD (self));
  g_return_if_fail (gtk_widget_get_parent (row) == GTK_WIDGET (self));

  self->anchor = row;
  self->offset = offset;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

gboolean
desk_thread_is_at_end (DeskThread *self)
{
  g_return_val_if_fail (DESK_IS_THREAD (self), TRUE);

  return self->anchor == NULL || is_value_at_end (self);
}

GtkWidget *
desk_thread_get_anchor (DeskThread *self, int *offset)
{
  g_return_val_if_fail (DESK_IS_THREAD (self), NULL);

  *offset = self->offset;
  return self->anchor;
}
