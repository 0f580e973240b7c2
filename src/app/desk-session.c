/* SPDX-License-Identifier: GPL-3.0-or-later
 * One desk opened as one person, with its windows. */
#include "desk-session-private.h"
#include "desk-start-window.h"

/* A desk is usually there before this, and then the first window is the right one. */
#define PATIENCE_MS 150
/* To be read in peace. */
#define NEWS_SECS 15

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
  g_free (((DeskWish *) data)->what);
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
    gtk_window_present (
        desk_session_ensure_window (self, &g_array_index (self->wishes, DeskWish, i)));
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
  desk_session_adopt (self, WINDOW_START,
                      desk_start_window_new (self->application, self->place->path));
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
  DeskWish wish = { DESK_SHOW_DESK, NULL };
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
  self->wishes = g_array_new (FALSE, FALSE, sizeof (DeskWish));
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
  DeskWish wish = { show, g_strdup (what) };

  g_return_if_fail (DESK_IS_SESSION (self));

  g_array_append_val (self->wishes, wish);
  if (self->store != NULL)
    fulfil_wishes (self);
  else if (self->windows[WINDOW_START] != NULL && !self->is_opening)
    retry_cb (self);
  else
    open_desk (self);
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
