/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may sign in: passwords, sessions, invitations; and what of them never leaves the desk. */
#include "fixture.h"

#include <string.h>

#include "desk-accounts.h"
#include "desk-backup.h"
#include "desk-export.h"
#include "sample.h"

static GBytes *
make_token (const char *word)
{
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, word, -1);

  return desk_bytes_from_hex (hex);
}

static DeskDeviceSession *
make_session (Fixture *f, const char *login, const char *device, gint64 now)
{
  DeskDeviceSession *session = desk_device_session_new ();

  session->uid = desk_uid_new ();
  session->person = g_strdup (fixture_uid (f, login));
  session->device = g_strdup (device);
  session->device_name = g_strdup ("a notebook");
  session->via = DESK_VIA_CLI;
  session->created_at = session->used_at = now;
  session->expires_at = now + 90 * DAY;
  return session;
}

#define WRITE(call)                                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    GError *error_of_write = NULL;                                                                 \
    g_assert_true (desk_db_begin (f.db, &error_of_write));                                         \
    g_assert_true (call);                                                                          \
    g_assert_true (desk_db_commit (f.db, &error_of_write));                                        \
  }                                                                                                \
  G_STMT_END

static void
sign_in (Fixture *f, const char *login, const char *device, const char *token)
{
  g_autoptr (DeskDeviceSession) session = make_session (f, login, device, f->now);
  g_autoptr (GBytes) bytes = make_token (token);
  GError *error = NULL;

  g_assert_true (desk_db_begin (f->db, &error));
  g_assert_true (desk_sessions_add (f->db, session, bytes, &error));
  g_assert_true (desk_db_commit (f->db, &error));
}

/* Whose the token is; "" for nobody's. */
static char *
ask (Fixture *f, const char *token, gint64 now)
{
  g_autoptr (GBytes) bytes = make_token (token);
  g_autoptr (DeskPerson) person = NULL;
  g_autoptr (DeskDeviceSession) session = NULL;
  GError *error = NULL;

  session = desk_sessions_find (f->db, bytes, now, &person, &error);
  g_assert_no_error (error);
  g_assert_true ((session != NULL) == (person != NULL));
  return g_strdup (person != NULL ? person->login : "");
}

static void
assert_token (Fixture *f, const char *token, gint64 now, const char *login)
{
  g_autofree char *answer = ask (f, token, now);

  g_assert_cmpstr (answer, ==, login);
}

static void
test_passwords (void)
{
  FIXTURE (f);
  g_autoptr (GError) error = NULL;
  DeskPerson *person;
  char *hash;
  gboolean any = TRUE;

  g_assert_true (desk_accounts_any (f.db, &any, &error));
  g_assert_false (any);
  g_assert_true (desk_accounts_find (f.db, "karen", &person, &hash, &error));
  g_assert_cmpstr (person->uid, ==, fixture_uid (&f, "karen"));
  g_assert_null (hash);
  desk_person_unref (person);
  g_assert_true (desk_accounts_find (f.db, "unheard-of", &person, &hash, &error));
  g_assert_null (person);

  WRITE (desk_accounts_set (f.db, fixture_uid (&f, "karen"), "$argon2id$1", f.now, &error));
  g_assert_true (desk_accounts_any (f.db, &any, &error));
  g_assert_true (any);
  g_assert_true (desk_accounts_find (f.db, "karen", &person, &hash, &error));
  g_assert_cmpstr (hash, ==, "$argon2id$1");
  desk_person_unref (person);
  g_free (hash);

  /* The same password under a newer hash leaves the sessions alone; another one ends them. */
  sign_in (&f, "karen", "d1", "token");
  WRITE (desk_accounts_rehash (f.db, fixture_uid (&f, "karen"), "$argon2id$2", &error));
  assert_token (&f, "token", f.now, "karen");
  WRITE (desk_accounts_set (f.db, fixture_uid (&f, "karen"), "$argon2id$3", f.now, &error));
  assert_token (&f, "token", f.now, "");

  fixture_change_person (&f, "karen", DESK_ROLE_REQUESTER, "", "", TRUE);
  g_assert_true (desk_accounts_find (f.db, "karen", &person, &hash, &error));
  g_assert_null (person);
  g_assert_null (hash);
  g_assert_true (desk_accounts_any (f.db, &any, &error));
  g_assert_false (any);
}

