/* SPDX-License-Identifier: GPL-3.0-or-later
 * How tickets and their events are shown, for people and as JSON.
 *
 * Everything is told as the acting person may see it: what comes in was read for them. One thread.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "desk-cli.h"
#include "desk-rows.h"

G_BEGIN_DECLS

/* A line for each event: behind the ticket's number, or with the time. */
void desk_report_events (const DeskCase *ticket, gboolean with_number);

/* The parts of a case in wire form. (transfer full) */
JsonNode *desk_report_ticket_to_json (const DeskCase *ticket);
JsonNode *desk_report_events_to_json (const DeskCase *ticket);
JsonNode *desk_report_people_to_json (const DeskCase *ticket);

/* Rows of a list. @found: the text that a search found stands in the place of due time, assignee
 * and requester. */
void desk_report_rows (GPtrArray *rows, gboolean found);
/* The whole tickets of @rows as items of an array; @first is cleared with the first of them. */
gboolean desk_report_rows_as_json (DeskCli *cli, GPtrArray *rows, gboolean *first, GError **error);

G_END_DECLS
