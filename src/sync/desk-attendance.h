/* SPDX-License-Identifier: GPL-3.0-or-later
 * Says to the server at which tickets somebody is, and knows who else is there.
 *
 * A thread of its own says it, at once and then with every beat, but never more often than once a
 * second: what is being sent or filled meanwhile does not hold it up. It begins with the first
 * ticket. Without a server nobody is known to be anywhere. Calls are quick; any thread. */
#pragma once

#include "desk-account.h"
#include "desk-presence.h"

G_BEGIN_DECLS

typedef struct _DeskAttendance DeskAttendance;

/* @account is lent. @changed is called on the thread's, or on that of desk_attendance_hear(). */
DeskAttendance *
desk_attendance_new (const DeskAccount *account, void (*changed) (gpointer), gpointer user_data);
/* Breaks off; the server finds out by itself. */
void desk_attendance_free (DeskAttendance *self);

/* At @place, any pointer that stands for a window, @ticket is open; NULL: none. */
void desk_attendance_set (DeskAttendance *self,
                          gconstpointer place,
                          const char *ticket,
                          gboolean answering);
/* What a stream says. (transfer full) */
void desk_attendance_hear (DeskAttendance *self, GPtrArray *others);
/* (transfer full) (element-type DeskPresent) */
GPtrArray *desk_attendance_list (DeskAttendance *self, const char *ticket);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskAttendance, desk_attendance_free)

G_END_DECLS
