/* SPDX-License-Identifier: GPL-3.0-or-later
 * The power is cut at any write: what was reported saved is there, and the desk is sound. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "shaky-disk.h"

#define N_CUTS      520
#define N_STEPS     14
#define FILE_BYTES  (600 * 1024)
#define LARGE_BYTES (17 * DESK_BLOB_CHUNK_BYTES)

/* What somebody was told, to be held against the desk afterwards. */
typedef struct
{
  DeskOp *op;
  char *login;
  gboolean refused;
  guint group; /* ops of one transaction; 0: alone */
  gboolean told;
} Told;

typedef struct
{
  Fixture *f;
  GRand *rand;
  GPtrArray *tickets;  /* uids that are surely there */
  GPtrArray *told;     /* of Told */
  GPtrArray *contents; /* sha256 of files that are surely there */
  gint64 topic_revision;
  guint n_groups;
  guint n_erased;
} Work;

static void
free_told (gpointer data)
{
  Told *told = data;

  desk_op_unref (told->op);
  g_free (told->login);
  g_free (told);
}

/* --- work --- */

static const char *
pick_ticket (Work *work)
{
  return work->tickets->pdata[g_rand_int_range (work->rand, 0, work->tickets->len)];
}

static DeskOp *
new_op (Work *work, const char **login)
{
  static const char *const texts[] = { "alpha", "beta", "gamma", "delta" };
  const char *text = texts[g_rand_int_range (work->rand, 0, G_N_ELEMENTS (texts))];
  DeskOp *op;

  *login = "boss";
  switch (g_rand_int_range (work->rand, 0, 6))
    {
    case 0:
      *login = "karen";
      op = fixture_op (work->f, DESK_KIND_CREATED, "karen", NULL);
      desk_op_change (op, DESK_FIELD_SUMMARY, text);
      return op;
    case 1:
      op = fixture_op (work->f, DESK_KIND_CHANGE, "boss", pick_ticket (work));
      desk_op_change (op, DESK_FIELD_SUMMARY, text);
      return op;
    case 2:
      op = fixture_op (work->f, DESK_KIND_CHANGE, "boss", pick_ticket (work));
      desk_op_change (op, DESK_FIELD_TEAM, g_rand_boolean (work->rand) ? "night" : NULL);
      return op;
    case 3:
      op = fixture_op (work->f, DESK_KIND_REPLY, "boss", pick_ticket (work));
      desk_op_change (op, DESK_FIELD_STATUS, "waiting");
      break;
    case 4:
      *login = "karen";
      op = fixture_op (work->f, DESK_KIND_MESSAGE, "karen", pick_ticket (work));
      break;
    default:
      op = fixture_op (work->f, DESK_KIND_NOTE, "boss", pick_ticket (work));
    }
  desk_op_set_text (op, text);
  return op;
}

static Told *
remember (Work *work, DeskOp *op, const char *login, guint group)
{
  Told *told = g_new0 (Told, 1);

  told->op = op;
  told->login = g_strdup (login);
  told->group = group;
  g_ptr_array_add (work->told, told);
  return told;
}

/* What a caller concludes of an answer. */
static gboolean
is_told (Told *told, DeskReceipt *receipt, GError *error)
{
  told->refused = error != NULL;
  if (error != NULL && error->domain != DESK_ERROR)
    g_assert_true (shaky_disk_is_dead ());
  return receipt != NULL || error->domain == DESK_ERROR;
}

static void
submit_one (Work *work, DeskOp *op, const char *login)
{
  Told *told = remember (work, op, login, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReceipt) receipt = fixture_receive (work->f, login, op, &error);

  told->told = is_told (told, receipt, error);
  if (receipt != NULL && op->kind == DESK_KIND_CREATED)
    g_ptr_array_add (work->tickets, g_strdup (op->ticket));
}

static void
submit_any (Work *work)
{
  const char *login;
  DeskOp *op = new_op (work, &login);

  submit_one (work, op, login);
}

/* Several in one transaction, as the writer does; nobody is told before the end. FALSE: it is not
 * committed. */
static gboolean
submit_some (Work *work)
{
  guint n = g_rand_int_range (work->rand, 2, 6);
  gboolean fine = desk_db_begin (work->f->db, NULL);

  work->n_groups++;
  for (guint i = 0; fine && i < n; i++)
    {
      const char *login;
      DeskOp *op = new_op (work, &login);
      Told *told = remember (work, op, login, work->n_groups);
      g_autoptr (GError) error = NULL;
      g_autoptr (DeskReceipt) receipt = desk_submit_in (
          work->f->db, op, fixture_person (work->f, login), ++work->f->now, &error);

      fine = is_told (told, receipt, error);
    }
  if (fine)
    return desk_db_commit (work->f->db, NULL);
  desk_db_rollback (work->f->db);
  return FALSE;
}

static void
submit_group (Work *work)
{
  guint first = work->told->len;
  gboolean done = submit_some (work);

  for (guint i = first; done && i < work->told->len; i++)
    ((Told *) work->told->pdata[i])->told = TRUE;
}

