/* SPDX-License-Identifier: GPL-3.0-or-later
 * What crashes in the middle of anything, is lost, and comes back from a backup. */
#include <glib/gstdio.h>
#include <string.h>

#include "desk-feed.h"
#include "simulate.h"

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

void
arm (World *self, DeskDb *db, guint percent)
{
  static const guint spans[] = { 100, 1000, 10000 };

  crashed = FALSE;
  steps_left = chance (self, percent) ? 1 + pick (self, spans[pick (self, 3)]) : 0;
  sqlite3_progress_handler (desk_db_get_handle (db), steps_left > 0 ? 1 : 0, count_step, NULL);
}

gboolean
disarm (DeskDb *db, GError *error)
{
  sqlite3_progress_handler (desk_db_get_handle (db), 0, NULL, NULL);
  if (error != NULL && !crashed)
    g_error ("%s", error->message);
  g_clear_error (&error);
  return crashed;
}

/* What it asked for is answered to nobody. */
static void
forget_questions (Program *program)
{
  program->life++;
  memset (program->may_ask, 0, sizeof program->may_ask);
}

static void
close_copies (Computer *computer)
{
  for (guint i = 0; i < N_PROGRAMS; i++)
    copy_close (&computer->programs[i].copy);
}

static void
open_copies (Computer *computer)
{
  for (guint i = 0; i < N_PROGRAMS; i++)
    {
      copy_open (&computer->programs[i].copy);
      forget_questions (&computer->programs[i]);
    }
}

void
restart_program (World *self, Computer *computer, Copy *copy)
{
  guint i = copy == &computer->programs[0].copy ? 0 : 1;

  say (self, "%s's program %u crashes", computer->device, i);
  self->n_crashes++;
  copy_close (copy);
  copy_open (copy);
  forget_questions (&computer->programs[i]);
}

void
pass_turn (World *self, Computer *computer)
{
  forget_questions (&computer->programs[computer->turn]);
  computer->turn = (computer->turn + 1) % N_PROGRAMS;
  say (self, "%s's program %u has the turn", computer->device, computer->turn);
}

void
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

void
restart_server (World *self, const char *content)
{
  GError *error = NULL;

  desk_db_close (self->f.db);
  if (content != NULL)
    copy_content (content, self->f.path);
  self->f.db = desk_db_open (self->f.path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  g_hash_table_remove_all (self->f.people);
  network_drop_some (self);
  start_server (self);
}

void
crash_server (World *self, Computer *computer)
{
  restart_server (self, NULL);
}

void
take_backup (World *self, Computer *computer)
{
  if (!self->has_restores)
    return;
  say (self, "a backup is taken");
  restart_server (self, NULL);
  desk_db_settle (self->f.db);
  g_free (self->backup);
  self->backup = g_build_filename (self->f.folder, "backup", NULL);
  copy_content (self->f.path, self->backup);
}

void
restore_backup (World *self, Computer *computer)
{
  if (self->backup == NULL)
    return;
  say (self, "the desk is restored");
  self->n_restores++;
  restart_server (self, self->backup);
}

/* --- computers that are lost --- */

gboolean
is_served (World *self, const Computer *computer)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) person = desk_people_find_uid (self->f.db, computer->copy->reader, &error);

  g_assert_no_error (error);
  return person != NULL && !person->removed;
}

static void
remove_file (const char *path)
{
  static const char *const parts[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *part = g_strconcat (path, parts[i], NULL);

      g_unlink (part);
    }
}

void
lose_computer (World *self, Computer *computer)
{
  Copy *copy = &computer->programs[0].copy;
  g_autofree char *path = g_strdup (copy->path);
  g_autofree char *reader = g_strdup (copy->reader);

  if (!is_served (self, computer))
    return;
  say (self, "%s is lost", computer->device);
  close_copies (computer);
  remove_file (path);
  g_free (copy->path);
  g_free (copy->reader);
  copy_create (copy, path, self->f.db, reader);
  copy_close (copy);
  open_copies (computer);
  computer->n_uncertain = 0;
  g_ptr_array_set_size (computer->kept, 0);
  g_ptr_array_set_size (computer->withdrawn, 0);
  g_hash_table_remove_all (computer->read);
  g_clear_pointer (&computer->old_file, g_free);
}

void
keep_file (World *self, Computer *computer)
{
  Copy *copy = computer->copy;

  say (self, "%s's file is kept", computer->device);
  close_copies (computer);
  copy_open (copy);
  desk_db_settle (copy->db);
  copy_close (copy);
  g_free (computer->old_file);
  computer->old_file = g_strconcat (copy->path, "-kept", NULL);
  copy_content (copy->path, computer->old_file);
  open_copies (computer);
  computer->n_old_kept = computer->kept->len;
  computer->n_old_withdrawn = computer->withdrawn->len;
}

void
restore_file (World *self, Computer *computer)
{
  const char *path = computer->copy->path;

  if (computer->old_file == NULL)
    return;
  say (self, "%s's file is restored", computer->device);
  close_copies (computer);
  remove_file (path);
  copy_content (computer->old_file, path);
  open_copies (computer);
  /* What was taken back since is there again. */
  computer->n_uncertain = computer->n_old_kept;
  g_ptr_array_set_size (computer->kept, (gint) computer->n_old_kept);
  g_ptr_array_set_size (computer->withdrawn, (gint) computer->n_old_withdrawn);
  g_hash_table_remove_all (computer->read);
}
