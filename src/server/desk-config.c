/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a server is set up: one table of keys, read from a key file and the command line. */
#include "desk-config.h"

#include <gio/gio.h>
#include <string.h>

typedef enum
{
  TYPE_TEXT,
  TYPE_LIST,
  TYPE_NUMBER,
  TYPE_WORD,
} Type;

typedef struct
{
  const char *group;
  const char *key;
  Type type;
  gsize offset;
  const char *preset;
  gint64 min, max;
  const char *words[4];
} Setting;

#define AT(member) G_STRUCT_OFFSET (DeskConfig, member)

static const Setting settings[] = {
  { "desk", "path", TYPE_TEXT, AT (desk), "" },
  { "server", "listen", TYPE_LIST, AT (listen), "127.0.0.1:8080" },
  { "server", "base_path", TYPE_TEXT, AT (base_path), "" },
  { "server", "url", TYPE_TEXT, AT (url), "" },
  { "server", "trusted_proxies", TYPE_LIST, AT (trusted_proxies), "" },
  { "server", "certificate", TYPE_TEXT, AT (certificate), "" },
  { "server", "key", TYPE_TEXT, AT (key), "" },
  { "server", "threads", TYPE_NUMBER, AT (threads), "0", 0, 256 },
  { "limits", "connections", TYPE_NUMBER, AT (max_connections), "16384", 16, 100000 },
  { "limits", "connections_per_address", TYPE_NUMBER, AT (max_connections_per_address), "1024", 1,
    100000 },
  { "limits", "request_secs", TYPE_NUMBER, AT (request_secs), "30", 1, 3600 },
  { "limits", "idle_secs", TYPE_NUMBER, AT (idle_secs), "75", 1, 3600 },
  { "limits", "requests_per_minute", TYPE_NUMBER, AT (requests_per_minute), "6000", 0, 100000000 },
  { "limits", "uploads_mib_per_person", TYPE_NUMBER, AT (uploads_mib_per_person), "256", 1,
    1048576 },
  { "sign-in", "session_days", TYPE_NUMBER, AT (session_days), "90", 1, 3650 },
  { "sign-in", "attempts_per_minute", TYPE_NUMBER, AT (attempts_per_minute), "10", 0, 100000 },
  { "sign-in", "address_attempts_per_minute", TYPE_NUMBER, AT (address_attempts_per_minute), "60",
    0, 100000 },
  { "sign-in", "password_memory_mib", TYPE_NUMBER, AT (password_memory_mib), "64", 0, 4096 },
  { "sign-in", "password_passes", TYPE_NUMBER, AT (password_passes), "2", 1, 100 },
  { "sign-in", "password_threads", TYPE_NUMBER, AT (password_threads), "2", 1, 64 },
  { "files", "uploads", TYPE_TEXT, AT (uploads), "" },
  { "log", "level", TYPE_WORD, AT (log), "requests", 0, 0, { "requests", "changes", "errors" } },
};

/* --- one setting --- */

static gboolean
refuse (const Setting *setting, const char *value, const char *what, GError **error)
{
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               "[%s] %s=%s: this has to be %s", setting->group, setting->key, value, what);
  return FALSE;
}

