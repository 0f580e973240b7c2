/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a token is kept: in the Secret Service of the session, or else in a file that only its
 * owner can read. Waits for the service, which may ask its owner to unlock it: never on a thread
 * that shows windows. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* @person: uid. @in_file: there is no Secret Service that opens within 20 seconds, so it is in a
 * file, which is to be told. */
gboolean desk_secret_save (const char *address,
                           const char *person,
                           const char *login,
                           const char *token,
                           gboolean *in_file,
                           GError **error);
/* NULL without @error: there is none. DESK_REMOTE_ERROR_SIGNED_OUT when the service does not open
 * within 20 seconds. (transfer full) */
char *desk_secret_load (const char *address, const char *person, GError **error);
void desk_secret_forget (const char *address, const char *person);

G_END_DECLS
