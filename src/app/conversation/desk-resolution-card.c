/* SPDX-License-Identifier: GPL-3.0-or-later
 * The body of a resolution; see desk-resolution-card.h. */
#include "desk-resolution-card.h"

#include <glib/gi18n.h>
#include <string.h>

#include "desk-body.h"

static gboolean
starts_block (const char *line)
{
  gsize digits;

  line += strspn (line, " \t");
  digits = strspn (line, "0123456789");
  if (digits > 0)
    return (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ';
  return *line == '\0' || strchr ("-*+>#|`~", *line) != NULL;
}

/* An empty line inside or a mark at a line means that the writer arranged the text. */
static gboolean
is_arranged (char **lines)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (starts_block (lines[i]))
      return TRUE;
  return FALSE;
}

char *
desk_resolution_list (const char *text, const char *mark)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_auto (GStrv) lines = g_strsplit (trimmed, "\n", -1);
  GString *list;

  if (g_strv_length (lines) < 2 || is_arranged (lines))
    return g_strdup (text);
  list = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (list, "%s%s\n", mark, lines[i]);
  return g_string_free (list, FALSE);
}

static void
append_part (GtkWidget *box, const char *title, const char *text, const char *mark)
{
  g_autofree char *list = NULL;
  GtkWidget *label;

  if (text == NULL || *text == '\0')
    return;
  list = desk_resolution_list (text, mark);
  label = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "desk-secondary");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), desk_body_new (list));
}

GtkWidget *
desk_resolution_card_new (const char *summary, const char *steps, const char *recommendations)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (box), desk_body_new (summary != NULL ? summary : ""));
  append_part (box, _ ("What we did"), steps, "1. ");
  append_part (box, _ ("What you can do"), recommendations, "- ");
  return box;
}
