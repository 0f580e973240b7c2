/* SPDX-License-Identifier: GPL-3.0-or-later
 * The disc of a person: the same initials and the same colour wherever somebody appears. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Colours desk_disc_0 … of style.css. */
#define DESK_N_DISC_COLORS 12

/* Which of them is @name's. */
guint desk_avatar_choose_color (const char *name);

/* What the label beside it says already is hidden from screen readers. */
GtkWidget *desk_avatar_new (const char *name, int size);
void desk_avatar_set_name (AdwAvatar *avatar, const char *name);

G_END_DECLS
