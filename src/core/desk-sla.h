/* SPDX-License-Identifier: GPL-3.0-or-later
 * The SLA clock of a ticket: one resolution target, paused while nobody on the desk can act.
 *
 * The clock runs in status open only. It is four numbers of the ticket: target_secs (copied from
 * the plan, so editing a plan changes no ticket), spent_secs (of runs that ended), running_since
 * (0 while paused) and due_at (0 while paused or without a plan). Pure: `now` is an argument,
 * UTC seconds; nothing fails; any thread. */
#pragma once

#include "desk-ticket.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 target_secs;
  gint64 spent_secs;
  gint64 running_since;
} DeskClock;

DeskClock desk_clock_of (const DeskTicket *ticket);
DeskClock desk_clock_start (DeskClock clock, gint64 now); /* no effect while it runs */
DeskClock desk_clock_pause (DeskClock clock, gint64 now); /* a clock set back spends nothing */
DeskClock desk_clock_reset (DeskClock clock);             /* spent nothing, not running */
gint64 desk_clock_due_at (DeskClock clock);               /* 0: no promise, or paused */

typedef enum
{
  DESK_DUE_NONE, /* no plan, or the ticket is closed */
  DESK_DUE_PAUSED,
  DESK_DUE_LATER,
  DESK_DUE_SOON, /* the last quarter of the target */
  DESK_DUE_OVERDUE,
} DeskDue;

DeskDue desk_clock_get_due (DeskClock clock, gint64 now);
/* Share of the target that is used, 0 to 1; paused clocks keep theirs. */
double desk_clock_get_used (DeskClock clock, gint64 now);
/* Seconds left, negative when overdue. */
gint64 desk_clock_get_left_secs (DeskClock clock, gint64 now);

G_END_DECLS
