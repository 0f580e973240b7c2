/* SPDX-License-Identifier: GPL-3.0-or-later
 * A desk, served: starting and ending. */
#include "desk-server-private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk-blobs.h"
#include "desk-log.h"
#include "desk-people.h"
#include "desk-replica.h"
#include "desk-seal.h"
#include "desk-submit.h"

/* For downloads and the like; what is short is read on the spot. */
#define N_READERS       2
#define MAX_THREADS     16
#define SWEEP_SECS      (60 * 60)
#define STOP_SECS       10
#define OWN_DESCRIPTORS 256
#define INVITATION_SECS (7 * 24 * 60 * 60)
/* Some thousands of tickets. */
#define ANSWERS_BYTES (8 * 1024 * 1024)

/* --- timers --- */

static gboolean
second_cb (gpointer data)
{
  DeskServer *self = data;

  desk_http_reap (self->http);
  desk_hub_tick (self->hub);
  desk_board_tick (self->board, g_get_monotonic_time ());
  desk_leases_end ();
  return G_SOURCE_CONTINUE;
}

static gpointer
sweep_rows_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 now = desk_server_now ();

  return GINT_TO_POINTER (desk_submit_sweep (db, now, error) && desk_feed_sweep (db, now, error) &&
                          desk_accounts_sweep (db, now, error));
}

static gpointer
sweep_blobs_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskServer *self = data;
  gint64 now = desk_server_now ();

  desk_uploads_sweep (self->uploads, now);
  return GINT_TO_POINTER (desk_blobs_sweep (db, now, error) >= 0);
}

static gboolean
sweep_cb (gpointer data)
{
  DeskServer *self = data;

  desk_server_push (self->writer, sweep_rows_job, self, NULL);
  desk_server_push (self->bulk, sweep_blobs_job, self, NULL);
  return G_SOURCE_CONTINUE;
}

/* --- starting --- */

static gboolean
read_file (const char *path, char **text, GError **error)
{
  return *path == '\0' || g_file_get_contents (path, text, NULL, error);
}

static GPtrArray *
parse_proxies (char *const *texts)
{
  GPtrArray *proxies = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      GInetAddressMask *mask = g_inet_address_mask_new_from_string (texts[i], NULL);

      if (mask != NULL)
        g_ptr_array_add (proxies, mask);
    }
  return proxies;
}

/* Sockets that systemd opened for us; see sd_listen_fds(3). */
static guint
count_given_sockets (void)
{
  const char *pid = g_getenv ("LISTEN_PID");
  const char *n = g_getenv ("LISTEN_FDS");

  if (pid == NULL || n == NULL || strtol (pid, NULL, 10) != getpid ())
    return 0;
  return strtoul (n, NULL, 10);
}

static gboolean
listen_everywhere (DeskServer *self, GError **error)
{
  guint n_given = count_given_sockets ();

  for (guint i = 0; i < n_given; i++)
    desk_door_add (self->door, 3 + (int) i);
  for (guint i = 0; n_given == 0 && self->config->listen[i] != NULL; i++)
    if (!desk_door_listen (self->door, self->config->listen[i], error))
      return FALSE;
  return TRUE;
}

/* So many as there can be descriptors for, and some of these for the desk. */
static guint
count_possible_connections (guint wanted)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > G_MAXUINT)
    return wanted;
  return CLAMP (wanted, 1, MAX (limit.rlim_cur, 2 * OWN_DESCRIPTORS) - OWN_DESCRIPTORS);
}

static gboolean
start_http (DeskServer *self, GError **error)
{
  const DeskConfig *config = self->config;
  g_autofree char *certificate = NULL;
  g_autofree char *key = NULL;
  g_autoptr (GPtrArray) proxies = parse_proxies (config->trusted_proxies);
  DeskHttpLimits limits = {
    .n_threads = config->threads > 0 ? config->threads
                                     : CLAMP (g_get_num_processors (), 2, MAX_THREADS),
    .max_connections = count_possible_connections (config->max_connections),
    .max_connections_per_address = config->max_connections_per_address,
    .head_secs = config->request_secs,
    .idle_secs = config->idle_secs,
    .proxies = proxies,
  };

  if (!read_file (config->certificate, &certificate, error) ||
      !read_file (config->key, &key, error))
    return FALSE;
  limits.certificate = certificate;
  limits.key = key;
  self->http = desk_http_new (&limits, &desk_gate_hooks, self, error);
  if (key != NULL)
    memset (key, 0, strlen (key));
  return self->http != NULL;
}

static gboolean
has_room_cb (gpointer data)
{
  return desk_http_has_room (data);
}

