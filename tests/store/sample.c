/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filling the sample desk. */
#include "sample.h"

#include <string.h>

#include "desk-check.h"
#include "desk-export.h"

void
sample_attach (Fixture *self, const char *ticket, const char *name, gsize size)
{
  g_autofree char *bytes = g_malloc (size + 1);
  DeskOp *op = fixture_op (self, DESK_KIND_REPLY, "john", ticket);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (char) (i * 31 + i / 256);
  desk_op_take_attachment (op, fixture_attachment (self, name, bytes, size));
  assert_code (fixture_submit (self, "john", op), FINE);
}

static gboolean
has_words (const DeskEvent *event, const char *words)
{
  const DeskChange *summary = desk_changes_find (event->changes, DESK_FIELD_SUMMARY);

  for (guint i = 0; i < event->attachments->len; i++)
    if (strstr (((DeskAttachment *) event->attachments->pdata[i])->name, words) != NULL)
      return TRUE;
  return (event->text != NULL && strstr (event->text, words) != NULL) ||
         (summary != NULL && summary->to != NULL && strstr (summary->to, words) != NULL);
}

static const char *
find_event (GPtrArray *events, const char *words)
{
  for (guint i = 0; i < events->len; i++)
    if (has_words (events->pdata[i], words))
      return ((DeskEvent *) events->pdata[i])->uid;
  g_error ("there is no event with %s", words);
}

void
sample_redact (Fixture *self, const char *ticket, const char *words)
{
  g_autoptr (DeskCase) loaded = fixture_load (self, "boss", ticket);
  DeskOp *op = fixture_op (self, DESK_KIND_REDACT, "boss", ticket);

  op->target = g_strdup (find_event (loaded->events, words));
  assert_code (fixture_submit (self, "boss", op), FINE);
}

void
sample_erase (Fixture *self, const char *login)
{
  GError *error = NULL;

  desk_db_begin (self->db, &error);
  g_assert_no_error (error);
  desk_people_erase (self->db, fixture_uid (self, login), fixture_person (self, "boss"), self->now,
                     &error);
  g_assert_no_error (error);
  desk_db_commit (self->db, &error);
  g_assert_no_error (error);
  g_hash_table_remove (self->people, login);
}

/* --- tickets --- */

static void
expect_fine (int code)
{
  assert_code (code, FINE);
}

static void
work_on (Fixture *self, const char *ticket)
{
  expect_fine (fixture_do (self, DESK_KIND_CHANGE, "john", ticket, NULL, DESK_FIELD_ASSIGNEE,
                           fixture_uid (self, "john"), DESK_FIELD_PRIORITY, "urgent",
                           DESK_FIELD_SLA, "day", -1));
  expect_fine (fixture_do (self, DESK_KIND_NOTE, "john", ticket,
                           "Looks like the *Übertragung*\tis broken \\N \"so\" 🔔", -1));
  expect_fine (fixture_do (self, DESK_KIND_REPLY, "john", ticket, "Which error do you see?",
                           DESK_FIELD_STATUS, "waiting", -1));
  expect_fine (fixture_do (self, DESK_KIND_MESSAGE, "karen", ticket, "Error 42\n\nsince noon", -1));
}

static void
resolve (Fixture *self, const char *ticket)
{
  expect_fine (fixture_do (self, DESK_KIND_CHANGE, "john", ticket, NULL, DESK_FIELD_STATUS,
                           "resolved", DESK_FIELD_RESOLUTION, "Restarted the gateway",
                           DESK_FIELD_STEPS, "1. stop\n2. start", -1));
}

static const char *
file_with_text (Fixture *self, const char *summary, const char *topic, const char *text)
{
  DeskOp *op = fixture_op (self, DESK_KIND_CREATED, "karen", NULL);
  const char *uid = g_intern_string (op->ticket);

  desk_op_change (op, DESK_FIELD_SUMMARY, summary);
  desk_op_change (op, DESK_FIELD_TOPIC, topic);
  desk_op_set_text (op, text);
  expect_fine (fixture_submit (self, "karen", op));
  return uid;
}

