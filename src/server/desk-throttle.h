/* SPDX-License-Identifier: GPL-3.0-or-later
 * How often somebody may: a bucket of tokens per name, which fills again with time.
 *
 * Memory is bounded: buckets that are full again are forgotten. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DeskThrottle DeskThrottle;

/* @burst at once, then @per_minute. 0 for either: no limit. */
DeskThrottle *desk_throttle_new (guint burst, guint per_minute);
void desk_throttle_free (DeskThrottle *self);

/* 0: may, and a token is gone; else after how many seconds. @now_us: monotonic. */
guint desk_throttle_take (DeskThrottle *self, const char *name, gint64 now_us);
/* It was nothing to be counted. */
void desk_throttle_give_back (DeskThrottle *self, const char *name);

G_END_DECLS
