/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is around the history of a ticket: header bar, foot, and the page without a ticket. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-avatar.h"
#include "desk-spoken.h"
#include "desk-wording.h"

/* --- header bar --- */

/* A dashed ring, as in the list. */
static GtkWidget *
make_nobody (void)
{
  GtkWidget *image = gtk_image_new_from_icon_name ("avatar-default-symbolic");

  gtk_image_set_pixel_size (GTK_IMAGE (image), 14);
  gtk_widget_add_css_class (image, "desk-nobody");
  return image;
}

static void
show_assignee (DeskConversation *self)
{
  const char *uid = self->in->ticket->assignee;
  const char *name = desk_wording_person (desk_case_find_person (self->in, uid));
  const char *shown = uid != NULL ? name : _ ("Nobody");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (shown);
  GtkWidget *avatar = uid != NULL ? desk_avatar_new (name, 24) : make_nobody ();

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 18);
  gtk_widget_set_visible (label, !self->compact);
  gtk_box_append (GTK_BOX (box), avatar);
  gtk_box_append (GTK_BOX (box), label);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->assignee), box);
  desk_spoken_menu_button (GTK_MENU_BUTTON (self->assignee), _ ("Assignee"), shown);
}

static gboolean
is_active (DeskConversation *self)
{
  DeskStatus status = self->in->ticket->status;

  return status == DESK_STATUS_OPEN || status == DESK_STATUS_WAITING;
}

void
desk_conversation_show_header (DeskConversation *self)
{
  gboolean agent = self->in != NULL && self->agent;
  gboolean active = self->in != NULL && is_active (self);
  g_autofree char *number = self->in != NULL ? desk_wording_number (self->in->ticket->number)
                                             : NULL;

  gtk_widget_set_visible (self->back, self->show_back);
  gtk_widget_set_visible (self->assignee, agent && !(self->compact && self->show_back));
  gtk_widget_set_visible (self->take, agent && !self->compact &&
                                          desk_conversation_can (self, DESK_ACTION_CLAIM));
  gtk_widget_set_visible (self->wait, agent && active && !self->compact);
  gtk_widget_set_visible (self->resolve, agent && active && !self->compact);
  gtk_widget_set_visible (self->resolve_compact, agent && active && self->compact);
  gtk_widget_set_visible (self->reopen, agent && !active && !self->compact);
  gtk_widget_set_visible (self->more, self->in != NULL);
  gtk_label_set_text (GTK_LABEL (self->number_title),
                      self->compact && number != NULL ? number : "");
  if (agent)
    show_assignee (self);
}

/* --- below the conversation --- */

static DeskComposerRole
find_role (DeskConversation *self)
{
  if (self->agent)
    return DESK_COMPOSER_AGENT;
  switch (self->in->ticket->status)
    {
    case DESK_STATUS_OPEN:
    case DESK_STATUS_WAITING:
      return DESK_COMPOSER_REQUESTER;
    case DESK_STATUS_RESOLVED:
      return DESK_COMPOSER_NOT_YET;
    case DESK_STATUS_CLOSED:
      return DESK_COMPOSER_CLOSED;
    }
  g_return_val_if_reached (DESK_COMPOSER_REQUESTER);
}

static gboolean
may_write (DeskConversation *self)
{
  return desk_conversation_can (self, self->agent ? DESK_ACTION_REPLY : DESK_ACTION_MESSAGE);
}

void
desk_conversation_show_foot (DeskConversation *self)
{
  DeskComposerRole role = find_role (self);
  gboolean asks = role == DESK_COMPOSER_NOT_YET &&
                  desk_conversation_can (self, DESK_ACTION_CONFIRM);

  if (role != DESK_COMPOSER_NOT_YET)
    self->not_yet = FALSE;
  gtk_widget_set_visible (self->question, asks && !self->not_yet);
  gtk_widget_set_visible (self->ended, role == DESK_COMPOSER_CLOSED && !may_write (self));
  gtk_widget_set_visible (GTK_WIDGET (self->composer),
                          may_write (self) && (!asks || self->not_yet));
  desk_composer_show (self->composer, self->in->ticket, desk_conversation_get_requester (self),
                      role);
  desk_composer_show_news (self->composer, self->in);
}

/* --- no ticket --- */

/* A few of the window's keys, for those who work here all day. */
static const struct
{
  guint key;
  GdkModifierType modifiers;
  const char *words;
} keys[] = {
  { GDK_KEY_n, GDK_CONTROL_MASK, N_ ("New ticket") },
  { GDK_KEY_j, 0, N_ ("Next ticket") },
  { GDK_KEY_k, 0, N_ ("Previous ticket") },
  { GDK_KEY_slash, 0, N_ ("Search") },
  { GDK_KEY_question, GDK_CONTROL_MASK, N_ ("All shortcuts") },
};

static GtkWidget *
make_keys (gboolean letters)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 14);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_widget_set_halign (grid, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *accelerator = gtk_accelerator_get_label (keys[i].key, keys[i].modifiers);
      GtkWidget *key, *words;

      if (keys[i].modifiers == 0 && !letters)
        continue;
      key = gtk_label_new (accelerator);
      words = gtk_label_new (_ (keys[i].words));
      gtk_widget_set_halign (key, GTK_ALIGN_END);
      gtk_widget_add_css_class (key, "desk-key");
      gtk_widget_set_halign (words, GTK_ALIGN_START);
      gtk_widget_add_css_class (words, "desk-secondary");
      gtk_grid_attach (GTK_GRID (grid), key, 0, i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), words, 1, i, 1, 1);
    }
  return grid;
}

void
desk_conversation_show_keys (DeskConversation *self)
{
  if (self->store != NULL && desk_store_get_me (self->store)->role >= DESK_ROLE_AGENT)
    adw_status_page_set_child (ADW_STATUS_PAGE (self->nothing), make_keys (self->letters));
}
