/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people do on their copies, and what is done to the desk. */
#include <string.h>

#include "desk-feed.h"
#include "simulate.h"

/* --- what people do --- */

static const char *const texts[] = { "The printer eats paper", "Is it solved?", "Karen says so",
                                     "urgent, please", "Some other words" };

static const char *
any_text (World *self)
{
  return texts[pick (self, G_N_ELEMENTS (texts))];
}

static DeskOp *
new_op (World *self, Computer *computer, DeskKind kind, const DeskCase *on)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *new_ticket = desk_uid_new ();
  DeskOp *op = desk_op_new (uid, on != NULL ? on->ticket->uid : new_ticket, kind,
                            computer->copy->reader);

  op->device = g_strdup (computer->device);
  op->at = self->f.now + computer->copy->skew;
  op->base = on != NULL ? on->ticket->no : 0;
  return op;
}

static DeskOp *
file (World *self, Computer *computer)
{
  DeskOp *op = new_op (self, computer, DESK_KIND_CREATED, NULL);

  desk_op_change (op, DESK_FIELD_SUMMARY, any_text (self));
  desk_op_set_text (op, any_text (self));
  if (chance (self, 40))
    desk_op_change (op, DESK_FIELD_TOPIC, "online-banking");
  if (computer->copy->reader != NULL && chance (self, 10))
    desk_op_change (op, DESK_FIELD_REQUESTER, self->computers[5].copy->reader);
  return op;
}

static DeskOp *
write_text (World *self, Computer *computer, const DeskCase *on, DeskKind kind, const char *text)
{
  DeskOp *op = new_op (self, computer, kind, on);

  desk_op_set_text (op, text);
  return op;
}

static DeskOp *
set (World *self, Computer *computer, const DeskCase *on, DeskField field, const char *to)
{
  DeskOp *op = new_op (self, computer, DESK_KIND_CHANGE, on);

  desk_op_change (op, field, to);
  return op;
}

static DeskOp *
redact (World *self, Computer *computer, const DeskCase *on)
{
  DeskOp *op = new_op (self, computer, DESK_KIND_REDACT, on);

  if (on->events->len > 0)
    op->target = g_strdup (((DeskEvent *) on->events->pdata[pick (self, on->events->len)])->uid);
  return op;
}

static DeskOp *
attach (World *self, Computer *computer, const DeskCase *on, DeskKind kind)
{
  DeskOp *op = write_text (self, computer, on, kind, any_text (self));
  g_autofree char *text = g_strdup_printf ("file %u", pick (self, 3));
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  GError *error = NULL;
  DeskAttachment *file = desk_blobs_add_bytes (computer->copy->db, bytes, "paper.txt", NULL,
                                               &error);
  g_autoptr (DeskAttachment) uploaded = NULL;

  g_assert_no_error (error);
  desk_op_take_attachment (op, file);
  return op;
}

static const char *
any_agent (World *self)
{
  return self->computers[1 + pick (self, 4)].copy->reader;
}

static DeskOp *
act_as_requester (World *self, Computer *computer, const DeskCase *on)
{
  switch (pick (self, 6))
    {
    case 0:
      return set (self, computer, on, DESK_FIELD_STATUS, "closed");
    case 1:
      return set (self, computer, on, DESK_FIELD_STATUS, "open");
    case 2:
      return attach (self, computer, on, DESK_KIND_MESSAGE);
    default:
      return write_text (self, computer, on, DESK_KIND_MESSAGE, any_text (self));
    }
}

