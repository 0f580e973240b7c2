/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the windows remember, with a default for everything where there is no schema. */
#include "desk-settings.h"

#include "config.h"

GSettings *
desk_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, DESKBELL_APP_ID, TRUE);
  if (schema == NULL)
    return NULL;
  return g_settings_new_full (schema, NULL, NULL);
}

DeskAfterSending
desk_settings_get_after_sending (GSettings *settings)
{
  return settings != NULL ? g_settings_get_enum (settings, "after-sending")
                          : DESK_AFTER_SENDING_STAY;
}

gboolean
desk_settings_get_single_letter_keys (GSettings *settings)
{
  return settings == NULL || g_settings_get_boolean (settings, "single-letter-keys");
}

static char *
dup_word (GSettings *settings, const char *key)
{
  return settings != NULL ? g_settings_get_string (settings, key) : NULL;
}

static void
set_word (GSettings *settings, const char *key, const char *word)
{
  if (settings != NULL)
    g_settings_set_string (settings, key, word);
}

char *
desk_settings_dup_last_view (GSettings *settings)
{
  return dup_word (settings, "last-view");
}

void
desk_settings_set_last_view (GSettings *settings, const char *word)
{
  set_word (settings, "last-view", word);
}

char *
desk_settings_dup_sort (GSettings *settings)
{
  return dup_word (settings, "sort");
}

void
desk_settings_set_sort (GSettings *settings, const char *word)
{
  set_word (settings, "sort", word);
}

GVariant *
desk_settings_get_desks (GSettings *settings)
{
  if (settings == NULL)
    return g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("(ss)"), NULL, 0));
  return g_settings_get_value (settings, "desks");
}

void
desk_settings_set_desks (GSettings *settings, GVariant *desks)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (desks);

  if (settings != NULL)
    g_settings_set_value (settings, "desks", owned);
}

DeskWindowSize
desk_settings_get_window_size (GSettings *settings)
{
  if (settings == NULL)
    return (DeskWindowSize){ .width = 1280, .height = 800 };
  return (DeskWindowSize){
    .width = g_settings_get_int (settings, "window-width"),
    .height = g_settings_get_int (settings, "window-height"),
    .maximized = g_settings_get_boolean (settings, "window-maximized"),
  };
}

/* A maximized window keeps the size that it returns to. */
void
desk_settings_set_window_size (GSettings *settings, const DeskWindowSize *size)
{
  if (settings == NULL)
    return;
  g_settings_set_boolean (settings, "window-maximized", size->maximized);
  if (size->maximized || size->width < 1 || size->height < 1)
    return;
  g_settings_set_int (settings, "window-width", size->width);
  g_settings_set_int (settings, "window-height", size->height);
}