static void
test_sessions (void)
{
  FIXTURE (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) of_karen = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GBytes) bytes = make_token ("one");
  DeskPerson *person;
  DeskDeviceSession *session;
  const char *uid;

  sign_in (&f, "karen", "d1", "one");
  sign_in (&f, "karen", "d2", "two");
  sign_in (&f, "john", "d1", "three");
  assert_token (&f, "one", f.now, "karen");
  assert_token (&f, "three", f.now, "john");
  assert_token (&f, "unheard-of", f.now, "");
  assert_token (&f, "one", f.now + 90 * DAY, "");

  session = desk_sessions_find (f.db, bytes, f.now, &person, &error);
  g_assert_true (session->current);
  g_assert_cmpstr (session->device_name, ==, "a notebook");
  g_assert_cmpint (session->via, ==, DESK_VIA_CLI);
  g_assert_false (desk_sessions_is_stale (session, f.now + 59 * MINUTE));
  g_assert_true (desk_sessions_is_stale (session, f.now + HOUR));
  WRITE (desk_sessions_touch (f.db, session->uid, f.now + HOUR, f.now + 91 * DAY, &error));
  desk_device_session_free (session);
  desk_person_unref (person);
  assert_token (&f, "one", f.now + 90 * DAY, "karen");

  of_karen = desk_sessions_list (f.db, fixture_uid (&f, "karen"), f.now, &error);
  g_assert_cmpuint (of_karen->len, ==, 2);
  uid = ((DeskDeviceSession *) of_karen->pdata[0])->uid;
  g_assert_cmpstr (((DeskDeviceSession *) of_karen->pdata[0])->device, ==, "d1");
  all = desk_sessions_list (f.db, NULL, f.now, &error);
  g_assert_cmpuint (all->len, ==, 3);

  /* Somebody else's cannot be told from none. */
  g_assert_true (desk_db_begin (f.db, &error));
  g_assert_false (desk_sessions_end (f.db, uid, fixture_uid (&f, "john"), &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_clear_error (&error);
  desk_db_rollback (f.db);
  WRITE (desk_sessions_end (f.db, uid, fixture_uid (&f, "karen"), &error));
  assert_token (&f, "one", f.now, "");
  assert_token (&f, "two", f.now, "karen");

  /* A device signs in again. */
  sign_in (&f, "karen", "d2", "newer");
  assert_token (&f, "two", f.now, "");
  assert_token (&f, "newer", f.now, "karen");

  /* Who leaves is out. */
  fixture_change_person (&f, "karen", DESK_ROLE_REQUESTER, "", "", TRUE);
  assert_token (&f, "newer", f.now, "");
  WRITE (desk_accounts_sweep (f.db, f.now + 91 * DAY, &error));
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM session"), ==, 0);
}

/* Whom the code invites; "" for nobody. */
static void
assert_code_invites (Fixture *f, const char *word, gint64 now, const char *login)
{
  g_autoptr (GBytes) code = make_token (word);
  GError *error = NULL;
  g_autoptr (DeskPerson) person = desk_invitations_find (f->db, code, now, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (person != NULL ? person->login : "", ==, login);
}

static void
test_invitations (void)
{
  FIXTURE (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = make_token ("first");
  g_autoptr (GBytes) second = make_token ("second");
  const char *karen = fixture_uid (&f, "karen");

  WRITE (desk_invitations_add (f.db, first, karen, f.now + DAY, &error));
  assert_code_invites (&f, "first", f.now, "karen");
  assert_code_invites (&f, "first", f.now + DAY, "");
  assert_code_invites (&f, "second", f.now, "");
  WRITE (desk_invitations_add (f.db, second, karen, f.now + DAY, &error));
  assert_code_invites (&f, "first", f.now, "");
  assert_code_invites (&f, "second", f.now, "karen");
  WRITE (desk_invitations_end (f.db, second, &error));
  assert_code_invites (&f, "second", f.now, "");

  WRITE (desk_invitations_add (f.db, first, karen, f.now + DAY, &error));
  WRITE (desk_accounts_sweep (f.db, f.now + DAY, &error));
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM invitation"), ==, 0);
}

/* What is exported may go anywhere. */
static void
test_never_exported (void)
{
  FIXTURE (f);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const char *path = fixture_path (&f, "out.jsonl");
  g_autoptr (GOutputStream) out = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);

  WRITE (desk_accounts_set (f.db, fixture_uid (&f, "karen"), "$argon2id$canary", f.now, &error));
  sign_in (&f, "karen", "canary-device", "token");
  out = G_OUTPUT_STREAM (g_file_create (file, G_FILE_CREATE_NONE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (desk_export (f.db, out, NULL, NULL, NULL, &error));
  g_assert_true (g_output_stream_close (out, NULL, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  g_assert_nonnull (strstr (text, "karen"));
  g_assert_null (strstr (text, "canary"));
}

/* A backup must not bring back who was sent away. */
static void
test_restore (void)
{
  FIXTURE (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) code = make_token ("code");
  const char *backup = fixture_path (&f, "backup.desk");
  g_autofree char *kept = NULL;
  DeskPerson *person;
  char *hash;

  WRITE (desk_accounts_set (f.db, fixture_uid (&f, "karen"), "old", f.now, &error));
  WRITE (desk_accounts_set (f.db, fixture_uid (&f, "john"), "johns", f.now, &error));
  sign_in (&f, "karen", "stolen", "stolen");
  sign_in (&f, "john", "d1", "johns");
  WRITE (desk_invitations_add (f.db, code, fixture_uid (&f, "jane"), f.now + DAY, &error));
  g_assert_true (desk_backup_copy (f.db, backup, &error));

  WRITE (desk_accounts_set (f.db, fixture_uid (&f, "karen"), "new", f.now, &error));
  WRITE (desk_invitations_end (f.db, code, &error));
  fixture_add_person (&f, "late", DESK_ROLE_REQUESTER, "", "");
  WRITE (desk_accounts_set (f.db, fixture_uid (&f, "late"), "late", f.now, &error));
  sign_in (&f, "late", "d1", "late");
  sign_in (&f, "karen", "d2", "newer");

  g_assert_true (desk_backup_restore (f.db, backup, f.now, &kept, &error));
  g_assert_no_error (error);
  sample_reopen (&f);
  assert_token (&f, "stolen", f.now, "");
  assert_token (&f, "newer", f.now, "karen");
  assert_token (&f, "johns", f.now, "john");
  assert_token (&f, "late", f.now, "");
  assert_code_invites (&f, "code", f.now, "");
  g_assert_true (desk_accounts_find (f.db, "karen", &person, &hash, &error));
  g_assert_cmpstr (hash, ==, "new");
  desk_person_unref (person);
  g_free (hash);
  sample_assert_sound (f.db);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/accounts/passwords", test_passwords);
  g_test_add_func ("/accounts/sessions", test_sessions);
  g_test_add_func ("/accounts/invitations", test_invitations);
  g_test_add_func ("/accounts/restore", test_restore);
  g_test_add_func ("/accounts/never-exported", test_never_exported);
  return g_test_run ();
}
