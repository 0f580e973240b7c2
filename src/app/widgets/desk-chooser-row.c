/* SPDX-License-Identifier: GPL-3.0-or-later
 * A row with a searchable list; see the header. */
#include "desk-chooser-row.h"

#include <glib/gi18n.h>

#define LIST_MAX_HEIGHT 300
#define LIST_WIDTH 280

typedef struct
{
  char *id; /* NULL: nothing */
  char *label;
  char *detail; /* or NULL */
} Choice;

struct _DeskChooserRow
{
  AdwActionRow parent_instance;

  /* Template widgets */
  GtkWidget *button;
  GtkLabel *value_label;

  /* The list, made when it first opens */
  GtkPopover *popover;
  GtkSearchEntry *entry;
  GtkListBox *list;

  GPtrArray *choices; /* of Choice */
  char *chosen;       /* id, or NULL */
  char *none_label;   /* or NULL: something is always chosen */
};

G_DEFINE_FINAL_TYPE (DeskChooserRow, desk_chooser_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_0,
  PROP_NONE_LABEL,
  N_PROPS
};

enum
{
  CHOSEN,
  SEARCH,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
free_choice (Choice *self)
{
  g_free (self->id);
  g_free (self->label);
  g_free (self->detail);
  g_free (self);
}

static void
show_value (DeskChooserRow *self, const char *label)
{
  const char *words = label != NULL ? label : self->none_label;

  gtk_label_set_text (self->value_label, words != NULL ? words : "");
  /* A screen reader says the row's title, which labels the button, then what is chosen. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words != NULL ? words : "",
                                  -1);
  if (label != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->value_label), "desk-secondary");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->value_label), "desk-secondary");
}

static gboolean
is_looked_up (DeskChooserRow *self)
{
  return g_signal_has_handler_pending (self, signals[SEARCH], 0, TRUE);
}

static void
append_label (GtkWidget *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
}

static GtkWidget *
new_list_row (DeskChooserRow *self, Choice *choice)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *tick = gtk_image_new_from_icon_name ("object-select-symbolic");
  gboolean chosen = g_strcmp0 (choice->id, self->chosen) == 0;

  append_label (words, choice->label, NULL);
  if (choice->detail != NULL)
    append_label (words, choice->detail, "caption");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_opacity (tick, chosen ? 1 : 0);
  gtk_box_append (GTK_BOX (line), words);
  gtk_box_append (GTK_BOX (line), tick);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  choice->label, -1);
  g_object_set_data (G_OBJECT (row), "choice", choice);
  return row;
}

static void
append_choice (DeskChooserRow *self, Choice *choice)
{
  GtkWidget *row = new_list_row (self, choice);

  gtk_list_box_append (self->list, row);
  if (g_strcmp0 (choice->id, self->chosen) == 0
      || gtk_list_box_get_selected_row (self->list) == NULL)
    gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
}

static gboolean
matches (const Choice *choice, const char *words)
{
  return *words == '\0' || g_str_match_string (words, choice->label, TRUE)
         || (choice->detail != NULL && g_str_match_string (words, choice->detail, TRUE));
}

/* Whether @choice belongs into the list while these words are typed. */
static gboolean
is_wanted (DeskChooserRow *self, const Choice *choice)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (choice->id == NULL)
    return *words == '\0';
  return is_looked_up (self) || matches (choice, words);
}

static void
fill_list (DeskChooserRow *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < self->choices->len; i++)
    {
      Choice *choice = self->choices->pdata[i];

      if (is_wanted (self, choice))
        append_choice (self, choice);
    }
}

static void
search (DeskChooserRow *self)
{
  if (is_looked_up (self))
    g_signal_emit (self, signals[SEARCH], 0, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  else
    fill_list (self);
}

static void
choose (DeskChooserRow *self, GtkListBoxRow *row)
{
  Choice *choice = g_object_get_data (G_OBJECT (row), "choice");
  g_autofree char *id = g_strdup (choice->id);
  g_autofree char *label = choice->id != NULL ? g_strdup (choice->label) : NULL;

  gtk_popover_popdown (self->popover);
  desk_chooser_row_set_chosen (self, id, label);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, DeskChooserRow *self)
{
  choose (self, row);
}

static void
entry_activate_cb (GtkSearchEntry *entry, DeskChooserRow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    choose (self, row);
}

static void
stop_search_cb (GtkSearchEntry *entry, DeskChooserRow *self)
{
  gtk_popover_popdown (self->popover);
}

/* Up and Down move through the list while the keyboard stays in the entry. */
static gboolean
entry_key_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
              DeskChooserRow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  gboolean down = key == GDK_KEY_Down || key == GDK_KEY_KP_Down;
  int index = row != NULL ? gtk_list_box_row_get_index (row) : -1;
  GtkListBoxRow *next;

  if (!down && key != GDK_KEY_Up && key != GDK_KEY_KP_Up)
    return FALSE;
  next = gtk_list_box_get_row_at_index (self->list, down ? index + 1 : MAX (index - 1, 0));
  if (next == NULL)
    return TRUE;
  gtk_list_box_select_row (self->list, next);
  /* Scrolls it into sight; the entry gets the keyboard back at once. */
  gtk_widget_grab_focus (GTK_WIDGET (next));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  return TRUE;
}

