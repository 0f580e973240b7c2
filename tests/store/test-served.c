/* SPDX-License-Identifier: GPL-3.0-or-later
 * While a desk is served, other processes only read it; and afterwards they write again. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "desk-served.h"

#define ADDRESS "https://help.example.org"

/* --- what another process finds --- */

static int
tell_code (GError *error)
{
  int code = error == NULL ? 0 : error->domain == DESK_STORE_ERROR ? 10 + error->code : 100;

  if (error != NULL)
    g_printerr ("# %s\n", error->message);
  g_clear_error (&error);
  return code;
}

static int
open_to_write (const char *path)
{
  GError *error = NULL;
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_OPEN, &error);

  return tell_code (error);
}

static int
open_to_read (const char *path)
{
  GError *error = NULL;
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_READ, &error);

  return tell_code (error);
}

static int
serve_too (const char *path)
{
  GError *error = NULL;
  g_autoptr (DeskServed) served = desk_served_take (path, ADDRESS, &error);

  return tell_code (error);
}

/* Serves until it is killed. */
static int
serve (const char *path)
{
  GError *error = NULL;
  g_autoptr (DeskServed) served = desk_served_take (path, ADDRESS, &error);

  if (served == NULL)
    return 1;
  g_print ("serving\n");
  pause ();
  return 0;
}

static const FixtureChild children[] = { { "open-to-write", open_to_write },
                                         { "open-to-read", open_to_read },
                                         { "serve-too", serve_too },
                                         { "serve", serve },
                                         { NULL, NULL } };

static int
run (const char *child, const char *path)
{
  g_autoptr (GSubprocess) process = fixture_spawn (child, path);
  GError *error = NULL;

  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  return g_subprocess_get_exit_status (process);
}

#define SERVED (10 + DESK_STORE_ERROR_SERVED)

/* --- tests --- */

static void
test_others_are_refused (void)
{
  FIXTURE (f);
  GError *error = NULL;
  DeskServed *served = desk_served_take (f.path, ADDRESS, &error);
  g_autoptr (DeskDb) own = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (run ("open-to-write", f.path), ==, SERVED);
  g_assert_cmpint (run ("serve-too", f.path), ==, SERVED);
  g_assert_cmpint (run ("open-to-read", f.path), ==, 0);
  /* The server itself goes on, with as many connections as it likes. */
  own = desk_db_open (f.path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  fixture_file (&f, "karen", "Served", -1);
  desk_served_release (served);
  g_assert_cmpint (run ("open-to-write", f.path), ==, 0);
  g_assert_cmpint (run ("serve-too", f.path), ==, 0);
}

static void
test_link (void)
{
  FIXTURE (f);
  GError *error = NULL;
  const char *link = fixture_path (&f, "link.desk");
  g_autoptr (DeskServed) served = NULL;

  g_assert_cmpint (symlink (f.path, link), ==, 0);
  served = desk_served_take (link, ADDRESS, &error);
  g_assert_no_error (error);
  g_assert_cmpint (run ("open-to-write", f.path), ==, SERVED);
  g_assert_cmpint (run ("open-to-write", link), ==, SERVED);
}

/* Who had the desk open before the server came is told at the next write, where to go. */
static void
test_open_already (void)
{
  FIXTURE (f);
  g_autoptr (GSubprocess) server = fixture_spawn ("serve", f.path);
  GError *error = NULL;
  char line[16];

  g_assert_cmpint (
      g_input_stream_read (g_subprocess_get_stdout_pipe (server), line, sizeof line, NULL, &error),
      >, 0);
  g_assert_false (desk_db_begin (f.db, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_SERVED);
  g_assert_nonnull (strstr (error->message, ADDRESS));
  g_clear_error (&error);
  g_assert_false (desk_db_in_transaction (f.db));
  g_assert_true (desk_db_begin_read (f.db, &error));
  desk_db_end_read (f.db);

  /* However it ends, the desk is free again. */
  g_subprocess_force_exit (server);
  g_subprocess_wait (server, NULL, &error);
  g_assert_no_error (error);
  fixture_file (&f, "karen", "Local again", -1);
}

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/served/others-are-refused", test_others_are_refused);
  g_test_add_func ("/served/link", test_link);
  g_test_add_func ("/served/open-already", test_open_already);
  return g_test_run ();
}
