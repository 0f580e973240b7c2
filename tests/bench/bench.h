/* SPDX-License-Identifier: GPL-3.0-or-later
 * What all benchmarks share: the desk they work on, the clock, and the rows of the table.
 *
 * A benchmark is called with the number of tickets (a million) and prints one row of a Markdown
 * table for each thing that it measures: what, the aim, the figure, ours, the bare loop. A figure
 * that misses its aim is bold. Machines are noisy: a time is the best of many rounds, ours and the
 * bare loop taking turns. With --once there is one short round, only to see that it works. Nothing
 * here fails: it ends the program. */
#pragma once

#include <sqlite3.h>

#include "bench-desk.h"
#include "bench-text.h"

G_BEGIN_DECLS

/* Reads the arguments and finds the desk, which $BENCH_DESK may name. */
void bench_init (int argc, char **argv);
guint bench_get_n_tickets (void);
gboolean bench_is_once (void);
const char *bench_get_desk (void);
/* A copy of the desk that may be written, on the same disk; bench_remove_copy() deletes it.
 * (transfer full) */
char *bench_copy_desk (void);
void bench_remove_copy (char *path);

DeskDb *bench_open (const char *path, DeskDbMode mode);
/* Ends the program when @error is set. */
void bench_check (const GError *error);

/* --- the clock --- */

double bench_now_us (void);
/* Processor time of this thread: other programs do not count, nor does waiting for the disk. */
double bench_thread_us (void);

typedef void (*BenchFunc) (gpointer data);

/* The best time of each, in microseconds. */
typedef struct
{
  double ours_us;
  double bare_us;
} BenchPair;

BenchPair bench_compare (BenchFunc ours, BenchFunc bare, gpointer data);
double bench_time_best (BenchFunc func, gpointer data);
void bench_keep_least (double *best, double value);

/* --- the table --- */

/* Time against the bare loop's: at most @most. */
void bench_row_ratio (const char *what, double most, BenchPair pair);
/* Any other row. @reached: whether the aim is, @bare may be "". */
void bench_row (const char *what,
                const char *aim,
                const char *figure,
                gboolean reached,
                const char *ours,
                const char *bare);
/* "840 µs", "12.5 ms", in a static buffer of four. */
const char *bench_format_us (double us);

/* --- a bare loop --- */

/* A connection of its own with the settings of DeskDb, and statements that are only prepared. */
sqlite3 *bench_bare_open (const char *path, gboolean writing);
sqlite3_stmt *bench_bare_prepare (sqlite3 *db, const char *sql);
void bench_bare_execute (sqlite3 *db, const char *sql);
/* Steps to the end and resets. */
void bench_bare_finish (sqlite3_stmt *stmt);
/* Reads all columns of the present row, as their types are; what it returns keeps the compiler from
 * leaving it out. */
gint64 bench_bare_read_row (sqlite3_stmt *stmt);

G_END_DECLS
