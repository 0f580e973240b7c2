/* SPDX-License-Identifier: GPL-3.0-or-later
 * Making and reading UUIDs. */
#include "desk-uid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define UID_CHARS    36
#define COUNTER_BITS 12

/* Where the dashes stand. */
static gboolean
is_dash_position (guint i)
{
  return i == 8 || i == 13 || i == 18 || i == 23;
}

static void
fill_random (guint8 *bytes, gsize length)
{
  while (length > 0)
    {
      gssize n = getrandom (bytes, length, 0);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        g_error ("The system gives no random numbers: %s", g_strerror (errno));
      bytes += n;
      length -= (gsize) n;
    }
}

static void
set_version (guint8 bytes[DESK_UID_BYTES], guint8 version)
{
  bytes[6] = (guint8) ((version << 4) | (bytes[6] & 0x0f));
  bytes[8] = (guint8) (0x80 | (bytes[8] & 0x3f));
}

/* The next moment of this process in units of 1/4096 ms, which never stands still and never goes
 * back, whatever the clock does. */
static guint64
take_moment (void)
{
  static GMutex mutex;
  static guint64 last;
  guint64 now = ((guint64) g_get_real_time () / 1000) << COUNTER_BITS;
  guint64 moment;

  g_mutex_lock (&mutex);
  last = moment = MAX (now, last + 1);
  g_mutex_unlock (&mutex);
  return moment;
}

char *
desk_uid_new (void)
{
  guint8 bytes[DESK_UID_BYTES];
  guint64 moment = take_moment ();
  guint64 ms = moment >> COUNTER_BITS;

  fill_random (bytes + 8, sizeof bytes - 8);
  for (guint i = 0; i < 6; i++)
    bytes[i] = (guint8) (ms >> (8 * (5 - i)));
  bytes[6] = (guint8) ((moment >> 8) & 0x0f);
  bytes[7] = (guint8) moment;
  set_version (bytes, 7);
  return desk_uid_from_bytes (bytes);
}

char *
desk_uid_from_name (const char *source, const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  /* The NUL keeps ("a", "bc") and ("ab", "c") apart. */
  g_checksum_update (checksum, (const guchar *) source, (gssize) strlen (source) + 1);
  g_checksum_update (checksum, (const guchar *) key, (gssize) strlen (key));
  g_checksum_get_digest (checksum, digest, &length);
  set_version (digest, 8);
  return desk_uid_from_bytes (digest);
}

gboolean
desk_uid_is_valid (const char *uid)
{
  guint8 bytes[DESK_UID_BYTES];

  return desk_uid_to_bytes (uid, bytes);
}

gboolean
desk_uid_to_bytes (const char *uid, guint8 bytes[DESK_UID_BYTES])
{
  guint n_digits = 0;

  if (uid == NULL)
    return FALSE;
  for (guint i = 0; i < UID_CHARS; i++)
    {
      char c = uid[i];

      if (is_dash_position (i) && c == '-')
        continue;
      /* The end of a text that is too short is no digit either. */
      if (is_dash_position (i) || !g_ascii_isxdigit (c) || g_ascii_isupper (c))
        return FALSE;
      bytes[n_digits / 2] = (guint8) ((n_digits % 2 != 0 ? bytes[n_digits / 2] << 4 : 0) |
                                      g_ascii_xdigit_value (c));
      n_digits++;
    }
  return uid[UID_CHARS] == '\0';
}

char *
desk_uid_from_bytes (const guint8 bytes[DESK_UID_BYTES])
{
  static const char digits[] = "0123456789abcdef";
  char *uid = g_malloc (UID_CHARS + 1);
  guint n_digits = 0;

  for (guint i = 0; i < UID_CHARS; i++)
    {
      if (is_dash_position (i))
        {
          uid[i] = '-';
          continue;
        }
      uid[i] = digits[n_digits % 2 == 0 ? bytes[n_digits / 2] >> 4 : bytes[n_digits / 2] & 0x0f];
      n_digits++;
    }
  uid[UID_CHARS] = '\0';
  return uid;
}
