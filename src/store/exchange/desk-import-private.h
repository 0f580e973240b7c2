/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of an import share.
 *
 * A part takes the lines of some kinds, inside a piece of the bulk. It answers FALSE only when the
 * desk cannot be written any more; a line that it does not take is told and passed over. */
#pragma once

#include "desk-bulk.h"
#include "desk-error.h"
#include "desk-import.h"
#include "desk-line.h"

G_BEGIN_DECLS

typedef struct
{
  DeskDb *db;
  DeskBulk bulk;
  gint64 now;
  DeskImportFunc report;
  gpointer user_data;
  DeskImportResult *result;

  gboolean is_empty; /* the desk had no ticket when the import began */
  gint64 line;       /* number of the present line */

  /* desk-import-people.c: those of an empty desk make room for those of the file */
  GHashTable *founders; /* uids; NULL when they have gone */
  gboolean has_administrator;
  gint64 audit; /* row that the last audit line was found in */

  /* desk-import-blobs.c: the content that is coming in */
  char *sha256; /* NULL: none */
  gint64 size_bytes;
  gint64 done_bytes;
  gint64 n_chunks;
  gint64 blob; /* its row; 0: it is there already */
  GChecksum *checksum;

  /* desk-import-events.c: events of one op */
  GPtrArray *group;    /* of DeskLine */
  GArray *group_lines; /* of gint64: their numbers */
  char *cause;         /* of the group before … */
  gint64 tx;           /* … and where it stands in the order of acceptance; 0: elsewhere */
} DeskImport;

/* Tells of the line @line. */
void desk_import_refuse (DeskImport *self, gint64 line, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void desk_import_differ (DeskImport *self, gint64 line, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* Refuses the line with @failure, a DESK_ERROR, and frees it; hands on what is worse. */
gboolean desk_import_handle (DeskImport *self, gint64 line, GError *failure, GError **error);

/* Whether @text (nullable) is what cleaning a line makes of it. */
gboolean desk_import_is_line (const char *text, gsize max_chars);

gboolean desk_import_entry (DeskImport *self, const DeskLine *line, GError **error);
gboolean desk_import_erased (DeskImport *self, const DeskLine *line, GError **error);
gboolean desk_import_person (DeskImport *self, const DeskLine *line, GError **error);
/* After the last person. */
gboolean desk_import_people_end (DeskImport *self, GError **error);
gboolean desk_import_audit (DeskImport *self, const DeskLine *line, GError **error);
gboolean desk_import_sequence (DeskImport *self, const DeskLine *line, GError **error);

gboolean desk_import_blob (DeskImport *self, const DeskLine *line, GError **error);
/* After the last chunk of a content: drops one that is not whole. */
gboolean desk_import_blob_end (DeskImport *self, GError **error);

/* Whether @line goes on with the op of the group. */
gboolean desk_import_continues_group (DeskImport *self, const DeskLine *line);
/* Takes @line. */
void desk_import_add_to_group (DeskImport *self, DeskLine *line);
/* Stores the group. */
gboolean desk_import_group (DeskImport *self, GError **error);
gboolean desk_import_seen (DeskImport *self, const DeskLine *line, GError **error);

G_END_DECLS
