/* SPDX-License-Identifier: GPL-3.0-or-later
 * One desk opened as one person, with its windows. */
#include "desk-session.h"

#include <string.h>

#include "desk-my-tickets-window.h"
#include "desk-new-ticket-window.h"
#include "desk-password-dialog.h"
#include "desk-start-window.h"
#include "desk-window.h"

/* A desk is usually there before this, and then the first window is the right one. */
#define PATIENCE_MS 150
/* To be read in peace. */
#define NEWS_SECS 15
/* Where a window keeps its session. */
#define SESSION_KEY "desk-session"
/* … and its title without the name of a desk. */
#define TITLE_KEY "desk-title"

typedef struct
{
  DeskShow show;
  char *what;
} Wish;

typedef enum
{
  WINDOW_START,
  WINDOW_DESK,
  WINDOW_MY_TICKETS,
  WINDOW_NEW_TICKET,
} Window;
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
  GArray *wishes; /* of Wish */
  guint patience_source;
  char *news; /* to tell in a window, or NULL */

  GtkWindow *windows[N_WINDOWS]; /* not owned; NULL while they are closed */
};

enum
{
  SIGNAL_CHOOSE,
  SIGNAL_OPENED,
  SIGNAL_ASKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DeskSession, desk_session, G_TYPE_OBJECT)

static void open_desk (DeskSession *self);

static void
clear_wish (gpointer data)
{
  g_free (((Wish *) data)->what);
}

/* --- windows --- */

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
  g_signal_emit (data, signals[SIGNAL_ASKED], 0, "desk", g_variant_get_string (parameter, NULL));
}

static void
sign_in_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_ASKED], 0, "sign-in", NULL);
}

static void
sign_out_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_ASKED], 0, "sign-out", NULL);
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
entitle (DeskSession *self, Window which)
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
is_entitled (Window which)
{
  return which == WINDOW_DESK || which == WINDOW_MY_TICKETS;
}

static void
adopt (DeskSession *self, Window which, GtkWidget *window)
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
    adopt (self, WINDOW_DESK, desk_window_new (self->application, self->store, self->syncer));
  return self->windows[WINDOW_DESK];
}

