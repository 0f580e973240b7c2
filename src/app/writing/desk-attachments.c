/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files on their way into the desk; see the header. */
#include "desk-attachments.h"

#include <glib/gi18n.h>

#include "desk-accept.h"
#include "desk-attachment-chip.h"
#include "desk-picture.h"
#include "desk-text.h"
#include "desk-wording.h"
#include "desk-wrap-layout.h"

#define SPACING 9

#define FILE_ATTRIBUTES                                                                           \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE                               \
                                 "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME                       \
                                 "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE

typedef enum
{
  STATE_COPYING,
  STATE_DONE,
  STATE_REFUSED,
} State;

/* A file of the strip. Shared by the strip and by the calls that are under way for it. */
typedef struct
{
  gatomicrefcount ref_count;
  DeskAttachments *strip; /* NULL when it was taken away */
  DeskAttachmentChip *chip;
  GCancellable *cancellable;
  State state;
  DeskAttachment *attachment; /* when done */
  GFile *file;                /* or NULL */
  GBytes *bytes;              /* or NULL */
} Item;

struct _DeskAttachments
{
  GtkWidget parent_instance;

  DeskStore *store;
  GPtrArray *items;    /* of Item */
  GtkWidget *place;    /* or NULL */
  GtkFileChooserNative *chooser;
  guint n_pasted;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (DeskAttachments, desk_attachments, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static Item *
ref_item (Item *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
unref_item (Item *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->chip);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->attachment, desk_attachment_free);
  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Item, unref_item)

/* The strip lets go of @item: calls under way end without touching anything. */
static void
forget_item (Item *item)
{
  item->strip = NULL;
  g_cancellable_cancel (item->cancellable);
  unref_item (item);
}

static guint
count_items (DeskAttachments *self, State state)
{
  guint count = 0;

  for (guint i = 0; i < self->items->len; i++)
    count += ((Item *) self->items->pdata[i])->state == state;
  return count;
}

static void
update (DeskAttachments *self)
{
  gboolean busy = count_items (self, STATE_COPYING) > 0;

  gtk_widget_set_visible (GTK_WIDGET (self), self->items->len > 0 || self->place != NULL);
  if (busy != self->busy)
    {
      self->busy = busy;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Where the keyboard goes when @chip is about to leave. */
static void
move_focus_from (DeskAttachments *self, GtkWidget *chip)
{
  GtkWidget *next = gtk_widget_get_next_sibling (chip);

  if (gtk_widget_get_focus_child (GTK_WIDGET (self)) != chip)
    return;
  if (next == NULL)
    next = gtk_widget_get_prev_sibling (chip);
  if (next != NULL)
    gtk_widget_child_focus (next, GTK_DIR_TAB_FORWARD);
}

static void
remove_cb (DeskAttachmentChip *chip, DeskAttachments *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = self->items->pdata[i];

      if (item->chip != chip)
        continue;
      move_focus_from (self, GTK_WIDGET (chip));
      gtk_widget_unparent (GTK_WIDGET (chip));
      g_ptr_array_remove_index (self->items, i);
      update (self);
      return;
    }
}

static Item *
add_item (DeskAttachments *self, const char *name)
{
  Item *item = g_new0 (Item, 1);

  g_atomic_ref_count_init (&item->ref_count);
  item->strip = self;
  item->chip = g_object_ref_sink (desk_attachment_chip_new_copying (name));
  item->cancellable = g_cancellable_new ();
  g_signal_connect_object (item->chip, "remove", G_CALLBACK (remove_cb), self, 0);
  gtk_widget_insert_before (GTK_WIDGET (item->chip), GTK_WIDGET (self), self->place);
  g_ptr_array_add (self->items, item);
  return item;
}

static void
refuse (Item *item, const char *reason)
{
  item->state = STATE_REFUSED;
  desk_attachment_chip_set_refused (item->chip, reason);
  update (item->strip);
}

static void
refuse_for_error (Item *item, const GError *error)
{
  g_autofree char *words = NULL;

  if (item->strip == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  words = desk_wording_error (error);
  refuse (item, words);
}

static void
finish_item (Item *item, DeskAttachment *attachment)
{
  item->attachment = attachment;
  item->state = STATE_DONE;
  desk_attachment_chip_set_done (item->chip, attachment);
  if (item->bytes != NULL)
    desk_attachment_chip_preview_bytes (item->chip, item->bytes);
  else if (item->file != NULL && desk_picture_is_type (attachment->type))
    desk_attachment_chip_preview_file (item->chip, item->file);
  update (item->strip);
}

static void
attached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Item) item = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskAttachment) attachment = NULL;

