/* SPDX-License-Identifier: GPL-3.0-or-later
 * A copy of a served desk, kept in step. */
#include "bench-copy.h"

#include "desk-secret.h"
#include "desk-uid.h"

BenchCopy *
bench_copy_new (BenchServer *server, const char *login)
{
  BenchCopy *self = g_new0 (BenchCopy, 1);
  DeskDb *db = bench_open (server->desk, DESK_DB_READ);
  g_autoptr (DeskPerson) me = bench_desk_find_person (db, login);

  g_setenv ("XDG_STATE_HOME", server->folder, TRUE);
  g_setenv ("XDG_DATA_HOME", server->folder, TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  self->server = server;
  self->token = bench_server_sign_in_login (server, login);
  self->account.desk = g_strdup (desk_db_get_uid (db));
  self->account.person = g_strdup (me->uid);
  self->account.login = g_strdup (login);
  self->account.device = desk_uid_new ();
  self->account.path = g_strdup_printf ("%s/deskbell/replicas/%s.desk", server->folder, login);
  self->account.file = g_strdup_printf ("%s/deskbell/replicas/%s.account", server->folder, login);
  self->path = self->account.path;
  desk_db_close (db);
  return self;
}

/* As desk-account.c does it after signing in. */
static void
make_account (BenchCopy *self)
{
  g_autofree char *folder = g_path_get_dirname (self->account.file);
  g_autoptr (GKeyFile) values = g_key_file_new ();
  GError *error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_key_file_set_string (values, "Account", "Address", self->account.address);
  g_key_file_set_string (values, "Account", "Desk", self->account.desk);
  g_key_file_set_string (values, "Account", "Person", self->account.person);
  g_key_file_set_string (values, "Account", "Login", self->account.login);
  g_key_file_set_string (values, "Account", "Device", self->account.device);
  g_key_file_save_to_file (values, self->account.file, &error);
  bench_check (error);
}

static void
make_file (BenchCopy *self)
{
  g_autoptr (DeskPerson) me = desk_person_new (self->account.person, self->account.login,
                                               self->account.login, DESK_ROLE_AGENT);
  GError *error = NULL;
  gboolean in_file;

  desk_secret_save (self->account.address, self->account.person, self->account.login, self->token,
                    &in_file, &error);
  bench_check (error);
  desk_db_close (desk_replica_create (self->account.path, self->account.address, self->account.desk,
                                      me, &error));
  bench_check (error);
}

static gboolean
is_in_step (const DeskSyncerStatus *status)
{
  if (status->trouble != NULL)
    g_error ("%s", status->trouble->message);
  return status->state == DESK_SYNCER_ONLINE && status->unindexed == 0 && status->pulled_at > 0;
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BenchCopy *self = user_data;
  GError *error = NULL;

  self->store = desk_store_open_finish (result, &error);
  bench_check (error);
}

void
bench_copy_start (BenchCopy *self)
{
  self->account.address = g_strdup (self->server->address);
  make_account (self);
  make_file (self);
  self->syncer = desk_syncer_new (&self->account);
  while (!is_in_step (desk_syncer_get_status (self->syncer)))
    g_main_context_iteration (NULL, TRUE);
  desk_store_open_async (self->account.path, FALSE, self->account.login, NULL, NULL, opened_cb,
                         self);
  while (self->store == NULL)
    g_main_context_iteration (NULL, TRUE);
}

void
bench_copy_stop (BenchCopy *self)
{
  if (self->syncer != NULL)
    desk_syncer_stop (self->syncer);
  g_clear_object (&self->syncer);
  if (self->store != NULL)
    desk_store_close (self->store);
  g_clear_object (&self->store);
}

void
bench_copy_free (BenchCopy *self)
{
  bench_copy_stop (self);
  g_free (self->account.address);
  g_free (self->account.desk);
  g_free (self->account.person);
  g_free (self->account.login);
  g_free (self->account.device);
  g_free (self->account.path);
  g_free (self->account.file);
  g_free (self->token);
  g_free (self);
}
