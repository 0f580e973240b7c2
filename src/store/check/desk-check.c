/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checking a desk: the file, the tickets, the counters; the other parts have files of their own. */
#include "desk-check-private.h"

#include "desk-error.h"

void
desk_check_tell (DeskCheck *self, const char *format, ...)
{
  g_autofree char *problem = NULL;
  va_list arguments;

  self->n_problems++;
  if (self->report == NULL)
    return;
  va_start (arguments, format);
  problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->report (problem, self->user_data);
}

gboolean
desk_check_go_on (DeskCheck *self, gint64 done, gint64 total, GError **error)
{
  int width = self->to - self->from;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->progress != NULL)
    self->progress (self->from + (total > 0 ? width * done / total : width), 1000, self->user_data);
  return TRUE;
}

/* Runs @sql, without parameters, and hands each row to @tell. */
static gboolean
tell_rows (DeskCheck *self, DeskSql sql, void (*tell) (DeskCheck *, DeskQuery *), GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->db, sql, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (desk_query_next (query, &failure))
    tell (self, query);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* --- the file --- */

/* SQLite puts several findings into one answer, a line each, under a title with stars. */
static void
tell_damage (DeskCheck *self, DeskQuery *query)
{
  g_auto (GStrv) lines = g_strsplit (desk_query_text (query, 0), "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && *lines[i] != '*' && !g_str_equal (lines[i], "ok"))
      desk_check_tell (self, "The file is damaged; restore a backup (%s)", lines[i]);
}

static gboolean
check_file (DeskCheck *self, GError **error)
{
  return tell_rows (self, DESK_SQL_CHECK_FILE, tell_damage, error);
}

static void
tell_reference (DeskCheck *self, DeskQuery *query)
{
  g_autofree char *row = NULL;

  /* Some tables have no numbers for their rows. */
  if (!desk_query_is_null (query, 2))
    row = g_strdup_printf (" %" G_GINT64_FORMAT, desk_query_int (query, 2));
  desk_check_tell (self, "Row%s of the table %s refers to a %s that is not there",
                   row != NULL ? row : "", desk_query_text (query, 0), desk_query_text (query, 1));
}

static gboolean
check_references (DeskCheck *self, GError **error)
{
  return tell_rows (self, DESK_SQL_CHECK_REFERENCES, tell_reference, error);
}

/* --- tickets --- */

static void
check_numbering (DeskCheck *self, const char *number, GPtrArray *events)
{
  gint64 public_no = 0;

  if (events->len == 0 || ((DeskEvent *) events->pdata[0])->kind != DESK_KIND_CREATED)
    desk_check_tell (self, "Ticket %s: its first event is not the one that filed it", number);
  for (guint i = 0; i < events->len; i++)
    {
      const DeskEvent *event = events->pdata[i];

      if (event->no != i + 1)
        desk_check_tell (self, "Ticket %s: event %u is missing", number, i + 1);
      if (event->audience == DESK_AUDIENCE_PUBLIC && event->public_no != ++public_no)
        desk_check_tell (self,
                         "Ticket %s: the public number of event %" G_GINT64_FORMAT " is wrong",
                         number, event->no);
      if (event->no != i + 1)
        return;
    }
}

/* The first thing in which two rows differ, counters included; NULL for none. */
static const char *
compare_folds (const DeskFold *row, const DeskFold *again)
{
  const char *field = desk_ticket_compare (row->ticket, again->ticket);

  if (field != NULL)
    return field;
  if (row->last_event != again->last_event)
    return "last_event";
  if (row->public_last_event != again->public_last_event)
    return "public_last_event";
  return row->attachments != again->attachments ? "attachments" : NULL;
}

static gboolean
check_fold (DeskCheck *self, DeskFold *fold, GError **error)
{
  const char *number = fold->ticket->number;
  g_autoptr (DeskFold) again = NULL;
  g_autoptr (GPtrArray) events = NULL;
  gint64 told = fold->attachments;
  const char *field;

  /* A row that says 0 would hide the files of its events. */
  fold->attachments = 1;
  events = desk_fold_read_events (self->db, fold, 0, error);
  fold->attachments = told;
  if (events == NULL)
    return FALSE;
  check_numbering (self, number, events);
  again = desk_fold_again (self->db, fold->ticket->uid, events, error);
  if (again == NULL)
    return FALSE;
  field = compare_folds (fold, again);
  if (field != NULL)
    desk_check_tell (self, "Ticket %s: its row does not say what its events say (%s)", number,
                     field);
  return desk_check_words_expect (self->words, self->db, fold, events, error);
}

/* A replica folds nothing, and says itself what it lacks. The index has the words of the server's
 * row. */
static gboolean
check_copied (DeskCheck *self, DeskFold *fold, GError **error)
{
  g_autoptr (DeskReplicaTicket)
      ticket = desk_replica_find_ticket (&self->replica, fold->ticket->uid, error);
  g_autoptr (GPtrArray) events = NULL;
  gint64 gap;

  if (ticket == NULL ||
      (events = desk_fold_read_events (self->db, ticket->fold, 0, error)) == NULL ||
      !desk_db_get_int (self->db, DESK_SQL_GAP_FIND, &gap, error, "i", fold->id))
    return FALSE;
  if (ticket->server == NULL)
    return TRUE;
  if (gap == 0 && events->len != ticket->server->no)
    desk_check_tell (self, "Ticket %s: events are missing, and nobody looks for them",
                     ticket->server->number);
  desk_ticket_unref (ticket->fold->ticket);
  ticket->fold->ticket = desk_ticket_ref (ticket->server);
  if (!desk_db_get_person_id (self->db, ticket->server->requester, &ticket->fold->requester_id,
                              error))
    return FALSE;
  return ticket->unindexed ||
         desk_check_words_expect (self->words, self->db, ticket->fold, events, error);
}

/* What is wrong with one ticket must not keep us from the others. */
static gboolean
is_damage (const GError *failure)
{
  return failure->domain == DESK_ERROR ||
         g_error_matches (failure, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED);
}

static gboolean
check_ticket (DeskCheck *self, gint64 id, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find_id (self->db, id, &failure);

  if (fold == NULL && failure == NULL)
    desk_check_tell (self, "The ticket in row %" G_GINT64_FORMAT " has no requester", id);
  if (fold == NULL ? failure == NULL
                   : (self->is_replica ? check_copied : check_fold) (self, fold, &failure))
    return TRUE;
  if (!is_damage (failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  desk_check_tell (self, "Ticket %s cannot be read: %s", fold != NULL ? fold->ticket->number : "",
                   failure->message);
  g_error_free (failure);
  return TRUE;
}

static gboolean
check_tickets (DeskCheck *self, GError **error)
{
  g_autoptr (DeskQuery) query = NULL;
  GError *failure = NULL;
  gint64 total, done = 0;

  if (!desk_db_get_int (self->db, DESK_SQL_TICKETS_COUNT, &total, error, ""))
    return FALSE;
  query = desk_db_query (self->db, DESK_SQL_TICKET_IDS, error, "");
  if (query == NULL)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    if (check_ticket (self, desk_query_int (query, 0), &failure))
      desk_check_go_on (self, ++done, total, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* --- counters and order --- */

static void
tell_tally (DeskCheck *self, DeskQuery *query)
{
  const char *department = desk_db_get_entry_slug (self->db, desk_query_int (query, 0));

  desk_check_tell (self,
                   "A counter of the department %s says %" G_GINT64_FORMAT
                   " tickets %s, and there are %" G_GINT64_FORMAT,
                   department != NULL ? department : "?", desk_query_int (query, 2),
                   desk_enum_get_nick (DESK_TYPE_STATUS, desk_query_int (query, 1)),
                   desk_query_int (query, 3));
}

static void
tell_order (DeskCheck *self, DeskQuery *query)
{
  desk_check_tell (self, "Ticket %s has no proper place in the order of lists",
                   desk_query_text (query, 0));
}

static void
tell_erased (DeskCheck *self, DeskQuery *query)
{
  g_autofree char *uid = desk_query_dup_uid (query, 0);

  desk_check_tell (self, "The person %s was erased and has a name again", uid);
}

static void
tell_moved (DeskCheck *self, DeskQuery *query)
{
  desk_check_tell (self, "The move of transaction %" G_GINT64_FORMAT " is of nothing that is there",
                   desk_query_int (query, 0));
}

static gboolean
check_counters (DeskCheck *self, GError **error)
{
  return tell_rows (self, DESK_SQL_CHECK_TALLY, tell_tally, error) &&
         tell_rows (self, DESK_SQL_CHECK_ORDER, tell_order, error) &&
         tell_rows (self, DESK_SQL_CHECK_ERASED, tell_erased, error) &&
         tell_rows (self, DESK_SQL_CHECK_MOVED, tell_moved, error);
}

/* --- the whole --- */

static const struct
{
  gboolean (*run) (DeskCheck *, GError **);
  int to; /* thousandths of the whole that are done then, by a guess */
} parts[] = {
  { check_file, 100 },     { check_references, 150 },  { check_tickets, 500 },
  { check_counters, 510 }, { desk_check_search, 900 }, { desk_check_blobs, 1000 },
};

static gboolean
run_part (DeskCheck *self, guint part, GError **error)
{
  GError *failure = NULL;

  self->from = part > 0 ? parts[part - 1].to : 0;
  self->to = parts[part].to;
  if (parts[part].run (self, &failure))
    return desk_check_go_on (self, 1, 1, error);
  if (g_error_matches (failure, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED))
    {
      desk_check_tell (self, "%s", failure->message);
      g_error_free (failure);
      return TRUE;
    }
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
look_what_it_is (DeskCheck *self, GError **error)
{
  return desk_replica_check (self->db, &self->is_replica, error) &&
         (!self->is_replica || desk_replica_load (&self->replica, self->db, error));
}

static gboolean
run_parts (DeskCheck *self, GError **error)
{
  self->words = desk_check_words_new (self->db, error);
  if (self->words == NULL || !desk_db_begin_read (self->db, error))
    return FALSE;
  if (!look_what_it_is (self, error))
    {
      desk_db_end_read (self->db);
      return FALSE;
    }
  for (guint part = 0; part < G_N_ELEMENTS (parts); part++)
    if (!run_part (self, part, error))
      {
        desk_db_end_read (self->db);
        return FALSE;
      }
  desk_db_end_read (self->db);
  return TRUE;
}

/* SQLite's own look at its search tables counts as writing, and cannot be done in a read
 * transaction. */
static gboolean
check_index (DeskCheck *self, DeskSql sql, GError **error)
{
  GError *failure = NULL;

  if (desk_db_run (self->db, sql, &failure, "") >= 0)
    return TRUE;
  if (g_error_matches (failure, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED))
    desk_check_tell (self, "The search index is damaged; export the desk and import it into a new "
                           "one, or restore a backup");
  else if (!g_error_matches (failure, DESK_STORE_ERROR, DESK_STORE_ERROR_READ_ONLY))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_error_free (failure);
  return TRUE;
}

gint64
desk_check (DeskDb *db,
            DeskCheckFunc report,
            gpointer user_data,
            DeskProgress progress,
            GCancellable *cancellable,
            GError **error)
{
  DeskCheck self = { db, report, user_data, progress, cancellable };
  gboolean done = run_parts (&self, error) &&
                  check_index (&self, DESK_SQL_CHECK_TEXT_PUBLIC, error) &&
                  check_index (&self, DESK_SQL_CHECK_TEXT_INTERNAL, error);

  g_clear_pointer (&self.words, desk_check_words_free);
  desk_replica_clear (&self.replica);
  return done ? self.n_problems : -1;
}