static gboolean
set_number (const Setting *setting, const char *value, gint64 *number, GError **error)
{
  g_autofree char *what = g_strdup_printf (
      "a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, setting->min, setting->max);

  return g_ascii_string_to_signed (value, 10, setting->min, setting->max, number, NULL) ||
         refuse (setting, value, what, error);
}

static gboolean
set_word (const Setting *setting, const char *value, char **word, GError **error)
{
  g_autofree char *words = g_strjoinv (", ", (char **) setting->words);
  g_autofree char *what = g_strconcat ("one of ", words, NULL);

  if (!g_strv_contains (setting->words, value))
    return refuse (setting, value, what, error);
  g_free (*word);
  *word = g_strdup (value);
  return TRUE;
}

static char **
split (const char *value)
{
  g_auto (GStrv) parts = g_strsplit_set (value, "; ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (builder, parts[i]);
  return g_strv_builder_end (builder);
}

static gboolean
set (DeskConfig *self, const Setting *setting, const char *value, GError **error)
{
  gpointer member = G_STRUCT_MEMBER_P (self, setting->offset);

  switch (setting->type)
    {
    case TYPE_TEXT:
      g_free (*(char **) member);
      *(char **) member = g_strdup (value);
      return TRUE;
    case TYPE_LIST:
      g_strfreev (*(char ***) member);
      *(char ***) member = split (value);
      return TRUE;
    case TYPE_NUMBER:
      return set_number (setting, value, member, error);
    case TYPE_WORD:
      return set_word (setting, value, member, error);
    }
  g_assert_not_reached ();
}

static char *
get (const DeskConfig *self, const Setting *setting)
{
  gconstpointer member = G_STRUCT_MEMBER_P (self, setting->offset);

  switch (setting->type)
    {
    case TYPE_TEXT:
    case TYPE_WORD:
      return g_strdup (*(char *const *) member);
    case TYPE_LIST:
      return g_strjoinv (";", *(char **const *) member);
    case TYPE_NUMBER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, *(const gint64 *) member);
    }
  g_assert_not_reached ();
}

/* --- all of them --- */

DeskConfig *
desk_config_new (void)
{
  DeskConfig *self = g_new0 (DeskConfig, 1);

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    set (self, &settings[i], settings[i].preset, NULL);
  return self;
}

void
desk_config_free (DeskConfig *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      gpointer member = G_STRUCT_MEMBER_P (self, settings[i].offset);

      if (settings[i].type == TYPE_LIST)
        g_strfreev (*(char ***) member);
      else if (settings[i].type != TYPE_NUMBER)
        g_free (*(char **) member);
    }
  g_free (self);
}

gboolean
desk_config_set (
    DeskConfig *self, const char *group, const char *key, const char *value, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (settings[i].group, group) && g_str_equal (settings[i].key, key))
      return set (self, &settings[i], value, error);
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
               "[%s] %s: there is no such setting", group, key);
  return FALSE;
}

static gboolean
load_group (DeskConfig *self, GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, error);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *value = g_key_file_get_string (file, group, keys[i], error);

      if (value == NULL || !desk_config_set (self, group, keys[i], g_strstrip (value), error))
        return FALSE;
    }
  return keys != NULL;
}

gboolean
desk_config_load (DeskConfig *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (!load_group (self, file, groups[i], error))
      {
        g_prefix_error (error, "%s: ", path);
        return FALSE;
      }
  return TRUE;
}

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, message);
  return FALSE;
}

static gboolean
check_proxies (const DeskConfig *self, GError **error)
{
  for (guint i = 0; self->trusted_proxies[i] != NULL; i++)
    {
      g_autoptr (GInetAddressMask)
          mask = g_inet_address_mask_new_from_string (self->trusted_proxies[i], error);

      if (mask == NULL)
        {
          g_prefix_error (error, "[server] trusted_proxies: ");
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
desk_config_check_desk (const DeskConfig *self, GError **error)
{
  return *self->desk != '\0' ||
         fail (error, "No desk is named; give --desk FILE or set [desk] path");
}

gboolean
desk_config_check (const DeskConfig *self, GError **error)
{
  if ((*self->certificate == '\0') != (*self->key == '\0'))
    return fail (error, "[server] certificate and key go together; set both or none");
  if (*self->base_path != '\0' &&
      (*self->base_path != '/' || g_str_has_suffix (self->base_path, "/")))
    return fail (error, "[server] base_path has to start with / and not to end with it");
  return check_proxies (self, error);
}

char *
desk_config_to_string (const DeskConfig *self)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *value = get (self, &settings[i]);

      if (i == 0 || !g_str_equal (settings[i].group, settings[i - 1].group))
        g_string_append_printf (out, "%s[%s]\n", i > 0 ? "\n" : "", settings[i].group);
      g_string_append_printf (out, "%s=%s\n", settings[i].key, value);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
