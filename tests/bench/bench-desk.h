/* SPDX-License-Identifier: GPL-3.0-or-later
 * A desk as it looks after years: made once, kept in the cache, copied or opened by every
 * benchmark.
 *
 * Every ticket was accepted by the store itself, op by op in order of time, only in large
 * transactions and without waiting for the disk: so it is what accepting them one by one gives. 50
 * departments, 200 agents, 20,000 requesters; of the tickets 80 % are closed, 10 % open, 5 % each
 * waiting and resolved; about three events and 1 kB of text per ticket, a few tickets with 50. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

#define BENCH_N_AGENTS     200
#define BENCH_N_REQUESTERS 20000
/* Events of each of the few long tickets. */
#define BENCH_LONG_EVENTS 50

/* The path of the desk of @n_tickets, which is made when it is not in the cache (under
 * $XDG_CACHE_HOME/deskbell-bench, by the hash of its recipe); other processes wait for it. Progress
 * is told on stderr. Never fails: ends the program. (transfer full) */
char *bench_desk_get (guint n_tickets);

/* A moment just after the newest event: the desk's present. */
gint64 bench_desk_get_now (void);

/* People of the desk, by login: "administrator", "agent-000", "requester-00000". (transfer full) */
DeskPerson *bench_desk_find_person (DeskDb *db, const char *login);

G_END_DECLS
