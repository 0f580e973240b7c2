/* SPDX-License-Identifier: GPL-3.0-or-later
 * People and catalogue entries as a server tells them. */
#include "desk-replica-private.h"

#include <string.h>

#include "desk-people.h"
#include "desk-replica-people.h"

/* --- people --- */

static gboolean
slugs_equal (char **a, char **b)
{
  return g_strv_equal ((const char *const *) a, (const char *const *) b);
}

static gboolean
people_equal (const DeskPerson *a, const DeskPerson *b)
{
  return g_strcmp0 (a->login, b->login) == 0 && g_strcmp0 (a->name, b->name) == 0 &&
         g_strcmp0 (a->email, b->email) == 0 && a->role == b->role && a->removed == b->removed &&
         a->revision == b->revision && slugs_equal (a->departments, b->departments) &&
         slugs_equal (a->teams, b->teams);
}

/* A membership in what is not told yet comes again with it. */
static char **
keep_known (DeskDb *db, DeskEntryKind kind, char **slugs)
{
  GPtrArray *known = g_ptr_array_new ();

  for (guint i = 0; slugs[i] != NULL; i++)
    if (desk_db_get_entry_id (db, kind, slugs[i]) != 0)
      g_ptr_array_add (known, g_strdup (slugs[i]));
  g_ptr_array_add (known, NULL);
  return (char **) g_ptr_array_free (known, FALSE);
}

static DeskPerson *
fit (DeskDb *db, const DeskPerson *person)
{
  DeskPerson *fitting = desk_person_copy (person);
  char **departments = keep_known (db, DESK_ENTRY_DEPARTMENT, person->departments);
  char **teams = keep_known (db, DESK_ENTRY_TEAM, person->teams);

  g_strfreev (fitting->departments);
  g_strfreev (fitting->teams);
  fitting->departments = departments;
  fitting->teams = teams;
  return fitting;
}

/* Who had a login before has another by now, which is told in its turn. */
static gboolean
free_login (DeskDb *db, const DeskPerson *person, GError **error)
{
  return person->login == NULL ||
         desk_db_run (db, DESK_SQL_LOGIN_FREE, error, "su", person->login, person->uid) >= 0;
}

static gboolean
note_met (DeskReplica *self, const char *uid, GError **error)
{
  gint64 id;

  return !self->refilling || (desk_db_get_person_id (self->db, uid, &id, error) &&
                              desk_db_run (self->db, DESK_SQL_PERSON_MET, error, "i", id) >= 0);
}

/* @moved is set when the catalogue's agents are others now. */
static gboolean
put_person (DeskReplica *self, const DeskPerson *person, gboolean *moved, GError **error)
{
  g_autoptr (DeskPerson) fitting = fit (self->db, person);
  g_autoptr (DeskPerson) old = NULL;
  GError *failure = NULL;

  old = desk_people_find_uid (self->db, person->uid, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (old != NULL &&
      (people_equal (old, fitting) || (!self->refilling && old->revision > fitting->revision)))
    return note_met (self, person->uid, error);
  *moved |= fitting->role > DESK_ROLE_REQUESTER || (old != NULL && old->role > DESK_ROLE_REQUESTER);
  return free_login (self->db, fitting, error) && desk_people_put (self->db, fitting, error) &&
         note_met (self, person->uid, error);
}

gboolean
desk_replica_put_people (DeskReplica *self, GPtrArray *people, GError **error)
{
  gboolean moved = FALSE;

  for (guint i = 0; i < people->len; i++)
    if (!put_person (self, g_ptr_array_index (people, i), &moved, error))
      return FALSE;
  return (!moved || desk_db_catalogue_moved (self->db, error)) &&
         desk_replica_find_me (self, error);
}

gboolean
desk_replica_need_person (DeskReplica *self, const char *uid, gint64 *id, GError **error)
{
  g_autoptr (DeskPerson) nobody = NULL;

  if (!desk_db_get_person_id (self->db, uid, id, error))
    return FALSE;
  if (*id != 0 || uid == NULL)
    return TRUE;
  nobody = desk_person_new (uid, NULL, NULL, DESK_ROLE_REQUESTER);
  nobody->revision = 0;
  return desk_people_put (self->db, nobody, error) &&
         desk_db_get_person_id (self->db, uid, id, error);
}

gboolean
desk_replica_forget_people (DeskReplica *self, GError **error)
{
  g_autoptr (GArray) ids = NULL;

  if (!note_met (self, self->reader, error))
    return FALSE;
  ids = desk_db_list_ints (self->db, DESK_SQL_PEOPLE_NOT_MET, error, "");
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (desk_db_run (self->db, DESK_SQL_MEMBERSHIPS_DELETE, error, "i", id) < 0 ||
          desk_db_run (self->db, DESK_SQL_PERSON_NOT_MET, error, "i", id) < 0)
        return FALSE;
    }
  return ids != NULL && desk_db_catalogue_moved (self->db, error) &&
         desk_replica_find_me (self, error);
}

