/* SPDX-License-Identifier: GPL-3.0-or-later
 * People and catalogue entries as rows. */
#include "desk-people.h"

#include "desk-json.h"
#include "desk-permission.h"
#include "desk-scrub.h"
#include "desk-uid.h"

enum
{
  PERSON_ID,
  PERSON_UID,
  PERSON_LOGIN,
  PERSON_NAME,
  PERSON_EMAIL,
  PERSON_ROLE,
  PERSON_REMOVED,
  PERSON_REVISION,
};

/* --- reading --- */

static gboolean
read_memberships (DeskDb *db, gint64 id, DeskPerson *person, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_MEMBERSHIPS, error, "i", id);
  g_autoptr (GStrvBuilder) departments = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) teams = g_strv_builder_new ();
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    g_strv_builder_add (desk_query_int (query, 0) == DESK_ENTRY_TEAM ? teams : departments,
                        desk_query_text (query, 1));
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_strfreev (person->departments);
  g_strfreev (person->teams);
  person->departments = g_strv_builder_end (departments);
  person->teams = g_strv_builder_end (teams);
  return TRUE;
}

DeskPerson *
desk_person_read (DeskDb *db, DeskQuery *query, GError **error)
{
  g_autofree char *uid = desk_query_dup_uid (query, PERSON_UID);
  g_autoptr (DeskPerson) person = desk_person_new (uid, desk_query_text (query, PERSON_LOGIN),
                                                   desk_query_text (query, PERSON_NAME),
                                                   desk_query_int (query, PERSON_ROLE));

  person->email = desk_query_dup_text (query, PERSON_EMAIL);
  person->removed = desk_query_int (query, PERSON_REMOVED) != 0;
  person->revision = desk_query_int (query, PERSON_REVISION);
  /* Requesters, the many, are members of nothing. */
  if (person->role != DESK_ROLE_REQUESTER &&
      !read_memberships (db, desk_query_int (query, PERSON_ID), person, error))
    return NULL;
  return g_steal_pointer (&person);
}

static DeskPerson *
find_person (DeskDb *db, DeskSql sql, const char *types, const char *value, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, sql, error, types, value);

  if (query == NULL || !desk_query_next (query, error))
    return NULL;
  return desk_person_read (db, query, error);
}

DeskPerson *
desk_people_find_login (DeskDb *db, const char *login, GError **error)
{
  return find_person (db, DESK_SQL_PERSON_BY_LOGIN, "s", login, error);
}

DeskPerson *
desk_people_find_uid (DeskDb *db, const char *uid, GError **error)
{
  return find_person (db, DESK_SQL_PERSON_BY_UID, "u", uid, error);
}

/* The first text after all that start with @words: a range that an index can answer. */
static char *
end_of_range (const char *words)
{
  return g_strconcat (words, "\xf4\x8f\xbf\xbf", NULL);
}

/* A place in the order of the list. */
typedef struct
{
  gint64 role;
  gint64 id;
  const char *name;
  DeskPerson *person; /* whose name it is, or NULL */
} Place;

