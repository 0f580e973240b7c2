/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading an export line by line, and handing each line to the part that takes its kind. */
#include "desk-import-private.h"

#include <inttypes.h>

#include "desk-line-reader.h"
#include "desk-text.h"

static void
tell (DeskImport *self, gint64 line, const GError *reason)
{
  if (self->report != NULL)
    self->report (line, reason, self->user_data);
}

void
desk_import_refuse (DeskImport *self, gint64 line, const char *format, ...)
{
  g_autoptr (GError) reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = desk_refusal_new (DESK_ERROR_INVALID, format, arguments);
  va_end (arguments);
  self->result->refused++;
  tell (self, line, reason);
}

void
desk_import_differ (DeskImport *self, gint64 line, const char *format, ...)
{
  g_autoptr (GError) reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = desk_refusal_new (DESK_ERROR_CONFLICT, format, arguments);
  va_end (arguments);
  self->result->differing++;
  tell (self, line, reason);
}

gboolean
desk_import_handle (DeskImport *self, gint64 line, GError *failure, GError **error)
{
  if (failure->domain != DESK_ERROR)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  self->result->refused++;
  tell (self, line, failure);
  g_error_free (failure);
  return TRUE;
}

gboolean
desk_import_is_line (const char *text, gsize max_chars)
{
  g_autofree char *clean = desk_text_clean_line (text, max_chars, "line", NULL);

  return text == NULL || g_strcmp0 (clean, text) == 0;
}

/* --- the first line --- */

static gboolean
fail_no_export (GError **error)
{
  return desk_refuse (error, DESK_ERROR_INVALID,
                      "This is no export of a desk; its first line does not say “%s”",
                      DESK_LINE_FORMAT);
}

static gboolean
check_header (const DeskLine *header, GError **error)
{
  if (header == NULL || header->kind != DESK_LINE_HEADER)
    return fail_no_export (error);
  if (g_str_equal (header->format, DESK_LINE_FORMAT))
    return TRUE;
  if (!g_str_has_prefix (header->format, "deskbell-export/"))
    return fail_no_export (error);
  return desk_refuse (error, DESK_ERROR_INVALID,
                      "This export was written by a newer version of Deskbell; update this one");
}

