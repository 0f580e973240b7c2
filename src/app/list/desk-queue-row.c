/* SPDX-License-Identifier: GPL-3.0-or-later
 * One queue in the pane of queues. */
#include "desk-queue-row.h"

#include <glib/gi18n.h>

#define N_DOTS 8

struct _DeskQueueRow
{
  GtkListBoxRow parent_instance;

  DeskView view;
  GtkLabel *name;
  GtkLabel *count;
  gint64 n_tickets;
};

G_DEFINE_FINAL_TYPE (DeskQueueRow, desk_queue_row, GTK_TYPE_LIST_BOX_ROW)

static GtkWidget *
make_sign (const char *icon, guint dot)
{
  g_autofree char *class = g_strdup_printf ("desk-dot-%u", dot % N_DOTS);
  GtkWidget *sign;

  if (icon != NULL)
    return g_object_new (GTK_TYPE_IMAGE, "icon-name", icon, "accessible-role",
                         GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  sign = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (sign, "desk-dot");
  gtk_widget_add_css_class (sign, class);
  gtk_widget_set_halign (sign, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  return sign;
}

static void
name_row (DeskQueueRow *self)
{
  const char *label = gtk_label_get_text (self->name);
  g_autofree char *spoken = NULL;

  if (self->n_tickets > 0)
    /* Translators: a queue and how many tickets it holds, read aloud */
    spoken = g_strdup_printf (
        ngettext ("%s, %d ticket", "%s, %d tickets", (gulong) self->n_tickets), label,
        (int) self->n_tickets);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken != NULL ? spoken : label, -1);
}

static void
desk_queue_row_class_init (DeskQueueRowClass *klass)
{
}

static void
desk_queue_row_init (DeskQueueRow *self)
{
  self->n_tickets = -1;
}

GtkWidget *
desk_queue_row_new (const DeskView *view, const char *label, const char *icon, guint dot)
{
  DeskQueueRow *self = g_object_new (DESK_TYPE_QUEUE_ROW, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->view = *view;
  self->name = GTK_LABEL (gtk_label_new (label));
  self->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->name, 0);
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->name), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "desk-count");
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "numeric");
  gtk_box_append (GTK_BOX (box), make_sign (icon, dot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->count));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  name_row (self);
  return GTK_WIDGET (self);
}

const DeskView *
desk_queue_row_get_view (DeskQueueRow *self)
{
  g_return_val_if_fail (DESK_IS_QUEUE_ROW (self), NULL);

  return &self->view;
}

void
desk_queue_row_set_count (DeskQueueRow *self, gint64 count, gboolean is_alarm)
{
  g_autofree char *text = NULL;

  g_return_if_fail (DESK_IS_QUEUE_ROW (self));

  if (self->n_tickets == count)
    return;
  self->n_tickets = count;
  /* Translators: a number of tickets */
  text = count > 0 ? g_strdup_printf (C_ ("count", "%'d"), (int) count) : g_strdup ("");
  gtk_label_set_text (self->count, text);
  if (is_alarm && count > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->count), "desk-alarm");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->count), "desk-alarm");
  name_row (self);
}
