/* SPDX-License-Identifier: GPL-3.0-or-later
 * Exports that are cut off, edited or full of noise: each line is told, and the desk is sound. */
#include "report.h"

#include <string.h>

#include "desk-line.h"

/* --- cut off --- */

/* Imports the beginning of the file, then the whole: nothing is lost, nothing doubled. */
static void
import_in_two (Fixture *self, const char *text, gsize size, guint n)
{
  g_autofree char *name = g_strdup_printf ("cut-%u.desk", n);
  g_autoptr (DeskDb) target = sample_new_desk (self, name);
  g_auto (Report) report = { 0 };

  report_import (&report, target, text, size);
  if (report.error != NULL)
    g_assert_error (report.error, DESK_ERROR, DESK_ERROR_INVALID);
  else
    report_assert_told (&report, "The file ends too early");
  sample_assert_sound (target);
  report_import (&report, target, text, -1);
  report_assert_all_taken (&report);
  sample_assert_sound (target);
  report_assert_exports (target, text);
}

static void
test_cut_lines (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  const char *end = text;

  for (guint n = 0; (end = strchr (end, '\n')) != NULL && end[1] != '\0'; n++)
    {
      end++;
      /* Before each event, and here and there among the others. */
      if (n % 7 == 0 || g_str_has_prefix (end, "{\"event\"") || g_str_has_prefix (end, "{\"blob\""))
        import_in_two (&self, text, end - text, n);
    }
}

static void
test_cut_anywhere (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  gsize size = strlen (text);

  for (guint n = 0; n < 25; n++)
    import_in_two (&self, text, g_test_rand_int_range (0, (gint32) size - 30), n);
}

/* --- crooked --- */

