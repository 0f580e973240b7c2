/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accounts, sessions and invitations as rows. */
#include "desk-accounts.h"

#include "desk-error.h"
#include "desk-people.h"

/* Use is written down at most so often. */
#define TOUCH_SECS (60 * 60)

static gboolean
find_person_id (DeskDb *db, const char *uid, gint64 *id, GError **error)
{
  return desk_db_get_person_id (db, uid, id, error) &&
         (*id != 0 ||
          desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such person on this desk"));
}

/* --- accounts --- */

gboolean
desk_accounts_any (DeskDb *db, gboolean *any, GError **error)
{
  gint64 found;

  if (!desk_db_get_int (db, DESK_SQL_ACCOUNT_ANY, &found, error, ""))
    return FALSE;
  *any = found != 0;
  return TRUE;
}

static gboolean
read_hash (DeskDb *db, const char *person_uid, char **hash, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_ACCOUNT_HASH, error, "u", person_uid);
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    *hash = desk_query_dup_text (query, 0);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
desk_accounts_find (DeskDb *db, const char *login, DeskPerson **person, char **hash, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskPerson) found = desk_people_find_login (db, login, &failure);

  *person = NULL;
  *hash = NULL;
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (found == NULL || found->removed)
    return TRUE;
  if (!read_hash (db, found->uid, hash, error))
    return FALSE;
  *person = g_steal_pointer (&found);
  return TRUE;
}

gboolean
desk_accounts_set (DeskDb *db, const char *person_uid, const char *hash, gint64 now, GError **error)
{
  gint64 person;

  return find_person_id (db, person_uid, &person, error) &&
         desk_db_run (db, DESK_SQL_ACCOUNT_SET, error, "isi", person, hash, now) >= 0 &&
         desk_db_run (db, DESK_SQL_SESSIONS_DELETE_OF, error, "i", person) >= 0;
}

gboolean
desk_accounts_change (DeskDb *db,
                      const char *person_uid,
                      const char *hash,
                      const char *session_uid,
                      gboolean keep_others,
                      gint64 now,
                      GError **error)
{
  gint64 person;

  return find_person_id (db, person_uid, &person, error) &&
         desk_db_run (db, DESK_SQL_ACCOUNT_SET, error, "isi", person, hash, now) >= 0 &&
         (keep_others ||
          desk_db_run (db, DESK_SQL_SESSIONS_DELETE_OTHERS, error, "iu", person, session_uid) >= 0);
}

gboolean
desk_accounts_rehash (DeskDb *db, const char *person_uid, const char *hash, GError **error)
{
  gint64 person;

  return find_person_id (db, person_uid, &person, error) &&
         desk_db_run (db, DESK_SQL_ACCOUNT_REHASH, error, "si", hash, person) >= 0;
}

/* --- sessions --- */

enum
{
  SESSION_UID,
  SESSION_PERSON,
  SESSION_DEVICE,
  SESSION_DEVICE_NAME,
  SESSION_VIA,
  SESSION_CREATED_AT,
  SESSION_USED_AT,
  SESSION_EXPIRES_AT,
  SESSION_TOKEN, /* of DESK_SQL_SESSIONS_ALL alone */
};

static DeskDeviceSession *
read_session (DeskQuery *query)
{
  DeskDeviceSession *session = desk_device_session_new ();

  session->uid = desk_query_dup_uid (query, SESSION_UID);
  session->person = desk_query_dup_uid (query, SESSION_PERSON);
  session->device = desk_query_dup_text (query, SESSION_DEVICE);
  session->device_name = desk_query_dup_text (query, SESSION_DEVICE_NAME);
  session->via = desk_query_int (query, SESSION_VIA);
  session->created_at = desk_query_int (query, SESSION_CREATED_AT);
  session->used_at = desk_query_int (query, SESSION_USED_AT);
  session->expires_at = desk_query_int (query, SESSION_EXPIRES_AT);
  return session;
}

