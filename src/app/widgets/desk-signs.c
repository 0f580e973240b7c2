/* SPDX-License-Identifier: GPL-3.0-or-later
 * The little drawn signs. They are drawn on a grid of 14 by 14, the size beside the default text.
 *
 * Each is drawn once and kept as a texture: a list of rows has dozens of the same few in every
 * frame.
 */
#include "desk-signs.h"

#include <math.h>
#include <string.h>

#define GRID 14.0
/* The default text, 11 points at 96 dots per inch. */
#define DEFAULT_EM (11.0 * 96.0 / 72.0)
/* What is not filled of bars and rings. */
#define FAINT 0.3
/* A ring is filled in so many steps, which is finer than its pixels. */
#define USED_STEPS 60
/* Other colours and sizes come with other styles; then what was kept goes. */
#define MAX_KEPT 500

typedef enum
{
  SHOWS_STATUS,
  SHOWS_PRIORITY,
  SHOWS_DUE,
  SHOWS_CLIP,
  SHOWS_NOBODY,
  SHOWS_SYNC,
} Shows;

/* All that a sign looks like depends on; compared as a whole, so it has no gaps. */
typedef struct
{
  Shows shows;
  int value;
  int used; /* of USED_STEPS */
  int pixels;
  GdkRGBA color;
} Look;

struct _DeskSign
{
  GtkWidget parent_instance;

  Shows shows;
  int value;
  double used;
};

G_DEFINE_FINAL_TYPE (DeskSign, desk_sign, GTK_TYPE_WIDGET)

/* --- drawing on the grid --- */

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
  cairo_arc (cr, 7, 7, 5, -G_PI_2, -G_PI_2 + 2 * G_PI * used);
  cairo_stroke (cr);
}

static void
draw_dot (cairo_t *cr)
{
  cairo_arc (cr, 7, 7, 1.7, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
draw_clip (cairo_t *cr)
{
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
}

/* Half a ring and the point of its arrow; the other half is the same, turned round. */
static void
draw_half_sync (cairo_t *cr)
{
  cairo_arc (cr, 7, 7, 4.9, 1.12 * G_PI, 1.84 * G_PI);
  cairo_stroke (cr);
  cairo_move_to (cr, 12.6, 1.5);
  cairo_line_to (cr, 12.6, 5.6);
  cairo_line_to (cr, 8.5, 5.6);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_sync (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.7);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  draw_half_sync (cr);
  cairo_translate (cr, 7, 7);
  cairo_rotate (cr, G_PI);
  cairo_translate (cr, -7, -7);
  draw_half_sync (cr);
}

static void
draw_dashed_ring (cairo_t *cr)
{
  const double dash = 1.75;

  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_dash (cr, &dash, 1, 0);
  cairo_set_line_width (cr, 0.7);
  cairo_arc (cr, 7, 7, 6.3, 0, 2 * G_PI);
  cairo_stroke (cr);
}

static void
draw_status (cairo_t *cr, DeskStatus status)
{
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
}

static void
draw_priority (cairo_t *cr, DeskPriority priority, const GdkRGBA *color)
{
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
}

static void
draw_due (cairo_t *cr, DeskDue due, double used, const GdkRGBA *color)
{
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
}

static void
draw (cairo_t *cr, const Look *look)
{
  switch (look->shows)
    {
    case SHOWS_STATUS:
      draw_status (cr, look->value);
      break;
    case SHOWS_PRIORITY:
      draw_priority (cr, look->value, &look->color);
      break;
    case SHOWS_DUE:
      draw_due (cr, look->value, (double) look->used / USED_STEPS, &look->color);
      break;
    case SHOWS_CLIP:
      draw_clip (cr);
      break;
    case SHOWS_NOBODY:
      draw_dashed_ring (cr);
      break;
    case SHOWS_SYNC:
      draw_sync (cr);
      break;
    }
}

/* --- keeping what is drawn --- */

static GdkTexture *
make_texture (const Look *look)
{
  int pixels = look->pixels;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, pixels, pixels);
  int stride = cairo_image_surface_get_stride (surface);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GBytes) bytes = NULL;

  cairo_scale (cr, pixels / GRID, pixels / GRID);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  gdk_cairo_set_source_rgba (cr, &look->color);
  draw (cr, look);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                      (gsize) stride * (gsize) pixels,
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  return gdk_memory_texture_new (pixels, pixels, GDK_MEMORY_DEFAULT, bytes, (gsize) stride);
}

