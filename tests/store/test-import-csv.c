/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of tickets: what common help desks and spreadsheets write comes in, once. */
#include "report.h"

#include <string.h>

#include "desk-import-csv.h"

#define HEAD "Subject,Body,From,Status\n"

static void
import_bytes (Fixture *self,
              const char *login,
              const char *text,
              gsize size,
              const char *key,
              const char *map,
              Report *report)
{
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data (text, size, NULL);
  DeskCsvOptions options = { "old-desk", key, map };

  report_start (report);
  g_assert_true (desk_import_csv (self->db, input, size, &options, fixture_person (self, login),
                                  self->now, report_take_cb, NULL, report, &report->result, NULL,
                                  &report->error) == (report->error == NULL));
  report_show (report);
  g_assert_cmpint (report->result.refused + report->result.differing, ==, report->messages->len);
  sample_assert_sound (self->db);
}

static void
import (Fixture *self, const char *text, Report *report)
{
  import_bytes (self, "boss", text, strlen (text), NULL, NULL, report);
}

static void
assert_added (const Report *report, gint64 n)
{
  g_assert_no_error (report->error);
  g_assert_cmpuint (report->messages->len, ==, 0);
  g_assert_cmpint (report->result.added, ==, n);
}

static void
assert_answer (Fixture *self, const char *sql, const char *expected)
{
  g_autofree char *answer = fixture_ask (self->db, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static const char *const lists =
    "SELECT group_concat (summary, '|') FROM (SELECT summary FROM ticket ORDER BY id)";

/* --- rows --- */

static void
test_rows (void)
{
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self,
          "Ticket Number,Date Created,Subject,Description,From,Priority,Department,Help "
          "Topic,Assigned To,Status,Solution\n"
          "100,2020-02-03 10:11,Printer jams,It eats "
          "paper,karen,Emergency,Support,printing,John,Closed,Cleaned the rolls\n"
          "101,2020-02-04T10:11:12Z,No coffee,,karen@example.org,low,,,,resolved,\n"
          "102,,No tea,,,,,,,waiting,\n"
          "103,1580000000,No milk,,,,,,,,\n",
          &report);
  assert_added (&report, 4);
  assert_answer (&self, lists, "Printer jams|No coffee|No tea|No milk");
  assert_answer (&self, "SELECT group_concat (status) FROM (SELECT status FROM ticket ORDER BY id)",
                 "3,2,1,0");
  assert_answer (&self,
                 "SELECT group_concat (priority) FROM (SELECT priority FROM ticket ORDER BY id)",
                 "3,0,1,1");
  assert_answer (&self,
                 "SELECT group_concat (coalesce (resolution, '-')) FROM (SELECT resolution FROM "
                 "ticket ORDER BY id)",
                 "Cleaned the rolls,Imported as resolved,-,-");
  assert_answer (&self, "SELECT p.login FROM ticket AS t JOIN person AS p ON p.id = t.assignee",
                 "john");
  assert_answer (&self, "SELECT group_concat (DISTINCT via) FROM event", "6");
  assert_answer (&self, "SELECT at FROM event WHERE ticket = 2 AND no = 1", "1580811072");
  assert_answer (&self, "SELECT at FROM event WHERE ticket = 4 AND no = 1", "1580000000");
  /* Who has no requester is the importer's. */
  assert_answer (&self,
                 "SELECT group_concat (p.login) FROM (SELECT * FROM ticket ORDER BY id) AS t JOIN "
                 "person AS p ON p.id = t.requester",
                 "karen,karen@example.org,boss,boss");
}

static void
test_twice (void)
{
  static const char text[] = HEAD "Printer jams,It eats paper,karen,closed\n"
                                  "Printer jams,It eats paper,karen,closed\n"
                                  "Printer jams,It eats paper,new@example.org,open\n";
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self, text, &report);
  assert_added (&report, 3);
  import (&self, text, &report);
  assert_added (&report, 0);
  g_assert_cmpint (report.result.same, ==, 3);
  /* Whoever does it, and whatever became of the tickets. */
  fixture_change_person (&self, "night", DESK_ROLE_ADMINISTRATOR, "", "", FALSE);
  import_bytes (&self, "night", text, strlen (text), NULL, NULL, &report);
  assert_added (&report, 0);
  g_assert_cmpint (report.result.same, ==, 3);
  g_assert_cmpint (fixture_count (self.db, "SELECT count (*) FROM ticket"), ==, 3);
}

