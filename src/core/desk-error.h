/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a rule of the help desk refuses, and why.
 *
 * Messages are plain English and name what to do next; desk_error_say() says them in another
 * language. The nick of a code is its word in JSON and in receipts. Pure; any thread. */
#pragma once

#include "desk-sentence.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_ERROR_NOT_ALLOWED,  /* the author's role and departments do not permit it */
  DESK_ERROR_WRONG_STATUS, /* the ticket cannot move there from its status */
  DESK_ERROR_CONFLICT,     /* another person or device changed the same field meanwhile */
  DESK_ERROR_CLOSED,       /* closed for longer than the reopen window: file a new ticket */
  DESK_ERROR_MISSING,      /* a value that is needed is empty */
  DESK_ERROR_TOO_LONG,     /* a text is longer than its limit */
  DESK_ERROR_NOT_TEXT,     /* a text is not UTF-8 */
  DESK_ERROR_INVALID,      /* a value is not of its field's form */
  DESK_ERROR_NO_SUCH,      /* no such ticket, person or catalogue entry, or not for this reader */
  DESK_ERROR_EXISTS,       /* the slug, login or number is taken */
  DESK_ERROR_UID_REUSED,   /* the uid was used before, by another author or for another content */
  DESK_ERROR_TOO_BIG,      /* an attachment is larger than the desk takes */
} DeskError;

#define DESK_ERROR (desk_error_quark ())
GQuark desk_error_quark (void);

/* @format as a DeskSentence has it. Always %FALSE. */
gboolean desk_refuse (GError **error, DeskError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* (transfer full) */
GError *desk_refusal_new (DeskError code, const char *format, va_list arguments)
    G_GNUC_PRINTF (2, 0);

/* What @error says, in the language of @translate. (transfer full) */
char *desk_error_say (const GError *error, DeskTranslate translate);

/* What @error said at first, apart from what was put before it since; NULL: that is not known.
 * Lent. */
const DeskSentence *desk_error_get_sentence (const GError *error);
/* What somebody else refused, in English, and its @sentence (nullable). (transfer full) */
GError *desk_error_new_said (DeskError code, const char *message, const DeskSentence *sentence);

/* What @error says, as a text that is kept, and back. (transfer full) */
char *desk_error_pack (const GError *error);
GError *desk_error_unpack (DeskError code, const char *packed);

#define DESK_TYPE_ERROR (desk_error_get_type ())
GType desk_error_get_type (void) G_GNUC_CONST;

G_END_DECLS
