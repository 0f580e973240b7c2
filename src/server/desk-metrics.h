/* SPDX-License-Identifier: GPL-3.0-or-later
 * Figures for whoever watches the server, in the text format of Prometheus.
 *
 * Counting is atomic and costs next to nothing. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DeskMetrics DeskMetrics;

typedef enum
{
  DESK_COUNT_OPS_ACCEPTED,
  DESK_COUNT_OPS_REPLAYED,
  DESK_COUNT_OPS_CONFLICT,
  DESK_COUNT_OPS_REFUSED,
  DESK_COUNT_OPS_RETRY,
  DESK_COUNT_PAGES,   /* of the feed … */
  DESK_COUNT_TICKETS, /* … and the tickets in them */
  DESK_COUNT_REFILLS,
  DESK_COUNT_SIGN_INS,
  DESK_COUNT_SIGN_INS_REFUSED,
  DESK_COUNT_THROTTLED,
} DeskCount;
#define DESK_N_COUNTS (DESK_COUNT_THROTTLED + 1)

/* What is so right now. */
typedef struct
{
  guint connections;
  guint waiting;
  gint64 wal_bytes;
} DeskGauges;

DeskMetrics *desk_metrics_new (guint n_routes);
void desk_metrics_free (DeskMetrics *self);

void desk_metrics_add (DeskMetrics *self, DeskCount count, guint n);
/* An answered request; @route: its place in the table, n_routes for none of them. */
void desk_metrics_add_request (DeskMetrics *self, guint route, guint status, gint64 us);
/* How long ago the newest op's author wrote it: how old an outbox got. */
void desk_metrics_note_outbox (DeskMetrics *self, gint64 age_secs);

/* (transfer full) */
char *desk_metrics_to_string (DeskMetrics *self, const DeskGauges *gauges);

G_END_DECLS
