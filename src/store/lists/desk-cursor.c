/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a copy stands: packing it, and whether it is of this desk's past. */
#include "desk-feed-private.h"

#include <string.h>

#include "desk-uid.h"

#define VERSION  1
#define SEAL_KEY "seal"
/* Clocks are not alike. */
#define SLACK_SECS (24 * 60 * 60)

G_DEFINE_QUARK (desk - feed - error - quark, desk_feed_error)

/* --- bytes --- */

static guint8 *
put_bytes (guint8 *at, const guint8 bytes[16])
{
  memcpy (at, bytes, 16);
  return at + 16;
}

static guint8 *
put_number (guint8 *at, gint64 number)
{
  gint64 big = GINT64_TO_BE (number);

  memcpy (at, &big, sizeof big);
  return at + sizeof big;
}

static const guint8 *
get_bytes (const guint8 *at, guint8 bytes[16])
{
  memcpy (bytes, at, 16);
  return at + 16;
}

static const guint8 *
get_number (const guint8 *at, gint64 *number)
{
  gint64 big;

  memcpy (&big, at, sizeof big);
  *number = GINT64_FROM_BE (big);
  return at + sizeof big;
}

void
desk_cursor_pack (const DeskCursor *cursor, guint8 bytes[DESK_CURSOR_BYTES])
{
  guint8 *at = bytes;

  *at++ = VERSION;
  at = put_bytes (at, cursor->incarnation);
  at = put_bytes (at, cursor->reader);
  at = put_bytes (at, cursor->rights);
  at = put_number (at, cursor->at);
  at = put_number (at, cursor->tx);
  at = put_number (at, cursor->event);
  at = put_bytes (at, cursor->event_uid);
  at = put_number (at, cursor->revision);
  at = put_number (at, cursor->stage);
  at = put_number (at, cursor->key);
  at = put_number (at, cursor->id);
  at = put_number (at, cursor->since);
  g_assert (at == bytes + DESK_CURSOR_BYTES);
}

gboolean
desk_cursor_unpack (const guint8 *bytes, gsize size, DeskCursor *cursor)
{
  const guint8 *at = bytes;

  if (size != DESK_CURSOR_BYTES || *at++ != VERSION)
    return FALSE;
  at = get_bytes (at, cursor->incarnation);
  at = get_bytes (at, cursor->reader);
  at = get_bytes (at, cursor->rights);
  at = get_number (at, &cursor->at);
  at = get_number (at, &cursor->tx);
  at = get_number (at, &cursor->event);
  at = get_bytes (at, cursor->event_uid);
  at = get_number (at, &cursor->revision);
  at = get_number (at, &cursor->stage);
  at = get_number (at, &cursor->key);
  at = get_number (at, &cursor->id);
  get_number (at, &cursor->since);
  return TRUE;
}

/* --- rights --- */

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Takes @slugs, whose order says nothing. */
static void
digest_slugs (GChecksum *checksum, const char *what, GPtrArray *slugs)
{
  g_ptr_array_sort (slugs, compare_texts);
  g_checksum_update (checksum, (const guchar *) what, -1);
  for (guint i = 0; i < slugs->len; i++)
    {
      /* No slug has a space. */
      g_checksum_update (checksum, (const guchar *) " ", 1);
      g_checksum_update (checksum, g_ptr_array_index (slugs, i), -1);
    }
  g_ptr_array_unref (slugs);
}

static GPtrArray *
list_texts (char **texts)
{
  GPtrArray *list = g_ptr_array_new ();

  for (; *texts != NULL; texts++)
    g_ptr_array_add (list, *texts);
  return list;
}

static GPtrArray *
list_private_departments (DeskCatalogue *catalogue)
{
  GPtrArray *entries = desk_catalogue_get_entries (catalogue, DESK_ENTRY_DEPARTMENT);
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < entries->len; i++)
    {
      const DeskEntry *entry = g_ptr_array_index (entries, i);

      if (!desk_entry_get_bool (entry, DESK_PROPERTY_PUBLIC))
        g_ptr_array_add (list, entry->slug);
    }
  return list;
}

