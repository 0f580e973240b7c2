/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of everything that can be asked of a server.
 *
 * A route says who may ask at all; what comes back is decided by whom it is read for. Patterns are
 * matched segment by segment; "{name}" takes any one. Pure; any thread. */
#pragma once

#include "desk-request.h"

G_BEGIN_DECLS

#define DESK_ROUTE_MAX_PARAMETERS 3

typedef enum
{
  DESK_WHO_ANYBODY,
  DESK_WHO_SIGNED_IN,
  DESK_WHO_AGENT, /* or administrator */
  DESK_WHO_ADMINISTRATOR,
} DeskWho;

typedef enum
{
  DESK_TAKES_NOTHING,
  DESK_TAKES_JSON,
  DESK_TAKES_BYTES, /* application/offset+octet-stream */
} DeskTakes;

typedef struct
{
  const char *method; /* GET answers HEAD too */
  const char *pattern;
  DeskWho who;
  DeskTakes takes;
  gsize max_body_bytes;
  DeskStep handle;
} DeskRoute;

/* All of them; static. */
const DeskRoute *desk_router_get_routes (guint *n_routes);

/* The route for @method and @target; what its "{name}"s took is lent to @parameters. NULL with
 * *@allowed when the path is known with other methods ("GET, PUT"; transfer full), else NULL
 * there. */
const DeskRoute *desk_router_find (const char *method,
                                   const DeskTarget *target,
                                   const char *parameters[DESK_ROUTE_MAX_PARAMETERS],
                                   char **allowed);

G_END_DECLS
