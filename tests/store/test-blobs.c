/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files on their way into a desk and out of it: every size, every sort, every reader. */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK    DESK_BLOB_CHUNK_BYTES
#define PART     (16 * CHUNK) /* of one transaction */
#define MEGABYTE (1024 * 1024)

/* --- files --- */

/* Different at every place, so that a chunk in the wrong place shows. */
static GBytes *
make_bytes (gsize size, guint seed)
{
  guint8 *data = g_malloc (size + 1);
  guint32 state = seed;

  for (gsize i = 0; i < size; i++)
    {
      state = state * 1664525 + 1013904223;
      data[i] = state >> 24;
    }
  return g_bytes_new_take (data, size);
}

static const char *
write_file (Fixture *f, const char *name, GBytes *bytes)
{
  const char *path = fixture_path (f, name);
  GError *error = NULL;

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return path;
}

static void
append_bytes (const char *path, gsize size)
{
  g_autoptr (GBytes) more = make_bytes (size, 99);
  int fd = open (path, O_WRONLY | O_APPEND);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, g_bytes_get_data (more, NULL), size), ==, size);
  close (fd);
}

static DeskAttachment *
take_in (Fixture *f, const char *path, GError **error)
{
  return desk_blobs_add_file (f->db, path, NULL, NULL, NULL, NULL, error);
}

/* In the desk, but in no ticket. */
static void
assert_refused (Fixture *f, const char *path, GQuark domain, int code)
{
  GError *error = NULL;

  g_assert_null (take_in (f, path, &error));
  g_assert_error (error, domain, code);
  g_clear_error (&error);
  g_assert_cmpint (fixture_count (f->db, "SELECT count (*) FROM blob"), ==, 0);
  g_assert_cmpint (fixture_count (f->db, "SELECT count (*) FROM chunk"), ==, 0);
}

/* Takes @attachment. */
static const char *
file_with (Fixture *f, const char *login, DeskAttachment *attachment)
{
  DeskOp *op = fixture_op (f, DESK_KIND_CREATED, login, NULL);
  const char *ticket = g_intern_string (op->ticket);

  desk_op_change (op, DESK_FIELD_SUMMARY, "With a file");
  desk_op_take_attachment (op, attachment);
  assert_code (fixture_submit (f, login, op), FINE);
  return ticket;
}

static GBytes *
read_back (Fixture *f, const char *login, const char *ticket, const char *sha256, GError **error)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  if (!desk_blobs_write (f->db, fixture_person (f, login), ticket, sha256, memory, NULL, NULL, NULL,
                         error))
    return NULL;
  g_output_stream_close (memory, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* --- in and out --- */

static void
test_sizes (void)
{
  static const gsize sizes[] = { 0,        1,    100,      CHUNK - 1, CHUNK,           CHUNK + 1,
                                 PART - 1, PART, PART + 1, 2 * PART,  2 * PART + CHUNK };
  FIXTURE (f);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) bytes = make_bytes (sizes[i], i);
      const char *path = write_file (&f, "file.bin", bytes);
      g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
      g_autoptr (GBytes) back = NULL;
      GError *error = NULL;
      DeskAttachment *attachment = take_in (&f, path, &error);
      const char *ticket;

      g_assert_no_error (error);
      g_assert_cmpint (attachment->size_bytes, ==, sizes[i]);
      g_assert_cmpstr (attachment->sha256, ==, sha256);
      g_assert_cmpstr (attachment->name, ==, "file.bin");
      ticket = file_with (&f, "karen", attachment);
      back = read_back (&f, "karen", ticket, sha256, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (bytes, back));
      g_assert_cmpint (
          fixture_count (f.db,
                         "SELECT count (*) FROM chunk WHERE blob = (SELECT max (id) FROM blob)"),
          ==, (sizes[i] + CHUNK - 1) / CHUNK);
    }
  fixture_check (f.db);
}

static void
test_from_memory (void)
{
  g_autoptr (GBytes) bytes = make_bytes (PART + 5, 1);
  g_autoptr (GBytes) back = NULL;
  GError *error = NULL;
  FIXTURE (f);
  DeskAttachment *attachment =
      desk_blobs_add_bytes (f.db, bytes, "pasted.png", "image/png", &error);
  g_autofree char *sha256 = NULL;
  const char *ticket;

  g_assert_no_error (error);
  g_assert_cmpstr (attachment->type, ==, "image/png");
  sha256 = g_strdup (attachment->sha256);
  ticket = file_with (&f, "karen", attachment);
  back = read_back (&f, "karen", ticket, sha256, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, back));
}

