/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small pictures of big ones, for previews, and big ones as PNG.
 *
 * One thread of its own decodes one picture after the other, so that a hundred attachments never
 * stand in memory together. PNG, JPEG, GIF and WebP (where the system reads it) of at most 50
 * megapixels and 64 MiB; anything else fails with G_IO_ERROR_NOT_SUPPORTED or
 * G_IO_ERROR_INVALID_DATA. Callbacks run where the call was made. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define DESK_PICTURE_MAX_PIXELS (50 * 1000 * 1000)
#define DESK_PICTURE_MAX_BYTES (64 * 1024 * 1024)

/* Whether a file of this content type is worth a try. @type nullable. */
gboolean desk_picture_is_type (const char *type);

/* The middle of the picture, scaled to cover @width × @height pixels; smaller ones keep their size.
 * @file is a regular file. */
void desk_picture_load_file_async (GFile *file,
                                   int width,
                                   int height,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void desk_picture_load_bytes_async (GBytes *bytes,
                                    int width,
                                    int height,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
/* (transfer full) */
GdkTexture *desk_picture_load_finish (GAsyncResult *result, GError **error);

/* The whole picture as PNG. */
void desk_picture_encode_async (GdkTexture *texture,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/* (transfer full) */
GBytes *desk_picture_encode_finish (GAsyncResult *result, GError **error);

G_END_DECLS
