/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stays in the list pane when the list changes: the selected ticket, its focus, the top.
 *
 * What came in above while somebody is further down is counted by the pill. */
#include "desk-list-pane-private.h"

#include <glib/gi18n.h>

/* Less than this from the top is the top. */
#define TOP 8

/* --- selection --- */

static void
set_current (DeskListPane *self, DeskListItem *item)
{
  g_set_object (&self->current, item);
}

static void
selected_cb (DeskListPane *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);
  DeskListItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (position != GTK_INVALID_LIST_POSITION)
    self->last_position = position;
  if (self->is_editing || item == NULL || item == self->current)
    return;
  g_clear_pointer (&self->awaited, g_free);
  set_current (self, item);
  g_signal_emit_by_name (self, "selected", item);
}

static void
select_silently (DeskListPane *self, guint position)
{
  gboolean was_editing = self->is_editing;

  self->is_editing = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->is_editing = was_editing;
}

static void
restore_selection (DeskListPane *self)
{
  if (gtk_single_selection_get_selected_item (self->selection) == (gpointer) self->current)
    return;
  select_silently (self,
                   self->current != NULL
                       ? desk_list_model_find (self->model, desk_list_item_get_id (self->current))
                       : GTK_INVALID_LIST_POSITION);
}

const DeskRow *
desk_list_pane_get_row (DeskListPane *self)
{
  g_return_val_if_fail (DESK_IS_LIST_PANE (self), NULL);

  return self->current != NULL ? desk_list_item_get_row (self->current) : NULL;
}

void
desk_list_pane_mark (DeskListPane *self, const char *uid)
{
  guint position;

  g_return_if_fail (DESK_IS_LIST_PANE (self));

  if (self->model == NULL)
    return;
  position = desk_list_model_find_uid (self->model, uid);
  g_free (self->awaited);
  self->awaited = position == GTK_INVALID_LIST_POSITION ? g_strdup (uid) : NULL;
  select_silently (self, position);
  set_current (self, gtk_single_selection_get_selected_item (self->selection));
}

/* --- focus --- */

static gboolean
has_list_focus (DeskListPane *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && (focus == GTK_WIDGET (self->list) ||
                           gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)));
}

/* The row that had the focus may have moved away under it. */
static void
restore_focus (DeskListPane *self)
{
  GtkWidget *row = desk_list_pane_find_list_row (self, self->current);

  if (row != NULL && has_list_focus (self) && !gtk_widget_has_focus (row))
    gtk_widget_grab_focus (row);
}

void
desk_list_pane_focus (DeskListPane *self)
{
  GtkWidget *row;

  g_return_if_fail (DESK_IS_LIST_PANE (self));

  row = desk_list_pane_find_list_row (self, self->current);
  if ((row == NULL || !gtk_widget_grab_focus (row)) &&
      !gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD))
    gtk_widget_grab_focus (GTK_WIDGET (self->list)); /* its rows are on their way */
}

/* --- top and pill --- */

static void
scroll_to (DeskListPane *self, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

static void
show_pill (DeskListPane *self)
{
  g_autofree char *label = NULL;

  if (self->n_new > 0)
    {
      label = g_strdup_printf (ngettext ("%u new", "%u new", self->n_new), self->n_new);
      gtk_button_set_label (self->pill, label);
    }
  gtk_revealer_set_reveal_child (self->pill_revealer, self->n_new > 0);
  gtk_widget_set_can_target (GTK_WIDGET (self->pill_revealer), self->n_new > 0);
}

static gboolean
is_at_top (DeskListPane *self)
{
  return gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller)) < TOP;
}

static void
scrolled_cb (DeskListPane *self)
{
  self->is_going_up = FALSE;
  if (self->n_new == 0 || !is_at_top (self))
    return;
  self->n_new = 0;
  show_pill (self);
}

/* The list arrives there when it is next laid out; what changes until then stays at the top. */
static void
go_up (DeskListPane *self)
{
  self->is_going_up = !is_at_top (self);
  scroll_to (self, 0);
}

void
desk_list_pane_watch_top (DeskListPane *self)
{
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
}

void
desk_list_pane_scroll_to_top (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskListPane *self = DESK_LIST_PANE (widget);

  go_up (self);
  self->n_new = 0;
  show_pill (self);
}

/* --- moving along --- */

static gboolean
select_position (DeskListPane *self, gint64 position)
{
  gboolean had_focus = has_list_focus (self);

  if (position < 0 || position >= desk_list_pane_get_length (self))
    return FALSE;
  self->is_going_up = FALSE;
  scroll_to (self, (guint) position);
  gtk_single_selection_set_selected (self->selection, (guint) position);
  if (had_focus)
    desk_list_pane_focus (self);
  return TRUE;
}

gboolean
desk_list_pane_move (DeskListPane *self, int by)
{
  guint position;

  g_return_val_if_fail (DESK_IS_LIST_PANE (self), FALSE);

  position = gtk_single_selection_get_selected (self->selection);
  if (position != GTK_INVALID_LIST_POSITION)
    return select_position (self, (gint64) position + by);
  /* From where it was, or from the top. */
  if (self->current == NULL)
    return select_position (self, 0);
  return select_position (self, (gint64) self->last_position + (by > 0 ? by - 1 : by));
}

gboolean
desk_list_pane_select_after (DeskListPane *self, const char *uid)
{
  guint position;
  guint n;

  g_return_val_if_fail (DESK_IS_LIST_PANE (self), FALSE);

  position = desk_list_model_find_uid (self->model, uid);
  n = desk_list_pane_get_length (self);
  if (position == GTK_INVALID_LIST_POSITION)
    return select_position (self, MIN ((gint64) self->last_position, (gint64) n - 1));
  if (position + 1 < n)
    return select_position (self, position + 1);
  return select_position (self, (gint64) position - 1);
}

/* --- the model --- */

/* Before the selection and the list hear of it. */
static void
before_edit_cb (DeskListPane *self)
{
  self->is_editing = TRUE;
  self->follows_top |= self->is_going_up || is_at_top (self);
}

static void
after_edit_cb (DeskListPane *self)
{
  self->is_editing = FALSE;
}

static void
loaded_cb (DeskListPane *self)
{
  g_autofree char *uid = g_strdup (self->awaited);

  if (uid != NULL)
    desk_list_pane_mark (self, uid);
}

static void
edited_cb (DeskListPane *self, guint n_new)
{
  gboolean moved = gtk_single_selection_get_selected_item (self->selection) !=
                   (gpointer) self->current;

  loaded_cb (self);
  restore_selection (self);
  if (moved)
    restore_focus (self);
  if (self->follows_top && desk_list_pane_get_length (self) > 0)
    go_up (self);
  else
    self->n_new += n_new;
  self->follows_top = FALSE;
  show_pill (self);
  desk_list_pane_show_page (self);
  desk_list_pane_show_length (self);
}

static void
model_state_cb (DeskListPane *self)
{
  desk_list_pane_show_page (self);
  desk_list_pane_show_length (self);
}

/* The order of these connections counts: see before_edit_cb(). */
void
desk_list_pane_make_model (DeskListPane *self)
{
  self->model = desk_list_model_new (self->store);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (before_edit_cb), self,
                           G_CONNECT_SWAPPED);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (after_edit_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "edited", G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "notify", G_CALLBACK (model_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

void
desk_list_pane_drop_model (DeskListPane *self)
{
  if (self->model == NULL)
    return;
  gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  /* What is under way holds the model; it is not to go on. */
  g_object_run_dispose (G_OBJECT (self->model));
  g_clear_object (&self->model);
}
