/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far long work on a desk has come. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @done of @total, in a unit of the work's own; called on its thread, often. @total 0: not known.
 */
typedef void (*DeskProgress) (gint64 done, gint64 total, gpointer user_data);

G_END_DECLS
