/* SPDX-License-Identifier: GPL-3.0-or-later
 * A real desk in a temporary folder, people who work on it, and ops in one line.
 *
 * Departments: support (the desk's), online-banking, fraud (private). Teams: night. Plans: day (24
 * hours), rush (4 hours). Topics: online-banking (its department, high, rush), printing (nothing of
 * its own). People: "boss" (administrator), "john" (agent in support), "jane" (agent in
 * online-banking), "night" (agent in the team night alone), "karen" and "stranger" (requesters). */
#pragma once

#include <sqlite3.h>

#include "desk-blobs.h"
#include "desk-db.h"
#include "desk-error.h"
#include "desk-people.h"
#include "desk-permission.h"
#include "desk-rows.h"
#include "desk-search.h"
#include "desk-submit.h"
#include "desk-tickets.h"
#include "desk-uid.h"

G_BEGIN_DECLS

/* A Friday in 2026. */
#define NOW    G_GINT64_CONSTANT (1790000000)
#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Codes are from 0: this is none. */
#define FINE (-1)

typedef struct
{
  char *folder; /* goes with everything in it */
  char *path;   /* of the desk */
  DeskDb *db;   /* to write */
  gint64 now;   /* what the clock says; goes on a second with every op */
  GHashTable *people;
  GPtrArray *strings; /* lent out by fixture_file() */
} Fixture;

/* First in main(): the person's folders are temporary too. */
void fixture_init (int *argc, char ***argv);

void fixture_open (Fixture *self, gboolean in_memory);
void fixture_close (Fixture *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_close)
#define FIXTURE(name)                                                                              \
  g_auto (Fixture) name = { 0 };                                                                   \
  fixture_open (&name, TRUE)
/* For desks that are too large for memory. */
#define FIXTURE_ON_DISK(name)                                                                      \
  g_auto (Fixture) name = { 0 };                                                                   \
  fixture_open (&name, FALSE)

/* A path in the fixture's folder. Lent. */
const char *fixture_path (Fixture *self, const char *name);
/* Lent, as of the desk now. */
const DeskPerson *fixture_person (Fixture *self, const char *login);
const char *fixture_uid (Fixture *self, const char *login);

/* --- the catalogue; each in a transaction of its own --- */
void
fixture_add_entry (Fixture *self, DeskEntryKind kind, const char *slug, ...) G_GNUC_NULL_TERMINATED;
void fixture_set (
    Fixture *self, DeskEntryKind kind, const char *slug, DeskProperty property, const char *value);
/* @departments and @teams: words with spaces between; "" for none. */
void fixture_add_person (
    Fixture *self, const char *login, DeskRole role, const char *departments, const char *teams);
void fixture_change_person (Fixture *self,
                            const char *login,
                            DeskRole role,
                            const char *departments,
                            const char *teams,
                            gboolean removed);

/* --- ops --- */

/* An op of @login who has seen all of @ticket; NULL: files a new one. */
DeskOp *fixture_op (Fixture *self, DeskKind kind, const char *login, const char *ticket);
/* Submits @op, takes it: FINE, or the DESK_ERROR code of the refusal. Other errors are fatal. */
int fixture_submit (Fixture *self, const char *login, DeskOp *op);
/* The same, and what came of it. */
DeskReceipt *fixture_receive (Fixture *self, const char *login, DeskOp *op, GError **error);
/* A new ticket's uid; changes are pairs of field and value, ended by -1. Lent. */
const char *fixture_file (Fixture *self, const char *login, const char *summary, ...);
/* Changes are pairs of field and value after @text, ended by -1. */
int fixture_do (
    Fixture *self, DeskKind kind, const char *login, const char *ticket, const char *text, ...);

/* @bytes as a file of an op. */
DeskAttachment *
fixture_attachment (Fixture *self, const char *name, const char *bytes, gssize size);

/* --- looking --- */

DeskCase *fixture_load (Fixture *self, const char *login, const char *ticket);
/* "a b c": the uids or summaries found. (transfer full) */
char *fixture_search (Fixture *self, const char *login, const char *words);
/* One value of the file, asked past the store; NULL as "". (transfer full) */
char *fixture_ask (DeskDb *db, const char *sql);
gint64 fixture_count (DeskDb *db, const char *sql);
/* Everything that must hold of a desk at any time: SQLite's own check, every ticket equal to the
 * fold of its events, contiguous numbers, counters, search documents. */
void fixture_check (DeskDb *db);

/* --- other processes --- */

/* Runs this very program as "--child NAME ARGUMENT"; see fixture_main(). */
GSubprocess *fixture_spawn (const char *name, const char *argument);
void fixture_run_child (const char *name, const char *argument);

typedef struct
{
  const char *name;
  int (*run) (const char *argument);
} FixtureChild;

/* Does what a child is to do; otherwise returns. @children ends with an empty one. */
void fixture_be_child (int argc, char **argv, const FixtureChild *children);

const char *fixture_word_code (int code);
#define assert_code(got, expected)                                                                 \
  g_assert_cmpstr (fixture_word_code (got), ==, fixture_word_code (expected))

G_END_DECLS
