/* SPDX-License-Identifier: GPL-3.0-or-later
 * A line under the search. */
#include "desk-index-note.h"

#include <glib/gi18n.h>

struct _DeskIndexNote
{
  GtkWidget parent_instance;

  GtkWidget *label;
  DeskSyncer *syncer; /* or NULL */
};

G_DEFINE_FINAL_TYPE (DeskIndexNote, desk_index_note, GTK_TYPE_WIDGET)

static void
status_changed_cb (DeskIndexNote *self)
{
  gint64 n = desk_syncer_get_status (self->syncer)->unindexed;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->label, n > 0);
  if (n == 0)
    return;
  text = g_strdup_printf (ngettext ("The text of %'d ticket cannot be found yet.",
                                    "The texts of %'d tickets cannot be found yet.", (gulong) n),
                          (int) n);
  gtk_label_set_text (GTK_LABEL (self->label), text);
}

static void
desk_index_note_dispose (GObject *object)
{
  DeskIndexNote *self = DESK_INDEX_NOTE (object);

  g_clear_object (&self->syncer);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (desk_index_note_parent_class)->dispose (object);
}

static void
desk_index_note_class_init (DeskIndexNoteClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = desk_index_note_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
desk_index_note_init (DeskIndexNote *self)
{
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_widget_add_css_class (self->label, "desk-secondary");
  gtk_widget_add_css_class (self->label, "desk-index-note");
  gtk_widget_set_visible (self->label, FALSE);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

void
desk_index_note_set_syncer (DeskIndexNote *self, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_INDEX_NOTE (self));
  g_return_if_fail (self->syncer == NULL);

  if (syncer == NULL)
    return;
  self->syncer = g_object_ref (syncer);
  g_signal_connect_object (syncer, "changed", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  status_changed_cb (self);
}
