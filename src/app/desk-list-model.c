/* SPDX-License-Identifier: GPL-3.0-or-later
 * A queue as a GListModel.
 *
 * Between two states of a list the model is both: up to a boundary it shows the new keys, after it
 * the old ones. Each edit moves the boundary and tells the views, so that a step costs the same
 * whatever the list's length, and nothing is ever announced that is not so. */
#include "desk-list-model.h"

#include "desk-keys.h"
#include "desk-list-item-private.h"

#define FIRST_PAGE     50
#define ROWS_AT_ONCE   64
#define MOST_ROW_CALLS 2
/* More changed tickets than this are cheaper to compare than to merge. */
#define MOST_CHANGES 2000
/* Lists up to this length are edited on the spot. */
#define SHORT_LIST 20000
#define MOST_EDITS 64
/* A view looks for what it follows among all that is added at once. */
#define MOST_ADDED_WITH_REMOVED 1000
#define TURN_USECS              3000
#define REREAD_MS               1000
/* The first page is to be on the screen before the rest is read. */
#define REST_MS 80
/* A pause between edits of a long list, so that a busy desk leaves time for the eye. */
#define LONG_LIST_MS 100
#define SEARCH_LIMIT 200
/* After drawing, before idle work. */
#define PRIORITY_EDITS (G_PRIORITY_HIGH_IDLE + 25)

struct _DeskListModel
{
  GObject parent_instance;

  DeskStore *store;
  gulong changed_handler;
  gulong seen_handler;
  gulong catalogue_handler;
  GCancellable *cancellable; /* of everything that is under way for what is shown */

  DeskView view;
  DeskSort sort;
  char *words; /* of a search, or NULL */
  DeskListState state;
  gboolean complete;
  GError *error;

  GArray *keys;  /* of DeskKey; shared with workers, never written to */
  GArray *next;  /* what they will be, while edits are under way */
  guint n_old;   /* so many of keys gave way … */
  guint n_next;  /* … to so many of next */
  GArray *edits; /* of DeskKeyEdit */
  guint n_edits_done;
  guint n_new_at_top;
  gboolean is_other; /* and next is another list, not what became of keys */
  guint edits_source;

  GHashTable *items; /* &id → DeskListItem, not owned */
  GPtrArray *held;   /* items that come with their rows: the first page, or what was found */
  GArray *wanted;    /* ids whose rows are asked for */
  guint wanted_source;
  guint n_row_calls;

  gint64 tx;            /* the state of the desk that keys show */
  gboolean is_busy;     /* reading or comparing keys */
  gboolean is_behind;   /* the desk changed meanwhile */
  gboolean must_reread; /* and not by a few tickets */
  gint64 reread_at;     /* when the keys were last read again, monotonic */
  guint later_source;
};

enum
{
  PROP_STATE = 1,
  PROP_COMPLETE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_EDITED,
  SIGNAL_LOADED,
  N_MODEL_SIGNALS,
};

static guint model_signals[N_MODEL_SIGNALS];

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

static void follow_store (DeskListModel *self);
static void follow_later (DeskListModel *self, guint ms);
static void settle (DeskListModel *self, gboolean complete);
static void search_cb (GObject *source, GAsyncResult *result, gpointer data);
static void send_wanted (DeskListModel *self);

/* --- rows --- */

static DeskListItem *
ref_item (DeskListModel *self, gint64 id)
{
  DeskListItem *item = g_hash_table_lookup (self->items, &id);

  if (item != NULL)
    return g_object_ref (item);
  item = desk_list_item_new (self->items, id);
  return item;
}

static gboolean
send_wanted_cb (gpointer data)
{
  DeskListModel *self = data;

  self->wanted_source = 0;
  send_wanted (self);
  return G_SOURCE_REMOVE;
}

/* What views ask for in one turn goes out together, before the next frame. */
static void
want_row (DeskListModel *self, DeskListItem *item)
{
  if (self->words != NULL || self->store == NULL)
    return; /* what was found came with its row */
  if (item->asked)
    {
      item->stale = item->row != NULL;
      return;
    }
  item->asked = TRUE;
  g_array_append_val (self->wanted, item->id);
  if (self->wanted_source == 0)
    self->wanted_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, send_wanted_cb, self, NULL);
}

/* Up to ROWS_AT_ONCE ids whose items are still looked at. */
static GArray *
take_wanted (DeskListModel *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_taken = 0;

  while (n_taken < self->wanted->len && ids->len < ROWS_AT_ONCE)
    {
      gint64 id = g_array_index (self->wanted, gint64, n_taken++);

      if (g_hash_table_contains (self->items, &id))
        g_array_append_val (ids, id);
    }
  g_array_remove_range (self->wanted, 0, n_taken);
  return ids;
}

