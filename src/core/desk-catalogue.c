/* SPDX-License-Identifier: GPL-3.0-or-later
 * Entries, people and the snapshot that holds them; the table of properties. */
#include "desk-catalogue.h"

#include <string.h>

#define KIND(kind) (1u << DESK_ENTRY_##kind)
#define BOOL_WORDS                                                                                 \
  {                                                                                                \
    "yes", "no", NULL                                                                              \
  }
#define LARGEST_ATTACHMENT_BYTES (G_GINT64_CONSTANT (1) << 40)

static const DeskPropertyInfo properties[DESK_N_PROPERTIES] = {
  [DESK_PROPERTY_PUBLIC] = {
    .name = "public",
    .type = DESK_PROPERTY_TYPE_BOOL,
    .kinds = KIND (DEPARTMENT),
    .preset = "yes",
    .help = "Requesters see that a ticket is in this department",
    .words = BOOL_WORDS,
  },
  [DESK_PROPERTY_DEPARTMENT] = {
    .name = "department",
    .type = DESK_PROPERTY_TYPE_SLUG,
    .refers_to = DESK_ENTRY_DEPARTMENT,
    .kinds = KIND (TOPIC) | KIND (DESK),
    .help = "Department that new tickets go to",
  },
  [DESK_PROPERTY_PRIORITY] = {
    .name = "priority",
    .type = DESK_PROPERTY_TYPE_WORD,
    .kinds = KIND (TOPIC) | KIND (DESK),
    .help = "Priority of new tickets",
    .words = { "low", "normal", "high", "urgent", NULL },
  },
  [DESK_PROPERTY_SLA] = {
    .name = "sla",
    .type = DESK_PROPERTY_TYPE_SLUG,
    .refers_to = DESK_ENTRY_SLA,
    .kinds = KIND (TOPIC) | KIND (DEPARTMENT) | KIND (DESK),
    .help = "SLA plan of new tickets",
  },
  [DESK_PROPERTY_ASSIGNEE] = {
    .name = "assignee",
    .type = DESK_PROPERTY_TYPE_PERSON,
    .kinds = KIND (TOPIC),
    .help = "Agent who gets new tickets",
  },
  [DESK_PROPERTY_TEAM] = {
    .name = "team",
    .type = DESK_PROPERTY_TYPE_SLUG,
    .refers_to = DESK_ENTRY_TEAM,
    .kinds = KIND (TOPIC),
    .help = "Team that gets new tickets",
  },
  [DESK_PROPERTY_NUMBER_FORMAT] = {
    .name = "number_format",
    .type = DESK_PROPERTY_TYPE_TEXT,
    .kinds = KIND (TOPIC) | KIND (DESK),
    .help = "Form of ticket numbers; each # is a digit",
  },
  [DESK_PROPERTY_NUMBER_ORDER] = {
    .name = "number_order",
    .type = DESK_PROPERTY_TYPE_WORD,
    .kinds = KIND (TOPIC) | KIND (DESK),
    .help = "Ticket numbers count up (sequential) or tell nothing (random)",
    .words = { "sequential", "random", NULL },
  },
  [DESK_PROPERTY_HOURS] = {
    .name = "hours",
    .type = DESK_PROPERTY_TYPE_INT,
    .kinds = KIND (SLA),
    .help = "Hours within which a ticket is to be resolved",
    .min = 1,
    .max = 8760,
  },
  [DESK_PROPERTY_REOPEN_DAYS] = {
    .name = "reopen_days",
    .type = DESK_PROPERTY_TYPE_INT,
    .kinds = KIND (DESK),
    .preset = "14",
    .help = "Days during which a message reopens a closed ticket",
    .min = 0,
    .max = 3650,
  },
  [DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES] = {
    .name = "attachment_limit_bytes",
    .type = DESK_PROPERTY_TYPE_INT,
    .kinds = KIND (DESK),
    .preset = "26214400",
    .help = "Size of the largest attachment that is taken, in bytes",
    .min = 0,
    .max = LARGEST_ATTACHMENT_BYTES,
  },
  [DESK_PROPERTY_REQUESTER_PRIORITY] = {
    .name = "requester_priority",
    .type = DESK_PROPERTY_TYPE_BOOL,
    .kinds = KIND (DESK),
    .preset = "no",
    .help = "Requesters choose the priority of their tickets",
    .words = BOOL_WORDS,
  },
  [DESK_PROPERTY_SHOW_PRIORITY] = {
    .name = "show_priority",
    .type = DESK_PROPERTY_TYPE_BOOL,
    .kinds = KIND (DESK),
    .preset = "yes",
    .help = "Requesters see the priority",
    .words = BOOL_WORDS,
  },
  [DESK_PROPERTY_SHOW_ASSIGNEE] = {
    .name = "show_assignee",
    .type = DESK_PROPERTY_TYPE_BOOL,
    .kinds = KIND (DESK),
    .preset = "yes",
    .help = "Requesters see who works on their ticket",
    .words = BOOL_WORDS,
  },
  [DESK_PROPERTY_SHOW_DUE] = {
    .name = "show_due",
    .type = DESK_PROPERTY_TYPE_BOOL,
    .kinds = KIND (DESK),
    .preset = "yes",
    .help = "Requesters see the SLA plan and the promised time",
    .words = BOOL_WORDS,
  },
};

