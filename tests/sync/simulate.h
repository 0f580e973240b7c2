/* SPDX-License-Identifier: GPL-3.0-or-later
 * The world of a simulation: one desk, a copy for each of seven computers, a clock and a network
 * that are made up.
 *
 * simulate-network.c: what goes between them, and what crashes. simulate-people.c: what they do.
 * simulate-end.c: what has to be true when all is calm. */
#pragma once

#include "copy.h"
#include "fixture.h"

G_BEGIN_DECLS

typedef struct
{
  Copy copy;
  const char *login;
  char *device;
  guint life;                  /* goes up when the program crashes */
  gint64 may_ask[COPY_N_ASKS]; /* by CopyAskKind: not before this */
  gint64 away_until;
  GPtrArray *kept; /* uids of ops that were taken in */
  char *old_file;  /* what the copy once was, or NULL */
  guint n_old_kept;
} Computer;

#define N_COMPUTERS 7

typedef struct
{
  Fixture f;
  GRand *rand;
  gboolean loud;
  char *backup; /* an older copy of the desk, or NULL */
  Computer computers[N_COMPUTERS];
  GPtrArray *messages;
  guint64 order;
  gint64 slept;         /* seconds that passed at once */
  GHashTable *redacted; /* uids of events that somebody took out */
  guint n_crashes, n_restores, n_refused, n_ops;
} World;

void say (World *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
guint pick (World *self, guint n);
gboolean chance (World *self, guint percent);

/* --- the network (simulate-network.c) --- */

void network_open (World *self);
void network_close (World *self);
void network_lose_all (World *self);
/* A second goes by. */
void network_tick (World *self);

/* Between these two the program may be gone after any step of SQLite; disarm() is TRUE when it is:
 * nothing else may fail. */
void arm (World *self, DeskDb *db, guint percent);
gboolean disarm (DeskDb *db, GError *error);

void start_server (World *self);
/* @content (nullable): what the file is when the server comes back. */
void restart_server (World *self, const char *content);
void take_backup (World *self);
void restore_backup (World *self);

void restart_computer (World *self, Computer *computer);
/* The person gets a new one, without anything. */
void lose_computer (World *self, Computer *computer);
void keep_file (World *self, Computer *computer);
void restore_file (World *self, Computer *computer);
/* Whether its person is somebody on the desk. */
gboolean is_served (World *self, const Computer *computer);

/* --- what happens (simulate-people.c) --- */

/* Somebody does something on their copy. */
void act (World *self);
/* Often nothing, else something that nobody of them did. */
void happen (World *self);

/* --- the end (simulate-end.c) --- */

/* Lets everything come to rest and looks at it; does not return when something is wrong. */
void end (World *self);

G_END_DECLS