static void
test_key (void)
{
  static const char text[] = "Id,Subject\n1,Printer jams\n2,No coffee\n";
  static const char changed[] =
      "Subject,Id\nPrinter jams again,1\nNo coffee,2\nNo tea,3\nNo key,\n";
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import_bytes (&self, "boss", text, strlen (text), "id", NULL, &report);
  assert_added (&report, 2);
  import_bytes (&self, "boss", changed, strlen (changed), "Id", NULL, &report);
  g_assert_cmpint (report.result.added, ==, 1);
  g_assert_cmpint (report.result.same, ==, 1);
  report_assert_told (
      &report, "2: The row was imported before as ticket 0001 with another content, which stays");
  report_assert_told (&report, "5: The row has no “Id”");
  assert_answer (&self, lists, "Printer jams|No coffee|No tea");
}

/* A ticket that has gone on since it was imported stays as it is. */
static void
test_worked_on (void)
{
  static const char text[] = HEAD "Printer jams,It eats paper,karen,closed\n";
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self, text, &report);
  assert_code (
      fixture_do (&self, DESK_KIND_CHANGE, "john", "0001", NULL, DESK_FIELD_STATUS, "open", -1),
      DESK_ERROR_INVALID);
  {
    g_autofree char *uid = fixture_ask (self.db, "SELECT lower (hex (uid)) FROM ticket");
    g_autofree char *dashed = g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%s", uid, uid + 8, uid + 12,
                                               uid + 16, uid + 20);

    assert_code (
        fixture_do (&self, DESK_KIND_CHANGE, "john", dashed, NULL, DESK_FIELD_STATUS, "open", -1),
        FINE);
  }
  import (&self, text, &report);
  assert_added (&report, 0);
  g_assert_cmpint (report.result.same, ==, 1);
  assert_answer (&self, "SELECT status FROM ticket", "0");
}

/* --- forms --- */

static const struct
{
  const char *name;
  const char *text;
  const char *summaries;
} forms[] = {
  { "plain", "Subject,Body\na,b\nc,d\n", "a|c" },
  { "no-last-end", "Subject,Body\na,b\nc,d", "a|c" },
  { "windows", "Subject,Body\r\na,b\r\nc,d\r\n", "a|c" },
  { "mark", "\xef\xbb\xbfSubject,Body\na,b\n", "a" },
  { "quoted-mark", "\xef\xbb\xbf\"Subject\",\"Body\"\n\"a\",\"b\"\n", "a" },
  { "semicolons", "Subject;Body\n\"a;b\";c,d\n", "a;b" },
  { "tabs", "Subject\tBody\na, b\tc\n", "a, b" },
  { "quotes", "Subject,Body\n\"a \"\"b\"\" c\",d\n", "a \"b\" c" },
  { "lines-in-cell", "Subject,Body\na,\"one\ntwo\n\nfour\"\nb,\n", "a|b" },
  { "empty-lines", "Subject,Body\n\na,b\n   \n\n\nc,d\n\n", "a|c" },
  { "short-rows", "Subject,Body,From\na\nb,c\n", "a|b" },
  { "one-column", "Subject\na\n", "a" },
  { "formulas", "Subject,Body\n\"=HYPERLINK(\"\"http://x\"\")\",=1+1\n@SUM(A1),-2\n+3,%4\n",
    "=HYPERLINK(\"http://x\")|@SUM(A1)|+3" },
  { "markup", "Subject,Body\n<b>&amp;,<script>\n", "<b>&amp;" },
  { "other-words", "Issue Summary,ISSUE_DETAILS\na,b\n", "a" },
  { "spaces", "  Subject  ,Body\n  a  ,  b  \n", "a" },
};

static void
test_form (gconstpointer data)
{
  guint form = GPOINTER_TO_UINT (data);
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self, forms[form].text, &report);
  g_assert_no_error (report.error);
  g_assert_cmpuint (report.messages->len, ==, 0);
  assert_answer (&self, lists, forms[form].summaries);
}