/* By what is in the file. */
static void
test_types (void)
{
  static const struct
  {
    const char *start;
    const char *type;
  } cases[] = { { "hello", "text/plain" }, { "\x01\x02\x03", "application/octet-stream" } };
  FIXTURE (f);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (cases[i].start, strlen (cases[i].start));
      GError *error = NULL;
      DeskAttachment *attachment = take_in (&f, write_file (&f, "file", bytes), &error);

      g_assert_no_error (error);
      g_assert_cmpstr (attachment->type, ==, cases[i].type);
      desk_attachment_free (attachment);
    }
}

static void
test_names (void)
{
  static const char *const names[] = {
    "../../x", "a\nb.txt",      "/etc/passwd",         "..",          ".",
    "",        "a\x1b[31m.txt", "\xe2\x80\xaetxt.exe", "\xff\xfe.bin"
  };
  FIXTURE (f);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      DeskAttachment *attachment = fixture_attachment (&f, names[i], "x", 1);

      g_assert_true (g_utf8_validate (attachment->name, -1, NULL));
      g_assert_cmpstr (attachment->name, !=, "");
      g_assert_cmpstr (attachment->name, !=, "..");
      g_assert_cmpstr (attachment->name, !=, ".");
      g_assert_null (strpbrk (attachment->name, "/\n\x1b"));
      g_assert_null (strstr (attachment->name, "\xe2\x80\xae"));
      desk_attachment_free (attachment);
    }
}

static void
test_same_content (void)
{
  FIXTURE (f);
  g_autoptr (GBytes) bytes = make_bytes (PART + 1, 7);
  const char *one = write_file (&f, "one.bin", bytes);
  const char *two = write_file (&f, "two.bin", bytes);
  GError *error = NULL;
  DeskAttachment *first = take_in (&f, one, &error);
  DeskAttachment *second = take_in (&f, two, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (first->sha256, ==, second->sha256);
  g_assert_cmpstr (second->name, ==, "two.bin");
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 1);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM chunk"), ==, 17);
  desk_attachment_free (first);
  desk_attachment_free (second);
}

/* --- what is no file --- */

