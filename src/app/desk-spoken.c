/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accessible names; see desk-spoken.h. */
#include "desk-spoken.h"

void
desk_spoken_menu_button (GtkMenuButton *button, const char *name, const char *value)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, value, -1);
}

void
desk_spoken_dropdown (AdwSplitButton *button, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (button)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_MENU_BUTTON (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

char *
desk_spoken_text (const char *text)
{
  GString *spoken = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c != 0x2068 && c != 0x2069)
        g_string_append_unichar (spoken, c);
    }
  return g_string_free (spoken, FALSE);
}
