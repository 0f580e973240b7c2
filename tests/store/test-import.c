/* SPDX-License-Identifier: GPL-3.0-or-later
 * Exports come in again whole, cut off or crooked, and the desk is sound whatever they are. */
#include "sample.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "desk-export.h"
#include "desk-import.h"
#include "desk-line.h"

/* What an import said. */
typedef struct
{
  DeskImportResult result;
  GPtrArray *messages; /* "LINE: message" */
  GError *error;
} Report;

static void
clear_report (Report *self)
{
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_error (&self->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, clear_report)

static void
take_message_cb (gint64 line, const char *message, gpointer user_data)
{
  Report *self = user_data;

  g_assert_true (g_utf8_validate (message, -1, NULL));
  g_assert_null (strchr (message, '\n'));
  g_ptr_array_add (self->messages, g_strdup_printf ("%" G_GINT64_FORMAT ": %s", line, message));
}

static void
import (DeskDb *db, const char *text, gssize size, Report *report)
{
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data (
      text, size < 0 ? (gssize) strlen (text) : size, NULL);

  clear_report (report);
  report->messages = g_ptr_array_new_with_free_func (g_free);
  g_assert_true (desk_import (db, input, 0, NOW, take_message_cb, NULL, report, &report->result,
                              NULL, &report->error) == (report->error == NULL));
  for (guint i = 0; i < report->messages->len; i++)
    g_test_message ("%s", (char *) report->messages->pdata[i]);
}

static gboolean
is_told (const Report *report, const char *words)
{
  for (guint i = 0; i < report->messages->len; i++)
    if (strstr (report->messages->pdata[i], words) != NULL)
      return TRUE;
  return FALSE;
}

static void
assert_all_taken (const Report *report)
{
  g_assert_no_error (report->error);
  g_assert_cmpint (report->result.refused, ==, 0);
  g_assert_cmpint (report->result.differing, ==, 0);
  g_assert_cmpuint (report->messages->len, ==, 0);
}

static void
assert_exports (DeskDb *db, const char *expected)
{
  g_autofree char *text = sample_export (db);

  if (!g_str_equal (text, expected))
    {
      g_auto (GStrv) ours = g_strsplit (text, "\n", -1);
      g_auto (GStrv) theirs = g_strsplit (expected, "\n", -1);

      for (guint i = 0; ours[i] != NULL && theirs[i] != NULL; i++)
        g_assert_cmpstr (ours[i], ==, theirs[i]);
      g_assert_cmpuint (g_strv_length (ours), ==, g_strv_length (theirs));
    }
}

/* A full sample desk, and its export. */
static char *
fill_and_export (Fixture *self)
{
  sample_fill (self);
  return sample_export (self->db);
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

/* --- there and back --- */

static void
test_there_and_back (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  import (target, text, -1, &report);
  assert_all_taken (&report);
  /* Neither the first line nor the last is a thing of the desk, and two entries were there. */
  g_assert_cmpint (report.result.added + report.result.same, ==, count_lines (text) - 2);
  g_assert_cmpstr (desk_db_get_uid (target), ==, desk_db_get_uid (self.db));
  sample_assert_sound (target);
  assert_exports (target, text);
}

/* What is folded from the events is the same too, and the order of lists. */
static void
test_folds (void)
{
  static const char *const queries[] = {
    "SELECT group_concat (number || ' ' || tx || ' ' || public_tx) FROM (SELECT * FROM ticket "
    "ORDER BY tx)",
    "SELECT group_concat (d.slug || ' ' || coalesce (m.slug, '') || ' ' || y.status || ' ' || y.n)"
    " FROM (SELECT * FROM tally WHERE n <> 0 ORDER BY status, n) AS y"
    " JOIN entry AS d ON d.id = y.department LEFT JOIN entry AS m ON m.id = y.team",
    "SELECT group_concat (number || ' ' || coalesce (last_event, 0) || ' ' || attachments) FROM"
    " (SELECT * FROM ticket ORDER BY number)",
  };
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  import (target, text, -1, &report);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *expected = fixture_ask (self.db, queries[i]);
      g_autofree char *got = fixture_ask (target, queries[i]);

      g_assert_cmpstr (got, ==, expected);
    }
}

/* People go on working: they are found, search finds, files come out, numbers go on. */
static void
test_work_goes_on (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };
  g_autofree char *found = NULL;
  const char *ticket;
  g_autofree char *number = NULL;

  import (target, text, -1, &report);
  g_clear_pointer (&target, desk_db_close);
  g_free (self.path);
  self.path = g_strdup (fixture_path (&self, "target.desk"));
  sample_reopen (&self);
  found = fixture_search (&self, "karen", "gateway");
  g_assert_cmpstr (found, ==, "Printer 4 jams, Mobile banking is down");
  ticket = fixture_file (&self, "karen", "One more", DESK_FIELD_TOPIC, "mobile", -1);
  number = fixture_ask (self.db, "SELECT number FROM ticket ORDER BY id DESC LIMIT 1");
  g_assert_cmpstr (number, ==, "MB-002");
  assert_code (fixture_do (&self, DESK_KIND_NOTE, "john", ticket, "Seen", -1), FINE);
  sample_assert_sound (self.db);
}

