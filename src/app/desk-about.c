/* SPDX-License-Identifier: GPL-3.0-or-later
 * What this program is. */
#include "desk-about.h"

#include <glib/gi18n.h>

#include "config.h"

static const char *
get_renderer (GtkWindow *parent)
{
  GskRenderer *renderer = parent != NULL ? gtk_native_get_renderer (GTK_NATIVE (parent)) : NULL;

  return renderer != NULL ? G_OBJECT_TYPE_NAME (renderer) : "-";
}

/* English, for whoever reads the report. */
static char *
describe_system (GtkWindow *parent, const char *desk)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);

  return g_strdup_printf (
      "Deskbell %s\n"
      "System: %s\n"
      "GLib %u.%u.%u, GTK %u.%u.%u, libadwaita %u.%u.%u\n"
      "Display: %s, renderer: %s\n"
      "Languages: %s\n"
      "Desk: %s\n",
      DESKBELL_VERSION, os != NULL ? os : "-", glib_major_version, glib_minor_version,
      glib_micro_version, gtk_get_major_version (), gtk_get_minor_version (),
      gtk_get_micro_version (), adw_get_major_version (), adw_get_minor_version (),
      adw_get_micro_version (), G_OBJECT_TYPE_NAME (display), get_renderer (parent),
      g_get_language_names ()[0], desk != NULL ? desk : "-");
}

void
desk_about_present (GtkWindow *parent, const char *desk)
{
  g_autofree char *system = describe_system (parent, desk);

  adw_show_about_window (parent, "application-name", _ ("Deskbell"), "application-icon",
                         DESKBELL_APP_ID, "version", DESKBELL_VERSION, "comments",
                         _ ("A help desk for people who file tickets and people who answer them."),
                         "license-type", GTK_LICENSE_GPL_3_0, "debug-info", system,
                         "debug-info-filename", "deskbell.txt",
                         /* Translators: your names, one per line */
                         "translator-credits", _ ("translator-credits"), NULL);
}
