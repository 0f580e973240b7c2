/* SPDX-License-Identifier: GPL-3.0-or-later
 * What has to be true when all is calm. */
#include <string.h>

#include "desk-check.h"
#include "simulate.h"

/* --- coming to rest --- */

static void
settle (World *self, Computer *computer)
{
  gint64 waiting = 1;

  for (guint i = 0; i < 20 && waiting > 0; i++)
    {
      g_autoptr (DeskReplicaState) state = NULL;
      GError *error = NULL;

      copy_pull (computer->copy, self->f.db, self->f.now);
      copy_sync (computer->copy, self->f.db, self->f.now);
      state = desk_replica_get_state (computer->copy->db, &error);
      g_assert_no_error (error);
      waiting = state->waiting + state->incomplete + state->unindexed;
    }
  if (waiting > 0)
    g_error ("%s does not come to rest", computer->device);
}

void
calm_down (World *self)
{
  say (self, "all is calm");
  self->f.now++;
  restart_server (self, NULL);
  network_lose_all (self);
  for (guint i = 0; i < N_COMPUTERS; i++)
    pass_turn (self, &self->computers[i]);
  /* Whose ops wait changes what the others see; and some wait for a ticket that others bring. */
  for (guint round = 0; round < 4; round++)
    for (guint i = 0; i < N_COMPUTERS; i++)
      if (is_served (self, &self->computers[i]))
        settle (self, &self->computers[i]);
  for (guint i = 0; i < N_COMPUTERS; i++)
    note_what_went (&self->computers[i]);
}

/* --- ops --- */

gint64
count_of (DeskDb *db, const char *format, const char *uid)
{
  g_autofree char *hex = g_strdup (uid);
  g_auto (GStrv) parts = g_strsplit (format, "%s", -1);
  g_autofree char *sql = NULL;
  char *to = hex;

  for (const char *from = uid; *from != '\0'; from++)
    if (*from != '-')
      *to++ = *from;
  *to = '\0';
  sql = g_strjoinv (hex, parts);
  return fixture_count (db, sql);
}

static gboolean
is_on_desk (World *self, const char *uid)
{
  return count_of (self->f.db,
                   "SELECT (SELECT count (*) FROM event WHERE uid = x'%s')"
                   " + (SELECT count (*) FROM receipt WHERE op = x'%s' AND error IS NULL)",
                   uid) == 1;
}

static DeskOutboxItem *
find_item (GPtrArray *items, const char *uid)
{
  for (guint i = 0; i < items->len; i++)
    if (g_str_equal (((DeskOutboxItem *) items->pdata[i])->op->uid, uid))
      return items->pdata[i];
  return NULL;
}

static gboolean
is_in (GPtrArray *uids, const char *uid)
{
  return g_ptr_array_find_with_equal_func (uids, uid, g_str_equal, NULL);
}

/* What somebody was told is kept has been accepted, once, or came back; unless it was taken out,
 * and the desk then restored to a time before it. */
static void
check_op (World *self, const Computer *computer, guint n, gboolean came_back)
{
  const char *uid = g_ptr_array_index (computer->kept, n);
  gboolean is_there = is_on_desk (self, uid);

  if (is_in (computer->withdrawn, uid))
    {
      if ((is_there && n >= computer->n_uncertain) || came_back)
        g_error ("%s: the op %s was taken back and is there", computer->device, uid);
      return;
    }
  if (is_there && came_back)
    g_error ("%s: the op %s came back and is there", computer->device, uid);
  if (!is_there && !came_back && !g_hash_table_contains (self->redacted, uid))
    g_error ("%s: the op %s is lost", computer->device, uid);
}

static void
check_ops (World *self, Computer *computer)
{
  GError *error = NULL;
  g_autoptr (GPtrArray)
      refused = desk_outbox_list (computer->copy->db, DESK_OUTBOX_REFUSED, &error);

  g_assert_no_error (error);
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

      check_op (self, computer, i, find_item (refused, uid) != NULL);
    }
}

/* --- what was read --- */

/* What is read stays read, here and on the desk; of which a restored one knows no more than its
 * numbers still say. */
static void
check_reading (World *self, Computer *computer, const char *uid, const Reading *reading)
{
  static const char mark[] = "SELECT coalesce (max (s.no), 0) FROM seen AS s"
                             " JOIN ticket AS t ON t.id = s.ticket"
                             " JOIN person AS p ON p.id = s.person"
                             " WHERE t.uid = x'%s' AND p.login = '";
  g_autofree char *sql = g_strconcat (mark, computer->login, "'", NULL);

  if (count_of (computer->copy->db, sql, uid) < reading->no)
    g_error ("%s: %s is unread again", computer->device, uid);
  if (count_of (self->f.db, sql, uid) < reading->no)
    g_error ("%s: the desk was not told that %s is read", computer->device, uid);
}

static void
check_readings (World *self, Computer *computer)
{
  GHashTableIter iter;
  gpointer uid, reading;

  g_hash_table_iter_init (&iter, computer->read);
  while (self->n_restores == 0 && g_hash_table_iter_next (&iter, &uid, &reading))
    check_reading (self, computer, uid, reading);
  if (fixture_count (computer->copy->db,
                     "SELECT count (*) FROM seen AS s JOIN person AS p ON p.id = s.person"
                     " WHERE p.uid != (SELECT reader FROM replica)") != 0)
    g_error ("%s: knows what others have read", computer->device);
}

/* --- what may not be seen --- */

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
      g_autofree char *path = g_strconcat (computer->copy->path, parts[i], NULL);
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

/* --- the file --- */

/* What is wrong with the file itself; "" for nothing. */
static char *
check_file (Computer *computer)
{
  GString *found = g_string_new (NULL);
  GError *error = NULL;

  desk_check (computer->copy->db, tell_problem, found, NULL, NULL, &error);
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
    difference = copy_compare (computer->copy, self->f.db, self->f.now);
  if (difference != NULL && self->loud)
    keep_files (self);
  if (difference != NULL)
    g_error ("%s: %s", computer->device, difference);
  if (!is_served (self, computer))
    return;
  check_ops (self, computer);
  check_readings (self, computer);
}

/* A copy that is filled anew keeps what is within its scope, and nothing else. */
static void
fill_again (World *self, Computer *computer)
{
  GError *error = NULL;
  g_autofree char *path = g_strconcat (computer->copy->path, "-new", NULL);
  g_auto (Copy) other = { 0 };
  g_autoptr (GPtrArray) uids = NULL;
  g_autoptr (GPtrArray) others = NULL;

  desk_replica_begin_fill (computer->copy->db, &error);
  g_assert_no_error (error);
  settle (self, computer);
  check_computer (self, computer);
  copy_create (&other, path, self->f.db, computer->copy->reader);
  copy_pull (&other, self->f.db, self->f.now);
  uids = copy_list_tickets (computer->copy->db);
  others = copy_list_tickets (other.db);
  if (uids->len != others->len)
    g_error ("%s: has %u tickets when it is filled again, a new copy %u", computer->device,
             uids->len, others->len);
}

void
end (World *self)
{
  Computer *computer = &self->computers[pick (self, N_COMPUTERS)];

  calm_down (self);
  fixture_check (self->f.db);
  for (guint i = 0; i < N_COMPUTERS; i++)
    check_computer (self, &self->computers[i]);
  if (is_served (self, computer))
    fill_again (self, computer);
}
