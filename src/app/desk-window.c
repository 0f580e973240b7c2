/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desk, as an agent sees it. */
#include "desk-window.h"

#include <glib/gi18n.h>

#include "desk-pane-bin.h"
#include "desk-queues.h"
#include "desk-settings.h"
#include "desk-ticket-panes.h"
#include "desk-wording.h"

#define LIST_WIDTH        372
#define NARROW_LIST_WIDTH 330

struct _DeskWindow
{
  AdwApplicationWindow parent_instance;

  DeskPaneBin *bin;
  AdwFlap *flap;
  DeskQueues *queues;
  DeskTicketPanes *panes;

  DeskStore *store;
  GSettings *settings; /* or NULL */
};

G_DEFINE_FINAL_TYPE (DeskWindow, desk_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- queues --- */

static const char *
get_title (DeskWindow *self, const DeskView *view)
{
  const DeskEntry *department;

  if (view->kind != DESK_VIEW_DEPARTMENT)
    return desk_wording_view (view->kind);
  department = desk_catalogue_find (desk_store_get_catalogue (self->store), DESK_ENTRY_DEPARTMENT,
                                    view->department);
  return department != NULL ? department->label : desk_wording_view (view->kind);
}

/* Nothing of mine to do: what nobody does is next. */
static void
show_way_on (DeskWindow *self)
{
  const DeskView *view = desk_list_pane_get_view (desk_ticket_panes_get_list (self->panes));
  DeskView unassigned = desk_view_of (DESK_VIEW_UNASSIGNED);
  gint64 n = desk_queues_get_count (self->queues, &unassigned);
  g_autofree char *label = NULL;

  if (view != NULL && view->kind == DESK_VIEW_MINE && n > 0)
    label = g_strdup_printf (_ ("Show unassigned (%d)"), (int) n);
  desk_list_pane_set_way_on (desk_ticket_panes_get_list (self->panes), label);
}

static void
show_view (DeskWindow *self, const DeskView *view)
{
  g_autofree char *word = desk_view_dup_word (view);

  desk_ticket_panes_show (self->panes, view, get_title (self, view));
  desk_settings_set_last_view (self->settings, word);
  show_way_on (self);
}

static void
chosen_cb (DeskWindow *self, const DeskView *view)
{
  show_view (self, view);
}

static void
close_drawer (DeskWindow *self)
{
  if (desk_pane_bin_is_narrow (self->bin))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
activated_cb (DeskWindow *self)
{
  if (!desk_pane_bin_is_narrow (self->bin))
    return;
  close_drawer (self);
  desk_list_pane_focus (desk_ticket_panes_get_list (self->panes));
}

static void
counted_cb (DeskWindow *self)
{
  show_way_on (self);
}

static void
way_on_cb (DeskWindow *self)
{
  DeskView view = desk_view_of (DESK_VIEW_UNASSIGNED);

  desk_window_show_view (self, &view);
}

static void
narrow_cb (DeskWindow *self)
{
  gboolean is_narrow = desk_pane_bin_is_narrow (self->bin);

  g_object_set (desk_ticket_panes_get_list (self->panes), "show-queues-button", is_narrow,
                "natural-width", is_narrow ? NARROW_LIST_WIDTH : LIST_WIDTH, NULL);
}

/* --- moving between panes --- */

static gboolean
can_focus_queues (DeskWindow *self)
{
  return adw_flap_get_reveal_flap (self->flap);
}

static gboolean
has_queues_focus (DeskWindow *self)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->queues));
}

static void
step (DeskWindow *self, int by)
{
  if (has_queues_focus (self))
    {
      close_drawer (self);
      desk_ticket_panes_step (self->panes, by);
      return;
    }
  if (desk_ticket_panes_step (self->panes, by))
    return;
  if (can_focus_queues (self))
    desk_queues_focus (self->queues);
  else
    desk_ticket_panes_step (self->panes, by);
}

static void
go_to_next_pane (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (DESK_WINDOW (widget), 1);
}

static void
go_to_previous_pane (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (DESK_WINDOW (widget), -1);
}

static void
toggle_queues (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskWindow *self = DESK_WINDOW (widget);
  gboolean reveal = !adw_flap_get_reveal_flap (self->flap);

  if (!desk_pane_bin_is_narrow (self->bin))
    {
      desk_queues_focus (self->queues);
      return;
    }
  adw_flap_set_reveal_flap (self->flap, reveal);
  if (reveal)
    desk_queues_focus (self->queues);
}

static void
show_nth_queue (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskWindow *self = DESK_WINDOW (widget);
  DeskView view;

  if (desk_queues_get_view (self->queues, (guint) g_variant_get_int32 (parameter) - 1, &view))
    desk_window_show_view (self, &view);
}

/* One pane back: conversation → list → queues; first out of what lies over them. */
static gboolean
escape_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  DeskWindow *self = DESK_WINDOW (widget);

  if (desk_pane_bin_is_narrow (self->bin) && adw_flap_get_reveal_flap (self->flap))
    {
      close_drawer (self);
      desk_list_pane_focus (desk_ticket_panes_get_list (self->panes));
      return TRUE;
    }
  if (has_queues_focus (self))
    return FALSE;
  if (desk_ticket_panes_back (self->panes))
    return TRUE;
  if (can_focus_queues (self))
    desk_queues_focus (self->queues);
  return TRUE;
}

