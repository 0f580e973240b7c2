/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hearing of what changed in the desk, by whomever: a look at a few numbers, as often as needed. */
#include "desk-store-object.h"

#include "desk-outbox.h"
#include "desk-people.h"

/* A commit is told by the stamp file; who was killed between commit and stamp is found by
 * asking. */
#define POLL_MS 400
/* What others do is seen at once. While it keeps coming, many commits are one look and one signal,
 * further and further apart. */
#define PACE_LEAST_MS 10
#define PACE_MOST_MS  80

/* What a look sees. */
typedef struct
{
  gint64 tx;
  DeskCatalogue *catalogue;
  DeskPerson *me;
  gint64 waiting;
  gint64 refused;
} Look;

static void
free_look (Look *look)
{
  g_clear_pointer (&look->catalogue, desk_catalogue_unref);
  g_clear_pointer (&look->me, desk_person_unref);
  g_free (look);
}

/* Somebody new is not kept before their first ticket, which may have come from another program and
 * under another uid. */
static DeskPerson *
find_me (DeskDb *db, DeskPerson *me, GError **error)
{
  GError *failure = NULL;
  DeskPerson *found = desk_people_find_uid (db, me->uid, &failure);

  if (found == NULL && failure == NULL)
    found = desk_people_find_login (db, me->login, &failure);
  if (failure == NULL)
    return found != NULL ? found : desk_person_ref (me);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
fill_look (DeskDb *db, DeskCall *call, Look *look, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);

  if (catalogue == NULL || !desk_rows_get_tx (db, &look->tx, error) ||
      !desk_outbox_count (db, &look->waiting, &look->refused, error))
    return FALSE;
  look->catalogue = desk_catalogue_ref (catalogue);
  look->me = find_me (db, call->me, error);
  return look->me != NULL;
}

static gpointer
look_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Look *look = g_new0 (Look, 1);
  gboolean done = desk_db_begin_read (db, error) && fill_look (db, data, look, error);

  desk_db_end_read (db);
  if (done)
    return look;
  free_look (look);
  return NULL;
}

static gboolean
take_people (DeskStore *self, Look *look)
{
  gboolean moved = desk_catalogue_get_revision (look->catalogue) !=
                       desk_catalogue_get_revision (self->catalogue) ||
                   look->me->revision != self->me->revision ||
                   !g_str_equal (look->me->uid, self->me->uid);

  if (moved)
    {
      desk_catalogue_unref (self->catalogue);
      self->catalogue = g_steal_pointer (&look->catalogue);
      desk_person_unref (self->me);
      self->me = g_steal_pointer (&look->me);
    }
  return moved;
}

static gboolean
take_outbox (DeskStore *self, const Look *look)
{
  gboolean moved = look->waiting != self->waiting || look->refused != self->refused;

  self->waiting = look->waiting;
  self->refused = look->refused;
  return moved;
}

/* Busy or a cancelled look says nothing about the desk. */
static gboolean
is_for_good (const GError *error)
{
  return error->domain == DESK_STORE_ERROR && error->code != DESK_STORE_ERROR_BUSY &&
         error->code != DESK_STORE_ERROR_FULL;
}

static void
tell_lost (DeskStore *self, GError *error)
{
  if (self->lost || self->closed || !is_for_good (error))
    return;
  self->lost = TRUE;
  g_signal_emit_by_name (self, "lost", error);
}

static void
set_pace (DeskStore *self)
{
  self->moved_at = self->looked_at;
  self->pace_ms = self->waited ? MIN (self->pace_ms * 2, PACE_MOST_MS) : PACE_LEAST_MS;
}

static void
look_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  DeskStore *self = DESK_STORE (object);
  g_autoptr (GError) error = NULL;
  Look *seen = desk_store_finish (self, result, &error);

  self->looking = FALSE;
  if (seen == NULL)
    tell_lost (self, error);
  else if (!self->closed)
    {
      gboolean moved = seen->tx != self->tx;

      if (moved)
        set_pace (self);
      self->waited = FALSE;
      self->tx = seen->tx;
      if (take_people (self, seen))
        g_signal_emit_by_name (self, "catalogue-changed");
      if (moved)
        g_signal_emit_by_name (self, "changed");
      if (take_outbox (self, seen))
        g_signal_emit_by_name (self, "outbox-changed");
    }
  g_clear_pointer (&seen, free_look);
  if (self->noticed && !self->closed)
    desk_store_look (self);
}

static void look_later (DeskStore *self, gint64 ms);

void
desk_store_look (DeskStore *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 wait_ms = self->pace_ms - (now - self->moved_at) / 1000;

  self->noticed = self->looking;
  if (self->looking)
    return;
  if (wait_ms > 0)
    {
      self->waited = TRUE;
      look_later (self, wait_ms);
      return;
    }
  self->looking = TRUE;
  self->looked_at = now;
  desk_store_push (self, DESK_CREW_READING, desk_store_new_call (self), desk_store_look, look_job,
                   (GDestroyNotify) free_look, NULL, look_cb, NULL);
}

static gboolean
notice_cb (gpointer data)
{
  DeskStore *self = data;

  self->notice_source = 0;
  desk_store_look (self);
  return G_SOURCE_REMOVE;
}

static void
look_later (DeskStore *self, gint64 ms)
{
  if (self->notice_source == 0 && !self->closed)
    self->notice_source = g_timeout_add (ms, notice_cb, self);
}

static void
stamp_changed_cb (gpointer self)
{
  desk_store_look (self);
}

static gboolean
poll_cb (gpointer data)
{
  DeskStore *self = data;

  desk_watch_check (self->watch);
  desk_store_look (self);
  return G_SOURCE_CONTINUE;
}

void
desk_store_watch (DeskStore *self)
{
  self->watch = desk_watch_new (self->path, stamp_changed_cb, self);
  self->poll_source = g_timeout_add (POLL_MS, poll_cb, self);
}

void
desk_store_set_attended (DeskStore *self, gboolean attended)
{
  g_return_if_fail (DESK_IS_STORE (self));

  if (self->closed || attended == (self->poll_source != 0))
    return;
  if (attended)
    {
      self->poll_source = g_timeout_add (POLL_MS, poll_cb, self);
      desk_store_look (self);
    }
  else
    g_clear_handle_id (&self->poll_source, g_source_remove);
}
