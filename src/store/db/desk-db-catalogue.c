/* SPDX-License-Identifier: GPL-3.0-or-later
 * One connection to a desk file: what it keeps of the catalogue and of people. */
#include "desk-db-private.h"

/* --- the catalogue --- */

static void
take_property (GHashTable *entries, DeskQuery *query)
{
  gint64 id = desk_query_int (query, 0);
  DeskEntry *entry = g_hash_table_lookup (entries, &id);
  DeskProperty property;

  /* A property of a later version is nothing to us. */
  if (entry != NULL && desk_property_parse (desk_query_text (query, 1), &property))
    desk_entry_set (entry, property, desk_query_text (query, 2));
}

static DeskEntry *
read_entry (DeskQuery *query)
{
  DeskEntry *entry = desk_entry_new (desk_query_int (query, 1), desk_query_text (query, 2),
                                     desk_query_text (query, 3));

  entry->removed = desk_query_int (query, 4) != 0;
  entry->revision = desk_query_int (query, 5);
  return entry;
}

static gint64 *
copy_id (gint64 id)
{
  return g_memdup2 (&id, sizeof id);
}

static gboolean
read_entries (DeskDb *db, GPtrArray *list, GHashTable *by_id, GError **error)
{
  g_autoptr (DeskQuery) entries = desk_db_query (db, DESK_SQL_ENTRIES, error, "");
  g_autoptr (DeskQuery) properties = NULL;
  GError *failure = NULL;

  if (entries == NULL)
    return FALSE;
  while (desk_query_next (entries, &failure))
    {
      DeskEntry *entry = read_entry (entries);
      g_ptr_array_add (list, entry);
      g_hash_table_insert (by_id, copy_id (desk_query_int (entries, 0)), entry);
    }
  if (failure == NULL &&
      (properties = desk_db_query (db, DESK_SQL_PROPERTIES, &failure, "")) != NULL)
    while (desk_query_next (properties, &failure))
      take_property (by_id, properties);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
read_agents (DeskDb *db, GPtrArray *agents, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_AGENTS, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      DeskPerson *person = desk_person_read (db, query, &failure);
      if (person != NULL)
        g_ptr_array_add (agents, person);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
keep_catalogue (DeskDb *db, DeskCatalogue *catalogue, GHashTable *by_id)
{
  GHashTableIter iter;
  gpointer id, entry;

  g_clear_pointer (&db->catalogue, desk_catalogue_unref);
  db->catalogue = catalogue;
  g_hash_table_remove_all (db->slugs);
  g_hash_table_remove_all (db->ids);
  g_hash_table_iter_init (&iter, by_id);
  while (g_hash_table_iter_next (&iter, &id, &entry))
    {
      g_hash_table_insert (db->slugs, copy_id (*(gint64 *) id), ((DeskEntry *) entry)->slug);
      g_hash_table_insert (db->ids, entry, copy_id (*(gint64 *) id));
    }
}

gboolean
desk_db_load_catalogue (DeskDb *db, gint64 revision, GError **error)
{
  g_autoptr (GPtrArray)
      entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
  g_autoptr (GPtrArray)
      agents = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  g_autoptr (GHashTable) by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  if (!read_entries (db, entries, by_id, error) || !read_agents (db, agents, error))
    return FALSE;
  keep_catalogue (
      db, desk_catalogue_new (revision, g_steal_pointer (&entries), g_steal_pointer (&agents)),
      by_id);
  db->catalogue_revision = revision;
  db->catalogue_stale = FALSE;
  return TRUE;
}

DeskCatalogue *
desk_db_get_catalogue (DeskDb *db, GError **error)
{
  if (sqlite3_get_autocommit (db->handle) && !desk_db_look_in_transaction (db, FALSE, error))
    return NULL;
  return db->catalogue;
}

gint64
desk_db_get_entry_id (DeskDb *db, DeskEntryKind kind, const char *slug)
{
  const DeskEntry *entry = desk_catalogue_find (db->catalogue, kind, slug);
  const gint64 *id = entry != NULL ? g_hash_table_lookup (db->ids, entry) : NULL;

  return id != NULL ? *id : 0;
}

const char *
desk_db_get_entry_slug (DeskDb *db, gint64 id)
{
  return id != 0 ? g_hash_table_lookup (db->slugs, &id) : NULL;
}

gboolean
desk_db_catalogue_moved (DeskDb *db, GError **error)
{
  if (desk_db_run (db, DESK_SQL_CATALOGUE_MOVED, error, "") < 0)
    return FALSE;
  return desk_db_look (db, FALSE, error);
}

/* --- people --- */

/* People are found again and again, and never leave a desk. */
#define MAX_PEOPLE 1000

gboolean
desk_db_get_person_id (DeskDb *db, const char *uid, gint64 *id, GError **error)
{
  const gint64 *known = uid != NULL ? g_hash_table_lookup (db->people, uid) : NULL;

  *id = known != NULL ? *known : 0;
  if (known != NULL || uid == NULL)
    return TRUE;
  if (!desk_db_get_int (db, DESK_SQL_PERSON_ID, id, error, "u", uid))
    return FALSE;
  if (g_hash_table_size (db->people) >= MAX_PEOPLE)
    g_hash_table_remove_all (db->people);
  if (*id != 0)
    g_hash_table_insert (db->people, g_strdup (uid), copy_id (*id));
  return TRUE;
}
