/* SPDX-License-Identifier: GPL-3.0-or-later
 * Backups of a desk that is in use, and restoring into one: whoever has it open notices, and
 * nothing that was reported saved is lost. */
#include "sample.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk-backup.h"
#include "desk-migrate.h"

#define NOBODY 65534

static DeskDb *
open_desk (const char *path, DeskDbMode mode)
{
  GError *error = NULL;
  DeskDb *db = desk_db_open (path, mode, &error);

  g_assert_no_error (error);
  return db;
}

static void
back_up (Fixture *self, const char *path)
{
  GError *error = NULL;

  desk_backup_copy (self->db, path, &error);
  g_assert_no_error (error);
}

/* Returns where the content before went. Lent. */
static const char *
restore (Fixture *self, const char *path)
{
  g_autofree char *kept = NULL;
  GError *error = NULL;

  desk_backup_restore (self->db, path, ++self->now, &kept, &error);
  g_assert_no_error (error);
  sample_reopen (self);
  return g_intern_string (kept);
}

static gint64
count_tickets (DeskDb *db)
{
  return fixture_count (db, "SELECT count (*) FROM ticket");
}

/* --- other processes --- */

/* Files tickets until the desk is replaced, and says the uid of each that was saved. */
static int
hammer (const char *path)
{
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, NULL);
  g_autoptr (DeskPerson) karen = db != NULL ? desk_people_find_login (db, "karen", NULL) : NULL;

  for (guint i = 0; karen != NULL; i++)
    {
      g_autofree char *uid = desk_uid_new ();
      g_autoptr (DeskOp) op = desk_op_new (uid, uid, DESK_KIND_CREATED, karen->uid);
      g_autoptr (DeskReceipt) receipt = NULL;
      g_autoptr (GError) error = NULL;

      g_free (op->ticket);
      op->ticket = desk_uid_new ();
      desk_op_change (op, DESK_FIELD_SUMMARY, "The printer jams");
      receipt = desk_submit (db, op, karen, NOW + i, &error);
      if (g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED))
        return 0;
      if (receipt == NULL)
        return 1;
      printf ("%s\n", op->ticket);
      fflush (stdout);
    }
  return 1;
}

/* Says "open", and on each line of input whether it can still write: opens again if it cannot. */
static int
work (const char *path)
{
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, NULL);
  char line[16];

  if (db == NULL)
    return 1;
  printf ("open\n");
  fflush (stdout);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      g_autoptr (GError) error = NULL;

      if (desk_db_begin (db, &error))
        desk_db_rollback (db);
      printf ("%s\n", error == NULL ? "writes"
                      : g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED)
                          ? "replaced"
                          : error->message);
      fflush (stdout);
      if (error != NULL)
        desk_db_close (db);
      if (error != NULL)
        db = desk_db_open (path, DESK_DB_OPEN, NULL);
    }
  return 0;
}

/* Somebody who may only read the folder. */
static int
be_nobody (const char *path)
{
  g_autofree char *copy = g_strconcat (path, ".copy", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskDb) db = NULL;

  if (setgid (NOBODY) != 0 || setuid (NOBODY) != 0)
    return 77;
  db = desk_db_open (path, DESK_DB_OPEN, &error);
  if (db != NULL || !g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_READ_ONLY))
    return 1;
  g_clear_error (&error);
  /* Without its companions a desk can only be read by who can make them. */
  db = desk_db_open (path, DESK_DB_READ, &error);
  if (db == NULL)
    return g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_READ_ONLY) ? 0 : 2;
  if (count_tickets (db) != 8)
    return 3;
  desk_backup_copy (db, copy, &error);
  return g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_READ_ONLY) ? 0 : 4;
}

static const FixtureChild children[] = {
  { "hammer", hammer },
  { "work", work },
  { "be-nobody", be_nobody },
  { NULL },
};

static char *
read_line (GSubprocess *child)
{
  GDataInputStream *stream = g_object_get_data (G_OBJECT (child), "lines");

  if (stream == NULL)
    {
      stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
      g_object_set_data_full (G_OBJECT (child), "lines", stream, g_object_unref);
    }
  return g_data_input_stream_read_line (stream, NULL, NULL, NULL);
}

static void
expect_line (GSubprocess *child, const char *expected)
{
  g_autofree char *line = read_line (child);

  g_assert_cmpstr (line, ==, expected);
}

static void
ask (GSubprocess *child, const char *expected)
{
  GError *error = NULL;

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (child), "?\n", 2, NULL, NULL, &error);
  g_assert_no_error (error);
  expect_line (child, expected);
}

static void
finish (GSubprocess *child)
{
  GError *error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (child, NULL, &error);
  g_assert_no_error (error);
}

