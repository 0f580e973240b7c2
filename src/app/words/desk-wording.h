/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words for people: errors, times, durations, sizes, names of states, sentences about changes.
 *
 * Everything comes back translated and in plain text (never markup). Names and numbers inside
 * sentences are isolated (U+2068 … U+2069). `now` is UTC seconds. Main thread (the locale). */
#pragma once

#include <gio/gio.h>

#include "desk-event.h"
#include "desk-protocol.h"
#include "desk-rows.h"
#include "desk-sla.h"
#include "desk-tickets.h"

G_BEGIN_DECLS

/* What happened, and what to do next: one or two sentences from domain and code, one table.
 * Conflict and rule errors of core keep their own reason. (transfer full) */
char *desk_wording_error (const GError *error);
/* A short title for the same, for a status page. Static. */
const char *desk_wording_error_title (const GError *error);

const char *desk_wording_status (DeskStatus status);     /* "Open" */
const char *desk_wording_priority (DeskPriority priority); /* "High" */
const char *desk_wording_view (DeskViewKind kind);       /* "My tickets" */
/* What a requester reads under a ticket: "Resolved, did it work?", "Waiting for your answer",
 * "Open". Static. */
const char *desk_wording_standing (DeskStatus status);

/* "10:46", "Yesterday", "Fri", "12 Nov", "12 Nov 2024"; by locale. (transfer full) */
char *desk_wording_time (gint64 at, gint64 now);
/* The whole time, for tooltips. (transfer full) */
char *desk_wording_exact_time (gint64 at);
/* "1 h 40 min left", "Overdue by 25 min", "Due tomorrow", "SLA paused"; NULL when there is no
 * promise. (transfer full) */
char *desk_wording_due (DeskClock clock, DeskStatus status, gint64 now);
/* "4 h", "1 h 40 min", "3 days": two units at most. (transfer full) */
char *desk_wording_duration (gint64 secs);
char *desk_wording_size (gint64 bytes);
/* The name to show: "Erased person" for somebody erased, "" for NULL. Lent. */
const char *desk_wording_person (const DeskPerson *person);
/* Two letters for an avatar. (transfer full) */
char *desk_wording_initials (const char *name);
/* "#1042", "BK-0042"; "Waiting to be sent" for NULL. (transfer full) */
char *desk_wording_number (const char *number);
/* @text between U+2068 and U+2069: it keeps its own direction inside a sentence. (transfer full) */
char *desk_wording_isolate (const char *text);

/* The sentences of a system line for an event's changes, person first: "Jane took the ticket",
 * "John set the SLA plan to 4 hours and the priority to High". Several are separated by line
 * breaks. The author's name is isolated as desk_wording_isolate() does, where it occurs. NULL when
 * nothing of it is worth a line (a new ticket by its own requester: its message says all). @in: the
 * case, for people; @catalogue: for labels. (transfer full) (nullable) */
char *
desk_wording_changes (const DeskEvent *event, const DeskCase *in, const DeskCatalogue *catalogue);
/* What somebody else made of a field meanwhile, and what was asked for: "Jane set the priority to
 * Urgent meanwhile; you chose Low". @mine: nullable. (transfer full) */
char *desk_wording_clash (const DeskClash *clash,
                          const char *mine,
                          const DeskCase *in,
                          const DeskCatalogue *catalogue);
/* The symbolic icon of that line. Static. */
const char *desk_wording_changes_icon (const DeskEvent *event);

G_END_DECLS
