/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the composer says: to whom it goes, how field and buttons are called, what went wrong. */
#include "desk-composer-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "desk-phrase.h"
#include "desk-unsent.h"
#include "desk-wording.h"

/* --- head --- */

/* The requester's name is bold inside of a sentence whose order is the translator's. */
static void
show_recipient (DeskComposer *self)
{
  g_autofree char *name = desk_wording_isolate (self->requester);
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  g_autofree char *bold = g_strdup_printf ("<b>%s</b>", escaped);
  /* Translators: who gets the reply, "To Karen". %s is the name in bold. */
  g_autofree char *markup = g_strdup_printf (_ ("To %s"), bold);

  gtk_label_set_markup (GTK_LABEL (self->recipients), markup);
}

static const char *
get_notice (DeskComposer *self)
{
  switch (self->role)
    {
    case DESK_COMPOSER_AGENT:
      return self->mode == DESK_COMPOSER_MODE_NOTE ? _ ("Only agents will see this") : NULL;
    case DESK_COMPOSER_REQUESTER:
      return NULL;
    case DESK_COMPOSER_NOT_YET:
      return _ ("The ticket is opened again. You may add what is still wrong.");
    case DESK_COMPOSER_CLOSED:
      return _ ("This ticket is closed. Writing opens it again.");
    }
  g_return_val_if_reached (NULL);
}

static void
show_head (DeskComposer *self)
{
  const char *notice = get_notice (self);
  gboolean agent = self->role == DESK_COMPOSER_AGENT;

  gtk_widget_set_visible (self->modes, agent);
  gtk_widget_set_visible (self->head, agent || notice != NULL);
  if (notice != NULL)
    gtk_label_set_text (GTK_LABEL (self->recipients), notice);
  else if (agent)
    show_recipient (self);
}

/* --- field and buttons --- */

/* What the text is called for assistive technology, and what its empty field says. */
static void
show_field (DeskComposer *self)
{
  DeskTextArea *text = desk_composer_get_page (self)->text;
  g_autofree char *placeholder = NULL;

  if (self->mode == DESK_COMPOSER_MODE_NOTE)
    {
      desk_text_area_set_label (text, _ ("Write a note"));
      desk_text_area_set_placeholder (text, _ ("Write a note for agents…"));
      return;
    }
  if (self->role != DESK_COMPOSER_AGENT)
    {
      desk_text_area_set_label (text, _ ("Write a message"));
      desk_text_area_set_placeholder (text, self->role == DESK_COMPOSER_NOT_YET
                                                ? _ ("What is still wrong?")
                                                : _ ("Write a message…"));
      return;
    }
  placeholder = desk_phrase (_ ("Write a reply to %s…"), self->requester);
  desk_text_area_set_label (text, _ ("Write a reply"));
  desk_text_area_set_placeholder (text, placeholder);
}

/* What is sent now is kept until the desk answers again. */
static gboolean
is_offline (DeskComposer *self)
{
  return self->syncer != NULL && desk_unsent_is_offline (self->syncer);
}

/* In Note the whole card is another one, and its button is not the suggested action. */
void
desk_composer_show_buttons (DeskComposer *self)
{
  gboolean agent = self->role == DESK_COMPOSER_AGENT;
  gboolean note = self->mode == DESK_COMPOSER_MODE_NOTE;
  const char *send = is_offline (self) ? _ ("Send later") : _ ("Send");
  const char *verb = note ? _ ("Add note") : send;

  gtk_widget_set_visible (self->send_with_menu, agent && !note);
  gtk_widget_set_visible (self->send, !agent || note);
  gtk_widget_set_visible (self->cancel, self->role == DESK_COMPOSER_NOT_YET);
  gtk_button_set_label (GTK_BUTTON (self->send), verb);
  adw_split_button_set_label (ADW_SPLIT_BUTTON (self->send_with_menu), send);
  if (note)
    gtk_widget_remove_css_class (self->send, "suggested-action");
  else
    gtk_widget_add_css_class (self->send, "suggested-action");
  if (note)
    gtk_widget_add_css_class (self->card, "desk-note");
  else
    gtk_widget_remove_css_class (self->card, "desk-note");
}

void
desk_composer_show_words (DeskComposer *self)
{
  show_head (self);
  show_field (self);
  desk_composer_show_buttons (self);
}

/* --- lines --- */

void
desk_composer_set_hint (DeskComposer *self, const char *hint)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  gtk_label_set_text (GTK_LABEL (self->hint), hint != NULL ? hint : "");
  gtk_widget_set_visible (self->hint, hint != NULL);
}

void
desk_composer_show_reason (DeskComposer *self, const char *reason)
{
  gtk_label_set_text (GTK_LABEL (self->failure_label), reason != NULL ? reason : "");
  gtk_widget_set_visible (self->failure, reason != NULL);
}
