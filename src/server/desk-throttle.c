/* SPDX-License-Identifier: GPL-3.0-or-later
 * How often somebody may: a bucket of tokens per name, which fills again with time. */
#include "desk-throttle.h"

/* When there are so many, those that are full again go. */
#define TIDY_AT 4096

typedef struct
{
  double tokens;
  gint64 at_us;
} Bucket;

struct _DeskThrottle
{
  guint burst;
  double per_us;
  GMutex lock;
  GHashTable *buckets; /* name → Bucket */
  guint tidy_at;
};

DeskThrottle *
desk_throttle_new (guint burst, guint per_minute)
{
  DeskThrottle *self = g_new0 (DeskThrottle, 1);

  self->burst = per_minute > 0 ? burst : 0;
  self->per_us = per_minute / (60.0 * G_USEC_PER_SEC);
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->tidy_at = TIDY_AT;
  g_mutex_init (&self->lock);
  return self;
}

void
desk_throttle_free (DeskThrottle *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->buckets);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
refill (DeskThrottle *self, Bucket *bucket, gint64 now_us)
{
  bucket->tokens = MIN (self->burst, bucket->tokens + (now_us - bucket->at_us) * self->per_us);
  bucket->at_us = now_us;
}

static void
tidy (DeskThrottle *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer value;

  if (g_hash_table_size (self->buckets) < self->tidy_at)
    return;
  g_hash_table_iter_init (&iter, self->buckets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      refill (self, value, now_us);
      if (((Bucket *) value)->tokens >= self->burst)
        g_hash_table_iter_remove (&iter);
    }
  self->tidy_at = MAX (TIDY_AT, 2 * g_hash_table_size (self->buckets));
}

static Bucket *
get_bucket (DeskThrottle *self, const char *name, gint64 now_us)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, name);

  if (bucket != NULL)
    return bucket;
  tidy (self, now_us);
  bucket = g_new0 (Bucket, 1);
  *bucket = (Bucket){ self->burst, now_us };
  g_hash_table_insert (self->buckets, g_strdup (name), bucket);
  return bucket;
}

guint
desk_throttle_take (DeskThrottle *self, const char *name, gint64 now_us)
{
  guint wait_secs = 0;
  Bucket *bucket;

  if (self->burst == 0)
    return 0;
  g_mutex_lock (&self->lock);
  bucket = get_bucket (self, name, now_us);
  refill (self, bucket, now_us);
  if (bucket->tokens >= 1)
    bucket->tokens -= 1;
  else
    wait_secs = 1 + (1 - bucket->tokens) / self->per_us / G_USEC_PER_SEC;
  g_mutex_unlock (&self->lock);
  return wait_secs;
}

void
desk_throttle_give_back (DeskThrottle *self, const char *name)
{
  Bucket *bucket;

  g_mutex_lock (&self->lock);
  bucket = g_hash_table_lookup (self->buckets, name);
  if (bucket != NULL)
    bucket->tokens = MIN (self->burst, bucket->tokens + 1);
  g_mutex_unlock (&self->lock);
}
