/* SPDX-License-Identifier: GPL-3.0-or-later
 * A growing text field; see desk-text-area.h. */
#include "desk-text-area.h"

#include <string.h>

/* Above and below the text, as set on the view. */
#define PADDING 6

struct _DeskTextArea
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *view;
  GtkWidget *placeholder;
  char *label;
  guint min_lines;
  guint max_lines;
};

enum
{
  PROP_LABEL = 1,
  PROP_PLACEHOLDER,
  PROP_MIN_LINES,
  PROP_MAX_LINES,
  PROP_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static guint changed_signal;

G_DEFINE_FINAL_TYPE (DeskTextArea, desk_text_area, GTK_TYPE_WIDGET)

static GtkTextBuffer *
get_buffer (DeskTextArea *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

static int
measure_line (DeskTextArea *self)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (self->view, "Xg");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

/* The scroller asks for all of its text; here that is held between the two heights. */
static void
desk_text_area_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  DeskTextArea *self = DESK_TEXT_AREA (widget);
  int line;

  gtk_widget_measure (self->scroller, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  line = measure_line (self);
  *minimum = *natural = CLAMP (*natural, (int) self->min_lines * line + 2 * PADDING,
                               (int) self->max_lines * line + 2 * PADDING);
}

static void
desk_text_area_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DeskTextArea *self = DESK_TEXT_AREA (widget);

  gtk_widget_size_allocate (self->scroller, &(GtkAllocation){ 0, 0, width, height }, -1);
  if (gtk_widget_should_layout (self->placeholder))
    gtk_widget_size_allocate (self->placeholder, &(GtkAllocation){ 0, 0, width, height }, -1);
}

static void
changed_cb (GtkTextBuffer *buffer, DeskTextArea *self)
{
  gtk_widget_set_visible (self->placeholder, gtk_text_buffer_get_char_count (buffer) == 0);
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
desk_text_area_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (DESK_TEXT_AREA (widget)->view);
}

static void
desk_text_area_set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  DeskTextArea *self = DESK_TEXT_AREA (object);