/* The same op again is known to the desk it was imported into. */
static void
test_replay (void)
{
  FIXTURE (self);
  g_autoptr (DeskOp) op = fixture_op (&self, DESK_KIND_CREATED, "karen", NULL);
  g_autoptr (DeskReceipt) receipt = NULL;
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_autofree char *text = NULL;
  g_auto (Report) report = { 0 };
  GError *error = NULL;

  desk_op_change (op, DESK_FIELD_SUMMARY, "Once");
  desk_receipt_free (fixture_receive (&self, "karen", op, &error));
  g_assert_no_error (error);
  text = sample_export (self.db);
  import (target, text, -1, &report);
  receipt = desk_submit (target, op, fixture_person (&self, "karen"), self.now, &error);
  g_assert_no_error (error);
  g_assert_true (receipt->replayed);
}

/* --- the same desk --- */

static void
test_same_desk (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_auto (Report) report = { 0 };

  import (self.db, text, -1, &report);
  assert_all_taken (&report);
  g_assert_cmpint (report.result.added, ==, 0);
  g_assert_cmpint (report.result.same, ==, count_lines (text) - 2);
  sample_assert_sound (self.db);
  assert_exports (self.db, text);
}

/* What a restored backup lost comes back. */
static void
test_missing_is_added (void)
{
  FIXTURE (self);
  g_autofree char *early = NULL;
  g_autofree char *late = NULL;
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };
  const char *ticket;

  ticket = fixture_file (&self, "karen", "Early", -1);
  early = sample_export (self.db);
  import (target, early, -1, &report);
  assert_code (fixture_do (&self, DESK_KIND_MESSAGE, "karen", ticket, "More", -1), FINE);
  sample_fill (&self);
  late = sample_export (self.db);
  import (target, late, -1, &report);
  assert_all_taken (&report);
  g_assert_cmpint (report.result.same, >, 10);
  sample_assert_sound (target);
  assert_exports (target, late);
}

static void
test_differences_are_told (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autofree char *before = NULL;
  g_auto (Report) report = { 0 };

  fixture_set (&self, DESK_ENTRY_TOPIC, "printing", DESK_PROPERTY_PRIORITY, "low");
  fixture_change_person (&self, "jane", DESK_ROLE_AGENT, "support", "", FALSE);
  sample_break (self.db, "UPDATE event SET text = 'It works' WHERE id = 1");
  before = sample_export (self.db);
  import (self.db, text, -1, &report);
  g_assert_no_error (report.error);
  g_assert_cmpint (report.result.refused, ==, 0);
  g_assert_cmpint (report.result.added, ==, 0);
  g_assert_cmpint (report.result.differing, ==, 3);
  g_assert_true (is_told (&report, "The topic \"printing\" is another here, and stays so"));
  g_assert_true (is_told (&report, "The person \"jane\" is another here, and stays so"));
  g_assert_true (is_told (&report, "Event 1 of ticket MB-001 is another here, and stays so"));
  assert_exports (self.db, before);
}

