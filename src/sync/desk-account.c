/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accounts: a key file each, beside the copy of the desk. */
#include "desk-account.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "desk-secret.h"
#include "desk-store-error.h"
#include "desk-uid.h"

#define GROUP        "Account"
#define ENDING       ".account"
#define TIMEOUT_SECS 30

void
desk_account_free (DeskAccount *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  g_free (self->desk);
  g_free (self->person);
  g_free (self->login);
  g_free (self->device);
  g_free (self->path);
  g_free (self->file);
  g_free (self);
}

static char *
find_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "deskbell", "replicas", NULL);
}

/* --- the file --- */

/* Its members as keys. */
static const struct
{
  const char *key;
  gsize offset;
} keys[] = {
  { "Address", G_STRUCT_OFFSET (DeskAccount, address) },
  { "Desk", G_STRUCT_OFFSET (DeskAccount, desk) },
  { "Person", G_STRUCT_OFFSET (DeskAccount, person) },
  { "Login", G_STRUCT_OFFSET (DeskAccount, login) },
  { "Device", G_STRUCT_OFFSET (DeskAccount, device) },
};

/* NULL for a file that is no account. */
static DeskAccount *
read_account (const char *file)
{
  g_autoptr (GKeyFile) values = g_key_file_new ();
  g_autoptr (DeskAccount) self = g_new0 (DeskAccount, 1);
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (ENDING));

  if (!g_key_file_load_from_file (values, file, G_KEY_FILE_NONE, NULL))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      char *value = g_key_file_get_string (values, GROUP, keys[i].key, NULL);

      if (value == NULL)
        return NULL;
      G_STRUCT_MEMBER (char *, self, keys[i].offset) = value;
    }
  self->file = g_strdup (file);
  self->path = g_strconcat (stem, ".desk", NULL);
  return g_steal_pointer (&self);
}

static gboolean
save_account (const DeskAccount *self, GError **error)
{
  g_autoptr (GKeyFile) values = g_key_file_new ();
  g_autofree char *content = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_key_file_set_string (values, GROUP, keys[i].key,
                           G_STRUCT_MEMBER (char *, self, keys[i].offset));
  content = g_key_file_to_data (values, NULL, NULL);
  return g_file_set_contents_full (self->file, content, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static int
compare_addresses (gconstpointer a, gconstpointer b)
{
  const DeskAccount *one = *(DeskAccount *const *) a;
  const DeskAccount *other = *(DeskAccount *const *) b;
  int order = g_strcmp0 (one->address, other->address);

  return order != 0 ? order : g_strcmp0 (one->login, other->login);
}

GPtrArray *
desk_accounts_load (void)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_account_free);
  g_autofree char *folder = find_folder ();
  g_autoptr (GDir) names = g_dir_open (folder, 0, NULL);
  const char *name;

  while (names != NULL && (name = g_dir_read_name (names)) != NULL)
    if (g_str_has_suffix (name, ENDING))
      {
        g_autofree char *file = g_build_filename (folder, name, NULL);
        DeskAccount *account = read_account (file);

        if (account != NULL)
          g_ptr_array_add (accounts, account);
      }
  g_ptr_array_sort (accounts, compare_addresses);
  return accounts;
}

/* Those of @address, and of @login unless that is NULL. */
static GPtrArray *
load_matching (const char *address, const char *login)
{
  GPtrArray *accounts = desk_accounts_load ();

  for (guint i = accounts->len; i-- > 0;)
    {
      const DeskAccount *account = accounts->pdata[i];

      if (!g_str_equal (account->address, address) ||
          (login != NULL && g_ascii_strcasecmp (account->login, login) != 0))
        g_ptr_array_remove_index (accounts, i);
    }
  return accounts;
}