static DeskOp *
act_as_agent (World *self, Computer *computer, const DeskCase *on)
{
  static const char *const priorities[] = { "low", "normal", "high", "urgent" };
  static const char *const departments[] = { "support", "online-banking", "fraud" };
  static const char *const topics[] = { "online-banking", "printing" };
  DeskOp *op;

  switch (pick (self, 18))
    {
    case 0:
      return set (self, computer, on, DESK_FIELD_PRIORITY, priorities[pick (self, 4)]);
    case 1:
      return set (self, computer, on, DESK_FIELD_DEPARTMENT, departments[pick (self, 3)]);
    case 2:
      return set (self, computer, on, DESK_FIELD_ASSIGNEE, any_agent (self));
    case 3:
      return set (self, computer, on, DESK_FIELD_ASSIGNEE, NULL);
    case 4:
      return set (self, computer, on, DESK_FIELD_TEAM, chance (self, 60) ? "night" : NULL);
    case 5:
      return set (self, computer, on, DESK_FIELD_SUMMARY, any_text (self));
    case 6:
      op = set (self, computer, on, DESK_FIELD_STATUS, "resolved");
      desk_op_change (op, DESK_FIELD_RESOLUTION, "solved with paper");
      return op;
    case 7:
      op = write_text (self, computer, on, DESK_KIND_CHANGE, "closed for other reasons");
      desk_op_change (op, DESK_FIELD_STATUS, chance (self, 50) ? "closed" : "open");
      return op;
    case 8:
      op = write_text (self, computer, on, DESK_KIND_REPLY, any_text (self));
      desk_op_change (op, DESK_FIELD_STATUS, "waiting");
      return op;
    case 9:
      return redact (self, computer, on);
    case 10:
      return attach (self, computer, on, chance (self, 50) ? DESK_KIND_NOTE : DESK_KIND_REPLY);
    case 11:
    case 12:
      return set (self, computer, on, DESK_FIELD_TOPIC, topics[pick (self, 2)]);
    case 13:
      return set (self, computer, on, DESK_FIELD_SLA, chance (self, 50) ? "day" : "rush");
    case 14:
    case 15:
      return write_text (self, computer, on, DESK_KIND_REPLY, any_text (self));
    default:
      return write_text (self, computer, on, DESK_KIND_NOTE, "canary in the paper mine");
    }
}

DeskCase *
load_any (World *self, Computer *computer)
{
  g_autoptr (GPtrArray) uids = copy_list_tickets (computer->copy->db);
  GError *error = NULL;
  g_autoptr (DeskPerson)
      me = desk_people_find_uid (computer->copy->db, computer->copy->reader, &error);
  DeskCase *found;

  g_assert_no_error (error);
  if (uids->len == 0)
    return NULL;
  found = desk_tickets_load (computer->copy->db, me, uids->pdata[pick (self, uids->len)], 0,
                             &error);
  /* What is here and may not be seen is gone as soon as the server says so. */
  g_clear_error (&error);
  return found;
}

static void
submit (World *self, Computer *computer, DeskOp *op)
{
  GError *error = NULL;
  g_autoptr (DeskPerson)
      me = desk_people_find_uid (computer->copy->db, computer->copy->reader, &error);
  g_autoptr (DeskReceipt) receipt = NULL;
  gboolean refused;

  g_assert_no_error (error);
  arm (self, computer->copy->db, 5);
  receipt = desk_submit (computer->copy->db, op, me, self->f.now + computer->copy->skew, &error);
  refused = error != NULL && error->domain == DESK_ERROR;
  say (self, "%s: %s on %s: %s", computer->device, desk_enum_get_nick (DESK_TYPE_KIND, op->kind),
       op->ticket, error != NULL ? error->message : "kept");
  if (refused)
    g_clear_error (&error);
  if (disarm (computer->copy->db, error))
    restart_program (self, computer, computer->copy);
  if (receipt == NULL || receipt->events->len == 0)
    return;
  self->n_ops++;
  if (op->target != NULL)
    g_hash_table_add (self->redacted, g_strdup (op->target));
  g_ptr_array_add (computer->kept, g_strdup (op->uid));
}

void
act (World *self)
{
  Computer *computer = &self->computers[pick (self, N_COMPUTERS)];
  g_autoptr (DeskCase) on = NULL;
  g_autoptr (DeskOp) op = NULL;
  GError *error = NULL;
  g_autoptr (DeskPerson) me = NULL;

  computer->copy = &computer->programs[pick (self, N_PROGRAMS)].copy;
  me = desk_people_find_uid (computer->copy->db, computer->copy->reader, &error);
  g_assert_no_error (error);
  if (!chance (self, 25))
    on = load_any (self, computer);
  if (on == NULL)
    op = file (self, computer);
  else if (me->role == DESK_ROLE_REQUESTER || chance (self, 5))
    op = act_as_requester (self, computer, on);
  else
    op = act_as_agent (self, computer, on);
  submit (self, computer, op);
}

