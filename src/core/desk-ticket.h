/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket: the fold of its events.
 *
 * A value: reference counted, its members plain and public. Whoever made it may change it until it
 * is shared; after that it is const for everybody. Strings are owned by the ticket and may be NULL
 * where marked. Times are UTC seconds, 0 is never. Pure; any thread. */
#pragma once

#include "desk-enums.h"

G_BEGIN_DECLS

/* What a change can change. The order is the order of sentences in a timeline. Stored by name. */
typedef enum
{
  DESK_FIELD_NUMBER,
  DESK_FIELD_SUMMARY,
  DESK_FIELD_REQUESTER, /* person uid */
  DESK_FIELD_TOPIC,     /* slug */
  DESK_FIELD_STATUS,
  DESK_FIELD_DEPARTMENT, /* slug */
  DESK_FIELD_TEAM,       /* slug */
  DESK_FIELD_ASSIGNEE,   /* person uid */
  DESK_FIELD_PRIORITY,
  DESK_FIELD_SLA, /* slug */
  DESK_FIELD_DUE_AT,
  DESK_FIELD_TARGET_SECS,
  DESK_FIELD_SPENT_SECS,
  DESK_FIELD_RUNNING_SINCE,
  DESK_FIELD_RESOLUTION,
  DESK_FIELD_STEPS,
  DESK_FIELD_RECOMMENDATIONS,
  DESK_FIELD_RESOLVED_AT,
  DESK_FIELD_CLOSED_AT,
} DeskField;
#define DESK_N_FIELDS (DESK_FIELD_CLOSED_AT + 1)

/* How a field's value is written in a change; see desk_ticket_dup_field(). */
typedef enum
{
  DESK_FIELD_TYPE_TEXT,
  DESK_FIELD_TYPE_SLUG,     /* of a catalogue entry */
  DESK_FIELD_TYPE_PERSON,   /* uid */
  DESK_FIELD_TYPE_STATUS,   /* nick */
  DESK_FIELD_TYPE_PRIORITY, /* nick */
  DESK_FIELD_TYPE_INT,      /* decimal */
} DeskFieldType;

/* When a requester sees the field; see desk-projection.h. */
typedef enum
{
  DESK_FIELD_SHOWN_ALWAYS,
  DESK_FIELD_SHOWN_IF_PUBLIC_DEPARTMENT, /* unless the department is private */
  DESK_FIELD_SHOWN_IF_SHOW_PRIORITY,     /* as the desk's settings say */
  DESK_FIELD_SHOWN_IF_SHOW_ASSIGNEE,
  DESK_FIELD_SHOWN_IF_SHOW_DUE,
  DESK_FIELD_SHOWN_NEVER,
} DeskFieldShown;

typedef struct
{
  gatomicrefcount ref_count; /* private */

  char *uid;
  char *number; /* NULL until an authority accepted it */
  char *summary;
  char *requester; /* person uid */
  char *topic;     /* slug, or NULL */
  DeskStatus status;
  char *department; /* slug */
  char *team;       /* slug, or NULL */
  char *assignee;   /* person uid, or NULL */
  DeskPriority priority;

  /* The SLA clock; see desk-sla.h. */
  char *sla; /* slug, or NULL: no promise */
  gint64 due_at;
  gint64 target_secs;
  gint64 spent_secs;
  gint64 running_since;

  /* The newest resolution, kept after reopening for search and history. */
  char *resolution;
  char *steps;
  char *recommendations;
  gint64 resolved_at;
  gint64 closed_at;

  /* Counted by desk_apply(), not changed by fields. */
  gint64 no;        /* of the newest event */
  gint64 public_no; /* of the newest public event */
  gint64 created_at;
  gint64 updated_at; /* accepted_at of the newest event */
  gint64 public_at;  /* accepted_at of the newest public event */
} DeskTicket;

#define DESK_TYPE_TICKET (desk_ticket_get_type ())
GType desk_ticket_get_type (void) G_GNUC_CONST;

DeskTicket *desk_ticket_new (const char *uid);
DeskTicket *desk_ticket_copy (const DeskTicket *self);
DeskTicket *desk_ticket_ref (DeskTicket *self);
void desk_ticket_unref (DeskTicket *self);

/* Field names are static, as in "due_at". desk_field_parse() returns FALSE for an unknown name. */
const char *desk_field_get_name (DeskField field);
DeskFieldType desk_field_get_field_type (DeskField field);
DeskFieldShown desk_field_get_shown (DeskField field);
gboolean desk_field_parse (const char *name, DeskField *field);

/* The value in its canonical form, NULL for none (a number 0 and an empty text are none; numbers
 * are decimal digits without leading zeros). (transfer full) (nullable) */
char *desk_ticket_dup_field (const DeskTicket *self, DeskField field);
/* Whether the canonical form of the field equals @value (nullable), without making it. */
gboolean desk_ticket_field_equals (const DeskTicket *self, DeskField field, const char *value);
/* FALSE, and nothing changes, when @value (nullable) is not of the field's form. */
gboolean desk_ticket_set_field (DeskTicket *self, DeskField field, const char *value);

/* The first field in which two tickets differ (counters included), or NULL when they are equal.
 * A static name, for `check`. */
const char *desk_ticket_compare (const DeskTicket *a, const DeskTicket *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskTicket, desk_ticket_unref)

G_END_DECLS
