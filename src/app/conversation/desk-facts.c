/* SPDX-License-Identifier: GPL-3.0-or-later
 * The facts of a ticket; see desk-facts.h. */
#include "desk-facts.h"

#include <glib/gi18n.h>

#include "desk-wording.h"

typedef struct
{
  const DeskCase *in;
  const DeskTicket *ticket;
  const DeskCatalogue *catalogue;
  gint64 now;
} Source;

/* Each gives the words for one fact, NULL when there is nothing to say. (transfer full) */

static char *
word_number (const Source *source)
{
  return desk_wording_number (source->ticket->number);
}

static char *
word_status (const Source *source)
{
  return g_strdup (desk_wording_status (source->ticket->status));
}

static char *
word_priority (const Source *source)
{
  return g_strdup (desk_wording_priority (source->ticket->priority));
}

static char *
word_entry (const Source *source, DeskEntryKind kind, const char *slug)
{
  const DeskEntry *entry = desk_catalogue_find (source->catalogue, kind, slug);

  if (entry == NULL)
    return g_strdup (slug);
  return g_strdup (entry->label);
}

static char *
word_person (const Source *source, const char *uid)
{
  const DeskPerson *person = desk_case_find_person (source->in, uid);

  return uid != NULL ? g_strdup (desk_wording_person (person)) : NULL;
}

static char *
word_time (gint64 at)
{
  return at != 0 ? desk_wording_exact_time (at) : NULL;
}

static char *
word_due (const Source *source)
{
  const DeskTicket *ticket = source->ticket;
  g_autofree char *left = desk_wording_due (desk_clock_of (ticket), ticket->status, source->now);
  g_autofree char *at = word_time (ticket->due_at);

  if (left == NULL || at == NULL)
    return g_steal_pointer (&left);
  return g_strdup_printf ("%s\n%s", left, at);
}

static char *
word_requester (const Source *source)
{
  return word_person (source, source->ticket->requester);
}

static char *
word_assignee (const Source *source)
{
  return word_person (source, source->ticket->assignee);
}

static char *
word_topic (const Source *source)
{
  return word_entry (source, DESK_ENTRY_TOPIC, source->ticket->topic);
}

static char *
word_department (const Source *source)
{
  return word_entry (source, DESK_ENTRY_DEPARTMENT, source->ticket->department);
}

static char *
word_team (const Source *source)
{
  return word_entry (source, DESK_ENTRY_TEAM, source->ticket->team);
}

static char *
word_sla (const Source *source)
{
  return word_entry (source, DESK_ENTRY_SLA, source->ticket->sla);
}

static char *
word_created (const Source *source)
{
  return word_time (source->ticket->created_at);
}

static char *
word_updated (const Source *source)
{
  return word_time (source->ticket->updated_at);
}

static char *
word_resolved (const Source *source)
{
  return word_time (source->ticket->resolved_at);
}

static char *
word_closed (const Source *source)
{
  return word_time (source->ticket->closed_at);
}

static const struct
{
  const char *name;
  char *(*word) (const Source *source);
  gboolean internal;     /* agents only, also when it is empty */
  const char *otherwise; /* what is said instead of nothing; NULL: the fact is left out */
} facts[] = {
  { N_ ("Number"), word_number },
  { N_ ("Status"), word_status },
  { N_ ("Priority"), word_priority, TRUE },
  { N_ ("Due"), word_due },
  { N_ ("Requester"), word_requester },
  { N_ ("Help topic"), word_topic, FALSE, N_ ("None") },
  { N_ ("Department"), word_department },
  { N_ ("Team"), word_team, TRUE, N_ ("None") },
  { N_ ("SLA plan"), word_sla },
  { N_ ("Assignee"), word_assignee, FALSE, N_ ("Nobody") },
  { N_ ("Created"), word_created },
  { N_ ("Last change"), word_updated },
  { N_ ("Resolved"), word_resolved },
  { N_ ("Closed"), word_closed },
};

static GtkWidget *
make_name (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "desk-secondary");
  return label;
}

static GtkWidget *
make_value (const char *name, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_widget_set_tooltip_text (label, text);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name,
                                  -1);
  return label;
}

static void
attach_facts (GtkGrid *grid, const Source *source, gboolean internal)
{
  int row = 0;

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      g_autofree char *words = facts[i].word (source);
      const char *shown = words;

      if (facts[i].internal && !internal)
        continue;
      if (shown == NULL && facts[i].otherwise != NULL)
        shown = _ (facts[i].otherwise);
      if (shown == NULL)
        continue;
      gtk_grid_attach (grid, make_name (_ (facts[i].name)), 0, row, 1, 1);
      gtk_grid_attach (grid, make_value (_ (facts[i].name), shown), 1, row, 1, 1);
      row++;
    }
}

GtkWidget *
desk_facts_new (const DeskCase *in, const DeskCatalogue *catalogue, gboolean internal, gint64 now)
{
  const Source source = { in, in->ticket, catalogue, now };
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *grid = gtk_grid_new ();

  attach_facts (GTK_GRID (grid), &source, internal);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 8);
  gtk_widget_add_css_class (grid, "desk-facts");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 560);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), grid);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Details"), -1);
  return popover;
}