/* What the desk falls back to where a topic falls back to the desk. */
static const struct
{
  DeskProperty property;
  const char *preset;
} desk_presets[] = {
  { DESK_PROPERTY_PRIORITY, "normal" },
  { DESK_PROPERTY_NUMBER_FORMAT, "####" },
  { DESK_PROPERTY_NUMBER_ORDER, "sequential" },
};

struct _DeskCatalogue
{
  gatomicrefcount ref_count;
  gint64 revision;
  GPtrArray *entries[DESK_N_ENTRY_KINDS]; /* of DeskEntry, by label */
  GHashTable *by_slug[DESK_N_ENTRY_KINDS];
  GPtrArray *agents; /* of DeskPerson, by name */
  GHashTable *by_uid;
};

G_DEFINE_ENUM_TYPE (DeskEntryKind,
                    desk_entry_kind,
                    G_DEFINE_ENUM_VALUE (DESK_ENTRY_DESK, "desk"),
                    G_DEFINE_ENUM_VALUE (DESK_ENTRY_DEPARTMENT, "department"),
                    G_DEFINE_ENUM_VALUE (DESK_ENTRY_TOPIC, "topic"),
                    G_DEFINE_ENUM_VALUE (DESK_ENTRY_TEAM, "team"),
                    G_DEFINE_ENUM_VALUE (DESK_ENTRY_SLA, "sla"))

G_DEFINE_BOXED_TYPE (DeskEntry, desk_entry, desk_entry_ref, desk_entry_unref)
G_DEFINE_BOXED_TYPE (DeskPerson, desk_person, desk_person_ref, desk_person_unref)
G_DEFINE_BOXED_TYPE (DeskCatalogue, desk_catalogue, desk_catalogue_ref, desk_catalogue_unref)

const DeskPropertyInfo *
desk_property_get_info (DeskProperty property)
{
  g_return_val_if_fail ((guint) property < DESK_N_PROPERTIES, NULL);
  return &properties[property];
}

gboolean
desk_property_parse (const char *name, DeskProperty *property)
{
  if (name == NULL)
    return FALSE;
  for (DeskProperty i = 0; i < DESK_N_PROPERTIES; i++)
    if (strcmp (properties[i].name, name) == 0)
      {
        *property = i;
        return TRUE;
      }
  return FALSE;
}

/* --- entries --- */

