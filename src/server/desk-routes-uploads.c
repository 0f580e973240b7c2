/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files on their way in: announced with size and SHA-256, sent in pieces, gone on with after a
 * break. */
#include <microhttpd.h>

#include "desk-accept.h"
#include "desk-api.h"
#include "desk-blobs.h"
#include "desk-server-private.h"

/* What a client is told to send at once; a route's limit is above it. */
#define CHUNK_BYTES (4 * 1024 * 1024)

static void
add_offset (DeskRequest *request, const DeskUpload *upload)
{
  g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, upload->offset_bytes);
  g_autofree char *length = g_strdup_printf ("%" G_GINT64_FORMAT, upload->size_bytes);

  desk_request_add_header (request, "Upload-Offset", offset);
  desk_request_add_header (request, "Upload-Length", length);
  desk_request_add_header (request, "Cache-Control", "no-store");
}

/* --- announcing --- */

static gboolean
check_size (DeskServer *server, gint64 size_bytes, GError **error)
{
  DeskDb *db = desk_server_get_db (server, error);
  DeskCatalogue *catalogue = db != NULL ? desk_db_get_catalogue (db, error) : NULL;

  return catalogue != NULL && desk_attachment_check_size (size_bytes, catalogue, error);
}

static DeskUpload *
begin_upload (DeskRequest *request, GError **error)
{
  DeskServer *server = desk_visit_get_server (request);
  g_autoptr (JsonNode) node = desk_visit_get_json (request, error);
  g_autofree char *sha256 = NULL;
  gint64 size_bytes;

  if (node == NULL || !desk_upload_request_from_json (node, &sha256, &size_bytes, error) ||
      !check_size (server, size_bytes, error))
    return NULL;
  return desk_uploads_begin (server->uploads, desk_visit_get (request)->person->uid, sha256,
                             size_bytes, error);
}

void
desk_handle_upload_begin (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  GError *error = NULL;
  g_autoptr (DeskUpload) upload = begin_upload (request, &error);
  g_autofree char *location = NULL;

  if (upload == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  location = g_strconcat (server->base_path, "/v1/uploads/", upload->id, NULL);
  desk_visit_answer_json (request, MHD_HTTP_CREATED,
                          desk_upload_to_json (upload->id, upload->offset_bytes, CHUNK_BYTES));
  desk_request_add_header (request, MHD_HTTP_HEADER_LOCATION, location);
}

/* --- how far it is --- */

static DeskUpload *
find_upload (DeskRequest *request, GError **error)
{
  DeskVisit *visit = desk_visit_get (request);

  return desk_uploads_find (desk_visit_get_server (request)->uploads, visit->parameters[0],
                            visit->person->uid, error);
}

void
desk_handle_upload_look (DeskRequest *request)
{
  GError *error = NULL;
  g_autoptr (DeskUpload) upload = find_upload (request, &error);

  if (upload == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  desk_visit_answer_nothing (request);
  add_offset (request, upload);
}

void
desk_handle_upload_drop (DeskRequest *request)
{
  GError *error = NULL;
  g_autoptr (DeskUpload) upload = find_upload (request, &error);

  if (upload == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  desk_uploads_drop (desk_visit_get_server (request)->uploads, upload);
  desk_visit_answer_nothing (request);
}

/* --- a piece --- */

static char *
digest_file (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (GBytes) bytes = file != NULL ? g_mapped_file_get_bytes (file) : NULL;

  return bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
}

/* What is not what was announced does not get near the desk. */
static gpointer
finish_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskRequest *request = data;
  DeskUploads *uploads = desk_visit_get_server (request)->uploads;
  DeskUpload *upload = desk_visit_get (request)->more;
  g_autofree char *path = desk_uploads_get_path (uploads, upload);
  g_autofree char *digest = digest_file (path, error);
  DeskAttachment *attachment;

  if (digest == NULL)
    return NULL;
  if (!g_str_equal (digest, upload->sha256))
    {
      desk_uploads_drop (uploads, upload);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The content is another one");
      return NULL;
    }
  attachment = desk_blobs_add_file (db, path, "upload", NULL, NULL, cancellable, error);
  if (attachment == NULL)
    return NULL;
  desk_attachment_free (attachment);
  return GINT_TO_POINTER (desk_uploads_finish (uploads, upload, error));
}

static void
answer_piece (DeskRequest *request, gboolean whole)
{
  desk_visit_answer_nothing (request);
  add_offset (request, desk_visit_get (request)->more);
  desk_request_add_header (request, "Upload-Complete", whole ? "?1" : "?0");
}

static void
finished_cb (DeskRequest *request, gpointer result, GError *error)
{
  if (error == NULL)
    answer_piece (request, TRUE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    {
      g_error_free (error);
      desk_visit_refuse (request, "wrong-digest", "Upload the file again from its beginning");
    }
  else
    desk_visit_fail (request, error);
}

static gboolean
read_offset (DeskRequest *request, gint64 *offset, GError **error)
{
  const char *text = desk_request_get_header (request, "Upload-Offset");

  if (text != NULL && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, offset, NULL))
    return TRUE;
  desk_refuse (error, DESK_ERROR_INVALID,
               "The header Upload-Offset has to be where the piece belongs");
  return FALSE;
}

static gboolean
append (DeskRequest *request, DeskUpload *upload, GError **error)
{
  gint64 offset;

  return read_offset (request, &offset, error) &&
         desk_uploads_append (desk_visit_get_server (request)->uploads, upload, offset,
                              request->body->data, request->body->len, error);
}

void
desk_handle_upload_piece (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  DeskUpload *upload = find_upload (request, &error);

  if (upload == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  visit->more = upload;
  visit->free_more = (GDestroyNotify) desk_upload_free;
  if (append (request, upload, &error))
    {
      if (desk_upload_is_whole (upload))
        desk_visit_run (request, server->bulk, finish_job, request, NULL, NULL, finished_cb);
      else
        answer_piece (request, FALSE);
    }
  else if (g_error_matches (error, DESK_ERROR, DESK_ERROR_CONFLICT))
    {
      desk_visit_refuse (request, "wrong-offset", error->message);
      add_offset (request, upload);
      g_error_free (error);
    }
  else
    desk_visit_fail (request, error);
}
