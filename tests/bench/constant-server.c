/* SPDX-License-Identifier: GPL-3.0-or-later
 * constant-server BYTES THREADS: a server that no other on the same library can be faster than. It
 * answers everything by the same bytes, prints its port, and ends with its parent. */
#include <glib.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static struct MHD_Response *response;

static enum MHD_Result
answer_cb (void *data,
           struct MHD_Connection *connection,
           const char *url,
           const char *method,
           const char *version,
           const char *upload,
           size_t *upload_size,
           void **context)
{
  static int begun;

  if (*context == NULL)
    {
      *context = &begun;
      return MHD_YES;
    }
  return MHD_queue_response (connection, MHD_HTTP_OK, response);
}

int
main (int argc, char **argv)
{
  gsize size = argc == 3 ? strtoul (argv[1], NULL, 10) : 0;
  char *body = g_malloc0 (size + 1);
  struct MHD_Daemon *daemon;

  if (size == 0)
    return 2;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  memset (body, 'x', size);
  response = MHD_create_response_from_buffer (size, body, MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
  daemon = MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer_cb, NULL,
                             MHD_OPTION_THREAD_POOL_SIZE, (unsigned int) atoi (argv[2]),
                             MHD_OPTION_END);
  if (daemon == NULL)
    return 1;
  printf ("%u\n", MHD_get_daemon_info (daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
  fflush (stdout);
  for (;;)
    pause ();
}
