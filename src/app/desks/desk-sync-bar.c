/* SPDX-License-Identifier: GPL-3.0-or-later
 * A quiet bar about a copy of a served desk. */
#include "desk-sync-bar.h"

#include "desk-sync-notice.h"

/* As long, the button shows that it was pressed. */
#define TRYING_MS 1500

struct _DeskSyncBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkRevealer *notice_revealer;
  GtkImage *icon;
  GtkLabel *text;
  GtkWidget *way_on;
  GtkRevealer *refused_revealer;
  GtkLabel *refused;

  DeskSyncNotice *notice; /* or NULL */
  guint trying_source;
};

G_DEFINE_FINAL_TYPE (DeskSyncBar, desk_sync_bar, GTK_TYPE_WIDGET)

/* --- what it says --- */

/* What has folded away is not there for who cannot see that, either. */
static void
revealed_cb (GtkRevealer *revealer)
{
  if (!gtk_revealer_get_reveal_child (revealer) && !gtk_revealer_get_child_revealed (revealer))
    gtk_widget_set_visible (GTK_WIDGET (revealer), FALSE);
}

static void
reveal (GtkRevealer *revealer, gboolean is_shown)
{
  if (is_shown)
    gtk_widget_set_visible (GTK_WIDGET (revealer), TRUE);
  gtk_revealer_set_reveal_child (revealer, is_shown);
  revealed_cb (revealer);
}

/* What is folding away keeps its words until it is gone. */
static void
show_notice (DeskSyncBar *self)
{
  DeskNotice kind = desk_sync_notice_get_kind (self->notice);
  const DeskSyncerStatus *status = desk_syncer_get_status (
      desk_sync_notice_get_syncer (self->notice));
  g_autofree char *text = desk_sync_notice_say (kind, status);

  reveal (self->notice_revealer, text != NULL);
  if (text == NULL)
    return;
  gtk_label_set_text (self->text, text);
  gtk_image_set_from_icon_name (self->icon, desk_sync_notice_get_icon (self->notice));
  gtk_button_set_label (GTK_BUTTON (self->way_on), desk_sync_notice_say_way_on (kind));
}

static void
show_refused (DeskSyncBar *self)
{
  g_autofree char *text = desk_sync_notice_say_refused (
      desk_syncer_get_status (desk_sync_notice_get_syncer (self->notice)));

  reveal (self->refused_revealer, text != NULL);
  if (text != NULL)
    gtk_label_set_text (self->refused, text);
}

static void
notice_changed_cb (DeskSyncBar *self)
{
  show_notice (self);
  show_refused (self);
}

/* --- what can be done --- */

static gboolean
tried_cb (gpointer data)
{
  DeskSyncBar *self = data;

  self->trying_source = 0;
  gtk_widget_set_sensitive (self->way_on, TRUE);
  return G_SOURCE_REMOVE;
}

static void
retry (DeskSyncBar *self)
{
  desk_syncer_retry (desk_sync_notice_get_syncer (self->notice));
  gtk_widget_set_sensitive (self->way_on, FALSE);
  if (self->trying_source == 0)
    self->trying_source = g_timeout_add (TRYING_MS, tried_cb, self);
}

static void
way_on_cb (DeskSyncBar *self)
{
  switch (desk_sync_notice_get_kind (self->notice))
    {
    case DESK_NOTICE_NONE:
      return;
    case DESK_NOTICE_FILLING:
      desk_syncer_pause (desk_sync_notice_get_syncer (self->notice));
      return;
    case DESK_NOTICE_SIGNED_OUT:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.sign-in", NULL);
      return;
    case DESK_NOTICE_PAUSED:
    case DESK_NOTICE_OFFLINE:
    case DESK_NOTICE_BUSY:
    case DESK_NOTICE_CERTIFICATE:
    case DESK_NOTICE_TOO_OLD:
    case DESK_NOTICE_FAILED:
      retry (self);
      return;
    }
}

/* --- widget --- */

static void
desk_sync_bar_dispose (GObject *object)
{
  DeskSyncBar *self = DESK_SYNC_BAR (object);

  g_clear_handle_id (&self->trying_source, g_source_remove);
  g_clear_object (&self->notice);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_SYNC_BAR);
  G_OBJECT_CLASS (desk_sync_bar_parent_class)->dispose (object);
}

static void
desk_sync_bar_class_init (DeskSyncBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_sync_bar_dispose;
  gtk_widget_class_set_css_name (widget_class, "desk-sync-bar");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-sync-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskSyncBar, box);
  gtk_widget_class_bind_template_child (widget_class, DeskSyncBar, notice_revealer);
  gtk_widget_class_bind_template_child (widget_class, DeskSyncBar, icon);
  gtk_widget_class_bind_template_child (widget_class, DeskSyncBar, text);
  gtk_widget_class_bind_template_child (widget_class, DeskSyncBar, way_on);
  gtk_widget_class_bind_template_child (widget_class, DeskSyncBar, refused_revealer);
  gtk_widget_class_bind_template_child (widget_class, DeskSyncBar, refused);
  gtk_widget_class_bind_template_callback (widget_class, revealed_cb);
  gtk_widget_class_bind_template_callback (widget_class, way_on_cb);
}

static void
desk_sync_bar_init (DeskSyncBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
desk_sync_bar_new (void)
{
  return g_object_new (DESK_TYPE_SYNC_BAR, NULL);
}

void
desk_sync_bar_set_syncer (DeskSyncBar *self, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_SYNC_BAR (self));
  g_return_if_fail (self->notice == NULL);

  if (syncer == NULL)
    return;
  self->notice = desk_sync_notice_new (syncer);
  g_signal_connect_object (self->notice, "changed", G_CALLBACK (notice_changed_cb), self,
                           G_CONNECT_SWAPPED);
  notice_changed_cb (self);
}
