/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether an entry or a person may be saved beside what the catalogue has. */
#include "desk-catalogue.h"

#include <string.h>

#include "desk-error.h"
#include "desk-number.h"
#include "desk-text.h"

#define LOGIN_MAX_CHARS 64
#define EMAIL_MAX_CHARS 254

/* What each kind is called in a sentence. */
static const char *const kind_words[DESK_N_ENTRY_KINDS] = {
  [DESK_ENTRY_DESK] = DESK_N_ ("desk"),        [DESK_ENTRY_DEPARTMENT] = DESK_N_ ("department"),
  [DESK_ENTRY_TOPIC] = DESK_N_ ("help topic"), [DESK_ENTRY_TEAM] = DESK_N_ ("team"),
  [DESK_ENTRY_SLA] = DESK_N_ ("SLA plan"),
};

/* Cleans a line in place. */
static gboolean
clean_line (char **line, const char *what, GError **error)
{
  char *clean = desk_text_clean_line (*line, DESK_LABEL_MAX_CHARS, what, error);

  if (clean == NULL)
    return FALSE;
  g_free (*line);
  *line = clean;
  return TRUE;
}

static gboolean
check_word (const DeskPropertyInfo *info, const char *value, GError **error)
{
  g_autofree char *choice = NULL;

  if (g_strv_contains (info->words, value))
    return TRUE;
  choice = g_strjoinv (", ", (char **) info->words);
  return desk_refuse (error, DESK_ERROR_INVALID, "“%s” is one of: %s", info->name, choice);
}

static gboolean
check_int (const DeskPropertyInfo *info, const char *value, GError **error)
{
  if (g_ascii_string_to_signed (value, 10, info->min, info->max, NULL, NULL))
    return TRUE;
  return desk_refuse (error, DESK_ERROR_INVALID, "“%s” is a whole number from %ld to %ld",
                      info->name, (long) info->min, (long) info->max);
}

static gboolean
check_slug (const DeskPropertyInfo *info,
            const char *value,
            const DeskCatalogue *catalogue,
            GError **error)
{
  const DeskEntry *found = desk_catalogue_find (catalogue, info->refers_to, value);

  if (found == NULL)
    return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no %s “%s”",
                        kind_words[info->refers_to], value);
  if (found->removed)
    return desk_refuse (error, DESK_ERROR_NO_SUCH, "The %s “%s” was removed: choose another",
                        kind_words[info->refers_to], value);
  return TRUE;
}

static gboolean
check_agent (const char *value, const DeskCatalogue *catalogue, GError **error)
{
  const DeskPerson *found = desk_catalogue_find_agent (catalogue, value);

  if (found != NULL && !found->removed)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no agent “%s”: choose another", value);
}

