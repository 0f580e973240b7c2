/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who a cell means.
 *
 * By mail address, login or name, in this order; a name only when it is one person's and no address
 * stands beside it. Inside a transaction. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

/* @who: "karen", "Karen", "karen@example.org" or "Karen <karen@example.org>"; @name and @email say
 * more; all may be "". Somebody unknown is made, with a uid from @source and a login from the
 * address or the name, and is not kept yet: *@is_new. DESK_ERROR when they cannot be. (transfer
 * full) */
DeskPerson *desk_csv_people_find (DeskDb *db,
                                  const char *source,
                                  const char *who,
                                  const char *name,
                                  const char *email,
                                  gboolean *is_new,
                                  GError **error);

/* The agent of this login, address or name; NULL when there is none, or more than one. Lent by the
 * catalogue. */
const DeskPerson *desk_csv_people_find_agent (const DeskCatalogue *catalogue, const char *who);

G_END_DECLS
