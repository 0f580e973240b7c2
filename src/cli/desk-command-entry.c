/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl department, topic, team, sla and desk: the catalogue, kept by administrators.
 *
 * One family: which options an entry takes follows from the table of properties. */
#include "desk-cli-remote.h"

#include <inttypes.h>

#include "desk-json.h"
#include "desk-output.h"
#include "desk-people.h"
#include "desk-permission.h"

#define DESK_SLUG "desk"

typedef struct
{
  DeskCli *cli;
  DeskEntryKind kind;
  const char *slug; /* NULL where the verb takes none */
} Task;

typedef struct
{
  const char *name;
  guint kinds; /* bits of DeskEntryKind that have the verb */
  gboolean needs_slug;
  gboolean (*exec) (Task *task, GError **error);
} Verb;

#define KIND(kind) (1u << DESK_ENTRY_##kind)
#define CATALOGUE  (KIND (DEPARTMENT) | KIND (TOPIC) | KIND (TEAM) | KIND (SLA))

/* --- options to values --- */

/* People are named by login, and kept by uid. (transfer full) */
static char *
dup_value (DeskCli *cli, const DeskPropertyInfo *info, const char *given, GError **error)
{
  g_autoptr (DeskPerson) person = NULL;

  if (info->type != DESK_PROPERTY_TYPE_PERSON || *given == '\0')
    return g_strdup (given);
  person = desk_cli_find_login (cli, given, error);
  return person != NULL ? g_strdup (person->uid) : NULL;
}

/* A value that is none is a matter of the command line, not of the desk. */
static gboolean
check_given (const DeskPropertyInfo *info, const char *given, GError **error)
{
  g_autofree char *words = g_strjoinv (", ", (char **) info->words);

  if (*given == '\0')
    return TRUE;
  if (info->type == DESK_PROPERTY_TYPE_INT &&
      !g_ascii_string_to_signed (given, 10, info->min, info->max, NULL, NULL))
    {
      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                   _ ("--%s takes a whole number from %" PRId64 " to %" PRId64),
                   desk_command_name_option (info), info->min, info->max);
      return FALSE;
    }
  if (info->words[0] == NULL || g_strv_contains (info->words, given))
    return TRUE;
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("%s is no word for --%s; use one of %s"), given, desk_command_name_option (info),
               words);
  return FALSE;
}

static gboolean
take_property (Task *task, DeskEntry *entry, DeskProperty property, GError **error)
{
  const DeskPropertyInfo *info = desk_property_get_info (property);
  const char *given = desk_arguments_get (task->cli->arguments, desk_command_name_option (info));
  g_autofree char *value = NULL;

  if (given == NULL)
    return TRUE;
  if (!check_given (info, given, error))
    return FALSE;
  value = dup_value (task->cli, info, given, error);
  if (value == NULL)
    return FALSE;
  desk_entry_set (entry, property, *value != '\0' ? value : NULL);
  return TRUE;
}

/* Puts everything that was given on the command line into @entry. */
static gboolean
take_options (Task *task, DeskEntry *entry, GError **error)
{
  const char *label = desk_arguments_get (task->cli->arguments, "label");

  if (label != NULL)
    {
      g_free (entry->label);
      entry->label = g_strdup (label);
    }
  for (guint i = 0; i < DESK_N_PROPERTIES; i++)
    if (!take_property (task, entry, (DeskProperty) i, error))
      return FALSE;
  return TRUE;
}

/* "online-banking" → "Online banking". (transfer full) */
static char *
make_label (const char *slug)
{
  char *label = g_strdelimit (g_strdup (slug), "-", ' ');

  label[0] = g_ascii_toupper (label[0]);
  return label;
}

/* --- saving --- */

static void
tell_saved (DeskCli *cli, const DeskEntry *entry)
{
  if (cli->json)
    desk_print_json (desk_entry_to_json (entry));
  else
    desk_print ("%s\n", entry->slug);
}