/* --- what happens besides --- */

static void
change_rights (World *self, Computer *computer)
{
  static const char *const departments[] = { "", "support", "online-banking", "fraud support",
                                             "online-banking support" };
  static const char *const names[] = { "john", "jane", "night" };
  const char *login = names[pick (self, 3)];
  const char *places = departments[pick (self, 5)];

  say (self, "%s works in %s", login, places);
  fixture_change_person (&self->f, login, chance (self, 10) ? DESK_ROLE_REQUESTER : DESK_ROLE_AGENT,
                         places, chance (self, 40) ? "night" : "", FALSE);
}

static void
change_settings (World *self, Computer *computer)
{
  static const struct
  {
    DeskEntryKind kind;
    const char *slug;
    DeskProperty property;
    const char *values[2];
  } settings[] = {
    { DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_PRIORITY, { "yes", "no" } },
    { DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_ASSIGNEE, { "yes", "no" } },
    { DESK_ENTRY_DESK, "desk", DESK_PROPERTY_SHOW_DUE, { "yes", "no" } },
    { DESK_ENTRY_DEPARTMENT, "online-banking", DESK_PROPERTY_PUBLIC, { "yes", "no" } },
    { DESK_ENTRY_TOPIC, "online-banking", DESK_PROPERTY_PRIORITY, { "low", "urgent" } },
    { DESK_ENTRY_SLA, "rush", DESK_PROPERTY_HOURS, { "2", "6" } },
  };
  guint i = pick (self, G_N_ELEMENTS (settings));

  say (self, "the setting %u changes", i);
  fixture_set (&self->f, settings[i].kind, settings[i].slug, settings[i].property,
               settings[i].values[pick (self, 2)]);
}

/* What was sent is kept for 30 days only, so all of it is less. */
static void
sleep_long (World *self, Computer *computer)
{
  gint64 secs = pick (self, 3 * DAY);

  if (self->slept + secs > 25 * DAY)
    return;
  say (self, "%" G_GINT64_FORMAT " hours pass", secs / HOUR);
  self->slept += secs;
  self->f.now += secs;
}

static void
sweep (DeskDb *db, gint64 now, gboolean (*of_copy) (DeskDb *, gint64, GError **))
{
  GError *error = NULL;

  g_assert_true (desk_db_begin (db, &error));
  of_copy (db, now, &error);
  g_assert_no_error (error);
  g_assert_true (desk_db_commit (db, &error));
}

/* What was closed before is in no new copy any more, and nobody remembers what was sent. A backup
 * of then is of no use. */
static void
pass_months (World *self, Computer *computer)
{
  gint64 days = 60 + pick (self, 60);

  calm_down (self);
  say (self, "%" G_GINT64_FORMAT " days pass", days);
  g_clear_pointer (&self->backup, g_free);
  self->slept = 0;
  self->f.now += days * DAY;
  sweep (self->f.db, self->f.now, desk_feed_sweep);
  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      sweep (self->computers[i].copy->db, self->f.now, desk_outbox_sweep);
      g_hash_table_remove_all (self->computers[i].read);
    }
}

static void
erase (World *self, Computer *computer)
{
  GError *error = NULL;

  say (self, "the stranger is erased");
  g_assert_true (desk_db_begin (self->f.db, &error));
  desk_people_erase (self->f.db, self->computers[6].copy->reader, fixture_person (&self->f, "boss"),
                     self->f.now, &error);
  g_assert_no_error (error);
  g_assert_true (desk_db_commit (self->f.db, &error));
}

void
happen (World *self)
{
  static const Chance chances[] = {
    { 6, change_rights },    { 3, change_settings }, { 1, erase },        { 4, take_backup },
    { 3, restore_backup },   { 4, crash_server },    { 3, sleep_long },   { 2, pass_months },
    { 1, lose_computer },    { 3, keep_file },       { 2, restore_file }, { 40, read_ticket },
    { 10, want_old_ticket }, { 20, withdraw },
  };
  Computer *computer = &self->computers[pick (self, N_COMPUTERS)];

  computer->copy = &computer->programs[pick (self, N_PROGRAMS)].copy;
  happen_one (self, computer, chances, G_N_ELEMENTS (chances), 200);
}
