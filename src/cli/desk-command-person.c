/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl person: who files and who works here. */
#include "desk-cli-remote.h"

#include "desk-json.h"
#include "desk-output.h"
#include "desk-people.h"
#include "desk-uid.h"

typedef struct
{
  const char *name;
  gboolean needs_login;
  gboolean (*exec) (DeskCli *cli, const char *login, GError **error);
} Verb;

/* --- options to values --- */

static void
take_text (DeskCli *cli, const char *option, char **member)
{
  const char *value = desk_arguments_get (cli->arguments, option);

  if (value == NULL)
    return;
  g_free (*member);
  *member = *value != '\0' ? g_strdup (value) : NULL;
}

/* The values of an option that repeats are all there is afterwards; one that is empty clears it. */
static void
take_slugs (DeskCli *cli, const char *option, char ***member)
{
  g_autoptr (GPtrArray) values = desk_arguments_get_all (cli->arguments, option);
  g_autoptr (GStrvBuilder) slugs = g_strv_builder_new ();

  if (values->len == 0)
    return;
  for (guint i = 0; i < values->len; i++)
    if (*(const char *) g_ptr_array_index (values, i) != '\0')
      g_strv_builder_add (slugs, g_ptr_array_index (values, i));
  g_strfreev (*member);
  *member = g_strv_builder_end (slugs);
}

static gboolean
take_options (DeskCli *cli, DeskPerson *person, GError **error)
{
  int role = (int) person->role;

  if (!desk_cli_get_enum (cli, "role", DESK_TYPE_ROLE, &role, error))
    return FALSE;
  person->role = (DeskRole) role;
  take_text (cli, "name", &person->name);
  take_text (cli, "email", &person->email);
  take_slugs (cli, "department", &person->departments);
  take_slugs (cli, "team", &person->teams);
  return TRUE;
}

/* --- saving --- */

static void
tell_saved (DeskCli *cli, const DeskPerson *person)
{
  g_autofree char *login = desk_plain_line (person->login);

  if (cli->json)
    desk_print_json (desk_person_to_json (person));
  else
    desk_print ("%s\n", login);
}

static gboolean
save (DeskCli *cli, DeskPerson *person, GError **error)
{
  if (!desk_cli_save_person (cli, person, error))
    return FALSE;
  tell_saved (cli, person);
  return TRUE;
}

static gboolean
add_person (DeskCli *cli, const char *login, GError **error)
{
  g_autofree char *uid = desk_uid_new ();
  g_autoptr (DeskPerson) person = desk_person_new (uid, login, login, DESK_ROLE_REQUESTER);

  return take_options (cli, person, error) && save (cli, person, error);
}

static gboolean
edit_person (DeskCli *cli, const char *login, GError **error)
{
  g_autoptr (DeskPerson) person = desk_cli_find_login (cli, login, error);

  return person != NULL && take_options (cli, person, error) && save (cli, person, error);
}

static gboolean
set_removed (DeskCli *cli, const char *login, gboolean removed, GError **error)
{
  g_autoptr (DeskPerson) person = desk_cli_find_login (cli, login, error);

  if (person == NULL)
    return FALSE;
  person->removed = removed;
  return save (cli, person, error);
}

static gboolean
remove_person (DeskCli *cli, const char *login, GError **error)
{
  return set_removed (cli, login, TRUE, error);
}

static gboolean
restore_person (DeskCli *cli, const char *login, GError **error)
{
  return set_removed (cli, login, FALSE, error);
}

static gboolean
erase_person (DeskCli *cli, const char *login, GError **error)
{
  g_autoptr (DeskPerson) person = desk_cli_find_login (cli, login, error);
  g_autoptr (DeskPerson) erased = NULL;

  if (person == NULL || !desk_cli_erase_person (cli, person, error))
    return FALSE;
  erased = desk_people_find_uid (cli->db, person->uid, error);
  if (erased != NULL && cli->json)
    desk_print_json (desk_person_to_json (erased));
  return erased != NULL;
}

/* Runs a verb that changes something in one transaction, undone unless the verb committed it. */
static gboolean
change (DeskCli *cli,
        const char *login,
        gboolean (*exec) (DeskCli *cli, const char *login, GError **error),
        GError **error)
{
  if (!desk_cli_open (cli, DESK_DB_OPEN, error))
    return FALSE;
  /* A server has transactions of its own. */
  if (cli->account != NULL)
    return exec (cli, login, error);
  if (!desk_db_begin (cli->db, error))
    return FALSE;
  if (exec (cli, login, error))
    return TRUE;
  desk_db_rollback (cli->db);
  return FALSE;
}

