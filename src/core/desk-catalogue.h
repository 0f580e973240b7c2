/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a desk offers and who works on it: departments, help topics, teams, SLA plans, settings,
 * agents.
 *
 * A catalogue is an immutable snapshot with a revision; the store makes a new one after each
 * change. Entries and people are values of their own (plain members, changed only by their maker).
 * A slug is an entry's name for ever: it is never changed and never given to another; what is
 * removed stays readable for old tickets but is not offered any more. Pure; any thread. */
#pragma once

#include "desk-enums.h"

G_BEGIN_DECLS

/* The numbers are stored. */
typedef enum
{
  DESK_ENTRY_DESK = 0, /* the desk itself: one entry, slug "desk", its settings */
  DESK_ENTRY_DEPARTMENT = 1,
  DESK_ENTRY_TOPIC = 2,
  DESK_ENTRY_TEAM = 3,
  DESK_ENTRY_SLA = 4,
} DeskEntryKind;
#define DESK_N_ENTRY_KINDS 5

#define DESK_TYPE_ENTRY_KIND (desk_entry_kind_get_type ())
GType desk_entry_kind_get_type (void) G_GNUC_CONST;

/* Properties of entries. Which kind has which, and of which form, is one table:
 * desk_property_get_info(). */
typedef enum
{
  DESK_PROPERTY_PUBLIC,                 /* department: requesters see its label */
  DESK_PROPERTY_DEPARTMENT,             /* topic, desk: where its tickets go */
  DESK_PROPERTY_PRIORITY,               /* topic, desk */
  DESK_PROPERTY_SLA,                    /* topic, department, desk */
  DESK_PROPERTY_ASSIGNEE,               /* topic: person uid */
  DESK_PROPERTY_TEAM,                   /* topic */
  DESK_PROPERTY_NUMBER_FORMAT,          /* topic, desk: see desk-number.h */
  DESK_PROPERTY_NUMBER_ORDER,           /* topic, desk: "sequential" or "random" */
  DESK_PROPERTY_HOURS,                  /* sla: resolution target in hours, 1 to 8760 */
  DESK_PROPERTY_REOPEN_DAYS,            /* desk: how long a message reopens a closed ticket */
  DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES, /* desk: the largest attachment taken */
  DESK_PROPERTY_REQUESTER_PRIORITY,     /* desk: requesters may choose a priority when filing */
  DESK_PROPERTY_SHOW_PRIORITY,          /* desk: requesters see priority … */
  DESK_PROPERTY_SHOW_ASSIGNEE,          /* … assignee … */
  DESK_PROPERTY_SHOW_DUE,               /* … and SLA plan and promised time */
} DeskProperty;
#define DESK_N_PROPERTIES (DESK_PROPERTY_SHOW_DUE + 1)

typedef enum
{
  DESK_PROPERTY_TYPE_BOOL, /* "yes" or "no" */
  DESK_PROPERTY_TYPE_INT,
  DESK_PROPERTY_TYPE_WORD, /* one of a set */
  DESK_PROPERTY_TYPE_TEXT, /* a number format */
  DESK_PROPERTY_TYPE_SLUG, /* of another entry */
  DESK_PROPERTY_TYPE_PERSON,
} DeskPropertyType;

typedef struct
{
  const char *name; /* in JSON, commands and tables, as in "number_format" */
  DeskPropertyType type;
  DeskEntryKind refers_to; /* of a slug */
  guint kinds;             /* bits 1 << DeskEntryKind that have it */
  const char *preset;      /* what counts when it is not set, or NULL */
  const char *help;        /* one line, English */
  gint64 min, max;         /* of a number */
  const char *words[5];    /* of a word, NULL-terminated */
} DeskPropertyInfo;

const DeskPropertyInfo *desk_property_get_info (DeskProperty property);
gboolean desk_property_parse (const char *name, DeskProperty *property);

typedef struct
{
  gatomicrefcount ref_count; /* private */
  DeskEntryKind kind;
  char *slug;
  char *label;
  gboolean removed;
  gint64 revision;                 /* of this entry: 1, 2, 3… */
  char *values[DESK_N_PROPERTIES]; /* NULL: not set */
} DeskEntry;

