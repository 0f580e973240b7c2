/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is in a row of a conversation: cards with a head, text, files and what can be done, and
 * lines of the system. */
#include "desk-conversation-entry-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "desk-attachments.h"
#include "desk-body.h"
#include "desk-phrase.h"
#include "desk-refused.h"
#include "desk-resolution-card.h"
#include "desk-row-layout.h"
#include "desk-signs.h"
#include "desk-wording.h"
#include "desk-wrap-layout.h"

/* --- heads --- */

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, css_class);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

/* What an entry is stands there in full, also where a name is cut. */
static GtkWidget *
make_title (const char *text, const char *css_class)
{
  GtkWidget *label = make_label (text, css_class);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  return label;
}

static GtkWidget *
make_caption (const char *text)
{
  GtkWidget *label = make_label (text, "caption");

  gtk_widget_add_css_class (label, "desk-secondary");
  return label;
}

static gint64
get_time (const DeskEvent *event)
{
  return event->at != 0 ? event->at : event->accepted_at;
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* What may have arrived, and was not answered, is not called unsent. */
const char *
desk_conversation_entry_say_pending (const DeskEntrySource *source)
{
  const char *op = source->event->cause;

  if (source->refused != NULL)
    return _ ("Refused");
  if (op != NULL && source->in->tried != NULL && g_hash_table_contains (source->in->tried, op))
    return _ ("Sent, no answer yet");
  return _ ("Not sent yet");
}

static GtkWidget *
make_pending_mark (DeskConversationEntry *self, const DeskEntrySource *source)
{
  GtkWidget *mark = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);

  gtk_widget_set_hexpand (mark, TRUE);
  gtk_widget_set_halign (mark, GTK_ALIGN_END);
  gtk_widget_add_css_class (mark, source->refused != NULL ? "desk-bad-text" : "desk-secondary");
  gtk_box_append (GTK_BOX (mark), source->refused != NULL
                                      ? gtk_image_new_from_icon_name ("dialog-warning-symbolic")
                                      : desk_sign_new_sync ());
  self->op = g_strdup (source->event->cause);
  self->pending_words = g_strdup (desk_conversation_entry_say_pending (source));
  self->pending = make_title (self->pending_words, "caption");
  gtk_widget_add_css_class (self->pending, "numeric");
  gtk_box_append (GTK_BOX (mark), self->pending);
  return mark;
}

static GtkWidget *
make_time (DeskConversationEntry *self, const DeskEntrySource *source)
{
  g_autofree char *exact = NULL;

  if (source->event->no == 0)
    return make_pending_mark (self, source);
  self->at = get_time (source->event);
  self->time = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->time, "caption");
  gtk_widget_add_css_class (self->time, "numeric");
  gtk_widget_add_css_class (self->time, "desk-secondary");
  gtk_widget_set_hexpand (self->time, TRUE);
  gtk_widget_set_halign (self->time, GTK_ALIGN_END);
  exact = desk_wording_exact_time (self->at);
  gtk_widget_set_tooltip_text (self->time, exact);
  desk_conversation_entry_set_now (self, get_now ());
  return self->time;
}

/* What the author is in this conversation. */
static const char *
find_role (const DeskEntrySource *source)
{
  const DeskPerson *me = desk_store_get_me (source->store);
  gboolean is_requester = g_strcmp0 (source->event->author, source->in->ticket->requester) == 0;

  if (g_strcmp0 (source->event->author, me->uid) == 0 && is_requester)
    return _ ("You");
  return is_requester ? _ ("Requester") : _ ("Agent");
}

/* Lock, label and what it means: a note never rests on its colour. */
static void
append_note_mark (DeskConversationEntry *self, GtkWidget *head)
{
  GtkWidget *mark = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *lock = gtk_image_new_from_icon_name ("changes-prevent-symbolic");

  gtk_widget_add_css_class (mark, "desk-note-mark");
  gtk_box_append (GTK_BOX (mark), lock);
  gtk_box_append (GTK_BOX (mark), make_title (_ ("Internal note"), "caption-heading"));
  gtk_box_append (GTK_BOX (head), mark);
  self->aside = make_caption (_ ("only agents see this"));
  gtk_box_append (GTK_BOX (head), self->aside);
}

