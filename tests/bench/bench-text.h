/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text as a help desk has it, made from a number: the same number always gives the same text.
 *
 * Sentences are patterns with places; what fills a place is drawn so that a few words are
 * everywhere and most are rare, as in real text, with codes and names that occur only once or
 * twice. Nothing here fails; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 state;
} BenchRandom;

/* A stream of its own for (@seed, @part). */
BenchRandom bench_random_of (guint64 seed, guint64 part);
guint64 bench_random_next (BenchRandom *self);
guint bench_random_below (BenchRandom *self, guint n);
/* 0 comes most often, 1 half as often, and so on (Zipf's law). */
guint bench_random_rank (BenchRandom *self, guint n);
/* TRUE in @percent of 100 cases. */
gboolean bench_random_chance (BenchRandom *self, guint percent);

typedef enum
{
  BENCH_TEXT_SUMMARY,
  BENCH_TEXT_REPORT,  /* what a requester files */
  BENCH_TEXT_MESSAGE, /* what they add */
  BENCH_TEXT_REPLY,
  BENCH_TEXT_QUESTION, /* an agent's, who then waits */
  BENCH_TEXT_NOTE,
  BENCH_TEXT_RESOLUTION,
  BENCH_TEXT_STEPS,
  BENCH_TEXT_ADVICE,
  BENCH_TEXT_REASON, /* of closing */
  BENCH_TEXT_THANKS,
} BenchTextKind;

/* @sentences of @kind. (transfer full) */
char *bench_text_make (BenchRandom *random, BenchTextKind kind, guint sentences);

#define BENCH_N_DEPARTMENTS 50
const char *bench_text_get_department (guint i);

G_END_DECLS
