/* SPDX-License-Identifier: GPL-3.0-or-later
 * Contents of attachments: by SHA-256, in chunks of 256 KiB, inside the desk file.
 *
 * A blob goes in before the event that refers to it, at most 4 MiB per transaction, so that nobody
 * waits for it; blobs that nothing refers to are swept after 7 days. Memory use does not grow with
 * the file. Functions over a connection outside a transaction. */
#pragma once

#include "desk-db.h"
#include "desk-event.h"
#include "desk-progress.h"

G_BEGIN_DECLS

#define DESK_BLOB_CHUNK_BYTES (256 * 1024)

/* Takes a regular file in: DESK_ERROR_TOO_BIG before anything is copied, DESK_ERROR_INVALID for
 * what is not a regular file (a folder, a FIFO, a device), G_IO_ERROR for what cannot be read.
 * @name NULL: the file's own. @progress (nullable), here and below, counts bytes. (transfer full)
 */
DeskAttachment *desk_blobs_add_file (DeskDb *db,
                                     const char *path,
                                     const char *name,
                                     DeskProgress progress,
                                     gpointer user_data,
                                     GCancellable *cancellable,
                                     GError **error);
/* The same of a file that an event has already: the limit was that of its time. */
DeskAttachment *desk_blobs_add_known_file (
    DeskDb *db, const char *path, const char *name, GCancellable *cancellable, GError **error);
/* The same from memory. */
DeskAttachment *desk_blobs_add_bytes (
    DeskDb *db, GBytes *bytes, const char *name, const char *type, GError **error);

/* Writes the content of @sha256 and checks it: DESK_STORE_ERROR_DAMAGED when it does not add up,
 * G_IO_ERROR_NOT_FOUND when a replica has not got it yet.
 * @ticket_ref and @reader: blobs are read through a ticket that the reader may see, else
 * DESK_ERROR_NO_SUCH. */
gboolean desk_blobs_write (DeskDb *db,
                           const DeskPerson *reader,
                           const char *ticket_ref,
                           const char *sha256,
                           GOutputStream *output,
                           DeskProgress progress,
                           gpointer user_data,
                           GCancellable *cancellable,
                           GError **error);

/* The same of an op that waits to be sent from here: nobody is asked whether they may see it. */
gboolean desk_blobs_write_own (DeskDb *db,
                               const char *sha256,
                               GOutputStream *output,
                               GCancellable *cancellable,
                               GError **error);

/* Whether a content is in the desk. FALSE with @error when that cannot be found out. */
gboolean desk_blobs_find (DeskDb *db, const char *sha256, gboolean *found, GError **error);

/* Deletes what nothing has referred to for 7 days. Returns the number, -1 on error. */
gint64 desk_blobs_sweep (DeskDb *db, gint64 now, GError **error);

G_END_DECLS
