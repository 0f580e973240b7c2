/* SPDX-License-Identifier: GPL-3.0-or-later
 * Importing the catalogue, people, who was erased, what was changed, and the last numbers given. */
#include "desk-import-private.h"

#include "desk-json.h"
#include "desk-number.h"
#include "desk-people.h"
#include "desk-scrub.h"
#include "desk-text.h"
#include "desk-uid.h"

/* A sequence beyond this could not go on. */
#define SEQUENCE_MAX G_GINT64_CONSTANT (1000000000000000)

/* --- entries --- */

/* Whether the value has its property's form. What it refers to may come later in the file, or have
 * gone: then it is passed over where it is used. */
static gboolean
has_form (const DeskPropertyInfo *info, const char *value)
{
  switch (info->type)
    {
    case DESK_PROPERTY_TYPE_BOOL:
    case DESK_PROPERTY_TYPE_WORD:
      return g_strv_contains (info->words, value);
    case DESK_PROPERTY_TYPE_INT:
      return g_ascii_string_to_signed (value, 10, info->min, info->max, NULL, NULL);
    case DESK_PROPERTY_TYPE_TEXT:
      return desk_number_format_is_valid (value);
    case DESK_PROPERTY_TYPE_SLUG:
      return desk_slug_is_valid (value);
    case DESK_PROPERTY_TYPE_PERSON:
      return desk_uid_is_valid (value);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
check_properties (const DeskEntry *entry, GError **error)
{
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    {
      const DeskPropertyInfo *info = desk_property_get_info (property);
      const char *value = entry->values[property];

      if (value != NULL && ((info->kinds & (1u << entry->kind)) == 0 || !has_form (info, value)))
        return desk_refuse (error, DESK_ERROR_INVALID,
                            "An entry of this kind cannot have this “%s”", info->name);
    }
  return TRUE;
}

static gboolean
check_entry (const DeskEntry *entry, GError **error)
{
  if (!desk_slug_is_valid (entry->slug) ||
      (entry->kind == DESK_ENTRY_DESK && !g_str_equal (entry->slug, "desk")))
    return desk_refuse (error, DESK_ERROR_INVALID, "“%s” is no slug", entry->slug);
  if (*entry->label == '\0' || !desk_import_is_line (entry->label, DESK_LABEL_MAX_CHARS))
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "The label of “%s” is empty, too long or not one line", entry->slug);
  return check_properties (entry, error);
}

static gboolean
entries_equal (const DeskEntry *a, const DeskEntry *b)
{
  g_autoptr (JsonNode) first = desk_entry_to_json (a);
  g_autoptr (JsonNode) second = desk_entry_to_json (b);

  return json_node_equal (first, second);
}

gboolean
desk_import_entry (DeskImport *self, const DeskLine *line, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, NULL);
  const DeskEntry *mine = desk_catalogue_find (catalogue, line->entry->kind, line->entry->slug);
  GError *refusal = NULL;

  if (!check_entry (line->entry, &refusal))
    return desk_import_handle (self, self->line, refusal, error);
  if (mine != NULL && entries_equal (mine, line->entry))
    {
      self->result->same++;
      return TRUE;
    }
  /* An empty desk was only furnished for the start. */
  if (mine != NULL && !(self->is_empty && line->entry->revision >= mine->revision))
    {
      desk_import_differ (self, self->line, "The %s “%s” is another here, and stays so",
                          desk_enum_get_nick (DESK_TYPE_ENTRY_KIND, line->entry->kind),
                          line->entry->slug);
      return TRUE;
    }
  self->result->added++;
  return desk_entries_put (self->db, line->entry, error) &&
         desk_db_catalogue_moved (self->db, error);
}

/* --- people --- */

static gboolean
erase (DeskImport *self, const DeskPerson *person, GError **error)
{
  if (person == NULL || (person->login == NULL && person->name == NULL && person->email == NULL))
    return TRUE;
  return desk_db_run (self->db, DESK_SQL_PERSON_ERASE, error, "u", person->uid) >= 0 &&
         desk_scrub_ask_person (self->db, error) && desk_db_catalogue_moved (self->db, error);
}

gboolean
desk_import_erased (DeskImport *self, const DeskLine *line, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskPerson) person = desk_people_find_uid (self->db, line->uid, &failure);
  gint64 known;

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (!desk_db_get_int (self->db, DESK_SQL_ERASED_FIND, &known, error, "u", line->uid))
    return FALSE;
  *(known != 0 ? &self->result->same : &self->result->added) += 1;
  return desk_db_run (self->db, DESK_SQL_ERASED_INSERT, error, "ui", line->uid, line->at) >= 0 &&
         erase (self, person, error);
}

static void
forget_names (DeskPerson *person)
{
  g_clear_pointer (&person->login, g_free);
  g_clear_pointer (&person->name, g_free);
  g_clear_pointer (&person->email, g_free);
  person->role = DESK_ROLE_REQUESTER;
  person->removed = TRUE;
}

/* Who was erased has no names, everybody else has a login. */
static gboolean
check_person (DeskImport *self, DeskPerson *person, gboolean is_erased, GError **error)
{
  if (is_erased)
    {
      forget_names (person);
      return TRUE;
    }
  return desk_person_check (person, desk_db_get_catalogue (self->db, NULL), error);
}

