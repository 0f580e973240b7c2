/* SPDX-License-Identifier: GPL-3.0-or-later
 * A queue as a GListModel: the list, its first page, and what a search finds. */
#include "desk-list-model-private.h"

/* The first page is to be on the screen before the rest is read. */
#define REST_MS      80
#define SEARCH_LIMIT 200

enum
{
  PROP_STATE = 1,
  PROP_COMPLETE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void desk_list_model_list_init (GListModelInterface *iface);

G_DEFINE_ENUM_TYPE (DeskListState,
                    desk_list_state,
                    G_DEFINE_ENUM_VALUE (DESK_LIST_LOADING, "loading"),
                    G_DEFINE_ENUM_VALUE (DESK_LIST_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (DESK_LIST_FAILED, "failed"))

G_DEFINE_FINAL_TYPE_WITH_CODE (DeskListModel,
                               desk_list_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, desk_list_model_list_init))

/* --- the list --- */

static guint
get_length (DeskListModel *self)
{
  return self->next != NULL ? self->n_next + self->keys->len - self->n_old : self->keys->len;
}

static const DeskKey *
get_key (DeskListModel *self, guint position)
{
  if (self->next == NULL)
    return &g_array_index (self->keys, DeskKey, position);
  if (position < self->n_next)
    return &g_array_index (self->next, DeskKey, position);
  return &g_array_index (self->keys, DeskKey, position - self->n_next + self->n_old);
}

static GType
desk_list_model_get_item_type (GListModel *model)
{
  return DESK_TYPE_LIST_ITEM;
}

static guint
desk_list_model_get_n_items (GListModel *model)
{
  return get_length (DESK_LIST_MODEL (model));
}

static gpointer
desk_list_model_get_item (GListModel *model, guint position)
{
  DeskListModel *self = DESK_LIST_MODEL (model);
  DeskListItem *item;

  if (position >= get_length (self))
    return NULL;
  item = desk_list_model_ref_item (self, get_key (self, position)->id);
  if (item->row == NULL && !item->asked)
    desk_list_model_want_row (self, item);
  return item;
}

static void
desk_list_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = desk_list_model_get_item_type;
  iface->get_n_items = desk_list_model_get_n_items;
  iface->get_item = desk_list_model_get_item;
}

static void
set_state (DeskListModel *self, DeskListState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
desk_list_model_set_complete (DeskListModel *self, gboolean complete)
{
  if (self->complete == complete)
    return;
  self->complete = complete;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COMPLETE]);
}

void
desk_list_model_fail (DeskListModel *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  set_state (self, DESK_LIST_FAILED);
}

/* --- the first page --- */

static gboolean
read_rest_cb (gpointer data)
{
  DeskListModel *self = data;

  self->later_source = 0;
  desk_list_model_read_all_keys (self);
  return G_SOURCE_REMOVE;
}

void
desk_list_model_settle (DeskListModel *self, gboolean complete)
{
  g_clear_error (&self->error);
  self->is_busy = !complete;
  desk_list_model_set_complete (self, complete);
  set_state (self, DESK_LIST_READY);
  g_signal_emit_by_name (self, "edited", 0);
  if (!complete)
    self->later_source = g_timeout_add_full (G_PRIORITY_LOW, REST_MS, read_rest_cb, self, NULL);
  else if (self->is_behind)
    desk_list_model_follow_store (self);
}

/* Items for @rows, which are NULL where a row could not be read. Takes the rows. */
static GPtrArray *
hold_items (DeskListModel *self, GArray *keys, GPtrArray *rows)
{
  GPtrArray *held = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < keys->len; i++)
    {
      DeskListItem *item = desk_list_model_ref_item (self, g_array_index (keys, DeskKey, i).id);

      g_ptr_array_add (held, item);
      if (i < rows->len && rows->pdata[i] != NULL)
        desk_list_item_take_row (item, g_steal_pointer (&rows->pdata[i]));
    }
  return held;
}

static void
hold (DeskListModel *self, GArray *keys, GPtrArray *rows)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->held);

  self->held = hold_items (self, keys, rows);
}

typedef struct
{
  DeskListModel *model; /* owned */
  GArray *keys;
  gint64 tx;
} FirstPage;

static void
first_page_free (FirstPage *self)
{
  g_object_unref (self->model);
  g_array_unref (self->keys);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FirstPage, first_page_free)

