/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tickets, events and times in words, for a line on a terminal.
 *
 * Statuses, priorities and slugs stay the words that commands take. What comes back is text from
 * outside: it is made plain where it is printed. One thread. */
#pragma once

#include "desk-protocol.h"
#include "desk-sla.h"
#include "desk-tickets.h"

G_BEGIN_DECLS

/* What @error says, in the person's language. (transfer full) */
char *desk_words_of_error (const GError *error);
/* The same of what a server said. (transfer full) */
char *desk_words_of_problem (const DeskProblem *problem);
/* "NUMBER [--attach FILE]" with its values in the person's language. (transfer full) */
char *desk_words_of_usage (const char *usage);
/* "#1042"; what has no number yet (nullable) goes by its uid. (transfer full) */
char *desk_words_of_ticket (const char *number, const char *uid);
/* The event's number; a sign for one that waits to be sent. (transfer full) */
char *desk_words_of_no (const DeskEvent *event);
/* "2026-11-20 10:02", local time; "" for never. (transfer full) */
char *desk_words_of_time (gint64 at);
/* "1 h 40 min left", "overdue by 25 min", "paused", "" without a promise. (transfer full) */
char *desk_words_of_due (DeskStatus status, DeskClock clock, gint64 now);
/* Name of a person of @self, a word for one who was erased, "" for nobody (@uid NULL). (transfer
 * full) */
char *desk_words_of_person (const DeskCase *self, const char *uid);
/* "Karen (karen)". (transfer full) */
char *desk_words_of_person_with_login (const DeskCase *self, const char *uid);
/* "reply, public". (transfer full) */
char *desk_words_of_kind (const DeskEvent *event);
/* What an event changed, attached and said, in one line. (transfer full) */
char *desk_words_of_event (const DeskCase *self, const DeskEvent *event);
/* What an event changed, in one line; "" for nothing worth telling. (transfer full) */
char *desk_words_of_changes (const DeskCase *self, const DeskEvent *event);

G_END_DECLS
