/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words for columns. */
#include "desk-csv-map.h"

#include "desk-error.h"

#define WORDS_MAX 12

/* As columns are called elsewhere, in small letters with single spaces; the first ones first. */
static const struct
{
  const char *name;
  const char *words[WORDS_MAX + 1];
} fields[DESK_CSV_N_FIELDS] = {
  [DESK_CSV_SUMMARY] = { "summary", { "summary", "subject", "title", "issue summary" } },
  [DESK_CSV_DETAILS] = { "details",
                         { "details", "description", "body", "message", "issue details", "text",
                           "content" } },
  [DESK_CSV_REQUESTER] = { "requester",
                           { "requester", "from", "user", "reporter", "customer", "client",
                             "created by" } },
  [DESK_CSV_NAME] = { "name",
                      { "name", "full name", "from name", "requester name", "user name",
                        "customer name" } },
  [DESK_CSV_EMAIL] = { "email",
                       { "email", "e mail", "mail", "email address", "from email",
                         "requester email", "user email", "customer email" } },
  [DESK_CSV_TOPIC] = { "topic", { "topic", "help topic", "category", "type" } },
  [DESK_CSV_DEPARTMENT] = { "department", { "department", "dept", "group", "queue" } },
  [DESK_CSV_TEAM] = { "team", { "team", "team assigned" } },
  [DESK_CSV_ASSIGNEE] = { "assignee",
                          { "assignee", "assigned to", "agent", "agent assigned", "owner" } },
  [DESK_CSV_PRIORITY] = { "priority", { "priority", "urgency" } },
  [DESK_CSV_SLA] = { "sla", { "sla", "sla plan" } },
  [DESK_CSV_STATUS] = { "status", { "status", "state", "current status" } },
  [DESK_CSV_RESOLUTION] = { "resolution", { "resolution", "solution" } },
  [DESK_CSV_CREATED] = { "created",
                         { "created", "date created", "created at", "created on", "date", "opened",
                           "opened at", "create date" } },
  [DESK_CSV_CLOSED] = { "closed",
                        { "closed", "date closed", "closed at", "closed on", "resolved at",
                          "resolved on", "close date" } },
};

/* "Date_Created " → "date created". (transfer full) */
static char *
fold_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *small = g_utf8_strdown (valid, -1);
  g_auto (GStrv) words = NULL;
  GString *folded = g_string_new (NULL);

  g_strdelimit (small, "_-./\t", ' ');
  words = g_strsplit (small, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (folded, "%s%s", folded->len > 0 ? " " : "", words[i]);
  return g_string_free (folded, FALSE);
}

static int
find_column (GPtrArray *names, const char *name)
{
  g_autofree char *wanted = fold_name (name);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *folded = fold_name (names->pdata[i]);

      if (g_str_equal (folded, wanted))
        return (int) i;
    }
  return -1;
}

static char *
list_columns (GPtrArray *names)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", (char *) names->pdata[i]);
  return g_string_free (list, FALSE);
}

char *
desk_csv_map_list_fields (void)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", fields[i].name);
  return g_string_free (list, FALSE);
}

static gboolean
fail_no_column (GPtrArray *names, const char *name, GError **error)
{
  g_autofree char *list = list_columns (names);

  return desk_refuse (error, DESK_ERROR_INVALID,
                      "The file has no column “%s”; its columns are: “%s”", name, list);
}

static gboolean
is_used (const DeskCsvMap *self, int column)
{
  for (guint i = 0; i < DESK_CSV_N_FIELDS; i++)
    if (self->columns[i] == column)
      return TRUE;
  return FALSE;
}

/* Each column means one thing. */
static void
guess (DeskCsvMap *self, GPtrArray *names, const gboolean *said)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    for (guint k = 0; !said[i] && self->columns[i] < 0 && fields[i].words[k] != NULL; k++)
      {
        int column = find_column (names, fields[i].words[k]);

        if (column >= 0 && !is_used (self, column))
          self->columns[i] = column;
      }
}

static int
parse_field (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].name, name))
      return (int) i;
  return -1;
}

/* "summary=Subject" */
static gboolean
take_word (DeskCsvMap *self, GPtrArray *names, const char *word, gboolean *said, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (word, "=", 2);
  g_autofree char *list = desk_csv_map_list_fields ();
  int field = parts[0] != NULL ? parse_field (g_strstrip (parts[0])) : -1;

  if (field < 0 || parts[1] == NULL)
    return desk_refuse (
        error, DESK_ERROR_INVALID,
        "“%s” does not say which column is what, as in summary=Subject; before the = "
        "stands one of: “%s”",
        word, list);
  said[field] = TRUE;
  if (*g_strstrip (parts[1]) == '\0')
    return TRUE;
  self->columns[field] = find_column (names, parts[1]);
  return self->columns[field] >= 0 || fail_no_column (names, parts[1], error);
}

gboolean
desk_csv_map_make (
    DeskCsvMap *self, GPtrArray *names, const char *words, const char *key, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (words != NULL ? words : "", ",", -1);
  g_autofree char *list = list_columns (names);
  gboolean said[DESK_CSV_N_FIELDS] = { FALSE };

  for (guint i = 0; i < DESK_CSV_N_FIELDS; i++)
    self->columns[i] = -1;
  self->key = key != NULL ? find_column (names, key) : -1;
  if (key != NULL && self->key < 0)
    return fail_no_column (names, key, error);
  for (guint i = 0; parts[i] != NULL; i++)
    if (!take_word (self, names, parts[i], said, error))
      return FALSE;
  guess (self, names, said);
  if (self->columns[DESK_CSV_SUMMARY] >= 0)
    return TRUE;
  return desk_refuse (
      error, DESK_ERROR_INVALID,
      "No column is the summary; name it, as in summary=Subject; the columns are: “%s”", list);
}
