/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes that a client keeps for us and can neither read nor change.
 *
 * Sealed by a key of the desk's (libsodium's secretbox), as text that fits into an address; equal
 * bytes come out differently each time. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) */
GBytes *desk_seal_new_key (void);

/* (transfer full) */
char *desk_seal_close (GBytes *key, const guint8 *bytes, gsize size);
/* NULL for what this key did not seal. (transfer full) (nullable) */
GBytes *desk_seal_open (GBytes *key, const char *text);

G_END_DECLS