gboolean
desk_sessions_add (DeskDb *db, const DeskDeviceSession *session, GBytes *token, GError **error)
{
  gint64 person;

  return find_person_id (db, session->person, &person, error) &&
         desk_db_run (db, DESK_SQL_SESSIONS_DELETE_DEVICE, error, "is", person, session->device) >=
             0 &&
         desk_db_run (db, DESK_SQL_SESSION_INSERT, error, "ubissiiii", session->uid, token, person,
                      session->device, session->device_name, (gint64) session->via,
                      session->created_at, session->used_at, session->expires_at) >= 0;
}

DeskDeviceSession *
desk_sessions_find (DeskDb *db, GBytes *token, gint64 now, DeskPerson **person, GError **error)
{
  g_autoptr (DeskDeviceSession) session = NULL;
  g_autoptr (DeskPerson) found = NULL;
  DeskQuery *query = desk_db_query (db, DESK_SQL_SESSION_BY_TOKEN, error, "bi", token, now);

  *person = NULL;
  if (query == NULL)
    return NULL;
  if (desk_query_next (query, error))
    session = read_session (query);
  desk_query_end (query);
  if (session == NULL)
    return NULL;
  session->current = TRUE;
  found = desk_people_find_uid (db, session->person, error);
  /* Outside a transaction somebody may have been removed in between. */
  if (found == NULL || found->removed)
    return NULL;
  *person = g_steal_pointer (&found);
  return g_steal_pointer (&session);
}

gboolean
desk_sessions_is_stale (const DeskDeviceSession *session, gint64 now)
{
  return now - session->used_at >= TOUCH_SECS;
}

gboolean
desk_sessions_touch (DeskDb *db, const char *uid, gint64 now, gint64 expires_at, GError **error)
{
  return desk_db_run (db, DESK_SQL_SESSION_TOUCH, error, "iiu", now, expires_at, uid) >= 0;
}

static DeskQuery *
query_sessions (DeskDb *db, const char *person_uid, gint64 now, GError **error)
{
  gint64 person;

  if (person_uid == NULL)
    return desk_db_query (db, DESK_SQL_SESSIONS, error, "i", now);
  if (!desk_db_get_person_id (db, person_uid, &person, error))
    return NULL;
  return desk_db_query (db, DESK_SQL_SESSIONS_OF, error, "ii", person, now);
}

GPtrArray *
desk_sessions_list (DeskDb *db, const char *person_uid, gint64 now, GError **error)
{
  g_autoptr (GPtrArray)
      sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_device_session_free);
  g_autoptr (DeskQuery) query = query_sessions (db, person_uid, now, error);
  GError *failure = NULL;

  if (query == NULL)
    return NULL;
  while (desk_query_next (query, &failure))
    g_ptr_array_add (sessions, read_session (query));
  if (failure == NULL)
    return g_steal_pointer (&sessions);
  g_propagate_error (error, failure);
  return NULL;
}

