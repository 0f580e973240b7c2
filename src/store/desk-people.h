/* SPDX-License-Identifier: GPL-3.0-or-later
 * People and catalogue entries as rows: found, listed, saved with the revision they are based on.
 *
 * Saving needs a write transaction and an author who may keep the catalogue; each save leaves a
 * row in the audit table. Functions over a connection. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

/* (transfer full); NULL without @error when nobody has this login or uid. */
DeskPerson *desk_people_find_login (DeskDb *db, const char *login, GError **error);
DeskPerson *desk_people_find_uid (DeskDb *db, const char *uid, GError **error);
/* Everybody who is not removed, by name, requesters last; @words (nullable) start a name, login or
 * email. (element-type DeskPerson) (transfer full) */
GPtrArray *desk_people_list (DeskDb *db, const char *words, guint limit, GError **error);
/* The same behind the person @after (uid, nullable); NO_SUCH when there is none. */
GPtrArray *desk_people_list_after (
    DeskDb *db, const char *words, const char *after, guint limit, GError **error);

/* Who @login is on this desk; somebody unknown is a requester who is not kept until their first
 * ticket is. @name (nullable): what to call somebody new. (transfer full) */
DeskPerson *desk_people_identify (DeskDb *db, const char *login, const char *name, GError **error);

/* Adds or changes @person. CONFLICT when the stored revision is not @base (0: new). */
gboolean desk_people_save (DeskDb *db,
                           DeskPerson *person,
                           gint64 base,
                           const DeskPerson *author,
                           gint64 now,
                           GError **error);
/* Empties login, name and email for ever and takes the person out of the desk; what they wrote
 * stays, without a name. desk_scrub() wipes them from the file afterwards. */
gboolean desk_people_erase (
    DeskDb *db, const char *uid, const DeskPerson *author, gint64 now, GError **error);

/* Somebody new with their first ticket: no permission asked, no audit. Within the caller's
 * transaction. */
gboolean desk_people_insert (DeskDb *db, const DeskPerson *person, GError **error);

/* The same for somebody known from elsewhere, as they are, revision and all: added, or replaced. */
gboolean desk_people_put (DeskDb *db, const DeskPerson *person, GError **error);
/* Takes out somebody whom nothing refers to: who is not meant to have been here. */
gboolean desk_people_drop (DeskDb *db, const char *uid, GError **error);

/* The first administrator of a new desk, member of its first department. In a transaction of its
 * own. */
gboolean
desk_people_add_first (DeskDb *db, const char *login, const char *name, gint64 now, GError **error);

/* Adds or changes @entry, the same way. */
gboolean desk_entries_save (DeskDb *db,
                            DeskEntry *entry,
                            gint64 base,
                            const DeskPerson *author,
                            gint64 now,
                            GError **error);
/* As it is, revision and all; no permission asked, no audit. Within the caller's transaction, which
 * then moves the catalogue. */
gboolean desk_entries_put (DeskDb *db, const DeskEntry *entry, GError **error);

G_END_DECLS