static GtkWindow *
ensure_my_tickets (DeskSession *self)
{
  if (self->windows[WINDOW_MY_TICKETS] == NULL)
    adopt (self, WINDOW_MY_TICKETS,
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
  adopt (self, WINDOW_NEW_TICKET, desk_new_ticket_window_new (self->store, self->syncer));
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

static GtkWindow *
ensure_window (DeskSession *self, const Wish *wish)
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

static void
tell_news (DeskSession *self)
{
  GtkWindow *window = self->windows[WINDOW_DESK] != NULL ? self->windows[WINDOW_DESK]
                                                         : self->windows[WINDOW_MY_TICKETS];
  g_autofree char *escaped = NULL;
  AdwToast *toast;

  if (window == NULL || self->news == NULL)
    return;
  escaped = g_markup_escape_text (self->news, -1);
  toast = adw_toast_new (escaped);
  adw_toast_set_timeout (toast, NEWS_SECS);
  adw_toast_overlay_add_toast (
      ADW_TOAST_OVERLAY (adw_application_window_get_content (ADW_APPLICATION_WINDOW (window))),
      toast);
  g_clear_pointer (&self->news, g_free);
}

static void
fulfil_wishes (DeskSession *self)
{
  for (guint i = 0; i < self->wishes->len; i++)
    gtk_window_present (ensure_window (self, &g_array_index (self->wishes, Wish, i)));
  g_array_set_size (self->wishes, 0);
  tell_news (self);
}

/* --- opening --- */

static void
retry_cb (DeskSession *self)
{
  desk_start_window_show_loading (DESK_START_WINDOW (self->windows[WINDOW_START]));
  open_desk (self);
}

static void
create_cb (DeskSession *self)
{
  self->create = TRUE;
  retry_cb (self);
}

static void
choose_cb (DeskSession *self, GFile *file)
{
  g_signal_emit (self, signals[SIGNAL_CHOOSE], 0, file);
  if (self->windows[WINDOW_START] != NULL)
    gtk_window_destroy (self->windows[WINDOW_START]);
}

static DeskStartWindow *
ensure_start (DeskSession *self)
{
  if (self->windows[WINDOW_START] != NULL)
    return DESK_START_WINDOW (self->windows[WINDOW_START]);
  adopt (self, WINDOW_START, desk_start_window_new (self->application, self->place->path));
  g_signal_connect_object (self->windows[WINDOW_START], "retry", G_CALLBACK (retry_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->windows[WINDOW_START], "create", G_CALLBACK (create_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->windows[WINDOW_START], "choose", G_CALLBACK (choose_cb), self,
                           G_CONNECT_SWAPPED);
  return DESK_START_WINDOW (self->windows[WINDOW_START]);
}

static gboolean
out_of_patience_cb (gpointer data)
{
  DeskSession *self = data;

  self->patience_source = 0;
  desk_start_window_show_loading (ensure_start (self));
  gtk_window_present (self->windows[WINDOW_START]);
  return G_SOURCE_REMOVE;
}

static void
show_error (DeskSession *self, const GError *error)
{
  desk_start_window_show_error (ensure_start (self), error);
  gtk_window_present (self->windows[WINDOW_START]);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GApplication) application = data;

  g_application_release (application);
}

/* No window waits for it, but the program does: nothing is cut. */
static void
stop_syncer (DeskSession *self)
{
  if (self->syncer == NULL)
    return;
  g_application_hold (G_APPLICATION (self->application));
  desk_syncer_stop_async (self->syncer, stopped_cb, g_object_ref (self->application));
  g_clear_object (&self->syncer);
}

/* What is typed in the windows of a lost desk is kept as drafts; they come back with the desk. */
static void
lost_cb (DeskSession *self, const GError *error)
{
  Wish wish = { DESK_SHOW_DESK, NULL };
  GtkWindow *active = gtk_application_get_active_window (self->application);
  GtkWindow *start;

  g_signal_handlers_disconnect_by_func (self->store, lost_cb, self);
  stop_syncer (self);
  g_clear_object (&self->store);
  if (self->wishes->len == 0)
    g_array_append_val (self->wishes, wish);
  start = GTK_WINDOW (ensure_start (self));
  if (desk_session_of_window (active) == self && active != start)
    {
      gtk_window_set_transient_for (start, active);
      gtk_window_set_modal (start, TRUE);
    }
  show_error (self, error);
}

static void
close_stale_windows (DeskSession *self)
{
  for (guint i = 0; i < N_WINDOWS; i++)
    if (self->windows[i] != NULL && self->windows[i] != self->windows[WINDOW_START])
      gtk_window_destroy (self->windows[i]);
}

static void
take_store (DeskSession *self, DeskStore *store)
{
  close_stale_windows (self);
  self->store = store;
  if (self->place->account != NULL)
    self->syncer = desk_syncer_new (self->place->account);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
  g_signal_connect_object (store, "lost", G_CALLBACK (lost_cb), self, G_CONNECT_SWAPPED);
  fulfil_wishes (self);
  if (self->windows[WINDOW_START] != NULL)
    gtk_window_destroy (self->windows[WINDOW_START]);
}

/* Nobody waits for it any more. */
static void
discard_store (DeskStore *store)
{
  if (store == NULL)
    return;
  desk_store_close (store);
  g_object_unref (store);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskSession) self = data;
  g_autoptr (GError) error = NULL;
  DeskStore *store = desk_store_open_finish (result, &error);
  g_autoptr (GtkApplication) application = g_object_ref (self->application);

  self->is_opening = FALSE;
  g_clear_handle_id (&self->patience_source, g_source_remove);
  if (g_cancellable_is_cancelled (self->cancellable))
    discard_store (store);
  else if (store != NULL)
    take_store (self, store);
  else
    show_error (self, error);
  g_application_release (G_APPLICATION (application));
}

static const char *
get_own_name (void)
{
  const char *name = g_get_real_name ();

  return g_strcmp0 (name, "Unknown") != 0 ? name : NULL;
}

static void
open_store (DeskSession *self)
{
  gboolean is_me = g_strcmp0 (self->place->login, g_get_user_name ()) == 0;

  desk_store_open_async (self->place->path, self->create, self->place->login,
                         is_me ? get_own_name () : NULL, self->cancellable, opened_cb,
                         g_object_ref (self));
}

static void
make_folder_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree char *folder = g_path_get_dirname (data);

  /* What is wrong with it shows when the desk is made in it. */
  g_mkdir_with_parents (folder, 0700);
  g_task_return_boolean (task, TRUE);
}

static void
made_folder_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  open_store (DESK_SESSION (source));
}

static void
open_desk (DeskSession *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->is_opening || self->store != NULL)
    return;
  self->is_opening = TRUE;
  g_application_hold (G_APPLICATION (self->application));
  if (self->windows[WINDOW_START] == NULL)
    self->patience_source = g_timeout_add (PATIENCE_MS, out_of_patience_cb, self);
  if (!self->create)
    {
      open_store (self);
      return;
    }
  task = g_task_new (self, NULL, made_folder_cb, NULL);
  g_task_set_task_data (task, g_strdup (self->place->path), g_free);
  g_task_run_in_thread (task, make_folder_in_thread);
}

