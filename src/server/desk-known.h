/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who came lately: what the desk says of a token, so that it need not be asked for every request.
 *
 * All writing of a served desk goes through its server, which forgets everybody as soon as a
 * session or a person changed, before it answers whoever changed it. Entries are shared and const.
 * Any thread. */
#pragma once

#include "desk-protocol.h"

G_BEGIN_DECLS

typedef struct _DeskKnown DeskKnown;

typedef struct
{
  gatomicrefcount ref_count; /* private */
  DeskDeviceSession *session;
  DeskPerson *person;
} DeskGuest;

DeskGuest *desk_guest_ref (DeskGuest *self);
void desk_guest_unref (DeskGuest *self);

DeskKnown *desk_known_new (void);
void desk_known_free (DeskKnown *self);

/* To be asked before the desk is. */
guint desk_known_get_count (DeskKnown *self);
/* @token: its digest. NULL for who has to be looked up. (transfer full) (nullable) */
DeskGuest *desk_known_find (DeskKnown *self, GBytes *token, gint64 now);
/* Takes @session and @person, as they were read after @count was asked. (transfer full) */
DeskGuest *desk_known_add (
    DeskKnown *self, GBytes *token, DeskDeviceSession *session, DeskPerson *person, guint count);
void desk_known_forget (DeskKnown *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskGuest, desk_guest_unref)

G_END_DECLS
