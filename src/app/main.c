/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbell: the windows of a help desk. */
#include <glib/gi18n.h>
#include <locale.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "config.h"
#include "desk-application.h"

/* The variable is for a build folder, whose translations are not installed. */
static const char *
get_translations (void)
{
  const char *folder = g_getenv ("DESKBELL_LOCALEDIR");

  return folder != NULL ? folder : DESKBELL_LOCALEDIR;
}

/* The keys of a long list come and go in one piece of many megabytes. Pieces of this size go back to
 * the system; glibc by itself learns from the first of them to keep the next ones. */
static void
give_memory_back (void)
{
#ifdef M_MMAP_THRESHOLD
  mallopt (M_MMAP_THRESHOLD, 1 << 20);
#endif
}

int
main (int argc, char **argv)
{
  g_autoptr (DeskApplication) application = NULL;

  give_memory_back ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, get_translations ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  application = desk_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