DeskEntry *
desk_entry_new (DeskEntryKind kind, const char *slug, const char *label)
{
  DeskEntry *self = g_new0 (DeskEntry, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->slug = g_strdup (slug);
  self->label = g_strdup (label);
  return self;
}

DeskEntry *
desk_entry_copy (const DeskEntry *self)
{
  DeskEntry *copy = desk_entry_new (self->kind, self->slug, self->label);

  copy->removed = self->removed;
  copy->revision = self->revision;
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    copy->values[property] = g_strdup (self->values[property]);
  return copy;
}

DeskEntry *
desk_entry_ref (DeskEntry *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
desk_entry_unref (DeskEntry *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (DeskProperty property = 0; property < DESK_N_PROPERTIES; property++)
    g_free (self->values[property]);
  g_free (self->slug);
  g_free (self->label);
  g_free (self);
}

/**
 * desk_entry_set:
 * @value: (nullable): the value in words; %NULL or "" takes it away
 */
void
desk_entry_set (DeskEntry *self, DeskProperty property, const char *value)
{
  char *copy;

  g_return_if_fail ((guint) property < DESK_N_PROPERTIES);

  copy = value != NULL && *value != '\0' ? g_strdup (value) : NULL;
  g_free (self->values[property]);
  self->values[property] = copy;
}

static const char *
find_preset (const DeskEntry *self, DeskProperty property)
{
  if (self->kind == DESK_ENTRY_DESK)
    for (guint i = 0; i < G_N_ELEMENTS (desk_presets); i++)
      if (desk_presets[i].property == property)
        return desk_presets[i].preset;
  return properties[property].preset;
}

const char *
desk_entry_get (const DeskEntry *self, DeskProperty property)
{
  g_return_val_if_fail ((guint) property < DESK_N_PROPERTIES, NULL);

  if (self->values[property] != NULL)
    return self->values[property];
  return find_preset (self, property);
}

gboolean
desk_entry_get_bool (const DeskEntry *self, DeskProperty property)
{
  return g_strcmp0 (desk_entry_get (self, property), "yes") == 0;
}

gint64
desk_entry_get_int (const DeskEntry *self, DeskProperty property)
{
  const char *value = desk_entry_get (self, property);

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : 0;
}

/* --- people --- */

DeskPerson *
desk_person_new (const char *uid, const char *login, const char *name, DeskRole role)
{
  DeskPerson *self = g_new0 (DeskPerson, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->uid = g_strdup (uid);
  self->login = g_strdup (login);
  self->name = g_strdup (name);
  self->role = role;
  self->departments = g_new0 (char *, 1);
  self->teams = g_new0 (char *, 1);
  return self;
}

DeskPerson *
desk_person_copy (const DeskPerson *self)
{
  DeskPerson *copy = desk_person_new (self->uid, self->login, self->name, self->role);

  copy->email = g_strdup (self->email);
  g_strfreev (copy->departments);
  copy->departments = g_strdupv (self->departments);
  g_strfreev (copy->teams);
  copy->teams = g_strdupv (self->teams);
  copy->removed = self->removed;
  copy->revision = self->revision;
  return copy;
}

DeskPerson *
desk_person_ref (DeskPerson *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
desk_person_unref (DeskPerson *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->uid);
  g_free (self->login);
  g_free (self->name);
  g_free (self->email);
  g_strfreev (self->departments);
  g_strfreev (self->teams);
  g_free (self);
}

gboolean
desk_person_works_in (const DeskPerson *self, const char *department)
{
  switch (self->role)
    {
    case DESK_ROLE_REQUESTER:
      return FALSE;
    case DESK_ROLE_AGENT:
      return department != NULL &&
             g_strv_contains ((const char *const *) self->departments, department);
    case DESK_ROLE_ADMINISTRATOR:
      return TRUE;
    }
  return FALSE;
}

gboolean
desk_person_is_in_team (const DeskPerson *self, const char *team)
{
  return team != NULL && self->role != DESK_ROLE_REQUESTER &&
         g_strv_contains ((const char *const *) self->teams, team);
}

/* --- the snapshot --- */

/* Values in order of a text of theirs that people read. */
typedef struct
{
  char *key;
  gpointer value;
} Sortable;

static int
compare_sortables_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Sortable *) a)->key, ((const Sortable *) b)->key);
}

static char *
make_sort_key (const char *text, const char *tie)
{
  g_autofree char *folded = g_utf8_casefold (text != NULL ? text : "", -1);
  g_autofree char *key = g_utf8_collate_key (folded, -1);

  return g_strconcat (key, "\x01", tie, NULL);
}

static void
clear_sortable_cb (gpointer sortable)
{
  g_free (((Sortable *) sortable)->key);
}