/* The entry as it is now, to be changed. (transfer full) */
static DeskEntry *
copy_entry (Task *task, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (task->cli->db, error);
  const DeskEntry *entry;

  if (catalogue == NULL)
    return NULL;
  entry = desk_catalogue_find (catalogue, task->kind, task->slug);
  if (entry != NULL)
    return desk_entry_copy (entry);
  g_set_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH,
               _ ("There is no %s %s; deskbellctl %s list shows all"), task->cli->command->name,
               task->slug, task->cli->command->name);
  return NULL;
}

static gboolean
check_is_new (Task *task, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (task->cli->db, error);

  if (catalogue == NULL)
    return FALSE;
  if (desk_catalogue_find (catalogue, task->kind, task->slug) == NULL)
    return TRUE;
  g_set_error (error, DESK_ERROR, DESK_ERROR_EXISTS,
               _ ("The slug %s is taken, and a slug is never used again; choose another, or use "
                  "edit or restore"),
               task->slug);
  return FALSE;
}

/* Nobody is asked to mend values that they may not save anyway. */
static gboolean
check_permission (DeskCli *cli, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (cli->db, error);

  return catalogue != NULL &&
         desk_can (DESK_ACTION_KEEP_CATALOGUE, cli->me, NULL, catalogue, desk_cli_now (), error);
}

static gboolean
save (DeskCli *cli, DeskEntry *entry, GError **error)
{
  return desk_cli_save_entry (cli, entry, error);
}

static gboolean
add_entry (Task *task, GError **error)
{
  g_autofree char *label = make_label (task->slug);
  g_autoptr (DeskEntry) entry = desk_entry_new (task->kind, task->slug, label);

  if (!check_is_new (task, error) || !take_options (task, entry, error) ||
      !save (task->cli, entry, error))
    return FALSE;
  tell_saved (task->cli, entry);
  return TRUE;
}

static gboolean
edit_entry (Task *task, GError **error)
{
  g_autoptr (DeskEntry) entry = copy_entry (task, error);

  if (entry == NULL || !take_options (task, entry, error) || !save (task->cli, entry, error))
    return FALSE;
  tell_saved (task->cli, entry);
  return TRUE;
}

static gboolean
set_removed (Task *task, gboolean removed, GError **error)
{
  g_autoptr (DeskEntry) entry = copy_entry (task, error);

  if (entry == NULL)
    return FALSE;
  entry->removed = removed;
  if (!save (task->cli, entry, error))
    return FALSE;
  tell_saved (task->cli, entry);
  return TRUE;
}

static gboolean
remove_entry (Task *task, GError **error)
{
  return set_removed (task, TRUE, error);
}

static gboolean
restore_entry (Task *task, GError **error)
{
  return set_removed (task, FALSE, error);
}

/* Runs a verb that changes something in one transaction, undone unless the verb committed it. */
static gboolean
change (Task *task, gboolean (*exec) (Task *task, GError **error), GError **error)
{
  if (!desk_cli_open (task->cli, DESK_DB_OPEN, error))
    return FALSE;
  /* A server has transactions of its own. */
  if (task->cli->account != NULL)
    return check_permission (task->cli, error) && exec (task, error);
  if (!desk_db_begin (task->cli->db, error))
    return FALSE;
  if (check_permission (task->cli, error) && exec (task, error))
    return TRUE;
  desk_db_rollback (task->cli->db);
  return FALSE;
}

static gboolean
exec_add (Task *task, GError **error)
{
  return change (task, add_entry, error);
}

static gboolean
exec_edit (Task *task, GError **error)
{
  return change (task, edit_entry, error);
}

static gboolean
exec_remove (Task *task, GError **error)
{
  return change (task, remove_entry, error);
}

static gboolean
exec_restore (Task *task, GError **error)
{
  return change (task, restore_entry, error);
}

/* --- showing --- */

