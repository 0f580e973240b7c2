/* SPDX-License-Identifier: GPL-3.0-or-later
 * A line under the search: not everything can be found yet, as long as a copy of a served desk is
 * being made findable. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-syncer.h"

G_BEGIN_DECLS

#define DESK_TYPE_INDEX_NOTE (desk_index_note_get_type ())
G_DECLARE_FINAL_TYPE (DeskIndexNote, desk_index_note, DESK, INDEX_NOTE, GtkWidget)

/* Once; NULL: everything can be found. Kept by reference. */
void desk_index_note_set_syncer (DeskIndexNote *self, DeskSyncer *syncer);

G_END_DECLS
