/* SPDX-License-Identifier: GPL-3.0-or-later
 * One file as a chip: how it looks, and what becomes of a new file. */
#include "desk-attachment-chip-private.h"

#include <glib/gi18n.h>

#include "desk-attachment-open.h"
#include "desk-attachments.h"
#include "desk-picture.h"
#include "desk-text.h"
#include "desk-wording.h"

/* The place of a preview, at twice the scale for fine screens. */
#define PREVIEW_WIDTH  (64 * 2)
#define PREVIEW_HEIGHT (52 * 2)

/* A reason takes up to this many characters of a line. */
#define REASON_CHARS 32

G_DEFINE_FINAL_TYPE (DeskAttachmentChip, desk_attachment_chip, GTK_TYPE_WIDGET)

enum
{
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_accessible_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
desk_attachment_chip_set_about (DeskAttachmentChip *self, const char *words)
{
  gtk_label_set_text (self->about_label, words);
}

void
desk_attachment_chip_set_problem (DeskAttachmentChip *self, const char *reason)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "desk-refused");
  gtk_label_set_wrap (self->about_label, TRUE);
  gtk_label_set_ellipsize (self->about_label, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_max_width_chars (self->about_label, REASON_CHARS);
  desk_attachment_chip_set_about (self, reason);
}

void
desk_attachment_chip_clear_problem (DeskAttachmentChip *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), "desk-refused");
  gtk_label_set_wrap (self->about_label, FALSE);
  gtk_label_set_ellipsize (self->about_label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->about_label, -1);
}

/* The symbolic names only: a theme without one would give a coloured picture. (transfer full) */
static GIcon *
find_kind_icon (const char *content_type)
{
  g_autoptr (GIcon) all = g_content_type_get_symbolic_icon (content_type);
  GIcon *icon = g_themed_icon_new ("text-x-generic-symbolic");
  const char *const *names = NULL;

  if (G_IS_THEMED_ICON (all))
    names = g_themed_icon_get_names (G_THEMED_ICON (all));
  for (gsize i = names != NULL ? g_strv_length ((char **) names) : 0; i > 0; i--)
    if (g_str_has_suffix (names[i - 1], "-symbolic"))
      g_themed_icon_prepend_name (G_THEMED_ICON (icon), names[i - 1]);
  return icon;
}

static void
show_icon (DeskAttachmentChip *self, const char *type)
{
  g_autofree char *content_type = type != NULL ? g_content_type_from_mime_type (type) : NULL;
  g_autoptr (GIcon) kind = NULL;

  if (content_type == NULL)
    return;
  kind = find_kind_icon (content_type);
  gtk_image_set_from_gicon (self->icon, kind);
}

void
desk_attachment_chip_set_end_button (DeskAttachmentChip *self,
                                     const char *icon_name,
                                     const char *name)
{
  gtk_button_set_icon_name (GTK_BUTTON (self->end_button), icon_name);
  gtk_widget_set_tooltip_text (self->end_button, name);
  set_accessible_name (self->end_button, name);
}

void
desk_attachment_chip_show_size (DeskAttachmentChip *self, const DeskAttachment *attachment)
{
  g_autofree char *size = desk_wording_size (attachment->size_bytes);
  /* Translators: a size, of a file that has not been fetched yet. */
  g_autofree char *elsewhere = g_strdup_printf (_ ("%s, on the server"), size);

  desk_attachment_chip_clear_problem (self);
  desk_attachment_chip_set_about (self, self->syncer != NULL ? elsewhere : size);
}

static void
set_name (DeskAttachmentChip *self, const char *name)
{
  g_free (self->name);
  self->name = desk_file_name_clean (name);
  gtk_label_set_text (self->name_label, self->name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), self->name);
}

static void
preview_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskAttachmentChip) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = desk_picture_load_finish (result, &error);

  /* What cannot be shown keeps its icon. */
  if (texture == NULL || self->preview == NULL)
    return;
  gtk_picture_set_paintable (self->preview, GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child_name (self->picture_stack, "preview");
}

void
desk_attachment_chip_preview_file (DeskAttachmentChip *self, GFile *file)
{
  g_return_if_fail (DESK_IS_ATTACHMENT_CHIP (self));

  desk_picture_load_file_async (file, PREVIEW_WIDTH, PREVIEW_HEIGHT, self->cancellable,
                                preview_loaded_cb, g_object_ref (self));
}