/* Nobody is told: it may be lost, but whole, and nothing else with it. */
static void
submit_without_waiting (Work *work)
{
  if (!desk_db_wait_for_disk (work->f->db, FALSE, NULL))
    return;
  submit_some (work);
  desk_db_wait_for_disk (work->f->db, TRUE, NULL);
}

static GBytes *
make_content (Work *work)
{
  gsize size = g_rand_int_range (work->rand, 0, 20) == 0
                   ? LARGE_BYTES
                   : (gsize) g_rand_int_range (work->rand, 0, FILE_BYTES);
  guint8 *data = g_malloc (size + 1);

  for (gsize i = 0; i < size; i += 256)
    memset (data + i, g_rand_int (work->rand), MIN (256, size - i));
  return g_bytes_new_take (data, size);
}

static void
attach (Work *work)
{
  g_autoptr (GBytes) content = make_content (work);
  DeskAttachment *attachment = desk_blobs_add_bytes (work->f->db, content, "file.bin", NULL, NULL);
  DeskOp *op;

  if (attachment == NULL)
    return;
  g_ptr_array_add (work->contents, g_strdup (attachment->sha256));
  /* It is there, but the log was not brought into the file any more. */
  if (shaky_disk_is_dead ())
    {
      desk_attachment_free (attachment);
      return;
    }
  op = fixture_op (work->f, DESK_KIND_NOTE, "boss", pick_ticket (work));
  desk_op_take_attachment (op, attachment);
  submit_one (work, op, "boss");
}

static void
redact (Work *work)
{
  g_autoptr (DeskCase) found = desk_tickets_load (work->f->db, fixture_person (work->f, "boss"),
                                                  pick_ticket (work), 0, NULL);
  const DeskEvent *event;
  DeskOp *op;

  if (found == NULL)
    return;
  event = found->events->pdata[g_rand_int_range (work->rand, 0, found->events->len)];
  if (event->attachments->len > 0)
    return;
  op = fixture_op (work->f, DESK_KIND_REDACT, "boss", found->ticket->uid);
  op->target = g_strdup (event->uid);
  submit_one (work, op, "boss");
}

static void
change_catalogue (Work *work)
{
  g_autoptr (DeskEntry) topic = desk_entry_new (DESK_ENTRY_TOPIC, "printing", "Printing");

  if (!desk_db_begin (work->f->db, NULL))
    return;
  if (!desk_entries_save (work->f->db, topic, work->topic_revision,
                          fixture_person (work->f, "boss"), work->f->now, NULL))
    desk_db_rollback (work->f->db);
  else if (desk_db_commit (work->f->db, NULL))
    work->topic_revision++;
}

static void
erase_somebody (Work *work)
{
  g_autofree char *uid = NULL;

  if (work->n_erased > 0)
    return;
  uid = g_strdup (fixture_uid (work->f, "stranger"));
  if (!desk_db_begin (work->f->db, NULL))
    return;
  if (!desk_people_erase (work->f->db, uid, fixture_person (work->f, "boss"), work->f->now, NULL))
    desk_db_rollback (work->f->db);
  else if (desk_db_commit (work->f->db, NULL))
    work->n_erased++;
}

static void
checkpoint (Work *work)
{
  sqlite3_wal_checkpoint_v2 (desk_db_get_handle (work->f->db), NULL,
                             g_rand_int_range (work->rand, 0, 4), NULL, NULL);
}

static void
sweep (Work *work)
{
  desk_blobs_sweep (work->f->db, g_get_real_time () / G_USEC_PER_SEC, NULL);
}

static void (*const steps[]) (Work *) = { submit_any,     submit_any,   submit_any,
                                          submit_group,   submit_group, submit_without_waiting,
                                          attach,         redact,       change_catalogue,
                                          erase_somebody, checkpoint,   sweep };

/* Until it is done or the power is gone. */
static void
work_on (Work *work)
{
  for (guint i = 0; i < N_STEPS && !shaky_disk_is_dead (); i++)
    steps[g_rand_int_range (work->rand, 0, G_N_ELEMENTS (steps))](work);
}

/* --- afterwards --- */

/* Who was told something is told it again. */
static void
assert_same_answer (Work *work, const Told *told)
{
  const DeskPerson *author = fixture_person (work->f, told->login);
  GError *error = NULL;
  g_autoptr (DeskReceipt)
      receipt = desk_submit (work->f->db, told->op, author, work->f->now, &error);

  if (told->refused)
    g_assert_true (error != NULL && error->domain == DESK_ERROR);
  else
    g_assert_no_error (error);
  g_clear_error (&error);
  if (receipt != NULL)
    g_assert_true (receipt->replayed);
}

/* Of a transaction that nobody was told about, all is there or nothing; what changed nothing leaves
 * no event. */
