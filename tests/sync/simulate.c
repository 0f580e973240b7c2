/* SPDX-License-Identifier: GPL-3.0-or-later
 * One desk, a copy for each of seven computers, a clock and a network that are made up.
 *
 * People do what they like on their copies; the network loses, delays, doubles and reorders, cuts
 * computers off; programs crash in the middle of anything; the server starts anew and is restored
 * from an older copy; rights and settings change. Then all is calm, and everything has to be well:
 * nothing accepted is lost, nothing is there twice, every copy is what its person may see.
 *
 * simulate [SEEDS [FIRST [ACTIONS]]]; the same seed is the same run. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"
#include "desk-check.h"
#include "desk-feed.h"
#include "fixture.h"
#include "served.h"

/* --- the world --- */

typedef struct
{
  Copy copy;
  const char *login;
  char *device;
  guint life;        /* goes up when the program crashes */
  gint64 may_ask[3]; /* by CopyAskKind: not before this */
  gint64 away_until;
  GPtrArray *kept; /* uids of ops that were taken in */
} Computer;

#define N_COMPUTERS 7
static const char *const logins[N_COMPUTERS] = { "boss",  "john",  "john",    "jane",
                                                 "night", "karen", "stranger" };

typedef struct
{
  gint64 due;
  guint64 order;
  guint computer;
  guint life; /* the computer's when it asked */
  gboolean to_server;
  CopyAsk *ask;
  char *answer;
} Message;

typedef struct
{
  Fixture f;
  GRand *rand;
  gboolean loud;
  char *backup; /* an older copy of the desk, or NULL */
  Computer computers[N_COMPUTERS];
  GPtrArray *messages;
  guint64 order;
  guint n_crashes, n_restores, n_refused, n_ops;
} World;

static void G_GNUC_PRINTF (2, 3) say (World *self, const char *format, ...)
{
  va_list args;

  if (!self->loud)
    return;
  g_print ("%5" G_GINT64_FORMAT " ", self->f.now - NOW);
  va_start (args, format);
  g_vfprintf (stdout, format, args);
  va_end (args);
  g_print ("\n");
}

static guint
pick (World *self, guint n)
{
  return g_rand_int_range (self->rand, 0, (gint32) n);
}

static gboolean
chance (World *self, guint percent)
{
  return pick (self, 100) < percent;
}

static void
free_message (Message *message)
{
  copy_ask_unref (message->ask);
  g_free (message->answer);
  g_free (message);
}

/* --- crashes --- */

/* Steps of SQLite's machine until the program is gone. */
static guint steps_left;
static gboolean crashed;

static int
count_step (void *data)
{
  crashed |= steps_left > 0 && --steps_left == 0;
  return crashed;
}

static void
arm (World *self, DeskDb *db, guint percent)
{
  static const guint spans[] = { 100, 1000, 10000 };

  crashed = FALSE;
  steps_left = chance (self, percent) ? 1 + pick (self, spans[pick (self, 3)]) : 0;
  sqlite3_progress_handler (desk_db_get_handle (db), steps_left > 0 ? 1 : 0, count_step, NULL);
}

/* Whether it went: nothing else may fail. */
static gboolean
disarm (DeskDb *db, GError *error)
{
  sqlite3_progress_handler (desk_db_get_handle (db), 0, NULL, NULL);
  if (error != NULL && !crashed)
    g_error ("%s", error->message);
  g_clear_error (&error);
  return crashed;
}

static void
restart_computer (World *self, Computer *computer)
{
  say (self, "%s's program crashes", computer->device);
  self->n_crashes++;
  copy_close (&computer->copy);
  copy_open (&computer->copy);
  computer->life++;
  memset (computer->may_ask, 0, sizeof computer->may_ask);
}

static void
drop_connections (World *self, gboolean all)
{
  for (guint i = self->messages->len; i > 0; i--)
    {
      const Message *message = g_ptr_array_index (self->messages, i - 1);

      if (message->to_server || all || chance (self, 50))
        g_ptr_array_remove_index_fast (self->messages, i - 1);
    }
}

static void
start_server (World *self)
{
  g_autoptr (GBytes) key = g_bytes_new_static ("k", 1);
  GError *error = NULL;
  g_autoptr (GBytes) kept = desk_feed_start (self->f.db, key, self->f.now, &error);

  g_assert_no_error (error);
}

static void
copy_content (const char *from, const char *to)
{
  g_autofree char *content = NULL;
  GError *error = NULL;
  gsize size;

  g_file_get_contents (from, &content, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, content, (gssize) size, &error);
  g_assert_no_error (error);
}

