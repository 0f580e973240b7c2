/* SPDX-License-Identifier: GPL-3.0-or-later
 * A list model follows its store: which keys changed, which rows are to be read again. */
#include "desk-list-model-private.h"

/* More changed tickets than this are cheaper to compare than to merge. */
#define MOST_CHANGES 2000
#define REREAD_MS    1000

static gboolean
later_cb (gpointer data)
{
  DeskListModel *self = data;

  self->later_source = 0;
  desk_list_model_follow_store (self);
  return G_SOURCE_REMOVE;
}

void
desk_list_model_follow_later (DeskListModel *self, guint ms)
{
  self->is_behind = TRUE;
  if (self->later_source == 0)
    self->later_source = g_timeout_add (ms, later_cb, self);
}

static void
changed_keys_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskListModel) self = data;
  g_autoptr (GError) error = NULL;
  gint64 tx = 0;
  g_autoptr (GArray) changes = desk_store_changed_finish (DESK_STORE (source), result, &tx, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->store == NULL)
    return;
  if (changes == NULL)
    {
      self->is_busy = FALSE;
      self->must_reread = TRUE;
      desk_list_model_follow_later (self, error != NULL ? REREAD_MS : 0);
      return;
    }
  self->tx = tx;
  desk_list_model_edit_towards (self, g_steal_pointer (&changes), NULL);
}

static void
all_keys_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskListModel) self = data;
  g_autoptr (GError) error = NULL;
  gint64 tx = 0;
  g_autoptr (GArray) keys = desk_store_keys_finish (DESK_STORE (source), result, &tx, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->store == NULL)
    return;
  if (keys == NULL)
    {
      self->is_busy = FALSE;
      desk_list_model_fail (self, g_steal_pointer (&error));
      return;
    }
  self->tx = tx;
  desk_list_model_edit_towards (self, NULL, g_steal_pointer (&keys));
}

void
desk_list_model_read_all_keys (DeskListModel *self)
{
  self->is_busy = TRUE;
  self->is_behind = FALSE;
  self->must_reread = FALSE;
  self->reread_at = g_get_monotonic_time ();
  desk_store_keys_async (self->store, &self->view, self->sort, 0, self->cancellable, all_keys_cb,
                         g_object_ref (self));
}

static void
read_changes (DeskListModel *self)
{
  self->is_busy = TRUE;
  self->is_behind = FALSE;
  desk_store_changed_async (self->store, &self->view, self->sort, self->tx, MOST_CHANGES,
                            self->cancellable, changed_keys_cb, g_object_ref (self));
}

/* Keys are read whole once a second at most. */
void
desk_list_model_follow_store (DeskListModel *self)
{
  gint64 since_ms = (g_get_monotonic_time () - self->reread_at) / 1000;
  gboolean is_whole = self->must_reread || self->words != NULL;

  self->is_behind = TRUE;
  if (self->is_busy || self->state != DESK_LIST_READY)
    return;
  if (is_whole && since_ms < REREAD_MS)
    {
      desk_list_model_follow_later (self, REREAD_MS - since_ms);
      return;
    }
  if (self->words != NULL)
    {
      self->reread_at = g_get_monotonic_time ();
      desk_list_model_read_found (self);
    }
  else if (self->must_reread)
    desk_list_model_read_all_keys (self);
  else
    read_changes (self);
}

static void
store_changed_cb (DeskListModel *self)
{
  desk_list_model_follow_store (self);
}

/* I may see other tickets than before. */
static void
catalogue_changed_cb (DeskListModel *self)
{
  self->must_reread = TRUE;
  desk_list_model_follow_store (self);
}

/* What I read is no change of its ticket. */
static void
store_seen_cb (DeskListModel *self)
{
  GHashTableIter iter;
  gpointer value;

  if (self->words != NULL)
    {
      desk_list_model_follow_store (self);
      return;
    }
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      DeskListItem *item = value;

      if (item->row != NULL && item->row->unread)
        desk_list_model_want_row (self, item);
    }
}

void
desk_list_model_follow (DeskListModel *self)
{
  self->changed_handler = g_signal_connect_object (
      self->store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  self->catalogue_handler = g_signal_connect_object (
      self->store, "catalogue-changed", G_CALLBACK (catalogue_changed_cb), self, G_CONNECT_SWAPPED);
  self->seen_handler = g_signal_connect_object (self->store, "seen", G_CALLBACK (store_seen_cb),
                                                self, G_CONNECT_SWAPPED);
}
