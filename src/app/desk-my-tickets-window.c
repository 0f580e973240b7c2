/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desk as a requester sees it. */
#include "desk-my-tickets-window.h"

#include "desk-ticket-panes.h"
#include "desk-wording.h"

#define LIST_WIDTH 330

struct _DeskMyTicketsWindow
{
  AdwApplicationWindow parent_instance;

  DeskTicketPanes *panes;
};

G_DEFINE_FINAL_TYPE (DeskMyTicketsWindow, desk_my_tickets_window, ADW_TYPE_APPLICATION_WINDOW)

static void
step (DeskMyTicketsWindow *self, int by)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));

  if (desk_ticket_panes_step (self->panes, by) || focus == NULL)
    return;
  /* Round the corner. */
  desk_ticket_panes_step (self->panes, -by);
}

static void
go_to_next_pane (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (DESK_MY_TICKETS_WINDOW (widget), 1);
}

static void
go_to_previous_pane (GtkWidget *widget, const char *name, GVariant *parameter)
{
  step (DESK_MY_TICKETS_WINDOW (widget), -1);
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  return desk_ticket_panes_back (DESK_MY_TICKETS_WINDOW (widget)->panes);
}

static void
desk_my_tickets_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DESK_TYPE_MY_TICKETS_WINDOW);
  G_OBJECT_CLASS (desk_my_tickets_window_parent_class)->dispose (object);
}

static void
desk_my_tickets_window_class_init (DeskMyTicketsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_my_tickets_window_dispose;
  gtk_widget_class_install_action (widget_class, "win.next-pane", NULL, go_to_next_pane);
  gtk_widget_class_install_action (widget_class, "win.previous-pane", NULL, go_to_previous_pane);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, 0, "win.next-pane", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, GDK_SHIFT_MASK,
                                       "win.previous-pane", NULL);
  g_type_ensure (DESK_TYPE_TICKET_PANES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-my-tickets-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskMyTicketsWindow, panes);
}

static void
desk_my_tickets_window_init (DeskMyTicketsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
desk_my_tickets_window_new (GtkApplication *application, DeskStore *store, DeskSyncer *syncer)
{
  DeskMyTicketsWindow *self = g_object_new (DESK_TYPE_MY_TICKETS_WINDOW, "application", application,
                                            NULL);
  GMenuModel *desks = G_MENU_MODEL (gtk_application_get_menu_by_id (application, "desks"));
  DeskView view = desk_view_of (DESK_VIEW_FILED);

  g_object_set (desk_ticket_panes_get_list (self->panes), "natural-width", LIST_WIDTH, NULL);
  desk_ticket_panes_set_store (self->panes, store, syncer);
  desk_list_pane_set_desks (desk_ticket_panes_get_list (self->panes), desks);
  desk_ticket_panes_show (self->panes, &view, desk_wording_view (view.kind));
  desk_list_pane_focus (desk_ticket_panes_get_list (self->panes));
  return GTK_WIDGET (self);
}

void
desk_my_tickets_window_open_ticket (DeskMyTicketsWindow *self, const char *ref)
{
  g_return_if_fail (DESK_IS_MY_TICKETS_WINDOW (self));

  desk_ticket_panes_open (self->panes, ref);
}