static void
take_cb (int fd, const struct sockaddr *peer, socklen_t length, gpointer data)
{
  desk_http_take (data, fd, peer, length);
}

/* Whoever comes from now on is told how far the server is. */
static gboolean
open_door (DeskServer *self, GError **error)
{
  static const DeskDoorHooks hooks = { has_room_cb, take_cb };

  self->door = desk_door_new ();
  if (!listen_everywhere (self, error) || !start_http (self, error))
    return FALSE;
  desk_door_open (self->door, &hooks, self->http);
  return TRUE;
}

static char *
make_url (DeskServer *self)
{
  if (*self->config->url != '\0')
    return g_strdup (self->config->url);
  return g_strdup_printf ("%s://%s%s", *self->config->certificate != '\0' ? "https" : "http",
                          desk_door_get_address (self->door), self->base_path);
}

/* A copy has what one person may see, and what they have not sent yet. */
static gboolean
check_is_no_copy (DeskServer *self, DeskDb *db, GError **error)
{
  gboolean is_copy;

  if (!desk_replica_check (db, &is_copy, error))
    return FALSE;
  if (!is_copy)
    return TRUE;
  return desk_store_fail (error, DESK_STORE_ERROR_NOT_A_DESK,
                          "“%s” is one person's copy of a desk that another server has, and lacks "
                          "what they may not see; serve the desk itself, or a backup of it",
                          self->path);
}

/* For nobody but the server to read. The mask is the whole process's, which has no other thread
 * yet. */
static DeskDb *
create_desk (DeskServer *self, GError **error)
{
  mode_t before = umask (0077);
  DeskDb *db = desk_db_open (self->path, DESK_DB_CREATE, error);

  umask (before);
  return db;
}

/* A desk that is not there yet is made, with somebody to keep it. */
static DeskDb *
open_desk (DeskServer *self, GError **error)
{
  gboolean is_there = g_file_test (self->path, G_FILE_TEST_EXISTS);
  g_autoptr (DeskDb) db = is_there ? desk_db_open (self->path, DESK_DB_OPEN, error)
                                   : create_desk (self, error);
  DeskCatalogue *catalogue = db != NULL ? desk_db_get_catalogue (db, error) : NULL;

  if (catalogue == NULL || !check_is_no_copy (self, db, error) ||
      (desk_catalogue_get_agents (catalogue)->len == 0 &&
       !desk_people_add_first (db, "admin", "Administrator", desk_server_now (), error)))
    return NULL;
  return g_steal_pointer (&db);
}

static gboolean
start_desk (DeskServer *self, GError **error)
{
  g_autoptr (DeskDb) db = NULL;
  g_autoptr (GBytes) fresh_key = desk_seal_new_key ();
  gboolean any;

  self->served = desk_served_take (self->path, self->url, error);
  if (self->served == NULL || (db = open_desk (self, error)) == NULL)
    return FALSE;
  self->key = desk_feed_start (db, fresh_key, desk_server_now (), error);
  if (self->key == NULL || !desk_accounts_any (db, &any, error))
    return FALSE;
  g_atomic_int_set (&self->has_accounts, any);
  self->desk = g_strdup (desk_db_get_uid (db));
  self->epoch = desk_db_dup_epoch (db);
  return TRUE;
}

static void
start_crews (DeskServer *self)
{
  self->readers = desk_crew_new (DESK_CREW_READING, self->path, self->epoch, N_READERS);
  self->writer = desk_crew_new (DESK_CREW_GROUPED, self->path, self->epoch, 1);
  self->bulk = desk_crew_new (DESK_CREW_BULK, self->path, self->epoch, 1);
}

static gboolean
start_uploads (DeskServer *self, GError **error)
{
  g_autofree char *folder = *self->config->uploads != '\0'
                                ? g_strdup (self->config->uploads)
                                : g_strconcat (self->path, "-uploads", NULL);

  self->uploads = desk_uploads_new (folder, self->config->uploads_mib_per_person * 1024 * 1024,
                                    error);
  return self->uploads != NULL;
}

static gboolean
start (DeskServer *self, GError **error)
{
  if (!desk_hasher_init ())
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "There is no source of random numbers");
      return FALSE;
    }
  self->hasher = desk_hasher_new (self->config->password_threads,
                                  self->config->password_memory_mib * 1024 * 1024,
                                  self->config->password_passes);
  if (!open_door (self, error))
    return FALSE;
  self->url = make_url (self);
  if (!start_desk (self, error) || !start_uploads (self, error))
    return FALSE;
  start_crews (self);
  self->second_source = g_timeout_add_seconds (1, second_cb, self);
  self->sweep_source = g_timeout_add_seconds (SWEEP_SECS, sweep_cb, self);
  g_atomic_int_set (&self->is_ready, TRUE);
  return TRUE;
}