static gboolean
drop_founder (DeskImport *self, const char *uid, GError **error)
{
  g_hash_table_remove (self->founders, uid);
  return desk_people_drop (self->db, uid, error) && desk_db_catalogue_moved (self->db, error);
}

/* A founder of an empty desk gives the login up; beside anybody else the newcomer takes another. */
static gboolean
make_login_free (DeskImport *self, DeskPerson *person, GError **error)
{
  g_autofree char *wanted = g_strdup (person->login);

  for (guint n = 2; person->login != NULL; n++)
    {
      GError *failure = NULL;
      g_autoptr (DeskPerson) other = desk_people_find_login (self->db, person->login, &failure);

      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      if (other == NULL)
        break;
      if (self->founders != NULL && g_hash_table_contains (self->founders, other->uid))
        return drop_founder (self, other->uid, error);
      g_free (person->login);
      person->login = g_strdup_printf ("%s-%u", wanted, n);
    }
  if (g_strcmp0 (wanted, person->login) != 0)
    desk_import_differ (self, self->line,
                        "The login “%s” is somebody else's here; this person has “%s” now", wanted,
                        person->login);
  return TRUE;
}

static gboolean
people_equal (const DeskPerson *a, const DeskPerson *b)
{
  g_autoptr (JsonNode) first = desk_person_to_json (a);
  g_autoptr (JsonNode) second = desk_person_to_json (b);

  return json_node_equal (first, second);
}

static gboolean
put_person (DeskImport *self, const DeskPerson *person, GError **error)
{
  self->result->added++;
  return desk_people_put (self->db, person, error) &&
         (person->role == DESK_ROLE_REQUESTER ||
          (desk_db_run (self->db, DESK_SQL_PERSON_MOVED, error, "u", person->uid) >= 0 &&
           desk_db_catalogue_moved (self->db, error)));
}

static gboolean
compare_person (DeskImport *self,
                DeskPerson *person,
                const DeskPerson *mine,
                gboolean is_erased,
                GError **error)
{
  gboolean is_founder = self->founders != NULL && g_hash_table_remove (self->founders, person->uid);

  if (is_erased || people_equal (person, mine))
    {
      self->result->same++;
      return TRUE;
    }
  if (is_founder && person->revision >= mine->revision)
    return (g_strcmp0 (person->login, mine->login) == 0 || make_login_free (self, person, error)) &&
           put_person (self, person, error);
  desk_import_differ (self, self->line, "The person “%s” is another here, and stays so",
                      mine->login != NULL ? mine->login : person->login);
  return TRUE;
}

gboolean
desk_import_person (DeskImport *self, const DeskLine *line, GError **error)
{
  g_autoptr (DeskPerson) person = desk_person_copy (line->person);
  g_autoptr (DeskPerson) mine = NULL;
  GError *failure = NULL;
  gint64 is_erased;

  if (!desk_db_get_int (self->db, DESK_SQL_ERASED_FIND, &is_erased, error, "u", person->uid))
    return FALSE;
  if (check_person (self, person, is_erased != 0, &failure))
    mine = desk_people_find_uid (self->db, person->uid, &failure);
  if (failure != NULL)
    return desk_import_handle (self, self->line, failure, error);
  self->has_administrator |= person->role == DESK_ROLE_ADMINISTRATOR && !person->removed;
  if (mine != NULL)
    return compare_person (self, person, mine, is_erased != 0, error);
  return make_login_free (self, person, error) && put_person (self, person, error);
}

/* The desk becomes what was exported; but it must not be left without an administrator. */
gboolean
desk_import_people_end (DeskImport *self, GError **error)
{
  g_autoptr (GHashTable) founders = g_steal_pointer (&self->founders);
  GHashTableIter iter;
  gpointer uid;

  if (founders == NULL || !self->has_administrator || g_hash_table_size (founders) == 0)
    return TRUE;
  g_hash_table_iter_init (&iter, founders);
  while (g_hash_table_iter_next (&iter, &uid, NULL))
    if (!desk_people_drop (self->db, uid, error))
      return FALSE;
  return desk_db_catalogue_moved (self->db, error);
}

/* --- audit --- */

gboolean
desk_import_audit (DeskImport *self, const DeskLine *line, GError **error)
{
  gint64 found;

  /* Both are in order: each is looked for behind the one before. */
  if (!desk_db_get_int (self->db, DESK_SQL_AUDIT_FIND, &found, error, "iiusis", self->audit,
                        line->at, line->author, line->subject, line->revision, line->content))
    return FALSE;
  if (found != 0)
    {
      self->audit = found;
      self->result->same++;
      return TRUE;
    }
  self->result->added++;
  return desk_db_insert (self->db, DESK_SQL_AUDIT_INSERT, &self->audit, error, "iusis", line->at,
                         line->author, line->subject, line->revision, line->content);
}

/* --- sequences --- */

gboolean
desk_import_sequence (DeskImport *self, const DeskLine *line, GError **error)
{
  gint64 changed;

  if ((*line->name != '\0' && !desk_slug_is_valid (line->name)) || line->last > SEQUENCE_MAX)
    {
      desk_import_refuse (self, self->line, "This is no sequence of ticket numbers");
      return TRUE;
    }
  /* It never goes back, so a greater one here is as it should be. */
  changed = desk_db_run (self->db, DESK_SQL_SEQUENCE_RAISE, error, "si", line->name, line->last);
  *(changed > 0 ? &self->result->added : &self->result->same) += 1;
  return changed >= 0;
}
