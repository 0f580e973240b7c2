/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl session: who is signed in where, tokens for programs, invitations. */
#include "desk-cli-remote.h"

#include "desk-api.h"
#include "desk-json.h"
#include "desk-output.h"
#include "desk-people.h"
#include "desk-words.h"

/* --- list --- */

static void
print_sessions (DeskCli *cli, GPtrArray *sessions)
{
  g_autoptr (DeskTable) table = desk_table_new (6);

  for (guint i = 0; i < sessions->len; i++)
    {
      const DeskDeviceSession *session = sessions->pdata[i];
      g_autoptr (DeskPerson) person = desk_people_find_uid (cli->db, session->person, NULL);
      g_autofree char *used = desk_words_of_time (session->used_at);

      desk_table_add (table, session->uid, person != NULL ? person->login : session->person,
                      desk_enum_get_nick (DESK_TYPE_VIA, (int) session->via), used,
                      session->current ? _ ("this one") : NULL, session->device_name);
    }
  desk_table_print (table);
}

static gboolean
exec_list (DeskCli *cli, const char *word, GError **error)
{
  gboolean all = desk_arguments_has (cli->arguments, "all");
  g_autoptr (JsonNode) node = desk_cli_ask (
      cli, "GET", all ? "/v1/sessions?of=everybody" : "/v1/sessions", NULL, error);
  g_autoptr (GPtrArray) sessions = node != NULL ? desk_sessions_from_json (node, error) : NULL;

  if (sessions == NULL)
    return FALSE;
  if (cli->json)
    desk_print_json (g_steal_pointer (&node));
  else
    print_sessions (cli, sessions);
  return TRUE;
}

/* --- end --- */

static gboolean
exec_end (DeskCli *cli, const char *uid, GError **error)
{
  g_autofree char *quoted = g_uri_escape_string (uid, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/sessions/", quoted, NULL);
  g_autoptr (JsonNode) nothing = desk_cli_ask (cli, "DELETE", path, NULL, error);

  return nothing != NULL;
}

/* --- token --- */

static gboolean
exec_token (DeskCli *cli, const char *name, GError **error)
{
  g_autoptr (JsonNode)
      node = desk_cli_ask (cli, "POST", "/v1/sessions", desk_token_request_to_json (name), error);
  g_autoptr (DeskWelcome) welcome = node != NULL ? desk_welcome_from_json (node, error) : NULL;

  if (welcome == NULL)
    return FALSE;
  if (cli->json)
    desk_print_json (g_steal_pointer (&node));
  else
    desk_print ("%s\n", welcome->token);
  return TRUE;
}

/* --- invite --- */

static void
print_invitation (const DeskInvitation *invitation, const char *login)
{
  g_autofree char *plain = desk_plain_line (login);
  g_autofree char *until = desk_words_of_time (invitation->expires_at);

  desk_print (_ ("For %s, good once until %s:"), plain, until);
  desk_print ("\n  %s  %s\n  %s  %s\n", _ ("address"),
              invitation->link != NULL ? invitation->link : "", _ ("code"), invitation->code);
}

static gboolean
exec_invite (DeskCli *cli, const char *login, GError **error)
{
  g_autoptr (DeskPerson) person = desk_cli_find_login (cli, login, error);
  g_autofree char *path = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (DeskInvitation) invitation = NULL;

  if (person == NULL)
    return FALSE;
  path = g_strdup_printf ("/v1/people/%s/invitation", person->uid);
  node = desk_cli_ask (cli, "POST", path, NULL, error);
  invitation = node != NULL ? desk_invitation_from_json (node, error) : NULL;
  if (invitation == NULL)
    return FALSE;
  if (cli->json)
    desk_print_json (g_steal_pointer (&node));
  else
    print_invitation (invitation, login);
  return TRUE;
}

/* --- verbs --- */

static const struct
{
  const char *name;
  gboolean needs_word;
  gboolean (*exec) (DeskCli *cli, const char *word, GError **error);
} verbs[] = {
  { "list", FALSE, exec_list },
  { "end", TRUE, exec_end },
  { "token", TRUE, exec_token },
  { "invite", TRUE, exec_invite },
};

static gboolean
exec_session (DeskCli *cli, GError **error)
{
  const char *name = desk_arguments_get_word (cli->arguments, 0);
  const char *word = desk_arguments_get_word (cli->arguments, 1);

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, name) && verbs[i].needs_word == (word != NULL))
      return desk_cli_open_copy_offline (cli, error) && verbs[i].exec (cli, word, error);
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, _ ("This is not one of: %s %s"),
               cli->command->name, cli->command->arguments);
  return FALSE;
}

static const DeskOption session_options[] = {
  { "all", 0, NULL, DESK_OPTION_TEXT, N_ ("list everybody's, as an administrator") },
  { NULL },
};

const DeskCommand desk_command_session = {
  .name = "session",
  .arguments = "list [--all] | end UID | token NAME | invite LOGIN",
  .help = N_ ("Where you are signed in; a token for a program; let somebody in"),
  .options = session_options,
  .min_words = 1,
  .max_words = 2,
  .place = DESK_PLACE_SERVER,
  .exec = exec_session,
};
