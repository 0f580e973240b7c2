/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing a desk line by line. */
#include "desk-export.h"

#include "desk-blobs.h"
#include "desk-fold.h"
#include "desk-line.h"
#include "desk-new-file.h"

typedef struct
{
  DeskDb *db;
  GOutputStream *output;
  DeskProgress progress;
  gpointer user_data;
  GCancellable *cancellable;
  gint64 done;
  gint64 total;
  gint64 n_lines;
} Export;

/* Takes @line. */
static gboolean
write_line (Export *self, DeskLine *line, GError **error)
{
  g_autoptr (DeskLine) owned = line;
  g_autofree char *text = desk_line_to_string (line);

  self->n_lines++;
  return g_output_stream_printf (self->output, NULL, self->cancellable, error, "%s\n", text);
}

static gboolean
write_counted (Export *self, DeskLine *line, GError **error)
{
  if (!write_line (self, line, error))
    return FALSE;
  self->done++;
  if (self->progress != NULL)
    self->progress (MIN (self->done, self->total), self->total, self->user_data);
  return TRUE;
}

/* Runs @sql, without parameters, and hands each row to @write. */
static gboolean
write_rows (Export *self,
            DeskSql sql,
            gboolean (*write) (Export *, DeskQuery *, GError **),
            GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->db, sql, error, "");
  GError *failure = NULL;

  if (query == NULL)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    write (self, query, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* --- catalogue and people --- */

static gboolean
write_header (Export *self, GError **error)
{
  DeskLine *line = desk_line_new (DESK_LINE_HEADER);

  line->format = g_strdup (DESK_LINE_FORMAT);
  line->desk = g_strdup (desk_db_get_uid (self->db));
  return write_line (self, line, error);
}

static int
compare_slugs (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(DeskEntry *const *) a)->slug, (*(DeskEntry *const *) b)->slug);
}

