/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the benchmarks of the server share: the real deskbelld on a copy of the desk, people who are
 * signed in, and many connections that ask at once.
 *
 * The server is another process, as it comes but for limits of how often one may ask. Nothing here
 * fails: it ends the program, and the server with it. */
#pragma once

#include <stdio.h>

#include "bench.h"
#include "desk-event.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder;
  char *desk; /* a copy, ours */
  guint port; /* 0: not started */
  char *address;
  GPid pid;
  FILE *output;
} BenchServer;

/* A copy of the desk, which nobody serves yet. */
BenchServer *bench_server_new (void);
void bench_server_start (BenchServer *self);
/* Until it has ended; it may be started again. */
void bench_server_stop (BenchServer *self);
/* Stops it and deletes everything. */
void bench_server_free (BenchServer *self);

/* Somebody new, before it starts: an agent of the first @n_departments. (transfer full) */
DeskPerson *
bench_server_add_agent (BenchServer *self, DeskDb *db, const char *login, guint n_departments);
/* A session of @person, before the server starts; inside a transaction. (transfer full) */
char *bench_server_sign_in (DeskDb *db, const DeskPerson *person, const char *device);
/* The same for one person, by login, in a transaction of its own. */
char *bench_server_sign_in_login (BenchServer *self, const char *login);

/* --- what it costs --- */

/* Processor time of all its threads. */
double bench_server_cpu_us (BenchServer *self);
/* Proportional set size. */
double bench_server_memory_kb (BenchServer *self);
guint bench_server_count_fds (BenchServer *self);

/* --- asking --- */

/* A socket that is connected to @port of this computer. */
int bench_connect (guint port);

typedef struct
{
  guint port;
  guint n_connections;
  /* The whole text of the next request, which stays; NULL: that is all. */
  const char *(*next) (gpointer data);
  gpointer data;
  double until_us; /* 0: until all are answered */

  /* What came of it: */
  guint n_answers;
  guint64 body_bytes;
  double wall_us; /* each */
} BenchLoad;

/* Keeps one request under way on each connection; each has to be answered by 200. */
void bench_load_run (BenchLoad *load);

/* "GET PATH HTTP/1.1" and so on. @body: JSON, or NULL. (transfer full) */
char *bench_request_new (const char *method, const char *path, const char *token, const char *body);
/* POST /v1/ops of @op alone. (transfer full) */
char *bench_request_new_op (DeskOp *op, const char *token);
char *bench_request_new_ops (GPtrArray *ops, const char *token);
/* The body of the answer to @request, alone. (transfer full) */
char *bench_ask (guint port, const char *request);

/* A ticket by @author for @department, as random as its number @i. (transfer full) */
DeskOp *bench_new_ticket (const DeskPerson *author, guint department, guint i);
/* A few words among agents, on the ticket @ticket (uid). (transfer full) */
DeskOp *bench_new_note (const DeskPerson *author, const char *ticket);

/* --- figures --- */

/* Sorts @values; @share 0.5 is the median. */
double bench_find_share (double *values, guint n, double share);

G_END_DECLS
