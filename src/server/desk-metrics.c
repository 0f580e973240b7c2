/* SPDX-License-Identifier: GPL-3.0-or-later
 * Figures for whoever watches the server, in the text format of Prometheus. */
#include "desk-metrics.h"

#include "desk-router.h"

#define N_CLASSES 6 /* 1xx to 5xx; 0 is for what never got a status */

static const gint64 buckets_us[] = { 1000, 5000, 10000, 50000, 100000, 500000, 1000000, 5000000 };
#define N_BUCKETS G_N_ELEMENTS (buckets_us)

typedef struct
{
  gint64 classes[N_CLASSES];
  gint64 buckets[N_BUCKETS + 1];
  gint64 sum_us;
} Route;

struct _DeskMetrics
{
  guint n_routes;
  Route *routes; /* one more than there are */
  gint64 counts[DESK_N_COUNTS];
  gint64 oldest_outbox_secs;
  gint64 started_at;
};

/* GLib's atomics are of 32 bits or pointers. */
static void
add (gint64 *value, gint64 n)
{
  __atomic_fetch_add (value, n, __ATOMIC_RELAXED);
}

static gint64
get (const gint64 *value)
{
  return __atomic_load_n (value, __ATOMIC_RELAXED);
}

DeskMetrics *
desk_metrics_new (guint n_routes)
{
  DeskMetrics *self = g_new0 (DeskMetrics, 1);

  self->n_routes = n_routes;
  self->routes = g_new0 (Route, n_routes + 1);
  self->started_at = g_get_real_time () / G_USEC_PER_SEC;
  return self;
}

void
desk_metrics_free (DeskMetrics *self)
{
  if (self == NULL)
    return;
  g_free (self->routes);
  g_free (self);
}

void
desk_metrics_add (DeskMetrics *self, DeskCount count, guint n)
{
  add (&self->counts[count], n);
}

