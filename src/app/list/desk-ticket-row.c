/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket in a list, drawn.
 *
 *   22                                             12
 *   |● Mobile banking is down              10:46   |   8, 20 high
 *   |  Karen  It says 8.4.1.                  clip |  30, 18
 *   |  prio High  ring 1 h 40 min left #1042 (JA)  |  51, 18
 *
 * Sizes are in pixels at the default text size and scale with it. Texts sit on a baseline at three
 * quarters of their box, so that bold, Arabic and Latin line up. */
#include "desk-ticket-row.h"

#include <math.h>

#include "desk-avatar.h"
#include "desk-signs.h"
#include "desk-wording.h"

#define DEFAULT_EM    (11.0 * 96.0 / 72.0)
#define HEIGHT        78
#define MIN_WIDTH     240
#define START         22
#define END           12
#define GAP           8
#define SIGN          14
#define SIGN_GAP      5
#define STATE_MIN     44
#define DISC          20
#define DOT           8
#define DOT_X         3
#define BASELINE      0.75
#define SECONDARY     0.74

typedef struct
{
  int y;
  int height;
} Line;

static const Line lines[3] = { { 8, 20 }, { 30, 18 }, { 51, 18 } };

typedef enum
{
  PIECE_SUMMARY,
  PIECE_TIME,
  PIECE_WHO,
  PIECE_TEXT,
  PIECE_PRIORITY,
  PIECE_STATE,
  PIECE_NUMBER,
  PIECE_INITIALS,
} Piece;
#define N_PIECES (PIECE_INITIALS + 1)

/* How each piece is written; @strong_weight when it asks for attention. */
static const struct
{
  double size; /* in em */
  int weight;
  int strong_weight;
  gboolean is_numeric;
} styles[N_PIECES] = {
  [PIECE_SUMMARY] = { 1.0, 500, 700 },
  [PIECE_TIME] = { 0.86, 400, 600, TRUE },
  [PIECE_WHO] = { 0.9, 500, 500 },
  [PIECE_TEXT] = { 0.9, 400, 400 },
  [PIECE_PRIORITY] = { 0.86, 600, 600 },
  [PIECE_STATE] = { 0.86, 400, 600, TRUE },
  [PIECE_NUMBER] = { 0.86, 400, 400, TRUE },
  [PIECE_INITIALS] = { 0.62, 700, 700 },
};

typedef struct
{
  PangoLayout *layout; /* NULL until first drawn */
  gboolean is_shown;
  int width; /* in pixels, as long as the text is */
} PieceText;

struct _DeskTicketRow
{
  GtkWidget parent_instance;

  DeskStore *store;
  DeskRowVariant variant;
  DeskListItem *item;
  gulong changed_handler;

  gboolean is_worded; /* texts say what the row says */
  double scale;
  PieceText pieces[N_PIECES];
  DeskRowState state;
};

G_DEFINE_FINAL_TYPE (DeskTicketRow, desk_ticket_row, GTK_TYPE_WIDGET)

static const DeskRow *
get_row (DeskTicketRow *self)
{
  return self->item != NULL ? desk_list_item_get_row (self->item) : NULL;
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static const char *
get_me (DeskTicketRow *self)
{
  return self->store != NULL ? desk_store_get_me (self->store)->uid : NULL;
}

static DeskCatalogue *
get_catalogue (DeskTicketRow *self)
{
  return self->store != NULL ? desk_store_get_catalogue (self->store) : NULL;
}

/* --- words --- */

static PangoLayout *
make_layout (DeskTicketRow *self, Piece piece)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  if (styles[piece].is_numeric)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
    }
  return layout;
}

static void
set_font (DeskTicketRow *self, Piece piece, gboolean is_strong)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  g_autoptr (PangoFontDescription)
      font = pango_font_description_copy (pango_context_get_font_description (context));

  pango_font_description_set_absolute_size (font, styles[piece].size * self->scale * DEFAULT_EM *
                                                      PANGO_SCALE);
  pango_font_description_set_weight (font, is_strong ? styles[piece].strong_weight
                                                     : styles[piece].weight);
  pango_layout_set_font_description (self->pieces[piece].layout, font);
}

