/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words for moments and for lengths of time; see desk-wording.h. */
#include "desk-wording.h"

#include <glib/gi18n.h>

#define SECS_PER_MINUTE 60
#define SECS_PER_HOUR   (60 * SECS_PER_MINUTE)
#define SECS_PER_DAY    (24 * SECS_PER_HOUR)

/* A promise that is nearer is told by what is left, one farther away by its moment. */
#define COUNTDOWN_SECS (6 * SECS_PER_HOUR)

#define DAYS_NAMED_BY_WEEKDAY 6

/* What is the same for all words of a moment: a list asks for hundreds of them at once, and each
 * time the zone would be read from the disk. */
static struct
{
  gint64 until_us; /* monotonic; then it is asked for again */
  GTimeZone *zone;
  gboolean is_of_12_hours;
} place;

static void
clock_changed_cb (void)
{
  place.until_us = 0;
}

/* The desktop's settings, or NULL where there are none; asking for a schema that is not installed
 * ends the program. */
static GSettings *
get_desktop_settings (void)
{
  static GSettings *settings;
  static gboolean asked;

  if (!asked)
    {
      GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
      g_autoptr (GSettingsSchema) schema = NULL;

      asked = TRUE;
      if (source != NULL)
        schema = g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE);
      if (schema != NULL && g_settings_schema_has_key (schema, "clock-format"))
        {
          settings = g_settings_new ("org.gnome.desktop.interface");
          g_signal_connect (settings, "changed::clock-format", G_CALLBACK (clock_changed_cb), NULL);
        }
    }
  return settings;
}

/* Whether the day has two halves of 12 hours: as the desktop says, else as the language does. */
static gboolean
ask_for_clock (void)
{
  GSettings *settings = get_desktop_settings ();
  g_autoptr (GDateTime) noon = NULL;
  g_autofree char *shown = NULL;

  if (settings != NULL)
    {
      g_autofree char *format = g_settings_get_string (settings, "clock-format");

      return g_str_equal (format, "12h");
    }
  noon = g_date_time_new_utc (2000, 1, 1, 18, 0, 0);
  shown = g_date_time_format (noon, "%X");
  return shown != NULL && strstr (shown, "18") == NULL;
}

static void
look_around (void)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us < place.until_us)
    return;
  place.until_us = now_us + G_USEC_PER_SEC;
  g_clear_pointer (&place.zone, g_time_zone_unref);
  place.zone = g_time_zone_new_local ();
  place.is_of_12_hours = ask_for_clock ();
}

static gboolean
is_clock_of_12_hours (void)
{
  look_around ();
  return place.is_of_12_hours;
}

/* NULL for what is no moment. (transfer full) (nullable) */
static GDateTime *
make_local (gint64 at)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (at);

  look_around ();
  return moment != NULL ? g_date_time_to_timezone (moment, place.zone) : NULL;
}

static char *
format_clock (GDateTime *at)
{
  /* Translators: the time of day on a clock of 12 hours, as in "9:48 PM". See g_date_time_format().
   * */
  const char *half_days = C_ ("time", "%-I:%M %p");
  /* Translators: the time of day on a clock of 24 hours, as in "21:48". */
  const char *whole_days = C_ ("time", "%-H:%M");

  return g_date_time_format (at, is_clock_of_12_hours () ? half_days : whole_days);
}

static char *
format_day (GDateTime *at, GDateTime *now)
{
  if (g_date_time_get_year (at) == g_date_time_get_year (now))
    /* Translators: a day of this year, as in "12 Nov". See g_date_time_format(). */
    return g_date_time_format (at, C_ ("date", "%-d %b"));
  /* Translators: a day of another year, as in "12 Nov 2024". */
  return g_date_time_format (at, C_ ("date", "%-d %b %Y"));
}

/* How many midnights lie between the two; negative when @at is in the past. */
static int
count_days_until (GDateTime *at, GDateTime *now)
{
  GDate day;
  GDate today;

  g_date_clear (&day, 1);
  g_date_clear (&today, 1);
  g_date_set_dmy (&day, g_date_time_get_day_of_month (at), g_date_time_get_month (at),
                  g_date_time_get_year (at));
  g_date_set_dmy (&today, g_date_time_get_day_of_month (now), g_date_time_get_month (now),
                  g_date_time_get_year (now));
  return g_date_days_between (&today, &day);
}

char *
desk_wording_time (gint64 at, gint64 now)
{
  g_autoptr (GDateTime) moment = make_local (at);
  g_autoptr (GDateTime) present = make_local (now);
  int days;

  if (moment == NULL || present == NULL)
    return g_strdup ("");
  days = count_days_until (moment, present);
  if (days == 0)
    return format_clock (moment);
  if (days == -1)
    return g_strdup (_ ("Yesterday"));
  if (days < 0 && days >= -DAYS_NAMED_BY_WEEKDAY)
    return g_date_time_format (moment, "%a");
  return format_day (moment, present);
}

