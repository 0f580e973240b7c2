/* SPDX-License-Identifier: GPL-3.0-or-later
 * A desk, served: the protocol of openapi.json over the store.
 *
 * Made once by the daemon, on the thread whose main loop runs; answers come through that loop.
 * Fails with DESK_STORE_ERROR and G_IO_ERROR. */
#pragma once

#include "desk-catalogue.h"
#include "desk-config.h"

G_BEGIN_DECLS

typedef struct _DeskServer DeskServer;

/* Takes the desk (others are sent to it from now on) and listens. @config is lent as long as the
 * server lives. (transfer full) */
DeskServer *desk_server_new (const DeskConfig *config, GError **error);
/* Where it listens, as in "127.0.0.1:8080", and its address for people. Lent. */
const char *desk_server_get_address (DeskServer *self);
const char *desk_server_get_url (DeskServer *self);

/* As long as nobody can sign in: an administrator, and a code that is theirs and good once. NULL
 * without @error when somebody can. (transfer full) */
DeskPerson *desk_server_invite_first (DeskServer *self, char **code, GError **error);

/* Takes no more connections, answers what is under way, and frees the server. */
void desk_server_stop (DeskServer *self);

G_END_DECLS