typedef struct
{
  DeskListModel *model; /* owned */
  GArray *ids;
} RowCall;

static void
row_call_free (RowCall *call)
{
  g_object_unref (call->model);
  g_array_unref (call->ids);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RowCall, row_call_free)

/* A row that is gone leaves the list with the next change; until then it stays as it was. */
static void
give_rows (DeskListModel *self, GArray *ids, GPtrArray *rows)
{
  for (guint i = 0; i < ids->len; i++)
    {
      DeskListItem *item = g_hash_table_lookup (self->items, &g_array_index (ids, gint64, i));

      if (item == NULL)
        continue;
      item->asked = FALSE;
      if (item->stale)
        want_row (self, item);
      item->stale = FALSE;
      if (self->words != NULL || rows == NULL || rows->pdata[i] == NULL)
        continue;
      g_object_ref (item);
      desk_list_item_take_row (item, g_steal_pointer (&rows->pdata[i]));
      g_object_unref (item);
    }
}

static void
rows_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RowCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = desk_store_rows_finish (DESK_STORE (source), result, &error);
  DeskListModel *self = call->model;

  self->n_row_calls--;
  if (self->store == NULL)
    return;
  give_rows (self, call->ids, rows);
  g_signal_emit (self, model_signals[SIGNAL_LOADED], 0);
  send_wanted (self);
}

static void
send_wanted (DeskListModel *self)
{
  while (self->wanted->len > 0 && self->n_row_calls < MOST_ROW_CALLS)
    {
      g_autoptr (GArray) ids = take_wanted (self);
      RowCall *call;

      if (ids->len == 0)
        continue;
      call = g_new0 (RowCall, 1);
      call->model = g_object_ref (self);
      call->ids = g_array_ref (ids);
      self->n_row_calls++;
      desk_store_rows_async (self->store, (const gint64 *) ids->data, ids->len, NULL, rows_cb,
                             call);
    }
}

/* Every row that is looked at, or those of @changes, are read again. */
static void
refresh_rows (DeskListModel *self, GArray *changes)
{
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      const DeskKeyChange *change = &g_array_index (changes, DeskKeyChange, i);
      DeskListItem *item = g_hash_table_lookup (self->items, &change->key.id);

      if (item != NULL)
        want_row (self, item);
    }
  if (changes != NULL)
    return;
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    want_row (self, value);
}

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
  item = ref_item (self, get_key (self, position)->id);
  if (item->row == NULL && !item->asked)
    want_row (self, item);
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

static void
set_complete (DeskListModel *self, gboolean complete)
{
  if (self->complete == complete)
    return;
  self->complete = complete;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COMPLETE]);
}

static void
fail (DeskListModel *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  set_state (self, DESK_LIST_FAILED);
}

/* --- edits --- */

static void
stop_edits (DeskListModel *self)
{
  g_clear_handle_id (&self->edits_source, g_source_remove);
  g_clear_pointer (&self->edits, g_array_unref);
  self->n_edits_done = 0;
  self->n_new_at_top = 0;
  self->is_other = FALSE;
}

static void
finish_edits (DeskListModel *self)
{
  guint n_new = self->n_new_at_top;
  gboolean is_other = self->is_other;

  g_array_unref (self->keys);
  self->keys = g_steal_pointer (&self->next);
  stop_edits (self);
  if (is_other)
    {
      settle (self, self->words != NULL || self->keys->len < FIRST_PAGE);
      return;
    }
  self->is_busy = FALSE;
  set_complete (self, TRUE);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_signal_emit (self, model_signals[SIGNAL_EDITED], 0, n_new);
  if (self->is_behind)
    follow_later (self, self->keys->len > SHORT_LIST ? LONG_LIST_MS : 0);
}

static void
step_over (DeskListModel *self, const DeskKeyEdit *edit)
{
  self->n_old = edit->at + edit->n_removed;
  if (edit->n_removed > 0 && edit->n_added > MOST_ADDED_WITH_REMOVED)
    {
      self->n_next = edit->to;
      g_list_model_items_changed (G_LIST_MODEL (self), edit->to, edit->n_removed, 0);
      self->n_next += edit->n_added;
      g_list_model_items_changed (G_LIST_MODEL (self), edit->to, 0, edit->n_added);
      return;
    }
  self->n_next = edit->to + edit->n_added;
  g_list_model_items_changed (G_LIST_MODEL (self), edit->to, edit->n_removed, edit->n_added);
}