static void
test_texts (void)
{
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self, "Subject,Body\r\na,\"one\r\ntwo\r\n\r\nfour\"\r\nb,=1+1\r\n", &report);
  assert_added (&report, 2);
  assert_answer (&self, "SELECT text FROM event WHERE ticket = 1", "one\ntwo\n\nfour");
  assert_answer (&self, "SELECT text FROM event WHERE ticket = 2", "=1+1");
}

/* --- refusals --- */

static const struct
{
  const char *name;
  const char *text; /* after HEAD */
  gssize size;
  const char *told;
} refusals[] = {
  { "summary", ",b,,\n", -1, "2: Give the ticket a summary" },
  { "status", "a,b,,lost\n", -1,
    "2: The status “lost” is not open, waiting, resolved or closed" },
  { "not-utf8", "a,\xe4,,\n", -1, "2: The row is not text in UTF-8" },
  { "nul", "a\0,b,,\n", 7, "2: The row holds a NUL" },
  { "too-many", "a,b,,open,more\n", -1, "2: The row has 5 cells, and the first row 4" },
  { "third-line", "x,\"one\ntwo\",,lost\n", -1, "2: The status" },
  { "no-login", "a,b,a@b@c,\n", -1, "2: A mail address looks like" },
};

/* The row before and the one after come in. */
static void
test_refusal (gconstpointer data)
{
  guint refusal = GPOINTER_TO_UINT (data);
  FIXTURE (self);
  g_autoptr (GString) text = g_string_new (HEAD);
  g_auto (Report) report = { 0 };

  g_string_append_len (text, refusals[refusal].text, refusals[refusal].size);
  g_string_append (text, "after,,,\n");
  import_bytes (&self, "boss", text->str, text->len, NULL, NULL, &report);
  g_assert_no_error (report.error);
  g_assert_cmpint (report.result.refused, ==, 1);
  g_assert_cmpint (report.result.added, ==, 1);
  report_assert_told (&report, refusals[refusal].told);
  assert_answer (&self, lists, "after");
  assert_answer (&self, "SELECT count (*) FROM receipt", "0");
  assert_answer (&self, "SELECT count (*) FROM person", "6");
}

static void
test_unclosed_quote (void)
{
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self, HEAD "before,,,\nx,\"never closed,,\nafter,,,\n", &report);
  g_assert_cmpint (report.result.added, ==, 1);
  report_assert_told (&report, "3: The file ends within a quoted cell");
}

static void
test_endless_row (void)
{
  FIXTURE (self);
  g_autoptr (GString) text = g_string_new (HEAD "before,,,\nx,\"");
  g_auto (Report) report = { 0 };

  for (guint i = 0; i < 50000; i++)
    g_string_append (text, "a line of a hundred signs, more or less, in a cell that is never "
                           "closed, which goes on and on\n");
  g_string_append (text, "after,,,\n");
  import_bytes (&self, "boss", text->str, text->len, NULL, NULL, &report);
  g_assert_no_error (report.error);
  report_assert_told (&report, "3: The row is longer than 4 MiB");
  assert_answer (&self, "SELECT count (*) FROM ticket WHERE summary IN ('before', 'after')", "2");
}

/* What refused a row is put right, and the same file comes again. */
static void
test_mended (void)
{
  static const char text[] = "Subject,Topic,From\nNo tea,kitchen,tess@example.org\n";
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self, text, &report);
  report_assert_told (
      &report,
      "2: There is no topic “kitchen”; add it first, or leave the column out (--map “topic=”)");
  assert_answer (&self, "SELECT count (*) FROM person WHERE email = 'tess@example.org'", "0");
  fixture_add_entry (&self, DESK_ENTRY_TOPIC, "kitchen", NULL);
  import (&self, text, &report);
  assert_added (&report, 1);
  assert_answer (&self, "SELECT count (*) FROM person WHERE email = 'tess@example.org'", "1");
}

