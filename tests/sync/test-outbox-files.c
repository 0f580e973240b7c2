/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files of what waits to be sent, and of what was: they are there as long as they may be needed,
 * and what was taken out on the server is kept nowhere. */
#include "acts.h"

#include "served.h"

static DeskAttachment *
add_picture (Copy *copy)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a picture", 9);
  GError *error = NULL;
  DeskAttachment *picture = desk_blobs_add_bytes (copy->db, bytes, "a.png", NULL, &error);

  g_assert_no_error (error);
  return picture;
}

/* (transfer full) */
static char *
file_with_picture (Copy *copy, Fixture *f)
{
  g_autoptr (DeskOp) op = new_op (copy, f, DESK_KIND_CREATED, NULL, "words");

  desk_op_change (op, DESK_FIELD_SUMMARY, "The printer is on fire");
  desk_op_take_attachment (op, add_picture (copy));
  assert_code (submit (copy, f, op), FINE);
  return g_strdup (op->ticket);
}

/* Files of what waits are kept, however long it does. */
static void
test_attachments (void)
{
  FIXTURE (f);
  start_server (&f);
  {
    COPY (karen, "karen");
    GError *error = NULL;
    g_autofree char *uid = file_with_picture (&karen, &f);

    g_assert_cmpint (
        desk_blobs_sweep (karen.db, g_get_real_time () / G_USEC_PER_SEC + 30 * DAY, &error), ==, 0);
    g_assert_cmpint (fixture_count (karen.db, "SELECT count (*) FROM blob"), ==, 1);
    copy_sync (&karen, f.db, f.now);
    assert_same (&karen, &f);
    g_assert_cmpint (fixture_count (karen.db, "SELECT missing FROM blob"), ==, 0);

    /* What was sent may have to be sent again; after a month it is trusted to be there. */
    g_assert_true (desk_replica_trim_files (karen.db, 0, NULL, &error));
    g_assert_cmpint (fixture_count (karen.db, "SELECT missing FROM blob"), ==, 0);
    g_assert_true (desk_db_begin (karen.db, &error));
    g_assert_true (desk_outbox_sweep (karen.db, f.now + 31 * DAY, &error));
    g_assert_true (desk_db_commit (karen.db, &error));

    /* Nine bytes are what there may be; eight are not. */
    g_assert_true (desk_replica_trim_files (karen.db, 9, NULL, &error));
    g_assert_cmpint (fixture_count (karen.db, "SELECT missing FROM blob"), ==, 0);
    g_assert_true (desk_replica_trim_files (karen.db, 8, NULL, &error));
    g_assert_cmpint (fixture_count (karen.db, "SELECT missing FROM blob"), ==, 1);
    g_assert_cmpint (fixture_count (karen.db, "SELECT count (*) FROM chunk"), ==, 0);
    desk_attachment_free (add_picture (&karen));
    g_assert_cmpint (fixture_count (karen.db, "SELECT missing FROM blob"), ==, 0);
    /* The desk itself keeps all. */
    g_assert_true (desk_replica_trim_files (f.db, 0, NULL, &error));
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM chunk"), ==, 1);
  }
}

/* The restored server lost the ticket, so the copy drops it, until it is there again: with its
 * file, of which there is no other. */
static void
test_restored (void)
{
  FIXTURE (f);
  const char *backup = fixture_path (&f, "backup");

  start_server (&f);
  reopen (&f, NULL);
  desk_db_settle (f.db);
  copy_file (f.path, backup);
  {
    COPY (karen, "karen");
    g_autofree char *other = file (&karen, &f, "One more");
    g_autofree char *uid = NULL;

    copy_sync (&karen, f.db, f.now);
    uid = file_with_picture (&karen, &f);
    copy_sync (&karen, f.db, f.now);
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM attachment"), ==, 1);
    reopen (&f, backup);
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM blob"), ==, 0);
    copy_sync (&karen, f.db, f.now);
    copy_sync (&karen, f.db, f.now);
    g_assert_cmpuint (count_items (&karen, DESK_OUTBOX_REFUSED), ==, 0);
    g_assert_cmpint (fixture_count (f.db, "SELECT count (*) FROM attachment"), ==, 1);
    assert_same (&karen, &f);
  }
}

static void
redact (Fixture *f, const char *ticket, const char *event)
{
  DeskOp *op = fixture_op (f, DESK_KIND_REDACT, "boss", ticket);

  op->target = g_strdup (event);
  assert_code (fixture_submit (f, "boss", op), FINE);
}

/* The server takes it in, and its answer is lost. */
static void
send_in_vain (Copy *copy, Fixture *f)
{
  GError *error = NULL;
  g_autoptr (CopyAsk) ask = copy_ask (copy, COPY_PUSH, &error);
  g_autofree char *answer = served_answer (f->db, copy->reader, ask->request, f->now, &error);

  g_assert_no_error (error);
}

static void
test_redacted (gconstpointer lose_answer)
{
  FIXTURE (f);
  const char *ticket;

  start_server (&f);
  ticket = fixture_file (&f, "karen", "The printer is on fire", -1);
  {
    COPY (karen, "karen");
    g_autoptr (DeskOp) op = new_op (&karen, &f, DESK_KIND_MESSAGE, ticket, "My PIN is 1234");

    assert_code (submit (&karen, &f, op), FINE);
    if (GPOINTER_TO_INT (lose_answer))
      send_in_vain (&karen, &f);
    else
      copy_sync (&karen, f.db, f.now);
    redact (&f, ticket, op->uid);
    copy_sync (&karen, f.db, f.now);
    g_assert_cmpint (fixture_count (karen.db, "SELECT count (*) FROM outbox"), ==, 0);
    assert_same (&karen, &f);
  }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/outbox/keeps-files", test_attachments);
  g_test_add_func ("/outbox/keeps-files-that-a-restore-lost", test_restored);
  g_test_add_data_func ("/outbox/forgets-what-was-taken-out", GINT_TO_POINTER (FALSE),
                        test_redacted);
  g_test_add_data_func ("/outbox/forgets-what-was-taken-out-unanswered", GINT_TO_POINTER (TRUE),
                        test_redacted);
  return g_test_run ();
}
