/* SPDX-License-Identifier: GPL-3.0-or-later
 * What others have written since the draft was begun; see the header. */
#include "desk-composer-news.h"

#include <glib/gi18n.h>

struct _DeskComposerNews
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *label;
  gint64 first_no;
};

G_DEFINE_FINAL_TYPE (DeskComposerNews, desk_composer_news, GTK_TYPE_WIDGET)

static gboolean
is_news (const DeskEvent *event, gint64 begun_no, const char *me)
{
  return event->no > begun_no && event->audience == DESK_AUDIENCE_PUBLIC &&
         (event->kind == DESK_KIND_MESSAGE || event->kind == DESK_KIND_REPLY) &&
         g_strcmp0 (event->author, me) != 0;
}

static guint
count_news (DeskComposerNews *self, const DeskCase *in, gint64 begun_no, const char *me)
{
  guint n = 0;

  self->first_no = 0;
  for (guint i = in->events->len; i-- > 0;)
    {
      const DeskEvent *event = in->events->pdata[i];

      if (!is_news (event, begun_no, me))
        continue;
      self->first_no = event->no;
      n++;
    }
  return n;
}

void
desk_composer_news_update (DeskComposerNews *self,
                           const DeskCase *in,
                           gint64 begun_no,
                           const char *me)
{
  g_autofree char *words = NULL;
  guint n;

  g_return_if_fail (DESK_IS_COMPOSER_NEWS (self));

  self->first_no = 0;
  n = in != NULL && begun_no > 0 ? count_news (self, in, begun_no, me) : 0;
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  if (n == 0)
    return;
  words = g_strdup_printf (
      ngettext ("%u new reply since you began", "%u new replies since you began", n), n);
  gtk_label_set_text (GTK_LABEL (self->label), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

gint64
desk_composer_news_get_first (DeskComposerNews *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER_NEWS (self), 0);

  return self->first_no;
}

static void
desk_composer_news_dispose (GObject *object)
{
  g_clear_pointer (&DESK_COMPOSER_NEWS (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (desk_composer_news_parent_class)->dispose (object);
}

static void
desk_composer_news_class_init (DeskComposerNewsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_composer_news_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "desk-composer-news");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static GtkWidget *
make_button (void)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Show"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "ticket.show-news");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Show the new replies"), -1);
  gtk_widget_add_css_class (button, "desk-small-button");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

static void
desk_composer_news_init (DeskComposerNews *self)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "mail-unread-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_set_hexpand (self->label, TRUE);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_box_append (GTK_BOX (self->box), icon);
  gtk_box_append (GTK_BOX (self->box), self->label);
  gtk_box_append (GTK_BOX (self->box), make_button ());
  gtk_widget_add_css_class (self->box, "desk-composer-line");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
