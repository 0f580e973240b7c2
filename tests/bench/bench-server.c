/* SPDX-License-Identifier: GPL-3.0-or-later
 * A server to be measured, and who asks it. */
#define _GNU_SOURCE
#include "bench-server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk-accounts.h"
#include "desk-people.h"
#include "desk-protocol.h"
#include "desk-text.h"
#include "desk-uid.h"

#define BUFFER_BYTES       (64 * 1024)
#define LARGE_BUFFER_BYTES (8 * 1024 * 1024)
#define SESSION_SECS       (24 * 3600)
#define TOKEN_BYTES        32

/* --- the program --- */

BenchServer *
bench_server_new (void)
{
  BenchServer *self = g_new0 (BenchServer, 1);
  GError *error = NULL;

  self->folder = g_dir_make_tmp ("deskbell-bench-XXXXXX", &error);
  bench_check (error);
  self->desk = bench_copy_desk ();
  /* Brings an older one up to date. */
  desk_db_close (bench_open (self->desk, DESK_DB_OPEN));
  return self;
}

static char *
write_settings (BenchServer *self)
{
  char *path = g_build_filename (self->folder, "deskbelld.conf", NULL);
  g_autofree char *text = g_strdup_printf ("[desk]\npath=%s\n"
                                           "[server]\nlisten=127.0.0.1:0\n"
                                           "[files]\nuploads=%s/uploads\n"
                                           "[limits]\nrequests_per_minute=0\n"
                                           "connections_per_address=4096\n",
                                           self->desk, self->folder);
  GError *error = NULL;

  g_file_set_contents (path, text, -1, &error);
  bench_check (error);
  return path;
}

/* It ends with us. */
static void
prepare_child_cb (gpointer log)
{
  int fd = open (log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  dup2 (fd, STDERR_FILENO);
}

/* Of the server that was started last, for whoever wonders why it does not answer. */
static char *log_path;

#define LAST_BYTES 4000

static void
show_last_lines (void)
{
  FILE *log = log_path != NULL ? fopen (log_path, "r") : NULL;
  gboolean whole;
  char line[1024];

  if (log == NULL)
    return;
  fprintf (stderr, "The last lines of %s:\n", log_path);
  whole = fseek (log, -LAST_BYTES, SEEK_END) != 0;
  while (fgets (line, sizeof line, log) != NULL)
    {
      if (whole)
        fprintf (stderr, "  %s", line);
      whole |= g_str_has_suffix (line, "\n");
    }
  fclose (log);
}

/* What the server says of it first. */
#define fail(...)                                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    show_last_lines ();                                                                            \
    g_error (__VA_ARGS__);                                                                         \
  }                                                                                                \
  G_STMT_END

static void
read_address (BenchServer *self)
{
  char line[512];

  while (self->port == 0 && fgets (line, sizeof line, self->output) != NULL)
    if (sscanf (line, "Serving at http://127.0.0.1:%u", &self->port) == 1)
      self->address = g_strdup_printf ("http://127.0.0.1:%u", self->port);
  if (self->port == 0)
    fail ("The server did not start");
}

void
bench_server_start (BenchServer *self)
{
  g_autofree char *settings = write_settings (self);
  g_autofree char *program = g_build_filename (g_getenv ("DESKBELL_BUILD"), "src/daemon/deskbelld",
                                               NULL);
  const char *const argv[] = { program, "--config", settings, NULL };
  GError *error = NULL;
  int output;

  g_free (log_path);
  log_path = g_build_filename (self->folder, "log", NULL);
  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, prepare_child_cb,
                            log_path, &self->pid, NULL, &output, NULL, &error);
  bench_check (error);
  self->output = fdopen (output, "r");
  read_address (self);
}

void
bench_server_stop (BenchServer *self)
{
  int status;

  if (self->port == 0)
    return;
  kill (self->pid, SIGTERM);
  waitpid (self->pid, &status, 0);
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    fail ("The server ended with %d", status);
  fclose (self->output);
  g_clear_pointer (&self->address, g_free);
  self->port = 0;
}

static void
remove_folder (const char *folder)
{
  const char *const argv[] = { "rm", "-rf", "--", folder, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
}

void
bench_server_free (BenchServer *self)
{
  bench_server_stop (self);
  bench_remove_copy (self->desk);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self);
}

/* --- people --- */

DeskPerson *
bench_server_add_agent (BenchServer *self, DeskDb *db, const char *login, guint n_departments)
{
  g_autoptr (DeskPerson) author = bench_desk_find_person (db, "administrator");
  g_autofree char *uid = desk_uid_new ();
  DeskPerson *person = desk_person_new (uid, login, login, DESK_ROLE_AGENT);
  GError *error = NULL;

  g_strfreev (person->departments);
  person->departments = g_new0 (char *, n_departments + 1);
  for (guint i = 0; i < n_departments; i++)
    person->departments[i] = desk_slug_from_label (bench_text_get_department (i));
  desk_people_save (db, person, 0, author, bench_desk_get_now (), &error);
  bench_check (error);
  return person;
}