/* What a person reads: logins for uids. (transfer full) */
static char *
describe_value (const DeskCatalogue *catalogue, const DeskPropertyInfo *info, const char *value)
{
  const DeskPerson *agent = NULL;

  if (info->type == DESK_PROPERTY_TYPE_PERSON)
    agent = desk_catalogue_find_agent (catalogue, value);
  return g_strdup (agent != NULL && agent->login != NULL ? agent->login : value);
}

/* "department=online-banking sla=4-hours". (transfer full) */
static char *
describe_values (const DeskCatalogue *catalogue, const DeskEntry *entry)
{
  GString *words = g_string_new (entry->removed ? _ ("(removed)") : NULL);

  for (guint i = 0; i < DESK_N_PROPERTIES; i++)
    {
      const DeskPropertyInfo *info = desk_property_get_info ((DeskProperty) i);
      g_autofree char *value = NULL;

      if (entry->values[i] == NULL)
        continue;
      value = describe_value (catalogue, info, entry->values[i]);
      g_string_append_printf (words, "%s%s=%s", words->len > 0 ? " " : "", info->name, value);
    }
  return g_string_free (words, FALSE);
}

/* Private departments are not for requesters. */
static gboolean
is_listed (DeskCli *cli, const DeskEntry *entry)
{
  if (entry->removed && !desk_arguments_has (cli->arguments, "all"))
    return FALSE;
  return cli->me->role != DESK_ROLE_REQUESTER || entry->kind != DESK_ENTRY_DEPARTMENT ||
         desk_entry_get_bool (entry, DESK_PROPERTY_PUBLIC);
}

static void
list_as_json (DeskCli *cli, GPtrArray *entries)
{
  gboolean first = TRUE;

  desk_print_json_begin ();
  for (guint i = 0; i < entries->len; i++)
    {
      const DeskEntry *entry = g_ptr_array_index (entries, i);

      if (!is_listed (cli, entry))
        continue;
      desk_print_json_item (desk_entry_to_json (entry), first);
      first = FALSE;
    }
  desk_print_json_end ();
}

static void
list_for_people (DeskCli *cli, const DeskCatalogue *catalogue, GPtrArray *entries)
{
  g_autoptr (DeskTable) table = desk_table_new (3);

  for (guint i = 0; i < entries->len; i++)
    {
      const DeskEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *values = describe_values (catalogue, entry);

      if (is_listed (cli, entry))
        desk_table_add (table, entry->slug, entry->label, values);
    }
  desk_table_print (table);
}

static gboolean
exec_list (Task *task, GError **error)
{
  DeskCli *cli = task->cli;
  DeskCatalogue *catalogue =
      desk_cli_open (cli, DESK_DB_READ, error) ? desk_db_get_catalogue (cli->db, error) : NULL;

  if (catalogue == NULL)
    return FALSE;
  if (cli->json)
    list_as_json (cli, desk_catalogue_get_entries (catalogue, task->kind));
  else
    list_for_people (cli, catalogue, desk_catalogue_get_entries (catalogue, task->kind));
  return TRUE;
}

/* Every setting, the ones that are not set as well. */
static void
show_for_people (const DeskEntry *desk)
{
  g_autoptr (DeskTable) table = desk_table_new (2);

  desk_table_add (table, "label", desk->label);
  for (guint i = 0; i < DESK_N_PROPERTIES; i++)
    {
      const DeskPropertyInfo *info = desk_property_get_info ((DeskProperty) i);

      if (info->kinds & KIND (DESK))
        desk_table_add (table, desk_command_name_option (info),
                        desk_entry_get (desk, (DeskProperty) i));
    }
  desk_table_print (table);
}

static gboolean
exec_show (Task *task, GError **error)
{
  DeskCli *cli = task->cli;
  DeskCatalogue *catalogue =
      desk_cli_open (cli, DESK_DB_READ, error) ? desk_db_get_catalogue (cli->db, error) : NULL;

  if (catalogue == NULL)
    return FALSE;
  if (cli->json)
    desk_print_json (desk_entry_to_json (desk_catalogue_get_desk (catalogue)));
  else
    show_for_people (desk_catalogue_get_desk (catalogue));
  return TRUE;
}

