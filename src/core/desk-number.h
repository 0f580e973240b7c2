/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ticket numbers: "#" is a digit, "\#" a plain #, everything else stands for itself.
 *
 * A value with more digits than the format has places widens its last run of places, so a format
 * never fills up. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 1 to 32 characters, at least one place, at most 15; no control characters. */
gboolean desk_number_format_is_valid (const char *format);
/* Places for digits, 1 to 15. */
guint desk_number_format_count_places (const char *format);
/* "BK-####", 42 → "BK-0042". (transfer full) */
char *desk_number_format_render (const char *format, guint64 value);
/* What people call a number: "42" → "BK-0042". NULL when @text is not a value alone, or the number
 * itself already. (transfer full) (nullable) */
char *desk_number_format_complete (const char *format, const char *text);

G_END_DECLS