void
desk_metrics_note_outbox (DeskMetrics *self, gint64 age_secs)
{
  gint64 oldest = get (&self->oldest_outbox_secs);

  while (age_secs > oldest &&
         !__atomic_compare_exchange_n (&self->oldest_outbox_secs, &oldest, age_secs, FALSE,
                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    ;
}

void
desk_metrics_add_request (DeskMetrics *self, guint route, guint status, gint64 us)
{
  Route *counts = &self->routes[MIN (route, self->n_routes)];
  guint bucket = 0;

  while (bucket < N_BUCKETS && us > buckets_us[bucket])
    bucket++;
  add (&counts->classes[MIN (status / 100, N_CLASSES - 1)], 1);
  add (&counts->buckets[bucket], 1);
  add (&counts->sum_us, us);
}

/* --- telling --- */

static void
append_labels (GString *out, const DeskRoute *route)
{
  g_string_append_printf (out, "method=\"%s\",route=\"%s\"", route != NULL ? route->method : "",
                          route != NULL ? route->pattern : "");
}

static void
append_classes (GString *out, const DeskRoute *route, const Route *counts)
{
  for (guint class = 0; class < N_CLASSES; class ++)
    if (get (&counts->classes[class]) > 0)
      {
        g_string_append (out, "deskbell_requests_total{");
        append_labels (out, route);
        g_string_append_printf (out, ",status=\"%uxx\"} %" G_GINT64_FORMAT "\n", class,
                                get (&counts->classes[class]));
      }
}

static void
append_bucket (GString *out, const DeskRoute *route, const char *below, gint64 n)
{
  g_string_append (out, "deskbell_request_seconds_bucket{");
  append_labels (out, route);
  g_string_append_printf (out, ",le=\"%s\"} %" G_GINT64_FORMAT "\n", below, n);
}

static void
append_latency (GString *out, const DeskRoute *route, const Route *counts)
{
  char below[G_ASCII_DTOSTR_BUF_SIZE];
  gint64 n = 0;

  for (guint i = 0; i < N_BUCKETS; i++)
    {
      n += get (&counts->buckets[i]);
      append_bucket (
          out, route,
          g_ascii_formatd (below, sizeof below, "%g", buckets_us[i] / (double) G_USEC_PER_SEC), n);
    }
  n += get (&counts->buckets[N_BUCKETS]);
  append_bucket (out, route, "+Inf", n);
  g_string_append (out, "deskbell_request_seconds_sum{");
  append_labels (out, route);
  g_string_append_printf (out, "} %s\ndeskbell_request_seconds_count{",
                          g_ascii_formatd (below, sizeof below, "%.6f",
                                           get (&counts->sum_us) / (double) G_USEC_PER_SEC));
  append_labels (out, route);
  g_string_append_printf (out, "} %" G_GINT64_FORMAT "\n", n);
}

static gboolean
was_asked (const Route *counts)
{
  gint64 n = 0;

  for (guint i = 0; i <= N_BUCKETS; i++)
    n += get (&counts->buckets[i]);
  return n > 0;
}

static void
append_routes (GString *out, DeskMetrics *self)
{
  const DeskRoute *routes = desk_router_get_routes (NULL);

  g_string_append (out, "# HELP deskbell_requests_total Answered requests.\n"
                        "# TYPE deskbell_requests_total counter\n");
  for (guint i = 0; i <= self->n_routes; i++)
    append_classes (out, i < self->n_routes ? &routes[i] : NULL, &self->routes[i]);
  g_string_append (out, "# HELP deskbell_request_seconds From the request line to the answer.\n"
                        "# TYPE deskbell_request_seconds histogram\n");
  for (guint i = 0; i <= self->n_routes; i++)
    if (was_asked (&self->routes[i]))
      append_latency (out, i < self->n_routes ? &routes[i] : NULL, &self->routes[i]);
}

static void
append_value (GString *out, const char *name, const char *type, const char *help, gint64 value)
{
  g_string_append_printf (
      out, "# HELP deskbell_%s %s\n# TYPE deskbell_%s %s\ndeskbell_%s %" G_GINT64_FORMAT "\n", name,
      help, name, type, name, value);
}

static void
append_ops (GString *out, DeskMetrics *self)
{
  static const char *const outcomes[] = { "accepted", "replayed", "conflict", "refused", "retry" };

  g_string_append (out, "# HELP deskbell_ops_total Ops that were answered.\n"
                        "# TYPE deskbell_ops_total counter\n");
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    g_string_append_printf (out, "deskbell_ops_total{outcome=\"%s\"} %" G_GINT64_FORMAT "\n",
                            outcomes[i], get (&self->counts[DESK_COUNT_OPS_ACCEPTED + i]));
}

char *
desk_metrics_to_string (DeskMetrics *self, const DeskGauges *gauges)
{
  static const struct
  {
    DeskCount count;
    const char *name;
    const char *help;
  } counters[] = {
    { DESK_COUNT_PAGES, "feed_pages_total", "Pages of the feed and of fills." },
    { DESK_COUNT_TICKETS, "feed_tickets_total", "Tickets in these pages." },
    { DESK_COUNT_REFILLS, "feed_refills_total", "Copies that had to be filled again." },
    { DESK_COUNT_SIGN_INS, "sign_ins_total", "Devices that signed in." },
    { DESK_COUNT_SIGN_INS_REFUSED, "sign_ins_refused_total", "Wrong logins, passwords and codes." },
    { DESK_COUNT_THROTTLED, "throttled_total", "Requests that came too fast." },
  };
  g_autoptr (GString) out = g_string_new (NULL);

  append_routes (out, self);
  append_ops (out, self);
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    append_value (out, counters[i].name, "counter", counters[i].help,
                  get (&self->counts[counters[i].count]));
  append_value (out, "oldest_outbox_seconds", "gauge",
                "Age of the oldest op that arrived since the start.",
                get (&self->oldest_outbox_secs));
  append_value (out, "connections", "gauge", "Open connections.", gauges->connections);
  append_value (out, "waiting", "gauge", "Long polls and streams.", gauges->waiting);
  append_value (out, "wal_bytes", "gauge", "Size of the desk's write-ahead log.",
                gauges->wal_bytes);
  append_value (out, "start_time_seconds", "gauge", "When the server was started.",
                self->started_at);
  return g_string_free (g_steal_pointer (&out), FALSE);
}