/* --- object --- */

static void
desk_session_dispose (GObject *object)
{
  DeskSession *self = DESK_SESSION (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->patience_source, g_source_remove);
  for (guint i = 0; i < N_WINDOWS; i++)
    g_clear_weak_pointer (&self->windows[i]);
  stop_syncer (self);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_session_parent_class)->dispose (object);
}

static void
desk_session_finalize (GObject *object)
{
  DeskSession *self = DESK_SESSION (object);

  g_clear_object (&self->cancellable);
  g_array_unref (self->wishes);
  desk_place_unref (self->place);
  g_free (self->news);
  G_OBJECT_CLASS (desk_session_parent_class)->finalize (object);
}

static void
desk_session_class_init (DeskSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = desk_session_dispose;
  object_class->finalize = desk_session_finalize;
  signals[SIGNAL_CHOOSE] = g_signal_new ("choose", DESK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);
  signals[SIGNAL_OPENED] = g_signal_new ("opened", DESK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ASKED] = g_signal_new ("asked", DESK_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
desk_session_init (DeskSession *self)
{
  self->cancellable = g_cancellable_new ();
  self->wishes = g_array_new (FALSE, FALSE, sizeof (Wish));
  g_array_set_clear_func (self->wishes, clear_wish);
}

DeskSession *
desk_session_new (GtkApplication *application, DeskPlace *place)
{
  DeskSession *self = g_object_new (DESK_TYPE_SESSION, NULL);

  self->application = application;
  self->place = desk_place_ref (place);
  self->create = place->is_own;
  return self;
}

const DeskPlace *
desk_session_get_place (DeskSession *self)
{
  return self->place;
}

void
desk_session_show (DeskSession *self, DeskShow show, const char *what)
{
  Wish wish = { show, g_strdup (what) };

  g_return_if_fail (DESK_IS_SESSION (self));

  g_array_append_val (self->wishes, wish);
  if (self->store != NULL)
    fulfil_wishes (self);
  else if (self->windows[WINDOW_START] != NULL && !self->is_opening)
    retry_cb (self);
  else
    open_desk (self);
}

DeskSession *
desk_session_of_window (GtkWindow *window)
{
  return window != NULL ? g_object_get_data (G_OBJECT (window), SESSION_KEY) : NULL;
}

gint64
desk_session_count_unsent (DeskSession *self)
{
  const DeskSyncerStatus *status;

  if (self->syncer == NULL)
    return 0;
  status = desk_syncer_get_status (self->syncer);
  return status->waiting + status->refused;
}

void
desk_session_set_named (DeskSession *self, gboolean is_named)
{
  self->is_named = is_named;
  for (guint i = 0; i < N_WINDOWS; i++)
    entitle (self, i);
}

void
desk_session_go_on (DeskSession *self)
{
  if (self->syncer != NULL)
    desk_syncer_retry (self->syncer);
}

void
desk_session_tell (DeskSession *self, const char *text)
{
  g_free (self->news);
  self->news = g_strdup (text);
  tell_news (self);
}

void
desk_session_leave (DeskSession *self)
{
  g_autoptr (DeskSession) owned = g_object_ref (self);

  for (guint i = 0; i < N_WINDOWS; i++)
    if (self->windows[i] != NULL)
      gtk_window_destroy (self->windows[i]);
}

gboolean
desk_session_drop_window (DeskSession *self, GtkWindow *window)
{
  gboolean is_start = window == self->windows[WINDOW_START];
  gboolean is_last = TRUE;

  g_return_val_if_fail (DESK_IS_SESSION (self), FALSE);

  for (guint i = 0; i < N_WINDOWS; i++)
    {
      if (self->windows[i] == window)
        g_clear_weak_pointer (&self->windows[i]);
      is_last &= self->windows[i] == NULL;
    }
  /* Whoever closes the window of a desk that is being opened does not want it. */
  return is_last && (is_start || !self->is_opening);
}

void
desk_session_close (DeskSession *self)
{
  g_cancellable_cancel (self->cancellable);
  stop_syncer (self);
  if (self->store != NULL)
    desk_store_close (self->store);
}

void
desk_session_end (DeskSession *self)
{
  if (self->syncer != NULL)
    desk_syncer_stop (self->syncer);
  g_clear_object (&self->syncer);
  desk_session_close (self);
}
