/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is new behind a position: found in the indexes of lists, told as the reader may see it now.
 *
 * Each op has a transaction of its own and is of one ticket, so a position in their order cuts
 * between two tickets. Of each ticket a page tells the present state, and of its events those that
 * came in since the reader was last up to date: that mark moves only when there is no more to
 * read, because a ticket behind the page may have older events. */
#include "desk-feed-private.h"

#include "desk-people.h"

typedef enum
{
  SOURCE_MOVED, /* first: what it puts is whole */
  SOURCE_CHANGED,
  SOURCE_OWN,
} Source;

/* A ticket that may have to be told of. */
typedef struct
{
  gint64 tx;
  Source source;
  gint64 ticket;
  gint64 department; /* of a move: where it was */
  gint64 assignee;
  gint64 team;
  gint64 requester;
} Candidate;

/* Columns of the statements that find them. */
enum
{
  FOUND_TX,
  FOUND_TICKET,
  FOUND_DEPARTMENT,
  FOUND_ASSIGNEE,
  FOUND_TEAM,
  FOUND_REQUESTER, /* of a move */
};

typedef struct
{
  DeskFeeding *feeding;
  const DeskCursor *since;
  GArray *candidates;
  gint64 horizon;     /* up to it all are found */
  gboolean only_look; /* one ticket that would be told is enough, and is not read … */
  gboolean found;     /* … but noted here */
} Reading;

/* --- finding --- */

static gboolean
works_on (const Reading *self, const Candidate *candidate)
{
  return desk_reader_works_on (&self->feeding->reader, candidate->department, candidate->assignee,
                               candidate->team);
}

/* What an agent works on is found as changed; their own tickets are told as to a requester only
 * where they do not. */
