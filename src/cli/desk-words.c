/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words for people; see the header. */
#include "desk-words.h"

#include <string.h>

#include <glib/gi18n.h>

#include "desk-remote-error.h"
#include "desk-text.h"

/* Values and texts longer than this are cut in a line of the history; `show` and --json have them
 * whole. */
#define VALUE_MAX_CHARS 60
#define TEXT_MAX_CHARS  100

#define SECS_PER_MINUTE 60
#define SECS_PER_HOUR   (60 * SECS_PER_MINUTE)
#define SECS_PER_DAY    (24 * SECS_PER_HOUR)

/* How a field is called. Without a name: not told, because another field or the event's own time
 * says the same. */
static const char *const field_labels[DESK_N_FIELDS] = {
  [DESK_FIELD_NUMBER] = N_ ("number"),       [DESK_FIELD_SUMMARY] = N_ ("summary"),
  [DESK_FIELD_REQUESTER] = N_ ("requester"), [DESK_FIELD_TOPIC] = N_ ("topic"),
  [DESK_FIELD_STATUS] = N_ ("status"),       [DESK_FIELD_DEPARTMENT] = N_ ("department"),
  [DESK_FIELD_TEAM] = N_ ("team"),           [DESK_FIELD_ASSIGNEE] = N_ ("assignee"),
  [DESK_FIELD_PRIORITY] = N_ ("priority"),   [DESK_FIELD_SLA] = N_ ("SLA plan"),
  [DESK_FIELD_DUE_AT] = N_ ("due"),          [DESK_FIELD_RESOLUTION] = N_ ("resolution"),
  [DESK_FIELD_STEPS] = N_ ("steps"),         [DESK_FIELD_RECOMMENDATIONS] = N_ ("recommendations"),
};

static const char *
translate (const char *english)
{
  return _ (english);
}

char *
desk_words_of_error (const GError *error)
{
  return desk_remote_error_say (error, translate);
}

char *
desk_words_of_problem (const DeskProblem *problem)
{
  return desk_problem_say (problem, translate);
}

/* What usage calls values; between them stand names of options, which are the same everywhere. */
static const char *const placeholders[] = {
  N_ ("ADDRESS"),  N_ ("COLUMN"), N_ ("COMMAND"), N_ ("FIELD"), N_ ("FILE"),
  N_ ("LOGIN"),    N_ ("N"),      N_ ("NAME"),    N_ ("NO"),    N_ ("NUMBER"),
  N_ ("OPTIONS"),  N_ ("ROLE"),   N_ ("SLUG"),    N_ ("SORT"),  N_ ("START"),
  N_ ("PRIORITY"), N_ ("TEXT"),   N_ ("VIEW"),    N_ ("WORDS"),
};

/* The placeholder that is the whole of @word, @length bytes long, NULL for another word. */
static const char *
find_placeholder (const char *word, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (placeholders); i++)
    if (strlen (placeholders[i]) == length && strncmp (placeholders[i], word, length) == 0)
      return placeholders[i];
  return NULL;
}

char *
desk_words_of_usage (const char *usage)
{
  GString *words = g_string_new (NULL);

  while (*usage != '\0')
    {
      gsize length = strspn (usage, G_CSET_A_2_Z);
      const char *placeholder = find_placeholder (usage, length);

      length = MAX (length, 1);
      if (placeholder != NULL)
        g_string_append (words, _ (placeholder));
      else
        g_string_append_len (words, usage, (gssize) length);
      usage += length;
    }
  return g_string_free (words, FALSE);
}

char *
desk_words_of_ticket (const char *number, const char *uid)
{
  return number != NULL ? g_strconcat ("#", number, NULL) : g_strdup (uid);
}

char *
desk_words_of_no (const DeskEvent *event)
{
  return event->no > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, event->no) : g_strdup ("…");
}

char *
desk_words_of_time (gint64 at)
{
  g_autoptr (GDateTime) time = at != 0 ? g_date_time_new_from_unix_local (at) : NULL;

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("");
}

/* Two units at most, as in "1 h 40 min". (transfer full) */
static char *
describe_duration (gint64 secs)
{
  int minutes = (int) (secs / SECS_PER_MINUTE % 60);
  int hours = (int) (secs / SECS_PER_HOUR % 24);
  int days = (int) (secs / SECS_PER_DAY);

  if (days > 0)
    return g_strdup_printf (_ ("%d d %d h"), days, hours);
  if (hours > 0)
    return g_strdup_printf (_ ("%d h %d min"), hours, minutes);
  return g_strdup_printf (_ ("%d min"), minutes);
}

