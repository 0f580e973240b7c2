/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a copy keeps of what is long over, and what its person has read of it. */
#include "acts.h"

#include "served.h"

#define MONTHS (100 * DAY)

static void
read_all (Copy *copy, const char *uid)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) me = desk_people_find_uid (copy->db, copy->reader, &error);

  g_assert_true (desk_db_begin (copy->db, &error));
  desk_tickets_mark_seen (copy->db, me, uid, G_MAXINT64, &error);
  g_assert_no_error (error);
  g_assert_true (desk_db_commit (copy->db, &error));
}

static gint64
count_read (DeskDb *db, const char *login)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT coalesce (max (s.no), 0) FROM seen AS s JOIN person AS p ON p.id = s.person"
      " WHERE p.login = '%s'",
      login);

  return fixture_count (db, sql);
}

static gboolean
is_here (Copy *copy, const char *uid)
{
  g_autoptr (DeskCase) found = load (copy, uid);

  return found != NULL;
}

static void
refill (Copy *copy)
{
  GError *error = NULL;

  desk_replica_begin_fill (copy->db, &error);
  g_assert_no_error (error);
}

/* One answer of the server's, whatever comes after it. */
static void
pull_page (Copy *copy, Fixture *f)
{
  GError *error = NULL;
  g_autoptr (CopyAsk) ask = copy_ask (copy, COPY_PULL, &error);
  g_autofree char *answer = served_answer (f->db, copy->reader, ask->request, f->now, &error);

  g_assert_no_error (error);
  copy_take (copy, ask, answer, f->now, &error);
  g_assert_no_error (error);
}

static const char *
file_and_close (Fixture *f, const char *login, const char *department)
{
  const char *uid = fixture_file (f, login, "printer", -1);

  assert_code (fixture_do (f, DESK_KIND_CHANGE, "boss", uid, "done", DESK_FIELD_DEPARTMENT,
                           department, DESK_FIELD_STATUS, "closed", -1),
               FINE);
  return uid;
}

/* --- what is long over --- */

static void
test_leaves (void)
{
  FIXTURE (f);
  const char *uid;

  start_server (&f);
  uid = file_and_close (&f, "karen", "support");
  {
    COPY (john, "john");

    g_assert_true (is_here (&john, uid));
    for (guint i = 0; i < 2; i++)
      {
        f.now += MONTHS / 2;
        copy_sync (&john, f.db, f.now);
        assert_same (&john, &f);
        g_assert_true (is_here (&john, uid));
      }
    refill (&john);
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
    g_assert_false (is_here (&john, uid));
  }
}

static void
test_comes_back (void)
{
  FIXTURE (f);
  const char *uid;

  start_server (&f);
  uid = file_and_close (&f, "karen", "support");
  f.now += MONTHS;
  {
    COPY (john, "john");

    g_assert_false (is_here (&john, uid));
    fixture_do (&f, DESK_KIND_CHANGE, "boss", uid, "again", DESK_FIELD_STATUS, "open", -1);
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
    g_assert_true (is_here (&john, uid));
  }
}

/* Somebody asks for it by its number. */
static void
test_is_wanted (void)
{
  FIXTURE (f);
  const char *uid, *secret;

  start_server (&f);
  uid = file_and_close (&f, "karen", "support");
  secret = file_and_close (&f, "stranger", "fraud");
  f.now += MONTHS;
  {
    COPY (john, "john");

    john.wanted = g_strdup (secret);
    copy_sync (&john, f.db, f.now);
    g_assert_false (is_here (&john, secret));
    g_assert_null (john.wanted);
    john.wanted = g_strdup (uid);
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
    g_assert_true (is_here (&john, uid));
    fixture_do (&f, DESK_KIND_NOTE, "boss", uid, "after all", -1);
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
  }
}

/* Of an agent's own too, who works on it besides. */
static void
test_own_stays (void)
{
  FIXTURE (f);
  const char *uid;

  start_server (&f);
  uid = file_and_close (&f, "john", "support");
  f.now += MONTHS;
  {
    COPY (john, "john");

    g_assert_true (is_here (&john, uid));
    assert_same (&john, &f);
  }
}

/* --- what was read --- */

