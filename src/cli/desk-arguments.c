/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking the command line apart; see the header. */
#include "desk-arguments.h"

#include <string.h>

#include <glib/gi18n.h>

#include "desk-words.h"

/* One option as it was given. */
typedef struct
{
  const char *name;
  const char *value;
} Given;

struct _DeskArguments
{
  GPtrArray *words; /* lent */
  GArray *given;    /* of Given */
  gboolean no_more_options;
};

G_DEFINE_QUARK (desk - usage - error - quark, desk_usage_error)

DeskArguments *
desk_arguments_new (void)
{
  DeskArguments *self = g_new0 (DeskArguments, 1);

  self->words = g_ptr_array_new ();
  self->given = g_array_new (FALSE, FALSE, sizeof (Given));
  return self;
}

void
desk_arguments_free (DeskArguments *self)
{
  g_ptr_array_unref (self->words);
  g_array_unref (self->given);
  g_free (self);
}

static const Given *
find_given (DeskArguments *self, const char *name)
{
  for (guint i = 0; i < self->given->len; i++)
    {
      const Given *given = &g_array_index (self->given, Given, i);

      if (g_str_equal (given->name, name))
        return given;
    }
  return NULL;
}

/* The option that @argument names, whose name ends at @length ("--attach" or "--attach=FILE"). */
static const DeskOption *
find_long (GArray *options, const char *name, gsize length)
{
  for (guint i = 0; i < options->len; i++)
    {
      const DeskOption *option = &g_array_index (options, DeskOption, i);

      if (strlen (option->name) == length && strncmp (option->name, name, length) == 0)
        return option;
    }
  return NULL;
}

static const DeskOption *
find_short (GArray *options, char letter)
{
  for (guint i = 0; i < options->len; i++)
    {
      const DeskOption *option = &g_array_index (options, DeskOption, i);

      if (option->letter != 0 && option->letter == letter)
        return option;
    }
  return NULL;
}

/* Finds the option of @argument, and its value when it holds one ("--sort=due", "-ofile"). */
static const DeskOption *
find_option (GArray *options, const char *argument, const char **value, GError **error)
{
  const DeskOption *option;
  const char *equals = strchr (argument, '=');

  *value = NULL;
  if (g_str_has_prefix (argument, "--"))
    {
      gsize length = equals != NULL ? (gsize) (equals - argument - 2) : strlen (argument + 2);

      option = find_long (options, argument + 2, length);
      if (equals != NULL)
        *value = equals + 1;
    }
  else
    {
      option = find_short (options, argument[1]);
      if (argument[2] != '\0')
        *value = argument + 2;
    }

  if (option == NULL)
    g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, _ ("There is no option %s here"),
                 argument);
  return option;
}

static gboolean
check_option (DeskArguments *self, const DeskOption *option, const char *value, GError **error)
{
  if (option->value == NULL && value != NULL)
    {
      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, _ ("--%s takes no value"),
                   option->name);
      return FALSE;
    }
  if (option->value != NULL && value == NULL)
    {
      g_autofree char *words = desk_words_of_usage (option->value);

      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, _ ("--%s needs a value: %s"),
                   option->name, words);
      return FALSE;
    }
  if (!(option->flags & DESK_OPTION_REPEATS) && find_given (self, option->name) != NULL)
    {
      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, _ ("--%s is given twice"),
                   option->name);
      return FALSE;
    }
  if (!(option->flags & DESK_OPTION_FILE) && value != NULL && !g_utf8_validate (value, -1, NULL))
    {
      g_set_error (
          error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
          _ ("The value of --%s is not UTF-8 text; convert it first, for example with iconv"),
          option->name);
      return FALSE;
    }
  return TRUE;
}

/* Reads the option at *@argv, and the value after it when it needs one. */
static gboolean
parse_option (DeskArguments *self, char ***argv, GArray *options, GError **error)
{
  Given given;
  const DeskOption *option = find_option (options, **argv, &given.value, error);

  if (option == NULL)
    return FALSE;
  (*argv)++;
  if (option->value != NULL && given.value == NULL && **argv != NULL)
    given.value = *(*argv)++;
  if (!check_option (self, option, given.value, error))
    return FALSE;
  given.name = option->name;
  g_array_append_val (self->given, given);
  return TRUE;
}

gboolean
desk_arguments_parse (
    DeskArguments *self, char ***argv, GArray *options, gboolean to_first_word, GError **error)
{
  while (**argv != NULL)
    {
      const char *argument = **argv;
      gboolean is_option = !self->no_more_options && argument[0] == '-' && argument[1] != '\0';

      if (is_option && g_str_equal (argument, "--"))
        {
          self->no_more_options = TRUE;
          (*argv)++;
        }
      else if (is_option)
        {
          if (!parse_option (self, argv, options, error))
            return FALSE;
        }
      else if (to_first_word)
        return TRUE;
      else
        g_ptr_array_add (self->words, *(*argv)++);
    }
  return TRUE;
}

guint
desk_arguments_count (DeskArguments *self)
{
  return self->words->len;
}

const char *
desk_arguments_get_word (DeskArguments *self, guint index)
{
  return index < self->words->len ? g_ptr_array_index (self->words, index) : NULL;
}

gboolean
desk_arguments_check_text (DeskArguments *self, GError **error)
{
  for (guint i = 0; i < self->words->len; i++)
    if (!g_utf8_validate (g_ptr_array_index (self->words, i), -1, NULL))
      {
        g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                     _ ("Word %u is not UTF-8 text; convert it first, for example with iconv"),
                     i + 1);
        return FALSE;
      }
  return TRUE;
}

gboolean
desk_arguments_has (DeskArguments *self, const char *option)
{
  return find_given (self, option) != NULL;
}

const char *
desk_arguments_get (DeskArguments *self, const char *option)
{
  const Given *given = find_given (self, option);

  return given != NULL ? given->value : NULL;
}

GPtrArray *
desk_arguments_get_all (DeskArguments *self, const char *option)
{
  GPtrArray *values = g_ptr_array_new ();

  for (guint i = 0; i < self->given->len; i++)
    {
      const Given *given = &g_array_index (self->given, Given, i);

      if (g_str_equal (given->name, option))
        g_ptr_array_add (values, (char *) given->value);
    }
  return values;
}
