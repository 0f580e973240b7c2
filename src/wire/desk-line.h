/* SPDX-License-Identifier: GPL-3.0-or-later
 * A line of an export: one thing that a desk cannot make again, as one JSON object.
 *
 * An export is text: the header, then lines in the order of the kinds below, then the end, which
 * tells how many came before it, so that a cut file is noticed. Each line is {"kind": {…}}; the
 * header alone is {"format": …, "desk": …}. Values, changed by their maker only; reading fails with
 * DESK_ERROR. Pure; any thread. */
#pragma once

#include "desk-catalogue.h"
#include "desk-event.h"

G_BEGIN_DECLS

#define DESK_LINE_FORMAT "deskbell-export/1"

/* The longest line that can be ours is an event of 1 MiB of text that resolves a ticket: three more
 * texts, each with the one before, and every sign escaped. */
#define DESK_LINE_MAX_BYTES (24 * 1024 * 1024)

typedef enum
{
  DESK_LINE_HEADER,
  DESK_LINE_ENTRY,
  DESK_LINE_ERASED,
  DESK_LINE_PERSON,
  DESK_LINE_AUDIT,
  DESK_LINE_SEQUENCE,
  DESK_LINE_BLOB, /* one chunk of it */
  DESK_LINE_EVENT,
  DESK_LINE_SEEN,
  DESK_LINE_END,
} DeskLineKind;
#define DESK_N_LINE_KINDS (DESK_LINE_END + 1)

/* Members of other kinds are NULL or 0. */
typedef struct
{
  DeskLineKind kind;

  char *format; /* header */
  char *desk;   /* header: uid */

  DeskEntry *entry;
  DeskPerson *person;
  DeskEvent *event;
  char *digest; /* event: of its op, 32 hex digits, or NULL */

  char *uid; /* erased, seen: of the person */
  gint64 at; /* erased, audit */

  char *author;  /* audit: person uid */
  char *subject; /* audit */
  char *content; /* audit: JSON, or "" */
  gint64 revision;

  char *name;  /* sequence */
  gint64 last; /* sequence */

  char *sha256; /* blob: of the whole */
  gint64 size_bytes;
  gint64 position; /* blob: 0, 1, 2… */
  GBytes *data;

  char *ticket; /* seen: uid */
  gint64 no;

  gint64 lines; /* end: how many came before */
} DeskLine;

DeskLine *desk_line_new (DeskLineKind kind);
void desk_line_free (DeskLine *self);

/* Without the line end. (transfer full) */
char *desk_line_to_string (const DeskLine *self);
/* NULL with DESK_ERROR_INVALID or DESK_ERROR_NOT_TEXT. A kind that is not known is refused; members
 * that are not known are passed over. (transfer full) */
DeskLine *desk_line_parse (const char *text, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskLine, desk_line_free)

G_END_DECLS
