/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may sign in to a served desk: passwords, sessions, invitations.
 *
 * No cryptography in here: a password comes and goes as the text that a hash function made of it
 * (PHC), a token or code as its SHA-256 (32 bytes). None of it is ever exported. People who were
 * removed have neither. Functions over a connection; writing needs a transaction. */
#pragma once

#include "desk-db.h"
#include "desk-protocol.h"

G_BEGIN_DECLS

/* --- accounts --- */

/* Whether anybody at all can sign in. */
gboolean desk_accounts_any (DeskDb *db, gboolean *any, GError **error);
/* Who @login is (nullable on return: nobody, or removed) and their password's hash (NULL: none).
 * FALSE with @error. */
gboolean desk_accounts_find (
    DeskDb *db, const char *login, DeskPerson **person, char **hash, GError **error);
/* Sets the password of @person and ends all their sessions. */
gboolean desk_accounts_set (
    DeskDb *db, const char *person_uid, const char *hash, gint64 now, GError **error);
/* The same by the person, whose session @session_uid goes on; the others, too, when @keep_others.
 */
gboolean desk_accounts_change (DeskDb *db,
                               const char *person_uid,
                               const char *hash,
                               const char *session_uid,
                               gboolean keep_others,
                               gint64 now,
                               GError **error);
/* The same person's with a newer hash of the same password; sessions go on. */
gboolean
desk_accounts_rehash (DeskDb *db, const char *person_uid, const char *hash, GError **error);

/* --- sessions --- */

/* @session says whose and which device; an older one of the same device ends. */
gboolean
desk_sessions_add (DeskDb *db, const DeskDeviceSession *session, GBytes *token, GError **error);
/* The session of a token and its person as they are now; NULL without @error for an unknown or
 * expired one. (transfer full) */
DeskDeviceSession *
desk_sessions_find (DeskDb *db, GBytes *token, gint64 now, DeskPerson **person, GError **error);
/* Whether @session was used long enough ago for that to be written; see desk_sessions_touch(). */
gboolean desk_sessions_is_stale (const DeskDeviceSession *session, gint64 now);
gboolean
desk_sessions_touch (DeskDb *db, const char *uid, gint64 now, gint64 expires_at, GError **error);
/* Of @person_uid, or everybody's when NULL, newest first. (transfer full) (element-type
 * DeskDeviceSession) */
GPtrArray *desk_sessions_list (DeskDb *db, const char *person_uid, gint64 now, GError **error);
/* NO_SUCH when there is none, or none of @person_uid (NULL: anybody's). */
gboolean desk_sessions_end (DeskDb *db, const char *uid, const char *person_uid, GError **error);

/* --- invitations --- */

/* Replaces the person's older ones. */
gboolean desk_invitations_add (
    DeskDb *db, GBytes *code, const char *person_uid, gint64 expires_at, GError **error);
/* Whom @code invites; NULL without @error for none, a used or an expired one. (transfer full) */
DeskPerson *desk_invitations_find (DeskDb *db, GBytes *code, gint64 now, GError **error);
/* Uses it up. */
gboolean desk_invitations_end (DeskDb *db, GBytes *code, GError **error);

/* Gives @to, an older copy of the desk, everything of @from in the place of its own: a session that
 * was ended stays so, and a password that was changed. Inside a transaction of @to. */
gboolean desk_accounts_carry (DeskDb *from, DeskDb *to, GError **error);

/* Forgets what has expired. */
gboolean desk_accounts_sweep (DeskDb *db, gint64 now, GError **error);

G_END_DECLS