/* Two pasts of one desk: a ticket went on in both, and both gave a number away. */
static void
test_two_pasts (void)
{
  FIXTURE (self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  DeskDb *one = self.db;
  const char *ticket = fixture_file (&self, "karen", "Common", -1);
  g_autofree char *common = sample_export (self.db);
  g_autofree char *other = NULL;
  g_auto (Report) report = { 0 };

  import (target, common, -1, &report);
  assert_code (fixture_do (&self, DESK_KIND_NOTE, "john", ticket, "In one", -1), FINE);
  fixture_file (&self, "karen", "Number two in one", -1);
  fixture_add_person (&self, "new", DESK_ROLE_REQUESTER, "", "");
  self.db = target;
  assert_code (fixture_do (&self, DESK_KIND_NOTE, "john", ticket, "In the other", -1), FINE);
  fixture_file (&self, "karen", "Number two in the other", -1);
  fixture_add_person (&self, "new", DESK_ROLE_REQUESTER, "", "");
  g_hash_table_remove_all (self.people);
  fixture_file (&self, "new", "Of somebody new", -1);
  other = sample_export (target);
  self.db = one;
  import (one, other, -1, &report);
  g_assert_no_error (report.error);
  g_assert_true (is_told (&report, "Event 2 of ticket 0001 is another here, and stays so"));
  g_assert_true (is_told (&report, "Another ticket here has the number 0002"));
  g_assert_true (is_told (
      &report, "The login \"new\" is somebody else's here; this person has \"new-2\" now"));
  sample_assert_sound (one);
  g_assert_cmpint (fixture_count (one, "SELECT count (*) FROM ticket"), ==, 3);
  g_assert_cmpint (fixture_count (one, "SELECT count (*) FROM ticket AS t JOIN person AS p ON p.id "
                                       "= t.requester WHERE p.login = 'new-2'"),
                   ==, 1);
  desk_db_close (target);
  target = NULL;
}

static void
test_other_desk (void)
{
  FIXTURE (self);
  FIXTURE (other);
  g_autofree char *text = fill_and_export (&self);
  g_autofree char *before = NULL;
  g_auto (Report) report = { 0 };

  fixture_file (&other, "karen", "Here", -1);
  before = sample_export (other.db);
  import (other.db, text, -1, &report);
  g_assert_error (report.error, DESK_ERROR, DESK_ERROR_INVALID);
  g_assert_cmpstr (report.error->message, ==,
                   "This is the export of another desk; import it into a new, empty desk");
  assert_exports (other.db, before);
}

/* --- people --- */

/* Whoever made the empty desk makes room, login and all. */
static void
test_founders (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };
  GError *error = NULL;

  desk_people_add_first (target, "karen", "Another Karen", NOW, &error);
  g_assert_no_error (error);
  import (target, text, -1, &report);
  assert_all_taken (&report);
  sample_assert_sound (target);
  assert_exports (target, text);
}

/* But a desk is never left without an administrator. */
static void
test_founder_stays (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autofree char *without = NULL;
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_autoptr (DeskPerson) founder = NULL;
  g_auto (GStrv) parts = g_strsplit (text, "\"role\":\"administrator\"", -1);
  g_auto (Report) report = { 0 };

  without = g_strjoinv ("\"role\":\"agent\"", parts);
  g_assert_true (desk_people_add_first (target, "me", "Me", NOW, NULL));
  import (target, without, -1, &report);
  assert_all_taken (&report);
  founder = desk_people_find_login (target, "me", NULL);
  g_assert_nonnull (founder);
  g_assert_cmpint (founder->role, ==, DESK_ROLE_ADMINISTRATOR);
  sample_assert_sound (target);
}

static void
test_erased_stay_erased (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autofree char *karen = g_strdup (fixture_uid (&self, "karen"));
  g_autofree char *after = NULL;
  g_autoptr (DeskPerson) person = NULL;
  g_auto (Report) report = { 0 };

  sample_erase (&self, "karen");
  after = sample_export (self.db);
  import (self.db, text, -1, &report);
  assert_all_taken (&report);
  person = desk_people_find_uid (self.db, karen, NULL);
  g_assert_null (person->login);
  g_assert_null (person->name);
  sample_assert_sound (self.db);
  assert_exports (self.db, after);
}

/* And who was erased elsewhere goes here too. */
static void
test_erased_travels (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autofree char *after = NULL;
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  import (target, text, -1, &report);
  sample_erase (&self, "john");
  after = sample_export (self.db);
  import (target, after, -1, &report);
  assert_all_taken (&report);
  g_assert_cmpint (
      fixture_count (target, "SELECT count (*) FROM person WHERE login = 'john' OR name = 'john'"),
      ==, 0);
  g_assert_null (desk_catalogue_find_agent (desk_db_get_catalogue (target, NULL),
                                            fixture_uid (&self, "boss")) == NULL
                     ? "lost"
                     : NULL);
  sample_assert_sound (target);
}