static gboolean
continue_edits_cb (gpointer data)
{
  g_autoptr (DeskListModel) self = g_object_ref (data);
  gint64 until = g_get_monotonic_time () + TURN_USECS;

  while (self->edits != NULL && self->n_edits_done < self->edits->len)
    {
      DeskKeyEdit edit = g_array_index (self->edits, DeskKeyEdit, self->n_edits_done++);

      if (edit.to == 0)
        self->n_new_at_top += edit.n_new;
      step_over (self, &edit);
      if (g_get_monotonic_time () >= until)
        return G_SOURCE_CONTINUE;
    }
  self->edits_source = 0;
  if (self->edits != NULL)
    finish_edits (self);
  return G_SOURCE_REMOVE;
}

static void
begin_edits (DeskListModel *self, GArray *next, GArray *edits)
{
  if (edits->len > MOST_EDITS)
    desk_keys_join (edits, self->keys, self->items);
  self->next = next;
  self->edits = desk_keys_split (edits);
  g_array_unref (edits);
  self->n_old = 0;
  self->n_next = 0;
  /* The first turn is now, so that a short list is edited in one. */
  if (continue_edits_cb (self) == G_SOURCE_CONTINUE)
    self->edits_source = g_idle_add_full (PRIORITY_EDITS, continue_edits_cb, self, NULL);
}

/* What is shown in the midst of edits becomes a list that others can start from. */
static void
stay_here (DeskListModel *self)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (DeskKey));

  g_array_append_vals (keys, self->next->data, self->n_next);
  g_array_append_vals (keys, &g_array_index (self->keys, DeskKey, self->n_old),
                       self->keys->len - self->n_old);
  g_array_unref (self->keys);
  self->keys = keys;
  g_clear_pointer (&self->next, g_array_unref);
  stop_edits (self);
}

/* Another queue, or what was found: row by row, as many as there is time for. */
static void
show_keys (DeskListModel *self, GArray *keys)
{
  GArray *edits = g_array_new (FALSE, FALSE, sizeof (DeskKeyEdit));
  DeskKeyEdit edit = { 0 };

  if (self->next != NULL)
    stay_here (self);
  edit.n_removed = self->keys->len;
  edit.n_added = keys->len;
  g_array_append_val (edits, edit);
  self->is_other = TRUE;
  begin_edits (self, g_array_ref (keys), edits);
}

/* --- comparing, here or on a thread --- */

typedef struct
{
  GArray *keys;
  GArray *changes; /* or NULL: compare with after */
  GArray *after;
  GArray *edits;
} Comparison;

static void
comparison_free (Comparison *self)
{
  g_array_unref (self->keys);
  g_clear_pointer (&self->changes, g_array_unref);
  g_clear_pointer (&self->after, g_array_unref);
  g_clear_pointer (&self->edits, g_array_unref);
  g_free (self);
}

static void
compare (Comparison *self)
{
  if (self->changes != NULL)
    self->after = desk_keys_merge (self->keys, self->changes, &self->edits);
  else
    self->edits = desk_keys_diff (self->keys, self->after);
}

static void
compare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  compare (data);
  g_task_return_boolean (task, TRUE);
}

static void
take_comparison (DeskListModel *self, Comparison *comparison)
{
  refresh_rows (self, comparison->changes);
  begin_edits (self, g_steal_pointer (&comparison->after), g_steal_pointer (&comparison->edits));
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  DeskListModel *self = DESK_LIST_MODEL (source);

  if (!g_task_propagate_boolean (G_TASK (result), NULL) || self->store == NULL)
    return; /* something else is shown by now */
  take_comparison (self, g_task_get_task_data (G_TASK (result)));
}

static void
compare_elsewhere (DeskListModel *self, Comparison *comparison)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, compared_cb, NULL);

  g_task_set_source_tag (task, compare_elsewhere);
  g_task_set_task_data (task, comparison, (GDestroyNotify) comparison_free);
  g_task_run_in_thread (task, compare_in_thread);
}

/* Takes either. */
static void
edit_towards (DeskListModel *self, GArray *changes, GArray *after)
{
  Comparison *comparison = g_new0 (Comparison, 1);

  comparison->keys = g_array_ref (self->keys);
  comparison->changes = changes;
  comparison->after = after;
  if (MAX (self->keys->len, after != NULL ? after->len : 0) > SHORT_LIST)
    {
      compare_elsewhere (self, comparison);
      return;
    }
  compare (comparison);
  take_comparison (self, comparison);
  comparison_free (comparison);
}

/* --- following the store --- */

static gboolean
later_cb (gpointer data)
{
  DeskListModel *self = data;

  self->later_source = 0;
  follow_store (self);
  return G_SOURCE_REMOVE;
}

