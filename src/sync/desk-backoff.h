/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long to wait after something failed so many times: longer each time, and never the same, so
 * that those whom one failure has struck do not all come back at once. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @n_failures: from 1 on. Between 0 and a minute. */
gint64 desk_backoff_us (guint n_failures);

/* The same for who was asked to wait for @asked_secs (0: was not): not before that, and not all at
 * once then. */
gint64 desk_backoff_after_us (guint n_failures, guint asked_secs);

G_END_DECLS