static void
clear_place (Place *place)
{
  g_clear_pointer (&place->person, desk_person_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, clear_place)

static gboolean
find_place (DeskDb *db, const char *after, Place *place, GError **error)
{
  GError *failure = NULL;

  *place = (Place){ .role = G_MAXINT32, .name = "" };
  if (after == NULL)
    return TRUE;
  place->person = desk_uid_is_valid (after) ? desk_people_find_uid (db, after, &failure) : NULL;
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (place->person == NULL)
    {
      desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such person on this desk");
      return FALSE;
    }
  if (!desk_db_get_person_id (db, after, &place->id, error))
    return FALSE;
  place->role = place->person->role;
  place->name = place->person->name != NULL ? place->person->name : "";
  return TRUE;
}

GPtrArray *
desk_people_list (DeskDb *db, const char *words, guint limit, GError **error)
{
  return desk_people_list_after (db, words, NULL, limit, error);
}

GPtrArray *
desk_people_list_after (
    DeskDb *db, const char *words, const char *after, guint limit, GError **error)
{
  g_autoptr (GPtrArray)
      people = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  g_autoptr (DeskQuery) query = NULL;
  g_autofree char *end = end_of_range (words != NULL ? words : "");
  gint64 most = limit > 0 ? limit : G_MAXINT64;
  g_auto (Place) at = { 0 };
  GError *failure = NULL;

  if (!find_place (db, after, &at, error))
    return NULL;
  query = words == NULL || *words == '\0'
              ? desk_db_query (db, DESK_SQL_PEOPLE, error, "iissii", at.role, at.role, at.name,
                               at.name, at.id, most)
              : desk_db_query (db, DESK_SQL_PEOPLE_FIND, error, "ssssssiissii", words, end, words,
                               end, words, end, at.role, at.role, at.name, at.name, at.id, most);
  if (query == NULL)
    return NULL;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      DeskPerson *person = desk_person_read (db, query, &failure);
      if (person != NULL)
        g_ptr_array_add (people, person);
    }
  if (failure == NULL)
    return g_steal_pointer (&people);
  g_propagate_error (error, failure);
  return NULL;
}

DeskPerson *
desk_people_identify (DeskDb *db, const char *login, const char *name, GError **error)
{
  g_autofree char *uid = NULL;
  g_autoptr (DeskPerson) person = NULL;
  GError *failure = NULL;

  person = desk_people_find_login (db, login, &failure);
  if (person != NULL)
    return g_steal_pointer (&person);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  uid = desk_uid_new ();
  person = desk_person_new (uid, login, name != NULL && *name != '\0' ? name : login,
                            DESK_ROLE_REQUESTER);
  if (!desk_person_check (person, desk_db_get_catalogue (db, NULL), error))
    return NULL;
  return g_steal_pointer (&person);
}

/* --- saving --- */

static gboolean
fail_conflict (const char *what, GError **error)
{
  return desk_refuse (error, DESK_ERROR_CONFLICT,
                      "Somebody else has changed “%s” meanwhile; look again", what);
}

static gboolean
write_memberships (DeskDb *db, gint64 id, DeskEntryKind kind, char **slugs, GError **error)
{
  for (guint i = 0; slugs[i] != NULL; i++)
    if (desk_db_run (db, DESK_SQL_MEMBERSHIP_INSERT, error, "ii", id,
                     desk_db_get_entry_id (db, kind, slugs[i])) < 0)
      return FALSE;
  return TRUE;
}

static gboolean
write_audit (DeskDb *db,
             const char *subject,
             gint64 revision,
             JsonNode *content,
             const DeskPerson *author,
             gint64 now,
             GError **error)
{
  g_autofree char *text = desk_json_to_string (content, FALSE);

  return desk_db_run (db, DESK_SQL_AUDIT_INSERT, error, "iusis", now, author->uid, subject,
                      revision, text) >= 0;
}

static gboolean
audit_person (
    DeskDb *db, const DeskPerson *person, const DeskPerson *author, gint64 now, GError **error)
{
  g_autoptr (DeskPerson) bare = desk_person_copy (person);
  g_autofree char *subject = g_strconcat ("person/", person->uid, NULL);
  g_autoptr (JsonNode) content = NULL;

  /* Erasing somebody must not have to look for them in here. */
  g_clear_pointer (&bare->login, g_free);
  g_clear_pointer (&bare->name, g_free);
  g_clear_pointer (&bare->email, g_free);
  content = desk_person_to_json (bare);
  return write_audit (db, subject, person->revision, content, author, now, error);
}

gboolean
desk_people_put (DeskDb *db, const DeskPerson *person, GError **error)
{
  gint64 id;

  return desk_db_get_int (db, DESK_SQL_PERSON_SAVE, &id, error, "usssiii", person->uid,
                          person->login, person->name, person->email, (gint64) person->role,
                          (gint64) person->removed, person->revision) &&
         desk_db_run (db, DESK_SQL_MEMBERSHIPS_DELETE, error, "i", id) >= 0 &&
         write_memberships (db, id, DESK_ENTRY_DEPARTMENT, person->departments, error) &&
         write_memberships (db, id, DESK_ENTRY_TEAM, person->teams, error);
}