DeskEntry *desk_entry_new (DeskEntryKind kind, const char *slug, const char *label);
DeskEntry *desk_entry_copy (const DeskEntry *self);
DeskEntry *desk_entry_ref (DeskEntry *self);
void desk_entry_unref (DeskEntry *self);
void desk_entry_set (DeskEntry *self, DeskProperty property, const char *value);
/* The value, or the preset; lent, may be NULL. */
const char *desk_entry_get (const DeskEntry *self, DeskProperty property);
gboolean desk_entry_get_bool (const DeskEntry *self, DeskProperty property);
gint64 desk_entry_get_int (const DeskEntry *self, DeskProperty property);

typedef struct
{
  gatomicrefcount ref_count; /* private */
  char *uid;
  char *login; /* NULL when erased */
  char *name;  /* NULL when erased */
  char *email; /* or NULL */
  DeskRole role;
  char **departments; /* slugs, NULL-terminated, never NULL */
  char **teams;       /* slugs, NULL-terminated, never NULL */
  gboolean removed;   /* may not act any more */
  gint64 revision;
} DeskPerson;

DeskPerson *desk_person_new (const char *uid, const char *login, const char *name, DeskRole role);
DeskPerson *desk_person_copy (const DeskPerson *self);
DeskPerson *desk_person_ref (DeskPerson *self);
void desk_person_unref (DeskPerson *self);
/* Administrators work everywhere, requesters nowhere. */
gboolean desk_person_works_in (const DeskPerson *self, const char *department);
gboolean desk_person_is_in_team (const DeskPerson *self, const char *team);

#define DESK_TYPE_ENTRY  (desk_entry_get_type ())
#define DESK_TYPE_PERSON (desk_person_get_type ())
GType desk_entry_get_type (void) G_GNUC_CONST;
GType desk_person_get_type (void) G_GNUC_CONST;

#define DESK_TYPE_CATALOGUE (desk_catalogue_get_type ())
typedef struct _DeskCatalogue DeskCatalogue;
GType desk_catalogue_get_type (void) G_GNUC_CONST;

/* Takes both arrays with what is in them: @entries of DeskEntry with the desk among them, @agents
 * of DeskPerson whose role is agent or administrator. Both are kept in order of label and name. */
DeskCatalogue *desk_catalogue_new (gint64 revision, GPtrArray *entries, GPtrArray *agents);
DeskCatalogue *desk_catalogue_ref (DeskCatalogue *self);
void desk_catalogue_unref (DeskCatalogue *self);

gint64 desk_catalogue_get_revision (const DeskCatalogue *self);
/* Lent; NULL when there is none. Removed entries and people are found too. @slug and @uid are
 * nullable. */
const DeskEntry *
desk_catalogue_find (const DeskCatalogue *self, DeskEntryKind kind, const char *slug);
const DeskPerson *desk_catalogue_find_agent (const DeskCatalogue *self, const char *uid);
const DeskEntry *desk_catalogue_get_desk (const DeskCatalogue *self);
/* All of @kind, by label, removed ones included; lent, of DeskEntry. */
GPtrArray *desk_catalogue_get_entries (const DeskCatalogue *self, DeskEntryKind kind);
/* By name, removed ones included; lent, of DeskPerson. */
GPtrArray *desk_catalogue_get_agents (const DeskCatalogue *self);

/* Whether @entry may be saved beside what @catalogue has (the entry's own slug may be there):
 * DESK_ERROR_INVALID, MISSING, TOO_LONG or NO_SUCH. Cleans the label in place. */
gboolean desk_entry_check (DeskEntry *entry, const DeskCatalogue *catalogue, GError **error);
/* The same for a person; cleans the name in place. */
gboolean desk_person_check (DeskPerson *person, const DeskCatalogue *catalogue, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskEntry, desk_entry_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskPerson, desk_person_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskCatalogue, desk_catalogue_unref)

G_END_DECLS