/* @content (nullable): what the file is when the server comes back. */
static void
restart_server (World *self, const char *content)
{
  GError *error = NULL;

  desk_db_close (self->f.db);
  if (content != NULL)
    copy_content (content, self->f.path);
  self->f.db = desk_db_open (self->f.path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  g_hash_table_remove_all (self->f.people);
  drop_connections (self, FALSE);
  start_server (self);
}

static void
take_backup (World *self)
{
  say (self, "a backup is taken");
  restart_server (self, NULL);
  desk_db_settle (self->f.db);
  g_free (self->backup);
  self->backup = g_build_filename (self->f.folder, "backup", NULL);
  copy_content (self->f.path, self->backup);
}

static void
restore_backup (World *self)
{
  if (self->backup == NULL)
    return;
  say (self, "the desk is restored");
  self->n_restores++;
  restart_server (self, self->backup);
}

/* --- the network --- */

static void
post (World *self, const Message *like, gboolean to_server, const char *answer)
{
  Message *message = g_new0 (Message, 1);

  *message = *like;
  message->due = self->f.now + pick (self, chance (self, 20) ? 40 : 5);
  message->order = self->order++;
  message->to_server = to_server;
  message->ask = copy_ask_ref (like->ask);
  message->answer = g_strdup (answer);
  g_ptr_array_add (self->messages, message);
}

static void
post_somehow (World *self, const Message *like, gboolean to_server, const char *answer)
{
  const Computer *computer = &self->computers[like->computer];

  if (chance (self, 8) || computer->away_until > self->f.now)
    return;
  post (self, like, to_server, answer);
  if (chance (self, 8))
    post (self, like, to_server, answer);
}

static void
serve (World *self, const Message *message)
{
  GError *error = NULL;
  g_autofree char *answer = NULL;

  arm (self, self->f.db, 4);
  answer = served_answer (self->f.db, self->computers[message->computer].copy.reader,
                          message->ask->request, self->f.now, &error);
  if (disarm (self->f.db, error) || chance (self, 2))
    {
      say (self, "the server crashes");
      self->n_crashes++;
      restart_server (self, NULL);
      return;
    }
  post_somehow (self, message, FALSE, answer);
}

static void
hear (World *self, const Message *message)
{
  Computer *computer = &self->computers[message->computer];
  GError *error = NULL;

  if (message->life != computer->life)
    return;
  arm (self, computer->copy.db, 5);
  copy_take (&computer->copy, message->ask, message->answer, self->f.now, &error);
  if (disarm (computer->copy.db, error))
    {
      restart_computer (self, computer);
      return;
    }
  say (self, "%s hears: %.60s", computer->device, message->answer);
  computer->may_ask[message->ask->kind] = self->f.now;
}

static int
compare_messages (gconstpointer a, gconstpointer b)
{
  const Message *first = *(Message *const *) a;
  const Message *second = *(Message *const *) b;

  if (first->due != second->due)
    return first->due < second->due ? -1 : 1;
  return first->order < second->order ? -1 : 1;
}

static void
deliver (World *self)
{
  while (self->messages->len > 0)
    {
      Message *message;

      g_ptr_array_sort (self->messages, compare_messages);
      message = g_ptr_array_index (self->messages, 0);
      if (message->due > self->f.now)
        return;
      g_ptr_array_steal_index (self->messages, 0);
      if (message->to_server)
        serve (self, message);
      else if (self->computers[message->computer].away_until <= self->f.now)
        hear (self, message);
      free_message (message);
    }
}

/* --- computers --- */

#define PATIENCE_SECS 15

static void
ask (World *self, guint i, CopyAskKind kind)
{
  Computer *computer = &self->computers[i];
  GError *error = NULL;
  g_autoptr (CopyAsk) asked = NULL;
  Message message = { .computer = i, .life = computer->life };

  asked = copy_ask (&computer->copy, kind, &error);
  g_assert_no_error (error);
  if (asked == NULL)
    return;
  message.ask = asked;
  computer->may_ask[kind] = self->f.now + PATIENCE_SECS;
  post_somehow (self, &message, TRUE, NULL);
}

static void
tick_computer (World *self, guint i)
{
  Computer *computer = &self->computers[i];
  GError *error = NULL;
  gint64 left;

  for (CopyAskKind kind = COPY_PULL; kind <= COPY_FETCH; kind++)
    if (computer->may_ask[kind] <= self->f.now && chance (self, 40))
      ask (self, i, kind);
  if (chance (self, 5))
    {
      arm (self, computer->copy.db, 5);
      desk_replica_index (computer->copy.db, 2, &left, &error);
      if (disarm (computer->copy.db, error))
        restart_computer (self, computer);
    }
  if (chance (self, 1))
    restart_computer (self, computer);
  if (chance (self, 1))
    computer->away_until = self->f.now + 10 + pick (self, 100);
}

static void
tick (World *self)
{
  self->f.now++;
  for (guint i = 0; i < N_COMPUTERS; i++)
    tick_computer (self, i);
  deliver (self);
}

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
                            computer->copy.reader);

  op->device = g_strdup (computer->device);
  op->at = self->f.now;
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
  if (computer->copy.reader != NULL && chance (self, 10))
    desk_op_change (op, DESK_FIELD_REQUESTER, self->computers[5].copy.reader);
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
  DeskAttachment *file = desk_blobs_add_bytes (computer->copy.db, bytes, "paper.txt", NULL, &error);
  g_autoptr (DeskAttachment) uploaded = NULL;

  g_assert_no_error (error);
  desk_op_take_attachment (op, file);
  return op;
}

