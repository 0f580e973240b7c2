/* SPDX-License-Identifier: GPL-3.0-or-later
 * People and catalogue entries as a server tells them. Inside a write transaction. */
#pragma once

#include "desk-replica-private.h"

G_BEGIN_DECLS

/* @entries are all that there are. */
gboolean desk_replica_put_entries (DeskReplica *self, GPtrArray *entries, GError **error);
/* The row of @uid (nullable), made for somebody who was never told of. */
gboolean
desk_replica_need_person (DeskReplica *self, const char *uid, gint64 *id, GError **error);
/* Whom a fill did not tell of is nobody any more. */
gboolean desk_replica_forget_people (DeskReplica *self, GError **error);

G_END_DECLS
