/* SPDX-License-Identifier: GPL-3.0-or-later
 * Exports come in again whole, into an empty desk and into the same one. */
#include "report.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "desk-export.h"

/* --- there and back --- */

static void
test_there_and_back (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  report_import (&report, target, text, -1);
  report_assert_all_taken (&report);
  /* Neither the first line nor the last is a thing of the desk, and two entries were there. */
  g_assert_cmpint (report.result.added + report.result.same, ==, report_count_lines (text) - 2);
  g_assert_cmpstr (desk_db_get_uid (target), ==, desk_db_get_uid (self.db));
  sample_assert_sound (target);
  report_assert_exports (target, text);
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
  g_autofree char *text = report_fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  report_import (&report, target, text, -1);
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
  g_autofree char *text = report_fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };
  g_autofree char *found = NULL;
  const char *ticket;
  g_autofree char *number = NULL;

  report_import (&report, target, text, -1);
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
  report_import (&report, target, text, -1);
  receipt = desk_submit (target, op, fixture_person (&self, "karen"), self.now, &error);
  g_assert_no_error (error);
  g_assert_true (receipt->replayed);
}

/* --- the same desk --- */

static void
test_same_desk (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_auto (Report) report = { 0 };

  report_import (&report, self.db, text, -1);
  report_assert_all_taken (&report);
  g_assert_cmpint (report.result.added, ==, 0);
  g_assert_cmpint (report.result.same, ==, report_count_lines (text) - 2);
  sample_assert_sound (self.db);
  report_assert_exports (self.db, text);
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
  report_import (&report, target, early, -1);
  assert_code (fixture_do (&self, DESK_KIND_MESSAGE, "karen", ticket, "More", -1), FINE);
  sample_fill (&self);
  late = sample_export (self.db);
  report_import (&report, target, late, -1);
  report_assert_all_taken (&report);
  g_assert_cmpint (report.result.same, >, 10);
  sample_assert_sound (target);
  report_assert_exports (target, late);
}

static void
test_differences_are_told (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autofree char *before = NULL;
  g_auto (Report) report = { 0 };

  fixture_set (&self, DESK_ENTRY_TOPIC, "printing", DESK_PROPERTY_PRIORITY, "low");
  fixture_change_person (&self, "jane", DESK_ROLE_AGENT, "support", "", FALSE);
  sample_break (self.db, "UPDATE event SET text = 'It works' WHERE id = 1");
  before = sample_export (self.db);
  report_import (&report, self.db, text, -1);
  g_assert_no_error (report.error);
  g_assert_cmpint (report.result.refused, ==, 0);
  g_assert_cmpint (report.result.added, ==, 0);
  g_assert_cmpint (report.result.differing, ==, 3);
  report_assert_told (&report, "The topic “printing” is another here, and stays so");
  report_assert_told (&report, "The person “jane” is another here, and stays so");
  report_assert_told (&report, "Event 1 of ticket MB-001 is another here, and stays so");
  report_assert_exports (self.db, before);
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

  report_import (&report, target, common, -1);
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
  report_import (&report, one, other, -1);
  g_assert_no_error (report.error);
  report_assert_told (&report, "Event 2 of ticket 0001 is another here, and stays so");
  report_assert_told (&report, "Another ticket here has the number “0002”");
  report_assert_told (&report,
                      "The login “new” is somebody else's here; this person has “new-2” now");
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
  g_autofree char *text = report_fill_and_export (&self);
  g_autofree char *before = NULL;
  g_auto (Report) report = { 0 };

  fixture_file (&other, "karen", "Here", -1);
  before = sample_export (other.db);
  report_import (&report, other.db, text, -1);
  g_assert_error (report.error, DESK_ERROR, DESK_ERROR_INVALID);
  g_assert_cmpstr (report.error->message, ==,
                   "This is the export of another desk; import it into a new, empty desk");
  report_assert_exports (other.db, before);
}

/* --- people --- */

/* Whoever made the empty desk makes room, login and all. */
static void
test_founders (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };
  GError *error = NULL;

  desk_people_add_first (target, "karen", "Another Karen", NOW, &error);
  g_assert_no_error (error);
  report_import (&report, target, text, -1);
  report_assert_all_taken (&report);
  sample_assert_sound (target);
  report_assert_exports (target, text);
}

/* But a desk is never left without an administrator. */
static void
test_founder_stays (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autofree char *without = NULL;
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_autoptr (DeskPerson) founder = NULL;
  g_auto (GStrv) parts = g_strsplit (text, "\"role\":\"administrator\"", -1);
  g_auto (Report) report = { 0 };

  without = g_strjoinv ("\"role\":\"agent\"", parts);
  g_assert_true (desk_people_add_first (target, "me", "Me", NOW, NULL));
  report_import (&report, target, without, -1);
  report_assert_all_taken (&report);
  founder = desk_people_find_login (target, "me", NULL);
  g_assert_nonnull (founder);
  g_assert_cmpint (founder->role, ==, DESK_ROLE_ADMINISTRATOR);
  sample_assert_sound (target);
}

static void
test_erased_stay_erased (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autofree char *karen = g_strdup (fixture_uid (&self, "karen"));
  g_autofree char *after = NULL;
  g_autoptr (DeskPerson) person = NULL;
  g_auto (Report) report = { 0 };

  sample_erase (&self, "karen");
  after = sample_export (self.db);
  report_import (&report, self.db, text, -1);
  report_assert_all_taken (&report);
  person = desk_people_find_uid (self.db, karen, NULL);
  g_assert_null (person->login);
  g_assert_null (person->name);
  sample_assert_sound (self.db);
  report_assert_exports (self.db, after);
}

/* And who was erased elsewhere goes here too. */
static void
test_erased_travels (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
  g_autofree char *after = NULL;
  g_autoptr (DeskDb) target = sample_new_desk (&self, "target.desk");
  g_auto (Report) report = { 0 };

  report_import (&report, target, text, -1);
  sample_erase (&self, "john");
  after = sample_export (self.db);
  report_import (&report, target, after, -1);
  report_assert_all_taken (&report);
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
  report_import (&report, target, text, -1);
  sample_redact (&self, ticket, "1234");
  after = sample_export (self.db);
  report_import (&report, target, after, -1);
  report_assert_all_taken (&report);
  sample_assert_sound (target);
  report_assert_exports (target, after);
  /* An older file does not bring it back. */
  report_import (&report, target, text, -1);
  report_assert_all_taken (&report);
  again = sample_export (target);
  /* The whole phrase: four digits alone may stand in a uid. */
  g_assert_nonnull (strstr (text, "PIN is 1234"));
  g_assert_null (strstr (again, "PIN is 1234"));
  sample_assert_sound (target);
}

/* --- work in pieces --- */

static void
test_cancelled (void)
{
  FIXTURE (self);
  g_autofree char *text = report_fill_and_export (&self);
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
  report_assert_exports (target, text);
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
  g_test_add_func ("/import/cancelled", test_cancelled);
  g_test_add_func ("/import/others-get-their-turn", test_others_get_their_turn);
  g_test_add_func ("/import/big-file", test_big_file);
  return g_test_run ();
}
