/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of text beside other things; see desk-row-layout.h. */
#include "desk-row-layout.h"

struct _DeskRowLayout
{
  GtkLayoutManager parent_instance;

  int spacing;
};

G_DEFINE_FINAL_TYPE (DeskRowLayout, desk_row_layout, GTK_TYPE_LAYOUT_MANAGER)

/* What the children of a row get: the others their natural width as far as it goes, those that
 * expand the rest. */
typedef struct
{
  int fixed;  /* width of the others, and all spacing */
  int excess; /* how much too wide the row is, taken from the first of the others that can give */
  int n_growing;
  int rest;
} Shares;

static gboolean
grows (GtkWidget *child)
{
  return gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL);
}

static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
measure_width (GtkWidget *child, int *minimum, int *natural)
{
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, minimum, natural, NULL, NULL);
}

static Shares
share_out (DeskRowLayout *self, GtkWidget *widget, int width)
{
  Shares shares = { .fixed = -self->spacing };
  int needed = 0;

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int minimum;
      int natural;

      measure_width (child, &minimum, &natural);
      shares.fixed += self->spacing + (grows (child) ? 0 : natural);
      shares.n_growing += grows (child) ? 1 : 0;
      needed += grows (child) ? minimum : 0;
    }
  shares.excess = MAX (0, shares.fixed + needed - width);
  shares.rest = MAX (0, width - shares.fixed + shares.excess);
  return shares;
}

/* Takes the width of @child out of @shares. */
static int
take_width (Shares *shares, GtkWidget *child)
{
  int minimum;
  int natural;
  int width;

  measure_width (child, &minimum, &natural);
  if (grows (child))
    {
      width = shares->rest / shares->n_growing--;
      shares->rest -= width;
      return width;
    }
  width = MAX (minimum, natural - shares->excess);
  shares->excess -= natural - width;
  return width;
}

static void
measure_across (DeskRowLayout *self, GtkWidget *widget, int *minimum, int *natural)
{
  *minimum = *natural = -self->spacing;
  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int child_minimum;
      int child_natural;

      measure_width (child, &child_minimum, &child_natural);
      *minimum += self->spacing + child_minimum;
      *natural += self->spacing + child_natural;
    }
  *minimum = MAX (0, *minimum);
  *natural = MAX (0, *natural);
}

static int
measure_down (DeskRowLayout *self, GtkWidget *widget, int width)
{
  Shares shares = share_out (self, widget, width);
  int tallest = 0;

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int height;

      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, take_width (&shares, child), NULL,
                          &height, NULL, NULL);
      tallest = MAX (tallest, height);
    }
  return tallest;
}

static void
desk_row_layout_measure (GtkLayoutManager *manager,
                         GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  DeskRowLayout *self = DESK_ROW_LAYOUT (manager);
  int unused;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_across (self, widget, minimum, natural);
      return;
    }
  if (for_size < 0)
    measure_across (self, widget, &unused, &for_size);
  *minimum = *natural = measure_down (self, widget, for_size);
}

static void
desk_row_layout_allocate (
    GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  DeskRowLayout *self = DESK_ROW_LAYOUT (manager);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  Shares shares = share_out (self, widget, width);
  int x = 0;

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int child_width = take_width (&shares, child);
      GtkAllocation at = { mirrored ? width - x - child_width : x, 0, child_width, height };

      gtk_widget_size_allocate (child, &at, -1);
      x += child_width + self->spacing;
    }
}

static GtkSizeRequestMode
desk_row_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
desk_row_layout_class_init (DeskRowLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->measure = desk_row_layout_measure;
  layout_class->allocate = desk_row_layout_allocate;
  layout_class->get_request_mode = desk_row_layout_get_request_mode;
}

static void
desk_row_layout_init (DeskRowLayout *self)
{
}

GtkLayoutManager *
desk_row_layout_new (int spacing)
{
  DeskRowLayout *self = g_object_new (DESK_TYPE_ROW_LAYOUT, NULL);

  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}

GtkWidget *
desk_row_new (int spacing)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (row, desk_row_layout_new (spacing));
  return row;
}