/* Refused by accept itself, after the requester was made. */
static void
test_refused_late (void)
{
  FIXTURE (self);
  g_autofree char *summary = g_strnfill (300, 'x');
  g_autofree char *text = g_strconcat ("Subject,From\n", summary, ",tess@example.org\n", NULL);
  g_auto (Report) report = { 0 };

  import (&self, text, &report);
  report_assert_told (&report, "2: The summary is longer than 250 characters");
  assert_answer (&self, "SELECT count (*) FROM person", "6");
  assert_answer (&self, "SELECT count (*) FROM receipt", "0");
}

/* The ticket is filed, but its state is out of the importer's reach. */
static void
test_out_of_reach (void)
{
  static const char text[] = "Subject,From,Department,Status\na,,fraud,closed\nb,karen,fraud,"
                             "closed\nc,karen,support,closed\n";
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import_bytes (&self, "john", text, strlen (text), NULL, NULL, &report);
  g_assert_cmpint (report.result.added, ==, 3);
  g_assert_cmpint (report.result.differing, ==, 2);
  report_assert_told (&report,
                      "2: The ticket was filed, but did not get its status: Only agents resolve tickets");
  report_assert_told (&report,
                      "3: The ticket was filed, but did not get its status: There is no such ticket");
  assert_answer (&self, "SELECT group_concat (status) FROM (SELECT status FROM ticket ORDER BY id)",
                 "0,0,3");
}

static void
expect_none (Fixture *self,
             const char *text,
             const char *key,
             const char *map,
             DeskError code,
             const char *words)
{
  g_auto (Report) report = { 0 };

  import_bytes (self, "boss", text, strlen (text), key, map, &report);
  g_assert_error (report.error, DESK_ERROR, (int) code);
  if (strstr (report.error->message, words) == NULL)
    g_error ("%s", report.error->message);
  assert_answer (self, "SELECT count (*) FROM ticket", "0");
}

static void
test_no_table (void)
{
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  expect_none (&self, "", NULL, NULL, DESK_ERROR_MISSING, "The file is empty");
  expect_none (&self, "Colour,Size\nred,7\n", NULL, NULL, DESK_ERROR_INVALID,
               "the columns are: “Colour, Size”");
  expect_none (&self, HEAD "a,b,,\n", "Id", NULL, DESK_ERROR_INVALID,
               "no column “Id”; its columns are: “Subject, Body, From, Status”");
  expect_none (&self, HEAD "a,b,,\n", NULL, "summary=Title", DESK_ERROR_INVALID,
               "no column “Title”");
  expect_none (&self, HEAD "a,b,,\n", NULL, "colour=Subject", DESK_ERROR_INVALID,
               "before the = stands one of: “summary, details");
  expect_none (&self, HEAD "a,b,,\n", NULL, "summary", DESK_ERROR_INVALID,
               "does not say which column is what");
  expect_none (&self, HEAD "a,b,,\n", NULL, "summary=", DESK_ERROR_INVALID,
               "No column is the summary");
  expect_none (&self, "\xff\xfeS\n", NULL, NULL, DESK_ERROR_NOT_TEXT, "save the file as UTF-8");
  import_bytes (&self, "karen", HEAD, strlen (HEAD), NULL, NULL, &report);
  g_assert_error (report.error, DESK_ERROR, DESK_ERROR_NOT_ALLOWED);
  import (&self, HEAD, &report);
  assert_added (&report, 0);
}

/* --- mapping --- */

static void
test_map (void)
{
  static const char text[] = "Kurz,Lang,Subject,Status\nA,B,C,lost\n";
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import_bytes (&self, "boss", text, strlen (text), NULL,
                "summary=Kurz, details = lang,status=", &report);
  assert_added (&report, 1);
  assert_answer (&self, lists, "A");
  assert_answer (&self, "SELECT text FROM event", "B");
  assert_answer (&self, "SELECT status FROM ticket", "0");
}

/* --- people --- */

