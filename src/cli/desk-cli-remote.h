/* SPDX-License-Identifier: GPL-3.0-or-later
 * Commands on a desk that a server has: they work on this person's copy of it, which the app
 * shares.
 *
 * Reading asks the server first what is new, and goes on with the copy when nobody answers. What is
 * written waits for the server's answer; without one it is kept here and sent later
 * (DESK_REMOTE_ERROR_KEPT). People, catalogue and sessions are kept on the server only. */
#pragma once

#include "desk-cli.h"

G_BEGIN_DECLS

/* Whether the desk that is named is on a server. */
gboolean desk_cli_is_remote (DeskCli *self);
/* The address or path that was given; NULL: none. Lent. */
const char *desk_cli_get_place (DeskCli *self);

/* Opens the copy, brings it up to date as far as possible, and finds out whose it is. @mode: what
 * the command is about to do; the copy can be written in any case. */
gboolean desk_cli_open_copy (DeskCli *self, DeskDbMode mode, GError **error);
/* The same without asking the server. */
gboolean desk_cli_open_copy_offline (DeskCli *self, GError **error);
/* Everything that is to be exchanged, now. */
gboolean desk_cli_exchange (DeskCli *self, GError **error);

/* Asks the server for a ticket that is older than what the copy keeps. FALSE: it stays unknown. */
gboolean desk_cli_bring (DeskCli *self, const char *ref);

/* Has @op, which waits in the copy, answered by the server. */
gboolean desk_cli_send (DeskCli *self, const DeskOp *op, GError **error);
/* Reads what is new, if nobody else does: of a ticket that an op has taken out of sight the copy
 * hears that way. */
void desk_cli_catch_up (DeskCli *self);
/* The file of @attachment comes into the copy, if it is not there yet. */
gboolean desk_cli_fetch_file (DeskCli *self,
                              const DeskCase *ticket,
                              const DeskAttachment *attachment,
                              GError **error);

/* A line of standard input, which a terminal does not show; wipe it. (transfer full) */
char *desk_cli_ask_password (const char *prompt, GError **error);
void desk_cli_wipe (char *text);

/* A request to the server itself; it has to answer. (transfer full) */
JsonNode *
desk_cli_ask (DeskCli *self, const char *method, const char *path, JsonNode *body, GError **error);

/* People and catalogue, where the desk is: a file (in a transaction, which is committed) or a
 * server. What they are based on is their revision, which moves. */
gboolean desk_cli_save_person (DeskCli *self, DeskPerson *person, GError **error);
gboolean desk_cli_erase_person (DeskCli *self, const DeskPerson *person, GError **error);
gboolean desk_cli_save_entry (DeskCli *self, DeskEntry *entry, GError **error);
/* Somebody of whom the copy has not heard. NULL without @error: nobody. (transfer full) */
DeskPerson *desk_cli_ask_login (DeskCli *self, const char *login, GError **error);
/* (transfer full) (element-type DeskPerson) */
GPtrArray *desk_cli_ask_people (DeskCli *self, const char *words, GError **error);

G_END_DECLS
