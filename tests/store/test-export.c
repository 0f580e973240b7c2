/* SPDX-License-Identifier: GPL-3.0-or-later
 * An export holds everything that a desk cannot make again, in an order of its own. */
#include "sample.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "desk-export.h"
#include "desk-line.h"

static DeskLine *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  DeskLine *line = desk_line_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return line;
}

static char **
export_lines (DeskDb *db)
{
  g_autofree char *text = sample_export (db);

  g_assert_true (g_str_has_suffix (text, "}\n"));
  text[strlen (text) - 1] = '\0';
  return g_strsplit (text, "\n", -1);
}

static void
test_lines (void)
{
  FIXTURE (self);
  g_auto (GStrv) lines = NULL;
  guint counts[DESK_N_LINE_KINDS] = { 0 };
  DeskLineKind last = DESK_LINE_HEADER;

  sample_fill (&self);
  lines = export_lines (self.db);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (DeskLine) line = parse (lines[i]);

      g_assert_cmpint (line->kind, >=, last);
      last = line->kind;
      counts[line->kind]++;
      if (i == 0)
        g_assert_cmpstr (line->desk, ==, desk_db_get_uid (self.db));
      if (line->kind == DESK_LINE_END)
        g_assert_cmpint (line->lines, ==, i);
    }
  g_assert_cmpint (counts[DESK_LINE_HEADER], ==, 1);
  g_assert_cmpint (counts[DESK_LINE_ENTRY], ==,
                   fixture_count (self.db, "SELECT count (*) FROM entry"));
  g_assert_cmpint (counts[DESK_LINE_ERASED], ==, 1);
  g_assert_cmpint (counts[DESK_LINE_PERSON], ==,
                   fixture_count (self.db, "SELECT count (*) FROM person"));
  g_assert_cmpint (counts[DESK_LINE_AUDIT], ==,
                   fixture_count (self.db, "SELECT count (*) FROM audit"));
  g_assert_cmpint (counts[DESK_LINE_SEQUENCE], ==, 2);
  /* 700 KiB are three chunks, nothing is one, and the photo was taken out. */
  g_assert_cmpint (counts[DESK_LINE_BLOB], ==, 4);
  g_assert_cmpint (counts[DESK_LINE_EVENT], ==,
                   fixture_count (self.db, "SELECT count (*) FROM event"));
  g_assert_cmpint (counts[DESK_LINE_SEEN], ==,
                   fixture_count (self.db, "SELECT count (*) FROM seen"));
  g_assert_cmpint (counts[DESK_LINE_END], ==, 1);
}

static void
test_order_of_acceptance (void)
{
  FIXTURE (self);
  g_auto (GStrv) lines = NULL;
  gint64 last = 0;

  sample_fill (&self);
  lines = export_lines (self.db);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (DeskLine) line = parse (lines[i]);

      if (line->kind != DESK_LINE_EVENT)
        continue;
      g_assert_cmpint (line->event->accepted_at, >=, last);
      last = line->event->accepted_at;
      /* The digest is on the first event of an op only. */
      g_assert_true ((line->digest != NULL) == g_str_equal (line->event->uid, line->event->cause));
    }
}

static void
test_nothing_taken_out (void)
{
  FIXTURE (self);
  g_autofree char *text = NULL;

  sample_fill (&self);
  text = sample_export (self.db);
  g_assert_nonnull (strstr (text, "Error 42"));
  /* Whole phrases: digits alone may stand in a uid. */
  g_assert_null (strstr (text, "My number"));
  g_assert_null (strstr (text, "Card 4711"));
  g_assert_null (strstr (text, "PIN was"));
  g_assert_null (strstr (text, "\"guest\""));
}

static void
test_file (void)
{
  FIXTURE (self);
  const char *path = fixture_path (&self, "desk.ndjson");
  g_autofree char *expected = NULL;
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  struct stat info;

  sample_fill (&self);
  desk_export_to_file (self.db, path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  expected = sample_export (self.db);
  g_assert_cmpstr (content, ==, expected);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_false (desk_export_to_file (self.db, path, NULL, NULL, NULL, &error));
  g_assert_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_EXISTS);
}

static void
count_cb (gint64 done, gint64 total, gpointer user_data)
{
  gint64 *last = user_data;

  g_assert_cmpint (done, >=, *last);
  g_assert_cmpint (done, <=, total);
  *last = done;
}

static void
test_progress (void)
{
  FIXTURE (self);
  gint64 last = 0;

  sample_fill (&self);
  g_assert_true (
      desk_export_to_file (self.db, fixture_path (&self, "a"), count_cb, &last, NULL, NULL));
  g_assert_cmpint (last, >, 30);
}

/* Nothing is left of a file that does not come to its end. */
static void
test_cancelled (void)
{
  FIXTURE (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  sample_fill (&self);
  g_cancellable_cancel (cancellable);
  g_assert_false (
      desk_export_to_file (self.db, fixture_path (&self, "a"), NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  dir = g_dir_open (self.folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_has_prefix (name, "team.desk"));
  sample_assert_sound (self.db);
}

static void
test_full_disk (void)
{
  FIXTURE (self);
  g_autoptr (GFile) full = g_file_new_for_path ("/dev/full");
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GError) error = NULL;

  sample_fill (&self);
  stream = g_file_open_readwrite (full, NULL, NULL);
  if (stream == NULL)
    {
      g_test_skip ("there is no /dev/full here");
      return;
    }
  g_assert_false (desk_export (self.db, g_io_stream_get_output_stream (G_IO_STREAM (stream)), NULL,
                               NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  fixture_file (&self, "karen", "The desk goes on", -1);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/export/lines", test_lines);
  g_test_add_func ("/export/order-of-acceptance", test_order_of_acceptance);
  g_test_add_func ("/export/nothing-taken-out", test_nothing_taken_out);
  g_test_add_func ("/export/file", test_file);
  g_test_add_func ("/export/progress", test_progress);
  g_test_add_func ("/export/cancelled", test_cancelled);
  g_test_add_func ("/export/full-disk", test_full_disk);
  return g_test_run ();
}
