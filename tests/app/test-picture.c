/* SPDX-License-Identifier: GPL-3.0-or-later
 * Previews of pictures, honest and hostile ones. No screen is needed. */
#include "desk-picture.h"

#include <sys/resource.h>

#define WIDTH 128
#define HEIGHT 104

typedef struct
{
  GdkTexture *texture;
  GBytes *bytes;
  GError *error;
  gboolean done;
} Answer;

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->texture = desk_picture_load_finish (result, &answer->error);
  answer->done = TRUE;
}

static void
encoded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->bytes = desk_picture_encode_finish (result, &answer->error);
  answer->done = TRUE;
}

static void
wait_for (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

static Answer
load (GBytes *bytes)
{
  Answer answer = { 0 };

  desk_picture_load_bytes_async (bytes, WIDTH, HEIGHT, NULL, loaded_cb, &answer);
  wait_for (&answer);
  return answer;
}

static GBytes *
encode_as (const char *format, int width, int height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize size = 0;

  gdk_pixbuf_fill (pixbuf, 0x3584e4ff);
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, format, &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

static void
assert_size (const char *format, int width, int height, int seen_width, int seen_height)
{
  g_autoptr (GBytes) bytes = encode_as (format, width, height);
  Answer answer = load (bytes);

  g_assert_no_error (answer.error);
  g_assert_cmpint (gdk_texture_get_width (answer.texture), ==, seen_width);
  g_assert_cmpint (gdk_texture_get_height (answer.texture), ==, seen_height);
  g_object_unref (answer.texture);
}

static void
test_covers (void)
{
  static const char *const formats[] = { "png", "jpeg" };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      assert_size (formats[i], 1280, 800, WIDTH, HEIGHT);
      assert_size (formats[i], 300, 2000, WIDTH, HEIGHT);
      assert_size (formats[i], 2000, 110, WIDTH, HEIGHT);
      /* Nothing is made larger than it is. */
      assert_size (formats[i], 20, 10, 20, 10);
      assert_size (formats[i], 1, 1, 1, 1);
      assert_size (formats[i], 4000, 10, WIDTH, 10);
    }
}

/* @message NULL: any. */
static void
assert_refused (const char *data, gsize size, const char *message)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  Answer answer = load (bytes);

  g_assert_null (answer.texture);
  g_assert_nonnull (answer.error);
  if (message != NULL)
    g_assert_cmpstr (answer.error->message, ==, message);
  g_error_free (answer.error);
}

static glong
get_peak_kilobytes (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

#define PNG_30000_SQUARE \
  "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0\xe9\x45\x6f\xed" \
  "\0\0\0\x0cIDAT\x78\x9c\x63\0\0\0\x01\0\x01"
#define GIF_60000_SQUARE \
  "GIF89a\x60\xea\x60\xea\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x60\xea\x60\xea\0\x02\x02\x44\x01\0;"
#define JPEG_65000_SQUARE \
  "\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\xfd\xe8\xfd\xe8\x03" \
  "\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xda\0\x0c\x03\x01\0\x02\x11\x03\x11\0\x3f\0"

static void
test_refuses_too_many_pixels (void)
{
  glong before = get_peak_kilobytes ();

  assert_refused (PNG_30000_SQUARE, sizeof PNG_30000_SQUARE - 1, "Too many pixels");
  assert_refused (GIF_60000_SQUARE, sizeof GIF_60000_SQUARE - 1, "Too many pixels");
  assert_refused (JPEG_65000_SQUARE, sizeof JPEG_65000_SQUARE - 1, "Too many pixels");
  /* Each would take gigabytes. */
  g_assert_cmpint (get_peak_kilobytes () - before, <, 200 * 1024);
}

static void
test_refuses_a_whole_picture_of_too_many_pixels (void)
{
  /* 64 megapixels of one colour, valid to the last byte; JPEG, because it is fast to write. */
  g_autoptr (GBytes) bytes = encode_as ("jpeg", 8000, 8000);
  Answer answer = load (bytes);

  g_assert_null (answer.texture);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpstr (answer.error->message, ==, "Too many pixels");
  g_error_free (answer.error);
}

static void
test_refuses_what_is_no_picture (void)
{
  static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";

  assert_refused ("", 0, "Not a picture to preview");
  assert_refused ("hello", 5, "Not a picture to preview");
  /* Formats that the system reads, but that do more than show pixels. */
  assert_refused (svg, sizeof svg - 1, "Not a picture to preview");
  assert_refused ("\x89PNG\r\n\x1a\n", 8, NULL);
  assert_refused ("\x89PNG\r\n\x1a\nrubbish and more rubbish", 32, NULL);
  g_assert_true (desk_picture_is_type ("image/png"));
  g_assert_false (desk_picture_is_type ("image/svg+xml"));
  g_assert_false (desk_picture_is_type (NULL));
}

static void
test_survives_a_cut_picture (void)
{
  g_autoptr (GBytes) whole = encode_as ("png", 400, 300);

  for (gsize size = 0; size < g_bytes_get_size (whole); size += 7)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, size);
      Answer answer = load (part);

      g_assert_true ((answer.texture == NULL) == (answer.error != NULL));
      g_clear_object (&answer.texture);
      g_clear_error (&answer.error);
    }
}

static void
test_can_be_cancelled (void)
{
  g_autoptr (GBytes) bytes = encode_as ("png", 400, 300);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answer = { 0 };

  g_cancellable_cancel (cancellable);
  desk_picture_load_bytes_async (bytes, WIDTH, HEIGHT, cancellable, loaded_cb, &answer);
  wait_for (&answer);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_error_free (answer.error);
}

static void
test_encodes (void)
{
  g_autoptr (GBytes) png = encode_as ("png", 90, 60);
  Answer loaded = load (png);
  Answer encoded = { 0 };
  Answer again;

  desk_picture_encode_async (loaded.texture, NULL, encoded_cb, &encoded);
  wait_for (&encoded);
  g_assert_no_error (encoded.error);
  again = load (encoded.bytes);
  g_assert_no_error (again.error);
  g_assert_cmpint (gdk_texture_get_width (again.texture), ==, 90);
  g_object_unref (loaded.texture);
  g_object_unref (again.texture);
  g_bytes_unref (encoded.bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* First, while the memory that was ever used is little. */
  g_test_add_func ("/picture/refuses-too-many-pixels", test_refuses_too_many_pixels);
  g_test_add_func ("/picture/refuses-a-whole-picture-of-too-many-pixels",
                   test_refuses_a_whole_picture_of_too_many_pixels);
  g_test_add_func ("/picture/covers", test_covers);
  g_test_add_func ("/picture/refuses-what-is-no-picture", test_refuses_what_is_no_picture);
  g_test_add_func ("/picture/survives-a-cut-picture", test_survives_a_cut_picture);
  g_test_add_func ("/picture/can-be-cancelled", test_can_be_cancelled);
  g_test_add_func ("/picture/encodes", test_encodes);
  return g_test_run ();
}