void
desk_attachment_chip_preview_bytes (DeskAttachmentChip *self, GBytes *bytes)
{
  g_return_if_fail (DESK_IS_ATTACHMENT_CHIP (self));

  desk_picture_load_bytes_async (bytes, PREVIEW_WIDTH, PREVIEW_HEIGHT, self->cancellable,
                                 preview_loaded_cb, g_object_ref (self));
}

/* What may not be opened is offered to be saved. */
static void
content_clicked_cb (DeskAttachmentChip *self)
{
  gboolean opens = desk_attachment_can_open (self->attachment);

  gtk_widget_activate_action (GTK_WIDGET (self), opens ? "attachment.open" : "attachment.save",
                              NULL);
}

static void
end_clicked_cb (DeskAttachmentChip *self)
{
  if (self->fetching != NULL)
    g_cancellable_cancel (self->fetching);
  else if (self->syncer != NULL)
    desk_attachment_chip_fetch (self, FALSE);
  else if (self->attachment != NULL && self->store != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "attachment.save", NULL);
  else
    g_signal_emit (self, signals[REMOVE], 0);
}

static void
show_menu (DeskAttachmentChip *self, const GdkRectangle *at)
{
  if (self->store == NULL)
    return;
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), at == NULL);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), at);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
secondary_click_cb (
    GtkGestureClick *gesture, int n_press, double x, double y, DeskAttachmentChip *self)
{
  show_menu (self, &(GdkRectangle){ (int) x, (int) y, 1, 1 });
}

static void
long_press_cb (GtkGestureLongPress *gesture, double x, double y, DeskAttachmentChip *self)
{
  show_menu (self, &(GdkRectangle){ (int) x, (int) y, 1, 1 });
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  show_menu (DESK_ATTACHMENT_CHIP (widget), NULL);
  return TRUE;
}

static void
watch_for_menu (DeskAttachmentChip *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (secondary_click_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect (press, "pressed", G_CALLBACK (long_press_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (press));
}

/* Puts preview and words into a button; a new file's are not one. */
static void
make_content_clickable (DeskAttachmentChip *self)
{
  GtkWidget *button = gtk_button_new ();
  g_autofree char *size = desk_wording_size (self->attachment->size_bytes);
  /* Translators: a file's name and size, read out, as in "screenshot.png, 212 kB". */
  g_autofree char *name = g_strdup_printf (C_ ("attachment", "%1$s, %2$s"), self->name, size);

  gtk_box_remove (GTK_BOX (self->frame), g_object_ref (self->content));
  gtk_button_set_child (GTK_BUTTON (button), self->content);
  g_object_unref (self->content);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "desk-chip-content");
  set_accessible_name (button, name);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (content_clicked_cb), self);
  gtk_box_prepend (GTK_BOX (self->frame), button);
}

static void
desk_attachment_chip_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (desk_attachment_chip_parent_class)->map (widget);
  desk_attachment_chip_load_preview (DESK_ATTACHMENT_CHIP (widget));
}

static void
desk_attachment_chip_dispose (GObject *object)
{
  DeskAttachmentChip *self = DESK_ATTACHMENT_CHIP (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->fetching);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->syncer);
  g_clear_object (&self->save_to);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_ATTACHMENT_CHIP);
  G_OBJECT_CLASS (desk_attachment_chip_parent_class)->dispose (object);
}

static void
desk_attachment_chip_finalize (GObject *object)
{
  DeskAttachmentChip *self = DESK_ATTACHMENT_CHIP (object);

  g_free (self->name);
  g_clear_object (&self->store);
  g_free (self->ticket);
  g_clear_pointer (&self->attachment, desk_attachment_free);
  G_OBJECT_CLASS (desk_attachment_chip_parent_class)->finalize (object);
}

static void
desk_attachment_chip_class_init (DeskAttachmentChipClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = desk_attachment_chip_dispose;
  object_class->finalize = desk_attachment_chip_finalize;
  widget_class->map = desk_attachment_chip_map;

  signals[REMOVE] = g_signal_new ("remove", DESK_TYPE_ATTACHMENT_CHIP, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  desk_attachment_chip_install_actions (widget_class);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-attachment-chip.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, overlay);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, frame);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, content);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, picture_stack);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, icon);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, preview);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, name_label);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, about_label);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, end_button);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, progress);
  gtk_widget_class_bind_template_child (widget_class, DeskAttachmentChip, menu);
}

