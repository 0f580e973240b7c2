/* SPDX-License-Identifier: GPL-3.0-or-later
 * The disc of a person; see the header. */
#include "desk-avatar.h"

#include "desk-wording.h"

guint
desk_avatar_choose_color (const char *name)
{
  return g_str_hash (name != NULL ? name : "") % DESK_N_DISC_COLORS;
}

/* "J A": AdwAvatar shows the first letters of two words. (transfer full) */
static char *
space_letters (const char *name)
{
  g_autofree char *initials = desk_wording_initials (name);
  const char *second = *initials != '\0' ? g_utf8_next_char (initials) : initials;

  return g_strdup_printf ("%.*s %s", (int) (second - initials), initials, second);
}

void
desk_avatar_set_name (AdwAvatar *avatar, const char *name)
{
  g_autofree char *letters = space_letters (name);
  g_autofree char *disc = g_strdup_printf ("desk-disc-%u", desk_avatar_choose_color (name));
  const char *classes[] = { disc, NULL };

  adw_avatar_set_text (avatar, letters);
  gtk_widget_set_css_classes (GTK_WIDGET (avatar), classes);
}

GtkWidget *
desk_avatar_new (const char *name, int size)
{
  GtkWidget *avatar = adw_avatar_new (size, NULL, TRUE);

  desk_avatar_set_name (ADW_AVATAR (avatar), name);
  gtk_accessible_update_state (GTK_ACCESSIBLE (avatar), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  return avatar;
}
