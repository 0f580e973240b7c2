/* SPDX-License-Identifier: GPL-3.0-or-later
 * The strip of files on their way into the desk, and the chips of those that are there. */
#include "fixture.h"

#include "desk-attachment-chip.h"
#include "desk-attachment-open.h"
#include "desk-attachments.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct
{
  char *folder;
  DeskStore *store;
  GtkWidget *window;
  GtkWidget *text;
  DeskAttachments *strip;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->folder = fixture_new_desk ();
  self->store = fixture_open (self->folder, "karen");
  self->window = gtk_window_new ();
  self->text = gtk_text_view_new ();
  self->strip = DESK_ATTACHMENTS (desk_attachments_new ());
  desk_attachments_set_store (self->strip, self->store);
  desk_attachments_watch (self->strip, self->text);
  gtk_box_append (GTK_BOX (box), self->text);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->strip));
  gtk_window_set_child (GTK_WINDOW (self->window), box);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  fixture_close (self->store);
  fixture_free_folder (self->folder);
}

static gboolean
is_busy (Fixture *self)
{
  gboolean busy;

  g_object_get (self->strip, "busy", &busy, NULL);
  return busy;
}

static guint
count_done (Fixture *self)
{
  g_autoptr (GPtrArray) list = desk_attachments_get (self->strip);

  return list->len;
}

static guint
count_chips (Fixture *self)
{
  return fixture_count_type (GTK_WIDGET (self->strip), DESK_TYPE_ATTACHMENT_CHIP);
}

static void
wait_until_idle (Fixture *self)
{
  FIXTURE_WAIT (!is_busy (self));
}

/* (transfer full) */
static char *
make_path (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
add_path (Fixture *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  desk_attachments_add_file (self->strip, file);
}

static void
add_content (Fixture *self, const char *name, const char *content)
{
  g_autofree char *path = make_path (self, name);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  add_path (self, path);
}

static GdkTexture *
new_texture (void)
{
  static const guint8 pixels[2 * 2 * 4] = { 0xff, 0, 0, 0xff, 0, 0xff, 0, 0xff,
                                            0, 0, 0xff, 0xff, 0, 0, 0, 0xff };
  g_autoptr (GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);

  return gdk_memory_texture_new (2, 2, GDK_MEMORY_R8G8B8A8, bytes, 8);
}

static void
test_takes_files (Fixture *self, gconstpointer unused)
{
  g_autoptr (GPtrArray) list = NULL;
  const DeskAttachment *file;

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->strip)));
  add_content (self, "notes.txt", "hello");
  g_assert_true (is_busy (self));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (self->strip)));
  add_content (self, "empty.txt", "");
  add_content (self, "two\nlines.txt", "x");
  wait_until_idle (self);

  list = desk_attachments_get (self->strip);
  g_assert_cmpuint (list->len, ==, 3);
  file = list->pdata[0];
  g_assert_cmpstr (file->name, ==, "notes.txt");
  g_assert_cmpint (file->size_bytes, ==, 5);
  g_assert_cmpstr (file->sha256, ==,
                   "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  file = list->pdata[1];
  g_assert_cmpint (file->size_bytes, ==, 0);
  file = list->pdata[2];
  g_assert_null (strchr (file->name, '\n'));
  g_assert_cmpuint (desk_attachments_count_refused (self->strip), ==, 0);
}

static void
add_special_files (Fixture *self)
{
  g_autofree char *fifo = make_path (self, "fifo");
  g_autofree char *large = make_path (self, "large.bin");
  g_autofree char *missing = make_path (self, "missing");
  g_autofree char *link = make_path (self, "link");
  FILE *stream;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink (fifo, link), ==, 0);
  stream = fopen (large, "w");
  g_assert_cmpint (ftruncate (fileno (stream), 25 * 1024 * 1024 + 1), ==, 0);
  fclose (stream);
  add_path (self, fifo);
  add_path (self, link);
  add_path (self, self->folder);
  add_path (self, large);
  add_path (self, missing);
}

static void
test_refuses_what_is_no_file (Fixture *self, gconstpointer unused)
{
  add_special_files (self);
  add_content (self, "good.txt", "x");
  wait_until_idle (self);

  g_assert_cmpuint (desk_attachments_count_refused (self->strip), ==, 5);
  g_assert_cmpuint (count_done (self), ==, 1);
  FIXTURE_WAIT (fixture_find_text (self->window, "not an ordinary file") != NULL);
  g_assert_nonnull (fixture_find_text (self->window, "Folders cannot be attached"));
  g_assert_nonnull (fixture_find_text (self->window, "26.2"));
  g_assert_nonnull (fixture_find_text (self->window, "not there any more"));
}

