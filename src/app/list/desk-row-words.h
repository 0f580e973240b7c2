/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a row of a list says, in words: for the eye in pieces, for the ear in one sentence.
 *
 * Nothing here draws or remembers. Strings are given away; `now` is UTC seconds. Main thread. */
#pragma once

#include "desk-sla.h"
#include "desk-store.h"

G_BEGIN_DECLS

/* Who looks, and so what a row leaves out. */
typedef enum
{
  DESK_ROW_FOR_AGENT,
  DESK_ROW_FOR_REQUESTER, /* where it stands, without priority and assignee */
} DeskRowVariant;

/* Line 2: the name, and what was written last. (transfer full) */
char *desk_row_dup_who (const DeskRow *row, DeskRowVariant variant, const char *me);
char *desk_row_dup_text (const DeskRow *row, DeskRowVariant variant);

/* Line 3: what waits to be sent, else where the ticket stands, or when it is due. */
typedef enum
{
  DESK_ROW_STATE_STATUS, /* the sign of its status */
  DESK_ROW_STATE_DUE,    /* the sign of its SLA clock */
  DESK_ROW_STATE_SYNC,   /* something of it waits to be sent */
  DESK_ROW_STATE_NONE,
} DeskRowStateKind;

typedef struct
{
  DeskRowStateKind kind;
  DeskDue due;
  double used;
  const char *color;  /* by its name in style.css; NULL: secondary text */
  gboolean is_strong; /* somebody is to do something */
  char *text;         /* owned */
} DeskRowState;

DeskRowState desk_row_make_state (const DeskRow *row,
                                  DeskRowVariant variant,
                                  const DeskCatalogue *catalogue,
                                  gint64 now);
void desk_row_state_clear (DeskRowState *state);

/* The number; NULL while there is none: then the state says that it waits. (transfer full) */
char *desk_row_dup_number (const DeskRow *row);

/* "Mobile banking is down, Karen, high priority, 1 h 40 min left, assigned to Jane, 10:46"
 * (transfer full) */
char *desk_row_dup_sentence (const DeskRow *row,
                             DeskRowVariant variant,
                             const DeskCatalogue *catalogue,
                             const char *me,
                             gint64 now);

G_END_DECLS
