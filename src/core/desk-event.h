/* SPDX-License-Identifier: GPL-3.0-or-later
 * What somebody asks for (op) and what then happened (event).
 *
 * Values: reference counted, public members, changed only by their maker before they are shared.
 * Strings are owned, NULL where marked. An op is made by its author, anywhere, even offline; an
 * event is made by desk_accept() and stamped by the store of an authority. Pure; any thread. */
#pragma once

#include "desk-ticket.h"

G_BEGIN_DECLS

/* One field's change, its values in canonical form (see desk_ticket_dup_field()), NULL for none.
 * In an op only @to counts. */
typedef struct
{
  DeskField field;
  char *from;
  char *to;
} DeskChange;

DeskChange *desk_change_new (DeskField field, const char *from, const char *to);
void desk_change_free (DeskChange *self);

/* A file of an event. Its content is the blob named by @sha256 (64 lower-case hex digits). */
typedef struct
{
  char *name;
  char *type; /* content type, as in "image/png" */
  gint64 size_bytes;
  char *sha256;
} DeskAttachment;

DeskAttachment *
desk_attachment_new (const char *name, const char *type, gint64 size_bytes, const char *sha256);
void desk_attachment_free (DeskAttachment *self);

typedef struct
{
  gatomicrefcount ref_count; /* private */

  char *uid;    /* UUID */
  char *ticket; /* ticket uid */
  DeskKind kind;
  char *text;             /* Markdown, or NULL */
  GPtrArray *changes;     /* of DeskChange, asked for */
  GPtrArray *attachments; /* of DeskAttachment */
  char *target;           /* uid of the event to redact, or NULL */
  char *author;           /* person uid */
  char *device;           /* random id of the author's computer */
  DeskVia via;
  gint64 base; /* the ticket's no (a requester's: public_no) that its author had seen */
  gint64 at;   /* author's clock, for display only */
} DeskOp;

#define DESK_TYPE_OP (desk_op_get_type ())
GType desk_op_get_type (void) G_GNUC_CONST;

DeskOp *desk_op_new (const char *uid, const char *ticket, DeskKind kind, const char *author);
/* Makes @self, not yet shared, ask again for what @before asked: only one of them gets in. */
void desk_op_replace (DeskOp *self, const DeskOp *before);
DeskOp *desk_op_ref (DeskOp *self);
void desk_op_unref (DeskOp *self);
void desk_op_set_text (DeskOp *self, const char *text);
/* Asks for @to (nullable); a second call for the same field replaces the first. */
void desk_op_change (DeskOp *self, DeskField field, const char *to);
void desk_op_take_attachment (DeskOp *self, DeskAttachment *attachment);

typedef struct
{
  gatomicrefcount ref_count; /* private */

  char *uid;
  char *ticket;     /* ticket uid */
  gint64 no;        /* 1, 2, 3… within the ticket; 0 until stamped */
  gint64 public_no; /* 1, 2, 3… among the public ones; 0 when internal or not stamped */
  DeskKind kind;
  DeskAudience audience;
  char *text;             /* Markdown, or NULL */
  GPtrArray *changes;     /* of DeskChange: the outcome */
  GPtrArray *attachments; /* of DeskAttachment */
  char *target;           /* of a redact: the event's uid */
  char *author;           /* person uid */
  char *device;           /* NULL in what a requester receives */
  DeskVia via;
  char *cause; /* the op's uid */
  gint64 at;   /* author's clock, never later than accepted_at */
  gint64 accepted_at;
  gboolean redacted; /* its text, attachments and personal values were taken out */
} DeskEvent;

#define DESK_TYPE_EVENT (desk_event_get_type ())
GType desk_event_get_type (void) G_GNUC_CONST;

DeskEvent *desk_event_new (void);
DeskEvent *desk_event_copy (const DeskEvent *self);
DeskEvent *desk_event_ref (DeskEvent *self);
void desk_event_unref (DeskEvent *self);
/* Records that @field went @from → @to (both nullable). */
void desk_event_change (DeskEvent *self, DeskField field, const char *from, const char *to);

/* The change of @field in @changes, or NULL. Lent. */
const DeskChange *desk_changes_find (GPtrArray *changes, DeskField field);

/* The stored form of changes: a line each, a letter for the field, "from", a tab and "to", without
 * the values that are none and with \\ \t \n \r and \e (an empty text) in the others. It is short
 * and reads back fast, which a million tickets and opening a long one need. NULL for no changes.
 * (transfer full) (nullable) */
char *desk_changes_format (GPtrArray *changes);
/* NULL with DESK_ERROR_INVALID for what desk_changes_format() does not write. (transfer full) */
GPtrArray *desk_changes_parse (const char *text, GError **error);

/* Folds @event into @ticket: one loop over the changes, then the counters. Knows no rule and no
 * clock. Values that do not fit their field are left out. */
void desk_apply (DeskTicket *ticket, const DeskEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskChange, desk_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskAttachment, desk_attachment_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskOp, desk_op_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskEvent, desk_event_unref)

G_END_DECLS
