/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people do besides writing: read, look for what is older than their copy, take back. */
#include "simulate.h"

/* --- reading --- */

/* -1: the ticket is not here, or of nobody else yet. */
static gint64
find_side (DeskDb *db, const char *uid)
{
  return count_of (db,
                   "SELECT coalesce (max (internal), -1) FROM ticket"
                   " WHERE uid = x'%s' AND number IS NOT NULL",
                   uid);
}

/* What will leave the copy when it is filled again is not remembered. */
static gboolean
is_old (World *self, const DeskTicket *ticket)
{
  return ticket->status == DESK_STATUS_CLOSED && ticket->updated_at < self->f.now - 60 * DAY;
}

static void
note_reading (World *self, Computer *computer, const DeskCase *found)
{
  DeskDb *db = computer->copy->db;
  gint64 side = find_side (db, found->ticket->uid);
  Reading *reading;

  if (side < 0 || is_old (self, found->ticket))
    return;
  /* What waits has a number that may become another's. */
  if (count_of (db, "SELECT pending FROM ticket WHERE uid = x'%s'", found->ticket->uid) > 0)
    return;
  reading = g_new0 (Reading, 1);
  reading->no = count_of (db,
                          "SELECT coalesce (max (s.no), 0) FROM seen AS s"
                          " JOIN ticket AS t ON t.id = s.ticket"
                          " JOIN person AS p ON p.id = s.person"
                          " JOIN replica AS r ON r.reader = p.uid WHERE t.uid = x'%s'",
                          found->ticket->uid);
  reading->internal = side != 0;
  g_hash_table_replace (computer->read, g_strdup (found->ticket->uid), reading);
}

void
read_ticket (World *self, Computer *computer)
{
  DeskDb *db = computer->copy->db;
  g_autoptr (DeskCase) found = load_any (self, computer);
  GError *error = NULL;
  g_autoptr (DeskPerson) me = desk_people_find_uid (db, computer->copy->reader, &error);
  gint64 no;

  g_assert_no_error (error);
  if (found == NULL)
    return;
  no = chance (self, 70) ? found->ticket->no : pick (self, (guint) found->ticket->no + 1);
  say (self, "%s has read %s up to %" G_GINT64_FORMAT, computer->device, found->ticket->uid, no);
  arm (self, db, 5);
  if (desk_db_begin (db, &error))
    {
      if (desk_tickets_mark_seen (db, me, found->ticket->uid, no, &error))
        desk_db_commit (db, &error);
      else
        desk_db_rollback (db);
    }
  if (disarm (db, error))
    {
      restart_program (self, computer, computer->copy);
      return;
    }
  self->n_read++;
  note_reading (self, computer, found);
}

static gboolean
is_other_now (gpointer uid, gpointer value, gpointer db)
{
  const Reading *reading = value;

  return find_side (db, uid) != (reading->internal ? 1 : 0);
}

void
note_what_went (Computer *computer)
{
  g_hash_table_foreach_remove (computer->read, is_other_now, computer->copy->db);
}

/* --- what is older --- */

void
want_old_ticket (World *self, Computer *computer)
{
  Copy *copy = &computer->programs[computer->turn].copy;
  g_autoptr (GPtrArray) all = copy_list_tickets (self->f.db);
  g_autoptr (GPtrArray) here = copy_list_tickets (copy->db);
  const char *uid = all->len > 0 ? all->pdata[pick (self, all->len)] : NULL;

  if (uid == NULL || g_ptr_array_find_with_equal_func (here, uid, g_str_equal, NULL))
    return;
  say (self, "%s wants %s, which is not there", computer->device, uid);
  g_free (copy->wanted);
  copy->wanted = g_strdup (uid);
}

/* --- taking back --- */

static GPtrArray *
take_back (DeskDb *db, const char *uid, GError **error)
{
  GPtrArray *ops;

  if (!desk_db_begin (db, error))
    return NULL;
  ops = desk_outbox_withdraw (db, uid, error);
  if (ops == NULL)
    {
      desk_db_rollback (db);
      return NULL;
    }
  if (desk_db_commit (db, error))
    return ops;
  g_ptr_array_unref (ops);
  return NULL;
}

static void
note_withdrawn (World *self, Computer *computer, GPtrArray *ops)
{
  for (guint i = 0; i < ops->len; i++)
    g_ptr_array_add (computer->withdrawn, g_strdup (((DeskOp *) ops->pdata[i])->uid));
  self->n_withdrawn += ops->len;
}

void
withdraw (World *self, Computer *computer)
{
  DeskDb *db = computer->copy->db;
  GError *error = NULL;
  g_autoptr (GPtrArray) waiting = desk_outbox_list (db, DESK_OUTBOX_WAITING, &error);
  g_autoptr (GPtrArray) ops = NULL;
  const char *uid;
  gboolean late;

  g_assert_no_error (error);
  if (waiting->len == 0)
    return;
  uid = ((DeskOutboxItem *) waiting->pdata[pick (self, waiting->len)])->op->uid;
  arm (self, db, 5);
  ops = take_back (db, uid, &error);
  late = g_error_matches (error, DESK_ERROR, DESK_ERROR_WRONG_STATUS);
  say (self, "%s takes back %s: %s", computer->device, uid, ops != NULL ? "done" : error->message);
  if (late)
    g_clear_error (&error);
  if (ops != NULL)
    note_withdrawn (self, computer, ops);
  if (disarm (db, error))
    restart_program (self, computer, computer->copy);
}
