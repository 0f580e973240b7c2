/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is looking at or answering a ticket right now, as agents tell each other through a server.
 *
 * Said again every DESK_PRESENCE_BEAT_SECS; kept in memory only, and forgotten by itself when
 * nobody says it any more. Values, changed by their maker only. Pure; any thread. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Of one session. */
#define DESK_PRESENCE_MAX_TICKETS 10
#define DESK_PRESENCE_BEAT_SECS   30
/* Two beats may get lost on their way. */
#define DESK_PRESENCE_LASTS_SECS 75

typedef enum
{
  DESK_PRESENCE_LOOKING,
  DESK_PRESENCE_ANSWERING,
} DeskPresence;
#define DESK_TYPE_PRESENCE (desk_presence_get_type ())
GType desk_presence_get_type (void) G_GNUC_CONST;

typedef struct
{
  char *ticket; /* uid */
  char *person; /* uid; NULL where it is who says so */
  DeskPresence state;
} DeskPresent;

DeskPresent *desk_present_new (const char *ticket, const char *person, DeskPresence state);
void desk_present_free (DeskPresent *self);

/* (transfer full) (element-type DeskPresent) */
GPtrArray *desk_presence_list_new (void);
/* {"present": [{"ticket": ..., "person": ..., "state": ...}]}: of PUT /v1/presence both ways, and
 * of an event of the stream. Reading fails with DESK_ERROR and names the member. */
JsonNode *desk_presence_to_json (GPtrArray *present);
GPtrArray *desk_presence_from_json (JsonNode *node, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskPresent, desk_present_free)

G_END_DECLS