static const char *
any_agent (World *self)
{
  return self->computers[1 + pick (self, 4)].copy.reader;
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
  DeskOp *op;

  switch (pick (self, 15))
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
      return write_text (self, computer, on, DESK_KIND_REPLY, any_text (self));
    default:
      return write_text (self, computer, on, DESK_KIND_NOTE, "canary in the paper mine");
    }
}

static DeskCase *
load_any (World *self, Computer *computer)
{
  g_autoptr (GPtrArray) uids = copy_list_tickets (computer->copy.db);
  GError *error = NULL;
  g_autoptr (DeskPerson)
      me = desk_people_find_uid (computer->copy.db, computer->copy.reader, &error);
  DeskCase *found;

  g_assert_no_error (error);
  if (uids->len == 0)
    return NULL;
  found = desk_tickets_load (computer->copy.db, me, uids->pdata[pick (self, uids->len)], 0, &error);
  /* What is here and may not be seen is gone as soon as the server says so. */
  g_clear_error (&error);
  return found;
}

/* Contents go to the server before what refers to them. */
static void
upload (World *self, const DeskOp *op)
{
  for (guint i = 0; i < op->attachments->len; i++)
    for (guint k = 0; k < 3; k++)
      {
        g_autofree char *text = g_strdup_printf ("file %u", k);
        g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
        g_autoptr (DeskAttachment) file = NULL;
        GError *error = NULL;

        file = desk_blobs_add_bytes (self->f.db, bytes, "paper.txt", NULL, &error);
        g_assert_no_error (error);
      }
}

static void
submit (World *self, Computer *computer, DeskOp *op)
{
  GError *error = NULL;
  g_autoptr (DeskPerson)
      me = desk_people_find_uid (computer->copy.db, computer->copy.reader, &error);
  g_autoptr (DeskReceipt) receipt = NULL;
  gboolean refused;

  g_assert_no_error (error);
  arm (self, computer->copy.db, 5);
  receipt = desk_submit (computer->copy.db, op, me, self->f.now, &error);
  refused = error != NULL && error->domain == DESK_ERROR;
  say (self, "%s: %s on %s: %s", computer->device, desk_enum_get_nick (DESK_TYPE_KIND, op->kind),
       op->ticket, error != NULL ? error->message : "kept");
  if (refused)
    g_clear_error (&error);
  if (disarm (computer->copy.db, error))
    restart_computer (self, computer);
  if (receipt == NULL || receipt->events->len == 0)
    return;
  self->n_ops++;
  g_ptr_array_add (computer->kept, g_strdup (op->uid));
}

static void
act (World *self)
{
  Computer *computer = &self->computers[pick (self, N_COMPUTERS)];
  g_autoptr (DeskCase) on = NULL;
  g_autoptr (DeskOp) op = NULL;
  GError *error = NULL;
  g_autoptr (DeskPerson)
      me = desk_people_find_uid (computer->copy.db, computer->copy.reader, &error);

  g_assert_no_error (error);
  if (!chance (self, 25))
    on = load_any (self, computer);
  if (on == NULL)
    op = file (self, computer);
  else if (me->role == DESK_ROLE_REQUESTER || chance (self, 5))
    op = act_as_requester (self, computer, on);
  else
    op = act_as_agent (self, computer, on);
  upload (self, op);
  submit (self, computer, op);
}

/* --- what happens besides --- */

static void
change_rights (World *self)
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
change_settings (World *self)
{
  static const DeskProperty properties[] = { DESK_PROPERTY_SHOW_PRIORITY,
                                             DESK_PROPERTY_SHOW_ASSIGNEE, DESK_PROPERTY_SHOW_DUE };

  say (self, "the settings change");
  fixture_set (&self->f, DESK_ENTRY_DESK, "desk", properties[pick (self, 3)],
               chance (self, 50) ? "yes" : "no");
}

