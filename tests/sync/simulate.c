/* SPDX-License-Identifier: GPL-3.0-or-later
 * One desk, a copy for each of seven computers, a clock and a network that are made up.
 *
 * People do what they like on their copies, in two programs that share each: write, read, take back
 * what has not left, look for what is older than their copy; the network loses, delays, doubles and
 * reorders, cuts computers off; clocks are wrong; programs crash in the middle of anything; the
 * server starts anew and is restored from an older copy, and so are computers; rights and settings
 * change. Then all is calm, and everything has to be well: nothing accepted is lost, nothing is
 * there twice, every copy is what its person may see.
 *
 * simulate [SEEDS [FIRST [ACTIONS]]]; the same seed is the same run. */
#include "simulate.h"

#include <glib/gprintf.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static const char *const logins[N_COMPUTERS] = { "boss",  "john",  "john",    "jane",
                                                 "night", "karen", "stranger" };

/* --- chance --- */

void
say (World *self, const char *format, ...)
{
  va_list args;

  if (!self->loud)
    return;
  g_print ("%5" G_GINT64_FORMAT " ", self->f.now - NOW);
  va_start (args, format);
  g_vfprintf (stdout, format, args);
  va_end (args);
  g_print ("\n");
}

guint
pick (World *self, guint n)
{
  return g_rand_int_range (self->rand, 0, (gint32) n);
}

gboolean
chance (World *self, guint percent)
{
  return pick (self, 100) < percent;
}

/* Of uids, so that everything that is sorted or hashed by them is the same in each run. */
static GRand *uid_rand;

ssize_t
getrandom (void *buffer, size_t length, unsigned int flags)
{
  guint8 *bytes = buffer;

  for (size_t i = 0; i < length; i++)
    bytes[i] = uid_rand != NULL ? (guint8) g_rand_int (uid_rand) : (guint8) i;
  return (ssize_t) length;
}

void
happen_one (World *self, Computer *computer, const Chance *chances, guint n_chances, guint total)
{
  guint what = pick (self, total);

  for (guint i = 0; i < n_chances; i++)
    {
      if (what < chances[i].weight)
        {
          chances[i].happen (self, computer);
          return;
        }
      what -= chances[i].weight;
    }
}

/* --- a run --- */

/* One clock in three is wrong, by up to a day. */
static gint64
pick_skew (World *self)
{
  gint64 skew = pick (self, DAY);

  if (chance (self, 66))
    return 0;
  return chance (self, 50) ? skew : -skew;
}

static void
begin_programs (World *self, Computer *computer, const char *path)
{
  gint64 skew = pick_skew (self);
  const char *reader = fixture_uid (&self->f, computer->login);
  Copy *copy = &computer->programs[0].copy;

  copy_create (copy, path, self->f.db, reader);
  for (guint i = 1; i < N_PROGRAMS; i++)
    {
      computer->programs[i].copy.path = g_strdup (path);
      computer->programs[i].copy.reader = g_strdup (reader);
      copy_open (&computer->programs[i].copy);
    }
  for (guint i = 0; i < N_PROGRAMS; i++)
    {
      computer->programs[i].copy.skew = skew;
      computer->programs[i].copy.reads_apart = self->has_restores ||
                                               g_str_equal (computer->login, "john");
    }
  computer->copy = copy;
}

static void
begin_computer (World *self, guint i)
{
  Computer *computer = &self->computers[i];
  g_autofree char *name = g_strdup_printf ("%u-%s.desk", i, logins[i]);

  computer->login = logins[i];
  computer->device = g_strdup_printf ("%u-%s", i, logins[i]);
  computer->kept = g_ptr_array_new_with_free_func (g_free);
  computer->withdrawn = g_ptr_array_new_with_free_func (g_free);
  computer->read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  begin_programs (self, computer, fixture_path (&self->f, name));
}

static void
clear_computer (Computer *computer)
{
  for (guint i = 0; i < N_PROGRAMS; i++)
    copy_clear (&computer->programs[i].copy);
  g_free (computer->device);
  g_free (computer->old_file);
  g_ptr_array_unref (computer->kept);
  g_ptr_array_unref (computer->withdrawn);
  g_hash_table_unref (computer->read);
}

static void
begin (World *self, guint seed)
{
  self->rand = g_rand_new_with_seed (seed);
  uid_rand = g_rand_new_with_seed (seed);
  self->redacted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->has_restores = chance (self, 60);
  fixture_open (&self->f, TRUE);
  network_open (self);
  for (guint i = 0; i < N_COMPUTERS; i++)
    begin_computer (self, i);
}

static void
clear (World *self)
{
  for (guint i = 0; i < N_COMPUTERS; i++)
    clear_computer (&self->computers[i]);
  network_close (self);
  g_rand_free (self->rand);
  g_clear_pointer (&uid_rand, g_rand_free);
  g_hash_table_unref (self->redacted);
  g_free (self->backup);
  fixture_close (&self->f);
}

/* --- a failure --- */

static char replay[200];

/* Only what may be called here is called. */
static void
tell_how_to_replay (int number)
{
  if (write (STDERR_FILENO, replay, strlen (replay)) < 0)
    _exit (1);
  signal (number, SIG_DFL);
  raise (number);
}

static void
watch_for_failures (void)
{
  static const int numbers[] = { SIGABRT, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    signal (numbers[i], tell_how_to_replay);
}

static void
run (guint seed, guint actions, gboolean loud)
{
  World self = { .loud = loud };

  g_snprintf (replay, sizeof replay, "\nSeed %u failed; to see it again: %s 1 %u %u\n", seed,
              g_get_prgname (), seed, actions);
  begin (&self, seed);
  for (guint i = 0; i < actions; i++)
    {
      act (&self);
      happen (&self);
      for (guint k = pick (&self, 5); k > 0; k--)
        network_tick (&self);
    }
  end (&self);
  g_test_message ("seed %u: %u ops, %u back to their authors, %u taken back, %u read, %u crashes, "
                  "%u restores",
                  seed, self.n_ops, self.n_refused, self.n_withdrawn, self.n_read, self.n_crashes,
                  self.n_restores);
  clear (&self);
}

static guint
get_number (int argc, char **argv, int at, guint otherwise)
{
  return argc > at ? (guint) atoi (argv[at]) : otherwise;
}

#define ACTIONS 200
/* In the suite, which has no time for all of them. */
#define SEEDS_IN_SUITE   20
#define ACTIONS_IN_SUITE 60

static void
test_seed (gconstpointer seed)
{
  run (GPOINTER_TO_UINT (seed), ACTIONS_IN_SUITE, FALSE);
}

int
main (int argc, char **argv)
{
  guint seeds, first, actions;

  fixture_init (&argc, &argv);
  g_set_prgname (argv[0]);
  watch_for_failures ();
  if (argc == 1)
    {
      for (guint seed = 1; seed <= SEEDS_IN_SUITE; seed++)
        {
          g_autofree char *name = g_strdup_printf ("/simulate/%u", seed);

          g_test_add_data_func (name, GUINT_TO_POINTER (seed), test_seed);
        }
      return g_test_run ();
    }
  seeds = get_number (argc, argv, 1, 1);
  first = get_number (argc, argv, 2, 1);
  actions = get_number (argc, argv, 3, ACTIONS);
  for (guint seed = first; seed < first + seeds; seed++)
    {
      g_print ("seed %u\n", seed);
      run (seed, actions, seeds == 1);
    }
  return 0;
}