static void
say (DeskTicketRow *self, Piece piece, gboolean is_strong, const char *text)
{
  PieceText *it = &self->pieces[piece];

  it->is_shown = text != NULL && text[0] != '\0';
  if (!it->is_shown)
    return;
  if (it->layout == NULL)
    it->layout = make_layout (self, piece);
  set_font (self, piece, is_strong);
  pango_layout_set_width (it->layout, -1);
  pango_layout_set_text (it->layout, text, -1);
  pango_layout_get_pixel_size (it->layout, &it->width, NULL);
}

static const char *
get_priority_word (DeskTicketRow *self, const DeskRow *row)
{
  if (self->variant == DESK_ROW_FOR_REQUESTER || row->priority < DESK_PRIORITY_HIGH)
    return NULL;
  return desk_wording_priority (row->priority);
}

static void
word (DeskTicketRow *self, const DeskRow *row)
{
  gint64 now = get_now ();
  g_autofree char *time = desk_wording_time (row->updated_at, now);
  g_autofree char *who = desk_row_dup_who (row, self->variant, get_me (self));
  g_autofree char *text = desk_row_dup_text (row, self->variant);
  g_autofree char *number = desk_row_dup_number (row);
  g_autofree char *initials = row->assignee != NULL ? desk_wording_initials (row->assignee) : NULL;

  desk_row_state_clear (&self->state);
  self->state = desk_row_make_state (row, self->variant, get_catalogue (self), now);
  self->scale = desk_sign_get_em (GTK_WIDGET (self)) / DEFAULT_EM;
  say (self, PIECE_SUMMARY, row->unread, row->summary);
  say (self, PIECE_TIME, row->unread, time);
  say (self, PIECE_WHO, FALSE, who);
  say (self, PIECE_TEXT, FALSE, text);
  say (self, PIECE_PRIORITY, FALSE, get_priority_word (self, row));
  say (self, PIECE_STATE, self->state.is_strong, self->state.text);
  say (self, PIECE_NUMBER, FALSE, number);
  say (self, PIECE_INITIALS, FALSE, initials);
  self->is_worded = TRUE;
}

/* --- drawing --- */

/* What is given to every step: @x and @end are the free part of a line, from the start side. */
typedef struct
{
  DeskTicketRow *self;
  GtkSnapshot *snapshot;
  double width;
  double scale;
  gboolean is_mirrored;
  GdkRGBA fg;
  GdkRGBA secondary;
} Pen;

static double
mirror (const Pen *pen, double x, double width)
{
  return pen->is_mirrored ? pen->width - x - width : x;
}

static void
draw_piece (
    const Pen *pen, Piece piece, const Line *line, double x, double room, const GdkRGBA *color)
{
  PieceText *it = &pen->self->pieces[piece];
  double y = (line->y + line->height * BASELINE) * pen->scale;
  PangoRectangle extents;

  if (!it->is_shown || room < 1)
    return;
  pango_layout_set_width (it->layout, it->width > room ? (int) (room * PANGO_SCALE) : -1);
  pango_layout_get_extents (it->layout, NULL, &extents);
  x = mirror (pen, x, (double) extents.width / PANGO_SCALE) - (double) extents.x / PANGO_SCALE;
  y -= (double) pango_layout_get_baseline (it->layout) / PANGO_SCALE;
  gtk_snapshot_save (pen->snapshot);
  gtk_snapshot_translate (pen->snapshot, &GRAPHENE_POINT_INIT (round (x), round (y)));
  gtk_snapshot_append_layout (pen->snapshot, it->layout, color);
  gtk_snapshot_restore (pen->snapshot);
}

static double
get_piece_width (const Pen *pen, Piece piece)
{
  return pen->self->pieces[piece].is_shown ? pen->self->pieces[piece].width : 0;
}

/* The top of something @size high in the middle of a line. */
static double
center_on (const Pen *pen, const Line *line, double size)
{
  return round ((line->y + line->height / 2.0) * pen->scale - size / 2);
}

