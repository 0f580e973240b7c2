/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a session is made of, and its part about windows (desk-session-windows.c). */
#pragma once

#include "desk-session.h"
#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

typedef struct
{
  DeskShow show;
  char *what;
} DeskWish;

typedef enum
{
  WINDOW_START,
  WINDOW_DESK,
  WINDOW_MY_TICKETS,
  WINDOW_NEW_TICKET,
} DeskSessionWindow;
#define N_WINDOWS (WINDOW_NEW_TICKET + 1)

struct _DeskSession
{
  GObject parent_instance;

  GtkApplication *application; /* not owned: it owns its sessions */
  DeskPlace *place;
  gboolean create;
  gboolean is_named; /* in the titles of windows */

  DeskStore *store;   /* NULL until it is open */
  DeskSyncer *syncer; /* of a copy that is open */
  GCancellable *cancellable;
  gboolean is_opening;
  GArray *wishes; /* of DeskWish */
  guint patience_source;
  char *news; /* to tell in a window, or NULL */

  GtkWindow *windows[N_WINDOWS]; /* not owned; NULL while they are closed */
};

/* From now on @window is the session's: its menu works, and the desk is attended while it shows. */
void desk_session_adopt (DeskSession *self, DeskSessionWindow which, GtkWidget *window);
/* The window that shows what is wished for. The desk is open. */
GtkWindow *desk_session_ensure_window (DeskSession *self, const DeskWish *wish);

G_END_DECLS
