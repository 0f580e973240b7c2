/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files on their way in: a folder of parts that can be gone on with after a break.
 *
 * An upload is one person's, of a size and SHA-256 that are told first. A part is a file named by
 * all of that, so nothing else has to be remembered; it grows by what arrives, and is gone after a
 * day. When it is whole it goes into the desk, and a mark stays for as long as a blob may wait for
 * its event: only who brought a file may refer to it, or its hash alone would be enough to read
 * what somebody else attached. Fails with DESK_ERROR and G_IO_ERROR. Any thread; one upload belongs
 * to one request at a time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DeskUploads DeskUploads;

typedef struct
{
  char *id;
  char *person; /* uid */
  char *sha256;
  gint64 size_bytes;
  gint64 offset_bytes; /* so much is there */
} DeskUpload;

void desk_upload_free (DeskUpload *self);

/* Makes @folder when there is none. (transfer full) */
DeskUploads *desk_uploads_new (const char *folder, gint64 max_bytes_per_person, GError **error);
void desk_uploads_free (DeskUploads *self);

/* DESK_ERROR_TOO_BIG when the person has too much under way. (transfer full) */
DeskUpload *desk_uploads_begin (
    DeskUploads *self, const char *person, const char *sha256, gint64 size_bytes, GError **error);
/* DESK_ERROR_NO_SUCH when there is none, or somebody else's. (transfer full) */
DeskUpload *
desk_uploads_find (DeskUploads *self, const char *id, const char *person, GError **error);
/* DESK_ERROR_CONFLICT when @offset is not where the part ends, DESK_ERROR_TOO_BIG when more comes
 * than was told. */
gboolean desk_uploads_append (DeskUploads *self,
                              DeskUpload *upload,
                              gint64 offset,
                              gconstpointer data,
                              gsize size,
                              GError **error);
gboolean desk_upload_is_whole (const DeskUpload *self);
/* Where it is. (transfer full) */
char *desk_uploads_get_path (DeskUploads *self, const DeskUpload *upload);
/* The desk has it: the mark takes the part's place. */
gboolean desk_uploads_finish (DeskUploads *self, const DeskUpload *upload, GError **error);
void desk_uploads_drop (DeskUploads *self, const DeskUpload *upload);

/* Whether @person brought it lately. */
gboolean desk_uploads_has_brought (DeskUploads *self, const char *person, const char *sha256);
/* The person brought it another way, as within a ticket. */
gboolean
desk_uploads_note (DeskUploads *self, const char *person, const char *sha256, GError **error);

/* Parts older than a day, marks older than a week. */
void desk_uploads_sweep (DeskUploads *self, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskUpload, desk_upload_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskUploads, desk_uploads_free)

G_END_DECLS
