/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desks that this computer knows: whom somebody signed in to, the own one, the files that were
 * opened lately.
 *
 * What was opened last is kept in the settings; accounts are looked up in a thread. Main thread. */
#pragma once

#include "desk-place.h"

G_BEGIN_DECLS

#define DESK_TYPE_PLACES (desk_places_get_type ())
G_DECLARE_FINAL_TYPE (DeskPlaces, desk_places, DESK, PLACES, GObject)

/* Signal: "changed": others are known.
 *
 * Keeps @menu (nullable) filled with an item for each: "win.desk" with the place's id. */
DeskPlaces *desk_places_new (GMenu *menu);
/* Looks for accounts again. */
void desk_places_reload (DeskPlaces *self);
/* Whether there is more than one, and a window has to say which is its. */
gboolean desk_places_has_several (DeskPlaces *self);
/* NULL: it is not known any more. (transfer full) */
DeskPlace *desk_places_find (DeskPlaces *self, const char *id);
/* It is the one to be opened next time. */
void desk_places_note_opened (DeskPlaces *self, const DeskPlace *place);
/* It is not to be opened by itself next time; a file is not in the menu any more, either. */
void desk_places_forget (DeskPlaces *self, const DeskPlace *place);
/* What was opened last: a file or an address, and as whom; FALSE: nothing. (transfer full) */
gboolean desk_places_get_last (DeskPlaces *self, char **desk, char **login);

G_END_DECLS