static gboolean
exec_add (DeskCli *cli, const char *login, GError **error)
{
  return change (cli, login, add_person, error);
}

static gboolean
exec_edit (DeskCli *cli, const char *login, GError **error)
{
  return change (cli, login, edit_person, error);
}

static gboolean
exec_remove (DeskCli *cli, const char *login, GError **error)
{
  return change (cli, login, remove_person, error);
}

static gboolean
exec_restore (DeskCli *cli, const char *login, GError **error)
{
  return change (cli, login, restore_person, error);
}

static gboolean
exec_erase (DeskCli *cli, const char *login, GError **error)
{
  if (!change (cli, login, erase_person, error))
    return FALSE;
  desk_cli_scrub (cli);
  return TRUE;
}

/* --- showing --- */

static void
list_as_json (GPtrArray *people)
{
  desk_print_json_begin ();
  for (guint i = 0; i < people->len; i++)
    desk_print_json_item (desk_person_to_json (g_ptr_array_index (people, i)), i == 0);
  desk_print_json_end ();
}

static void
list_for_people (GPtrArray *people)
{
  g_autoptr (DeskTable) table = desk_table_new (5);

  for (guint i = 0; i < people->len; i++)
    {
      const DeskPerson *person = g_ptr_array_index (people, i);
      g_autofree char *departments = g_strjoinv (" ", person->departments);

      desk_table_add (table, person->login, desk_enum_get_nick (DESK_TYPE_ROLE, (int) person->role),
                      person->name, person->email, departments);
    }
  desk_table_print (table);
}

/* Requesters do not learn who else files here. */
static gboolean
check_may_list (DeskCli *cli, GError **error)
{
  if (cli->me->role != DESK_ROLE_REQUESTER)
    return TRUE;
  g_set_error (error, DESK_ERROR, DESK_ERROR_NOT_ALLOWED,
               _ ("Only agents see the list of people; ask one of them"));
  return FALSE;
}

static gboolean
exec_list (DeskCli *cli, const char *words, GError **error)
{
  g_autoptr (GPtrArray) people = NULL;

  if (!desk_cli_open (cli, DESK_DB_READ, error) || !check_may_list (cli, error))
    return FALSE;
  people = cli->account != NULL ? desk_cli_ask_people (cli, words, error)
                                : desk_people_list (cli->db, words, 0, error);
  if (people == NULL)
    return FALSE;
  if (cli->json)
    list_as_json (people);
  else
    list_for_people (people);
  return TRUE;
}

/* --- verbs --- */

static const Verb verbs[] = {
  { "add", TRUE, exec_add },       { "edit", TRUE, exec_edit },       { "list", FALSE, exec_list },
  { "remove", TRUE, exec_remove }, { "restore", TRUE, exec_restore }, { "erase", TRUE, exec_erase },
};

static gboolean
exec_person (DeskCli *cli, GError **error)
{
  const char *name = desk_arguments_get_word (cli->arguments, 0);
  const char *login = desk_arguments_get_word (cli->arguments, 1);

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, name) && (login != NULL || !verbs[i].needs_login))
      return verbs[i].exec (cli, login, error);
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, _ ("This is not one of: %s %s"),
               cli->command->name, cli->command->arguments);
  return FALSE;
}

static const DeskOption person_options[] = {
  { "name", 0, "TEXT", DESK_OPTION_TEXT, N_ ("what people read; otherwise the login") },
  { "email", 0, "ADDRESS", DESK_OPTION_TEXT, N_ ("mail address") },
  { "role", 0, "ROLE", DESK_OPTION_TEXT, N_ ("requester, agent or administrator") },
  { "department", 0, "SLUG", DESK_OPTION_REPEATS,
    N_ ("a department that an agent works in; may be given several times, all anew") },
  { "team", 0, "SLUG", DESK_OPTION_REPEATS,
    N_ ("a team that an agent is in; may be given several times, all anew") },
  { NULL },
};

const DeskCommand desk_command_person = {
  .name = "person",
  .arguments = "add LOGIN [OPTIONS] | edit LOGIN [OPTIONS] | list [START] | remove LOGIN | restore "
               "LOGIN | erase LOGIN",
  .help = N_ ("Keep the people; erase takes somebody's name out for ever"),
  .options = person_options,
  .min_words = 1,
  .max_words = 2,
  .exec = exec_person,
};
