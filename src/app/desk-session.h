/* SPDX-License-Identifier: GPL-3.0-or-later
 * One desk opened as one person, with its windows.
 *
 * A session opens its store by itself and shows what it was asked for as soon as the desk is
 * there; when it cannot be opened, or is lost, it says so in a window. It lives as long as the
 * application keeps it. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-place.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_SHOW_DESK, /* what follows from the person's role */
  DESK_SHOW_NEW_TICKET,
  DESK_SHOW_MY_TICKETS,
  DESK_SHOW_TICKET,
  DESK_SHOW_VIEW,
} DeskShow;

#define DESK_TYPE_SESSION (desk_session_get_type ())
G_DECLARE_FINAL_TYPE (DeskSession, desk_session, DESK, SESSION, GObject)

/* The copy of a served desk is kept in step for as long as it is open. Signal "choose" (GFile *):
 * somebody wants another desk. */
DeskSession *desk_session_new (GtkApplication *application, DeskPlace *place);
const DeskPlace *desk_session_get_place (DeskSession *self);
/* @what: the ticket's number or uid, or the view's word; else NULL. */
void desk_session_show (DeskSession *self, DeskShow show, const char *what);
/* The session whose window @window (nullable) is, or NULL. Lent. */
DeskSession *desk_session_of_window (GtkWindow *window);
/* @window is gone. TRUE when the session has nothing left to show. */
gboolean desk_session_drop_window (DeskSession *self, GtkWindow *window);
/* Waits for what is under way; the session is of no use afterwards. */
void desk_session_close (DeskSession *self);

G_END_DECLS
