/* SPDX-License-Identifier: GPL-3.0-or-later
 * From one list of keys to the next, in short turns.
 *
 * Between two states of a list the model is both: up to a boundary it shows the new keys, after it
 * the old ones. Each edit moves the boundary and tells the views, so that a step costs the same
 * whatever the list's length, and nothing is ever announced that is not so. */
#include "desk-list-model-private.h"

#define MOST_EDITS 64
/* A view looks for what it follows among all that is added at once. */
#define MOST_ADDED_WITH_REMOVED 1000
#define TURN_USECS              3000
/* A pause between edits of a long list, so that a busy desk leaves time for the eye. */
#define LONG_LIST_MS 100
/* After drawing, before idle work. */
#define PRIORITY_EDITS (G_PRIORITY_HIGH_IDLE + 25)

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
      desk_list_model_settle (self, self->words != NULL || self->keys->len < DESK_LIST_FIRST_PAGE);
      return;
    }
  self->is_busy = FALSE;
  desk_list_model_set_complete (self, TRUE);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_signal_emit_by_name (self, "edited", n_new);
  if (self->is_behind)
    desk_list_model_follow_later (self, self->keys->len > DESK_LIST_SHORT ? LONG_LIST_MS : 0);
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
void
desk_list_model_show_keys (DeskListModel *self, GArray *keys)
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
  desk_list_model_refresh_rows (self, comparison->changes);
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
void
desk_list_model_edit_towards (DeskListModel *self, GArray *changes, GArray *after)
{
  Comparison *comparison = g_new0 (Comparison, 1);

  comparison->keys = g_array_ref (self->keys);
  comparison->changes = changes;
  comparison->after = after;
  if (MAX (self->keys->len, after != NULL ? after->len : 0) > DESK_LIST_SHORT)
    {
      compare_elsewhere (self, comparison);
      return;
    }
  compare (comparison);
  take_comparison (self, comparison);
  comparison_free (comparison);
}
