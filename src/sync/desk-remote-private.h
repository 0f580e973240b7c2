/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a remote is made of; inside this layer. */
#pragma once

#include <libsoup/soup.h>

#include "desk-remote.h"

G_BEGIN_DECLS

struct _DeskRemote
{
  char *address;
  char *host; /* for people */
  guint timeout_secs;
  SoupSession *session; /* made with the first call, on its thread */
  char *token;
  GError *no_token; /* why there is none, if that is known */
  char *seen;       /* the mark to send, or NULL */

  /* of the last call */
  char *mark;
  SoupMessage *message;
  DeskProblem *problem;
  guint retry_after;
  GTlsCertificateFlags distrust;
  gboolean has_left;
};

/* The call did not get through. Takes @failure. */
void desk_remote_fail_on_the_way (DeskRemote *self, GError *failure, GError **error);
/* The server says no, and why in @body. */
void desk_remote_fail_refused (DeskRemote *self, GBytes *body, GError **error);
/* One of the two has to be updated. */
void desk_remote_fail_protocol (DeskRemote *self, gboolean server_is_old, GError **error);

G_END_DECLS
