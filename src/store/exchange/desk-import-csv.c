/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of a table as ops. */
#include "desk-import-csv.h"

#include <string.h>

#include "desk-bulk.h"
#include "desk-csv-map.h"
#include "desk-csv-people.h"
#include "desk-csv-words.h"
#include "desk-csv.h"
#include "desk-fold.h"
#include "desk-json.h"
#include "desk-people.h"
#include "desk-submit.h"
#include "desk-uid.h"

/* How much of an op's digest the desk keeps, in hex digits. */
#define DIGEST_DIGITS 32

/* What a move is based on: the event that filed the ticket, which everybody sees. */
#define FILED 1

/* What the requester reads where the table has no words of its own. */
#define WAITING_TEXT  "Imported as waiting"
#define RESOLVED_TEXT "Imported as resolved"
#define CLOSED_TEXT   "Imported as closed"

typedef struct
{
  DeskDb *db;
  DeskBulk bulk;
  const DeskPerson *author;
  gint64 now;
  DeskImportFunc report;
  gpointer user_data;
  DeskImportResult *result;
  const char *key_name;
  char *source;
  DeskCsvMap map;
  guint n_columns;
  GHashTable *seen; /* half the hash of a row → how often it has come */
} Import;

/* One row on its way; the texts are lent by it. */
typedef struct
{
  const DeskCsvRow *row;
  char *name; /* what its uids are made of */
  DeskOp *filing;
  DeskPerson *requester; /* NULL: whoever imports */
  gboolean is_new;       /* the requester is not kept yet */
  DeskStatus status;
  gint64 closed_at;
} Ticket;

static void
clear_ticket (Ticket *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->filing, desk_op_unref);
  g_clear_pointer (&self->requester, desk_person_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ticket, clear_ticket)

static const char *
get (Import *self, const DeskCsvRow *row, DeskCsvField field)
{
  return desk_csv_row_get (row, self->map.columns[field]);
}

static void
tell (Import *self, const DeskCsvRow *row, gint64 *count, const GError *reason)
{
  ++*count;
  if (self->report != NULL)
    self->report (row->line, reason, self->user_data);
}

/* --- names --- */

static guint
count_equal (Import *self, const char *hash)
{
  g_autofree char *half = g_strndup (hash, 16);
  gpointer key = GSIZE_TO_POINTER (g_ascii_strtoull (half, NULL, 16));
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->seen, key)) + 1;

  g_hash_table_insert (self->seen, key, GUINT_TO_POINTER (n));
  return n;
}