static gboolean
find_founders (DeskImport *self, GError **error)
{
  g_autoptr (DeskQuery) query = NULL;
  GError *failure = NULL;

  if (!self->is_empty)
    return TRUE;
  query = desk_db_query (self->db, DESK_SQL_EXPORT_PEOPLE, error, "");
  if (query == NULL)
    return FALSE;
  self->founders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  while (desk_query_next (query, &failure))
    g_hash_table_add (self->founders, desk_query_dup_uid (query, 1));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* Into which desk: an empty one, or the very same. */
static gboolean
choose_desk (DeskImport *self, const DeskLine *header, GError **error)
{
  gint64 any;

  if (!desk_db_get_int (self->db, DESK_SQL_TICKET_ANY, &any, error, ""))
    return FALSE;
  self->is_empty = any == 0;
  if (!find_founders (self, error))
    return FALSE;
  if (g_str_equal (header->desk, desk_db_get_uid (self->db)))
    return TRUE;
  if (self->is_empty)
    return desk_db_adopt (self->db, header->desk, error);
  return desk_refuse (error, DESK_ERROR_INVALID,
                      "This is the export of another desk; import it into a new, empty desk");
}

static gboolean
read_header (DeskImport *self, DeskLineReader *reader, GCancellable *cancellable, GError **error)
{
  g_autoptr (DeskLine) header = NULL;
  GError *failure = NULL;
  DeskInputLine line;

  if (desk_line_reader_next (reader, &line, cancellable, &failure) && !line.is_too_long)
    header = desk_line_parse (line.text, line.length, NULL);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return check_header (header, error) && choose_desk (self, header, error);
}

/* --- the other lines --- */

/* What one kind of line leaves unfinished ends with the first line of another. */
static gboolean
end_others (DeskImport *self, DeskLineKind kind, GError **error)
{
  if (kind > DESK_LINE_PERSON && !desk_import_people_end (self, error))
    return FALSE;
  return kind == DESK_LINE_BLOB || desk_import_blob_end (self, error);
}

static gboolean
take_line (DeskImport *self, const DeskLine *line, GError **error)
{
  switch (line->kind)
    {
    case DESK_LINE_ENTRY:
      return desk_import_entry (self, line, error);
    case DESK_LINE_ERASED:
      return desk_import_erased (self, line, error);
    case DESK_LINE_PERSON:
      return desk_import_person (self, line, error);
    case DESK_LINE_AUDIT:
      return desk_import_audit (self, line, error);
    case DESK_LINE_SEQUENCE:
      return desk_import_sequence (self, line, error);
    case DESK_LINE_BLOB:
      return desk_import_blob (self, line, error);
    case DESK_LINE_SEEN:
      return desk_import_seen (self, line, error);
    case DESK_LINE_HEADER:
      desk_import_refuse (self, self->line, "A second export begins here; import it by itself");
      return TRUE;
    case DESK_LINE_EVENT:
    case DESK_LINE_END:
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

/* Events wait for the others of their op. */
static gboolean
take_or_gather (DeskImport *self, DeskLine *line, gsize n_bytes, GError **error)
{
  g_autoptr (DeskLine) owned = line;

  if (line->kind == DESK_LINE_EVENT && desk_import_continues_group (self, line))
    {
      desk_import_add_to_group (self, g_steal_pointer (&owned));
      return TRUE;
    }
  if (!desk_import_group (self, error) || !desk_bulk_next (&self->bulk, n_bytes, error) ||
      !end_others (self, line->kind, error))
    return FALSE;
  if (line->kind != DESK_LINE_EVENT)
    return take_line (self, line, error);
  desk_import_add_to_group (self, g_steal_pointer (&owned));
  return TRUE;
}

static gboolean
check_end (DeskImport *self, const DeskLine *end)
{
  if (end->lines != self->line - 1)
    desk_import_refuse (self, self->line,
                        "There should be %" PRId64 " lines before this one; some were "
                        "lost or added",
                        end->lines);
  return TRUE;
}

/* @ended becomes TRUE with the last line. */
static gboolean
read_line (DeskImport *self, const DeskInputLine *input, gboolean *ended, GError **error)
{
  g_autoptr (DeskLine) line = NULL;
  GError *failure = NULL;

  self->line = input->number;
  if (input->is_too_long)
    {
      desk_import_refuse (self, self->line, "The line is longer than %d MiB",
                          DESK_LINE_MAX_BYTES / 1024 / 1024);
      return TRUE;
    }
  line = desk_line_parse (input->text, input->length, &failure);
  if (line == NULL)
    return desk_import_handle (self, self->line, failure, error);
  if (line->kind == DESK_LINE_END)
    *ended = check_end (self, line);
  return take_or_gather (self, g_steal_pointer (&line), input->length, error);
}

static gboolean
finish (DeskImport *self, gboolean ended, GError **error)
{
  if (!desk_import_group (self, error) || !desk_bulk_next (&self->bulk, 0, error) ||
      !end_others (self, DESK_LINE_END, error) || !desk_bulk_finish (&self->bulk, error))
    return FALSE;
  if (!ended)
    desk_import_refuse (self, self->line + 1,
                        "The file ends too early; import the whole of it to add the rest");
  return TRUE;
}

static gboolean
read_lines (DeskImport *self,
            DeskLineReader *reader,
            gint64 total,
            DeskProgress progress,
            GCancellable *cancellable,
            GError **error)
{
  GError *failure = NULL;
  gboolean ended = FALSE;
  DeskInputLine line;

  while (failure == NULL && desk_line_reader_next (reader, &line, cancellable, &failure))
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, &failure))
        break;
      read_line (self, &line, &ended, &failure);
      if (progress != NULL)
        progress (desk_line_reader_get_done (reader), total, self->user_data);
    }
  if (failure == NULL)
    return finish (self, ended, error);
  g_propagate_error (error, failure);
  return FALSE;
}

/* --- the whole --- */

/* What was copied in of a content that did not come to its end is left to the sweep. */
static void
clear (DeskImport *self)
{
  desk_bulk_abort (&self->bulk);
  g_clear_pointer (&self->founders, g_hash_table_unref);
  g_clear_pointer (&self->checksum, g_checksum_free);
  g_clear_pointer (&self->group, g_ptr_array_unref);
  g_clear_pointer (&self->group_lines, g_array_unref);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->cause, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DeskImport, clear)

gboolean
desk_import (DeskDb *db,
             GInputStream *input,
             gint64 total_bytes,
             gint64 now,
             DeskImportFunc report,
             DeskProgress progress,
             gpointer user_data,
             DeskImportResult *result,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (DeskLineReader) reader = desk_line_reader_new (input, DESK_LINE_MAX_BYTES);
  g_auto (DeskImport) self = { .db = db,
                               .bulk = { .db = db },
                               .now = now,
                               .report = report,
                               .user_data = user_data,
                               .result = result };

  *result = (DeskImportResult){ 0 };
  self.group = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_line_free);
  self.group_lines = g_array_new (FALSE, FALSE, sizeof (gint64));
  return read_header (&self, reader, cancellable, error) &&
         read_lines (&self, reader, total_bytes, progress, cancellable, error);
}
