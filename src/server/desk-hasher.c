/* SPDX-License-Identifier: GPL-3.0-or-later
 * Passwords, tokens and codes: argon2id in threads of its own, random bytes, digests. */
#include "desk-hasher.h"

#include <sodium.h>
#include <string.h>

#define MAX_WAITING 64
#define TOKEN_BYTES 32
#define TOKEN_CHARS 43 /* base64 without padding */

struct _DeskHasher
{
  GThreadPool *pool;
  gsize memory_bytes;
  guint passes;
  char nobody[crypto_pwhash_STRBYTES]; /* what takes as long as anybody's */
};

typedef struct
{
  char *password;
  char *hash; /* NULL: to be made */
  gboolean is_somebody;
  DeskHashed done;
  gpointer user_data;
} Work;

gboolean
desk_hasher_init (void)
{
  return sodium_init () >= 0;
}

/* --- the threads --- */

static void
free_work (Work *work)
{
  sodium_memzero (work->password, strlen (work->password));
  g_free (work->password);
  g_free (work->hash);
  g_free (work);
}

static gboolean
make_hash (DeskHasher *self, const char *password, char hash[crypto_pwhash_STRBYTES])
{
  return crypto_pwhash_str (hash, password, strlen (password), self->passes, self->memory_bytes) ==
         0;
}

static gboolean
is_right (const Work *work)
{
  return crypto_pwhash_str_verify (work->hash, work->password, strlen (work->password)) == 0 &&
         work->is_somebody;
}

static void
hash_cb (gpointer data, gpointer user_data)
{
  DeskHasher *self = user_data;
  Work *work = data;
  gboolean right = work->hash == NULL || is_right (work);
  gboolean makes = work->hash == NULL ||
                   (right && crypto_pwhash_str_needs_rehash (work->hash, self->passes,
                                                             self->memory_bytes) != 0);
  char hash[crypto_pwhash_STRBYTES];
  gboolean made = makes && make_hash (self, work->password, hash);

  work->done (right && (work->hash != NULL || made), made ? hash : NULL, work->user_data);
  free_work (work);
}

DeskHasher *
desk_hasher_new (guint n_threads, gsize memory_bytes, guint passes)
{
  DeskHasher *self = g_new0 (DeskHasher, 1);

  self->memory_bytes = MAX (memory_bytes, crypto_pwhash_MEMLIMIT_MIN);
  self->passes = MAX (passes, crypto_pwhash_OPSLIMIT_MIN);
  make_hash (self, "nobody", self->nobody);
  self->pool = g_thread_pool_new (hash_cb, self, n_threads, FALSE, NULL);
  return self;
}

void
desk_hasher_free (DeskHasher *self)
{
  if (self == NULL)
    return;
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_free (self);
}

static gboolean
push (DeskHasher *self,
      const char *password,
      const char *hash,
      gboolean is_somebody,
      DeskHashed done,
      gpointer user_data)
{
  Work *work;

  if (g_thread_pool_unprocessed (self->pool) >= MAX_WAITING)
    return FALSE;
  work = g_new0 (Work, 1);
  *work = (Work){ g_strdup (password), g_strdup (hash), is_somebody, done, user_data };
  g_thread_pool_push (self->pool, work, NULL);
  return TRUE;
}

gboolean
desk_hasher_check (
    DeskHasher *self, const char *password, const char *hash, DeskHashed done, gpointer user_data)
{
  return push (self, password, hash != NULL ? hash : self->nobody, hash != NULL, done, user_data);
}

gboolean
desk_hasher_make (DeskHasher *self, const char *password, DeskHashed done, gpointer user_data)
{
  return push (self, password, NULL, TRUE, done, user_data);
}

/* --- tokens --- */

char *
desk_token_new (void)
{
  guint8 bytes[TOKEN_BYTES];
  char text[TOKEN_CHARS + 1];

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (text, sizeof text, bytes, sizeof bytes,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero (bytes, sizeof bytes);
  return g_strdup (text);
}

GBytes *
desk_token_digest (const char *token)
{
  guint8 bytes[TOKEN_BYTES];
  guint8 digest[crypto_hash_sha256_BYTES];
  gsize length;

  if (strlen (token) != TOKEN_CHARS ||
      sodium_base642bin (bytes, sizeof bytes, token, TOKEN_CHARS, NULL, &length, NULL,
                         sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      length != TOKEN_BYTES)
    return NULL;
  crypto_hash_sha256 (digest, bytes, sizeof bytes);
  return g_bytes_new (digest, sizeof digest);
}
