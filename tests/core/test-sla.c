/* SPDX-License-Identifier: GPL-3.0-or-later
 * The SLA clock as arithmetic. */
#include "desk-sla.h"

#include "fixture.h"

static void
test_runs_and_pauses (void)
{
  DeskClock clock = { .target_secs = 4 * HOUR };

  clock = desk_clock_start (clock, NOW);
  g_assert_cmpint (desk_clock_due_at (clock), ==, NOW + 4 * HOUR);
  clock = desk_clock_start (clock, NOW + HOUR); /* runs already */
  g_assert_cmpint (clock.running_since, ==, NOW);
  clock = desk_clock_pause (clock, NOW + HOUR);
  g_assert_cmpint (clock.spent_secs, ==, HOUR);
  g_assert_cmpint (desk_clock_due_at (clock), ==, 0);
  clock = desk_clock_pause (clock, NOW + 2 * HOUR); /* stands already */
  g_assert_cmpint (clock.spent_secs, ==, HOUR);
  clock = desk_clock_start (clock, NOW + 10 * HOUR);
  g_assert_cmpint (desk_clock_due_at (clock), ==, NOW + 13 * HOUR);
  clock = desk_clock_reset (clock);
  g_assert_cmpint (clock.spent_secs, ==, 0);
  g_assert_cmpint (clock.running_since, ==, 0);
  g_assert_cmpint (clock.target_secs, ==, 4 * HOUR);
}

static void
test_set_back (void)
{
  DeskClock clock = { 4 * HOUR, HOUR, NOW };

  g_assert_cmpint (desk_clock_get_left_secs (clock, NOW - DAY), ==, 3 * HOUR);
  clock = desk_clock_pause (clock, NOW - DAY);
  g_assert_cmpint (clock.spent_secs, ==, HOUR);
}

static const struct
{
  DeskClock clock;
  gint64 after;
  DeskDue due;
  gint64 left_secs;
  double used;
} cases[] = {
  { { 0, 0, NOW }, HOUR, DESK_DUE_NONE, -HOUR, 0.0 },
  { { 4 * HOUR, HOUR, 0 }, 10 * HOUR, DESK_DUE_PAUSED, 3 * HOUR, 0.25 },
  { { 4 * HOUR, 5 * HOUR, 0 }, 0, DESK_DUE_PAUSED, -HOUR, 1.0 },
  { { 4 * HOUR, 0, NOW }, 0, DESK_DUE_LATER, 4 * HOUR, 0.0 },
  { { 4 * HOUR, 0, NOW }, 3 * HOUR - 1, DESK_DUE_LATER, HOUR + 1, 0.75 },
  { { 4 * HOUR, 0, NOW }, 3 * HOUR, DESK_DUE_SOON, HOUR, 0.75 },
  { { 4 * HOUR, 0, NOW }, 4 * HOUR, DESK_DUE_SOON, 0, 1.0 },
  { { 4 * HOUR, 0, NOW }, 4 * HOUR + 1, DESK_DUE_OVERDUE, -1, 1.0 },
  { { 4 * HOUR, 2 * HOUR, NOW }, 2 * HOUR + 1, DESK_DUE_OVERDUE, -1, 1.0 },
};

static void
test_due (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 now = NOW + cases[i].after;

      g_test_message ("%u", i);
      g_assert_cmpint (desk_clock_get_due (cases[i].clock, now), ==, cases[i].due);
      g_assert_cmpint (desk_clock_get_left_secs (cases[i].clock, now), ==, cases[i].left_secs);
      g_assert_cmpfloat_with_epsilon (desk_clock_get_used (cases[i].clock, now), cases[i].used,
                                      0.001);
      /* Overdue means the same here and in the view, which asks due_at. */
      if (desk_clock_due_at (cases[i].clock) != 0)
        g_assert_cmpint (desk_clock_due_at (cases[i].clock) < now, ==,
                         cases[i].due == DESK_DUE_OVERDUE);
    }
}

static void
test_of_ticket (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");

  ticket->target_secs = 4 * HOUR;
  ticket->spent_secs = HOUR;
  g_assert_cmpint (desk_clock_get_due (desk_clock_of (ticket), NOW), ==, DESK_DUE_PAUSED);
  ticket->status = DESK_STATUS_CLOSED;
  g_assert_cmpint (desk_clock_get_due (desk_clock_of (ticket), NOW), ==, DESK_DUE_NONE);
}

/* 0 says never, so a promise that was broken at the beginning of time is due just after it. */
static void
test_never_zero (void)
{
  DeskClock clock = { HOUR, 100 * HOUR, 10 };

  g_assert_cmpint (desk_clock_due_at (clock), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sla/runs-and-pauses", test_runs_and_pauses);
  g_test_add_func ("/sla/clock-set-back", test_set_back);
  g_test_add_func ("/sla/due", test_due);
  g_test_add_func ("/sla/of-ticket", test_of_ticket);
  g_test_add_func ("/sla/due-is-never-zero", test_never_zero);
  return g_test_run ();
}
