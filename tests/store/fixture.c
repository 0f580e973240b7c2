/* SPDX-License-Identifier: GPL-3.0-or-later
 * A real desk in a temporary folder. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk-check.h"
#include "desk-fold.h"

/* --- the catalogue --- */

static void
save_entry (Fixture *self, DeskEntry *entry)
{
  GError *error = NULL;

  desk_db_begin (self->db, &error);
  g_assert_no_error (error);
  desk_entries_save (self->db, entry, entry->revision, fixture_person (self, "boss"), self->now,
                     &error);
  g_assert_no_error (error);
  desk_db_commit (self->db, &error);
  g_assert_no_error (error);
}

void
fixture_add_entry (Fixture *self, DeskEntryKind kind, const char *slug, ...)
{
  g_autoptr (DeskEntry) entry = desk_entry_new (kind, slug, slug);
  const char *name;
  va_list args;

  entry->revision = 0;
  va_start (args, slug);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      DeskProperty property;

      g_assert_true (desk_property_parse (name, &property));
      desk_entry_set (entry, property, va_arg (args, const char *));
    }
  va_end (args);
  save_entry (self, entry);
}

void
fixture_set (
    Fixture *self, DeskEntryKind kind, const char *slug, DeskProperty property, const char *value)
{
  const DeskEntry *old = desk_catalogue_find (desk_db_get_catalogue (self->db, NULL), kind, slug);
  g_autoptr (DeskEntry) entry = desk_entry_copy (old);

  desk_entry_set (entry, property, value);
  save_entry (self, entry);
}

static char **
split (const char *words)
{
  return *words != '\0' ? g_strsplit (words, " ", -1) : g_new0 (char *, 1);
}

static void
save_person (Fixture *self, DeskPerson *person, const char *departments, const char *teams)
{
  GError *error = NULL;

  g_strfreev (person->departments);
  g_strfreev (person->teams);
  person->departments = split (departments);
  person->teams = split (teams);
  desk_db_begin (self->db, &error);
  g_assert_no_error (error);
  desk_people_save (self->db, person, person->revision, fixture_person (self, "boss"), self->now,
                    &error);
  g_assert_no_error (error);
  desk_db_commit (self->db, &error);
  g_assert_no_error (error);
  g_hash_table_remove (self->people, person->login);
}

void
fixture_add_person (
    Fixture *self, const char *login, DeskRole role, const char *departments, const char *teams)
{
  g_autofree char *uid = desk_uid_new ();
  g_autoptr (DeskPerson) person = desk_person_new (uid, login, login, role);

  person->revision = 0;
  save_person (self, person, departments, teams);
}

void
fixture_change_person (Fixture *self,
                       const char *login,
                       DeskRole role,
                       const char *departments,
                       const char *teams,
                       gboolean removed)
{
  g_autoptr (DeskPerson) person = desk_person_copy (fixture_person (self, login));

  person->role = role;
  person->removed = removed;
  save_person (self, person, departments, teams);
}

const DeskPerson *
fixture_person (Fixture *self, const char *login)
{
  DeskPerson *person = g_hash_table_lookup (self->people, login);
  GError *error = NULL;

  if (person != NULL)
    return person;
  person = desk_people_find_login (self->db, login, &error);
  g_assert_no_error (error);
  g_assert_nonnull (person);
  g_hash_table_insert (self->people, g_strdup (login), person);
  return person;
}

const char *
fixture_uid (Fixture *self, const char *login)
{
  return fixture_person (self, login)->uid;
}

/* --- the desk --- */

