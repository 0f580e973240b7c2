/* SPDX-License-Identifier: GPL-3.0-or-later
 * Summary, number, pills; see desk-ticket-head.h. */
#include "desk-ticket-head.h"

#include <glib/gi18n.h>

#include "desk-phrase.h"
#include "desk-row-layout.h"
#include "desk-wording.h"
#include "desk-wrap-layout.h"

struct _DeskTicketHead
{
  GtkWidget parent_instance;

  gboolean compact;
  GtkWidget *summary;
  GtkWidget *number;
  GtkWidget *status;
  GtkWidget *priority;
  GtkWidget *due;
  GtkWidget *words;         /* beside the pills */
  GtkWidget *compact_words; /* below them, a little shorter */
};

G_DEFINE_FINAL_TYPE (DeskTicketHead, desk_ticket_head, GTK_TYPE_WIDGET)

/* --- words --- */

static const char *
find_label (const DeskCatalogue *catalogue, DeskEntryKind kind, const char *slug)
{
  const DeskEntry *entry = desk_catalogue_find (catalogue, kind, slug);

  return entry != NULL ? entry->label : slug;
}

static const char *
find_name (const DeskCase *in, const char *uid)
{
  return uid != NULL ? desk_wording_person (desk_case_find_person (in, uid)) : NULL;
}

/* Adds @value, inside of @sentence when there is one. */
static void
add_word (GString *words, const char *sentence, const char *value)
{
  g_autofree char *phrase = NULL;

  if (value == NULL || *value == '\0')
    return;
  phrase = desk_phrase (sentence != NULL ? sentence : "%s", value);
  if (words->len > 0)
    g_string_append (words, " · ");
  g_string_append (words, phrase);
}

static char *
word_for_agent (const DeskCase *in, const DeskCatalogue *catalogue, gboolean compact)
{
  const DeskTicket *ticket = in->ticket;
  GString *words = g_string_new (NULL);

  /* Translators: who filed the ticket, "From Karen". */
  add_word (words, compact ? NULL : _ ("From %s"), find_name (in, ticket->requester));
  add_word (words, NULL,
            ticket->topic != NULL
                ? find_label (catalogue, DESK_ENTRY_TOPIC, ticket->topic)
                : find_label (catalogue, DESK_ENTRY_DEPARTMENT, ticket->department));
  /* Translators: the SLA plan of a ticket, "SLA 4 hours". */
  add_word (words, _ ("SLA %s"), find_label (catalogue, DESK_ENTRY_SLA, ticket->sla));
  return g_string_free (words, FALSE);
}

static char *
word_for_requester (const DeskCase *in, const DeskCatalogue *catalogue)
{
  const DeskTicket *ticket = in->ticket;
  GString *words = g_string_new (NULL);

  add_word (words, NULL, find_label (catalogue, DESK_ENTRY_TOPIC, ticket->topic));
  /* Translators: who works on the ticket, "with Jane". */
  add_word (words, _ ("with %s"), find_name (in, ticket->assignee));
  return g_string_free (words, FALSE);
}

static void
show_words (GtkWidget *label, const char *words)
{
  gtk_label_set_text (GTK_LABEL (label), words);
  gtk_widget_set_tooltip_text (label, words);
}

/* Whether something that waits to be sent changes @field. */
static gboolean
is_expected (const DeskCase *in, DeskField field)
{
  for (guint i = in->events->len; in->pending > 0 && i > 0; i--)
    {
      const DeskEvent *event = g_ptr_array_index (in->events, i - 1);

      if (event->no != 0)
        return FALSE;
      if (event->kind != DESK_KIND_CREATED && desk_changes_find (event->changes, field) != NULL)
        return TRUE;
    }
  return FALSE;
}