/* What is sent of a ticket depends on the desk's settings too, but for those who see everything. */
static void
digest_settings (GChecksum *checksum, DeskCatalogue *catalogue)
{
  static const DeskProperty shown[] = { DESK_PROPERTY_SHOW_PRIORITY, DESK_PROPERTY_SHOW_ASSIGNEE,
                                        DESK_PROPERTY_SHOW_DUE };
  const DeskEntry *desk = desk_catalogue_get_desk (catalogue);

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    g_checksum_update (checksum,
                       (const guchar *) (desk_entry_get_bool (desk, shown[i]) ? "y" : "n"), 1);
  g_checksum_update (checksum, (const guchar *) desk_entry_get (desk, DESK_PROPERTY_DEPARTMENT),
                     -1);
  digest_slugs (checksum, " private", list_private_departments (catalogue));
}

static void
digest_rights (DeskFeeding *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guchar role = (guchar) (self->person->removed ? 0xff : self->person->role);
  guint8 whole[32];
  gsize size = sizeof whole;

  g_checksum_update (checksum, &role, 1);
  digest_slugs (checksum, "departments", list_texts (self->person->departments));
  digest_slugs (checksum, " teams", list_texts (self->person->teams));
  if (!self->reader.everything)
    digest_settings (checksum, desk_db_get_catalogue (self->db, NULL));
  g_checksum_get_digest (checksum, whole, &size);
  memcpy (self->rights, whole, sizeof self->rights);
  self->has_rights = TRUE;
}

static const guint8 *
get_rights (DeskFeeding *self)
{
  if (!self->has_rights)
    digest_rights (self);
  return self->rights;
}

/* --- stamping and checking --- */

