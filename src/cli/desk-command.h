/* SPDX-License-Identifier: GPL-3.0-or-later
 * The commands of deskbellctl: one row each, in the file that carries it out.
 *
 * A command is data (name, words, options, help) and one function. The table is in desk-command.c;
 * usage, help and the parser all read it. */
#pragma once

#include <glib/gi18n.h>

#include "desk-arguments.h"
#include "desk-catalogue.h"

G_BEGIN_DECLS

typedef struct _DeskCli DeskCli;

typedef enum
{
  DESK_PLACE_ANY = 0,
  DESK_PLACE_FILE,   /* a desk file */
  DESK_PLACE_SERVER, /* a desk on a server */
} DeskPlace;

typedef struct
{
  const char *name;
  const char *arguments;     /* for usage, as in "NUMBER [TEXT|-]" */
  const char *help;          /* one line, English, translated when it is shown */
  const DeskOption *options; /* ended by a row without name; NULL: none */
  guint kinds;               /* bits of DeskEntryKind: their properties are options too */
  guint min_words;
  guint max_words;
  gboolean words_are_files; /* the words may be any bytes */
  DeskPlace place;          /* where the desk has to be */
  gboolean (*exec) (DeskCli *cli, GError **error);
} DeskCommand;

#define DESK_MANY_WORDS G_MAXUINT

/* NULL when there is none of this name. */
const DeskCommand *desk_command_find (const char *name);

/* The options that @command (NULL: none) and every command take. (transfer full) (element-type
 * DeskOption) */
GArray *desk_command_get_options (const DeskCommand *command);

/* The option of a property: "number_format" → "number-format". Static. */
const char *desk_command_name_option (const DeskPropertyInfo *info);

/* All commands with a line each, for people. */
void desk_command_print_overview (void);
/* One command: usage, help and options. */
void desk_command_print_help (const DeskCommand *command);

extern const DeskCommand desk_command_init;
extern const DeskCommand desk_command_submit;
extern const DeskCommand desk_command_list;
extern const DeskCommand desk_command_show;
extern const DeskCommand desk_command_history;
extern const DeskCommand desk_command_search;
extern const DeskCommand desk_command_reply;
extern const DeskCommand desk_command_note;
extern const DeskCommand desk_command_claim;
extern const DeskCommand desk_command_assign;
extern const DeskCommand desk_command_transfer;
extern const DeskCommand desk_command_set;
extern const DeskCommand desk_command_wait;
extern const DeskCommand desk_command_resolve;
extern const DeskCommand desk_command_confirm;
extern const DeskCommand desk_command_reopen;
extern const DeskCommand desk_command_close;
extern const DeskCommand desk_command_attachment;
extern const DeskCommand desk_command_redact;
extern const DeskCommand desk_command_person;
extern const DeskCommand desk_command_department;
extern const DeskCommand desk_command_topic;
extern const DeskCommand desk_command_team;
extern const DeskCommand desk_command_sla;
extern const DeskCommand desk_command_desk;
extern const DeskCommand desk_command_backup;
extern const DeskCommand desk_command_restore;
extern const DeskCommand desk_command_check;
extern const DeskCommand desk_command_export;
extern const DeskCommand desk_command_import;
extern const DeskCommand desk_command_login;
extern const DeskCommand desk_command_logout;
extern const DeskCommand desk_command_sync;
extern const DeskCommand desk_command_outbox;
extern const DeskCommand desk_command_password;
extern const DeskCommand desk_command_session;
extern const DeskCommand desk_command_help;

G_END_DECLS