/* --- backup --- */

static void
test_copy (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  g_autoptr (DeskDb) copy = NULL;
  g_autofree char *file = NULL;
  struct stat info;

  sample_fill (&self);
  g_chmod (self.path, 0640);
  back_up (&self, path);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);
  copy = open_desk (path, DESK_DB_READ);
  g_assert_cmpstr (desk_db_get_uid (copy), ==, desk_db_get_uid (self.db));
  g_assert_cmpint (count_tickets (copy), ==, count_tickets (self.db));
  sample_assert_sound (copy);
}

/* A backup may be opened as a desk; then it is one, write-ahead log and all. */
static void
test_copy_as_desk (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  g_autofree char *mode = NULL;

  sample_fill (&self);
  back_up (&self, path);
  g_free (self.path);
  self.path = g_strdup (path);
  sample_reopen (&self);
  mode = fixture_ask (self.db, "PRAGMA journal_mode");
  g_assert_cmpstr (mode, ==, "wal");
  fixture_file (&self, "karen", "One more", -1);
  sample_assert_sound (self.db);
}

static void
expect_no_backup (Fixture *self, const char *path, DeskStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (desk_backup_copy (self->db, path, &error));
  g_assert_error (error, DESK_STORE_ERROR, (int)code);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_copy_refused (void)
{
  FIXTURE (self);
  guint n_files = count_files (self.folder);

  expect_no_backup (&self, self.path, DESK_STORE_ERROR_EXISTS);
  expect_no_backup (&self, self.folder, DESK_STORE_ERROR_EXISTS);
  expect_no_backup (&self, fixture_path (&self, "no/such/folder"), DESK_STORE_ERROR_MISSING);
  g_assert_cmpuint (count_files (self.folder), ==, n_files);
}

static gboolean
has_ticket (DeskDb *db, const char *uid)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT count (*) FROM ticket WHERE lower (hex (uid)) = replace ('%s', '-', '')", uid);

  return fixture_count (db, sql) == 1;
}

static void
test_copy_beside_writer (void)
{
  FIXTURE (self);
  g_autoptr (GSubprocess) child = fixture_spawn ("hammer", self.path);

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("copy-%u", i);
      const char *path = fixture_path (&self, name);
      g_autofree char *saved = read_line (child);
      g_autoptr (DeskDb) copy = NULL;

      back_up (&self, path);
      copy = open_desk (path, DESK_DB_READ);
      sample_assert_sound (copy);
      g_assert_true (has_ticket (copy, saved));
    }
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
}

/* --- restore --- */

static void
test_restore (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  g_autoptr (DeskDb) before = NULL;
  const char *kept;

  sample_fill (&self);
  back_up (&self, path);
  fixture_file (&self, "karen", "After the backup", -1);
  kept = restore (&self, path);
  g_assert_cmpint (count_tickets (self.db), ==, 8);
  sample_assert_sound (self.db);
  before = open_desk (kept, DESK_DB_READ);
  g_assert_cmpint (count_tickets (before), ==, 9);
  sample_assert_sound (before);
  fixture_file (&self, "karen", "After the restore", -1);
  sample_assert_sound (self.db);
}

static void
test_restore_and_back (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  const char *kept;

  sample_fill (&self);
  back_up (&self, path);
  fixture_file (&self, "karen", "After the backup", -1);
  kept = restore (&self, path);
  restore (&self, kept);
  g_assert_cmpint (count_tickets (self.db), ==, 9);
  sample_assert_sound (self.db);
}