char *
desk_words_of_due (DeskStatus status, DeskClock clock, gint64 now)
{
  g_autofree char *duration = describe_duration (ABS (desk_clock_get_left_secs (clock, now)));

  if (status == DESK_STATUS_RESOLVED || status == DESK_STATUS_CLOSED)
    return g_strdup ("");
  switch (desk_clock_get_due (clock, now))
    {
    case DESK_DUE_NONE:
      return g_strdup ("");
    case DESK_DUE_PAUSED:
      return g_strdup (_ ("paused"));
    case DESK_DUE_LATER:
    case DESK_DUE_SOON:
      return g_strdup_printf (_ ("%s left"), duration);
    case DESK_DUE_OVERDUE:
      return g_strdup_printf (_ ("overdue by %s"), duration);
    }
  g_return_val_if_reached (g_strdup (""));
}

char *
desk_words_of_person (const DeskCase *self, const char *uid)
{
  const DeskPerson *person = uid != NULL ? desk_case_find_person (self, uid) : NULL;

  if (uid == NULL)
    return g_strdup ("");
  if (person == NULL || (person->name == NULL && person->login == NULL))
    return g_strdup (_ ("(erased)"));
  return g_strdup (person->name != NULL ? person->name : person->login);
}

char *
desk_words_of_person_with_login (const DeskCase *self, const char *uid)
{
  const DeskPerson *person = uid != NULL ? desk_case_find_person (self, uid) : NULL;
  g_autofree char *name = desk_words_of_person (self, uid);

  if (person == NULL || person->login == NULL)
    return g_steal_pointer (&name);
  return g_strdup_printf ("%s (%s)", name, person->login);
}

char *
desk_words_of_kind (const DeskEvent *event)
{
  return g_strdup_printf (_ ("%s, %s"), _ (desk_enum_get_nick (DESK_TYPE_KIND, event->kind)),
                          _ (desk_enum_get_nick (DESK_TYPE_AUDIENCE, event->audience)));
}

/* A value of @field as a person reads it. NULL for none. (transfer full) (nullable) */
static char *
describe_value (const DeskCase *self, DeskField field, const char *value)
{
  if (value == NULL)
    return NULL;
  switch (desk_field_get_field_type (field))
    {
    case DESK_FIELD_TYPE_PERSON:
      return desk_words_of_person (self, value);
    case DESK_FIELD_TYPE_INT:
      return desk_words_of_time (g_ascii_strtoll (value, NULL, 10));
    case DESK_FIELD_TYPE_TEXT:
      return desk_text_excerpt (value, VALUE_MAX_CHARS);
    case DESK_FIELD_TYPE_SLUG:
    case DESK_FIELD_TYPE_STATUS:
    case DESK_FIELD_TYPE_PRIORITY:
      return g_strdup (value);
    }
  g_return_val_if_reached (NULL);
}

/* Where the old value would only be in the way of the new one. */
static gboolean
tells_new_value_only (const DeskChange *change)
{
  return change->from == NULL || change->field == DESK_FIELD_RESOLUTION ||
         change->field == DESK_FIELD_STEPS || change->field == DESK_FIELD_RECOMMENDATIONS;
}

/* "status open → waiting". (transfer full) */
static char *
describe_change (const DeskCase *self, const DeskChange *change)
{
  const char *label = _ (field_labels[change->field]);
  g_autofree char *from = describe_value (self, change->field, change->from);
  g_autofree char *to = describe_value (self, change->field, change->to);

  if (tells_new_value_only (change))
    return g_strdup_printf ("%s %s", label, to != NULL ? to : _ ("none"));
  return g_strdup_printf ("%s %s → %s", label, from, to != NULL ? to : _ ("none"));
}

static void
add_changes (GPtrArray *parts, const DeskCase *self, const DeskEvent *event)
{
  for (guint i = 0; i < event->changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (event->changes, i);

      if (field_labels[change->field] != NULL)
        g_ptr_array_add (parts, describe_change (self, change));
    }
}

static void
add_attachments (GPtrArray *parts, const DeskEvent *event)
{
  for (guint i = 0; i < event->attachments->len; i++)
    {
      const DeskAttachment *attachment = g_ptr_array_index (event->attachments, i);

      g_ptr_array_add (parts, g_strdup_printf (_ ("attached %s"), attachment->name));
    }
}

static void
add_text (GPtrArray *parts, const DeskEvent *event)
{
  g_autofree char *excerpt = event->text != NULL ? desk_text_excerpt (event->text, TEXT_MAX_CHARS)
                                                 : NULL;

  if (excerpt != NULL)
    g_ptr_array_add (parts, g_strdup_printf (_ ("“%s”"), excerpt));
}

static char *
join_parts (GPtrArray *parts)
{
  g_ptr_array_add (parts, NULL);
  return g_strjoinv ("; ", (char **) parts->pdata);
}

char *
desk_words_of_changes (const DeskCase *self, const DeskEvent *event)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  add_changes (parts, self, event);
  return join_parts (parts);
}

char *
desk_words_of_event (const DeskCase *self, const DeskEvent *event)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  add_changes (parts, self, event);
  add_attachments (parts, event);
  add_text (parts, event);
  if (event->redacted)
    g_ptr_array_add (parts, g_strdup (_ ("redacted")));
  return join_parts (parts);
}
