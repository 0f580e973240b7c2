/* SPDX-License-Identifier: GPL-3.0-or-later
 * A disk fills up under 64 callers: every answer agrees with what is there after reopening. */
#define _GNU_SOURCE

#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "desk-store.h"
#include "shaky-disk.h"

#define N_CALLERS   64
#define N_ROUNDS    12
#define PATIENCE_MS 60000

/* --- callers --- */

typedef struct
{
  DeskOp *op;
  gboolean done;
  GError *error;
} Caller;

static void
answer_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Caller *caller = data;
  g_autoptr (DeskReceipt) receipt = NULL;

  g_clear_error (&caller->error);
  receipt = desk_store_submit_finish (DESK_STORE (object), result, &caller->error);
  caller->done = TRUE;
}

static gboolean
give_up_cb (gpointer data)
{
  g_error ("the answers do not come");
  return G_SOURCE_REMOVE;
}

static void
wait_for_all (Caller *callers)
{
  guint source = g_timeout_add (PATIENCE_MS, give_up_cb, NULL);

  for (guint i = 0; i < N_CALLERS; i++)
    while (!callers[i].done)
      g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

/* Those who were not served yet. */
static void
call_all (DeskStore *store, Caller *callers)
{
  for (guint i = 0; i < N_CALLERS; i++)
    {
      callers[i].done = callers[i].done && callers[i].error == NULL;
      if (!callers[i].done)
        desk_store_submit_async (store, callers[i].op, NULL, answer_cb, &callers[i]);
    }
  wait_for_all (callers);
}

static void
make_callers (DeskStore *store, Caller *callers, GRand *rand)
{
  for (guint i = 0; i < N_CALLERS; i++)
    {
      g_autofree char *text = g_strnfill (g_rand_int_range (rand, 1, 6000), 'x');

      callers[i] = (Caller){ .op = desk_store_new_op (store, NULL, DESK_KIND_CREATED) };
      desk_op_change (callers[i].op, DESK_FIELD_SUMMARY, "The disk is full");
      desk_op_set_text (callers[i].op, text);
    }
}

static void
clear_callers (Caller *callers)
{
  for (guint i = 0; i < N_CALLERS; i++)
    {
      desk_op_unref (callers[i].op);
      g_clear_error (&callers[i].error);
    }
}

/* --- the desk --- */

static void
open_opened_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static DeskStore *
open_store (const char *path)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  DeskStore *store;

  desk_store_open_async (path, FALSE, "karen", NULL, NULL, open_opened_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  store = desk_store_open_finish (result, &error);
  g_assert_no_error (error);
  return store;
}

static void
close_store (DeskStore *store)
{
  desk_store_close (store);
  g_object_unref (store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
is_there (DeskDb *db, const DeskOp *op)
{
  g_auto (GStrv) parts = g_strsplit (op->uid, "-", -1);
  g_autofree char *uid = g_strjoinv ("", parts);
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM event WHERE uid = x'%s'", uid);

  return fixture_count (db, sql) == 1;
}

static guint
count_failed (Caller *callers)
{
  guint failed = 0;

  for (guint i = 0; i < N_CALLERS; i++)
    {
      if (callers[i].error != NULL)
        g_assert_error (callers[i].error, DESK_STORE_ERROR, DESK_STORE_ERROR_FULL);
      failed += callers[i].error != NULL;
    }
  return failed;
}

static void
assert_answers (Caller *callers, const char *path)
{
  GError *error = NULL;
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < N_CALLERS; i++)
    g_assert_cmpint (is_there (db, callers[i].op), ==, callers[i].error == NULL);
  fixture_check (db);
}

/* --- a disk with a quota --- */

static guint
fill_once (const char *path, GRand *rand)
{
  Caller callers[N_CALLERS];
  DeskStore *store;
  guint failed;

  shaky_disk_install ();
  store = open_store (path);
  make_callers (store, callers, rand);
  shaky_disk_set_quota (shaky_disk_get_used () + g_rand_int_range (rand, 1, 3 * 1024 * 1024));
  call_all (store, callers);
  failed = count_failed (callers);
  close_store (store);
  shaky_disk_flush ();
  shaky_disk_remove ();
  shaky_disk_reset ();
  assert_answers (callers, path);

  /* Somebody has made room: the same again goes through, each once. */
  store = open_store (path);
  call_all (store, callers);
  close_store (store);
  g_assert_cmpuint (count_failed (callers), ==, 0);
  assert_answers (callers, path);
  clear_callers (callers);
  return failed;
}

static void
test_quota (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (64);
  guint failed = 0;
  guint partly = 0;
  FIXTURE (f);

  g_clear_pointer (&f.db, desk_db_close);
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      guint n = fill_once (f.path, rand);

      failed += n;
      partly += n > 0 && n < N_CALLERS;
    }
  g_test_message ("%u of %u refused, in %u rounds some of them", failed, N_ROUNDS * N_CALLERS,
                  partly);
  g_assert_cmpuint (failed, >, N_CALLERS);
  g_assert_cmpuint (partly, >=, 3);
}

/* The same store goes on when there is room again. */
static void
test_room_again (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);
  Caller callers[N_CALLERS];
  DeskStore *store;
  FIXTURE (f);

  g_clear_pointer (&f.db, desk_db_close);
  shaky_disk_install ();
  store = open_store (f.path);
  make_callers (store, callers, rand);
  shaky_disk_set_quota (shaky_disk_get_used () + 60 * 1024);
  call_all (store, callers);
  g_assert_cmpuint (count_failed (callers), >, 0);
  shaky_disk_set_quota (0);
  call_all (store, callers);
  g_assert_cmpuint (count_failed (callers), ==, 0);
  close_store (store);
  shaky_disk_flush ();
  shaky_disk_remove ();
  shaky_disk_reset ();
  assert_answers (callers, f.path);
  clear_callers (callers);
}

