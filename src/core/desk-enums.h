/* SPDX-License-Identifier: GPL-3.0-or-later
 * The closed sets of a help desk: statuses, priorities, roles, kinds of event.
 *
 * Every set is a registered GEnum, and its nick is the one word used in JSON, commands and views.
 * The numbers are stored in desk files: never renumber, only append. Pure; any thread. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  DESK_STATUS_OPEN = 0,     /* needs an agent */
  DESK_STATUS_WAITING = 1,  /* needs the requester; the SLA clock is paused */
  DESK_STATUS_RESOLVED = 2, /* answered with a resolution; asks the requester */
  DESK_STATUS_CLOSED = 3,   /* done; off the queues, kept in Closed and in search */
} DeskStatus;
#define DESK_N_STATUSES 4

typedef enum
{
  DESK_PRIORITY_LOW = 0,
  DESK_PRIORITY_NORMAL = 1,
  DESK_PRIORITY_HIGH = 2,
  DESK_PRIORITY_URGENT = 3,
} DeskPriority;
#define DESK_N_PRIORITIES 4

/* Each role may do what the one before it may. */
typedef enum
{
  DESK_ROLE_REQUESTER = 0,
  DESK_ROLE_AGENT = 1,         /* works in the departments it is a member of */
  DESK_ROLE_ADMINISTRATOR = 2, /* works in every department and keeps the catalogue */
} DeskRole;

/* What an op asks for and what an event is. */
typedef enum
{
  DESK_KIND_CREATED = 0,
  DESK_KIND_MESSAGE = 1, /* text of a requester */
  DESK_KIND_REPLY = 2,   /* text of an agent that the requester sees */
  DESK_KIND_NOTE = 3,    /* text of an agent that only agents see */
  DESK_KIND_CHANGE = 4,  /* changed fields; its text, if any, is the reason */
  DESK_KIND_REDACT = 5,  /* takes text, attachments and personal values out of its target */
} DeskKind;
#define DESK_N_KINDS 6

typedef enum
{
  DESK_AUDIENCE_PUBLIC = 0,   /* the requester and agents */
  DESK_AUDIENCE_INTERNAL = 1, /* agents only */
} DeskAudience;

/* How an op came in. */
typedef enum
{
  DESK_VIA_APP = 0,
  DESK_VIA_CLI = 1,
  DESK_VIA_MAIL = 2,
  DESK_VIA_API = 3,
  DESK_VIA_RULE = 4,
  DESK_VIA_TIMER = 5,
  DESK_VIA_IMPORT = 6,
} DeskVia;

#define DESK_TYPE_STATUS   (desk_status_get_type ())
#define DESK_TYPE_PRIORITY (desk_priority_get_type ())
#define DESK_TYPE_ROLE     (desk_role_get_type ())
#define DESK_TYPE_KIND     (desk_kind_get_type ())
#define DESK_TYPE_AUDIENCE (desk_audience_get_type ())
#define DESK_TYPE_VIA      (desk_via_get_type ())

GType desk_status_get_type (void) G_GNUC_CONST;
GType desk_priority_get_type (void) G_GNUC_CONST;
GType desk_role_get_type (void) G_GNUC_CONST;
GType desk_kind_get_type (void) G_GNUC_CONST;
GType desk_audience_get_type (void) G_GNUC_CONST;
GType desk_via_get_type (void) G_GNUC_CONST;

/* The nick of @value, or NULL when @type has no such value. The string is static. */
const char *desk_enum_get_nick (GType type, int value);

/* Reads a nick. Returns FALSE and leaves @value alone when @nick (nullable) is none of @type. */
gboolean desk_enum_parse (GType type, const char *nick, int *value);

G_END_DECLS
