/* SPDX-License-Identifier: GPL-3.0-or-later
 * Somebody on a desk elsewhere, as this computer knows them: address, person, and their copy.
 *
 * An account is a small file beside the copy, both under $XDG_DATA_HOME/deskbell/replicas/; app and
 * commands share them. The token is kept elsewhere (desk-secret.h). Signing out keeps the copy and
 * what waits in it. Touches disk and network: never on a thread that shows windows. Values, changed
 * by their maker only. */
#pragma once

#include "desk-remote.h"
#include "desk-replica.h"

G_BEGIN_DECLS

typedef struct
{
  char *address; /* normalized */
  char *desk;    /* uid */
  char *person;  /* uid */
  char *login;
  char *device; /* what this computer is called there */
  char *path;   /* of the copy */
  char *file;
} DeskAccount;

void desk_account_free (DeskAccount *self);

/* All, by address. (transfer full) (element-type DeskAccount) */
GPtrArray *desk_accounts_load (void);
/* The one of @login (nullable: the only one) at @address, as somebody wrote it.
 * DESK_REMOTE_ERROR_SIGNED_OUT when there is none, DESK_ERROR_INVALID when there are several.
 * (transfer full) */
DeskAccount *desk_account_find (const char *address, const char *login, GError **error);

typedef struct
{
  const char *address; /* as somebody wrote it */
  const char *login;
  const char *password;
  const char *code; /* of an invitation: @password becomes the password; or NULL */
  DeskVia via;
} DeskEntrance;

/* Signs in, keeps the token and makes the copy, which is still empty, when there is none.
 * @in_file: see desk-secret.h. (transfer full) */
DeskAccount *desk_account_sign_in (const DeskEntrance *entrance,
                                   gboolean *in_file,
                                   GCancellable *cancellable,
                                   GError **error);
/* The same for a window: in a thread. */
void desk_account_sign_in_async (const DeskEntrance *entrance,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
DeskAccount *desk_account_sign_in_finish (GAsyncResult *result, gboolean *in_file, GError **error);
/* After how many seconds a server that said DESK_REMOTE_ERROR_BUSY wants to be asked again, or 0. */
guint desk_account_sign_in_get_wait (GAsyncResult *result);
/* Another password; other devices are signed out unless @keep_sessions. */
gboolean desk_account_change_password (const DeskAccount *self,
                                       const char *old,
                                       const char *new,
                                       gboolean keep_sessions,
                                       GCancellable *cancellable,
                                       GError **error);
/* The same for a window: in a thread. @self is copied as far as it is needed. */
void desk_account_change_password_async (const DeskAccount *self,
                                         const char *old,
                                         const char *new,
                                         gboolean keep_sessions,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
gboolean desk_account_change_password_finish (GAsyncResult *result, GError **error);
/* Ends the session there, as far as the server can be reached, and here in any case. */
void desk_account_sign_out (DeskAccount *self, GCancellable *cancellable);
/* Deletes the copy, which nobody has open, with everything that waits in it. */
gboolean desk_account_forget (DeskAccount *self, GError **error);
/* A remote that is signed in, if there is a token. (transfer full) */
DeskRemote *desk_account_connect (const DeskAccount *self, guint timeout_secs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskAccount, desk_account_free)

G_END_DECLS