/* --- entries --- */

static gboolean
entries_equal (const DeskEntry *a, const DeskEntry *b)
{
  if (g_strcmp0 (a->label, b->label) != 0 || a->removed != b->removed || a->revision != b->revision)
    return FALSE;
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    if (g_strcmp0 (a->values[property], b->values[property]) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
put_entry (DeskReplica *self, const DeskEntry *entry, gboolean *moved, GError **error)
{
  const DeskEntry *old = desk_catalogue_find (desk_db_get_catalogue (self->db, NULL), entry->kind,
                                              entry->slug);

  if (old != NULL && entries_equal (old, entry))
    return TRUE;
  *moved = TRUE;
  return desk_entries_put (self->db, entry, error);
}

static gboolean
is_among (GPtrArray *entries, const DeskEntry *entry)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const DeskEntry *other = g_ptr_array_index (entries, i);

      if (other->kind == entry->kind && g_str_equal (other->slug, entry->slug))
        return TRUE;
    }
  return FALSE;
}

/* What nothing refers to goes; the number of the rest must not come to mean something else. */
static gboolean
drop_entry (DeskReplica *self, const DeskEntry *entry, GError **error)
{
  gint64 id = desk_db_get_entry_id (self->db, entry->kind, entry->slug);
  g_autoptr (DeskEntry) husk = desk_entry_new (entry->kind, entry->slug, entry->slug);
  gint64 in_use;

  husk->removed = TRUE;
  husk->revision = 0;
  if (desk_db_run (self->db, DESK_SQL_ENTRY_MEMBERS_DELETE, error, "i", id) < 0 ||
      !desk_db_get_int (self->db, DESK_SQL_ENTRY_IN_USE, &in_use, error, "iiii", id, id, id, id))
    return FALSE;
  if (in_use != 0)
    return entries_equal (entry, husk) || desk_entries_put (self->db, husk, error);
  return desk_db_run (self->db, DESK_SQL_PROPERTIES_DELETE, error, "i", id) >= 0 &&
         desk_db_run (self->db, DESK_SQL_ENTRY_DELETE, error, "i", id) >= 0;
}

static gboolean
drop_others (DeskReplica *self, GPtrArray *entries, gboolean *moved, GError **error)
{
  g_autoptr (DeskCatalogue) old = desk_catalogue_ref (desk_db_get_catalogue (self->db, NULL));

  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    {
      GPtrArray *mine = desk_catalogue_get_entries (old, kind);

      for (guint i = 0; i < mine->len; i++)
        {
          const DeskEntry *entry = g_ptr_array_index (mine, i);

          if (is_among (entries, entry))
            continue;
          *moved = TRUE;
          if (!drop_entry (self, entry, error))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
desk_replica_put_entries (DeskReplica *self, GPtrArray *entries, GError **error)
{
  gboolean moved = FALSE;

  for (guint i = 0; i < entries->len; i++)
    if (!put_entry (self, g_ptr_array_index (entries, i), &moved, error))
      return FALSE;
  return drop_others (self, entries, &moved, error) &&
         (!moved || desk_db_catalogue_moved (self->db, error));
}
