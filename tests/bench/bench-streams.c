/* SPDX-License-Identifier: GPL-3.0-or-later
 * A thousand people who only listen: what the server needs for them, how long it takes until all of
 * them have heard of a change, and that nothing is left of them when they vanish.
 *
 * They are agents of one department with a session and a cursor each, as they would have after
 * their first fill. The change is a ticket that a requester files there. */
#define _GNU_SOURCE
#include "bench-server.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "desk-feed.h"
#include "desk-seal.h"
#include "desk-uid.h"

#define N_CHANGES       15
#define GONE_AT_MOST_US 60e6
#define QUIET_US        (300 * 1000)

typedef struct
{
  int fd;
  guint heard; /* the number of the last change */
} Listener;

typedef struct
{
  BenchServer *server;
  DeskPerson *author;
  char *token; /* the author's */
  GPtrArray *requests;
  GArray *listeners;
  guint n_open;
  int epoll;
} Bench;

static guint
count_streams (void)
{
  return bench_is_once () ? 50 : 1000;
}

/* What the first ones need is also for what all share: connections to the desk and their caches. */
static guint
count_few (void)
{
  return count_streams () / 10;
}

/* --- people --- */

static char *
make_cursor (DeskDb *db, const DeskPerson *person, GBytes *key)
{
  guint8 bytes[DESK_CURSOR_BYTES];
  DeskCursor cursor = { 0 };
  GError *error = NULL;

  desk_feed_skip (db, person, &cursor, g_get_real_time () / G_USEC_PER_SEC, &error);
  bench_check (error);
  desk_cursor_pack (&cursor, bytes);
  return desk_seal_close (key, bytes, sizeof bytes);
}

static void
add_people (Bench *self, DeskDb *db, GPtrArray *people, GPtrArray *tokens)
{
  GError *error = NULL;

  desk_db_begin (db, &error);
  bench_check (error);
  for (guint i = 0; i < count_streams (); i++)
    {
      g_autofree char *login = g_strdup_printf ("listener-%04u", i);
      DeskPerson *person = bench_server_add_agent (self->server, db, login, 1);

      g_ptr_array_add (people, person);
      g_ptr_array_add (tokens, bench_server_sign_in (db, person, login));
    }
  desk_db_commit (db, &error);
  bench_check (error);
}

static void
prepare (Bench *self)
{
  g_autoptr (GPtrArray)
      people = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);
  DeskDb *db = bench_open (self->server->desk, DESK_DB_OPEN);
  g_autoptr (GBytes) fresh_key = desk_seal_new_key ();
  g_autoptr (GBytes) key = NULL;
  GError *error = NULL;

  key = desk_feed_start (db, fresh_key, g_get_real_time () / G_USEC_PER_SEC, &error);
  bench_check (error);
  add_people (self, db, people, tokens);
  self->author = bench_desk_find_person (db, "requester-00000");
  for (guint i = 0; i < people->len; i++)
    {
      g_autofree char *cursor = make_cursor (db, people->pdata[i], key);
      g_autofree char *path = g_strconcat ("/v1/stream?since=", cursor, NULL);

      g_ptr_array_add (self->requests, bench_request_new ("GET", path, tokens->pdata[i], NULL));
    }
  desk_db_close (db);
  self->token = bench_server_sign_in_login (self->server, "requester-00000");
}

/* --- listening --- */

static gboolean
hears (Listener *listener, const char *word)
{
  char buffer[4096];
  gssize n = recv (listener->fd, buffer, sizeof buffer, 0);

  if (n <= 0)
    g_error ("The server hung up");
  return memmem (buffer, (gsize) n, word, strlen (word)) != NULL;
}

/* Until @word has come in @n_new streams. */
static void
wait_for_all (Bench *self, const char *word, guint n_change, guint n_new)
{
  struct epoll_event events[64];
  guint n_left = n_new;

  while (n_left > 0)
    {
      int n = epoll_wait (self->epoll, events, G_N_ELEMENTS (events), 20000);

      if (n <= 0)
        g_error ("%u streams have not heard of the change", n_left);
      for (int i = 0; i < n; i++)
        {
          Listener *listener = events[i].data.ptr;

          if (!hears (listener, word) || listener->heard == n_change)
            continue;
          listener->heard = n_change;
          n_left--;
        }
    }
}

/* Until there are @n. */
static void
open_streams (Bench *self, guint n)
{
  Listener *listeners = (Listener *) self->listeners->data;

  for (guint i = self->n_open; i < n; i++)
    {
      struct epoll_event event = { .events = EPOLLIN, .data.ptr = &listeners[i] };
      const char *request = self->requests->pdata[i];

      listeners[i] = (Listener){ .fd = bench_connect (self->server->port) };
      if (send (listeners[i].fd, request, strlen (request), MSG_NOSIGNAL) < 0)
        g_error ("A stream cannot be asked for: %s", g_strerror (errno));
      epoll_ctl (self->epoll, EPOLL_CTL_ADD, listeners[i].fd, &event);
    }
  wait_for_all (self, ":\n\n", G_MAXUINT, n - self->n_open);
  self->n_open = n;
  g_usleep (QUIET_US);
}