static GtkWidget *
make_person_head (DeskConversationEntry *self, const DeskEntrySource *source)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_box_append (GTK_BOX (head), make_label (source->author, "heading"));
  if (self->kind == DESK_CONVERSATION_NOTE)
    append_note_mark (self, head);
  else
    gtk_box_append (GTK_BOX (head), make_caption (find_role (source)));
  gtk_box_append (GTK_BOX (head), make_time (self, source));
  return head;
}

static GtkWidget *
make_resolution_head (DeskConversationEntry *self, const DeskEntrySource *source)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *tick = gtk_image_new_from_icon_name ("object-select-symbolic");
  /* Translators: beside the title of a resolution, "by Jane". */
  g_autofree char *by = desk_phrase (_ ("by %s"), source->author);
  GtkWidget *title = make_title (_ ("Resolution"), "heading");

  gtk_widget_add_css_class (tick, "desk-good-text");
  gtk_widget_add_css_class (title, "desk-good-text");
  gtk_box_append (GTK_BOX (head), tick);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), make_caption (by));
  gtk_box_append (GTK_BOX (head), make_time (self, source));
  return head;
}

/* --- cards --- */

static GtkWidget *
make_removed (void)
{
  GtkWidget *label = gtk_label_new (_ ("This text was removed"));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "desk-removed");
  gtk_widget_add_css_class (label, "desk-secondary");
  return label;
}

static gboolean
is_absent (const DeskEntrySource *source, const DeskAttachment *attachment)
{
  return source->syncer != NULL && source->in->absent != NULL && attachment->sha256 != NULL &&
         g_hash_table_contains (source->in->absent, attachment->sha256);
}

static GtkWidget *
make_chips (const DeskEntrySource *source)
{
  GtkWidget *chips = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (chips, desk_wrap_layout_new (8));
  for (guint i = 0; i < source->event->attachments->len; i++)
    {
      const DeskAttachment *attachment = g_ptr_array_index (source->event->attachments, i);

      GtkWidget *chip = desk_attachment_chip_new (source->store, source->in->ticket->uid,
                                                  attachment);

      if (is_absent (source, attachment))
        desk_attachment_chip_set_absent (chip, source->syncer);
      gtk_box_append (GTK_BOX (chips), chip);
    }
  gtk_widget_add_css_class (chips, "desk-chips");
  return chips;
}

static GtkWidget *
make_action (const char *label, const char *action, const char *op)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", op);
  return button;
}

/* What has never left this computer can be taken back. */
static gboolean
can_take_back (const DeskEntrySource *source)
{
  const char *op = source->event->cause;

  return source->event->no == 0 && source->refused == NULL && op != NULL &&
         (source->in->tried == NULL || !g_hash_table_contains (source->in->tried, op));
}

/* A ticket comes back as a whole: not to be edited when more was said on it. */
static gboolean
can_edit (const DeskEntrySource *source)
{
  return source->event->kind != DESK_KIND_CHANGE &&
         (source->event->kind != DESK_KIND_CREATED || source->in->pending == 1);
}

static GtkWidget *
make_take_back (const DeskEntrySource *source)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  const char *op = source->event->cause;

  gtk_widget_set_layout_manager (buttons, desk_wrap_layout_new (6));
  gtk_widget_add_css_class (buttons, "desk-entry-buttons");
  if (can_edit (source))
    gtk_box_append (GTK_BOX (buttons), make_action (_ ("Edit"), "waiting.edit", op));
  gtk_box_append (GTK_BOX (buttons), make_action (_ ("Discard"), "waiting.discard", op));
  return buttons;
}

gboolean
desk_conversation_entry_has_text (const DeskEvent *event)
{
  return event->text != NULL && *event->text != '\0';
}

static GtkWidget *
make_card (GtkWidget *head)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_add_css_class (card, "desk-card");
  gtk_widget_set_hexpand (card, TRUE);
  gtk_box_append (GTK_BOX (card), head);
  return card;
}