static void
test_removes (Fixture *self, gconstpointer unused)
{
  GtkWidget *chip;
  GtkWidget *button;

  add_content (self, "one.txt", "1");
  add_content (self, "two.txt", "2");
  wait_until_idle (self);
  chip = fixture_find_type (GTK_WIDGET (self->strip), DESK_TYPE_ATTACHMENT_CHIP);
  button = fixture_find (chip, "end_button");
  gtk_widget_grab_focus (button);
  gtk_widget_activate (button);
  FIXTURE_WAIT (count_done (self) == 1);
  g_assert_cmpuint (count_chips (self), ==, 1);
  /* The keyboard goes on from where it was. */
  g_assert_nonnull (gtk_widget_get_focus_child (GTK_WIDGET (self->strip)));
}

static void
test_cancels_copying (Fixture *self, gconstpointer unused)
{
  g_autofree char *path = make_path (self, "large.bin");
  GtkWidget *button;
  FILE *stream = fopen (path, "w");

  g_assert_cmpint (ftruncate (fileno (stream), 20 * 1024 * 1024), ==, 0);
  fclose (stream);
  add_path (self, path);
  FIXTURE_WAIT (fixture_find_text (self->window, "Copying, ") != NULL || !is_busy (self));
  g_assert_true (is_busy (self));
  button = fixture_find (GTK_WIDGET (self->strip), "end_button");
  /* Activating waits a quarter of a second to show the press; the copy may be done by then. */
  g_signal_emit_by_name (button, "clicked");
  FIXTURE_WAIT (!is_busy (self));
  g_assert_cmpuint (count_done (self), ==, 0);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->strip)));
}

static void
test_takes_pictures (Fixture *self, gconstpointer unused)
{
  g_autoptr (GdkTexture) texture = new_texture ();
  g_autoptr (GPtrArray) list = NULL;
  const DeskAttachment *first;
  const DeskAttachment *second;

  desk_attachments_add_texture (self->strip, texture);
  desk_attachments_add_texture (self->strip, texture);
  wait_until_idle (self);
  list = desk_attachments_get (self->strip);
  g_assert_cmpuint (list->len, ==, 2);
  first = list->pdata[0];
  second = list->pdata[1];
  g_assert_cmpstr (first->name, ==, "Pasted picture.png");
  g_assert_cmpstr (first->type, ==, "image/png");
  g_assert_cmpint (first->size_bytes, >, 0);
  g_assert_cmpstr (second->name, ==, "Pasted picture 2.png");
}

static char *
dup_text (Fixture *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text));
  char *text;

  g_object_get (buffer, "text", &text, NULL);
  return text;
}

static gboolean
has_text (Fixture *self, const char *expected)
{
  g_autofree char *text = dup_text (self);

  return g_str_equal (text, expected);
}

/* Puts @provider (full) on the clipboard and pastes it into the text. */
static void
paste (Fixture *self, GdkContentProvider *provider)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (self->text);

  g_assert_true (gdk_clipboard_set_content (clipboard, provider));
  g_object_unref (provider);
  g_signal_emit_by_name (self->text, "paste-clipboard");
}

static GdkContentProvider *
provide (const char *mime_type, const char *content)
{
  g_autoptr (GBytes) bytes = g_bytes_new (content, strlen (content));

  return gdk_content_provider_new_for_bytes (mime_type, bytes);
}

static void
test_pastes_pictures (Fixture *self, gconstpointer unused)
{
  g_autoptr (GdkTexture) texture = new_texture ();

  paste (self, gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture));
  FIXTURE_WAIT (count_done (self) == 1);
  g_assert_true (has_text (self, ""));
}

static void
test_pastes_text_as_text (Fixture *self, gconstpointer unused)
{
  g_autoptr (GdkTexture) texture = new_texture ();
  GdkContentProvider *both[2];

  paste (self, gdk_content_provider_new_typed (G_TYPE_STRING, "words"));
  FIXTURE_WAIT (has_text (self, "words"));
  /* An office that offers a picture of its words means the words. */
  both[0] = gdk_content_provider_new_typed (G_TYPE_STRING, ", more");
  both[1] = gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture);
  paste (self, gdk_content_provider_new_union (both, 2));
  FIXTURE_WAIT (has_text (self, "words, more"));
  fixture_settle (50);
  g_assert_cmpuint (count_done (self), ==, 0);
}

