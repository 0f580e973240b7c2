/* SPDX-License-Identifier: GPL-3.0-or-later
 * Why a server could not be asked, or its answer not be used.
 *
 * Messages are plain English and say what to do next; desk_remote_error_say() says them in another
 * language. Any thread. */
#pragma once

#include "desk-sentence.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_REMOTE_ERROR_OFFLINE,     /* nobody answers; try again later */
  DESK_REMOTE_ERROR_BUSY,        /* the server asks for patience */
  DESK_REMOTE_ERROR_CERTIFICATE, /* it cannot prove that it is the one */
  DESK_REMOTE_ERROR_SIGNED_OUT,  /* sign in (again) */
  DESK_REMOTE_ERROR_TOO_OLD,     /* this program or the server speaks another protocol */
  DESK_REMOTE_ERROR_ADDRESS,     /* not an address, or no desk answers there */
  DESK_REMOTE_ERROR_REFILL,      /* the copy has to be filled again */
  DESK_REMOTE_ERROR_KEPT,        /* the op is kept here, and goes out later */
  DESK_REMOTE_ERROR_NONSENSE,    /* what answers does not keep to the protocol */
} DeskRemoteError;

#define DESK_REMOTE_ERROR (desk_remote_error_quark ())
GQuark desk_remote_error_quark (void);

/* @format as a DeskSentence has it. Always %FALSE. */
gboolean desk_remote_fail (GError **error, DeskRemoteError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Whether trying the same again later may help. */
gboolean desk_remote_error_passes (const GError *error);

/* What @error of this layer, of store or of core says, in the language of @translate. (transfer
 * full) */
char *desk_remote_error_say (const GError *error, DeskTranslate translate);

/* What @error says, as a text that is kept, and back. (transfer full) */
char *desk_remote_error_pack (const GError *error);
GError *desk_remote_error_unpack (DeskRemoteError code, const char *packed);

G_END_DECLS
