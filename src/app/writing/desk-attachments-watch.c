/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files and pictures that are dropped on a widget or pasted into it; see desk-attachments.h. */
#include "desk-attachments.h"

/* What file managers copy beside, or instead of, a list of addresses: a word, then addresses. */
#define COPIED_FILES "x-special/gnome-copied-files"

/* Addresses of pages and people, which are text and not files. */
static const char *const web_schemes[] = { "http", "https", "mailto", "data", "about" };

/* FALSE for the address of a page. */
static gboolean
is_attachable (GFile *file)
{
  for (gsize i = 0; i < G_N_ELEMENTS (web_schemes); i++)
    if (g_file_has_uri_scheme (file, web_schemes[i]))
      return FALSE;
  return TRUE;
}

/* Returns how many of @files (of GFile) were taken. */
static guint
add_files (DeskAttachments *self, GSList *files)
{
  guint n_added = 0;

  for (GSList *link = files; link != NULL; link = link->next)
    if (is_attachable (link->data))
      {
        desk_attachments_add_file (self, link->data);
        n_added++;
      }
  return n_added;
}

static gboolean
dropped_cb (GtkDropTarget *drop, const GValue *value, double x, double y, DeskAttachments *self)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      GdkFileList *list = g_value_get_boxed (value);
      g_autoptr (GSList) files = gdk_file_list_get_files (list);

      return add_files (self, files) > 0;
    }
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      desk_attachments_add_texture (self, g_value_get_object (value));
      return TRUE;
    }
  return FALSE;
}

/* Whether a text takes a drop: not when it brings files, whose names it would take as text. */
static gboolean
accept_text_cb (GtkDropTarget *drop, GdkDrop *offer, gpointer unused)
{
  GdkContentFormats *offered = gdk_drop_get_formats (offer);

  return !gdk_content_formats_contain_gtype (offered, GDK_TYPE_FILE_LIST)
         && !gdk_content_formats_contain_mime_type (offered, "text/uri-list")
         && (gdk_drop_get_actions (offer) & gtk_drop_target_get_actions (drop)) != 0
         && gdk_content_formats_match (gtk_drop_target_get_formats (drop), offered);
}

/* Texts have a drop target of their own, which would show where the names would go. */
static void
leave_files_to_strip (GtkWidget *text)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (text);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_connect (controller, "accept", G_CALLBACK (accept_text_cb), NULL);
    }
}

/* Ahead of the widgets inside @target, which may be texts. */
static void
watch_drops (DeskAttachments *self, GtkWidget *target)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };

  gtk_drop_target_set_gtypes (drop, types, G_N_ELEMENTS (types));
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drop), GTK_PHASE_CAPTURE);
  g_signal_connect_object (drop, "drop", G_CALLBACK (dropped_cb), self, 0);
  gtk_widget_add_controller (target, GTK_EVENT_CONTROLLER (drop));
}

/* A paste that is waiting for what the clipboard holds. */
typedef struct
{
  GWeakRef strip;
  GWeakRef target;
} Paste;

static Paste *
new_paste (DeskAttachments *self, GtkWidget *target)
{
  Paste *paste = g_new0 (Paste, 1);

  g_weak_ref_init (&paste->strip, self);
  g_weak_ref_init (&paste->target, target);
  return paste;
}

static void
free_paste (Paste *self)
{
  g_weak_ref_clear (&self->strip);
  g_weak_ref_clear (&self->target);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paste, free_paste)

static void paste_clipboard_cb (GtkWidget *text, DeskAttachments *self);

/* There was no file in it: the text that was pasted into gets it after all. */
static void
paste_as_text (DeskAttachments *self, GtkWidget *target)
{
  if (!GTK_IS_TEXT_VIEW (target) && !GTK_IS_TEXT (target))
    return;
  g_signal_handlers_block_by_func (target, paste_clipboard_cb, self);
  g_signal_emit_by_name (target, "paste-clipboard");
  g_signal_handlers_unblock_by_func (target, paste_clipboard_cb, self);
}

/* Takes @files (of GFile, full). */
static void
finish_paste (Paste *paste, GSList *files)
{
  g_autoptr (DeskAttachments) self = g_weak_ref_get (&paste->strip);
  g_autoptr (GtkWidget) target = g_weak_ref_get (&paste->target);

  if (self != NULL && add_files (self, files) == 0 && target != NULL)
    paste_as_text (self, target);
  g_slist_free_full (files, g_object_unref);
}

static void
ref_file_cb (gpointer file, gpointer unused)
{
  g_object_ref (file);
}

