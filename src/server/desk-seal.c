/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bytes that a client keeps for us and can neither read nor change. */
#include "desk-seal.h"

#include <sodium.h>
#include <string.h>

/* Longer ones were not sealed here. */
#define MAX_TEXT_CHARS 1024
#define OVERHEAD_BYTES (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
#define VARIANT        sodium_base64_VARIANT_URLSAFE_NO_PADDING

GBytes *
desk_seal_new_key (void)
{
  guint8 key[crypto_secretbox_KEYBYTES];

  crypto_secretbox_keygen (key);
  return g_bytes_new (key, sizeof key);
}

char *
desk_seal_close (GBytes *key, const guint8 *bytes, gsize size)
{
  gsize sealed_size = size + OVERHEAD_BYTES;
  g_autofree guint8 *sealed = g_malloc (sealed_size);
  gsize text_size = sodium_base64_encoded_len (sealed_size, VARIANT);
  char *text = g_malloc (text_size);

  randombytes_buf (sealed, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy (sealed + crypto_secretbox_NONCEBYTES, bytes, size, sealed,
                         g_bytes_get_data (key, NULL));
  return sodium_bin2base64 (text, text_size, sealed, sealed_size, VARIANT);
}

GBytes *
desk_seal_open (GBytes *key, const char *text)
{
  guint8 sealed[MAX_TEXT_CHARS];
  gsize length = strlen (text);
  gsize size;
  g_autofree guint8 *bytes = NULL;

  if (length > MAX_TEXT_CHARS ||
      sodium_base642bin (sealed, sizeof sealed, text, length, NULL, &size, NULL, VARIANT) != 0 ||
      size <= OVERHEAD_BYTES)
    return NULL;
  bytes = g_malloc (size - OVERHEAD_BYTES);
  if (crypto_secretbox_open_easy (bytes, sealed + crypto_secretbox_NONCEBYTES,
                                  size - crypto_secretbox_NONCEBYTES, sealed,
                                  g_bytes_get_data (key, NULL)) != 0)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), size - OVERHEAD_BYTES);
}