/* Half a file is no file. */
static void
test_file_too_much (void)
{
  FIXTURE (f);
  g_autofree char *content = g_strnfill (9 * 1024 * 1024, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new_static (content, 9 * 1024 * 1024);
  GError *error = NULL;

  g_clear_pointer (&f.db, desk_db_close);
  shaky_disk_install ();
  f.db = desk_db_open (f.path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  shaky_disk_set_quota (shaky_disk_get_used () + 6 * 1024 * 1024);
  g_assert_null (desk_blobs_add_bytes (f.db, bytes, "large.txt", NULL, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_FULL);
  g_clear_error (&error);
  shaky_disk_set_quota (0);
  g_assert_cmpint (desk_blobs_sweep (f.db, g_get_real_time () / G_USEC_PER_SEC + 8 * DAY, &error),
                   <=, 1);
  g_assert_no_error (error);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM chunk"), ==, 0);
  fixture_check (f.db);
  g_clear_pointer (&f.db, desk_db_close);
  shaky_disk_flush ();
  shaky_disk_remove ();
  shaky_disk_reset ();
}

/* --- a real disk that is full --- */

/* Leaves no more room than @left. Returns the descriptor to close for room. */
static int
fill_disk (const char *folder, gsize left)
{
  g_autofree char *path = g_build_filename (folder, "ballast", NULL);
  int fd = open (path, O_WRONLY | O_CREAT, 0600);
  struct statvfs info;

  if (statvfs (folder, &info) != 0)
    return -1;
  return posix_fallocate (fd, 0, info.f_bavail * info.f_frsize - left) == 0 ? fd : -1;
}

/* In a name space of its own, so that nobody sees the mount. */
static int
fill_real_disk (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "team.desk", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  Caller callers[N_CALLERS];
  DeskStore *store;
  gsize size;
  int ballast;

  if (!g_file_get_contents (path, &content, &size, NULL) || unshare (CLONE_NEWNS) != 0 ||
      mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount ("tmpfs", folder, "tmpfs", 0, "size=8m") != 0)
    return 77;
  if (!g_file_set_contents (path, content, size, NULL))
    return 1;
  store = open_store (path);
  make_callers (store, callers, rand);
  ballast = fill_disk (folder, 200 * 1024);
  g_assert_cmpint (ballast, >=, 0);
  call_all (store, callers);
  g_assert_cmpuint (count_failed (callers), >, 0);
  g_assert_cmpint (ftruncate (ballast, 0), ==, 0);
  close (ballast);
  call_all (store, callers);
  g_assert_cmpuint (count_failed (callers), ==, 0);
  close_store (store);
  assert_answers (callers, path);
  clear_callers (callers);
  return 0;
}

static void
test_real_disk (void)
{
  FIXTURE (f);
  g_autoptr (GSubprocess) child = NULL;

  g_clear_pointer (&f.db, desk_db_close);
  child = fixture_spawn ("fill-real-disk", f.folder);
  g_assert_true (g_subprocess_wait (child, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (child));
  if (g_subprocess_get_exit_status (child) == 77)
    g_test_skip ("needs the right to mount");
  else
    g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 0);
}

static const FixtureChild children[] = {
  { "fill-real-disk", fill_real_disk },
  { NULL },
};

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/full-disk/answers-are-true", test_quota);
  g_test_add_func ("/full-disk/goes-on-with-room", test_room_again);
  g_test_add_func ("/full-disk/half-a-file-is-none", test_file_too_much);
  g_test_add_func ("/full-disk/real-disk", test_real_disk);
  return g_test_run ();
}