/* In every line that has @from, its first @from becomes @to. */
static const struct
{
  const char *name;
  const char *from;
  const char *to;
  const char *told;
} edits[] = {
  { "not-json", "{\"seen\"", "seen", "This is not a JSON object" },
  { "unknown-kind", "{\"sequence\"", "{\"series\"", "nothing that an export has" },
  { "second-export", "{\"sequence\":{",
    "{\"format\":\"deskbell-export/1\",\"desk\":\"01890a5d-ac96-774b-bcce-b302099a8051\",\"x\":{",
    "A second export begins here" },
  { "not-utf8", "It fails",
    "It \xff"
    "fails",
    "not text in UTF-8" },
  { "nul", "It fails", "It \\u0000fails", "NUL" },
  { "override", "It fails", "It \\u202efails", "signs that texts cannot have" },
  { "summary-lines", "\"to\":\"Printer 1 jams\"", "\"to\":\"Printer\\njams\"",
    "The summary is too long or has signs" },
  { "text-is-number", "\"text\":\"It fails\"", "\"text\":7", "“text” is not a text" },
  { "no-author", "\"author\":", "\"writer\":", "“author” is not there" },
  { "kind", "\"kind\":\"note\"", "\"kind\":\"shout\"", "“kind” is not one of its words" },
  { "kind-of-first", "\"kind\":\"created\"", "\"kind\":\"message\"",
    "Only the first event of a ticket files it" },
  { "kind-of-other", "\"kind\":\"note\"", "\"kind\":\"created\"",
    "Only the first event of a ticket files it" },
  { "gap", "\"no\":2", "\"no\":3", "Event 2 of the ticket is missing before this one" },
  { "public-gap", "\"public_no\":2", "\"public_no\":3",
    "The public number of the event is not the next" },
  { "internal-public", "\"audience\":\"public\"", "\"audience\":\"internal\"",
    "Only a public event has a public number" },
  { "too-late", "\"accepted_at\":17", "\"accepted_at\":7",
    "The event was accepted before it was made" },
  { "target", "\"target\":", "\"aim\":", "Only a redact has a target" },
  { "redacted-text", "\"text\":\"It fails\"", "\"redacted\":true,\"text\":\"It fails\"",
    "redacted and has a text" },
  { "file-name", "\"name\":\"log (1).txt\"", "\"name\":\"../../x\"",
    "a name or type that it cannot have" },
  { "file-name-dots", "\"name\":\"log (1).txt\"", "\"name\":\"..\"",
    "a name or type that it cannot have" },
  { "file-size", "\"size_bytes\":716800,\"sha256\"", "\"size_bytes\":716801,\"sha256\"",
    "is not in the desk" },
  { "topic", "\"to\":\"printing\"", "\"to\":\"singing\"",
    "The topic “singing” is not in this desk" },
  { "topic-form", "\"to\":\"printing\"", "\"to\":\"Printing!\"",
    "“topic” is not given a value of its form" },
  { "number", "\"to\":\"0003\"", "\"to\":\"0004\"", "Another ticket here has the number “0004”" },
  { "no-number", "{\"field\":\"number\",\"from\":null,\"to\":\"0003\"}",
    "{\"field\":\"steps\",\"from\":null,\"to\":null}", "The ticket has no number" },
  { "no-requester", "{\"field\":\"requester\"", "{\"field\":\"assignee\"",
    "The ticket has no requester" },
  { "no-department", "{\"field\":\"department\",\"from\":null,\"to\":\"support\"}",
    "{\"field\":\"steps\",\"from\":null,\"to\":null}", "The ticket has no department" },
  { "requester-later", "{\"field\":\"assignee\",\"from\":null",
    "{\"field\":\"requester\",\"from\":null", "stays the same" },
  { "digest", "\"digest\":\"", "\"digest\":\"x", "“digest” is not 32 hex digits" },
  { "entry-slug", "\"slug\":\"printing\"", "\"slug\":\"Print ing\"", "“Print ing” is no slug" },
  { "entry-value", "\"hours\":24", "\"hours\":9999999999", "cannot have this “hours”" },
  { "entry-property", "\"hours\":24", "\"hours\":24,\"public\":true", "cannot have this “public”" },
  { "entry-label", "\"label\":\"printing\"", "\"label\":\"\"", "The label of “printing” is empty" },
  { "person-login", "\"login\":\"stranger\"", "\"login\":\"a stranger\"",
    "A login name has up to" },
  { "person-department", "\"departments\":[\"online-banking\"]", "\"departments\":[\"nowhere\"]",
    "There is no department “nowhere”" },
  { "same-login", "\"login\":\"stranger\"", "\"login\":\"karen\"",
    "is somebody else's here; this person has “karen-2” now" },
  { "sequence", "\"name\":\"mobile\"", "\"name\":\"Mo bile\"", "This is no sequence" },
  { "sequence-end", "\"last\":", "\"last\":99999999999999999", "This is no sequence" },
  { "blob-order", "\"position\":1", "\"position\":2", "does not follow the one before" },
  { "blob-start", "\"position\":0", "\"position\":7", "does not follow the one before" },
  { "blob-size", "\"size_bytes\":716800,\"position\"", "\"size_bytes\":716801,\"position\"",
    "does not follow the one before" },
  { "blob-content", "\"data\":\"AB8", "\"data\":\"AB7", "its SHA-256 differs" },
  { "blob-base64", "\"data\":\"AB8", "\"data\":\"A.8", "“data” is not base64" },
  { "blob-short", "{\"blob\":{\"sha256\":\"", "{\"bulb\":{\"sha256\":\"",
    "The file “log (1).txt” is not in the desk" },
  { "seen-ticket", "{\"seen\":{\"ticket\":\"01", "{\"seen\":{\"ticket\":\"ff",
    "is not in this desk" },
  { "seen-no", "\"no\":1}}", "\"no\":99}}", "is not in this desk" },
  { "end", "{\"end\":{\"lines\":", "{\"end\":{\"lines\":1", "some were lost or added" },
};

/* Lines in which nothing is found stay; at least one must be found. */
static char *
edit_lines (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean any = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], from, 2);

      if (parts[0] == NULL || parts[1] == NULL)
        continue;
      g_free (lines[i]);
      lines[i] = g_strjoinv (to, parts);
      any = TRUE;
    }
  g_assert_true (any);
  return g_strjoinv ("\n", lines);
}

static void
test_edit (gconstpointer data)
{
  guint edit = GPOINTER_TO_UINT (data);
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autofree char *crooked = edit_lines (text, edits[edit].from, edits[edit].to);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  report_import (&report, target, crooked, -1);
  g_assert_no_error (report.error);
  report_assert_told (&report, edits[edit].told);
  g_assert_cmpint (report.result.refused + report.result.differing, ==, report.messages->len);
  sample_assert_sound (target);
}