char *
desk_wording_exact_time (gint64 at)
{
  g_autoptr (GDateTime) moment = make_local (at);

  if (moment == NULL)
    return g_strdup ("");
  if (is_clock_of_12_hours ())
    /* Translators: as in "Saturday 21 November 2026, 9:48:05 PM". */
    return g_date_time_format (moment, C_ ("exact time", "%A %-d %B %Y, %-I:%M:%S %p"));
  /* Translators: as in "Saturday 21 November 2026, 21:48:05". */
  return g_date_time_format (moment, C_ ("exact time", "%A %-d %B %Y, %-H:%M:%S"));
}

static char *
count_days (gint64 days)
{
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) days), (int) days);
}

/* @count of the unit that @format names, or NULL for none. (transfer full) (nullable) */
static char *
count_hours (gint64 hours)
{
  /* Translators: hours, as in "4 h". */
  return hours > 0 ? g_strdup_printf (C_ ("duration", "%d h"), (int) hours) : NULL;
}

static char *
count_minutes (gint64 minutes)
{
  /* Translators: minutes, as in "25 min". */
  return minutes > 0 ? g_strdup_printf (C_ ("duration", "%d min"), (int) minutes) : NULL;
}

/* Takes both; @smaller nullable. (transfer full) */
static char *
join_units (char *larger, char *smaller)
{
  g_autofree char *first = larger;
  g_autofree char *second = smaller;

  if (second == NULL)
    return g_steal_pointer (&first);
  /* Translators: two units of a length of time, as in "1 h" and "40 min". */
  return g_strdup_printf (C_ ("duration", "%1$s %2$s"), first, second);
}

char *
desk_wording_duration (gint64 secs)
{
  gint64 days = secs / SECS_PER_DAY;
  gint64 hours = secs % SECS_PER_DAY / SECS_PER_HOUR;
  gint64 minutes = secs % SECS_PER_HOUR / SECS_PER_MINUTE;

  if (days > 0)
    return join_units (count_days (days), count_hours (hours));
  if (hours > 0)
    return join_units (count_hours (hours), count_minutes (minutes));
  if (minutes > 0)
    return count_minutes (minutes);
  return g_strdup (_ ("less than a minute"));
}

static char *
describe_overdue (gint64 secs)
{
  g_autofree char *length = NULL;

  if (secs < SECS_PER_MINUTE)
    return g_strdup (_ ("Overdue"));
  /* After two days nobody counts hours. */
  if (secs >= 2 * SECS_PER_DAY)
    secs -= secs % SECS_PER_DAY;
  length = desk_wording_duration (secs);
  /* Translators: as in "Overdue by 25 min". */
  return g_strdup_printf (_ ("Overdue by %s"), length);
}

static char *
describe_left (gint64 secs)
{
  g_autofree char *length = NULL;

  if (secs < SECS_PER_MINUTE)
    return g_strdup (_ ("Due now"));
  length = desk_wording_duration (secs);
  /* Translators: as in "1 h 40 min left". */
  return g_strdup_printf (_ ("%s left"), length);
}

static char *
describe_due_moment (gint64 due_at, gint64 now)
{
  g_autoptr (GDateTime) moment = make_local (due_at);
  g_autoptr (GDateTime) present = make_local (now);
  g_autofree char *words = NULL;

  if (moment == NULL || present == NULL)
    return NULL;
  switch (count_days_until (moment, present))
    {
    case 0:
      words = format_clock (moment);
      /* Translators: as in "Due today 17:00". */
      return g_strdup_printf (_ ("Due today %s"), words);
    case 1:
      return g_strdup (_ ("Due tomorrow"));
    default:
      words = format_day (moment, present);
      /* Translators: as in "Due 27 Nov". */
      return g_strdup_printf (_ ("Due %s"), words);
    }
}

char *
desk_wording_due (DeskClock clock, DeskStatus status, gint64 now)
{
  gint64 left = desk_clock_get_left_secs (clock, now);

  if (status == DESK_STATUS_RESOLVED || status == DESK_STATUS_CLOSED)
    return NULL;
  switch (desk_clock_get_due (clock, now))
    {
    case DESK_DUE_NONE:
      return NULL;
    case DESK_DUE_PAUSED:
      return g_strdup (_ ("SLA paused"));
    case DESK_DUE_OVERDUE:
      return describe_overdue (-left);
    case DESK_DUE_LATER:
    case DESK_DUE_SOON:
      if (left < COUNTDOWN_SECS)
        return describe_left (left);
      return describe_due_moment (desk_clock_due_at (clock), now);
    }
  g_return_val_if_reached (NULL);
}