static void
first_rows_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FirstPage) page = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = desk_store_rows_finish (DESK_STORE (source), result, &error);
  DeskListModel *self = page->model;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->store == NULL)
    return;
  if (rows == NULL)
    {
      desk_list_model_fail (self, g_steal_pointer (&error));
      return;
    }
  self->tx = page->tx;
  hold (self, page->keys, rows);
  desk_list_model_show_keys (self, page->keys);
}

static void
first_keys_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskListModel) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *ids = NULL;
  FirstPage *page;
  gint64 tx = 0;
  g_autoptr (GArray) keys = desk_store_keys_finish (DESK_STORE (source), result, &tx, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->store == NULL)
    return;
  if (keys == NULL)
    {
      desk_list_model_fail (self, g_steal_pointer (&error));
      return;
    }
  ids = g_new (gint64, keys->len + 1);
  for (guint i = 0; i < keys->len; i++)
    ids[i] = g_array_index (keys, DeskKey, i).id;
  page = g_new0 (FirstPage, 1);
  page->model = g_object_ref (self);
  page->keys = g_array_ref (keys);
  page->tx = tx;
  desk_store_rows_async (self->store, ids, keys->len, self->cancellable, first_rows_cb, page);
}

/* Nothing of what was under way matters any more. */
static void
start_over (DeskListModel *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_handle_id (&self->later_source, g_source_remove);
  g_clear_handle_id (&self->edits_source, g_source_remove);
  self->is_busy = FALSE;
  self->is_behind = FALSE;
  self->must_reread = FALSE;
  desk_list_model_set_complete (self, FALSE);
  set_state (self, DESK_LIST_LOADING);
}

static void
read_first_page (DeskListModel *self)
{
  start_over (self);
  desk_store_keys_async (self->store, &self->view, self->sort, DESK_LIST_FIRST_PAGE,
                         self->cancellable, first_keys_cb, g_object_ref (self));
}

/* --- searching --- */

static GArray *
number_found (GPtrArray *rows)
{
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (DeskKey), rows->len);

  for (guint i = 0; i < rows->len; i++)
    {
      const DeskRow *row = rows->pdata[i];
      DeskKey key = { .key = i, .id = row->id };

      g_array_append_val (keys, key);
    }
  return keys;
}

static gboolean
are_same_ids (GArray *a, GArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (g_array_index (a, DeskKey, i).id != g_array_index (b, DeskKey, i).id)
      return FALSE;
  return TRUE;
}

/* The same tickets in the same order only get their rows anew. */
static void
show_found (DeskListModel *self, GPtrArray *rows)
{
  g_autoptr (GArray) keys = number_found (rows);

  hold (self, keys, rows);
  if (self->next == NULL && are_same_ids (self->keys, keys))
    desk_list_model_settle (self, TRUE);
  else
    desk_list_model_show_keys (self, keys);
}

static void
search_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskListModel) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = desk_store_search_finish (DESK_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->store == NULL)
    return;
  if (rows == NULL)
    {
      self->is_busy = FALSE;
      desk_list_model_fail (self, g_steal_pointer (&error));
      return;
    }
  show_found (self, rows);
}

void
desk_list_model_read_found (DeskListModel *self)
{
  self->is_busy = TRUE;
  self->is_behind = FALSE;
  desk_store_search_async (self->store, self->words, SEARCH_LIMIT, self->cancellable, search_cb,
                           g_object_ref (self));
}

/* --- object --- */

static void
desk_list_model_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DeskListModel *self = DESK_LIST_MODEL (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_COMPLETE:
      g_value_set_boolean (value, self->complete);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
desk_list_model_dispose (GObject *object)
{
  DeskListModel *self = DESK_LIST_MODEL (object);

  if (self->store != NULL)
    {
      g_clear_signal_handler (&self->changed_handler, self->store);
      g_clear_signal_handler (&self->seen_handler, self->store);
      g_clear_signal_handler (&self->catalogue_handler, self->store);
    }
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->later_source, g_source_remove);
  g_clear_handle_id (&self->edits_source, g_source_remove);
  g_clear_handle_id (&self->wanted_source, g_source_remove);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_list_model_parent_class)->dispose (object);
}

