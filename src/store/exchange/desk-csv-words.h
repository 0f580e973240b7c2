/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the words in a table's cells mean here: states, priorities, times, names of entries.
 *
 * Pure, but for the local time zone, in which a time without one is read. FALSE with DESK_ERROR. */
#pragma once

#include "desk-catalogue.h"
#include "desk-error.h"

G_BEGIN_DECLS

/* "" leaves @status and @priority alone. */
gboolean desk_csv_parse_status (const char *text, DeskStatus *status, GError **error);
gboolean desk_csv_parse_priority (const char *text, DeskPriority *priority, GError **error);
/* UTC seconds; 0 for "". */
gboolean desk_csv_parse_time (const char *text, gint64 *at, GError **error);
/* By slug or label; NULL for none that is on offer. Lent. */
const char *
desk_csv_find_slug (const DeskCatalogue *catalogue, DeskEntryKind kind, const char *text);

G_END_DECLS
