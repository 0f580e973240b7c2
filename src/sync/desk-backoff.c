/* SPDX-License-Identifier: GPL-3.0-or-later
 * Exponential, with full jitter. */
#include "desk-backoff.h"

#define FIRST_SECS 1.0
#define MAX_SECS   60.0

gint64
desk_backoff_us (guint n_failures)
{
  double longest = FIRST_SECS * (double) (1u << MIN (n_failures - 1, 10));

  return (gint64) (g_random_double_range (0, MIN (longest, MAX_SECS)) * G_USEC_PER_SEC);
}

gint64
desk_backoff_after_us (guint n_failures, guint asked_secs)
{
  gint64 own_us = desk_backoff_us (n_failures);
  gint64 asked_us = asked_secs * G_USEC_PER_SEC;

  return asked_us > 0 ? MAX (own_us, asked_us + desk_backoff_us (1)) : own_us;
}
