/* SPDX-License-Identifier: GPL-3.0-or-later
 * The windows of a session: which one shows what, their titles, and what their menus ask for. */
#include "desk-my-tickets-window.h"
#include "desk-new-ticket-window.h"
#include "desk-password-dialog.h"
#include "desk-session-private.h"
#include "desk-window.h"

/* Where a window keeps its session. */
#define SESSION_KEY "desk-session"
/* … and its title without the name of a desk. */
#define TITLE_KEY "desk-title"

DeskSession *
desk_session_of_window (GtkWindow *window)
{
  return window != NULL ? g_object_get_data (G_OBJECT (window), SESSION_KEY) : NULL;
}

static gboolean
can_be_seen (GtkWindow *window)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  return gtk_widget_get_mapped (GTK_WIDGET (window)) &&
         !(gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) & GDK_TOPLEVEL_STATE_MINIMIZED);
}

/* Nobody needs to know at once what no window shows. */
static void
attend (DeskSession *self)
{
  gboolean attended = FALSE;

  for (guint i = 0; i < N_WINDOWS; i++)
    attended |= self->windows[i] != NULL && can_be_seen (self->windows[i]);
  if (self->store != NULL)
    desk_store_set_attended (self->store, attended);
}

static void
realize_cb (DeskSession *self, GtkNative *window)
{
  g_signal_connect_object (gtk_native_get_surface (window), "notify::state", G_CALLBACK (attend),
                           self, G_CONNECT_SWAPPED);
}

/* --- what the menus of all windows can do --- */

static void
desk_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit_by_name (data, "asked", "desk", g_variant_get_string (parameter, NULL));
}

static void
sign_in_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit_by_name (data, "asked", "sign-in", NULL);
}

static void
sign_out_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit_by_name (data, "asked", "sign-out", NULL);
}

static void
change_password_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  DeskSession *self = data;
  GtkWindow *window = gtk_application_get_active_window (self->application);

  if (desk_session_of_window (window) == self)
    desk_password_dialog_present (window, self->place);
}

static const GActionEntry actions[] = {
  { "desk", desk_cb, "s", "''" },
  { "sign-in", sign_in_cb },
  { "sign-out", sign_out_cb },
  { "change-password", change_password_cb },
};

static void
add_actions (DeskSession *self, GActionMap *window)
{
  static const char *const of_accounts[] = { "sign-in", "sign-out", "change-password" };
  g_autofree char *id = desk_place_dup_id (self->place);

  g_action_map_add_action_entries (window, actions, G_N_ELEMENTS (actions), self);
  g_action_group_change_action_state (G_ACTION_GROUP (window), "desk", g_variant_new_string (id));
  for (guint i = 0; i < G_N_ELEMENTS (of_accounts); i++)
    g_simple_action_set_enabled (
        G_SIMPLE_ACTION (g_action_map_lookup_action (window, of_accounts[i])),
        self->place->account != NULL);
}

/* What the desk is called is for switching between windows; inside they look the same. */
static void
entitle (DeskSession *self, DeskSessionWindow which)
{
  GtkWindow *window = self->windows[which];
  const char *plain = window != NULL ? g_object_get_data (G_OBJECT (window), TITLE_KEY) : NULL;
  g_autofree char *desk = desk_place_dup_desk_name (self->place);
  g_autofree char *named = NULL;

  if (plain == NULL)
    return;
  named = g_strconcat (plain, " – ", desk, NULL);
  gtk_window_set_title (window, self->is_named && !self->place->is_own ? named : plain);
}

/* The others belong to one of these, or show it. */
static gboolean
is_entitled (DeskSessionWindow which)
{
  return which == WINDOW_DESK || which == WINDOW_MY_TICKETS;
}

