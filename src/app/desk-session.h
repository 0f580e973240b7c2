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

/* The copy of a served desk is kept in step for as long as it is open. Signals: "choose" (GFile *):
 * somebody wants another desk; "opened": the desk is there; "asked" (const char *action, const char
 * *target): for what is not this desk's to do: "desk" (with a place's id), "sign-in", "sign-out".
 */
DeskSession *desk_session_new (GtkApplication *application, DeskPlace *place);
const DeskPlace *desk_session_get_place (DeskSession *self);
/* @what: the ticket's number or uid, or the view's word; else NULL. */
void desk_session_show (DeskSession *self, DeskShow show, const char *what);
/* The session whose window @window (nullable) is, or NULL. Lent. */
DeskSession *desk_session_of_window (GtkWindow *window);
/* What the server does not have yet, or sent back. */
gint64 desk_session_count_unsent (DeskSession *self);
/* Whether the titles of windows say which desk it is; that of one's own never does. */
void desk_session_set_named (DeskSession *self, gboolean is_named);
/* Somebody signed in again. */
void desk_session_go_on (DeskSession *self);
/* Says it in a window, as soon as there is one. */
void desk_session_tell (DeskSession *self, const char *text);
/* Closes all windows, and with the last one the desk. */
void desk_session_leave (DeskSession *self);
/* @window is gone. TRUE when the session has nothing left to show. */
gboolean desk_session_drop_window (DeskSession *self, GtkWindow *window);
/* Waits for what is under way here; what talks to the server ends by itself, and holds the
 * application until then. The session is of no use afterwards. */
void desk_session_close (DeskSession *self);
/* The same for who has no main loop any more: waits for all. */
void desk_session_end (DeskSession *self);

G_END_DECLS