static void
test_pastes_files (Fixture *self, gconstpointer unused)
{
  g_autofree char *path = make_path (self, "copied file.txt");
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *list = g_strdup_printf ("%s\r\n", uri);
  g_autofree char *gnome = g_strdup_printf ("copy\n%s", uri);
  GdkContentProvider *both[2];

  g_assert_true (g_file_set_contents (path, "x", -1, NULL));
  /* File managers offer the path as text as well. */
  both[0] = provide ("text/uri-list", list);
  both[1] = gdk_content_provider_new_typed (G_TYPE_STRING, path);
  paste (self, gdk_content_provider_new_union (both, 2));
  FIXTURE_WAIT (count_done (self) == 1);
  paste (self, provide ("x-special/gnome-copied-files", gnome));
  FIXTURE_WAIT (count_done (self) == 2);
  g_assert_true (has_text (self, ""));
}

static void
test_pastes_web_addresses_as_text (Fixture *self, gconstpointer unused)
{
  GdkContentProvider *both[2];

  both[0] = provide ("text/uri-list", "https://deskbell.org/\r\n");
  both[1] = gdk_content_provider_new_typed (G_TYPE_STRING, "https://deskbell.org/");
  paste (self, gdk_content_provider_new_union (both, 2));
  FIXTURE_WAIT (has_text (self, "https://deskbell.org/"));
  g_assert_cmpuint (count_chips (self), ==, 0);
}

static void
test_comes_back_from_a_draft (Fixture *self, gconstpointer unused)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;

  add_content (self, "notes.txt", "hello");
  wait_until_idle (self);
  before = desk_attachments_get (self->strip);
  desk_attachments_set (self->strip, NULL);
  g_assert_cmpuint (count_done (self), ==, 0);
  desk_attachments_set (self->strip, before);
  after = desk_attachments_get (self->strip);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_cmpstr (((DeskAttachment *) after->pdata[0])->sha256, ==,
                   ((DeskAttachment *) before->pdata[0])->sha256);
  g_assert_nonnull (fixture_find_type (GTK_WIDGET (self->strip), DESK_TYPE_ATTACHMENT_CHIP));
}

static void
test_goes_while_copying (Fixture *self, gconstpointer unused)
{
  gpointer strip = self->strip;

  g_object_add_weak_pointer (G_OBJECT (self->strip), &strip);
  add_content (self, "notes.txt", "hello");
  add_special_files (self);
  gtk_window_set_child (GTK_WINDOW (self->window), NULL);
  FIXTURE_WAIT (strip == NULL);
}

/* --- files of a ticket --- */

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DeskReceipt **receipt = user_data;
  g_autoptr (GError) error = NULL;

  *receipt = desk_store_submit_finish (DESK_STORE (source), result, &error);
  g_assert_no_error (error);
}

/* Files a ticket with what is in the strip. (transfer full) */
static DeskReceipt *
file_ticket (Fixture *self)
{
  g_autoptr (DeskOp) op = desk_store_new_op (self->store, NULL, DESK_KIND_CREATED);
  g_autoptr (GPtrArray) files = desk_attachments_get (self->strip);
  DeskReceipt *receipt = NULL;

  desk_op_change (op, DESK_FIELD_SUMMARY, "With files");
  while (files->len > 0)
    desk_op_take_attachment (op, g_ptr_array_steal_index (files, 0));
  desk_store_submit_async (self->store, op, NULL, submitted_cb, &receipt);
  FIXTURE_WAIT (receipt != NULL);
  return receipt;
}

/* Shows the ticket's first file in place of the strip. */
static GtkWidget *
show_chip (Fixture *self, DeskReceipt *receipt)
{
  const DeskEvent *event = receipt->events->pdata[0];
  GtkWidget *chip
      = desk_attachment_chip_new (self->store, receipt->ticket->uid, event->attachments->pdata[0]);

  gtk_window_set_child (GTK_WINDOW (self->window), chip);
  return chip;
}

static void
test_chip_shows_a_picture (Fixture *self, gconstpointer unused)
{
  g_autoptr (GdkTexture) texture = new_texture ();
  g_autoptr (DeskReceipt) receipt = NULL;
  GtkWidget *chip;
  GtkStack *stack;

  desk_attachments_add_texture (self->strip, texture);
  wait_until_idle (self);
  receipt = file_ticket (self);
  chip = show_chip (self, receipt);
  g_object_add_weak_pointer (G_OBJECT (chip), (gpointer *) &chip);
  stack = GTK_STACK (fixture_find (chip, "picture_stack"));
  FIXTURE_WAIT (g_str_equal (gtk_stack_get_visible_child_name (stack), "preview"));
  gtk_window_set_child (GTK_WINDOW (self->window), NULL);
  FIXTURE_WAIT (chip == NULL);
}

