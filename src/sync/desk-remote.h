/* SPDX-License-Identifier: GPL-3.0-or-later
 * One server, as a client talks to it: an address, a token, a request and its answer.
 *
 * Certificates are always checked; no redirect is followed, no cookie kept; an answer has a limit.
 * What keeps a request from being answered is DESK_REMOTE_ERROR, what the server refuses by the
 * rules of the desk DESK_ERROR. Calls wait; a remote belongs to one thread at a time and never to
 * one that shows windows. */
#pragma once

#include <gio/gio.h>

#include "desk-protocol.h"
#include "desk-remote-error.h"

G_BEGIN_DECLS

/* The one way to write the address of a desk: "help.example.org/desk/" → "https://help.…/desk".
 * http:// only on this computer. NULL with DESK_REMOTE_ERROR_ADDRESS. (transfer full) */
char *desk_remote_normalize (const char *address, GError **error);

typedef struct _DeskRemote DeskRemote;

/* @address: normalized. @timeout_secs: without any byte in or out. */
DeskRemote *desk_remote_new (const char *address, guint timeout_secs);
/* Another one to the same server, as the one who is signed in here; for another thread. */
DeskRemote *desk_remote_new_like (const DeskRemote *other);
void desk_remote_free (DeskRemote *self);
const char *desk_remote_get_address (DeskRemote *self);
void desk_remote_set_token (DeskRemote *self, const char *token);
const char *desk_remote_get_token (DeskRemote *self);
/* Why there is no token, which is told when one is asked for. */
void desk_remote_set_no_token (DeskRemote *self, const GError *reason);

/* For who keeps a copy (see desk-replica.h): the server's mark to send with each request from now
 * on, NULL when there is none yet; and the one that came with the last answer. Lent. */
void desk_remote_set_seen (DeskRemote *self, const char *seen);
const char *desk_remote_get_seen (DeskRemote *self);
/* Of the last call: what the server said in refusing it, or NULL; after how many seconds it wants
 * to be asked again, or 0. */
const DeskProblem *desk_remote_get_problem (DeskRemote *self);
guint desk_remote_get_retry_after (DeskRemote *self);
/* Whether anything of the last request may have come to the server. */
gboolean desk_remote_has_left (DeskRemote *self);

typedef struct
{
  const char *method;
  const char *path;   /* with its query, behind the address: "/v1/session" */
  JsonNode *json;     /* the body, or */
  GBytes *bytes;      /* the body, or neither */
  const char *header; /* one more, or NULL … */
  const char *value;
  void (*wrote) (gsize n_bytes, gpointer user_data); /* of the body, or NULL */
  void (*got) (gsize n_bytes, gpointer user_data);   /* of what is fetched, or NULL */
  gpointer user_data;
} DeskAsk;

/* Into @output whatever comes; its length is bounded by @max_bytes. */
gboolean desk_remote_fetch (DeskRemote *self,
                            const DeskAsk *ask,
                            GOutputStream *output,
                            gsize max_bytes,
                            GCancellable *cancellable,
                            GError **error);
/* (transfer full) */
GBytes *
desk_remote_ask (DeskRemote *self, const DeskAsk *ask, GCancellable *cancellable, GError **error);
JsonNode *desk_remote_ask_json (DeskRemote *self,
                                const DeskAsk *ask,
                                GCancellable *cancellable,
                                GError **error);
DeskPage *desk_remote_ask_page (DeskRemote *self,
                                const DeskAsk *ask,
                                GCancellable *cancellable,
                                GError **error);
/* What came cannot be read, because of @reason. Always %FALSE. */
gboolean desk_remote_fail_nonsense (DeskRemote *self, const GError *reason, GError **error);
/* The status of HTTP that the last answer had, or 0. */
guint desk_remote_get_status (DeskRemote *self);
/* A header of the last answer as a number, or -1. */
gint64 desk_remote_get_number (DeskRemote *self, const char *header);

/* An answer that goes on: server-sent events. (transfer full) */
GInputStream *
desk_remote_listen (DeskRemote *self, const char *path, GCancellable *cancellable, GError **error);

/* --- signing in and out --- */

/* POST login, or setup when there is a code. The token is set. (transfer full) */
DeskWelcome *desk_remote_sign_in (DeskRemote *self,
                                  const DeskSignIn *sign_in,
                                  GCancellable *cancellable,
                                  GError **error);
gboolean desk_remote_sign_out (DeskRemote *self, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskRemote, desk_remote_free)

G_END_DECLS
