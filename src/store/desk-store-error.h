/* SPDX-License-Identifier: GPL-3.0-or-later
 * What can be wrong with a desk file, each code a thing that somebody can act on.
 *
 * Messages are plain English and say what to do; desk_store_error_say() says them in another
 * language. */
#pragma once

#include "desk-error.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_STORE_ERROR_MISSING,    /* there is no such file: create it with init */
  DESK_STORE_ERROR_EXISTS,     /* there is a file already where a new one should go */
  DESK_STORE_ERROR_NOT_A_DESK, /* a file, but not a desk */
  DESK_STORE_ERROR_TOO_NEW,    /* written by a newer version: update, or restart the app */
  DESK_STORE_ERROR_READ_ONLY,  /* the file or its folder cannot be written */
  DESK_STORE_ERROR_NO_ACCESS,  /* the file cannot be read */
  DESK_STORE_ERROR_DAMAGED,    /* restore a backup */
  DESK_STORE_ERROR_FULL,       /* the disk is full: free some space and try again */
  DESK_STORE_ERROR_BUSY,       /* another program holds the desk for too long: try again */
  DESK_STORE_ERROR_NETWORK,    /* on a network or FUSE path, which SQLite cannot share safely */
  DESK_STORE_ERROR_REPLACED,   /* the desk was restored meanwhile: open it again */
  DESK_STORE_ERROR_SERVED,     /* a server has the desk: connect to it */
  DESK_STORE_ERROR_IO,         /* anything else that the disk answered */
} DeskStoreError;

#define DESK_STORE_ERROR (desk_store_error_quark ())
GQuark desk_store_error_quark (void);

/* @format as a DeskSentence has it. Always %FALSE. */
gboolean desk_store_fail (GError **error, DeskStoreError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* What @error, of this domain, of DESK_ERROR or of another, says in the language of @translate.
 * (transfer full) */
char *desk_store_error_say (const GError *error, DeskTranslate translate);

G_END_DECLS
