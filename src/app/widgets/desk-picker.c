/* SPDX-License-Identifier: GPL-3.0-or-later
 * Choosing one of many; see desk-picker.h. */
#include "desk-picker.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "desk-avatar.h"

/* More buttons than this are not made; the filter finds the others. */
#define MAX_SHOWN  60
#define MAX_HEIGHT 380

typedef struct
{
  char *section; /* title above it when it is the first of its section, else NULL */
  gboolean starts_section;
  char *label;
  char *folded; /* for the filter */
  char *avatar;
  char *action;
  char *target;
  gboolean current;
} Item;

struct _DeskPicker
{
  GtkPopover parent_instance;

  GPtrArray *items; /* of Item */
  char *next_section;
  gboolean section_pending;

  GtkWidget *filter;
  GtkWidget *list;
};

G_DEFINE_FINAL_TYPE (DeskPicker, desk_picker, GTK_TYPE_POPOVER)

static void
free_item (gpointer data)
{
  Item *item = data;

  g_free (item->section);
  g_free (item->label);
  g_free (item->folded);
  g_free (item->avatar);
  g_free (item->action);
  g_free (item->target);
  g_free (item);
}

/* "Ä" and "a" are the same letter to a finger in a hurry. */
static char *
fold (const char *text)
{
  g_autofree char *ascii = g_str_to_ascii (text, NULL);
  g_autofree char *lower = g_utf8_casefold (text, -1);
  g_autofree char *ascii_lower = g_ascii_strdown (ascii, -1);

  return g_strconcat (lower, "\n", ascii_lower, NULL);
}

/* --- rows --- */

static void
clicked_cb (GtkButton *button, DeskPicker *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static GtkWidget *
make_row_content (const Item *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (item->label);

  if (item->avatar != NULL)
    gtk_box_append (GTK_BOX (box), desk_avatar_new (item->avatar, 22));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  if (item->current)
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("object-select-symbolic"));
  return box;
}

static GtkWidget *
make_row (DeskPicker *self, const Item *item)
{
  GtkWidget *button = gtk_button_new ();

  gtk_button_set_child (GTK_BUTTON (button), make_row_content (item));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "desk-picker-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  item->label, -1);
  if (item->target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", item->target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), item->action);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), self);
  return button;
}

static void
append_caption (DeskPicker *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "desk-secondary");
  gtk_widget_add_css_class (label, "desk-picker-title");
  gtk_box_append (GTK_BOX (self->list), label);
}

static void
append_section (DeskPicker *self, const Item *item)
{
  if (item->section != NULL)
    append_caption (self, item->section);
  else if (gtk_widget_get_first_child (self->list) != NULL)
    gtk_box_append (GTK_BOX (self->list), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
}

static void
clear_list (DeskPicker *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)) != NULL)
    gtk_box_remove (GTK_BOX (self->list), row);
}

static gboolean
matches (const Item *item, const char *words)
{
  return words == NULL || strstr (item->folded, words) != NULL;
}

static void
show_items (DeskPicker *self, const char *words)
{
  guint n = 0;

  clear_list (self);
  for (guint i = 0; i < self->items->len && n < MAX_SHOWN; i++)
    {
      const Item *item = g_ptr_array_index (self->items, i);

      if (!matches (item, words))
        continue;
      if (item->starts_section && words == NULL)
        append_section (self, item);
      gtk_box_append (GTK_BOX (self->list), make_row (self, item));
      n++;
    }
  if (n == 0)
    append_caption (self, _ ("Nothing found"));
  if (n == MAX_SHOWN && n < self->items->len)
    append_caption (self, _ ("Type to find more"));
}

static void
filter_cb (GtkSearchEntry *entry, DeskPicker *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  g_autofree char *lower = g_utf8_casefold (text, -1);

  show_items (self, *text != '\0' ? lower : NULL);
}

/* Return takes the first that is left. */
static void
activate_cb (GtkSearchEntry *entry, DeskPicker *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (GTK_IS_BUTTON (row))
      {
        gtk_widget_activate (row);
        return;
      }
}

/* Nothing is made before it is looked at. */
static void
desk_picker_map (GtkWidget *widget)
{
  DeskPicker *self = DESK_PICKER (widget);

  gtk_widget_set_visible (self->filter, self->items->len > DESK_PICKER_FILTER_FROM);
  if (gtk_widget_get_first_child (self->list) == NULL)
    show_items (self, NULL);
  GTK_WIDGET_CLASS (desk_picker_parent_class)->map (widget);
}

static void
desk_picker_finalize (GObject *object)
{
  DeskPicker *self = DESK_PICKER (object);

  g_ptr_array_unref (self->items);
  g_free (self->next_section);
  G_OBJECT_CLASS (desk_picker_parent_class)->finalize (object);
}

static void
desk_picker_class_init (DeskPickerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = desk_picker_finalize;
  GTK_WIDGET_CLASS (klass)->map = desk_picker_map;
}

static void
desk_picker_init (DeskPicker *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->items = g_ptr_array_new_with_free_func (free_item);
  self->filter = gtk_search_entry_new ();
  g_signal_connect (self->filter, "search-changed", G_CALLBACK (filter_cb), self);
  g_signal_connect (self->filter, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect_swapped (self->filter, "stop-search", G_CALLBACK (gtk_popover_popdown), self);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_widget_set_size_request (scroller, 200, -1);
  gtk_box_append (GTK_BOX (box), self->filter);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_popover_set_child (GTK_POPOVER (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "menu");
  gtk_widget_add_css_class (GTK_WIDGET (self), "desk-picker");
}

GtkWidget *
desk_picker_new (const char *name)
{
  DeskPicker *self = g_object_new (DESK_TYPE_PICKER, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
  return GTK_WIDGET (self);
}

void
desk_picker_add_section (DeskPicker *self, const char *title)
{
  g_return_if_fail (DESK_IS_PICKER (self));

  g_free (self->next_section);
  self->next_section = g_strdup (title);
  self->section_pending = TRUE;
}

void
desk_picker_add (DeskPicker *self,
                 const char *label,
                 const char *avatar,
                 const char *action,
                 const char *target,
                 gboolean current)
{
  Item *item;

  g_return_if_fail (DESK_IS_PICKER (self));

  item = g_new0 (Item, 1);
  item->section = g_steal_pointer (&self->next_section);
  item->starts_section = self->section_pending;
  self->section_pending = FALSE;
  item->label = g_strdup (label);
  item->folded = fold (label);
  item->avatar = g_strdup (avatar);
  item->action = g_strdup (action);
  item->target = g_strdup (target);
  item->current = current;
  g_ptr_array_add (self->items, item);
}

guint
desk_picker_count (DeskPicker *self)
{
  g_return_val_if_fail (DESK_IS_PICKER (self), 0);

  return self->items->len;
}
