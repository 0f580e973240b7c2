/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every command of deskbellctl works with: the desk, who is acting, and the way of an op.
 *
 * Made by main, used by one command, one thread. Fails with DESK_ERROR (refused), DESK_STORE_ERROR
 * (the desk), DESK_USAGE_ERROR (the command line) or G_IO_ERROR (another file);
 * desk_cli_get_status() makes the exit status of it. */
#pragma once

#include "desk-account.h"
#include "desk-arguments.h"
#include "desk-command.h"
#include "desk-error.h"
#include "desk-submit.h"
#include "desk-sync.h"
#include "desk-tickets.h"
#include "desk-turn.h"

G_BEGIN_DECLS

struct _DeskCli
{
  const DeskCommand *command;
  DeskArguments *arguments;
  gboolean json;
  DeskDb *db;     /* NULL until desk_cli_open() */
  DeskPerson *me; /* NULL until desk_cli_open() */

  /* of a desk on a server, see desk-cli-remote.h; NULL on a file */
  DeskAccount *account;
  DeskTurn *turn; /* NULL: somebody else talks to the server for the copy */
  DeskRemote *remote;
  DeskSync *sync;
  GError *trouble; /* why the server did not answer */
};

DeskCli *desk_cli_new (void);
void desk_cli_free (DeskCli *self);

/* Reads the command line up to and with everything that belongs to the command. */
gboolean desk_cli_parse (DeskCli *self, char **argv, GError **error);

/* 0 done (@error NULL), 1 refused, 2 wrong usage, 3 the desk cannot be opened, 4 no such thing, 5 the
 * server does not answer (what was written is kept). */
int desk_cli_get_status (const GError *error);

/* Where the desk file is: --desk, DESKBELL_DESK, or the app's own desk when it is there. Refuses one
 * on a server. (transfer full) */
char *desk_cli_dup_path (DeskCli *self, GError **error);
/* Who is acting: --as, or who is signed in here. Lent. */
const char *desk_cli_get_login (DeskCli *self, GError **error);
/* What to call whoever is signed in here, should they be new; NULL: nothing known. Lent. */
const char *desk_cli_get_real_name (DeskCli *self);

/* Opens the desk to read, or to write as well, and finds out who is acting; of one on a server the
 * copy. */
gboolean desk_cli_open (DeskCli *self, DeskDbMode mode, GError **error);

gint64 desk_cli_now (void);
/* The value of --@option as one of the words of @type; @value stays when it is not given. */
gboolean
desk_cli_get_enum (DeskCli *self, const char *option, GType type, int *value, GError **error);
/* @word, or all of standard input when it is "-". (transfer full) */
char *desk_cli_dup_text (const char *word, GError **error);
/* The person of @login, DESK_ERROR_NO_SUCH when there is none. (transfer full) */
DeskPerson *desk_cli_find_login (DeskCli *self, const char *login, GError **error);

/* The ticket of word 0 with all its events, as the acting person sees it; opens the desk first.
 * (transfer full) */
DeskCase *desk_cli_load (DeskCli *self, DeskDbMode mode, GError **error);
/* An op of the acting person on @ticket as it was read (NULL: files a new one). (transfer full) */
DeskOp *desk_cli_new_op (DeskCli *self, const DeskTicket *ticket, DeskKind kind);
/* Takes the files of --attach in. */
gboolean desk_cli_attach (DeskCli *self, DeskOp *op, GError **error);
/* Wipes what was just taken out of the desk from its file as well. */
void desk_cli_scrub (DeskCli *self);
/* Submits @op and tells what became of it. */
gboolean desk_cli_submit (DeskCli *self, const DeskOp *op, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskCli, desk_cli_free)

/* A row for the options of a command that takes files. */
#define DESK_CLI_OPTION_ATTACH                                                                     \
  {                                                                                                \
    "attach", 'a', "FILE", DESK_OPTION_FILE | DESK_OPTION_REPEATS,                                 \
        N_ ("attach a file; may be given several times")                                           \
  }

G_END_DECLS