static void
assert_group_whole (Work *work, guint group)
{
  guint there = 0;
  guint missing = 0;

  for (guint i = 0; i < work->told->len; i++)
    {
      const Told *told = work->told->pdata[i];
      g_autofree char *uid = NULL;
      g_autofree char *sql = NULL;
      g_auto (GStrv) parts = NULL;

      if (told->group != group || told->told)
        continue;
      parts = g_strsplit (told->op->uid, "-", -1);
      uid = g_strjoinv ("", parts);
      sql = g_strdup_printf ("SELECT (SELECT count (*) FROM event WHERE uid = x'%s') + (SELECT "
                             "count (*) FROM receipt WHERE op = x'%s')",
                             uid, uid);
      if (fixture_count (work->f->db, sql) > 0)
        there++;
      else
        missing++;
    }
  g_assert_true (there == 0 || missing == 0);
}

static void
assert_contents (Work *work)
{
  for (guint i = 0; i < work->contents->len; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM blob WHERE sha256 = x'%s'",
                                              (char *) work->contents->pdata[i]);

      g_assert_cmpint (fixture_count (work->f->db, sql), ==, 1);
    }
}

static void
assert_all_there (Work *work)
{
  for (guint i = 0; i < work->told->len; i++)
    {
      const Told *told = work->told->pdata[i];

      if (told->told)
        assert_same_answer (work, told);
    }
  for (guint group = 1; group <= work->n_groups; group++)
    assert_group_whole (work, group);
  assert_contents (work);
  g_assert_cmpint (
      fixture_count (work->f->db, "SELECT revision FROM entry WHERE slug = 'printing'"), >=,
      work->topic_revision);
  g_assert_cmpint (fixture_count (work->f->db, "SELECT count (*) FROM erased"), >=, work->n_erased);
}

/* --- a life --- */

static void
clear_work (Work *work)
{
  g_clear_pointer (&work->rand, g_rand_free);
  g_clear_pointer (&work->tickets, g_ptr_array_unref);
  g_clear_pointer (&work->told, g_ptr_array_unref);
  g_clear_pointer (&work->contents, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, clear_work)

static void
drop_companions (Fixture *f)
{
  static const char *const endings[] = { "-wal", "-shm", "-stamp" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (f->path, endings[i], NULL);
      g_unlink (path);
    }
}

static void
open_desk (Fixture *f)
{
  GError *error = NULL;

  f->db = desk_db_open (f->path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  g_hash_table_remove_all (f->people);
}

/* Everybody whom the work needs is known before the power goes. */
static void
meet_people (Fixture *f)
{
  fixture_person (f, "boss");
  fixture_person (f, "karen");
  fixture_person (f, "stranger");
}

/* @cut_at 0: the power holds. Returns how many operations it took. */
static guint
live (Fixture *f, const char *ticket, guint seed, guint cut_at)
{
  g_auto (Work) work = { .f = f, .rand = g_rand_new_with_seed (seed), .topic_revision = 1 };
  g_autofree char *shm = g_strconcat (f->path, "-shm", NULL);
  guint count;

  work.tickets = g_ptr_array_new_with_free_func (g_free);
  work.told = g_ptr_array_new_with_free_func (free_told);
  work.contents = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (work.tickets, g_strdup (ticket));
  shaky_disk_install ();
  open_desk (f);
  meet_people (f);
  /* So that the log is brought into the file in the middle of the work. */
  sqlite3_wal_autocheckpoint (desk_db_get_handle (f->db), g_rand_int_range (work.rand, 5, 200));
  shaky_disk_cut_at (cut_at, seed);
  work_on (&work);
  count = shaky_disk_count ();
  g_clear_pointer (&f->db, desk_db_close);
  shaky_disk_flush ();
  shaky_disk_remove ();
  shaky_disk_reset ();
  /* Shared memory does not outlive the power. */
  g_unlink (shm);
  open_desk (f);
  assert_all_there (&work);
  fixture_check (f->db);
  g_clear_pointer (&f->db, desk_db_close);
  return count;
}

typedef struct
{
  char *data;
  gsize size;
} Saved;

static void
put_back (Fixture *f, const Saved *saved)
{
  GError *error = NULL;

  drop_companions (f);
  g_file_set_contents_full (f->path, saved->data, saved->size, G_FILE_SET_CONTENTS_NONE, 0600,
                            &error);
  g_assert_no_error (error);
}

static void
test_power_cuts (void)
{
  FIXTURE (f);
  const char *ticket = fixture_file (&f, "karen", "Printer jams", -1);
  Saved saved = { 0 };
  GError *error = NULL;
  guint cuts = 0;

  g_clear_pointer (&f.db, desk_db_close);
  g_file_get_contents (f.path, &saved.data, &saved.size, &error);
  g_assert_no_error (error);
  for (guint seed = 0; cuts < N_CUTS; seed++)
    {
      guint whole;
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

      put_back (&f, &saved);
      whole = live (&f, ticket, seed, 0);
      /* The same work again, several times, cut at different places. */
      for (guint i = 0; i < 8; i++, cuts++)
        {
          put_back (&f, &saved);
          live (&f, ticket, seed, g_rand_int_range (rand, 1, whole + 1));
        }
    }
  g_free (saved.data);
  g_test_message ("%u cuts", cuts);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/power-cut/loses-nothing-that-was-told", test_power_cuts);
  return g_test_run ();
}
