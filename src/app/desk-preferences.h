/* SPDX-License-Identifier: GPL-3.0-or-later
 * The window of preferences: few, and each takes effect at once. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define DESK_TYPE_PREFERENCES (desk_preferences_get_type ())
G_DECLARE_FINAL_TYPE (DeskPreferences, desk_preferences, DESK, PREFERENCES, AdwPreferencesWindow)

/* @parent nullable. */
void desk_preferences_present (GtkWindow *parent);

G_END_DECLS