  attachment = desk_store_attach_finish (DESK_STORE (source), result, &error);
  if (attachment == NULL)
    refuse_for_error (item, error);
  else if (item->strip != NULL)
    finish_item (item, g_steal_pointer (&attachment));
}

static void
progress_cb (goffset done_bytes, goffset total_bytes, gpointer user_data)
{
  Item *item = user_data;

  if (item->strip != NULL && item->state == STATE_COPYING && total_bytes > 0)
    desk_attachment_chip_set_progress (item->chip, (double) done_bytes / (double) total_bytes);
}

static void
copy_file (Item *item)
{
  desk_store_attach_file_async (item->strip->store, item->file, progress_cb, item,
                                item->cancellable, attached_cb, ref_item (item));
}

static void
copy_bytes (Item *item, const char *name, const char *type)
{
  desk_store_attach_bytes_async (item->strip->store, item->bytes, name, type, item->cancellable,
                                 attached_cb, ref_item (item));
}

/* Names the limit, in words of the language. */
static void
refuse_for_size (Item *item)
{
  DeskCatalogue *catalogue = desk_store_get_catalogue (item->strip->store);
  gint64 limit = desk_entry_get_int (desk_catalogue_get_desk (catalogue),
                                     DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES);
  g_autofree char *size = desk_wording_size (limit);
  /* Translators: %s is the size of the largest file, as in "26 MB". */
  g_autofree char *words = g_strdup_printf (_ ("Too big: a file may have up to %s here."), size);

  refuse (item, words);
}

/* Opening a FIFO or a device would wait for ever, so kinds are judged by name before. */
static void
check_and_copy (Item *item, GFileInfo *info)
{
  DeskCatalogue *catalogue = desk_store_get_catalogue (item->strip->store);

  switch (g_file_info_get_file_type (info))
    {
    case G_FILE_TYPE_REGULAR:
      if (desk_attachment_check_size (g_file_info_get_size (info), catalogue, NULL))
        copy_file (item);
      else
        refuse_for_size (item);
      return;
    case G_FILE_TYPE_DIRECTORY:
      refuse (item, _ ("Folders cannot be attached. Pack it into an archive first."));
      return;
    case G_FILE_TYPE_UNKNOWN:
    case G_FILE_TYPE_SYMBOLIC_LINK:
    case G_FILE_TYPE_SPECIAL:
    case G_FILE_TYPE_SHORTCUT:
    case G_FILE_TYPE_MOUNTABLE:
      refuse (item, _ ("This is not an ordinary file, so it cannot be attached."));
      return;
    }
}

static void
file_queried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Item) item = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (info == NULL)
    refuse_for_error (item, error);
  else if (item->strip != NULL)
    check_and_copy (item, info);
}

void
desk_attachments_add_file (DeskAttachments *self, GFile *file)
{
  g_autofree char *name = NULL;
  Item *item;

  g_return_if_fail (DESK_IS_ATTACHMENTS (self));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (self->store != NULL);

  name = g_file_get_basename (file);
  item = add_item (self, name != NULL ? name : "");
  item->file = g_object_ref (file);
  update (self);
  g_file_query_info_async (file, FILE_ATTRIBUTES, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                           item->cancellable, file_queried_cb, ref_item (item));
}

static void
encoded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Item) item = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = desk_picture_encode_finish (result, &error);
  DeskCatalogue *catalogue;

  if (bytes == NULL)
    {
      refuse_for_error (item, error);
      return;
    }
  if (item->strip == NULL)
    return;
  catalogue = desk_store_get_catalogue (item->strip->store);
  item->bytes = g_steal_pointer (&bytes);
  if (desk_attachment_check_size ((gint64) g_bytes_get_size (item->bytes), catalogue, NULL))
    copy_bytes (item, desk_attachment_chip_get_name (item->chip), "image/png");
  else
    refuse_for_size (item);
}

/* (transfer full) */
static char *
name_pasted_picture (DeskAttachments *self)
{
  self->n_pasted++;
  if (self->n_pasted == 1)
    return g_strdup (_ ("Pasted picture.png"));
  return g_strdup_printf (_ ("Pasted picture %u.png"), self->n_pasted);
}

void
desk_attachments_add_texture (DeskAttachments *self, GdkTexture *texture)
{
  g_autofree char *name = NULL;
  Item *item;

  g_return_if_fail (DESK_IS_ATTACHMENTS (self));
  g_return_if_fail (GDK_IS_TEXTURE (texture));
  g_return_if_fail (self->store != NULL);

  name = name_pasted_picture (self);
  item = add_item (self, name);
  update (self);
  desk_picture_encode_async (texture, item->cancellable, encoded_cb, ref_item (item));
}

