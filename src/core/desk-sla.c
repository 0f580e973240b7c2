/* SPDX-License-Identifier: GPL-3.0-or-later
 * Arithmetic of the SLA clock. */
#include "desk-sla.h"

/* Seconds used up to @now, the present run included. */
static gint64
used_secs (DeskClock clock, gint64 now)
{
  gint64 run = clock.running_since != 0 ? MAX (now - clock.running_since, 0) : 0;

  return clock.spent_secs + run;
}

/**
 * desk_clock_of:
 * @ticket: a ticket
 *
 * A closed ticket promises nothing any more: its clock has no target.
 */
DeskClock
desk_clock_of (const DeskTicket *ticket)
{
  return (DeskClock){
    .target_secs = ticket->status == DESK_STATUS_CLOSED ? 0 : ticket->target_secs,
    .spent_secs = ticket->spent_secs,
    .running_since = ticket->running_since,
  };
}

DeskClock
desk_clock_start (DeskClock clock, gint64 now)
{
  if (clock.running_since == 0)
    clock.running_since = now;
  return clock;
}

DeskClock
desk_clock_pause (DeskClock clock, gint64 now)
{
  clock.spent_secs = used_secs (clock, now);
  clock.running_since = 0;
  return clock;
}

DeskClock
desk_clock_reset (DeskClock clock)
{
  clock.spent_secs = 0;
  clock.running_since = 0;
  return clock;
}

gint64
desk_clock_due_at (DeskClock clock)
{
  if (clock.target_secs == 0 || clock.running_since == 0)
    return 0;
  /* A promise that was broken before this run began was due in the past; 0 would say "never". */
  return MAX (clock.running_since + clock.target_secs - clock.spent_secs, 1);
}

DeskDue
desk_clock_get_due (DeskClock clock, gint64 now)
{
  gint64 left = desk_clock_get_left_secs (clock, now);

  if (clock.target_secs == 0)
    return DESK_DUE_NONE;
  if (clock.running_since == 0)
    return DESK_DUE_PAUSED;
  if (left < 0)
    return DESK_DUE_OVERDUE;
  return left <= clock.target_secs / 4 ? DESK_DUE_SOON : DESK_DUE_LATER;
}

double
desk_clock_get_used (DeskClock clock, gint64 now)
{
  if (clock.target_secs == 0)
    return 0.0;
  return CLAMP ((double) used_secs (clock, now) / (double) clock.target_secs, 0.0, 1.0);
}

gint64
desk_clock_get_left_secs (DeskClock clock, gint64 now)
{
  return clock.target_secs - used_secs (clock, now);
}