DeskAccount *
desk_account_find (const char *address, const char *login, GError **error)
{
  g_autofree char *normal = desk_remote_normalize (address, error);
  g_autoptr (GPtrArray) accounts = NULL;

  if (normal == NULL)
    return NULL;
  accounts = load_matching (normal, login);
  if (accounts->len == 1)
    return g_ptr_array_steal_index (accounts, 0);
  if (accounts->len > 1)
    desk_refuse (error, DESK_ERROR_INVALID,
                 "Several people have signed in to %s from here; say who is meant", normal);
  else if (login != NULL)
    desk_remote_fail (error, DESK_REMOTE_ERROR_SIGNED_OUT,
                      "%s has not signed in to %s from here yet", login, normal);
  else
    desk_remote_fail (error, DESK_REMOTE_ERROR_SIGNED_OUT,
                      "Nobody has signed in to %s from here yet", normal);
  return NULL;
}

/* --- signing in --- */

/* The name by which the desk lists this computer. */
static DeskSignIn *
make_sign_in (const DeskEntrance *entrance, const char *device)
{
  DeskSignIn *sign_in = desk_sign_in_new ();

  sign_in->code = g_strdup (entrance->code);
  sign_in->login = g_strdup (entrance->login);
  sign_in->password = g_strdup (entrance->password);
  sign_in->device = g_strdup (device);
  sign_in->device_name = g_strdup (g_get_host_name ());
  sign_in->via = entrance->via;
  return sign_in;
}

/* What is known of who signed in before, or what is new of who did not. */
static DeskAccount *
begin_account (const char *address, const char *login)
{
  g_autoptr (GPtrArray) known = load_matching (address, login);
  DeskAccount *self;

  if (known->len > 0)
    return g_ptr_array_steal_index (known, 0);
  self = g_new0 (DeskAccount, 1);
  self->address = g_strdup (address);
  self->device = desk_uid_new ();
  return self;
}

/* Another desk at an old address is another copy, and so is another person's. */
static void
set_identity (DeskAccount *self, const DeskWelcome *welcome)
{
  g_autofree char *all = g_strconcat (self->address, " ", welcome->desk, " ", welcome->me->uid,
                                      NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);
  g_autofree char *folder = find_folder ();
  g_autofree char *old = g_steal_pointer (&self->file);

  digest[24] = '\0';
  g_free (self->desk);
  g_free (self->person);
  g_free (self->login);
  g_free (self->path);
  self->desk = g_strdup (welcome->desk);
  self->person = g_strdup (welcome->me->uid);
  self->login = g_strdup (welcome->me->login);
  self->file = g_strdup_printf ("%s/%s%s", folder, digest, ENDING);
  self->path = g_strdup_printf ("%s/%s.desk", folder, digest);
  /* The old copy stays, with what may wait in it; only nobody signs in to it any more. */
  if (old != NULL && !g_str_equal (old, self->file))
    g_unlink (old);
}