/* --- verbs --- */

static const Verb verbs[] = {
  { "add", CATALOGUE, TRUE, exec_add },       { "edit", CATALOGUE, TRUE, exec_edit },
  { "edit", KIND (DESK), FALSE, exec_edit },  { "list", CATALOGUE, FALSE, exec_list },
  { "remove", CATALOGUE, TRUE, exec_remove }, { "restore", CATALOGUE, TRUE, exec_restore },
  { "show", KIND (DESK), FALSE, exec_show },
};

static const Verb *
find_verb (DeskCli *cli, GError **error)
{
  const char *name = desk_arguments_get_word (cli->arguments, 0);
  gboolean has_slug = desk_arguments_get_word (cli->arguments, 1) != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (verbs[i].kinds & cli->command->kinds && verbs[i].needs_slug == has_slug &&
        g_str_equal (verbs[i].name, name))
      return &verbs[i];
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, _ ("This is not one of: %s %s"),
               cli->command->name, cli->command->arguments);
  return NULL;
}

static gboolean
exec_entry (DeskCli *cli, GError **error)
{
  const Verb *verb = find_verb (cli, error);
  Task task = { .cli = cli };

  if (verb == NULL)
    return FALSE;
  task.kind = (DeskEntryKind) g_bit_nth_lsf (cli->command->kinds, -1);
  task.slug = verb->needs_slug ? desk_arguments_get_word (cli->arguments, 1) : DESK_SLUG;
  return verb->exec (&task, error);
}

static const DeskOption entry_options[] = {
  { "label", 0, "TEXT", DESK_OPTION_TEXT, N_ ("what people read; otherwise made from the slug") },
  { "all", 0, NULL, DESK_OPTION_TEXT, N_ ("list what was removed as well") },
  { NULL },
};

static const DeskOption desk_options[] = {
  { "label", 0, "TEXT", DESK_OPTION_TEXT, N_ ("the name of the desk") },
  { NULL },
};

#define ENTRY_ARGUMENTS                                                                            \
  "add SLUG [OPTIONS] | edit SLUG [OPTIONS] | list [--all] | remove SLUG | restore SLUG"

const DeskCommand desk_command_department = {
  .name = "department",
  .arguments = ENTRY_ARGUMENTS,
  .help = N_ ("Keep the departments"),
  .options = entry_options,
  .kinds = KIND (DEPARTMENT),
  .min_words = 1,
  .max_words = 2,
  .exec = exec_entry,
};

const DeskCommand desk_command_topic = {
  .name = "topic",
  .arguments = ENTRY_ARGUMENTS,
  .help = N_ ("Keep the help topics"),
  .options = entry_options,
  .kinds = KIND (TOPIC),
  .min_words = 1,
  .max_words = 2,
  .exec = exec_entry,
};

const DeskCommand desk_command_team = {
  .name = "team",
  .arguments = ENTRY_ARGUMENTS,
  .help = N_ ("Keep the teams"),
  .options = entry_options,
  .kinds = KIND (TEAM),
  .min_words = 1,
  .max_words = 2,
  .exec = exec_entry,
};

const DeskCommand desk_command_sla = {
  .name = "sla",
  .arguments = ENTRY_ARGUMENTS,
  .help = N_ ("Keep the SLA plans"),
  .options = entry_options,
  .kinds = KIND (SLA),
  .min_words = 1,
  .max_words = 2,
  .exec = exec_entry,
};

const DeskCommand desk_command_desk = {
  .name = "desk",
  .arguments = "show | edit [OPTIONS]",
  .help = N_ ("Look at the settings of the desk, or change them"),
  .options = desk_options,
  .kinds = KIND (DESK),
  .min_words = 1,
  .max_words = 1,
  .exec = exec_entry,
};
