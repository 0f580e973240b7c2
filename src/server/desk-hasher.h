/* SPDX-License-Identifier: GPL-3.0-or-later
 * Passwords, tokens and codes: argon2id in threads of its own, random bytes, digests.
 *
 * Hashing a password takes a tenth of a second and 64 MiB on purpose, so only a few are hashed at
 * once and only so many wait. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DeskHasher DeskHasher;

/* FALSE: this computer has no way to make random bytes. Before anything else here. */
gboolean desk_hasher_init (void);

DeskHasher *desk_hasher_new (guint n_threads, gsize memory_bytes, guint passes);
/* Waits for what is under way. */
void desk_hasher_free (DeskHasher *self);

/* @right: the password is the one. @hash: of the password as hashes are made now, when it was asked
 * for or the old one is outdated, else NULL; lent. In a thread of the hasher's. */
typedef void (*DeskHashed) (gboolean right, const char *hash, gpointer user_data);

/* FALSE, and nothing happens, when too many wait. @hash NULL takes as long and is never right. */
gboolean desk_hasher_check (
    DeskHasher *self, const char *password, const char *hash, DeskHashed done, gpointer user_data);
gboolean
desk_hasher_make (DeskHasher *self, const char *password, DeskHashed done, gpointer user_data);

/* 256 random bits as text that fits into an address. (transfer full) */
char *desk_token_new (void);
/* What is kept of @token: its SHA-256. NULL when it is no token of ours. (transfer full) */
GBytes *desk_token_digest (const char *token);

G_END_DECLS