static GtkWidget *
new_nothing_found (void)
{
  GtkWidget *label = gtk_label_new (_ ("Nothing found"));

  gtk_widget_add_css_class (label, "desk-secondary");
  gtk_widget_set_margin_top (label, 12);
  gtk_widget_set_margin_bottom (label, 12);
  return label;
}

static void
make_entry (DeskChooserRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->entry, "placeholder-text", _ ("Type to search"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Type to search"), -1);
  g_signal_connect_object (self->entry, "search-changed", G_CALLBACK (search), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->entry, "activate", G_CALLBACK (entry_activate_cb), self, 0);
  g_signal_connect_object (self->entry, "stop-search", G_CALLBACK (stop_search_cb), self, 0);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (entry_key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
}

static GtkWidget *
make_list (DeskChooserRow *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_list_box_set_placeholder (self->list, new_nothing_found ());
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "desk-chooser-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self, 0);
  gtk_search_entry_set_key_capture_widget (self->entry, GTK_WIDGET (self->list));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), LIST_MAX_HEIGHT);
  return scroller;
}

static void
make_popover (DeskChooserRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller;

  self->popover = GTK_POPOVER (gtk_popover_new ());
  make_entry (self);
  scroller = make_list (self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_widget_set_size_request (box, LIST_WIDTH, -1);
  gtk_popover_set_child (self->popover, box);
  gtk_widget_add_css_class (GTK_WIDGET (self->popover), "desk-chooser");
  gtk_widget_set_parent (GTK_WIDGET (self->popover), self->button);
}

static void
button_clicked_cb (DeskChooserRow *self)
{
  if (self->popover == NULL)
    make_popover (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  search (self);
  gtk_popover_popup (self->popover);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
desk_chooser_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DeskChooserRow *self = DESK_CHOOSER_ROW (object);

  switch (id)
    {
    case PROP_NONE_LABEL:
      g_value_set_string (value, self->none_label);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
desk_chooser_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DeskChooserRow *self = DESK_CHOOSER_ROW (object);

  switch (id)
    {
    case PROP_NONE_LABEL:
      g_free (self->none_label);
      self->none_label = g_value_dup_string (value);
      if (self->chosen == NULL)
        show_value (self, NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
desk_chooser_row_dispose (GObject *object)
{
  DeskChooserRow *self = DESK_CHOOSER_ROW (object);

  if (self->popover != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->popover));
  self->popover = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_CHOOSER_ROW);
  G_OBJECT_CLASS (desk_chooser_row_parent_class)->dispose (object);
}

static void
desk_chooser_row_finalize (GObject *object)
{
  DeskChooserRow *self = DESK_CHOOSER_ROW (object);

  g_ptr_array_unref (self->choices);
  g_free (self->chosen);
  g_free (self->none_label);
  G_OBJECT_CLASS (desk_chooser_row_parent_class)->finalize (object);
}

static void
desk_chooser_row_class_init (DeskChooserRowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = desk_chooser_row_get_property;
  object_class->set_property = desk_chooser_row_set_property;
  object_class->dispose = desk_chooser_row_dispose;
  object_class->finalize = desk_chooser_row_finalize;

  properties[PROP_NONE_LABEL] = g_param_spec_string (
      "none-label", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHOSEN] = g_signal_new ("chosen", DESK_TYPE_CHOOSER_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[SEARCH] = g_signal_new ("search", DESK_TYPE_CHOOSER_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-chooser-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskChooserRow, button);
  gtk_widget_class_bind_template_child (widget_class, DeskChooserRow, value_label);
  gtk_widget_class_bind_template_callback (widget_class, button_clicked_cb);
}

static void
desk_chooser_row_init (DeskChooserRow *self)
{
  self->choices = g_ptr_array_new_with_free_func ((GDestroyNotify) free_choice);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
desk_chooser_row_clear (DeskChooserRow *self)
{
  g_return_if_fail (DESK_IS_CHOOSER_ROW (self));

  g_ptr_array_set_size (self->choices, 0);
  if (self->list != NULL)
    fill_list (self);
  if (self->none_label != NULL)
    desk_chooser_row_add (self, NULL, self->none_label, NULL);
}

void
desk_chooser_row_add (DeskChooserRow *self, const char *id, const char *label, const char *detail)
{
  Choice *choice;

  g_return_if_fail (DESK_IS_CHOOSER_ROW (self));
  g_return_if_fail (label != NULL);

  choice = g_new0 (Choice, 1);
  *choice = (Choice) { g_strdup (id), g_strdup (label), g_strdup (detail) };
  g_ptr_array_add (self->choices, choice);
  if (self->list != NULL && is_wanted (self, choice))
    append_choice (self, choice);
}

const char *
desk_chooser_row_get_chosen (DeskChooserRow *self)
{
  g_return_val_if_fail (DESK_IS_CHOOSER_ROW (self), NULL);

  return self->chosen;
}

void
desk_chooser_row_set_chosen (DeskChooserRow *self, const char *id, const char *label)
{
  g_autofree char *copy = g_strdup (id);

  g_return_if_fail (DESK_IS_CHOOSER_ROW (self));

  g_free (self->chosen);
  self->chosen = g_steal_pointer (&copy);
  show_value (self, label);
}