gboolean
desk_people_insert (DeskDb *db, const DeskPerson *person, GError **error)
{
  g_autoptr (DeskPerson) copy = desk_person_copy (person);

  copy->revision = 1;
  return desk_people_put (db, copy, error);
}

gboolean
desk_people_drop (DeskDb *db, const char *uid, GError **error)
{
  gint64 id;

  return desk_db_get_int (db, DESK_SQL_PERSON_ID, &id, error, "u", uid) &&
         desk_db_run (db, DESK_SQL_MEMBERSHIPS_DELETE, error, "i", id) >= 0 &&
         desk_db_run (db, DESK_SQL_PERSON_DELETE, error, "i", id) >= 0 &&
         desk_db_run (db, DESK_SQL_AUDIT_DELETE, error, "u", uid) >= 0;
}

/* The desk must stay in somebody's hands. */
static gboolean
check_last_administrator (DeskDb *db, const DeskPerson *person, GError **error)
{
  GPtrArray *agents = desk_catalogue_get_agents (desk_db_get_catalogue (db, NULL));

  if (person->role == DESK_ROLE_ADMINISTRATOR && !person->removed)
    return TRUE;
  for (guint i = 0; i < agents->len; i++)
    {
      const DeskPerson *other = agents->pdata[i];
      if (other->role == DESK_ROLE_ADMINISTRATOR && !other->removed &&
          g_strcmp0 (other->uid, person->uid) != 0)
        return TRUE;
    }
  /* A desk that is just being made has none yet. */
  if (agents->len == 0)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_INVALID,
                      "This is the desk's last administrator; make somebody else one first");
}

static gboolean
check_login_is_free (DeskDb *db, const DeskPerson *person, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskPerson) other = desk_people_find_login (db, person->login, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (other == NULL || g_str_equal (other->uid, person->uid))
    return TRUE;
  return desk_refuse (error, DESK_ERROR_EXISTS, "The login “%s” is taken", person->login);
}

/* Who was erased stays so. */
static gboolean
check_not_erased (DeskDb *db, const DeskPerson *person, GError **error)
{
  gint64 erased;

  if (!desk_db_get_int (db, DESK_SQL_ERASED_FIND, &erased, error, "u", person->uid))
    return FALSE;
  if (erased == 0)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_NO_SUCH,
                      "This person was erased; add them as somebody new");
}

static gboolean
check_base (DeskDb *db, const DeskPerson *person, gint64 base, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskPerson) old = desk_people_find_uid (db, person->uid, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return (old != NULL ? old->revision : 0) == base || fail_conflict (person->login, error);
}

gboolean
desk_people_save (DeskDb *db,
                  DeskPerson *person,
                  gint64 base,
                  const DeskPerson *author,
                  gint64 now,
                  GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);

  if (catalogue == NULL ||
      !desk_can (DESK_ACTION_KEEP_CATALOGUE, author, NULL, catalogue, now, error) ||
      !check_not_erased (db, person, error) || !desk_person_check (person, catalogue, error) ||
      !check_login_is_free (db, person, error) || !check_last_administrator (db, person, error) ||
      !check_base (db, person, base, error))
    return FALSE;
  person->revision = base + 1;
  return desk_people_put (db, person, error) && audit_person (db, person, author, now, error) &&
         desk_db_run (db, DESK_SQL_PERSON_MOVED, error, "u", person->uid) >= 0 &&
         desk_db_catalogue_moved (db, error);
}

