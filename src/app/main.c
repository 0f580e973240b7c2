/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbell: the windows of a help desk. */
#include <glib/gi18n.h>
#include <locale.h>

#include "config.h"
#include "desk-application.h"

/* The variable is for a build folder, whose translations are not installed. */
static const char *
get_translations (void)
{
  const char *folder = g_getenv ("DESKBELL_LOCALEDIR");

  return folder != NULL ? folder : DESKBELL_LOCALEDIR;
}

int
main (int argc, char **argv)
{
  g_autoptr (DeskApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, get_translations ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  application = desk_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