static void
sort_values (GPtrArray *values, char *(*make_key) (gconstpointer value))
{
  g_autoptr (GArray) sortables = g_array_sized_new (FALSE, FALSE, sizeof (Sortable), values->len);

  g_array_set_clear_func (sortables, clear_sortable_cb);
  for (guint i = 0; i < values->len; i++)
    {
      gpointer value = g_ptr_array_index (values, i);
      Sortable sortable = { make_key (value), value };

      g_array_append_val (sortables, sortable);
    }
  g_array_sort (sortables, compare_sortables_cb);
  for (guint i = 0; i < values->len; i++)
    values->pdata[i] = g_array_index (sortables, Sortable, i).value;
}

static char *
make_entry_key (gconstpointer value)
{
  const DeskEntry *entry = value;

  return make_sort_key (entry->label, entry->slug);
}

static char *
make_person_key (gconstpointer value)
{
  const DeskPerson *person = value;

  return make_sort_key (person->name, person->uid);
}

/* Takes the members out of @array, whatever its free function is, and the array with them. */
static void
move_members (GPtrArray *array,
              void (*take) (DeskCatalogue *self, gpointer member),
              DeskCatalogue *self)
{
  gsize n_members = 0;
  g_autofree gpointer *members = NULL;

  if (array == NULL)
    return;
  members = g_ptr_array_steal (array, &n_members);
  g_ptr_array_unref (array);
  for (gsize i = 0; i < n_members; i++)
    take (self, members[i]);
}

static void
take_entry (DeskCatalogue *self, gpointer member)
{
  DeskEntry *entry = member;

  g_ptr_array_add (self->entries[entry->kind], entry);
  g_hash_table_insert (self->by_slug[entry->kind], entry->slug, entry);
}

static void
take_agent (DeskCatalogue *self, gpointer member)
{
  DeskPerson *person = member;

  g_ptr_array_add (self->agents, person);
  g_hash_table_insert (self->by_uid, person->uid, person);
}

DeskCatalogue *
desk_catalogue_new (gint64 revision, GPtrArray *entries, GPtrArray *agents)
{
  DeskCatalogue *self = g_new0 (DeskCatalogue, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->revision = revision;
  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    {
      self->entries[kind] = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
      self->by_slug[kind] = g_hash_table_new (g_str_hash, g_str_equal);
    }
  self->agents = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  self->by_uid = g_hash_table_new (g_str_hash, g_str_equal);

  move_members (entries, take_entry, self);
  move_members (agents, take_agent, self);
  if (self->entries[DESK_ENTRY_DESK]->len == 0)
    take_entry (self, desk_entry_new (DESK_ENTRY_DESK, "desk", "Desk"));

  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    sort_values (self->entries[kind], make_entry_key);
  sort_values (self->agents, make_person_key);
  return self;
}

DeskCatalogue *
desk_catalogue_ref (DeskCatalogue *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
desk_catalogue_unref (DeskCatalogue *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    {
      g_hash_table_unref (self->by_slug[kind]);
      g_ptr_array_unref (self->entries[kind]);
    }
  g_hash_table_unref (self->by_uid);
  g_ptr_array_unref (self->agents);
  g_free (self);
}

gint64
desk_catalogue_get_revision (const DeskCatalogue *self)
{
  return self->revision;
}

const DeskEntry *
desk_catalogue_find (const DeskCatalogue *self, DeskEntryKind kind, const char *slug)
{
  g_return_val_if_fail ((guint) kind < DESK_N_ENTRY_KINDS, NULL);
  return slug != NULL ? g_hash_table_lookup (self->by_slug[kind], slug) : NULL;
}

const DeskPerson *
desk_catalogue_find_agent (const DeskCatalogue *self, const char *uid)
{
  return uid != NULL ? g_hash_table_lookup (self->by_uid, uid) : NULL;
}

const DeskEntry *
desk_catalogue_get_desk (const DeskCatalogue *self)
{
  return g_ptr_array_index (self->entries[DESK_ENTRY_DESK], 0);
}

GPtrArray *
desk_catalogue_get_entries (const DeskCatalogue *self, DeskEntryKind kind)
{
  g_return_val_if_fail ((guint) kind < DESK_N_ENTRY_KINDS, NULL);
  return self->entries[kind];
}

GPtrArray *
desk_catalogue_get_agents (const DeskCatalogue *self)
{
  return self->agents;
}