static gboolean
write_entries_of (Export *self, DeskEntryKind kind, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, error);
  g_autoptr (GPtrArray) entries = NULL;

  if (catalogue == NULL)
    return FALSE;
  entries = g_ptr_array_copy (desk_catalogue_get_entries (catalogue, kind), NULL, NULL);
  g_ptr_array_set_free_func (entries, NULL);
  g_ptr_array_sort (entries, compare_slugs);
  for (guint i = 0; i < entries->len; i++)
    {
      DeskLine *line = desk_line_new (DESK_LINE_ENTRY);

      line->entry = desk_entry_ref (entries->pdata[i]);
      if (!write_line (self, line, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_entries (Export *self, GError **error)
{
  for (guint kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    if (!write_entries_of (self, (DeskEntryKind) kind, error))
      return FALSE;
  return TRUE;
}

static gboolean
write_erased (Export *self, DeskQuery *query, GError **error)
{
  DeskLine *line = desk_line_new (DESK_LINE_ERASED);

  line->uid = desk_query_dup_uid (query, 0);
  line->at = desk_query_int (query, 1);
  return write_line (self, line, error);
}

static gboolean
write_person (Export *self, DeskQuery *query, GError **error)
{
  DeskPerson *person = desk_person_read (self->db, query, error);
  DeskLine *line;

  if (person == NULL)
    return FALSE;
  line = desk_line_new (DESK_LINE_PERSON);
  line->person = person;
  return write_line (self, line, error);
}

static gboolean
write_audit (Export *self, DeskQuery *query, GError **error)
{
  DeskLine *line = desk_line_new (DESK_LINE_AUDIT);

  line->at = desk_query_int (query, 0);
  line->author = desk_query_dup_uid (query, 1);
  line->subject = desk_query_dup_text (query, 2);
  line->revision = desk_query_int (query, 3);
  line->content = desk_query_dup_text (query, 4);
  return write_line (self, line, error);
}

static gboolean
write_sequence (Export *self, DeskQuery *query, GError **error)
{
  DeskLine *line = desk_line_new (DESK_LINE_SEQUENCE);

  line->name = desk_query_dup_text (query, 0);
  line->last = desk_query_int (query, 1);
  return write_line (self, line, error);
}

/* --- contents --- */

static gboolean
write_chunk (
    Export *self, const char *sha256, gint64 size, gint64 position, GBytes *data, GError **error)
{
  DeskLine *line = desk_line_new (DESK_LINE_BLOB);

  line->sha256 = g_strdup (sha256);
  line->size_bytes = size;
  line->position = position;
  line->data = data;
  return write_counted (self, line, error);
}

static gboolean
write_blob (Export *self, DeskQuery *blob, GError **error)
{
  g_autofree char *sha256 = desk_query_dup_hex (blob, 1);
  gint64 size = desk_query_int (blob, 2);
  gint64 position = 0;
  GError *failure = NULL;
  g_autoptr (DeskQuery)
      query = desk_db_query (self->db, DESK_SQL_CHUNKS, error, "i", desk_query_int (blob, 0));

  if (query == NULL)
    return FALSE;
  while (failure == NULL && desk_query_next (query, &failure))
    {
      gsize length;
      gconstpointer data = desk_query_blob (query, 0, &length);

      write_chunk (self, sha256, size, position++, g_bytes_new (data, length), &failure);
    }
  /* An empty file has no chunk, but it has a line. */
  if (failure == NULL && position == 0)
    write_chunk (self, sha256, size, 0, g_bytes_new (NULL, 0), &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* --- tickets --- */

static gboolean
write_event (Export *self, DeskQuery *query, GError **error)
{
  g_autofree char *digest = NULL;
  DeskEvent *event = desk_fold_read_event (self->db, query, &digest, error);
  DeskLine *line;

  if (event == NULL)
    return FALSE;
  line = desk_line_new (DESK_LINE_EVENT);
  line->event = event;
  line->digest = g_steal_pointer (&digest);
  return write_counted (self, line, error);
}

static gboolean
write_seen (Export *self, DeskQuery *query, GError **error)
{
  DeskLine *line = desk_line_new (DESK_LINE_SEEN);

  line->ticket = desk_query_dup_uid (query, 0);
  line->uid = desk_query_dup_uid (query, 1);
  line->no = desk_query_int (query, 2);
  return write_line (self, line, error);
}

static gboolean
write_end (Export *self, GError **error)
{
  DeskLine *line = desk_line_new (DESK_LINE_END);

  line->lines = self->n_lines;
  return write_line (self, line, error);
}

/* What another line refers to comes before it. */
static gboolean
write_everything (Export *self, GError **error)
{
  return desk_db_get_int (self->db, DESK_SQL_EXPORT_TOTAL, &self->total, error, "") &&
         write_header (self, error) && write_entries (self, error) &&
         write_rows (self, DESK_SQL_ERASED, write_erased, error) &&
         write_rows (self, DESK_SQL_EXPORT_PEOPLE, write_person, error) &&
         write_rows (self, DESK_SQL_EXPORT_AUDIT, write_audit, error) &&
         write_rows (self, DESK_SQL_EXPORT_SEQUENCES, write_sequence, error) &&
         write_rows (self, DESK_SQL_EXPORT_BLOBS, write_blob, error) &&
         write_rows (self, DESK_SQL_EXPORT_EVENTS, write_event, error) &&
         write_rows (self, DESK_SQL_EXPORT_SEEN, write_seen, error) && write_end (self, error);
}

gboolean
desk_export (DeskDb *db,
             GOutputStream *output,
             DeskProgress progress,
             gpointer user_data,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GOutputStream) buffered = g_buffered_output_stream_new (output);
  Export self = { db, buffered, progress, user_data, cancellable };
  gboolean done;

  g_filter_output_stream_set_close_base_stream (G_FILTER_OUTPUT_STREAM (buffered), FALSE);
  if (!desk_db_begin_read (db, error))
    return FALSE;
  done = write_everything (&self, error);
  desk_db_end_read (db);
  return done && g_output_stream_flush (buffered, cancellable, error);
}

static gboolean
write_file (DeskDb *db,
            const char *path,
            DeskProgress progress,
            gpointer user_data,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream)
      stream = g_file_create (file, G_FILE_CREATE_PRIVATE, cancellable, error);

  return stream != NULL &&
         desk_export (db, G_OUTPUT_STREAM (stream), progress, user_data, cancellable, error) &&
         g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error);
}

gboolean
desk_export_to_file (DeskDb *db,
                     const char *path,
                     DeskProgress progress,
                     gpointer user_data,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autofree char *unfinished = desk_new_file_start (path, error);
  gboolean done;

  if (unfinished == NULL)
    return FALSE;
  done = write_file (db, unfinished, progress, user_data, cancellable, error) &&
         desk_new_file_finish (unfinished, path, error);
  desk_new_file_drop (unfinished);
  return done;
}
