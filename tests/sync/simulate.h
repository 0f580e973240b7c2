/* SPDX-License-Identifier: GPL-3.0-or-later
 * The world of a simulation: one desk, a copy for each of seven computers, a clock and a network
 * that are made up.
 *
 * simulate-network.c: what goes between them. simulate-crash.c: what crashes, is lost and comes
 * back from a backup. simulate-people.c: what they do. simulate-end.c: what has to be true when all
 * is calm. */
#pragma once

#include "copy.h"
#include "fixture.h"

G_BEGIN_DECLS

/* One of the programs that share a computer's copy. */
typedef struct
{
  Copy copy;
  guint life;                  /* goes up when it crashes, and when its turn ends */
  gint64 may_ask[COPY_N_ASKS]; /* by CopyAskKind: not before this */
} Program;

/* The app and a command. */
#define N_PROGRAMS 2

typedef struct
{
  Program programs[N_PROGRAMS];
  guint turn; /* which of them talks to the server */
  Copy *copy; /* that of the one that somebody uses now */
  const char *login;
  char *device;
  gint64 away_until;
  GPtrArray *kept;      /* uids of ops that were taken in … */
  GPtrArray *withdrawn; /* … and taken back */
  GHashTable *read;     /* uid of a ticket → Reading */
  char *old_file;       /* what the copy once was, or NULL */
  guint n_old_kept, n_old_withdrawn;
  guint n_uncertain; /* of those kept: whether they had left, a restored file may not say */
} Computer;

/* How far somebody has read a ticket, in their counting of then. */
typedef struct
{
  gint64 no;
  gboolean internal;
} Reading;

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
  gint64 slept;          /* seconds that passed at once, since all was calm */
  gboolean has_restores; /* backups are of use in this world */
  GHashTable *redacted;  /* uids of events that somebody took out */
  guint n_crashes, n_restores, n_refused, n_ops, n_withdrawn, n_read;
} World;

void say (World *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
guint pick (World *self, guint n);
gboolean chance (World *self, guint percent);

/* Something that may happen, @weight times as often as what has 1. */
typedef struct
{
  guint weight;
  void (*happen) (World *self, Computer *computer);
} Chance;

/* One of @chances, or none, out of @total. */
void
happen_one (World *self, Computer *computer, const Chance *chances, guint n_chances, guint total);

/* --- the network (simulate-network.c) --- */

void network_open (World *self);
void network_close (World *self);
void network_lose_all (World *self);
/* The server's connections are gone: what is on its way to it, and some of what comes from it. */
void network_drop_some (World *self);
/* A second goes by. */
void network_tick (World *self);

/* --- crashes (simulate-crash.c) --- */

/* Between these two the program may be gone after any step of SQLite; disarm() is TRUE when it is:
 * nothing else may fail. */
void arm (World *self, DeskDb *db, guint percent);
gboolean disarm (DeskDb *db, GError *error);

void start_server (World *self);
/* @content (nullable): what the file is when the server comes back. */
void restart_server (World *self, const char *content);
void crash_server (World *self, Computer *computer);
void take_backup (World *self, Computer *computer);
void restore_backup (World *self, Computer *computer);

/* The program that has @copy crashes. */
void restart_program (World *self, Computer *computer, Copy *copy);
/* The other program is to talk to the server. */
void pass_turn (World *self, Computer *computer);
/* The person gets a new one, without anything. */
void lose_computer (World *self, Computer *computer);
void keep_file (World *self, Computer *computer);
void restore_file (World *self, Computer *computer);
/* Whether its person is somebody on the desk. */
gboolean is_served (World *self, const Computer *computer);

/* A number of @db; @format has the hex digits of @uid where it says %s. */
gint64 count_of (DeskDb *db, const char *format, const char *uid);

/* --- what happens (simulate-people.c, simulate-reading.c) --- */

/* Some ticket of a copy, or NULL. (transfer full) */
DeskCase *load_any (World *self, Computer *computer);

/* Somebody does something on their copy. */
void act (World *self);
/* Often nothing, else something that nobody of them did. */
void happen (World *self);

void read_ticket (World *self, Computer *computer);
void want_old_ticket (World *self, Computer *computer);
void withdraw (World *self, Computer *computer);
/* Forgets what was read of tickets that have left the copy, or are seen from another side now. */
void note_what_went (Computer *computer);

/* --- the end (simulate-end.c) --- */

/* Lets everything come to rest. */
void calm_down (World *self);
/* Does so and looks at it; does not return when something is wrong. */
void end (World *self);

G_END_DECLS
