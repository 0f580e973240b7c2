/* SPDX-License-Identifier: GPL-3.0-or-later
 * The command line, taken apart: options anywhere, words in order, "--" ends the options.
 *
 * Options are rows of a table. Text must be UTF-8; names of files may be any bytes. Everything that
 * is read is lent by argv, which outlives it. Fails with DESK_USAGE_ERROR. One thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DESK_USAGE_ERROR_FAILED, /* the command line cannot be understood */
} DeskUsageError;

#define DESK_USAGE_ERROR (desk_usage_error_quark ())
GQuark desk_usage_error_quark (void);

typedef enum
{
  DESK_OPTION_TEXT = 0,
  DESK_OPTION_FILE = 1 << 0,    /* its value names a file: any bytes */
  DESK_OPTION_REPEATS = 1 << 1, /* may be given several times */
} DeskOptionFlags;

typedef struct
{
  const char *name;  /* without dashes, as in "attach" */
  char letter;       /* the short form, or 0 */
  const char *value; /* what usage calls its value, as in "FILE"; NULL: takes none */
  DeskOptionFlags flags;
  const char *help; /* one line, English */
} DeskOption;

typedef struct _DeskArguments DeskArguments;

DeskArguments *desk_arguments_new (void);
void desk_arguments_free (DeskArguments *self);

/* Reads from *@argv on, and moves it to what is left. @options: of DeskOption.
 * @to_first_word: stops before the first word; otherwise reads everything. */
gboolean desk_arguments_parse (
    DeskArguments *self, char ***argv, GArray *options, gboolean to_first_word, GError **error);

guint desk_arguments_count (DeskArguments *self);
/* The word at @index, or NULL. Lent. */
const char *desk_arguments_get_word (DeskArguments *self, guint index);
/* Whether all words are UTF-8. */
gboolean desk_arguments_check_text (DeskArguments *self, GError **error);

gboolean desk_arguments_has (DeskArguments *self, const char *option);
/* The value of @option, or NULL when it was not given. Lent. */
const char *desk_arguments_get (DeskArguments *self, const char *option);
/* All values of an option that repeats. (transfer container) (element-type utf8) */
GPtrArray *desk_arguments_get_all (DeskArguments *self, const char *option);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskArguments, desk_arguments_free)

G_END_DECLS
