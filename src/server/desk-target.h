/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a request line asks for: the path in its segments, and the parameters behind the "?".
 *
 * Strict, because it reads what anybody sends: segments and values are decoded once, are UTF-8
 * without control signs, and are neither empty nor "." or ".."; anything else is refused as a
 * whole. A value, changed by its maker only. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DESK_TARGET_MAX_SEGMENTS   16
#define DESK_TARGET_MAX_PARAMETERS 32

typedef struct
{
  GPtrArray *segments; /* of char * */
  GPtrArray *names;    /* of char *, of the parameters … */
  GPtrArray *values;   /* … and what they are */
} DeskTarget;

/* NULL for what is no target of ours. (transfer full) (nullable) */
DeskTarget *desk_target_parse (const char *text);
void desk_target_free (DeskTarget *self);

/* The parameter, or NULL. Lent. */
const char *desk_target_get (const DeskTarget *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskTarget, desk_target_free)

G_END_DECLS
