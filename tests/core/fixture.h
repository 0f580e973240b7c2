/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small desk for core tests, and a ticket on it that ops are played on.
 *
 * Play does what a store does with the answer of desk_accept(): stamps, keeps, folds; and it proves
 * after each op that the outcome is consistent. */
#pragma once

#include "desk-accept.h"
#include "desk-permission.h"
#include "desk-projection.h"

G_BEGIN_DECLS

/* A Friday in 2026. */
#define NOW    G_GINT64_CONSTANT (1790000000)
#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Codes are from 0: this is none. */
#define FINE (-1)

/* People: karen and "stranger" are requesters; john works in staff-it, jane in online-banking; the
 * administrator in none; "gone" was an agent of staff-it. Departments: staff-it, online-banking,
 * fraud (private), attic (removed). Plans: day (24 hours), rush (4 hours), never (removed). Teams:
 * night, ghosts (removed). Topics: mobile (→ online-banking, high, rush, jane, night), stale
 * (everything it names was removed), plain (names nothing), lost (removed). */
DeskCatalogue *fixture_catalogue (void);
/* The same with one setting of the desk changed. */
DeskCatalogue *fixture_catalogue_with (DeskProperty property, const char *value);
/* Lent for ever. */
const DeskPerson *fixture_person (const char *uid);

typedef struct
{
  DeskCatalogue *catalogue;
  DeskTicket *ticket;
  GPtrArray *events; /* of DeskEvent, stamped */
  gint64 now;
  guint n_ops;
  GError *error; /* of the last op */
} Play;

/* A ticket that karen filed about the topic mobile, of which she was told; and that jane has not
 * taken. */
void play_start (Play *play, DeskCatalogue *catalogue);
/* Nothing is filed yet. */
void play_start_empty (Play *play, DeskCatalogue *catalogue);
void play_clear (Play *play);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Play, play_clear)

/* An op of @author that has seen everything they may see. */
DeskOp *play_new_op (Play *play, DeskKind kind, const char *author);
/* What would become of @op, which is not played. */
int play_ask (Play *play, DeskOp *op);
/* Plays @op, takes it, and returns the code of the refusal or FINE. */
int play_op (Play *play, DeskOp *op);
/* The same in one line: changes are pairs of field and value after @text, ended by -1. */
int submit (Play *self, DeskKind kind, const char *author, const char *text, ...);
/* The events that the last op made; lent. 0 is the first. */
const DeskEvent *play_last (Play *play, guint i);
guint play_count_last (Play *play);

/* Brings the ticket into @status by the shortest way. */
void play_to_status (Play *play, DeskStatus status);

/* Everything about an event in one text, for comparing. (transfer full) */
char *fixture_describe_event (const DeskEvent *event);

/* "-", or the nick of a DESK_ERROR code, to read a failed comparison. */
const char *fixture_word_code (int code);

#define assert_code(got, expected)                                                                 \
  g_assert_cmpstr (fixture_word_code (got), ==, fixture_word_code (expected))

G_END_DECLS