static gboolean
is_wanted (const Reading *self, const Candidate *candidate)
{
  switch (candidate->source)
    {
    case SOURCE_CHANGED:
      return works_on (self, candidate);
    case SOURCE_OWN:
      return !works_on (self, candidate);
    case SOURCE_MOVED:
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

static Candidate
read_candidate (Source source, DeskQuery *query)
{
  return (Candidate){
    .tx = desk_query_int (query, FOUND_TX),
    .source = source,
    .ticket = desk_query_int (query, FOUND_TICKET),
    .department = desk_query_int (query, FOUND_DEPARTMENT),
    .assignee = desk_query_int (query, FOUND_ASSIGNEE),
    .team = desk_query_int (query, FOUND_TEAM),
    .requester = source == SOURCE_MOVED ? desk_query_int (query, FOUND_REQUESTER) : 0,
  };
}

/* Ends @query. */
static gboolean
collect (Reading *self, Source source, DeskQuery *query, GError **error)
{
  GError *failure = NULL;
  gint64 last = 0;
  guint n = 0;

  if (query == NULL)
    return FALSE;
  for (; desk_query_next (query, &failure); n++)
    {
      Candidate candidate = read_candidate (source, query);

      last = candidate.tx;
      if (is_wanted (self, &candidate))
        g_array_append_val (self->candidates, candidate);
    }
  desk_query_end (query);
  if (n >= self->feeding->limits->rows)
    self->horizon = MIN (self->horizon, last);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* A ticket is at its newest transaction in the range of its status. */
static gboolean
collect_for_agent (Reading *self, GError **error)
{
  DeskDb *db = self->feeding->db;
  gint64 rows = self->feeding->limits->rows;

  for (DeskStatus status = 0; status < DESK_N_STATUSES; status++)
    if (!collect (self, SOURCE_CHANGED,
                  desk_db_query (db, DESK_SQL_FEED_CHANGED, error, "iii", (gint64) status,
                                 self->since->tx, rows),
                  error))
      return FALSE;
  return collect (self, SOURCE_MOVED,
                  desk_db_query (db, DESK_SQL_FEED_MOVED, error, "ii", self->since->tx, rows),
                  error);
}

static gboolean
collect_moved_of_requester (Reading *self, GError **error)
{
  return collect (self, SOURCE_MOVED,
                  desk_db_query (self->feeding->db, DESK_SQL_FEED_MOVED_OF, error, "iii",
                                 self->feeding->reader.id, self->since->tx,
                                 (gint64) self->feeding->limits->rows),
                  error);
}

static gboolean
collect_own (Reading *self, GError **error)
{
  return collect (self, SOURCE_OWN,
                  desk_db_query (self->feeding->db, DESK_SQL_FEED_OWN, error, "iii",
                                 self->feeding->reader.id, self->since->tx,
                                 (gint64) self->feeding->limits->rows),
                  error);
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *first = a;
  const Candidate *second = b;

  if (first->tx != second->tx)
    return first->tx < second->tx ? -1 : 1;
  return (int) first->source - (int) second->source;
}

static gboolean
collect_all (Reading *self, GError **error)
{
  if (!(self->feeding->reader.agent ? collect_for_agent (self, error)
                                    : collect_moved_of_requester (self, error)) ||
      !collect_own (self, error))
    return FALSE;
  g_array_sort (self->candidates, compare_candidates);
  return TRUE;
}

/* --- telling --- */

typedef enum
{
  SIGHT_NONE,
  SIGHT_PUBLIC,
  SIGHT_INTERNAL,
} Sight;

static Sight
find_sight (const Reading *self, const Candidate *place)
{
  if (works_on (self, place))
    return SIGHT_INTERNAL;
  return place->requester == self->feeding->reader.id && place->requester != 0 ? SIGHT_PUBLIC
                                                                               : SIGHT_NONE;
}

/* Where the ticket is now. */
static gboolean
read_place (Reading *self, gint64 ticket, Candidate *place, char **uid, GError **error)
{
  g_autoptr (DeskQuery)
      query = desk_db_query (self->feeding->db, DESK_SQL_FEED_PLACE, error, "i", ticket);
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  *place = (Candidate){ .ticket = ticket };
  if (desk_query_next (query, &failure))
    {
      *uid = desk_query_dup_uid (query, 0);
      place->department = desk_query_int (query, 1);
      place->assignee = desk_query_int (query, 2);
      place->team = desk_query_int (query, 3);
      place->requester = desk_query_int (query, 4);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
is_told_gone (Reading *self, const char *uid)
{
  GPtrArray *gone = self->feeding->page->gone;

  for (guint i = 0; i < gone->len; i++)
    if (g_strcmp0 (g_ptr_array_index (gone, i), uid) == 0)
      return TRUE;
  return FALSE;
}

/* Who saw less before gets it whole; who sees less now loses it first, and may get the rest. */
static gboolean
tell_move (Reading *self, const Candidate *candidate, GError **error)
{
  g_autofree char *uid = NULL;
  Candidate place;
  Sight before = find_sight (self, candidate), now;

  if (!read_place (self, candidate->ticket, &place, &uid, error))
    return FALSE;
  now = find_sight (self, &place);
  if (now < before && uid != NULL && !is_told_gone (self, uid))
    g_ptr_array_add (self->feeding->page->gone, g_steal_pointer (&uid));
  if (now == before || now == SIGHT_NONE)
    return TRUE;
  return desk_feeding_put (self->feeding, candidate->ticket, 0, error);
}

static gboolean
tell (Reading *self, const Candidate *candidate, GError **error)
{
  if (candidate->source == SOURCE_MOVED)
    return tell_move (self, candidate, error);
  if (!self->only_look)
    return desk_feeding_put (self->feeding, candidate->ticket, self->since->event, error);
  self->found = TRUE;
  return TRUE;
}

static gboolean
is_enough (const Reading *self)
{
  return self->found || desk_feeding_is_full (self->feeding);
}

/* @tx: up to where everything was told. */
static gboolean
tell_all (Reading *self, gint64 *tx, gboolean *whole, GError **error)
{
  GArray *candidates = self->candidates;

  *whole = self->horizon == G_MAXINT64;
  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);

      if (candidate->tx > self->horizon)
        break;
      if (is_enough (self) && candidate->tx > *tx)
        {
          *whole = FALSE;
          return TRUE;
        }
      if (!tell (self, candidate, error))
        return FALSE;
      *tx = candidate->tx;
    }
  if (!*whole)
    *tx = MAX (*tx, self->horizon);
  return TRUE;
}

/* --- the catalogue and people --- */

static gboolean
tell_entries (Reading *self, gint64 revision, GError **error)
{
  gint64 moved;

  if (!desk_db_get_int (self->feeding->db, DESK_SQL_FEED_ENTRIES, &moved, error, ""))
    return FALSE;
  if (moved > self->since->revision && moved <= revision)
    desk_feeding_add_entries (self->feeding);
  return TRUE;
}

static gboolean
is_assignee_shown (DeskDb *db)
{
  return desk_entry_get_bool (desk_catalogue_get_desk (desk_db_get_catalogue (db, NULL)),
                              DESK_PROPERTY_SHOW_ASSIGNEE);
}

/* A requester knows those whom their tickets name. */
static gboolean
is_known (Reading *self, const DeskPerson *person, gint64 id, gboolean *known, GError **error)
{
  DeskDb *db = self->feeding->db;
  gint64 shown = is_assignee_shown (db), found = 1;

  if (!self->feeding->reader.agent && id != self->feeding->reader.id &&
      !desk_db_get_int (db, DESK_SQL_FEED_NAMED, &found, error, "iiiisi", self->feeding->reader.id,
                        id, shown, id, person->uid, shown))
    return FALSE;
  *known = found != 0;
  return TRUE;
}

static gboolean
tell_person (Reading *self, DeskQuery *query, GError **error)
{
  g_autoptr (DeskPerson) person = desk_person_read (self->feeding->db, query, error);
  gboolean known;

  if (person == NULL || !is_known (self, person, desk_query_int (query, 0), &known, error))
    return FALSE;
  if (known)
    desk_feeding_take_person (self->feeding, g_steal_pointer (&person));
  return TRUE;
}

#define MOVED_COLUMN 8

/* @revision: as of now; up to where everybody was told afterwards. */
static gboolean
tell_people (Reading *self, gint64 *revision, gboolean *whole, GError **error)
{
  gint64 most = self->feeding->limits->puts;
  g_autoptr (DeskQuery) query = desk_db_query (self->feeding->db, DESK_SQL_FEED_PEOPLE, error,
                                               "iii", self->since->revision, *revision, most);
  GError *failure = NULL;
  gint64 n = 0, last = 0;

  if (query == NULL)
    return FALSE;
  for (; failure == NULL && desk_query_next (query, &failure); n++)
    {
      last = desk_query_int (query, MOVED_COLUMN);
      tell_person (self, query, &failure);
    }
  if (n >= most)
    {
      *revision = last;
      *whole = FALSE;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* --- the page --- */

static gboolean
read_head (DeskDb *db, gint64 *tx, gint64 *event, GError **error)
{
  return desk_db_get_int (db, DESK_SQL_GET_TX, tx, error, "") &&
         desk_db_get_int (db, DESK_SQL_EVENT_LAST, event, error, "");
}

/* A requester stands where what they received ends. */
static gboolean
move_on (Reading *self, gint64 tx, gboolean whole, DeskCursor *next, GError **error)
{
  gint64 event = self->since->event;

  if (whole && self->feeding->reader.agent)
    {
      if (!read_head (self->feeding->db, &tx, &event, error))
        return FALSE;
    }
  else if (whole)
    event = MAX (event, self->feeding->last_event);
  next->tx = tx;
  return event == next->event || desk_cursor_set_event (self->feeding->db, next, event, error);
}

/* Nobody and nothing of the catalogue moves without its revision. */
static gboolean
tell_catalogue (Reading *self, gint64 *revision, gboolean *all_people, GError **error)
{
  return *revision == self->since->revision ||
         (tell_entries (self, *revision, error) && tell_people (self, revision, all_people, error));
}

static gboolean
read_page (Reading *self, DeskCursor *next, GError **error)
{
  gint64 revision = desk_catalogue_get_revision (desk_db_get_catalogue (self->feeding->db, NULL));
  gint64 tx = self->since->tx;
  gboolean whole, all_people = TRUE;

  if (!tell_catalogue (self, &revision, &all_people, error) || !collect_all (self, error) ||
      !tell_all (self, &tx, &whole, error))
    return FALSE;
  /* Who looks no further does not stand there either. */
  if (self->found)
    return TRUE;
  *next = *self->since;
  next->revision = revision;
  self->feeding->page->more = !whole || !all_people;
  return desk_cursor_stamp (self->feeding, next, error) && move_on (self, tx, whole, next, error);
}

static gboolean
check_since (const DeskCursor *since, GError **error)
{
  if (since->stage == 0)
    return TRUE;
  g_set_error (error, DESK_FEED_ERROR, DESK_FEED_ERROR_INVALID_CURSOR,
               "This cursor goes on with a fill");
  return FALSE;
}

DeskPage *
desk_feed_read (DeskDb *db,
                const DeskPerson *reader,
                const DeskCursor *since,
                const DeskFeedLimits *limits,
                gint64 now,
                DeskCursor *next,
                GError **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  g_auto (DeskFeeding) feeding = { 0 };
  Reading self = {
    .feeding = &feeding, .since = since, .candidates = candidates, .horizon = G_MAXINT64
  };

  if (!check_since (since, error) ||
      !desk_feeding_open (&feeding, db, reader, limits, now, error) ||
      !desk_cursor_check (&feeding, since, error) || !read_page (&self, next, error))
    return NULL;
  return desk_feeding_steal_page (&feeding);
}

/* --- only looking --- */

static gboolean
is_empty (const DeskPage *page)
{
  return page->entries == NULL && page->people->len == 0 && page->gone->len == 0 &&
         page->puts->len == 0;
}

static gboolean
skip_to_head (DeskFeeding *feeding, DeskCursor *cursor, GError **error)
{
  gint64 event;

  cursor->revision = desk_catalogue_get_revision (desk_db_get_catalogue (feeding->db, NULL));
  return read_head (feeding->db, &cursor->tx, &event, error) &&
         desk_cursor_set_event (feeding->db, cursor, event, error) &&
         desk_cursor_stamp (feeding, cursor, error);
}

/* One page's worth. @more: it was not all. */
static gboolean
look_once (
    DeskFeeding *feeding, DeskCursor *cursor, gboolean *has_news, gboolean *more, GError **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  const DeskCursor since = *cursor;
  Reading self = { .feeding = feeding,
                   .since = &since,
                   .candidates = candidates,
                   .horizon = G_MAXINT64,
                   .only_look = TRUE };
  DeskCursor next;

  if (!desk_cursor_check (feeding, &since, error) || !read_page (&self, &next, error))
    return FALSE;
  *more = feeding->page->more;
  *has_news = self.found || g_hash_table_size (feeding->people) > 0 || !is_empty (feeding->page);
  if (!*has_news)
    *cursor = next;
  return TRUE;
}

gboolean
desk_feed_has_news (DeskDb *db,
                    const DeskPerson *reader,
                    DeskCursor *cursor,
                    gboolean pass,
                    gboolean *has_news,
                    gint64 now,
                    GError **error)
{
  /* One is enough to know. */
  static const DeskFeedLimits limits = { .rows = 1000, .puts = 1, .bytes = 1, .events = 1 };
  g_auto (DeskFeeding) feeding = { 0 };
  gboolean more = TRUE;

  *has_news = FALSE;
  if (!check_since (cursor, error) ||
      !desk_feeding_open (&feeding, db, reader, &limits, now, error))
    return FALSE;
  while (more && !*has_news)
    if (!look_once (&feeding, cursor, has_news, &more, error))
      return FALSE;
  return !*has_news || !pass || skip_to_head (&feeding, cursor, error);
}

gboolean
desk_feed_skip (
    DeskDb *db, const DeskPerson *reader, DeskCursor *cursor, gint64 now, GError **error)
{
  g_auto (DeskFeeding) feeding = { 0 };

  return desk_feeding_open (&feeding, db, reader, NULL, now, error) &&
         skip_to_head (&feeding, cursor, error);
}