/* The line that is told is the line that is wrong. */
static void
test_line_number (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autofree char *crooked = edit_lines (text, "\"text\":\"It fails\"", "\"text\":7");
  g_autofree char *before = g_strndup (crooked, strstr (crooked, "\"text\":7") - crooked);
  g_autofree char *expected = g_strdup_printf ("%u: “text” is not a text",
                                               report_count_lines (before) + 1);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  report_import (&report, target, crooked, -1);
  g_assert_cmpstr (report.messages->pdata[0], ==, expected);
  /* The rest of that ticket, and who has seen it, cannot come without it; other tickets do. */
  g_assert_cmpint (fixture_count (target, "SELECT count (*) FROM ticket"), ==, 7);
}

static const char *const no_exports[] = {
  "",
  "\n",
  "{}\n",
  "[]\n",
  "Subject,From\nPrinter,karen\n",
  "{\"format\":\"deskbell-export/1\"}\n",
  "{\"format\":\"other/1\",\"desk\":\"01890a5d-ac96-774b-bcce-b302099a8051\"}\n",
  "\xff\xfe",
};

static void
test_no_export (void)
{
  FIXTURE (self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_autofree char *before = sample_export (target);
  g_auto (Report) report = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (no_exports); i++)
    {
      report_import (&report, target, no_exports[i], -1);
      g_assert_error (report.error, DESK_ERROR, DESK_ERROR_INVALID);
      g_assert_nonnull (strstr (report.error->message, "This is no export of a desk"));
    }
  report_import (
      &report, target,
      "{\"format\":\"deskbell-export/2\",\"desk\":\"01890a5d-ac96-774b-bcce-b302099a8051\"}\n", -1);
  g_assert_error (report.error, DESK_ERROR, DESK_ERROR_INVALID);
  g_assert_nonnull (strstr (report.error->message, "newer version"));
  report_assert_exports (target, before);
}

static void
test_unknown_members (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autofree char *more = edit_lines (text, "\"uid\":", "\"mood\":{\"a\":[1]},\"uid\":");
  g_autofree char *most = edit_lines (more, "{\"e", "{\"why\":null,\"e");
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  report_import (&report, target, most, -1);
  report_assert_all_taken (&report);
  report_assert_exports (target, text);
}

/* Windows line ends, and none at the end. */
static void
test_line_ends (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *windows = g_strchomp (g_strjoinv ("\r\n", lines));
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  report_import (&report, target, windows, -1);
  report_assert_all_taken (&report);
  report_assert_exports (target, text);
}

static void
test_endless_line (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  const char *second = strchr (text, '\n') + 1;
  gsize before = second - text;
  g_autoptr (GString) longer = g_string_new_len (text, before);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  g_string_set_size (longer, before + DESK_LINE_MAX_BYTES + 2);
  memset (longer->str + before, ' ', DESK_LINE_MAX_BYTES + 1);
  longer->str[longer->len - 1] = '\n';
  g_string_append (longer, second);
  report_import (&report, target, longer->str, longer->len);
  g_assert_cmpint (report.result.refused, ==, 2);
  report_assert_told (&report, "2: The line is longer than 24 MiB");
  report_assert_told (&report, "some were lost or added");
  sample_assert_sound (target);
}

/* Whatever bytes come, the desk is sound. */
static void
test_noise (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  gsize size = strlen (text);

  for (guint n = 0; n < 40; n++)
    {
      g_autofree char *noisy = g_memdup2 (text, size + 1);
      g_autofree char *name = g_strdup_printf ("noise-%u.desk", n);
      g_autoptr (DeskDb) target = sample_new_desk (&self, name);
      g_auto (Report) report = { 0 };
      gsize header = strchr (text, '\n') - text + 1;

      for (guint i = 0; i < 200; i++)
        noisy[g_test_rand_int_range ((gint32) header, (gint32) size)] = (char)
            g_test_rand_int_range (0, 256);
      report_import (&report, target, noisy, size);
      g_assert_no_error (report.error);
      sample_assert_sound (target);
      report_import (&report, target, text, size);
      g_assert_no_error (report.error);
      sample_assert_sound (target);
    }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/import/cut-lines", test_cut_lines);
  g_test_add_func ("/import/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/import/line-number", test_line_number);
  g_test_add_func ("/import/no-export", test_no_export);
  g_test_add_func ("/import/unknown-members", test_unknown_members);
  g_test_add_func ("/import/line-ends", test_line_ends);
  g_test_add_func ("/import/endless-line", test_endless_line);
  g_test_add_func ("/import/noise", test_noise);
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_autofree char *path = g_strconcat ("/import/edit/", edits[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_edit);
    }
  return g_test_run ();
}
