/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the windows remember for one person on one machine: GSettings, or its defaults.
 *
 * A program that runs from a folder without its schema still works; it only forgets. Main thread.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  DESK_AFTER_SENDING_NEXT_TICKET,
  DESK_AFTER_SENDING_STAY,
  DESK_AFTER_SENDING_LIST,
} DeskAfterSending;

/* NULL when the schema is not installed. (transfer full) */
GSettings *desk_settings_new (void);

/* Each takes what desk_settings_new() gave, also NULL. */
DeskAfterSending desk_settings_get_after_sending (GSettings *settings);
gboolean desk_settings_get_single_letter_keys (GSettings *settings);
/* (transfer full); NULL for none */
char *desk_settings_dup_last_view (GSettings *settings);
void desk_settings_set_last_view (GSettings *settings, const char *word);
char *desk_settings_dup_sort (GSettings *settings);
void desk_settings_set_sort (GSettings *settings, const char *word);

/* What was opened last first: an array of desk and login, type a(ss). (transfer full) */
GVariant *desk_settings_get_desks (GSettings *settings);
/* @desks: floating */
void desk_settings_set_desks (GSettings *settings, GVariant *desks);

typedef struct
{
  int width;
  int height;
  gboolean maximized;
} DeskWindowSize;

DeskWindowSize desk_settings_get_window_size (GSettings *settings);
void desk_settings_set_window_size (GSettings *settings, const DeskWindowSize *size);

G_END_DECLS