static void
test_redaction_travels (void)
{
  FIXTURE (self);
  const char *ticket = fixture_file (&self, "karen", "My PIN is 1234", -1);
  g_autofree char *text = NULL;
  g_autofree char *after = NULL;
  g_autofree char *again = NULL;
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  assert_code (
      fixture_do (&self, DESK_KIND_CHANGE, "boss", ticket, NULL, DESK_FIELD_SUMMARY, "PIN", -1),
      FINE);
  text = sample_export (self.db);
  import (target, text, -1, &report);
  sample_redact (&self, ticket, "1234");
  after = sample_export (self.db);
  import (target, after, -1, &report);
  assert_all_taken (&report);
  sample_assert_sound (target);
  assert_exports (target, after);
  /* An older file does not bring it back. */
  import (target, text, -1, &report);
  assert_all_taken (&report);
  again = sample_export (target);
  /* The whole phrase: four digits alone may stand in a uid. */
  g_assert_nonnull (strstr (text, "PIN is 1234"));
  g_assert_null (strstr (again, "PIN is 1234"));
  sample_assert_sound (target);
}

/* --- cut off --- */

/* Imports the beginning of the file, then the whole: nothing is lost, nothing doubled. */
static void
import_in_two (Fixture *self, const char *text, gsize size, guint n)
{
  g_autofree char *name = g_strdup_printf ("cut-%u.desk", n);
  g_autoptr (DeskDb) target = sample_new_desk (self, name);
  g_auto (Report) report = { 0 };

  import (target, text, size, &report);
  if (report.error != NULL)
    g_assert_error (report.error, DESK_ERROR, DESK_ERROR_INVALID);
  else
    g_assert_true (is_told (&report, "The file ends too early"));
  sample_assert_sound (target);
  import (target, text, -1, &report);
  assert_all_taken (&report);
  sample_assert_sound (target);
  assert_exports (target, text);
}

static void
test_cut_lines (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
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
  g_autofree char *text = fill_and_export (&self);
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
    "The topic \"singing\" is not in this desk" },
  { "topic-form", "\"to\":\"printing\"", "\"to\":\"Printing!\"",
    "“topic” is not given a value of its form" },
  { "number", "\"to\":\"0003\"", "\"to\":\"0004\"", "Another ticket here has the number 0004" },
  { "no-number", "{\"field\":\"number\",\"from\":null,\"to\":\"0003\"}",
    "{\"field\":\"steps\",\"from\":null,\"to\":null}", "The ticket has no number" },
  { "no-requester", "{\"field\":\"requester\"", "{\"field\":\"assignee\"",
    "The ticket has no requester" },
  { "no-department", "{\"field\":\"department\",\"from\":null,\"to\":\"support\"}",
    "{\"field\":\"steps\",\"from\":null,\"to\":null}", "The ticket has no department" },
  { "requester-later", "{\"field\":\"assignee\",\"from\":null",
    "{\"field\":\"requester\",\"from\":null", "stays the same" },
  { "digest", "\"digest\":\"", "\"digest\":\"x", "“digest” is not 32 hex digits" },
  { "entry-slug", "\"slug\":\"printing\"", "\"slug\":\"Print ing\"", "\"Print ing\" is no slug" },
  { "entry-value", "\"hours\":24", "\"hours\":9999999999", "cannot have this hours" },
  { "entry-property", "\"hours\":24", "\"hours\":24,\"public\":true", "cannot have this public" },
  { "entry-label", "\"label\":\"printing\"", "\"label\":\"\"", "The label of printing is empty" },
  { "person-login", "\"login\":\"stranger\"", "\"login\":\"a stranger\"",
    "A login name has up to" },
  { "person-department", "\"departments\":[\"online-banking\"]", "\"departments\":[\"nowhere\"]",
    "There is no department “nowhere”" },
  { "same-login", "\"login\":\"stranger\"", "\"login\":\"karen\"",
    "is somebody else's here; this person has \"karen-2\" now" },
  { "sequence", "\"name\":\"mobile\"", "\"name\":\"Mo bile\"", "This is no sequence" },
  { "sequence-end", "\"last\":", "\"last\":99999999999999999", "This is no sequence" },
  { "blob-order", "\"position\":1", "\"position\":2", "does not follow the one before" },
  { "blob-start", "\"position\":0", "\"position\":7", "does not follow the one before" },
  { "blob-size", "\"size_bytes\":716800,\"position\"", "\"size_bytes\":716801,\"position\"",
    "does not follow the one before" },
  { "blob-content", "\"data\":\"AB8", "\"data\":\"AB7", "its SHA-256 differs" },
  { "blob-base64", "\"data\":\"AB8", "\"data\":\"A.8", "“data” is not base64" },
  { "blob-short", "{\"blob\":{\"sha256\":\"", "{\"bulb\":{\"sha256\":\"",
    "The file \"log (1).txt\" is not in the desk" },
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
  g_autofree char *text = fill_and_export (&self);
  g_autofree char *crooked = edit_lines (text, edits[edit].from, edits[edit].to);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  import (target, crooked, -1, &report);
  g_assert_no_error (report.error);
  g_assert_true (is_told (&report, edits[edit].told));
  g_assert_cmpint (report.result.refused + report.result.differing, ==, report.messages->len);
  sample_assert_sound (target);
}