static void
desk_attachment_chip_init (DeskAttachmentChip *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->end_button, "clicked", G_CALLBACK (end_clicked_cb), self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "attachment.open", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "attachment.save", FALSE);
}

DeskAttachmentChip *
desk_attachment_chip_new_copying (const char *name)
{
  DeskAttachmentChip *self = g_object_new (DESK_TYPE_ATTACHMENT_CHIP, NULL);
  g_autofree char *cancel = NULL;

  set_name (self, name);
  desk_attachment_chip_set_about (self, _ ("Copying…"));
  /* Translators: %s is a file's name. */
  cancel = g_strdup_printf (_ ("Cancel copying %s"), self->name);
  desk_attachment_chip_set_end_button (self, "window-close-symbolic", cancel);
  return self;
}

const char *
desk_attachment_chip_get_name (DeskAttachmentChip *self)
{
  g_return_val_if_fail (DESK_IS_ATTACHMENT_CHIP (self), NULL);

  return self->name;
}

void
desk_attachment_chip_set_progress (DeskAttachmentChip *self, double share)
{
  g_autofree char *words = NULL;

  g_return_if_fail (DESK_IS_ATTACHMENT_CHIP (self));

  gtk_widget_set_visible (GTK_WIDGET (self->progress), share >= 0);
  if (share < 0)
    return;
  gtk_progress_bar_set_fraction (self->progress, MIN (share, 1.0));
  /* Translators: how much of a file is copied, in percent. */
  words = g_strdup_printf (_ ("Copying, %d %%"), (int) (MIN (share, 1.0) * 100));
  desk_attachment_chip_set_about (self, words);
}

static void
end_copying (DeskAttachmentChip *self)
{
  /* Translators: %s is a file's name. */
  g_autofree char *remove = g_strdup_printf (_ ("Remove %s"), self->name);

  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  desk_attachment_chip_set_end_button (self, "window-close-symbolic", remove);
}

void
desk_attachment_chip_set_done (DeskAttachmentChip *self, const DeskAttachment *attachment)
{
  g_return_if_fail (DESK_IS_ATTACHMENT_CHIP (self));
  g_return_if_fail (attachment != NULL);

  set_name (self, attachment->name);
  end_copying (self);
  show_icon (self, attachment->type);
  desk_attachment_chip_show_size (self, attachment);
  set_accessible_name (GTK_WIDGET (self), self->name);
}

void
desk_attachment_chip_set_refused (DeskAttachmentChip *self, const char *reason)
{
  g_return_if_fail (DESK_IS_ATTACHMENT_CHIP (self));

  end_copying (self);
  gtk_image_set_from_icon_name (self->icon, "dialog-warning-symbolic");
  gtk_stack_set_visible_child_name (self->picture_stack, "icon");
  desk_attachment_chip_set_problem (self, reason);
  set_accessible_name (GTK_WIDGET (self), self->name);
}

GtkWidget *
desk_attachment_chip_new (DeskStore *store, const char *ticket, const DeskAttachment *attachment)
{
  DeskAttachmentChip *self;

  g_return_val_if_fail (DESK_IS_STORE (store), NULL);
  g_return_val_if_fail (ticket != NULL && attachment != NULL, NULL);

  self = g_object_new (DESK_TYPE_ATTACHMENT_CHIP, NULL);
  self->store = g_object_ref (store);
  self->ticket = g_strdup (ticket);
  self->attachment = desk_attachment_new (attachment->name, attachment->type,
                                          attachment->size_bytes, attachment->sha256);
  set_name (self, attachment->name);
  show_icon (self, attachment->type);
  desk_attachment_chip_show_size (self, attachment);
  desk_attachment_chip_show_end_button (self);
  make_content_clickable (self);
  watch_for_menu (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "attachment.open",
                                 desk_attachment_can_open (attachment));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "attachment.save", TRUE);
  set_accessible_name (GTK_WIDGET (self), self->name);
  return GTK_WIDGET (self);
}

void
desk_attachment_chip_set_absent (GtkWidget *chip, DeskSyncer *syncer)
{
  DeskAttachmentChip *self = DESK_ATTACHMENT_CHIP (chip);

  g_return_if_fail (DESK_IS_SYNCER (syncer));

  g_set_object (&self->syncer, syncer);
  desk_attachment_chip_show_size (self, self->attachment);
  desk_attachment_chip_show_end_button (self);
}
