/* SPDX-License-Identifier: GPL-3.0-or-later
 * A translated sentence with one name in it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @sentence with @value in the place of its "%s", isolated so that it keeps its own direction.
 * (transfer full) */
char *desk_phrase (const char *sentence, const char *value);
/* The same without isolating, for names that are spoken and not seen. (transfer full) */
char *desk_phrase_spoken (const char *sentence, const char *value);

G_END_DECLS
