/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the server says of itself: one line per event, "key=value" in a fixed order, on standard
 * error.
 *
 * Never bodies, texts or secrets. Whatever a client sent is quoted, so that it cannot begin a line
 * of its own. Lines about requests are gathered and written by the main loop, a tenth of a second
 * late; whoever kills the process loses those. All others are written before desk_log() returns,
 * and nothing is left once the last line is one of them. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DESK_LOG_ERROR,   /* somebody has to look */
  DESK_LOG_CHANGE,  /* start, end, who signed in */
  DESK_LOG_REQUEST, /* each of them */
} DeskLogLevel;

/* "errors", "changes", "requests": what is told. Once, before the threads. */
void desk_log_set_level (const char *word);
gboolean desk_log_is_told (DeskLogLevel level);
/* Keys and values (NULL: left out), ended by NULL. */
void desk_log (DeskLogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