static void
fill_closed (Fixture *self)
{
  const char *ticket = file_with_text (self, "Mobile banking is down", "mobile", "It fails");

  work_on (self, ticket);
  sample_attach (self, ticket, "log (1).txt", 700 * 1024);
  resolve (self, ticket);
  expect_fine (fixture_do (self, DESK_KIND_CHANGE, "karen", ticket, "Thanks", DESK_FIELD_STATUS,
                           "closed", -1));
}

/* In a private department, so that its first op made two events. */
static void
fill_redacted (Fixture *self)
{
  const char *ticket = file_with_text (self, "Card stolen", "cards", "My number is 4711");

  expect_fine (fixture_do (self, DESK_KIND_CHANGE, "boss", ticket, NULL, DESK_FIELD_DEPARTMENT,
                           "support", -1));
  sample_attach (self, ticket, "photo.png", 1000);
  sample_attach (self, ticket, "empty", 0);
  expect_fine (fixture_do (self, DESK_KIND_CHANGE, "john", ticket, NULL, DESK_FIELD_SUMMARY,
                           "Card 4711 stolen", -1));
  expect_fine (fixture_do (self, DESK_KIND_CHANGE, "john", ticket, NULL, DESK_FIELD_SUMMARY,
                           "Card stolen in Ürümqi", DESK_FIELD_TEAM, "night", -1));
  expect_fine (fixture_do (self, DESK_KIND_NOTE, "john", ticket, "PIN was 1234", -1));
  sample_redact (self, ticket, "My number is 4711");
  sample_redact (self, ticket, "photo.png");
  sample_redact (self, ticket, "Card 4711 stolen");
  sample_redact (self, ticket, "PIN");
}

static void
fill_erased (Fixture *self)
{
  fixture_add_person (self, "guest", DESK_ROLE_REQUESTER, "", "");
  fixture_file (self, "guest", "Forget me", -1);
  sample_erase (self, "guest");
}

void
sample_fill (Fixture *self)
{
  fixture_add_entry (self, DESK_ENTRY_TOPIC, "mobile", "number_format", "MB-###", NULL);
  fixture_add_entry (self, DESK_ENTRY_TOPIC, "cards", "department", "fraud", "assignee",
                     fixture_uid (self, "jane"), NULL);
  fill_closed (self);
  fill_redacted (self);
  fill_erased (self);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *summary = g_strdup_printf ("Printer %u jams", i);
      const char *ticket = fixture_file (self, "karen", summary, DESK_FIELD_TOPIC, "printing", -1);

      if (i > 2)
        work_on (self, ticket);
      if (i > 3)
        resolve (self, ticket);
    }
}

/* --- looking --- */

static void
show_problem_cb (const char *problem, gpointer user_data)
{
  g_test_message ("%s", problem);
}

gint64
sample_check (DeskDb *db)
{
  GError *error = NULL;
  gint64 n_problems = desk_check (db, show_problem_cb, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return n_problems;
}

void
sample_assert_sound (DeskDb *db)
{
  g_assert_cmpint (sample_check (db), ==, 0);
}

void
sample_break (DeskDb *db, const char *sql)
{
  GError *error = NULL;

  sqlite3_db_config (desk_db_get_handle (db), SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
  desk_db_execute (db, "PRAGMA foreign_keys = OFF", &error);
  g_assert_no_error (error);
  desk_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

void
sample_reopen (Fixture *self)
{
  GError *error = NULL;

  g_clear_pointer (&self->db, desk_db_close);
  g_hash_table_remove_all (self->people);
  self->db = desk_db_open (self->path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
}

DeskDb *
sample_new_desk (Fixture *self, const char *name)
{
  GError *error = NULL;
  DeskDb *db = desk_db_open (fixture_path (self, name), DESK_DB_CREATE, &error);

  g_assert_no_error (error);
  return db;
}

char *
sample_export (DeskDb *db)
{
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  GError *error = NULL;

  desk_export (db, output, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (output, "", 1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (output, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (output));
}
