/* SPDX-License-Identifier: GPL-3.0-or-later
 * The little drawn signs. They are drawn on a grid of 14 by 14, the size beside the default text.
 */
#include "desk-signs.h"

#include <math.h>

#define GRID 14.0
/* The default text, 11 points at 96 dots per inch. */
#define DEFAULT_EM (11.0 * 96.0 / 72.0)
/* What is not filled of bars and rings. */
#define FAINT 0.3

typedef enum
{
  SHOWS_STATUS,
  SHOWS_PRIORITY,
  SHOWS_DUE,
} Shows;

struct _DeskSign
{
  GtkWidget parent_instance;

  Shows shows;
  int value;
  double used;
};

G_DEFINE_FINAL_TYPE (DeskSign, desk_sign, GTK_TYPE_WIDGET)

/* --- drawing on the grid --- */

static cairo_t *
begin_grid (GtkSnapshot *snapshot, float x, float y, float size, const GdkRGBA *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (x, y, size, size));

  cairo_translate (cr, x, y);
  cairo_scale (cr, size / GRID, size / GRID);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  gdk_cairo_set_source_rgba (cr, color);
  return cr;
}

static void
set_faint (cairo_t *cr, const GdkRGBA *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * FAINT);
}

static void
add_rounded (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

/* A hole in the shape of "!" in what is filled next. */
static void
add_exclamation (cairo_t *cr)
{
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  add_rounded (cr, 6, 3, 2, 5, 0.8);
  add_rounded (cr, 6, 9, 2, 2, 0.8);
}

static void
draw_ring (cairo_t *cr)
{
  cairo_set_line_width (cr, 2);
  cairo_arc (cr, 7, 7, 5, 0, 2 * G_PI);
  cairo_stroke (cr);
}

static void
draw_bars (cairo_t *cr, double width)
{
  add_rounded (cr, 6 - width, 2, width, 10, 0.6);
  add_rounded (cr, 8, 2, width, 10, 0.6);
  cairo_fill (cr);
}

static void
draw_tick (cairo_t *cr)
{
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, 2, 7.6);
  cairo_line_to (cr, 5.2, 10.8);
  cairo_line_to (cr, 12, 3.4);
  cairo_stroke (cr);
}

static void
draw_folder (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.6);
  cairo_move_to (cr, 1, 4.6);
  cairo_line_to (cr, 1, 3.4);
  cairo_arc (cr, 2.4, 3.4, 1.4, G_PI, 3 * G_PI_2);
  cairo_line_to (cr, 5, 2);
  cairo_line_to (cr, 6.6, 4);
  cairo_arc (cr, 11.6, 5.4, 1.4, -G_PI_2, 0);
  cairo_arc (cr, 11.6, 10.6, 1.4, 0, G_PI_2);
  cairo_arc (cr, 2.4, 10.6, 1.4, G_PI_2, G_PI);
  cairo_close_path (cr);
  cairo_stroke (cr);
}

/* 1, 2 or 3 bars of three. */
static void
draw_steps (cairo_t *cr, const GdkRGBA *color, int n_filled)
{
  for (int i = 0; i < 3; i++)
    {
      double height = 4 * (i + 1);

      if (i == n_filled)
        set_faint (cr, color);
      add_rounded (cr, 0.6 + i * 4.6, 13 - height, 3.2, height, 0.8);
      cairo_fill (cr);
    }
}

static void
draw_alarm_square (cairo_t *cr)
{
  add_rounded (cr, 0.5, 0.5, 13, 13, 3);
  add_exclamation (cr);
  cairo_fill (cr);
}

static void
draw_alarm_disc (cairo_t *cr)
{
  cairo_arc (cr, 7, 7, 6.6, 0, 2 * G_PI);
  add_exclamation (cr);
  cairo_fill (cr);
}

/* Filled from noon by the share that is used. */
static void
draw_clock (cairo_t *cr, const GdkRGBA *color, double used)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  set_faint (cr, color);
  draw_ring (cr);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_arc (cr, 7, 7, 5, -G_PI_2, -G_PI_2 + 2 * G_PI * CLAMP (used, 0.0, 1.0));
  cairo_stroke (cr);
}

static void
draw_dot (cairo_t *cr)
{
  cairo_arc (cr, 7, 7, 1.7, 0, 2 * G_PI);
  cairo_fill (cr);
}

void
desk_sign_snapshot_status (
    GtkSnapshot *snapshot, DeskStatus status, float x, float y, float size, const GdkRGBA *color)
{
  cairo_t *cr = begin_grid (snapshot, x, y, size, color);

  switch (status)
    {
    case DESK_STATUS_OPEN:
      draw_ring (cr);
      break;
    case DESK_STATUS_WAITING:
      draw_bars (cr, 3);
      break;
    case DESK_STATUS_RESOLVED:
      draw_tick (cr);
      break;
    case DESK_STATUS_CLOSED:
      draw_folder (cr);
      break;
    }
  cairo_destroy (cr);
}

