/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the list pane shows while there is no list, and how long the list is. */
#include "desk-list-pane-private.h"

#include <glib/gi18n.h>

#include "desk-list-status.h"

#define PATIENCE_MS 150
#define N_SKELETONS 9

static GtkWidget *
make_skeleton (DeskListPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  for (guint i = 0; i < N_SKELETONS; i++)
    gtk_box_append (GTK_BOX (box), desk_ticket_row_new (self->store, self->variant));
  gtk_widget_add_css_class (box, "desk-skeleton");
  /* As many as there is room for. */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  gtk_widget_set_can_target (scroller, FALSE);
  return scroller;
}

static void
show_skeleton (DeskListPane *self)
{
  if (gtk_stack_get_child_by_name (self->stack, "loading") == NULL)
    gtk_stack_add_named (self->stack, make_skeleton (self), "loading");
  gtk_stack_set_visible_child_name (self->stack, "loading");
}

static void
status_clicked_cb (DeskListPane *self)
{
  if (desk_list_model_get_state (self->model) == DESK_LIST_FAILED)
    desk_list_model_reload (self->model);
  else
    g_signal_emit_by_name (self, "way-on");
}

static void
make_status (DeskListPane *self)
{
  self->status = ADW_STATUS_PAGE (adw_status_page_new ());
  self->status_button = gtk_button_new ();
  gtk_widget_add_css_class (GTK_WIDGET (self->status), "compact");
  gtk_widget_add_css_class (self->status_button, "pill");
  gtk_widget_set_halign (self->status_button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->status_button, "clicked", G_CALLBACK (status_clicked_cb), self);
  adw_status_page_set_child (self->status, self->status_button);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->status), "status");
}

static void
show_status_button (DeskListPane *self, const char *label)
{
  gtk_widget_set_visible (self->status_button, label != NULL);
  if (label != NULL)
    gtk_button_set_label (GTK_BUTTON (self->status_button), label);
}

static void
show_status (DeskListPane *self)
{
  const GError *error = desk_list_model_get_error (self->model);

  if (self->status == NULL)
    make_status (self);
  if (desk_list_model_get_state (self->model) == DESK_LIST_FAILED)
    {
      desk_list_status_show_error (self->status, error);
      show_status_button (self, _ ("Try again"));
    }
  else if (desk_list_model_is_searching (self->model))
    {
      desk_list_status_show_not_found (self->status,
                                       gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
      show_status_button (self, NULL);
      desk_list_pane_ask_for_older (self);
    }
  else
    {
      desk_list_status_show_empty (self->status, desk_list_model_get_view (self->model));
      show_status_button (self, self->way_on);
    }
  gtk_stack_set_visible_child_name (self->stack, "status");
}

static gboolean
out_of_patience_cb (gpointer data)
{
  DeskListPane *self = data;

  self->patience_source = 0;
  show_skeleton (self);
  return G_SOURCE_REMOVE;
}

/* What was there before stays for a moment, so that nothing flickers. */
void
desk_list_pane_show_page (DeskListPane *self)
{
  DeskListState state = desk_list_model_get_state (self->model);

  if (state == DESK_LIST_LOADING)
    {
      if (self->patience_source == 0)
        self->patience_source = g_timeout_add (PATIENCE_MS, out_of_patience_cb, self);
      return;
    }
  g_clear_handle_id (&self->patience_source, g_source_remove);
  if (state == DESK_LIST_READY && desk_list_pane_get_length (self) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    show_status (self);
}

/* --- header --- */

static char *
describe_length (DeskListPane *self)
{
  guint n = desk_list_pane_get_length (self);

  if (desk_list_model_is_searching (self->model))
    return n == 0 ? g_strdup (_ ("Nothing found"))
                  : g_strdup_printf (ngettext ("%u found", "%u found", n), n);
  if (n == 0)
    return g_strdup (_ ("No tickets"));
  return g_strdup_printf (ngettext ("%'u ticket", "%'u tickets", n), n);
}

/* The number of the first page would not be true, so it is not said. */
void
desk_list_pane_show_length (DeskListPane *self)
{
  g_autofree char *text = NULL;

  if (self->variant == DESK_ROW_FOR_REQUESTER && !desk_list_model_is_searching (self->model))
    {
      adw_window_title_set_subtitle (self->title, "");
      return;
    }
  if (desk_list_model_get_state (self->model) != DESK_LIST_READY ||
      !desk_list_model_is_complete (self->model))
    return;
  text = describe_length (self);
  adw_window_title_set_subtitle (self->title, text);
}
