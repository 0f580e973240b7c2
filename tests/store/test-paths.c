/* SPDX-License-Identifier: GPL-3.0-or-later
 * What can be wrong with a desk's path or file: each has its own answer, and none is worse than an
 * answer. */
#include "fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk-path.h"
#include "shaky-disk.h"

#define NOBODY 65534

static void
assert_cannot (const char *path, DeskDbMode mode, int code)
{
  GError *error = NULL;
  DeskDb *db = desk_db_open (path, mode, &error);

  g_assert_null (db);
  g_assert_error (error, DESK_STORE_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
}

static void
assert_cannot_open (const char *path, int code)
{
  assert_cannot (path, DESK_DB_OPEN, code);
  assert_cannot (path, DESK_DB_READ, code);
}

static void
write_text (const char *path, const char *text, gssize size)
{
  GError *error = NULL;

  g_file_set_contents (path, text, size, &error);
  g_assert_no_error (error);
}

/* --- what is no desk --- */

static void
test_missing (void)
{
  FIXTURE (f);
  const char *dangling = fixture_path (&f, "dangling.desk");

  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  assert_cannot_open (fixture_path (&f, "missing.desk"), DESK_STORE_ERROR_MISSING);
  assert_cannot_open (fixture_path (&f, "no/such/folder.desk"), DESK_STORE_ERROR_MISSING);
  assert_cannot_open (fixture_path (&f, "team.desk/below.desk"), DESK_STORE_ERROR_MISSING);
  assert_cannot_open (dangling, DESK_STORE_ERROR_MISSING);
}

static void
test_no_desk (void)
{
  FIXTURE (f);
  const char *fifo = fixture_path (&f, "fifo");
  const char *empty = fixture_path (&f, "empty.desk");
  const char *text = fixture_path (&f, "text.desk");
  const char *other = fixture_path (&f, "other.sqlite");
  g_autofree char *long_text = g_strnfill (100000, 'x');
  sqlite3 *handle;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  write_text (empty, "", 0);
  write_text (text, long_text, -1);
  g_assert_cmpint (sqlite3_open (other, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "CREATE TABLE ticket (id)", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (handle);
  assert_cannot_open (f.folder, DESK_STORE_ERROR_NOT_A_DESK);
  assert_cannot_open (fifo, DESK_STORE_ERROR_NOT_A_DESK);
  assert_cannot_open ("/dev/zero", DESK_STORE_ERROR_NOT_A_DESK);
  assert_cannot_open (empty, DESK_STORE_ERROR_NOT_A_DESK);
  assert_cannot_open (text, DESK_STORE_ERROR_NOT_A_DESK);
  assert_cannot_open (other, DESK_STORE_ERROR_NOT_A_DESK);
}

static void
test_symlink (void)
{
  FIXTURE (f);
  const char *link = fixture_path (&f, "link.desk");
  g_autoptr (DeskDb) db = NULL;
  GError *error = NULL;

  g_assert_cmpint (symlink ("team.desk", link), ==, 0);
  fixture_file (&f, "karen", "Printer jams", -1);
  db = desk_db_open (link, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fixture_count (db, "SELECT count (*) FROM ticket"), ==, 1);
}

/* --- damage --- */

static char *
copy_of_desk (Fixture *f, gsize *size)
{
  char *content = NULL;
  GError *error = NULL;

  for (guint i = 0; i < 20; i++)
    fixture_file (f, "karen", "Printer jams", -1);
  g_clear_pointer (&f->db, desk_db_close);
  g_file_get_contents (f->path, &content, size, &error);
  g_assert_no_error (error);
  return content;
}

static void
test_cut_in_half (void)
{
  FIXTURE (f);
  gsize size;
  g_autofree char *content = copy_of_desk (&f, &size);

  for (guint part = 1; part < 10; part++)
    {
      const char *path = fixture_path (&f, "half.desk");

      write_text (path, content, size * part / 10);
      assert_cannot_open (path, DESK_STORE_ERROR_DAMAGED);
    }
}

/* The header is fine, the rest is noise: whatever is read of it says so, and nothing crashes. */
static void
test_garbage (void)
{
  FIXTURE (f);
  gsize size;
  g_autofree char *content = copy_of_desk (&f, &size);
  const char *path = fixture_path (&f, "garbage.desk");

  for (gsize i = 100; i < size; i++)
    content[i] = (char) (i * 7);
  write_text (path, content, size);
  assert_cannot_open (path, DESK_STORE_ERROR_DAMAGED);
}

/* Reads and writes what there is, as somebody would. */
static void
use (DeskDb *db, const DeskPerson *boss)
{
  DeskView view = desk_view_of (DESK_VIEW_ALL);
  g_autoptr (GArray) keys = desk_rows_keys (db, boss, &view, DESK_SORT_PRIORITY, 0, NOW, NULL);
  g_autoptr (GPtrArray) hits = desk_search (db, boss, "printer", 10, NULL);
  g_autoptr (DeskCounts) counts = desk_rows_count (db, boss, NOW, NULL);
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *ticket = desk_uid_new ();
  g_autoptr (DeskOp) op = desk_op_new (uid, ticket, DESK_KIND_CREATED, boss->uid);
  g_autoptr (DeskReceipt) receipt = NULL;
  GError *error = NULL;

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      g_autoptr (GPtrArray)
          rows = desk_rows_load (db, boss, &g_array_index (keys, DeskKey, i).id, 1, NULL);
      g_autoptr (DeskCase) found = NULL;
      const DeskRow *row = rows != NULL ? rows->pdata[0] : NULL;

      if (row != NULL && row->uid != NULL)
        found = desk_tickets_load (db, boss, row->uid, 0, NULL);
    }
  desk_op_change (op, DESK_FIELD_SUMMARY, "On damaged ground");
  receipt = desk_submit (db, op, boss, NOW, &error);
  g_assert_true ((receipt == NULL) == (error != NULL));
  g_clear_error (&error);
}

/* One page after the other is overwritten: an error or an answer, never a crash. */
static void
test_damaged_pages (void)
{
  FIXTURE (f);
  gsize size;
  g_autoptr (DeskPerson) boss = desk_person_copy (fixture_person (&f, "boss"));
  g_autofree char *content = copy_of_desk (&f, &size);
  const char *path = fixture_path (&f, "damaged.desk");
  guint refused = 0;

  for (gsize page = 1; page < size / 4096; page++)
    {
      g_autofree char *damaged = g_memdup2 (content, size);
      g_autoptr (GRand) rand = g_rand_new_with_seed (page);
      g_autoptr (DeskDb) db = NULL;
      GError *error = NULL;

      for (gsize i = 0; i < 4096; i++)
        damaged[page * 4096 + i] = g_rand_int_range (rand, 0, 256);
      write_text (path, damaged, size);
      db = desk_db_open (path, DESK_DB_OPEN, &error);
      if (db != NULL)
        use (db, boss);
      else
        g_assert_cmpint (error->domain, ==, DESK_STORE_ERROR);
      refused += db == NULL;
      g_clear_error (&error);
      g_clear_pointer (&db, desk_db_close);
    }
  g_assert_cmpuint (refused, >, 0);
}

/* --- versions and epochs --- */

static void
test_too_new (void)
{
  FIXTURE (f);
  g_autofree char *nothing = NULL;
  GError *error = NULL;
  g_autoptr (DeskDb) reader = desk_db_open (f.path, DESK_DB_READ, &error);

  g_assert_no_error (error);
  nothing = fixture_ask (f.db, "PRAGMA user_version = 99");
  assert_cannot_open (f.path, DESK_STORE_ERROR_TOO_NEW);
  /* A program that has it open writes no more. */
  g_assert_false (desk_db_begin (f.db, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_TOO_NEW);
  g_clear_error (&error);
  g_assert_false (desk_db_in_transaction (f.db));
  g_assert_false (desk_db_begin_read (reader, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_TOO_NEW);
  g_clear_error (&error);
}

static void
test_replaced (void)
{
  FIXTURE (f);
  GError *error = NULL;
  g_autoptr (DeskDb) reader = desk_db_open (f.path, DESK_DB_READ, &error);
  g_autofree char *nothing = NULL;

  g_assert_no_error (error);
  nothing = fixture_ask (f.db, "UPDATE desk SET epoch = zeroblob (16)");
  g_assert_false (desk_db_begin (f.db, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
  g_assert_false (desk_db_begin_read (reader, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
  g_assert_null (desk_db_get_catalogue (reader, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_REPLACED);
  g_clear_error (&error);
}

static void
test_busy (void)
{
  FIXTURE (f);
  GError *error = NULL;
  g_autoptr (DeskDb) other = desk_db_open (f.path, DESK_DB_OPEN, &error);

  g_assert_no_error (error);
  sqlite3_busy_timeout (desk_db_get_handle (other), 0);
  g_assert_true (desk_db_begin (f.db, &error));
  g_assert_false (desk_db_begin (other, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_BUSY);
  g_clear_error (&error);
  /* Readers never wait. */
  g_assert_true (desk_db_begin_read (other, &error));
  desk_db_end_read (other);
  desk_db_rollback (f.db);
  g_assert_true (desk_db_begin (other, &error));
  desk_db_rollback (other);
}

/* --- rights, as somebody else sees them --- */

/* The exit status is 100 and the code of the answer, or 0 for an open desk. */
static int
open_as_nobody (const char *path)
{
  g_autoptr (DeskDb) db = NULL;
  GError *error = NULL;

  if (setgid (NOBODY) != 0 || setuid (NOBODY) != 0)
    return 1;
  db = desk_db_open (path, DESK_DB_OPEN, &error);
  if (db != NULL)
    return 0;
  return error->domain == DESK_STORE_ERROR ? 100 + error->code : 2;
}

static int
create_as_nobody (const char *path)
{
  g_autoptr (DeskDb) db = NULL;
  GError *error = NULL;

  if (setgid (NOBODY) != 0 || setuid (NOBODY) != 0)
    return 1;
  db = desk_db_open (path, DESK_DB_CREATE, &error);
  if (db != NULL)
    return 0;
  return error->domain == DESK_STORE_ERROR ? 100 + error->code : 2;
}

static int
ask_nobody (const char *child, const char *path)
{
  g_autoptr (GSubprocess) process = fixture_spawn (child, path);

  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  return g_subprocess_get_exit_status (process);
}

static void
test_rights (void)
{
  static const struct
  {
    int folder;
    int file;
    int status;
  } cases[] = {
    { 0777, 0666, 0 },
    { 0777, 0444, 100 + DESK_STORE_ERROR_READ_ONLY },
    { 0755, 0666, 100 + DESK_STORE_ERROR_READ_ONLY },
    { 0755, 0444, 100 + DESK_STORE_ERROR_READ_ONLY },
    { 0777, 0000, 100 + DESK_STORE_ERROR_NO_ACCESS },
    { 0700, 0666, 100 + DESK_STORE_ERROR_NO_ACCESS },
  };
  FIXTURE (f);
  g_autofree char *wal = g_strconcat (f.path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (f.path, "-shm", NULL);

  if (getuid () != 0)
    {
      g_test_skip ("needs root to become somebody else");
      return;
    }
  g_clear_pointer (&f.db, desk_db_close);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* What the one before left would help this one. */
      g_unlink (wal);
      g_unlink (shm);
      g_assert_cmpint (chmod (f.folder, cases[i].folder), ==, 0);
      g_assert_cmpint (chmod (f.path, cases[i].file), ==, 0);
      g_assert_cmpint (ask_nobody ("open-as-nobody", f.path), ==, cases[i].status);
    }
}

/* --- new ones --- */

static void
test_create (void)
{
  FIXTURE (f);
  const char *path = fixture_path (&f, "new.desk");
  const char *dangling = fixture_path (&f, "dangling.desk");
  g_autoptr (DeskDb) db = NULL;
  GError *error = NULL;

  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  assert_cannot (f.path, DESK_DB_CREATE, DESK_STORE_ERROR_EXISTS);
  assert_cannot (f.folder, DESK_DB_CREATE, DESK_STORE_ERROR_EXISTS);
  assert_cannot (dangling, DESK_DB_CREATE, DESK_STORE_ERROR_EXISTS);
  g_assert_null (desk_db_open (fixture_path (&f, "no/new.desk"), DESK_DB_CREATE, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_MISSING);
  g_clear_error (&error);
  db = desk_db_open (path, DESK_DB_CREATE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fixture_count (db, "PRAGMA application_id"), ==, DESK_APPLICATION_ID);
  fixture_check (db);
}

static void
test_create_without_rights (void)
{
  FIXTURE (f);

  if (getuid () != 0)
    {
      g_test_skip ("needs root to become somebody else");
      return;
    }
  g_assert_cmpint (chmod (f.folder, 0755), ==, 0);
  g_assert_cmpint (ask_nobody ("create-as-nobody", fixture_path (&f, "new.desk")), ==,
                   100 + DESK_STORE_ERROR_READ_ONLY);
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

/* A desk that could not be made is not there, nor anything of it. */
static void
test_create_on_full_disk (void)
{
  FIXTURE (f);
  const char *path = fixture_path (&f, "new.desk");
  guint before = count_files (f.folder);

  shaky_disk_install ();
  for (gint64 room = 1; room < 200000; room += 20000)
    {
      shaky_disk_set_quota (room);
      assert_cannot (path, DESK_DB_CREATE, DESK_STORE_ERROR_FULL);
      g_assert_cmpuint (count_files (f.folder), ==, before);
    }
  shaky_disk_remove ();
  shaky_disk_reset ();
}

/* --- file systems --- */

static void
test_file_systems (void)
{
  static const gint64 unsafe[] = { 0x6969,     0x517b,     0xff534d42, (gint32) 0xff534d42,
                                   0xfe534d42, 0x65735546, 0x01021997 };
  static const gint64 safe[] = { 0xef53,     0x01021994, 0x9123683e, 0x58465342,
                                 0x794c7630, 0x4d44,     0x2011bab0 };

  for (guint i = 0; i < G_N_ELEMENTS (unsafe); i++)
    g_assert_true (desk_path_is_unsafe_type (unsafe[i]));
  for (guint i = 0; i < G_N_ELEMENTS (safe); i++)
    g_assert_false (desk_path_is_unsafe_type (safe[i]));
}

static const FixtureChild children[] = {
  { "open-as-nobody", open_as_nobody },
  { "create-as-nobody", create_as_nobody },
  { NULL },
};

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/paths/missing", test_missing);
  g_test_add_func ("/paths/no-desk", test_no_desk);
  g_test_add_func ("/paths/symlink", test_symlink);
  g_test_add_func ("/paths/cut-in-half", test_cut_in_half);
  g_test_add_func ("/paths/garbage", test_garbage);
  g_test_add_func ("/paths/damaged-pages", test_damaged_pages);
  g_test_add_func ("/paths/too-new", test_too_new);
  g_test_add_func ("/paths/replaced", test_replaced);
  g_test_add_func ("/paths/busy", test_busy);
  g_test_add_func ("/paths/rights", test_rights);
  g_test_add_func ("/paths/create", test_create);
  g_test_add_func ("/paths/create-without-rights", test_create_without_rights);
  g_test_add_func ("/paths/create-on-full-disk", test_create_on_full_disk);
  g_test_add_func ("/paths/file-systems", test_file_systems);
  return g_test_run ();
}