static void
desk_list_model_finalize (GObject *object)
{
  DeskListModel *self = DESK_LIST_MODEL (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->words, g_free);
  g_clear_error (&self->error);
  g_clear_pointer (&self->keys, g_array_unref);
  g_clear_pointer (&self->next, g_array_unref);
  g_clear_pointer (&self->edits, g_array_unref);
  g_clear_pointer (&self->items, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_array_unref);
  G_OBJECT_CLASS (desk_list_model_parent_class)->finalize (object);
}

static void
desk_list_model_class_init (DeskListModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = desk_list_model_get_property;
  object_class->dispose = desk_list_model_dispose;
  object_class->finalize = desk_list_model_finalize;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, DESK_TYPE_LIST_STATE,
                                         DESK_LIST_LOADING,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_COMPLETE] = g_param_spec_boolean ("complete", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_signal_new ("edited", DESK_TYPE_LIST_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                1, G_TYPE_UINT);
  g_signal_new ("loaded", DESK_TYPE_LIST_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
desk_list_model_init (DeskListModel *self)
{
  self->cancellable = g_cancellable_new ();
  self->view = desk_view_of (DESK_VIEW_OPEN);
  self->keys = g_array_new (FALSE, FALSE, sizeof (DeskKey));
  self->items = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (gint64));
}

DeskListModel *
desk_list_model_new (DeskStore *store)
{
  DeskListModel *self = g_object_new (DESK_TYPE_LIST_MODEL, NULL);

  self->store = g_object_ref (store);
  desk_list_model_follow (self);
  return self;
}

void
desk_list_model_show (DeskListModel *self, const DeskView *view, DeskSort sort)
{
  g_return_if_fail (DESK_IS_LIST_MODEL (self));

  self->view = *view;
  self->sort = sort;
  g_clear_pointer (&self->words, g_free);
  read_first_page (self);
}

void
desk_list_model_search (DeskListModel *self, const char *words)
{
  g_return_if_fail (DESK_IS_LIST_MODEL (self));

  if (words != NULL && words[0] == '\0')
    words = NULL;
  if (g_strcmp0 (self->words, words) == 0)
    return;
  g_free (self->words);
  self->words = g_strdup (words);
  desk_list_model_reload (self);
}

void
desk_list_model_reload (DeskListModel *self)
{
  g_return_if_fail (DESK_IS_LIST_MODEL (self));

  if (self->words == NULL)
    {
      read_first_page (self);
      return;
    }
  start_over (self);
  desk_list_model_read_found (self);
}

void
desk_list_model_tick (DeskListModel *self)
{
  g_return_if_fail (DESK_IS_LIST_MODEL (self));

  if (self->words != NULL || self->view.kind != DESK_VIEW_OVERDUE)
    return;
  self->must_reread = TRUE;
  desk_list_model_follow_store (self);
}

const DeskView *
desk_list_model_get_view (DeskListModel *self)
{
  return &self->view;
}

DeskSort
desk_list_model_get_sort (DeskListModel *self)
{
  return self->sort;
}

gboolean
desk_list_model_is_searching (DeskListModel *self)
{
  return self->words != NULL;
}

DeskListState
desk_list_model_get_state (DeskListModel *self)
{
  return self->state;
}

const GError *
desk_list_model_get_error (DeskListModel *self)
{
  return self->error;
}

gboolean
desk_list_model_is_complete (DeskListModel *self)
{
  return self->complete;
}

guint
desk_list_model_find (DeskListModel *self, gint64 id)
{
  g_return_val_if_fail (DESK_IS_LIST_MODEL (self), DESK_KEYS_NONE);

  if (self->next == NULL)
    return desk_keys_find (self->keys, id);
  for (guint i = 0; i < get_length (self); i++)
    if (get_key (self, i)->id == id)
      return i;
  return DESK_KEYS_NONE;
}

guint
desk_list_model_find_uid (DeskListModel *self, const char *uid)
{
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (DESK_IS_LIST_MODEL (self), DESK_KEYS_NONE);

  g_hash_table_iter_init (&iter, self->items);
  while (uid != NULL && g_hash_table_iter_next (&iter, NULL, &value))
    {
      DeskListItem *item = value;

      if (item->row != NULL && g_strcmp0 (item->row->uid, uid) == 0)
        return desk_list_model_find (self, item->id);
    }
  return DESK_KEYS_NONE;
}
