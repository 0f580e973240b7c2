/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people do on their copies, in a line each. */
#include "acts.h"

#include "desk-feed.h"

void
start_server (Fixture *f)
{
  g_autoptr (GBytes) key = g_bytes_new_static ("k", 1);
  GError *error = NULL;
  g_autoptr (GBytes) kept = desk_feed_start (f->db, key, f->now, &error);

  g_assert_no_error (error);
}

void
assert_same (Copy *copy, Fixture *f)
{
  g_autofree char *difference = copy_compare (copy, f->db, f->now);

  if (difference != NULL)
    g_error ("%s: %s", copy->path, difference);
}

DeskCase *
load (Copy *copy, const char *uid)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) me = desk_people_find_uid (copy->db, copy->reader, &error);
  DeskCase *found = desk_tickets_load (copy->db, me, uid, 0, &error);

  if (g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH))
    {
      g_error_free (error);
      return NULL;
    }
  g_assert_no_error (error);
  return found;
}

DeskOp *
new_op (Copy *copy, Fixture *f, DeskKind kind, const char *ticket, const char *text)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *new_ticket = desk_uid_new ();
  g_autoptr (DeskCase) found = ticket != NULL ? load (copy, ticket) : NULL;
  DeskOp *op = desk_op_new (uid, ticket != NULL ? ticket : new_ticket, kind, copy->reader);

  desk_op_set_text (op, text);
  op->device = g_strdup ("device");
  op->at = f->now;
  op->base = found != NULL ? found->ticket->no : 0;
  return op;
}

int
submit (Copy *copy, Fixture *f, const DeskOp *op)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) me = desk_people_find_uid (copy->db, copy->reader, &error);
  g_autoptr (DeskReceipt) receipt = desk_submit (copy->db, op, me, f->now, &error);
  int code = error != NULL ? error->code : FINE;

  if (error != NULL)
    g_assert_cmpint (error->domain, ==, DESK_ERROR);
  g_assert_true ((receipt == NULL) == (error != NULL));
  g_clear_error (&error);
  return code;
}

int
say (Copy *copy, Fixture *f, DeskKind kind, const char *ticket, const char *text)
{
  g_autoptr (DeskOp) op = new_op (copy, f, kind, ticket, text);

  return submit (copy, f, op);
}

int
change (Copy *copy, Fixture *f, const char *ticket, DeskField field, const char *to)
{
  g_autoptr (DeskOp) op = new_op (copy, f, DESK_KIND_CHANGE, ticket, NULL);

  desk_op_change (op, field, to);
  return submit (copy, f, op);
}

char *
file (Copy *copy, Fixture *f, const char *summary)
{
  g_autoptr (DeskOp) op = new_op (copy, f, DESK_KIND_CREATED, NULL, "I have words");

  desk_op_change (op, DESK_FIELD_SUMMARY, summary);
  assert_code (submit (copy, f, op), FINE);
  return g_strdup (op->ticket);
}

guint
count_items (Copy *copy, DeskOutboxState state)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) items = desk_outbox_list (copy->db, state, &error);

  g_assert_no_error (error);
  return items->len;
}

void
copy_file (const char *from, const char *to)
{
  g_autofree char *content = NULL;
  gsize size;
  GError *error = NULL;

  g_file_get_contents (from, &content, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, content, size, &error);
  g_assert_no_error (error);
}

void
reopen (Fixture *f, const char *content)
{
  GError *error = NULL;

  desk_db_close (f->db);
  if (content != NULL)
    copy_file (content, f->path);
  f->db = desk_db_open (f->path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  start_server (f);
}
