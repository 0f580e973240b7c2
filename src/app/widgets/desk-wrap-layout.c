/* SPDX-License-Identifier: GPL-3.0-or-later
 * Children side by side in lines; see the header. */
#include "desk-wrap-layout.h"

struct _DeskWrapLayout
{
  GtkLayoutManager parent_instance;

  int spacing;
};

G_DEFINE_FINAL_TYPE (DeskWrapLayout, desk_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* A stretch of children, and where it lies; x from the left in any direction of text. */
typedef struct
{
  GtkWidget *first;
  GtkWidget *end; /* the first child of the next line, or NULL */
  int y;
  int width;  /* of the whole layout */
  int spare;  /* what the children leave of it */
  int height; /* 0: not known yet */
} Line;

static GtkWidget *
next_child (GtkWidget *widget, GtkWidget *child)
{
  child = child == NULL ? gtk_widget_get_first_child (widget) : gtk_widget_get_next_sibling (child);
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static int
width_of (GtkWidget *child, int available)
{
  int minimum;
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, available));
}

static int
height_of (GtkWidget *child, int width)
{
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

/* The line that starts with @first: as many children as fit. */
static Line
break_line (DeskWrapLayout *self, GtkWidget *widget, GtkWidget *first, int y, int width)
{
  Line line = { .first = first, .y = y, .width = width };
  int used = width_of (first, width);

  for (line.end = next_child (widget, first); line.end != NULL;
       line.end = next_child (widget, line.end))
    {
      int more = self->spacing + width_of (line.end, width);

      if (used + more > width)
        break;
      used += more;
    }
  line.spare = MAX (width - used, 0);
  return line;
}

static void
place_child (GtkWidget *child, const Line *line, int x, int width)
{
  GtkAllocation place = { x, line->y, width, line->height };

  if (gtk_widget_get_direction (gtk_widget_get_parent (child)) == GTK_TEXT_DIR_RTL)
    place.x = line->width - x - width;
  gtk_widget_size_allocate (child, &place, -1);
}

/* Returns the line's height, and places its children when that is known. */
static int
walk_line (DeskWrapLayout *self, GtkWidget *widget, const Line *line)
{
  int height = line->height;
  int spare = line->spare;
  int x = 0;

  for (GtkWidget *child = line->first; child != line->end; child = next_child (widget, child))
    {
      int width = width_of (child, line->width);

      if (gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL))
        {
          width += spare;
          spare = 0;
        }
      if (line->height > 0)
        place_child (child, line, x, width);
      else
        height = MAX (height, height_of (child, width));
      x += width + self->spacing;
    }
  return height;
}

/* Returns the height of all lines. */
static int
walk_lines (DeskWrapLayout *self, GtkWidget *widget, int width, gboolean place)
{
  GtkWidget *first = next_child (widget, NULL);
  int y = 0;

  while (first != NULL)
    {
      Line line = break_line (self, widget, first, y, width);

      line.height = walk_line (self, widget, &line);
      if (place)
        walk_line (self, widget, &line);
      y += line.height + (line.end != NULL ? self->spacing : 0);
      first = line.end;
    }
  return y;
}

static GtkSizeRequestMode
desk_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (DeskWrapLayout *self, GtkWidget *widget, int *minimum, int *natural)
{
  *minimum = 0;
  *natural = 0;
  for (GtkWidget *child = next_child (widget, NULL); child != NULL;
       child = next_child (widget, child))
    {
      int child_minimum;
      int child_natural;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural,
                          NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? self->spacing : 0);
    }
}

static void
desk_wrap_layout_measure (GtkLayoutManager *manager, GtkWidget *widget,
                          GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  DeskWrapLayout *self = DESK_WRAP_LAYOUT (manager);
  int least;
  int wanted;

  measure_width (self, widget, &least, &wanted);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = least;
      *natural = wanted;
      return;
    }
  *natural = walk_lines (self, widget, for_size < 0 ? wanted : MAX (for_size, least), FALSE);
  *minimum = *natural;
}

static void
desk_wrap_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                           int baseline)
{
  walk_lines (DESK_WRAP_LAYOUT (manager), widget, width, TRUE);
}

static void
desk_wrap_layout_class_init (DeskWrapLayoutClass *class)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (class);

  manager_class->get_request_mode = desk_wrap_layout_get_request_mode;
  manager_class->measure = desk_wrap_layout_measure;
  manager_class->allocate = desk_wrap_layout_allocate;
}

static void
desk_wrap_layout_init (DeskWrapLayout *self)
{
}

GtkLayoutManager *
desk_wrap_layout_new (int spacing)
{
  DeskWrapLayout *self = g_object_new (DESK_TYPE_WRAP_LAYOUT, NULL);

  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}
