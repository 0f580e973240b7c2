/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the steps of a decision share: the rules of fields and kinds, and the op on its way.
 *
 * desk-accept-form.c makes what is asked for fit, desk-accept-judge.c says whether it may be, and
 * desk-accept.c carries it out. A decision lives on the stack of desk_accept(). */
#pragma once

#include "desk-accept.h"
#include "desk-permission.h"

G_BEGIN_DECLS

/* Who may ask for a field's value when a ticket is filed. */
typedef enum
{
  DESK_INTAKE_NOBODY,
  DESK_INTAKE_ANYBODY,
  DESK_INTAKE_AGENTS,
  DESK_INTAKE_IF_DESK_LETS, /* agents, and requesters where the desk's settings say so */
} DeskIntake;

/* How a value that is asked for is made fit. */
typedef enum
{
  DESK_FORM_LINE,
  DESK_FORM_BODY,
  DESK_FORM_WORD, /* a nick */
  DESK_FORM_ENTRY,
  DESK_FORM_AGENT,
  DESK_FORM_PERSON, /* anybody; only the store knows requesters */
} DeskForm;

typedef struct
{
  const char *word;  /* in sentences */
  gboolean is_asked; /* FALSE: nobody asks for it, it follows from something else */
  DeskIntake intake;
  DeskAction action; /* that changes it later */
  DeskForm form;
  DeskEntryKind kind;  /* of an entry */
  const char *missing; /* the refusal when it is taken away, or NULL */
} DeskFieldRule;

extern const DeskFieldRule desk_field_rules[DESK_N_FIELDS];

/* What may be asked of a kind of op. */
typedef struct
{
  DeskAction action;      /* its permission; SEE where the changes decide */
  const char *empty;      /* the refusal without text and attachments, or NULL */
  gboolean text_internal; /* its text is for agents */
} DeskKindRule;

extern const DeskKindRule desk_kind_rules[DESK_N_KINDS];

/* One decision while it is made. */
typedef struct
{
  const DeskTicket *ticket; /* NULL: the op files it */
  GPtrArray *since;
  const DeskOp *op;
  const DeskPerson *author;
  const DeskCatalogue *catalogue;
  gint64 now;

  DeskStanding standing;
  char *text;                    /* clean, or NULL */
  GPtrArray *attachments;        /* clean */
  gboolean asked[DESK_N_FIELDS]; /* asked for … */
  gboolean moves[DESK_N_FIELDS]; /* … and not so already */
  char *wanted[DESK_N_FIELDS];   /* clean */
  DeskTicket *after;
} DeskDecision;

gboolean desk_decision_is_agent (const DeskDecision *self);
/* FALSE when no status is asked for. */
gboolean desk_decision_parse_status (const DeskDecision *self, DeskStatus *status);
/* A resolution belongs to a move that resolves. */
gboolean desk_field_is_of_resolution (DeskField field);
/* Whether @value, not NULL, names something that can be had. */
gboolean desk_decision_check_reference (const DeskDecision *self,
                                        const DeskFieldRule *rule,
                                        const char *value,
                                        GError **error);

/* Reads the op, whose form is right and whose author may see the ticket: fills in all but @after's
 * outcome. */
gboolean desk_decision_read (DeskDecision *self, GError **error);

/* Whether the op, as it was read, may be carried out: one that files a ticket, changes one, redacts
 * one of its events. */
gboolean desk_decision_judge_filing (const DeskDecision *self, GError **error);
gboolean desk_decision_judge_change (DeskDecision *self, GError **error);
gboolean desk_decision_judge_redact (const DeskDecision *self, GError **error);

G_END_DECLS