char *
bench_server_sign_in (DeskDb *db, const DeskPerson *person, const char *device)
{
  g_autoptr (DeskDeviceSession) session = desk_device_session_new ();
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) digest = NULL;
  guint8 bytes[TOKEN_BYTES], sum[32];
  gsize size = sizeof sum;
  GError *error = NULL;
  char *token;

  for (guint i = 0; i < TOKEN_BYTES; i++)
    bytes[i] = (guint8) g_random_int ();
  g_checksum_update (checksum, bytes, sizeof bytes);
  g_checksum_get_digest (checksum, sum, &size);
  digest = g_bytes_new (sum, sizeof sum);
  session->uid = desk_uid_new ();
  session->person = g_strdup (person->uid);
  session->device = g_strdup (device);
  session->via = DESK_VIA_APP;
  session->created_at = session->used_at = g_get_real_time () / G_USEC_PER_SEC;
  session->expires_at = session->used_at + SESSION_SECS;
  desk_sessions_add (db, session, digest, &error);
  bench_check (error);
  token = g_base64_encode (bytes, sizeof bytes);
  g_strdelimit (token, "+", '-');
  g_strdelimit (token, "/", '_');
  *strchr (token, '=') = '\0';
  return token;
}

char *
bench_server_sign_in_login (BenchServer *self, const char *login)
{
  DeskDb *db = bench_open (self->desk, DESK_DB_OPEN);
  g_autoptr (DeskPerson) person = bench_desk_find_person (db, login);
  g_autofree char *device = desk_uid_new ();
  GError *error = NULL;
  char *token;

  desk_db_begin (db, &error);
  bench_check (error);
  token = bench_server_sign_in (db, person, device);
  desk_db_commit (db, &error);
  bench_check (error);
  desk_db_close (db);
  return token;
}

/* --- what it costs --- */

static void
read_proc (BenchServer *self, const char *name, char **text)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", (int) self->pid, name);
  GError *error = NULL;

  g_file_get_contents (path, text, NULL, &error);
  bench_check (error);
}

double
bench_server_cpu_us (BenchServer *self)
{
  unsigned long user = 0, system = 0;
  g_autofree char *text = NULL;

  read_proc (self, "stat", &text);
  sscanf (strrchr (text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
          &system);
  return (double) (user + system) * 1e6 / (double) sysconf (_SC_CLK_TCK);
}

double
bench_server_memory_kb (BenchServer *self)
{
  g_autofree char *text = NULL;
  const char *line;

  read_proc (self, "smaps_rollup", &text);
  line = strstr (text, "\nPss:");
  return line != NULL ? g_ascii_strtod (line + strlen ("\nPss:"), NULL) : 0;
}

guint
bench_server_count_fds (BenchServer *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", (int) self->pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* --- asking --- */

int
bench_connect (guint port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((guint16) port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;

  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    fail ("Nobody listens at %u: %s", port, g_strerror (errno));
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return fd;
}

typedef struct
{
  int fd;
  char *buffer;
  gsize size;
  gsize length;
  gsize head; /* 0: it is not whole yet */
  gsize body;
} Connection;

static gboolean
send_next (BenchLoad *load, Connection *connection)
{
  const char *request = load->next (load->data);
  gsize length;

  if (request == NULL)
    return FALSE;
  length = strlen (request);
  if (send (connection->fd, request, length, MSG_NOSIGNAL) != (gssize) length)
    fail ("A request cannot be sent: %s", g_strerror (errno));
  connection->length = connection->head = connection->body = 0;
  return TRUE;
}

static void
read_head (Connection *connection)
{
  char *end = memmem (connection->buffer, connection->length, "\r\n\r\n", 4);
  const char *length;

  if (end == NULL)
    return;
  *end = '\0';
  length = strcasestr (connection->buffer, "\r\ncontent-length:");
  if (!g_str_has_prefix (connection->buffer, "HTTP/1.1 200") || length == NULL)
    fail ("An answer is not as it should be: %s %.*s", connection->buffer,
          (int) (connection->buffer + connection->length - end - 4), end + 4);
  connection->head = (gsize) (end - connection->buffer) + 4;
  connection->body = strtoul (length + strlen ("\r\ncontent-length:"), NULL, 10);
  if (connection->head + connection->body >= connection->size)
    g_error ("An answer is too long");
}

/* TRUE when the answer is whole. */
static gboolean
receive (Connection *connection)
{
  gssize n = recv (connection->fd, connection->buffer + connection->length,
                   connection->size - connection->length - 1, 0);

  if (n <= 0)
    fail ("The server hung up");
  connection->length += (gsize) n;
  if (connection->head == 0)
    read_head (connection);
  return connection->head > 0 && connection->length >= connection->head + connection->body;
}

static void
open_connection (Connection *connection, guint port, int epoll)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };

  connection->fd = bench_connect (port);
  connection->size = BUFFER_BYTES;
  connection->buffer = g_malloc (connection->size);
  epoll_ctl (epoll, EPOLL_CTL_ADD, connection->fd, &event);
}

static void
close_connection (Connection *connection)
{
  close (connection->fd);
  g_free (connection->buffer);
}

static void
go_on (BenchLoad *load, Connection *connection, guint *n_busy)
{
  if (!receive (connection))
    return;
  load->n_answers++;
  load->body_bytes += connection->body;
  if ((load->until_us > 0 && bench_now_us () > load->until_us) || !send_next (load, connection))
    --*n_busy;
}

static void
ask_all (BenchLoad *load, Connection *connections, int epoll)
{
  struct epoll_event events[64];
  double started = bench_now_us ();
  guint n_busy = 0;

  for (guint i = 0; i < load->n_connections; i++)
    n_busy += send_next (load, &connections[i]);
  while (n_busy > 0)
    {
      int n = epoll_wait (epoll, events, G_N_ELEMENTS (events), -1);

      for (int i = 0; i < n; i++)
        go_on (load, events[i].data.ptr, &n_busy);
    }
  load->wall_us = (bench_now_us () - started) / load->n_answers;
}

void
bench_load_run (BenchLoad *load)
{
  g_autofree Connection *connections = g_new0 (Connection, load->n_connections);
  int epoll = epoll_create1 (EPOLL_CLOEXEC);

  load->n_answers = 0;
  load->body_bytes = 0;
  for (guint i = 0; i < load->n_connections; i++)
    open_connection (&connections[i], load->port, epoll);
  ask_all (load, connections, epoll);
  for (guint i = 0; i < load->n_connections; i++)
    close_connection (&connections[i]);
  close (epoll);
}

char *
bench_request_new (const char *method, const char *path, const char *token, const char *body)
{
  return g_strdup_printf ("%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                          "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          method, path, token, body != NULL ? strlen (body) : 0,
                          body != NULL ? body : "");
}

char *
bench_request_new_ops (GPtrArray *ops, const char *token)
{
  g_autoptr (DeskOpsRequest) request = desk_ops_request_new ("bench");
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *body = NULL;

  for (guint i = 0; i < ops->len; i++)
    desk_ops_request_add (request, ops->pdata[i]);
  node = desk_ops_request_to_json (request);
  body = desk_json_to_string (node, FALSE);
  return bench_request_new ("POST", "/v1/ops", token, body);
}

char *
bench_request_new_op (DeskOp *op, const char *token)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();

  g_ptr_array_add (ops, op);
  return bench_request_new_ops (ops, token);
}

