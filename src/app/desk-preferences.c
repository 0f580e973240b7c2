/* SPDX-License-Identifier: GPL-3.0-or-later
 * The window of preferences. */
#include "desk-preferences.h"

#include "desk-settings.h"

struct _DeskPreferences
{
  AdwPreferencesWindow parent_instance;

  GtkWidget *group;
  AdwComboRow *after_sending;
  GtkSwitch *letters;
  GSettings *settings; /* or NULL */
};

G_DEFINE_FINAL_TYPE (DeskPreferences, desk_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
chosen_cb (DeskPreferences *self)
{
  guint chosen = adw_combo_row_get_selected (self->after_sending);

  if (chosen <= DESK_AFTER_SENDING_LIST)
    g_settings_set_enum (self->settings, "after-sending", (int) chosen);
}

static void
follow_settings (DeskPreferences *self)
{
  adw_combo_row_set_selected (self->after_sending,
                              desk_settings_get_after_sending (self->settings));
  g_signal_connect_swapped (self->after_sending, "notify::selected", G_CALLBACK (chosen_cb), self);
  g_settings_bind (self->settings, "single-letter-keys", self->letters, "active",
                   G_SETTINGS_BIND_DEFAULT);
}

static void
desk_preferences_dispose (GObject *object)
{
  DeskPreferences *self = DESK_PREFERENCES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_PREFERENCES);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (desk_preferences_parent_class)->dispose (object);
}

static void
desk_preferences_class_init (DeskPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskPreferences, group);
  gtk_widget_class_bind_template_child (widget_class, DeskPreferences, after_sending);
  gtk_widget_class_bind_template_child (widget_class, DeskPreferences, letters);
}

static void
desk_preferences_init (DeskPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->settings = desk_settings_new ();
  /* Where nothing can be remembered there is nothing to prefer. */
  gtk_widget_set_sensitive (self->group, self->settings != NULL);
  if (self->settings != NULL)
    follow_settings (self);
}

void
desk_preferences_present (GtkWindow *parent)
{
  DeskPreferences *self = g_object_new (DESK_TYPE_PREFERENCES, "transient-for", parent, "modal",
                                        parent != NULL, NULL);

  gtk_window_present (GTK_WINDOW (self));
}
