/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finding and making the people of a table. */
#include "desk-csv-people.h"

#include <string.h>

#include "desk-error.h"
#include "desk-people.h"
#include "desk-text.h"
#include "desk-uid.h"

#define LOGIN_MAX_CHARS 64

/* What the cells say of somebody; "" for nothing. */
typedef struct
{
  char *word; /* a login, or a name */
  char *name;
  char *email;
} Who;

static void
clear_who (Who *self)
{
  g_free (self->word);
  g_free (self->name);
  g_free (self->email);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Who, clear_who)

static char *
clean (const char *text)
{
  char *line = desk_text_clean_line (text, G_MAXINT, "name", NULL);

  return line != NULL ? line : g_strdup ("");
}

static gboolean
is_address (const char *text)
{
  return strchr (text, '@') != NULL && strchr (text, ' ') == NULL;
}

/* "Karen <karen@example.org>" */
static gboolean
split_address (const char *who, char **name, char **email)
{
  const char *open = strrchr (who, '<');
  const char *close = open != NULL ? strchr (open, '>') : NULL;
  g_autofree char *before = NULL;

  if (close == NULL || close[1] != '\0')
    return FALSE;
  before = g_strndup (who, open - who);
  *name = clean (g_strdelimit (before, "\"", ' '));
  *email = g_strndup (open + 1, close - open - 1);
  return TRUE;
}

static void
replace (char **text, char *value)
{
  g_free (*text);
  *text = value;
}

static void
read_who (Who *self, const char *who, const char *name, const char *email)
{
  g_autofree char *in_name = NULL;
  g_autofree char *in_email = NULL;

  self->word = clean (who);
  self->name = clean (name);
  self->email = clean (email);
  if (split_address (self->word, &in_name, &in_email))
    {
      replace (&self->word, g_strdup (""));
      if (*self->name == '\0')
        replace (&self->name, g_steal_pointer (&in_name));
      if (*self->email == '\0')
        replace (&self->email, g_steal_pointer (&in_email));
    }
  else if (is_address (self->word) && *self->email == '\0')
    {
      replace (&self->email, g_steal_pointer (&self->word));
      self->word = g_strdup ("");
    }
}

/* The only person of the query's; NULL without @error for none or several. */
static DeskPerson *
find_only (DeskDb *db, DeskSql sql, const char *text, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, sql, error, "s", text);
  g_autoptr (DeskPerson) person = NULL;
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  if (desk_query_next (query, &failure))
    person = desk_person_read (db, query, &failure);
  if (failure == NULL && person != NULL && desk_query_next (query, &failure))
    g_clear_pointer (&person, desk_person_unref);
  if (failure == NULL)
    return g_steal_pointer (&person);
  g_propagate_error (error, failure);
  return NULL;
}

static DeskPerson *
find_login (DeskDb *db, const char *login, GError **error)
{
  return *login != '\0' ? desk_people_find_login (db, login, error) : NULL;
}

/* NULL without @error when nobody is meant. */
static DeskPerson *
find_known (DeskDb *db, const Who *who, GError **error)
{
  GError *failure = NULL;
  DeskPerson *person = NULL;

  if (*who->email != '\0')
    person = find_only (db, DESK_SQL_PERSON_BY_EMAIL, who->email, &failure);
  if (person == NULL && failure == NULL)
    person = find_login (db, who->email, &failure);
  if (person == NULL && failure == NULL)
    person = find_login (db, who->word, &failure);
  if (person == NULL && failure == NULL && *who->email == '\0')
    person = find_only (db, DESK_SQL_PERSON_BY_NAME, *who->name != '\0' ? who->name : who->word,
                        &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return person;
}

/* --- somebody new --- */

static char *
make_login (const Who *who)
{
  const char *name = *who->word != '\0' ? who->word : who->name;
  g_autofree char *login = NULL;

  if (*who->email != '\0' && g_utf8_strlen (who->email, -1) <= LOGIN_MAX_CHARS)
    return g_utf8_strdown (who->email, -1);
  login = desk_slug_from_label (*name != '\0' ? name : who->email);
  return *login != '\0' ? g_steal_pointer (&login) : g_strdup ("requester");
}

/* "karen", "karen-2", …, whichever is free. */
static char *
make_free_login (DeskDb *db, const Who *who, GError **error)
{
  g_autofree char *wanted = make_login (who);
  g_autofree char *login = g_strdup (wanted);

  for (guint n = 2;; n++)
    {
      GError *failure = NULL;
      g_autoptr (DeskPerson) other = desk_people_find_login (db, login, &failure);

      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return NULL;
        }
      if (other == NULL)
        return g_steal_pointer (&login);
      g_free (login);
      login = g_strdup_printf ("%s-%u", wanted, n);
    }
}