static void
test_told (void)
{
  FIXTURE (f);
  const char *uid;

  start_server (&f);
  uid = fixture_file (&f, "karen", "printer", -1);
  fixture_do (&f, DESK_KIND_NOTE, "boss", uid, "canary", -1);
  {
    COPY (john, "john");
    COPY (jane, "jane");
    COPY (karen, "karen");

    read_all (&john, uid);
    copy_sync (&john, f.db, f.now);
    copy_sync (&karen, f.db, f.now);
    g_assert_cmpint (count_read (f.db, "john"), ==, 2);
    g_assert_cmpint (count_read (karen.db, "john"), ==, 0);
    g_assert_cmpint (fixture_count (jane.db, "SELECT count (*) FROM seen"), ==, 0);
    assert_same (&john, &f);
  }
}

/* Who has read nothing has not looked at it: what is over is no news to them. */
static void
test_nothing_read (void)
{
  FIXTURE (f);
  const char *uid = file_and_close (&f, "karen", "support");
  GError *error = NULL;

  desk_tickets_mark_seen (f.db, fixture_person (&f, "john"), uid, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM seen AS s JOIN person AS p"
                                        " ON p.id = s.person WHERE p.login = 'john'"),
                   ==, 0);
}

/* A desk that was restored does not know of it any more. */
static void
test_told_again (void)
{
  FIXTURE (f);
  const char *uid, *other;

  start_server (&f);
  uid = fixture_file (&f, "karen", "printer", -1);
  other = fixture_file (&f, "karen", "paper", -1);
  {
    COPY (john, "john");
    const char *backup = fixture_path (&f, "backup");

    reopen (&f, NULL);
    desk_db_settle (f.db);
    copy_file (f.path, backup);
    fixture_do (&f, DESK_KIND_NOTE, "boss", uid, "lost", -1);
    copy_sync (&john, f.db, f.now);
    read_all (&john, other);
    copy_sync (&john, f.db, f.now);
    g_assert_cmpint (count_read (f.db, "john"), ==, 1);
    reopen (&f, backup);
    g_assert_cmpint (count_read (f.db, "john"), ==, 0);
    copy_sync (&john, f.db, f.now);
    g_assert_cmpint (count_read (f.db, "john"), ==, 1);
    assert_same (&john, &f);
  }
}

/* The ticket changes while the copy is filled again: it is there all the time, and what was read of
 * it, of which the server has not heard, stays read. */
static void
test_filled_meanwhile (void)
{
  FIXTURE (f);
  const char *first, *second;

  start_server (&f);
  served_set_page (1, 0);
  first = fixture_file (&f, "karen", "printer", -1);
  second = fixture_file (&f, "karen", "paper", -1);
  {
    COPY (john, "john");

    read_all (&john, first);
    refill (&john);
    pull_page (&john, &f);
    g_assert_cmpint (fixture_count (john.db, "SELECT count (*) FROM delivered"), ==, 1);
    fixture_do (&f, DESK_KIND_NOTE, "boss", first, "meanwhile", -1);
    for (guint i = 0; i < 10; i++)
      {
        pull_page (&john, &f);
        g_assert_true (is_here (&john, first));
        g_assert_true (is_here (&john, second));
        g_assert_cmpint (count_read (john.db, "john"), ==, 1);
      }
    copy_sync (&john, f.db, f.now);
    assert_same (&john, &f);
    g_assert_cmpint (count_read (f.db, "john"), ==, 1);
  }
  served_set_page (0, 0);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/old/leaves-a-copy-that-is-filled-again", test_leaves);
  g_test_add_func ("/old/comes-back-when-it-is-opened-again", test_comes_back);
  g_test_add_func ("/old/is-brought-to-who-wants-it", test_is_wanted);
  g_test_add_func ("/old/stays-with-who-filed-it", test_own_stays);
  g_test_add_func ("/read/is-told-and-nobody-elses-business", test_told);
  g_test_add_func ("/read/nothing-is-no-mark", test_nothing_read);
  g_test_add_func ("/read/is-told-again-to-a-desk-that-was-restored", test_told_again);
  g_test_add_func ("/read/survives-a-fill", test_filled_meanwhile);
  return g_test_run ();
}