/* Each cell behind its length: no two rows have the same bytes. (transfer full) */
static char *
hash_row (const DeskCsvRow *row)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < row->cells->len; i++)
    {
      const char *cell = row->cells->pdata[i];
      g_autofree char *part = g_strdup_printf ("%" G_GSIZE_FORMAT ":%s;", strlen (cell), cell);

      g_checksum_update (checksum, (const guchar *) part, -1);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/* NULL with @error for a row without its key. (transfer full) */
static char *
name_row (Import *self, const DeskCsvRow *row, GError **error)
{
  const char *key = desk_csv_row_get (row, self->map.key);
  g_autofree char *hash = NULL;

  if (self->map.key < 0)
    {
      hash = hash_row (row);
      return g_strdup_printf ("row:%s:%u", hash, count_equal (self, hash));
    }
  if (*key != '\0')
    return g_strconcat ("key:", key, NULL);
  desk_refuse (error, DESK_ERROR_MISSING, "The row has no “%s”", self->key_name);
  return NULL;
}

/* The uid of @what of the row: its ticket, or one of its ops. (transfer full) */
static char *
make_uid (Import *self, const Ticket *ticket, const char *what)
{
  g_autofree char *key = g_strconcat (what, ":", ticket->name, NULL);

  return desk_uid_from_name (self->source, key);
}

static DeskOp *
new_op (Import *self, const Ticket *ticket, const char *what, DeskKind kind)
{
  g_autofree char *uid = make_uid (self, ticket, what);
  g_autofree char *ticket_uid = make_uid (self, ticket, "ticket");
  DeskOp *op = desk_op_new (uid, ticket_uid, kind, self->author->uid);

  op->via = DESK_VIA_IMPORT;
  return op;
}

/* --- reading a row --- */

static const struct
{
  DeskCsvField column;
  DeskField field;
  DeskEntryKind kind;
} entries[] = {
  { DESK_CSV_TOPIC, DESK_FIELD_TOPIC, DESK_ENTRY_TOPIC },
  { DESK_CSV_DEPARTMENT, DESK_FIELD_DEPARTMENT, DESK_ENTRY_DEPARTMENT },
  { DESK_CSV_TEAM, DESK_FIELD_TEAM, DESK_ENTRY_TEAM },
  { DESK_CSV_SLA, DESK_FIELD_SLA, DESK_ENTRY_SLA },
};

static gboolean
fail_no_such (GError **error, const char *what, const char *word)
{
  return desk_refuse (error, DESK_ERROR_NO_SUCH,
                      "There is no %s “%s”; add it first, or leave the column out (--map “%s=”)",
                      what, word, what);
}

static gboolean
read_entries (Import *self, Ticket *ticket, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      const char *word = get (self, ticket->row, entries[i].column);
      const char *slug = *word != '\0' ? desk_csv_find_slug (catalogue, entries[i].kind, word) : "";

      if (slug == NULL)
        return fail_no_such (error, desk_field_get_name (entries[i].field), word);
      if (*slug != '\0')
        desk_op_change (ticket->filing, entries[i].field, slug);
    }
  return TRUE;
}

static gboolean
read_assignee (Import *self, Ticket *ticket, GError **error)
{
  const char *word = get (self, ticket->row, DESK_CSV_ASSIGNEE);
  const DeskPerson *agent;

  if (*word == '\0')
    return TRUE;
  agent = desk_csv_people_find_agent (desk_db_get_catalogue (self->db, NULL), word);
  if (agent == NULL)
    return fail_no_such (error, "assignee", word);
  desk_op_change (ticket->filing, DESK_FIELD_ASSIGNEE, agent->uid);
  return TRUE;
}

static gboolean
read_priority (Import *self, Ticket *ticket, GError **error)
{
  const char *word = get (self, ticket->row, DESK_CSV_PRIORITY);
  DeskPriority priority = DESK_PRIORITY_NORMAL;

  if (!desk_csv_parse_priority (word, &priority, error))
    return FALSE;
  if (*word != '\0')
    desk_op_change (ticket->filing, DESK_FIELD_PRIORITY,
                    desk_enum_get_nick (DESK_TYPE_PRIORITY, (int) priority));
  return TRUE;
}

static gboolean
read_requester (Import *self, Ticket *ticket, GError **error)
{
  const char *who = get (self, ticket->row, DESK_CSV_REQUESTER);
  const char *name = get (self, ticket->row, DESK_CSV_NAME);
  const char *email = get (self, ticket->row, DESK_CSV_EMAIL);

  if (*who == '\0' && *name == '\0' && *email == '\0')
    return TRUE;
  ticket->requester = desk_csv_people_find (self->db, self->source, who, name, email,
                                            &ticket->is_new, error);
  if (ticket->requester == NULL)
    return FALSE;
  desk_op_change (ticket->filing, DESK_FIELD_REQUESTER, ticket->requester->uid);
  return TRUE;
}

static gboolean
read_times (Import *self, Ticket *ticket, GError **error)
{
  return desk_csv_parse_time (get (self, ticket->row, DESK_CSV_CREATED), &ticket->filing->at,
                              error) &&
         desk_csv_parse_time (get (self, ticket->row, DESK_CSV_CLOSED), &ticket->closed_at, error);
}