static void
test_people (void)
{
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self,
          "Subject,From\n"
          "a,Tess Müller <Tess@Example.org>\n"
          "b,tess@example.org\n"
          "c,\"\"\"Tess, of sales\"\" <TESS@example.org>\"\n"
          "d,Tom Smith\n"
          "e,tom  smith\n"
          "f,Karen\n"
          "g,karen\n"
          "h,Ольга\n"
          "i,山田\n",
          &report);
  assert_added (&report, 9);
  assert_answer (&self,
                 "SELECT group_concat (p.login) FROM (SELECT * FROM ticket ORDER BY id) AS t JOIN "
                 "person AS p ON p.id = t.requester",
                 "tess@example.org,tess@example.org,tess@example.org,tom-smith,tom-smith,karen,"
                 "karen,requester,requester-2");
  assert_answer (&self, "SELECT name || ' ' || email FROM person WHERE login = 'tess@example.org'",
                 "Tess Müller Tess@Example.org");
  assert_answer (&self, "SELECT group_concat (DISTINCT role) FROM person WHERE login LIKE 'tom%'",
                 "0");
}

/* Two people of one name cannot be told apart by it. */
static void
test_namesakes (void)
{
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self, "Subject,Name,Email\na,Tom,tom@a.example\nb,Tom,tom@b.example\nc,Tom,\n", &report);
  assert_added (&report, 3);
  assert_answer (&self, "SELECT count (DISTINCT requester) FROM ticket", "3");
}

static void
test_erased (void)
{
  static const char text[] = "Subject,From\na,tess@example.org\n";
  static const char more[] = "Subject,From\na,tess@example.org\nb,tess@example.org\n";
  FIXTURE (self);
  g_auto (Report) report = { 0 };

  import (&self, text, &report);
  sample_erase (&self, "tess@example.org");
  import (&self, more, &report);
  g_assert_cmpint (report.result.same, ==, 1);
  g_assert_cmpint (report.result.added, ==, 1);
  assert_answer (&self, "SELECT count (*) FROM person WHERE email = 'tess@example.org'", "0");
  assert_answer (&self, "SELECT count (DISTINCT requester) FROM ticket", "1");
}

/* --- many --- */

static void
test_many (void)
{
  FIXTURE (self);
  g_autoptr (GString) text = g_string_new ("Id,Subject,From\n");
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Report) report = { 0 };
  DeskCsvOptions options = { "old-desk", "Id", NULL };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 1200; i++)
    g_string_append_printf (text, "%u,Ticket %u,user%u@example.org\n", i, i, i % 50);
  g_cancellable_cancel (cancellable);
  input = g_memory_input_stream_new_from_data (text->str, text->len, NULL);
  g_assert_false (desk_import_csv (self.db, input, 0, &options, fixture_person (&self, "boss"), NOW,
                                   NULL, NULL, NULL, &report.result, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  import_bytes (&self, "boss", text->str, text->len, "Id", NULL, &report);
  assert_added (&report, 1200);
  import_bytes (&self, "boss", text->str, text->len, "Id", NULL, &report);
  g_assert_cmpint (report.result.same, ==, 1200);
  assert_answer (&self, "SELECT count (*) FROM person WHERE email IS NOT NULL", "50");
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/import-csv/rows", test_rows);
  g_test_add_func ("/import-csv/twice", test_twice);
  g_test_add_func ("/import-csv/key", test_key);
  g_test_add_func ("/import-csv/worked-on", test_worked_on);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *path = g_strconcat ("/import-csv/form/", forms[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_form);
    }
  g_test_add_func ("/import-csv/texts", test_texts);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/import-csv/refusal/", refusals[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_refusal);
    }
  g_test_add_func ("/import-csv/unclosed-quote", test_unclosed_quote);
  g_test_add_func ("/import-csv/endless-row", test_endless_row);
  g_test_add_func ("/import-csv/mended", test_mended);
  g_test_add_func ("/import-csv/refused-late", test_refused_late);
  g_test_add_func ("/import-csv/out-of-reach", test_out_of_reach);
  g_test_add_func ("/import-csv/no-table", test_no_table);
  g_test_add_func ("/import-csv/map", test_map);
  g_test_add_func ("/import-csv/people", test_people);
  g_test_add_func ("/import-csv/namesakes", test_namesakes);
  g_test_add_func ("/import-csv/erased", test_erased);
  g_test_add_func ("/import-csv/many", test_many);
  return g_test_run ();
}