static gboolean
check_value (const DeskPropertyInfo *info,
             const char *value,
             const DeskCatalogue *catalogue,
             GError **error)
{
  switch (info->type)
    {
    case DESK_PROPERTY_TYPE_BOOL:
    case DESK_PROPERTY_TYPE_WORD:
      return check_word (info, value, error);
    case DESK_PROPERTY_TYPE_INT:
      return check_int (info, value, error);
    case DESK_PROPERTY_TYPE_TEXT:
      if (desk_number_format_is_valid (value))
        return TRUE;
      return desk_refuse (
          error, DESK_ERROR_INVALID,
          "“%s” has up to 32 characters, 1 to 15 of them #, each a digit, as in BK-####",
          info->name);
    case DESK_PROPERTY_TYPE_SLUG:
      return check_slug (info, value, catalogue, error);
    case DESK_PROPERTY_TYPE_PERSON:
      return check_agent (value, catalogue, error);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
check_values (const DeskEntry *entry, const DeskCatalogue *catalogue, GError **error)
{
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    {
      const DeskPropertyInfo *info = desk_property_get_info (property);
      const char *value = entry->values[property];

      if (value == NULL)
        continue;
      if ((info->kinds & (1u << entry->kind)) == 0)
        return desk_refuse (error, DESK_ERROR_INVALID, "A %s has no “%s”", kind_words[entry->kind],
                            info->name);
      if (!check_value (info, value, catalogue, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_slug_of_entry (const DeskEntry *entry, GError **error)
{
  if (!desk_slug_is_valid (entry->slug))
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "A slug has small letters, digits and single dashes, as in online-banking");
  if (entry->kind == DESK_ENTRY_DESK && strcmp (entry->slug, "desk") != 0)
    return desk_refuse (error, DESK_ERROR_INVALID, "The slug of the desk itself is always desk");
  return TRUE;
}

/* What a kind cannot do without. */
static gboolean
check_needs (const DeskEntry *entry, GError **error)
{
  switch (entry->kind)
    {
    case DESK_ENTRY_DESK:
      if (entry->values[DESK_PROPERTY_DEPARTMENT] == NULL)
        return desk_refuse (error, DESK_ERROR_MISSING,
                            "Choose the department that new tickets go to");
      return TRUE;
    case DESK_ENTRY_SLA:
      if (entry->values[DESK_PROPERTY_HOURS] == NULL)
        return desk_refuse (error, DESK_ERROR_MISSING,
                            "Say within how many hours a ticket is to be resolved");
      return TRUE;
    case DESK_ENTRY_DEPARTMENT:
    case DESK_ENTRY_TOPIC:
    case DESK_ENTRY_TEAM:
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

/* A removed entry may keep what it refers to, gone or not; but the desk must keep its department.
 */
static gboolean
check_removal (const DeskEntry *entry, const DeskCatalogue *catalogue, GError **error)
{
  const char *department = desk_entry_get (desk_catalogue_get_desk (catalogue),
                                           DESK_PROPERTY_DEPARTMENT);

  if (entry->kind == DESK_ENTRY_DESK)
    return desk_refuse (error, DESK_ERROR_INVALID, "The desk itself cannot be removed");
  if (entry->kind == DESK_ENTRY_DEPARTMENT && g_strcmp0 (department, entry->slug) == 0)
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "New tickets go to this department: choose another one for the desk first");
  return TRUE;
}

gboolean
desk_entry_check (DeskEntry *entry, const DeskCatalogue *catalogue, GError **error)
{
  g_return_val_if_fail ((guint) entry->kind < DESK_N_ENTRY_KINDS, FALSE);

  if (!check_slug_of_entry (entry, error) || !clean_line (&entry->label, DESK_N_ ("label"), error))
    return FALSE;
  if (*entry->label == '\0')
    return desk_refuse (error, DESK_ERROR_MISSING, "Give the %s a label", kind_words[entry->kind]);
  if (entry->removed)
    return check_removal (entry, catalogue, error);
  return check_values (entry, catalogue, error) && check_needs (entry, error);
}

/* Whether @text is 1 to @max_chars signs that can be seen, without a space between them. */
static gboolean
is_one_word (const char *text, glong max_chars)
{
  if (*text == '\0' || !g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > max_chars)
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isgraph (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static gboolean
is_email (const char *text)
{
  const char *at = strchr (text, '@');

  return is_one_word (text, EMAIL_MAX_CHARS) && at != NULL && at != text && at[1] != '\0' &&
         strchr (at + 1, '@') == NULL;
}

static gboolean
check_memberships (char **slugs, DeskEntryKind kind, const DeskCatalogue *catalogue, GError **error)
{
  for (; *slugs != NULL; slugs++)
    if (desk_catalogue_find (catalogue, kind, *slugs) == NULL)
      return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no %s “%s”", kind_words[kind],
                          *slugs);
  return TRUE;
}

gboolean
desk_person_check (DeskPerson *person, const DeskCatalogue *catalogue, GError **error)
{
  if (person->uid == NULL || *person->uid == '\0')
    return desk_refuse (error, DESK_ERROR_MISSING, "A person needs a uid");
  if (person->login == NULL || *person->login == '\0')
    return desk_refuse (error, DESK_ERROR_MISSING, "Give the person a login name");
  if (!is_one_word (person->login, LOGIN_MAX_CHARS))
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "A login name has up to %d characters and no spaces", LOGIN_MAX_CHARS);
  if (desk_enum_get_nick (DESK_TYPE_ROLE, (int) person->role) == NULL)
    return desk_refuse (error, DESK_ERROR_INVALID, "A role is requester, agent or administrator");

  if (!clean_line (&person->name, DESK_N_ ("name"), error))
    return FALSE;
  if (*person->name == '\0')
    {
      g_free (person->name);
      person->name = g_strdup (person->login);
    }
  if (person->email != NULL && *person->email == '\0')
    g_clear_pointer (&person->email, g_free);
  if (person->email != NULL && !is_email (person->email))
    return desk_refuse (error, DESK_ERROR_INVALID, "A mail address looks like name@example.org");

  return check_memberships (person->departments, DESK_ENTRY_DEPARTMENT, catalogue, error) &&
         check_memberships (person->teams, DESK_ENTRY_TEAM, catalogue, error);
}