static gboolean
check_row (Import *self, const DeskCsvRow *row, GError **error)
{
  if (row->refusal == NULL && row->cells->len <= self->n_columns)
    return TRUE;
  if (row->refusal != NULL)
    return desk_refuse (error, DESK_ERROR_NOT_TEXT, "%s", row->refusal);
  return desk_refuse (error, DESK_ERROR_INVALID, "The row has %u cells, and the first row %u",
                      row->cells->len, self->n_columns);
}

static gboolean
read_row (Import *self, Ticket *ticket, GError **error)
{
  if (!check_row (self, ticket->row, error))
    return FALSE;
  ticket->name = name_row (self, ticket->row, error);
  if (ticket->name == NULL)
    return FALSE;
  ticket->filing = new_op (self, ticket, "created", DESK_KIND_CREATED);
  desk_op_set_text (ticket->filing, get (self, ticket->row, DESK_CSV_DETAILS));
  desk_op_change (ticket->filing, DESK_FIELD_SUMMARY, get (self, ticket->row, DESK_CSV_SUMMARY));
  return desk_csv_parse_status (get (self, ticket->row, DESK_CSV_STATUS), &ticket->status, error) &&
         read_times (self, ticket, error) && read_entries (self, ticket, error) &&
         read_assignee (self, ticket, error) && read_priority (self, ticket, error) &&
         read_requester (self, ticket, error);
}

/* --- filing --- */

/* A refusal is not kept: mended, the row may come again. */
static DeskReceipt *
submit (Import *self, const DeskOp *op, GError **error)
{
  GError *failure = NULL;
  DeskReceipt *receipt = desk_submit_in (self->db, op, self->author, self->now, &failure);

  if (failure == NULL)
    return receipt;
  if (failure->domain == DESK_ERROR &&
      desk_db_run (self->db, DESK_SQL_RECEIPT_DELETE, NULL, "u", op->uid) < 0)
    g_debug ("the refusal of %s stays", op->uid);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
keep_requester (Import *self, Ticket *ticket, GError **error)
{
  return !ticket->is_new || desk_people_insert (self->db, ticket->requester, error);
}

/* Nobody becomes somebody by a row that is refused. */
static gboolean
drop_requester (Import *self, Ticket *ticket, GError **error)
{
  return !ticket->is_new || desk_people_drop (self->db, ticket->requester->uid, error);
}

static gboolean
file_ticket (Import *self, Ticket *ticket, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskReceipt) receipt = NULL;

  if (!keep_requester (self, ticket, error))
    return FALSE;
  receipt = submit (self, ticket->filing, &failure);
  if (receipt != NULL)
    return TRUE;
  if (failure->domain == DESK_ERROR && !drop_requester (self, ticket, error))
    g_error_free (failure);
  else
    g_propagate_error (error, failure);
  return FALSE;
}

/* --- states --- */

static const char *
get_or (const char *text, const char *otherwise)
{
  return *text != '\0' ? text : otherwise;
}

/* The ops that bring the ticket into the row's state, in order. (element-type DeskOp) */
static GPtrArray *
make_moves (Import *self, Ticket *ticket)
{
  GPtrArray *moves = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);
  const char *resolution = get (self, ticket->row, DESK_CSV_RESOLUTION);
  gboolean is_closed = ticket->status == DESK_STATUS_CLOSED;
  DeskOp *op;

  if (ticket->status == DESK_STATUS_WAITING)
    {
      op = new_op (self, ticket, "waiting", DESK_KIND_CHANGE);
      desk_op_change (op, DESK_FIELD_STATUS, "waiting");
      desk_op_set_text (op, WAITING_TEXT);
      g_ptr_array_add (moves, op);
    }
  if (ticket->status == DESK_STATUS_RESOLVED || is_closed)
    {
      op = new_op (self, ticket, "resolved", DESK_KIND_CHANGE);
      desk_op_change (op, DESK_FIELD_STATUS, "resolved");
      desk_op_change (op, DESK_FIELD_RESOLUTION,
                      get_or (resolution, is_closed ? CLOSED_TEXT : RESOLVED_TEXT));
      g_ptr_array_add (moves, op);
    }
  if (is_closed)
    {
      op = new_op (self, ticket, "closed", DESK_KIND_CHANGE);
      desk_op_change (op, DESK_FIELD_STATUS, "closed");
      desk_op_set_text (op, CLOSED_TEXT);
      g_ptr_array_add (moves, op);
    }
  for (guint i = 0; i < moves->len; i++)
    {
      op = moves->pdata[i];
      op->at = ticket->closed_at > 0 ? ticket->closed_at : ticket->filing->at;
      op->base = FILED;
    }
  return moves;
}

