/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file of 2 GiB goes in, once the limit is raised, and comes back equal, in bounded memory. */
#include "fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SIZE_BYTES     ((G_GINT64_CONSTANT (2) << 30) + 12345)
#define MEMORY_MAX_KIB (150 * 1024)
#define BLOCK_BYTES    (1024 * 1024)
#define N_MARKS        64

/* Mostly a hole, with some marks. */
static void
make_sparse (const char *path)
{
  int fd = open (path, O_WRONLY | O_CREAT, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, SIZE_BYTES), ==, 0);
  for (gint64 i = 0; i < N_MARKS; i++)
    g_assert_cmpint (pwrite (fd, &i, sizeof i, i * (SIZE_BYTES / N_MARKS)), ==, sizeof i);
  close (fd);
}

static void
assert_same (const char *a, const char *b)
{
  g_autofree char *first = g_malloc (BLOCK_BYTES);
  g_autofree char *second = g_malloc (BLOCK_BYTES);
  int in = open (a, O_RDONLY);
  int out = open (b, O_RDONLY);
  ssize_t size;

  do
    {
      size = read (in, first, BLOCK_BYTES);
      g_assert_cmpint (read (out, second, BLOCK_BYTES), ==, size);
      g_assert_cmpint (memcmp (first, second, size), ==, 0);
    }
  while (size > 0);
  close (in);
  close (out);
}

static void
write_out (Fixture *f, const char *ticket, const char *sha256, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GError *error = NULL;
  g_autoptr (GFileOutputStream) output =
      g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);

  g_assert_no_error (error);
  desk_blobs_write (f->db, fixture_person (f, "karen"), ticket, sha256, G_OUTPUT_STREAM (output),
                    NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (G_OUTPUT_STREAM (output), NULL, &error);
  g_assert_no_error (error);
}

static void
test_two_gibibytes (void)
{
  FIXTURE_ON_DISK (f);
  const char *path = fixture_path (&f, "large.bin");
  const char *back = fixture_path (&f, "back.bin");
  DeskOp *op = fixture_op (&f, DESK_KIND_CREATED, "karen", NULL);
  g_autofree char *ticket = g_strdup (op->ticket);
  g_autofree char *sha256 = NULL;
  DeskAttachment *attachment;
  struct rusage usage;
  GError *error = NULL;

  make_sparse (path);
  attachment = desk_blobs_add_file (f.db, path, NULL, NULL, NULL, NULL, &error);
  g_assert_error (error, DESK_ERROR, DESK_ERROR_TOO_BIG);
  g_clear_error (&error);
  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES, "3000000000");
  attachment = desk_blobs_add_file (f.db, path, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (attachment->size_bytes, ==, SIZE_BYTES);
  sha256 = g_strdup (attachment->sha256);
  desk_op_change (op, DESK_FIELD_SUMMARY, "Large");
  desk_op_take_attachment (op, attachment);
  assert_code (fixture_submit (&f, "karen", op), FINE);
  write_out (&f, ticket, sha256, back);
  assert_same (path, back);
  g_unlink (back);
  g_assert_cmpint (getrusage (RUSAGE_SELF, &usage), ==, 0);
  g_test_message ("at most %ld KiB of memory", usage.ru_maxrss);
  g_assert_cmpint (usage.ru_maxrss, <, MEMORY_MAX_KIB);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/large-file/goes-in-and-comes-back", test_two_gibibytes);
  return g_test_run ();
}