static void
erase (World *self)
{
  GError *error = NULL;

  say (self, "the stranger is erased");
  g_assert_true (desk_db_begin (self->f.db, &error));
  desk_people_erase (self->f.db, self->computers[6].copy.reader, fixture_person (&self->f, "boss"),
                     self->f.now, &error);
  g_assert_no_error (error);
  g_assert_true (desk_db_commit (self->f.db, &error));
}

static void
happen (World *self)
{
  guint what = pick (self, 200);

  if (what < 6)
    change_rights (self);
  else if (what < 8)
    change_settings (self);
  else if (what < 9)
    erase (self);
  else if (what < 13)
    take_backup (self);
  else if (what < 16)
    restore_backup (self);
  else if (what < 20)
    restart_server (self, NULL);
}

/* --- in the end --- */

static gboolean
is_served (World *self, const Computer *computer)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) person = desk_people_find_uid (self->f.db, computer->copy.reader, &error);

  return person != NULL && !person->removed;
}

static void
settle (World *self, Computer *computer)
{
  gint64 waiting = 1;

  for (guint i = 0; i < 20 && waiting > 0; i++)
    {
      g_autoptr (DeskReplicaState) state = NULL;
      GError *error = NULL;

      copy_pull (&computer->copy, self->f.db, self->f.now);
      copy_sync (&computer->copy, self->f.db, self->f.now);
      state = desk_replica_get_state (computer->copy.db, &error);
      g_assert_no_error (error);
      waiting = state->waiting + state->incomplete + state->unindexed;
    }
  if (waiting > 0)
    g_error ("%s does not come to rest", computer->device);
}

static gboolean
is_on_desk (World *self, const char *uid)
{
  g_autofree char *hex = g_strdup (uid);
  g_autofree char *sql = NULL;
  char *to = hex;

  for (const char *from = uid; *from != '\0'; from++)
    if (*from != '-')
      *to++ = *from;
  *to = '\0';
  sql = g_strdup_printf ("SELECT (SELECT count (*) FROM event WHERE uid = x'%s')"
                         " + (SELECT count (*) FROM receipt WHERE op = x'%s' AND error IS NULL)",
                         hex, hex);
  return fixture_count (self->f.db, sql) == 1;
}

static DeskOutboxItem *
find_item (GPtrArray *items, const char *uid)
{
  for (guint i = 0; i < items->len; i++)
    if (g_str_equal (((DeskOutboxItem *) items->pdata[i])->op->uid, uid))
      return items->pdata[i];
  return NULL;
}

/* What somebody was told is kept has been accepted, once, or came back. */
static void
check_ops (World *self, Computer *computer)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) sent = desk_outbox_list (computer->copy.db, DESK_OUTBOX_SENT, &error);
  g_autoptr (GPtrArray) refused = desk_outbox_list (computer->copy.db, DESK_OUTBOX_REFUSED, &error);

  self->n_refused += refused->len;
  for (guint i = 0; i < refused->len && self->loud; i++)
    {
      const DeskOutboxItem *item = g_ptr_array_index (refused, i);

      say (self, "%s got back %s on %s: %s %s", computer->device,
           desk_enum_get_nick (DESK_TYPE_KIND, item->op->kind), item->op->ticket,
           item->problem->code, item->problem->detail);
    }
  for (guint i = 0; i < computer->kept->len; i++)
    {
      const char *uid = g_ptr_array_index (computer->kept, i);

      if (find_item (sent, uid) != NULL ? !is_on_desk (self, uid)
                                        : find_item (refused, uid) == NULL)
        g_error ("%s: the op %s is lost", computer->device, uid);
    }
}

static gboolean
has_word (const char *content, gsize size, const char *word)
{
  gsize length = strlen (word);

  for (gsize i = 0; i + length <= size; i++)
    if (content[i] == *word && memcmp (content + i, word, length) == 0)
      return TRUE;
  return FALSE;
}

/* Everything was written by now, and nothing is left of it in a requester's files. */
static void
check_secrets (const Computer *computer)
{
  static const char *const secrets[] = { "canary", "fraud" };
  static const char *const parts[] = { "", "-wal" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_strconcat (computer->copy.path, parts[i], NULL);
      g_autofree char *content = NULL;
      gsize size;

      if (!g_file_get_contents (path, &content, &size, NULL))
        continue;
      for (guint k = 0; k < G_N_ELEMENTS (secrets); k++)
        if (has_word (content, size, secrets[k]))
          g_error ("%s: the file has the word %s", computer->device, secrets[k]);
    }
}

