/* SPDX-License-Identifier: GPL-3.0-or-later
 * What windows ask about a served desk's outbox: whether things are sent now, and what came back.
 * Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

/* What is sent now is kept until the desk answers again. @syncer NULL: a desk file, which always
 * answers. */
gboolean desk_unsent_is_offline (DeskSyncer *syncer);

/* Leads to what the desk refused: to the ticket when it is one alone, else to a list of all, over
 * @window. Opens by the actions "app.ticket" and "app.new-ticket". */
void desk_unsent_show_refused (GtkWindow *window, DeskStore *store, DeskSyncer *syncer);

G_END_DECLS