/* A disc, or a bar with round ends. */
static void
fill_round (const Pen *pen, double x, double y, double width, double height, const GdkRGBA *color)
{
  GskRoundedRect shape;

  gsk_rounded_rect_init_from_rect (&shape, &GRAPHENE_RECT_INIT (x, y, width, height), height / 2);
  gtk_snapshot_push_rounded_clip (pen->snapshot, &shape);
  gtk_snapshot_append_color (pen->snapshot, color, &shape.bounds);
  gtk_snapshot_pop (pen->snapshot);
}

static void
draw_dot (const Pen *pen)
{
  double size = DOT * pen->scale;
  GdkRGBA color = desk_sign_get_color (GTK_WIDGET (pen->self), "accent_bg_color");

  fill_round (pen, mirror (pen, (DOT_X + 4) * pen->scale, size), center_on (pen, &lines[0], size),
              size, size, &color);
}

static void
draw_line_1 (const Pen *pen, const DeskRow *row)
{
  double start = START * pen->scale;
  double end = pen->width - END * pen->scale;
  double time = get_piece_width (pen, PIECE_TIME);
  GdkRGBA time_color = row->unread ? desk_sign_get_color (GTK_WIDGET (pen->self), "desk_accent_fg")
                                   : pen->secondary;

  if (row->unread)
    draw_dot (pen);
  draw_piece (pen, PIECE_TIME, &lines[0], end - time, time, &time_color);
  draw_piece (pen, PIECE_SUMMARY, &lines[0], start, end - time - GAP * pen->scale - start,
              &pen->fg);
}

static void
draw_line_2 (const Pen *pen, const DeskRow *row)
{
  double start = START * pen->scale;
  double end = pen->width - END * pen->scale;
  double who = get_piece_width (pen, PIECE_WHO);
  double size = SIGN * pen->scale;

  if (row->has_attachments)
    {
      end -= size;
      desk_sign_snapshot_clip (GTK_WIDGET (pen->self), pen->snapshot, mirror (pen, end, size),
                               center_on (pen, &lines[1], size), size, &pen->secondary);
      end -= GAP * pen->scale;
    }
  who = MIN (who, (end - start) * 0.6);
  draw_piece (pen, PIECE_WHO, &lines[1], start, who, &pen->fg);
  start += who + (who > 0 ? GAP * pen->scale : 0);
  draw_piece (pen, PIECE_TEXT, &lines[1], start, end - start, &pen->secondary);
}

static void
draw_disc (const Pen *pen, const DeskRow *row, double x, double y, double size)
{
  g_autofree char *name =
      g_strdup_printf ("desk_disc_%u", desk_avatar_choose_color (row->assignee));
  GdkRGBA color = desk_sign_get_color (GTK_WIDGET (pen->self), name);
  GdkRGBA white = { 1, 1, 1, 1 };
  PieceText *initials = &pen->self->pieces[PIECE_INITIALS];
  int width;
  int height;

  fill_round (pen, x, y, size, size, &color);
  if (!initials->is_shown)
    return;
  pango_layout_get_pixel_size (initials->layout, &width, &height);
  gtk_snapshot_save (pen->snapshot);
  gtk_snapshot_translate (pen->snapshot,
                          &GRAPHENE_POINT_INIT (x + (size - width) / 2, y + (size - height) / 2));
  gtk_snapshot_append_layout (pen->snapshot, initials->layout, &white);
  gtk_snapshot_restore (pen->snapshot);
}

/* Returns where the free part ends. */
static double
draw_assignee (const Pen *pen, const DeskRow *row, double end)
{
  double size = DISC * pen->scale;
  double x = mirror (pen, end - size, size);
  double y = center_on (pen, &lines[2], size);

  if (row->assignee != NULL)
    draw_disc (pen, row, x, y, size);
  else
    desk_sign_snapshot_nobody (GTK_WIDGET (pen->self), pen->snapshot, x, y, size, &pen->secondary);
  return end - size - GAP * pen->scale;
}

