/* SPDX-License-Identifier: GPL-3.0-or-later
 * One connection to a desk file: the only caller of sqlite3_ in the tree, but for its locks, the
 * tokenizer and the backup, which need what is behind it.
 *
 * A connection belongs to one thread at a time. Opening migrates an older file (a copy is kept
 * beside it). Statements are rows of the table in desk-sql.h, prepared at first use and kept. Fails
 * with DESK_STORE_ERROR, whose codes come from one table of SQLite's. Rows are read through
 * DeskQuery, in column order. */
#pragma once

#include <gio/gio.h>

#include "desk-catalogue.h"
#include "desk-sql.h"
#include "desk-store-error.h"

G_BEGIN_DECLS

typedef struct _DeskDb DeskDb;

typedef enum
{
  DESK_DB_OPEN,   /* an existing desk, to read and write */
  DESK_DB_CREATE, /* a new desk; fails with EXISTS when the file is there */
  DESK_DB_READ,   /* an existing desk, to read only; never waits for a writer */
  DESK_DB_CHECK,  /* a desk of any version, to read what SQLite itself says of the file */
} DeskDbMode;

/* (transfer full) */
DeskDb *desk_db_open (const char *path, DeskDbMode mode, GError **error);
void desk_db_close (DeskDb *db);
const char *desk_db_get_path (DeskDb *db);
const char *desk_db_get_uid (DeskDb *db); /* of the desk; lives through backup, export and import */

/* Makes a desk without tickets the one called @uid, under a new epoch: others open it again. In a
 * transaction of its own. */
gboolean desk_db_adopt (DeskDb *db, const char *uid, GError **error);

/* The desk's epoch as of opening: a restore starts a new one. (transfer full) */
char *desk_db_dup_epoch (DeskDb *db);
/* REPLACED when the desk was opened in another epoch than @epoch. */
gboolean desk_db_check_epoch (DeskDb *db, const char *epoch, GError **error);

/* The catalogue as of the last transaction that looked; kept until its revision moves. Lent until
 * the next call. NULL with @error set when it cannot be read. */
DeskCatalogue *desk_db_get_catalogue (DeskDb *db, GError **error);

/* A write transaction (IMMEDIATE). Begin checks that this program may still write: TOO_NEW after a
 * migration by a newer one, REPLACED after a restore, and reloads the catalogue when it moved.
 * Commit waits for the disk and then tells the other processes. Rolling back never fails. */
gboolean desk_db_begin (DeskDb *db, GError **error);
gboolean desk_db_commit (DeskDb *db, GError **error);
void desk_db_rollback (DeskDb *db);
/* The next place in the order of acceptance; in a write transaction, kept when it is committed. */
gint64 desk_db_take_tx (DeskDb *db);
/* Goes on from @tx on, which is returned; for orders that leave room. */
gint64 desk_db_raise_tx (DeskDb *db, gint64 tx);
/* FALSE when SQLite rolled the whole transaction back by itself (full disk, I/O error). */
gboolean desk_db_in_transaction (DeskDb *db);

/* Brings what was committed from the log into the desk file itself, as far as nobody is looking, so
 * that the file alone is the desk. Outside a transaction; waits for nobody. TRUE: nothing was left
 * in the log. */
gboolean desk_db_settle (DeskDb *db);
/* FALSE: what is committed from here on may be gone after a power cut, the last first; nothing else
 * is lost with it. Outside of a transaction. */
gboolean desk_db_wait_for_disk (DeskDb *db, gboolean waits, GError **error);
/* Rows written by this connection so far, those inside the search tables too. */
gint64 desk_db_count_writes (DeskDb *db);

/* Commits of this process so far, to any desk; counted before their connection goes on. Any
 * thread. */
guint desk_db_count_commits (void);

/* What each commit does: the other processes look again. */
void desk_db_tell_others (DeskDb *db);

/* A read transaction: what is read inside is one state. Fails as desk_db_begin() does. Nests in
 * nothing. */
gboolean desk_db_begin_read (DeskDb *db, GError **error);
void desk_db_end_read (DeskDb *db);

/* Stops running statements when @cancellable is cancelled (nullable: none). Readers only. */
void desk_db_set_cancellable (DeskDb *db, GCancellable *cancellable);

/* --- statements, for the files of this folder --- */

/* The file's own number of a catalogue entry and back; 0 and NULL for none. Of the catalogue as
 * last read. */
gint64 desk_db_get_entry_id (DeskDb *db, DeskEntryKind kind, const char *slug);
const char *desk_db_get_entry_slug (DeskDb *db, gint64 id);
/* The same for a person; 0 for NULL and for who is not kept here. */
gboolean desk_db_get_person_id (DeskDb *db, const char *uid, gint64 *id, GError **error);
/* To be called in the transaction that changed the catalogue. */
gboolean desk_db_catalogue_moved (DeskDb *db, GError **error);

typedef struct _DeskQuery DeskQuery;

/* Binds by the letters of @types: i gint64, I gint64 with 0 as NULL, s const char * (NULL as NULL),
 * b GBytes * or NULL, u const char * UUID text kept as 16 bytes (NULL as NULL). The statement is
 * busy until desk_query_end(). NULL with @error. */
DeskQuery *desk_db_query (DeskDb *db, DeskSql sql, GError **error, const char *types, ...);
/* TRUE: there is a row to read. FALSE: no more rows, or @error set. */
gboolean desk_query_next (DeskQuery *query, GError **error);
void desk_query_end (DeskQuery *query); /* NULL is fine */
gint64 desk_query_int (DeskQuery *query, int column);
/* Text and blob are lent until the next step; NULL for NULL. */
const char *desk_query_text (DeskQuery *query, int column);
char *desk_query_dup_text (DeskQuery *query, int column);
char *desk_query_dup_uid (DeskQuery *query, int column); /* from 16 bytes; NULL for NULL */
char *desk_query_dup_hex (DeskQuery *query, int column); /* of a blob; NULL for NULL */
gconstpointer desk_query_blob (DeskQuery *query, int column, gsize *size);
gboolean desk_query_is_null (DeskQuery *query, int column);

/* The bytes behind hex digits, to bind; any other sign counts as 0. @hex NULL: no bytes. (transfer
 * full) */
GBytes *desk_bytes_from_hex (const char *hex);

/* Runs to the end, for statements without rows. Returns changed rows, or -1 with @error set. */
gint64 desk_db_run (DeskDb *db, DeskSql sql, GError **error, const char *types, ...);
/* The same for an insert; @id becomes the new row's. */
gboolean
desk_db_insert (DeskDb *db, DeskSql sql, gint64 *id, GError **error, const char *types, ...);
/* The first column of the first row into @value (0 and TRUE when there is no row). */
gboolean
desk_db_get_int (DeskDb *db, DeskSql sql, gint64 *value, GError **error, const char *types, ...);
/* The first column of every row. (transfer full) (element-type gint64) */
GArray *desk_db_list_ints (DeskDb *db, DeskSql sql, GError **error, const char *types, ...);

/* A person from the columns of DESK_SQL_PERSON_BY_UID and the like, with memberships. (transfer
 * full) */
DeskPerson *desk_person_read (DeskDb *db, DeskQuery *query, GError **error);

/* Several statements without parameters or rows, for what is not in the table: pragmas,
 * migrations. */
gboolean desk_db_execute (DeskDb *db, const char *sql, GError **error);
/* The sqlite3 * inside, for backup, restore and tests. */
gpointer desk_db_get_handle (DeskDb *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskDb, desk_db_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskQuery, desk_query_end)

G_END_DECLS