char *
bench_ask (guint port, const char *request)
{
  Connection connection = { .fd = bench_connect (port),
                            .buffer = g_malloc (LARGE_BUFFER_BYTES),
                            .size = LARGE_BUFFER_BYTES };
  gsize length = strlen (request);
  char *body;

  if (send (connection.fd, request, length, MSG_NOSIGNAL) != (gssize) length)
    g_error ("A request cannot be sent: %s", g_strerror (errno));
  while (!receive (&connection))
    ;
  body = g_strndup (connection.buffer + connection.head, connection.body);
  close_connection (&connection);
  return body;
}

/* --- what is asked --- */

DeskOp *
bench_new_ticket (const DeskPerson *author, guint department, guint i)
{
  BenchRandom random = bench_random_of (i, 11);
  g_autofree char *slug = desk_slug_from_label (bench_text_get_department (department));
  g_autofree char *topic = g_strconcat (slug, "-wishes", NULL);
  g_autofree char *summary = bench_text_make (&random, BENCH_TEXT_SUMMARY, 1);
  g_autofree char *text = bench_text_make (&random, BENCH_TEXT_REPORT,
                                           6 + bench_random_below (&random, 5));
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *ticket = desk_uid_new ();
  DeskOp *op = desk_op_new (uid, ticket, DESK_KIND_CREATED, author->uid);

  op->device = desk_uid_new ();
  op->at = g_get_real_time () / G_USEC_PER_SEC;
  desk_op_change (op, DESK_FIELD_SUMMARY, summary);
  desk_op_set_text (op, text);
  desk_op_change (op, DESK_FIELD_TOPIC, topic);
  return op;
}

DeskOp *
bench_new_note (const DeskPerson *author, const char *ticket)
{
  g_autofree char *uid = desk_uid_new ();
  DeskOp *op = desk_op_new (uid, ticket, DESK_KIND_NOTE, author->uid);

  op->device = g_strdup ("bench");
  op->at = g_get_real_time () / G_USEC_PER_SEC;
  desk_op_set_text (op, "Seen once more.");
  return op;
}

/* --- figures --- */

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

double
bench_find_share (double *values, guint n, double share)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return values[(guint) ceil (share * (n - 1))];
}
