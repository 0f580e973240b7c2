/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of the outbox share. */
#pragma once

#include "desk-outbox.h"
#include "desk-replica-private.h"

G_BEGIN_DECLS

/* What was accepted is kept as long as this. */
#define DESK_OUTBOX_KEEP_SECS (30 * 24 * 60 * 60)

/* --- ops as text; (transfer full) --- */

char *desk_outbox_write_op (const DeskOp *op);
DeskOp *desk_outbox_read_op (const char *body, GError **error);
/* Of a query whose first column is their body; ends it. */
GPtrArray *desk_outbox_read_ops (DeskQuery *query, GError **error);
char *desk_outbox_write_problem (const DeskProblem *problem);
/* NULL for what is none. */
DeskProblem *desk_outbox_read_problem (const char *text);

/* By which expectations are decided: a requester may not know where the desk's tickets go; they go
 * somewhere. (transfer full) */
DeskCatalogue *desk_outbox_get_catalogue (DeskReplica *self);

G_END_DECLS