/* 0 without an error: none of this person's. */
static gboolean
find_session (DeskDb *db, const char *uid, const char *person_uid, gint64 *id, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_SESSION_BY_UID, error, "u", uid);
  GError *failure = NULL;

  *id = 0;
  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    {
      g_autofree char *owner = desk_query_dup_uid (query, 1);

      if (person_uid == NULL || g_strcmp0 (owner, person_uid) == 0)
        *id = desk_query_int (query, 0);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
desk_sessions_end (DeskDb *db, const char *uid, const char *person_uid, GError **error)
{
  gint64 id;

  if (!find_session (db, uid, person_uid, &id, error))
    return FALSE;
  if (id == 0)
    return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such session");
  return desk_db_run (db, DESK_SQL_SESSION_DELETE, error, "i", id) >= 0;
}

/* --- invitations --- */

gboolean
desk_invitations_add (
    DeskDb *db, GBytes *code, const char *person_uid, gint64 expires_at, GError **error)
{
  gint64 person;

  return find_person_id (db, person_uid, &person, error) &&
         desk_db_run (db, DESK_SQL_INVITATION_DELETE_OF, error, "i", person) >= 0 &&
         desk_db_run (db, DESK_SQL_INVITATION_INSERT, error, "bii", code, person, expires_at) >= 0;
}

DeskPerson *
desk_invitations_find (DeskDb *db, GBytes *code, gint64 now, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (db, DESK_SQL_INVITATION_FIND, error, "bi", code, now);
  g_autofree char *uid = NULL;

  if (query == NULL || !desk_query_next (query, error))
    return NULL;
  uid = desk_query_dup_uid (query, 0);
  return desk_people_find_uid (db, uid, error);
}

gboolean
desk_invitations_end (DeskDb *db, GBytes *code, GError **error)
{
  return desk_db_run (db, DESK_SQL_INVITATION_DELETE, error, "b", code) >= 0;
}

gboolean
desk_accounts_sweep (DeskDb *db, gint64 now, GError **error)
{
  return desk_db_run (db, DESK_SQL_SESSIONS_SWEEP, error, "i", now) >= 0 &&
         desk_db_run (db, DESK_SQL_INVITATIONS_SWEEP, error, "i", now) >= 0;
}

/* --- carrying over --- */

static GBytes *
read_bytes (DeskQuery *query, int column)
{
  gsize size;
  gconstpointer data = desk_query_blob (query, column, &size);

  return g_bytes_new (data, size);
}

static gboolean
carry_account (DeskDb *to, DeskQuery *query, GError **error)
{
  g_autofree char *uid = desk_query_dup_uid (query, 0);
  gint64 person;

  return desk_db_get_person_id (to, uid, &person, error) &&
         (person == 0 || desk_db_run (to, DESK_SQL_ACCOUNT_SET, error, "isi", person,
                                      desk_query_text (query, 1), desk_query_int (query, 2)) >= 0);
}

static gboolean
carry_session (DeskDb *to, DeskQuery *query, GError **error)
{
  g_autoptr (DeskDeviceSession) session = read_session (query);
  g_autoptr (GBytes) token = read_bytes (query, SESSION_TOKEN);
  gint64 person;

  return desk_db_get_person_id (to, session->person, &person, error) &&
         (person == 0 || desk_sessions_add (to, session, token, error));
}

static gboolean
carry_invitation (DeskDb *to, DeskQuery *query, GError **error)
{
  g_autofree char *uid = desk_query_dup_uid (query, 0);
  g_autoptr (GBytes) code = read_bytes (query, 1);
  gint64 person;

  return desk_db_get_person_id (to, uid, &person, error) &&
         (person == 0 || desk_invitations_add (to, code, uid, desk_query_int (query, 2), error));
}

static const struct
{
  DeskSql all;
  DeskSql clear;
  gboolean (*carry) (DeskDb *, DeskQuery *, GError **);
} carried[] = {
  { DESK_SQL_ACCOUNTS_ALL, DESK_SQL_ACCOUNTS_CLEAR, carry_account },
  { DESK_SQL_SESSIONS_ALL, DESK_SQL_SESSIONS_CLEAR, carry_session },
  { DESK_SQL_INVITATIONS_ALL, DESK_SQL_INVITATIONS_CLEAR, carry_invitation },
};

static gboolean
carry_all (DeskDb *from, DeskDb *to, guint kind, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (from, carried[kind].all, error, "");
  GError *failure = NULL;

  if (query == NULL || desk_db_run (to, carried[kind].clear, error, "") < 0)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    carried[kind].carry (to, query, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
desk_accounts_carry (DeskDb *from, DeskDb *to, GError **error)
{
  for (guint kind = 0; kind < G_N_ELEMENTS (carried); kind++)
    if (!carry_all (from, to, kind, error))
      return FALSE;
  return TRUE;
}