/* The ticket is there; a state that cannot be reached is told. */
static gboolean
move (Import *self, Ticket *ticket, GError **error)
{
  g_autoptr (GPtrArray) moves = make_moves (self, ticket);

  for (guint i = 0; i < moves->len; i++)
    {
      GError *failure = NULL;
      g_autoptr (DeskReceipt) receipt = submit (self, moves->pdata[i], &failure);

      if (receipt != NULL)
        continue;
      if (failure->domain != DESK_ERROR)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      g_prefix_error (&failure, "%s",
                      DESK_N_ ("The ticket was filed, but did not get its status: "));
      tell (self, ticket->row, &self->result->differing, failure);
      g_error_free (failure);
      return TRUE;
    }
  return TRUE;
}

/* --- the same row again --- */

/* Whether the event @uid came from this op, whoever it was made by. */
static gboolean
is_same_op (Import *self, const DeskOp *op, const DeskEvent *event, gboolean *same, GError **error)
{
  g_autoptr (DeskOp) as_then = desk_op_new (op->uid, op->ticket, op->kind, event->author);
  g_autoptr (GBytes) stored = NULL;
  g_autoptr (GBytes) wanted = NULL;
  g_autofree char *digest = NULL;
  gint64 id, ticket;

  as_then->text = g_strdup (op->text);
  as_then->via = op->via;
  as_then->base = op->base;
  as_then->at = op->at;
  for (guint i = 0; i < op->changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (op->changes, i);

      desk_op_change (as_then, change->field, change->to);
    }
  digest = desk_op_digest (as_then);
  digest[DIGEST_DIGITS] = '\0';
  wanted = desk_bytes_from_hex (digest);
  if (!desk_fold_find_event (self->db, event->uid, &id, &ticket, &stored, error))
    return FALSE;
  *same = stored != NULL && g_bytes_equal (stored, wanted);
  return TRUE;
}

static const DeskEvent *
find_event (GPtrArray *events, const char *uid)
{
  for (guint i = 0; i < events->len; i++)
    if (g_str_equal (((DeskEvent *) events->pdata[i])->uid, uid))
      return events->pdata[i];
  return NULL;
}

static gboolean
are_moves_same (Import *self, Ticket *ticket, GPtrArray *events, gboolean *same, GError **error)
{
  g_autoptr (GPtrArray) moves = make_moves (self, ticket);

  for (guint i = 0; i < moves->len && *same; i++)
    {
      const DeskOp *op = moves->pdata[i];
      const DeskEvent *event = find_event (events, op->uid);

      if (event == NULL)
        *same = FALSE;
      else if (!is_same_op (self, op, event, same, error))
        return FALSE;
    }
  return TRUE;
}

/* The ticket of the row is in the desk: it is left as it is. */
static gboolean
compare (Import *self, Ticket *ticket, DeskFold *fold, GError **error)
{
  g_autoptr (GPtrArray) events = desk_fold_read_events (self->db, fold, 0, error);
  const DeskEvent *filed;
  gboolean same = FALSE;
  g_autoptr (GError) reason = NULL;

  if (events == NULL)
    return FALSE;
  filed = find_event (events, ticket->filing->uid);
  if (filed != NULL && !is_same_op (self, ticket->filing, filed, &same, error))
    return FALSE;
  if (!are_moves_same (self, ticket, events, &same, error))
    return FALSE;
  if (same)
    {
      self->result->same++;
      return TRUE;
    }
  desk_refuse (&reason, DESK_ERROR_CONFLICT,
               "The row was imported before as ticket %s with another content, which stays",
               fold->ticket->number);
  tell (self, ticket->row, &self->result->differing, reason);
  return TRUE;
}

