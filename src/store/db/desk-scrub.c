/* SPDX-License-Identifier: GPL-3.0-or-later
 * Merging the search index into one part, and emptying the log. */
#include "desk-scrub.h"

#include "desk-error.h"

/* Pages of the index that one transaction writes: 10 ms. */
#define PAGES_PER_PIECE 32
#define PAUSE_US        2000
/* Readers look for a moment only; an export does not. */
#define LOG_TRIES    20
#define LOG_RETRY_US 50000

/* What is still to do, as the desk row says it. */
typedef enum
{
  STATE_NOTHING = 0,
  STATE_LOG = 1,
  STATE_MERGING = 2,
  STATE_WORDS = 3,
} State;

/* A refusal that quotes nothing. */
static const char *const silence = DESK_N_ ("This was refused");

static gboolean
ask (DeskDb *db, State state, GError **error)
{
  return desk_db_run (db, DESK_SQL_SCRUB_ASK, error, "ii", (gint64) state, (gint64) state) >= 0;
}

gboolean
desk_scrub_ask_words (DeskDb *db, const char *ticket, GError **error)
{
  return desk_db_run (db, DESK_SQL_RECEIPTS_SILENCE_TICKET, error, "su", silence, ticket) >= 0 &&
         ask (db, STATE_WORDS, error);
}

/* Names are not searched for by words; what was changed to whom meanwhile names people. */
gboolean
desk_scrub_ask_person (DeskDb *db, GError **error)
{
  return desk_db_run (db, DESK_SQL_RECEIPTS_SILENCE, error, "si", silence,
                      (gint64) DESK_ERROR_CONFLICT) >= 0 &&
         ask (db, STATE_LOG, error);
}

static gboolean
get_state (DeskDb *db, State *state, GError **error)
{
  gint64 value;

  if (!desk_db_get_int (db, DESK_SQL_SCRUB, &value, error, ""))
    return FALSE;
  *state = value;
  return TRUE;
}

static gboolean
set_state (DeskDb *db, State state, GError **error)
{
  return desk_db_run (db, DESK_SQL_SCRUB_SET, error, "i", (gint64) state) >= 0;
}

/* --- the search index --- */

/* A merge of all parts starts with a negative number of pages and goes on with positive ones. Where
 * it has nothing to do, it writes nothing but its own row. */
static gboolean
merge (DeskDb *db, gboolean start, gboolean *more, GError **error)
{
  static const DeskSql statements[] = { DESK_SQL_MERGE_PUBLIC, DESK_SQL_MERGE_INTERNAL };
  gint64 pages = start ? -PAGES_PER_PIECE : PAGES_PER_PIECE;

  *more = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      gint64 before = desk_db_count_writes (db);

      if (desk_db_run (db, statements[i], error, "i", pages) < 0)
        return FALSE;
      *more |= desk_db_count_writes (db) - before > 1;
    }
  return TRUE;
}

/* What was taken out since the merge started makes it start again. */
static gboolean
merge_piece_in (DeskDb *db, gboolean *more, GError **error)
{
  State state;

  *more = FALSE;
  if (!get_state (db, &state, error))
    return FALSE;
  if (state < STATE_MERGING)
    return TRUE;
  return merge (db, state == STATE_WORDS, more, error) &&
         set_state (db, *more ? STATE_MERGING : STATE_LOG, error);
}

static gboolean
merge_piece (DeskDb *db, gboolean *more, GError **error)
{
  if (!desk_db_begin (db, error))
    return FALSE;
  if (merge_piece_in (db, more, error))
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

static gboolean
merge_all (DeskDb *db,
           DeskProgress progress,
           gpointer user_data,
           GCancellable *cancellable,
           GError **error)
{
  gboolean more = TRUE;
  gint64 total;

  if (!desk_db_get_int (db, DESK_SQL_INDEX_PAGES, &total, error, ""))
    return FALSE;
  for (gint64 n = 0; more; n += PAGES_PER_PIECE)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !merge_piece (db, &more, error))
        return FALSE;
      if (progress != NULL)
        progress (MIN (n, total), total, user_data);
      g_usleep (more ? PAUSE_US : 0);
    }
  return TRUE;
}

/* --- the log --- */

static gboolean
empty_log (DeskDb *db)
{
  for (int i = 0; i < LOG_TRIES; i++)
    {
      if (desk_db_settle (db))
        return TRUE;
      g_usleep (LOG_RETRY_US);
    }
  return FALSE;
}

/* Somebody who was erased while the log was emptied is in it again: that moved the catalogue. */
static gboolean
note_done (DeskDb *db, gint64 revision, gboolean *done, GError **error)
{
  gint64 n;

  if (!desk_db_begin (db, error))
    return FALSE;
  n = desk_db_run (db, DESK_SQL_SCRUB_DONE, error, "ii", (gint64) STATE_LOG, revision);
  *done = n > 0;
  if (n >= 0)
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

gboolean
desk_scrub (DeskDb *db,
            gboolean *done,
            DeskProgress progress,
            gpointer user_data,
            GCancellable *cancellable,
            GError **error)
{
  DeskCatalogue *catalogue;
  State state;

  *done = FALSE;
  if (!get_state (db, &state, error))
    return FALSE;
  *done = state == STATE_NOTHING;
  if (*done)
    return TRUE;
  if (state >= STATE_MERGING && !merge_all (db, progress, user_data, cancellable, error))
    return FALSE;
  catalogue = desk_db_get_catalogue (db, error);
  if (catalogue == NULL)
    return FALSE;
  return !empty_log (db) || note_done (db, desk_catalogue_get_revision (catalogue), done, error);
}