static guint
hash_look (gconstpointer key)
{
  guint32 words[sizeof (Look) / sizeof (guint32)];
  guint32 hash = 0;

  memcpy (words, key, sizeof words);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    hash = hash * 31 + words[i];
  return hash ^ hash >> 16;
}

static gboolean
is_same_look (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Look)) == 0;
}

static GdkTexture *
get_texture (const Look *look)
{
  static GHashTable *kept;
  GdkTexture *texture;

  G_STATIC_ASSERT (sizeof (Look) == 4 * sizeof (int) + sizeof (GdkRGBA));
  if (kept == NULL)
    kept = g_hash_table_new_full (hash_look, is_same_look, g_free, g_object_unref);
  texture = g_hash_table_lookup (kept, look);
  if (texture != NULL)
    return texture;
  if (g_hash_table_size (kept) >= MAX_KEPT)
    g_hash_table_remove_all (kept);
  texture = make_texture (look);
  g_hash_table_insert (kept, g_memdup2 (look, sizeof *look), texture);
  return texture;
}

/* Whole pixels, where a texture stays sharp. */
static void
append (GtkWidget *widget, GtkSnapshot *snapshot, Look look, float x, float y, float size)
{
  int scale = gtk_widget_get_scale_factor (widget);
  float side;

  look.pixels = MAX (1, (int) lroundf (size * scale));
  side = (float) look.pixels / scale;
  gtk_snapshot_append_texture (snapshot, get_texture (&look),
                               &GRAPHENE_RECT_INIT (roundf (x), roundf (y), side, side));
}

static int
count_used_steps (double used)
{
  return (int) lround (CLAMP (used, 0.0, 1.0) * USED_STEPS);
}

void
desk_sign_snapshot_status (GtkWidget *widget,
                           GtkSnapshot *snapshot,
                           DeskStatus status,
                           float x,
                           float y,
                           float size,
                           const GdkRGBA *color)
{
  append (widget, snapshot, (Look){ SHOWS_STATUS, status, .color = *color }, x, y, size);
}

void
desk_sign_snapshot_priority (GtkWidget *widget,
                             GtkSnapshot *snapshot,
                             DeskPriority priority,
                             float x,
                             float y,
                             float size,
                             const GdkRGBA *color)
{
  append (widget, snapshot, (Look){ SHOWS_PRIORITY, priority, .color = *color }, x, y, size);
}

void
desk_sign_snapshot_due (GtkWidget *widget,
                        GtkSnapshot *snapshot,
                        DeskDue due,
                        double used,
                        float x,
                        float y,
                        float size,
                        const GdkRGBA *color)
{
  if (due != DESK_DUE_NONE)
    append (widget, snapshot, (Look){ SHOWS_DUE, due, count_used_steps (used), .color = *color }, x,
            y, size);
}

void
desk_sign_snapshot_clip (
    GtkWidget *widget, GtkSnapshot *snapshot, float x, float y, float size, const GdkRGBA *color)
{
  append (widget, snapshot, (Look){ SHOWS_CLIP, .color = *color }, x, y, size);
}

void
desk_sign_snapshot_nobody (
    GtkWidget *widget, GtkSnapshot *snapshot, float x, float y, float size, const GdkRGBA *color)
{
  append (widget, snapshot, (Look){ SHOWS_NOBODY, .color = *color }, x, y, size);
}

void
desk_sign_snapshot_sync (
    GtkWidget *widget, GtkSnapshot *snapshot, float x, float y, float size, const GdkRGBA *color)
{
  append (widget, snapshot, (Look){ SHOWS_SYNC, .color = *color }, x, y, size);
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
  Look look = { self->shows, self->value, count_used_steps (self->used) };

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &look.color);
  append (widget, snapshot, look, x, y, size);
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

GtkWidget *
desk_sign_new_sync (void)
{
  DeskSign *self = g_object_new (DESK_TYPE_SIGN, NULL);

  show_value (self, SHOWS_SYNC, 0, 0);
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