/* --- the whole --- */

static gboolean
take_ticket (Import *self, Ticket *ticket, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find (self->db, ticket->filing->ticket, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (fold != NULL)
    return compare (self, ticket, fold, error);
  if (!file_ticket (self, ticket, error))
    return FALSE;
  self->result->added++;
  return move (self, ticket, error);
}

static gboolean
take_row (Import *self, const DeskCsvRow *row, GError **error)
{
  g_auto (Ticket) ticket = { .row = row };
  GError *failure = NULL;
  gsize n_bytes = strlen (get (self, row, DESK_CSV_DETAILS));

  if (!desk_bulk_next (&self->bulk, n_bytes, error))
    return FALSE;
  if (read_row (self, &ticket, &failure) && take_ticket (self, &ticket, &failure))
    return TRUE;
  if (failure->domain != DESK_ERROR)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  tell (self, row, &self->result->refused, failure);
  g_error_free (failure);
  return TRUE;
}

static gboolean
read_header (Import *self,
             DeskCsvReader *reader,
             const DeskCsvOptions *options,
             GCancellable *cancellable,
             GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskCsvRow) header = desk_csv_reader_next (reader, cancellable, &failure);

  if (failure == NULL && header == NULL)
    desk_refuse (&failure, DESK_ERROR_MISSING, "The file is empty");
  if (failure == NULL && header->refusal != NULL)
    desk_refuse (&failure, DESK_ERROR_NOT_TEXT, "%s", header->refusal);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  self->n_columns = header->cells->len;
  return desk_csv_map_make (&self->map, header->cells, options->map, options->key, error);
}

static gboolean
read_rows (Import *self,
           DeskCsvReader *reader,
           gint64 total,
           DeskProgress progress,
           GCancellable *cancellable,
           GError **error)
{
  GError *failure = NULL;

  while (failure == NULL && !g_cancellable_set_error_if_cancelled (cancellable, &failure))
    {
      g_autoptr (DeskCsvRow) row = desk_csv_reader_next (reader, cancellable, &failure);

      if (row == NULL)
        break;
      take_row (self, row, &failure);
      if (progress != NULL)
        progress (desk_csv_reader_get_done (reader), total, self->user_data);
    }
  if (failure == NULL)
    return desk_bulk_finish (&self->bulk, error);
  desk_bulk_abort (&self->bulk);
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
check_author (const DeskPerson *author, GError **error)
{
  if (author->role >= DESK_ROLE_AGENT && !author->removed)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_NOT_ALLOWED, "Only agents import tickets");
}

gboolean
desk_import_csv (DeskDb *db,
                 GInputStream *input,
                 gint64 total_bytes,
                 const DeskCsvOptions *options,
                 const DeskPerson *author,
                 gint64 now,
                 DeskImportFunc report,
                 DeskProgress progress,
                 gpointer user_data,
                 DeskImportResult *result,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (DeskCsvReader) reader = desk_csv_reader_new (input);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autofree char *source = g_strconcat ("csv:", options->source, NULL);
  Import self = { .db = db,
                  .bulk = { .db = db },
                  .author = author,
                  .now = now,
                  .report = report,
                  .user_data = user_data,
                  .result = result,
                  .key_name = options->key,
                  .source = source,
                  .seen = seen };

  *result = (DeskImportResult){ 0 };
  return check_author (author, error) && read_header (&self, reader, options, cancellable, error) &&
         read_rows (&self, reader, total_bytes, progress, cancellable, error);
}
