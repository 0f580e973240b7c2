/* SPDX-License-Identifier: GPL-3.0-or-later
 * For whoever runs the server: does it live, can it work, what does it do; and what it can be
 * asked. */
#include <gio/gio.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "desk-server-private.h"
#include "desk-server-resources.h"

#define TEXT_TYPE "text/plain; charset=utf-8"
/* Below this SQLite may fail any moment. */
#define LOW_DISK_BYTES (64 * 1024 * 1024)

/* It answers, so it lives. */
void
desk_handle_health (DeskRequest *request)
{
  desk_request_answer_static (request, MHD_HTTP_OK, TEXT_TYPE, "ok\n", 3);
}

static gboolean
can_read (DeskServer *server)
{
  g_autoptr (GError) error = NULL;
  DeskDb *db = desk_server_get_db (server, &error);

  if (db == NULL)
    return FALSE;
  /* Now, not a second ago. */
  desk_db_end_read (db);
  return desk_db_begin_read (db, &error);
}

static gboolean
has_room (DeskServer *server)
{
  g_autofree char *folder = g_path_get_dirname (server->path);
  struct statvfs status;

  return statvfs (folder, &status) != 0 ||
         (guint64) status.f_bavail * status.f_frsize > LOW_DISK_BYTES;
}

void
desk_handle_ready (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  g_autoptr (GString) out = g_string_new (NULL);
  gsize length;

  if (!can_read (server))
    g_string_append (out, "desk-unreadable\n");
  if (!has_room (server))
    g_string_append (out, "disk-full\n");
  if (desk_hub_is_stopping (server->hub))
    g_string_append (out, "stopping\n");
  if (out->len == 0)
    {
      desk_request_answer_static (request, MHD_HTTP_OK, TEXT_TYPE, "ready\n", 6);
      return;
    }
  length = out->len;
  desk_request_answer (request, MHD_HTTP_SERVICE_UNAVAILABLE, TEXT_TYPE,
                       g_string_free (g_steal_pointer (&out), FALSE), length);
}

/* Figures tell how much happens: only for who keeps the desk, and for programs on this computer. */
static gboolean
may_see_metrics (DeskRequest *request)
{
  const DeskPerson *person = desk_visit_get (request)->person;
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (request->address);

  return (person != NULL && person->role == DESK_ROLE_ADMINISTRATOR) ||
         (address != NULL && g_inet_address_get_is_loopback (address) &&
          desk_request_get_header (request, "X-Forwarded-For") == NULL);
}

static gint64
measure_wal (DeskServer *server)
{
  g_autofree char *path = g_strconcat (server->path, "-wal", NULL);
  struct stat status;

  return stat (path, &status) == 0 ? status.st_size : 0;
}

void
desk_handle_metrics (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskGauges gauges;
  char *text;

  if (!may_see_metrics (request))
    {
      desk_visit_refuse (request, "not-found", NULL);
      return;
    }
  gauges = (DeskGauges){ desk_http_count_connections (server->http),
                         desk_hub_count_waiting (server->hub), measure_wal (server) };
  text = desk_metrics_to_string (server->metrics, &gauges);
  desk_request_answer (request, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", text,
                       strlen (text));
}

void
desk_handle_openapi (DeskRequest *request)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (desk_server_resources_get_resource (),
                                                     "/org/deskbell/server/openapi.json",
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  desk_request_answer_static (request, MHD_HTTP_OK, "application/json", text, length);
  desk_request_add_header (request, "Cache-Control", "max-age=3600");
}
