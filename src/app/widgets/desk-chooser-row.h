/* SPDX-License-Identifier: GPL-3.0-or-later
 * A row of a form with one value out of many: a button opens a list that is searched by typing.
 *
 * The list is either all there (choices are added once, typing narrows them), or looked up:
 * connect "search" and add what was found. Choices have an id for the program and words for
 * people. A widget of the main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define DESK_TYPE_CHOOSER_ROW (desk_chooser_row_get_type ())
G_DECLARE_FINAL_TYPE (DeskChooserRow, desk_chooser_row, DESK, CHOOSER_ROW, AdwActionRow)

/* Properties: "none-label" (string: shown while nothing is chosen, and the first choice of the
 * list). Signals: "chosen" after a person chose; "search" (const char *words) for a list that is
 * looked up, also with "" when it opens: without a handler typing narrows the choices. */

void desk_chooser_row_clear (DeskChooserRow *self);
/* @detail: a second line, or NULL. */
void
desk_chooser_row_add (DeskChooserRow *self, const char *id, const char *label, const char *detail);

/* Lent, NULL for nothing. */
const char *desk_chooser_row_get_chosen (DeskChooserRow *self);
/* Both NULL: nothing is chosen. No signal. */
void desk_chooser_row_set_chosen (DeskChooserRow *self, const char *id, const char *label);

G_END_DECLS