/* The same row means the same person the next time, even if they were erased meanwhile. */
static char *
make_uid (const char *source, const Who *who)
{
  g_autofree char *folded = g_utf8_casefold (*who->email != '\0'  ? who->email
                                             : *who->word != '\0' ? who->word
                                                                  : who->name,
                                             -1);
  g_autofree char *key = g_strconcat ("person:", folded, NULL);

  return desk_uid_from_name (source, key);
}

static DeskPerson *
make_person (DeskDb *db, const char *uid, const Who *who, GError **error)
{
  g_autofree char *login = make_free_login (db, who, error);
  const char *name = *who->name != '\0' ? who->name : who->word;
  g_autoptr (DeskPerson) person = NULL;

  if (login == NULL)
    return NULL;
  person = desk_person_new (uid, login, *name != '\0' ? name : who->email, DESK_ROLE_REQUESTER);
  person->email = *who->email != '\0' ? g_strdup (who->email) : NULL;
  if (!desk_person_check (person, desk_db_get_catalogue (db, NULL), error))
    return NULL;
  return g_steal_pointer (&person);
}

static gboolean
check_not_erased (DeskDb *db, const char *uid, GError **error)
{
  gint64 erased;

  if (!desk_db_get_int (db, DESK_SQL_ERASED_FIND, &erased, error, "u", uid))
    return FALSE;
  if (erased == 0)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_NO_SUCH, "The requester was erased from this desk");
}

DeskPerson *
desk_csv_people_find (DeskDb *db,
                      const char *source,
                      const char *who,
                      const char *name,
                      const char *email,
                      gboolean *is_new,
                      GError **error)
{
  GError *failure = NULL;
  g_autofree char *uid = NULL;
  g_auto (Who) meant = { NULL };
  DeskPerson *person;

  *is_new = FALSE;
  read_who (&meant, who, name, email);
  person = find_known (db, &meant, &failure);
  if (person == NULL && failure == NULL)
    {
      uid = make_uid (source, &meant);
      person = desk_people_find_uid (db, uid, &failure);
    }
  if (person == NULL && failure == NULL && check_not_erased (db, uid, &failure))
    {
      person = make_person (db, uid, &meant, &failure);
      *is_new = TRUE;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return person;
}

/* --- agents --- */

static gboolean
is_called (const DeskPerson *person, const char *folded)
{
  const char *words[] = { person->login, person->email, person->name };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *word = words[i] != NULL ? g_utf8_casefold (words[i], -1) : NULL;

      if (g_strcmp0 (word, folded) == 0)
        return TRUE;
    }
  return FALSE;
}

const DeskPerson *
desk_csv_people_find_agent (const DeskCatalogue *catalogue, const char *who)
{
  GPtrArray *agents = desk_catalogue_get_agents (catalogue);
  g_autofree char *line = clean (who);
  g_autofree char *folded = g_utf8_casefold (line, -1);
  const DeskPerson *found = NULL;

  for (guint i = 0; i < agents->len; i++)
    if (is_called (agents->pdata[i], folded))
      {
        if (found != NULL)
          return NULL;
        found = agents->pdata[i];
      }
  return found;
}
