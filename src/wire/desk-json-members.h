/* SPDX-License-Identifier: GPL-3.0-or-later
 * A struct as a JSON object, by a table of its members; inside this layer.
 *
 * Writing makes whatever it is given; reading refuses with DESK_ERROR_INVALID and names the member.
 * Pure; any thread. */
#pragma once

#include "desk-json.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_MEMBER_TEXT,
  DESK_MEMBER_UID,
  DESK_MEMBER_NUMBER, /* not negative */
  DESK_MEMBER_BOOL,
  DESK_MEMBER_NICK,
  DESK_MEMBER_TEXTS,
  DESK_MEMBER_CHANGES,
  DESK_MEMBER_ATTACHMENTS,
  DESK_MEMBER_BYTES,  /* GBytes, as base64 */
  DESK_MEMBER_OBJECT, /* a value that has a form of its own; left out when NULL */
  DESK_MEMBER_LIST,   /* GPtrArray of such; left out when NULL, and when empty and not needed */
} DeskMemberType;

/* A place in a text that desk_json_check() has found sound. */
typedef struct
{
  const char *p;
  const char *end;
} DeskScan;

/* A form of its own, for members that hold such values. */
typedef struct
{
  JsonNode *(*write) (gconstpointer value);
  gpointer (*read) (JsonNode *node, GError **error);
  GDestroyNotify free;
  void (*append) (GString *text, gconstpointer value); /* NULL: by way of write */
  gpointer (*scan) (DeskScan *scan, GError **error);   /* NULL: of no page */
} DeskForm;

typedef struct
{
  const char *name;
  DeskMemberType type;
  gsize offset;
  gboolean needed;         /* always written, and missed when reading */
  GType (*get_set) (void); /* of a nick */
  const DeskForm *form;    /* of an object and a list */
} DeskMember;

#define MEMBER(Struct, type, member) #member, DESK_MEMBER_##type, G_STRUCT_OFFSET(Struct, member)

/* All: (transfer full) */
JsonNode *desk_json_write_text (const char *text);
JsonNode *desk_json_write_number (gint64 number);
JsonNode *desk_json_write_bool (gboolean yes);
JsonObject *
desk_json_write_members (const DeskMember *members, guint n_members, gconstpointer value);
/* Takes @object. */
JsonNode *desk_json_take_object (JsonObject *object);

/* The same text as of the nodes, without making them; desk-json-append.c. */
void desk_json_append_text (GString *text, const char *value);
void desk_json_append_number (GString *text, gint64 number);
void desk_json_append_members (GString *text,
                               const DeskMember *members,
                               guint n_members,
                               gconstpointer value);

/* The same values as out of the nodes, without them; desk-json-scan.c. */
gboolean desk_json_check (const char *text, gsize length, GError **error);
gboolean desk_json_scan_members (DeskScan *scan,
                                 const DeskMember *members,
                                 guint n_members,
                                 const char *what,
                                 gpointer value,
                                 GError **error);
/* By way of read. */
gpointer desk_json_scan_by_node (DeskScan *scan, const DeskForm *form, GError **error);
/* NULL when there is no text. (transfer full) */
char *desk_json_scan_text (DeskScan *scan);

/* Of core's values. */
extern const DeskForm desk_form_ticket;
extern const DeskForm desk_form_event;
extern const DeskForm desk_form_person;
extern const DeskForm desk_form_entry;
extern const DeskForm desk_form_uid; /* char * */
/* Of pages. */
extern const DeskForm desk_form_put;

/* FALSE: “name” is not @what. */
gboolean desk_json_refuse (GError **error, const char *name, const char *what);
gboolean desk_json_read_text (JsonNode *node, const char *name, char **text, GError **error);
gboolean desk_json_read_number (JsonNode *node, const char *name, gint64 *number, GError **error);
gboolean desk_json_read_bool (JsonNode *node, const char *name, gboolean *yes, GError **error);
gboolean
desk_json_read_member (const DeskMember *member, JsonNode *node, gpointer value, GError **error);
gboolean desk_json_read_members (const DeskMember *members,
                                 guint n_members,
                                 JsonNode *node,
                                 const char *what,
                                 gpointer value,
                                 GError **error);

G_END_DECLS