/* For whoever looks for the reason. */
static void
keep_files (World *self)
{
  g_autofree char *command = g_strdup_printf ("cp -r %s /tmp/simulate-failed", self->f.folder);

  if (!g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL))
    g_print ("The files could not be kept\n");
}

static void
tell_problem (const char *problem, gpointer found)
{
  g_string_append_printf (found, "%s\n", problem);
}

/* What is wrong with the file itself; "" for nothing. */
static char *
check_file (Computer *computer)
{
  GString *found = g_string_new (NULL);
  GError *error = NULL;

  desk_check (computer->copy.db, tell_problem, found, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_string_free (found, FALSE);
}

static void
check_computer (World *self, Computer *computer)
{
  g_autofree char *difference = NULL;

  if (g_str_equal (computer->login, "karen") || g_str_equal (computer->login, "stranger"))
    check_secrets (computer);
  difference = check_file (computer);
  if (*difference == '\0')
    g_clear_pointer (&difference, g_free);
  if (difference == NULL && is_served (self, computer))
    difference = copy_compare (&computer->copy, self->f.db, self->f.now);
  if (difference != NULL && self->loud)
    keep_files (self);
  if (difference != NULL)
    g_error ("%s: %s", computer->device, difference);
  if (is_served (self, computer))
    check_ops (self, computer);
}

static void
end (World *self)
{
  say (self, "all is calm");
  self->f.now++;
  restart_server (self, NULL);
  g_ptr_array_set_size (self->messages, 0);
  /* Whose ops wait changes what the others see. */
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < N_COMPUTERS; i++)
      if (is_served (self, &self->computers[i]))
        settle (self, &self->computers[i]);
  fixture_check (self->f.db);
  for (guint i = 0; i < N_COMPUTERS; i++)
    check_computer (self, &self->computers[i]);
}

/* --- a run --- */

static void
begin (World *self, guint seed)
{
  fixture_open (&self->f, TRUE);
  self->rand = g_rand_new_with_seed (seed);
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) free_message);
  served_set_page (1 + pick (self, 6), 2 + pick (self, 6));
  start_server (self);
  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      Computer *computer = &self->computers[i];
      g_autofree char *name = g_strdup_printf ("%u-%s.desk", i, logins[i]);

      computer->login = logins[i];
      computer->device = g_strdup_printf ("%u-%s", i, logins[i]);
      computer->kept = g_ptr_array_new_with_free_func (g_free);
      copy_create (&computer->copy, fixture_path (&self->f, name), self->f.db,
                   fixture_uid (&self->f, logins[i]));
    }
}

static void
clear (World *self)
{
  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      copy_clear (&self->computers[i].copy);
      g_free (self->computers[i].device);
      g_ptr_array_unref (self->computers[i].kept);
    }
  g_ptr_array_unref (self->messages);
  g_rand_free (self->rand);
  g_free (self->backup);
  fixture_close (&self->f);
}

static void
run (guint seed, guint actions, gboolean loud)
{
  World self = { .loud = loud };

  begin (&self, seed);
  for (guint i = 0; i < actions; i++)
    {
      act (&self);
      happen (&self);
      for (guint k = pick (&self, 5); k > 0; k--)
        tick (&self);
    }
  end (&self);
  g_test_message ("seed %u: %u ops, %u back to their authors, %u crashes, %u restores", seed,
                  self.n_ops, self.n_refused, self.n_crashes, self.n_restores);
  clear (&self);
}

static guint
get_number (int argc, char **argv, int at, guint otherwise)
{
  return argc > at ? (guint) atoi (argv[at]) : otherwise;
}

#define ACTIONS 200

static void
test_seed (gconstpointer seed)
{
  run (GPOINTER_TO_UINT (seed), ACTIONS, FALSE);
}

int
main (int argc, char **argv)
{
  guint seeds, first, actions;

  fixture_init (&argc, &argv);
  if (argc == 1)
    {
      for (guint seed = 1; seed <= 20; seed++)
        {
          g_autofree char *name = g_strdup_printf ("/simulate/%u", seed);

          g_test_add_data_func (name, GUINT_TO_POINTER (seed), test_seed);
        }
      return g_test_run ();
    }
  seeds = get_number (argc, argv, 1, 1);
  first = get_number (argc, argv, 2, 1);
  actions = get_number (argc, argv, 3, ACTIONS);
  for (guint seed = first; seed < first + seeds; seed++)
    {
      g_print ("seed %u\n", seed);
      run (seed, actions, seeds == 1);
    }
  return 0;
}
