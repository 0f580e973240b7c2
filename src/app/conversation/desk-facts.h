/* SPDX-License-Identifier: GPL-3.0-or-later
 * All facts of a ticket in one popover, to read and to copy. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-store.h"

G_BEGIN_DECLS

/* @internal: with what only agents see. (transfer floating) */
GtkWidget *
desk_facts_new (const DeskCase *in, const DeskCatalogue *catalogue, gboolean internal, gint64 now);

G_END_DECLS