static void
furnish (Fixture *self)
{
  fixture_add_entry (self, DESK_ENTRY_SLA, "day", "hours", "24", NULL);
  fixture_add_entry (self, DESK_ENTRY_SLA, "rush", "hours", "4", NULL);
  fixture_add_entry (self, DESK_ENTRY_DEPARTMENT, "online-banking", "public", "yes", NULL);
  fixture_add_entry (self, DESK_ENTRY_DEPARTMENT, "fraud", "public", "no", NULL);
  fixture_add_entry (self, DESK_ENTRY_TEAM, "night", NULL);
  fixture_add_entry (self, DESK_ENTRY_TOPIC, "online-banking", "department", "online-banking",
                     "priority", "high", "sla", "rush", NULL);
  fixture_add_entry (self, DESK_ENTRY_TOPIC, "printing", NULL);
  fixture_add_person (self, "john", DESK_ROLE_AGENT, "support", "");
  fixture_add_person (self, "jane", DESK_ROLE_AGENT, "online-banking", "");
  fixture_add_person (self, "night", DESK_ROLE_AGENT, "", "night");
  fixture_add_person (self, "karen", DESK_ROLE_REQUESTER, "", "");
  fixture_add_person (self, "stranger", DESK_ROLE_REQUESTER, "", "");
}

/* In memory where there is such a place: every op waits for the disk otherwise. */
static char *
make_folder (gboolean in_memory)
{
  char *folder = g_strdup ("/dev/shm/deskbell-XXXXXX");
  GError *error = NULL;

  if (in_memory && g_mkdtemp (folder) != NULL)
    return folder;
  g_free (folder);
  folder = g_dir_make_tmp ("deskbell-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

void
fixture_open (Fixture *self, gboolean in_memory)
{
  GError *error = NULL;

  self->folder = make_folder (in_memory);
  self->strings = g_ptr_array_new_with_free_func (g_free);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) desk_person_unref);
  self->path = g_build_filename (self->folder, "team.desk", NULL);
  self->now = NOW;
  self->db = desk_db_open (self->path, DESK_DB_CREATE, &error);
  g_assert_no_error (error);
  desk_people_add_first (self->db, "boss", NULL, self->now, &error);
  g_assert_no_error (error);
  furnish (self);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* --- the program --- */

static char *home;

static void
remove_home (void)
{
  remove_folder (home);
  g_clear_pointer (&home, g_free);
}

/* Not by GLib's own isolation, which leaks and hides the database of types. */
void
fixture_init (int *argc, char ***argv)
{
  static const char *const names[] = { "HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
                                       "XDG_CACHE_HOME" };

  home = make_folder (TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_setenv (names[i], home, TRUE);
  atexit (remove_home);
  g_test_init (argc, argv, NULL);
}

void
fixture_close (Fixture *self)
{
  g_clear_pointer (&self->db, desk_db_close);
  if (self->folder != NULL)
    remove_folder (self->folder);
  g_clear_pointer (&self->people, g_hash_table_unref);
  g_clear_pointer (&self->strings, g_ptr_array_unref);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->path, g_free);
}

static const char *
keep (Fixture *self, char *string)
{
  g_ptr_array_add (self->strings, string);
  return string;
}

const char *
fixture_path (Fixture *self, const char *name)
{
  return keep (self, g_build_filename (self->folder, name, NULL));
}

/* --- ops --- */

static gint64
find_base (Fixture *self, const char *login, const char *ticket)
{
  GError *error = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find (self->db, ticket, &error);
  const DeskPerson *person = fixture_person (self, login);

  g_assert_no_error (error);
  if (fold == NULL)
    return 0;
  return desk_standing_of (person, fold->ticket) &
                 (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR)
             ? fold->ticket->no
             : fold->ticket->public_no;
}

DeskOp *
fixture_op (Fixture *self, DeskKind kind, const char *login, const char *ticket)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *new_ticket = desk_uid_new ();
  DeskOp *op = desk_op_new (uid, ticket != NULL ? ticket : new_ticket, kind,
                            fixture_uid (self, login));

  op->device = g_strdup ("device");
  op->via = DESK_VIA_CLI;
  op->at = self->now;
  op->base = ticket != NULL ? find_base (self, login, ticket) : 0;
  return op;
}

DeskReceipt *
fixture_receive (Fixture *self, const char *login, DeskOp *op, GError **error)
{
  self->now++;
  return desk_submit (self->db, op, fixture_person (self, login), self->now, error);
}

int
fixture_submit (Fixture *self, const char *login, DeskOp *op)
{
  GError *error = NULL;
  g_autoptr (DeskReceipt) receipt = fixture_receive (self, login, op, &error);
  int code = error != NULL ? error->code : FINE;

  desk_op_unref (op);
  g_assert_true ((receipt == NULL) == (error != NULL));
  if (error != NULL && error->domain != DESK_ERROR)
    g_assert_no_error (error);
  if (error != NULL)
    g_test_message ("refused: %s", error->message);
  g_clear_error (&error);
  return code;
}

