/* SPDX-License-Identifier: GPL-3.0-or-later
 * Deciding what becomes of an op: all rules of the help desk meet here.
 *
 * desk_accept() is pure: the same arguments give the same events, on an authority (which stamps and
 * stores them) and on a replica (which shows them as a prediction). Fails with DESK_ERROR; then
 * nothing has happened. Any thread. */
#pragma once

#include "desk-catalogue.h"
#include "desk-error.h"
#include "desk-event.h"

G_BEGIN_DECLS

/**
 * desk_accept:
 * @ticket: (nullable): the ticket as it is; %NULL for an op of kind created
 * @since: (element-type DeskEvent) (nullable): the ticket's events after @op->base, in order
 * @op: what is asked for; its texts and names need not be clean
 * @author: the person of @op->author
 * @catalogue: the desk's
 * @now: UTC seconds
 *
 * Checks form, permission, legal moves and conflicts, fills in defaults and consequences, and
 * splits by audience: at most one public and one internal event, in that order. The first has the
 * op's uid; the store gives the second its own (its uid is %NULL), and stamps no, public_no, the
 * ticket's number. No event at all means that everything asked for is so already.
 *
 * Text goes with the kind; the text of a change is public when the status moves, else internal. A
 * redact comes out public: the store, which knows the target, makes it internal when its target is.
 *
 * Conflict: an event of @since gave a field that @op changes another value, by another person or
 * device. Without an agent's standing @op->base counts in public_no, and internal events of @since
 * are passed over.
 *
 * Returns: (transfer full) (element-type DeskEvent): the outcome, or %NULL with @error set
 */
GPtrArray *desk_accept (const DeskTicket *ticket,
                        GPtrArray *since,
                        const DeskOp *op,
                        const DeskPerson *author,
                        const DeskCatalogue *catalogue,
                        gint64 now,
                        GError **error);

/* The file may be attached as far as its size goes: DESK_ERROR_TOO_BIG names the limit. */
gboolean
desk_attachment_check_size (gint64 size_bytes, const DeskCatalogue *catalogue, GError **error);

G_END_DECLS