gboolean
desk_people_erase (
    DeskDb *db, const char *uid, const DeskPerson *author, gint64 now, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);
  g_autoptr (DeskPerson) person = NULL;
  GError *failure = NULL;

  if (catalogue == NULL ||
      !desk_can (DESK_ACTION_KEEP_CATALOGUE, author, NULL, catalogue, now, error))
    return FALSE;
  person = desk_people_find_uid (db, uid, &failure);
  if (person == NULL && failure == NULL)
    desk_refuse (&failure, DESK_ERROR_NO_SUCH, "There is no such person");
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  person->removed = TRUE;
  person->role = DESK_ROLE_REQUESTER;
  person->revision++;
  if (!check_last_administrator (db, person, error))
    return FALSE;
  return desk_db_run (db, DESK_SQL_PERSON_ERASE, error, "u", uid) >= 0 &&
         desk_db_run (db, DESK_SQL_ERASED_INSERT, error, "ui", uid, now) >= 0 &&
         desk_scrub_ask_person (db, error) && audit_person (db, person, author, now, error) &&
         desk_db_catalogue_moved (db, error);
}

static gboolean
add_administrator (DeskDb *db, const char *login, const char *name, gint64 now, GError **error)
{
  const DeskEntry *desk = desk_catalogue_get_desk (desk_db_get_catalogue (db, NULL));
  g_autoptr (DeskPerson) person = desk_people_identify (db, login, name, error);

  if (person == NULL)
    return FALSE;
  person->role = DESK_ROLE_ADMINISTRATOR;
  g_strfreev (person->departments);
  person->departments = g_new0 (char *, 2);
  person->departments[0] = g_strdup (desk_entry_get (desk, DESK_PROPERTY_DEPARTMENT));
  return desk_people_save (db, person, 0, person, now, error);
}

gboolean
desk_people_add_first (DeskDb *db, const char *login, const char *name, gint64 now, GError **error)
{
  if (!desk_db_begin (db, error))
    return FALSE;
  if (add_administrator (db, login, name, now, error))
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

/* --- entries --- */

gboolean
desk_entries_put (DeskDb *db, const DeskEntry *entry, GError **error)
{
  gint64 id;

  if (!desk_db_get_int (db, DESK_SQL_ENTRY_SAVE, &id, error, "issii", (gint64) entry->kind,
                        entry->slug, entry->label, (gint64) entry->removed, entry->revision) ||
      desk_db_run (db, DESK_SQL_PROPERTIES_DELETE, error, "i", id) < 0)
    return FALSE;
  for (guint i = 0; i < DESK_N_PROPERTIES; i++)
    if (entry->values[i] != NULL &&
        desk_db_run (db, DESK_SQL_PROPERTY_INSERT, error, "iss", id,
                     desk_property_get_info (i)->name, entry->values[i]) < 0)
      return FALSE;
  return desk_db_run (db, DESK_SQL_ENTRY_MOVED, error, "is", (gint64) entry->kind, entry->slug) >=
         0;
}

static gboolean
audit_entry (
    DeskDb *db, const DeskEntry *entry, const DeskPerson *author, gint64 now, GError **error)
{
  g_autofree char *subject = g_strconcat (desk_enum_get_nick (DESK_TYPE_ENTRY_KIND, entry->kind),
                                          "/", entry->slug, NULL);
  g_autoptr (JsonNode) content = desk_entry_to_json (entry);

  return write_audit (db, subject, entry->revision, content, author, now, error);
}

gboolean
desk_entries_save (
    DeskDb *db, DeskEntry *entry, gint64 base, const DeskPerson *author, gint64 now, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);
  gint64 revision;

  if (catalogue == NULL ||
      !desk_can (DESK_ACTION_KEEP_CATALOGUE, author, NULL, catalogue, now, error) ||
      !desk_entry_check (entry, catalogue, error) ||
      !desk_db_get_int (db, DESK_SQL_ENTRY_REVISION, &revision, error, "is", (gint64) entry->kind,
                        entry->slug))
    return FALSE;
  if (revision != base)
    return fail_conflict (entry->label, error);
  entry->revision = base + 1;
  return desk_entries_put (db, entry, error) && audit_entry (db, entry, author, now, error) &&
         desk_db_catalogue_moved (db, error);
}
