/* SPDX-License-Identifier: GPL-3.0-or-later
 * make-desk [TICKETS]: prints the path of a desk of that many tickets (a million), made if need be.
 */
#include <stdlib.h>

#include "bench-desk.h"

int
main (int argc, char **argv)
{
  guint n_tickets = argc > 1 ? (guint)strtoul (argv[1], NULL, 10) : 1000000;
  g_autofree char *path = NULL;

  if (n_tickets == 0)
    {
      g_printerr ("Usage: make-desk [TICKETS]\n");
      return 2;
    }
  path = bench_desk_get (n_tickets);
  g_print ("%s\n", path);
  return 0;
}