static void
files_chosen_cb (GtkNativeDialog *dialog, int response, DeskAttachments *self)
{
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      desk_attachments_add_file (self, file);
    }
  g_clear_object (&self->chooser);
}

void
desk_attachments_choose (DeskAttachments *self)
{
  GtkRoot *root;

  g_return_if_fail (DESK_IS_ATTACHMENTS (self));

  if (self->chooser != NULL)
    return;
  root = gtk_widget_get_root (GTK_WIDGET (self));
  self->chooser = gtk_file_chooser_native_new (
      _ ("Attach files"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
      GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Attach"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (files_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static GtkWidget *
new_place (DeskAttachments *self)
{
  GtkWidget *place = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name ("mail-attachment-symbolic");
  GtkWidget *label = gtk_label_new (_ ("Drop or paste files"));
  GtkWidget *button = gtk_button_new_from_icon_name ("document-open-symbolic");

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Attach files"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Attach files"), -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (desk_attachments_choose), self);
  gtk_widget_add_css_class (place, "desk-drop-place");
  gtk_widget_set_hexpand (place, TRUE);
  gtk_box_append (GTK_BOX (place), icon);
  gtk_box_append (GTK_BOX (place), label);
  gtk_box_append (GTK_BOX (place), button);
  return place;
}

void
desk_attachments_show_place (DeskAttachments *self)
{
  g_return_if_fail (DESK_IS_ATTACHMENTS (self));

  if (self->place != NULL)
    return;
  self->place = new_place (self);
  gtk_widget_set_parent (self->place, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
desk_attachments_set_store (DeskAttachments *self, DeskStore *store)
{
  g_return_if_fail (DESK_IS_ATTACHMENTS (self));

  g_set_object (&self->store, store);
}

GPtrArray *
desk_attachments_get (DeskAttachments *self)
{
  g_autoptr (GPtrArray) list = NULL;

  g_return_val_if_fail (DESK_IS_ATTACHMENTS (self), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_attachment_free);
  for (guint i = 0; i < self->items->len; i++)
    {
      const DeskAttachment *it = ((Item *) self->items->pdata[i])->attachment;

      if (it != NULL)
        g_ptr_array_add (list, desk_attachment_new (it->name, it->type, it->size_bytes,
                                                    it->sha256));
    }
  return g_steal_pointer (&list);
}

static void
clear_items (DeskAttachments *self)
{
  for (guint i = 0; i < self->items->len; i++)
    gtk_widget_unparent (GTK_WIDGET (((Item *) self->items->pdata[i])->chip));
  g_ptr_array_set_size (self->items, 0);
}

void
desk_attachments_set (DeskAttachments *self, GPtrArray *list)
{
  g_return_if_fail (DESK_IS_ATTACHMENTS (self));

  clear_items (self);
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const DeskAttachment *it = list->pdata[i];
      Item *item = add_item (self, it->name);

      item->attachment = desk_attachment_new (it->name, it->type, it->size_bytes, it->sha256);
      item->state = STATE_DONE;
      desk_attachment_chip_set_done (item->chip, it);
    }
  self->n_pasted = list != NULL ? self->n_pasted : 0;
  update (self);
}

guint
desk_attachments_count_refused (DeskAttachments *self)
{
  g_return_val_if_fail (DESK_IS_ATTACHMENTS (self), 0);

  return count_items (self, STATE_REFUSED);
}

static void
desk_attachments_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DeskAttachments *self = DESK_ATTACHMENTS (object);

  switch (id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
desk_attachments_dispose (GObject *object)
{
  DeskAttachments *self = DESK_ATTACHMENTS (object);

  clear_items (self);
  g_clear_pointer (&self->place, gtk_widget_unparent);
  g_clear_object (&self->chooser);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_attachments_parent_class)->dispose (object);
}

static void
desk_attachments_finalize (GObject *object)
{
  DeskAttachments *self = DESK_ATTACHMENTS (object);

  g_ptr_array_unref (self->items);
  G_OBJECT_CLASS (desk_attachments_parent_class)->finalize (object);
}

static void
desk_attachments_class_init (DeskAttachmentsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = desk_attachments_get_property;
  object_class->dispose = desk_attachments_dispose;
  object_class->finalize = desk_attachments_finalize;

  properties[PROP_BUSY] = g_param_spec_boolean (
      "busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", DESK_TYPE_ATTACHMENTS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
desk_attachments_init (DeskAttachments *self)
{
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) forget_item);
  gtk_widget_set_layout_manager (GTK_WIDGET (self), desk_wrap_layout_new (SPACING));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Attachments"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
desk_attachments_new (void)
{
  return g_object_new (DESK_TYPE_ATTACHMENTS, NULL);
}