static GtkWidget *
make_text_card (DeskConversationEntry *self, const DeskEntrySource *source)
{
  GtkWidget *card = make_card (make_person_head (self, source));

  if (source->event->redacted)
    gtk_box_append (GTK_BOX (card), make_removed ());
  else if (desk_conversation_entry_has_text (source->event))
    gtk_box_append (GTK_BOX (card), desk_body_new (source->event->text));
  if (source->event->attachments->len > 0)
    gtk_box_append (GTK_BOX (card), make_chips (source));
  if (can_take_back (source))
    gtk_box_append (GTK_BOX (card), make_take_back (source));
  if (source->refused != NULL)
    gtk_box_append (GTK_BOX (card),
                    desk_refused_details_new (source->store, source->in, source->refused));
  return card;
}

/* What @field was when the event had happened: an event says only what it changed. */
static const char *
find_value (const DeskEntrySource *source, DeskField field)
{
  for (guint i = source->position + 1; i > 0; i--)
    {
      const DeskEvent *event = g_ptr_array_index (source->in->events, i - 1);
      const DeskChange *change = desk_changes_find (event->changes, field);

      if (change != NULL)
        return change->to;
    }
  return NULL;
}

static GtkWidget *
make_resolution (DeskConversationEntry *self, const DeskEntrySource *source)
{
  GtkWidget *card = make_card (make_resolution_head (self, source));

  if (source->event->redacted)
    gtk_box_append (GTK_BOX (card), make_removed ());
  else
    gtk_box_append (GTK_BOX (card),
                    desk_resolution_card_new (find_value (source, DESK_FIELD_RESOLUTION),
                                              find_value (source, DESK_FIELD_STEPS),
                                              find_value (source, DESK_FIELD_RECOMMENDATIONS)));
  if (can_take_back (source) && source->event->kind == DESK_KIND_CHANGE)
    gtk_box_append (GTK_BOX (card), make_take_back (source));
  return card;
}

static GtkWidget *
make_reason (DeskConversationEntry *self, const DeskEntrySource *source)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *card = make_card (head);
  GtkWidget *title = make_label (_ ("Reason"), "caption-heading");

  gtk_widget_add_css_class (title, "desk-secondary");
  gtk_box_append (GTK_BOX (head), title);
  if (source->event->audience == DESK_AUDIENCE_INTERNAL)
    append_note_mark (self, head);
  gtk_box_append (GTK_BOX (card),
                  source->event->redacted ? make_removed () : desk_body_new (source->event->text));
  return card;
}

/* --- lines --- */

/* The wording isolates the author's name; there it is made bold. */
static void
embolden (GtkLabel *label, const char *text, const char *name)
{
  g_autofree char *isolated = desk_wording_isolate (name);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  const char *at = strstr (text, isolated);

  if (at == NULL || *name == '\0')
    return;
  for (; at != NULL; at = strstr (at + strlen (isolated), isolated))
    {
      PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

      bold->start_index = at - text;
      bold->end_index = bold->start_index + strlen (isolated);
      pango_attr_list_insert (attributes, bold);
    }
  gtk_label_set_attributes (label, attributes);
}

static GtkWidget *
make_line (DeskConversationEntry *self, const DeskEntrySource *source, const char *text)
{
  GtkWidget *line = desk_row_new (12);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *time;

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "desk-secondary");
  embolden (GTK_LABEL (label), text, source->author);
  gtk_widget_set_hexpand (line, TRUE);
  gtk_box_append (GTK_BOX (line), label);
  gtk_widget_set_hexpand (label, TRUE);
  time = make_time (self, source);
  gtk_box_append (GTK_BOX (line), time);
  gtk_widget_set_hexpand (time, FALSE);
  return line;
}

/* --- all of them --- */

GtkWidget *
desk_conversation_entry_make_content (DeskConversationEntry *self,
                                      const DeskEntrySource *source,
                                      const char *line)
{
  switch (self->kind)
    {
    case DESK_CONVERSATION_MESSAGE:
    case DESK_CONVERSATION_REPLY:
    case DESK_CONVERSATION_NOTE:
      return make_text_card (self, source);
    case DESK_CONVERSATION_RESOLUTION:
      return make_resolution (self, source);
    case DESK_CONVERSATION_LINE:
      return make_line (self, source, line);
    case DESK_CONVERSATION_REASON:
      return make_reason (self, source);
    case DESK_CONVERSATION_ASKED:
      return make_text_card (self, source);
    }
  g_return_val_if_reached (NULL);
}