/* The line that is told is the line that is wrong. */
static void
test_line_number (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autofree char *crooked = edit_lines (text, "\"text\":\"It fails\"", "\"text\":7");
  g_autofree char *before = g_strndup (crooked, strstr (crooked, "\"text\":7") - crooked);
  g_autofree char *expected = g_strdup_printf ("%u: “text” is not a text",
                                               count_lines (before) + 1);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  import (target, crooked, -1, &report);
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
      import (target, no_exports[i], -1, &report);
      g_assert_error (report.error, DESK_ERROR, DESK_ERROR_INVALID);
      g_assert_nonnull (strstr (report.error->message, "This is no export of a desk"));
    }
  import (target,
          "{\"format\":\"deskbell-export/2\",\"desk\":\"01890a5d-ac96-774b-bcce-b302099a8051\"}\n",
          -1, &report);
  g_assert_error (report.error, DESK_ERROR, DESK_ERROR_INVALID);
  g_assert_nonnull (strstr (report.error->message, "newer version"));
  assert_exports (target, before);
}

static void
test_unknown_members (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autofree char *more = edit_lines (text, "\"uid\":", "\"mood\":{\"a\":[1]},\"uid\":");
  g_autofree char *most = edit_lines (more, "{\"e", "{\"why\":null,\"e");
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  import (target, most, -1, &report);
  assert_all_taken (&report);
  assert_exports (target, text);
}

/* Windows line ends, and none at the end. */
static void
test_line_ends (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *windows = g_strchomp (g_strjoinv ("\r\n", lines));
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  import (target, windows, -1, &report);
  assert_all_taken (&report);
  assert_exports (target, text);
}

static void
test_endless_line (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  const char *second = strchr (text, '\n') + 1;
  gsize before = second - text;
  g_autoptr (GString) longer = g_string_new_len (text, before);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  g_string_set_size (longer, before + DESK_LINE_MAX_BYTES + 2);
  memset (longer->str + before, ' ', DESK_LINE_MAX_BYTES + 1);
  longer->str[longer->len - 1] = '\n';
  g_string_append (longer, second);
  import (target, longer->str, longer->len, &report);
  g_assert_cmpint (report.result.refused, ==, 2);
  g_assert_true (is_told (&report, "2: The line is longer than 24 MiB"));
  g_assert_true (is_told (&report, "some were lost or added"));
  sample_assert_sound (target);
}

/* Whatever bytes come, the desk is sound. */
static void
test_noise (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
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
      import (target, noisy, size, &report);
      g_assert_no_error (report.error);
      sample_assert_sound (target);
      import (target, text, size, &report);
      g_assert_no_error (report.error);
      sample_assert_sound (target);
    }
}

/* --- work in pieces --- */