static gboolean
read_uid (DeskQuery *query, guint8 bytes[16], gboolean *found, GError **error)
{
  GError *failure = NULL;
  gconstpointer data;
  gsize size = 0;

  memset (bytes, 0, 16);
  *found = FALSE;
  if (query == NULL)
    return FALSE;
  if (desk_query_next (query, &failure))
    {
      data = desk_query_blob (query, 0, &size);
      *found = size == 16;
      if (*found)
        memcpy (bytes, data, size);
    }
  desk_query_end (query);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
desk_cursor_stamp (DeskFeeding *self, DeskCursor *cursor, GError **error)
{
  gboolean found;

  cursor->at = self->now;
  memcpy (cursor->rights, get_rights (self), sizeof cursor->rights);
  desk_uid_to_bytes (self->person->uid, cursor->reader);
  return read_uid (desk_db_query (self->db, DESK_SQL_INCARNATION_NEWEST, error, ""),
                   cursor->incarnation, &found, error);
}

gboolean
desk_cursor_set_event (DeskDb *db, DeskCursor *cursor, gint64 event, GError **error)
{
  gboolean found;

  cursor->event = event;
  return read_uid (desk_db_query (db, DESK_SQL_EVENT_UID, error, "i", event), cursor->event_uid,
                   &found, error);
}

static gboolean
fail_refill (const char *why, GError **error)
{
  g_set_error (error, DESK_FEED_ERROR, DESK_FEED_ERROR_REFILL, "%s; fill the copy again", why);
  return FALSE;
}

static gboolean
check_rights (DeskFeeding *self, const DeskCursor *cursor, GError **error)
{
  guint8 uid[16];

  desk_uid_to_bytes (self->person->uid, uid);
  if (memcmp (uid, cursor->reader, sizeof uid) != 0)
    {
      g_set_error (error, DESK_FEED_ERROR, DESK_FEED_ERROR_INVALID_CURSOR,
                   "This is no cursor of yours");
      return FALSE;
    }
  if (self->now - cursor->at > DESK_FEED_KEPT_SECS)
    return fail_refill ("The copy is too old", error);
  return memcmp (get_rights (self), cursor->rights, sizeof cursor->rights) == 0 ||
         fail_refill ("What you may see has changed", error);
}

/* How far the past of the cursor's incarnation goes: to the start of the next one, or to now. */
static gboolean
read_end (DeskFeeding *self,
          const DeskCursor *cursor,
          gboolean *known,
          gint64 *tx,
          gint64 *revision,
          GError **error)
{
  g_autoptr (GBytes) id = g_bytes_new (cursor->incarnation, sizeof cursor->incarnation);
  g_autoptr (DeskQuery)
      query = desk_db_query (self->db, DESK_SQL_INCARNATION_AFTER, error, "b", id);
  GError *failure = NULL;

  *known = FALSE;
  *revision = desk_catalogue_get_revision (desk_db_get_catalogue (self->db, NULL));
  if (query == NULL || !desk_db_get_int (self->db, DESK_SQL_GET_TX, tx, error, ""))
    return FALSE;
  *known = desk_query_next (query, &failure);
  if (*known && !desk_query_is_null (query, 0))
    {
      *tx = desk_query_int (query, 0);
      *revision = desk_query_int (query, 1);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* Whoever put another file in the server's place may have gone on with it before the server did:
 * then the places are taken by other events. */
static gboolean
check_event (DeskFeeding *self, const DeskCursor *cursor, gboolean *same, GError **error)
{
  guint8 uid[16];
  gboolean found;

  *same = TRUE;
  if (cursor->event == 0)
    return TRUE;
  if (!read_uid (desk_db_query (self->db, DESK_SQL_EVENT_UID, error, "i", cursor->event), uid,
                 &found, error))
    return FALSE;
  *same = found && memcmp (uid, cursor->event_uid, sizeof uid) == 0;
  return TRUE;
}

gboolean
desk_cursor_check (DeskFeeding *self, const DeskCursor *cursor, GError **error)
{
  gboolean known, same;
  gint64 tx, revision;

  if (!check_rights (self, cursor, error) ||
      !read_end (self, cursor, &known, &tx, &revision, error) ||
      !check_event (self, cursor, &same, error))
    return FALSE;
  return (known && same && cursor->tx <= tx && cursor->revision <= revision) ||
         fail_refill ("The desk was restored from a backup", error);
}

/* --- the server's start --- */

static GBytes *
read_key (DeskDb *db, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_SECRET, error, "s", SEAL_KEY);
  gconstpointer data;
  gsize size;

  if (query == NULL || !desk_query_next (query, error))
    return NULL;
  data = desk_query_blob (query, 0, &size);
  return g_bytes_new (data, size);
}

static GBytes *
start (DeskDb *db, GBytes *fresh_key, gint64 now, GError **error)
{
  g_autofree char *incarnation = desk_uid_new ();

  if (desk_db_run (db, DESK_SQL_INCARNATION_INSERT, error, "ui", incarnation, now) < 0 ||
      desk_db_run (db, DESK_SQL_SECRET_INSERT, error, "sb", SEAL_KEY, fresh_key) < 0)
    return NULL;
  return read_key (db, error);
}

GBytes *
desk_feed_start (DeskDb *db, GBytes *fresh_key, gint64 now, GError **error)
{
  g_autoptr (GBytes) key = NULL;

  if (!desk_db_begin (db, error))
    return NULL;
  key = start (db, fresh_key, now, error);
  if (key == NULL)
    {
      desk_db_rollback (db);
      return NULL;
    }
  return desk_db_commit (db, error) ? g_steal_pointer (&key) : NULL;
}

gboolean
desk_feed_sweep (DeskDb *db, gint64 now, GError **error)
{
  gint64 before = now - DESK_FEED_KEPT_SECS - SLACK_SECS;

  return desk_db_run (db, DESK_SQL_MOVED_SWEEP, error, "i", before) >= 0 &&
         desk_db_run (db, DESK_SQL_INCARNATION_SWEEP, error, "ii", before, before) >= 0;
}
