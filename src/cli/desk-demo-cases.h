/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people of a bank ask their help desk: the texts of the demo desk, and nothing else.
 *
 * In texts {n} stands for a small number, {floor} for a floor, {time} for a time of day, {day} for
 * a weekday, {month} for the month before, {amount} for a sum, {unit} for the requester's name. */
#pragma once

#include "desk-enums.h"

G_BEGIN_DECLS

typedef struct
{
  const char *topic;    /* slug */
  const char *from;     /* login, "branch" for any branch, NULL for anybody */
  const char *priority; /* what triage makes of it; NULL: it stays normal */
  const char *summary;
  const char *details;
  const char *ask; /* with its answer; NULL: nothing of its own, as in all that follow */
  const char *answer;
  const char *note;
  const char *resolution;
  const char *steps;
  const char *recommendations;
  const char *file; /* what the requester attaches, or NULL */
} DeskDemoCase;

extern const DeskDemoCase desk_demo_cases[];
extern const guint desk_demo_n_cases;

/* Karen's own tickets; each has its status. */
typedef struct
{
  DeskDemoCase text;
  DeskStatus status;
  int days_ago;
} DeskDemoOwnCase;

extern const DeskDemoOwnCase desk_demo_own_cases[];
extern const guint desk_demo_n_own_cases;

/* What agents write when a case has nothing of its own; NULL-terminated. */
extern const char *const desk_demo_replies[];
extern const char *const desk_demo_notes[];
extern const char *const desk_demo_asks[]; /* … as many answers, in the same order */
extern const char *const desk_demo_answers[];
extern const char *const desk_demo_news[];
extern const char *const desk_demo_first_tries[];
extern const char *const desk_demo_not_yets[];
extern const char *const desk_demo_reasons[];

G_END_DECLS
