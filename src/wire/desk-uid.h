/* SPDX-License-Identifier: GPL-3.0-or-later
 * Uids: UUIDs in small letters, made by whoever creates the thing, so that offline creation never
 * collides.
 *
 * Their order means nothing and is trusted by nobody; that new ones grow only keeps an index
 * compact. Nothing here fails; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DESK_UID_BYTES 16

/* A UUIDv7, greater than every one before it in this process. (transfer full) */
char *desk_uid_new (void);

/* The UUIDv8 of @key among the things that come from @source: always the same one, so that
 * importing twice doubles nothing. (transfer full) */
char *desk_uid_from_name (const char *source, const char *key);

/* Whether @uid (nullable) is a UUID as text: 36 signs, small letters. */
gboolean desk_uid_is_valid (const char *uid);

/* FALSE, and @bytes are undefined, when @uid (nullable) is not valid. */
gboolean desk_uid_to_bytes (const char *uid, guint8 bytes[DESK_UID_BYTES]);
/* (transfer full) */
char *desk_uid_from_bytes (const guint8 bytes[DESK_UID_BYTES]);

G_END_DECLS