void
desk_session_adopt (DeskSession *self, DeskSessionWindow which, GtkWidget *window)
{
  g_object_set_data_full (G_OBJECT (window), SESSION_KEY, g_object_ref (self), g_object_unref);
  g_set_weak_pointer (&self->windows[which], GTK_WINDOW (window));
  if (is_entitled (which))
    g_object_set_data_full (G_OBJECT (window), TITLE_KEY,
                            g_strdup (gtk_window_get_title (GTK_WINDOW (window))), g_free);
  entitle (self, which);
  if (G_IS_ACTION_MAP (window))
    add_actions (self, G_ACTION_MAP (window));
  g_signal_connect_object (window, "realize", G_CALLBACK (realize_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "map", G_CALLBACK (attend), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "unmap", G_CALLBACK (attend), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static gboolean
is_agent (DeskSession *self)
{
  return desk_store_get_me (self->store)->role != DESK_ROLE_REQUESTER;
}

static GtkWindow *
ensure_desk (DeskSession *self)
{
  if (self->windows[WINDOW_DESK] == NULL)
    desk_session_adopt (self, WINDOW_DESK,
                        desk_window_new (self->application, self->store, self->syncer));
  return self->windows[WINDOW_DESK];
}

static GtkWindow *
ensure_my_tickets (DeskSession *self)
{
  if (self->windows[WINDOW_MY_TICKETS] == NULL)
    desk_session_adopt (self, WINDOW_MY_TICKETS,
                        desk_my_tickets_window_new (self->application, self->store, self->syncer));
  return self->windows[WINDOW_MY_TICKETS];
}

/* Belongs to the window that asked for it, or to none. */
static GtkWindow *
ensure_new_ticket (DeskSession *self)
{
  GtkWindow *active = gtk_application_get_active_window (self->application);

  if (self->windows[WINDOW_NEW_TICKET] != NULL)
    return self->windows[WINDOW_NEW_TICKET];
  desk_session_adopt (self, WINDOW_NEW_TICKET,
                      desk_new_ticket_window_new (self->store, self->syncer));
  if (active != NULL &&
      (active == self->windows[WINDOW_DESK] || active == self->windows[WINDOW_MY_TICKETS]))
    gtk_window_set_transient_for (self->windows[WINDOW_NEW_TICKET], active);
  gtk_application_add_window (self->application, self->windows[WINDOW_NEW_TICKET]);
  return self->windows[WINDOW_NEW_TICKET];
}

/* A requester's window has no queues. */
static GtkWindow *
ensure_view (DeskSession *self, const char *word)
{
  DeskView view;

  if (!is_agent (self) || !desk_view_parse (word, &view, NULL) || view.kind == DESK_VIEW_FILED)
    return ensure_my_tickets (self);
  ensure_desk (self);
  desk_window_show_view (DESK_WINDOW (self->windows[WINDOW_DESK]), &view);
  return self->windows[WINDOW_DESK];
}

static GtkWindow *
ensure_ticket (DeskSession *self, const char *ref)
{
  if (!is_agent (self))
    {
      ensure_my_tickets (self);
      desk_my_tickets_window_open_ticket (DESK_MY_TICKETS_WINDOW (self->windows[WINDOW_MY_TICKETS]),
                                          ref);
      return self->windows[WINDOW_MY_TICKETS];
    }
  ensure_desk (self);
  desk_window_open_ticket (DESK_WINDOW (self->windows[WINDOW_DESK]), ref);
  return self->windows[WINDOW_DESK];
}

GtkWindow *
desk_session_ensure_window (DeskSession *self, const DeskWish *wish)
{
  switch (wish->show)
    {
    case DESK_SHOW_DESK:
      return is_agent (self) ? ensure_desk (self) : ensure_my_tickets (self);
    case DESK_SHOW_NEW_TICKET:
      return ensure_new_ticket (self);
    case DESK_SHOW_MY_TICKETS:
      return ensure_my_tickets (self);
    case DESK_SHOW_TICKET:
      return ensure_ticket (self, wish->what);
    case DESK_SHOW_VIEW:
      return ensure_view (self, wish->what);
    }
  g_return_val_if_reached (NULL);
}

void
desk_session_set_named (DeskSession *self, gboolean is_named)
{
  self->is_named = is_named;
  for (guint i = 0; i < N_WINDOWS; i++)
    entitle (self, i);
}
