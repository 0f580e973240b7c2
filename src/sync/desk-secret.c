/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens in the Secret Service, or in files of mode 0600 under $XDG_STATE_HOME/deskbell/tokens/. */
#include "desk-secret.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>

#include "desk-store-error.h"

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

/* --- both --- */

static gboolean
save_in_service (const char *address, const char *person, const char *login, const char *token)
{
  g_autofree char *label = g_strdup_printf ("Deskbell: %s at %s", login, address);
  g_autoptr (GError) error = NULL;

  if (secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, token, NULL, &error,
                                  "address", address, "person", person, NULL))
    return TRUE;
  g_debug ("No Secret Service: %s", error->message);
  return FALSE;
}

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
desk_secret_load (const char *address, const char *person)
{
  g_autofree char *file = find_file (address, person);
  char *token = NULL;
  char *secret;

  if (g_file_get_contents (file, &token, NULL, NULL))
    return token;
  secret = secret_password_lookup_sync (&schema, NULL, NULL, "address", address, "person", person,
                                        NULL);
  token = g_strdup (secret);
  secret_password_free (secret);
  return token;
}

void
desk_secret_forget (const char *address, const char *person)
{
  g_autofree char *file = find_file (address, person);

  if (g_unlink (file) != 0)
    secret_password_clear_sync (&schema, NULL, NULL, "address", address, "person", person, NULL);
}
