/* SPDX-License-Identifier: GPL-3.0-or-later
 * A desk that is being opened, or cannot be. */
#include "desk-start-window.h"

#include "desk-file-chooser.h"
#include "desk-store-error.h"
#include "desk-ticket-row.h"
#include "desk-wording.h"

#define N_BARS 5

struct _DeskStartWindow
{
  AdwApplicationWindow parent_instance;

  GtkStack *stack;
  GtkBox *bars;
  AdwStatusPage *status;
  GtkLabel *place;
  GtkWidget *create_button;
  GtkWidget *retry_button;
  GtkLabel *details;
};

enum
{
  SIGNAL_RETRY,
  SIGNAL_CREATE,
  SIGNAL_CHOOSE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DeskStartWindow, desk_start_window, ADW_TYPE_APPLICATION_WINDOW)

static void
retry_cb (DeskStartWindow *self)
{
  g_signal_emit (self, signals[SIGNAL_RETRY], 0);
}

static void
create_cb (DeskStartWindow *self)
{
  g_signal_emit (self, signals[SIGNAL_CREATE], 0);
}

static void
chosen_cb (GtkWindow *self, GFile *file)
{
  g_signal_emit (self, signals[SIGNAL_CHOOSE], 0, file);
}

static void
choose_cb (DeskStartWindow *self)
{
  desk_file_chooser_open (GTK_WINDOW (self), chosen_cb);
}

static void
desk_start_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DESK_TYPE_START_WINDOW);
  G_OBJECT_CLASS (desk_start_window_parent_class)->dispose (object);
}

static void
install_signals (void)
{
  signals[SIGNAL_RETRY] = g_signal_new ("retry", DESK_TYPE_START_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CREATE] = g_signal_new ("create", DESK_TYPE_START_WINDOW, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHOOSE] = g_signal_new ("choose", DESK_TYPE_START_WINDOW, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);
}

static void
desk_start_window_class_init (DeskStartWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_start_window_dispose;
  install_signals ();
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-start-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskStartWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, DeskStartWindow, bars);
  gtk_widget_class_bind_template_child (widget_class, DeskStartWindow, status);
  gtk_widget_class_bind_template_child (widget_class, DeskStartWindow, place);
  gtk_widget_class_bind_template_child (widget_class, DeskStartWindow, create_button);
  gtk_widget_class_bind_template_child (widget_class, DeskStartWindow, retry_button);
  gtk_widget_class_bind_template_child (widget_class, DeskStartWindow, details);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
}

static void
desk_start_window_init (DeskStartWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_BARS; i++)
    gtk_box_append (self->bars, desk_ticket_row_new (NULL, DESK_ROW_FOR_REQUESTER));
}

GtkWidget *
desk_start_window_new (GtkApplication *application, const char *path)
{
  DeskStartWindow *self = g_object_new (DESK_TYPE_START_WINDOW, "application", application, NULL);
  g_autofree char *name = g_filename_display_name (path);

  gtk_label_set_text (self->place, name);
  return GTK_WIDGET (self);
}

void
desk_start_window_show_loading (DeskStartWindow *self)
{
  g_return_if_fail (DESK_IS_START_WINDOW (self));

  gtk_stack_set_visible_child_name (self->stack, "loading");
}

void
desk_start_window_show_error (DeskStartWindow *self, const GError *error)
{
  gboolean is_missing = g_error_matches (error, DESK_STORE_ERROR, DESK_STORE_ERROR_MISSING);
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  g_return_if_fail (DESK_IS_START_WINDOW (self));

  text = desk_wording_error (error);
  escaped = g_markup_escape_text (text, -1);
  adw_status_page_set_title (self->status, desk_wording_error_title (error));
  adw_status_page_set_description (self->status, escaped);
  gtk_label_set_text (self->details, error->message);
  gtk_widget_set_visible (self->create_button, is_missing);
  gtk_stack_set_visible_child_name (self->stack, "error");
  gtk_widget_grab_focus (is_missing ? self->create_button : self->retry_button);
}