/* Of a ticket in the department of all of them, from its answer, which comes after the commit. */
static double
time_change (Bench *self, guint n_change)
{
  g_autoptr (DeskOp) op = bench_new_ticket (self->author, 0, n_change);
  g_autofree char *request = bench_request_new_op (op, self->token);
  g_autofree char *answer = bench_ask (self->server->port, request);
  double answered = bench_now_us ();

  g_assert_nonnull (strstr (answer, "\"accepted\""));
  wait_for_all (self, "event: head", n_change, self->n_open);
  return bench_now_us () - answered;
}

static double
time_closing (Bench *self, guint n_before)
{
  double started = bench_now_us ();

  for (guint i = 0; i < self->listeners->len; i++)
    close (g_array_index (self->listeners, Listener, i).fd);
  close (self->epoll);
  while (bench_server_count_fds (self->server) > n_before &&
         bench_now_us () < started + GONE_AT_MOST_US)
    g_usleep (50 * 1000);
  return bench_now_us () - started;
}

/* --- the table --- */

static void
tell_memory (double rest_kb, double few_kb, double idle_kb, double used_kb)
{
  double each_kb = (idle_kb - few_kb) / (count_streams () - count_few ());
  g_autofree char *each = g_strdup_printf ("%.1f KB", each_kb);
  g_autofree char *rest = g_strdup_printf ("%.1f MB", rest_kb / 1024);
  g_autofree char *most = g_strdup_printf ("%.1f MB", used_kb / 1024);
  g_autofree char *idle = g_strdup_printf ("%.1f MB", idle_kb / 1024);

  bench_row ("1,000 idle streams: memory of each", "≤ 16 KB", each, each_kb <= 16, each, "");
  bench_row ("server memory (PSS) at rest", "≤ 20 MB", rest, rest_kb <= 20 * 1024, rest, "");
  bench_row ("server memory with 1,000 streams, after they have heard of changes", "≤ 60 MB", most,
             used_kb <= 60 * 1024, most, idle);
}

static void
tell_times (double *times_us, guint n, double cpu_us, double closing_us)
{
  double median_us = bench_find_share (times_us, n, 0.5);
  g_autofree char *cpu = g_strdup_printf (
      "worst %s, %s of processor", bench_format_us (times_us[n - 1]), bench_format_us (cpu_us));

  bench_row ("a change, until 1,000 streams have told of it", "≤ 100 ms",
             bench_format_us (median_us), median_us <= 100000, cpu, "");
  bench_row ("1,000 streams vanish, until their descriptors are free", "≤ 30 s",
             bench_format_us (closing_us), closing_us <= 30e6, bench_format_us (closing_us), "");
}

int
main (int argc, char **argv)
{
  struct rlimit many = { 8192, 8192 };
  Bench self = { 0 };
  double rest_kb, few_kb, idle_kb, used_kb, cpu_us, closing_us;
  double times_us[N_CHANGES];
  guint n_changes, n_before;

  bench_init (argc, argv);
  setrlimit (RLIMIT_NOFILE, &many);
  n_changes = bench_is_once () ? 2 : N_CHANGES;
  self.server = bench_server_new ();
  self.requests = g_ptr_array_new_with_free_func (g_free);
  self.listeners = g_array_new (FALSE, TRUE, sizeof (Listener));
  prepare (&self);
  bench_server_start (self.server);
  g_usleep (QUIET_US);
  rest_kb = bench_server_memory_kb (self.server);
  n_before = bench_server_count_fds (self.server);
  self.epoll = epoll_create1 (EPOLL_CLOEXEC);
  g_array_set_size (self.listeners, count_streams ());
  open_streams (&self, count_few ());
  few_kb = bench_server_memory_kb (self.server);
  open_streams (&self, count_streams ());
  idle_kb = bench_server_memory_kb (self.server);
  cpu_us = bench_server_cpu_us (self.server);
  for (guint i = 0; i < n_changes; i++)
    {
      times_us[i] = time_change (&self, i + 1);
      g_usleep (QUIET_US);
    }
  cpu_us = (bench_server_cpu_us (self.server) - cpu_us) / n_changes;
  used_kb = bench_server_memory_kb (self.server);
  /* Connections to the desk that were made meanwhile stay. */
  n_before = MAX (n_before, bench_server_count_fds (self.server) - self.listeners->len);
  closing_us = time_closing (&self, n_before);
  tell_memory (rest_kb, few_kb, idle_kb, used_kb);
  tell_times (times_us, n_changes, cpu_us, closing_us);
  bench_server_free (self.server);
  desk_person_unref (self.author);
  g_ptr_array_unref (self.requests);
  g_array_unref (self.listeners);
  g_free (self.token);
  return 0;
}
