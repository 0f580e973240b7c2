/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs a fuzz target on a corpus and on what becomes of it by chance, for a bounded time.
 *
 * Usage: PROGRAM FOLDER SECONDS. The seed is printed and may be given in FUZZ_SEED. Targets are
 * written as libFuzzer wants them, so that it can drive them too. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define MAX_BYTES (64 * 1024)

static GPtrArray *
load_corpus (const char *folder)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *text;
      gsize size;

      if (g_file_get_contents (path, &text, &size, NULL))
        g_ptr_array_add (inputs, g_bytes_new_take (text, size));
    }
  return inputs;
}

static void
change_byte (GByteArray *input, GRand *chance)
{
  if (input->len > 0)
    input->data[g_rand_int_range (chance, 0, input->len)] ^= 1 << g_rand_int_range (chance, 0, 8);
}

static void
put_byte (GByteArray *input, GRand *chance)
{
  static const guint8 signs[] = "\"\\{}[],:/%?&=.-0123456789eE+ntf\x00\x01\x7f\x80\xc3\xff";

  if (input->len > 0)
    input->data[g_rand_int_range (chance, 0, input->len)] =
        signs[g_rand_int_range (chance, 0, sizeof signs)];
}

static void
cut (GByteArray *input, GRand *chance)
{
  guint start;

  if (input->len == 0)
    return;
  start = g_rand_int_range (chance, 0, input->len);
  g_byte_array_remove_range (input, start, g_rand_int_range (chance, 0, input->len - start) + 1);
}

static void
repeat (GByteArray *input, GRand *chance)
{
  g_autofree guint8 *copy = NULL;
  guint start, length, times;

  if (input->len == 0)
    return;
  start = g_rand_int_range (chance, 0, input->len);
  length = g_rand_int_range (chance, 0, input->len - start) + 1;
  copy = g_memdup2 (input->data + start, length);
  for (times = g_rand_int_range (chance, 1, 64); times > 0 && input->len + length < MAX_BYTES;
       times--)
    g_byte_array_append (input, copy, length);
}

static void
join (GByteArray *input, GRand *chance, GPtrArray *corpus)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (corpus->pdata[g_rand_int_range (chance, 0, corpus->len)],
                                         &size);
  gsize start = size > 0 ? (gsize) g_rand_int_range (chance, 0, size) : 0;

  if (input->len + size < MAX_BYTES)
    g_byte_array_append (input, data + start, size - start);
}

static void
mutate (GByteArray *input, GRand *chance, GPtrArray *corpus)
{
  for (int n = g_rand_int_range (chance, 1, 8); n > 0; n--)
    switch (g_rand_int_range (chance, 0, 6))
      {
      case 0:
        change_byte (input, chance);
        break;
      case 1:
      case 2:
        put_byte (input, chance);
        break;
      case 3:
        cut (input, chance);
        break;
      case 4:
        repeat (input, chance);
        break;
      default:
        join (input, chance, corpus);
        break;
      }
}

/* A copy of exactly the size, so that a sanitizer sees who reads past its end. */
static void
run (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_malloc (size > 0 ? size : 1);

  if (size > 0)
    memcpy (copy, data, size);
  LLVMFuzzerTestOneInput (copy, size);
}

static void
run_mutated (GPtrArray *corpus, GRand *chance)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (corpus->pdata[g_rand_int_range (chance, 0, corpus->len)],
                                         &size);
  g_autoptr (GByteArray) input = g_byte_array_new ();

  g_byte_array_append (input, data, size);
  mutate (input, chance, corpus);
  run (input->data, input->len);
}

int
main (int argc, char **argv)
{
  const char *given = g_getenv ("FUZZ_SEED");
  guint32 seed = given != NULL ? strtoul (given, NULL, 10) : g_random_int ();
  g_autoptr (GRand) chance = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) corpus = load_corpus (argc == 3 ? argv[1] : "");
  gint64 until_us;
  guint n = 0;

  if (corpus->len == 0)
    {
      fprintf (stderr, "Usage: %s FOLDER SECONDS\n", argv[0]);
      return 2;
    }
  printf ("1..1\n# FUZZ_SEED=%u\n", seed);
  fflush (stdout);
  for (guint i = 0; i < corpus->len; i++)
    run (g_bytes_get_data (corpus->pdata[i], NULL), g_bytes_get_size (corpus->pdata[i]));
  until_us = g_get_monotonic_time () + strtol (argv[2], NULL, 10) * G_USEC_PER_SEC;
  for (; g_get_monotonic_time () < until_us; n++)
    run_mutated (corpus, chance);
  printf ("# %u inputs\nok 1 nothing breaks\n", n);
  return 0;
}
