/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hears of commits, by inotify. */
#include "desk-watch.h"

#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

struct _DeskWatch
{
  char *stamp;
  int fd; /* -1: the system has none left, and others have to ask */
  int watch;
  GSource *source;
  void (*func) (gpointer);
  gpointer user_data;
};

/* Where the file was deleted, a new one is looked for. */
static gboolean
read_events (DeskWatch *self)
{
  char buffer[4096] __attribute__ ((aligned (__alignof__(struct inotify_event))));
  gboolean any = FALSE;
  gssize n;

  while ((n = read (self->fd, buffer, sizeof buffer)) > 0)
    for (char *at = buffer; at < buffer + n;)
      {
        const struct inotify_event *event = (const struct inotify_event *) at;

        if (event->mask & IN_IGNORED)
          self->watch = -1;
        any = TRUE;
        at += sizeof *event + event->len;
      }
  return any;
}

static gboolean
ready_cb (int fd, GIOCondition condition, gpointer data)
{
  DeskWatch *self = data;

  if (read_events (self))
    self->func (self->user_data);
  return G_SOURCE_CONTINUE;
}

void
desk_watch_check (DeskWatch *self)
{
  if (self->fd >= 0 && self->watch < 0)
    self->watch = inotify_add_watch (self->fd, self->stamp, IN_ATTRIB);
}

DeskWatch *
desk_watch_new (const char *desk_path, void (*func) (gpointer), gpointer user_data)
{
  DeskWatch *self = g_new0 (DeskWatch, 1);

  self->stamp = g_strconcat (desk_path, "-stamp", NULL);
  self->func = func;
  self->user_data = user_data;
  self->watch = -1;
  self->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (self->fd < 0)
    return self;
  self->source = g_unix_fd_source_new (self->fd, G_IO_IN);
  g_source_set_callback (self->source, G_SOURCE_FUNC (ready_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  desk_watch_check (self);
  return self;
}

void
desk_watch_free (DeskWatch *self)
{
  if (self == NULL)
    return;
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->stamp);
  g_free (self);
}