static void
follow_later (DeskListModel *self, guint ms)
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
      follow_later (self, error != NULL ? REREAD_MS : 0);
      return;
    }
  self->tx = tx;
  edit_towards (self, g_steal_pointer (&changes), NULL);
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
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->tx = tx;
  edit_towards (self, NULL, g_steal_pointer (&keys));
}

static void
read_all_keys (DeskListModel *self)
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

static void
read_found (DeskListModel *self)
{
  self->is_busy = TRUE;
  self->is_behind = FALSE;
  desk_store_search_async (self->store, self->words, SEARCH_LIMIT, self->cancellable, search_cb,
                           g_object_ref (self));
}

/* Keys are read whole once a second at most. */
static void
follow_store (DeskListModel *self)
{
  gint64 since_ms = (g_get_monotonic_time () - self->reread_at) / 1000;
  gboolean is_whole = self->must_reread || self->words != NULL;

  self->is_behind = TRUE;
  if (self->is_busy || self->state != DESK_LIST_READY)
    return;
  if (is_whole && since_ms < REREAD_MS)
    {
      follow_later (self, REREAD_MS - since_ms);
      return;
    }
  if (self->words != NULL)
    {
      self->reread_at = g_get_monotonic_time ();
      read_found (self);
    }
  else if (self->must_reread)
    read_all_keys (self);
  else
    read_changes (self);
}

static void
store_changed_cb (DeskListModel *self)
{
  follow_store (self);
}

/* I may see other tickets than before. */
static void
catalogue_changed_cb (DeskListModel *self)
{
  self->must_reread = TRUE;
  follow_store (self);
}

/* What I read is no change of its ticket. */
static void
store_seen_cb (DeskListModel *self)
{
  GHashTableIter iter;
  gpointer value;

  if (self->words != NULL)
    {
      follow_store (self);
      return;
    }
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      DeskListItem *item = value;

      if (item->row != NULL && item->row->unread)
        want_row (self, item);
    }
}

/* --- the first page --- */

static gboolean
read_rest_cb (gpointer data)
{
  DeskListModel *self = data;

  self->later_source = 0;
  read_all_keys (self);
  return G_SOURCE_REMOVE;
}

static void
settle (DeskListModel *self, gboolean complete)
{
  g_clear_error (&self->error);
  self->is_busy = !complete;
  set_complete (self, complete);
  set_state (self, DESK_LIST_READY);
  g_signal_emit (self, model_signals[SIGNAL_EDITED], 0, 0);
  if (!complete)
    self->later_source = g_timeout_add_full (G_PRIORITY_LOW, REST_MS, read_rest_cb, self, NULL);
  else if (self->is_behind)
    follow_store (self);
}

/* Items for @rows, which are NULL where a row could not be read. Takes the rows. */
static GPtrArray *
hold_items (DeskListModel *self, GArray *keys, GPtrArray *rows)
{
  GPtrArray *held = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < keys->len; i++)
    {
      DeskListItem *item = ref_item (self, g_array_index (keys, DeskKey, i).id);

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
      fail (self, g_steal_pointer (&error));
      return;
    }
  self->tx = page->tx;
  hold (self, page->keys, rows);
  show_keys (self, page->keys);
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
      fail (self, g_steal_pointer (&error));
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
  set_complete (self, FALSE);
  set_state (self, DESK_LIST_LOADING);
}

static void
read_first_page (DeskListModel *self)
{
  start_over (self);
  desk_store_keys_async (self->store, &self->view, self->sort, FIRST_PAGE, self->cancellable,
                         first_keys_cb, g_object_ref (self));
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
    settle (self, TRUE);
  else
    show_keys (self, keys);
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
      fail (self, g_steal_pointer (&error));
      return;
    }
  show_found (self, rows);
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

  model_signals[SIGNAL_EDITED] = g_signal_new ("edited", DESK_TYPE_LIST_MODEL, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  model_signals[SIGNAL_LOADED] = g_signal_new ("loaded", DESK_TYPE_LIST_MODEL, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
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
  self->changed_handler = g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb),
                                                   self, G_CONNECT_SWAPPED);
  self->catalogue_handler = g_signal_connect_object (store, "catalogue-changed",
                                                     G_CALLBACK (catalogue_changed_cb), self,
                                                     G_CONNECT_SWAPPED);
  self->seen_handler = g_signal_connect_object (store, "seen", G_CALLBACK (store_seen_cb), self,
                                                G_CONNECT_SWAPPED);
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
  read_found (self);
}

void
desk_list_model_tick (DeskListModel *self)
{
  g_return_if_fail (DESK_IS_LIST_MODEL (self));

  if (self->words != NULL || self->view.kind != DESK_VIEW_OVERDUE)
    return;
  self->must_reread = TRUE;
  follow_store (self);
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
