/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sentences in English and in another language, and refusals that were kept. */
#include "desk-error.h"

#include <string.h>

/* A catalogue of one language, in which words follow each other the other way around. */
static const char *
translate (const char *english)
{
  static const char *const catalogue[][2] = {
    { "There is no %s “%s”", "«%2$s» is no %1$s" },
    { "More than %d files, %u of %ld", "%3$ld/%2$u/%1$d" },
    { "priority", "Priorität" },
    { "100 %% of it", "%% 100" },
    { "Too few", "%s %4$s %n %" },
  };

  g_assert_cmpstr (english, !=, "");
  for (guint i = 0; i < G_N_ELEMENTS (catalogue); i++)
    if (g_str_equal (catalogue[i][0], english))
      return catalogue[i][1];
  return english;
}

static void
assert_said (GError *error, const char *english, const char *other)
{
  g_autofree char *said = desk_error_say (error, translate);

  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_assert_cmpstr (error->message, ==, english);
  g_assert_cmpstr (said, ==, other);
  g_error_free (error);
}

static GError *
refuse_priority (const char *value)
{
  GError *error = NULL;

  g_assert_false (
      desk_refuse (&error, DESK_ERROR_NO_SUCH, "There is no %s “%s”", "priority", value));
  return error;
}

static void
test_words_are_translated (void)
{
  assert_said (refuse_priority ("soon"), "There is no priority “soon”", "«soon» is no Priorität");
}

static void
test_quoted_text_stays (void)
{
  assert_said (refuse_priority ("priority"), "There is no priority “priority”",
               "«priority» is no Priorität");
  assert_said (refuse_priority (""), "There is no priority “”", "«» is no Priorität");
  assert_said (refuse_priority ("%s%n %1$s"), "There is no priority “%s%n %1$s”",
               "«%s%n %1$s» is no Priorität");
}

static void
test_numbers (void)
{
  GError *error = NULL;

  desk_refuse (&error, DESK_ERROR_NO_SUCH, "More than %d files, %u of %ld", -3, 4000000000u, -5L);
  assert_said (error, "More than -3 files, 4000000000 of -5", "-5/4000000000/-3");
}

static void
test_percent_signs (void)
{
  GError *error = NULL;

  desk_refuse (&error, DESK_ERROR_NO_SUCH, "100 %% of it");
  assert_said (error, "100 % of it", "% 100");
}

/* Whoever wrote a catalogue: nothing is read that is not there. */
static void
test_wrong_translation (void)
{
  GError *error = NULL;

  desk_refuse (&error, DESK_ERROR_NO_SUCH, "Too few");
  assert_said (error, "Too few", "%s %4$s %n %");
}

static void
test_prefix_stays (void)
{
  GError *error = refuse_priority ("soon");

  g_prefix_error (&error, "priority: ");
  assert_said (error, "priority: There is no priority “soon”", "priority: «soon» is no Priorität");
}

static void
test_plain_message (void)
{
  GError *error = g_error_new_literal (DESK_ERROR, DESK_ERROR_NO_SUCH, "priority");

  assert_said (error, "priority", "Priorität");
}

static void
test_copy (void)
{
  GError *error = refuse_priority ("soon");
  GError *copy = g_error_copy (error);

  g_error_free (error);
  assert_said (copy, "There is no priority “soon”", "«soon» is no Priorität");
}

static GError *
keep_and_find (GError *error)
{
  g_autofree char *packed = desk_error_pack (error);

  g_error_free (error);
  return desk_error_unpack (DESK_ERROR_NO_SUCH, packed);
}

static void
test_kept_refusal (void)
{
  assert_said (keep_and_find (refuse_priority ("soon")), "There is no priority “soon”",
               "«soon» is no Priorität");
  assert_said (
      keep_and_find (g_error_new_literal (DESK_ERROR, DESK_ERROR_NO_SUCH, "Nothing is here")),
      "Nothing is here", "Nothing is here");
}

/* What is kept may have been written by anybody. */
static void
test_crooked_refusals (void)
{
  static const char *const packed[] = { "", "\x1f", "%s%s%n", "There is no %s “%s”\x1fpriority",
                                        "%5$s\x1f\x1f\x1f" };

  for (guint i = 0; i < G_N_ELEMENTS (packed); i++)
    {
      g_autoptr (GError) error = desk_error_unpack (DESK_ERROR_NO_SUCH, packed[i]);
      g_autofree char *said = desk_error_say (error, translate);

      g_assert_nonnull (said);
    }
}

/* No error is wanted where only the answer is. */
static void
test_without_error (void)
{
  g_assert_false (desk_refuse (NULL, DESK_ERROR_NO_SUCH, "There is no %s “%s”", "a", "b"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sentence/words-are-translated", test_words_are_translated);
  g_test_add_func ("/sentence/quoted-text-stays", test_quoted_text_stays);
  g_test_add_func ("/sentence/numbers", test_numbers);
  g_test_add_func ("/sentence/percent-signs", test_percent_signs);
  g_test_add_func ("/sentence/wrong-translation", test_wrong_translation);
  g_test_add_func ("/sentence/prefix-stays", test_prefix_stays);
  g_test_add_func ("/sentence/plain-message", test_plain_message);
  g_test_add_func ("/sentence/copy", test_copy);
  g_test_add_func ("/sentence/kept-refusal", test_kept_refusal);
  g_test_add_func ("/sentence/crooked-refusals", test_crooked_refusals);
  g_test_add_func ("/sentence/without-error", test_without_error);

  return g_test_run ();
}
