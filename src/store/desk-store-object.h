/* SPDX-License-Identifier: GPL-3.0-or-later
 * The store's members, and what its files ask of each other; see desk-store-private.h for calls.
 *
 * desk-store.c opens, closes and has the threads, desk-store-following.c hears of changes,
 * desk-store-writing.c submits. Nobody else includes this. */
#pragma once

#include "desk-store-private.h"
#include "desk-watch.h"

G_BEGIN_DECLS

struct _DeskStore
{
  GObject parent_instance;

  char *path;
  char *uid;
  char *epoch;
  char *device;
  DeskPerson *me;
  DeskCatalogue *catalogue;
  DeskDrafts *drafts;

  DeskCrew *readers;
  DeskCrew *writer;
  DeskCrew *bulk;

  DeskWatch *watch;
  guint poll_source;
  guint notice_source;
  gboolean looking; /* a look for changes is under way … */
  gboolean noticed; /* … and there was another notice meanwhile */
  gint64 looked_at; /* monotonic, in microseconds */
  gint64 moved_at;  /* the last look that found something */
  gint64 pace_ms;   /* until the next after it */
  gboolean waited;  /* somebody gave notice sooner */
  gint64 tx;        /* as of the last look */
  char *address;    /* of a replica's server, or NULL */
  gint64 waiting;   /* of a replica: ops to be sent, as of the last look … */
  gint64 refused;   /* … and those that came back */
  gboolean lost;
  gboolean closed;

  GHashTable *seen; /* ticket uid → gint64 no, not written yet */
  guint seen_source;
  guint tidy_source;
  GCancellable *closing; /* what nobody waits for ends early */
};

/* --- desk-store.c --- */

gint64 desk_store_get_now (void);
/* What is taken out does not lie about for an hour. */
void desk_store_tidy_now (DeskStore *self);

/* --- desk-store-following.c --- */

void desk_store_watch (DeskStore *self);
/* Finds out what changed, soon. */
void desk_store_look (DeskStore *self);

/* --- desk-store-writing.c --- */

void desk_store_write_seen (DeskStore *self);

G_END_DECLS
