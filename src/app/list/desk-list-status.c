/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands for a list that has nothing to show. */
#include "desk-list-status.h"

#include <glib/gi18n.h>

#include "desk-wording.h"

static const struct
{
  const char *icon;
  const char *title;
  const char *text;
} empties[] = {
  [DESK_VIEW_MINE] = { "object-select-symbolic", N_ ("All caught up"),
                       N_ ("Tickets that are yours appear here.") },
  [DESK_VIEW_UNASSIGNED] = { "contact-new-symbolic", N_ ("Everything is taken"),
                             N_ ("Nothing is waiting for an agent.") },
  [DESK_VIEW_OPEN] = { "view-list-bullet-symbolic", N_ ("Nothing is open"),
                       N_ ("Tickets that need an agent appear here.") },
  [DESK_VIEW_OVERDUE] = { "alarm-symbolic", N_ ("All in time"),
                          N_ ("Tickets past their promised time appear here.") },
  [DESK_VIEW_WAITING] = { "media-playback-pause-symbolic", N_ ("Nobody is asked"),
                          N_ ("Tickets that wait for an answer appear here.") },
  [DESK_VIEW_RESOLVED] = { "emblem-ok-symbolic", N_ ("Nothing to confirm"),
                           N_ ("Resolved tickets stay here until the requester confirms them.") },
  [DESK_VIEW_CLOSED] = { "folder-symbolic", N_ ("Nothing is closed yet"),
                         N_ ("Tickets that are done appear here, and in search.") },
  [DESK_VIEW_ALL] = { "desk-bell-symbolic", N_ ("An empty desk"),
                      N_ ("No ticket has been filed yet.") },
  [DESK_VIEW_FILED] = { "desk-bell-symbolic", N_ ("No tickets yet"),
                        N_ ("What you file appears here, with every answer.") },
  [DESK_VIEW_DEPARTMENT] = { "object-select-symbolic", N_ ("Nothing is open here"),
                             N_ ("Open tickets of this department appear here.") },
};

static void
fill (AdwStatusPage *page, const char *icon, const char *title, const char *text)
{
  g_autofree char *escaped_title = g_markup_escape_text (title, -1);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_icon_name (page, icon);
  adw_status_page_set_title (page, escaped_title);
  adw_status_page_set_description (page, escaped);
}

void
desk_list_status_show_empty (AdwStatusPage *page, const DeskView *view)
{
  fill (page, empties[view->kind].icon, _ (empties[view->kind].title),
        _ (empties[view->kind].text));
}

void
desk_list_status_show_not_found (AdwStatusPage *page, const char *words)
{
  g_autofree char *name = desk_wording_isolate (words);
  g_autofree char *text = g_strdup_printf (_ ("No ticket has words that start with “%s”."), name);

  fill (page, "edit-find-symbolic", _ ("Nothing found"), text);
}

void
desk_list_status_show_error (AdwStatusPage *page, const GError *error)
{
  g_autofree char *text = desk_wording_error (error);

  fill (page, "dialog-warning-symbolic", desk_wording_error_title (error), text);
}
