/* SPDX-License-Identifier: GPL-3.0-or-later
 * 10,000 changes stream into the copy of an agent whose desk window shows the open tickets: the
 * longest turn of the window's main loop, looked at from inside by the probe.
 *
 * It starts itself again: on a screen of its own, and with --write PORT TOKEN COPY as the one who
 * changes the tickets of COPY on the server, while the window runs. */
#include "bench-copy.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk-uid.h"

#define READER    "agent-000"
#define WRITER    "administrator"
#define N_CHANGES 10000
#define A_REQUEST 25
/* Until everything has come in. */
#define WAIT_MS 30000

static guint
count_changes (void)
{
  return bench_is_once () ? 100 : N_CHANGES;
}

/* --- who writes --- */

static GPtrArray *
list_tickets (const char *path)
{
  GPtrArray *uids = g_ptr_array_new_with_free_func (g_free);
  sqlite3 *db = bench_bare_open (path, FALSE);
  sqlite3_stmt *stmt = bench_bare_prepare (db, "SELECT uid FROM ticket WHERE status = 0");

  while (sqlite3_step (stmt) == SQLITE_ROW)
    g_ptr_array_add (uids, desk_uid_from_bytes (sqlite3_column_blob (stmt, 0)));
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return uids;
}

static char *
make_request (const DeskPerson *author, GPtrArray *tickets, guint first, const char *token)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_op_unref);

  for (guint i = first; i < first + A_REQUEST; i++)
    g_ptr_array_add (ops, bench_new_note (author, tickets->pdata[i * 7919 % tickets->len]));
  return bench_request_new_ops (ops, token);
}

static int
write_changes (char **words)
{
  guint port = (guint) strtoul (words[0], NULL, 10);
  guint n_changes = (guint) strtoul (words[3], NULL, 10);
  g_autoptr (GPtrArray) tickets = list_tickets (words[2]);
  g_autofree char *uid = desk_uid_new ();
  g_autoptr (DeskPerson) author = desk_person_new (uid, WRITER, NULL, DESK_ROLE_ADMINISTRATOR);

  printf ("%.0f\n", bench_now_us ());
  fflush (stdout);
  for (guint i = 0; i < n_changes; i += A_REQUEST)
    {
      g_autofree char *request = make_request (author, tickets, i, words[1]);
      g_autofree char *answer = bench_ask (port, request);

      g_assert_nonnull (strstr (answer, "\"accepted\""));
    }
  return 0;
}

/* --- the window --- */

static gint64
count_events (const char *path)
{
  sqlite3 *db = bench_bare_open (path, FALSE);
  sqlite3_stmt *stmt = bench_bare_prepare (db, "SELECT count (*) FROM event");
  gint64 n = sqlite3_step (stmt) == SQLITE_ROW ? sqlite3_column_int64 (stmt, 0) : 0;

  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return n;
}

static char *
find_built (const char *name)
{
  return g_build_filename (g_getenv ("DESKBELL_BUILD"), name, NULL);
}

/* What the probe tells. (transfer full) */
static char *
run_window (BenchCopy *copy, const char *program, const char *writer_token)
{
  g_autofree char *first_frame = find_built ("tests/bench/first-frame");
  g_autofree char *probe = find_built ("tests/bench/probe.so");
  g_autofree char *deskbell = find_built ("src/app/deskbell");
  g_autofree char *schemas = find_built ("data");
  g_autofree char *script = g_strdup_printf ("content,wait 2000,reset flood,command,wait %d,turns",
                                             bench_is_once () ? 2000 : WAIT_MS);
  g_autofree char *command = g_strdup_printf ("%s --write %u %s %s %u", program, copy->server->port,
                                              writer_token, copy->path, count_changes ());
  const char *const argv[] = { first_frame, probe,  deskbell, "--desk", copy->server->address,
                               "--as",      READER, "--view", "open",   NULL };
  char *told = NULL;
  int status;
  GError *error = NULL;

  g_setenv ("PROBE_SCRIPT", script, TRUE);
  g_setenv ("PROBE_TEXTS", "20", TRUE);
  g_setenv ("PROBE_COMMAND", command, TRUE);
  g_setenv ("GSETTINGS_SCHEMA_DIR", schemas, TRUE);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &told, &status,
                &error);
  bench_check (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("The window ended with %d:\n%s", status, told);
  return told;
}

static double
find_figure (const char *told, const char *name)
{
  g_autofree char *head = g_strconcat ("PROBE flood.", name, " ", NULL);
  const char *line = strstr (told, head);

  if (line == NULL)
    g_error ("The probe did not tell %s:\n%s", name, told);
  return g_ascii_strtod (line + strlen (head), NULL);
}

static void
tell (const char *told, gint64 n_events)
{
  double turn_ms = find_figure (told, "longest_turn_ms");
  double frame_ms = find_figure (told, "frame_p99_ms");
  g_autofree char *what = g_strdup_printf (
      "%u changes stream into a window: longest turn of the main loop", count_changes ());
  g_autofree char *figure = g_strdup_printf ("%.1f ms", turn_ms);
  g_autofree char *ours = g_strdup_printf ("%s; frames: 99th percentile %.1f ms", figure, frame_ms);

  if (n_events < (gint64) count_changes ())
    g_error ("Only %d changes came", (int) n_events);
  bench_row (what, "≤ 8 ms", figure, turn_ms <= 8, ours, "");
}

/* --- starting --- */

/* A screen of its own, for the same desk. */
static void
start_on_screen (char **argv)
{
  const char *const words[] = { BENCH_HEADLESS, argv[0], argv[1], argv[1] != NULL ? argv[2] : NULL,
                                NULL };

  g_setenv ("BENCH_DESK", bench_get_desk (), TRUE);
  g_setenv ("SCREEN", "1600x1000x24", TRUE);
  execv (BENCH_HEADLESS, (char **) words);
  g_error ("%s cannot be started", BENCH_HEADLESS);
}

static void
measure (const char *program)
{
  BenchServer *server = bench_server_new ();
  BenchCopy *copy = bench_copy_new (server, READER);
  g_autofree char *token = bench_server_sign_in_login (server, WRITER);
  g_autofree char *told = NULL;
  gint64 n_before;

  bench_server_start (server);
  bench_copy_start (copy);
  bench_copy_stop (copy);
  n_before = count_events (copy->path);
  told = run_window (copy, program, token);
  tell (told, count_events (copy->path) - n_before);
  bench_copy_free (copy);
  bench_server_free (server);
}

int
main (int argc, char **argv)
{
  if (argc == 6 && g_str_equal (argv[1], "--write"))
    return write_changes (argv + 2);
  bench_init (argc, argv);
  if (g_getenv ("BENCH_DESK") == NULL)
    start_on_screen (argv);
  measure (argv[0]);
  return 0;
}
