/* SPDX-License-Identifier: GPL-3.0-or-later
 * Queues as words, and which tickets they hold. */
#include "desk-view.h"

#include <string.h>

#include "desk-text.h"

#define DEPARTMENT_PREFIX "department:"

G_DEFINE_ENUM_TYPE (DeskViewKind,
                    desk_view_kind,
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_MINE, "mine"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_UNASSIGNED, "unassigned"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_OVERDUE, "overdue"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_RESOLVED, "resolved"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_FILED, "filed"),
                    G_DEFINE_ENUM_VALUE (DESK_VIEW_DEPARTMENT, "department"))

G_DEFINE_ENUM_TYPE (DeskSort,
                    desk_sort,
                    G_DEFINE_ENUM_VALUE (DESK_SORT_RECENT, "recent"),
                    G_DEFINE_ENUM_VALUE (DESK_SORT_DUE, "due"),
                    G_DEFINE_ENUM_VALUE (DESK_SORT_NUMBER, "number"),
                    G_DEFINE_ENUM_VALUE (DESK_SORT_PRIORITY, "priority"))

DeskView
desk_view_of (DeskViewKind kind)
{
  return (DeskView){ .kind = kind };
}

DeskView
desk_view_of_department (const char *slug)
{
  DeskView view = { .kind = DESK_VIEW_DEPARTMENT };

  g_strlcpy (view.department, slug, sizeof view.department);
  return view;
}

gboolean
desk_view_parse (const char *word, DeskView *view, GError **error)
{
  int kind;

  if (word != NULL && g_str_has_prefix (word, DEPARTMENT_PREFIX) &&
      desk_slug_is_valid (word + strlen (DEPARTMENT_PREFIX)))
    {
      *view = desk_view_of_department (word + strlen (DEPARTMENT_PREFIX));
      return TRUE;
    }
  if (desk_enum_parse (DESK_TYPE_VIEW_KIND, word, &kind) && kind != DESK_VIEW_DEPARTMENT)
    {
      *view = desk_view_of ((DeskViewKind) kind);
      return TRUE;
    }
  desk_refuse (
      error, DESK_ERROR_INVALID,
      "There is no view “%s”: use mine, unassigned, open, overdue, waiting, resolved, closed, all, "
      "filed or department:SLUG",
      word != NULL ? word : "");
  return FALSE;
}

char *
desk_view_dup_word (const DeskView *view)
{
  if (view->kind == DESK_VIEW_DEPARTMENT)
    return g_strconcat (DEPARTMENT_PREFIX, view->department, NULL);
  return g_strdup (desk_enum_get_nick (DESK_TYPE_VIEW_KIND, (int) view->kind));
}

gboolean
desk_view_equal (const DeskView *a, const DeskView *b)
{
  return a->kind == b->kind &&
         (a->kind != DESK_VIEW_DEPARTMENT || strcmp (a->department, b->department) == 0);
}

gboolean
desk_view_holds (const DeskView *view, const DeskTicket *ticket, const char *person, gint64 now)
{
  gboolean open = ticket->status == DESK_STATUS_OPEN;

  switch (view->kind)
    {
    case DESK_VIEW_MINE:
      return (open || ticket->status == DESK_STATUS_WAITING) && person != NULL &&
             g_strcmp0 (ticket->assignee, person) == 0;
    case DESK_VIEW_UNASSIGNED:
      return open && ticket->assignee == NULL;
    case DESK_VIEW_OPEN:
      return open;
    case DESK_VIEW_OVERDUE:
      return open && ticket->due_at != 0 && ticket->due_at < now;
    case DESK_VIEW_WAITING:
      return ticket->status == DESK_STATUS_WAITING;
    case DESK_VIEW_RESOLVED:
      return ticket->status == DESK_STATUS_RESOLVED;
    case DESK_VIEW_CLOSED:
      return ticket->status == DESK_STATUS_CLOSED;
    case DESK_VIEW_ALL:
      return TRUE;
    case DESK_VIEW_FILED:
      return person != NULL && g_strcmp0 (ticket->requester, person) == 0;
    case DESK_VIEW_DEPARTMENT:
      return open && g_strcmp0 (ticket->department, view->department) == 0;
    }
  g_return_val_if_reached (FALSE);
}
