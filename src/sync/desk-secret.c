/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens in the Secret Service, or in files of mode 0600 under $XDG_STATE_HOME/deskbell/tokens/. */
#include "desk-secret.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>

#include "desk-remote-error.h"
#include "desk-store-error.h"

/* Somebody may be typing the password of the keyring. */
#define LIMIT_US (20 * G_USEC_PER_SEC)

static const SecretSchema schema = {
  "org.deskbell.Token",
  SECRET_SCHEMA_NONE,
  { { "address", SECRET_SCHEMA_ATTRIBUTE_STRING }, { "person", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

/* --- the file --- */

static char *
find_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "deskbell", "tokens", NULL);
}

static char *
find_file (const char *address, const char *person)
{
  g_autofree char *folder = find_folder ();
  g_autofree char *name = g_strconcat (address, " ", person, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

  digest[32] = '\0';
  return g_build_filename (folder, digest, NULL);
}

static gboolean
save_in_file (const char *file, const char *token, GError **error)
{
  g_autofree char *folder = find_folder ();

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return g_file_set_contents_full (
        file, token, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
  return desk_store_fail (error, DESK_STORE_ERROR_IO, "“%s” cannot be made: %s", folder,
                          g_strerror (errno));
}

/* --- the service --- */

/* Ends what waits for a service that does not answer, or for somebody to unlock it who is not
 * there. */
typedef struct
{
  GCancellable *cancellable;
  GThread *thread;
  GMutex mutex; /* of: */
  GCond cond;
  gboolean over;
} Limit;

static gpointer
watch_limit (gpointer data)
{
  Limit *self = data;
  gint64 until_us = g_get_monotonic_time () + LIMIT_US;

  g_mutex_lock (&self->mutex);
  while (!self->over && g_cond_wait_until (&self->cond, &self->mutex, until_us))
    ;
  if (!self->over)
    g_cancellable_cancel (self->cancellable);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static void
begin_limit (Limit *self)
{
  *self = (Limit){ .cancellable = g_cancellable_new () };
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("desk-secret", watch_limit, self);
}

static void
end_limit (Limit *self)
{
  g_mutex_lock (&self->mutex);
  self->over = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_object_unref (self->cancellable);
}

static gboolean
save_in_service (const char *address, const char *person, const char *login, const char *token)
{
  g_autofree char *label = g_strdup_printf ("Deskbell: %s at %s", login, address);
  g_autoptr (GError) error = NULL;
  gboolean saved;
  Limit limit;

  begin_limit (&limit);
  saved = secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, token,
                                      limit.cancellable, &error, "address", address, "person",
                                      person, NULL);
  end_limit (&limit);
  if (!saved)
    g_debug ("No Secret Service: %s", error != NULL ? error->message : "it said no");
  return saved;
}

/* Whether the service has one, and does not give it away. */
static gboolean
is_locked (const char *address, const char *person, GCancellable *cancellable)
{
  GList *items = secret_password_search_sync (&schema, SECRET_SEARCH_ALL, cancellable, NULL,
                                              "address", address, "person", person, NULL);
  gboolean locked = FALSE;

  for (GList *link = items; link != NULL; link = link->next)
    locked |= SECRET_IS_ITEM (link->data) && secret_item_get_locked (link->data);
  g_list_free_full (items, g_object_unref);
  return locked;
}

static void
fail_locked (GError **error)
{
  desk_remote_fail (error, DESK_REMOTE_ERROR_SIGNED_OUT,
                    "The keyring of this computer does not open; unlock it, or sign in again");
}

static char *
load_from_service (const char *address, const char *person, GError **error)
{
  g_autoptr (GError) failure = NULL;
  char *token, *secret;
  Limit limit;

  begin_limit (&limit);
  secret = secret_password_lookup_sync (&schema, limit.cancellable, &failure, "address", address,
                                        "person", person, NULL);
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (failure, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
      (secret == NULL && failure == NULL && is_locked (address, person, limit.cancellable)))
    fail_locked (error);
  end_limit (&limit);
  if (failure != NULL)
    g_debug ("No Secret Service: %s", failure->message);
  token = g_strdup (secret);
  secret_password_free (secret);
  return token;
}

static void
forget_in_service (const char *address, const char *person)
{
  g_autoptr (GError) error = NULL;
  Limit limit;

  begin_limit (&limit);
  secret_password_clear_sync (&schema, limit.cancellable, &error, "address", address, "person",
                              person, NULL);
  end_limit (&limit);
  if (error != NULL)
    g_debug ("No Secret Service: %s", error->message);
}

/* --- both --- */

gboolean
desk_secret_save (const char *address,
                  const char *person,
                  const char *login,
                  const char *token,
                  gboolean *in_file,
                  GError **error)
{
  g_autofree char *file = find_file (address, person);

  *in_file = !save_in_service (address, person, login, token);
  if (*in_file)
    return save_in_file (file, token, error);
  g_unlink (file);
  return TRUE;
}

/* The file is there only when there was no service, and asking it is quicker. */
char *
desk_secret_load (const char *address, const char *person, GError **error)
{
  g_autofree char *file = find_file (address, person);
  char *token = NULL;

  if (g_file_get_contents (file, &token, NULL, NULL))
    return token;
  return load_from_service (address, person, error);
}

/* An older one may be in the other place. */
void
desk_secret_forget (const char *address, const char *person)
{
  g_autofree char *file = find_file (address, person);

  g_unlink (file);
  forget_in_service (address, person);
}
