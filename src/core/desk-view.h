/* SPDX-License-Identifier: GPL-3.0-or-later
 * The queues of a desk, as one word: mine, unassigned, open, … or department:SLUG.
 *
 * A requester's "mine" is what they filed; an agent's is what they are to do. Pure; any thread. */
#pragma once

#include "desk-error.h"
#include "desk-ticket.h"

G_BEGIN_DECLS

/* Which tickets each holds. Requesters have DESK_VIEW_FILED only. */
typedef enum
{
  DESK_VIEW_MINE,       /* assigned to me, open or waiting */
  DESK_VIEW_UNASSIGNED, /* open, no assignee */
  DESK_VIEW_OPEN,       /* status open */
  DESK_VIEW_OVERDUE,    /* open and past due_at */
  DESK_VIEW_WAITING,    /* status waiting */
  DESK_VIEW_RESOLVED,   /* status resolved */
  DESK_VIEW_CLOSED,     /* status closed */
  DESK_VIEW_ALL,        /* any status, all that the reader sees as an agent */
  DESK_VIEW_FILED,      /* filed by me, any status: a requester's "mine" */
  DESK_VIEW_DEPARTMENT, /* status open, in one department */
} DeskViewKind;

typedef enum
{
  DESK_SORT_RECENT,   /* newest activity first */
  DESK_SORT_DUE,      /* soonest due first */
  DESK_SORT_NUMBER,   /* newest filed first */
  DESK_SORT_PRIORITY, /* most urgent first, then recent */
} DeskSort;

#define DESK_TYPE_VIEW_KIND (desk_view_kind_get_type ())
#define DESK_TYPE_SORT      (desk_sort_get_type ())
GType desk_view_kind_get_type (void) G_GNUC_CONST;
GType desk_sort_get_type (void) G_GNUC_CONST;

typedef struct
{
  DeskViewKind kind;
  char department[65]; /* slug, of DESK_VIEW_DEPARTMENT, else "" */
} DeskView;

DeskView desk_view_of (DeskViewKind kind);
DeskView desk_view_of_department (const char *slug);
/* "open", "department:staff-it". FALSE with DESK_ERROR_INVALID for other words. */
gboolean desk_view_parse (const char *word, DeskView *view, GError **error);
/* (transfer full) */
char *desk_view_dup_word (const DeskView *view);
gboolean desk_view_equal (const DeskView *a, const DeskView *b);
/* Whether @ticket belongs into @view of @person at @now. Visibility is another question. */
gboolean
desk_view_holds (const DeskView *view, const DeskTicket *ticket, const char *person, gint64 now);

G_END_DECLS