void
desk_ticket_head_show (DeskTicketHead *self,
                       const DeskCase *in,
                       const DeskCatalogue *catalogue,
                       gboolean agent,
                       gint64 now)
{
  const DeskTicket *ticket;
  g_autofree char *number = NULL;
  g_autofree char *words = NULL;
  g_autofree char *compact_words = NULL;

  g_return_if_fail (DESK_IS_TICKET_HEAD (self));

  ticket = in->ticket;
  number = desk_wording_number (ticket->number);
  words = agent ? word_for_agent (in, catalogue, FALSE) : word_for_requester (in, catalogue);
  compact_words = agent ? word_for_agent (in, catalogue, TRUE) : g_strdup (words);
  gtk_label_set_text (GTK_LABEL (self->summary), ticket->summary != NULL ? ticket->summary : "");
  gtk_widget_set_tooltip_text (self->summary, ticket->summary);
  gtk_label_set_text (GTK_LABEL (self->number), number);
  show_words (self->words, words);
  show_words (self->compact_words, compact_words);
  desk_pill_set_status (DESK_PILL (self->status), ticket->status);
  desk_pill_set_expected (DESK_PILL (self->status), is_expected (in, DESK_FIELD_STATUS));
  desk_pill_set_expected (DESK_PILL (self->priority), is_expected (in, DESK_FIELD_PRIORITY));
  gtk_widget_set_visible (self->priority, agent);
  if (agent)
    desk_pill_set_priority (DESK_PILL (self->priority), ticket->priority);
  desk_pill_set_due (DESK_PILL (self->due), desk_clock_of (ticket), ticket->status, now);
}

/* --- the widget --- */

static void
show_compact (DeskTicketHead *self)
{
  gtk_widget_set_visible (self->number, !self->compact);
  gtk_widget_set_visible (self->words, !self->compact);
  gtk_widget_set_visible (self->compact_words, self->compact);
  gtk_widget_remove_css_class (self->summary, self->compact ? "title-2" : "title-3");
  gtk_widget_add_css_class (self->summary, self->compact ? "title-3" : "title-2");
}

void
desk_ticket_head_set_compact (DeskTicketHead *self, gboolean compact)
{
  g_return_if_fail (DESK_IS_TICKET_HEAD (self));

  self->compact = compact;
  show_compact (self);
}

DeskPill *
desk_ticket_head_get_priority (DeskTicketHead *self)
{
  g_return_val_if_fail (DESK_IS_TICKET_HEAD (self), NULL);

  return DESK_PILL (self->priority);
}

DeskPill *
desk_ticket_head_get_due (DeskTicketHead *self)
{
  g_return_val_if_fail (DESK_IS_TICKET_HEAD (self), NULL);

  return DESK_PILL (self->due);
}

static void
desk_ticket_head_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (desk_ticket_head_parent_class)->dispose (object);
}

static void
desk_ticket_head_class_init (DeskTicketHeadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_ticket_head_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "desk-ticket-head");
}

/* A summary of the greatest length still shows in two lines; the tooltip has all of it. */
static GtkWidget *
make_title (DeskTicketHead *self)
{
  GtkWidget *title = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  self->summary = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->summary), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->summary), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (self->summary), 2);
  gtk_label_set_ellipsize (GTK_LABEL (self->summary), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->summary), 0);
  gtk_label_set_attributes (GTK_LABEL (self->summary), attributes);
  gtk_widget_set_valign (self->summary, GTK_ALIGN_BASELINE);

  self->number = gtk_label_new (NULL);
  gtk_widget_set_valign (self->number, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class (self->number, "numeric");
  gtk_widget_add_css_class (self->number, "desk-secondary");
  gtk_widget_add_css_class (self->number, "desk-number");
  gtk_box_append (GTK_BOX (title), self->summary);
  gtk_box_append (GTK_BOX (title), self->number);
  return title;
}

static GtkWidget *
make_words (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "desk-secondary");
  return label;
}

static GtkWidget *
make_facts (DeskTicketHead *self)
{
  GtkWidget *row = desk_row_new (12);
  GtkWidget *pills = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (pills, desk_wrap_layout_new (6));
  self->status = desk_pill_new ();
  self->priority = desk_pill_new ();
  self->due = desk_pill_new ();
  gtk_box_append (GTK_BOX (pills), self->status);
  gtk_box_append (GTK_BOX (pills), self->priority);
  gtk_box_append (GTK_BOX (pills), self->due);
  self->words = make_words ();
  gtk_widget_set_hexpand (self->words, TRUE);
  gtk_box_append (GTK_BOX (row), pills);
  gtk_box_append (GTK_BOX (row), self->words);
  return row;
}

static void
desk_ticket_head_init (DeskTicketHead *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_parent (make_title (self), GTK_WIDGET (self));
  gtk_widget_set_parent (make_facts (self), GTK_WIDGET (self));
  self->compact_words = make_words ();
  gtk_widget_add_css_class (self->compact_words, "caption");
  gtk_widget_set_parent (self->compact_words, GTK_WIDGET (self));
  show_compact (self);
}

GtkWidget *
desk_ticket_head_new (void)
{
  return g_object_new (DESK_TYPE_TICKET_HEAD, NULL);
}