static void
test_cancelled (void)
{
  FIXTURE (self);
  g_autofree char *text = fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data (text, strlen (text), NULL);
  g_autoptr (GError) error = NULL;
  DeskImportResult result;

  g_cancellable_cancel (cancellable);
  g_assert_false (
      desk_import (target, input, 0, NOW, NULL, NULL, NULL, &result, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (desk_db_in_transaction (target));
  sample_assert_sound (target);
}

/* Another connection writes between the pieces, all the time. */
typedef struct
{
  Fixture *fixture;
  DeskDb *db;
  gint64 last;
  guint n_written;
} Other;

static void
write_meanwhile_cb (gint64 done, gint64 total, gpointer user_data)
{
  Other *self = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (done, >=, self->last);
  g_assert_cmpint (done, <=, total);
  self->last = done;
  if (self->db == NULL)
    self->db = desk_db_open (fixture_path (self->fixture, "target.desk"), DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  sqlite3_busy_timeout (desk_db_get_handle (self->db), 0);
  if (!desk_db_begin (self->db, &error))
    return;
  desk_db_rollback (self->db);
  self->n_written++;
}

static void
test_others_get_their_turn (void)
{
  FIXTURE (self);
  Other other = { .fixture = &self };
  g_autofree char *text = NULL;
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GError) error = NULL;
  DeskImportResult result;

  for (guint i = 0; i < 700; i++)
    fixture_file (&self, "karen", "Many", -1);
  text = sample_export (self.db);
  input = g_memory_input_stream_new_from_data (text, strlen (text), NULL);
  desk_import (target, input, strlen (text), NOW, NULL, write_meanwhile_cb, &other, &result, NULL,
               &error);
  g_assert_no_error (error);
  g_assert_cmpint (other.last, ==, strlen (text));
  desk_db_close (other.db);
  sample_assert_sound (target);
  assert_exports (target, text);
}

/* --- memory --- */

/* What finds mistakes in memory keeps what was freed. */
#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_MAX_KIB (1024 * 1024)
#else
#define MEMORY_MAX_KIB (40 * 1024)
#endif

/* Exports and imports again the desk @path, in no more memory than a few chunks take. */
static int
carry_over (const char *path)
{
  g_autofree char *file = g_strconcat (path, ".ndjson", NULL);
  g_autofree char *target = g_strconcat (path, ".target", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (file);
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_READ, NULL);
  g_autoptr (DeskDb) copy = desk_db_open (target, DESK_DB_CREATE, NULL);
  g_autoptr (GFileInputStream) input = NULL;
  DeskImportResult result;
  struct rusage before, after;

  getrusage (RUSAGE_SELF, &before);
  if (db == NULL || copy == NULL || !desk_export_to_file (db, file, NULL, NULL, NULL, NULL))
    return 1;
  input = g_file_read (from, NULL, NULL);
  if (!desk_import (copy, G_INPUT_STREAM (input), 0, NOW, NULL, NULL, NULL, &result, NULL, NULL) ||
      result.refused > 0)
    return 2;
  getrusage (RUSAGE_SELF, &after);
  return after.ru_maxrss - before.ru_maxrss < MEMORY_MAX_KIB ? 0 : 3;
}

static const FixtureChild children[] = { { "carry-over", carry_over }, { NULL } };

static void
test_big_file (void)
{
  FIXTURE (self);
  const char *ticket = fixture_file (&self, "karen", "Big", -1);

  fixture_set (&self, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES, "1000000000");
  sample_attach (&self, ticket, "big", 64 * 1024 * 1024);
  fixture_run_child ("carry-over", self.path);
}

int
main (int argc, char **argv)
{
  fixture_be_child (argc, argv, children);
  fixture_init (&argc, &argv);
  g_test_add_func ("/import/there-and-back", test_there_and_back);
  g_test_add_func ("/import/folds", test_folds);
  g_test_add_func ("/import/work-goes-on", test_work_goes_on);
  g_test_add_func ("/import/replay", test_replay);
  g_test_add_func ("/import/same-desk", test_same_desk);
  g_test_add_func ("/import/missing-is-added", test_missing_is_added);
  g_test_add_func ("/import/differences-are-told", test_differences_are_told);
  g_test_add_func ("/import/two-pasts", test_two_pasts);
  g_test_add_func ("/import/other-desk", test_other_desk);
  g_test_add_func ("/import/founders", test_founders);
  g_test_add_func ("/import/founder-stays", test_founder_stays);
  g_test_add_func ("/import/erased-stay-erased", test_erased_stay_erased);
  g_test_add_func ("/import/erased-travels", test_erased_travels);
  g_test_add_func ("/import/redaction-travels", test_redaction_travels);
  g_test_add_func ("/import/cut-lines", test_cut_lines);
  g_test_add_func ("/import/cut-anywhere", test_cut_anywhere);
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_autofree char *path = g_strconcat ("/import/edit/", edits[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_edit);
    }
  g_test_add_func ("/import/line-number", test_line_number);
  g_test_add_func ("/import/no-export", test_no_export);
  g_test_add_func ("/import/unknown-members", test_unknown_members);
  g_test_add_func ("/import/line-ends", test_line_ends);
  g_test_add_func ("/import/endless-line", test_endless_line);
  g_test_add_func ("/import/noise", test_noise);
  g_test_add_func ("/import/cancelled", test_cancelled);
  g_test_add_func ("/import/others-get-their-turn", test_others_get_their_turn);
  g_test_add_func ("/import/big-file", test_big_file);
  return g_test_run ();
}