static void
test_no_files (void)
{
  FIXTURE (f);
  const char *fifo = fixture_path (&f, "fifo");
  const char *folder = fixture_path (&f, "folder");
  const char *dangling = fixture_path (&f, "dangling");

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  assert_refused (&f, fifo, DESK_ERROR, DESK_ERROR_INVALID);
  assert_refused (&f, folder, DESK_ERROR, DESK_ERROR_INVALID);
  assert_refused (&f, "/dev/zero", DESK_ERROR, DESK_ERROR_INVALID);
  assert_refused (&f, dangling, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_refused (&f, fixture_path (&f, "missing"), G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_symlink (void)
{
  FIXTURE (f);
  const char *link = fixture_path (&f, "link.txt");
  g_autoptr (GBytes) bytes = make_bytes (10, 1);
  GError *error = NULL;
  DeskAttachment *attachment;

  write_file (&f, "file.bin", bytes);
  g_assert_cmpint (symlink ("file.bin", link), ==, 0);
  attachment = take_in (&f, link, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (attachment->name, ==, "link.txt");
  g_assert_cmpint (attachment->size_bytes, ==, 10);
  desk_attachment_free (attachment);
}

/* Says what happened with its exit status. */
static int
attach_as_nobody (const char *folder)
{
  g_autofree char *desk = g_build_filename (folder, "team.desk", NULL);
  g_autofree char *file = g_build_filename (folder, "secret.txt", NULL);
  g_autoptr (DeskDb) db = NULL;
  GError *error = NULL;

  if (setgid (65534) != 0 || setuid (65534) != 0)
    return 1;
  db = desk_db_open (desk, DESK_DB_OPEN, &error);
  if (db == NULL)
    return 2;
  if (desk_blobs_add_file (db, file, NULL, NULL, NULL, NULL, &error) != NULL)
    return 3;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ? 0 : 4;
}

static void
test_unreadable (void)
{
  FIXTURE (f);
  g_autoptr (GBytes) bytes = make_bytes (10, 1);

  if (getuid () != 0)
    {
      g_test_skip ("needs root to become somebody else");
      return;
    }
  g_assert_cmpint (chmod (write_file (&f, "secret.txt", bytes), 0600), ==, 0);
  g_clear_pointer (&f.db, desk_db_close);
  g_assert_cmpint (chmod (f.folder, 0777), ==, 0);
  g_assert_cmpint (chmod (f.path, 0666), ==, 0);
  fixture_run_child ("attach-as-nobody", f.folder);
}

/* --- limits --- */

static void
test_too_big (void)
{
  FIXTURE (f);
  const char *path = fixture_path (&f, "huge.bin");
  g_autoptr (GBytes) bytes = make_bytes (MEGABYTE + 1, 1);
  GError *error = NULL;
  int fd = open (path, O_WRONLY | O_CREAT, 0600);

  g_assert_cmpint (ftruncate (fd, G_GINT64_CONSTANT (2) << 30), ==, 0);
  close (fd);
  assert_refused (&f, path, DESK_ERROR, DESK_ERROR_TOO_BIG);

  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES, "1048576");
  assert_refused (&f, write_file (&f, "a.bin", bytes), DESK_ERROR, DESK_ERROR_TOO_BIG);
  g_assert_null (desk_blobs_add_bytes (f.db, bytes, "a.bin", NULL, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_TOO_BIG);
  g_clear_error (&error);
}

static void
grow_cb (gint64 done, gint64 total, gpointer data)
{
  append_bytes (data, PART);
}

static void
shrink_cb (gint64 done, gint64 total, gpointer data)
{
  g_assert_cmpint (truncate (data, PART + 10), ==, 0);
}

/* A file that grows faster than it is read ends at the limit. */
static void
test_growing (void)
{
  FIXTURE (f);
  g_autoptr (GBytes) bytes = make_bytes (2 * PART, 1);
  const char *path = write_file (&f, "growing.log", bytes);
  GError *error = NULL;

  g_assert_null (desk_blobs_add_file (f.db, path, NULL, grow_cb, (gpointer) path, NULL, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_TOO_BIG);
  g_clear_error (&error);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 0);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM chunk"), ==, 0);
}

static void
test_shrinking (void)
{
  FIXTURE (f);
  g_autoptr (GBytes) bytes = make_bytes (3 * PART, 1);
  g_autoptr (GBytes) start = g_bytes_new_from_bytes (bytes, 0, PART + 10);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, start);
  const char *path = write_file (&f, "shrinking.log", bytes);
  GError *error = NULL;
  DeskAttachment *attachment =
      desk_blobs_add_file (f.db, path, NULL, shrink_cb, (gpointer) path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (attachment->size_bytes, ==, PART + 10);
  g_assert_cmpstr (attachment->sha256, ==, sha256);
  desk_attachment_free (attachment);
}

static void
cancel_cb (gint64 done, gint64 total, gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_cancel (void)
{
  FIXTURE (f);
  g_autoptr (GBytes) bytes = make_bytes (3 * PART, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const char *path = write_file (&f, "file.bin", bytes);
  GError *error = NULL;

  g_assert_null (
      desk_blobs_add_file (f.db, path, NULL, cancel_cb, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 0);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM chunk"), ==, 0);
}

/* --- readers --- */

static void
assert_cannot_read (Fixture *f, const char *login, const char *ticket, const char *sha256)
{
  GError *error = NULL;

  g_assert_null (read_back (f, login, ticket, sha256, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_clear_error (&error);
}

static void
test_readers (void)
{
  FIXTURE (f);
  DeskAttachment *public_file = fixture_attachment (&f, "public.txt", "public", -1);
  DeskAttachment *secret_file = fixture_attachment (&f, "secret.txt", "secret", -1);
  g_autofree char *public_hash = g_strdup (public_file->sha256);
  g_autofree char *secret_hash = g_strdup (secret_file->sha256);
  const char *ticket = file_with (&f, "karen", public_file);
  const char *other = fixture_file (&f, "stranger", "Another", -1);
  DeskOp *note = fixture_op (&f, DESK_KIND_NOTE, "john", ticket);
  g_autoptr (GBytes) seen = NULL;
  GError *error = NULL;

  desk_op_take_attachment (note, secret_file);
  assert_code (fixture_submit (&f, "john", note), FINE);
  assert_cannot_read (&f, "karen", ticket, secret_hash);
  assert_cannot_read (&f, "stranger", ticket, public_hash);
  assert_cannot_read (&f, "stranger", other, public_hash);
  assert_cannot_read (&f, "karen", other, public_hash);
  assert_cannot_read (&f, "jane", ticket, secret_hash);
  assert_cannot_read (&f, "john", ticket, "00");
  assert_cannot_read (&f, "john", "no-ticket", public_hash);
  seen = read_back (&f, "john", ticket, secret_hash, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (seen), ==, 6);
}

static void
test_damaged (void)
{
  FIXTURE (f);
  DeskAttachment *attachment = fixture_attachment (&f, "a.txt", "hello", -1);
  g_autofree char *sha256 = g_strdup (attachment->sha256);
  const char *ticket = file_with (&f, "karen", attachment);
  g_autofree char *nothing = fixture_ask (f.db, "UPDATE chunk SET data = CAST ('hullo' AS BLOB)");
  GError *error = NULL;

  g_assert_null (read_back (&f, "karen", ticket, sha256, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED);
  g_clear_error (&error);
}

/* A desk that was replaced under our feet answers with that. */
static void
test_replaced_desk (void)
{
  FIXTURE (f);
  DeskAttachment *attachment = fixture_attachment (&f, "a.txt", "hello", -1);
  g_autofree char *sha256 = g_strdup (attachment->sha256);
  const char *ticket = file_with (&f, "karen", attachment);
  const DeskPerson *karen = fixture_person (&f, "karen");
  g_autoptr (GBytes) bytes = make_bytes (10, 1);
  const char *path = write_file (&f, "file.bin", bytes);
  g_autofree char *nothing = fixture_ask (f.db, "UPDATE desk SET epoch = zeroblob (16)");
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  GError *error = NULL;

  g_assert_null (take_in (&f, path, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
  g_assert_null (desk_blobs_add_bytes (f.db, bytes, "a", NULL, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
  g_assert_false (desk_blobs_write (f.db, karen, ticket, sha256, memory, NULL, NULL, NULL, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
}

/* --- the sweep --- */

static gint64
sweep (Fixture *f, gint64 later)
{
  GError *error = NULL;
  gint64 n = desk_blobs_sweep (f->db, g_get_real_time () / G_USEC_PER_SEC + later, &error);

  g_assert_no_error (error);
  return n;
}

static void
test_sweep (void)
{
  FIXTURE (f);
  g_autoptr (GBytes) big = make_bytes (3 * PART + 1, 5);
  GError *error = NULL;
  DeskAttachment *used = fixture_attachment (&f, "used.txt", "used", -1);
  DeskAttachment *unused = desk_blobs_add_bytes (f.db, big, "unused.bin", NULL, &error);
  DeskAttachment *again;
  g_autofree char *started =
      fixture_ask (f.db, "INSERT INTO blob (sha256, size_bytes, touched_at) VALUES (NULL, 0, 0)");
  g_autofree char *chunk = fixture_ask (f.db, "INSERT INTO chunk VALUES (3, 0, x'00')");

  g_assert_no_error (error);
  file_with (&f, "karen", used);
  /* What somebody began to copy and never finished. */
  g_assert_cmpint (sweep (&f, 6 * DAY), ==, 1);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 2);
  /* Offered again, it stays for another week. */
  again = desk_blobs_add_bytes (f.db, big, "again.bin", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sweep (&f, 6 * DAY), ==, 0);
  g_assert_cmpint (sweep (&f, 8 * DAY), ==, 1);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 1);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM chunk"), ==, 1);
  g_assert_cmpint (sweep (&f, 8 * DAY), ==, 0);
  desk_attachment_free (unused);
  desk_attachment_free (again);
  fixture_check (f.db);
}

static const FixtureChild children[] = {
  { "attach-as-nobody", attach_as_nobody },
  { NULL },
};

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/blobs/every-size", test_sizes);
  g_test_add_func ("/blobs/from-memory", test_from_memory);
  g_test_add_func ("/blobs/types", test_types);
  g_test_add_func ("/blobs/names", test_names);
  g_test_add_func ("/blobs/same-content", test_same_content);
  g_test_add_func ("/blobs/no-files", test_no_files);
  g_test_add_func ("/blobs/symlink", test_symlink);
  g_test_add_func ("/blobs/unreadable", test_unreadable);
  g_test_add_func ("/blobs/too-big", test_too_big);
  g_test_add_func ("/blobs/growing", test_growing);
  g_test_add_func ("/blobs/shrinking", test_shrinking);
  g_test_add_func ("/blobs/cancel", test_cancel);
  g_test_add_func ("/blobs/readers", test_readers);
  g_test_add_func ("/blobs/damaged", test_damaged);
  g_test_add_func ("/blobs/replaced-desk", test_replaced_desk);
  g_test_add_func ("/blobs/sweep", test_sweep);
  return g_test_run ();
}