static void
file_list_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Paste) paste = user_data;
  const GValue *value
      = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);
  GSList *files = NULL;

  if (value != NULL)
    {
      files = gdk_file_list_get_files (g_value_get_boxed (value));
      g_slist_foreach (files, ref_file_cb, NULL);
    }
  finish_paste (paste, files);
}

/* "copy" or "cut" in the first line, then an address each. (transfer full) (element-type GFile) */
static GSList *
parse_copied_files (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GSList *files = NULL;

  for (gsize i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      g_strchomp (lines[i]);
      if (*lines[i] != '\0')
        files = g_slist_prepend (files, g_file_new_for_uri (lines[i]));
    }
  return g_slist_reverse (files);
}

static void
copied_files_drained_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Paste) paste = user_data;
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (source);
  GSList *files = NULL;

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, NULL) >= 0)
    {
      g_autofree char *text = g_strndup (g_memory_output_stream_get_data (memory),
                                         g_memory_output_stream_get_data_size (memory));

      files = parse_copied_files (text);
    }
  finish_paste (paste, files);
}

static void
copied_files_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Paste) paste = user_data;
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;

  input = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, NULL);
  if (input == NULL)
    {
      finish_paste (paste, NULL);
      return;
    }
  output = g_memory_output_stream_new_resizable ();
  g_output_stream_splice_async (output, input,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE
                                    | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, copied_files_drained_cb,
                                g_steal_pointer (&paste));
}

static void
texture_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Paste) paste = user_data;
  g_autoptr (DeskAttachments) self = g_weak_ref_get (&paste->strip);
  g_autoptr (GdkTexture) texture
      = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, NULL);

  if (self != NULL && texture != NULL)
    desk_attachments_add_texture (self, texture);
}

/* Files come first, because file managers offer their names as text too; then text, because
 * offices offer pictures of it. TRUE when the clipboard is read for the strip. */
static gboolean
paste_into_strip (DeskAttachments *self, GtkWidget *target)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (target);
  g_autoptr (GdkContentFormats) formats = NULL;

  formats = gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard));
  formats = gdk_content_formats_union_deserialize_gtypes (g_steal_pointer (&formats));
  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                    file_list_read_cb, new_paste (self, target));
  else if (gdk_content_formats_contain_mime_type (formats, COPIED_FILES))
    gdk_clipboard_read_async (clipboard, (const char *[]) { COPIED_FILES, NULL },
                              G_PRIORITY_DEFAULT, NULL, copied_files_read_cb,
                              new_paste (self, target));
  else if (gdk_content_formats_contain_gtype (formats, G_TYPE_STRING))
    return FALSE;
  else if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE))
    gdk_clipboard_read_texture_async (clipboard, NULL, texture_read_cb, new_paste (self, target));
  else
    return FALSE;
  return TRUE;
}

static void
paste_clipboard_cb (GtkWidget *text, DeskAttachments *self)
{
  if (paste_into_strip (self, text))
    g_signal_stop_emission_by_name (text, "paste-clipboard");
}

static gboolean
paste_key_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  Paste *paste = user_data;
  g_autoptr (DeskAttachments) self = g_weak_ref_get (&paste->strip);

  return self != NULL && paste_into_strip (self, widget);
}

/* The widget that text is typed into, when @target is one or wraps one. */
static GtkWidget *
find_text (GtkWidget *target)
{
  if (GTK_IS_TEXT_VIEW (target) || GTK_IS_TEXT (target))
    return target;
  if (GTK_IS_EDITABLE (target) && gtk_editable_get_delegate (GTK_EDITABLE (target)) != NULL)
    return GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (target)));
  return NULL;
}

static void
watch_pastes (DeskAttachments *self, GtkWidget *target)
{
  GtkWidget *text = find_text (target);
  GtkEventController *keys;
  GtkShortcut *shortcut;

  if (text != NULL)
    {
      g_signal_connect_object (text, "paste-clipboard", G_CALLBACK (paste_clipboard_cb), self, 0);
      return;
    }
  /* Reached only by keys that nobody inside @target wanted. */
  keys = gtk_shortcut_controller_new ();
  shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK),
                               gtk_callback_action_new (paste_key_cb, new_paste (self, target),
                                                       (GDestroyNotify) free_paste));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), shortcut);
  gtk_widget_add_controller (target, keys);
}

void
desk_attachments_watch (DeskAttachments *self, GtkWidget *target)
{
  g_return_if_fail (DESK_IS_ATTACHMENTS (self));
  g_return_if_fail (GTK_IS_WIDGET (target));

  if (find_text (target) != NULL)
    leave_files_to_strip (find_text (target));
  watch_drops (self, target);
  watch_pastes (self, target);
}
