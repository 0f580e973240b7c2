/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of other desks' words. */
#include "desk-csv-words.h"

#include <string.h>

#include "desk-text.h"

typedef struct
{
  const char *word;
  int value;
} Word;

static const Word statuses[] = {
  { "open", DESK_STATUS_OPEN },
  { "new", DESK_STATUS_OPEN },
  { "reopened", DESK_STATUS_OPEN },
  { "assigned", DESK_STATUS_OPEN },
  { "in progress", DESK_STATUS_OPEN },
  { "waiting", DESK_STATUS_WAITING },
  { "pending", DESK_STATUS_WAITING },
  { "on hold", DESK_STATUS_WAITING },
  { "waiting for customer", DESK_STATUS_WAITING },
  { "resolved", DESK_STATUS_RESOLVED },
  { "solved", DESK_STATUS_RESOLVED },
  { "fixed", DESK_STATUS_RESOLVED },
  { "done", DESK_STATUS_RESOLVED },
  { "closed", DESK_STATUS_CLOSED },
  { "archived", DESK_STATUS_CLOSED },
};

static const Word priorities[] = {
  { "low", DESK_PRIORITY_LOW },          { "lowest", DESK_PRIORITY_LOW },
  { "minor", DESK_PRIORITY_LOW },        { "normal", DESK_PRIORITY_NORMAL },
  { "medium", DESK_PRIORITY_NORMAL },    { "high", DESK_PRIORITY_HIGH },
  { "major", DESK_PRIORITY_HIGH },       { "urgent", DESK_PRIORITY_URGENT },
  { "highest", DESK_PRIORITY_URGENT },   { "critical", DESK_PRIORITY_URGENT },
  { "emergency", DESK_PRIORITY_URGENT },
};

static char *
fold (const char *text)
{
  g_autofree char *line = desk_text_clean_line (text, G_MAXINT, "word", NULL);

  return g_utf8_casefold (line != NULL ? line : "", -1);
}

static gboolean
find_word (const Word *words, guint n_words, const char *text, int *value)
{
  g_autofree char *folded = fold (text);

  if (*folded == '\0')
    return TRUE;
  for (guint i = 0; i < n_words; i++)
    if (g_str_equal (words[i].word, folded))
      {
        *value = words[i].value;
        return TRUE;
      }
  return FALSE;
}

gboolean
desk_csv_parse_status (const char *text, DeskStatus *status, GError **error)
{
  int value = *status;

  if (!find_word (statuses, G_N_ELEMENTS (statuses), text, &value))
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "The status “%s” is not open, waiting, resolved or closed", text);
  *status = (DeskStatus) value;
  return TRUE;
}

gboolean
desk_csv_parse_priority (const char *text, DeskPriority *priority, GError **error)
{
  int value = *priority;

  if (!find_word (priorities, G_N_ELEMENTS (priorities), text, &value))
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "The priority “%s” is not low, normal, high or urgent", text);
  *priority = (DeskPriority) value;
  return TRUE;
}

/* --- times --- */

/* "2026-11-22 10:30" as "2026-11-22T10:30:00". (transfer full) */
static char *
complete_time (const char *text)
{
  g_autofree char *line = g_strstrip (g_strdup (text));
  char *space = strchr (line, ' ');

  if (space != NULL)
    *space = 'T';
  switch (strlen (line))
    {
    case 10:
      return g_strconcat (line, "T00:00:00", NULL);
    case 16:
      return g_strconcat (line, ":00", NULL);
    default:
      return g_steal_pointer (&line);
    }
}

gboolean
desk_csv_parse_time (const char *text, gint64 *at, GError **error)
{
  g_autofree char *complete = complete_time (text);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = NULL;
  guint64 seconds;

  *at = 0;
  if (*complete == '\0' || g_str_equal (complete, "T00:00:00"))
    return TRUE;
  /* Seconds since 1970, from some export or other. */
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &seconds, NULL))
    {
      *at = (gint64) seconds;
      return TRUE;
    }
  time = g_date_time_new_from_iso8601 (complete, zone);
  if (time != NULL && g_date_time_to_unix (time) > 0)
    {
      *at = g_date_time_to_unix (time);
      return TRUE;
    }
  return desk_refuse (error, DESK_ERROR_INVALID, "The time “%s” is not written as 2026-11-22 10:30",
                      text);
}

/* --- entries --- */

static gboolean
has_label (const DeskEntry *entry, const char *folded)
{
  g_autofree char *label = fold (entry->label);

  return g_str_equal (label, folded);
}

const char *
desk_csv_find_slug (const DeskCatalogue *catalogue, DeskEntryKind kind, const char *text)
{
  GPtrArray *entries = desk_catalogue_get_entries (catalogue, kind);
  g_autofree char *folded = fold (text);

  for (guint i = 0; i < entries->len; i++)
    {
      const DeskEntry *entry = entries->pdata[i];

      if (!entry->removed && (g_str_equal (entry->slug, folded) || has_label (entry, folded)))
        return entry->slug;
    }
  return NULL;
}