/* The only copy that was made to be opened, NULL for none. (transfer full) */
static char *
find_copy (void)
{
  g_autofree char *root = g_build_filename (g_get_user_cache_dir (), "deskbell", "opened", NULL);
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;
  g_autofree char *folder = name != NULL ? g_build_filename (root, name, NULL) : NULL;
  g_autoptr (GDir) inner = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *file = inner != NULL ? g_dir_read_name (inner) : NULL;

  return file != NULL ? g_build_filename (folder, file, NULL) : NULL;
}

static void
test_chip_opens_a_private_copy (Fixture *self, gconstpointer unused)
{
  g_autoptr (DeskReceipt) receipt = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *content = NULL;
  GtkWidget *chip;
  GStatBuf about;

  add_content (self, "notes.unknown-kind", "hello");
  wait_until_idle (self);
  receipt = file_ticket (self);
  chip = show_chip (self, receipt);
  g_assert_true (gtk_widget_activate_action (chip, "attachment.open", NULL));
  /* No program here opens it, and the chip says so. */
  FIXTURE_WAIT (gtk_widget_has_css_class (chip, "desk-refused"));
  copy = find_copy ();
  g_assert_nonnull (copy);
  g_assert_true (g_file_get_contents (copy, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "hello");
  g_assert_cmpint (g_stat (copy, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0400);
  folder = g_path_get_dirname (copy);
  g_assert_cmpint (g_stat (folder, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0700);
  g_unlink (copy);
  g_rmdir (folder);
}

static void
claim_type (DeskReceipt *receipt, const char *type)
{
  const DeskEvent *event = receipt->events->pdata[0];
  DeskAttachment *file = event->attachments->pdata[0];

  g_free (file->type);
  file->type = g_strdup (type);
}

static void
test_chip_does_not_open_programs (Fixture *self, gconstpointer unused)
{
  static const struct
  {
    const char *name;
    const char *type;
    gboolean opens;
  } cases[] = {
    { "notes.txt", "text/plain", TRUE },
    { "picture.png", "image/png", TRUE },
    { "run.sh", "application/x-shellscript", FALSE },
    { "run.sh", "text/plain", FALSE },
    { "harmless.txt", "application/x-desktop", FALSE },
    { "link.desktop", "text/plain", FALSE },
    { "setup.exe", "application/octet-stream", FALSE },
    { "tool.py", "text/plain", FALSE },
  };
  g_autoptr (DeskReceipt) receipt = NULL;
  g_autofree char *copy = NULL;
  GtkWidget *chip;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DeskAttachment) file
          = desk_attachment_new (cases[i].name, cases[i].type, 1, "0");

      g_assert_true (desk_attachment_can_open (file) == cases[i].opens);
    }
  /* Neither name nor type tell; the content does. */
  add_content (self, "measure", "#!/bin/sh\necho\n");
  wait_until_idle (self);
  receipt = file_ticket (self);
  claim_type (receipt, "application/octet-stream");
  chip = show_chip (self, receipt);
  g_assert_true (gtk_widget_activate_action (chip, "attachment.open", NULL));
  FIXTURE_WAIT (gtk_widget_has_css_class (chip, "desk-refused"));
  g_assert_nonnull (fixture_find_text (chip, "This is a program or a script"));
  copy = find_copy ();
  g_assert_null (copy);
}

#define ADD(name, function)                                                                       \
  g_test_add ("/attachments/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);

  ADD ("takes-files", test_takes_files);
  ADD ("refuses-what-is-no-file", test_refuses_what_is_no_file);
  ADD ("removes", test_removes);
  ADD ("cancels-copying", test_cancels_copying);
  ADD ("takes-pictures", test_takes_pictures);
  ADD ("pastes-pictures", test_pastes_pictures);
  ADD ("pastes-text-as-text", test_pastes_text_as_text);
  ADD ("pastes-files", test_pastes_files);
  ADD ("pastes-web-addresses-as-text", test_pastes_web_addresses_as_text);
  ADD ("comes-back-from-a-draft", test_comes_back_from_a_draft);
  ADD ("goes-while-copying", test_goes_while_copying);
  ADD ("chip-shows-a-picture", test_chip_shows_a_picture);
  ADD ("chip-opens-a-private-copy", test_chip_opens_a_private_copy);
  ADD ("chip-does-not-open-programs", test_chip_does_not_open_programs);
  return g_test_run ();
}
