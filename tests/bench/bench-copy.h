/* SPDX-License-Identifier: GPL-3.0-or-later
 * A person's copy of a served desk, as the app has it: a syncer that keeps it in step, and a store
 * that lists read. Fails by ending the program. */
#pragma once

#include "bench-server.h"
#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

typedef struct
{
  BenchServer *server;
  DeskAccount account;
  char *token;
  const char *path; /* of the copy */
  DeskSyncer *syncer;
  DeskStore *store;
} BenchCopy;

/* Signs @login in, before the server starts. State and data of this process are in the server's
 * folder from now on, the token too: no keyring is asked. */
BenchCopy *bench_copy_new (BenchServer *server, const char *login);
/* Fills the copy, waits until its texts can be found too, and opens the store. */
void bench_copy_start (BenchCopy *self);
/* Leaves it to another program. */
void bench_copy_stop (BenchCopy *self);
void bench_copy_free (BenchCopy *self);

G_END_DECLS