void
desk_sign_snapshot_priority (GtkSnapshot *snapshot,
                             DeskPriority priority,
                             float x,
                             float y,
                             float size,
                             const GdkRGBA *color)
{
  cairo_t *cr = begin_grid (snapshot, x, y, size, color);

  switch (priority)
    {
    case DESK_PRIORITY_LOW:
      draw_steps (cr, color, 1);
      break;
    case DESK_PRIORITY_NORMAL:
      draw_steps (cr, color, 2);
      break;
    case DESK_PRIORITY_HIGH:
      draw_steps (cr, color, 3);
      break;
    case DESK_PRIORITY_URGENT:
      draw_alarm_square (cr);
      break;
    }
  cairo_destroy (cr);
}

void
desk_sign_snapshot_due (GtkSnapshot *snapshot,
                        DeskDue due,
                        double used,
                        float x,
                        float y,
                        float size,
                        const GdkRGBA *color)
{
  cairo_t *cr = begin_grid (snapshot, x, y, size, color);

  switch (due)
    {
    case DESK_DUE_NONE:
      break;
    case DESK_DUE_PAUSED:
      draw_bars (cr, 2.4);
      break;
    case DESK_DUE_LATER:
      draw_clock (cr, color, used);
      break;
    case DESK_DUE_SOON:
      draw_clock (cr, color, used);
      draw_dot (cr);
      break;
    case DESK_DUE_OVERDUE:
      draw_alarm_disc (cr);
      break;
    }
  cairo_destroy (cr);
}

void
desk_sign_snapshot_clip (GtkSnapshot *snapshot, float x, float y, float size, const GdkRGBA *color)
{
  cairo_t *cr = begin_grid (snapshot, x, y, size, color);

  cairo_translate (cr, 7, 7);
  cairo_rotate (cr, G_PI_4);
  cairo_translate (cr, -7, -7);
  cairo_set_line_width (cr, 1.7);
  cairo_move_to (cr, 8.7, 4.8);
  cairo_line_to (cr, 8.7, 9.4);
  cairo_arc (cr, 7.05, 9.4, 1.65, 0, G_PI);
  cairo_line_to (cr, 5.4, 3.2);
  cairo_arc (cr, 8.2, 3.2, 2.8, G_PI, 0);
  cairo_line_to (cr, 11, 9.6);
  cairo_arc (cr, 7.2, 9.6, 3.8, 0, 0.8 * G_PI);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* --- where they are drawn --- */

double
desk_sign_get_em (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  if (pango_font_description_get_size_is_absolute (font))
    return size;
  return size * 96.0 / 72.0;
}

double
desk_sign_get_text_scale (GtkWidget *widget)
{
  return MAX (1.0, desk_sign_get_em (widget) / DEFAULT_EM);
}

GdkRGBA
desk_sign_get_color (GtkWidget *widget, const char *name)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (style, name, &color))
    gtk_style_context_get_color (style, &color);
  return color;
}

/* --- the widget --- */

static void
desk_sign_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  *minimum = *natural = (int) lround (GRID * desk_sign_get_em (widget) / DEFAULT_EM);
}

static void
desk_sign_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DeskSign *self = DESK_SIGN (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  float size = MIN (width, height);
  float x = (width - size) / 2;
  float y = (height - size) / 2;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  switch (self->shows)
    {
    case SHOWS_STATUS:
      desk_sign_snapshot_status (snapshot, self->value, x, y, size, &color);
      break;
    case SHOWS_PRIORITY:
      desk_sign_snapshot_priority (snapshot, self->value, x, y, size, &color);
      break;
    case SHOWS_DUE:
      desk_sign_snapshot_due (snapshot, self->value, self->used, x, y, size, &color);
      break;
    }
}

static void
desk_sign_class_init (DeskSignClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = desk_sign_measure;
  widget_class->snapshot = desk_sign_snapshot;
  gtk_widget_class_set_css_name (widget_class, "desk-sign");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
desk_sign_init (DeskSign *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

static void
show_value (DeskSign *self, Shows shows, int value, double used)
{
  self->shows = shows;
  self->value = value;
  self->used = used;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GtkWidget *
desk_sign_new_status (DeskStatus status)
{
  DeskSign *self = g_object_new (DESK_TYPE_SIGN, NULL);

  desk_sign_set_status (self, status);
  return GTK_WIDGET (self);
}

GtkWidget *
desk_sign_new_priority (DeskPriority priority)
{
  DeskSign *self = g_object_new (DESK_TYPE_SIGN, NULL);

  desk_sign_set_priority (self, priority);
  return GTK_WIDGET (self);
}

GtkWidget *
desk_sign_new_due (DeskDue due, double used)
{
  DeskSign *self = g_object_new (DESK_TYPE_SIGN, NULL);

  desk_sign_set_due (self, due, used);
  return GTK_WIDGET (self);
}

void
desk_sign_set_status (DeskSign *self, DeskStatus status)
{
  g_return_if_fail (DESK_IS_SIGN (self));

  show_value (self, SHOWS_STATUS, status, 0);
}

void
desk_sign_set_priority (DeskSign *self, DeskPriority priority)
{
  g_return_if_fail (DESK_IS_SIGN (self));

  show_value (self, SHOWS_PRIORITY, priority, 0);
}

void
desk_sign_set_due (DeskSign *self, DeskDue due, double used)
{
  g_return_if_fail (DESK_IS_SIGN (self));

  show_value (self, SHOWS_DUE, due, used);
}
