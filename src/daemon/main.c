/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbelld: serves a desk. Reads how, starts, waits for a signal, ends. */
#include "config.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <sys/resource.h>

#include "desk-log.h"
#include "desk-server.h"

typedef struct
{
  char *config;
  char *desk;
  char **listen;
  gboolean check;
  gboolean version;
} Options;

static DeskConfig *
load_config (const Options *options, GError **error)
{
  g_autoptr (DeskConfig) config = desk_config_new ();
  const char *path = options->config;

  if (path == NULL && options->desk == NULL && g_file_test (DESKBELLD_CONFIG, G_FILE_TEST_EXISTS))
    path = DESKBELLD_CONFIG;
  if (path != NULL && !desk_config_load (config, path, error))
    return NULL;
  if (options->desk != NULL && !desk_config_set (config, "desk", "path", options->desk, error))
    return NULL;
  if (options->listen != NULL)
    {
      g_autofree char *listen = g_strjoinv (";", options->listen);

      if (!desk_config_set (config, "server", "listen", listen, error))
        return NULL;
    }
  /* Settings can be looked at without the desk, which a unit may name. */
  if (!desk_config_check (config, error) ||
      (!options->check && !desk_config_check_desk (config, error)))
    return NULL;
  return g_steal_pointer (&config);
}

/* Each connection is a descriptor, and the default is a thousand of them. */
static void
raise_descriptors (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

/* Whoever starts it reads this; nobody else is told. */
static gboolean
greet (DeskServer *server, GError **error)
{
  g_autofree char *code = NULL;
  GError *failure = NULL;
  g_autoptr (DeskPerson) person = desk_server_invite_first (server, &code, &failure);

  if (person != NULL)
    printf ("Nobody can sign in yet. For the administrator, good once within 7 days:\n"
            "  login  %s\n  code   %s\n",
            person->login, code);
  printf ("Serving at %s\n", desk_server_get_url (server));
  fflush (stdout);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
serve (const DeskConfig *config, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  DeskServer *server;
  gboolean done;

  raise_descriptors ();
  desk_log_set_level (config->log);
  server = desk_server_new (config, error);
  if (server == NULL)
    return FALSE;
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  done = greet (server, error);
  if (done)
    g_main_loop_run (loop);
  desk_server_stop (server);
  desk_log (DESK_LOG_CHANGE, "stopped", NULL);
  return done;
}

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "desk", 'd', 0, G_OPTION_ARG_FILENAME, &options->desk, "The desk to serve", "FILE" },
    { "listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &options->listen,
      "Where to listen, as in 127.0.0.1:8080 or unix:/run/deskbell.socket", "ADDRESS" },
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config,
      "How to serve; " DESKBELLD_CONFIG " when no desk is named", "FILE" },
    { "check-config", 0, 0, G_OPTION_ARG_NONE, &options->check,
      "Print every setting as it counts, and end", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version, and end", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("– serves a desk to many people");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc == 1)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "“%s” is too much", (*argv)[1]);
  return FALSE;
}

static void
clear_options (Options *options)
{
  g_free (options->config);
  g_free (options->desk);
  g_strfreev (options->listen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, clear_options)

static int
fail (int status, GError *error)
{
  fprintf (stderr, "deskbelld: %s\n", error->message);
  g_error_free (error);
  return status;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (DeskConfig) config = NULL;
  GError *error = NULL;

  setlocale (LC_ALL, "");
  if (!parse_options (&argc, &argv, &options, &error))
    return fail (2, error);
  if (options.version)
    {
      printf ("deskbelld %s\n", DESKBELL_VERSION);
      return 0;
    }
  config = load_config (&options, &error);
  if (config == NULL)
    return fail (2, error);
  if (options.check)
    {
      g_autofree char *text = desk_config_to_string (config);

      fputs (text, stdout);
      return 0;
    }
  return serve (config, &error) ? 0 : fail (3, error);
}