/* --- window --- */

static void
remember_size (DeskWindow *self)
{
  DeskWindowSize size = { .maximized = gtk_window_is_maximized (GTK_WINDOW (self)) };

  gtk_window_get_default_size (GTK_WINDOW (self), &size.width, &size.height);
  desk_settings_set_window_size (self->settings, &size);
}

static gboolean
desk_window_close_request (GtkWindow *window)
{
  remember_size (DESK_WINDOW (window));
  return GTK_WINDOW_CLASS (desk_window_parent_class)->close_request (window);
}

static void
desk_window_dispose (GObject *object)
{
  DeskWindow *self = DESK_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_WINDOW);
  g_clear_object (&self->settings);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_window_parent_class)->dispose (object);
}

static void
add_bindings (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, 0, "win.next-pane", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, GDK_SHIFT_MASK,
                                       "win.previous-pane", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "pane.queues", NULL);
  for (int i = 1; i <= 9; i++)
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + i, GDK_CONTROL_MASK, "win.queue",
                                         "i", i);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (DESK_TYPE_PANE_BIN);
  g_type_ensure (DESK_TYPE_QUEUES);
  g_type_ensure (DESK_TYPE_TICKET_PANES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskWindow, bin);
  gtk_widget_class_bind_template_child (widget_class, DeskWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, DeskWindow, queues);
  gtk_widget_class_bind_template_child (widget_class, DeskWindow, panes);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, counted_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_cb);
}

static void
desk_window_class_init (DeskWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = desk_window_close_request;
  gtk_widget_class_install_action (widget_class, "pane.queues", NULL, toggle_queues);
  gtk_widget_class_install_action (widget_class, "win.queue", "i", show_nth_queue);
  gtk_widget_class_install_action (widget_class, "win.next-pane", NULL, go_to_next_pane);
  gtk_widget_class_install_action (widget_class, "win.previous-pane", NULL, go_to_previous_pane);
  add_bindings (widget_class);
  bind_template (widget_class);
}

static void
desk_window_init (DeskWindow *self)
{
  self->settings = desk_settings_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
restore_size (DeskWindow *self)
{
  DeskWindowSize size = desk_settings_get_window_size (self->settings);

  gtk_window_set_default_size (GTK_WINDOW (self), size.width, size.height);
  if (size.maximized)
    gtk_window_maximize (GTK_WINDOW (self));
}

static DeskView
get_last_view (DeskWindow *self)
{
  g_autofree char *word = desk_settings_dup_last_view (self->settings);
  DeskView view;

  if (word == NULL || !desk_view_parse (word, &view, NULL))
    return desk_view_of (DESK_VIEW_OPEN);
  if (view.kind == DESK_VIEW_DEPARTMENT &&
      desk_catalogue_find (desk_store_get_catalogue (self->store), DESK_ENTRY_DEPARTMENT,
                           view.department) == NULL)
    return desk_view_of (DESK_VIEW_OPEN); /* of another desk */
  return view;
}

static void
sort_changed_cb (DeskWindow *self)
{
  DeskSort sort;

  g_object_get (desk_ticket_panes_get_list (self->panes), "sort", &sort, NULL);
  desk_settings_set_sort (self->settings, desk_enum_get_nick (DESK_TYPE_SORT, sort));
}

static void
restore_sort (DeskWindow *self)
{
  DeskListPane *list = desk_ticket_panes_get_list (self->panes);
  g_autofree char *word = desk_settings_dup_sort (self->settings);
  int sort;

  if (desk_enum_parse (DESK_TYPE_SORT, word, &sort))
    g_object_set (list, "sort", sort, NULL);
  g_signal_connect_object (list, "notify::sort", G_CALLBACK (sort_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
desk_window_new (GtkApplication *application, DeskStore *store, DeskSyncer *syncer)
{
  DeskWindow *self = g_object_new (DESK_TYPE_WINDOW, "application", application, NULL);
  GMenuModel *desks = G_MENU_MODEL (gtk_application_get_menu_by_id (application, "desks"));
  DeskView view;

  self->store = g_object_ref (store);
  restore_size (self);
  restore_sort (self);
  desk_ticket_panes_set_store (self->panes, store, syncer);
  g_signal_connect_object (desk_ticket_panes_get_list (self->panes), "way-on",
                           G_CALLBACK (way_on_cb), self, G_CONNECT_SWAPPED);
  view = get_last_view (self);
  desk_window_show_view (self, &view);
  desk_queues_set_store (self->queues, store, syncer);
  desk_queues_set_desks (self->queues, desks);
  return GTK_WIDGET (self);
}

void
desk_window_show_view (DeskWindow *self, const DeskView *view)
{
  g_return_if_fail (DESK_IS_WINDOW (self));

  desk_queues_select (self->queues, view);
  show_view (self, view);
  desk_list_pane_focus (desk_ticket_panes_get_list (self->panes));
}

void
desk_window_open_ticket (DeskWindow *self, const char *ref)
{
  g_return_if_fail (DESK_IS_WINDOW (self));

  desk_ticket_panes_open (self->panes, ref);
}