static void
take_changes (DeskOp *op, va_list *args)
{
  int field;

  while ((field = va_arg (*args, int)) != -1)
    desk_op_change (op, field, va_arg (*args, const char *));
}

const char *
fixture_file (Fixture *self, const char *login, const char *summary, ...)
{
  DeskOp *op = fixture_op (self, DESK_KIND_CREATED, login, NULL);
  const char *uid = keep (self, g_strdup (op->ticket));
  va_list args;

  desk_op_change (op, DESK_FIELD_SUMMARY, summary);
  va_start (args, summary);
  take_changes (op, &args);
  va_end (args);
  assert_code (fixture_submit (self, login, op), FINE);
  return uid;
}

int
fixture_do (
    Fixture *self, DeskKind kind, const char *login, const char *ticket, const char *text, ...)
{
  DeskOp *op = fixture_op (self, kind, login, ticket);
  va_list args;

  desk_op_set_text (op, text);
  va_start (args, text);
  take_changes (op, &args);
  va_end (args);
  return fixture_submit (self, login, op);
}

DeskAttachment *
fixture_attachment (Fixture *self, const char *name, const char *bytes, gssize size)
{
  g_autoptr (GBytes) content = g_bytes_new (bytes, size < 0 ? strlen (bytes) : (gsize) size);
  GError *error = NULL;
  DeskAttachment *attachment = desk_blobs_add_bytes (self->db, content, name, NULL, &error);

  g_assert_no_error (error);
  return attachment;
}

/* --- looking --- */

DeskCase *
fixture_load (Fixture *self, const char *login, const char *ticket)
{
  GError *error = NULL;
  DeskCase *found = desk_tickets_load (self->db, fixture_person (self, login), ticket, 0, &error);

  if (error != NULL)
    g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_clear_error (&error);
  return found;
}