  switch (property)
    {
    case PROP_LABEL:
      desk_text_area_set_label (self, g_value_get_string (value));
      break;
    case PROP_PLACEHOLDER:
      desk_text_area_set_placeholder (self, g_value_get_string (value));
      break;
    case PROP_MIN_LINES:
      self->min_lines = g_value_get_uint (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_MAX_LINES:
      self->max_lines = g_value_get_uint (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_TEXT:
      desk_text_area_set_text (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
desk_text_area_get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  DeskTextArea *self = DESK_TEXT_AREA (object);

  switch (property)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_PLACEHOLDER:
      g_value_set_string (value, gtk_label_get_text (GTK_LABEL (self->placeholder)));
      break;
    case PROP_MIN_LINES:
      g_value_set_uint (value, self->min_lines);
      break;
    case PROP_MAX_LINES:
      g_value_set_uint (value, self->max_lines);
      break;
    case PROP_TEXT:
      g_value_take_string (value, desk_text_area_dup_text (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
desk_text_area_dispose (GObject *object)
{
  DeskTextArea *self = DESK_TEXT_AREA (object);

  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (get_buffer (self), self);
  self->view = NULL;
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->placeholder, gtk_widget_unparent);
  G_OBJECT_CLASS (desk_text_area_parent_class)->dispose (object);
}

static void
desk_text_area_finalize (GObject *object)
{
  g_free (DESK_TEXT_AREA (object)->label);
  G_OBJECT_CLASS (desk_text_area_parent_class)->finalize (object);
}

static void
desk_text_area_class_init (DeskTextAreaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = desk_text_area_set_property;
  object_class->get_property = desk_text_area_get_property;
  object_class->dispose = desk_text_area_dispose;
  object_class->finalize = desk_text_area_finalize;
  widget_class->measure = desk_text_area_measure;
  widget_class->size_allocate = desk_text_area_size_allocate;
  widget_class->grab_focus = desk_text_area_grab_focus;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLACEHOLDER] = g_param_spec_string ("placeholder", NULL, NULL, NULL,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MIN_LINES] = g_param_spec_uint ("min-lines", NULL, NULL, 1, 100, 1,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MAX_LINES] = g_param_spec_uint ("max-lines", NULL, NULL, 1, 100, 8,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  changed_signal = g_signal_new ("changed", DESK_TYPE_TEXT_AREA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "desk-text-area");
}

static void
add_view (DeskTextArea *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (gtk_text_view_new ());

  self->view = GTK_WIDGET (view);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_text_view_set_top_margin (view, PADDING);
  gtk_text_view_set_bottom_margin (view, PADDING);
  gtk_text_view_set_left_margin (view, PADDING);
  gtk_text_view_set_right_margin (view, PADDING);
  g_signal_connect (get_buffer (self), "changed", G_CALLBACK (changed_cb), self);

  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->view);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
add_placeholder (DeskTextArea *self)
{
  self->placeholder = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->placeholder), 0);
  gtk_label_set_yalign (GTK_LABEL (self->placeholder), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->placeholder), PANGO_ELLIPSIZE_END);
  gtk_widget_set_margin_start (self->placeholder, PADDING);
  gtk_widget_set_margin_end (self->placeholder, PADDING);
  gtk_widget_set_margin_top (self->placeholder, PADDING);
  gtk_widget_set_can_target (self->placeholder, FALSE);
  gtk_widget_add_css_class (self->placeholder, "desk-secondary");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->placeholder), GTK_ACCESSIBLE_STATE_HIDDEN,
                               TRUE, -1);
  gtk_widget_set_parent (self->placeholder, GTK_WIDGET (self));
}

static void
desk_text_area_init (DeskTextArea *self)
{
  self->min_lines = 1;
  self->max_lines = 8;
  add_view (self);
  add_placeholder (self);
}

GtkWidget *
desk_text_area_new (void)
{
  return g_object_new (DESK_TYPE_TEXT_AREA, NULL);
}

GtkTextView *
desk_text_area_get_view (DeskTextArea *self)
{
  g_return_val_if_fail (DESK_IS_TEXT_AREA (self), NULL);

  return GTK_TEXT_VIEW (self->view);
}

void
desk_text_area_set_label (DeskTextArea *self, const char *label)
{
  g_return_if_fail (DESK_IS_TEXT_AREA (self));

  g_free (self->label);
  self->label = g_strdup (label);
  if (label != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    label, -1);
}

void
desk_text_area_set_placeholder (DeskTextArea *self, const char *placeholder)
{
  g_return_if_fail (DESK_IS_TEXT_AREA (self));

  gtk_label_set_text (GTK_LABEL (self->placeholder), placeholder != NULL ? placeholder : "");
}

void
desk_text_area_set_text (DeskTextArea *self, const char *text)
{
  g_return_if_fail (DESK_IS_TEXT_AREA (self));

  gtk_text_buffer_begin_irreversible_action (get_buffer (self));
  gtk_text_buffer_set_text (get_buffer (self), text != NULL ? text : "", -1);
  gtk_text_buffer_end_irreversible_action (get_buffer (self));
}

char *
desk_text_area_dup_text (DeskTextArea *self)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_val_if_fail (DESK_IS_TEXT_AREA (self), NULL);

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  return gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE);
}

gboolean
desk_text_area_is_blank (DeskTextArea *self)
{
  g_autofree char *text = desk_text_area_dup_text (self);

  return *g_strstrip (text) == '\0';
}

void
desk_text_area_set_editable (DeskTextArea *self, gboolean editable)
{
  g_return_if_fail (DESK_IS_TEXT_AREA (self));

  gtk_text_view_set_editable (GTK_TEXT_VIEW (self->view), editable);
}
