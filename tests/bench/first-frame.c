/* SPDX-License-Identifier: GPL-3.0-or-later
 * first-frame PROBE PROGRAM [ARGUMENT…]: starts a GTK program with the probe in it and the present
 * moment in its environment; nothing lies between the two. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  struct timespec now;
  char text[32];

  if (argc < 3)
    {
      fprintf (stderr, "Usage: first-frame PROBE PROGRAM [ARGUMENT...]\n");
      return 2;
    }
  setenv ("LD_PRELOAD", argv[1], 1);
  clock_gettime (CLOCK_MONOTONIC, &now);
  snprintf (text, sizeof text, "%lld", now.tv_sec * 1000000LL + now.tv_nsec / 1000);
  setenv ("PROBE_STARTED_US", text, 1);
  execvp (argv[2], argv + 2);
  perror (argv[2]);
  return 127;
}