char *
fixture_search (Fixture *self, const char *login, const char *words)
{
  GString *found = g_string_new (NULL);
  GError *error = NULL;
  g_autoptr (GPtrArray)
      rows = desk_search (self->db, fixture_person (self, login), words, 50, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (found, "%s%s", i > 0 ? ", " : "",
                            ((DeskRow *) rows->pdata[i])->summary);
  return g_string_free (found, FALSE);
}

char *
fixture_ask (DeskDb *db, const char *sql)
{
  sqlite3 *handle = desk_db_get_handle (db);
  sqlite3_stmt *stmt = NULL;
  char *answer = NULL;

  if (sqlite3_prepare_v2 (handle, sql, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (handle));
  if (sqlite3_step (stmt) == SQLITE_ROW)
    answer = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  sqlite3_finalize (stmt);
  return answer != NULL ? answer : g_strdup ("");
}

gint64
fixture_count (DeskDb *db, const char *sql)
{
  g_autofree char *answer = fixture_ask (db, sql);

  return g_ascii_strtoll (answer, NULL, 10);
}

/* --- what must hold --- */

static void
check_events (const DeskTicket *ticket, GPtrArray *events)
{
  g_autoptr (DeskTicket) again = desk_ticket_new (ticket->uid);
  gint64 public_no = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const DeskEvent *event = events->pdata[i];

      g_assert_cmpint (event->no, ==, i + 1);
      if (event->audience == DESK_AUDIENCE_PUBLIC)
        g_assert_cmpint (event->public_no, ==, ++public_no);
      else
        g_assert_cmpint (event->public_no, ==, 0);
      desk_apply (again, event);
    }
  if (again->summary == NULL)
    again->summary = g_strdup ("");
  g_assert_cmpstr (desk_ticket_compare (ticket, again), ==, NULL);
}

static void
check_ticket (DeskDb *db, gint64 id)
{
  GError *error = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find_id (db, id, &error);
  g_autoptr (GPtrArray) events = NULL;

  g_assert_no_error (error);
  events = desk_fold_read_events (db, fold, 0, &error);
  g_assert_no_error (error);
  check_events (fold->ticket, events);
}

static void
check_tickets (DeskDb *db)
{
  gint64 newest = fixture_count (db, "SELECT max (id) FROM ticket");

  for (gint64 id = 1; id <= newest; id++)
    {
      g_autofree char *sql = g_strdup_printf (
          "SELECT count (*) FROM ticket WHERE id = %" G_GINT64_FORMAT, id);

      if (fixture_count (db, sql) == 1)
        check_ticket (db, id);
    }
}

/* Questions whose answer is always 0. */
static const char *const nothing[] = {
  "SELECT count (*) FROM (SELECT department, coalesce (team, 0), coalesce (assignee, 0), status,"
  " count (*) FROM ticket GROUP BY 1, 2, 3, 4 EXCEPT SELECT department, team, assignee, status, n "
  "FROM tally)",
  "SELECT count (*) FROM (SELECT department, team, assignee, status, n FROM tally WHERE n <> 0"
  " EXCEPT SELECT department, coalesce (team, 0), coalesce (assignee, 0), status, count (*)"
  " FROM ticket GROUP BY 1, 2, 3, 4)",
  "SELECT count (*) FROM ticket AS t WHERE attachments <> (SELECT count (*) FROM attachment WHERE "
  "ticket = t.id)",
  "SELECT count (*) FROM ticket WHERE tx > (SELECT tx FROM desk) OR public_tx > tx",
  "SELECT count (*) - count (DISTINCT tx) FROM ticket",
  "SELECT count (*) FROM blob AS b WHERE sha256 IS NOT NULL AND size_bytes <>"
  " (SELECT coalesce (sum (length (data)), 0) FROM chunk WHERE blob = b.id)",
  "SELECT count (*) FROM pragma_foreign_key_check",
  "SELECT count (*) FROM text_public_docsize WHERE id NOT IN (SELECT id FROM event WHERE public_no "
  "IS NOT NULL)",
  "SELECT count (*) FROM text_internal_docsize WHERE id NOT IN (SELECT id FROM event WHERE "
  "public_no IS NULL)",
  "SELECT count (*) FROM event WHERE public_no IS NOT NULL AND text IS NOT NULL"
  " AND id NOT IN (SELECT id FROM text_public_docsize)",
  "SELECT count (*) FROM event WHERE public_no IS NULL AND text IS NOT NULL"
  " AND id NOT IN (SELECT id FROM text_internal_docsize)",
};

static void
report (const char *problem, gpointer user_data)
{
  g_error ("the desk is not sound: %s", problem);
}

void
fixture_check (DeskDb *db)
{
  GError *error = NULL;
  g_autofree char *integrity = fixture_ask (db,
                                            "SELECT integrity_check FROM pragma_integrity_check");

  g_assert_cmpstr (integrity, ==, "ok");
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    if (fixture_count (db, nothing[i]) != 0)
      g_error ("not nothing: %s", nothing[i]);
  check_tickets (db);
  g_assert_cmpint (desk_check (db, report, NULL, NULL, NULL, &error), ==, 0);
  g_assert_no_error (error);
}

/* --- other processes --- */

GSubprocess *
fixture_spawn (const char *name, const char *argument)
{
  GError *error = NULL;
  g_autoptr (GSubprocess)
      child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                &error, "/proc/self/exe", "--child", name, argument, NULL);

  g_assert_no_error (error);
  return g_steal_pointer (&child);
}

void
fixture_run_child (const char *name, const char *argument)
{
  g_autoptr (GSubprocess) child = fixture_spawn (name, argument);
  GError *error = NULL;

  g_subprocess_wait_check (child, NULL, &error);
  g_assert_no_error (error);
}

void
fixture_be_child (int argc, char **argv, const FixtureChild *children)
{
  if (argc != 4 || strcmp (argv[1], "--child") != 0)
    return;
  for (guint i = 0; children[i].name != NULL; i++)
    if (strcmp (children[i].name, argv[2]) == 0)
      exit (children[i].run (argv[3]));
  g_error ("no child is called %s", argv[2]);
}

const char *
fixture_word_code (int code)
{
  return code == FINE ? "fine" : desk_enum_get_nick (DESK_TYPE_ERROR, code);
}
