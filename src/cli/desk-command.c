/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of commands, and what help makes of it. */
#include "desk-command.h"

#include "desk-output.h"
#include "desk-words.h"

/* In the order in which a ticket and then its desk need them. */
/* clang-format off */
static const DeskCommand *const commands[] = {
  &desk_command_init,
  &desk_command_submit,
  &desk_command_list,
  &desk_command_show,
  &desk_command_history,
  &desk_command_search,
  &desk_command_reply,
  &desk_command_note,
  &desk_command_claim,
  &desk_command_assign,
  &desk_command_transfer,
  &desk_command_set,
  &desk_command_wait,
  &desk_command_resolve,
  &desk_command_confirm,
  &desk_command_reopen,
  &desk_command_close,
  &desk_command_attachment,
  &desk_command_redact,
  &desk_command_person,
  &desk_command_department,
  &desk_command_topic,
  &desk_command_team,
  &desk_command_sla,
  &desk_command_desk,
  &desk_command_backup,
  &desk_command_restore,
  &desk_command_check,
  &desk_command_export,
  &desk_command_import,
  &desk_command_login,
  &desk_command_logout,
  &desk_command_sync,
  &desk_command_outbox,
  &desk_command_password,
  &desk_command_session,
  &desk_command_help,
};
/* clang-format on */

static const DeskOption common_options[] = {
  { "desk", 0, "FILE|ADDRESS", DESK_OPTION_FILE,
    N_ ("the desk to work on (otherwise DESKBELL_DESK)") },
  { "as", 0, "LOGIN", DESK_OPTION_TEXT, N_ ("who is acting (otherwise who is signed in here)") },
  { "json", 0, NULL, DESK_OPTION_TEXT, N_ ("answer in JSON") },
  { "help", 'h', NULL, DESK_OPTION_TEXT, N_ ("show this help") },
  { "version", 0, NULL, DESK_OPTION_TEXT, N_ ("show the version") },
};

const DeskCommand *
desk_command_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  return NULL;
}

const char *
desk_command_name_option (const DeskPropertyInfo *info)
{
  g_autofree char *name = g_strdelimit (g_strdup (info->name), "_", '-');

  return g_intern_string (name);
}

/* How usage calls a value of the property. */
static const char *
name_value (const DeskPropertyInfo *info)
{
  g_autofree char *words = NULL;

  switch (info->type)
    {
    case DESK_PROPERTY_TYPE_BOOL:
    case DESK_PROPERTY_TYPE_WORD:
      words = g_strjoinv ("|", (char **) info->words);
      return g_intern_string (words);
    case DESK_PROPERTY_TYPE_INT:
      return "N";
    case DESK_PROPERTY_TYPE_TEXT:
      return "TEXT";
    case DESK_PROPERTY_TYPE_SLUG:
      return "SLUG";
    case DESK_PROPERTY_TYPE_PERSON:
      return "LOGIN";
    }
  g_return_val_if_reached ("");
}

static void
add_property_options (GArray *options, guint kinds)
{
  for (guint i = 0; i < DESK_N_PROPERTIES; i++)
    {
      const DeskPropertyInfo *info = desk_property_get_info ((DeskProperty) i);
      DeskOption option = { .flags = DESK_OPTION_TEXT, .help = info->help };

      if (!(info->kinds & kinds))
        continue;
      option.name = desk_command_name_option (info);
      option.value = name_value (info);
      g_array_append_val (options, option);
    }
}

static GArray *
get_own_options (const DeskCommand *command)
{
  GArray *options = g_array_new (FALSE, FALSE, sizeof (DeskOption));

  for (const DeskOption *option = command->options; option != NULL && option->name != NULL;
       option++)
    g_array_append_val (options, *option);
  add_property_options (options, command->kinds);
  return options;
}

GArray *
desk_command_get_options (const DeskCommand *command)
{
  GArray *options =
      command != NULL ? get_own_options (command) : g_array_new (FALSE, FALSE, sizeof (DeskOption));

  return g_array_append_vals (options, common_options, G_N_ELEMENTS (common_options));
}

/* "--attach FILE", or "-h, --help". (transfer full) */
static char *
describe_option (const DeskOption *option)
{
  g_autofree char *letter =
      option->letter != 0 ? g_strdup_printf ("-%c, ", option->letter) : g_strdup ("");
  g_autofree char *value = desk_words_of_usage (option->value != NULL ? option->value : "");

  return g_strdup_printf ("  %s--%s%s%s", letter, option->name, option->value != NULL ? " " : "",
                          value);
}

static void
print_options (const DeskOption *options, guint n_options)
{
  g_autoptr (DeskTable) table = desk_table_new (2);

  for (guint i = 0; i < n_options; i++)
    {
      g_autofree char *description = describe_option (&options[i]);

      desk_table_add (table, description, _ (options[i].help));
    }
  desk_table_print (table);
}

void
desk_command_print_overview (void)
{
  g_autoptr (DeskTable) table = desk_table_new (2);

  desk_print (
      "%s\n\n%s\n", _ ("deskbellctl: a help desk from the shell"),
      _ ("Usage: deskbellctl [--desk FILE|ADDRESS] [--as LOGIN] [--json] COMMAND [WORDS] [OPTIONS]"));
  desk_print ("\n%s\n", _ ("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *name = g_strdup_printf ("  %s", commands[i]->name);

      desk_table_add (table, name, _ (commands[i]->help));
    }
  desk_table_print (table);
  desk_print ("\n%s\n", _ ("Options of every command:"));
  print_options (common_options, G_N_ELEMENTS (common_options));
  desk_print ("\n%s\n", _ ("A ticket's uid does wherever a NUMBER is asked for; - reads a text "
                           "from standard input."));
  desk_print ("%s\n", _ ("Ends with 0 done, 1 refused, 2 wrong usage, 3 the desk cannot be opened, "
                         "4 no such thing, 5 the server does not answer."));
  desk_print ("%s\n", _ ("deskbellctl help COMMAND tells more about one."));
}

void
desk_command_print_help (const DeskCommand *command)
{
  g_autoptr (GArray) options = get_own_options (command);
  g_autofree char *usage = desk_words_of_usage (command->arguments);

  desk_print (_ ("Usage: deskbellctl %s %s"), command->name, usage);
  desk_print ("\n\n%s\n", _ (command->help));
  if (options->len > 0)
    {
      desk_print ("\n%s\n", _ ("Options:"));
      print_options ((const DeskOption *) options->data, options->len);
    }
}