/* Returns where the free part begins. */
static double
draw_priority (const Pen *pen, const DeskRow *row, double start, double end)
{
  static const char *colors[DESK_N_PRIORITIES] = {
    [DESK_PRIORITY_HIGH] = "desk_high_fg",
    [DESK_PRIORITY_URGENT] = "desk_bad_fg",
  };
  double size = SIGN * pen->scale;
  double word = get_piece_width (pen, PIECE_PRIORITY);
  GdkRGBA color = pen->secondary;

  if (colors[row->priority] != NULL)
    color = desk_sign_get_color (GTK_WIDGET (pen->self), colors[row->priority]);
  desk_sign_snapshot_priority (GTK_WIDGET (pen->self), pen->snapshot, row->priority,
                               mirror (pen, start, size), center_on (pen, &lines[2], size), size,
                               &color);
  start += size;
  /* Where there is no room for the signs, the word goes. */
  if (word > 0 && start + word + size + (SIGN_GAP + 2 * GAP) * pen->scale < end)
    {
      start += SIGN_GAP * pen->scale;
      draw_piece (pen, PIECE_PRIORITY, &lines[2], start, word + 1, &color);
      start += word;
    }
  return start + (GAP + 4) * pen->scale;
}

static void
draw_state (const Pen *pen, const DeskRow *row, double start, double end)
{
  const DeskRowState *state = &pen->self->state;
  double size = SIGN * pen->scale;
  double x = mirror (pen, start, size);
  double y = center_on (pen, &lines[2], size);
  GdkRGBA color = pen->secondary;

  if (state->color != NULL)
    color = desk_sign_get_color (GTK_WIDGET (pen->self), state->color);
  switch (state->kind)
    {
    case DESK_ROW_STATE_STATUS:
      desk_sign_snapshot_status (GTK_WIDGET (pen->self), pen->snapshot, row->status, x, y, size,
                                 &color);
      break;
    case DESK_ROW_STATE_DUE:
      desk_sign_snapshot_due (GTK_WIDGET (pen->self), pen->snapshot, state->due, state->used, x, y,
                              size, &color);
      break;
    case DESK_ROW_STATE_SYNC:
      desk_sign_snapshot_sync (GTK_WIDGET (pen->self), pen->snapshot, x, y, size, &color);
      break;
    case DESK_ROW_STATE_NONE:
      return;
    }
  start += size + SIGN_GAP * pen->scale;
  /* A few letters and dots would say less than the sign. */
  if (end - start >= MIN (get_piece_width (pen, PIECE_STATE), STATE_MIN * pen->scale))
    draw_piece (pen, PIECE_STATE, &lines[2], start, end - start, &color);
}

static void
draw_line_3 (const Pen *pen, const DeskRow *row)
{
  double start = START * pen->scale;
  double end = pen->width - END * pen->scale;
  double number = get_piece_width (pen, PIECE_NUMBER);

  if (pen->self->variant == DESK_ROW_FOR_AGENT)
    {
      end = draw_assignee (pen, row, end);
      start = draw_priority (pen, row, start, end - number - GAP * pen->scale);
    }
  draw_piece (pen, PIECE_NUMBER, &lines[2], end - number, number + 1, &pen->secondary);
  draw_state (pen, row, start, end - number - GAP * pen->scale);
}

/* What stands for a row that is not there yet; shares of the free width. */
static void
draw_bars (const Pen *pen)
{
  static const double shares[3] = { 0.55, 0.8, 0.3 };
  double room = pen->width - (START + END) * pen->scale;
  double height = 10 * pen->scale;
  GdkRGBA color = pen->fg;

  color.alpha *= 0.08;
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      double width = shares[i] * room;

      fill_round (pen, mirror (pen, START * pen->scale, width), center_on (pen, &lines[i], height),
                  width, height, &color);
    }
}

static gboolean
wants_contrast (GtkWidget *widget)
{
  GdkDisplay *display = gtk_widget_get_display (widget);

  return adw_style_manager_get_high_contrast (adw_style_manager_get_for_display (display));
}