DeskServer *
desk_server_new (const DeskConfig *config, GError **error)
{
  DeskServer *self = g_new0 (DeskServer, 1);
  guint n_routes;

  desk_router_get_routes (&n_routes);
  self->config = config;
  self->path = g_canonicalize_filename (config->desk, NULL);
  self->base_path = g_strdup (config->base_path);
  self->metrics = desk_metrics_new (n_routes);
  self->hub = desk_hub_new ();
  self->board = desk_board_new (self->hub);
  self->known = desk_known_new ();
  self->answers = desk_answers_new (ANSWERS_BYTES);
  self->by_login = desk_throttle_new (config->attempts_per_minute, config->attempts_per_minute);
  self->by_address = desk_throttle_new (config->address_attempts_per_minute,
                                        config->address_attempts_per_minute);
  self->by_session = desk_throttle_new (config->requests_per_minute, config->requests_per_minute);
  if (start (self, error))
    {
      desk_log (DESK_LOG_CHANGE, "started", "desk", self->path, "address", self->url, NULL);
      return self;
    }
  desk_server_stop (self);
  return NULL;
}

const char *
desk_server_get_address (DeskServer *self)
{
  return desk_door_get_address (self->door);
}

const char *
desk_server_get_url (DeskServer *self)
{
  return self->url;
}

/* --- the first administrator --- */

static const DeskPerson *
find_administrator (DeskCatalogue *catalogue)
{
  GPtrArray *agents = desk_catalogue_get_agents (catalogue);

  for (guint i = 0; i < agents->len; i++)
    {
      const DeskPerson *agent = agents->pdata[i];

      if (agent->role == DESK_ROLE_ADMINISTRATOR && !agent->removed)
        return agent;
    }
  return NULL;
}

static gboolean
invite (DeskDb *db, const DeskPerson *person, const char *code, GError **error)
{
  g_autoptr (GBytes) digest = desk_token_digest (code);

  if (!desk_db_begin (db, error))
    return FALSE;
  if (desk_invitations_add (db, digest, person->uid, desk_server_now () + INVITATION_SECS, error))
    return desk_db_commit (db, error);
  desk_db_rollback (db);
  return FALSE;
}

DeskPerson *
desk_server_invite_first (DeskServer *self, char **code, GError **error)
{
  g_autoptr (DeskDb) db = NULL;
  const DeskPerson *person;

  *code = NULL;
  if (g_atomic_int_get (&self->has_accounts))
    return NULL;
  db = desk_db_open (self->path, DESK_DB_OPEN, error);
  if (db == NULL)
    return NULL;
  person = find_administrator (desk_db_get_catalogue (db, NULL));
  if (person == NULL)
    {
      desk_refuse (error, DESK_ERROR_MISSING,
                   "The desk has no administrator; make one with deskbellctl person first");
      return NULL;
    }
  *code = desk_token_new ();
  if (invite (db, person, *code, error))
    return desk_person_copy (person);
  g_clear_pointer (code, g_free);
  return NULL;
}

/* --- the end --- */

/* What is under way gets its answer; whoever does not take it in time does not. */
static void
finish_requests (DeskServer *self)
{
  gint64 until_us = g_get_monotonic_time () + STOP_SECS * G_USEC_PER_SEC;

  desk_door_close (self->door);
  desk_hub_stop (self->hub);
  while (g_atomic_int_get (&self->n_active) > 0 &&
         (g_get_monotonic_time () < until_us || desk_http_count_asleep (self->http) > 0))
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

void
desk_server_stop (DeskServer *self)
{
  if (self == NULL)
    return;
  g_atomic_int_set (&self->is_ready, FALSE);
  if (self->http != NULL)
    finish_requests (self);
  g_clear_handle_id (&self->second_source, g_source_remove);
  g_clear_handle_id (&self->sweep_source, g_source_remove);
  desk_http_free (self->http);
  desk_door_free (self->door);
  desk_hasher_free (self->hasher);
  desk_crew_free (self->readers, TRUE);
  desk_crew_free (self->bulk, TRUE);
  desk_crew_free (self->writer, TRUE);
  desk_served_release (self->served);
  desk_uploads_free (self->uploads);
  desk_throttle_free (self->by_login);
  desk_throttle_free (self->by_address);
  desk_throttle_free (self->by_session);
  desk_board_free (self->board);
  desk_hub_free (self->hub);
  desk_known_free (self->known);
  desk_answers_free (self->answers);
  desk_metrics_free (self->metrics);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_free (self->path);
  g_free (self->desk);
  g_free (self->epoch);
  g_free (self->url);
  g_free (self->base_path);
  g_free (self);
}