/* A connection that only reads sees the new content at its next look, and says so. */
static void
test_restore_beside_others (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  g_autoptr (DeskDb) reader = open_desk (self.path, DESK_DB_READ);
  g_autoptr (DeskDb) writer = open_desk (self.path, DESK_DB_OPEN);
  g_autoptr (GSubprocess) child = fixture_spawn ("work", self.path);
  g_autoptr (GError) error = NULL;

  expect_line (child, "open");
  back_up (&self, path);
  ask (child, "writes");
  restore (&self, path);
  ask (child, "replaced");
  ask (child, "writes");
  finish (child);
  g_assert_false (desk_db_begin_read (reader, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
  g_assert_false (desk_db_begin (writer, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
  g_assert_null (desk_db_get_catalogue (reader, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
}

/* A reader in the middle of something ends it with what it saw. */
static void
test_restore_beside_reading (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  g_autoptr (DeskDb) reader = open_desk (self.path, DESK_DB_READ);
  g_autoptr (GError) error = NULL;

  back_up (&self, path);
  sample_fill (&self);
  g_assert_true (desk_db_begin_read (reader, &error));
  g_assert_cmpint (count_tickets (reader), ==, 8);
  restore (&self, path);
  g_assert_cmpint (count_tickets (reader), ==, 8);
  desk_db_end_read (reader);
  g_assert_cmpint (count_tickets (self.db), ==, 0);
}

/* What somebody was told is saved is in what was kept, up to the last moment. */
static void
test_restore_beside_writer (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (DeskDb) before = NULL;
  char *saved;
  guint n_saved = 0;

  back_up (&self, path);
  child = fixture_spawn ("hammer", self.path);
  g_free (read_line (child));
  before = open_desk (restore (&self, path), DESK_DB_READ);
  while ((saved = read_line (child)) != NULL)
    {
      g_assert_true (has_ticket (before, saved));
      n_saved++;
      g_free (saved);
    }
  finish (child);
  g_test_message ("%u tickets were saved meanwhile", n_saved);
  g_assert_cmpint (count_tickets (self.db), ==, 0);
  sample_assert_sound (before);
}

static void
test_restore_erased (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  g_autofree char *karen = g_strdup (fixture_uid (&self, "karen"));
  g_autoptr (DeskPerson) person = NULL;

  sample_fill (&self);
  back_up (&self, path);
  sample_erase (&self, "karen");
  restore (&self, path);
  person = desk_people_find_uid (self.db, karen, NULL);
  g_assert_nonnull (person);
  g_assert_null (person->login);
  g_assert_null (person->name);
  g_assert_true (person->removed);
  /* The guest was erased before the backup was made. */
  g_assert_cmpint (fixture_count (self.db, "SELECT count (*) FROM erased"), ==, 2);
  sample_assert_sound (self.db);
}

static void
expect_no_restore (Fixture *self, const char *path, DeskStoreError code)
{
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;
  guint n_files = count_files (self->folder);

  g_assert_false (desk_backup_restore (self->db, path, ++self->now, &kept, &error));
  g_assert_error (error, DESK_STORE_ERROR, (int)code);
  g_assert_null (kept);
  g_assert_cmpuint (count_files (self->folder), ==, n_files);
  sample_reopen (self);
  g_assert_cmpint (count_tickets (self->db), ==, 8);
  sample_assert_sound (self->db);
}

static void
write_part (const char *from, const char *to, gsize size)
{
  g_autofree char *content = NULL;
  gsize whole;

  g_assert_true (g_file_get_contents (from, &content, &whole, NULL));
  g_assert_true (g_file_set_contents (to, content, MIN (size, whole), NULL));
}

static void
test_restore_refused (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  const char *part = fixture_path (&self, "part.desk");
  const char *newer = fixture_path (&self, "newer.desk");
  g_autoptr (DeskDb) db = NULL;

  sample_fill (&self);
  back_up (&self, path);
  back_up (&self, newer);
  db = open_desk (newer, DESK_DB_OPEN);
  sample_break (db, "PRAGMA user_version = 99");
  g_clear_pointer (&db, desk_db_close);
  expect_no_restore (&self, fixture_path (&self, "nothing"), DESK_STORE_ERROR_MISSING);
  expect_no_restore (&self, self.folder, DESK_STORE_ERROR_NOT_A_DESK);
  expect_no_restore (&self, newer, DESK_STORE_ERROR_TOO_NEW);
  write_part (path, part, 0);
  expect_no_restore (&self, part, DESK_STORE_ERROR_NOT_A_DESK);
  write_part ("/proc/self/exe", part, 10000);
  expect_no_restore (&self, part, DESK_STORE_ERROR_NOT_A_DESK);
  write_part (path, part, 300 * 1024);
  expect_no_restore (&self, part, DESK_STORE_ERROR_DAMAGED);
}

/* From a desk that is not a backup, with what is in its write-ahead log only. */
static void
test_restore_from_desk (void)
{
  FIXTURE (self);
  FIXTURE (other);
  const char *uid;

  sample_fill (&self);
  fixture_file (&other, "karen", "In another desk", -1);
  uid = g_intern_string (desk_db_get_uid (other.db));
  restore (&self, other.path);
  g_assert_cmpint (count_tickets (self.db), ==, 1);
  g_assert_cmpstr (desk_db_get_uid (self.db), ==, uid);
  sample_assert_sound (self.db);
  fixture_file (&other, "karen", "Goes on", -1);
  sample_assert_sound (other.db);
}

/* What a restore is for. */
static void
test_restore_damaged (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  g_autofree char *content = NULL;
  const char *kept;
  gsize size;

  sample_fill (&self);
  back_up (&self, path);
  g_clear_pointer (&self.db, desk_db_close);
  g_assert_true (g_file_get_contents (self.path, &content, &size, NULL));
  for (gsize at = size / 2; at < size / 2 + 3 * 4096; at++)
    content[at] = 'x';
  g_assert_true (g_file_set_contents (self.path, content, size, NULL));
  sample_reopen (&self);
  g_assert_cmpint (sample_check (self.db), >, 0);
  kept = restore (&self, path);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  g_assert_cmpint (count_tickets (self.db), ==, 8);
  sample_assert_sound (self.db);
}

static void
test_restore_new (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "copy.desk");
  const char *target = fixture_path (&self, "new.desk");
  g_autoptr (DeskDb) db = NULL;
  g_autoptr (GError) error = NULL;

  sample_fill (&self);
  back_up (&self, path);
  g_chmod (path, 0400);
  g_assert_true (desk_backup_restore_new (path, target, &error));
  g_assert_no_error (error);
  db = open_desk (target, DESK_DB_OPEN);
  g_assert_cmpint (count_tickets (db), ==, 8);
  sample_assert_sound (db);
  g_assert_false (desk_backup_restore_new (path, target, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_EXISTS);
}

/* --- versions and rights --- */

/* An older program on a desk that a newer one has migrated. */
static void
test_too_new (void)
{
  FIXTURE (self);
  g_autoptr (DeskDb) reader = open_desk (self.path, DESK_DB_READ);
  g_autoptr (DeskDb) newer = open_desk (self.path, DESK_DB_OPEN);
  static const DeskDbMode modes[] = { DESK_DB_OPEN, DESK_DB_READ };
  g_autoptr (GError) error = NULL;
  DeskOp *op = fixture_op (&self, DESK_KIND_CREATED, "karen", NULL);

  desk_op_change (op, DESK_FIELD_SUMMARY, "Too late");
  sample_break (newer, "PRAGMA user_version = 99");
  g_assert_null (fixture_receive (&self, "karen", op, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_TOO_NEW);
  g_clear_error (&error);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_null (desk_db_open (self.path, modes[i], &error));
      g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_TOO_NEW);
      g_clear_error (&error);
    }
  g_assert_cmpint (count_tickets (newer), ==, 0);
  desk_op_unref (op);
}

static void
test_read_only_folder (void)
{
  FIXTURE (self);
  g_autoptr (GSubprocess) child = NULL;

  if (getuid () != 0)
    {
      g_test_skip ("only root can become somebody else");
      return;
    }
  sample_fill (&self);
  g_clear_pointer (&self.db, desk_db_close);
  g_chmod (self.folder, 0755);
  g_chmod (self.path, 0644);
  child = fixture_spawn ("be-nobody", self.path);
  g_subprocess_wait (child, NULL, NULL);
  if (g_subprocess_get_exit_status (child) == 77)
    g_test_skip ("this root cannot become somebody else");
  else
    g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 0);
  sample_reopen (&self);
  sample_assert_sound (self.db);
}

/* The same while somebody has it open, so that its companions are there to be read. */
static void
test_read_only_folder_in_use (void)
{
  FIXTURE (self);
  g_autoptr (GSubprocess) child = NULL;

  if (getuid () != 0)
    {
      g_test_skip ("only root can become somebody else");
      return;
    }
  sample_fill (&self);
  g_chmod (self.folder, 0755);
  child = fixture_spawn ("be-nobody", self.path);
  g_subprocess_wait (child, NULL, NULL);
  if (g_subprocess_get_exit_status (child) == 77)
    g_test_skip ("this root cannot become somebody else");
  else
    g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 0);
  sample_assert_sound (self.db);
}

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/backup/copy", test_copy);
  g_test_add_func ("/backup/copy-as-desk", test_copy_as_desk);
  g_test_add_func ("/backup/copy-refused", test_copy_refused);
  g_test_add_func ("/backup/copy-beside-writer", test_copy_beside_writer);
  g_test_add_func ("/restore/content", test_restore);
  g_test_add_func ("/restore/and-back", test_restore_and_back);
  g_test_add_func ("/restore/beside-others", test_restore_beside_others);
  g_test_add_func ("/restore/beside-reading", test_restore_beside_reading);
  g_test_add_func ("/restore/beside-writer", test_restore_beside_writer);
  g_test_add_func ("/restore/erased-people", test_restore_erased);
  g_test_add_func ("/restore/refused", test_restore_refused);
  g_test_add_func ("/restore/from-desk", test_restore_from_desk);
  g_test_add_func ("/restore/damaged", test_restore_damaged);
  g_test_add_func ("/restore/new", test_restore_new);
  g_test_add_func ("/desk/too-new", test_too_new);
  g_test_add_func ("/desk/read-only-folder", test_read_only_folder);
  g_test_add_func ("/desk/read-only-folder-in-use", test_read_only_folder_in_use);
  return g_test_run ();
}
