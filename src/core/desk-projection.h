/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a requester receives of a ticket and of its events: the one place that decides it.
 *
 * Pure; any thread. */
#pragma once

#include "desk-catalogue.h"
#include "desk-event.h"

G_BEGIN_DECLS

/* The audience of a change of @field @from → @to, from the field table and the desk's settings.
 * A private department is internal even though departments are public. */
DeskAudience desk_field_get_audience (DeskField field,
                                      const char *from,
                                      const char *to,
                                      const DeskCatalogue *catalogue);

/* The ticket as its requester sees it: internal fields empty, no = public_no, updated_at =
 * public_at, a private department shown as the desk's. (transfer full) */
DeskTicket *desk_ticket_project (const DeskTicket *ticket, const DeskCatalogue *catalogue);

/* The event as a requester sees it, with no = public_no and without device, cause and via; NULL
 * when it is internal. (transfer full) (nullable) */
DeskEvent *desk_event_project (const DeskEvent *event, const DeskCatalogue *catalogue);

/* The entry as requesters know it: public departments, topics, the settings that concern them, and
 * SLA plans where the desk shows them; without what routes tickets inside. NULL: not for them.
 * (transfer full) (nullable) */
DeskEntry *desk_entry_project (const DeskEntry *entry, const DeskCatalogue *catalogue);

/* What requesters may know of anybody but themselves: who it is, not how to reach them nor where
 * they work. (transfer full) */
DeskPerson *desk_person_project (const DeskPerson *person);

G_END_DECLS
