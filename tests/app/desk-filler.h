/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tickets for tests of lists: filed and changed through a store, all of them before it returns.
 *
 * Everything that fails ends the test. Main thread. */
#pragma once

#include "desk-store.h"

G_BEGIN_DECLS

/* Files @n tickets called "NAME 1" … and gives them as they are then. (transfer full) (element-type
 * DeskTicket) */
GPtrArray *filler_file (DeskStore *store, const char *name, guint n);
/* Asks for one change of each ticket of @tickets (of DeskTicket), and puts them as they are now in
 * their place. */
void filler_change (DeskStore *store, GPtrArray *tickets, DeskField field, const char *to);

G_END_DECLS