static void
desk_ticket_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DeskTicketRow *self = DESK_TICKET_ROW (widget);
  const DeskRow *row = get_row (self);
  Pen pen = {
    .self = self,
    .snapshot = snapshot,
    .width = gtk_widget_get_width (widget),
    .is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL,
  };

  if (row != NULL && !self->is_worded)
    word (self, row);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &pen.fg);
  pen.secondary = pen.fg;
  if (!wants_contrast (widget))
    pen.secondary.alpha *= SECONDARY;
  pen.scale = row != NULL ? self->scale : desk_sign_get_em (widget) / DEFAULT_EM;
  if (row == NULL)
    {
      draw_bars (&pen);
      return;
    }
  draw_line_1 (&pen, row);
  draw_line_2 (&pen, row);
  draw_line_3 (&pen, row);
}

/* --- widget --- */

static void
desk_ticket_row_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  double scale = desk_sign_get_em (widget) / DEFAULT_EM;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = (int) lround (HEIGHT * scale);
  else
    *minimum = *natural = MIN_WIDTH;
}

static void
word_anew (DeskTicketRow *self)
{
  self->is_worded = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
desk_ticket_row_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (desk_ticket_row_parent_class)->css_changed (widget, change);
  word_anew (DESK_TICKET_ROW (widget));
}

static void
desk_ticket_row_direction_changed (GtkWidget *widget, GtkTextDirection previous)
{
  GTK_WIDGET_CLASS (desk_ticket_row_parent_class)->direction_changed (widget, previous);
  word_anew (DESK_TICKET_ROW (widget));
}

static void
desk_ticket_row_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (desk_ticket_row_parent_class)->system_setting_changed (widget, setting);
  word_anew (DESK_TICKET_ROW (widget));
}

/* The list's own row is what takes the focus and is read aloud. */
static void
name_row (DeskTicketRow *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  const DeskRow *row = get_row (self);
  g_autofree char *sentence = NULL;

  if (row == NULL || parent == NULL)
    return;
  sentence = desk_row_dup_sentence (row, self->variant, get_catalogue (self), get_me (self),
                                    get_now ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence,
                                  -1);
}

static void
item_changed_cb (DeskTicketRow *self)
{
  name_row (self);
  word_anew (self);
}

static void
drop_item (DeskTicketRow *self)
{
  if (self->item != NULL)
    g_clear_signal_handler (&self->changed_handler, self->item);
  g_clear_object (&self->item);
}

static void
desk_ticket_row_dispose (GObject *object)
{
  DeskTicketRow *self = DESK_TICKET_ROW (object);

  drop_item (self);
  for (guint i = 0; i < N_PIECES; i++)
    g_clear_object (&self->pieces[i].layout);
  desk_row_state_clear (&self->state);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_ticket_row_parent_class)->dispose (object);
}

static void
desk_ticket_row_class_init (DeskTicketRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_ticket_row_dispose;
  widget_class->measure = desk_ticket_row_measure;
  widget_class->snapshot = desk_ticket_row_snapshot;
  widget_class->css_changed = desk_ticket_row_css_changed;
  widget_class->direction_changed = desk_ticket_row_direction_changed;
  widget_class->system_setting_changed = desk_ticket_row_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "desk-ticket-row");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
desk_ticket_row_init (DeskTicketRow *self)
{
}

GtkWidget *
desk_ticket_row_new (DeskStore *store, DeskRowVariant variant)
{
  DeskTicketRow *self = g_object_new (DESK_TYPE_TICKET_ROW, NULL);

  self->store = store != NULL ? g_object_ref (store) : NULL;
  self->variant = variant;
  return GTK_WIDGET (self);
}

void
desk_ticket_row_set_item (DeskTicketRow *self, DeskListItem *item)
{
  g_return_if_fail (DESK_IS_TICKET_ROW (self));

  if (self->item == item)
    return;
  drop_item (self);
  if (item != NULL)
    {
      self->item = g_object_ref (item);
      self->changed_handler = g_signal_connect_swapped (item, "changed",
                                                        G_CALLBACK (item_changed_cb), self);
    }
  item_changed_cb (self);
}

DeskListItem *
desk_ticket_row_get_item (DeskTicketRow *self)
{
  g_return_val_if_fail (DESK_IS_TICKET_ROW (self), NULL);

  return self->item;
}

void
desk_ticket_row_refresh (DeskTicketRow *self)
{
  g_return_if_fail (DESK_IS_TICKET_ROW (self));

  item_changed_cb (self);
}