static gboolean
make_copy (const DeskAccount *self, const DeskPerson *me, GError **error)
{
  g_autofree char *folder = find_folder ();
  g_autoptr (DeskDb) db = NULL;

  if (g_file_test (self->path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return desk_store_fail (error, DESK_STORE_ERROR_IO, "“%s” cannot be made: %s", folder,
                            g_strerror (errno));
  db = desk_replica_create (self->path, self->address, self->desk, me, error);
  /* Wherever it may be moved to. What SQLite puts beside it gets the same mode. */
  if (db != NULL && g_chmod (self->path, 0600) != 0)
    return desk_store_fail (error, DESK_STORE_ERROR_IO, "“%s” cannot be made: %s", self->path,
                            g_strerror (errno));
  return db != NULL;
}

static DeskAccount *
sign_in (const DeskEntrance *entrance,
         gboolean *in_file,
         guint *wait_secs,
         GCancellable *cancellable,
         GError **error)
{
  g_autofree char *address = desk_remote_normalize (entrance->address, error);
  g_autoptr (DeskRemote) remote = address != NULL ? desk_remote_new (address, TIMEOUT_SECS) : NULL;
  g_autoptr (DeskAccount) self = NULL;
  g_autoptr (DeskSignIn) asked = NULL;
  g_autoptr (DeskWelcome) welcome = NULL;

  if (address == NULL)
    return NULL;
  self = begin_account (address, entrance->login);
  asked = make_sign_in (entrance, self->device);
  welcome = desk_remote_sign_in (remote, asked, cancellable, error);
  *wait_secs = desk_remote_get_retry_after (remote);
  if (welcome == NULL)
    return NULL;
  set_identity (self, welcome);
  if (!make_copy (self, welcome->me, error) || !save_account (self, error) ||
      !desk_secret_save (self->address, self->person, self->login, welcome->token, in_file, error))
    return NULL;
  return g_steal_pointer (&self);
}

DeskAccount *
desk_account_sign_in (const DeskEntrance *entrance,
                      gboolean *in_file,
                      GCancellable *cancellable,
                      GError **error)
{
  guint wait_secs;

  return sign_in (entrance, in_file, &wait_secs, cancellable, error);
}

/* --- signing in, for a window --- */

/* The words of an entrance, kept. */
typedef struct
{
  char *address;
  char *login;
  char *password;
  char *code;
  DeskVia via;
  gboolean in_file;
  guint wait_secs;
} Visit;

static void
free_visit (gpointer data)
{
  Visit *self = data;

  explicit_bzero (self->password, strlen (self->password));
  g_free (self->address);
  g_free (self->login);
  g_free (self->password);
  g_free (self->code);
  g_free (self);
}

static void
sign_in_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Visit *visit = data;
  const DeskEntrance entrance = { visit->address, visit->login, visit->password, visit->code,
                                  visit->via };
  GError *error = NULL;
  DeskAccount *account = sign_in (&entrance, &visit->in_file, &visit->wait_secs, cancellable, &error);

  if (account != NULL)
    g_task_return_pointer (task, account, (GDestroyNotify) desk_account_free);
  else
    g_task_return_error (task, error);
}

void
desk_account_sign_in_async (const DeskEntrance *entrance,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Visit *visit = g_new0 (Visit, 1);

  *visit = (Visit){ g_strdup (entrance->address),
                    g_strdup (entrance->login),
                    g_strdup (entrance->password),
                    g_strdup (entrance->code),
                    entrance->via,
                    FALSE,
                    0 };
  g_task_set_source_tag (task, desk_account_sign_in_async);
  g_task_set_task_data (task, visit, free_visit);
  g_task_run_in_thread (task, sign_in_thread);
}

DeskAccount *
desk_account_sign_in_finish (GAsyncResult *result, gboolean *in_file, GError **error)
{
  const Visit *visit = g_task_get_task_data (G_TASK (result));

  *in_file = visit->in_file;
  return g_task_propagate_pointer (G_TASK (result), error);
}

guint
desk_account_sign_in_get_wait (GAsyncResult *result)
{
  const Visit *visit = g_task_get_task_data (G_TASK (result));

  return visit->wait_secs;
}

/* --- afterwards --- */

DeskRemote *
desk_account_connect (const DeskAccount *self, guint timeout_secs)
{
  DeskRemote *remote = desk_remote_new (self->address, timeout_secs);
  g_autoptr (GError) error = NULL;
  g_autofree char *token = desk_secret_load (self->address, self->person, &error);

  desk_remote_set_token (remote, token);
  if (error != NULL)
    desk_remote_set_no_token (remote, error);
  return remote;
}

void
desk_account_sign_out (DeskAccount *self, GCancellable *cancellable)
{
  g_autoptr (DeskRemote) remote = desk_account_connect (self, TIMEOUT_SECS);
  g_autoptr (GError) error = NULL;

  if (!desk_remote_sign_out (remote, cancellable, &error))
    g_debug ("%s", error->message);
  desk_secret_forget (self->address, self->person);
}

gboolean
desk_account_forget (DeskAccount *self, GError **error)
{
  static const char *const endings[] = { "-wal", "-shm", "-stamp", "-served", "-turn", "" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (self->path, endings[i], NULL);

      if (g_unlink (file) != 0 && errno != ENOENT)
        return desk_store_fail (error, DESK_STORE_ERROR_IO, "“%s” cannot be deleted: %s", file,
                                g_strerror (errno));
    }
  g_unlink (self->file);
  return TRUE;
}
