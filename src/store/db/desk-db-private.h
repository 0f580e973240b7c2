/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of a connection share: desk-db.c opens it and has its transactions,
 * desk-db-query.c its statements, desk-db-catalogue.c what it keeps of the catalogue and people. */
#pragma once

#include <sqlite3.h>

#include "desk-db.h"

G_BEGIN_DECLS

struct _DeskDb
{
  sqlite3 *handle;
  char *path;
  char *uid;
  guint8 epoch[16];
  gboolean read_only;
  gboolean reading;
  int stamp_fd;
  GCancellable *cancellable;

  DeskCatalogue *catalogue;
  gint64 catalogue_revision;
  gboolean catalogue_stale;
  GHashTable *slugs;  /* entry id → slug, lent by the catalogue */
  GHashTable *ids;    /* DeskEntry → entry id */
  GHashTable *people; /* person uid → id, those asked for lately */

  gint64 tx; /* taken last, in a write transaction */
  gboolean tx_moved;

  sqlite3_stmt *statements[DESK_N_SQL];
  DeskQuery *queries[DESK_N_SQL];
};

struct _DeskQuery
{
  DeskDb *db;
  sqlite3_stmt *stmt;
  gboolean busy;
};

/* FALSE, with what SQLite's @result means for a person. */
gboolean desk_db_fail (DeskDb *db, int result, GError **error);

/* Looks at the one row that says what the file is, and reads the catalogue again if it moved.
 * @first: takes over what it is, else it must be the same. */
gboolean desk_db_look (DeskDb *db, gboolean first, GError **error);
/* The same from one state. */
gboolean desk_db_look_in_transaction (DeskDb *db, gboolean first, GError **error);
gboolean desk_db_load_catalogue (DeskDb *db, gint64 revision, GError **error);

G_END_DECLS
